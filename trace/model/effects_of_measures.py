"""What measures and recalls do: holds on goods, and custody where an authority takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import assert_never

from . import drafts
from .applying import add_loose
from .effects_on_register import about_goods
from .postings import Effects, Move, Posting, Statement
from .reach import (
    ALL_UNITS,
    CUSTODY,
    check_registered,
    draw_from_pools,
    in_custody,
    loose_posting,
    move_whole,
    registered_code,
    runs_with_metres,
)
from .state import UNEXPLAINED, Account, Book, Hold, Run, State
from .values import MAX_UNIT, party_id


def of_measure(said: Statement, draft: drafts.MeasureDraft, state: State) -> Effects:
    if draft.subject.batch is None:
        return about_goods(said, draft, state)
    code = registered_code(draft.subject.batch, state)
    book, body = state.books[code], draft.body
    check_registered(code, body.units, state)
    match body.action:
        case "register" | "seal":
            return _sealed(said, draft, code, book)
        case "seize" | "confiscate":
            return _seized(said, draft, code, book)
        case "extend" | "test":
            more = {"more_days": body.days or 0} if body.action == "extend" else {"test_days": body.days or 0}
            holds = tuple(
                each._replace(**{name: getattr(each, name) + days for name, days in more.items()})
                if _is_meant(each, said, body.of)
                else each
                for each in book.holds
            )
            return Effects(code=code, holds=holds)
        case "release":
            return _released(said, draft, code, book)
        case _:
            assert_never(body.action)


def _is_meant(hold: Hold, said: Statement, number: str | None) -> bool:
    """Whether a hold is in force under the measure of that number by the authority that speaks."""
    return (
        hold.type != "recall" and hold.by == said.speaker and hold.number == number and hold.ended_on is None
    )


def _sealed(said: Statement, draft: drafts.MeasureDraft, code: str, book: Book) -> Effects:
    """登记保存 and 查封: goods stay where they are; of units, of a loose length, or of all that there is."""
    before, others = _replaced(said, draft, book)
    against = None if draft.body.against is None else party_id(draft.body.against)
    loose = [(each.origin, each.length_mm) for each in before if not each.first]
    if draft.body.length_mm is not None:
        loose = list(draw_from_pools(book, draft.body.length_mm, _may_seize(against), UNEXPLAINED))
    elif _is_of_everything(draft):
        loose = [(None, 0)] if against is None else list(_pools(book, against))
    units = _units_meant(draft, book, before, against)
    taken = [_hold(said, draft, first, last) for first, last in units]
    taken += [_hold(said, draft, 0, 0, origin, mm) for origin, mm in loose]
    return Effects(code=code, holds=(*others, *taken))


def _seized(said: Statement, draft: drafts.MeasureDraft, code: str, book: Book) -> Effects:
    """扣押 and 没收: custody and metres move to the authority, from wherever the books have them."""
    before, others = _replaced(said, draft, book)
    against = None if draft.body.against is None else party_id(draft.body.against)

    def custody(account: Account) -> Account:
        where = draft.place.region if draft.place is not None else account.region
        return Account("seized", said.speaker, where, account.project)

    moves: list[Move] = []
    taken: list[Hold] = []
    for part in runs_with_metres(book, _units_meant(draft, book, before, against)):
        for stretch, origin in _origins(part, book, said.speaker):
            if not in_custody(part.account, said.speaker):
                moves.append(move_whole(stretch, custody(part.account)))
            taken.append(_hold(said, draft, stretch.first, stretch.last, origin))
    kept = [each for each in before if not each.first and each.type in CUSTODY]
    taken += [_hold(said, draft, 0, 0, each.origin, each.length_mm) for each in kept]
    loose: list[Posting] = []
    for origin, mm in _loose_to_seize(draft, book, before, against):
        loose.append(loose_posting(code, origin, custody(origin), mm))
        taken.append(_hold(said, draft, 0, 0, origin, mm))
    return Effects(code=code, moves=tuple(moves), loose=tuple(loose), holds=(*others, *taken))


def _hold(
    said: Statement,
    draft: drafts.MeasureDraft,
    first: int,
    last: int,
    origin: Account | None = None,
    length_mm: int = 0,
) -> Hold:
    assert draft.occurred_on is not None
    body = draft.body
    return Hold(
        body.action, body.number, said.speaker, first, last, draft.occurred_on, said.seq, origin, length_mm
    )


def _replaced(said: Statement, draft: drafts.MeasureDraft, book: Book) -> tuple[list[Hold], tuple[Hold, ...]]:
    """The holds whose place a measure takes, so far as it names their units; and all holds, with those ended."""
    named, on = draft.body.units or ((0, MAX_UNIT),), draft.occurred_on
    before: list[Hold] = []
    holds: list[Hold] = []
    for each in book.holds:
        inside: list[Hold] = []
        outside = [each]
        if draft.body.of is not None and _is_meant(each, said, draft.body.of):
            inside, outside = _divided(each, named)
        before += inside
        holds += (*outside, *(each._replace(ended_on=on) for each in inside))
    return before, tuple(holds)


def _is_of_everything(draft: drafts.MeasureDraft) -> bool:
    return not draft.body.units and draft.body.length_mm is None and draft.body.of is None


def _units_meant(
    draft: drafts.MeasureDraft, book: Book, before: list[Hold], against: str | None
) -> tuple[tuple[int, int], ...]:
    """The units named, those of the measure before, or all there are: of whom it is against, if that is said."""
    if draft.body.units:
        return draft.body.units
    if not _is_of_everything(draft):
        return _joined_ranges((each.first, each.last) for each in before if each.first)
    if against is None:
        return ALL_UNITS
    return tuple((run.first, run.last) for run in book.runs if run.account.party == against and run.length_mm)


def _joined_ranges(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ascending, and each unit in one range only."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


def _origins(part: Run, book: Book, authority: str) -> Iterator[tuple[Run, Account]]:
    """Stretches of a part with the account that each came from: for what is in custody already, from its newest hold,
    since goods that left custody may have been seized again elsewhere."""
    if not in_custody(part.account, authority):
        yield part, part.account
        return
    holding = [h for h in _holding(book, authority) if h.first <= part.last and part.first <= h.last]
    edges = {edge for hold in holding for edge in (hold.first, hold.last + 1)}
    inside = sorted(edge for edge in edges if part.first < edge <= part.last)
    for first, following in pairwise([part.first, *inside, part.last + 1]):
        over = [hold for hold in holding if hold.first <= first <= hold.last]
        newest = max(over, key=lambda hold: hold.seq, default=None)
        origin = part.account if newest is None or newest.origin is None else newest.origin
        yield part.clipped(first, following - 1), origin


def _holding(book: Book, authority: str) -> list[Hold]:
    """The holds by which an authority has units in its custody."""
    return [h for h in book.holds if h.first and h.type in CUSTODY and h.by == authority and not h.ended_on]


def _may_seize(against: str | None) -> Callable[[Account], bool]:
    """Whose loose metres a measure reaches."""
    return lambda a: a.state not in ("seized", "unexplained") and against in (None, a.party)


def _pools(book: Book, against: str | None) -> Iterator[tuple[Account, int]]:
    """All loose lengths that a measure reaches."""
    may_seize = _may_seize(against)
    return ((account, mm) for account, mm in sorted(book.loose.items()) if mm > 0 and may_seize(account))


def _loose_to_seize(
    draft: drafts.MeasureDraft, book: Book, before: list[Hold], against: str | None
) -> Iterator[tuple[Account, int]]:
    """The loose lengths that come into custody: the named one, those of the measure before, or all there are."""
    kept = [each for each in before if not each.first and each.type not in CUSTODY]
    if _is_of_everything(draft) or any(each.origin is None for each in kept):
        return _pools(book, against)
    wanted_mm = draft.body.length_mm or sum(each.length_mm for each in kept)
    first = {each.origin for each in kept if each.origin is not None}
    return draw_from_pools(book, wanted_mm, _may_seize(against), UNEXPLAINED, first.__contains__)


def _released(said: Statement, draft: drafts.MeasureDraft, code: str, book: Book) -> Effects:
    """解除: what was seized goes back to where it came from, unless it is held by another measure as well."""
    ended, holds = _replaced(said, draft, book)
    stays = [
        (each.first, each.last)
        for each in _holding(book, said.speaker)
        if not _is_meant(each, said, draft.body.of)
    ]
    moves: list[Move] = []
    loose: list[Posting] = []
    left = book.copy()
    for each in ended:
        if each.origin is None or each.type not in CUSTODY:
            continue
        if each.first:
            free = _without(each.first, each.last, stays)
            stays.append((each.first, each.last))
            kept = (part for part in runs_with_metres(book, free) if in_custody(part.account, said.speaker))
            moves += (move_whole(part, each.origin) for part in kept)
            continue
        there_mm = sum(mm for account, mm in left.loose.items() if in_custody(account, said.speaker))
        for account, mm in draw_from_pools(
            left,
            min(each.length_mm, there_mm),
            lambda account: in_custody(account, said.speaker),
            None,
            _beside(each.origin),
        ):
            loose.append(loose_posting(code, account, each.origin, mm))
            add_loose(left, account, -mm)
    return Effects(code=code, moves=tuple(moves), loose=tuple(loose), holds=holds)


def _beside(origin: Account) -> Callable[[Account], bool]:
    """Where what came from an account was most likely kept."""
    return lambda a: (a.region, a.project) == (origin.region, origin.project)


def _without(first: int, last: int, ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches of ``first``–``last`` in none of the ranges."""
    free: list[tuple[int, int]] = []
    at = first
    for start, end in sorted(ranges):
        if end < at or start > last:
            continue
        if at < start:
            free.append((at, start - 1))
        at = max(at, end + 1)
    return [*free, (at, last)] if at <= last else free


