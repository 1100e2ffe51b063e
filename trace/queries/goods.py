"""Uncoded goods 无码货物 as readers see them: what is printed on them, whose they are said to be, what was done.

Open to whoever one of their events concerns; a regulator, to those in its jurisdiction. What another authority granted is
found by its words, with no more than its line, and read one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, and_, or_, select, true

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import BatchCode
from ..errors import Text
from ..intake.recorded import Recorded, read_recorded
from ..ledger import store
from ..model.involvement import sees
from ..model.scope import Scope
from ..model.state import KnownGoods
from ..model.streams import readings_stream
from ..model.things import goods_thing, ids_among
from ..registry import register
from .answers import Listed, cut, index_in
from .names import names_of, region_name
from .registry import PartyLink, is_at, lies_in
from .timeline import Happening, corrections_in, happenings, names_for, newest_among, read_stream_whole
from .visibility import concerned, open_batch, reading, readings_known_to


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsRow:
    """Goods as they were first described. ``batch`` and ``maker`` are what they turned out to be of. ``granted``: found under
    another authority's grant and not read yet, so that only marks, nominal maker, designation and region are told."""

    id: str
    marks: str
    nominal_maker: str
    designation: str
    quantity: str
    length_mm: int | None
    holder: PartyLink | None
    region: str
    region_name: Text
    batch: str
    batch_printed: str
    maker: PartyLink | None
    index: int
    granted: bool = False


def shortened(marks: str) -> str:
    """What is printed on goods, no longer than a link."""
    return marks if len(marks) <= _SHOWN else marks[: _SHOWN - 1] + "…"


#: So many characters of what is printed on goods name them.
_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsPage:
    goods: GoodsRow
    events: tuple[Happening, ...]


def goods_page(tx: Connection, actor: Actor, id_: str) -> GoodsPage | None:
    """These goods with what was recorded of them; None where they are not open to the actor."""
    scope = reading(actor, Action.READ_BATCH)
    known = register.goods_known(tx, [id_]).get(id_)
    if known is None:
        return None
    events = read_stream_whole(tx, f"goods:{id_}")
    reads = read_stream_whole(tx, readings_stream(goods_thing(id_)))
    corrections = _corrections(tx, events)
    events = sorted((*events, *corrections), key=lambda event: event.seq)
    names = names_for(tx, (*events, *reads))
    whom = [(event, concerned(event, (), names.projects) | {goods_thing(id_)}) for event in events]
    visible: list[tuple[Recorded, frozenset[str]]] = [each for each in whom if sees(scope, each[1])]
    if not visible:
        return None
    (row,) = _rows(tx, scope, [known])
    newest = newest_among(corrections_in(corrections), [event for event, _ in visible])
    shown = sorted((*visible, *readings_known_to(actor, reads)), key=lambda each: each[0].seq)
    return GoodsPage(goods=row, events=happenings(tx, actor, shown, names, newest))


def _corrections(tx: Connection, events: Sequence[Recorded]) -> list[Recorded]:
    """The newest correction of each of these events; it does not stand in the stream of the goods."""
    newest = register.newest_versions(tx, [event.event_id for event in events])
    rows = store.read_rows_by_id(tx, list(newest.values()))
    return [read_recorded(row) for row in rows.values()]


def goods_list(
    tx: Connection, actor: Actor, *, text: str = "", limit: int = 50, after: str | None = None
) -> Listed[GoodsRow]:
    """Goods found in the actor's jurisdiction, the newest first; of an organisation, those that it holds or made.

    ``text`` is a part of what is printed on them, or of the nominal maker's name; goods that were granted are found by it.
    """
    scope, table = reading(actor, Action.READ_BATCH), register.goods
    granted = actor.granted_scope_for(Action.READ_BATCH) if text else Scope()
    statement = select(table).where(_open_goods(scope | granted))
    if text:
        statement = statement.where(
            or_(
                table.c.marks.icontains(text, autoescape=True),
                table.c.nominal_maker.icontains(text, autoescape=True),
            )
        )
    if (before := index_in(after)) is not None:
        statement = statement.where(table.c.seq < before)
    found = tx.execute(statement.order_by(table.c.seq.desc()).limit(limit + 1))
    known = [KnownGoods(**row._mapping) for row in found]
    rows = (
        row if sees(scope, each.whom) else _line_of(row)
        for each, row in zip(known, _rows(tx, scope, known), strict=True)
    )
    return cut(tuple(rows), limit, lambda row: str(row.index))


def _line_of(row: GoodsRow) -> GoodsRow:
    """What is told of goods that were found under a grant."""
    return replace(
        row, quantity="", length_mm=None, holder=None, batch="", batch_printed="", maker=None, granted=True
    )


def _open_goods(scope: Scope) -> ColumnElement[bool]:
    """`model.involvement.sees` as a condition on `goods`, by where they are, who has them and who made them."""
    if scope.everything:
        return true()
    table, own = register.goods, sorted(scope.parties)
    parts = (
        and_(
            _open_goods(part.within),
            true() if part.of is None else _open_goods(part.of),
            table.c.id.in_(ids_among("goods", part.things)) if part.things else true(),
        )
        for part in scope.parts
    )
    sites = is_at(scope, table.c.sites)
    return or_(table.c.holder.in_(own), table.c.party.in_(own), lies_in(scope, table.c.region), sites, *parts)


def _rows(tx: Connection, scope: Scope, found: list[KnownGoods]) -> tuple[GoodsRow, ...]:
    names = names_of(tx, {who for known in found for who in (known.holder, known.party) if who is not None})

    def link(party: str | None) -> PartyLink | None:
        return None if party is None else PartyLink(party, names.party(party))

    def batch(code: str | None) -> str:
        return code if code is not None and open_batch(tx, scope, code) is not None else ""

    return tuple(
        GoodsRow(
            id=known.id,
            marks=known.marks,
            nominal_maker=known.nominal_maker or "",
            designation=known.designation or "",
            quantity=known.quantity or "",
            length_mm=known.length_mm,
            holder=link(known.holder),
            region=known.region or "",
            region_name=region_name(known.region or ""),
            batch=(code := batch(known.batch)),
            batch_printed=BatchCode(code[:-1]).printed if code else "",
            maker=link(known.party),
            index=known.seq,
        )
        for known in found
    )
