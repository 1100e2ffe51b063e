"""Attachments at the door of the ledger: what an event names must be there when it is committed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cabletrace.blobs import named
from cabletrace.blobs.store import BlobStore
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.intake.rebuild import projections, rebuild
from cabletrace.intake.record import Intake, prepare
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.admission import Admitted, Refusal
from drafts_for_tests import MAKER, Envelope, certificate, production
from files_for_tests import document_of, pdf, photo, put
from house_for_tests import House, at_the_machine, open_house
from world_for_tests import NOON


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    (tmp_path / "blobs").mkdir()
    return BlobStore(tmp_path / "blobs")


@pytest.fixture
def house(tmp_path: Path, blobs: BlobStore) -> Iterator[House]:
    with open_house(tmp_path) as house:
        yield house


def refusal_of(answer: Receipt | Refusal) -> set[str]:
    assert isinstance(answer, Refusal)
    return {problem.code for problem in answer.problems}


def made(*documents: dict[str, Any], lot: str = "L1") -> Envelope:
    return production(lot, documents=list(documents), entered_for=MAKER)


def test_an_event_is_recorded_once_its_file_is_there_and_not_before(house: House, blobs: BlobStore) -> None:
    early = made(document_of(photo()))
    (refused,) = house.record(early)
    put(blobs, photo())

    (answer,) = house.record(early)

    assert refusal_of(refused) == {"document-missing"}
    assert isinstance(answer, Receipt)


def test_a_file_that_is_gone_again_is_not_remembered_as_there(house: House, blobs: BlobStore) -> None:
    """Admission keeps in memory what it looked up; of files it must not."""
    document = put(blobs, photo())
    house.happened(made(document))
    blobs.remove(document["sha256"])

    (answer,) = house.record(made(document, lot="L2"))

    assert refusal_of(answer) == {"document-missing"}


def test_a_file_whose_bytes_became_another_type_is_other_than_uploaded(
    house: House, blobs: BlobStore
) -> None:
    document = put(blobs, photo())
    path = blobs.path(document["sha256"])
    assert path is not None
    path.chmod(0o600)
    path.write_bytes(b"\0" * document["size"])

    (answer,) = house.record(made(document))

    assert refusal_of(answer) == {"document-missing"}


def test_a_rehearsal_asks_for_the_files_too(house: House, blobs: BlobStore) -> None:
    there, absent = put(blobs, photo()), document_of(photo(90))
    assert house.sequencer is not None
    intake = Intake(house.engine, lambda: NOON, house.sequencer, blobs.find)
    groups = [[prepare(made(each, lot=f"L{n}"), at_the_machine())] for n, each in enumerate((there, absent))]

    verdicts = [verdict for group in intake.rehearse(groups, chunk=1) for verdict in group]

    assert [type(verdict) for verdict in verdicts] == [Admitted, Refusal]


def test_the_events_that_name_a_file_are_known_live_and_after_a_rebuild(
    house: House, blobs: BlobStore
) -> None:
    paper, picture = put(blobs, pdf()), put(blobs, photo())
    first, second, third = house.happened(
        made(picture, paper, picture), made(lot="L2"), certificate(documents=[paper], entered_for=MAKER)
    )
    with house.reading() as tx:
        live = named.events_naming(tx, paper["sha256"], 10), named.events_naming(tx, picture["sha256"], 10)
        rows = sorted(map(tuple, tx.execute(select(named.named_blob))))

    with begin_read(house.engine) as source, begin_write(house.engine) as tx:
        for table in projections():
            tx.execute(table.delete())
        rebuild(source, tx)
    with house.reading() as tx:
        again = sorted(map(tuple, tx.execute(select(named.named_blob))))

    assert live == ([third.seq, first.seq], [first.seq])
    assert again == rows
    assert second.seq not in {seq for _, seq in rows}
