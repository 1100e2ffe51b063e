"""Where a database of an installation is: a SQLite file, or where a file `ADDRESS` lies beside it, a schema of its name in
the PostgreSQL database whose address it holds. Everybody opens a database by its path and need not know which it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, event
from sqlalchemy.schema import CreateSchema, DropSchema

from ..errors import Broken
from .engine import begin_read, begin_write, empty_wal, open_sqlite
from .postgres import Schema, rewrite

#: The file that says where the databases of its folder are; without it they are files.
ADDRESS = "database.address"
#: How long a migration of a file waits for another one. In PostgreSQL it waits until it has its turn.
PATIENCE_MS = 3_600_000


def address_of(folder: Path) -> str | None:
    """The address of the PostgreSQL database that holds what lies in this folder, if one does."""
    file = folder / ADDRESS
    return file.read_text(encoding="utf-8").strip() if file.exists() else None


@contextmanager
def closing(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()


def open_database(path: Path, *, read_only: bool = False) -> Engine:
    """An engine over this database. Raises `Broken` for one that cannot hold a ledger, FileNotFoundError where it is to be
    read only and is not there."""
    address = address_of(path.parent)
    if address is None:
        return open_sqlite(path, read_only=read_only)
    schema = Schema.at(address, path)
    engine = schema.open(read_only=read_only)
    if not schema.is_there(engine):
        if read_only:
            engine.dispose()
            raise FileNotFoundError(path)
        with begin_write(engine) as tx:
            tx.execute(CreateSchema(schema.name, if_not_exists=True))
    return engine


@contextmanager
def make_for(path: Path, owner: str) -> Iterator[tuple[Connection, str]]:
    """Make this database as the property of ``owner``, the address of somebody else of the same server; inside the block its
    tables are made and rights given. Gives the name of the role that uses it, which may make tables of its own there."""
    address = address_of(path.parent)
    assert address is not None, "a file has no owner apart"
    used = Schema.at(address, path)
    with closing(used.open()) as engine, begin_read(engine) as tx:
        role: str = tx.exec_driver_sql("SELECT current_user").scalar_one()
    with closing(used.by(owner).open()) as engine, begin_write(engine) as tx:
        quote = tx.dialect.identifier_preparer.quote_identifier
        tx.execute(CreateSchema(used.name, if_not_exists=True))
        tx.exec_driver_sql(f"GRANT USAGE, CREATE ON SCHEMA {quote(used.name)} TO {quote(role)}")
        yield tx, role


@contextmanager
def begin_migration(path: Path) -> Iterator[Connection]:
    """One write transaction in which tables may be changed and replaced. It waits for whoever migrates already; what runs
    inside must look at the tables after that. Raises `Broken`, and nothing is changed, where rows then refer to none."""
    with closing(open_database(path)) as engine:
        is_file = engine.dialect.name == "sqlite"
        if is_file:
            event.listen(engine, "connect", _prepare_to_replace)
        with begin_write(engine) as tx:
            yield tx
            if is_file and (lost := tx.exec_driver_sql("PRAGMA foreign_key_check").fetchone()):
                raise Broken(
                    f"after the migration a row of {lost[0]} refers to a row of {lost[2]} that is not there"
                )


def _prepare_to_replace(connection: Any, _record: object) -> None:
    """SQLite changes a table by copying it under another name and dropping the old one, to whose rows others refer."""
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
    connection.execute("PRAGMA foreign_keys = OFF")


def database_exists(path: Path) -> bool:
    address = address_of(path.parent)
    if address is None:
        return path.exists()
    schema = Schema.at(address, path)
    with closing(schema.open()) as engine:
        return schema.is_there(engine)


def delete_database(path: Path, owner: str = "") -> None:
    """Remove what is half made; nothing where there is none."""
    address = address_of(path.parent)
    if address is None:
        path.unlink(missing_ok=True)
        return
    schema = Schema.at(address, path).by(owner or address)
    with closing(schema.open()) as engine, begin_write(engine) as tx:
        tx.execute(DropSchema(schema.name, cascade=True, if_exists=True))


def rename_database(old: Path, new: Path, owner: str = "") -> None:
    """Give a database that nobody has open its name, at one stroke. Both lie in one folder."""
    address = address_of(old.parent)
    if address is None:
        old.replace(new)
        return
    here, there = Schema.at(address, old).by(owner or address), Schema.at(address, new)
    with closing(here.open()) as engine, begin_write(engine) as tx:
        quote = tx.dialect.identifier_preparer.quote_identifier
        tx.exec_driver_sql(f"ALTER SCHEMA {quote(here.name)} RENAME TO {quote(there.name)}")


def fold(engine: Engine) -> None:
    """Before a database that nobody else has open is closed and renamed: its file alone is then the whole of it."""
    if engine.dialect.name == "sqlite":
        empty_wal(engine)


def wipe(engine: Engine, table: Table) -> bool:
    """Drop what the database still keeps of rows of this table as they were before they were changed. False where somebody
    who reads keeps it: try again. What a server has written to its own log, and copies, hold it until they are gone."""
    return empty_wal(engine) if engine.dialect.name == "sqlite" else rewrite(engine, table)
