"""Rebuild: all projections again from the ledger, by applying every accepted event.

Nothing is judged again: the events are applied through the same `Overlay` as when they were admitted, so the
rows come out the same, to the cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from sqlalchemy import Connection, MetaData, Table, insert, select

from ..auth import grants
from ..blobs import named
from ..flow import books
from ..ledger import store
from ..ledger.payload import decode_payload, payload_digest
from ..ledger.store import Row, StreamPlace
from ..model.admission import all_wanted
from ..registry import register
from .overlay import Overlay
from .recorded import Recorded, original_of, recorded_in

#: Where intake writes beside the ledger.
METADATA: tuple[MetaData, ...] = (
    store.metadata,
    grants.metadata,
    register.metadata,
    books.metadata,
    named.metadata,
)
_CHUNK = 1000
#: What is done with every event, given the one that it corrects.
Each = Callable[[Connection, Recorded, Recorded | None], None]


def projections(metadata: Iterable[MetaData] = METADATA) -> list[Table]:
    """The tables that follow from the ledger alone."""
    return [
        table for each in metadata for table in each.sorted_tables if table.info.get("kind") == "projection"
    ]


def rebuild(
    ledger: Connection,
    tx: Connection,
    each: Each | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Apply the events of ``ledger`` to the (empty) projection tables of ``tx``; returns how many there were.

    ``each`` is called for every event (and the one that it corrects), after it was applied, by those who keep
    projections of their own.
    ``progress`` is told the number of events done.
    """
    overlay = Overlay()
    done = 0
    for chunk in _chunks(store.read_rows(ledger)):
        payloads = [(row, decode_payload(row.payload)) for row in chunk]
        events = [recorded_in(row.seq, payload) for row, payload in payloads]
        overlay.load(tx, all_wanted((e.draft, e.speaker, e.actor) for e in events))
        for event in events:
            overlay.look_back(event.draft, event.actor, rows=ledger, projections=tx)
            overlay.apply(event.statement(), event.actor)
        store.write_stream_places(
            tx,
            [
                StreamPlace(stream["name"], stream["n"], row.seq, payload_digest(row.payload))
                for row, payload in payloads
                for stream in payload.server["streams"]
            ],
        )
        overlay.write(tx)
        if each is not None:
            for event in events:
                each(tx, event, original_of(ledger, event))
        done += len(chunk)
        if progress is not None:
            progress(done)
    return done


def replace_rows(source: Connection, target: Connection, tables: Iterable[Table]) -> None:
    """Empty the tables of ``target`` and fill them from ``source``: the end of a rebuild."""
    for table in tables:
        target.execute(table.delete())
        rows = source.execute(select(table))
        while some := rows.fetchmany(_CHUNK):
            target.execute(insert(table), [dict(row._mapping) for row in some])


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while chunk := list(islice(left, _CHUNK)):
        yield chunk
