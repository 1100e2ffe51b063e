"""When a trace changed: the days on which something moved that the reader is told of, for going back through time.

A day on which others merely moved goods among themselves changes nothing of what the reader sees, and is not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..clock import parse_instant, shanghai_date
from ..flow import books, journal
from ..flow.ways import Journal, as_it_stands, descent, units_among, with_pieces
from ..ledger import store
from ..ledger.entry import decode_entry
from ..model.postings import Posting, moved_by
from ..model.state import CUT, Account
from ..registry import register
from .starting_points import AtProject, HeldBy, OfBatch, OfUnit, OfUnits
from .trace import Trace
from .visibility import Position, Sight, reading, sight_of

T = TypeVar("T")

#: Journals of so many batches are read; of more, the days on which they were made stand for all.
_MOST_BATCHES = 200
#: So many moments are looked at for their day, and so many days are told; of more, some from all over the time.
_MOST_READ, _MOST_TOLD = 400, 24


@dataclass(frozen=True, slots=True)
class Moment:
    """The last entry of a day on which the trace changed."""

    index: int
    at: datetime


def moments_of(tx: Connection, actor: Actor, found: Trace) -> tuple[Moment, ...]:
    """The days on which a trace changed until now, the first one first, as far as the actor is told of what changed it."""
    scope = reading(actor, Action.READ_TRACE)
    codes = [each.code for each in found.batches]
    if len(codes) > _MOST_BATCHES:
        of = books.batch.c.code.in_(codes)
        indexes = {batch.seq for batch in journal.chosen(tx, of)}
    else:
        journals = journal.journals(tx, codes)
        accounts = {a for some in journals.values() for _, p in some for a in (p.source, p.target)}
        projects = register.projects(tx, {a.project for a in accounts} - {""})
        is_one = isinstance(found.begin, OfBatch | OfUnit | OfUnits | AtProject | HeldBy)
        indexes = set()
        for code, postings in journals.items():
            moved = moved_by(p for _, p in postings if CUT not in (p.source, p.target))
            sight = sight_of(scope, moved, projects, code if is_one else None)
            indexes |= _told(_concerning(found, postings), sight)
    return _days(tx, sorted(indexes))


def _concerning(found: Trace, postings: Journal) -> Journal:
    """The postings that a trace is about."""
    match found.begin:
        case OfUnit(_, unit):
            return _of_units(postings, ((unit, unit),))
        case OfUnits(_, ranges):
            return _of_units(postings, ranges)
        case AtProject(id_):
            return [(n, p) for n, p in postings if id_ in (p.source.project, p.target.project)]
        case HeldBy():
            held = {node.party for node in found.nodes}
            return [(n, p) for n, p in postings if held & {p.source.party, p.target.party}]
    return postings


def _of_units(postings: Journal, ranges: Sequence[tuple[int, int]]) -> Journal:
    standing = as_it_stands(postings)
    units = with_pieces(units_among(standing, ranges), descent(standing))
    return [(n, p) for n, p in postings if any(p.first <= each <= p.last for each in units)]


def _told(postings: Iterable[tuple[int, Posting]], sight: Sight) -> set[int]:
    known: dict[Account, Position | None] = {}

    def told(account: Account) -> Position | None:
        if account not in known:
            is_place = account.state not in ("produced", CUT.state)
            known[account] = sight.of(account) if is_place else None
        return known[account]

    return {index for index, posting in postings if told(posting.source) != told(posting.target)}


def _days(tx: Connection, indexes: Sequence[int]) -> tuple[Moment, ...]:
    days: dict[object, Moment] = {}
    for index in _spread(indexes, _MOST_READ):
        (entry,) = store.read_entries(tx, index, 1)
        at = parse_instant(decode_entry(entry).at)
        days[shanghai_date(at)] = Moment(index, at)
    return tuple(_spread(list(days.values()), _MOST_TOLD))


def _spread(some: Sequence[T], most: int) -> list[T]:
    if len(some) <= most:
        return list(some)
    return [some[round(n * (len(some) - 1) / (most - 1))] for n in range(most)]
