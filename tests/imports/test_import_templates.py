"""The workbooks to fill in: they have every column the reader knows, and what stands in them can be imported."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from cabletrace.auth.policy import Role
from cabletrace.codes.uscc import is_uscc
from cabletrace.imports import maker_tables, reports, site_tables
from cabletrace.imports.columns import KINDS, Field, TableKind, recognise
from cabletrace.imports.examples import EXAMPLES, invented_in, set_aside
from cabletrace.imports.grid import Cell
from cabletrace.imports.meanings import MEANINGS, MEANINGS_HERE, meaning_of
from cabletrace.imports.rows import Table, Words
from cabletrace.imports.templates import (
    CHOICES,
    GUIDE,
    TEMPLATES,
    has_choices,
    heading_of,
    template_workbook,
)
from cabletrace.imports.workbook import normal_heading, read_workbook
from cabletrace.model.indicators import INDICATORS, parse_indicator
from cabletrace.model.values import party_id
from drafts_for_tests import uscc_of
from imports_for_tests import MAKER, House

EVERY_TEMPLATE = pytest.mark.parametrize("name", TEMPLATES)
COLUMNS = [(kind, field) for kind in KINDS for field in kind.fields]
EVERY_COLUMN = pytest.mark.parametrize(
    ("kind", "field"), COLUMNS, ids=[f"{kind.name}-{field.name}" for kind, field in COLUMNS]
)


@cache
def file_of(name: str) -> bytes:
    return template_workbook(TEMPLATES[name])


def opened(name: str) -> Workbook:
    return load_workbook(BytesIO(file_of(name)))


@cache
def to_read(name: str) -> Workbook:
    """Opened once for all tests that only look."""
    return opened(name)


def sheet_of(name: str, kind: TableKind) -> Worksheet:
    sheet = to_read(name)[kind.title.zh]
    assert isinstance(sheet, Worksheet)
    return sheet


def template_of(kind: TableKind) -> str:
    return next(name for name, template in TEMPLATES.items() if kind in template.kinds)


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


#: Firms that could be, in the place of the invented ones.
FIRMS = {
    code: uscc_of(code[2:8], f"MA1TEXT{n}")
    for n, code in enumerate(
        sorted(
            {
                str(value)
                for example in EXAMPLES.values()
                for field, value in example.items()
                if field.endswith("_uscc")
            }
        )
    )
}


def made_real(value: Any) -> Any:
    """What stands in an example, written over as a user would."""
    if not isinstance(value, str):
        return value
    return FIRMS.get(value) or value.replace("示例", "甲").replace("9999", "8888")


def changed(name: str, change: Callable[[Any], Any]) -> bytes:
    """The template with every cell of its examples changed, as after typing over it in a spreadsheet."""
    book = opened(name)
    for kind in TEMPLATES[name].kinds:
        for cell in book[kind.title.zh][2]:
            cell.value = change(cell.value)
    return saved(book)


def filled_in(name: str) -> bytes:
    return changed(name, made_real)


def sheets(name: str) -> dict[str, int]:
    return {kind.title.zh: 1 for kind in TEMPLATES[name].kinds}


# ---- every column stands in a template, and is explained


def test_every_table_of_the_reader_stands_in_one_template() -> None:
    assert sorted(kind.name for each in TEMPLATES.values() for kind in each.kinds) == sorted(
        kind.name for kind in KINDS
    )


@EVERY_TEMPLATE
def test_the_reader_understands_every_column_of_a_template_and_nothing_else_in_it(name: str) -> None:
    book = read_workbook(file_of(name), f"{name}.xlsx")
    layouts = {sheet.name: recognise(sheet.headings, sheet.name) for sheet in book.sheets}

    assert set(layouts) == {GUIDE, *([CHOICES] if has_choices(TEMPLATES[name]) else []), *sheets(name)}
    for kind in TEMPLATES[name].kinds:
        layout = layouts.pop(kind.title.zh)
        assert layout.kind is kind
        assert set(layout.headings) == {field.name for field in kind.fields}
        assert layout.ignored == ()
    assert all(layout.nearest is None for layout in layouts.values())
    assert book.hidden == ()


@EVERY_COLUMN
def test_a_column_is_explained_in_both_languages_with_its_example(kind: TableKind, field: Field) -> None:
    rows = [
        [cell.value for cell in row]
        for row in to_read(template_of(kind))[GUIDE].iter_rows(min_row=8)
        if row[0].value == f"{kind.title.zh} {kind.title.en}"
    ]
    (row,) = [row for row in rows if row[1] == f"{heading_of(kind, field)} {normal_heading(field.title.en)}"]
    example = EXAMPLES[kind.name].get(field.name)

    assert row[3] == meaning_of(kind, field).text.zh
    assert row[4] == meaning_of(kind, field).text.en
    assert (row[5] or "") == ("" if example is None else str(example))


def test_nothing_is_explained_that_is_no_column() -> None:
    by_kind = {(kind.name, field.name) for kind, field in COLUMNS}

    assert set(MEANINGS_HERE) <= by_kind
    assert set(MEANINGS) <= {name for _, name in by_kind}
    assert {(name, field) for name, example in EXAMPLES.items() for field in example} <= by_kind


@EVERY_COLUMN
def test_what_must_be_filled_in_is_marked(kind: TableKind, field: Field) -> None:
    needed = (field.name,) in kind.needs
    one_of = any(field.name in need for need in kind.needs) and not needed
    rows = to_read(template_of(kind))[GUIDE].iter_rows(min_row=8, values_only=True)
    (said,) = [
        str(row[2])
        for row in rows
        if row[0] == f"{kind.title.zh} {kind.title.en}"
        and row[1] == f"{heading_of(kind, field)} {normal_heading(field.title.en)}"
    ]

    assert heading_of(kind, field).startswith("*") is needed
    assert said.startswith("必填") is needed
    assert said.startswith("至少填一项") is one_of


def test_every_closed_list_of_words_that_the_reader_has_is_a_drop_down() -> None:
    read = [
        tuple(value.usual)
        for module in (maker_tables, reports, site_tables)
        for value in vars(module).values()
        if isinstance(value, Words)
    ]
    offered = {meaning_of(kind, field).choices for kind, field in COLUMNS}

    assert len(read) == 6
    assert set(read) <= offered


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_drop_down_shows_the_words_that_the_reader_takes(kind: TableKind) -> None:
    name = template_of(kind)
    book, sheet = to_read(name), sheet_of(name, kind)
    offered: dict[str, list[Any]] = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type != "list":
            continue
        place = re.fullmatch(r"'(.+)'!\$([A-Z]+)\$(\d+):\$[A-Z]+\$(\d+)", str(rule.formula1))
        assert place is not None
        assert place[1] == CHOICES
        column = sheet.cell(1, next(iter(rule.sqref.ranges)).min_col).value
        cells = book[CHOICES][f"{place[2]}{place[3]}:{place[2]}{place[4]}"]
        offered[str(column)] = [cell.value for (cell,) in cells]

    assert offered == {
        heading_of(kind, field): list(meaning_of(kind, field).choices)
        for field in kind.fields
        if meaning_of(kind, field).choices
    }


def test_the_reader_takes_every_word_of_every_drop_down() -> None:
    by_words = {
        tuple(value.usual): value
        for module in (maker_tables, reports, site_tables)
        for value in vars(module).values()
        if isinstance(value, Words)
    }
    units = {unit.symbol for indicator in INDICATORS for unit in indicator.units}
    for kind, field in COLUMNS:
        for word in (choices := meaning_of(kind, field).choices):
            if choices in by_words:
                by_words[choices].read(Cell(word))
            elif field.name == "indicator":
                parse_indicator(word)
            else:
                assert (field.name, word in units) == ("measure", True)


# ---- what a spreadsheet makes of the cells


@EVERY_COLUMN
def test_codes_are_text_below_the_example_too_and_days_are_days(kind: TableKind, field: Field) -> None:
    sheet = sheet_of(template_of(kind), kind)
    column = [each.value for each in sheet[1]].index(heading_of(kind, field)) + 1
    wanted = {"text": "@", "number": "General", "day": "yyyy-mm-dd"}[meaning_of(kind, field).holds]

    # openpyxl keeps neighbours that look alike as one.
    below = next(
        each for each in sheet.column_dimensions.values() if (each.min or 0) <= column <= (each.max or 0)
    )

    assert below.number_format == wanted
    if sheet.cell(2, column).value is not None:
        assert sheet.cell(2, column).number_format == wanted


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_headings_stay_in_sight_and_columns_are_wide_enough(kind: TableKind) -> None:
    sheet = sheet_of(template_of(kind), kind)

    assert sheet.freeze_panes == "A2"
    for cell in sheet[1]:
        width = next(
            each.width
            for each in sheet.column_dimensions.values()
            if (each.min or 0) <= (cell.column or 0) <= (each.max or 0)
        )
        assert width > len(str(cell.value))


def test_a_template_has_the_same_bytes_every_time() -> None:
    again = template_workbook.__wrapped__

    assert all(again(template) == file_of(name) for name, template in TEMPLATES.items())


# ---- the example row


def test_the_example_firms_have_codes_that_are_right_and_that_nobody_can_have() -> None:
    assert len(FIRMS) == 4
    assert all(is_uscc(code) and "EXAMPLE" in code for code in FIRMS)


def test_every_template_filled_in_like_its_example_goes_in_without_a_mark(house: House) -> None:
    """The maker's first, for the others speak of its drums."""
    for name in TEMPLATES:
        if name == "laboratory":
            continue
        report = house.try_out(filled_in(name), f"{name}.xlsx")
        assert (report.bad, report.marked) == ((), ())
        assert report.good == sheets(name)
        assert house.bring(filled_in(name), f"{name}.xlsx").bad == ()

    report = house.try_out(filled_in("laboratory"), "laboratory.xlsx")
    assert (report.bad, report.marked) == ((), ())
    assert report.good == sheets("laboratory")
    assert set(report.added) >= {"sampling", "testing"}


