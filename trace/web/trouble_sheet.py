"""Rows in trouble as a workbook, to be sent to whoever keeps the file."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import xlsxwriter

from .views_of_imports import ImportRow
from .words import Language

_HEADINGS = {
    "zh": ("结果", "表", "行", "列", "值", "原因", "办法"),
    "en": ("result", "sheet", "row", "column", "value", "reason", "remedy"),
}
_WIDTHS = (10, 14, 8, 14, 24, 60, 60)
_RESULTS = {"zh": ("带标记", "不写入"), "en": ("marked", "stays out")}


def trouble_sheet(rows: Iterable[ImportRow], language: Language) -> bytes:
    """An XLSX file with one line for each finding. Values are written as text: what came may look like a formula."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    heading, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, (text, width) in enumerate(zip(_HEADINGS[language], _WIDTHS, strict=True)):
        sheet.write_string(0, column, text, heading)
        sheet.set_column(column, column, width, wrapped)
    for at, row in enumerate(rows, start=1):
        problem = row.problem
        remedy = "" if problem.remedy is None else problem.remedy.in_language(language)
        said = (row.column, problem.came, problem.detail.in_language(language), remedy)
        sheet.write_string(at, 0, _RESULTS[language][row.bad])
        sheet.write_string(at, 1, row.sheet)
        sheet.write_number(at, 2, row.number)
        for column, text in enumerate(said, start=3):
            sheet.write_string(at, column, text)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
