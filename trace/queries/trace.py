"""Tracing down: where the metres of a batch, a product or a maker went, and where the trail ends.

Places are nodes, metres that went from one to the next are edges, summed over all batches in the database.
What a reader may not know is folded as on the batch page (`visibility`): for each node,

    made + what came in − what went out = what stays,

and all that stays equals the length produced, whoever asks and as of whichever index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select, true

from ..auth.actor import Actor
from ..auth.policy import Action
from ..errors import Text
from ..flow import books
from ..model.state import Account
from ..model.values import party_id
from .answers import AsOf, as_of
from .names import Names, names_of, region_name
from .unexplained import UnexplainedRow, difference, told_apart, unexplained_rows
from .visibility import Edge, Position, Sight, balances_of, open_batch, reading, sight_of
from .whereabouts import OTHERS, STATES, RegionRow, WhereRow, by_region, by_state, where_rows


@dataclass(frozen=True, slots=True)
class OfBatch:
    """What is traced: one batch, by its canonical code."""

    code: str


@dataclass(frozen=True, slots=True)
class OfProduct:
    """All batches of one product; ``maker`` an id or a unified social credit code."""

    maker: str
    number: str


@dataclass(frozen=True, slots=True)
class OfMaker:
    """All batches of one maker; ``maker`` an id or a unified social credit code."""

    maker: str


Subject = OfBatch | OfProduct | OfMaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A party at a place, or at a project. ``stays`` (state -> mm) did not go on; ``made_mm`` began here.

    ``others``: parties that the reader may not know, together. The node of metres that nobody can explain has
    neither party nor region.
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


@dataclass(frozen=True, slots=True)
class Leg:
    """Metres that went from one node to another; ``state`` is what they came into."""

    source: str
    target: str
    state: str
    length_mm: int


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
class Trace:
    """``regions``, ``where`` and the stays of ``nodes`` each add up to ``produced_mm``; ``unexplained`` says drum by drum what is
    to be explained."""

    subject: Subject
    produced_mm: int
    nodes: tuple[Node, ...]
    legs: tuple[Leg, ...]
    where: tuple[WhereRow, ...]
    holdings: Mapping[str, int]
    regions: tuple[RegionRow, ...]
    unexplained: tuple[UnexplainedRow, ...]
    projects: tuple[ProjectFlow, ...]
    stops: tuple[Stop, ...]
    as_of: AsOf


def trace_down(tx: Connection, actor: Actor, subject: Subject, *, up_to: int | None = None) -> Trace | None:
    """The trace of what the actor may see of the subject; None if that is no batch at all.

    Cost: one aggregation over the postings of the chosen batches.
    """
    chosen = _chosen(tx, actor, subject)
    stands = as_of(tx, up_to)
    moved = [] if chosen is None else books.edges(tx, chosen, up_to)
    if chosen is None or stands is None or not moved:
        return None
    code = subject.code if isinstance(subject, OfBatch) else None
    sight, names, balances = _read(tx, actor, moved, code)
    unexplained = _unexplained(tx, chosen, up_to, moved, sight, names)
    rows = told_apart(where_rows(balances, sight, names), unexplained)
    return Trace(
        subject=subject,
        produced_mm=sum(mm * _production(source, target) for source, target, mm in moved),
        nodes=_nodes(moved, balances, sight, names),
        legs=_legs(moved, sight),
        where=rows,
        holdings=by_state(rows),
        regions=by_region(rows),
        unexplained=unexplained,
        projects=_projects(moved, rows, sight, names),
        stops=_stops(rows, _last_indices(tx, chosen, up_to)),
        as_of=stands,
    )


def _chosen(tx: Connection, actor: Actor, subject: Subject) -> ColumnElement[bool] | None:
    """The condition on `batch` for what is traced and open to the actor; None for a batch that is not."""
    scope = reading(actor, Action.READ_TRACE)
    match subject:
        case OfBatch(code):
            # By the batch's own row: cheaper than asking for everything that is open.
            return None if open_batch(tx, scope, code) is None else books.batch.c.code == code
        case OfProduct(maker, number):
            of = and_(books.batch.c.maker == party_id(maker), books.batch.c.product == number)
        case OfMaker(maker):
            of = books.batch.c.maker == party_id(maker)
    return and_(of, books.open_to(scope))


def _read(
    tx: Connection, actor: Actor, moved: Sequence[Edge], batch: str | None = None
) -> tuple[Sight, Names, dict[Account, int]]:
    accounts = {account for source, target, _ in moved for account in (source, target)}
    names = names_of(tx, {a.party for a in accounts}, {a.project for a in accounts})
    owners = {project.owner for project in names.projects.values() if project.owner}
    names = Names({**names.parties, **names_of(tx, owners - names.parties.keys()).parties}, names.projects)
    sight = sight_of(reading(actor, Action.READ_TRACE), moved, names.projects, batch)
    return sight, names, balances_of(moved)


def _unexplained(
    tx: Connection,
    of: ColumnElement[bool],
    up_to: int | None,
    moved: Sequence[Edge],
    sight: Sight,
    names: Names,
) -> tuple[UnexplainedRow, ...]:
    if not any("unexplained" in (source.state, target.state) for source, target, _ in moved):
        return ()
    return unexplained_rows(books.read_unexplained(tx, of, up_to), sight, names)


# --- nodes and edges ----------------------------------------------------------------------------------


def _place_of(at: Position) -> Position:
    """A position without its state: goods on their way to a place and goods at it are one node."""
    return at._replace(state="")


def _key(place: Position) -> str:
    return "/".join(("others" if place.others else place.party, place.region, place.project))


def _nodes(
    moved: Sequence[Edge], balances: Mapping[Account, int], sight: Sight, names: Names
) -> tuple[Node, ...]:
    made: dict[Position, int] = defaultdict(int)
    stays: dict[Position, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    places: set[Position] = set()
    for source, target, length_mm in moved:
        sign = _production(source, target)
        for account in (source, target):
            if account.state != "produced":
                place = _place_of(sight.of(account))
                places.add(place)
                if sign:
                    made[place] += sign * length_mm
    for account, length_mm in balances.items():
        at = sight.of(account)
        stays[_place_of(at)][at.state] += length_mm
    return tuple(
        Node(
            key=_key(place),
            party=place.party,
            name=_name(place, names),
            region=place.region,
            region_name=region_name(place.region),
            project=place.project,
            project_name=names.project(place.project),
            others=place.others,
            made_mm=made[place],
            stays={state: stays[place][state] for state in STATES if stays[place].get(state)},
        )
        for place in sorted(places, key=lambda place: (-made[place], _key(place)))
    )


def _production(source: Account, target: Account) -> int:
    """1 for metres that were made, -1 for those of which a correction says that they never were, 0 for others."""
    return (source.state == "produced") - (target.state == "produced")


def _name(place: Position, names: Names) -> Text:
    if place.others:
        return OTHERS
    if not place.party:
        return Text("来去未说明", "not explained")
    return Text(names.party(place.party), names.party(place.party))


def _legs(moved: Sequence[Edge], sight: Sight) -> tuple[Leg, ...]:
    """Edges between different nodes; what merely changed its state at a place is no leg."""
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for source, target, length_mm in moved:
        if _production(source, target):
            continue
        from_, to = sight.of(source), sight.of(target)
        if _place_of(from_) != _place_of(to):
            sums[_key(from_), _key(to), to.state] += length_mm
    return tuple(Leg(*ends, length_mm) for ends, length_mm in sorted(sums.items()))


# --- projects and stops -------------------------------------------------------------------------------


def _projects(
    moved: Sequence[Edge], rows: Sequence[WhereRow], sight: Sight, names: Names
) -> tuple[ProjectFlow, ...]:
    arrived: dict[str, int] = defaultdict(int)
    for source, target, length_mm in moved:
        project = sight.of(target).project
        if project and source.project != project:
            arrived[project] += length_mm
    flows = []
    for id_ in sorted(arrived):
        known = names.projects[id_]
        at = [row for row in rows if row.project == id_]
        flows.append(
            ProjectFlow(
                id=id_,
                number=known.number,
                name=known.name,
                owner=names.party(known.owner or ""),
                region=known.region,
                region_name=region_name(known.region),
                arrived_mm=arrived[id_],
                there_mm=sum(row.length_mm for row in at if row.state == "project"),
                used_mm=sum(row.length_mm for row in at if row.state == "used"),
            )
        )
    return tuple(flows)


#: The states of metres that cannot be followed from where they are.
_ENDS = ("transit", "unexplained")


def _stops(rows: Sequence[WhereRow], last: Mapping[tuple[str, str, str], int]) -> tuple[Stop, ...]:
    return tuple(
        Stop(
            state=row.state,
            region=row.region,
            region_name=row.region_name,
            holder=row.holder,
            reason=_reason(row),
            length_mm=row.length_mm,
            last_index=None if row.others else last.get((row.state, row.party, row.region)),
        )
        for row in rows
        if row.state in _ENDS
    )


def _reason(row: WhereRow) -> Text:
    if row.state == "transit":
        return Text("已发往此处，收货方尚未登记收货", "sent there; the receiver has recorded no receipt yet")
    return difference(row.length_mm, is_loose=not (row.party or row.others))


def _last_indices(
    tx: Connection, of: ColumnElement[bool], up_to: int | None
) -> dict[tuple[str, str, str], int]:
    """(state, party, region) -> index of the newest event that posted to or from a place where trails end."""
    chosen = select(books.batch.c.code).where(of)
    newest: dict[tuple[str, str, str], int] = {}
    for side in ("from_", "to_"):
        columns = [books.posting.c[f"{side}{name}"] for name in ("state", "party", "region")]
        statement = (
            select(*columns, func.max(books.posting.c.seq).label("seq"))
            .where(
                books.posting.c.batch.in_(chosen),
                columns[0].in_(_ENDS),
                true() if up_to is None else books.posting.c.seq <= up_to,
            )
            .group_by(*columns)
        )
        for row in tx.execute(statement):
            place = (row[0], row[1], row[2])
            newest[place] = max(row.seq, newest.get(place, -1))
    return newest


# --- lots and regions ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFlow:
    """One batch: (state, region, mm) by state and region; parties and projects taken together."""

    code: str
    maker: str
    lot: str
    produced_mm: int
    where: tuple[tuple[str, str, int], ...]


def flow_of_lots(
    tx: Connection, actor: Actor, *, maker: str | None = None, up_to: int | None = None
) -> tuple[LotFlow, ...]:
    """Every batch open to the actor, of one maker (id or USCC) if named, by maker and lot.

    Region is "" where it is unknown or not shown. Cost: one aggregation over all their postings.
    """
    scope = reading(actor, Action.READ_TRACE)
    of = true() if maker is None else books.batch.c.maker == party_id(maker)
    chosen = and_(of, books.open_to(scope))
    sight, _, _ = _read(tx, actor, books.edges(tx, chosen, up_to))
    sums: dict[str, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for balance in books.balances(tx, chosen, up_to):
        at = sight.of(balance.account)
        sums[balance.batch][at.state, at.region] += balance.length_mm
    known = books.batches(tx, sums)
    return tuple(
        LotFlow(
            code=batch.code,
            maker=batch.maker,
            lot=batch.lot,
            produced_mm=batch.length_mm,
            where=tuple(
                (state, region, mm) for (state, region), mm in sorted(sums[batch.code].items()) if mm
            ),
        )
        for batch in sorted(known.values(), key=lambda batch: (batch.maker, batch.lot))
    )


def flow_json(lots: Sequence[LotFlow]) -> dict[str, Any]:
    """``{"by_lot": {lot: {"produced_mm", "where": […]}}, "by_region": {region: {state: mm}}}``.

    A lot number that several makers use is written ``maker id/lot``.
    """
    makers: dict[str, set[str]] = defaultdict(set)
    for each in lots:
        makers[each.lot].add(each.maker)
    regions: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for each in lots:
        for state, region, length_mm in each.where:
            regions[region][state] += length_mm
    return {
        "by_lot": {
            each.lot if len(makers[each.lot]) == 1 else f"{each.maker}/{each.lot}": {
                "produced_mm": each.produced_mm,
                "where": [
                    {"state": state, "region": region, "length_mm": length_mm}
                    for state, region, length_mm in each.where
                ],
            }
            for each in lots
        },
        "by_region": {region: dict(sorted(regions[region].items())) for region in sorted(regions)},
    }
