"""Verification: the pure stream of stored bytes on one core, and the whole as ``cabletrace verify`` does it."""

from __future__ import annotations

from time import process_time
from uuid import uuid4

from measuring import house
from measuring.rounds import Spread, begin, show, show_ratio

from cabletrace.app.installation import Folder, open_installation
from cabletrace.app.verify import verify_ledger
from cabletrace.db.engine import begin_read, open_sqlite
from cabletrace.ledger import store
from cabletrace.ledger.faults import Fault
from cabletrace.ledger.verify import Verifier

LOTS, ROUNDS = 1_000, 5
AIM = 100_000


def main() -> None:
    begin(
        f"a ledger of {LOTS * 30:,} events of {LOTS:,} lots; seconds of CPU of one process, {ROUNDS} rounds"
    )
    with house.folder() as folder:
        with open_installation(folder) as installation:
            for _ in range(LOTS // 50):
                house.record(installation, [s for _ in range(50) for s in house.life(f"L{uuid4().hex[:12]}")])
        bytes_only = Spread(tuple(_bytes_only(folder) for _ in range(ROUNDS)))
        whole = Spread(tuple(_whole(folder, with_projections=False) for _ in range(ROUNDS)))
        rebuilt = Spread((_whole(folder, with_projections=True),))
    show("bytes, canonical form, chain, tree, streams", bytes_only, "entries/s")
    show("the same, and what every payload means", whole, "entries/s")
    show("the same, and all projections rebuilt", rebuilt, "entries/s")
    show_ratio("bytes / aim", Spread(tuple(value / AIM for value in bytes_only.values)), 1.0)


def _bytes_only(folder: Folder) -> float:
    """Rows are read beforehand: what is measured is the verification, not the disk."""
    engine = open_sqlite(folder.ledger, read_only=True)
    with begin_read(engine) as tx:
        identity, head = store.read_identity(tx), store.read_head(tx)
        rows = list(store.read_rows(tx))
        tiles = {place: store.read_stored_tile(tx, *place) for place in store.read_tile_places(tx)}
    engine.dispose()
    verifier = Verifier(identity, head, lambda level, index: tiles.get((level, index)))
    started = process_time()
    _none(list(verifier.faults(rows)))
    return len(rows) / (process_time() - started)


def _whole(folder: Folder, *, with_projections: bool) -> float:
    started = process_time()
    _none(
        list(
            verify_ledger(
                folder.root,
                since=None,
                first=0,
                last=None,
                with_projections=with_projections,
                progress=lambda _stage, _done, _of: None,
            )
        )
    )
    return LOTS * 30 / (process_time() - started)


def _none(faults: list[Fault]) -> None:
    if faults:
        raise ValueError(f"the ledger that was just made has faults: {faults[:3]}")


if __name__ == "__main__":
    main()
