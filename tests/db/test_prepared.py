"""Prepared statements say the same as Core does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from cabletrace.db.bulk import insert_rows
from cabletrace.db.columns import Integer
from cabletrace.db.database import open_database
from cabletrace.db.engine import begin_write
from cabletrace.db.prepared import Prepared, json_list, listed

thing = Table(
    "thing",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String, unique=True),
    Column("data", LargeBinary),
)
ROWS = [(1, "一号盘", b"\x00"), (2, "it's", b"\xff" * 3), (3, '"', b"")]


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[Connection]:
    engine = open_database(tmp_path / "things.db")
    with begin_write(engine) as tx:
        thing.metadata.create_all(tx)
        insert_rows(tx, thing, ROWS)
        yield tx
    engine.dispose()


def test_values_come_back_as_they_went_in(tx: Connection) -> None:
    by_id = Prepared(select(thing).where(thing.c.id >= bindparam("least")).order_by(thing.c.id))

    assert by_id.run(tx, least=2).fetchall() == ROWS[1:]


def test_constants_of_the_statement_and_parameters_stand_in_their_own_places(tx: Connection) -> None:
    rename = Prepared(
        update(thing)
        .where(thing.c.id == bindparam("which"), thing.c.data != b"")
        .values(name=bindparam("new"))
    )

    changed = [rename.run(tx, which=id_, new=f"new {id_}").rowcount for id_ in (1, 3)]

    assert changed == [1, 0]
    assert tx.execute(select(thing.c.name).order_by(thing.c.id)).scalars().all() == ["new 1", "it's", '"']


def test_a_list_crosses_as_one_parameter(tx: Connection) -> None:
    among = Prepared(select(thing.c.id).where(thing.c.name.in_(select(json_list("names").c.value))))

    found = among.run(tx, names=listed(["it's", '"', '"', "一号盘", "none"])).fetchall()

    assert sorted(found) == [(1,), (2,), (3,)]
    assert among.run(tx, names=listed([])).fetchall() == []


def test_once_for_each(tx: Connection) -> None:
    rename = Prepared(update(thing).where(thing.c.id == bindparam("which")).values(name=bindparam("new")))

    rename.run_for_each(tx, [{"which": 1, "new": "a"}, {"which": 2, "new": "b"}])
    rename.run_for_each(tx, [])

    assert tx.execute(select(thing.c.name).order_by(thing.c.id)).scalars().all() == ["a", "b", '"']


def test_errors_are_those_of_core(tx: Connection) -> None:
    rename = Prepared(update(thing).where(thing.c.id == bindparam("which")).values(name=bindparam("new")))

    with pytest.raises(IntegrityError, match=r"(?i)unique"), tx.begin_nested():
        rename.run(tx, which=1, new="it's")
    with pytest.raises(IntegrityError, match=r"(?i)unique"), tx.begin_nested():
        rename.run_for_each(tx, [{"which": 1, "new": "it's"}])
    with pytest.raises(IntegrityError, match=r"(?i)unique"), tx.begin_nested():
        insert_rows(tx, thing, [(4, "it's", b"")])
