"""Grants 代录: which party lets which other enter what for it, as the ledger says.

A projection in ledger.db, written by intake from ``grant`` events and rebuilt from them; one row for each
event. A grant that was cut short or voided by a correction is written again under its own index.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    delete,
    insert,
    select,
    tuple_,
)

from ..model.state import KnownGrant
from .policy import NEVER_LENT

metadata = MetaData()

grant = Table(
    "grant_",  # "grant" is a word of SQL
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="index of the event on the ledger"),
    Column("grantor", String(36), nullable=False, comment="who lets"),
    Column("grantee", String(36), nullable=False, comment="who may enter"),
    Column("kinds", JSON, nullable=False, comment="sorted names of kinds of event"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False, comment="included"),
    Index("grant_by_grantee", "grantee", "grantor"),
    info={"kind": "projection"},
)

Pair = tuple[str, str]


def load(tx: Connection, pairs: Iterable[Pair]) -> dict[Pair, tuple[KnownGrant, ...]]:
    """All grants of each (grantor, grantee), oldest first; a pair without any has an empty tuple.

    One statement with two parameters a pair: meant for a group of drafts (SQLite takes 16,000 pairs).
    """
    wanted = set(pairs)
    found: dict[Pair, list[KnownGrant]] = {pair: [] for pair in wanted}
    if wanted:
        rows = tx.execute(
            select(grant)
            .where(tuple_(grant.c.grantor, grant.c.grantee).in_(wanted))  # grant_by_grantee
            .order_by(grant.c.seq)
        )
        for row in rows:
            found[row.grantor, row.grantee].append(_grant_in(row))
    return {pair: tuple(grants) for pair, grants in found.items()}


def write(tx: Connection, grants: Iterable[KnownGrant]) -> None:
    """Add these grants, or replace those of the same index."""
    rows = [
        {
            "seq": g.seq,
            "grantor": g.grantor,
            "grantee": g.grantee,
            "kinds": sorted(g.kinds),
            "valid_from": g.valid_from,
            "valid_to": g.valid_to,
        }
        for g in grants
    ]
    if rows:
        tx.execute(delete(grant).where(grant.c.seq.in_([row["seq"] for row in rows])))
        tx.execute(insert(grant), rows)


def remove(tx: Connection, seqs: Iterable[int]) -> None:
    """Take out the grants of these events: they were voided."""
    tx.execute(delete(grant).where(grant.c.seq.in_(list(seqs))))


def entered_for(tx: Connection, party: str, kind: str, on: date) -> frozenset[str]:
    """The parties for which this one may enter this kind of event on this day (Asia/Shanghai).

    For forms and imports, which offer them; intake judges by `load` at the entry's own time.
    """
    if kind in NEVER_LENT:
        return frozenset()
    rows = tx.execute(
        select(grant.c.grantor, grant.c.kinds).where(
            grant.c.grantee == party,  # grant_by_grantee
            grant.c.valid_from <= on,
            grant.c.valid_to >= on,
        )
    )
    return frozenset(row.grantor for row in rows if kind in row.kinds)


def _grant_in(row: Row[*tuple[object, ...]]) -> KnownGrant:
    found = row._mapping
    return KnownGrant(
        grantor=found["grantor"],
        grantee=found["grantee"],
        kinds=tuple(found["kinds"]),
        valid_from=found["valid_from"],
        valid_to=found["valid_to"],
        seq=found["seq"],
    )
