"""Disclosures: what commitments open to, beside the ledger and erasable."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete
from sqlalchemy.exc import IntegrityError

from cabletrace.db.engine import begin_read, begin_write, open_sqlite
from cabletrace.personal.commitment import SALT_BYTES
from cabletrace.personal.disclosures import Disclosure, disclosure, metadata, read, write

SALT = bytes(range(SALT_BYTES))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_sqlite(tmp_path / "ledger.db")
    with begin_write(engine) as tx:
        metadata.create_all(tx)
    yield engine
    engine.dispose()


def test_what_is_written_is_read_back_by_event(engine: Engine) -> None:
    written = [
        Disclosure("e1", "/by/0/name", SALT, "甲"),
        Disclosure("e1", "/by/1/name", SALT[::-1], "乙"),
        Disclosure("e2", "/by/0/name", SALT, "丙"),
    ]
    with begin_write(engine) as tx:
        write(tx, written)
        write(tx, [])

    with begin_read(engine) as tx:
        found = read(tx, ["e1", "e2", "e3", "e1"])

    assert found == {"e1": written[:2], "e2": written[2:]}


def test_what_was_erased_is_not_found_again(engine: Engine) -> None:
    with begin_write(engine) as tx:
        write(tx, [Disclosure("e1", "/by/0/name", SALT, "甲"), Disclosure("e1", "/by/1/name", SALT, "乙")])

    with begin_write(engine) as tx:
        tx.execute(delete(disclosure).where(disclosure.c.pointer == "/by/0/name"))

    with begin_read(engine) as tx:
        assert [each.value for each in read(tx, ["e1"])["e1"]] == ["乙"]


def test_one_place_of_an_event_opens_to_one_value(engine: Engine) -> None:
    with pytest.raises(IntegrityError), begin_write(engine) as tx:
        write(tx, [Disclosure("e1", "/by/0/name", SALT, "甲"), Disclosure("e1", "/by/0/name", SALT, "乙")])


def test_any_number_of_events_is_looked_up(engine: Engine) -> None:
    ids = [f"e{n}" for n in range(1_100)]
    with begin_write(engine) as tx:
        write(tx, [Disclosure(id_, "/by/0/name", SALT, id_) for id_ in ids])

    with begin_read(engine) as tx:
        found = read(tx, ids)

    assert {id_: each.value for id_, (each,) in found.items()} == dict(zip(ids, ids, strict=True))


def test_the_table_is_no_projection_so_that_no_rebuild_empties_it() -> None:
    assert disclosure.info["kind"] == "disclosure"
