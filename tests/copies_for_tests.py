"""Copies of databases that nobody has open, and of the folders they belong to: files, or schemas beside each other."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from sqlalchemy import text

from cabletrace.db.database import (
    ADDRESS,
    address_of,
    closing,
    database_exists,
    delete_database,
    open_database,
)
from cabletrace.db.engine import begin_write, sqlite_module
from cabletrace.db.postgres import Schema
from cabletrace.ledger import store

#: What of a data folder may be a schema instead of a file.
DATABASES = ("ledger.db", "desk.db", "scans.db")


def copy_database(path: Path, into: Path) -> None:
    """A second one of the same rows: a file of a file, a schema of a schema."""
    if path.exists():
        connection = sqlite_module().connect(path)
        connection.execute("VACUUM INTO ?", (str(into),))
        connection.close()
    else:
        _copy_schema(path, into)


def put_in_place(copy: Path, path: Path) -> None:
    """Let a copy take the place of a database, as a careless or a cunning administrator would."""
    remove_database(path)
    copy_database(copy, path)


def remove_database(path: Path) -> None:
    path.unlink() if path.exists() else delete_database(path)
    for beside in ("-wal", "-shm"):
        path.with_name(f"{path.name}{beside}").unlink(missing_ok=True)


def copy_folder(source: Path, into: Path) -> Path:
    """A copy of a folder with everything in it, data folders among it."""
    shutil.copytree(source, into, ignore=shutil.ignore_patterns(ADDRESS))
    for address in source.rglob(ADDRESS):
        copy = into / address.parent.relative_to(source)
        url, _, prefix = address.read_text().strip().partition("?prefix=")
        assert prefix, "only what shares its database with others is copied"
        (copy / ADDRESS).write_text(f"{url}?prefix={_another(prefix)}")
        for name in DATABASES:
            if database_exists(address.parent / name):
                _copy_schema(address.parent / name, copy / name)
    return into


def _another(prefix: str) -> str:
    return f"{secrets.token_hex(4)}_{prefix.partition('_')[2]}"


def _copy_schema(path: Path, into: Path) -> None:
    address = address_of(path.parent)
    assert address is not None
    old = Schema.at(address, path).name
    with closing(open_database(into)) as engine, begin_write(engine) as tx:
        tx.execute(text(_COPY.replace("OLD", old)))
        guarded = "SELECT count(*) FROM pg_trigger WHERE tgname = 'entry_no_change' AND tgrelid = to_regclass(%(name)s)"
        if tx.exec_driver_sql(guarded, {"name": f'"{old}".entry'}).scalar_one():
            for statement in store.append_only_triggers("postgresql"):
                tx.execute(text(statement))


#: In the schema that is the search path: every table of the other one, its rows, and its keys and indexes by their names.
_COPY = """
DO $$
DECLARE each record;
BEGIN
  FOR each IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'OLD' LOOP
    EXECUTE format('CREATE TABLE %I (LIKE %I.%I INCLUDING ALL EXCLUDING INDEXES)', each.name, 'OLD', each.name);
    EXECUTE format('INSERT INTO %I SELECT * FROM %I.%I', each.name, 'OLD', each.name);
  END LOOP;
  FOR each IN
    SELECT relname AS name, conname, replace(pg_get_constraintdef(c.oid), quote_ident('OLD') || '.', '') AS said
    FROM pg_constraint AS c JOIN pg_class ON pg_class.oid = conrelid
    WHERE contype IN ('p', 'u', 'f') AND relnamespace = quote_ident('OLD')::regnamespace
    ORDER BY contype = 'f'
  LOOP
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I %s', each.name, each.conname, each.said);
  END LOOP;
  FOR each IN
    SELECT replace(indexdef, quote_ident('OLD') || '.', '') AS said FROM pg_indexes
    WHERE schemaname = 'OLD' AND indexname NOT IN (
      SELECT conname FROM pg_constraint WHERE connamespace = quote_ident('OLD')::regnamespace
    )
  LOOP
    EXECUTE each.said;
  END LOOP;
END $$
"""
