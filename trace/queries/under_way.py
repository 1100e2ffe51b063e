"""Deliveries under way to the reader, and from it: what the books have in transit, by the paper that it travels with.

Each part is traced to the dispatch that put it on its way, which the reader said or which names it, and so is its to know; a
corrected dispatch speaks by its newest version.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, and_, or_, select

from ..auth.actor import Actor
from ..auth.policy import Action
from ..clock import shanghai_date
from ..errors import Text
from ..flow import books
from ..intake.recorded import Recorded, read_recorded
from ..ledger import store
from ..model.drafts import CorrectionDraft
from ..model.scope import Scope
from ..model.state import CUT, Account
from .names import names_of, region_name
from .rows import BatchRow, batch_rows
from .visibility import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What comes of one batch: drums as inclusive ranges, and metres on none of their own."""

    batch: BatchRow
    units: tuple[tuple[int, int], ...]
    units_mm: int
    loose_mm: int

    @property
    def count(self) -> int:
        return sum(last - first + 1 for first, last in self.units)

    @property
    def length_mm(self) -> int:
        return self.units_mm + self.loose_mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Parcels under one delivery note of one sender. ``key`` names it while it is under way."""

    key: str
    sender: str
    sender_name: str
    receiver: str
    receiver_name: str
    note: str
    order: str
    carrier: str
    sent_on: date | None
    region: str
    region_name: Text
    parcels: tuple[Parcel, ...]

    @property
    def count(self) -> int:
        return sum(parcel.count for parcel in self.parcels)

    @property
    def length_mm(self) -> int:
        return sum(parcel.length_mm for parcel in self.parcels)


@dataclass(slots=True)
class _Part:
    units: list[tuple[int, int]]
    units_mm: int = 0
    loose_mm: int = 0


def deliveries_to(tx: Connection, actor: Actor, *, limit: int = 100) -> tuple[Delivery, ...]:
    """What is under way to the actor's own party, what was sent last first.

    Cost: the parts in transit to it, and the postings of their batches that brought anything anywhere.
    """
    scope = reading(actor, Action.READ_BATCH)
    return _deliveries(tx, scope, _parts(tx, actor.party, to_itself=True))[:limit] if actor.party else ()


def deliveries_from(tx: Connection, actor: Actor, *, limit: int = 100) -> tuple[Delivery, ...]:
    """What the actor's own party has sent and nobody has received, what was sent last first. Likewise."""
    scope = reading(actor, Action.READ_BATCH)
    if not actor.party:
        return ()
    parts = _parts(tx, actor.party, to_itself=False)
    return _deliveries(tx, scope, {key: part for key, part in parts.items() if key.sender == actor.party})[
        :limit
    ]


class _Key(NamedTuple):
    """What came of one batch by one event, from whom, to whom and where."""

    batch: str
    seq: int
    sender: str
    receiver: str
    region: str


def _deliveries(tx: Connection, scope: Scope, parts: Mapping[_Key, _Part]) -> tuple[Delivery, ...]:
    seqs = sorted({key.seq for key in parts})
    events = {row.seq: read_recorded(row) for row in store.read_rows_at(tx, seqs)}
    names = names_of(tx, {party for key in parts for party in (key.sender, key.receiver)})
    rows = {row.code: row for row in batch_rows(tx, sorted({key.batch for key in parts}), scope)}
    grouped: dict[tuple[str, str, str, str], list[tuple[_Key, _Part]]] = defaultdict(list)
    for key, part in parts.items():
        note = _body(events[key.seq]).delivery_note or f"#{key.seq}"
        grouped[key.sender, key.receiver, note, key.region].append((key, part))
    found: list[tuple[int, Delivery]] = []
    for (sender, receiver, note, region), some in grouped.items():
        newest = max(key.seq for key, _ in some)
        body, occurred = _body(events[newest]), events[newest].draft.occurred
        found.append(
            (
                newest,
                Delivery(
                    key=f"{sender} {receiver} {note} {region}",
                    sender=sender,
                    sender_name=names.party(sender),
                    receiver=receiver,
                    receiver_name=names.party(receiver),
                    note=body.delivery_note or "",
                    order=getattr(body, "order", None) or "",
                    carrier=getattr(body, "carrier", None) or "",
                    sent_on=None if occurred is None else shanghai_date(occurred),
                    region=region,
                    region_name=region_name(region),
                    parcels=_parcels(rows, some),
                ),
            )
        )
    found.sort(key=lambda each: -each[0])
    return tuple(delivery for _, delivery in found)


