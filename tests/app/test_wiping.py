"""After an erasure the write-ahead log is emptied by itself, in this process and in the committer's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import drafts_for_tests as some
from cabletrace.app.committer import open_committer_process
from cabletrace.app.installation import Folder, Installation, create, open_installation, open_sequencer
from cabletrace.db.engine import begin_read
from cabletrace.intake.record import prepare
from cabletrace.ledger import store
from cabletrace.ledger.sequencer import Receipt
from drafts_for_tests import MAKER, the_cast

KEEPER = "库管员示例某"
PATIENCE_SECONDS = 60


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "data")
    create(folder, origin="trace.example/ledger", public_host="trace.example")
    return folder


@pytest.fixture(params=[open_sequencer, open_committer_process], ids=["here", "apart"])
def house(folder: Folder, request: pytest.FixtureRequest) -> Iterator[Installation]:
    with open_installation(folder, open_committer=request.param) as house:
        yield house


def happened(house: Installation, *envelopes: Any) -> None:
    actor = house.at_the_machine()
    for answer in house.intake.record_now([prepare(each, actor) for each in envelopes]):
        assert isinstance(answer, Receipt), answer


def made() -> Any:
    return some.production(by=[{"role": "keeper", "name": KEEPER}], entered_for=MAKER)


def erasure(of: Any) -> Any:
    said = {"pointers": ["/by/0/name"], "ground": "court"}
    subject = {"event": of["draft"]["id"], "kind": "production"}
    return some.envelope("erasure", subject, said, entered_for=MAKER)


def files_with_the_name(folder: Folder) -> list[str]:
    return [
        path.name
        for path in sorted(folder.root.rglob("*"))
        if path.is_file() and KEEPER.encode() in path.read_bytes()
    ]


def in_time(wanted: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while not wanted():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def test_no_file_of_the_installation_holds_the_name_any_more(folder: Folder, house: Installation) -> None:
    event = made()
    happened(house, *the_cast(), event)
    before = files_with_the_name(folder)

    happened(house, erasure(event))

    assert before != []
    assert in_time(lambda: files_with_the_name(folder) == [])


def test_what_somebody_still_reads_is_wiped_once_he_has_finished(folder: Folder, house: Installation) -> None:
    event = made()
    happened(house, *the_cast(), event)

    with begin_read(house.ledger) as tx:
        size = store.read_head(tx).size
        happened(house, erasure(event))
        happened(house, some.production("L2", entered_for=MAKER))  # nobody waits for the reader
        still_read = files_with_the_name(folder)
        assert store.read_head(tx).size == size

    assert still_read != []
    assert in_time(lambda: files_with_the_name(folder) == [])


def test_a_start_wipes_what_a_killed_process_has_left(folder: Folder, tmp_path: Path) -> None:
    event = made()
    with open_installation(folder) as house:
        happened(house, *the_cast(), event)
        with begin_read(house.ledger) as tx:  # keeps the log from being wiped, as a kill would
            store.read_head(tx)
            happened(house, erasure(event))
            killed = Folder(tmp_path / "killed")
            (killed.root / "keys").mkdir(parents=True)
            for path in folder.root.rglob("*"):
                if path.is_file() and not path.name.endswith("-shm"):
                    (killed.root / path.relative_to(folder.root)).write_bytes(path.read_bytes())
    left = files_with_the_name(killed)

    with open_installation(killed):
        wiped = in_time(lambda: files_with_the_name(killed) == [])

    assert left != []
    assert wiped
