"""What the monthly form counts: distinct things over any period and any units, events, and amounts that somebody knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.errors import InputError
from cabletrace.model.investigation import KnownCase, KnownMatter, KnownStep
from cabletrace.model.monthly import (
    Figure,
    Happened,
    Month,
    SampleReport,
    counted,
    failed_among,
    figures,
    form_called,
    form_of,
    forms,
    of_case,
    row_of_inspection,
    show_wan,
    within,
    without_conclusion,
)

JUNE = Month(2026, 6)
YEAR = date(2026, 1, 1)


@st.composite
def happenings(draw: st.DrawFn) -> list[Happened]:
    """Events of half a year about a handful of things; each event about one."""
    count = draw(st.integers(0, 12))
    return [
        Happened(
            event=f"e{n}",
            seq=n,
            on=YEAR + timedelta(draw(st.integers(0, 180))),
            thing=draw(st.sampled_from("abcd")),
            fen=draw(st.none() | st.integers(0, 10**12)),
        )
        for n in range(count)
    ]


@given(happenings(), st.randoms(use_true_random=False))
def test_neither_order_nor_being_told_twice_changes_a_number(found: list[Happened], chance) -> None:  # type: ignore[no-untyped-def]
    mixed = found + found[:3]
    chance.shuffle(mixed)

    for how in ("things", "events", "fen"):
        assert counted(how, mixed) == counted(how, found)


@given(happenings(), happenings())
def test_two_units_together_count_a_maker_of_both_once(one: list[Happened], other: list[Happened]) -> None:
    other = [each._replace(event=f"o{each.event}", seq=each.seq + 100) for each in other]
    both = {each.thing for each in one} & {each.thing for each in other}

    together = counted("things", one + other).value
    apart = counted("things", one).value, counted("things", other).value

    assert together == sum(filter(None, apart)) - len(both)
    assert counted("events", one + other).value == len(one) + len(other)


@given(happenings())
def test_a_day_lies_in_one_month_and_the_cumulative_number_holds_all_of_them(found: list[Happened]) -> None:
    months = [Month(2026, n) for n in range(1, 8)]
    cells = [within(found, month.first, month.last) for month in months]
    whole = within(found, YEAR, months[-1].last)

    assert sorted(each for cell in cells for each in cell) == list(whole)
    numbers = [counted("things", cell).value or 0 for cell in cells]
    assert max(numbers) <= (counted("things", whole).value or 0) <= sum(numbers)


@given(happenings())
def test_an_amount_that_nobody_knows_is_no_zero(found: list[Happened]) -> None:
    last = {each.thing: each.fen for each in found}
    value, unknown = counted("fen", found)

    assert unknown == sum(fen is None for fen in last.values())
    assert value == (
        None if last and unknown == len(last) else sum(fen for fen in last.values() if fen is not None)
    )


@given(st.integers(0, 10**15))
def test_an_amount_in_wan_is_exact(fen: int) -> None:
    whole, _, rest = show_wan(fen).replace(",", "").partition(".")

    assert int(whole) * 1_000_000 + int(rest.ljust(6, "0")) == fen
    assert not rest.endswith("0")


def test_a_month_is_written_in_one_way_and_ends_on_its_last_day() -> None:
    assert Month.parse("2028-02") == Month(2028, 2)
    assert Month(2028, 2).last == date(2028, 2, 29)
    assert Month(2026, 1).before == Month(2025, 12)
    assert [Month.parse(each.format()) for each in (JUNE, JUNE.before)] == [JUNE, Month(2026, 5)]
    for wrong in ("2026-6", "2026-13", "26-06", "2026-06-01", " 2026-06", ""):
        with pytest.raises(InputError):
            Month.parse(wrong)


def test_the_form_has_nine_rows_with_two_numbers_in_the_third_and_the_fourth() -> None:
    form = form_of(JUNE)
    rows = [cell.row for cell in form.cells if cell.row is not None]

    assert rows == [1, 2, 3, 3, 4, 4, 5, 6, 7, 8, 9]
    assert [cell.unit.zh for cell in form.cells if cell.row] == [
        "家", "户", "批次", "批次", "家", "次", "起", "起", "起", "万元", "万元",
    ]  # fmt: skip
    assert all(cell.definition.zh and cell.definition.en for cell in form.cells)
    assert form_of(Month(2011, 6)) == forms()[0]
    assert form_called(form.id) == form
    assert form_called("1999-01") is None


# --- what counts where ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("party", "roles", "checklist", "key"),
    [
        ("a", ["manufacturer"], None, "makers"),
        ("a", ["distributor"], None, "dealers"),
        ("a", ["manufacturer", "distributor"], None, "makers"),
        ("a", ["manufacturer", "distributor"], "distributor/2023-05-05", "dealers"),
        ("a", ["distributor"], "maker/2023-05-05", "makers"),
        ("a", ["contractor"], "site/2023-05-05", "elsewhere"),
        ("a", [], None, "elsewhere"),
        ("", ["manufacturer"], "maker/2023-05-05", "elsewhere"),
    ],
)
def test_an_inspection_counts_by_its_checklist_and_else_by_the_role(
    party: str, roles: Sequence[str], checklist: str | None, key: str
) -> None:
    assert row_of_inspection(party, roles, checklist) == key


def reported(
    seq: int, month: int, conclusion: str, *, sampling: str = "CY-1", retest: bool = False
) -> SampleReport:
    return SampleReport(f"t{seq}", seq, date(2026, month, 6), "batch:x", retest, sampling, conclusion)


NUMBERS = {"batch:x": ["CY-1"]}


def test_a_batch_fails_in_the_month_of_its_first_failing_report() -> None:
    found = failed_among(NUMBERS, [reported(2, 8, "fail"), reported(1, 7, "fail"), reported(0, 6, "none")])

    assert [(each.event, each.on.month) for each in found] == [("t1", 7)]
    assert [
        each.event for each in without_conclusion(NUMBERS, [reported(0, 6, "none"), reported(1, 7, "fail")])
    ] == ["t0"]


def test_a_passed_retest_takes_a_failure_back_and_an_earlier_pass_does_not() -> None:
    assert failed_among(NUMBERS, [reported(1, 7, "fail"), reported(2, 8, "pass", retest=True)]) == []
    assert len(failed_among(NUMBERS, [reported(1, 7, "fail"), reported(2, 8, "fail", retest=True)])) == 1
    assert len(failed_among(NUMBERS, [reported(1, 7, "fail"), reported(2, 8, "pass")])) == 1
    assert len(failed_among(NUMBERS, [reported(1, 7, "fail"), reported(2, 6, "pass", retest=True)])) == 1


def test_a_report_on_the_sample_of_another_authority_is_not_ours() -> None:
    assert failed_among(NUMBERS, [reported(1, 7, "fail", sampling="OTHER-9")]) == []
    assert len(failed_among(NUMBERS, [reported(1, 7, "fail", sampling="")])) == 1
    assert failed_among({}, [reported(1, 7, "fail")]) == []


def case(
    *steps: KnownStep, value_fen: int | None = None, id_: str = "c", category: str = "quality"
) -> KnownCase:
    return KnownCase(
        id=id_, event=f"filed {id_}", seq=1, authority="a", number="1", category=category, text="", legal_basis="",
        filed_on=date(2026, 6, 12), matter=KnownMatter(), frozen_at=0, goods_value_fen=value_fen, steps=steps,
    )  # fmt: skip


def step(name: str, month: int, **members: object) -> KnownStep:
    on = date(2026, month, 20)
    return KnownStep(event=f"{name} {month}", seq=month, step=name, on=on, speaker="a", **members)  # type: ignore[arg-type]


DECIDED = step(
    "decision", 7, outcome="penalty", fine_fen=2_000_000, confiscated_fen=345_000, goods_value_fen=900_000
)


def test_a_case_stands_in_one_row_and_its_amounts_in_the_months_of_their_papers() -> None:
    form = form_of(JUNE)
    found = of_case(case(DECIDED, step("executed", 8)))
    facts = {key: [happened] for key, happened in found.items()}
    june, july, august = (
        figures(form, facts, month.first, month.last) for month in (JUNE, Month(2026, 7), Month(2026, 8))
    )

    assert [june[key].value for key in ("counterfeit", "unlicensed", "quality")] == [0, 0, 1]
    assert (june["goods-value"], june["penalised"]) == (Figure(900_000), Figure(0))
    assert (july["quality"].value, july["penalised"], july["collected"]) == (0, Figure(2_345_000), Figure(0))
    assert (august["penalised"], august["collected"]) == (Figure(0), Figure(2_345_000))


def test_a_case_without_a_value_is_told_as_unknown_beside_those_that_have_one() -> None:
    unknown, known = of_case(case()), of_case(case(value_fen=500_000, id_="d"))

    assert counted("fen", [unknown["goods-value"]]) == Figure(None, 1)
    assert counted("fen", [unknown["goods-value"], known["goods-value"]]) == Figure(500_000, 1)
    assert counted("fen", []) == Figure(0, 0)


def test_a_decision_without_a_penalty_adds_no_amount() -> None:
    assert of_case(case(step("decision", 7, outcome="no-penalty"))).keys() == {"quality", "goods-value"}
