"""Batch and unit codes: what is minted reads back, and what was typed wrong is told from what was never issued."""

from __future__ import annotations

import random
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.codes.trace_code import (
    ALPHABET,
    LARGEST_UNIT,
    BatchCode,
    UnitCode,
    batch_code_in,
    check_character,
    code_in,
    mac_matches,
    mint_batch_code,
    parse_code,
    unit_code,
)
from cabletrace.errors import InputError

KEY = bytes(range(32))
BATCH = BatchCode("7Q0M1ZK4C")
DRUM = unit_code(BATCH, 37, KEY)

batches = st.text(ALPHABET, min_size=9, max_size=9).map(BatchCode)
units = st.integers(1, LARGEST_UNIT)
codes = batches | st.builds(unit_code, batches, units, st.just(KEY))


def random_codes(how_many: int) -> list[str]:
    chance = random.Random(20260501)
    minted = [mint_batch_code(chance.randbytes) for _ in range(how_many)]
    drums = [unit_code(batch, chance.randint(1, LARGEST_UNIT), KEY) for batch in minted]
    return [code.canonical for pair in zip(minted, drums, strict=True) for code in pair]


def is_code(text: str) -> bool:
    return check_character(text[:-1]) == text[-1]


def refusal(text: str) -> InputError:
    with pytest.raises(InputError) as refused:
        parse_code(text)
    return refused.value


def test_the_codes_of_this_page_never_change() -> None:
    # Computed by hand with a table of logarithms and the bits of the HMAC. Labels in the field carry such codes:
    # a change of alphabet, check or MAC would orphan them.
    assert BATCH.canonical == "7Q0M1ZK4CZ"
    assert BATCH.printed == "7Q0M1-ZK4CZ"
    assert DRUM.canonical == "7Q0M1ZK4C00154DRSKDR"
    assert DRUM.printed == "7Q0M-1ZK4-C001-54DR-SKDR"


def test_every_single_wrong_character_is_caught() -> None:
    for code in random_codes(20):
        for place, right in enumerate(code):
            for wrong in ALPHABET.replace(right, ""):
                assert not is_code(code[:place] + wrong + code[place + 1 :]), (code, place, wrong)


def test_every_swap_of_two_characters_is_caught_neighbours_or_not() -> None:
    for code in random_codes(200):
        for a in range(len(code)):
            for b in range(a + 1, len(code)):
                if code[a] != code[b]:
                    swapped = code[:a] + code[b] + code[a + 1 : b] + code[a] + code[b + 1 :]
                    assert not is_code(swapped), (code, a, b)


@given(codes)
def test_printed_and_canonical_codes_read_back(code: BatchCode | UnitCode) -> None:
    assert parse_code(code.canonical) == code
    assert parse_code(code.printed) == code


FULL_WIDTH = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})


@given(
    codes,
    st.lists(st.sampled_from([" ", "-", "\u3000", "—", "\u200b", "－", "\t"]), max_size=8),
    st.randoms(),
)
def test_reading_forgives_case_separators_width_and_look_alikes(
    code: BatchCode | UnitCode, separators: list[str], chance: random.Random
) -> None:
    typed = list(code.canonical)
    for place, character in enumerate(typed):
        typed[place] = chance.choice({"0": "0Oo", "1": "1IilL"}.get(character, character + character.lower()))
    for separator in separators:
        typed.insert(chance.randint(0, len(typed)), separator)
    text = "".join(typed)

    assert parse_code(text) == code
    assert parse_code(text.translate(FULL_WIDTH)) == code


def test_a_wrong_check_character_is_typed_wrong_and_nothing_is_guessed() -> None:
    wrong = BATCH.canonical[:-1] + ("0" if BATCH.canonical[-1] != "0" else "1")

    error = refusal(wrong)

    assert error.code == "wrong-trace-code"
    assert "校验字符" in error.problems[0].detail.zh
    assert BATCH.canonical not in str(error.problems)
    assert error.problems[0].came == wrong


def test_a_wrong_length_and_a_stranger_are_named() -> None:
    assert "现为 9 位" in refusal("7Q0M1-ZK4C").problems[0].detail.zh
    assert "'U'" in refusal("7Q0M1-ZK4CU").problems[0].detail.en
    assert refusal("").code == refusal("x" * 10_000).code == "wrong-trace-code"


def test_drum_number_zero_is_no_code() -> None:
    body = BATCH.body + "0000" + "ABCDEF"

    assert "0" in refusal(body + check_character(body)).problems[0].detail.zh


@given(batches, units)
def test_a_mac_is_of_one_key_one_batch_and_one_drum(batch: BatchCode, unit: int) -> None:
    code = unit_code(batch, unit, KEY)

    assert mac_matches(code, KEY)
    assert not mac_matches(code, KEY[::-1])
    assert not mac_matches(UnitCode(batch, unit % LARGEST_UNIT + 1, code.mac), KEY)
    assert not mac_matches(UnitCode(BatchCode(batch.body[1:] + batch.body[0]), unit, code.mac), KEY) or (
        len(set(batch.body)) == 1
    )


def test_a_forged_mac_with_a_right_check_character_reads_but_does_not_match() -> None:
    forged = UnitCode(BATCH, 37, "000000" if DRUM.mac != "000000" else "111111")

    read = parse_code(forged.printed)

    assert read == forged
    assert not mac_matches(forged, KEY)


def test_unit_numbers_go_from_one_to_the_largest() -> None:
    assert parse_code(unit_code(BATCH, 1, KEY).canonical) == unit_code(BATCH, 1, KEY)
    assert parse_code(unit_code(BATCH, LARGEST_UNIT, KEY).canonical) == unit_code(BATCH, LARGEST_UNIT, KEY)
    for outside in (0, -1, LARGEST_UNIT + 1):
        with pytest.raises(ValueError, match="unit number"):
            unit_code(BATCH, outside, KEY)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        unit_code(BATCH, 1, b"short")


def test_minting_uses_all_its_random_bits() -> None:
    assert mint_batch_code(lambda n: b"\xff" * n).body == "ZZZZZZZZZ"
    assert mint_batch_code(lambda n: b"\x00" * n).body == "000000000"
    assert len({mint_batch_code(secrets.token_bytes) for _ in range(1000)}) == 1000


def test_a_qr_address_is_read_whatever_its_host() -> None:
    for address in (
        f"https://trace.example.cn/c/{DRUM.canonical}",
        f"HTTPS://TRACE.EXAMPLE.CN/C/{DRUM.canonical}",
        f" http://127.0.0.1:8080/c/{DRUM.printed.lower()}/?from=label#top ",
        DRUM.printed,
    ):
        assert code_in(address) == DRUM
        assert batch_code_in(address) == BATCH
    assert batch_code_in(BATCH.printed) == BATCH


@pytest.mark.parametrize(
    "text", ["https://trace.example.cn/d/7Q0M1ZK4CZ", "https://trace.example.cn/c/", "ftp://x/c/1"]
)
def test_other_addresses_are_no_codes(text: str) -> None:
    with pytest.raises(InputError):
        code_in(text)


@given(st.text(max_size=40))
def test_any_text_is_a_code_or_an_input_error(text: str) -> None:
    try:
        code = parse_code(text)
    except InputError:
        assert refusal(text).code == "wrong-trace-code"
    else:
        assert parse_code(code.canonical) == code
