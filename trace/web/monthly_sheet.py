"""The monthly form as a workbook, laid out as the form is: 填报单位名称 and 日期 on top, rows 1 to 9 with their units, and nothing else but what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import xlsxwriter

from ..queries.monthly import FormRow, MonthlyForm, Told, UnitCell
from .views_of_monthly import told_in_words

_WIDTHS = (6, 30, 14, 16, 16)
_WAN_FEN = 1_000_000


def monthly_sheet(form: MonthlyForm, on: date) -> bytes:
    """An XLSX file in Chinese, as the form is handed in; ``on`` stands as its date. A row of two numbers has two lines. An amount that nobody
    knows is written as such and is no number."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("月报")
    bold, plain = book.add_format({"bold": True, "border": 1}), book.add_format({"border": 1})
    number = book.add_format({"border": 1, "num_format": "#,##0"})
    amount = book.add_format({"border": 1, "num_format": "#,##0.00####"})
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, f"电线电缆质量整治情况月报表（{form.month}）", book.add_format({"bold": True}))
    sheet.write_string(1, 0, f"填报单位名称：{form.unit.name}")
    sheet.write_string(1, 3, f"日期：{on}")
    for column, text in enumerate(("序号", "内容", "单位", "本月", f"累计（{form.since} 起）")):
        sheet.write_string(2, column, text, bold)
    line = 3
    for line, row in enumerate(_lines(form), start=3):
        sheet.write_number(line, 0, row.row or 0, plain)
        sheet.write_string(line, 1, row.title.zh, plain)
        sheet.write_string(line, 2, row.unit.zh, plain)
        for column, told in ((3, row.month), (4, row.cumulative)):
            _write(sheet, line, column, row, told, amount if row.how == "fen" else number, plain)
    sheet.write_string(line + 2, 0, "填报口径")
    for n, row in enumerate(_lines(form), start=line + 3):
        sheet.write_string(n, 0, f"{row.row} {row.title.zh}：{row.definition.zh}")
    if form.by_unit:
        _write_units(book, form, bold, plain, number, amount)
    book.close()
    return out.getvalue()


def _write_units(
    book: xlsxwriter.Workbook,
    form: MonthlyForm,
    bold: xlsxwriter.format.Format,
    plain: xlsxwriter.format.Format,
    number: xlsxwriter.format.Format,
    amount: xlsxwriter.format.Format,
) -> None:
    """A sheet of its own with what each unit did itself: the lines of a period add up to the form, less what several units counted."""
    sheet = book.add_worksheet("各单位")
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, len(form.rows), 14)
    lines: list[tuple[str, Sequence[FormRow | UnitCell]]] = [
        *((each.unit.name, each.cells) for each in form.by_unit),
        ("减：几个单位都计的", form.repeated),
        ("合计", form.rows),
    ]
    line = 0
    for title in ("本月", f"累计（{form.since} 起）"):
        sheet.write_string(line, 0, title, bold)
        kept = [(n, row) for n, row in enumerate(form.rows) if row.row is not None]
        for column, (_, row) in enumerate(kept, start=1):
            sheet.write_string(line, column, f"{row.row} {row.title.zh}（{row.unit.zh}）", bold)
        for name, cells in lines:
            line += 1
            sheet.write_string(line, 0, name, plain)
            for column, (n, row) in enumerate(kept, start=1):
                told = cells[n].month if title == "本月" else cells[n].cumulative
                _write(sheet, line, column, row, told, amount if row.how == "fen" else number, plain)
        line += 2


def _lines(form: MonthlyForm) -> list[FormRow]:
    return [row for row in form.rows if row.row is not None]


def _write(
    sheet: xlsxwriter.workbook.Worksheet,
    line: int,
    column: int,
    row: FormRow,
    told: Told,
    number: xlsxwriter.format.Format,
    plain: xlsxwriter.format.Format,
) -> None:
    if told.value is None or told.unknown:
        sheet.write_string(line, column, told_in_words(row.how, told).zh, plain)
    else:
        sheet.write_number(line, column, told.value / _WAN_FEN if row.how == "fen" else told.value, number)
