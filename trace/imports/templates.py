"""Workbooks to fill in and import: one for each kind of user, made of the columns that the reader itself knows.

A sheet of explanations, a sheet of the words that may be chosen from, and a sheet for each table with one example.
The same template has the same bytes every time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from ..errors import Text
from ..model.indicators import INDICATORS
from .columns import (
    ACCEPTANCES,
    BATCHES,
    FACTORY_TESTS,
    LABORATORY_RESULTS,
    OPINIONS,
    ORDERS,
    PRODUCTS,
    PROJECTS,
    RECEIPTS,
    SHIPMENTS,
    USES,
    Field,
    TableKind,
)
from .examples import EXAMPLES, invented_in
from .meanings import meaning_of
from .workbook import normal_heading


@dataclass(frozen=True, slots=True)
class Template:
    """``name`` is its address; ``kinds`` are its tables, in the order of its sheets."""

    name: str
    title: Text
    kinds: tuple[TableKind, ...]


TEMPLATES: Mapping[str, Template] = {
    each.name: each
    for each in (
        Template(
            "maker",
            Text("生产企业、经销商", "Makers and dealers"),
            (PRODUCTS, BATCHES, FACTORY_TESTS, SHIPMENTS),
        ),
        Template("receiver", Text("收货单位（经销商等）", "Receivers, such as dealers"), (RECEIPTS,)),
        Template("laboratory", Text("检验机构", "Laboratories"), (LABORATORY_RESULTS,)),
        Template(
            "site",
            Text("施工单位、监理单位", "Construction sites"),
            (PROJECTS, ORDERS, ACCEPTANCES, OPINIONS, USES),
        ),
    )
}

GUIDE, CHOICES = "填写说明 Guide", "可选内容 Choices"

#: Rows below the headings that get drop-downs and hints.
_ROWS = 20_000
#: It stands in the file; a real one would give every download other bytes.
_MADE = datetime(2026, 1, 1, tzinfo=UTC)
#: Excel takes no longer ones.
_LONGEST_HINT_TITLE, _LONGEST_HINT = 32, 255

_RULES = (
    Text(
        "表头带 * 的列必须填；黄色表头的列几项中至少填一项；其余可不填。列的顺序可以改，用不到的列和表可以删。",
        "Columns marked * must be filled in; of those with a yellow heading at least one of the named must be; the rest "
        "may stay empty. Columns may be moved; columns and sheets that you do not need may be deleted.",
    ),
    Text(
        "每张表第一行灰字是示例，导入时自动跳过。请从下一行填起，或把示例整行换成实际内容；只改一部分会被退回。",
        "The grey first row of each sheet is an example, which the import passes over. Begin below it, or write over "
        "all of it: a row that still has parts of the example is refused.",
    ),
    Text(
        "日期写成 2026-04-21、2026/4/21、2026.04.21、2026年4月21日 或 20260421，顺序为年、月、日，不带时刻。",
        "Dates are written 2026-04-21, 2026/4/21, 2026.04.21, 2026年4月21日 or 20260421: year, month, day, and no time.",
    ),
    Text(
        "长度按表头的单位填数字。编号、批号、盘号的列已设为文本格式，不会丢掉开头的 0，也不会变成日期；"
        "从别处粘贴时请选“只粘贴数值”。",
        "Lengths are numbers in the unit of the heading. Columns of codes, lots and drums are formatted as text, so that "
        "zeros in front stay and nothing turns into a date; paste values only.",
    ),
    Text(
        "导入分两步：先核对，列出每一行的问题，什么也不写入；确认后才写入账本。同一文件再导入一次不会重复。",
        "An import has two steps: first it is checked and every row in trouble is named, and nothing is recorded; then "
        "you confirm. Importing a file again adds nothing twice.",
    ),
)


def heading_of(kind: TableKind, field: Field) -> str:
    """As it stands in the template: ``*总长度(m)``."""
    unit = f"({field.unit})" if field.unit else ""
    return f"{'*' if _is_required(kind, field) else ''}{field.title.zh}{unit}"


@cache
def template_workbook(template: Template) -> bytes:
    """The file, made once: it takes some 15 ms."""
    saved = BytesIO()
    with xlsxwriter.Workbook(saved, {"in_memory": True}) as book:
        book.set_properties({"title": f"{template.title.zh} {template.title.en}", "created": _MADE})
        formats = _Formats(book)
        guide = book.add_worksheet(GUIDE)
        sheets = [(kind, book.add_worksheet(kind.title.zh)) for kind in template.kinds]
        choices = (
            _write_choices(book.add_worksheet(CHOICES), template, formats) if has_choices(template) else {}
        )
        _write_guide(guide, template, formats)
        for kind, sheet in sheets:
            _write_table(sheet, kind, choices, formats)
    return saved.getvalue()


def has_choices(template: Template) -> bool:
    """Whether any of its columns takes words of a list, so that there is a sheet of these."""
    return any(meaning_of(kind, field).choices for kind in template.kinds for field in kind.fields)


class _Formats:
    """The looks of cells."""

    def __init__(self, book: Any) -> None:
        heading = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.required = book.add_format({**heading, "bg_color": "#F8CBAD"})
        self.one_of = book.add_format({**heading, "bg_color": "#FFE699"})
        self.optional = book.add_format({**heading, "bg_color": "#E7E6E6"})
        self.example = book.add_format({"font_color": "#7F7F7F", "italic": True})
        self.cells = {
            "text": book.add_format({"num_format": "@"}),
            "number": book.add_format({"align": "right"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        }

    def heading(self, kind: TableKind, field: Field) -> Any:
        if _is_required(kind, field):
            return self.required
        return self.one_of if _others_instead(kind, field) else self.optional


def _is_required(kind: TableKind, field: Field) -> bool:
    return (field.name,) in kind.needs


def _others_instead(kind: TableKind, field: Field) -> tuple[str, ...]:
    """The columns of which one must be filled in, this one being among them."""
    needs = (need for need in kind.needs if len(need) > 1 and field.name in need)
    return tuple(kind.title_of(name).zh for name in next(needs, ()))


# ---- a table ------------------------------------------------------------------------------------------------


def _write_table(
    sheet: Any, kind: TableKind, choices: Mapping[tuple[str, ...], str], formats: _Formats
) -> None:
    example = EXAMPLES[kind.name]
    for column, field in enumerate(kind.fields):
        meaning = meaning_of(kind, field)
        heading, value = heading_of(kind, field), example.get(field.name)
        looks = formats.cells[meaning.holds]
        sheet.set_column(column, column, max(_width(heading), min(_width(value), 40)) + 2, looks)
        sheet.write_string(0, column, heading, formats.heading(kind, field))
        if isinstance(value, date):
            sheet.write_datetime(1, column, value, looks)
        elif isinstance(value, str):
            sheet.write_string(1, column, value, looks)
        elif value is not None:
            sheet.write_number(1, column, value, looks)
        hint = f"{meaning.text.zh}\n{meaning.text.en}"
        rule = {
            "validate": "any",
            "input_title": field.title.zh[:_LONGEST_HINT_TITLE],
            "input_message": hint if len(hint) <= _LONGEST_HINT else meaning.text.zh[:_LONGEST_HINT],
        }
        if meaning.choices:
            rule |= {
                "validate": "list",
                "source": choices[meaning.choices],
                "error_type": "warning",
                "error_title": "不在列表中 Not in the list",
                "error_message": "列表之外的写法，导入时可能不认识。\nThe import may not know what is not in the list.",
            }
        sheet.data_validation(1, column, _ROWS, column, rule)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors({"number_stored_as_text": xl_range_abs(0, 0, _ROWS, len(kind.fields) - 1)})
    sheet.conditional_format(
        1,
        0,
        _ROWS,
        len(kind.fields) - 1,
        {"type": "formula", "criteria": _has_example(kind), "format": formats.example},
    )


def _has_example(kind: TableKind) -> str:
    """A row is grey as long as something of the example is in it, which is as long as the import refuses it."""
    columns = {field.name: n for n, field in enumerate(kind.fields)}
    left = (
        f'{xl_rowcol_to_cell(1, columns[name], col_abs=True)}="{value}"'
        for name, value in invented_in(EXAMPLES[kind.name]).items()
    )
    return f"=OR({','.join(left)})"


def _width(text: object) -> int:
    """In the width of a digit: a Chinese character has two."""
    return 0 if text is None else sum(1 if ord(c) < 0x2E80 else 2 for c in str(text))


# ---- the words ----------------------------------------------------------------------------------------------


def _write_choices(sheet: Any, template: Template, formats: _Formats) -> dict[tuple[str, ...], str]:
    """Lists of words in columns; returns where each list stands. They are too long to stand in a cell's rule."""
    places: dict[tuple[str, ...], str] = {}
    for kind in template.kinds:
        for field in kind.fields:
            words = meaning_of(kind, field).choices
            if not words or words in places:
                continue
            column = len(places)
            sheet.write_string(0, column, f"可填的{field.title.zh} {field.title.en}", formats.optional)
            sheet.write_column(1, column, words)
            sheet.set_column(
                column, column, max(map(_width, (*words, f"可填的{field.title.zh} {field.title.en}"))) + 2
            )
            places[words] = f"='{CHOICES}'!{xl_range_abs(1, column, len(words), column)}"
    if any(field.name == "indicator" for kind in template.kinds for field in kind.fields):
        _write_units(sheet, len(places) + 1, formats)
    sheet.freeze_panes(1, 0)
    return places


