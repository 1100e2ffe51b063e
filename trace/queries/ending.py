"""Units and grants of the own organisation that end soon: after their last day nobody sees or enters anything by them.

A notice comes 90 days before the end, but not in the first half of what was given for a shorter time: a grant of the usual
ninety days would stand there from its first day on. What is replaced already by a grant that goes on is not told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import Connection

from ..auth import grants
from ..auth.actor import Actor
from ..auth.policy import Action, Role
from ..errors import Text
from ..model.kinds import KINDS
from ..model.state import KnownGrant
from ..registry import register
from .grants import UNIT_TYPES
from .names import names_of

TOLD = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A unit 机构, or a grant of entering 代录 or of reading 查阅, that ends after ``last_day``. ``name``: of the unit, or of
    whom it is granted to; ``unit`` its id, "" of a grant."""

    sort: Literal["unit", "grant"]
    what: Text
    name: str
    unit: str
    last_day: date
    days_left: int


def ending_soon(tx: Connection, actor: Actor, *, today: date) -> tuple[Ending, ...]:
    """What the actor's own organisation may prolong or let go, the soonest first. Whom of it this is told, the caller decides.

    Cost: its units and the grants that it gives.
    """
    if not actor.party or actor.role is Role.OPERATOR:  # who registers them for others is told of none
        return ()
    units = _units(tx, actor.party, today) if actor.reach(Action.MANAGE_UNITS) else []
    given = _grants(tx, actor.party, today) if actor.reach(Action.RECORD_GRANT) else []
    return tuple(sorted((*units, *given), key=lambda each: (each.last_day, each.sort, each.name)))


def _units(tx: Connection, authority: str, today: date) -> list[Ending]:
    return [
        Ending(
            sort="unit",
            what=UNIT_TYPES[unit.type],
            name=known.name,
            unit=known.id,
            last_day=unit.valid_to,
            days_left=(unit.valid_to - today).days,
        )
        for known in register.units_below(tx, authority)
        if (unit := known.part_of) is not None
        and unit.valid_to is not None
        and is_told(unit.valid_from, unit.valid_to, today)
    ]


def _grants(tx: Connection, grantor: str, today: date) -> list[Ending]:
    given = grants.given(tx, [grantor])
    ending = [
        each for each in given if is_told(each.valid_from, each.valid_to, today) and not _goes_on(each, given)
    ]
    names = names_of(tx, {each.grantee for each in ending})
    return [
        Ending(
            sort="grant",
            what=_what(each),
            name=names.party(each.grantee),
            unit="",
            last_day=each.valid_to,
            days_left=(each.valid_to - today).days,
        )
        for each in ending
    ]


def is_told(first: date | None, last: date, today: date) -> bool:
    """Whether a notice of the end of this time stands on the desk: from 90 days before its last day on, or from its middle on
    if that is later, until the last day."""
    if not today <= last <= today + TOLD:
        return False
    return first is None or (last - today) * 2 <= last - first


def _goes_on(ending: KnownGrant, given: Sequence[KnownGrant]) -> bool:
    """Whether another grant to the same party has all of it and follows without a gap."""
    return any(
        other.grantee == ending.grantee
        and other.valid_to > ending.valid_to
        and other.valid_from <= ending.valid_to + timedelta(days=1)
        and all(
            set(getattr(ending, name)) <= set(getattr(other, name))
            for name in ("kinds", "batches", "goods", "projects", "regions", "parties")
        )
        for other in given
    )


def _what(grant: KnownGrant) -> Text:
    """In a word what is granted."""
    kinds = [KINDS[kind] for kind in grant.kinds]
    enter = Text(
        "代录" + "、".join(kind.zh for kind in kinds), "to enter: " + ", ".join(kind.en for kind in kinds)
    )
    read = Text(f"查阅（{grant.ground or grant.case}）", f"to read ({grant.ground or grant.case})")
    if not kinds:
        return read
    return Text(f"{enter.zh}；{read.zh}", f"{enter.en}; {read.en}") if grant.is_of_reading else enter
