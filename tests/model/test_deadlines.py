"""Terms in law: known days, the clock that stands still, extensions, versions, and years whose days off are not known."""

from datetime import date

import pytest

from cabletrace.model.deadlines import (
    Deadline,
    Stop,
    deadlines_of_case,
    deadlines_of_lead,
    last_day,
    term_on,
    terms,
)
from cabletrace.model.investigation import KnownCase, KnownLead, KnownMatter, KnownStep
from cabletrace.model.working_days import Calendar
from drafts_for_tests import REGULATOR

CALENDAR = Calendar()
MAY_6, MATTER = date(2026, 5, 6), KnownMatter(names=("某作坊",))


def step(name: str, on: str, **members: object) -> KnownStep:
    return KnownStep(event=name, seq=1, step=name, on=date.fromisoformat(on), speaker=REGULATOR, **members)  # type: ignore[arg-type]


def lead(*steps: KnownStep, on: date = MAY_6) -> KnownLead:
    return KnownLead(
        id="l", event="l", seq=0, authority=REGULATOR, number="1", source="report", text="", received_on=on, matter=MATTER,
        steps=steps,
    )  # fmt: skip


def case(*steps: KnownStep, on: date = MAY_6) -> KnownCase:
    return KnownCase(
        id="c", event="c", seq=0, authority=REGULATOR, number="1", category="quality", text="", legal_basis="", filed_on=on,
        matter=MATTER, frozen_at=0, steps=steps,
    )  # fmt: skip


def of(deadlines: tuple[Deadline, ...], code: str) -> Deadline:
    (found,) = (each for each in deadlines if each.term.code == code)
    return found


@pytest.mark.parametrize(
    ("amount", "unit", "begun", "due"),
    [
        (15, "wd", "2026-05-06", "2026-05-26"),  # the 9th of May is a Saturday that is worked
        (7, "wd", "2026-09-28", "2026-10-13"),  # over the days off of October
        (30, "d", "2026-09-01", "2026-10-08"),  # would end on the 1st of October
        (90, "d", "2026-05-06", "2026-08-04"),
        (3, "y", "2024-02-29", "2027-03-01"),  # the 28th is a Sunday
        (3, "m", "2025-11-30", "2026-02-28"),  # a Saturday that is worked
        (3, "m", "2026-06-03", "2026-09-03"),
    ],
)
def test_terms_end_on_known_days(amount: int, unit: str, begun: str, due: str) -> None:
    assert last_day(date.fromisoformat(begun), amount, unit, CALENDAR) == date.fromisoformat(due)


def test_a_lead_is_to_be_decided_about_in_fifteen_working_days() -> None:
    (found,) = deadlines_of_lead(lead(), CALENDAR)

    assert (found.due, found.is_open, found.extended) == (date(2026, 5, 26), True, False)
    assert not found.is_overdue(date(2026, 5, 26))
    assert found.is_overdue(date(2026, 5, 27))


def test_the_check_of_a_lead_is_extended_by_as_much_again() -> None:
    (found,) = deadlines_of_lead(
        lead(step("checking", "2026-05-07"), step("extended", "2026-05-20")), CALENDAR
    )

    assert found.extended
    assert found.due == date(2026, 6, 16)


def test_days_of_a_test_do_not_count_and_nobody_knows_the_end_before_it_is_over() -> None:
    sent = step("testing", "2026-05-08")
    (open_,) = deadlines_of_lead(lead(step("checking", "2026-05-07"), sent), CALENDAR)
    (back,) = deadlines_of_lead(
        lead(step("checking", "2026-05-07"), sent, step("tested", "2026-05-15")), CALENDAR
    )

    assert open_.due is None
    assert not open_.is_overdue(date(2027, 1, 1))
    # The 9th and the 11th to the 15th of May are six working days.
    assert back.due == date(2026, 6, 3)


def test_a_stop_that_begins_after_the_term_changes_nothing() -> None:
    assert last_day(MAY_6, 15, "wd", CALENDAR, (Stop(date(2026, 5, 26), None),)) == date(2026, 5, 26)


def test_what_ends_a_lead_ends_its_term() -> None:
    (found,) = deadlines_of_lead(
        lead(step("checking", "2026-05-07"), step("not-filed", "2026-05-20")), CALENDAR
    )

    assert found.met_on == date(2026, 5, 20)
    assert not found.is_overdue(date(2027, 1, 1))


def test_a_case_is_decided_in_ninety_days_without_those_of_a_suspension() -> None:
    plain = of(deadlines_of_case(case(), CALENDAR), "case-decision")
    stood_still = of(
        deadlines_of_case(
            case(
                step("investigate", "2026-05-07"),
                step("suspended", "2026-05-10"),
                step("resumed", "2026-05-20"),
            ),
            CALENDAR,
        ),
        "case-decision",
    )

    assert plain.due == date(2026, 8, 4)
    assert stood_still.due == date(2026, 8, 14)


def test_a_second_extension_says_the_day_itself() -> None:
    once = of(deadlines_of_case(case(step("extended", "2026-07-01")), CALENDAR), "case-decision")
    twice = of(
        deadlines_of_case(
            case(step("extended", "2026-07-01"), step("extended", "2026-08-20", until=date(2026, 11, 30))),
            CALENDAR,
        ),
        "case-decision",
    )

    assert once.due == date(2026, 9, 3)
    assert (twice.due, twice.extended) == (date(2026, 11, 30), True)


