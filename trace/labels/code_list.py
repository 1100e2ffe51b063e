"""The codes of units as a table, for label programs and ink-jet coders: CSV and XLSX with the same columns."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from ..model.quantities import show_metres
from .label import Label

#: Rows in one file: a second or two of one processor as XLSX.
MOST_CODES = 20_000

COLUMNS = (
    "盘号",
    "追溯码",
    "追溯码（无连字符）",
    "二维码内容",
    "长度（m）",
    "型号规格",
    "批号",
    "生产日期",
    "生产企业",
)
_WIDTHS = (8, 28, 24, 48, 10, 28, 18, 12, 32)


def codes_csv(labels: Sequence[Label]) -> bytes:
    """UTF-8 with the mark by which Excel knows it. Text that a spreadsheet would take for a formula begins with ``'``."""
    out = StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    table.writerows([_harmless(value) for value in _row(label)] for label in labels)
    return out.getvalue().encode("utf-8-sig")


def codes_xlsx(labels: Sequence[Label]) -> bytes:
    """Everything is text but the number of the unit and its length."""
    out = BytesIO()
    with Workbook(
        out,
        {"in_memory": True, "constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False},
    ) as book:
        sheet = book.add_worksheet("追溯码")
        heading = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, (title, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, heading)
        for number, label in enumerate(labels, start=1):
            for column, value in enumerate(_row(label)):
                sheet.write_string(number, column, value)
            sheet.write_number(number, 0, label.unit)
            if label.length_mm is not None:
                sheet.write_number(number, 4, label.length_mm / 1000)
    return out.getvalue()


def _row(label: Label) -> tuple[str, ...]:
    return (
        str(label.unit),
        label.printed,
        label.printed.replace("-", ""),
        label.url,
        "" if label.length_mm is None else show_metres(label.length_mm).replace(",", ""),
        label.designation,
        label.lot,
        "" if label.produced_on is None else label.produced_on.isoformat(),
        label.maker,
    )


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