@EVERY_TEMPLATE
def test_a_template_as_it_was_downloaded_records_nothing_and_says_that_its_example_was_passed_over(
    name: str, house: House
) -> None:
    size = house.size()

    report = house.bring(file_of(name), f"{name}.xlsx")

    assert (report.bad, report.marked, report.added) == ((), (), {})
    assert report.good == dict.fromkeys(sheets(name), 0)
    assert report.to_json()["examples"] == sheets(name)
    assert house.size() == size


def test_rows_below_an_example_that_was_left_in_go_in(house: House) -> None:
    book = opened("maker")
    for kind in TEMPLATES["maker"].kinds:
        sheet = book[kind.title.zh]
        assert isinstance(sheet, Worksheet)
        sheet.append([made_real(cell.value) for cell in sheet[2]])

    report = house.try_out(saved(book))

    assert report.bad == ()
    assert report.good == sheets("maker")
    assert report.to_json()["examples"] == sheets("maker")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_whatever_is_left_of_an_example_keeps_its_row_out(kind: TableKind) -> None:
    """Each of its invented names and numbers, even if it alone is left."""
    for field, value in invented_in(EXAMPLES[kind.name]).items():
        data = changed(template_of(kind), lambda cell, kept=value: cell if cell == kept else made_real(cell))
        (sheet,) = [each for each in read_workbook(data, "x.xlsx").sheets if each.name == kind.title.zh]

        aside = set_aside(Table(sheet.name, kind, recognise(sheet.headings, sheet.name).headings, sheet.rows))

        assert {trouble.field for trouble in aside.troubles} >= {field}
        assert {trouble.problem.came for trouble in aside.troubles} == {value}
        assert (list(aside.table.rows), aside.untouched) == ([], 0)


