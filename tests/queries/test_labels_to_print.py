"""The list of what is not printed yet goes through all batches and codes of a maker, a page at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Connection

from cabletrace.auth.actor import Actor
from cabletrace.errors import InputError
from cabletrace.queries import printing
from cabletrace.queries.printing import blanks_to_print, newest_to_print, to_print
from drafts_for_tests import MAKER, Envelope, production, reservation

TODAY = date(2026, 5, 2)
Who = Callable[[str], Actor]
Told = Callable[[dict[str, Envelope]], Connection]
LOTS = [f"M{n}" for n in range(1, 8)]


@pytest.fixture
def many(told: Told) -> Connection:
    """Seven further batches, none of which is printed, after the story's own; and five reserved codes."""
    made: dict[str, Envelope] = {lot: production(lot, [(1, 2, 1_000)], entered_for=MAKER) for lot in LOTS}
    return told(made | {"codes": reservation(count=5, entered_for=MAKER)})


@pytest.mark.parametrize("at_once", [2, 3, 500])
def test_every_batch_is_on_one_page_and_on_no_other(
    many: Connection, who: Who, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(printing, "_AT_ONCE", at_once)
    maker = who("maker")
    lots: list[str] = []
    after = None
    while True:
        page = to_print(many, maker, limit=3, after=after)
        assert len(page.rows) <= 3
        lots += [row.lot for row in page.rows]
        after = page.after
        if after is None:
            break

    assert [lot for lot in lots if lot in LOTS] == LOTS[::-1]
    assert len(lots) == len(set(lots))


def test_a_page_that_has_looked_through_enough_is_short_and_goes_on(
    many: Connection, who: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "_AT_ONCE", 2)
    monkeypatch.setattr(printing, "LOOKED_THROUGH", 4)

    first = to_print(many, who("maker"))
    second = to_print(many, who("maker"), after=first.after)

    assert [row.lot for row in first.rows] == ["M7", "M6", "M5", "M4"]
    assert first.after is not None
    assert [row.lot for row in second.rows][:3] == ["M3", "M2", "M1"]


def test_the_desk_counts_among_the_newest(
    many: Connection, who: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = newest_to_print(many, who("maker"))
    monkeypatch.setattr(printing, "_AT_ONCE", 2)

    assert everything >= len(LOTS)
    assert newest_to_print(many, who("maker")) == 2


@pytest.mark.parametrize("at_once", [2, 500])
def test_blank_labels_are_listed_to_the_last_code(
    many: Connection, who: Who, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(printing, "_AT_ONCE", at_once)

    first = blanks_to_print(many, who("maker"), today=TODAY, limit=3)
    second = blanks_to_print(many, who("maker"), today=TODAY, limit=3, after=first.after)
    codes = [row.code for row in (*first.rows, *second.rows)]

    assert (len(first.rows), len(second.rows), second.after) == (3, 2, None)
    assert codes == sorted(set(codes))


@pytest.mark.parametrize(
    "listed", [to_print, lambda tx, actor, after: blanks_to_print(tx, actor, today=TODAY, after=after)]
)
def test_what_is_no_cursor_is_refused(many: Connection, who: Who, listed: Callable[..., object]) -> None:
    with pytest.raises(InputError):
        listed(many, who("maker"), after="1; drop")
