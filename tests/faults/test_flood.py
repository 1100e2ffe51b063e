"""More comes than can be recorded: what waits is bounded, and without the bound the process would die of it."""

from __future__ import annotations

import os
import resource
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from cabletrace.clock import system_clock
from cabletrace.db.database import open_database
from cabletrace.ledger.room import Bounds, Full
from cabletrace.ledger.sequencer import Outcome, Position, Sequencer
from house_for_tests import SIGNER, open_house
from processes_for_tests import Report, Wait, fork

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]

EVENT_BYTES = 50_000
#: What the process may grow by: more than the bound, less than the flood.
GROWTH_BYTES = 400_000_000
FLOOD = 20_000
NO_BOUND = Bounds(proposals=FLOOD, size_bytes=FLOOD * EVENT_BYTES)


def never(_tx: Connection, _position: Position, _proposals: Sequence[bytes]) -> list[Outcome[str]]:
    """An admission that does not come to an end: a disk that hangs."""
    threading.Event().wait()
    raise AssertionError


def limit_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + GROWTH_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def flooded(folder: Path, bounds: Bounds) -> tuple[str, int]:
    """How a process ends that is offered a gigabyte while nothing is recorded, and after how many events."""

    def work(report: Report, _: Wait) -> None:
        sequencer: Sequencer[bytes, str] = Sequencer(
            open_database(folder / "ledger.db"), SIGNER, system_clock, never, bounds=bounds, weigh=len
        )
        sequencer.start()
        limit_memory()
        taken = 0
        try:
            while taken < FLOOD:
                sequencer.propose([bytes(EVENT_BYTES)])
                taken += 1
            report(("took it all", taken))
        except (Full, MemoryError) as error:
            report((type(error).__name__, taken))

    process = fork(work)
    end: Any = process.hear()
    assert process.end() == 0
    how, events = end
    return how, events


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_a_flood_is_turned_away_before_memory_ends_and_without_the_bound_it_is_not(tmp_path: Path) -> None:
    with open_house(tmp_path, clock=system_clock):
        pass

    with_the_bound = flooded(tmp_path, Bounds())
    without = flooded(tmp_path, NO_BOUND)

    assert with_the_bound == ("Full", Bounds().size_bytes // EVENT_BYTES)
    assert without[0] == "MemoryError"
    assert without[1] < FLOOD
