"""Who lets whom do what: grants given and received, the units of an authority, and what was read across regions.

Each reader sees the grants that its own organisation (and the units below it) gives or has, and the readings under them; the
operator sees all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, false, or_, true

from ..auth import grants
from ..auth.actor import Actor
from ..auth.policy import Action, Role
from ..codes.trace_code import BatchCode
from ..errors import Text
from ..intake.recorded import read_recorded
from ..ledger import store
from ..model.kinds import KINDS
from ..model.state import KnownGrant, KnownParty, KnownReading
from ..model.things import batch_thing, goods_thing, ids_among, project_thing
from ..model.units import HAVE_A_JURISDICTION
from ..registry import register
from .answers import Listed, Standing, cut, index_in
from .goods import shortened
from .names import Names, names_of, region_name
from .registry import PartyLink
from .visibility import reading, takes_part

UNIT_TYPES = {
    "department": Text("科室", "department"),
    "branch": Text("分局", "branch"),
    "post": Text("派出机构", "post"),
}
IN_FORCE = Standing("fine", Text("有效", "in force"))
NOT_YET = Standing("attention", Text("尚未开始", "not yet"))
ENDED = Standing("unknown", Text("已结束", "ended"))


@dataclass(frozen=True, slots=True)
class Thing:
    """A batch, uncoded goods or a project that was granted or read. ``id``: its code or id; ``name``: the code in groups, what
    is printed on the goods, number and name of the project; all of that says the line by which it is found."""

    sort: Literal["batch", "goods", "project"]
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class NamedPlace:
    region: Region
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRow:
    """One grant as it stands now; ``event`` is the id by which it is corrected. ``ended``: its last day is over."""

    event: str
    index: int
    grantor: PartyLink
    grantee: PartyLink
    kinds: tuple[Text, ...]
    things: tuple[Thing, ...]
    regions: tuple[Region, ...]
    parties: tuple[PartyLink, ...]
    ground: str
    case: str
    valid_from: date
    valid_to: date
    standing: Standing
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    """The newest first: what the own organisation gives, and what it has."""

    given: tuple[GrantRow, ...]
    received: tuple[GrantRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityUnit:
    """A unit in its tree; ``level`` 1 is directly below the authority. ``places``: those that have a name and no code.
    ``valid_to`` None: until further notice."""

    id: str
    name: str
    parent: str
    level: int
    type: str
    type_name: Text
    regions: tuple[Region, ...]
    supervises: tuple[PartyLink, ...]
    places: tuple[NamedPlace, ...]
    projects: tuple[Thing, ...]
    valid_from: date | None
    valid_to: date | None
    standing: Standing
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """That an officer (``account``) of ``reader`` read a thing on a day, under a grant of ``grantor``."""

    index: int
    event: str
    day: date
    reader: PartyLink
    account: str
    grantor: PartyLink
    thing: Thing
    ground: str
    case: str


def grants_of(tx: Connection, actor: Actor, *, today: date) -> Grants:
    """Every grant that the actor's organisation gives or has, also those that have ended."""
    reading(actor, Action.READ_REGISTRY)
    given: tuple[KnownGrant, ...]
    received: tuple[KnownGrant, ...]
    if actor.role is Role.OPERATOR:
        given, received = grants.every(tx), ()
    else:
        given = grants.given(tx, actor.scope.parties | {actor.party})
        received = grants.received(tx, actor.party)
    names = _names(tx, (*given, *received))
    things = _things(tx, {thing for each in (*given, *received) for thing in each.things})
    return Grants(
        given=tuple(_grant(each, names, things, today) for each in reversed(given)),
        received=tuple(_grant(each, names, things, today) for each in reversed(received)),
    )


def _names(tx: Connection, found: Iterable[KnownGrant]) -> Names:
    return names_of(tx, {who for each in found for who in (each.grantor, each.grantee, *each.parties)})


def _things(tx: Connection, wanted: Collection[str]) -> Mapping[str, Thing]:
    """These things (`model.things`) with what they are called."""
    goods = register.goods_known(tx, ids_among("goods", wanted))
    projects = register.projects(tx, ids_among("project", wanted))
    codes = {batch_thing(code): code for code in ids_among("batch", wanted)}
    return (
        {thing: Thing("batch", code, BatchCode(code[:-1]).printed) for thing, code in codes.items()}
        | {goods_thing(id_): Thing("goods", id_, shortened(each.marks)) for id_, each in goods.items()}
        | {
            project_thing(id_): Thing("project", id_, f"{each.number} {each.name}")
            for id_, each in projects.items()
        }
    )


