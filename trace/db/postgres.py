"""PostgreSQL engines as this house needs them. What of an installation is a file under SQLite is a schema here.

The same promises as in `engine`, by other means:

* who writes takes a lock of the schema first, and then reads what everybody before has committed (READ COMMITTED): the
  same turns that SQLite's file lock gives. The ledger does not rest on it: its head is replaced by compare-and-swap;
* who reads sees one snapshot (REPEATABLE READ, READ ONLY);
* a commit has reached the disk (synchronous_commit), unless the server itself was told otherwise (fsync);
* text is compared byte by byte, as SQLite does: a database of another collation is refused, for lists and trees of regions
  would come out in another order.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg.adapt import Loader
from psycopg.types.numeric import NumericBinaryLoader
from psycopg.types.string import StrBinaryDumper, StrDumper
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from ..errors import Broken
from .engine import begin_read
from .text import without_nul

CONNECT_SECONDS = 10
#: How long wiping waits for a table, and keeps others waiting.
LOCK_MS = 100
#: Losing a race with another writer: serialization_failure, deadlock_detected.
#: Connection exceptions, and a server that shuts down, is starting or has crashed.
_AWAY = ("08", "57P")
_LOST = frozenset({"40001", "40P01"})
_UNIQUE = "23505"


class _Whole(Loader):
    """Sums of BIGINT are NUMERIC there. Nothing here has a fraction: every quantity is a whole number of its unit."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


class _BinaryWhole(NumericBinaryLoader):
    """The same of an answer in binary."""

    def load(self, data: Any) -> int:  # type: ignore[override]
        return int(super().load(data))


class _Text(StrDumper):
    """Text without a NUL. What is evidence is stored as bytes, as it came."""

    def dump(self, obj: str) -> Any:
        return super().dump(without_nul(obj))


