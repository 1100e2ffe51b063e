"""Statements in SQLite's own words, handed to the driver as they are: full-text tables understand what Core cannot say.

`Connection.exec_driver_sql` costs 25 µs an execution, the driver 5, and a search or a page of documents has thousands.
Only for plain integers, text and bytes. Errors are wrapped as Core wraps them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPICursor

from .prepared import Value, as_core_says


def run(tx: Connection, statement: str, values: Sequence[Value] = ()) -> DBAPICursor:
    """Execute; the rows are the driver's tuples."""
    cursor = tx.connection.cursor()
    try:
        cursor.execute(statement, values)
    except tx.dialect.loaded_dbapi.Error as error:
        raise as_core_says(tx, statement, error) from error
    return cursor


def run_for_each(tx: Connection, statement: str, rows: Sequence[Sequence[Value]]) -> None:
    """Execute once for each of these."""
    if not rows:
        return
    try:
        tx.connection.cursor().executemany(statement, rows)
    except tx.dialect.loaded_dbapi.Error as error:
        raise as_core_says(tx, statement, error) from error


def insert(tx: Connection, statement: str, values: Sequence[Value]) -> int:
    """The number that the new row is given."""
    made: int = run(tx, statement, values).lastrowid
    return made


def value_of(tx: Connection, statement: str, values: Sequence[Value] = ()) -> int | None:
    """The whole number that a statement finds first, if it finds any."""
    row = run(tx, statement, values).fetchone()
    return None if row is None else row[0]


def packed(values: Sequence[int] | Sequence[str]) -> str:
    """Many values as one parameter, for ``SELECT value FROM json_each(?)``."""
    return orjson.dumps(list(values)).decode()


def unpacked(text: str) -> list[Any]:
    """What ``json_group_array`` put together: to fetch each value by itself takes longer than to find it."""
    values: list[Any] = orjson.loads(text)
    return values