def test_an_example_that_was_written_over_in_part_is_refused_in_plain_words(house: House) -> None:
    """Its invented maker would otherwise be registered, and the whole file would be its own."""
    data = changed("maker", lambda cell: cell if cell == "示例电缆有限公司" else made_real(cell))

    report = house.bring(data, actor=house.session(MAKER, Role.MANUFACTURER))

    assert report.added == {}
    assert report.good == dict.fromkeys(sheets("maker"), 0)
    assert {(each.row, each.column, each.value, each.reason.zh, each.remedy.zh) for each in report.bad} == {
        (
            2,
            "生产企业",
            "示例电缆有限公司",
            "这里还是模板示例的内容",
            "请把示例行整行换成实际内容，或删去该行。",
        )
    }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_example_with_another_quantity_or_day_is_no_longer_untouched(kind: TableKind) -> None:
    changes: list[Callable[[Any], Any]] = [
        lambda cell: cell + 1 if isinstance(cell, int | float) else cell,
        lambda cell: cell + timedelta(days=1) if isinstance(cell, datetime) else cell,
    ]
    for change in changes:
        data = changed(template_of(kind), change)
        (sheet,) = [each for each in read_workbook(data, "x.xlsx").sheets if each.name == kind.title.zh]
        before = [cell.value for cell in sheet_of(template_of(kind), kind)[2]]
        touched = any(change(value) != value for value in before)

        aside = set_aside(Table(sheet.name, kind, recognise(sheet.headings, sheet.name).headings, sheet.rows))

        assert aside.untouched == (0 if touched else 1)
        assert bool(aside.troubles) is touched


