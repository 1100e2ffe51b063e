"""Who has what within reach: the batch that is named, what stands where, and how metres are drawn from there.

Nothing here judges; it raises `Broken` where an accepted event names what the books do not have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from ..errors import Broken
from .parts import BatchRef
from .postings import Move, Posting
from .state import Account, Book, Hold, KnownBatch, Run, State
from .values import MAX_UNIT, party_id


def code_of(ref: BatchRef | None, state: State) -> str | None:
    """The code of the batch that a draft names, or None when it names none that is registered."""
    if ref is None:
        return None
    if ref.code is not None:
        return ref.code if state.batches[ref.code] is not None else None
    assert ref.maker is not None, "a batch is named by its code, or by maker and lot"
    assert ref.lot is not None
    return state.lots[party_id(ref.maker), ref.lot]


def known_batch(ref: BatchRef | None, state: State) -> tuple[KnownBatch, Book] | None:
    """The batch that a draft names with its book, or None."""
    code = code_of(ref, state)
    batch = None if code is None else state.batches[code]
    return None if batch is None or code is None else (batch, state.books[code])


#: Every unit of a batch, whatever numbers they have.
ALL_UNITS = ((1, MAX_UNIT),)
#: States in which goods are a holder's own to send.
_OWN = ("held", "project")


def may_dispatch(account: Account, sender: str) -> bool:
    """Whether what stands at this account is with the sender, to be sent."""
    return account.party == sender and account.state in _OWN


def runs_with_metres(book: Book, ranges: Iterable[tuple[int, int]]) -> Iterator[Run]:
    """The runs within these units that have anything left."""
    return (part for part in book.parts(ranges) if part.length_mm)


def in_custody(account: Account, authority: str) -> bool:
    """Whether an authority has seized what stands at this account."""
    return account.party == authority and account.state == "seized"


def in_hand(account: Account, holder: str) -> bool:
    """Whether somebody has it in his hands, to cut, sell or scrap: an authority also what it has seized."""
    return may_dispatch(account, holder) or in_custody(account, holder)


#: Measures under which an authority has the goods.
CUSTODY = frozenset({"seize", "confiscate"})


def seized_from(book: Book, holder: str, day: date) -> list[Hold]:
    """The holds by which authorities have units in their custody that were this holder's. Goods that were seized often
    stay in his yard, where he can lay hands on them all the same 擅自动用; when the term is over he may."""
    return [
        hold
        for hold in book.holds
        if hold.type in CUSTODY
        and hold.first
        and hold.origin is not None
        and hold.origin.party == holder
        and hold.from_day <= day
        and hold.ended_on is None
    ]


def was_seized(part: Run, holds: Iterable[Hold]) -> bool:
    """Whether all these units are in custody under these holds."""
    at = part.first
    for hold in sorted(holds, key=lambda hold: hold.first):
        if hold.first <= at <= hold.last and in_custody(part.account, hold.by):
            at = hold.last + 1
    return at > part.last


def may_send(part: Run, sender: str) -> bool:
    """Whether these units are with the sender, with something left on them."""
    return part.length_mm > 0 and may_dispatch(part.account, sender)


def is_missing_leg(part: Run, sender: str, receiver: str) -> bool:
    """Whether a dispatch merely reports, late, how these units came to a receiver who has, or had, them."""
    return (sender, receiver) in part.missing_legs and not may_send(part, sender)


def move_whole(part: Run, target: Account, *, missing_legs: tuple[tuple[str, str], ...] = ()) -> Move:
    after = part._replace(account=target, missing_legs=part.missing_legs + missing_legs)
    return Move(part=part, after=after, target=target, length_mm=part.length_mm)


def move_length(part: Run, target: Account, cut_mm: int) -> Move:
    left = part.length_mm - cut_mm
    if left < 0:
        raise Broken(f"cutting {cut_mm} mm from {part}")
    after = what_is_kept(part._replace(length_mm=left))
    return Move(part=part, after=after, target=target, length_mm=cut_mm)


def what_is_kept(part: Run) -> Run | None:
    """None of units that are used up, once every leg of their way is reported."""
    return part if part.length_mm or part.missing_legs else None


def loose_posting(code: str, source: Account, target: Account, length_mm: int) -> Posting:
    return Posting(batch=code, first=0, last=0, source=source, target=target, length_mm=length_mm)


def draw_from_pools(
    book: Book,
    wanted_mm: int,
    may_take: Callable[[Account], bool],
    rest: Account | None = None,
    first: Callable[[Account], bool] = lambda _: False,
) -> Iterator[tuple[Account, int]]:
    """Draw a loose length from the pools that may be drawn on, in a fixed order; the rest from ``rest``.

    Pools that are ``first`` come before the others.
    """
    for account in sorted(book.loose, key=lambda account: (not first(account), account)):
        if wanted_mm and may_take(account) and book.loose[account] > 0:
            taken = min(wanted_mm, book.loose[account])
            wanted_mm -= taken
            yield account, taken
    if wanted_mm:
        if rest is None:
            raise Broken(f"{wanted_mm} mm more than the loose pools hold")
        yield rest, wanted_mm


def region_reached(draft: Any, speaker: str, seat: Callable[[str], str]) -> str:
    """The region where a production, a receipt or a use has its metres; empty text for every other kind.

    ``seat`` says where a ``party:…`` or ``project:…`` is registered.
    """
    if draft.kind not in ("production", "receipt", "use"):
        return ""
    project = getattr(draft.body, "project", None)
    if project is not None:
        return seat(f"project:{project.id}")
    return draft.place.region if draft.place is not None else seat(f"party:{speaker}")


def all_units_of(book: Book, units: tuple[tuple[int, int], ...], *, used_up_too: bool = False) -> list[Run]:
    """The runs of exactly these units. Raises `Broken` where nothing is left of one of them, or (``used_up_too``) not
    even a leg of its way to be reported."""
    parts = [part for part in book.parts(units) if part.length_mm or used_up_too]
    if sum(part.count for part in parts) != sum(last - first + 1 for first, last in units):
        raise Broken(f"the book has not all of the units {units}")
    return parts


def check_registered(code: str, units: tuple[tuple[int, int], ...], state: State) -> None:
    """Raises `Broken` where the batch has not all of these units."""
    batch = state.batches[code]
    assert batch is not None
    there = sum(
        max(0, min(last, group.last) - max(first, group.first) + 1)
        for group in batch.all_units
        for first, last in units
    )
    if there != sum(last - first + 1 for first, last in units):
        raise Broken(f"batch {code} has not all of the units {units}")


def registered_code(ref: BatchRef | None, state: State) -> str:
    code = code_of(ref, state)
    if code is None or state.batches[code] is None:
        raise Broken(f"an accepted event names a batch that is not registered: {ref}")
    return code
