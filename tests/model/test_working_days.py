"""Working days: terms end where the yearly notices of the State Council say that people work."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.model.working_days import Calendar

CALENDAR = Calendar()
days = st.dates(date(2020, 1, 1), date(2029, 12, 31))
counts = st.integers(0, 60)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-09-30", True),  # a Wednesday
        ("2026-10-01", False),  # a Thursday of the National Day week
        ("2026-10-03", False),  # a Saturday in it
        ("2026-10-08", True),
        ("2026-10-10", True),  # a Saturday that makes up for it
        ("2026-10-11", False),
        ("2026-02-14", True),  # the Saturday before the Spring Festival
        ("2026-04-06", False),  # Tomb-sweeping Day, observed on a Monday
    ],
)
def test_holidays_are_off_and_the_weekends_that_make_up_for_them_are_worked(day: str, works: bool) -> None:
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("begin", "count", "end"),
    [
        ("2026-06-01", 7, "2026-06-10"),  # one plain weekend
        ("2026-06-12", 7, "2026-06-24"),  # the Dragon Boat Festival, 19 June, is a Friday
        ("2026-09-29", 7, "2026-10-14"),  # the National Day week; Saturday the 10th counts
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-10-03", 1, "2026-10-08"),  # a term that began on a day off
        ("2026-06-01", 0, "2026-06-01"),
    ],
)
def test_a_term_in_working_days_leaves_out_the_first_day_and_every_day_off(
    begin: str, count: int, end: str
) -> None:
    assert CALENDAR.after_working_days(date.fromisoformat(begin), count) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("begin", "count", "end"),
    [
        ("2026-06-01", 30, "2026-07-01"),
        ("2026-09-01", 30, "2026-10-08"),  # the 30th day is the first of the National Day week
        ("2026-09-10", 30, "2026-10-10"),  # a Saturday, which is worked
        ("2026-06-04", 30, "2026-07-06"),  # a Saturday, which is not
    ],
)
def test_a_term_in_plain_days_never_ends_on_a_day_off(begin: str, count: int, end: str) -> None:
    assert CALENDAR.after_days(date.fromisoformat(begin), count) == date.fromisoformat(end)


@given(days, counts)
def test_so_many_working_days_lie_between_the_beginning_and_the_end(begin: date, count: int) -> None:
    end = CALENDAR.after_working_days(begin, count)

    between = [begin + timedelta(days=n) for n in range(1, (end - begin).days + 1)]
    assert sum(map(CALENDAR.is_working_day, between)) == count
    assert count == 0 or CALENDAR.is_working_day(end)


@given(days, counts)
def test_an_end_in_plain_days_is_moved_no_further_than_it_must(begin: date, count: int) -> None:
    end, plain = CALENDAR.after_days(begin, count), begin + timedelta(days=count)

    assert CALENDAR.is_working_day(end)
    assert not any(CALENDAR.is_working_day(plain + timedelta(days=n)) for n in range((end - plain).days))


def test_a_year_whose_notice_is_not_out_is_tentative_and_counted_by_the_plain_week() -> None:
    assert not CALENDAR.is_tentative(date(2026, 12, 31))
    assert CALENDAR.is_tentative(date(2029, 10, 1))
    assert CALENDAR.is_working_day(date(2029, 10, 1))
    assert not CALENDAR.is_working_day(date(2029, 10, 6))


def test_a_loaded_year_is_known_and_goes_before_what_is_packaged() -> None:
    spring, packaged = date(2027, 2, 8), date(2026, 10, 1)
    loaded = Calendar({2027: {spring: False}, 2026: {packaged: True}})

    assert CALENDAR.is_tentative(spring)
    assert CALENDAR.is_working_day(spring)
    assert not loaded.is_tentative(spring)
    assert not loaded.is_working_day(spring)
    assert loaded.after_working_days(date(2027, 2, 5), 1) == date(2027, 2, 9)
    assert loaded.is_working_day(packaged)
    assert not CALENDAR.is_working_day(packaged)
