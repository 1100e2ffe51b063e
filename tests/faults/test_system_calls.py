"""Every write-side system call of one append fails in turn: with EIO, with ENOSPC, and with the death of the process.

A real process appends one group and closes the ledger, under strace, which lets one call of the kernel on the ledger's
files return an error, or kills the process in it. Then the ledger is opened anew, verified and written to again. An
injected error does not take back what the kernel already has, so it is milder than a disk that dies.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from cabletrace.clock import system_clock
from cabletrace.ledger.standing import Stopped
from house_for_tests import open_house
from processes_for_tests import Recorder, Report, Wait, a_group, acknowledged, faults, fork, stored

pytestmark = [
    pytest.mark.full,
    pytest.mark.timeout(3_600),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]

#: What SQLite changes files with; a name that this kernel does not have is left out by strace's "?".
CALLS = ("pwrite64", "write", "fdatasync", "fsync", "ftruncate", "fallocate", "unlink", "openat")
FATES = ("error=EIO", "error=ENOSPC", "signal=SIGKILL")
#: In the full form every n-th call meets its fate, in the nightly form every one.
STRIDE = 1 if os.environ.get("CABLETRACE_TESTS") == "nightly" else 7
_PR_SET_PTRACER = 0x59616D61


@dataclass(frozen=True)
class Traced:
    """One append under strace: how the process ended, what it reported, how often which thread made which call."""

    code: int
    reports: list[object]
    calls: Counter[tuple[str, str]]


def append_once(folder: Path, report: Report, wait: Wait) -> None:
    """Append one group, and if that fails ask again with the same ids; close the ledger."""
    # Where only a parent may trace (Yama), allow whoever asks; strace is no parent of ours.
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
    recorder = Recorder(folder)
    group = a_group("traced")
    report("ready")
    wait()
    for _ in range(2):
        try:
            report(acknowledged(recorder.record(group)))
        except Stopped as stopped:
            report(f"stopped: {stopped}")
            break
        except Exception as error:
            report(f"failed: {error!r}"[:2000])
        else:
            break
    recorder.close()
    report("closed")


def traced(folder: Path, *fate: str) -> Traced:
    process = fork(lambda report, wait: append_once(folder, report, wait))
    assert process.hear() == "ready"
    log = folder / "strace.log"
    paths = [
        f"-P{folder / name}" for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.db-journal")
    ]
    calls = ",".join(f"?{name}" for name in CALLS)
    strace = subprocess.Popen(
        ["strace", "-f", "-o", log, "-p", str(process.pid), "-e", f"trace={calls}", *paths, *fate],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert strace.stderr is not None
    if "attached" not in (said := strace.stderr.readline()):
        process.kill()
        process.end()
        strace.wait()
        pytest.skip(f"NOT TRIED 未测：strace may not trace here: {said.strip()}")
    process.go_on()
    reports = process.hear_all()
    code = process.end()
    strace.communicate()
    made = re.findall(r"^(\d+) +(\w+)\(", log.read_text(), re.MULTILINE)
    return Traced(code, reports, Counter(made))


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert shutil.which("strace"), "needs strace: apt-get install strace"
    folder = tmp_path_factory.mktemp("untouched")
    with open_house(folder, clock=system_clock):
        pass
    return folder


def what_an_append_calls(untouched: Path, folder: Path) -> dict[str, int]:
    """How often each call is made on the ledger's files where nothing fails, by the thread that makes it most.

    strace counts for each thread: the n-th call of the committing thread, which writes the WAL, fails together with
    the n-th of the one that closes the file, which takes the WAL into the database.
    """
    shutil.copytree(untouched, folder)
    whole = traced(folder)
    assert whole.code == 0
    assert [type(each) for each in whole.reports] == [dict, str]
    assert faults(folder) == []
    calls: dict[str, int] = {}
    for (_, call), count in whole.calls.items():
        calls[call] = max(count, calls.get(call, 0))
    return calls


def chosen(calls: dict[str, int]) -> list[tuple[str, int]]:
    """(call, its number) to meet their fate: of many writes some, of what is rare everything."""
    return [
        (call, number)
        for call, count in sorted(calls.items())
        for number in range(1, count + 1)
        if count < 10 or number % STRIDE == 0 or number in (1, count)
    ]


@pytest.mark.parametrize("fate", FATES)
def test_whatever_call_fails_the_ledger_goes_on_or_stops_loudly_and_is_sound(
    untouched: Path, tmp_path: Path, fate: str
) -> None:
    calls = what_an_append_calls(untouched, tmp_path / "whole")
    assert {"pwrite64", "ftruncate", "unlink"} <= calls.keys()
    assert calls.keys() & {"fsync", "fdatasync"}
    before = stored(untouched)

    for call, number in chosen(calls):
        where = f"{call} {number} of {calls[call]}, {fate}"
        folder = tmp_path / "one"
        shutil.copytree(untouched, folder)

        ended = traced(folder, "-e", f"inject={call}:{fate}:when={number}")

        assert ended.code == (-9 if "SIGKILL" in fate else 0), where
        known = {
            seq: entry for each in ended.reports if isinstance(each, dict) for seq, entry in each.items()
        }
        words = [each for each in ended.reports if isinstance(each, str)]
        if "SIGKILL" not in fate:
            assert words[-1] == "closed", where
            assert known or words[-2].startswith(("stopped: the disk has failed", "failed: ")), (where, words)
        assert_sound(folder, before, known, where)
        shutil.rmtree(folder)


def assert_sound(folder: Path, before: dict[int, bytes], known: dict[int, bytes], where: str) -> None:
    """Opened anew it is verified, holds all that was acknowledged, and takes the same ids and others."""
    assert faults(folder) == [], where
    recorder = Recorder(folder)
    again = acknowledged(recorder.record(a_group("afterwards")))
    recorder.close()
    on_the_ledger = stored(folder)
    assert before.items() | known.items() | again.items() <= on_the_ledger.items(), where
    assert len(on_the_ledger) in (len(before) + len(again), len(before) + 2 * len(again)), where
    assert faults(folder) == [], where
