"""A spreadsheet file as people hand it in: bytes and a file name -> sheets with headings and rows.

The content decides what the file is, not its name. Nothing is interpreted here: a cell keeps the value the file
stores, and `cells` reads meanings. Whatever the bytes are, the answer is a `Workbook` or an `InputError`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..errors import InputError, Text, shown
from .delimited import read_delimited
from .grid import EMPTY, Cell, Grid, Limits, Value, column_letter, is_blank, too_large, unreadable
from .xlsx import read_xlsx

__all__ = ["Cell", "Limits", "Row", "Sheet", "Workbook", "normal_heading", "read_workbook"]


class Cells(Mapping[str, Cell]):
    """The cells of one row by heading. Made when looked at: a million of them need not stand in memory at once."""

    __slots__ = ("_columns", "_troubles", "_values")

    def __init__(self, columns: Mapping[str, int], values: Sequence[Value], troubles: Mapping[int, Text]):
        self._columns = columns
        self._values = values
        self._troubles = troubles

    def __getitem__(self, heading: str) -> Cell:
        column = self._columns[heading]
        if column in self._troubles:
            return Cell(None, self._troubles[column])
        value = self._values[column] if column < len(self._values) else None
        return EMPTY if value is None else Cell(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. ``number`` is what Excel shows at its left; ``cells`` has every heading of the sheet."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its headings, normalised (`normal_heading`), from left to right, and its rows that are not empty.

    A column without a heading that holds something is called by its letter in brackets, ``[H]``.
    """

    name: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """``hidden`` names the sheets that were left out because they are hidden; ``encoding`` is None for XLSX."""

    name: str
    format: Literal["xlsx", "csv"]
    encoding: str | None
    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()


def read_workbook(data: bytes, name: str, limits: Limits = Limits()) -> Workbook:  # noqa: B008 - a frozen value
    """Read a whole file into memory. 50,000 rows of 14 columns take about 3 s of processor time and 150 MB.

    Raises InputError: ``too-large`` (bytes, rows, columns, cells, or what it would unpack to) or
    ``unreadable-file`` (anything else), always before the memory in question is used.
    """
    if len(data) > limits.file_bytes:
        raise too_large(
            f"文件有 {len(data) / 2**20:,.1f} MB，上限是 {limits.file_bytes / 2**20:,.0f} MB",
            f"the file has {len(data) / 2**20:,.1f} MB; the limit is {limits.file_bytes / 2**20:,.0f} MB",
            came=name,
        )
    _refuse_what_is_no_table(data, name)
    if data.startswith(b"PK"):
        grids, hidden = read_xlsx(data, name, limits)
        book = Workbook(name=name, format="xlsx", encoding=None, sheets=_sheets(grids), hidden=hidden)
    else:
        encoding, grid = read_delimited(data, name, limits)
        book = Workbook(name=name, format="csv", encoding=encoding, sheets=_sheets([grid]))
    if not book.sheets:
        raise unreadable(
            "文件里没有任何内容",
            "there is nothing in the file",
            came=name,
            remedy=not_read(book.hidden),
        )
    return book


def normal_heading(text: str) -> str:
    """``长度（m）``, ``长度 (m) `` and ``*长度(m)`` are one heading. Idempotent.

    NFKC, without invisible characters, the asterisk of required columns, and blanks other than between two
    Latin words.
    """
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cs") or c.isspace())
    text = " ".join(text.replace("*", " ").split())
    return re.sub(r"(?<![0-9A-Za-z]) | (?![0-9A-Za-z])", "", text)


