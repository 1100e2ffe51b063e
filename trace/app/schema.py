"""Whether the tables of an installation are those that this version wants; one made by an earlier version lacks some."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Table, inspect
from sqlalchemy.schema import CreateColumn


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


def add_columns(tx: Connection, tables: Iterable[Table]) -> None:
    """Add the columns that a table of an earlier version lacks. For operational tables, which nothing can make anew.

    A column that came later may be empty or has a default in the database; SQLite refuses any other.
    """
    for table, columns in lacking(tx, tables).items():
        for name in columns:
            column = CreateColumn(table.c[name]).compile(dialect=tx.dialect)
            tx.exec_driver_sql(
                f"ALTER TABLE {tx.dialect.identifier_preparer.format_table(table)} ADD COLUMN {column}"
            )
