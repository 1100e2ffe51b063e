"""Dispatches that name the order they fulfil: what each sent, and how much of that has arrived by the books.

A corrected dispatch speaks by its newest version. Which drums are still under way is known of each; a loose length keeps no
memory of its dispatch, so what is under way of a batch is taken for what was sent last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from ..db.several import chunks
from ..flow import books
from ..intake.recorded import Recorded, as_they_stand, read_recorded
from ..ledger import store
from ..model.drafts import CorrectionDraft
from ..model.state import KnownBatch
from ..model.values import party_id
from .timeline import read_stream_whole


@dataclass(frozen=True, slots=True)
class NamedDelivery:
    """What one dispatch sent under an order's number, and what of it is not under way any more.

    ``event`` is its id, ``price_fen_per_metre`` its price where it says one. ``came_first``: it was recorded after its receipt, so that all of it was sent and came, though the books put nothing on
    its way.
    """

    number: str
    supplier: str
    buyer: str
    cable: str
    sent_mm: int
    came_mm: int
    came_first: bool
    event: str
    price_fen_per_metre: int | None


def named_deliveries(tx: Connection, party: str) -> list[NamedDelivery]:
    """Every dispatch by or to a party that names an order, as they were recorded.

    Cost: the bytes of the party's stream, 0.1 ms for each event that names an order, and the books of their batches.
    """
    events, corrected = _naming(tx, party)
    batches = books.batches(tx, {event.batch or "" for event in events})
    posted = _posted(tx, events)
    under_way = _UnderWay(tx, sorted(batches))
    found = []
    for event in reversed(events):  # the newest first: it is what is still under way of a loose length
        draft: Any = event.draft
        batch, receiver = batches[event.batch or ""], party_id(draft.body.to)
        is_corrected = event.event_id in corrected
        meant_mm = _labelled_mm(draft.body, batch)
        sent_mm = _sent_mm(draft.body, posted.get((batch.code, event.seq), ()), meant_mm, is_corrected)
        left_mm = under_way.of(batch.code, receiver, draft.body.units, sent_mm)
        found.append(
            NamedDelivery(
                number=draft.body.order,
                supplier=event.speaker,
                buyer=receiver,
                cable=batch.designation,
                sent_mm=sent_mm or meant_mm,
                came_mm=max(0, (sent_mm or meant_mm) - left_mm),
                came_first=not sent_mm,
                event=event.event_id,
                price_fen_per_metre=draft.body.price_fen_per_metre,
            )
        )
    return found[::-1]


def _naming(tx: Connection, party: str) -> tuple[list[Recorded], set[str]]:
    """Dispatches in the party's stream that name an order as they stand, also those that do so since a correction; the ids
    of those that were corrected."""
    events = read_stream_whole(tx, f"party:{party}", kinds=("dispatch",), saying={"dispatch": '"order":"'})
    here = {event.event_id for event in events}
    spoken_of = {event.draft.subject.event for event in events if isinstance(event.draft, CorrectionDraft)}
    roots = store.read_rows_by_id(tx, sorted(spoken_of - here)).values()
    in_order = sorted((*events, *map(read_recorded, roots)), key=lambda event: event.seq)
    standing = [event for event in as_they_stand(in_order) if _body(event).order is not None]
    return standing, spoken_of


def _body(event: Recorded) -> Any:
    return event.draft.body


def _posted(tx: Connection, events: Sequence[Recorded]) -> Mapping[tuple[str, int], Sequence[Any]]:
    """(batch, index) -> the postings of these events that put something on its way."""
    posting = books.posting
    found: dict[tuple[str, int], list[Any]] = defaultdict(list)
    seqs = sorted(event.seq for event in events)
    codes = {event.batch or "" for event in events}
    for some in chunks(codes):
        statement = select(posting).where(
            posting.c.batch.in_(some), posting.c.to_state == "transit", posting.c.undoes.is_(False)
        )
        wanted = set(seqs)
        for row in tx.execute(statement):  # primary key (batch, seq, n)
            if row.seq in wanted:
                found[row.batch, row.seq].append(row)
    return found


def _labelled_mm(body: Any, batch: KnownBatch) -> int:
    """What stands on the labels of its drums, or the loose length that it says."""
    if not body.units:
        return int(body.length_mm)
    return sum(batch.length_of(unit) or 0 for first, last in body.units for unit in range(first, last + 1))


def _sent_mm(body: Any, posted: Iterable[Any], labelled_mm: int, is_corrected: bool) -> int:
    """What it sent by the books: as it was posted at its own index. A correction that moved other drums was posted at
    another; then it is what stands on their labels."""
    rows = list(posted)
    count = sum(last - first + 1 for first, last in body.units)
    if is_corrected and (not count or sum(row.last - row.first + 1 for row in rows if row.first) != count):
        return labelled_mm
    return sum(row.length_mm for row in rows)


class _UnderWay:
    """What is in transit of some batches, taken away as it is told."""

    def __init__(self, tx: Connection, codes: Sequence[str]) -> None:
        self._runs: dict[tuple[str, str], list[Any]] = defaultdict(list)
        self._loose: dict[tuple[str, str], int] = defaultdict(int)
        for some in chunks(codes):
            for table in (books.run, books.loose):
                in_transit = table.c.batch.in_(some), table.c.state == "transit"
                for row in tx.execute(select(table).where(*in_transit)):
                    if table is books.run:
                        self._runs[row.batch, row.party].append(row)
                    else:
                        self._loose[row.batch, row.party] += row.length_mm

    def of(self, code: str, receiver: str, units: Sequence[tuple[int, int]], sent_mm: int) -> int:
        """How much of these drums, or of this much loose length, is on its way to the receiver."""
        if not units:
            left_mm = min(sent_mm, self._loose[code, receiver])
            self._loose[code, receiver] -= left_mm
            return left_mm
        return sum(
            max(0, min(last, row.last) - max(first, row.first) + 1) * row.length_mm
            for row in self._runs[code, receiver]
            for first, last in units
        )
