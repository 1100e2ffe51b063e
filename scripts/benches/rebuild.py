"""Rebuild all projections of an installation from its ledger."""

from __future__ import annotations

from time import perf_counter, process_time

from measuring import house
from measuring.rounds import Spread, begin, share_of, show, show_ratio

from cabletrace.app.folder import Folder
from cabletrace.app.installation import open_installation
from cabletrace.app.rebuild import rebuild_projections

LIVES = 400
ROUNDS = 5
AIM = 10_000


def main() -> None:
    begin(
        f"a ledger of {LIVES * 30:,} events; every projection dropped and derived again in one transaction, "
        f"{ROUNDS} rounds; what a process loads once is loaded in a round before"
    )
    with house.folder() as folder:
        with open_installation(folder) as installation:
            house.fill(installation, LIVES)
        _rebuild(folder)  # warm
        clock, working = zip(*(_rebuild(folder) for _ in range(ROUNDS)), strict=True)
    show("rebuild, with alerts", Spread(clock), "events/s")
    show("rebuild, by processor time", of_one_core := Spread(working), "events/s of one core")
    show_ratio("rebuild of one core / aim", share_of(of_one_core, AIM), 1.0)


def _rebuild(folder: Folder) -> tuple[float, float]:
    """Events a second: by the clock, and of processor time."""
    started, worked = perf_counter(), process_time()
    count = rebuild_projections(folder, lambda *_: None)
    seconds, working = perf_counter() - started, process_time() - worked
    return count / seconds, count / working


if __name__ == "__main__":
    main()
