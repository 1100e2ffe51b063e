"""Where the metres of every batch are, batch by batch and region by region: for the command line and for comparing with a truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, true

from ..auth.actor import Actor
from ..auth.policy import Action
from ..flow import books
from ..model.values import party_id
from .names import names_of
from .visibility import reading, sight_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFlow:
    """One batch: (state, region, mm) by state and region; parties and projects taken together."""

    code: str
    maker: str
    lot: str
    produced_mm: int
    where: tuple[tuple[str, str, int], ...]


def flow_of_lots(
    tx: Connection, actor: Actor, *, maker: str | None = None, up_to: int | None = None
) -> tuple[LotFlow, ...]:
    """Every batch open to the actor, of one maker (id or USCC) if named, by maker and lot.

    Region is "" where it is unknown or not shown. Cost: one aggregation over all their postings.
    """
    scope = reading(actor, Action.READ_TRACE)
    of = true() if maker is None else books.batch.c.maker == party_id(maker)
    chosen = and_(of, books.open_to(scope))
    moved = books.edges(tx, chosen, up_to)
    projects = names_of(tx, (), {account.project for edge in moved for account in edge[:2]}).projects
    sight = sight_of(scope, moved, projects)
    sums: dict[str, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for balance in books.balances(tx, chosen, up_to):
        at = sight.of(balance.account)
        sums[balance.batch][at.state, at.region] += balance.length_mm
    known = books.batches(tx, sums)
    return tuple(
        LotFlow(
            code=batch.code,
            maker=batch.maker,
            lot=batch.lot,
            produced_mm=batch.length_mm,
            where=tuple(
                (state, region, mm) for (state, region), mm in sorted(sums[batch.code].items()) if mm
            ),
        )
        for batch in sorted(known.values(), key=lambda batch: (batch.maker, batch.lot))
    )


def flow_json(lots: Sequence[LotFlow]) -> dict[str, Any]:
    """``{"by_lot": {lot: {"produced_mm", "where": […]}}, "by_region": {region: {state: mm}}}``.

    A lot number that several makers use is written ``maker id/lot``.
    """
    makers: dict[str, set[str]] = defaultdict(set)
    for each in lots:
        makers[each.lot].add(each.maker)
    regions: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for each in lots:
        for state, region, length_mm in each.where:
            regions[region][state] += length_mm
    return {
        "by_lot": {
            each.lot if len(makers[each.lot]) == 1 else f"{each.maker}/{each.lot}": {
                "produced_mm": each.produced_mm,
                "where": [
                    {"state": state, "region": region, "length_mm": length_mm}
                    for state, region, length_mm in each.where
                ],
            }
            for each in lots
        },
        "by_region": {region: dict(sorted(regions[region].items())) for region in sorted(regions)},
    }
