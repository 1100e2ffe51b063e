"""Disclosures: the erasable clear text of personal data whose salted commitments stand on the ledger.

One row for each committed field of an event. It is no projection: once erased it cannot come back, and the
ledger stays provable without it (design §2.2, formats §1).

*Erasing* writes blanks of the same length over salt, value and look-up. The row is not deleted: SQLite moves rows
between pages when many of a page are gone, and leaves copies in the unused part of the old one, which
``secure_delete`` does not reach (measured: the names of 2 of 3,827 deleted rows were still in the file, of 4,000
blanked ones none). Rows are only ever added at the end and keep their length, so none is ever moved.

*Looking up* a responsible person goes by ``look_up``, a keyed hash (`names`): where no key is given, none is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, LargeBinary, MetaData, String, Table, func, select, update

from ..db.bulk import insert_rows
from ..db.several import chunks
from ..model.persons import is_responsible
from .names import look_up_of

metadata = MetaData()

disclosure = Table(
    "disclosure",
    metadata,
    Column("event_id", String(36), primary_key=True),
    Column("pointer", String, primary_key=True, comment="JSON pointer from the draft, such as /by/0/name"),
    Column("salt", LargeBinary, nullable=False),
    Column("value", String, nullable=False),
    Column("look_up", LargeBinary, index=True, comment="keyed hash of a responsible person's name"),
    info={"kind": "disclosure"},
)
_IS_DISCLOSED = func.trim(disclosure.c.value) != ""
_OPENS = (disclosure.c.event_id, disclosure.c.pointer, disclosure.c.salt, disclosure.c.value)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a commitment at ``pointer`` of an event's draft opens to; ``salt`` 16 bytes."""

    event_id: str
    pointer: str
    salt: bytes
    value: str


def write(tx: Connection, disclosures: Sequence[Disclosure], names_key: bytes | None = None) -> None:
    """Add these; with the key of names responsible persons can be looked up from then on."""
    insert_rows(
        tx,
        disclosure,
        [
            (
                d.event_id,
                d.pointer,
                d.salt,
                d.value,
                look_up_of(names_key, d.value) if names_key and is_responsible(d.pointer) else None,
            )
            for d in disclosures
        ],
    )


def erase(tx: Connection, places: Iterable[tuple[str, str]]) -> None:
    """Destroy what is disclosed at these places (event id, pointer); what is not there is none to destroy.

    What stood there stays in the database's own files until it is wiped (`db.database.wipe`).
    """
    for event_id, pointer in places:
        here = (disclosure.c.event_id == event_id, disclosure.c.pointer == pointer)
        row = tx.execute(select(disclosure).where(*here)).one_or_none()
        if row is not None:
            # As long as it was: a shorter one would leave the end of it on the page.
            blank = {
                "salt": bytes(len(row.salt)),
                "value": " " * len(row.value.encode()),
                "look_up": None if row.look_up is None else bytes(len(row.look_up)),
            }
            tx.execute(update(disclosure).where(*here).values(blank))


def read(tx: Connection, event_ids: Iterable[str]) -> dict[str, list[Disclosure]]:
    """What is still disclosed of these events."""
    found: dict[str, list[Disclosure]] = {}
    for chunk in chunks(event_ids):
        for row in tx.execute(select(*_OPENS).where(disclosure.c.event_id.in_(chunk), _IS_DISCLOSED)):
            found.setdefault(row.event_id, []).append(Disclosure(*row))
    return found


def named(tx: Connection, names_key: bytes, name: str) -> list[tuple[str, str]]:
    """(event id, pointer) of every responsible person of this name, in any order."""
    rows = tx.execute(
        select(disclosure.c.event_id, disclosure.c.pointer).where(  # ix_disclosure_look_up
            disclosure.c.look_up == look_up_of(names_key, name), _IS_DISCLOSED
        )
    )
    return [(row.event_id, row.pointer) for row in rows]


def count(tx: Connection) -> int:
    """How many are still disclosed."""
    return tx.execute(select(func.count()).select_from(disclosure).where(_IS_DISCLOSED)).scalar_one()


def read_all(tx: Connection) -> Iterator[tuple[Disclosure, bytes | None]]:
    """Everything that is still disclosed with its look-up, by event, streamed."""
    statement = select(disclosure).where(_IS_DISCLOSED).order_by(disclosure.c.event_id, disclosure.c.pointer)
    with tx.execute(statement, execution_options={"stream_results": True, "yield_per": 1000}) as rows:
        for row in rows:
            *opens, look_up = row
            yield Disclosure(*opens), look_up
