"""Why sheets are no tables, in words: nothing recognised, columns missing, columns in another unit, hidden sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..errors import InputError, Problem, Text
from .columns import KINDS, Field, Layout
from .mapping import SeenSheet
from .workbook import Workbook, not_read


class NoTable(InputError):
    """No sheet was recognised. ``sheets`` are there to be shown to whoever can say what their columns are."""

    def __init__(self, sheets: tuple[SeenSheet, ...], *problems: Problem) -> None:
        self.sheets = sheets
        super().__init__(*problems)


def no_table(book: Workbook, layouts: Sequence[Layout]) -> list[Problem]:
    """Why nothing in the file can be imported."""
    problems = [
        replace(problem, where="", came=book.name)
        for sheet, layout in zip(book.sheets, layouts, strict=True)
        if layout.nearest is not None
        for problem in unfit(sheet.name, layout)
    ]
    kinds = "、".join(kind.title.zh for kind in KINDS)
    kinds_en = ", ".join(kind.title.en for kind in KINDS)
    remedy = Text(
        f"可以导入的表：{kinds}。请核对列名，或在网页「导入」上说明各列是什么。",
        f"What can be imported: {kinds_en}. Check the headings, or say on the page Import what the columns are.",
    )
    nothing = Text("没有认出任何表", "no table in it was recognised")
    problems = problems or [Problem("unreadable-file", nothing, came=book.name, remedy=remedy)]
    unread = not_read(book.hidden)
    if unread is not None:
        problems.append(Problem("unreadable-file", unread, came=book.name, remedy=_SHOW_SHEETS))
    return problems


def unfit(sheet: str, layout: Layout) -> list[Problem]:
    """Why a sheet is nearly a table but none of its rows can go in: columns missing, columns in another unit."""
    assert layout.nearest is not None, "asked only where some kind of table is near"
    like = f"「{sheet}」像是{layout.nearest.title.zh}表，但"
    like_en = f"'{sheet}' looks like a table of {layout.nearest.title.en}, but"
    there = set(layout.other_units.values())
    missing = [need for need in layout.missing if there.isdisjoint(need)]
    problems = []
    if missing:
        detail = Text(
            f"{like}缺少列：{_columns(missing, '或')}",
            f"{like_en} these columns are missing: {_columns(missing, ' or ')}",
        )
        problems.append(
            Problem("unreadable-file", detail, where=_columns(missing, "/"), remedy=MISSING_COLUMNS)
        )
    for heading, field in layout.other_units.items():
        detail = Text(
            f"{like}列「{heading}」的单位不能识别，应为 {field.unit}",
            f"{like_en} the unit of the column {heading} is not understood; {field.unit} is wanted",
        )
        usual = f"{field.title.zh}({field.unit})"
        remedy = Text(
            f"请把这一列换算成 {field.unit}，列名写作「{usual}」。",
            f"Convert this column to {field.unit} and call it {usual}.",
        )
        problems.append(Problem("unreadable-file", detail, where=heading, remedy=remedy))
    return problems


def _columns(missing: Sequence[tuple[Field, ...]], or_: str) -> str:
    return "、".join(or_.join(each.title.zh for each in alternatives) for alternatives in missing)


MISSING_COLUMNS = Text(
    "请补上这些列，或改正列名，或在网页「导入」上说明它们叫什么。",
    "Add these columns, correct their headings, or say on the page Import what they are called.",
)
_SHOW_SHEETS = Text("要导入的工作表请先取消隐藏。", "Show the sheets that are to be imported.")
