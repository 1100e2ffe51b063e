"""SQLite as this house needs it: writers take turns before they read, readers see one state, commits are durable."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from cabletrace.db import engine as engine_module
from cabletrace.db.engine import (
    begin_read,
    begin_write,
    has_the_wal_reset_fault,
    open_look_up,
    open_sqlite,
    sqlite_module,
)
from cabletrace.errors import Broken


@pytest.fixture
def engine(tmp_path: Path):
    engine = open_sqlite(tmp_path / "some.db")
    with begin_write(engine) as tx:
        tx.execute(text("CREATE TABLE head (size INTEGER NOT NULL)"))
        tx.execute(text("INSERT INTO head VALUES (0)"))
    yield engine
    engine.dispose()


def size(engine: Engine) -> int:
    with begin_read(engine) as tx:
        return tx.execute(text("SELECT size FROM head")).scalar_one()


def add_one(engine: Engine, both_have_begun: threading.Barrier | None = None) -> None:
    with begin_write(engine) as tx:
        found = tx.execute(text("SELECT size FROM head")).scalar_one()
        if both_have_begun is not None:
            both_have_begun.wait(0.3)
        tx.execute(text("UPDATE head SET size = :size"), {"size": found + 1})


def write_and_fail(engine: Engine, statement: str) -> None:
    with begin_write(engine) as tx:
        tx.execute(text(statement))
        raise ZeroDivisionError


# --- transactions


def test_two_writers_cannot_both_read_the_same_head(engine):
    both_have_begun = threading.Barrier(2)
    failed = []

    def write() -> None:
        try:
            add_one(engine, both_have_begun)
        except threading.BrokenBarrierError:
            failed.append("the other writer did not come in")

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert len(failed) == 2  # each waited in vain for the other inside its transaction
    assert size(engine) == 0


def test_writers_in_many_threads_lose_no_update(engine):
    writers = [threading.Thread(target=lambda: [add_one(engine) for _ in range(20)]) for _ in range(5)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert size(engine) == 100


def test_what_fails_inside_a_write_leaves_nothing_behind(engine):
    with pytest.raises(ZeroDivisionError):
        write_and_fail(engine, "UPDATE head SET size = 7")

    assert size(engine) == 0


def test_a_table_made_in_a_failed_write_is_gone_too(engine):
    with pytest.raises(ZeroDivisionError):
        write_and_fail(engine, "CREATE TABLE more (n INTEGER)")

    with begin_read(engine) as tx:
        assert tx.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'more'")).scalar_one() == 0


def test_a_reader_sees_one_state_while_others_write_and_hinders_nobody(engine):
    with begin_read(engine) as tx:
        before = tx.execute(text("SELECT size FROM head")).scalar_one()
        add_one(engine)

        assert tx.execute(text("SELECT size FROM head")).scalar_one() == before

    assert size(engine) == before + 1


def test_a_reader_that_writes_after_somebody_else_wrote_is_refused(engine):
    with begin_read(engine) as tx:
        tx.execute(text("SELECT size FROM head")).scalar_one()
        add_one(engine)

        with pytest.raises(OperationalError, match="locked"):
            tx.execute(text("UPDATE head SET size = 0"))


def test_a_writer_that_cannot_get_the_lock_gives_up_after_its_time(engine, monkeypatch, tmp_path):
    monkeypatch.setattr(engine_module, "BUSY_TIMEOUT_MS", 50)
    impatient = open_sqlite(tmp_path / "some.db")

    with begin_write(engine), pytest.raises(OperationalError, match="locked"), begin_write(impatient):
        pass

    impatient.dispose()


# --- reading only


def test_a_file_opened_for_reading_cannot_be_written(engine, tmp_path):
    reader = open_sqlite(tmp_path / "some.db", read_only=True)

    assert size(reader) == 0
    with pytest.raises(OperationalError, match="readonly"), begin_read(reader) as tx:
        tx.execute(text("UPDATE head SET size = 1"))

    reader.dispose()


def test_reading_only_never_makes_a_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        open_sqlite(tmp_path / "nothing.db", read_only=True)

    assert list(tmp_path.iterdir()) == []


def test_a_path_with_signs_of_an_address_names_a_file_all_the_same(tmp_path):
    odd = tmp_path / "a?mode=memory#b%20 账本.db"
    engine = open_sqlite(odd)
    with begin_write(engine) as tx:
        tx.execute(text("CREATE TABLE t (n INTEGER)"))
    engine.dispose()

    assert odd.exists()


# --- the library and its settings


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("recursive_triggers", 1)],
)
def test_every_connection_is_durable_and_strict(engine, pragma, value):
    with begin_read(engine) as one, begin_read(engine) as other:
        for tx in (one, other):
            assert tx.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


@pytest.mark.parametrize(
    "version", [(3, 7, 0), (3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 0), (3, 51, 2)]
)
def test_versions_that_can_lose_commits_are_known(version):
    assert has_the_wal_reset_fault(version)


@pytest.mark.parametrize("version", [(3, 44, 6), (3, 44, 9), (3, 50, 7), (3, 51, 3), (3, 53, 4), (4, 0, 0)])
def test_versions_in_which_that_is_mended_are_known(version):
    assert not has_the_wal_reset_fault(version)


def test_the_library_at_hand_is_sound():
    assert not has_the_wal_reset_fault(sqlite_module().sqlite_version_info)


def test_a_library_that_can_lose_commits_is_refused_before_a_file_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(engine_module, "has_the_wal_reset_fault", lambda _version: True)

    with pytest.raises(Broken, match="can lose committed pages"):
        open_sqlite(tmp_path / "new.db")

    assert list(tmp_path.iterdir()) == []


def test_a_look_up_sees_every_commit_and_holds_no_transaction(engine: Engine):
    look_up = open_look_up(engine)
    first = look_up.execute(text("SELECT size FROM head")).scalar_one()

    add_one(engine)
    second = look_up.execute(text("SELECT size FROM head")).scalar_one()
    with engine.connect() as other:
        busy = other.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
    look_up.close()

    assert (first, second) == (0, 1)
    assert busy == 0


def test_a_look_up_is_closed_with_its_engine_and_the_file_alone_is_then_the_whole(
    engine: Engine, tmp_path: Path
):
    look_up = open_look_up(engine)
    add_one(engine)

    engine.dispose()

    assert look_up.closed
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith("-wal")] == []
