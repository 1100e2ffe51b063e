"""Disclosures: the erasable clear text of personal data whose salted commitments stand on the ledger.

One row for each committed field of an event. It is no projection: once erased it cannot come back, and the
ledger stays provable without it (design §2.2, formats §1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, LargeBinary, MetaData, String, Table, func, select

from ..db.bulk import insert_rows

metadata = MetaData()

disclosure = Table(
    "disclosure",
    metadata,
    Column("event_id", String(36), primary_key=True),
    Column("pointer", String, primary_key=True, comment="JSON pointer from the draft, such as /by/0/name"),
    Column("salt", LargeBinary, nullable=False),
    Column("value", String, nullable=False),
    info={"kind": "disclosure"},
)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a commitment at ``pointer`` of an event's draft opens to; ``salt`` 16 bytes."""

    event_id: str
    pointer: str
    salt: bytes
    value: str


def write(tx: Connection, disclosures: Sequence[Disclosure]) -> None:
    insert_rows(tx, disclosure, [(d.event_id, d.pointer, d.salt, d.value) for d in disclosures])


def read(tx: Connection, event_ids: Iterable[str]) -> dict[str, list[Disclosure]]:
    """What is still disclosed of these events."""
    found: dict[str, list[Disclosure]] = {}
    ordered = sorted(set(event_ids))
    for start in range(0, len(ordered), 500):
        chunk = ordered[start : start + 500]
        for row in tx.execute(select(disclosure).where(disclosure.c.event_id.in_(chunk))):
            found.setdefault(row.event_id, []).append(Disclosure(*row))
    return found


def count(tx: Connection) -> int:
    """How many there are."""
    return tx.execute(select(func.count()).select_from(disclosure)).scalar_one()


def read_all(tx: Connection) -> Iterator[Disclosure]:
    """Everything that is still disclosed, by event, streamed."""
    statement = select(disclosure).order_by(disclosure.c.event_id, disclosure.c.pointer)
    for row in tx.execute(statement, execution_options={"stream_results": True, "yield_per": 1000}):
        yield Disclosure(*row)
