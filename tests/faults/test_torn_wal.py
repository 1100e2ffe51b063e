"""The tail of the WAL is torn: a group of which part was written is there whole or not at all.

Power fails while SQLite appends the pages of a group. What is left of them is cut at every 512 bytes, the sector of a
disk, and in another run garbled there; the ledger is then opened as after any start.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from cabletrace.app.verify import verify_ledger
from cabletrace.clock import system_clock
from chain_for_tests import flipped
from house_for_tests import open_house
from processes_for_tests import Recorder, a_group, faults, stored

SECTOR = 512


@dataclass(frozen=True)
class Torn:
    """Copies of a ledger's file and its WAL, taken while it was open: ``wal`` ends with the pages of one group."""

    ledger: bytes
    wal: bytes
    began: int
    before: dict[int, bytes]
    after: dict[int, bytes]

    def put(self, folder: Path, wal: bytes) -> None:
        folder.mkdir()
        (folder / "ledger.db").write_bytes(self.ledger)
        (folder / "ledger.db-wal").write_bytes(wal)

    @property
    def sectors(self) -> range:
        return range(self.began, len(self.wal), SECTOR)


@pytest.fixture(scope="module")
def torn(tmp_path_factory: pytest.TempPathFactory) -> Torn:
    folder = tmp_path_factory.mktemp("whole")
    with open_house(folder, clock=system_clock):
        pass
    recorder = Recorder(folder)
    recorder.record(a_group("L1"))
    before, began = stored(folder), (folder / "ledger.db-wal").stat().st_size
    recorder.record(a_group("L2", dispatches=12))
    made = Torn(
        (folder / "ledger.db").read_bytes(),
        (folder / "ledger.db-wal").read_bytes(),
        began,
        before,
        stored(folder),
    )
    recorder.close()
    assert len(made.after) == len(made.before) + 13
    assert len(made.sectors) > 100
    return made


def test_the_whole_tail_is_the_whole_group(torn: Torn, tmp_path: Path) -> None:
    torn.put(tmp_path / "one", torn.wal)

    assert stored(tmp_path / "one") == torn.after
    assert faults(tmp_path / "one") == []


@pytest.mark.full
@pytest.mark.parametrize("how", ["cut", "garbled", "emptied"])
def test_a_torn_group_is_there_whole_or_not_at_all(torn: Torn, tmp_path: Path, how: str) -> None:
    folder = tmp_path / "one"
    for n, at in enumerate(torn.sectors):
        rest = {
            "cut": b"",
            "garbled": flipped(torn.wal[at : at + SECTOR], at) + torn.wal[at + SECTOR :],
            "emptied": bytes(len(torn.wal) - at),  # the file had grown, its pages had not come
        }[how]
        torn.put(folder, torn.wal[:at] + rest)

        assert stored(folder) == torn.before, f"{how} at {at} of {len(torn.wal)}"
        assert list(verify_ledger(folder, also=())) == [], f"{how} at {at}"
        if n % 17 == 0:  # now and then also what costs more: projections, and going on
            recorder = Recorder(folder)
            recorder.record(a_group("L2"))
            recorder.close()
            assert faults(folder) == []
        shutil.rmtree(folder)
