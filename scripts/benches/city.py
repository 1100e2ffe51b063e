"""An invented city brought in, and a ledger of mixed life rebuilt and verified: corrections, holds, files, goods without codes."""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

from measuring.machine import GROUND
from measuring.rounds import Spread, begin, show

from cabletrace.app.city.build import build_city
from cabletrace.app.city.sizes import SIZES
from cabletrace.app.folder import Folder
from cabletrace.app.installation import create, open_installation
from cabletrace.app.process import collecting_seldom
from cabletrace.app.rebuild import rebuild_projections
from cabletrace.app.verify import verify_ledger
from cabletrace.auth.passwords import Passwords

SIZE = SIZES[os.environ.get("CABLETRACE_BENCH_CITY", "city")]


def main() -> None:
    begin(
        f"the invented {SIZE.name} ({SIZE.makers * SIZE.months * SIZE.lots:,} lots) through drafts and imported files, once; "
        "then every projection rebuilt, and the whole file verified, once each"
    )
    GROUND.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=GROUND) as path:
        folder = Folder(Path(path) / "data")
        create(folder, origin="bench.cabletrace.example/ledger", public_host="bench.cabletrace.example")
        events = told("brought in", lambda: _build(folder))
        told("rebuilt", lambda: rebuild_projections(folder, lambda *_: None))
        told("verified", lambda: _verified(folder, events))
        show("ledger.db", Spread((folder.ledger.stat().st_size / events,)), "bytes/event")
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    show("memory at most", Spread((memory_mb,)), "MB")


def told(what: str, work: Callable[[], int]) -> int:
    """Do it and say how fast it was; returns how many events that were."""
    started, worked = perf_counter(), process_time()
    events = work()
    seconds, working = perf_counter() - started, process_time() - worked
    show(f"{what}, by the clock", Spread((events / seconds,)), "events/s")
    show(f"{what}, by processor time", Spread((events / working,)), "events/s of one core")
    return events


def _build(folder: Folder) -> int:
    with open_installation(folder) as house, collecting_seldom():
        return build_city(house, Passwords(), SIZE, 1, lambda *_: None).events


def _verified(folder: Folder, events: int) -> int:
    for fault in verify_ledger(folder.root):
        raise SystemExit(f"not clean: {fault}")
    return events


if __name__ == "__main__":
    main()
