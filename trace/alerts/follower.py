"""The follower of the alerts: applies the rules to every accepted event, after it was accepted.

Appends never wait for it: rules are applied in a read transaction, and only what they found is written, with
the cursor, in one short write transaction for each page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from sqlalchemy import Connection, Engine

from ..db.engine import begin_read, begin_write
from ..errors import Broken
from ..flow import books
from ..ledger.entry import entry_hash
from ..ledger.follow import POLL_SECONDS, Cursor, FollowerThread, read_on
from ..ledger.store import Row, read_rows, read_rows_at, read_stream_seqs
from ..model.drafts import CorrectionDraft
from ..model.involvement import involved, states_a_fact
from . import register
from .register import Raised
from .rules import AcceptedEvent, alerts_of, rules_for

#: Reads a stored event, and through the connection what it corrects; raises ValueError for bytes that are none.
ReadEvent = Callable[[Connection, Row], AcceptedEvent]

PAGE = 500
#: So many polls pass between two pages of a busy ledger: each one's commit keeps the next group of events waiting.
RESTS = 3


def raise_anew(
    tx: Connection, events: Sequence[AcceptedEvent], read_at: Callable[[Sequence[int]], list[AcceptedEvent]]
) -> None:
    """Write the alerts of neighbouring events whose effects are in the books: for a rebuild, which moves no cursor.
    ``read_at`` reads events by their indexes."""
    found, corrected = raised(tx, events), corrections(events)
    first, last = events[0].seq, events[-1].seq
    if found or corrected:
        register.write(tx, found, corrected, between=(first, last))
    for code in judged_anew(events):
        register.write(tx, *_found_again(tx, code, last, read_at), between=(0, last), batch=code)


def judged_anew(events: Iterable[AcceptedEvent]) -> list[str]:
    """The batches whose production these events correct: all that was found in them rests on what is no more."""
    return sorted({e.batch for e in events if e.corrects and e.batch is not None and states_production(e)})


def states_production(event: AcceptedEvent) -> bool:
    """Whether the event states a production anew, or voids one."""
    draft = event.draft
    return (draft.subject.kind if isinstance(draft, CorrectionDraft) else draft.kind) == "production"


def _found_again(
    tx: Connection, code: str, last: int, read_at: Callable[[Sequence[int]], list[AcceptedEvent]]
) -> tuple[list[Raised], list[tuple[int, int]]]:
    """What the rules find in all events of a batch up to an index, as the batch is known by now; and what of it was
    corrected."""
    events = read_at([seq for seq in read_stream_seqs(tx, f"batch:{code}") if seq <= last])
    return raised(tx, events), corrections(events)


def corrections(events: Iterable[AcceptedEvent]) -> list[tuple[int, int]]:
    """(index of the corrected event, index of its correction) of those among these events that correct one."""
    return [(event.about, event.seq) for event in events if event.corrects]


def raised(tx: Connection, events: Iterable[AcceptedEvent]) -> list[Raised]:
    """What the rules find in these events, given the books that hold their effects.

    The books may hold later events too. Of what a batch is, only a correction of its production tells otherwise, and
    then all its events are judged anew (`judged_anew`): in the end nothing depends on who had come how far.
    """
    looked_at = [event for event in events if rules_for(event)]
    known = books.batches(tx, {event.batch for event in looked_at if event.batch is not None})
    found = []
    for event in looked_at:
        alerts = alerts_of(event, None if event.batch is None else known.get(event.batch))
        if alerts:
            found.append(Raised(alerts, _concerned(tx, event)))
    return found


def _concerned(tx: Connection, event: AcceptedEvent) -> frozenset[str]:
    """Whom the event itself concerns; nobody in particular where it states a fact about the goods.

    Its project is left out: that may be registered anew, and what is kept here must follow from the event.
    """
    if states_a_fact(event.draft):
        return frozenset()
    postings = [] if event.batch is None else books.postings_of(tx, event.batch, event.seq)
    return involved(event.draft, event.actor, [each for each in postings if not each.undoes], ())


def follow_page(engine: Engine, read_event: ReadEvent, *, page: int = PAGE) -> int:
    """Bring the alerts one page further; returns how many events it read, 0 when they are up to date.

    Raises `Broken` when the ledger does not continue where they stopped, or holds what cannot be read.
    """
    with begin_read(engine) as tx:
        cursor = register.read_cursor(tx)
        rows = read_on(cursor, partial(_read_from, tx), _place_of, page, reader="the alerts")
        if not rows:
            return 0
        events = [_read(tx, row, read_event) for row in rows]
        found, corrected = raised(tx, events), corrections(events)
        last = rows[-1].seq
        read_at = partial(_read_at, tx, read_event)
        again = {code: _found_again(tx, code, last, read_at) for code in judged_anew(events)}
    with begin_write(engine) as tx:
        if register.read_cursor(tx) == cursor:  # else somebody was faster, and the next page begins there
            register.write(tx, found, corrected, between=(rows[0].seq, last))
            for code, of_batch in again.items():
                register.write(tx, *of_batch, between=(0, last), batch=code)
            register.write_cursor(tx, _place_of(rows[-1]))
    return len(rows)


def catch_up(engine: Engine, read_event: ReadEvent, *, page: int = PAGE) -> int:
    """Bring the alerts to the end of the ledger, page by page; returns how many events it read."""
    done = 0
    while read := follow_page(engine, read_event, page=page):
        done += read
    return done


class AlertFollower(FollowerThread):
    """Keeps the alerts after the ledger until it is stopped.

    It need not be woken: it commits once in some seconds at most, unless whole pages are waiting.
    """

    def __init__(
        self,
        engine: Engine,
        read_event: ReadEvent,
        *,
        page: int = PAGE,
        poll_seconds: float = POLL_SECONDS,
    ):
        super().__init__(
            "alerts",
            lambda: follow_page(engine, read_event, page=page),
            partial(_reached, engine),
            page=page,
            rest_seconds=RESTS * poll_seconds,
            poll_seconds=poll_seconds,
        )


def _reached(engine: Engine) -> int:
    with begin_read(engine) as tx:
        return register.read_cursor(tx).seq


def _read_from(tx: Connection, first: int, limit: int) -> list[Row]:
    return list(read_rows(tx, first, limit))


def _place_of(row: Row) -> Cursor:
    return Cursor(row.seq, entry_hash(row.entry))


def _read_at(tx: Connection, read_event: ReadEvent, seqs: Sequence[int]) -> list[AcceptedEvent]:
    return [_read(tx, row, read_event) for row in read_rows_at(tx, seqs)]


def _read(tx: Connection, row: Row, read_event: ReadEvent) -> AcceptedEvent:
    try:
        return read_event(tx, row)
    except ValueError as error:
        raise Broken(f"the alerts: entry {row.seq} cannot be read: {error}") from error
