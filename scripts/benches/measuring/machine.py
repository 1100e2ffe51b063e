"""The machine that a figure was taken on: without it no figure can be compared with another."""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
from contextlib import suppress
from pathlib import Path
from time import perf_counter

from cabletrace.db.engine import sqlite_module

#: Where benches keep their files: the disk of the checkout, since a folder for temporary files may be memory.
GROUND = Path(__file__).resolve().parents[3] / "build" / "bench"
_SYNCS = 300


def describe() -> str:
    """Two lines: processor, load, versions; what one durable write costs on this disk right now."""
    return (
        f"machine: {_processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; "
        f"Python {platform.python_version()}, SQLite {sqlite_module().sqlite_version}\n"
        f"disk: 4 KB appended + fdatasync p50 {fdatasync_p50_us():.0f} µs"
    )


def fdatasync_p50_us() -> float:
    """Median microseconds to append 4 KB to a file and have it on the disk."""
    GROUND.mkdir(parents=True, exist_ok=True)
    taken = []
    with tempfile.TemporaryFile(dir=GROUND, buffering=0) as file:
        for _ in range(_SYNCS):
            started = perf_counter()
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            taken.append(perf_counter() - started)
    return statistics.median(taken) * 1e6


def processor_seconds_of_children() -> float:
    """What every living process has used so far that this one began, and those that they began."""
    parents: dict[str, str] = {}
    ticks: dict[str, int] = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            said = each.read_text().rpartition(")")[2].split()  # from the third field on
            parents[each.parent.name], ticks[each.parent.name] = said[1], sum(map(int, said[11:13]))
    ours = str(os.getpid())
    family, found = {ours}, {ours}
    while found:
        found = {pid for pid, parent in parents.items() if parent in family and pid not in family}
        family |= found
    return sum(ticks[pid] for pid in family - {ours}) / os.sysconf("SC_CLK_TCK")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "?")
