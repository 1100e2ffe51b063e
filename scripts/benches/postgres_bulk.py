"""Bulk append in PostgreSQL, with every rule and the ledger alone, beside the same rows by plain executemany."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, TypeVar
from uuid import uuid4

import psycopg
from measuring import house
from measuring.database import Database, durable_database
from measuring.machine import GROUND
from measuring.rounds import Spread, begin, ratio, show, show_ratio
from psycopg.types.string import TextLoader
from sqlalchemy import Connection, Engine

from cabletrace.app.installation import open_installation
from cabletrace.app.process import keep_what_is_loaded
from cabletrace.app.schema import ALL_METADATA
from cabletrace.auth.actor import Actor
from cabletrace.clock import system_clock
from cabletrace.db.database import ADDRESS, closing, open_database
from cabletrace.db.engine import begin_write
from cabletrace.intake.record import Intake, prepare
from cabletrace.ledger import store
from cabletrace.ledger.checkpoint import Checkpoint, sign_checkpoint
from cabletrace.ledger.note import NoteSigner
from cabletrace.ledger.sequencer import Append, Position, Sequencer
from cabletrace.ledger.store import Identity
from cabletrace.ledger.tree import EMPTY_ROOT
from cabletrace.personal import disclosures

ROUNDS = 5
LIVES = 100
EVENTS = LIVES * 30
#: Events in one call, and in one transaction of what it is compared with.
CHUNK = 1_000
AIM = 0.5
METADATA = (*ALL_METADATA, disclosures.metadata)
#: Every table that an append writes to, but for the one row of the head.
TABLES = tuple(t.name for each in METADATA for t in each.sorted_tables if t is not store.head)

CONTENDERS = (
    "append, every rule",
    "its rows, by executemany",
    "append, the ledger alone",
    "its entries, by executemany",
)
SIGNER = NoteSigner.from_seed("bench.cabletrace.example/ledger", b"\1" * 32)
IDENTITY = Identity(
    origin=SIGNER.name,
    public_host="bench.cabletrace.example",
    verifier_key=SIGNER.verifier_key.format(),
)

#: Rows by table.
Rows = dict[str, list[tuple[Any, ...]]]
T = TypeVar("T")


def main() -> None:
    begin(
        f"{EVENTS:,} events of {LIVES} lots a round in chunks of {CHUNK:,}, with every rule; then, in turning order: every row that "
        f"they left, by the driver's executemany into such tables with such indexes and triggers, {CHUNK:,} events' share a "
        "transaction; the same payloads through the ledger alone (chain, tree, read back, checkpoint); its entries alone by "
        f"executemany; {ROUNDS} rounds"
    )
    with (
        durable_database() as database,
        house.folder(f"{database.address}?prefix=house_") as folder,
        tempfile.TemporaryDirectory(dir=GROUND) as path,
        open_installation(folder) as installation,
        psycopg.connect(database.address) as line,
        _empty(Path(path) / "every", f"{database.address}?prefix=every_"),
        _empty(Path(path) / "plain", f"{database.address}?prefix=plain_"),
        _empty(Path(path) / "alone", f"{database.address}?prefix=alone_") as alone,
        _sequencing(alone) as sequencer,
    ):
        line.adapters.register_loader("json", TextLoader)  # to be compared, and written again as it came
        actors = house.actors(installation)
        keep_what_is_loaded()
        _record(installation.intake, actors, _lives())  # warm
        known = {name: set(rows) for name, rows in _rows(line, "house_ledger").items()}
        taken = _Taken(database, {name: [] for name in CONTENDERS}, {name: [] for name in CONTENDERS})
        for number in range(ROUNDS):
            taken.by(CONTENDERS[0], partial(_record, installation.intake, actors, _lives()))
            now = _rows(line, "house_ledger")
            left = {name: sorted(set(rows) - known[name]) for name, rows in now.items()}
            for name, rows in left.items():
                known[name].update(rows)
            payloads = [row[2] for row in left["entry"]]
            ways: dict[str, Callable[[], None]] = {
                CONTENDERS[1]: partial(_write_plainly, line, "every_ledger", left),
                CONTENDERS[2]: partial(_append, sequencer, payloads),
                CONTENDERS[3]: partial(_write_plainly, line, "plain_ledger", {"entry": left["entry"]}),
            }
            for name in [*ways][number % 3 :] + [*ways][: number % 3]:
                taken.by(name, ways[name])
    show("rows of an event", Spread((sum(map(len, left.values())) / EVENTS,)), "")
    for how, seconds in (("by the clock", taken.clock), ("by processor time of both ends", taken.processor)):
        print(how)
        whole, every, ledger, entries = (
            Spread(tuple(EVENTS / each for each in seconds[n])) for n in CONTENDERS
        )
        for name, figure in zip(CONTENDERS, (whole, every, ledger, entries), strict=True):
            show(name, figure, "events/s")
        show_ratio("every rule / its rows by executemany", ratio(whole, every), AIM)
        show_ratio("ledger alone / its entries by executemany", ratio(ledger, entries), AIM)


@dataclass(frozen=True, slots=True)
class _Taken:
    """The seconds of each round: of the clock, and of the processors in this process and in the server."""

    database: Database
    clock: dict[str, list[float]]
    processor: dict[str, list[float]]

    def by(self, name: str, work: Callable[[], None]) -> None:
        begun = perf_counter(), process_time() + self.database.processor_seconds()
        work()
        self.clock[name].append(perf_counter() - begun[0])
        self.processor[name].append(process_time() + self.database.processor_seconds() - begun[1])


def _lives() -> list[house.Said]:
    return [each for _ in range(LIVES) for each in house.life(f"L{uuid4().hex[:12]}")]


def _record(intake: Intake, actors: Mapping[str, Actor], said: Sequence[house.Said]) -> None:
    """From envelopes to receipts."""
    for some in _in_chunks(said):
        house.take(intake.record_now([prepare({"draft": each.draft}, actors[each.speaker]) for each in some]))


def _append(sequencer: Sequencer[bytes, None], payloads: Sequence[bytes]) -> None:
    for some in _in_chunks(payloads):
        for future in sequencer.propose(list(some)):
            future.result()


def _write_plainly(line: psycopg.Connection, schema: str, rows: Rows) -> None:
    """As many transactions as the append has chunks, an equal share of each table's rows in each."""
    count = -(-EVENTS // CHUNK)
    statements = {
        name: f"INSERT INTO {schema}.{name} VALUES ({', '.join(['%s'] * len(some[0]))})"
        for name, some in rows.items()
        if some
    }
    for number in range(count):
        with line.transaction(), line.cursor() as cursor:
            for name, statement in statements.items():
                some = rows[name]
                share = some[len(some) * number // count : len(some) * (number + 1) // count]
                cursor.executemany(statement, share)


def _in_chunks(things: Sequence[T]) -> Iterator[Sequence[T]]:
    return (things[first : first + CHUNK] for first in range(0, len(things), CHUNK))


def _rows(line: psycopg.Connection, schema: str) -> Rows:
    """Every row of every table that an append adds to."""
    with line.transaction():
        return {name: line.execute(f"SELECT * FROM {schema}.{name}").fetchall() for name in TABLES}


@contextmanager
def _empty(folder: Path, address: str) -> Iterator[Engine]:
    """The tables of a ledger, with nothing in them but its beginning."""
    folder.mkdir()
    (folder / ADDRESS).write_text(address)
    with closing(open_database(folder / "ledger.db")) as engine:
        with begin_write(engine) as tx:
            first = sign_checkpoint(Checkpoint(SIGNER.name, 0, EMPTY_ROOT), SIGNER)
            store.create(tx, IDENTITY, first)
            for metadata in METADATA:
                metadata.create_all(tx)
        yield engine


@contextmanager
def _sequencing(engine: Engine) -> Iterator[Sequencer[bytes, None]]:
    """The ledger without rules: whatever is proposed is appended."""

    def admit(_: Connection, __: Position, payloads: Sequence[bytes]) -> list[Append]:
        return [Append(str(uuid4()), payload) for payload in payloads]

    sequencer: Sequencer[bytes, None] = Sequencer(engine, SIGNER, system_clock, admit)
    sequencer.start()
    try:
        yield sequencer
    finally:
        sequencer.stop()


if __name__ == "__main__":
    main()