def test_an_example_is_passed_over_in_a_file_that_was_saved_as_csv(house: House) -> None:
    kind = next(kind for kind in KINDS if kind.name == "shipments")
    row = [EXAMPLES[kind.name].get(field.name, "") for field in kind.fields]
    lines = [
        ",".join(heading_of(kind, field) for field in kind.fields),
        ",".join(f"{cell:%Y/%m/%d}" if isinstance(cell, date) else str(cell) for cell in row),
    ]

    report = house.try_out("\n".join(lines).encode("gb18030"), "发货.csv")

    assert report.to_json()["examples"] == {"发货.csv": 1}
    assert report.bad == ()


def test_a_row_is_grey_as_long_as_anything_of_the_example_is_in_it() -> None:
    for kind in KINDS:
        sheet = sheet_of(template_of(kind), kind)
        ((where, (rule,)),) = [(str(each.sqref), each.rules) for each in sheet.conditional_formatting]

        assert where.startswith("A2:")
        assert rule.dxf is not None
        assert rule.dxf.font.color.rgb == "FF7F7F7F"
        for value in invented_in(EXAMPLES[kind.name]).values():
            assert f'="{value}"' in rule.formula[0]


def test_an_account_that_enters_for_itself_brings_its_template_in(house: House) -> None:
    """Not only the one at the machine, who may enter for everybody."""
    maker = house.session(party_id(FIRMS["91411603EXAMPLE11E"]), Role.MANUFACTURER)

    report = house.try_out(filled_in("maker"), actor=maker)

    assert report.bad == ()
    assert report.good == sheets("maker")


def test_dates_in_templates_are_days_of_a_calendar() -> None:
    for kind in KINDS:
        sheet = sheet_of(template_of(kind), kind)
        days = [cell.value for cell in sheet[2] if isinstance(cell.value, datetime)]

        assert all(day.time() == datetime.min.time() for day in days)
        assert bool(days) is any(isinstance(value, date) for value in EXAMPLES[kind.name].values())
