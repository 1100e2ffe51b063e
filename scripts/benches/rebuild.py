"""Rebuild all projections of an installation from its ledger."""

from __future__ import annotations

from time import perf_counter

from measuring import house
from measuring.rounds import begin, interleaved, show

from cabletrace.app.installation import Folder, open_installation
from cabletrace.app.rebuild import rebuild_projections

LIVES = 400
ROUNDS = 5


def main() -> None:
    begin(f"a ledger of {LIVES * 30:,} events; every projection dropped and derived again in one transaction")
    with house.folder() as folder:
        with open_installation(folder) as installation:
            house.fill(installation, LIVES)
        taken = interleaved({"rebuild": lambda: _rebuild(folder)}, ROUNDS)
    show("rebuild, with alerts", taken["rebuild"], "events/s")


def _rebuild(folder: Folder) -> float:
    started = perf_counter()
    count = rebuild_projections(folder, lambda *_: None)
    return count / (perf_counter() - started)


if __name__ == "__main__":
    main()