def _write_units(sheet: Any, column: int, formats: _Formats) -> None:
    """Which units an indicator takes."""
    for n, (heading, width) in enumerate((("各检测项目", 32), ("可用的单位 Units", 36), ("In English", 52))):
        sheet.write_string(0, column + n, heading, formats.optional)
        sheet.set_column(column + n, column + n, width)
    for row, indicator in enumerate(INDICATORS, start=1):
        units = "  ".join(unit.symbol for unit in indicator.units) or "/"
        for n, text in enumerate((indicator.title.zh, units, indicator.title.en)):
            sheet.write_string(row, column + n, text)


# ---- the explanations ---------------------------------------------------------------------------------------

_GUIDE_HEADINGS = (
    "工作表 Sheet",
    "列 Column",
    "要不要填 Needed?",
    "怎么填",
    "How to fill it in",
    "示例 Example",
)
_GUIDE_WIDTHS = (18, 34, 30, 56, 60, 34)


def _write_guide(sheet: Any, template: Template, formats: _Formats) -> None:
    sheet.write_string(
        0, 0, f"电缆追溯导入模板：{template.title.zh} Import template: {template.title.en}", formats.title
    )
    for column, width in enumerate(_GUIDE_WIDTHS):
        sheet.set_column(column, column, width, formats.wrapped)
    last = len(_GUIDE_HEADINGS) - 1
    for row, rule in enumerate(_RULES, start=1):
        sheet.merge_range(row, 0, row, last, f"{rule.zh}\n{rule.en}", formats.wrapped)
        sheet.set_row(row, 32)
    row = len(_RULES) + 2
    for column, text in enumerate(_GUIDE_HEADINGS):
        sheet.write_string(row, column, text, formats.optional)
    for kind in template.kinds:
        for field in kind.fields:
            row += 1
            for column, text in enumerate(_explained(kind, field)):
                sheet.write_string(row, column, text, formats.wrapped)
    sheet.activate()


def _explained(kind: TableKind, field: Field) -> Sequence[str]:
    meaning = meaning_of(kind, field)
    value = EXAMPLES[kind.name].get(field.name)
    return (
        f"{kind.title.zh} {kind.title.en}",
        f"{heading_of(kind, field)} {normal_heading(field.title.en)}",
        _needed(kind, field),
        meaning.text.zh,
        meaning.text.en,
        "" if value is None else str(value),
    )


def _needed(kind: TableKind, field: Field) -> str:
    if _is_required(kind, field):
        return "必填 required"
    instead = _others_instead(kind, field)
    return f"至少填一项 one of: {'、'.join(instead)}" if instead else "可不填 optional"
