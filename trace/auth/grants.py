"""Grants 授权: which party lets which other enter what for it (代录) and read what, and what was read, as the ledger says.

Projections in ledger.db, written by intake from ``grant`` and ``read`` events and rebuilt from them; one row for each
event. A grant that was cut short or voided by a correction is written again under its own index.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Date,
    Index,
    MetaData,
    Row,
    String,
    Table,
    delete,
    insert,
    select,
    tuple_,
)

from ..db.columns import Integer
from ..model.state import KnownGrant, KnownReading
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
    Column("event", String(36), nullable=False),
    Column("batches", JSON, nullable=False, comment="codes of batches that may be read"),
    Column("goods", JSON, nullable=False, comment="ids of uncoded goods that may be read"),
    Column("projects", JSON, nullable=False, comment="ids of projects that may be read"),
    Column("regions", JSON, nullable=False, comment="may be read, as far as the grantor reads them"),
    Column("parties", JSON, nullable=False, comment="whose goods may be read"),
    Column("ground", String, nullable=False),
    Column("case", String, nullable=False),
    Index("grant_by_grantee", "grantee", "grantor"),
    Index("grant_by_grantor", "grantor"),
    info={"kind": "projection"},
)

reading = Table(
    "reading",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="index of the event on the ledger"),
    Column("thing", String(60), nullable=False, index=True, comment="as its stream is called"),
    Column("reader", String(36), nullable=False, index=True),
    Column("grantor", String(36), nullable=False, index=True),
    Column("grant", String(36), nullable=False, comment="id of the event that granted it"),
    Column("day", Date, nullable=False),
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
            column.name: list(value) if isinstance(value := getattr(g, column.name), tuple) else value
            for column in grant.c
        }
        | {"kinds": sorted(g.kinds)}
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


def received(tx: Connection, grantee: str) -> tuple[KnownGrant, ...]:
    """Every grant to a party, those that have ended too, the oldest first."""
    rows = tx.execute(
        select(grant).where(grant.c.grantee == grantee).order_by(grant.c.seq)
    )  # grant_by_grantee
    return tuple(map(_grant_in, rows))


def given(tx: Connection, grantors: Iterable[str]) -> tuple[KnownGrant, ...]:
    """Every grant by one of these parties, those that have ended too, the oldest first."""
    wanted = grant.c.grantor.in_(sorted(grantors))  # grant_by_grantor
    return tuple(map(_grant_in, tx.execute(select(grant).where(wanted).order_by(grant.c.seq))))


def every(tx: Connection) -> tuple[KnownGrant, ...]:
    """All grants, those that have ended too, the oldest first."""
    return tuple(map(_grant_in, tx.execute(select(grant).order_by(grant.c.seq))))


def by_event(tx: Connection, event: str) -> KnownGrant | None:
    """The grant that an event made, as it stands now; None where there is none."""
    row = tx.execute(select(grant).where(grant.c.event == event)).one_or_none()
    return None if row is None else _grant_in(row)


def write_readings(tx: Connection, readings: Iterable[KnownReading]) -> None:
    """Add what was read."""
    rows = [{column.name: getattr(each, column.name) for column in reading.c} for each in readings]
    if rows:
        tx.execute(insert(reading), rows)


def readings(
    tx: Connection, of: ColumnElement[bool], *, limit: int, before: int | None = None
) -> list[KnownReading]:
    """The newest of the readings that ``of`` (a condition on `reading`) selects, from below an index on."""
    statement = select(reading).where(of).order_by(reading.c.seq.desc()).limit(limit)
    if before is not None:
        statement = statement.where(reading.c.seq < before)
    return [KnownReading(**row._mapping) for row in tx.execute(statement)]


def _grant_in(row: Row[*tuple[object, ...]]) -> KnownGrant:
    values = dict(row._mapping)
    lists = {
        name: tuple(values[name]) for name in ("kinds", "batches", "goods", "projects", "regions", "parties")
    }
    return KnownGrant(**{**values, **lists})
