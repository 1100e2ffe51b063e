"""Whether the tables that follow from the ledger are those that this version wants; one made by another version differs.

What follows from the ledger carries the version of its tables: where that is another one, or a column is missing, everything is to
be derived again (`rebuild`) before anybody reads it, since a reading of half-known tables fails in the middle, or lies.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from hashlib import blake2b

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, select

from ..alerts import register as alert_register
from ..errors import Text
from ..intake.rebuild import METADATA, projections

#: Everything in ledger.db that follows from the ledger.
ALL_METADATA = (*METADATA, alert_register.metadata)

#: Raised when the rows of a table mean something else than before, though its columns are the same.
_MEANING = 5

metadata = MetaData()
_made = Table(
    "projections_made",
    metadata,
    Column("version", String, primary_key=True, comment="of the tables that follow from the ledger"),
)


@cache
def projections_version() -> str:
    """Of the tables that follow from the ledger: another one as soon as a table, a column or an index is."""
    said = []
    for table in sorted(projections(ALL_METADATA), key=lambda each: each.name):
        columns = [f"{c.name} {c.type} {c.nullable} {c.primary_key}" for c in table.columns]
        indexes = sorted(f"{i.name} {[c.name for c in i.columns]} {i.unique}" for i in table.indexes)
        said.append(f"{table.name}: {columns}, {indexes}")
    return f"{_MEANING}-{blake2b(chr(10).join(said).encode(), digest_size=6).hexdigest()}"


def write_version(tx: Connection) -> None:
    """Say that the tables that follow from the ledger are of this version."""
    metadata.create_all(tx)
    tx.execute(_made.delete())
    tx.execute(insert(_made).values(version=projections_version()))


def is_of_this_version(tx: Connection) -> bool:
    """Whether that was said; installations of before said nothing."""
    return inspect(tx).has_table(_made.name) and tx.execute(select(_made.c.version)).scalars().all() == [
        projections_version()
    ]


def why_to_rebuild(tx: Connection) -> Text | None:
    """What is not as this version wants it in the tables that follow from the ledger; None where all is."""
    if missing := listed(lacking(tx, projections(ALL_METADATA))):
        return Text(f"缺少表或列：{missing}", f"tables or columns are missing: {missing}")
    if not is_of_this_version(tx):
        return Text(
            "由账本得出的各表由另一版本的程序建立",
            "the tables that follow from the ledger were made by another version",
        )
    return None


def listed(lacks: dict[Table, tuple[str, ...]]) -> str:
    """``batch (code, lot), seat (id)``: each table with the columns that it lacks."""
    return ", ".join(f"{table.name} ({', '.join(columns)})" for table, columns in lacks.items())


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