def _divided(hold: Hold, named: tuple[tuple[int, int], ...]) -> tuple[list[Hold], list[Hold]]:
    """The stretches of a hold inside the named ranges, and those outside."""
    inside, outside, at = [], [], hold.first
    for first, last in named:
        start, end = max(first, hold.first), min(last, hold.last)
        if start > end:
            continue
        if at < start:
            outside.append(hold._replace(first=at, last=start - 1))
        inside.append(hold._replace(first=start, last=end))
        at = end + 1
    if inside and at <= hold.last:
        outside.append(hold._replace(first=at))
    return (inside, outside) if inside else ([], [hold])


def of_recall(said: Statement, draft: drafts.RecallDraft, state: State) -> Effects:
    code, body, on = registered_code(draft.subject.batch, state), draft.body, draft.occurred_on
    assert on is not None
    book = state.books[code]
    if body.phase == "end":
        ended = ends_recall(book, body.number, said.speaker)
        return Effects(
            code=code,
            holds=tuple(each._replace(ended_on=on) if each in ended else each for each in book.holds),
        )
    check_registered(code, body.units, state)
    ranges = body.units or ((0, 0), *ALL_UNITS)  # the whole batch: its loose metres too
    taken = (Hold("recall", body.number, said.speaker, a, b, on, said.seq) for a, b in ranges)
    return Effects(code=code, holds=(*book.holds, *taken))


def ends_recall(book: Book, number: str, speaker: str) -> list[Hold]:
    """The recall of this number that ends when a party says so: its own, or else whosever it is."""
    under_way = [h for h in book.holds if h.type == "recall" and h.number == number and h.ended_on is None]
    return [hold for hold in under_way if hold.by == speaker] or under_way
