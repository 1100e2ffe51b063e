"""Media that take no more: a disk that is full in the middle of recording, and one that cannot be written at all.

Both are a real file system in memory, mounted for the test. Where nothing may be mounted these tests cannot be made:
they are skipped with that reason, which in CI is a failure.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from cabletrace.app.installation import Folder, create
from cabletrace.clock import system_clock
from cabletrace.db.engine import disk_is_full
from cabletrace.ledger.standing import Stopped
from house_for_tests import open_house
from processes_for_tests import Recorder, a_group, acknowledged, faults, stored

pytestmark = pytest.mark.full

PROGRAM = Path(sys.executable).with_name("cabletrace")
BALLAST = 1 << 20


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of three megabytes, of which one is taken."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", place], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"NOT TRIED 未测：no file system may be mounted here: {mounted.stderr.strip()}")
    (place / "ballast").write_bytes(bytes(BALLAST))
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_a_disk_that_becomes_full_takes_nothing_that_was_acknowledged_and_goes_on_when_there_is_room(
    small: Path,
) -> None:
    with open_house(small, clock=system_clock):
        pass
    known = stored(small)
    recorder = Recorder(small)
    refused: list[Exception] = []

    for n in range(10_000):
        try:
            known |= acknowledged(recorder.record(a_group(f"L{n}")))
        except (OperationalError, Stopped) as error:
            refused.append(error)
            if len(refused) == 3:
                break

    assert len(refused) == 3, "it never became full"
    assert all(isinstance(each, Stopped) or disk_is_full(each) for each in refused), refused
    assert known.items() <= stored(small).items()

    (small / "ballast").unlink()
    if recorder.sequencer.stopped_because:
        recorder.close()
        recorder = Recorder(small)
    known |= acknowledged(recorder.record(a_group("there is room")))
    recorder.close()

    assert stored(small) == known
    assert faults(small) == []


def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False, timeout=120)


def test_a_folder_that_cannot_be_written_is_refused_in_words_and_can_still_be_verified(small: Path) -> None:
    (small / "ballast").unlink()
    folder = Folder(small / "data")
    create(folder, origin="trace.example/ledger", public_host="trace.example")
    subprocess.run(["mount", "-o", "remount,ro", small], check=True)

    for words in (
        ["serve", "--port", "0"],
        ["alerts"],
        ["rebuild"],
        ["user", "add", "somebody", "--role", "operator"],
    ):
        said = command(*words, "--data", folder.root)
        assert said.returncode == 3, said
        assert "数据目录不能写入" in said.stderr
        assert "mounted for reading only" in said.stderr
        assert "Traceback" not in said.stderr
    assert command("verify", "--data", folder.root).returncode == 0
    made = command("init", "--data", small / "another")
    assert made.returncode == 2
    assert "Read-only file system" in made.stderr


def test_a_ledger_whose_wal_was_left_on_a_medium_that_cannot_be_written_is_verified_from_a_copy(
    small: Path, tmp_path: Path
) -> None:
    """SQLite must take the WAL into an index beside the file before it can be read."""
    (small / "ballast").unlink()
    with open_house(small, clock=system_clock):
        kept = tmp_path / "kept"
        kept.mkdir()
        for name in ("ledger.db", "ledger.db-wal"):
            shutil.copy(small / name, kept)
    for name in ("ledger.db", "ledger.db-wal"):
        shutil.copy(kept / name, small)
    subprocess.run(["mount", "-o", "remount,ro", small], check=True)

    refused = command("verify", "--data", small)

    assert refused.returncode == 1
    assert "copy both to where one can" in refused.stderr
    assert faults(kept) == []