def _parcels(rows: Mapping[str, BatchRow], some: Sequence[tuple[_Key, _Part]]) -> tuple[Parcel, ...]:
    together: dict[str, _Part] = {}
    for key, part in some:
        whole = together.setdefault(key.batch, _Part([]))
        whole.units += part.units
        whole.units_mm += part.units_mm
        whole.loose_mm += part.loose_mm
    return tuple(
        Parcel(
            batch=rows[code],
            units=tuple(sorted(part.units)),
            units_mm=part.units_mm,
            loose_mm=part.loose_mm,
        )
        for code, part in together.items()
    )


def _parts(tx: Connection, party: str, *, to_itself: bool) -> dict[_Key, _Part]:
    """What is in transit of the party's batches: to itself, or to all others."""
    own = select(books.involvement.c.batch).where(books.involvement.c.who == f"p:{party}")
    found: dict[_Key, _Part] = {}

    def in_transit(table: Table) -> Sequence[Any]:
        whose = table.c.party == party if to_itself else table.c.party != party
        some = (table.c.state == "transit", whose, table.c.length_mm > 0, table.c.batch.in_(own))
        return tx.execute(select(table).where(*some).order_by(table.c.batch)).all()

    runs, pools = in_transit(books.run), in_transit(books.loose)
    brought = _brought(tx, sorted({row.batch for row in (*runs, *pools)}))
    for row in runs:
        for first, last, by in _senders(brought[row.batch], row):
            key = _Key(row.batch, by.seq, by.from_party, row.party, row.region)
            part = found.setdefault(key, _Part([]))
            part.units.append((first, last))
            part.units_mm += (last - first + 1) * row.length_mm
    for row in pools:
        # A pool keeps no memory of whose metres it holds: what was sent first is taken to have arrived first.
        left_mm = row.length_mm
        for by in brought[row.batch]:
            if left_mm and not by.first and _goes_to(by, row):
                sent_mm = min(left_mm, by.length_mm)
                key = _Key(row.batch, by.seq, by.from_party, row.party, row.region)
                found.setdefault(key, _Part([])).loose_mm += sent_mm
                left_mm -= sent_mm
    return found


def _brought(tx: Connection, codes: Sequence[str]) -> dict[str, list[Any]]:
    """The postings that put something on its way and were not taken back, by batch, the newest first."""
    posting = books.posting
    rows: dict[str, list[Any]] = {code: [] for code in codes}
    undone: Counter[tuple[Any, ...]] = Counter()
    for start in range(0, len(codes), 400):
        statement = (
            select(posting)
            .where(
                posting.c.batch.in_(codes[start : start + 400]),
                or_(
                    and_(
                        posting.c.to_state == "transit",
                        posting.c.from_state != CUT.state,
                        posting.c.undoes.is_(False),
                    ),
                    and_(posting.c.from_state == "transit", posting.c.undoes.is_(True)),
                ),
            )
            .order_by(posting.c.seq.desc(), posting.c.n)
        )
        for row in tx.execute(statement):
            if row.undoes:
                undone[_way(row, "to_", "from_")] += 1
            elif undone[_way(row, "from_", "to_")]:
                undone[_way(row, "from_", "to_")] -= 1
            else:
                rows[row.batch].append(row)
    return rows


def _way(posting: Any, source: str, target: str) -> tuple[Any, ...]:
    """What went from where to where: a posting that takes another back has the two ends the other way round."""
    ends = (getattr(posting, f"{side}{name}") for side in (source, target) for name in Account._fields)
    return (posting.batch, posting.first, posting.last, posting.length_mm, *ends)


def _goes_to(posting: Any, row: Any) -> bool:
    return bool(posting.to_party == row.party and posting.to_region == row.region)


def _senders(brought: Sequence[Any], row: Any) -> list[tuple[int, int, Any]]:
    """(first, last, posting) for each part of a run, by the newest posting that brought it."""
    open_, found = [(row.first, row.last)], []
    for each in brought:
        if not each.first or not _goes_to(each, row):
            continue
        left = []
        for low, high in open_:
            start, end = max(low, each.first), min(high, each.last)
            if start > end:
                left.append((low, high))
                continue
            found.append((start, end, each))
            left += [(a, b) for a, b in ((low, start - 1), (end + 1, high)) if a <= b]
        open_ = left
    return found


def _body(event: Recorded) -> Any:
    draft = event.draft
    return draft.body.right if isinstance(draft, CorrectionDraft) else draft.body
