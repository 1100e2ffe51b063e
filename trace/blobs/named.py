"""Which events name which attachment: a projection in ledger.db, so that a file is shown to whom its events are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Column, Connection, MetaData, String, Table, select

from ..db.bulk import insert_rows
from ..db.columns import Integer
from ..db.several import chunks

metadata = MetaData()

named_blob = Table(
    "named_blob",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("seq", Integer, primary_key=True, comment="ledger index of an event that names it"),
    info={"kind": "projection"},
)


def write(tx: Connection, names: Sequence[tuple[str, int]]) -> None:
    """Add (hash, ledger index) of new events, each once."""
    insert_rows(tx, named_blob, names)


def events_naming(tx: Connection, sha256: str, limit: int) -> list[int]:
    """Ledger indexes of the newest events that name this file, the newest first."""
    statement = select(named_blob.c.seq).where(named_blob.c.sha256 == sha256)
    return list(tx.execute(statement.order_by(named_blob.c.seq.desc()).limit(limit)).scalars())


def named_among(tx: Connection, hashes: Iterable[str]) -> set[str]:
    """Those of these hashes that some event names."""
    found: set[str] = set()
    for chunk in chunks(hashes):
        found.update(
            tx.execute(select(named_blob.c.sha256).where(named_blob.c.sha256.in_(chunk)).distinct()).scalars()
        )
    return found
