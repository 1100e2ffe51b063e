"""A trace: where metres went from somewhere, where they came from, and where the trail ends.

Places are nodes, metres that went from one to the next are edges. What a reader may not know is folded as on the page
of a batch (`visibility`): for each node,

    made + what came in − what went out = what stays,

and all that stays equals the length produced, whoever asks and as of whichever index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import BatchCode
from ..errors import Text
from ..flow import journal
from ..model.state import Account, MaterialIn
from .answers import AsOf, as_of
from .goods import goods_page, shortened
from .names import UNKNOWN, Names, names_of, region_name
from .starting_points import (
    Direction,
    OfBatch,
    OfGoods,
    Start,
    Subject,
    direction_from,
    resolved,
)
from .traced_metres import Metres, Part, may_know_materials, regions_made, select_metres
from .unexplained import UnexplainedRow, difference, told_apart, unexplained_rows
from .visibility import Position, Sight, reading, sight_of, sums_at
from .whereabouts import OTHERS, STATES, RegionRow, WhereRow, by_region, by_state, rows_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A party at a place, or at a project. ``stays`` (state -> mm) did not go on; ``made_mm`` began here.

    ``others``: parties that the reader may not know, together. ``off_platform``: a party that others merely name, and that
    keeps no records here. The node of metres that nobody can explain has neither party nor region.
    """

    key: str
    party: str
    name: Text
    region: str
    region_name: Text
    project: str
    project_name: str
    others: bool
    made_mm: int
    stays: Mapping[str, int]
    off_platform: bool = False


