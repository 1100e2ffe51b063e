"""Several processes write to one ledger's file at once: all are right, and none forks the chain."""

from __future__ import annotations

from pathlib import Path

import pytest

from cabletrace.clock import system_clock
from house_for_tests import open_house
from processes_for_tests import Recorder, Report, Wait, a_group, acknowledged, faults, fork, stored

WRITERS = 4
GROUPS = 20
EVENTS_OF_A_GROUP = 10


def write(folder: Path, who: int, report: Report, wait: Wait) -> None:
    recorder = Recorder(folder)
    report("ready")
    wait()
    for n in range(GROUPS):
        receipts = recorder.record(a_group(f"{who}-{n}", dispatches=EVENTS_OF_A_GROUP - 1))
        report(acknowledged(receipts))
    recorder.close()


@pytest.mark.full
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_four_processes_with_two_hundred_events_each_are_all_right(tmp_path: Path) -> None:
    with open_house(tmp_path, clock=system_clock):
        pass
    before = stored(tmp_path)
    processes = [
        fork(lambda report, wait, who=who: write(tmp_path, who, report, wait)) for who in range(WRITERS)
    ]
    assert [each.hear() for each in processes] == ["ready"] * WRITERS

    for each in processes:
        each.go_on()
    told = [each.hear_all() for each in processes]

    assert [each.end() for each in processes] == [0] * WRITERS
    known = [entry for reports in told for report in reports for entry in report.items()]
    assert len(known) == len(dict(known)) == WRITERS * GROUPS * EVENTS_OF_A_GROUP
    assert stored(tmp_path) == before | dict(known)
    assert faults(tmp_path) == []
