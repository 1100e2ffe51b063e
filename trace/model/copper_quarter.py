"""用铜平衡 by maker and quarter: the copper that went into production beside the least that the declared metres need.

A sum over batches says what one batch does not: a little short in each of a hundred is much. Only batches count whose copper was
weighed whole and whose resistance limits were seen in print (`limits`); the others are counted beside them, and never as 0. What a maker bought
and has in stock is on no ledger: so the sum says what went in by its own records, and a maker that books what it should have used is found
by tests alone. Thresholds stand in ``copper_quarter.csv``, by the last day of the quarter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Literal, NamedTuple

from ..errors import InputError
from .designation import parse_designation
from .judgement import EXACT
from .limits import copper_limits_are_seen, minimum_copper_g
from .packaged import packaged
from .state import KnownBatch


class Quarter(NamedTuple):
    """Quarter ``n`` (1 to 4) of a year."""

    year: int
    n: int

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.n - 2, 1)

    @property
    def last(self) -> date:
        following = Quarter(self.year + 1, 1) if self.n == 4 else Quarter(self.year, self.n + 1)
        return following.first - timedelta(days=1)


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


#: ``alarm``: the copper cannot have made the metres; ``more``: it suffices for many more; ``unknown``: nothing could be compared.
Balance = Literal["alarm", "watch", "normal", "more", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopperOfBatch:
    """The copper of one batch in grams: as weighed, and the least that its metres need; None where that is not known."""

    code: str
    lot: str
    designation: str
    produced_on: date
    length_mm: int
    copper_g: int | None
    needed_g: int | None

    @property
    def counts(self) -> bool:
        return self.copper_g is not None and self.needed_g is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopperOfQuarter:
    """What a maker's batches of a quarter took and need. ``unweighed``: batches whose copper was not weighed whole; ``not_compared``: those
    without copper conductors, or whose limits nobody has seen in print."""

    quarter: Quarter
    batches: tuple[CopperOfBatch, ...]

    @property
    def unweighed(self) -> int:
        return sum(each.copper_g is None and each.needed_g is not None for each in self.batches)

    @property
    def not_compared(self) -> int:
        return sum(each.needed_g is None for each in self.batches)

    @property
    def copper_g(self) -> int:
        return sum(each.copper_g or 0 for each in self.batches if each.counts)

    @property
    def needed_g(self) -> int:
        return sum(each.needed_g or 0 for each in self.batches if each.counts)

    @property
    def ratio(self) -> Decimal | None:
        """Copper over need; None where nothing could be compared."""
        return EXACT.divide(Decimal(self.copper_g), Decimal(self.needed_g)) if self.needed_g else None

    @property
    def balance(self) -> Balance:
        ratio, limits = self.ratio, thresholds_on(self.quarter.last)
        if ratio is None or limits is None:
            return "unknown"
        if ratio < limits.alarm_below:
            return "alarm"
        if ratio < limits.watch_below:
            return "watch"
        return "more" if ratio > limits.more_than else "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopperThresholds:
    effective_from: date
    alarm_below: Decimal
    watch_below: Decimal
    more_than: Decimal
    certainty: str
    source: str


def copper_by_quarter(batches: Iterable[KnownBatch]) -> tuple[CopperOfQuarter, ...]:
    """The quarters in which any of these batches, of one maker, were produced, the newest first."""
    found: dict[Quarter, list[CopperOfBatch]] = defaultdict(list)
    for batch in batches:
        found[quarter_of(batch.produced_on)].append(_of(batch))
    return tuple(
        CopperOfQuarter(quarter=quarter, batches=tuple(sorted(of, key=lambda b: (b.produced_on, b.lot))))
        for quarter, of in sorted(found.items(), reverse=True)
    )


def _of(batch: KnownBatch) -> CopperOfBatch:
    return CopperOfBatch(
        code=batch.code,
        lot=batch.lot,
        designation=batch.designation,
        produced_on=batch.produced_on,
        length_mm=batch.length_mm,
        copper_g=batch.copper_g,
        needed_g=_needed_g(batch),
    )


def _needed_g(batch: KnownBatch) -> int | None:
    try:
        designation = parse_designation(batch.designation)
    except InputError:
        return None
    if not copper_limits_are_seen(designation, batch.produced_on):
        return None
    return minimum_copper_g(designation, batch.length_mm, batch.produced_on)


def thresholds_on(day: date) -> CopperThresholds | None:
    """Those in force on a day; None before the first."""
    return next((each for each in _thresholds() if each.effective_from <= day), None)


@cache
def _thresholds() -> tuple[CopperThresholds, ...]:
    rows = (
        CopperThresholds(
            effective_from=date.fromisoformat(row["effective_from"]),
            alarm_below=Decimal(row["alarm_below"]),
            watch_below=Decimal(row["watch_below"]),
            more_than=Decimal(row["more_than"]),
            certainty=row["certainty"],
            source=row["source"],
        )
        for row in packaged("copper_quarter.csv")
    )
    return tuple(sorted(rows, key=lambda each: each.effective_from, reverse=True))
