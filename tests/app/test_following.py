"""Whoever follows beside services shows that it goes on, and stops showing it when a part of it has ended by itself."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cabletrace.alerts import register as alert_register
from cabletrace.app.installation import Folder, create
from cabletrace.db.database import closing, open_database
from cabletrace.db.engine import begin_write
from cabletrace.ledger.follow import Cursor

PROGRAM = Path(sys.executable).with_name("cabletrace")
PATIENCE_SECONDS = 60.0


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    where = Folder(tmp_path / "data")
    create(where, origin="trace.example/ledger", public_host="trace.example")
    return where


@contextmanager
def following(folder: Folder, pulse: Path) -> Iterator[Path]:
    """The log of a process that follows this folder."""
    log = pulse.with_name("log")
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [PROGRAM, "follow", "--data", folder.root, "--pulse", pulse],
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        try:
            yield log
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait() == 0


def waited_for(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_its_pulse_goes_on_while_it_follows(folder: Folder, tmp_path: Path) -> None:
    pulse = tmp_path / "pulse"
    with following(folder, pulse):
        assert waited_for(pulse.exists)
        pulse.unlink()
        assert waited_for(pulse.exists)


def test_its_pulse_stops_when_one_part_has_ended_by_itself(folder: Folder, tmp_path: Path) -> None:
    # given alerts that were made of another ledger
    pulse = tmp_path / "pulse"
    with closing(open_database(folder.ledger)) as ledger, begin_write(ledger) as tx:
        alert_register.write_cursor(tx, Cursor(0, bytes(32)))

    # when they are followed
    with following(folder, pulse) as log:
        assert waited_for(lambda: "stopped following" in log.read_text(encoding="utf-8"))
        time.sleep(1.5)
        pulse.unlink(missing_ok=True)
        time.sleep(2.5)

        # then the process is there, and shows no pulse
        assert not pulse.exists()
