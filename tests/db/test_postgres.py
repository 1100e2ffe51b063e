"""PostgreSQL as this house needs it: the same promises as of SQLite, asked of a real server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Date,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, InternalError

from cabletrace.db.bulk import insert_rows
from cabletrace.db.columns import Integer
from cabletrace.db.database import (
    ADDRESS,
    database_exists,
    delete_database,
    open_database,
    rename_database,
    wipe,
)
from cabletrace.db.engine import begin_read, begin_write, open_look_up
from cabletrace.db.postgres import another_was_first, is_away
from cabletrace.db.prepared import Prepared, json_list, listed
from cabletrace.errors import Broken
from postgres_for_tests import Server, postgres

pytestmark = pytest.mark.full

metadata = MetaData()
thing = Table(
    "thing",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("name", String, unique=True),
    Column("data", LargeBinary),
)
numbered = Table("numbered", metadata, Column("n", Integer, primary_key=True), Column("name", String))


@pytest.fixture
def folder(postgresql: Server, tmp_path: Path) -> Path:
    postgresql.lay_address(tmp_path)
    return tmp_path


@pytest.fixture
def engine(folder: Path) -> Iterator[Engine]:
    engine = open_database(folder / "some.db")
    with begin_write(engine) as tx:
        metadata.create_all(tx)
        tx.execute(insert(thing).values(n=0, name="first"))
    yield engine
    engine.dispose()


def size_in(tx: Connection) -> int:
    return tx.execute(select(func.max(thing.c.n))).scalar_one()


def size(engine: Engine) -> int:
    with begin_read(engine) as tx:
        return size_in(tx)


def add_one(engine: Engine) -> None:
    with begin_write(engine) as tx:
        tx.execute(insert(thing).values(n=size_in(tx) + 1))


# --- transactions


def test_writers_in_many_threads_take_turns_before_they_read(engine: Engine) -> None:
    writers = [threading.Thread(target=lambda: [add_one(engine) for _ in range(20)]) for _ in range(5)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert size(engine) == 100


def test_writers_of_two_schemas_do_not_wait_for_each_other(engine: Engine, folder: Path) -> None:
    other = open_database(folder / "other.db")
    with begin_write(engine), begin_write(other) as tx:
        metadata.create_all(tx)
    with begin_read(other) as tx:
        assert tx.execute(select(thing)).all() == []
    other.dispose()


def test_what_fails_inside_a_write_leaves_nothing_behind_not_even_a_table(engine: Engine) -> None:
    def fail() -> None:
        with begin_write(engine) as tx:
            tx.execute(update(thing).values(name="changed"))
            tx.execute(text("CREATE TABLE more (n integer)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with begin_read(engine) as tx:
        assert tx.execute(select(thing.c.name)).scalar_one() == "first"
        with pytest.raises(DBAPIError, match="more"):
            tx.execute(text("SELECT * FROM more"))


def test_a_reader_sees_one_state_while_others_write(engine: Engine) -> None:
    with begin_read(engine) as tx:
        assert size_in(tx) == 0
        add_one(engine)
        assert size_in(tx) == 0

    assert size(engine) == 1


def test_a_reader_writes_nothing(engine: Engine, folder: Path) -> None:
    reader = open_database(folder / "some.db", read_only=True)
    for each in (engine, reader):
        with pytest.raises(InternalError, match="read-only"), begin_read(each) as tx:
            tx.execute(update(thing).values(name="changed"))
    with pytest.raises(InternalError, match="read-only"), begin_write(reader) as tx:
        tx.execute(update(thing).values(name="changed"))
    reader.dispose()


def test_a_look_up_sees_every_commit_and_holds_no_transaction(engine: Engine) -> None:
    look_up = open_look_up(engine)
    found = Prepared(select(func.max(thing.c.n)))
    first = found.run(look_up).fetchone()
    add_one(engine)

    assert (first, found.run(look_up).fetchone()) == ((0,), (1,))
    with begin_read(engine) as tx:
        states = tx.execute(
            text(
                "SELECT DISTINCT state FROM pg_stat_activity WHERE application_name LIKE '%some' AND pid <> pg_backend_pid()"
            )
        )
        assert set(states.scalars()) <= {"idle"}


def test_a_connection_that_looked_up_is_used_again_for_transactions(engine: Engine) -> None:
    with open_look_up(engine) as look_up:
        look_up.execute(select(thing)).all()
    for _ in range(3):
        with begin_write(engine) as tx:
            tx.execute(update(thing).values(name="changed"))
            tx.rollback()

    with begin_read(engine) as tx:
        assert tx.execute(select(thing.c.name)).scalar_one() == "first"


# --- values


def test_lengths_and_their_sums_are_whole_numbers_beyond_32_bits(engine: Engine) -> None:
    with begin_write(engine) as tx:
        insert_rows(tx, thing, [(2**40, "a", b"\0\xff'\\"), (2**41, "b", None)])

    with begin_read(engine) as tx:
        total = tx.execute(select(func.sum(thing.c.n))).scalar_one()
        (row,) = tx.execute(select(thing).where(thing.c.n == 2**40))
    assert (type(total), total) == (int, 2**40 + 2**41)
    assert tuple(row) == (2**40, "a", b"\0\xff'\\")


def test_text_is_compared_byte_by_byte(engine: Engine) -> None:
    names = ["Z", "a", "a-c", "ab", "a_", "Ä", "电缆", "𠮷"]
    with begin_write(engine) as tx:
        insert_rows(tx, thing, [(n, name, None) for n, name in enumerate(names, start=1)])

    with begin_read(engine) as tx:
        found = tx.execute(select(thing.c.name).where(thing.c.n > 0).order_by(thing.c.name)).scalars().all()
    assert found == sorted(names, key=str.encode)


def test_text_with_a_nul_is_kept_with_the_sign_for_it_and_found_again(engine: Engine) -> None:
    with begin_write(engine) as tx:
        tx.execute(insert(thing).values(n=1, name="a\0b"))
        insert_rows(tx, thing, [(2, "c\0", None)])

    with begin_read(engine) as tx:
        assert tx.execute(select(thing.c.name).where(thing.c.name == "a\0b")).scalar_one() == "a␀b"
        assert tx.execute(select(thing.c.name).where(thing.c.n == 2)).scalar_one() == "c␀"


def test_sums_are_whole_numbers_also_where_answers_come_in_binary(engine: Engine) -> None:
    with begin_write(engine) as tx:
        insert_rows(tx, thing, [(2**40, "a", b"\0\xff"), (2**41, "b", None)])
        (total,) = Prepared(select(func.sum(thing.c.n))).run(tx).fetchone()
        (data,) = Prepared(select(thing.c.data).where(thing.c.n == 2**40)).run(tx).fetchone()

    assert (type(total), total) == (int, 2**40 + 2**41)
    assert data == b"\0\xff"


def test_rows_of_a_type_that_is_not_plain_are_not_written_in_bulk(engine: Engine) -> None:
    dated = Table("dated", MetaData(), Column("n", Integer, primary_key=True), Column("day", Date))
    with begin_write(engine) as tx:
        dated.create(tx)
        with pytest.raises(TypeError, match=r"dated\.day is Date"):
            insert_rows(tx, dated, [(1, "2026-01-01")])


def test_a_list_crosses_as_one_parameter(engine: Engine) -> None:
    names = ["it's", 'a "quoted" one', "百分之 %", "back\\slash"]
    with begin_write(engine) as tx:
        insert_rows(tx, thing, [(n, name, None) for n, name in enumerate(names, start=1)])
    statement = Prepared(select(thing.c.name).where(thing.c.name.in_(select(json_list("names").c.value))))

    with begin_read(engine) as tx:
        found = statement.run(tx, names=listed([*names, "unknown"])).fetchall()
    assert sorted(name for (name,) in found) == sorted(names)


def test_rows_are_numbered_by_the_database_in_64_bits(engine: Engine) -> None:
    with begin_write(engine) as tx:
        tx.execute(text("SELECT setval('numbered_n_seq', 2147483647)"))
        tx.execute(insert(numbered), [{"name": "a"}, {"name": "b"}])
        assert tx.execute(select(numbered.c.n).order_by(numbered.c.n)).scalars().all() == [2**31, 2**31 + 1]


# --- errors


def test_a_key_that_another_wrote_first_is_a_lost_race_and_a_name_that_is_taken_elsewhere_is_none(
    engine: Engine,
) -> None:
    with pytest.raises(DBAPIError) as lost, begin_write(engine) as tx:
        insert_rows(tx, thing, [(0, "second", None)])

    assert another_was_first(lost.value, thing)
    assert not another_was_first(lost.value, numbered)
    assert not is_away(lost.value)


def test_a_look_up_goes_on_after_the_server_was_restarted(tmp_path: Path) -> None:
    with postgres() as server:
        server.lay_address(tmp_path)
        engine = open_database(tmp_path / "some.db")
        with begin_write(engine) as tx:
            metadata.create_all(tx)
        look_up, count = open_look_up(engine), Prepared(select(func.count()).select_from(thing))
        assert count.run(look_up).fetchone() == (0,)

        server.stop()
        with pytest.raises(DBAPIError) as gone:
            count.run(look_up)
        assert is_away(gone.value)
        server.start()

        assert count.run(look_up).fetchone() == (0,)
        add_first(engine)
        assert count.run(look_up).fetchone() == (1,)
        engine.dispose()


def add_first(engine: Engine) -> None:
    with begin_write(engine) as tx:
        tx.execute(insert(thing).values(n=1))


# --- which database


@pytest.mark.parametrize(
    ("address", "words"),
    [("no address", "is none"), ("mysql://u@h/d", "mysql is no database"), ("", "is none")],
)
def test_an_address_that_is_none_is_refused_with_words(tmp_path: Path, address: str, words: str) -> None:
    (tmp_path / ADDRESS).write_text(address)

    with pytest.raises(Broken, match=words):
        open_database(tmp_path / "ledger.db")


def test_a_database_that_orders_text_as_people_do_is_refused(postgresql: Server, tmp_path: Path) -> None:
    postgresql.run(
        "CREATE DATABASE of_people TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'und'"
    )
    (tmp_path / ADDRESS).write_text(postgresql.address("of_people"))

    with pytest.raises(Broken, match="does not compare text byte by byte"):
        open_database(tmp_path / "ledger.db")


def test_a_database_of_another_encoding_is_refused(postgresql: Server, tmp_path: Path) -> None:
    postgresql.run(
        "CREATE DATABASE of_latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    (tmp_path / ADDRESS).write_text(postgresql.address("of_latin"))

    with pytest.raises(Broken, match="encoding LATIN1"):
        open_database(tmp_path / "ledger.db")


def test_schemas_are_told_apart_by_prefix_made_renamed_and_deleted(
    engine: Engine, folder: Path, tmp_path_factory: pytest.TempPathFactory, postgresql: Server
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    postgresql.lay_address(elsewhere)
    assert database_exists(folder / "some.db")
    assert not database_exists(elsewhere / "some.db")
    with pytest.raises(FileNotFoundError):
        open_database(elsewhere / "some.db", read_only=True)

    engine.dispose()
    rename_database(folder / "some.db", folder / "renamed.db")
    assert not database_exists(folder / "some.db")
    renamed = open_database(folder / "renamed.db")
    assert size(renamed) == 0
    renamed.dispose()
    delete_database(folder / "renamed.db")
    assert not database_exists(folder / "renamed.db")
    delete_database(folder / "renamed.db")


def test_where_no_address_lies_beside_it_a_database_is_a_file(postgresql: Server, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "there.db").touch()
    engine = open_database(folder / "some.db")
    assert engine.dialect.name == "sqlite"
    engine.dispose()


# --- wiping


def test_old_versions_of_rows_are_gone_from_the_tables_files_and_readers_are_not_kept_waiting(
    postgresql: Server, engine: Engine
) -> None:
    secret = "NAME-示例-7f31"
    with begin_write(engine) as tx:
        insert_rows(tx, thing, [(n, f"{secret} {n}", None) for n in range(1, 400)])
    with begin_write(engine) as tx:
        tx.execute(update(thing).values(name=None))
    postgresql.run("CHECKPOINT")
    data = postgresql.folder / "data" / "base"
    assert any(secret.encode() in file.read_bytes() for file in data.rglob("*") if file.is_file())

    with begin_read(engine) as tx:
        size_in(tx)
        assert not wipe(engine, thing)
    assert wipe(engine, thing)

    postgresql.run("CHECKPOINT")
    assert not any(secret.encode() in file.read_bytes() for file in data.rglob("*") if file.is_file())
