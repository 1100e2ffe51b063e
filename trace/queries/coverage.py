"""Coverage 覆盖率: of the makers, dealers and building sites registered in an authority's jurisdiction, which were inspected and which were
sampled on some days.

Pure functions over what was read once (`Ground`), as of any index of the ledger: a party counts once, however often it was checked, and by
whichever authority. What is an authority's and no unit's below it is its own (`own_shares`); the own numbers of a tree, less what several of
its units have, are the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection

from ..clock import shanghai_date
from ..errors import Text
from ..inspecting import programmes
from ..model.involvement import sees
from ..model.programmes import KnownCheck, KnownProgramme
from ..model.scope import Scope
from ..model.state import KnownParty
from ..model.units import jurisdiction_of
from ..registry import register
from .answers import as_of
from .register_at import parties_at, sites_at, units_in

K = TypeVar("K")

#: Of whom it is reckoned: the role in the register, and the word.
ROLES: Mapping[str, tuple[str, Text]] = {
    "makers": ("manufacturer", Text("生产企业", "makers")),
    "dealers": ("distributor", Text("经营企业", "dealers")),
}


def subjects_of(known: KnownProgramme) -> tuple[str, ...]:
    """Of what a programme's coverage is reckoned: makers and dealers, and building sites where one of its tasks is about these."""
    about_sites = any(task.about == "sites" for task in known.tasks)
    return (*ROLES, *(["sites"] if about_sites else []))


@dataclass(frozen=True, slots=True)
class Covered:
    """Ids of parties, or of projects: all that are registered there, and of these who was inspected, who was sampled, and who has
    recorded a self-check and a commitment."""

    registered: frozenset[str]
    inspected: frozenset[str]
    sampled: frozenset[str]
    self_checked: frozenset[str]
    committed: frozenset[str]

    def of(self, parties: frozenset[str]) -> Covered:
        """The same of some of these parties alone."""
        return Covered(
            self.registered & parties,
            self.inspected & parties,
            self.sampled & parties,
            self.self_checked & parties,
            self.committed & parties,
        )

    @property
    def left(self) -> frozenset[str]:
        """Who was not inspected."""
        return self.registered - self.inspected


@dataclass(frozen=True, slots=True)
class Ground:
    """What coverage is reckoned from: everybody registered at an index, the units, makers and dealers among them, and the checks on some days.
    ``sites``: the region of each registered project. ``day``: on which jurisdictions are those of the register: of the index, or today."""

    everybody: Mapping[str, KnownParty]
    units: Mapping[str, KnownParty]
    parties: tuple[KnownParty, ...]
    sites: Mapping[str, str]
    checks: tuple[KnownCheck, ...]
    day: date


def ground(
    tx: Connection, scope: Scope, since: date, until: date, *, today: date, up_to: int | None = None
) -> Ground:
    """Both days included; of the checks those that the scope sees. Cost: all parties, and the checks of these days."""
    trade = frozenset(role for role, _ in ROLES.values())
    everybody = parties_at(tx, up_to)
    then = None if up_to is None else as_of(tx, up_to)
    return Ground(
        everybody=everybody,
        units={id_: known for id_, known in everybody.items() if known.part_of is not None},
        parties=tuple(each for each in everybody.values() if each.acts_as(trade)),
        sites=sites_at(tx, up_to),
        checks=tuple(
            each
            for each in programmes.checks_between(tx, since, until)
            if (up_to is None or each.seq <= up_to) and sees(scope, each.whom)
        ),
        day=today if then is None else shanghai_date(then.at),
    )


def jurisdiction_in(here: Ground, authority: str) -> Scope:
    """What an authority looked after, as it was registered, with its own statements where it is a unit's part."""
    return jurisdiction_of(authority, here.everybody, here.day)


def tree_in(here: Ground, authority: str) -> tuple[str, ...]:
    """An authority and its units at any depth, itself first, without departments 科室, which have all that their parent has."""
    below = units_in(here.units, authority)
    return (authority, *(unit for unit in below if not _is_department(here.everybody[unit])))


def _is_department(known: KnownParty) -> bool:
    return known.part_of is not None and known.part_of.type == "department"


def own_shares(here: Ground, of: Mapping[str, frozenset[K]]) -> dict[str, frozenset[K]]:
    """Of what each unit has, with those below it, what is of none below it."""
    return {
        unit: some.difference(*(of[below] for below in units_in(here.units, unit) if below in of))
        for unit, some in of.items()
    }


def covered(here: Ground, jurisdiction: Scope, of: str) -> Covered:
    """``of``: makers, dealers or sites."""
    if of == "sites":
        registered = frozenset(
            id_ for id_, region in here.sites.items() if sees(jurisdiction, {f"s:{id_}", f"r:{region}"})
        )
    else:
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
