"""Coverage 覆盖率: of the makers and dealers registered in an authority's jurisdiction, who was inspected and who was sampled on some days.

Pure functions over what was read once (`Ground`): a party counts once, however often it was checked, and by whichever authority.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ..errors import Text
from ..inspecting import programmes
from ..model.involvement import sees
from ..model.programmes import KnownCheck
from ..model.scope import Scope
from ..model.state import KnownParty
from ..model.units import jurisdiction_of
from ..registry import register

#: Of whom it is reckoned: the role in the register, and the word.
ROLES: Mapping[str, tuple[str, Text]] = {
    "makers": ("manufacturer", Text("生产企业", "makers")),
    "dealers": ("distributor", Text("经营企业", "dealers")),
}


@dataclass(frozen=True, slots=True)
class Covered:
    """Ids of parties: all that are registered there, and of these who was inspected, who was sampled, and who has
    recorded a self-check and a commitment."""

    registered: frozenset[str]
    inspected: frozenset[str]
    sampled: frozenset[str]
    self_checked: frozenset[str]
    committed: frozenset[str]

    @property
    def left(self) -> frozenset[str]:
        """Who was not inspected."""
        return self.registered - self.inspected


@dataclass(frozen=True, slots=True)
class Ground:
    """What coverage is reckoned from: every registered maker and dealer, and the checks on some days."""

    parties: tuple[KnownParty, ...]
    checks: tuple[KnownCheck, ...]


def ground(tx: Connection, scope: Scope, since: date, until: date) -> Ground:
    """Both days included; of the checks those that the scope sees. Cost: all parties, and the checks of these days."""
    trade = frozenset(role for role, _ in ROLES.values())
    return Ground(
        parties=tuple(each for each in register.all_parties(tx) if each.acts_as(trade)),
        checks=tuple(each for each in programmes.checks_between(tx, since, until) if sees(scope, each.whom)),
    )


def covered(here: Ground, jurisdiction: Scope, of: str) -> Covered:
    """``of``: one of `ROLES`."""
    role = frozenset({ROLES[of][0]})
    registered = frozenset(
        each.id for each in here.parties if each.acts_as(role) and lies_in(each, jurisdiction)
    )
    inspected, sampled, self_checked, committed = (
        frozenset(check.party for check in here.checks if check.kind == kind) & registered
        for kind in ("inspection", "sampling", "self-check", "commitment")
    )
    return Covered(registered, inspected, sampled, self_checked, committed)


def lies_in(party: KnownParty, jurisdiction: Scope) -> bool:
    return sees(jurisdiction, {f"p:{party.id}", f"r:{party.region or '-'}"})


def jurisdiction_on(tx: Connection, authority: str, day: date) -> Scope:
    """What an authority looks after, as the register has it on a day, with its own statements where it is a unit's part."""
    return jurisdiction_of(authority, register.with_those_above(tx, [authority]), day)