class _BinaryText(StrBinaryDumper):
    """The same of rows that cross in binary."""

    def dump(self, obj: str) -> Any:
        return super().dump(without_nul(obj))


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema of a database, as which role it is used where that is not who signs in, and the file of the password."""

    database: URL
    name: str
    role: str = ""
    password_file: str = ""

    @classmethod
    def at(cls, address: str, path: Path) -> Schema:
        """The one that stands for a file. The address is such as ``postgresql://user@host/database``; where several
        installations share a database, ``?prefix=…`` tells their schemas apart; ``?role=…`` is a role to act as, such as an
        owner that cannot sign in; ``?password_file=…`` holds the password and nothing else. Raises `Broken` for what is none.

        A password is best left out: it lies in a file, or libpq finds it (PGPASSWORD, PGPASSFILE, a service file).
        """
        try:
            url = make_url(address)
        except ArgumentError as error:
            raise Broken(
                "the address of the database is none: write postgresql://user@host/database"
            ) from error
        if url.get_backend_name() != "postgresql":
            raise Broken(
                f"{url.drivername} is no database for a ledger: write postgresql://user@host/database"
            )
        said = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
        if url.password is not None and "password_file" in said:
            raise Broken("the address of the database has a password and a password_file: leave one out")
        return cls(
            url.set(drivername="postgresql+psycopg").difference_update_query(
                ["prefix", "role", "password_file"]
            ),
            f"{said.get('prefix', '')}{path.stem}",
            said.get("role", ""),
            said.get("password_file", ""),
        )

    def by(self, address: str) -> Schema:
        """The same schema, used by somebody else of the same server."""
        return replace(Schema.at(address, Path(self.name)), name=self.name)

    def open(self, *, read_only: bool = False) -> Engine:
        """An engine over this schema, there or not. The first connection raises `Broken` for a database whose order of text
        or encoding is another."""
        return _open(self, read_only=read_only)

    def is_there(self, engine: Engine) -> bool:
        with begin_read(engine) as tx:
            return inspect(tx).has_schema(self.name)


def _open(schema: Schema, *, read_only: bool) -> Engine:
    engine = create_engine(
        schema.database,
        connect_args=_asked_of(schema),
        execution_options={"cabletrace_look_ups": partial(_open_look_ups, schema)},
        pool_size=10,
        max_overflow=30,
        pool_pre_ping=True,
    )
    turn = zlib.crc32(schema.name.encode())
    event.listen(engine, "connect", _prepare)

    @event.listens_for(engine, "first_connect")
    def _is_fit(connection: Any, _record: object) -> None:
        encoding, is_by_bytes = connection.execute(
            "SELECT current_setting('server_encoding'), 'Z' < 'a' AND 'a-c' < 'ab' AND 'z' < chr(233)"
        ).fetchone()
        connection.rollback()
        if encoding != "UTF8" or not is_by_bytes:
            raise Broken(
                f"the database has the encoding {encoding} and {'compares' if is_by_bytes else 'does not compare'} text byte by "
                "byte: make it with CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("cabletrace_writes", False)
        raw = connection.connection.driver_connection
        assert isinstance(raw, psycopg.Connection)
        raw.read_only = read_only or not writes
        if writes:
            raw.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (turn,))
        else:
            raw.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ

    return engine


def _open_look_ups(schema: Schema) -> Engine:
    """An engine whose connections are never in a transaction. One of its own: a look-up that lost its server gets another
    connection of the same kind."""
    engine = create_engine(
        schema.database,
        connect_args=_asked_of(schema),
        isolation_level="AUTOCOMMIT",
        pool_size=1,
        max_overflow=0,
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _asked_of(schema: Schema) -> dict[str, Any]:
    settings = [f'search_path="{schema.name}"', "timezone=UTC", "synchronous_commit=on"]
    if schema.role:
        settings.append(f"role={schema.role}")
    secret = {"password": _password_in(schema.password_file)} if schema.password_file else {}
    return secret | {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": f"cabletrace {schema.name}",
        "client_encoding": "utf8",
        "options": " ".join(f"-c {each}" for each in settings),
        "keepalives_idle": 30,
    }


def _password_in(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:
        raise Broken(f"database: {file} cannot be read: {error}") from error


def _prepare(connection: Any, _record: object) -> None:
    connection.adapters.register_loader("numeric", _Whole)
    connection.adapters.register_loader("numeric", _BinaryWhole)
    connection.adapters.register_dumper(str, _BinaryText)
    connection.adapters.register_dumper(str, _Text)  # the last is the usual one


def is_away(error: Exception) -> bool:
    """Whether the server cannot be reached, or has ended the connection: what became of a commit is then unknown."""
    if not isinstance(error, DBAPIError) or not isinstance(error.orig, psycopg.OperationalError):
        return False
    return error.orig.sqlstate is None or error.orig.sqlstate.startswith(_AWAY)


def another_was_first(error: Exception, table: Table) -> bool:
    """Whether a write failed because another writer committed before it, or has written the same key of this table: trying
    again is safe, and may succeed."""
    if not isinstance(error, DBAPIError) or not isinstance(error.orig, psycopg.Error):
        return False
    state, diag = error.orig.sqlstate, error.orig.diag
    return state in _LOST or (state == _UNIQUE and diag.table_name == table.name)


def rewrite(engine: Engine, table: Table) -> bool:
    """Write a table anew without the old versions of its rows, and remove the old file. False where somebody has the table in
    use: nobody is kept waiting for long."""
    look_ups: Engine = engine.get_execution_options()["cabletrace_look_ups"]()
    try:
        with look_ups.connect() as connection:
            connection.exec_driver_sql(f"SET lock_timeout = {LOCK_MS}")
            connection.exec_driver_sql(
                f"VACUUM FULL {connection.dialect.identifier_preparer.format_table(table)}"
            )
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != "55P03":  # lock_not_available
            raise
        return False
    finally:
        look_ups.dispose()
    return True
