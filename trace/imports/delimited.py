"""CSV as people in China save it: bytes -> one grid of text, with the encoding and the separator found out.

Excel in China saves GBK, other programs UTF-8 with or without a mark, "Unicode text" is UTF-16. Each is tried
strictly, in an order in which a later one cannot pass for an earlier one; a guess by frequency is never made.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import islice

from ..errors import Text, shown
from .grid import Grid, Limits, Value, too_many_cells, too_many_columns, too_many_rows, unreadable

#: A comma is the first choice, so it wins a tie.
_SEPARATORS = ",;\t"
_SAMPLE_LINES = 50
#: A line longer than any table row can be; it bounds the list that one row becomes.
_LONGEST_LINE = 1_000_000


def read_delimited(data: bytes, name: str, limits: Limits) -> tuple[str, Grid]:
    """The encoding's name (``utf-8``, ``gb18030``, ``utf-16``) and the grid, named as the file.

    Row numbers count records, as Excel shows them: a quoted line break opens no new row, an empty line does.
    """
    encoding, text = _decode(data)
    if "\0" in text:
        raise unreadable(
            "文件含有空字符（NUL），不是文本表格",
            "the file contains NUL characters: it is not a text table",
            remedy=_SAVE_AGAIN,
        )
    if text.lstrip().startswith("<"):
        raise unreadable(
            "文件其实是网页或 XML，不是 CSV",
            "the file is really a web page or XML, not CSV",
            came=text.lstrip()[:40],
            remedy=Text("请用 Excel 打开后另存为 .xlsx。", "Open it in Excel and save it as .xlsx."),
        )
    separator = separator_of(text)
    rows: list[tuple[int, list[Value]]] = []
    cells = 0
    for number, fields in _records(_lines(text), separator):
        if number > limits.rows:
            raise too_many_rows(limits, name)
        while fields and not fields[-1]:
            fields.pop()
        if len(fields) > limits.columns:
            raise too_many_columns(limits, name)
        cells += len(fields)
        if cells > limits.cells:
            raise too_many_cells(limits, name)
        if fields:
            rows.append((number, [field or None for field in fields]))
    return encoding, Grid(name, rows, {})


_SAVE_AGAIN = Text(
    "请用 Excel 打开后另存为 .xlsx 或「CSV UTF-8」。",
    "Open it in Excel and save it as .xlsx or as 'CSV UTF-8'.",
)


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return "utf-16", data.decode("utf-16")
        except UnicodeDecodeError:
            raise unreadable(
                "文件以 UTF-16 标记开头，内容却不是 UTF-16",
                "the file begins with the mark of UTF-16 but is not UTF-16",
                remedy=_SAVE_AGAIN,
            ) from None
    furthest = 0
    for encoding, codec in (("utf-8", "utf-8-sig"), ("gb18030", "gb18030")):
        try:
            return encoding, data.decode(codec)
        except UnicodeDecodeError as failure:
            furthest = max(furthest, failure.start)
    line = data.count(b"\n", 0, furthest) + 1
    raise unreadable(
        f"无法识别文字编码：第 {line} 行起既不是 UTF-8 也不是 GB18030",
        f"the text encoding is unknown: from line {line} on it is neither UTF-8 nor GB18030",
        came=shown(data[furthest : furthest + 8].hex(" ")),
        remedy=_SAVE_AGAIN,
    )


def _lines(text: str) -> Iterator[str]:
    for line in StringIO(text, newline=""):
        if len(line) > _LONGEST_LINE:
            raise unreadable(
                f"有一行超过 {_LONGEST_LINE:,} 个字符，不是表格",
                f"a line has more than {_LONGEST_LINE:,} characters: this is no table",
                came=line[:40],
            )
        yield line


def _records(lines: Iterable[str], separator: str) -> Iterator[tuple[int, list[str]]]:
    """Strict about quotes: a forgotten quotation mark would otherwise swallow the rows that follow it."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    number = 0
    try:
        for fields in reader:
            number += 1
            yield number, fields
    except csv.Error as failure:
        raise unreadable(
            f"第 {number + 1} 行的引号不成对，或单元格过长",
            f"row {number + 1}: quotation marks do not pair, or a cell is too long",
            came=shown(str(failure)),
            remedy=Text("请检查该行的英文双引号。", "Check the double quotes in this row."),
        ) from None


def separator_of(text: str) -> str:
    """The separator by which most of the first lines fall into one and the same number of fields."""

    def agreement(separator: str) -> tuple[int, int]:
        sample = islice(_lines(text), _SAMPLE_LINES)
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=separator) if len(row) > 1)
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    try:
        return max(_SEPARATORS, key=agreement)
    except csv.Error:
        return ","
