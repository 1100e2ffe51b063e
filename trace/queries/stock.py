"""Stock 库存: what the books have in the reader's own hands, by place, cable and batch, to the millimetre.

The books know a place by its region alone: two warehouses in one county are one place. What is under way, to the reader and
from it, stands apart (`under_way`). For the reader's own party only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import BatchCode
from ..errors import Text
from ..flow import books
from ..model.holding import HOLDS, in_force
from ..model.state import Account, Hold, KnownBatch
from ..registry.register import calendar_known
from .answers import AsOf, Standing, as_of
from .names import Names, names_of, region_name
from .under_way import Delivery, deliveries_from, deliveries_to
from .visibility import reading

#: The states of metres that lie in somebody's store or at its site and can still move.
IN_STOCK = ("held", "project")


@dataclass(frozen=True, slots=True, kw_only=True)
class StockUnits:
    """Drums ``first`` to ``last`` with ``length_mm`` left on each."""

    first: int
    last: int
    length_mm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StockRow:
    """Metres of one batch at one place: on drums, and ``loose_mm`` on none. ``held``: measures and recalls in force that
    touch any of them."""

    region: str
    region_name: Text
    state: str
    project: str
    project_name: str
    code: str
    printed: str
    lot: str
    designation: str
    maker: str
    maker_name: str
    units: tuple[StockUnits, ...]
    loose_mm: int
    held: tuple[Standing, ...]

    @property
    def count(self) -> int:
        return sum(each.last - each.first + 1 for each in self.units)

    @property
    def length_mm(self) -> int:
        return self.loose_mm + sum((each.last - each.first + 1) * each.length_mm for each in self.units)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """``coming`` is under way to the reader, ``sent`` from it; neither is among the rows."""

    rows: tuple[StockRow, ...]
    total_mm: int
    coming: tuple[Delivery, ...]
    sent: tuple[Delivery, ...]
    as_of: AsOf | None


def stock(tx: Connection, actor: Actor, *, today: date, text: str = "") -> Stock:
    """The actor's own stock by region, cable and lot; ``text`` is a part of a place, cable, lot, maker or code.

    Cost: the actor's batches through the primary key of involvement, and the books of those of which anything is left.
    """
    rows = stock_rows(tx, actor, today=today)
    wanted = text.strip().casefold()
    shown = tuple(row for row in rows if wanted in _words(row))
    return Stock(
        rows=shown,
        total_mm=sum(row.length_mm for row in shown),
        coming=deliveries_to(tx, actor),
        sent=deliveries_from(tx, actor),
        as_of=as_of(tx),
    )


def _words(row: StockRow) -> str:
    said = (row.region_name.zh, row.designation, row.lot, row.maker_name, row.printed, row.project_name)
    return " ".join(said).casefold()


def stock_rows(tx: Connection, actor: Actor, *, today: date) -> tuple[StockRow, ...]:
    """The rows alone, without what is under way."""
    reading(actor, Action.READ_STOCK)
    party = actor.party
    own = select(books.involvement.c.batch).where(books.involvement.c.who == f"p:{party}")
    units: dict[tuple[str, Account], list[StockUnits]] = defaultdict(list)
    loose: dict[tuple[str, Account], int] = defaultdict(int)
    for table in (books.run, books.loose):
        mine = (table.c.party == party, table.c.state.in_(IN_STOCK), table.c.batch.in_(own))
        for row in tx.execute(select(table).where(*mine, table.c.length_mm > 0)):
            at = row.batch, Account(row.state, row.party, row.region, row.project)
            if table is books.run:
                units[at].append(StockUnits(first=row.first, last=row.last, length_mm=row.length_mm))
            else:
                loose[at] += row.length_mm
    places, calendar = units.keys() | loose.keys(), calendar_known(tx)
    codes = sorted({code for code, _ in places})
    known, read = books.batches(tx, codes), books.read_books(tx, codes)
    names = names_of(tx, {each.maker for each in known.values()}, {account.project for _, account in places})
    rows = (
        _row(known[code], account, units.get((code, account), ()), loose.get((code, account), 0), names,
             [hold for hold in read[code].holds if in_force(hold, today, calendar)])
        for code, account in places
    )  # fmt: skip
    return tuple(
        sorted(rows, key=lambda r: (r.region, r.state, r.project_name, r.designation, r.lot, r.code))
    )


def _row(
    batch: KnownBatch,
    at: Account,
    units: Iterable[StockUnits],
    loose_mm: int,
    names: Names,
    holds: Iterable[Hold],
) -> StockRow:
    ordered = tuple(sorted(units, key=lambda each: each.first))
    return StockRow(
        region=at.region,
        region_name=region_name(at.region),
        state=at.state,
        project=at.project,
        project_name=names.project(at.project) if at.project else "",
        code=batch.code,
        printed=BatchCode(batch.code[:-1]).printed,
        lot=batch.lot,
        designation=batch.designation,
        maker=batch.maker,
        maker_name=names.party(batch.maker),
        units=ordered,
        loose_mm=loose_mm,
        held=_held(ordered, loose_mm, holds),
    )


def _held(units: Iterable[StockUnits], loose_mm: int, holds: Iterable[Hold]) -> tuple[Standing, ...]:
    touching: dict[str, Standing] = {}
    for hold in holds:
        on_drums = any(hold.first <= each.last and each.first <= hold.last for each in units)
        if on_drums or (loose_mm and not hold.first):
            touching[hold.type] = Standing("stop", HOLDS[hold.type])
    return tuple(touching.values())
