"""Cells that were copied and pasted, or sent as rows, as a file: text in one of four spellings -> CSV in UTF-8.

From there on they go the way of a file. Excel, WPS and web pages copy cells with a tab between them; chats and notes
keep tables between vertical strokes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

from ..errors import InputError, Text, shown
from .delimited import separator_of
from .grid import unreadable

#: What a pasted table is called, as a file has a name.
NAME = Text("粘贴的表格", "pasted table")
#: The mark of UTF-8. With it the bytes cannot be taken for a workbook or a picture, whatever the first cell says.
_MARK = b"\xef\xbb\xbf"
_RULE = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?")
#: Cells of so many characters are no cells; it also bounds what a forgotten quotation mark can swallow.
_LONGEST_CELL = 100_000


def file_of_pasted(text: str) -> bytes:
    """The pasted cells as a CSV file. Raises InputError ``wrong-input`` where nothing was pasted, and
    ``unreadable-file`` for what is no text or no table."""
    if not text.strip():
        raise InputError.of(
            "wrong-input",
            "还没有粘贴任何内容",
            "nothing was pasted",
            remedy=Text(
                "请在 Excel、WPS 或网页里选中表格（连同列名）复制，再粘贴到这里。",
                "Select a table with its headings in Excel, WPS or a web page, copy it and paste it here.",
            ),
        )
    if "\0" in text:
        raise unreadable(
            "粘贴的内容含有空字符（NUL），不是文字",
            "there are NUL characters in what was pasted: it is not text",
            remedy=Text("请复制单元格，不要复制文件本身。", "Copy cells, not the file itself."),
        )
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if _is_between_strokes(lines):
        return _file(_between_strokes(line) for line in lines if not _RULE.fullmatch(line.strip()))
    if any("\t" in line for line in lines):
        return _file(_copied(lines))
    return _file(_separated(lines, separator_of(text)))


def file_of_rows(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Rows that a program sends, each an object from heading to value, as a CSV file; headings in the order in which
    they first come. Raises InputError ``wrong-input`` for what is no such list."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    lines: list[list[str]] = [headings]
    for n, row in enumerate(rows):
        lines.append([_value_of(row.get(heading), f"/{n}/{heading}") for heading in headings])
    return _file(lines)


def _value_of(value: object, where: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    raise InputError.of(
        "wrong-input",
        "每个值应为文字、数字或空",
        "each value is a text, a number or null",
        came=shown(value),
        where=where,
    )


def _file(rows: Iterable[Sequence[str]]) -> bytes:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for n, row in enumerate(rows, start=1):
        if any(len(cell) > _LONGEST_CELL for cell in row):
            raise unreadable(
                f"第 {n} 行有一格超过 {_LONGEST_CELL:,} 个字符，不是表格",
                f"row {n} has a cell of more than {_LONGEST_CELL:,} characters: this is no table",
            )
        writer.writerow(row)
    return _MARK + out.getvalue().encode("utf-8", "replace")


def _is_between_strokes(lines: Sequence[str]) -> bool:
    filled = [line.strip() for line in lines if line.strip()]
    return len(filled) > 1 and all(line.startswith("|") and line.endswith("|") for line in filled)


def _between_strokes(line: str) -> list[str]:
    inner = line.strip()[1:-1] if line.strip() else ""
    return [cell.replace(r"\|", "|").strip() for cell in re.split(r"(?<!\\)\|", inner)]


def _copied(lines: Sequence[str]) -> list[list[str]]:
    """Excel puts a cell with a line break between quotation marks, and leaves those of any other cell alone."""
    try:
        return list(csv.reader(_ended(lines), delimiter="\t", strict=True))
    except csv.Error:
        return [line.split("\t") for line in lines]


def _separated(lines: Sequence[str], separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(_ended(lines), delimiter=separator, strict=True))
    except csv.Error as failure:
        raise unreadable(
            "引号不成对，或有一格过长",
            "quotation marks do not pair, or a cell is too long",
            came=shown(str(failure)),
            remedy=Text("请检查英文双引号。", "Check the double quotes."),
        ) from None


def _ended(lines: Sequence[str]) -> Iterable[str]:
    return (f"{line}\n" for line in lines)