#: What people upload by mistake, by its first bytes.
_MAGIC: Sequence[tuple[bytes, Text]] = (
    (b"%PDF", Text(" PDF 文件", "a PDF file")),
    (b"\xd0\xcf\x11\xe0", Text("旧版 Excel 文件（.xls）", "an old Excel file (.xls)")),
    (b"\x89PNG", Text(" PNG 图片", "a PNG picture")),
    (b"\xff\xd8\xff", Text(" JPEG 图片", "a JPEG picture")),
    (b"GIF8", Text(" GIF 图片", "a GIF picture")),
    (b"Rar!", Text(" RAR 压缩包", "a RAR archive")),
    (b"7z\xbc\xaf", Text(" 7z 压缩包", "a 7z archive")),
    (b"\x1f\x8b", Text(" gzip 压缩包", "a gzip archive")),
    (b"SQLite format 3", Text(" SQLite 数据库", "a SQLite database")),
)
_SAVE_AS_XLSX = Text(
    "请在 Excel 或 WPS 中另存为 .xlsx 后上传。", "Save it as .xlsx in Excel or WPS and upload that."
)
#: The stream that holds the workbook when a password is set (MS-OFFCRYPTO §2.3.1).
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def _refuse_what_is_no_table(data: bytes, name: str) -> None:
    if not data.strip(b"\0 \t\r\n"):
        raise unreadable("文件是空的", "the file is empty", came=name)
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            if _ENCRYPTED in data:
                raise unreadable(
                    "文件加了密码",
                    "the file is protected by a password",
                    came=name,
                    remedy=Text("请取消密码后再上传。", "Remove the password and upload it again."),
                )
            raise unreadable(
                f"这是{kind.zh}，需要 .xlsx 或 .csv",
                f"this is {kind.en}; an .xlsx or .csv file is wanted",
                came=name,
                remedy=_SAVE_AS_XLSX,
            )
    if name.lower().endswith((".xlsx", ".xlsm", ".xls")) and not data.startswith(b"PK"):
        raise unreadable(
            "文件名是 Excel 工作簿，内容却不是",
            "by its name the file is an Excel workbook, by its content it is not",
            came=name,
            remedy=_SAVE_AS_XLSX,
        )


def not_read(hidden: tuple[str, ...]) -> Text | None:
    """That hidden sheets are not read, if there are any."""
    if not hidden:
        return None
    names = shown("、".join(hidden))
    return Text(f"隐藏的工作表不读取：{names}。", f"Hidden sheets are not read: {names}.")


# ---- headings -----------------------------------------------------------------------------------------------

#: Titles, a company's name and the like above the headings are no more than this.
_ROWS_BEFORE_HEADINGS = 30


def _sheets(grids: Sequence[Grid]) -> tuple[Sheet, ...]:
    return tuple(sheet for grid in grids if (sheet := _sheet(grid)) is not None)


def _sheet(grid: Grid) -> Sheet | None:
    """None where the sheet is blank."""
    filled = [
        (number, values)
        for number, values in grid.rows
        if number in grid.troubles or not all(map(is_blank, values))
    ]
    if not filled:
        return None
    at = _heading_index(filled)
    titles = filled[at][1] if at is not None else ()
    body = filled[at + 1 :] if at is not None else filled
    columns = _columns(grid, titles, body)
    rows = tuple(
        Row(number, Cells(columns, values, grid.troubles.get(number, {}))) for number, values in body
    )
    return Sheet(grid.name, tuple(columns), rows)


def _heading_index(filled: Sequence[tuple[int, Sequence[Value]]]) -> int | None:
    """The first row with text in two thirds of the columns that are in use: a title fills one cell or two.

    None where no row is like that; the columns then go by their letters, and nothing is mistaken for a heading.
    """
    top = filled[:_ROWS_BEFORE_HEADINGS]
    width = max(sum(not is_blank(value) for value in values) for _, values in top)
    for index, (_, values) in enumerate(top):
        texts = sum(isinstance(value, str) and not is_blank(value) for value in values)
        if texts and 3 * texts >= 2 * width:
            return index
    return None


def _columns(
    grid: Grid, titles: Sequence[Value], body: Sequence[tuple[int, Sequence[Value]]]
) -> dict[str, int]:
    """Heading -> column, from left to right, for every column that has a heading or holds something."""
    used = {column for column, value in enumerate(titles) if not is_blank(value)}
    used.update(column for number, _ in body for column in grid.troubles.get(number, ()))
    for column in range(max((len(values) for _, values in body), default=0)):
        if column not in used and not all(len(row) <= column or is_blank(row[column]) for _, row in body):
            used.add(column)
    columns: dict[str, int] = {}
    for column in sorted(used):
        title = titles[column] if column < len(titles) else None
        heading = normal_heading(title if isinstance(title, str) else _heading_of_value(title))
        heading = heading or f"[{column_letter(column)}]"
        if heading in columns:
            raise _same_heading(grid.name, heading, columns[heading], column)
        columns[heading] = column
    return columns


def _heading_of_value(title: Value) -> str:
    """A heading that is a number or a date (a year, a month) is called as it is written."""
    if isinstance(title, float) and title.is_integer():
        return str(int(title))
    return "" if title is None else str(title)


def _same_heading(sheet: str, heading: str, first: int, second: int) -> InputError:
    one, other = column_letter(first), column_letter(second)
    return unreadable(
        f"「{shown(sheet)}」的 {one} 列和 {other} 列都叫「{shown(heading)}」",
        f"in '{shown(sheet)}' the columns {one} and {other} are both called '{shown(heading)}'",
        came=heading,
        remedy=Text("请改名或删去其中一列。", "Rename or remove one of them."),
    )
