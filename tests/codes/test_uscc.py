"""Unified social credit codes: both check characters, and a reason for each kind of mistake."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle

from cabletrace.codes.uscc import ALPHABET, is_uscc, parse_uscc, region_of_uscc
from cabletrace.errors import InputError

DATA = Path(__file__).parents[1] / "data"
MAKER = "914116034J1417770M"
WRONG = "91411602LC31706690"  # row 164 of shipments.csv, with its check character spoilt on purpose


def codes_of_the_input_files() -> set[str]:
    text = (DATA / "shipments.csv").read_text("gb18030")
    cells = {cell for row in csv.reader(text.splitlines()) for cell in row}
    for name in ("factory-register.xlsx", "site-record.xlsx"):
        for sheet in openpyxl.load_workbook(DATA / name):
            cells |= {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row}
    return {cell for cell in cells if re.fullmatch("91[0-9]{6}[0-9A-Z]{10}", cell)}


def reason(text: str) -> str:
    with pytest.raises(InputError) as refused:
        parse_uscc(text)
    assert refused.value.code == "wrong-uscc"
    return refused.value.problems[0].detail.zh


@st.composite
def organisation_codes(draw: st.DrawFn) -> str:
    """Body of a code up to place 17 whose organisation digit is computed here, independently of the code under test."""
    body = draw(st.text(ALPHABET, min_size=8, max_size=8))
    remainder = sum(int(c, 36) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    digit = {0: "0", 1: "X"}.get(remainder) or str(11 - remainder)
    return f"91{draw(st.integers(110000, 659999))}{body}{digit}"


def test_all_codes_of_the_input_files_pass_but_the_one_spoilt_on_purpose() -> None:
    found = codes_of_the_input_files()

    wrong = {code for code in found if not is_uscc(code)}

    assert len(found) == 10
    assert wrong == {WRONG}
    assert "第 18 位" in reason(WRONG)


@given(organisation_codes())
def test_codes_completed_by_another_implementation_are_taken(body: str) -> None:
    code = body + oracle.calc_check_digit(body)

    assert parse_uscc(code) == code
    assert oracle.is_valid(code)
    assert region_of_uscc(code) == body[2:8]


@given(organisation_codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_caught(body: str, place: int, other: str) -> None:
    code = body + oracle.calc_check_digit(body)
    changed = code[:place] + other + code[place + 1 :]

    assert is_uscc(changed) is (changed == code)


@given(organisation_codes(), st.integers(0, 16))
def test_every_swap_of_neighbours_is_caught(body: str, place: int) -> None:
    code = body + oracle.calc_check_digit(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert is_uscc(swapped) is (swapped == code)


def test_the_organisation_digit_is_judged_even_when_the_last_character_fits() -> None:
    body = MAKER[:16] + str((int(MAKER[16]) + 1) % 10)
    code = body + oracle.calc_check_digit(body)

    assert oracle.is_valid(code)  # the oracle does not look at GB 11714
    assert "第 17 位" in reason(code)


def test_case_width_and_spaces_are_forgiven() -> None:
    assert parse_uscc(" 9141 1603 4j14 1777 0m\u3000") == MAKER
    assert parse_uscc("".join(chr(ord(c) + 0xFEE0) for c in MAKER)) == MAKER


def test_each_mistake_has_its_own_reason() -> None:
    assert "现为 17 位" in reason(MAKER[:-1])
    assert "现为 0 位" in reason("")
    assert "第 9 位“O”" in reason(MAKER[:8] + "O" + MAKER[9:])
    assert "第 10 位“-”" in reason(MAKER[:9] + "-" + MAKER[10:])
    assert "第 3 至 8 位" in reason("91A" + MAKER[3:])


def test_a_letter_that_is_not_used_comes_with_what_it_may_be() -> None:
    with pytest.raises(InputError) as refused:
        parse_uscc(MAKER.replace("0", "O"))

    remedy = refused.value.problems[0].remedy
    assert remedy is not None
    assert "“0”" in remedy.zh
