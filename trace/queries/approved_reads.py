"""经批准的跨区查阅 of a lead or a case: the grants of other authorities that name its number, and how often they were used.

The grant says the number (`grant.case`), so nothing of the lead or the case is told to whoever grants beyond that number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from ..auth import grants
from .answers import Standing
from .grants import standing_between
from .names import names_of
from .registry import PartyLink


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedRead:
    """A grant under which the authority reads for this lead or case. ``things``: how many batches, goods, projects, regions and parties
    it names; ``readings`` how often something was read under it, once a thing and day; ``last_on`` the day of the newest."""

    grantor: PartyLink
    valid_from: date
    valid_to: date
    standing: Standing
    things: int
    readings: int
    last_on: date | None


def approved_reads(
    tx: Connection, party: str, numbers: Iterable[str], today: date
) -> tuple[ApprovedRead, ...]:
    """The grants to a party that name one of these numbers, the newest first."""
    wanted = frozenset(numbers)
    found = [each for each in grants.received(tx, party) if each.is_of_reading and each.case in wanted]
    names = names_of(tx, {each.grantor for each in found})
    table = grants.reading
    used = {
        row[0]: (row[1], row[2])
        for row in tx.execute(
            select(table.c.grant, func.count(), func.max(table.c.day))
            .where(table.c.reader == party, table.c.grant.in_([each.event for each in found]))
            .group_by(table.c.grant)
        )
    }
    return tuple(
        ApprovedRead(
            grantor=PartyLink(each.grantor, names.party(each.grantor)),
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            standing=standing_between(each.valid_from, each.valid_to, today),
            things=len(each.things) + len(each.regions) + len(each.parties),
            readings=used.get(each.event, (0, None))[0],
            last_on=used.get(each.event, (0, None))[1],
        )
        for each in reversed(found)
    )
