"""What a table file holds before anybody asks what its columns mean: cells by row number and column.

`xlsx` and `delimited` make grids, `workbook` finds the headings in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ..errors import InputError, Text

#: A value as the file stores it. A spreadsheet's number is a float, whatever it looks like on the screen.
Value = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as stored. ``trouble`` says why what stands there cannot be used; the value is None then."""

    value: Value = None
    trouble: Text | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing stands here, or only blanks. A cell with trouble is not empty."""
        return self.trouble is None and is_blank(self.value)


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Grid:
    """One table: ``(row number, values from column A on)`` in rising order, and the cells in trouble.

    ``troubles`` goes by row number and column from 0; such a cell's row stands in ``rows``.
    """

    name: str
    rows: Sequence[tuple[int, Sequence[Value]]]
    troubles: Mapping[int, Mapping[int, Text]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a file may be. Each bound is checked before the memory that it protects is used."""

    file_bytes: int = 20_000_000
    unpacked_bytes: int = 128 * 2**20
    rows: int = 200_000
    columns: int = 200
    #: rows × columns, empty cells included: calamine lays a sheet out as one dense rectangle.
    cells: int = 3_000_000


#: Characters that show nothing; web pages and other programs leave them in what is pasted.
_SHOW_NOTHING = " \t\r\n\v\f\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u3000\ufeff"


def is_blank(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(_SHOW_NOTHING))


def column_letter(column: int) -> str:
    """``0 -> A``, ``26 -> AA``: what a person sees above the column."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def unreadable(zh: str, en: str, *, came: object = "", remedy: Text | None = None) -> InputError:
    return InputError.of("unreadable-file", zh, en, came=came, remedy=remedy)


def too_large(zh: str, en: str, *, came: object = "") -> InputError:
    return InputError.of(
        "too-large",
        zh,
        en,
        came=came,
        remedy=Text(
            "请按月份或批次拆成几个文件，分别导入。",
            "Split it into several files and import them one by one.",
        ),
    )


def too_many_rows(limits: Limits, where: str) -> InputError:
    return too_large(
        f"「{where}」超过 {limits.rows:,} 行", f"'{where}' has more than {limits.rows:,} rows", came=where
    )


def too_many_columns(limits: Limits, where: str) -> InputError:
    return too_large(
        f"「{where}」超过 {limits.columns} 列",
        f"'{where}' has more than {limits.columns} columns",
        came=where,
    )


def too_many_cells(limits: Limits, where: str) -> InputError:
    return too_large(
        f"「{where}」的表格范围超过 {limits.cells:,} 个单元格（空格也计入）",
        f"the table in '{where}' spans more than {limits.cells:,} cells, empty ones included",
        came=where,
    )