@dataclass(frozen=True, slots=True)
class Leg:
    """Metres that went from one node to another; ``state`` is what they came into. ``off_platform``: from or to a party that
    keeps no records here, so that only one side says so."""

    source: str
    target: str
    state: str
    length_mm: int
    off_platform: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFlow:
    """A project that the goods reached; ``there_mm`` lie there unused."""

    id: str
    number: str
    name: str
    owner: str
    region: str
    region_name: Text
    arrived_mm: int
    there_mm: int
    used_mm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Where the trail ends, with the metres that cannot be followed from there.

    Of what is unexplained, more and less are two ends, the more with a negative length.
    ``last_index`` is the newest event that brought metres there; None where it is somebody else's.
    """

    state: str
    region: str
    region_name: Text
    holder: Text
    reason: Text
    length_mm: int
    last_index: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedBatch:
    """A batch whose metres these are: ``length_mm`` as registered, ``traced_mm`` of it in this answer. ``materials``: what went
    in, where the reader may know it."""

    code: str
    printed: str
    lot: str
    designation: str
    maker: str
    maker_name: str
    certificate: str
    produced_on: date
    length_mm: int
    traced_mm: int
    materials: tuple[MaterialIn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """``regions``, ``where`` and the stays of ``nodes`` each add up to ``produced_mm``; ``unexplained`` says drum by drum what is
    to be explained. ``begin`` is what was traced, which of an event is what it is about.

    Goods without a code were never in the books: of them ``produced_mm`` is what somebody said that there is, and 0 where nobody has.
    """

    subject: Subject
    begin: Start
    direction: Direction
    produced_mm: int
    nodes: tuple[Node, ...]
    legs: tuple[Leg, ...]
    where: tuple[WhereRow, ...]
    holdings: Mapping[str, int]
    regions: tuple[RegionRow, ...]
    unexplained: tuple[UnexplainedRow, ...]
    projects: tuple[ProjectFlow, ...]
    stops: tuple[Stop, ...]
    batches: tuple[TracedBatch, ...]
    as_of: AsOf


def traced(
    tx: Connection,
    actor: Actor,
    subject: Subject,
    *,
    direction: Direction | None = None,
    up_to: int | None = None,
) -> Trace | None:
    """The trace of what the actor may see of the subject; None if that is nothing at all. Raises InputError for a direction
    that cannot be gone from there.

    Cost: one grouping over the postings of the chosen batches; of a drum, a project or a holder the journals of its batches.
    """
    scope = reading(actor, Action.READ_TRACE)
    begin = resolved(tx, actor, subject)
    if begin is None:
        return None
    way = direction_from(begin, direction)
    stands = as_of(tx, up_to)
    if stands is None:
        return None
    if isinstance(begin, OfGoods):
        return _of_goods(tx, actor, begin, subject, way, stands, up_to)
    metres = select_metres(tx, actor, scope, begin, way, up_to)
    if metres is None:
        return None
    names = _names(tx, metres)
    told = _Told()
    for part in metres.parts:
        told.add(part, sight_of(scope, part.all_moved, names.projects, part.batch))
    unexplained = unexplained_rows(metres.unexplained, told.sights[0], names) if metres.unexplained else ()
    rows = rows_at(told.left, names)
    if way != "up":
        rows = told_apart(rows, unexplained)
    is_off = partial(_is_off_platform, names)
    return Trace(
        subject=subject,
        begin=begin,
        direction=way,
        produced_mm=sum(mm * _production(source, target) for source, target, mm in told.moved),
        nodes=_nodes(told, names),
        legs=_legs(told, names),
        where=rows,
        holdings=by_state(rows),
        regions=by_region(rows),
        unexplained=unexplained,
        projects=_projects(told, rows, names),
        stops=_stops(rows, metres.newest, is_off) if way != "up" else (),
        batches=_batches(tx, actor, metres, up_to),
        as_of=stands,
    )


def _names(tx: Connection, metres: Metres) -> Names:
    accounts = [account for part in metres.parts for edge in part.all_moved for account in edge[:2]]
    names = names_of(tx, {a.party for a in accounts}, {a.project for a in accounts})
    owners = {project.owner for project in names.projects.values() if project.owner}
    return Names({**names.parties, **names_of(tx, owners - names.parties.keys()).parties}, names.projects)


# --- what is told -------------------------------------------------------------------------------------

#: A movement as the reader may know it; None for where metres are made.
ToldEdge = tuple[Position | None, Position | None, int]


@dataclass(slots=True)
class _Told:
    """Movements and what is left where, as the reader may know them, of all parts together."""

    moved: list[ToldEdge] = field(default_factory=list)
    left: dict[Position, int] = field(default_factory=lambda: defaultdict(int))
    sights: list[Sight] = field(default_factory=list)
    #: Of each position the key of its place: goods on their way to a place and goods at it are one node.
    keys: dict[Position, str] = field(default_factory=dict)
    places: dict[str, Position] = field(default_factory=dict)

    def add(self, part: Part, sight: Sight) -> None:
        self.sights.append(sight)
        left = sums_at(part.moved)
        known = {each: None if each.state == "produced" else sight.of(each) for each in left}
        self.moved += [(known[source], known[target], mm) for source, target, mm in part.moved]
        for account, length_mm in left.items():
            position = known[account]
            if position is None:
                continue
            if position not in self.keys:
                key = self.keys[position] = _key(position)
                self.places.setdefault(key, position)
            if length_mm:
                self.left[position] += length_mm


# --- nodes and edges ----------------------------------------------------------------------------------


def _key(place: Position) -> str:
    return "/".join(("others" if place.others else place.party, place.region, place.project))


def _nodes(told: _Told, names: Names) -> tuple[Node, ...]:
    made: dict[str, int] = defaultdict(int)
    stays: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for source, target, length_mm in told.moved:
        if source is None and target is not None:
            made[told.keys[target]] += length_mm
        elif source is not None and target is None:
            made[told.keys[source]] -= length_mm
    for at, length_mm in told.left.items():
        stays[told.keys[at]][at.state] += length_mm
    return tuple(
        Node(
            key=key,
            party=place.party,
            name=_name(place, names),
            region=place.region,
            region_name=region_name(place.region),
            project=place.project,
            project_name=names.project(place.project),
            others=place.others,
            made_mm=made[key],
            stays={state: here[state] for state in STATES if here.get(state)},
            off_platform=_is_off_platform(names, place.party),
        )
        for key in sorted(told.places, key=lambda key: (-made[key], key))
        for place, here in [(told.places[key], stays[key])]
    )


def _production(source: Position | None, target: Position | None) -> int:
    """1 for metres that were made, -1 for those of which a correction says that they never were, 0 for others."""
    return (source is None) - (target is None)


def _is_off_platform(names: Names, party: str) -> bool:
    known = names.parties.get(party)
    return known is not None and known.named_by is not None


def _name(place: Position, names: Names) -> Text:
    if place.others:
        return OTHERS
    if not place.party:
        return Text("来去未说明", "not explained")
    return names.said_of(place.party)


def _legs(told: _Told, names: Names) -> tuple[Leg, ...]:
    """Edges between different nodes; what merely changed its state at a place is no leg."""
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for source, target, length_mm in told.moved:
        if source is None or target is None:
            continue
        from_, to = told.keys[source], told.keys[target]
        if from_ != to:
            sums[from_, to, target.state] += length_mm
    off = {key for key, place in told.places.items() if _is_off_platform(names, place.party)}
    legs = (
        Leg(from_, to, state, length_mm, from_ in off or to in off)
        for (from_, to, state), length_mm in sums.items()
    )
    return tuple(sorted(legs, key=lambda leg: (leg.source, leg.target, leg.state)))


# --- projects and stops -------------------------------------------------------------------------------


def _projects(told: _Told, rows: Sequence[WhereRow], names: Names) -> tuple[ProjectFlow, ...]:
    arrived: dict[str, int] = defaultdict(int)
    for source, target, length_mm in told.moved:
        project = "" if target is None else target.project
        if project and (source is None or source.project != project):
            arrived[project] += length_mm
    at: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        at[row.project][row.state] += row.length_mm
    return tuple(
        ProjectFlow(
            id=id_,
            number=names.projects[id_].number,
            name=names.projects[id_].name,
            owner=names.party(names.projects[id_].owner or ""),
            region=names.projects[id_].region,
            region_name=region_name(names.projects[id_].region),
            arrived_mm=arrived[id_],
            there_mm=at[id_]["project"],
            used_mm=at[id_]["used"],
        )
        for id_ in sorted(arrived)
    )


#: The states of metres that cannot be followed from where they are, and that of those which can, if who has them records it.
_ENDS, _HELD = ("transit", "unexplained"), "held"


def _stops(
    rows: Sequence[WhereRow], newest: Mapping[Account, int], is_off: partial[bool]
) -> tuple[Stop, ...]:
    last: dict[tuple[str, str, str], int] = {}
    for account, index in newest.items():
        place = (account.state, account.party, account.region)
        last[place] = max(index, last.get(place, -1))
    return tuple(
        Stop(
            state=row.state,
            region=row.region,
            region_name=row.region_name,
            holder=row.holder,
            reason=_reason(row, is_off(row.party)),
            length_mm=row.length_mm,
            last_index=None if row.others else last.get((row.state, row.party, row.region)),
        )
        for row in rows
        if row.state in _ENDS or (row.state == _HELD and is_off(row.party))
    )


def _reason(row: WhereRow, off_platform: bool) -> Text:
    if row.state == _HELD:
        return Text(
            "持有单位只是被别人写出，自己没有登记过：之后的去向平台上不会有记录",
            "its holder is merely named by others and has not registered: what becomes of it will not be recorded here",
        )
    if row.state == "transit" and off_platform:
        return Text(
            "已发往此处；收货方只是被别人写出，不会在平台上登记收货",
            "sent there; the receiver is merely named by others and records no receipts here",
        )
    if row.state == "transit":
        return Text("已发往此处，收货方尚未登记收货", "sent there; the receiver has recorded no receipt yet")
    return difference(row.length_mm, is_loose=not (row.party or row.others))


# --- batches ------------------------------------------------------------------------------------------


def _batches(tx: Connection, actor: Actor, metres: Metres, up_to: int | None) -> tuple[TracedBatch, ...]:
    """The batches of which something is in the answer, by maker and lot."""
    made = journal.made(tx, metres.of, up_to)
    regions = regions_made(made)
    lengths: dict[str, int] = defaultdict(int)
    for each in made:
        lengths[each.batch] += each.length_mm
    for part in metres.parts:
        if part.batch is not None:
            # What was made, not what is left: balances also hold what the reader is not told (0019).
            lengths[part.batch] = sum(_made(source, target, mm) for source, target, mm in part.moved)
    known = [batch for batch in journal.chosen(tx, metres.of) if batch.code in lengths]
    names = names_of(tx, {batch.maker for batch in known})
    scope = actor.scope_for(Action.READ_PAYLOAD)
    return tuple(
        TracedBatch(
            code=batch.code,
            printed=BatchCode(batch.code[:-1]).printed,
            lot=batch.lot,
            designation=batch.designation,
            maker=batch.maker,
            maker_name=names.party(batch.maker),
            certificate=batch.certificate or "",
            produced_on=batch.produced_on,
            length_mm=batch.length_mm,
            traced_mm=lengths[batch.code],
            materials=batch.materials
            if batch.materials
            and may_know_materials(scope, batch.code, batch.maker, regions.get(batch.code, ()))
            else (),
        )
        for batch in known
    )


def _made(source: Account, target: Account, length_mm: int) -> int:
    return length_mm * ((source.state == "produced") - (target.state == "produced"))


# --- goods without a code -----------------------------------------------------------------------------


def _of_goods(
    tx: Connection,
    actor: Actor,
    begin: OfGoods,
    subject: Subject,
    way: Direction,
    stands: AsOf,
    up_to: int | None,
) -> Trace | None:
    """Of goods that turned out to be of a batch, that batch; of others what people say: who is printed on them as their maker,
    and who has them. No leg of theirs is in the books."""
    page = goods_page(tx, actor, begin.goods)
    if page is None or page.goods.index > stands.index:
        return None
    goods = page.goods
    if goods.batch:
        of_batch = traced(tx, actor, OfBatch(goods.batch), direction=way, up_to=up_to)
        return None if of_batch is None else replace(of_batch, subject=subject)
    length_mm = goods.length_mm or 0
    maker = goods.maker
    holder = UNKNOWN if goods.holder is None else Text(goods.holder.name, goods.holder.name)
    held_by = "" if goods.holder is None else goods.holder.id
    said = goods.nominal_maker or ("" if maker is None else maker.name)
    named = Text(said, said) if said else Text("生产者不明", "maker not known")
    nodes = (
        Node(
            key="nominal",
            party="" if maker is None else maker.id,
            name=named,
            region="",
            region_name=region_name(""),
            project="",
            project_name="",
            others=False,
            made_mm=length_mm,
            stays={},
            off_platform=True,
        ),
        Node(
            key=f"{held_by}/{goods.region}/",
            party=held_by,
            name=holder,
            region=goods.region,
            region_name=goods.region_name,
            project="",
            project_name="",
            others=False,
            made_mm=0,
            stays={_HELD: length_mm} if length_mm else {},
        ),
    )
    row = WhereRow(
        state=_HELD,
        region=goods.region,
        region_name=goods.region_name,
        party=held_by,
        holder=holder,
        project="",
        project_name="",
        others=False,
        length_mm=length_mm,
    )
    rows = (row,) if length_mm else ()
    end = Stop(
        state=_HELD,
        region=goods.region,
        region_name=goods.region_name,
        holder=holder,
        reason=Text(
            f"没有追溯码的货物（{shortened(goods.marks)}）：来路和去向都只有口头或纸面说法",
            f"goods without a code ({shortened(goods.marks)}): where they came from and go is only said",
        ),
        length_mm=length_mm,
        last_index=goods.index,
    )
    return Trace(
        subject=subject,
        begin=begin,
        direction=way,
        produced_mm=length_mm,
        nodes=nodes,
        legs=(Leg(nodes[0].key, nodes[1].key, _HELD, length_mm, True),),
        where=rows,
        holdings=by_state(rows),
        regions=by_region(rows),
        unexplained=(),
        projects=(),
        stops=(end,),
        batches=(),
        as_of=stands,
    )
