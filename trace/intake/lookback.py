"""Looking back: the event that a draft speaks of, and the history that a correction walks again.

Read from the ledger's own rows when such a draft is judged or applied, and nothing of it is kept: corrections,
replies and erasures are few, and what they rest on may change with every group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from ..flow import books
from ..ledger import store
from ..model.drafts import ErasureDraft
from ..model.effects import BOOKED, right_version
from ..model.postings import Posting, Statement
from ..model.reach import region_reached
from ..model.state import KnownEvent
from ..model.values import party_id
from ..registry import register
from .recorded import Recorded, read_recorded


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where to look: the stored events, and the projections of those before the group at hand; in a rebuild these
    are two databases. ``fresh`` is what was applied since, in order; ``before`` the index of the next event: rows of
    a ledger that is read again may lie ahead."""

    rows: Connection
    projections: Connection
    fresh: Sequence[Statement]
    before: int


def known_event(ledger: Ledger, event_id: str) -> KnownEvent | None:
    """An event in its newest version, or None when there is no such event before this place of the ledger."""
    original = _statement(ledger, event_id)
    if original is None:
        return None
    known = KnownEvent(
        id=event_id,
        kind=original.draft.kind,
        speaker=original.speaker,
        seq=original.seq,
        original=original.draft,
        said=original.draft,
        newest=event_id,
        batch=original.batch,
        erased=_erased(ledger, event_id),
    )
    newest = _newest(ledger, event_id)
    correction = None if newest is None else _statement(ledger, newest)
    return known if correction is None else with_correction(known, correction.draft)


def with_correction(known: KnownEvent, correction: Any) -> KnownEvent:
    """The event after one more correction."""
    said = None if correction.body.void else right_version(known.original, correction)
    return replace(known, newest=correction.id, said=said)


def history_of(ledger: Ledger, code: str) -> tuple[Statement, ...]:
    """What was said of a batch that its books follow from, in order, each statement in its newest version; what
    was voided is left out, but for a production, whose batch stays with no metres.
    """
    posted = _by_event(books.read_postings(ledger.projections, code))
    recorded = []
    for event in _stream(ledger, f"batch:{code}"):
        said = event.statement()
        region = brought_to(said, posted.get(said.seq, ()), partial(seat_then, ledger, said.seq))
        recorded.append(said._replace(region=region))
    fresh = (said for said in ledger.fresh if said.batch == code)
    return in_newest_version((*recorded, *fresh), code, partial(seat_then, ledger))


def seat_then(ledger: Ledger, seq: int, thing: str) -> str:
    """Where a party or project was registered when event ``seq`` was judged."""
    for said in reversed(ledger.fresh):
        if said.seq < seq and (region := registered(said, thing)) is not None:
            return region
    return register.seat_at(ledger.projections, thing, seq)


def registered(said: Statement, thing: str) -> str | None:
    draft: Any = said.draft
    if draft.kind == "party" and thing == f"party:{party_id(draft.subject.party)}":
        return draft.body.region or ""
    if draft.kind == "project" and thing == f"project:{draft.subject.project.id}":
        return str(draft.body.region)
    return None


def in_newest_version(
    said_of_batch: Iterable[Statement], code: str, seat_at: Callable[[int, str], str]
) -> tuple[Statement, ...]:
    """The statements that the books of a batch follow from, out of all that was said of it and in that order.

    ``seat_at`` says where a party or project was registered just before an index.
    """
    original: dict[str, Statement] = {}
    newest: dict[str, Statement | None] = {}
    for said in said_of_batch:
        draft: Any = said.draft
        if draft.kind in BOOKED:
            original[draft.id] = newest[draft.id] = said._replace(batch=code)
        elif draft.kind == "correction" and draft.subject.event in original:
            right = _corrected(original[draft.subject.event], draft)
            if right is not None:
                right = right._replace(region=region_of_right(right, said.seq, seat_at))
            newest[draft.subject.event] = right
    return tuple(said for said in newest.values() if said is not None)


def _corrected(said: Statement, correction: Any) -> Statement | None:
    if not correction.body.void:
        return said._replace(draft=right_version(said.draft, correction), region="")
    return said._replace(void=True) if said.draft.kind == "production" else None


def region_of_right(right: Statement, corrected_at: int, seat_at: Callable[[int, str], str]) -> str:
    """Where a right version brings goods: as was registered at its place in history, else when it was corrected."""
    return brought_to(right, (), lambda thing: seat_at(right.seq, thing) or seat_at(corrected_at, thing))


def brought_to(said: Statement, postings: Sequence[Posting], seat: Callable[[str], str]) -> str:
    """The region in which the books have what an event brought somewhere, or would have it, had it brought anything."""
    brought = [posting.target for posting in postings if posting.target.state != "unexplained"]
    return brought[-1].region if brought else region_reached(said.draft, said.speaker, seat)


def _by_event(journal: Iterable[tuple[int, Posting]]) -> dict[int, list[Posting]]:
    return {
        seq: [posting for _, posting in postings] for seq, postings in groupby(journal, key=itemgetter(0))
    }


def _statement(ledger: Ledger, event_id: str) -> Statement | None:
    for said in ledger.fresh:
        if said.draft.id == event_id:
            return said
    row = store.read_rows_by_id(ledger.rows, [event_id]).get(event_id)
    if row is None or row.seq >= ledger.before:
        return None
    return read_recorded(row).statement()


def _newest(ledger: Ledger, event_id: str) -> str | None:
    for said in reversed(ledger.fresh):
        subject: Any = said.draft.subject
        if said.draft.kind == "correction" and subject.event == event_id:
            return said.draft.id
    return register.newest_versions(ledger.projections, [event_id]).get(event_id)


def _erased(ledger: Ledger, event_id: str) -> frozenset[str]:
    fresh = {
        pointer
        for said in ledger.fresh
        if isinstance(said.draft, ErasureDraft) and said.draft.subject.event == event_id
        for pointer in said.draft.body.pointers
    }
    return frozenset(fresh | register.erasures(ledger.projections, [event_id]).get(event_id, {}).keys())


def _stream(ledger: Ledger, stream: str) -> list[Recorded]:
    seqs = store.read_stream_seqs(ledger.projections, stream)
    return [read_recorded(row) for row in store.read_rows_at(ledger.rows, seqs)]
