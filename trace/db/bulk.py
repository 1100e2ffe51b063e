"""Many rows at once: handed to the driver as they are, past the per-row work of the expression language.

Only for tables of plain integers, text and bytes: no type of the table converts anything here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Boolean, Connection, Integer, LargeBinary, String, Table
from sqlalchemy.engine import Dialect

from .prepared import as_core_says


def insert_rows(tx: Connection, table: Table, rows: Sequence[tuple[int | str | bytes | None, ...]]) -> None:
    """Insert rows whose values stand in the order of the table's columns."""
    if not rows:
        return
    statement = _statement(table, tx.dialect)
    cursor = tx.connection.cursor()
    try:
        if tx.dialect.name == "postgresql":
            with cursor.copy(statement) as copy:
                copy.set_types(_types(table))
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(statement, rows)
    except tx.dialect.loaded_dbapi.Error as error:
        raise as_core_says(tx, statement, error) from error


@cache
def _types(table: Table) -> tuple[str, ...]:
    """PostgreSQL's names of the columns' types, which a binary row does not carry. Raises TypeError for one that is not plain."""
    plain = {Integer: "int8", String: "text", LargeBinary: "bytea", Boolean: "bool"}
    names = []
    for column in table.columns:
        found = [name for kind, name in plain.items() if isinstance(column.type, kind)]
        if not found:
            raise TypeError(f"{column} is {column.type!r}: rows of {table.name} are not written in bulk")
        names += found
    return tuple(names)


@cache
def _statement(table: Table, dialect: Dialect) -> str:
    quoted = dialect.identifier_preparer
    names = ", ".join(quoted.quote(column.name) for column in table.columns)
    into = f"{quoted.format_table(table)} ({names})"
    if dialect.name == "postgresql":
        # As text every byte of a payload would cross as two, written here and read there.
        return f"COPY {into} FROM STDIN WITH (FORMAT BINARY)"
    places = ", ".join("?" for _ in table.columns)
    return f"INSERT INTO {into} VALUES ({places})"  # noqa: S608 - names of our own tables
