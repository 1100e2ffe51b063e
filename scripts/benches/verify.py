"""Verify a ledger: the pure pass over rows in memory, the whole file, and the file with its projections."""

from __future__ import annotations

from time import perf_counter, process_time

from measuring import house
from measuring.rounds import begin, interleaved, share_of, show, show_ratio
from sqlalchemy import Engine

from cabletrace.app.folder import Folder
from cabletrace.app.installation import open_installation
from cabletrace.app.verify import verify_ledger
from cabletrace.db.engine import begin_read
from cabletrace.ledger import store
from cabletrace.ledger.faults import Fault
from cabletrace.ledger.store import Head, Identity, Row
from cabletrace.ledger.verify import Verifier

LIVES = 400
ROUNDS = 7
AIM = 100_000

Tiles = dict[tuple[int, int], tuple[bytes, bytes]]


def main() -> None:
    begin(
        f"a ledger of {LIVES * 30:,} events; pure = digests, canonical form, chain, tree, tiles, streams, checkpoint "
        "over rows in memory, by processor time; file = the same from disk, with SQLite's own check, every draft read again and every "
        "commitment opened; projections = also rebuilt and compared cell by cell"
    )
    with house.folder() as folder:
        with open_installation(folder) as installation:
            house.fill(installation, LIVES)
            identity, head, rows, tiles = _in_memory(installation.ledger)
        taken = interleaved(
            {
                "pure pass": lambda: _pure(identity, head, rows, tiles),
                "file": lambda: _file(folder, len(rows), with_projections=False),
                "file with projections": lambda: _file(folder, len(rows), with_projections=True),
            },
            ROUNDS,
        )
    for name, figure in taken.items():
        show(name, figure, "entries/s")
    show_ratio("pure pass / aim", share_of(taken["pure pass"], AIM), 1.0)


def _in_memory(ledger: Engine) -> tuple[Identity, Head, list[Row], Tiles]:
    with begin_read(ledger) as tx:
        tiles = {}
        for place in store.read_tile_places(tx):
            stored = store.read_stored_tile(tx, *place)
            if stored is not None:
                tiles[place] = stored
        return store.read_identity(tx), store.read_head(tx), list(store.read_rows(tx)), tiles


def _pure(identity: Identity, head: Head, rows: list[Row], tiles: Tiles) -> float:
    verifier = Verifier(identity, head, lambda level, index: tiles.get((level, index)))
    started = process_time()
    faults = list(verifier.faults(rows))
    seconds = process_time() - started
    _none(faults)
    return len(rows) / seconds


def _file(folder: Folder, size: int, *, with_projections: bool) -> float:
    started = perf_counter()
    faults = list(verify_ledger(folder.root, with_projections=with_projections))
    seconds = perf_counter() - started
    _none(faults)
    return size / seconds


def _none(faults: list[Fault]) -> None:
    if faults:
        raise SystemExit(f"a sound ledger was found faulty: {faults[0]}")


if __name__ == "__main__":
    main()
