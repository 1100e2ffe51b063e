"""Holds: three laws kept apart, and how long each keeps goods where they are."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.model.holding import HOLDS, days_left, in_force, is_overdue, term_ends
from cabletrace.model.state import Hold
from cabletrace.model.working_days import Calendar

CALENDAR = Calendar()
#: A Tuesday; the National Day week of 2026 follows.
BEGUN = date(2026, 9, 29)
ENDED = date(2026, 10, 12)


def hold(type_: str, **more: object) -> Hold:
    return Hold(type_, "1", "a", 1, 4, BEGUN, 0)._replace(**more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("type_", "more", "end"),
    [
        ("register", {}, "2026-10-14"),  # 7 working days around the National Day
        ("register", {"more_days": 30, "test_days": 30}, "2026-10-14"),  # nothing lengthens it
        ("seal", {}, "2026-10-29"),
        ("seize", {}, "2026-10-29"),
        ("seal", {"more_days": 30}, "2026-11-30"),  # 28 November is a Saturday
        ("seize", {"test_days": 10}, "2026-11-09"),  # 8 November is a Sunday
        ("seize", {"more_days": 30, "test_days": 10}, "2026-12-08"),
        ("confiscate", {}, None),
        ("recall", {}, None),
    ],
)
def test_every_measure_has_the_term_of_its_own_law(type_: str, more: dict[str, int], end: str | None) -> None:
    assert term_ends(hold(type_, **more), CALENDAR) == (None if end is None else date.fromisoformat(end))


@pytest.mark.parametrize("type_", HOLDS)
def test_nothing_is_held_before_its_day_nor_on_the_day_of_the_decision_that_ended_it(type_: str) -> None:
    ended = hold(type_, ended_on=ENDED)

    assert not in_force(ended, BEGUN - timedelta(days=1), CALENDAR)
    assert in_force(ended, BEGUN, CALENDAR)
    assert in_force(ended, ENDED - timedelta(days=1), CALENDAR)
    assert not in_force(ended, ENDED, CALENDAR)


def test_a_registration_lapses_by_itself_and_nothing_else_does() -> None:
    long_after = BEGUN + timedelta(days=400)

    assert in_force(hold("register"), date(2026, 10, 14), CALENDAR)
    assert not in_force(hold("register"), date(2026, 10, 15), CALENDAR)
    assert all(in_force(hold(type_), long_after, CALENDAR) for type_ in HOLDS if type_ != "register")


def test_only_what_a_decision_must_end_is_ever_overdue() -> None:
    after = BEGUN + timedelta(days=31)

    assert {type_ for type_ in HOLDS if is_overdue(hold(type_), after, CALENDAR)} == {"seal", "seize"}
    assert not is_overdue(hold("seal", ended_on=ENDED), after, CALENDAR)
    assert not is_overdue(hold("seal", more_days=30), after, CALENDAR)
    assert not is_overdue(hold("seal"), date(2026, 10, 29), CALENDAR)
    assert is_overdue(hold("seal"), date(2026, 10, 30), CALENDAR)


def test_the_days_that_are_left_are_plain_days_and_negative_afterwards() -> None:
    assert days_left(hold("seal"), date(2026, 10, 19), CALENDAR) == 10
    assert days_left(hold("seal"), date(2026, 10, 31), CALENDAR) == -2
    assert days_left(hold("recall"), BEGUN, CALENDAR) is None


@given(st.sampled_from(sorted(HOLDS)), st.integers(0, 30), st.integers(0, 60))
def test_what_is_overdue_is_still_in_force(type_: str, more: int, tested: int) -> None:
    kept = hold(type_, more_days=more, test_days=tested)

    for days in range(0, 200, 7):
        day = BEGUN + timedelta(days=days)
        assert in_force(kept, day, CALENDAR) or type_ == "register"
        assert not is_overdue(kept, day, CALENDAR) or in_force(kept, day, CALENDAR)
