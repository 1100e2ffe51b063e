"""What keeps goods where they are, as readers see it: measures and recalls with their terms, days left and overdue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.unit_ranges import UnitRange, format_units
from ..errors import Text
from ..flow import books
from ..model.holding import HOLDS, days_left, in_force, is_overdue, term_ends
from ..model.state import Hold
from ..model.values import MAX_UNIT
from ..model.working_days import Calendar
from ..registry.register import calendar_known
from .answers import Standing
from .names import Names, names_of
from .rows import BatchRow, batch_rows
from .visibility import reading

#: How long before its end a measure is brought up.
ENDING_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """A measure or recall on a batch. ``units`` are inclusive ranges, none where it is the whole batch or a loose
    length (``loose``).

    ``ends`` is the last day of its term, None without one; ``tentative``: the calendar for that year is not out yet.
    ``overdue``: the term of a measure that only a decision ends has run out. ``index``: the event that began it.
    """

    type: str
    title: Text
    number: str
    by: str
    by_name: str
    units: tuple[tuple[int, int], ...]
    loose: bool
    since: date
    ends: date | None
    days_left: int | None
    tentative: bool
    overdue: bool
    in_force: bool
    ended_on: date | None
    index: int

    @property
    def is_whole(self) -> bool:
        return not self.units and not self.loose

    @property
    def standing(self) -> Standing:
        """How it stands, in the words of its own law."""
        if self.ended_on is not None:
            return Standing("unknown", Text(f"已于 {self.ended_on} 结束", f"ended on {self.ended_on}"))
        if not self.in_force:
            return Standing("unknown", Text("已自动失效", "lapsed by itself"))
        if self.overdue:
            return Standing("stop", Text("已逾期，应作出决定", "overdue: a decision is due"))
        if self.days_left is None:
            return Standing("stop", Text("进行中", "under way"))
        if self.days_left == 0:
            return Standing("stop", Text("今天到期", "ends today"))
        state = "attention" if self.days_left <= ENDING_SOON.days else "stop"
        return Standing(
            "attention" if state == "attention" else "stop",
            Text(f"还有 {self.days_left} 天", f"{self.days_left} day{'s' * (self.days_left != 1)} left"),
        )

    @property
    def what(self) -> Text:
        """Which goods it keeps."""
        if self.units:
            units = format_units(UnitRange(first, last) for first, last in self.units)
            return Text(f"{units} 号盘（卷）", f"units {units}")
        if self.loose:
            return Text("散装货物", "the loose goods")
        return Text("整批", "the whole batch")

    def covers(self, unit: int) -> bool:
        """Whether it keeps this drum or coil."""
        return self.is_whole or any(first <= unit <= last for first, last in self.units)


def hold_rows(holds: Iterable[Hold], names: Names, today: date, calendar: Calendar) -> tuple[HoldRow, ...]:
    """The holds of a batch, a row for each document: those in force first, then by day."""
    grouped: dict[tuple[str, str, str, date | None], list[Hold]] = {}
    for hold in holds:
        grouped.setdefault((hold.type, hold.number, hold.by, hold.ended_on), []).append(hold)
    rows = [_row(same, names, today, calendar) for same in grouped.values()]
    return tuple(sorted(rows, key=lambda row: (not row.in_force, row.since, row.index)))


def _row(same: Sequence[Hold], names: Names, today: date, calendar: Calendar) -> HoldRow:
    first, ends = same[0], term_ends(same[0], calendar)
    ranges = sorted((hold.first, hold.last) for hold in same if hold.first)
    whole = bool(ranges) and ranges[0] == (1, MAX_UNIT)
    return HoldRow(
        type=first.type,
        title=HOLDS[first.type],
        number=first.number,
        by=first.by,
        by_name=names.party(first.by),
        units=() if whole else _joined(ranges),
        loose=not ranges,
        since=first.from_day,
        ends=ends,
        days_left=None if first.ended_on is not None else days_left(first, today, calendar),
        tentative=ends is not None and calendar.is_tentative(ends),
        overdue=is_overdue(first, today, calendar),
        in_force=in_force(first, today, calendar),
        ended_on=first.ended_on,
        index=first.seq,
    )


def _joined(ranges: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for first, last in ranges:
        if joined and joined[-1][1] + 1 == first:
            joined[-1] = joined[-1][0], last
        else:
            joined.append((first, last))
    return tuple(joined)


@dataclass(frozen=True, slots=True)
class HeldGoods:
    """A measure of the reader's own authority with the batch that it keeps."""

    batch: BatchRow
    hold: HoldRow


def holds_to_decide(tx: Connection, actor: Actor, *, today: date, limit: int = 50) -> tuple[HeldGoods, ...]:
    """The measures that the reader's own authority must decide about: overdue, or ending within a week; the most
    urgent first. Registrations that have lapsed are over by law and are left out.

    Cost: all measures of that authority that were not ended, through hold_by_authority.
    """
    reading(actor, Action.READ_BATCH)
    if not actor.party:
        return ()
    table = books.hold
    statement = select(table.c.batch).where(
        table.c.by == actor.party, table.c.ended_on.is_(None), table.c.type != "recall"
    )
    codes = sorted(set(tx.execute(statement).scalars()))
    names, calendar = names_of(tx, [actor.party]), calendar_known(tx)
    found = [
        (code, row)
        for code, book in books.read_books(tx, codes).items()
        for row in hold_rows([hold for hold in book.holds if hold.by == actor.party], names, today, calendar)
        if row.in_force and row.days_left is not None and row.days_left <= ENDING_SOON.days
    ]
    found.sort(key=lambda each: (each[1].ends or date.max, each[0]))
    rows = {
        row.code: row
        for row in batch_rows(tx, sorted({code for code, _ in found}), actor.scope_for(Action.READ_BATCH))
    }
    return tuple(HeldGoods(rows[code], row) for code, row in found[:limit])
