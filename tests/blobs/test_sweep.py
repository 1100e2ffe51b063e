"""The sweep removes what nobody answers for any more, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cabletrace.blobs import named, uploads
from cabletrace.blobs.store import BlobStore
from cabletrace.blobs.sweep import Swept, sweep
from cabletrace.blobs.uploads import KEPT_FOR, Upload
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_read, begin_write
from files_for_tests import name_of, photo

NOW = datetime(2026, 6, 30, 4, 0, tzinfo=UTC)


@dataclass
class Shelf:
    blobs: BlobStore
    desk: Engine
    ledger: Engine

    def bring(self, shade: int, *, account: str = "a", ago: timedelta = timedelta()) -> str:
        data = photo(30 * shade)
        with self.blobs.begin() as incoming:
            incoming.write(data)
            blob = incoming.check()
            with begin_write(self.desk) as tx:
                uploads.note(
                    tx,
                    Upload(
                        sha256=blob.sha256,
                        account=account,
                        media_type=blob.media_type,
                        size=blob.size,
                        at=NOW - ago,
                    ),
                )
            incoming.keep()
        return name_of(data)

    def name(self, sha256: str, seq: int = 7) -> None:
        with begin_write(self.ledger) as tx:
            named.write(tx, [(sha256, seq)])

    def sweep(self) -> Swept:
        return sweep(self.blobs, desk=self.desk, ledger=self.ledger, now=NOW)

    @property
    def there(self) -> set[str]:
        return {name for name, _ in self.blobs.names()}


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    (tmp_path / "blobs").mkdir()
    desk, ledger = open_database(tmp_path / "desk.db"), open_database(tmp_path / "ledger.db")
    with begin_write(desk) as tx:
        uploads.metadata.create_all(tx)
    with begin_write(ledger) as tx:
        named.metadata.create_all(tx)
    yield Shelf(BlobStore(tmp_path / "blobs"), desk, ledger)
    desk.dispose()
    ledger.dispose()


LONG_AGO = KEPT_FOR + timedelta(seconds=1)


def test_an_unused_upload_is_removed_after_its_time_and_not_before(shelf: Shelf) -> None:
    old = shelf.bring(1, ago=LONG_AGO)
    young = shelf.bring(2, ago=KEPT_FOR)

    assert shelf.sweep() == Swept(files=1, beginnings=0)

    assert shelf.there == {young}
    with begin_read(shelf.desk) as tx:
        assert uploads.find(tx, old, "a") is None
        assert uploads.find(tx, young, "a") is not None


def test_what_an_event_names_stays_for_ever(shelf: Shelf) -> None:
    used = shelf.bring(1, ago=LONG_AGO)
    shelf.name(used)

    assert shelf.sweep() == Swept(files=0, beginnings=0)

    assert shelf.there == {used}
    with begin_read(shelf.desk) as tx:
        assert uploads.find(tx, used, "a") is None, (
            "whoever may see the event may see the file: the row is done"
        )


def test_what_somebody_else_has_brought_of_late_stays(shelf: Shelf) -> None:
    both = shelf.bring(1, ago=LONG_AGO)
    shelf.bring(1, account="b")

    shelf.sweep()

    assert shelf.there == {both}


def test_bringing_it_again_gives_it_its_whole_time_again(shelf: Shelf) -> None:
    again = shelf.bring(1, ago=LONG_AGO)
    shelf.bring(1)

    assert shelf.sweep() == Swept(files=0, beginnings=0)

    assert shelf.there == {again}


def test_more_than_one_round_is_swept(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cabletrace.blobs.sweep._CHUNK", 2)
    for shade in range(7):
        shelf.bring(shade, ago=LONG_AGO)

    assert shelf.sweep().files == 7
    assert shelf.there == set()
