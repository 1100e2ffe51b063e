"""What goes to the driver past SQLAlchemy says and raises what SQLAlchemy would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from cabletrace.db.driver import insert, run, run_for_each, value_of
from cabletrace.db.engine import begin_read, begin_write, disk_is_full, open_sqlite


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[Connection]:
    engine = open_sqlite(tmp_path / "things.db")
    with begin_write(engine) as tx:
        tx.exec_driver_sql("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT UNIQUE)")
        run_for_each(tx, "INSERT INTO thing VALUES (?, ?)", [(1, "一号盘"), (2, "it's")])
        yield tx
    engine.dispose()


def test_what_is_written_is_part_of_the_transaction(tx: Connection, tmp_path: Path) -> None:
    engine = open_sqlite(tmp_path / "things.db")

    assert run(tx, "SELECT * FROM thing ORDER BY id").fetchall() == [(1, "一号盘"), (2, "it's")]
    with begin_read(engine) as other:
        assert value_of(other, "SELECT count(*) FROM sqlite_master") == 0
    engine.dispose()


def test_a_new_row_tells_its_number_and_a_value_that_is_not_there_is_none(tx: Connection) -> None:
    number = insert(tx, "INSERT INTO thing (name) VALUES (?)", ("二号盘",))

    assert value_of(tx, "SELECT id FROM thing WHERE name = ?", ("二号盘",)) == number
    assert value_of(tx, "SELECT id FROM thing WHERE name = ?", ("三号盘",)) is None


def test_errors_are_those_that_everybody_else_expects(tx: Connection) -> None:
    run_for_each(tx, "no statement, and nothing to execute it for", [])
    with pytest.raises(IntegrityError):
        run(tx, "INSERT INTO thing VALUES (1, 'again')")
    with pytest.raises(IntegrityError):
        run_for_each(tx, "INSERT INTO thing VALUES (?, ?)", [(3, "it's")])

    # a disk without room is known by its error
    value_of(tx, f"PRAGMA max_page_count = {value_of(tx, 'PRAGMA page_count')}")
    with pytest.raises(Exception, match="full") as full:
        run(tx, "INSERT INTO thing VALUES (4, ?)", ("x" * 100_000,))
    assert disk_is_full(full.value)