def test_what_follows_on_a_decision_is_timed() -> None:
    decided = step("decision", "2026-06-01", outcome="penalty", penalties=("fine",), fine_fen=100)
    found = deadlines_of_case(
        case(decided, step("served", "2026-06-03"), step("executed", "2026-06-10")), CALENDAR
    )

    assert of(found, "case-serve").due == date(2026, 6, 10)
    assert of(found, "case-serve").met_on == date(2026, 6, 3)
    assert of(found, "case-publish").due == date(2026, 6, 30)
    assert of(found, "case-pay").due == date(2026, 6, 18)
    assert of(found, "case-close").due == date(2026, 7, 2)


def test_what_was_not_paid_in_time_can_go_to_the_court_for_three_months() -> None:
    decided = step("decision", "2026-06-01", outcome="penalty", penalties=("fine",), fine_fen=100)
    served = step("served", "2026-06-03")
    waiting = deadlines_of_case(case(decided, served), CALENDAR)
    paid = deadlines_of_case(case(decided, served, step("executed", "2026-06-18")), CALENDAR)
    late = deadlines_of_case(case(decided, served, step("executed", "2026-07-20")), CALENDAR)

    assert (of(waiting, "case-enforce").begun, of(waiting, "case-enforce").due) == (
        date(2026, 6, 18),
        date(2026, 9, 18),
    )
    assert of(waiting, "case-enforce").is_open
    assert "case-enforce" not in {each.term.code for each in paid}
    assert of(late, "case-enforce").met_on == date(2026, 7, 20)


@pytest.mark.parametrize(
    ("penalties", "code", "due"),
    [
        (("criticism",), "publication-ends-soon", "2026-09-20"),  # a Sunday that is worked
        (("criticism", "fine"), "publication-ends", "2029-06-19"),
        (("warning", "goods"), "publication-ends", "2029-06-19"),
    ],
)
def test_criticism_alone_is_published_for_three_months_and_all_else_for_three_years(
    penalties: tuple[str, ...], code: str, due: str
) -> None:
    decided = step("decision", "2026-06-01", outcome="penalty", penalties=penalties, fine_fen=100)
    found = deadlines_of_case(case(decided, step("published", "2026-06-19")), CALENDAR)

    (ends,) = (each for each in found if each.term.code.startswith("publication-ends"))
    assert (ends.term.code, ends.due) == (code, date.fromisoformat(due))


def test_after_the_police_returned_a_case_a_reconsideration_may_be_asked_for() -> None:
    returned = step("transferred-police", "2026-06-01"), step("police-returned", "2026-06-04")
    found = deadlines_of_case(case(*returned), CALENDAR)

    assert of(found, "crime-reconsider").due == date(2026, 6, 8)  # the 7th is a Sunday
    assert of(found, "crime-reconsider").term.of == "police"


def test_a_decision_without_a_penalty_is_not_published_and_asks_for_no_money() -> None:
    decided = step("decision", "2026-06-01", outcome="no-penalty")
    found = deadlines_of_case(case(decided, step("served", "2026-06-03")), CALENDAR)

    assert {each.term.code for each in found} == {"case-decision", "case-serve", "case-close"}


def test_an_end_in_a_year_whose_days_off_are_not_known_is_tentative() -> None:
    (found,) = deadlines_of_lead(lead(on=date(2026, 12, 25)), CALENDAR)

    assert found.tentative
    assert not deadlines_of_lead(lead(), CALENDAR)[0].tentative


def test_every_term_says_its_clause_its_source_and_how_certain_it_is() -> None:
    for versions in terms().values():
        for term in versions:
            assert term.amount > 0
            assert term.unit in ("wd", "d", "m", "y", "md")
            assert term.clause
            assert term.source
            assert term.certainty in ("seen", "recalled")
            assert term.title.zh
            assert term.title.en


def test_a_term_before_its_first_version_is_that_of_the_first() -> None:
    assert term_on("lead-check", date(2010, 1, 1)).amount == 15


def test_an_end_is_certain_once_the_year_is_loaded_and_may_be_another_day() -> None:
    new_year = Calendar({2027: {date(2027, 1, 1): False}})
    (before,) = deadlines_of_lead(lead(on=date(2026, 12, 25)), CALENDAR)
    (after,) = deadlines_of_lead(lead(on=date(2026, 12, 25)), new_year)

    assert (before.due, before.tentative) == (date(2027, 1, 15), True)
    assert (after.due, after.tentative) == (date(2027, 1, 18), False)


def test_an_extension_that_came_when_the_term_was_over_moves_nothing() -> None:
    (of_lead,) = deadlines_of_lead(lead(step("extended", "2026-05-27")), CALENDAR)
    of_case = of(deadlines_of_case(case(step("extended", "2026-08-05")), CALENDAR), "case-decision")

    assert (of_lead.due, of_lead.extended) == (date(2026, 5, 26), False)
    assert (of_case.due, of_case.extended) == (date(2026, 8, 4), False)