def _grant(known: KnownGrant, names: Names, things: Mapping[str, Thing], today: date) -> GrantRow:
    return GrantRow(
        event=known.event,
        index=known.seq,
        grantor=_link(known.grantor, names),
        grantee=_link(known.grantee, names),
        kinds=tuple(KINDS[kind] for kind in known.kinds),
        things=tuple(things[each] for each in known.things),
        regions=tuple(map(region_row, known.regions)),
        parties=tuple(_link(each, names) for each in known.parties),
        ground=known.ground,
        case=known.case,
        valid_from=known.valid_from,
        valid_to=known.valid_to,
        standing=standing_between(known.valid_from, known.valid_to, today),
        ended=known.valid_to < today,
    )


def standing_between(first: date | None, last: date | None, today: date) -> Standing:
    """How what holds on these days stands today."""
    if last is not None and last < today:
        return ENDED
    return NOT_YET if first is not None and today < first else IN_FORCE


def _link(party: str, names: Names) -> PartyLink:
    return PartyLink(party, names.party(party))


def region_row(code: str) -> Region:
    """A region by its code, "" for none."""
    return Region(code, region_name(code))


# --- units --------------------------------------------------------------------------------------------


def units_of(tx: Connection, actor: Actor, authority: str, *, today: date) -> tuple[AuthorityUnit, ...]:
    """The units of an authority, each followed by its own; of their projects those that the actor may see."""
    found = register.units_below(tx, authority)
    parties = {each.id for each in found}
    given = [each.part_of for each in found if each.part_of is not None]
    names = names_of(tx, parties | {who for unit in given for who in unit.supervises})
    scope = actor.scope_for(Action.READ_PROJECT)
    known = register.projects(tx, {id_ for unit in given for id_ in unit.projects})
    projects = _things(tx, {project_thing(id_) for id_, each in known.items() if takes_part(scope, each)})
    return tuple(
        _unit(known, level, names, projects, today) for known, level in _in_order(found, authority, 1)
    )


def _in_order(found: Sequence[KnownParty], parent: str, level: int) -> Iterable[tuple[KnownParty, int]]:
    for known in found:
        if known.part_of is not None and known.part_of.parent == parent:
            yield known, level
            yield from _in_order(found, known.id, level + 1)


def _unit(
    known: KnownParty, level: int, names: Names, projects: Mapping[str, Thing], today: date
) -> AuthorityUnit:
    unit = known.part_of
    assert unit is not None, "only units stand below an authority"
    return AuthorityUnit(
        id=known.id,
        name=known.name,
        parent=unit.parent,
        level=level,
        type=unit.type,
        type_name=UNIT_TYPES[unit.type],
        regions=tuple(map(region_row, unit.regions)),
        supervises=tuple(_link(each, names) for each in unit.supervises),
        places=tuple(NamedPlace(region_row(region), name) for region, name in unit.places),
        projects=tuple(projects[each] for each in map(project_thing, unit.projects) if each in projects),
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
        standing=standing_between(unit.valid_from, unit.valid_to, today),
        address=known.address or "",
    )


def above(tx: Connection, party: str) -> tuple[PartyLink, ...]:
    """The authorities that a party is a unit of, the topmost first."""
    line: list[PartyLink] = []
    parties = register.with_those_above(tx, [party])
    known = parties[party]
    if known is None or not known.acts_as(HAVE_A_JURISDICTION):
        return ()
    while known.part_of is not None:
        parent = parties[known.part_of.parent]
        if parent is None or parent.id in {each.id for each in line}:
            break
        line.append(PartyLink(parent.id, parent.name))
        known = parent
    return tuple(reversed(line))


# --- readings -----------------------------------------------------------------------------------------


def readings_of(
    tx: Connection, actor: Actor, *, limit: int = 50, after: str | None = None
) -> Listed[ReadingRow]:
    """What was read across regions, by the actor's organisation or under its grants; the newest first."""
    reading(actor, Action.READ_READINGS)
    scope = actor.own_scope_for(Action.READ_READINGS)
    table, own = grants.reading, sorted(scope.parties)
    mine = true() if scope.everything else or_(table.c.grantor.in_(own), table.c.reader.in_(own), false())
    found = grants.readings(tx, mine, limit=limit + 1, before=index_in(after))
    names = names_of(tx, {who for each in found for who in (each.reader, each.grantor)})
    things = _things(tx, {each.thing for each in found})
    events = {
        row.seq: read_recorded(row) for row in store.read_rows_at(tx, sorted(each.seq for each in found))
    }

    def row(known: KnownReading) -> ReadingRow:
        event = events[known.seq]
        body = event.draft.body
        return ReadingRow(
            index=known.seq,
            event=event.event_id,
            day=known.day,
            reader=_link(known.reader, names),
            account=event.account,
            grantor=_link(known.grantor, names),
            thing=things[known.thing],
            ground=body.ground,
            case=body.case or "",
        )

    return cut(tuple(map(row, found)), limit, lambda each: str(each.index))
