"""What is pasted becomes a file that says the same: Excel's quotation marks, strokes, and what is no table."""

from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.errors import InputError
from cabletrace.imports.pasted import file_of_pasted, file_of_rows
from cabletrace.imports.workbook import read_workbook


def cells_of(data: bytes) -> list[list[object]]:
    (sheet,) = read_workbook(data, "粘贴的表格").sheets
    return [list(sheet.headings), *([cell.value for cell in row.cells.values()] for row in sheet.rows)]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("批号\t长度\nL1\t100\n", [["批号", "长度"], ["L1", "100"]]),
        ("批号\t长度\r\n\r\nL1\t\r\n", [["批号", "长度"], ["L1", None]]),
        ('批号\t备注\nL1\t"上\n下"\n', [["批号", "备注"], ["L1", "上\n下"]]),
        ('批号\t备注\nL1\t"他说""好"""\n', [["批号", "备注"], ["L1", '他说"好"']]),
        ('批号\t备注\nL1\t"3 寸\nL2\t5"管\n', [["批号", "备注"], ["L1", '"3 寸'], ["L2", '5"管']]),
        ("批号,长度\nL1,\"1,000\"", [["批号", "长度"], ["L1", "1,000"]]),
        ("| 批号 | 长度 |\n|---|:-:|\n| L1 | a\\|b |", [["批号", "长度"], ["L1", "a|b"]]),
        ("PK号\t长度\nL1\t100", [["PK号", "长度"], ["L1", "100"]]),
        ("批号\t长度\n007\t=1+1", [["批号", "长度"], ["007", "=1+1"]]),
    ],
)  # fmt: skip
def test_cells_stay_what_they_were(text: str, cells: list[list[object]]) -> None:
    assert cells_of(file_of_pasted(text)) == cells


def test_row_numbers_are_those_of_the_pasted_lines() -> None:
    (sheet,) = read_workbook(file_of_pasted("批号\t长度\n\n\nL1\t1\n"), "x").sheets

    assert [row.number for row in sheet.rows] == [4]


@pytest.mark.parametrize("text", ["", "  \n", "a\0b\tc", 'a,b\n"c,d', "x" * 200_000 + "\ty"])
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_workbook(file_of_pasted(text), "x")


@given(st.text(max_size=200))
def test_whatever_is_pasted_is_a_table_or_an_error_in_words(text: str) -> None:
    with suppress(InputError):
        (sheet,) = read_workbook(file_of_pasted(text), "x").sheets
        assert sheet.headings


_CELL = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)


@given(st.lists(st.lists(_CELL, min_size=3, max_size=3), min_size=1, max_size=5))
def test_rows_of_a_program_come_back_as_they_were(rows: Sequence[Sequence[str]]) -> None:
    headings = ["批号", "长度", "备注"]

    cells = cells_of(file_of_rows([dict(zip(headings, row, strict=True)) for row in rows]))

    assert cells == [headings, *rows]


def test_values_that_are_neither_text_nor_number_are_refused_with_their_place() -> None:
    with pytest.raises(InputError) as caught:
        file_of_rows([{"批号": "L1"}, {"批号": ["L2"]}])

    assert caught.value.problems[0].where == "/1/批号"
    assert cells_of(file_of_rows([{"批号": "L1", "长度": 1.5}, {"长度": 2}])) == [
        ["批号", "长度"], ["L1", "1.5"], [None, "2"],
    ]  # fmt: skip
