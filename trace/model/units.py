"""The tree of an authority's own units, and how far the word and the sight of each reach.

The topmost authority has the region in which it is registered. A department 科室 has all that its parent has; a branch
分局 or post 派出机构 what its parent gave it, never more than the parent has itself, on the days for which it was given.
Pure: whoever asks brings the parties, each with all that stand above it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ..errors import Text
from .scope import Part, Scope
from .state import KnownGrant, KnownParty, KnownUnit

#: Whose region is its jurisdiction, and who may let another of them read.
HAVE_A_JURISDICTION = frozenset({"regulator", "department"})
#: So many stand above each other at most, from the topmost authority to the smallest post.
DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Lent:
    """A grant of reading that is in force, and the parts of the grantor's sight that it lends."""

    grant: KnownGrant
    parts: tuple[Part, ...]


Parties = Mapping[str, KnownParty | None]


def those_above(party: str, parties: Parties) -> Iterator[str]:
    """The authorities that a party is a unit of, its parent first; ends where it would go round."""
    seen = {party}
    known = parties.get(party)
    while known is not None and known.part_of is not None and known.part_of.parent not in seen:
        seen.add(known.part_of.parent)
        yield known.part_of.parent
        known = parties.get(known.part_of.parent)


def those_below(
    authority: str, units_of: Callable[[Collection[str]], Iterable[KnownParty]]
) -> list[KnownParty]:
    """The units of an authority and theirs, those directly below it first; without those that are no authorities (any
    more), whose statements are their own. ``units_of``: whose parent is one of these, in the order in which they are told."""
    found: list[KnownParty] = []
    seen, above = {authority}, {authority}
    while above:
        below = [
            each for each in units_of(above) if each.id not in seen and each.acts_as(HAVE_A_JURISDICTION)
        ]
        above = {each.id for each in below}
        seen |= above
        found += below
    return found


def top_of(party: str, parties: Parties) -> str:
    """The topmost authority of the tree that a party stands in; itself where it is a unit of none."""
    *_, top = (party, *those_above(party, parties))
    return top


def head_of(party: str, parties: Parties) -> str:
    """The authority in whose name a party speaks to units: of a department 科室 its parent, else itself."""
    known = parties.get(party)
    while known is not None and known.part_of is not None and known.part_of.type == "department":
        party = known.part_of.parent
        known = parties.get(party)
    return party


def is_in_tree_of(party: str, head: str, parties: Parties) -> bool:
    """Whether a party is an authority, or a unit of it at any depth."""
    return head in (party, *those_above(party, parties))


def jurisdiction_of(party: str, parties: Parties, day: date) -> Scope:
    """The regions that are an authority's, and the parts of its parent's that a unit was given; nothing for others."""
    line = [party, *those_above(party, parties)]
    top = parties.get(line[-1])
    if top is None or not top.region or not top.acts_as(HAVE_A_JURISDICTION):
        return Scope()
    scope = Scope(regions=(top.region,))
    for id_ in reversed(line[:-1]):
        known = parties[id_]
        assert known is not None
        assert known.part_of is not None, "whoever has somebody above it is a unit"
        scope = given_of(scope, known.part_of, day)
    return scope


def lacks_a_region(party: str, parties: Parties) -> bool:
    """Whether an authority has no jurisdiction on the ledger because the topmost of its tree is registered without a region."""
    *_, top = (party, *those_above(party, parties))
    known = parties.get(top)
    return known is not None and known.acts_as(HAVE_A_JURISDICTION) and not known.region


#: What whoever is registered so does until then.
REGISTER_THE_REGION = Text(
    "先登记该单位的所在地区：在「内设机构和派出机构」页面，或由运维用 cabletrace seat 命令；在此之前请有地区的上级单位授权或划定",
    "register its region first: on the page of units, or the operator by the command cabletrace seat; until then an authority "
    "above it that has a region grants and gives",
)


def given_of(above: Scope, unit: KnownUnit, day: date) -> Scope:
    """What a unit has of its parent's jurisdiction on a day; of whom it supervises, and of its places and projects, also what
    the parent itself says."""
    if not unit.holds_on(day):
        return Scope()
    if unit.type == "department":
        return above
    chosen = Scope(parties=frozenset(unit.supervises), sites=unit.sites)
    parent = Scope(parties=frozenset({unit.parent}))
    whole = Scope(regions=above.regions)
    parts = [Part(whole | parent, chosen)] if above.regions and not chosen.nothing else []
    for part in above.parts:
        assert part.of is not None, "a unit's part names what it looks after"
        both = Scope(parties=chosen.parties & part.of.parties, sites=chosen.sites & part.of.sites)
        if not both.nothing:
            parts.append(Part(part.within | parent, both))
    return Scope(regions=above.narrowed_to(unit.regions), parts=tuple(parts))


def lent_by(grant: KnownGrant, grantor: Scope) -> tuple[Part, ...]:
    """The parts of the grantor's sight that its grant lets be read."""
    parts = []
    if grant.things:
        parts.append(Part(grantor, things=frozenset(grant.things)))
    if grant.regions or grant.parties:
        parts.append(Part(grantor, Scope(regions=grant.regions, parties=frozenset(grant.parties))))
    return tuple(parts)
