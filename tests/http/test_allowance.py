"""Allowances: what one session or key may ask for in a minute, and that nobody pays for another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.http import allowance as module
from cabletrace.http.allowance import Allowance, Allowances, Cost, UsedUp

NOON = datetime(2026, 5, 2, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def reading(per_minute: int = 60) -> Allowance:
    return Allowance(Cost.READING, per_minute)


def test_a_burst_is_let_in_and_then_one_a_second() -> None:
    allowance = reading(60)
    allowance.take("a", NOON, 60)

    with pytest.raises(UsedUp) as caught:
        allowance.take("a", NOON)
    assert caught.value.retry_after_seconds == 1
    assert caught.value.code == "too-many-requests"
    allowance.take("a", NOON + SECOND)
    with pytest.raises(UsedUp):
        allowance.take("a", NOON + SECOND)


def test_what_was_refused_has_used_nothing_and_waiting_as_told_suffices() -> None:
    allowance = reading(60)
    allowance.take("a", NOON, 50)

    for _ in range(100):
        with pytest.raises(UsedUp) as caught:
            allowance.take("a", NOON, 30)

    assert caught.value.retry_after_seconds == 20
    with pytest.raises(UsedUp):
        allowance.take("a", NOON + 19 * SECOND, 30)
    allowance.take("a", NOON + 20 * SECOND, 30)


def test_nobody_pays_for_another() -> None:
    allowance = reading(1)
    allowance.take("a", NOON)

    allowance.take("b", NOON)


def test_more_than_the_whole_allowance_waits_until_it_is_full_and_is_not_shut_out_for_good() -> None:
    allowance = reading(60)
    allowance.take("a", NOON, 1_000)

    with pytest.raises(UsedUp) as caught:
        allowance.take("a", NOON, 1_000)

    allowance.take("a", NOON + timedelta(seconds=caught.value.retry_after_seconds), 1_000)


def test_reading_and_recording_are_counted_apart() -> None:
    both = Allowances.of(reads_per_minute=1, events_per_minute=2)
    both.take(Cost.READING, "a", NOON)

    both.take(Cost.RECORDING, "a", NOON, 2)
    for cost in Cost:
        with pytest.raises(UsedUp):
            both.take(cost, "a", NOON)


def test_a_clock_that_goes_back_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    allowance = reading(60)
    allowance.take("a", NOON, 60)

    with pytest.raises(UsedUp):
        allowance.take("a", NOON - timedelta(hours=1))


def test_only_so_many_are_remembered_and_who_asked_longest_ago_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_MOST_ASKERS", 2)
    allowance = reading(1)
    for asker in "abc":
        allowance.take(asker, NOON)

    allowance.take("a", NOON)
    with pytest.raises(UsedUp):
        allowance.take("c", NOON)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 20)), max_size=60))
def test_in_no_minute_is_more_given_than_twice_the_allowance(asked: list[tuple[int, int]]) -> None:
    allowance, now = reading(20), NOON
    given_out: list[tuple[datetime, int]] = []
    for seconds, count in asked:
        now += seconds * SECOND
        try:
            allowance.take("a", now, count)
        except UsedUp:
            continue
        given_out.append((now, count))

    for at, _ in given_out:
        within = sum(count for when, count in given_out if at <= when < at + timedelta(minutes=1))
        assert within <= 2 * 20


def test_many_threads_are_given_no_more_than_there_is() -> None:
    allowance = reading(100)
    passed: list[int] = []

    def ask() -> None:
        for _ in range(50):
            try:
                allowance.take("a", NOON)
            except UsedUp:
                continue
            passed.append(1)

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(passed) == 100
