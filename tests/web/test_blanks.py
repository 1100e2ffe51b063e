"""How values are typed: each way shows what it reads and reads what it shows; what is not touched keeps its value."""

from __future__ import annotations

from importlib import import_module
from itertools import chain
from pkgutil import iter_modules
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cabletrace import web
from cabletrace.errors import InputError, Problem, Text
from cabletrace.http.forms import joined
from cabletrace.model.case_path import CASE_STEPS, LEAD_STEPS
from cabletrace.model.request_path import REQUEST_STEPS
from cabletrace.web import blanks
from cabletrace.web.blanks import Blank, Rows, Way, compacted, placed, read_typed, row_count, typed_of
from cabletrace.web.directory import Directory
from cabletrace.web.filled import show_time
from cabletrace.web.form_parts import OFFICERS, Form
from cabletrace.web.forms_of_cases import form_of_case_step, form_of_lead_step
from cabletrace.web.forms_of_requests import form_of_request_step

NOBODY = Directory.empty()
LENGTHS = some.integers(min_value=1, max_value=10**12)


def ranges() -> some.SearchStrategy[list[list[int]]]:
    """Ascending ranges that do not touch."""
    edges = some.lists(some.integers(1, 400), min_size=2, max_size=10, unique=True).map(sorted)
    pairs = edges.map(lambda e: [[a * 3, b * 3 - 2] for a, b in zip(e[::2], e[1::2], strict=False)])
    return pairs.filter(lambda found: all(first <= last for first, last in found) and bool(found))


@given(LENGTHS)
def test_a_length_is_read_back_as_it_was_shown(length_mm: int) -> None:
    assert blanks.METRES.read(blanks.METRES.show(length_mm, NOBODY), NOBODY) == length_mm


@given(some.integers(0, 10**12))
def test_a_price_is_read_back_as_it_was_shown(price_fen: int) -> None:
    assert blanks.YUAN.read(blanks.YUAN.show(price_fen, NOBODY), NOBODY) == price_fen


@given(ranges())
def test_units_are_read_back_as_they_were_shown(units: list[list[int]]) -> None:
    assert blanks.UNITS.read(blanks.UNITS.show(units, NOBODY), NOBODY) == units


@pytest.mark.parametrize("typed", ["411602", "川汇区", "周口市川汇区", "河南省 周口市 川汇区"])
def test_a_region_is_meant_by_its_code_or_its_name(typed: str) -> None:
    assert blanks.REGION.read(typed, NOBODY) == "411602"


@pytest.mark.parametrize(("typed", "said"), [("朝阳区", "有几个地区"), ("某某县", "没有叫这个名称")])
def test_a_region_that_is_none_or_several_is_asked_for_again(typed: str, said: str) -> None:
    with pytest.raises(InputError, match="region") as caught:
        blanks.REGION.read(typed, NOBODY)

    assert said in caught.value.problems[0].detail.zh


def _blank(at: str, way: Way = blanks.WORDS, *, required: bool = False) -> Blank:
    return Blank(at=at, label=Text("长度", "length"), way=way, required=required)


