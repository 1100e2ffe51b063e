"""A ledger of a million entries: starting over it, and proofs from it, p50 and p99."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from random import Random
from time import perf_counter, thread_time

from measuring import house
from measuring.rounds import begin, percentile

from cabletrace.app.folder import Folder
from cabletrace.app.installation import open_installation
from cabletrace.db.engine import begin_read, begin_write, open_sqlite
from cabletrace.ledger import store
from cabletrace.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from cabletrace.ledger.entry import entry_hash, format_entry
from cabletrace.ledger.note import NoteSigner, VerifierKey
from cabletrace.ledger.payload import payload_digest
from cabletrace.ledger.proof_file import parse_proof_file
from cabletrace.ledger.store import Head, Row
from cabletrace.ledger.tiles import subtree_hash_reader
from cabletrace.ledger.tree import check_consistency, check_inclusion, consistency_proof, leaf_hash
from cabletrace.queries.events import proof_of_index

SIZE = int(os.environ.get("CABLETRACE_BENCH_ENTRIES", "1000000"))
STARTS = 9
PROOFS = 2_000
CHUNK = 10_000


def main() -> None:
    begin(
        f"a ledger of {SIZE:,} entries whose payloads are stand-ins of 200 bytes; start = open the installation with "
        "every check of a start, until it takes proposals; proof = one inclusion proof as a proof file, or consistency proof "
        "from an earlier size, in a read transaction of its own, checked afterwards"
    )
    with house.folder() as folder:
        started = perf_counter()
        lengthen(folder, SIZE)
        print(
            f"written in {perf_counter() - started:.0f} s; ledger.db {folder.ledger.stat().st_size / 1e6:.0f} MB"
        )
        tell("start", starts(folder), aim_ms=2_000)
        for name, taken in proofs(folder).items():
            tell(name, taken, aim_ms=5)


@dataclass
class Taken:
    """How long each of many took: by the clock, on which others fall too, and of one processor."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @contextmanager
    def one(self) -> Iterator[None]:
        begun, busy = perf_counter(), thread_time()
        yield
        self.clock.append(1_000 * (perf_counter() - begun))
        self.processor.append(1_000 * (thread_time() - busy))


def tell(name: str, taken: Taken, *, aim_ms: float) -> None:
    reached = "reached" if percentile(taken.clock, 0.99) <= aim_ms else "missed"
    for what, values in (("by the clock", taken.clock), ("processor", taken.processor)):
        p50, p99 = percentile(values, 0.5), percentile(values, 0.99)
        aim = f"  aim p99 ≤ {aim_ms:g} ms: {reached}" if values is taken.clock else ""
        print(f"{name + ', ' + what:<44}p50 {p50:8.2f} ms  p99 {p99:8.2f} ms{aim}", flush=True)


def lengthen(folder: Folder, size: int) -> None:
    """Append stand-ins up to this size, as the sequencer would, without its rules and its fsyncs."""
    engine = open_sqlite(folder.ledger)
    with begin_read(engine) as tx:
        chosen, old = store.read_identity(tx), store.read_head(tx)
        edge = store.load_edge(tx, old.size)
    signer = NoteSigner.from_seed(chosen.origin, folder.seed.read_bytes())
    prev, last = old.last_entry, b""
    for first in range(old.size, size, CHUNK):
        rows = []
        for seq in range(first, min(first + CHUNK, size)):
            payload = b"%d stands for an event " % seq + b"." * 180
            last = format_entry(old.at, payload_digest(payload).hex(), prev.hex(), seq)
            rows.append(Row(seq, f"{seq:036d}", payload, last))
            prev = entry_hash(last)
        with begin_write(engine) as tx:
            store.write_rows(tx, rows)
            store.write_tiles(tx, edge.append([leaf_hash(row.entry) for row in rows]))
    root = edge.root()
    checkpoint = sign_checkpoint(Checkpoint(chosen.origin, size, root), signer)
    new = Head(size=size, at=old.at, last_entry=prev, last_event=b"", root=root, checkpoint=checkpoint)
    with begin_write(engine) as tx:
        assert store.replace_head(tx, old, new)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def starts(folder: Folder) -> Taken:
    taken = Taken()
    for _ in range(STARTS):
        with ExitStack() as opened, taken.one():
            opened.enter_context(open_installation(folder))
    return taken


def proofs(folder: Folder) -> dict[str, Taken]:
    engine, dice = open_sqlite(folder.ledger, read_only=True), Random(7)
    inclusion, consistency = Taken(), Taken()
    with begin_read(engine) as tx:
        key = VerifierKey.parse(store.read_identity(tx).verifier_key)
        whole = open_checkpoint(store.read_checkpoint(tx), key)
    for _ in range(PROOFS):
        index = dice.randrange(SIZE)
        with inclusion.one(), begin_read(engine) as tx:
            file = proof_of_index(tx, index)
        with begin_read(engine) as tx:
            (entry,) = store.read_entries(tx, index, 1)
        assert file is not None
        check_inclusion(leaf_hash(entry), index, SIZE, parse_proof_file(file).proof, whole.root)
    for _ in range(PROOFS):
        old = dice.randrange(1, SIZE)
        with consistency.one(), begin_read(engine) as tx:
            proof = consistency_proof(
                old, SIZE, subtree_hash_reader(partial(store.read_tile_hashes, tx), SIZE)
            )
        with begin_read(engine) as tx:
            check_consistency(old, SIZE, store.load_edge(tx, old).root(), whole.root, proof)
    engine.dispose()
    return {"inclusion proof": inclusion, "consistency proof": consistency}


if __name__ == "__main__":
    main()
