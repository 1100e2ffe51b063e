"""Which metres a trace is about: of some batches all, summed in the database; of a drum, a project or a holder those that
are asked for, followed one journal at a time.

What the reader may know of them is not decided here, except for what would not even be asked: of whom the reader is not told
nothing is selected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, false

from ..auth.actor import Actor
from ..auth.policy import Action
from ..flow import books, journal
from ..flow.ways import as_it_stands, descent, moves_of, units_among, ways, with_pieces
from ..model.involvement import sees
from ..model.postings import Posting, moved_by
from ..model.scope import EVERYWHERE, Scope
from ..model.state import CUT, PRODUCED, UNEXPLAINED, Account
from ..model.things import batch_thing
from ..model.values import party_id
from ..registry import register
from .starting_points import (
    AtProject,
    Direction,
    HeldBy,
    OfBatch,
    OfCertificate,
    OfGoods,
    OfMaker,
    OfMaterial,
    OfProduct,
    OfUnit,
    OfUnits,
    Start,
)
from .visibility import ELSEWHERE, Edge, Sight, open_batch, sight_of, takes_part


@dataclass(frozen=True, slots=True)
class Part:
    """Metres that are asked for, and all that moved in the same books, by which it is judged who may know what; ``batch``
    the code of the one batch whose books they are."""

    moved: Sequence[Edge]
    all_moved: Sequence[Edge]
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class Metres:
    """``of`` selects their batches. ``newest``: account -> index of the newest event that posted there; ``unexplained`` the
    postings by which some of them came to be so."""

    of: ColumnElement[bool]
    parts: tuple[Part, ...]
    newest: Mapping[Account, int]
    unexplained: Sequence[Posting] = ()


def select_metres(
    tx: Connection, actor: Actor, scope: Scope, start: Start, way: Direction, up_to: int | None
) -> Metres | None:
    """None where nothing of it is open to the scope."""
    match start:
        case OfUnit(code, unit):
            return _of_units(tx, scope, code, ((unit, unit),), way, up_to)
        case OfUnits(code, ranges):
            return _of_units(tx, scope, code, ranges, way, up_to)
        case AtProject(id_):
            return _at_project(tx, scope, id_, up_to)
        case HeldBy(party, region):
            return _held_by(tx, actor, scope, party_id(party), region, up_to)
        case OfBatch(code):
            # By the batch's own row: cheaper than asking for everything that is open.
            if open_batch(tx, scope, code) is None:
                return None
            return _of_batches(tx, books.batch.c.code == code, way, up_to, code)
        case OfProduct(maker, number):
            of = and_(books.batch.c.maker == party_id(maker), books.batch.c.product == number)
        case OfMaker(maker):
            of = books.batch.c.maker == party_id(maker)
        case OfCertificate(holder, number):
            of = and_(books.batch.c.maker == party_id(holder), books.batch.c.certificate == number)
        case OfMaterial(lot):
            of = books.batch.c.code.in_(told_what_went_in(tx, actor, lot))
        case OfGoods():
            return None  # the books know nothing of goods without a code
    return _of_batches(tx, and_(of, books.open_to(scope)), way, up_to)


# --- whole batches ------------------------------------------------------------------------------------


def _of_batches(
    tx: Connection, of: ColumnElement[bool], way: Direction, up_to: int | None, code: str | None = None
) -> Metres | None:
    moved, newest = books.summed(tx, of, up_to)
    if not moved:
        return None
    if way == "up":  # where they were made is all that there is above
        made = [edge for edge in moved if PRODUCED in edge[:2]]
        return Metres(of, (Part(made, moved, code),), {})
    is_to_be_explained = any(UNEXPLAINED.state in (s.state, t.state) for s, t, _ in moved)
    unexplained = books.read_unexplained(tx, of, up_to) if is_to_be_explained else ()
    return Metres(of, (Part(moved, moved, code),), newest, unexplained)


def may_know_materials(scope: Scope, code: str, maker: str, regions: Iterable[str]) -> bool:
    """Whether a scope, that of reading payloads, reaches what went into a batch: its maker's own, and authorities where it was
    made. The production is a fact that all may know to whom the batch is open; from whom its copper came is not."""
    return sees(scope, {batch_thing(code), f"p:{maker}", *(f"r:{region}" for region in regions if region)})


def told_what_went_in(tx: Connection, actor: Actor, lot: str) -> list[str]:
    """The batches that took in a lot of raw material, as far as the actor may know what went into them."""
    scope = actor.scope_for(Action.READ_PAYLOAD)
    of = books.batch.c.code.in_(journal.taking_in(tx, lot))
    regions = regions_made(journal.made(tx, of))
    return [
        known.code
        for known in journal.chosen(tx, of)
        if may_know_materials(scope, known.code, known.maker, regions.get(known.code, ()))
    ]


def regions_made(made: Iterable[journal.Made]) -> dict[str, tuple[str, ...]]:
    """Of each batch the regions where some of it was made."""
    found: dict[str, tuple[str, ...]] = {}
    for each in made:
        found[each.batch] = (*found.get(each.batch, ()), each.region)
    return found


# --- drums --------------------------------------------------------------------------------------------


def _of_units(
    tx: Connection,
    scope: Scope,
    code: str,
    ranges: Sequence[tuple[int, int]],
    way: Direction,
    up_to: int | None,
) -> Metres | None:
    """None also where a piece is asked for of which the reader is not told that there is one."""
    if open_batch(tx, scope, code) is None:
        return None
    postings = books.read_postings(tx, code, up_to)
    standing = as_it_stands(postings)
    named = units_among(standing, ranges)
    if not named:
        return None
    parents = descent(standing)
    units = with_pieces(named, parents) if way != "up" else named
    if way == "down":
        moved = moves_of(standing, units, parents)
    else:
        moved = ways(standing, lambda each, _: each in units, units)
    all_moved = _all_moved(postings)
    sight = _sight(tx, scope, all_moved, code)
    pieces = named & parents.keys()
    if any(
        not _knows_piece(sight, moves_of(standing, with_pieces({piece}, parents), parents))
        for piece in pieces
    ):
        return None
    touching = [(seq, each) for seq, posting in postings for each in narrowed(posting, units)]
    newest = {account: seq for seq, each in touching for account in (each.source, each.target)}
    unexplained = [
        each for _, each in touching if UNEXPLAINED.state in (each.source.state, each.target.state)
    ]
    of = books.batch.c.code == code
    return Metres(of, (Part(moved, all_moved, code),), newest, unexplained if way != "up" else ())


def narrowed(posting: Posting, units: Iterable[int]) -> Iterable[Posting]:
    """What a posting says of each of these units."""
    each_mm = posting.length_mm // (posting.last - posting.first + 1)
    return (
        posting._replace(first=unit, last=unit, length_mm=each_mm)
        for unit in sorted(units)
        if posting.first <= unit <= posting.last
    )


def _knows_piece(sight: Sight, moved: Iterable[Edge]) -> bool:
    """Whether the reader knows where something of a piece is or was: that others cut a drum, and into what, is theirs to know."""
    accounts = {account for source, target, _ in moved for account in (source, target)} - {PRODUCED}
    return any(sight.of(account).state != ELSEWHERE for account in accounts)


# --- up from where metres are -------------------------------------------------------------------------


def _at_project(tx: Connection, scope: Scope, id_: str, up_to: int | None) -> Metres | None:
    project = register.projects(tx, [id_]).get(id_)
    if project is None or not takes_part(scope, project):
        return None
    codes = journal.involving(tx, f"s:{id_}", books.open_to(scope))
    parts = []
    for code, postings in journal.journals(tx, codes, up_to).items():
        moved = ways(as_it_stands(postings), lambda _, account: account.project == id_)
        if moved:
            parts.append(Part(moved, _all_moved(postings), code))
    return _up(parts)


def _held_by(
    tx: Connection, actor: Actor, scope: Scope, party: str, region: str, up_to: int | None
) -> Metres | None:
    known = register.parties(tx, [party]).get(party)
    if known is None or not actor.may_know(known):
        return None
    there = Scope(regions=(region,)) if region else EVERYWHERE
    codes = journal.involving(tx, f"p:{party}", books.open_to(scope))
    parts = []
    for code, postings in journal.journals(tx, codes, up_to).items():
        all_moved = _all_moved(postings)
        sight = _sight(tx, scope, all_moved, code)
        theirs = {
            account
            for edge in all_moved
            for account in edge[:2]
            if account.party == party
            and there.sees_region(account.region)
            and account.state != UNEXPLAINED.state
            and sight.of(account).party == party
        }
        moved = ways(as_it_stands(postings), lambda _, account, theirs=theirs: account in theirs)  # type: ignore[misc]
        if moved:
            parts.append(Part(moved, all_moved, code))
    return _up(parts)


def _up(parts: Sequence[Part]) -> Metres:
    """Of some batches what is asked for; of none, that nothing has come there of which the reader is told."""
    codes = [part.batch for part in parts]
    return Metres(books.batch.c.code.in_(codes) if codes else false(), tuple(parts), {})


def _all_moved(postings: Iterable[tuple[int, Posting]]) -> list[Edge]:
    return moved_by(posting for _, posting in postings if CUT not in (posting.source, posting.target))


def _sight(tx: Connection, scope: Scope, moved: Sequence[Edge], code: str) -> Sight:
    ids = {account.project for edge in moved for account in edge[:2]} - {""}
    return sight_of(scope, moved, register.projects(tx, ids), code)
