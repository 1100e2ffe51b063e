"""用铜平衡: the copper of a maker by quarter, with every batch that it rests on.

Open to the maker itself, to the authorities in whose jurisdiction it is registered, and to who sees everything that is evidence: whoever sees some of its
batches only would read a sum over a part of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import BatchCode
from ..errors import Text
from ..flow import books, journal
from ..model.copper_quarter import Balance, CopperOfQuarter, copper_by_quarter, thresholds_on
from ..model.quantities import show_percent
from ..registry import register
from .answers import Standing

BALANCES: Mapping[Balance, Standing] = {
    "alarm": Standing("stop", Text("用铜不足（估算，待认定）", "too little copper (estimate, to be judged)")),
    "watch": Standing("attention", Text("偏少，需关注（估算，待认定）", "little copper, to be watched (estimate, to be judged)")),
    "normal": Standing("fine", Text("相符", "in balance")),
    "more": Standing("attention", Text("明显偏多：可能有未登记的产量（估算，待认定）", "much more than needed: output may be undeclared (estimate, to be judged)")),
    "unknown": Standing("unknown", Text("没有可比的数据", "nothing to compare")),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CopperOfBatchRow:
    """One batch of a quarter: grams as weighed and as needed at least, None where that is not known."""

    code: str
    printed: str
    lot: str
    designation: str
    produced_on: date
    length_mm: int
    copper_g: int | None
    needed_g: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopperRow:
    """One quarter of a maker. ``ratio``: copper over need, None where nothing could be compared; ``compared`` batches are in it,
    ``unweighed`` and ``not_compared`` are not. ``source`` of the thresholds, and how certain they are."""

    year: int
    quarter: int
    ratio: Decimal | None
    standing: Standing
    copper_g: int
    needed_g: int
    compared: int
    unweighed: int
    not_compared: int
    certainty: str
    source: str
    batches: tuple[CopperOfBatchRow, ...]

    @property
    def share(self) -> str:
        return "" if self.ratio is None else show_percent(self.ratio)


def copper_of(tx: Connection, actor: Actor, maker: str) -> tuple[CopperRow, ...]:
    """By quarter, the newest first; nothing for whoever may not know, and for who makes nothing. Cost: the maker's batches."""
    if not may_know_copper(tx, actor, maker):
        return ()
    return tuple(map(_row, copper_by_quarter(journal.chosen(tx, books.batch.c.maker == maker))))


def may_know_copper(tx: Connection, actor: Actor, maker: str) -> bool:
    if not actor.reach(Action.READ_ALERTS):
        return False
    scope, known = actor.own_scope_for(Action.READ_ALERTS), register.parties(tx, [maker]).get(maker)
    if known is None:
        return False
    return (
        scope.everything
        or scope.sees_party(maker)
        or (known.region is not None and scope.sees_region(known.region))
    )


def _row(of: CopperOfQuarter) -> CopperRow:
    limits = thresholds_on(of.quarter.last)
    return CopperRow(
        year=of.quarter.year,
        quarter=of.quarter.n,
        ratio=of.ratio,
        standing=BALANCES[of.balance],
        copper_g=of.copper_g,
        needed_g=of.needed_g,
        compared=sum(each.counts for each in of.batches),
        unweighed=of.unweighed,
        not_compared=of.not_compared,
        certainty="" if limits is None else limits.certainty,
        source="" if limits is None else limits.source,
        batches=tuple(
            CopperOfBatchRow(
                code=each.code,
                printed=BatchCode(each.code[:-1]).printed,
                lot=each.lot,
                designation=each.designation,
                produced_on=each.produced_on,
                length_mm=each.length_mm,
                copper_g=each.copper_g,
                needed_g=each.needed_g,
            )
            for each in of.batches
        ),
    )
