"""The register of listed supervision 挂牌督办: each listing as its last step left it.

A projection: intake writes it with the events, and it is rebuilt from them. What a step says in words stands in its event alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import JSON, Column, Connection, Date, Index, MetaData, Row, String, Table, or_, select

from ..db.columns import Integer
from ..db.several import chunks, id_of_number, replace_rows, row_of
from ..model.admission import Wanted
from ..model.listings import KnownListing
from ..model.postings import Fact, Withdrawn
from ..model.state import State

metadata = MetaData()

listing = Table(
    "listing",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("event", String(36), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("authority", String(36), nullable=False, comment="who listed it"),
    Column("number", String, nullable=False),
    Column("name", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("region", String(6), nullable=False),
    Column("place", String, nullable=False),
    Column("party", String(36), nullable=False),
    Column("unit", String(36), nullable=False, comment="who is responsible"),
    Column("listed_on", Date, nullable=False),
    Column("due", Date, nullable=False),
    Column("escalated_to", String(36), nullable=False),
    Column("lifted_on", Date),
    Column("steps", JSON, nullable=False, comment="the events of its steps, in order"),
    Index("listing_by_authority", "authority"),
    Index("listing_by_unit", "unit"),
    info={"kind": "projection"},
)


def load(tx: Connection, wanted: Wanted, state: State) -> None:
    """Put the listings that are wanted and not yet known into the state; what is not there becomes None."""
    missing = wanted.listings - state.listings.keys()
    if missing:
        state.listings.update(dict.fromkeys(missing) | listings(tx, missing))
    for authority, sort, number in wanted.case_numbers - state.case_numbers.keys():
        if sort == "listing":
            state.case_numbers[authority, sort, number] = id_of_number(tx, listing, authority, number)


def parties_of(state: State, wanted: Wanted) -> set[str]:
    """Who listed and who is responsible for the wanted listings: with those above them a step is judged together."""
    known = (state.listings[id_] for id_ in wanted.listings)
    return {party for each in known if each is not None for party in (each.authority, each.unit)}


def write(tx: Connection, facts: Sequence[Fact | Withdrawn]) -> None:
    """Write the listings of accepted events; of several about the same one the last stands."""
    rows = (_row(each) for each in facts if isinstance(each, KnownListing))
    replace_rows(tx, listing, ("id",), rows)


def listings(tx: Connection, ids: Iterable[str]) -> dict[str, KnownListing]:
    """The listings among these ids."""
    found: dict[str, KnownListing] = {}
    for some in chunks(ids):
        found |= {row.id: _in(row) for row in tx.execute(select(listing).where(listing.c.id.in_(some)))}
    return found


def listings_of(tx: Connection, parties: Iterable[str]) -> list[KnownListing]:
    """Those that one of these listed or is responsible for: those that stand first, by their day."""
    some = sorted(parties)
    of = or_(listing.c.authority.in_(some), listing.c.unit.in_(some))
    known = [_in(row) for row in tx.execute(select(listing).where(of).order_by(listing.c.due, listing.c.seq))]
    return sorted(known, key=lambda each: each.lifted_on is not None)


def _row(known: KnownListing) -> dict[str, Any]:
    return {**row_of(known), "steps": list(known.steps)}


def _in(row: Row[Any]) -> KnownListing:
    return KnownListing(**{**row._mapping, "steps": tuple(row.steps)})