def read(
    parts: list[Any], typed: dict[str, str], before: dict[str, Any]
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    return read_typed(parts, typed, before, NOBODY)


def test_what_is_left_as_it_was_shown_keeps_its_value_and_what_has_no_blank_stays() -> None:
    before = {"body": {"value": "7.140", "hidden": {"a": 1}}, "documents": ["x"]}
    parts = [_blank("body/value", blanks.MEASURED)]

    draft, problems = read(parts, typed_of(parts, before, NOBODY), before)

    assert draft == before
    assert problems == ()


def test_an_emptied_blank_leaves_the_draft_and_an_object_without_members_goes() -> None:
    before = {"body": {"goods": {"marks": "x"}, "note": "y"}}

    draft, _ = read([_blank("body/goods/marks"), _blank("body/note")], {"body/note": "z"}, before)

    assert draft == {"body": {"note": "z"}}


def test_a_blank_that_is_needed_is_asked_for_at_its_place() -> None:
    _, (problem,) = read([_blank("body/length_mm", blanks.METRES, required=True)], {}, {})

    assert problem.where == "/body/length_mm"
    assert problem.detail.zh == "请填写「长度」"


def test_rows_without_anything_are_none_and_the_others_close_up() -> None:
    rows = Rows(
        at="body/pieces",
        label=Text("段", "pieces"),
        blanks=(
            _blank("unit", blanks.UNIT, required=True),
            _blank("length_mm", blanks.METRES, required=True),
        ),
        fixed={"kind": "piece"},
    )
    typed = compacted(
        [rows], {"body/pieces/1/unit": "11", "body/pieces/1/length_mm": "5", "body/pieces/4/unit": "12"}
    )

    draft, problems = read([rows], typed, {})

    assert draft["body"]["pieces"][0] == {"kind": "piece", "unit": 11, "length_mm": 5_000}
    assert [problem.where for problem in problems] == ["/body/pieces/1/length_mm"]
    assert typed["body/pieces/1/unit"] == "12"


def test_a_problem_stands_beside_the_nearest_field_that_is_there() -> None:
    found = [
        Problem("x", Text("", ""), where=where)
        for where in ("/body/units", "/body/right/pieces/0", "/subject")
    ]

    assert [each.where for each in placed(found, {"body/units", "body/pieces"})] == [
        "/body/units",
        "/body/pieces",
        "",
    ]


@pytest.mark.parametrize(
    ("occurred_at", "precision", "shown"),
    [
        ("2026-05-02T00:00:00+08:00", "day", ("2026-05-02", "")),
        ("2026-05-02T00:30:00Z", None, ("2026-05-02", "08:30")),
        ("2026-05-02T08:30:15+08:00", None, ("2026-05-02", "08:30:15")),
        (None, None, ("", "")),
    ],
)
def test_a_time_is_shown_as_it_was_in_shanghai(
    occurred_at: str, precision: str, shown: tuple[str, str]
) -> None:
    assert show_time(occurred_at, precision) == shown


@pytest.mark.parametrize("way", [blanks.choose, blanks.pick, blanks.tick_some])
def test_only_what_was_offered_can_be_chosen(way: Any) -> None:
    offered = {"good": Text("好", "good"), "bad": Text("坏", "bad")}
    parts = [_blank("body/it", way(offered))]

    taken, _ = read(parts, {"body/it": "bad"}, {})
    _, problems = read(parts, {"body/it": "ugly"}, {})

    assert taken["body"]["it"] in ("bad", ["bad"])
    assert [(each.where, each.came) for each in problems] == [("/body/it", "ugly")]
    assert "好、坏" in problems[0].remedy.zh  # type: ignore[union-attr]


def test_every_field_with_several_boxes_may_come_several_times() -> None:
    ticked = {
        blank.at
        for form in every_form()
        for blank in blanks.blanks_of(form.parts, lambda _: 12)
        if blank.way.look == "ticks"
    }

    assert {"body/kinds", "body/questions", "body/penalties", "body/matter/projects"} <= ticked
    assert {"body/tasks/0/asks", "body/tasks/11/asks"} <= ticked
    for each in ticked:
        assert joined([(each, "a"), (each, "b")]) == {each: "a,b"}


def test_rows_of_officers_are_as_many_as_are_wanted_and_one_more_than_are_named() -> None:
    def after(*names: str) -> int:
        return row_count(OFFICERS, {f"by/{n}/name": name for n, name in enumerate(names)})

    assert [after(), after("", ""), after("甲", ""), after("甲", "乙"), after("甲", "乙", "")] == [
        2,
        2,
        2,
        3,
        3,
    ]


def every_form() -> list[Form]:
    """Those that stand in the modules of forms, by themselves or in a table, and those that are made of the tables of steps."""
    modules = [
        import_module(f"cabletrace.web.{each.name}")
        for each in iter_modules(web.__path__)
        if each.name.startswith("forms")
    ]
    said = [value for module in modules for value in vars(module).values()]
    tables = [list(value.values()) for value in said if isinstance(value, dict)]
    steps = [form_of_lead_step(step) for step in LEAD_STEPS]
    steps += [form_of_case_step(step) for step in CASE_STEPS]
    steps += [form_of_request_step(step) for step in REQUEST_STEPS]
    return [form for form in (*said, *chain(*tables), *steps) if isinstance(form, Form)]
