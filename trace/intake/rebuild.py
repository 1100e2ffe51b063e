"""Rebuild: all projections again from the ledger, by applying every accepted event.

Nothing is judged again: the events are applied through the same `Overlay` as when they were admitted, so the
rows come out the same, to the cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import Connection, MetaData, Table, insert, select

from ..auth import grants
from ..blobs import named
from ..errors import Broken
from ..flow import books
from ..inspecting import listings, programmes, samples
from ..inspecting import register as inspecting
from ..investigation import alerts, discipline, requests
from ..investigation import register as investigation
from ..ledger import store
from ..ledger.entry import names_event
from ..ledger.payload import Payload, payload_digest, split_payload
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
    inspecting.metadata,
    samples.metadata,
    programmes.metadata,
    listings.metadata,
    books.metadata,
    investigation.metadata,
    alerts.metadata,
    discipline.metadata,
    requests.metadata,
    named.metadata,
)
_CHUNK = 2000
#: Batches kept in memory; beyond, they are read again from what has been written.
_MAX_KEPT_BATCHES = 20_000
#: What is done with some events in order, each with the one that it corrects; given the rebuilt and the ledger.
Following = Callable[[Connection, Connection, Sequence[tuple[Recorded, Recorded | None]]], None]


def projections(metadata: Iterable[MetaData] = METADATA) -> list[Table]:
    """The tables that follow from the ledger alone."""
    return [
        table for each in metadata for table in each.sorted_tables if table.info.get("kind") == "projection"
    ]


def rebuild(
    ledger: Connection,
    tx: Connection,
    following: Following | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Apply the events of ``ledger`` to the (empty) projection tables of ``tx``; returns how many there were.

    ``following`` is called with some events at a time (and those that they correct), after they were applied and
    written, for those who keep projections of their own.
    ``progress`` is told the number of events done.
    Raises `Broken` where an entry is of another payload than the one that stands beside it.
    """
    overlay = Overlay()
    done = 0
    for chunk in _chunks(store.read_rows(ledger)):
        digests = [payload_digest(row.payload) for row in chunk]
        payloads = [_admitted(row, digest) for row, digest in zip(chunk, digests, strict=True)]
        events = [recorded_in(row.seq, payload) for row, payload in zip(chunk, payloads, strict=True)]
        if len(overlay.state.batches) > _MAX_KEPT_BATCHES:
            overlay = Overlay(seq=overlay.seq)
        overlay.load(tx, all_wanted((e.draft, e.speaker, e.actor) for e in events))
        for event in events:
            overlay.look_back(event.draft, event.actor, rows=ledger, projections=tx)
            overlay.apply(event.statement(), event.actor)
        store.write_stream_places(
            tx,
            [
                StreamPlace(stream["name"], stream["n"], row.seq, digest)
                for row, payload, digest in zip(chunk, payloads, digests, strict=True)
                for stream in payload.server["streams"]
            ],
        )
        overlay.write(tx)
        if following is not None:
            following(tx, ledger, [(event, original_of(ledger, event)) for event in events])
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


def _admitted(row: Row, digest: bytes) -> Payload:
    """The payload of a row, which need not be checked as if it came from outside: its entry says that it was."""
    if not names_event(row.entry, digest):
        raise Broken(
            f"entry {row.seq} is of another payload than the one that stands beside it: run `cabletrace verify`"
        )
    return split_payload(row.payload)


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while chunk := list(islice(left, _CHUNK)):
        yield chunk
