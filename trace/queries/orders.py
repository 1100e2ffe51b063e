"""Orders 订单 against what came of them: ordered, dispatched, received, accepted, and what is still open.

A dispatch that names an order's number is counted for it, and for no other. The link of all others is what both have: the two
parties and the cable. Where that leads to more than one line it is filled in the order in which the orders were recorded, and
said so; what fits no line stands apart and is never counted for one. A dispatch under an order's number that is of another cable, or
cheaper than was agreed, is named with the order (`model.against_order`). What came was sent, also where no dispatch was on record
when it came: so no line ever has more received than dispatched. A line is late on the day after its due day, in what was
not sent until today and in what is on its way. For the two parties of an order only, prices with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from ..auth.actor import Actor
from ..auth.policy import Action
from ..clock import shanghai_date
from ..errors import InputError
from ..flow import books
from ..intake.recorded import Recorded, as_they_stand, read_recorded
from ..ledger import store
from ..model.against_order import OrderFinding, SentUnderOrder, against_order
from ..model.designation import is_same, parse_designation, written_otherwise
from ..model.drafts import CorrectionDraft
from ..model.state import OrderedLine
from ..model.values import filed, party_id
from ..registry import register
from .named_orders import NamedDelivery, named_deliveries
from .names import Names, names_of
from .timeline import read_stream_whole
from .visibility import reading

_ON_HAND = frozenset({"held", "project"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line of an order with what came of it. ``accepted_mm`` is None for the supplier, whose it is not to know, and where the buyer
    accepted this cable and has it from others too, or from nobody by the books. ``used_mm`` was
    laid from the buyer's stock at projects, at that of the order where it names one, whether or not it was taken out again; None for
    the supplier, and where the buyer has this cable from others too.

    ``by_number_mm`` of what was sent or came named the order; the rest was matched by the two parties and the cable.
    Of what was dispatched, ``came_first_mm`` came before a dispatch was on record, if one ever was. ``open_mm`` was not
    dispatched yet; ``over_mm`` was dispatched beyond what was ordered. ``written``: the designation as it was ordered, where it
    says more or less than `designation`. ``shared``: other lines between
    the same parties mean this cable too, and what came without a number fills the earlier first. ``is_due``: its due day is
    over.
    """

    designation: str
    written: str
    ordered_mm: int
    price_fen_per_metre: int | None
    dispatched_mm: int
    received_mm: int
    came_first_mm: int
    accepted_mm: int | None
    used_mm: int | None
    by_number_mm: int
    shared: bool
    due: date | None
    is_due: bool

    @property
    def open_mm(self) -> int:
        return max(0, self.ordered_mm - self.dispatched_mm)

    @property
    def by_cable_mm(self) -> int:
        return self.dispatched_mm - self.by_number_mm

    @property
    def late_unsent_mm(self) -> int:
        return self.open_mm if self.is_due else 0

    @property
    def late_under_way_mm(self) -> int:
        if not self.is_due:
            return 0
        return max(0, min(self.ordered_mm, self.dispatched_mm) - self.received_mm)

    @property
    def is_late(self) -> bool:
        return bool(self.late_unsent_mm or self.late_under_way_mm)

    @property
    def over_mm(self) -> int:
        return max(0, self.dispatched_mm - self.ordered_mm)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order. ``findings``: dispatches under its number that do not agree with it. ``sells``: the reader is its supplier. ``ordered_on`` is None where nobody wrote it. ``event``: by which it was
    recorded first, for who wants to correct it."""

    number: str
    supplier: str
    supplier_name: str
    buyer: str
    buyer_name: str
    project: str
    project_name: str
    sells: bool
    ordered_on: date | None
    lines: tuple[OrderLine, ...]
    findings: tuple[OrderFinding, ...]
    index: int
    event: str

    @property
    def ordered_mm(self) -> int:
        return sum(line.ordered_mm for line in self.lines)

    @property
    def dispatched_mm(self) -> int:
        return sum(line.dispatched_mm for line in self.lines)

    @property
    def received_mm(self) -> int:
        return sum(line.received_mm for line in self.lines)

    @property
    def over_mm(self) -> int:
        return sum(line.over_mm for line in self.lines)

    @property
    def is_open(self) -> bool:
        """Whether anything was not sent yet."""
        return any(line.open_mm for line in self.lines)

    @property
    def is_under_way(self) -> bool:
        """Whether all was sent, and not all of it has come."""
        return not self.is_open and any(line.received_mm < line.dispatched_mm for line in self.lines)

    @property
    def is_late(self) -> bool:
        return any(line.is_late for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unordered:
    """What was delivered between two parties and fits no line of an order between them. ``has_orders``: there are other
    orders between them, so that it may be the wrong cable. ``number``: of the order that was named, which is not on record
    between them or has no such cable."""

    supplier: str
    supplier_name: str
    buyer: str
    buyer_name: str
    designation: str
    dispatched_mm: int
    received_mm: int
    has_orders: bool
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """The newest order first; what was delivered without one by the parties, each pair, cable and number once."""

    rows: tuple[OrderRow, ...]
    unordered: tuple[Unordered, ...]


@dataclass(slots=True)
class _Moved:
    """What went from one party to another of one cable; what was received is never more than was dispatched."""

    dispatched_mm: int = 0
    received_mm: int = 0
    came_first_mm: int = 0
    accepted_mm: int = 0


@dataclass(slots=True)
class _Line:
    designation: str
    ordered_mm: int
    price: int | None
    due: date | None
    got: _Moved = field(default_factory=_Moved)
    by_number_mm: int = 0
    shared: bool = False
    is_accepted_known: bool = True
    used_mm: int | None = None


#: (supplier, buyer) -> cable as printed -> what went.
_Trade = Mapping[tuple[str, str], Mapping[str, _Moved]]
#: (cable as printed, project) -> mm laid there from the party's own stock.
_Used = Mapping[tuple[str, str], int]


def orders(tx: Connection, actor: Actor, *, today: date) -> Orders:
    """The orders in which the actor's own party supplies or buys, against the books.

    Cost: its orders; its batches, summed by cable; the acceptances in its own stream, and the dispatches that name an order.
    """
    reading(actor, Action.READ_ORDERS)
    if not actor.party:
        return Orders(rows=(), unordered=())
    found = _orders(tx, _with(actor.party))
    lines = {order.index: _lines(order) for order in found}
    trade, used, unassigned = _trade(tx, actor.party)
    for line in (line for of_order in lines.values() for line in of_order):
        line.is_accepted_known = not any(is_same(line.designation, cable) for cable in unassigned)
    sellers = _sellers(actor.party, trade)
    names = _names(tx, found, trade)
    named = named_deliveries(tx, actor.party)
    left = [*_filled_by_number(found, lines, trade, named), *_filled(found, lines, trade)]
    _laid(found, lines, actor.party, sellers, used)
    pairs = {_pair(order) for order in found}
    unordered = [
        Unordered(
            supplier=supplier,
            supplier_name=names.party(supplier),
            buyer=buyer,
            buyer_name=names.party(buyer),
            designation=cable,
            dispatched_mm=moved.dispatched_mm,
            received_mm=moved.received_mm,
            has_orders=(supplier, buyer) in pairs,
            number=number,
        )
        for (supplier, buyer), cable, moved, number in left
        if moved.dispatched_mm  # where all of it went under some number, its acceptance is left over and no delivery
    ]
    return Orders(
        rows=tuple(
            _row(order, lines[order.index], _findings(order, named), actor.party, names, today)
            for order in reversed(found)
        ),
        unordered=tuple(sorted(unordered, key=_by_parties)),
    )


def _by_parties(each: Unordered) -> tuple[str, ...]:
    return each.supplier_name, each.buyer_name, each.designation, each.number, each.supplier, each.buyer


def orders_to_send(tx: Connection, actor: Actor, today: date) -> int:
    """How many of the actor's own orders it has not sent whole. Where it has none, nothing of the books is read."""
    table = register.order
    sells = select(table.c.seq).where(table.c.supplier == actor.party).limit(1)
    if not actor.reach(Action.READ_ORDERS) or tx.execute(sells).first() is None:
        return 0
    return sum(row.sells and row.is_open for row in orders(tx, actor, today=today).rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnersOrder:
    """An order as the other party has entered it, in its newest version."""

    lines: int
    ordered_mm: int


def order_by_partner(tx: Connection, own: str, partner: str, number: str) -> PartnersOrder | None:
    """The order that a partner has entered under this number with the own party on either side."""
    table = register.order
    found = _orders(tx, and_(table.c.keeper == partner, table.c.filed == filed(number), _with(own)))
    if not found:
        return None
    items = found[0].body.items
    return PartnersOrder(lines=len(items), ordered_mm=sum(item.length_mm for item in items))


# --- orders ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Order:
    """An order by its number, in its newest version; ``index`` is where it was recorded first."""

    number: str
    index: int
    event: str
    newest: Recorded

    @property
    def body(self) -> Any:
        draft = self.newest.draft
        return draft.body.right if isinstance(draft, CorrectionDraft) else draft.body


def _with(party: str) -> ColumnElement[bool]:
    """The orders on whose one side this party is."""
    return or_(register.order.c.supplier == party, register.order.c.buyer == party)


def _orders(tx: Connection, which: ColumnElement[bool]) -> list[_Order]:
    """These orders, as they were recorded."""
    table = register.order
    rows_of = select(table.c.seq, table.c.number).where(which)
    numbers = {row.seq: row.number for row in tx.execute(rows_of)}
    events = [read_recorded(row) for row in store.read_rows_at(tx, sorted(numbers))]
    versions = register.newest_versions(tx, [event.event_id for event in events])
    rows = store.read_rows_by_id(tx, list(versions.values()))
    corrected = {id_: read_recorded(rows[version]) for id_, version in versions.items()}
    return [
        _Order(numbers[event.seq], event.seq, event.event_id, corrected.get(event.event_id, event))
        for event in events
    ]


def _pair(order: _Order) -> tuple[str, str]:
    return party_id(order.body.supplier), party_id(order.body.buyer)


def _lines(order: _Order) -> list[_Line]:
    return [
        _Line(item.designation, item.length_mm, item.price_fen_per_metre, item.due)
        for item in order.body.items
    ]


def _findings(order: _Order, named: Iterable[NamedDelivery]) -> tuple[OrderFinding, ...]:
    lines = [OrderedLine(item.designation, item.price_fen_per_metre) for item in order.body.items]
    return against_order(
        lines,
        (
            SentUnderOrder(
                event=each.event,
                designation=each.cable,
                length_mm=each.sent_mm,
                price_fen_per_metre=each.price_fen_per_metre,
            )
            for each in named
            if filed(each.number) == filed(order.number) and (each.supplier, each.buyer) == _pair(order)
        ),
    )


def _row(
    order: _Order,
    lines: Sequence[_Line],
    findings: tuple[OrderFinding, ...],
    party: str,
    names: Names,
    today: date,
) -> OrderRow:
    supplier, buyer = _pair(order)
    occurred, project = order.newest.draft.occurred, order.body.project
    cables = [_cable(line.designation) for line in lines]
    return OrderRow(
        number=order.number,
        supplier=supplier,
        supplier_name=names.party(supplier),
        buyer=buyer,
        buyer_name=names.party(buyer),
        project="" if project is None else project.id,
        project_name="" if project is None else names.project(project.id),
        sells=supplier == party,
        ordered_on=None if occurred is None else shanghai_date(occurred),
        lines=tuple(
            OrderLine(
                designation=cable,
                written=written,
                ordered_mm=line.ordered_mm,
                price_fen_per_metre=line.price,
                dispatched_mm=line.got.dispatched_mm,
                received_mm=line.got.received_mm,
                came_first_mm=line.got.came_first_mm,
                accepted_mm=line.got.accepted_mm if buyer == party and line.is_accepted_known else None,
                used_mm=line.used_mm,
                by_number_mm=line.by_number_mm,
                shared=line.shared,
                due=line.due,
                is_due=line.due is not None and line.due < today,
            )
            for line, (cable, written) in zip(lines, cables, strict=True)
        ),
        findings=findings,
        index=order.index,
        event=order.event,
    )


def _cable(ordered: str) -> tuple[str, str]:
    """The designation in its one spelling, and what was written where that is something else."""
    try:
        designation = parse_designation(ordered)
    except InputError:
        return ordered, ""
    return designation.normalised, written_otherwise(designation)


def _names(tx: Connection, found: Sequence[_Order], trade: _Trade) -> Names:
    parties = {party for pair in (*trade, *map(_pair, found)) for party in pair}
    return names_of(tx, parties, {each.body.project.id for each in found if each.body.project is not None})


# --- what went ------------------------------------------------------------------------------------------


def _trade(tx: Connection, party: str) -> tuple[_Trade, _Used, set[str]]:
    """What the party sold and bought, without what came back; what was laid from its stock; and the cables of which it is not
    known from whom it had what it accepted."""
    table = books.batch
    own = table.c.code.in_(select(books.involvement.c.batch).where(books.involvement.c.who == f"p:{party}"))
    found: dict[tuple[str, str], dict[str, _Moved]] = defaultdict(lambda: defaultdict(_Moved))
    used: dict[tuple[str, str], int] = defaultdict(int)
    for cable in tx.execute(select(table.c.designation).where(own).distinct()).scalars().all():
        of = and_(own, table.c.designation == cable)
        edges = books.edges(tx, of)
        for source, target, mm in edges:
            if source.state in _ON_HAND and target.state == "transit" and source.party != target.party:
                found[source.party, target.party][cable].dispatched_mm += mm
            elif source.state in _ON_HAND and target.state in _ON_HAND and source.party != target.party:
                moved = found[source.party, target.party][cable]
                moved.dispatched_mm += mm
                moved.received_mm += mm
                moved.came_first_mm += mm
            elif source.state in _ON_HAND and source.party == party and target.state == "used":
                used[cable, target.project] += mm
        _arrived(edges, cable, found)
    unassigned = _accepted(tx, party, found)
    trade = {
        pair: dict(cables)
        for pair, cables in found.items()
        if party in pair and not _is_return(pair, cables, found)
    }
    return trade, used, unassigned


def _sellers(party: str, trade: _Trade) -> Mapping[str, set[str]]:
    """Cable as printed -> the suppliers from whom the party has it."""
    found: dict[str, set[str]] = defaultdict(set)
    for (supplier, buyer), cables in trade.items():
        for cable, moved in cables.items():
            if buyer == party and moved.dispatched_mm:
                found[cable].add(supplier)
    return found


def _arrived(edges: Iterable[Any], cable: str, found: Mapping[tuple[str, str], dict[str, _Moved]]) -> None:
    """What came out of transit, shared among those who sent, the first to have sent being the first to arrive."""
    came: dict[str, int] = defaultdict(int)
    for source, target, mm in edges:
        if source.state == "transit" and target.state in _ON_HAND and source.party == target.party:
            came[target.party] += mm
    for (_, buyer), cables in found.items():
        moved = cables.get(cable)
        if moved is not None and came.get(buyer):
            share = min(came[buyer], moved.dispatched_mm - moved.received_mm)
            moved.received_mm += share
            came[buyer] -= share


def _accepted(tx: Connection, party: str, found: Mapping[tuple[str, str], dict[str, _Moved]]) -> set[str]:
    """Drums that the party accepted, at their registered length, under the supplier of that cable if it has only one; the cables
    of which it has not."""
    unassigned: set[str] = set()
    stream = read_stream_whole(tx, f"party:{party}", kinds=("acceptance", "correction"))
    for event in as_they_stand(stream):
        draft: Any = event.draft
        if draft.kind != "acceptance" or event.speaker != party or draft.body.result != "accept":
            continue
        batch = books.batches(tx, [event.batch or ""]).get(event.batch or "")
        if batch is None:
            continue
        mm = sum(
            batch.length_of(unit) or 0 for first, last in draft.body.units for unit in range(first, last + 1)
        )
        sellers = [
            cables for (_, buyer), cables in found.items() if buyer == party and batch.designation in cables
        ]
        if len(sellers) == 1:
            sellers[0][batch.designation].accepted_mm += mm
        else:
            unassigned.add(batch.designation)
    return unassigned


def _is_return(
    pair: tuple[str, str], cables: Mapping[str, _Moved], found: Mapping[tuple[str, str], Mapping[str, _Moved]]
) -> bool:
    """Whether all that went was of cables that had come the other way: it came back."""
    other = found.get((pair[1], pair[0]), {})
    return bool(other) and all(
        cable in other and other[cable].dispatched_mm >= moved.dispatched_mm
        for cable, moved in cables.items()
    )


# --- which line it is for -------------------------------------------------------------------------------

#: Of two parties, of a cable: what fits no line, and the number that was named.
_Left = tuple[tuple[str, str], str, _Moved, str]


def _filled_by_number(
    found: Sequence[_Order],
    lines: Mapping[int, list[_Line]],
    trade: _Trade,
    named: Iterable[NamedDelivery],
) -> list[_Left]:
    """Give the lines of each order what was sent under its number, and take that out of ``trade``, never more than the
    books have there; what named no order, or none of this cable, comes back."""
    left: dict[tuple[tuple[str, str], str, str], _Moved] = {}
    spelled: dict[str, str] = {}
    for each in named:
        pair = each.supplier, each.buyer
        moved = trade.get(pair, {}).get(each.cable)
        if moved is None:
            continue
        sent_mm = min(each.sent_mm, moved.dispatched_mm)
        # What arrived is shared among the senders of a cable, so that it need not be what came of this dispatch.
        most_left_mm = moved.dispatched_mm - sent_mm
        came_mm = max(min(each.came_mm, moved.received_mm, sent_mm), moved.received_mm - most_left_mm)
        part = _Moved(dispatched_mm=sent_mm, received_mm=came_mm)
        least_mm = max(0, moved.came_first_mm - (moved.received_mm - came_mm))
        part.came_first_mm = min(came_mm, moved.came_first_mm) if each.came_first else least_mm
        moved.dispatched_mm -= part.dispatched_mm
        moved.received_mm -= part.received_mm
        moved.came_first_mm -= part.came_first_mm
        meant = [
            line
            for order in found
            if filed(order.number) == filed(each.number) and _pair(order) == pair
            for line in lines[order.index]
            if is_same(line.designation, each.cable)
        ]
        if meant:
            _pour(sorted(meant, key=lambda line: line.due or date.max), part)
            continue
        number = spelled.setdefault(filed(each.number), each.number)
        stray = left.setdefault((pair, each.cable, number), _Moved())
        stray.dispatched_mm += part.dispatched_mm
        stray.received_mm += part.received_mm
    for of_order in lines.values():
        for line in of_order:
            line.by_number_mm = line.got.dispatched_mm
    return [(pair, cable, moved, number) for (pair, cable, number), moved in left.items()]


def _filled(found: Sequence[_Order], lines: Mapping[int, list[_Line]], trade: _Trade) -> list[_Left]:
    """Fill the lines in the order in which they were recorded; what fits none comes back."""
    left: list[_Left] = []
    for pair, cables in trade.items():
        of_pair = [line for order in found if _pair(order) == pair for line in lines[order.index]]
        for cable, moved in cables.items():
            if not (moved.dispatched_mm or moved.accepted_mm):
                continue
            meant = [line for line in of_pair if is_same(line.designation, cable)]
            if not meant:
                left.append((pair, cable, moved, ""))
                continue
            for line in meant:
                line.shared = line.shared or len(meant) > 1
            _pour(meant, moved)
    return left


def _laid(
    found: Sequence[_Order],
    lines: Mapping[int, list[_Line]],
    party: str,
    sellers: Mapping[str, set[str]],
    used: _Used,
) -> None:
    """Share what the party laid among the lines it bought, the earlier first, never more than came of each: at the project that
    an order names, or, of an order that names none, at projects that no other order names."""
    left = dict(used)
    named = {order.body.project.id for order in found if order.body.project is not None}
    for order in found:
        supplier, buyer = _pair(order)
        if buyer != party:
            continue
        for line in lines[order.index]:
            cables = {
                cable
                for cable in (*sellers, *(cable for cable, _ in used))
                if is_same(line.designation, cable)
            }
            if any(sellers.get(cable, set()) - {supplier} for cable in cables):
                continue
            line.used_mm = 0
            for cable, project in sorted(left):
                is_its = project == order.body.project.id if order.body.project else project not in named
                if cable in cables and is_its:
                    mm = min(left[cable, project], line.got.received_mm - line.used_mm)
                    line.used_mm += mm
                    left[cable, project] -= mm


def _pour(meant: Sequence[_Line], moved: _Moved) -> None:
    """Share out what went: what came follows what was sent, and what was accepted what came."""
    room = [line.ordered_mm - line.got.dispatched_mm for line in meant]
    sent = _shares(moved.dispatched_mm, room)
    came = _shares(moved.received_mm, sent)
    came_first = _shares(moved.came_first_mm, came)
    for line, sent_mm, came_mm, first_mm in zip(meant, sent, came, came_first, strict=True):
        line.got.dispatched_mm += sent_mm
        line.got.received_mm += came_mm
        line.got.came_first_mm += first_mm
    here = [line.got.received_mm - line.got.accepted_mm for line in meant]
    for line, accepted_mm in zip(meant, _shares(moved.accepted_mm, here, room), strict=True):
        line.got.accepted_mm += accepted_mm


def _shares(total_mm: int, *rooms: Sequence[int]) -> list[int]:
    """Fill the first line up to its room, then the next; once more by the next sort of room; the last takes the rest."""
    shares = [0] * len(rooms[0])
    for room in rooms:
        for n, mm in enumerate(room):
            more_mm = min(total_mm, max(0, mm - shares[n]))
            shares[n] += more_mm
            total_mm -= more_mm
    shares[-1] += total_mm
    return shares
