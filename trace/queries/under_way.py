"""Deliveries under way to the reader: what the books have in transit to it, by the paper that it travels with.

Each part is traced to the dispatch that put it on its way, which names the reader and so is its to know; a corrected
dispatch speaks by its newest version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from ..auth.actor import Actor
from ..auth.policy import Action
from ..clock import shanghai_date
from ..errors import Text
from ..flow import books
from ..intake.recorded import Recorded, read_recorded
from ..ledger import store
from ..model.drafts import CorrectionDraft
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
    note: str
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

    Cost: the parts in transit to it, and the postings of their batches that brought anything there.
    """
    reading(actor, Action.READ_BATCH)
    if not actor.party:
        return ()
    parts = _parts(tx, actor.party)
    events = _events(tx, sorted({seq for _, seq, _ in parts}))
    names = names_of(tx, {event.speaker for event in events.values()})
    rows = {row.code: row for row in batch_rows(tx, sorted({code for code, _, _ in parts}))}
    grouped: dict[tuple[str, str, str], list[tuple[str, int, _Part]]] = defaultdict(list)
    for (code, seq, region), part in parts.items():
        note = _body(events[seq]).delivery_note or ""
        grouped[events[seq].speaker, note or f"#{seq}", region].append((code, seq, part))
    found: list[tuple[int, Delivery]] = []
    for (sender, note, region), some in grouped.items():
        newest = max(seq for _, seq, _ in some)
        body, occurred = _body(events[newest]), events[newest].draft.occurred
        found.append(
            (
                newest,
                Delivery(
                    key=f"{sender} {note} {region}",
                    sender=sender,
                    sender_name=names.party(sender),
                    note=body.delivery_note or "",
                    carrier=getattr(body, "carrier", None) or "",
                    sent_on=None if occurred is None else shanghai_date(occurred),
                    region=region,
                    region_name=region_name(region),
                    parcels=_parcels(rows, some),
                ),
            )
        )
    found.sort(key=lambda each: -each[0])
    return tuple(delivery for _, delivery in found[:limit])


def _parcels(rows: dict[str, BatchRow], some: Sequence[tuple[str, int, _Part]]) -> tuple[Parcel, ...]:
    together: dict[str, _Part] = {}
    for code, _, part in some:
        whole = together.setdefault(code, _Part([]))
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


def _parts(tx: Connection, party: str) -> dict[tuple[str, int, str], _Part]:
    """(batch, index of the event that sent it, region) -> what is in transit to the party."""
    own = select(books.involvement.c.batch).where(books.involvement.c.who == f"p:{party}")
    found: dict[tuple[str, int, str], _Part] = {}
    run, loose = books.run, books.loose
    runs = tx.execute(
        select(run)
        .where(run.c.state == "transit", run.c.party == party, run.c.length_mm > 0, run.c.batch.in_(own))
        .order_by(run.c.batch, run.c.first)
    ).all()
    pools = tx.execute(
        select(loose).where(
            loose.c.state == "transit", loose.c.party == party, loose.c.length_mm > 0, loose.c.batch.in_(own)
        )
    ).all()
    brought = _brought(tx, party, sorted({row.batch for row in (*runs, *pools)}))
    for row in runs:
        for first, last, seq in _senders(brought[row.batch], row.first, row.last, row.region):
            part = found.setdefault((row.batch, seq, row.region), _Part([]))
            part.units.append((first, last))
            part.units_mm += (last - first + 1) * row.length_mm
    for row in pools:
        # A pool keeps no memory of whose metres it holds: they go by the newest dispatch into it.
        seqs = [each.seq for each in brought[row.batch] if not each.first and each.to_region == row.region]
        if seqs:
            found.setdefault((row.batch, seqs[0], row.region), _Part([])).loose_mm += row.length_mm
    return found


def _brought(tx: Connection, party: str, codes: Sequence[str]) -> dict[str, list[Any]]:
    """The postings that put something on its way to the party, by batch, the newest first."""
    posting = books.posting
    rows: dict[str, list[Any]] = {code: [] for code in codes}
    for start in range(0, len(codes), 400):
        statement = (
            select(posting)
            .where(
                posting.c.batch.in_(codes[start : start + 400]),
                posting.c.to_state == "transit",
                posting.c.to_party == party,
                posting.c.undoes.is_(False),
            )
            .order_by(posting.c.seq.desc(), posting.c.n)
        )
        for row in tx.execute(statement):
            rows[row.batch].append(row)
    return rows


def _senders(brought: Sequence[Any], first: int, last: int, region: str) -> list[tuple[int, int, int]]:
    """(first, last, index of the event) for each part of a run, by the newest posting that brought it."""
    open_, found = [(first, last)], []
    for each in brought:
        if not each.first or each.to_region != region:
            continue
        left = []
        for low, high in open_:
            start, end = max(low, each.first), min(high, each.last)
            if start > end:
                left.append((low, high))
                continue
            found.append((start, end, each.seq))
            left += [(a, b) for a, b in ((low, start - 1), (end + 1, high)) if a <= b]
        open_ = left
    return found


def _events(tx: Connection, seqs: Sequence[int]) -> dict[int, Recorded]:
    return {row.seq: read_recorded(row) for row in store.read_rows_at(tx, seqs)}


def _body(event: Recorded) -> Any:
    draft = event.draft
    return draft.body.right if isinstance(draft, CorrectionDraft) else draft.body
