"""Bytes that an event takes in ledger.db beyond its payload: entry, tree, streams, each projection with its indexes."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

from measuring import house
from measuring.rounds import begin
from sqlalchemy import Connection, func, select

from cabletrace.alerts.follower import catch_up
from cabletrace.app.folder import Folder
from cabletrace.app.followers import read_accepted
from cabletrace.app.installation import open_installation
from cabletrace.app.schema import ALL_METADATA
from cabletrace.db.engine import begin_read, begin_write, open_sqlite
from cabletrace.ledger import store

LIVES = 400
AIM = 300


def main() -> None:
    begin(
        f"{LIVES * 30:,} events of {LIVES} lots, and as many again, whose share is told: pages that become free in a "
        "copy when a table is dropped, with its indexes and all that lies empty in them; nothing depends on the machine"
    )
    with house.folder() as folder:
        before = _grown(folder)
        after = _grown(folder)
    _tell({name: (after[name] - before[name]) / (LIVES * 30) for name in after})


def _grown(folder: Folder) -> Counter[str]:
    with open_installation(folder) as installation:
        house.fill(installation, LIVES)
        catch_up(installation.ledger, read_accepted)
    copy = folder.root / "copy.db"
    shutil.copy(folder.ledger, copy)  # closed, so that the file alone is the database
    try:
        return _bytes_of(copy)
    finally:
        copy.unlink()


def _bytes_of(copy: Path) -> Counter[str]:
    """What each table takes in this file, by name, and of three columns what stands in them; the tables are lost."""
    taken: Counter[str] = Counter()
    engine = open_sqlite(copy)
    with begin_read(engine) as tx:
        whole = _pragma(tx, "page_count") - _pragma(tx, "freelist_count")
        for column in (store.entry.c.payload, store.entry.c.entry, store.tile.c.hashes):
            taken[str(column)] = tx.execute(select(func.sum(func.length(column)))).scalar_one()
        page_bytes = _pragma(tx, "page_size")
        names = tx.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table'").scalars().all()
    taken["ledger.db"] = whole * page_bytes
    for name in names:
        with begin_write(engine) as tx:
            free = _pragma(tx, "freelist_count")
            tx.exec_driver_sql(f'DROP TABLE "{name}"')
            taken[name] = (_pragma(tx, "freelist_count") - free) * page_bytes
    engine.dispose()
    return taken


def _pragma(tx: Connection, name: str) -> int:
    return int(tx.exec_driver_sql(f"PRAGMA {name}").scalar_one())


def _tell(each: dict[str, float]) -> None:
    projections = {
        table.name
        for metadata in ALL_METADATA
        for table in metadata.sorted_tables
        if table.info["kind"] == "projection" and table is not store.stream_event
    }
    payload, entry = each["entry.payload"], each["entry.entry"]
    around = each["entry"] - payload - entry
    _show("payload", payload)
    _show("entry", entry)
    _show("its row, the id with its index, what lies empty", around)
    _show("tile: hashes of the tree with their roots", each["tile"])
    in_file = entry + around + each["tile"]
    _show("entry and tree, as they are published", entry + each["tile.hashes"], AIM)
    _show("entry and tree, in the file", in_file, AIM)
    _show("streams", each["stream_event"])
    _show("projections", sum(each[name] for name in projections))
    for name in sorted(projections, key=lambda name: -each[name]):
        if each[name]:
            _show(f"  {name}", each[name])
    rest = each.keys() - projections - {"entry", "tile", "stream_event", "ledger.db"}
    for name in sorted(name for name in rest if "." not in name and each[name]):
        _show(name, each[name])
    _show("ledger.db, all of it", each["ledger.db"])


def _show(name: str, size: float, aim: int | None = None) -> None:
    reached = "" if aim is None else f"  aim ≤ {aim}: {'reached' if size <= aim else 'missed'}"
    print(f"{name:<52}{size:8.1f} bytes/event{reached}", flush=True)


if __name__ == "__main__":
    main()
