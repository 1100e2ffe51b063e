"""Tables of a time before there were revisions: some are there, perhaps without what came later."""

from __future__ import annotations

from alembic import op
from sqlalchemy import MetaData, inspect
from sqlalchemy.schema import CreateColumn


def make_what_is_missing(metadata: MetaData) -> None:
    """Tables, columns and indexes, and nothing that is there is touched.

    A column that came later may be empty or has a default in the database; SQLite refuses any other.
    """
    tx = op.get_bind()
    found = inspect(tx)
    columns = {
        name: {column["name"] for column in found.get_columns(name)} for name in found.get_table_names()
    }
    metadata.create_all(tx)
    for table in metadata.sorted_tables:
        if table.name not in columns:
            continue
        for column in table.columns:
            if column.name not in columns[table.name]:
                words = CreateColumn(column).compile(dialect=tx.dialect)
                named = tx.dialect.identifier_preparer.format_table(table)
                tx.exec_driver_sql(f"ALTER TABLE {named} ADD COLUMN {words}")
        for index in table.indexes:
            index.create(tx, checkfirst=True)
