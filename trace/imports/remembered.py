"""What organisations have said of headings, kept in desk.db: operational, no evidence, never rebuilt from the ledger.

One row for each organisation and set of headings; saying it again replaces it. Functions take the caller's
transaction and touch no other organisation's rows.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, Connection, MetaData, Row, String, Table, delete, func, insert, select

from ..clock import format_instant, parse_instant
from ..errors import InputError, Text
from .columns import SaidBy
from .mapping import ColumnMapping

#: Sets of headings that one organisation may say something of.
MOST = 200

metadata = MetaData()

_mapping = Table(
    "column_mapping",
    metadata,
    Column("party", String(36), primary_key=True, comment="the organisation that it holds for"),
    Column("key", String(64), primary_key=True, comment="the set of headings, imports.mapping.key_of"),
    Column("headings", JSON, nullable=False),
    Column("kind", String, nullable=False, comment="kind of table; empty: to be left out"),
    Column("columns", JSON, nullable=False, comment="heading -> field, with the unit of its numbers"),
    Column("said_by", String, nullable=False, comment="name of the account"),
    Column("said_at", String(24), nullable=False),
    info={"kind": "operational"},
)


def of_party(tx: Connection, party: str) -> dict[str, ColumnMapping]:
    """Everything that the organisation has said, by set of headings, the newest first."""
    rows = tx.execute(
        select(_mapping).where(_mapping.c.party == party).order_by(_mapping.c.said_at.desc(), _mapping.c.key)
    )
    return {row.key: _mapping_in(row) for row in rows}


def remember(tx: Connection, party: str, mapping: ColumnMapping) -> None:
    """Keep what was said, instead of what this organisation has said of these headings before.

    Raises InputError ``too-many-requests`` where it has said too much already.
    """
    forget(tx, party, mapping.key)
    if tx.execute(select(func.count()).where(_mapping.c.party == party)).scalar_one() >= MOST:
        raise InputError.of(
            "too-many-requests",
            f"本单位已记住 {MOST} 种列名，不能再多",
            f"{MOST} sets of headings are remembered for your organisation; there is no room for more",
            remedy=Text("请先忘掉不再使用的。", "Forget those that are not used any more."),
        )
    tx.execute(
        insert(_mapping).values(
            party=party,
            key=mapping.key,
            headings=list(mapping.headings),
            kind=mapping.kind,
            columns=dict(mapping.columns),
            said_by=mapping.said.name,
            said_at=format_instant(mapping.said.at),
        )
    )


def forget(tx: Connection, party: str, key: str) -> bool:
    """Whether there was something to forget."""
    gone = tx.execute(delete(_mapping).where(_mapping.c.party == party, _mapping.c.key == key))
    return gone.rowcount > 0


def _mapping_in(row: Row[Any]) -> ColumnMapping:
    return ColumnMapping(
        headings=tuple(row.headings),
        kind=row.kind,
        columns=row.columns,
        said=SaidBy(row.said_by, parse_instant(row.said_at)),
    )
