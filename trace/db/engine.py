"""SQLite engines as this house needs them, and `begin_write`, the only door to a write transaction.

Three things go wrong with SQLite by default and are settled here, once:

* Python's driver begins a transaction by itself, and only before the first write. A transaction would then
  be SELECT, BEGIN, INSERT: two writers read one head and fork the chain. So the driver's own transaction
  control is off, and every transaction begins explicitly: ``BEGIN`` to read one snapshot, ``BEGIN
  IMMEDIATE`` to write.
* SQLite 3.7.0 to 3.51.2 can lose committed pages when two connections write and checkpoint a WAL at the
  same moment (fixed in 3.51.3, 3.50.7 and 3.44.6). An affected library is refused; on Linux ``pysqlite3``
  brings a sound one.
* WAL with ``synchronous=NORMAL`` may lose acknowledged commits at power loss. We run FULL.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from ..errors import Broken

_WRITES = {"cabletrace_writes": True}
_LOOKS_UP = {"cabletrace_looks_up": True}
#: How long a transaction waits for another writer before it gives up.
BUSY_TIMEOUT_MS = 10_000


def sqlite_module() -> ModuleType:
    """The DB-API module whose SQLite library is used: the bundled one on Linux, else Python's own."""
    bundled = sys.platform == "linux"  # elsewhere the package does not exist
    return import_module("pysqlite3.dbapi2") if bundled else sqlite3


def has_the_wal_reset_fault(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite can lose committed pages through the WAL-reset race."""
    if version >= (3, 51, 3):
        return False
    return not ((3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0))


def open_sqlite(path: Path, *, read_only: bool = False) -> Engine:
    """An engine over one SQLite file in WAL mode with full durability. Raises `Broken` for a faulty SQLite.

    ``read_only`` never creates the file and never changes it; it is what `verify` uses.
    """
    module = sqlite_module()
    if has_the_wal_reset_fault(module.sqlite_version_info):
        raise Broken(
            f"SQLite {module.sqlite_version} can lose committed pages (WAL reset race): "
            "use 3.51.3 or later, 3.50.7, or 3.44.6"
        )
    if read_only and not path.exists():
        raise FileNotFoundError(path)
    uri = f"{path.resolve().as_uri()}{_asked_of(path) if read_only else ''}"
    engine = create_engine(
        "sqlite://",
        creator=lambda: module.connect(uri, uri=True, isolation_level=None, check_same_thread=False),
        module=module,
        pool_size=10,
        max_overflow=30,
        poolclass=QueuePool,
        json_deserializer=orjson.loads,  # every party has two columns of it
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        if not read_only:
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        # Without this INSERT OR REPLACE deletes rows without firing the append-only triggers.
        cursor.execute("PRAGMA recursive_triggers = ON")
        # What is deleted is overwritten with zeros, not only left to be used again. Not all of it: a row that was
        # moved between pages before may have left a copy, so personal data are blanked in place (personal.disclosures).
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute("PRAGMA cache_size = -64000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("cabletrace_looks_up", False):
            return
        writes = connection.get_execution_options().get("cabletrace_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _asked_of(path: Path) -> str:
    """How a file is opened for reading only.

    Even a reader makes an index of the WAL beside the file. Where nothing can be written, as on a medium of
    evidence, nobody else writes either: without a WAL the file is then all there is.
    """
    wal = path.with_name(f"{path.name}-wal")
    alone = not os.access(path.parent, os.W_OK) and not (wal.exists() and wal.stat().st_size)
    return "?mode=ro&immutable=1" if alone else "?mode=ro"


@contextmanager
def begin_write(engine: Engine) -> Iterator[Connection]:
    """One write transaction: takes the file's write lock at once, commits at the end, rolls back on error.

    Whatever was promised inside is true only after this block has ended without an exception.
    """
    with engine.connect().execution_options(**_WRITES) as connection, connection.begin():
        yield connection


@contextmanager
def begin_read(engine: Engine) -> Iterator[Connection]:
    """One read transaction: everything inside sees the same snapshot."""
    with engine.connect() as connection, connection.begin():
        yield connection


def empty_wal(engine: Engine) -> bool:
    """Bring everything into SQLite's file itself and cut the write-ahead log to nothing, so that no older state of any page
    stays in it. False where a reader still needs what lies there: try again. Never waits, and keeps nobody waiting.
    """
    with open_look_up(engine) as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        try:
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        except DBAPIError as error:
            if "locked" not in str(error.orig):
                raise
            busy = 1
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    return not busy


def disk_has_failed(error: Exception) -> bool:
    """Whether this is SQLite's SQLITE_IOERR, such as an fsync that failed: after it no cache can be trusted."""
    return isinstance(error, DBAPIError) and "disk I/O error" in str(error.orig)


def disk_is_full(error: Exception) -> bool:
    """Whether this is SQLite's SQLITE_FULL: nothing was written, and all is well once there is room."""
    return isinstance(error, DBAPIError) and "is full" in str(error.orig)


def cannot_be_written(error: Exception) -> bool:
    """Whether this is SQLite's SQLITE_READONLY or SQLITE_CANTOPEN: the medium, or whose file it is, forbids it."""
    if not isinstance(error, DBAPIError):
        return False
    said = str(error.orig)
    return "readonly database" in said or "unable to open database file" in said


def open_look_up(engine: Engine) -> Connection:
    """A connection for single look-ups, kept open by its one thread: each statement sees the newest commit.

    No transaction is begun and none is held, which is a third of what a look-up by key costs. Two statements
    may see two states: use it only where each answer stands on its own. It is closed with its engine: the last
    connection to close folds SQLite's WAL into the file, so that the file alone is then the whole database.
    """
    look_ups = engine.get_execution_options().get("cabletrace_look_ups", lambda: engine)()
    connection: Connection = look_ups.connect().execution_options(**_LOOKS_UP)

    @event.listens_for(engine, "engine_disposed")
    def _close(_: Engine) -> None:
        if not connection.closed:
            connection.detach()  # its pool is gone, and would only keep it
            connection.close()
        if look_ups is not engine:
            look_ups.dispose()

    return connection
