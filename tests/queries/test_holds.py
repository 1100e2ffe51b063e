"""What keeps goods where they are, as it is told: one row for each document, with its own law's term."""

from __future__ import annotations

from datetime import date

import pytest

from cabletrace.model.state import Hold, KnownParty
from cabletrace.model.values import MAX_UNIT
from cabletrace.model.working_days import Calendar
from cabletrace.queries.holds import hold_rows
from cabletrace.queries.names import Names

NAMES = Names({"r": KnownParty(id="r", name="示例监管局")}, {})


def hold(type_: str = "seal", first: int = 1, last: int = 4, **more: object) -> Hold:
    return Hold(type_, "封1", "r", first, last, date(2026, 6, 1), 7)._replace(**more)  # type: ignore[arg-type]


def rows(*holds: Hold, today: str = "2026-06-10"):
    return hold_rows(holds, NAMES, date.fromisoformat(today), Calendar())


def test_stretches_of_one_document_are_one_row_and_neighbours_one_range() -> None:
    (row,) = rows(hold(first=1, last=4), hold(first=5, last=6), hold(first=9, last=9))

    assert row.units == ((1, 6), (9, 9))
    assert row.by_name == "示例监管局"
    assert row.covers(6)
    assert not row.covers(7)


def test_a_whole_batch_and_a_loose_length_are_told_apart() -> None:
    whole, loose = rows(hold(first=1, last=MAX_UNIT)), rows(hold(first=0, last=0, length_mm=5))

    assert (whole[0].is_whole, whole[0].what.zh, whole[0].covers(99)) == (True, "整批", True)
    assert (loose[0].is_whole, loose[0].what.zh, loose[0].covers(1)) == (False, "散装货物", False)


@pytest.mark.parametrize(
    ("given", "today", "word", "state"),
    [
        (hold(), "2026-06-10", "还有 21 天", "stop"),
        (hold(), "2026-06-28", "还有 3 天", "attention"),
        (hold(), "2026-07-01", "今天到期", "stop"),
        (hold(), "2026-07-02", "已逾期，应作出决定", "stop"),
        (hold(more_days=30), "2026-07-02", "还有 29 天", "stop"),
        (hold("register"), "2026-06-10", "今天到期", "stop"),
        (hold("register"), "2026-06-11", "已自动失效", "unknown"),
        (hold("recall"), "2030-01-01", "进行中", "stop"),
        (hold(ended_on=date(2026, 6, 5)), "2026-06-10", "已于 2026-06-05 结束", "unknown"),
    ],
)
def test_each_law_has_its_own_end(given: Hold, today: str, word: str, state: str) -> None:
    (row,) = rows(given, today=today)

    assert (row.standing.word.zh, row.standing.state) == (word, state)


def test_what_is_in_force_stands_first() -> None:
    ended = hold(number="封0", ended_on=date(2026, 6, 2))

    assert [row.number for row in rows(ended, hold())] == ["封1", "封0"]
