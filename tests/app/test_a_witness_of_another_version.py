"""What a witness of an earlier version remembers is brought to this one when it is opened, and what a newer one wrote is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from cabletrace.app.witnessing import WITNESS, create_witness, open_witness
from cabletrace.db.database import begin_migration, closing
from cabletrace.db.engine import begin_read, begin_write, open_sqlite
from cabletrace.db.migration import migrate, version_of
from cabletrace.errors import InputError
from cabletrace.ledger.note import NoteSigner
from cabletrace.witness import memory
from schema_for_tests import rows_in, schema_of

TABLES = [*memory.metadata.tables, WITNESS.version_table]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_witness(tmp_path / "witness", "witness.example/association")
    with open_witness(tmp_path / "witness") as opened:
        opened.follow(NoteSigner.from_seed("trace.example/ledger", bytes(32)).verifier_key.format())
    return tmp_path / "witness"


def test_tables_made_by_revisions_are_those_of_a_new_witness(folder: Path, tmp_path: Path) -> None:
    with begin_migration(tmp_path / "empty.db") as tx:
        assert migrate(tx, WITNESS) == WITNESS.revisions

    assert schema_of(tmp_path / "empty.db", TABLES) == schema_of(folder / "witness.db", TABLES)


def test_a_witness_made_before_there_were_revisions_keeps_what_it_remembers(folder: Path) -> None:
    before = rows_in(folder / "witness.db", [memory.metadata])
    with closing(open_sqlite(folder / "witness.db")) as engine, begin_write(engine) as tx:
        tx.execute(text(f"DROP TABLE {WITNESS.version_table}"))

    with open_witness(folder) as opened:
        assert len(opened.followed()) == 1

    assert rows_in(folder / "witness.db", [memory.metadata]) == before
    with closing(open_sqlite(folder / "witness.db")) as engine, begin_read(engine) as tx:
        assert version_of(tx, WITNESS) == WITNESS.revisions[-1]


def test_what_a_newer_version_remembers_is_refused(folder: Path) -> None:
    with closing(open_sqlite(folder / "witness.db")) as engine, begin_write(engine) as tx:
        tx.execute(text(f"UPDATE {WITNESS.version_table} SET version_num = '9999'"))  # noqa: S608 - our own name
    before = (folder / "witness.db").read_bytes()

    with pytest.raises(InputError, match=r"newer version of the program .witness 9999"):
        open_witness(folder).__enter__()

    assert (folder / "witness.db").read_bytes() == before
