"""Where a party stands in the tree of its authority, read from the register: what it sees, and what it was lent.

An account has its jurisdiction from here whenever it asks, so that what a parent changes, or another authority grants,
holds from the next request on. Cost: a handful of look-ups by index.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from ..auth import grants
from ..model.scope import Scope
from ..model.units import Lent, Parties, jurisdiction_of, lent_by
from .register import units_below, with_those_above


def sight_of(tx: Connection, party: str, day: date) -> Scope:
    """What an authority sees, as the register has it on a day: its own events and those of its units, and its
    jurisdiction."""
    parties = with_those_above(tx, [party])
    return Scope(parties=_own(tx, party, parties, day)) | jurisdiction_of(party, parties, day)


def sight_of_account(tx: Connection, party: str, region: str | None, day: date) -> Scope:
    """The same of an account: the region that it was given is the topmost authority's jurisdiction; of a unit it only
    narrows what the tree gives."""
    parties = with_those_above(tx, [party])
    own = Scope(parties=_own(tx, party, parties, day))
    known = parties[party]
    if known is None or known.part_of is None:
        return own if region is None else own | Scope(regions=(region,))
    given = jurisdiction_of(party, parties, day)
    return own | Scope(
        regions=given.regions if region is None else given.narrowed_to((region,)), parts=given.parts
    )


def _own(tx: Connection, party: str, parties: Parties, day: date) -> frozenset[str]:
    """The parties whose events are its own: itself and its units; of a department its parent too."""
    known = parties[party]
    unit = None if known is None else known.part_of
    above = {unit.parent} if unit is not None and unit.type == "department" and unit.holds_on(day) else set()
    return frozenset({party, *(each.id for each in units_below(tx, party)), *above})


def lent_to(tx: Connection, party: str, day: date) -> tuple[Lent, ...]:
    """What other authorities let this one read on a day, each as far as it sees on that day itself."""
    in_force = [each for each in grants.received(tx, party) if each.is_of_reading and each.holds_on(day)]
    sights = {grantor: sight_of(tx, grantor, day) for grantor in {each.grantor for each in in_force}}
    return tuple(Lent(each, lent_by(each, sights[each.grantor])) for each in in_force)
