"""What is kept in SQL beside Elasticsearch: how far each name's index has read the ledger, the batches it would not take, what
went wrong and when all was last verified.

In a database and not in the index, so that it is committed, and so that an index that was lost or exchanged is noticed: the
row names the index that it tells of. Rows are written after the index has them; what is lost between is written again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from ..clock import format_instant, parse_instant
from ..db.columns import Integer
from ..ledger.follow import NOTHING_READ, Cursor
from .held import DeadLetter

metadata = MetaData()

_place = Table(
    "elastic_place",
    metadata,
    Column("name", String, primary_key=True),
    Column("index_name", String, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("last_entry_hash", LargeBinary, nullable=False),
    Column("verified_at", String),
    info={"kind": "operational"},
)

_trouble = Table(
    "elastic_trouble",
    metadata,
    Column("name", String, primary_key=True),
    Column("status", String, primary_key=True),
    Column("times", Integer, nullable=False),
    info={"kind": "operational"},
)

_dead_letter = Table(
    "elastic_dead_letter",
    metadata,
    Column("name", String, primary_key=True),
    Column("batch", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("reason", String, nullable=False),
    info={"kind": "operational"},
)


def read_place(tx: Connection, name: str, *, held_still: bool = False) -> tuple[str, Cursor] | None:
    """The index behind a name, and how far it has come; None before there is one. ``held_still``: nobody writes another place
    of this name until the transaction ends."""
    asked = select(_place).where(_place.c.name == name)
    row = tx.execute(asked.with_for_update() if held_still else asked).one_or_none()
    return None if row is None else (row.index_name, Cursor(row.last_seq, row.last_entry_hash))


def begin_anew(tx: Connection, name: str, index_name: str) -> None:
    """Behind the name stands another index, with nothing in it."""
    forget(tx, name)
    tx.execute(
        insert(_place).values(
            name=name,
            index_name=index_name,
            last_seq=NOTHING_READ.seq,
            last_entry_hash=NOTHING_READ.entry_hash,
        )
    )


def forget(tx: Connection, name: str) -> None:
    """There is no index behind this name."""
    for table in (_place, _dead_letter):
        tx.execute(delete(table).where(table.c.name == name))


def rename(tx: Connection, name: str, other: str) -> None:
    """The index behind one name, if there is any, stands behind another one; that must be free."""
    for table in (_place, _dead_letter):
        tx.execute(update(table).where(table.c.name == name).values(name=other))


def write_place(tx: Connection, name: str, index_name: str, cursor: Cursor) -> None:
    """The index has come so far; nothing for an older cursor, or where another index stands behind the name by now."""
    tx.execute(
        update(_place)
        .where(_place.c.name == name, _place.c.index_name == index_name, _place.c.last_seq < cursor.seq)
        .values(last_seq=cursor.seq, last_entry_hash=cursor.entry_hash)
    )


def write_letters(tx: Connection, name: str, refused: Mapping[str, DeadLetter], taken: Sequence[str]) -> None:
    """Keep what was refused; what was taken by now is no dead letter any more."""
    known = {letter.batch for letter in read_letters(tx, name)}
    for batch in known.intersection((*taken, *refused)):
        tx.execute(delete(_dead_letter).where(_dead_letter.c.name == name, _dead_letter.c.batch == batch))
    for letter in refused.values():
        tx.execute(
            insert(_dead_letter).values(
                name=name, batch=letter.batch, version=letter.version, reason=letter.reason
            )
        )


def read_letters(tx: Connection, name: str) -> tuple[DeadLetter, ...]:
    rows = tx.execute(select(_dead_letter).where(_dead_letter.c.name == name).order_by(_dead_letter.c.batch))
    return tuple(DeadLetter(row.batch, row.version, row.reason) for row in rows)


def add_troubles(tx: Connection, name: str, troubles: Mapping[str, int]) -> None:
    """Count what went wrong, by status."""
    known = read_troubles(tx, name)
    for status, times in troubles.items():
        if status in known:
            there = (_trouble.c.name == name) & (_trouble.c.status == status)
            tx.execute(update(_trouble).where(there).values(times=_trouble.c.times + times))
        else:
            tx.execute(insert(_trouble).values(name=name, status=status, times=times))


def read_troubles(tx: Connection, name: str) -> dict[str, int]:
    """Status -> how often, since the database was made."""
    rows = tx.execute(select(_trouble).where(_trouble.c.name == name).order_by(_trouble.c.status))
    return {row.status: row.times for row in rows}


def write_verified_at(tx: Connection, name: str, at: datetime) -> None:
    """All of the index behind the name was compared with the ledger, and nothing differed."""
    tx.execute(update(_place).where(_place.c.name == name).values(verified_at=format_instant(at)))


def read_verified_at(tx: Connection, name: str) -> datetime | None:
    """When that was last; None for an index that was never compared."""
    at = tx.execute(select(_place.c.verified_at).where(_place.c.name == name)).scalar_one_or_none()
    return None if at is None else parse_instant(at)
