"""Whether the tables of an installation are those that this version wants; one made by an earlier version lacks some."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Table, inspect


def lacking(tx: Connection, tables: Iterable[Table]) -> dict[Table, tuple[str, ...]]:
    """The tables that are not as they should be: the missing columns of each, all of them where it is not there."""
    found = inspect(tx)
    there = set(found.get_table_names())
    lacks: dict[Table, tuple[str, ...]] = {}
    for table in tables:
        columns = {each["name"] for each in found.get_columns(table.name)} if table.name in there else set()
        if missing := tuple(column.name for column in table.columns if column.name not in columns):
            lacks[table] = missing
    return lacks
