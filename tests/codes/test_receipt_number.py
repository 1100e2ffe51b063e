"""Receipt numbers: what is minted reads back, and every slip of the hand is found."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.codes.receipt_number import (
    LENGTH,
    mint_receipt_number,
    parse_receipt_number,
    printed_receipt_number,
)
from cabletrace.codes.trace_code import ALPHABET, parse_code
from cabletrace.errors import InputError

numbers = st.binary(min_size=7, max_size=7).map(lambda chance: mint_receipt_number(lambda _: chance))


def is_refused(text: str) -> bool:
    try:
        parse_receipt_number(text)
    except InputError as error:
        return error.code == "wrong-receipt-number"
    return False


def some_numbers(how_many: int) -> list[str]:
    chance = random.Random(20261127)
    return [mint_receipt_number(chance.randbytes) for _ in range(how_many)]


@given(numbers, st.booleans(), st.sampled_from(["", " ", "-", "－", "　"]))
def test_a_number_reads_back_however_it_is_typed(number: str, lower: bool, between: str) -> None:
    typed = between.join(number[at : at + 4] for at in range(0, LENGTH, 4))
    typed = typed.replace("0", "O").replace("1", "l")

    assert parse_receipt_number(typed.lower() if lower else typed) == number
    assert parse_receipt_number(printed_receipt_number(number)) == number


def test_every_wrong_character_is_found() -> None:
    for number in some_numbers(40):
        for at in range(LENGTH):
            for other in ALPHABET.replace(number[at], ""):
                assert is_refused(number[:at] + other + number[at + 1 :])


def test_every_swap_of_neighbours_and_of_next_but_one_is_found() -> None:
    for number in some_numbers(400):
        for step in (1, 2):
            for at in range(LENGTH - step):
                swapped = list(number)
                swapped[at], swapped[at + step] = swapped[at + step], swapped[at]
                assert "".join(swapped) == number or is_refused("".join(swapped))


@given(numbers)
def test_a_receipt_number_is_never_taken_for_a_trace_code(number: str) -> None:
    with pytest.raises(InputError):
        parse_code(number)


@pytest.mark.parametrize("text", ["", "x" * 10_000, "0" * 11, "0" * 13, "7Q0M1ZK4CZ", "回执号", "U" * 12])
def test_what_has_another_length_or_strange_characters_is_no_number(text: str) -> None:
    assert is_refused(text)


def test_minting_uses_all_its_random_bits() -> None:
    assert mint_receipt_number(lambda n: b"\xff" * n)[:-1] == "Z" * 11
    assert mint_receipt_number(lambda n: b"\x00" * n)[:-1] == "0" * 11
    assert len(set(some_numbers(1000))) == 1000
