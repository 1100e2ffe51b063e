"""The stock as a workbook: a line for each group of drums of one length, as they lie, in metres."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import xlsxwriter

from ..queries.stock import StockRow
from .words import WHERES, Language

_HEADINGS = {
    "zh": ("地点", "去向", "项目", "型号规格", "批号", "追溯码", "生产企业", "盘号从", "盘号到", "每盘（m）", "合计（m）", "措施"),
    "en": ("place", "where", "project", "designation", "lot", "code", "maker", "unit from", "unit to", "each (m)", "total (m)", "held"),
}  # fmt: skip
_WIDTHS = (24, 10, 24, 30, 18, 14, 32, 9, 9, 11, 12, 16)


def stock_sheet(rows: Iterable[StockRow], language: Language) -> bytes:
    """An XLSX file. Names are written as text: what came may look like a formula. Metres on no drum have no numbers."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    heading = book.add_format({"bold": True})
    for column, (text, width) in enumerate(zip(_HEADINGS[language], _WIDTHS, strict=True)):
        sheet.write_string(0, column, text, heading)
        sheet.set_column(column, column, width)
    at = 0
    for row in rows:
        groups = [(each.first, each.last, each.length_mm) for each in row.units]
        for first, last, each_mm in (*groups, *([(0, 0, row.loose_mm)] if row.loose_mm else [])):
            at += 1
            for column, text in enumerate(_words(row, language)):
                sheet.write_string(at, column, text)
            count = last - first + 1
            for column, number in enumerate((first, last), start=7):
                if number:
                    sheet.write_number(at, column, number)
            sheet.write_number(at, 9, each_mm / 1000)
            sheet.write_number(at, 10, count * each_mm / 1000)
            held = ", ".join(each.word.in_language(language) for each in row.held)
            sheet.write_string(at, 11, held)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _words(row: StockRow, language: Language) -> tuple[str, ...]:
    return (
        row.region_name.in_language(language),
        WHERES["project" if row.state == "project" else "held"].in_language(language),
        row.project_name,
        row.designation,
        row.lot,
        row.printed,
        row.maker_name,
    )
