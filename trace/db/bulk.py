"""Many rows at once: handed to the driver as they are, past the per-row work of the expression language.

Only for tables of plain integers, text and bytes: no type of the table converts anything here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Connection, Table
from sqlalchemy.engine import Dialect

from .prepared import as_core_says


def insert_rows(tx: Connection, table: Table, rows: Sequence[tuple[int | str | bytes | None, ...]]) -> None:
    """Insert rows whose values stand in the order of the table's columns. About a third faster than Core."""
    if rows:
        statement = _statement(table, tx.dialect)
        try:
            tx.connection.cursor().executemany(statement, rows)
        except tx.dialect.loaded_dbapi.Error as error:
            raise as_core_says(tx, statement, error) from error


@cache
def _statement(table: Table, dialect: Dialect) -> str:
    names = [dialect.identifier_preparer.quote(column.name) for column in table.columns]
    places = ", ".join("?" for _ in names)
    return f"INSERT INTO {dialect.identifier_preparer.format_table(table)} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 - names of our own tables
