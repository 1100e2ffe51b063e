"""The journal as traces read it: whole journals of some batches, what was made where, and what went in.

Readings of the tables of `books`; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select, true, union_all

from ..db.several import chunks
from ..model.postings import Posting
from ..model.state import PRODUCED, KnownBatch
from .books import batch, batch_in, batch_material, grouped, involvement, posting, posting_in


def journals(
    tx: Connection, codes: Iterable[str], up_to: int | None = None
) -> dict[str, list[tuple[int, Posting]]]:
    """`read_postings` of each of these batches."""
    found: dict[str, list[tuple[int, Posting]]] = {code: [] for code in codes}
    for chunk in chunks(found):
        statement = (
            select(posting)
            .where(posting.c.batch.in_(chunk))
            .order_by(posting.c.batch, posting.c.seq, posting.c.n)
        )
        if up_to is not None:
            statement = statement.where(posting.c.seq <= up_to)
        for row in tx.execute(statement):
            found[row.batch].append((row.seq, posting_in(row)))
    return found


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a batch, where; as a correction may have it, nothing."""

    batch: str
    region: str
    length_mm: int


def made(tx: Connection, of: ColumnElement[bool], up_to: int | None = None) -> list[Made]:
    """Where the chosen batches were made and how much of each, by batch."""
    chosen = posting.c.batch.in_(select(batch.c.code).where(of))
    up_to_it = true() if up_to is None else posting.c.seq <= up_to
    sides = union_all(
        *(
            select(
                posting.c.batch,
                posting.c[f"{other}region"].label("region"),
                (posting.c.length_mm * sign).label("length_mm"),
            ).where(chosen, up_to_it, posting.c[f"{side}state"] == PRODUCED.state)
            for side, other, sign in (("from_", "to_", 1), ("to_", "from_", -1))
        )
    ).subquery()
    statement = (
        select(sides.c.batch, sides.c.region, func.sum(sides.c.length_mm).label("length_mm"))
        .group_by(sides.c.batch, sides.c.region)
        .order_by(sides.c.batch, sides.c.region)
    )
    return [Made(row.batch, row.region, row.length_mm) for row in tx.execute(statement)]


def chosen(tx: Connection, of: ColumnElement[bool]) -> list[KnownBatch]:
    """The batches that a condition on `batch` selects, by maker and lot; without their units."""
    rows = list(tx.execute(select(batch).where(of).order_by(batch.c.maker, batch.c.lot)))
    materials = grouped(tx, batch_material, [row.code for row in rows], batch_material.c.n)
    return [batch_in(row, (), (), materials[row.code]) for row in rows]


def taking_in(tx: Connection, lot: str) -> list[str]:
    """The codes of the batches into which a lot of raw material of this number went."""
    statement = select(batch_material.c.batch).where(batch_material.c.lot == lot)  # batch_material_by_lot
    return sorted(set(tx.execute(statement).scalars()))


def involving(tx: Connection, who: str, of: ColumnElement[bool]) -> list[str]:
    """The codes of the batches of which an event concerns somebody (`model.involvement`), among those that ``of`` selects."""
    concerned = select(involvement.c.batch).where(involvement.c.who == who)  # the primary key
    statement = select(batch.c.code).where(batch.c.code.in_(concerned), of).order_by(batch.c.code)
    return list(tx.execute(statement).scalars())
