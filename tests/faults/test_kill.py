"""What was acknowledged survives: a process that records is killed at any moment, again and again."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from cabletrace.clock import system_clock
from house_for_tests import open_house
from processes_for_tests import Recorder, Report, Wait, a_group, acknowledged, faults, fork, stored

#: The most groups that a process may see acknowledged before the moment of its death is chosen by chance.
MOST_GROUPS = 2


@dataclass
class Pace:
    """How long a group takes on this machine, just now: the moment of a kill is chosen within that time."""

    seconds: float = 0.05


def record_until_killed(folder: Path, life: int, report: Report) -> None:
    """Append for ever, in groups of 1 to 30, and report every receipt after it came. Never returns."""
    dice = Random(life)
    recorder = Recorder(folder)
    report("began")
    lot = 0
    while True:
        lot += 1
        receipts = recorder.record(a_group(f"{life}-{lot}", dispatches=dice.randrange(0, 29)))
        report(acknowledged(receipts))


def live_and_be_killed(folder: Path, life: int, dice: Random, pace: Pace) -> dict[int, bytes]:
    """Fork a recording process and kill it in the middle of some group; what it had acknowledged by then."""

    def work(report: Report, _: Wait) -> None:
        record_until_killed(folder, life, report)

    process = fork(work)
    assert process.hear() == "began", "it did not start"
    known: dict[int, bytes] = {}
    for _ in range(dice.randint(0, MOST_GROUPS)):
        begun = time.monotonic()
        known |= process.hear()
        pace.seconds = time.monotonic() - begun
    time.sleep(dice.uniform(0, pace.seconds))
    process.kill()
    for more in process.hear_all():
        known |= more
    assert process.end() == -signal.SIGKILL, "it died by itself"
    return known


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize(
    "kills", [pytest.param(300, marks=pytest.mark.full), pytest.param(2_000, marks=pytest.mark.nightly)]
)
def test_of_so_many_kills_none_loses_an_acknowledged_event(tmp_path: Path, kills: int) -> None:
    with open_house(tmp_path, clock=system_clock):
        pass
    dice, pace = Random(7), Pace()
    known: dict[int, bytes] = {}

    for life in range(kills):
        more = live_and_be_killed(tmp_path, life, dice, pace)
        assert not known.keys() & more.keys(), "an index was given away twice"
        known |= more

    on_the_ledger = stored(tmp_path)
    assert known.items() <= on_the_ledger.items()
    assert len(known) > kills, "too few lived to see anything acknowledged"
    assert faults(tmp_path) == []
