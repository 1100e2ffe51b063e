"""The bad rows of a file as a workbook to mend and import again: the user's own columns, and why each row is bad.

Values stand as they came; what came as text stays text, so that zeros and long numbers survive and nothing becomes a
formula. The three columns that are added (`columns.ROW_NUMBER` …) are passed over by the reader.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter

from ..errors import Text
from .columns import REASON, REMEDY, ROW_NUMBER, own
from .grid import Value
from .report import BadRow, Report
from .workbook import Row, Sheet, read_workbook

#: Excel takes no longer text in a cell, and no longer name of a sheet.
_LONGEST_TEXT, _LONGEST_NAME = 32_767, 31
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FIRST_YEAR = 1900
_WIDTH, _WIDE = 16, 50


def may_be_mended(report: Report) -> bool:
    """Whether there are bad rows; the headings of a sheet that was not understood are none."""
    return any(sheet.bad and sheet.layout.kind is not None for sheet in report.sheets)


def mending_workbook(data: bytes, name: str, report: Report, language: str) -> bytes:
    """The bad rows of this file, one sheet for each of its sheets that has some.

    ``report`` is what came of the same bytes under the same name.
    """
    bad: dict[str, dict[int, list[BadRow]]] = {}
    understood = {sheet.name for sheet in report.sheets if sheet.layout.kind is not None}
    for each in report.bad:
        if each.sheet in understood:
            bad.setdefault(each.sheet, {}).setdefault(each.row, []).append(each)
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        formats = _Formats(book)
        taken: set[str] = set()
        for sheet in read_workbook(data, name).sheets:
            if sheet.name in bad:
                _write(
                    book.add_worksheet(_sheet_name(sheet.name, taken)),
                    sheet,
                    bad[sheet.name],
                    formats,
                    language,
                )
    return out.getvalue()


class _Formats:
    """The looks of cells, each also as those of a cell that is wrong."""

    def __init__(self, book: Any) -> None:
        self.heading = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter"})
        self.said = book.add_format({"text_wrap": True, "valign": "top"})
        looks = {
            "text": {"num_format": "@"},
            "number": {},
            "day": {"num_format": "yyyy-mm-dd"},
            "time": {"num_format": "yyyy-mm-dd hh:mm:ss"},
        }
        self._of = {
            (kind, wrong): book.add_format({**look, **({"bg_color": "#F8CBAD"} if wrong else {})})
            for kind, look in looks.items()
            for wrong in (False, True)
        }

    def of(self, value: Value, *, wrong: bool) -> Any:
        if isinstance(value, bool | int | float):
            return self._of["number", wrong]
        if isinstance(value, datetime) and value.time() != time.min:
            return self._of["time", wrong]
        return self._of["day" if isinstance(value, date) else "text", wrong]


def _write(
    to: Any, sheet: Sheet, bad: Mapping[int, Sequence[BadRow]], formats: _Formats, language: str
) -> None:
    headings = own(sheet.headings)
    last = len(headings)
    for column, heading in enumerate((*headings, ROW_NUMBER, REASON, REMEDY)):
        to.write_string(0, column, heading, formats.heading)
    to.set_column(0, last, _WIDTH)
    to.set_column(last + 1, last + 2, _WIDE)
    for at, row in enumerate(_rows(sheet, bad), start=1):
        reasons = bad[row.number]
        wrong = {reason.column for reason in reasons}
        for column, heading in enumerate(headings):
            _write_value(to, at, column, row.cells[heading].value, formats, wrong=heading in wrong)
        to.write_number(at, last, row.number)
        to.write_string(at, last + 1, _joined(_of_column(each, language) for each in reasons), formats.said)
        to.write_string(
            at, last + 2, _joined(each.remedy.in_language(language) for each in reasons), formats.said
        )
    to.freeze_panes(1, 0)


def _rows(sheet: Sheet, bad: Mapping[int, Sequence[BadRow]]) -> Iterable[Row]:
    return (row for row in sheet.rows if row.number in bad)


def _of_column(bad: BadRow, language: str) -> str:
    reason = bad.reason.in_language(language)
    return (
        Text(f"{bad.column}：{reason}", f"{bad.column}: {reason}").in_language(language)
        if bad.column
        else reason
    )


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(texts))[:_LONGEST_TEXT]


def _write_value(to: Any, row: int, column: int, value: Value, formats: _Formats, *, wrong: bool) -> None:
    look = formats.of(value, wrong=wrong)
    if value is None:
        to.write_blank(row, column, None, look)
    elif isinstance(value, bool):
        to.write_boolean(row, column, value, look)
    elif isinstance(value, int | float) and math.isfinite(value):
        to.write_number(row, column, value, look)
    elif isinstance(value, date) and value.year >= _FIRST_YEAR:
        to.write_datetime(row, column, value, look)
    else:
        to.write_string(row, column, str(value)[:_LONGEST_TEXT], look)


def _sheet_name(name: str, taken: set[str]) -> str:
    """The sheet's own name as Excel takes it: a file of text is called by its own name, ending and all."""
    usual = _NOT_IN_A_NAME.sub(" ", re.sub(r"\.(csv|txt|tsv)$", "", name, flags=re.IGNORECASE)).strip(" '")
    called = usual = usual[:_LONGEST_NAME].strip(" '") or "表"
    n = 1
    while called.casefold() in taken or called.casefold() == "history":
        n += 1
        called = f"{usual[: _LONGEST_NAME - 5]} ({n})"
    taken.add(called.casefold())
    return called
