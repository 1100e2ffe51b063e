"""Ways: by which legs metres came to where they are, read from the journal of one batch.

Drums and coils are told apart, so nothing is guessed of them: each is followed from where it was made, through the drum that it
was cut from, to where its metres lie. Loose lengths mix in a pool; of them the first in is the first out, which is a
convention and not an observation.

What was corrected is followed as it stands: a right posting takes the place of the wrong one. Where a drum went round in
a circle and a correction has torn the circle open, so that no way leads into it any more, the circle is left out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..model.postings import Posting
from ..model.state import CUT, PRODUCED, UNEXPLAINED, Account

#: (index of the event, posting), in the order of the journal.
Journal = Sequence[tuple[int, Posting]]
#: Whether metres of a unit (0: of a loose length) at an account are asked for.
Wanted = Callable[[int, Account], bool]
Edge = tuple[Account, Account, int]


def as_it_stands(journal: Journal) -> list[Posting]:
    """The postings without those that were taken back, each right one in the place of what it replaces."""
    slots: list[list[Posting]] = []
    places: dict[Posting, list[int]] = defaultdict(list)
    of_event, slot = -1, -1
    for seq, posting in journal:
        if seq != of_event:
            of_event, slot = seq, -1
        if posting.undoes:
            was = posting._replace(source=posting.target, target=posting.source, undoes=False)
            if places[was]:
                slot = places[was].pop()
                slots[slot].remove(was)
                continue
        went = posting._replace(undoes=False)  # where what it takes back is not there, it went back
        at = slot if slot >= 0 else len(slots)
        if slot < 0:
            slots.append([])
        slots[at].append(went)
        places[went].append(at)
    return [posting for some in slots for posting in some]


def ways(standing: Sequence[Posting], wanted: Wanted, apart: Iterable[int] = ()) -> list[Edge]:
    """(source, target, mm) of the legs by which the wanted metres came, from where they were made; ``apart``: units that are
    wanted where their neighbours are not.

    Each account's sum of what came in less what went out is what is wanted there; of metres that nobody made, the account
    ``unexplained`` is left with as many less. Cost: the postings times the stretches of units that each moves, and the length
    of the way of each parcel that is wanted.
    """
    walk = _Walk(_starts(standing, apart), descent(standing))
    for posting in standing:
        walk.step(posting)
    legs: dict[tuple[Account, Account], int] = defaultdict(int)
    for unit, count, account, parcel in walk.parcels():
        if not wanted(unit, account):
            continue
        trail = parcel.trail
        while trail is not None:
            legs[trail.source, trail.target] += parcel.length_mm * count
            trail = trail.before
    return [(source, target, mm) for (source, target), mm in sorted(legs.items())]


def descent(standing: Iterable[Posting]) -> dict[int, int]:
    """Of each piece the unit that it was cut from."""
    cut: deque[list[int]] = deque()
    parents: dict[int, int] = {}
    for posting in standing:
        if posting.target == CUT:
            cut.append([posting.first, posting.length_mm])
        elif posting.source == CUT and cut:
            left_mm = posting.length_mm
            parents[posting.first] = cut[0][0]
            while left_mm and cut:
                taken = min(left_mm, cut[0][1])
                left_mm -= taken
                cut[0][1] -= taken
                if not cut[0][1]:
                    cut.popleft()
    return parents


def with_pieces(units: Iterable[int], parents: Mapping[int, int]) -> frozenset[int]:
    """Some units, the pieces that were cut from them, theirs, and so on."""
    of: dict[int, list[int]] = defaultdict(list)
    for piece, parent in parents.items():
        of[parent].append(piece)
    found = set(units)
    ahead = list(found)
    while ahead:
        for piece in of[ahead.pop()]:
            if piece not in found:
                found.add(piece)
                ahead.append(piece)
    return frozenset(found)


def units_among(standing: Iterable[Posting], ranges: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Those units in the ranges that there are."""
    there = {
        (max(first, posting.first), min(last, posting.last))
        for posting in standing
        for first, last in ranges
        if posting.first and max(first, posting.first) <= min(last, posting.last)
    }
    return frozenset(unit for first, last in there for unit in range(first, last + 1))


def moves_of(standing: Iterable[Posting], units: frozenset[int], parents: Mapping[int, int]) -> list[Edge]:
    """(source, target, mm) of all that became of some units since they were made, or cut off one that is not among them."""
    moved: dict[tuple[Account, Account], int] = defaultdict(int)
    ordered = sorted(units)
    for posting in standing:
        count = bisect_left(ordered, posting.last + 1) - bisect_left(ordered, posting.first)
        if not count or posting.target == CUT:
            continue
        source = posting.source
        if source == CUT:
            if parents.get(posting.first) in units:
                continue
            source = PRODUCED
        moved[source, posting.target] += posting.length_mm // (posting.last - posting.first + 1) * count
    return [(source, target, mm) for (source, target), mm in sorted(moved.items())]


# --- the walk -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Trail:
    """The last leg of a way, and the way before it."""

    source: Account
    target: Account
    before: _Trail | None


@dataclass(slots=True)
class _Parcel:
    """So many millimetres of each unit of a stretch, that came together."""

    length_mm: int
    trail: _Trail | None


#: Stretches are numbered from 0; loose lengths are one pool.
_LOOSE = -1


def _cut_from(unit: int) -> int:
    """The pool of what is being cut from a unit: pieces of two drums never wait for one another."""
    return -2 - unit


def _starts(standing: Iterable[Posting], apart: Iterable[int]) -> list[int]:
    """Where stretches of units begin that every posting moves whole or not at all; the last one is behind all."""
    found = {edge for unit in apart for edge in (unit, unit + 1)}
    for posting in standing:
        if posting.first:
            found |= {posting.first, posting.last + 1}
    return sorted(found)


class _Step(NamedTuple):
    """So many millimetres of each unit of a stretch, from an account in one pool to one in another, or the same."""

    out_of: int
    into: int
    source: Account
    target: Account
    length_mm: int

    @property
    def is_endless(self) -> bool:
        """Whether the metres are always there."""
        return self.source == PRODUCED or self.source.state == UNEXPLAINED.state


@dataclass(slots=True)
class _Walk:
    starts: list[int]
    parents: Mapping[int, int]
    at: dict[tuple[int, Account], deque[_Parcel]] = field(default_factory=lambda: defaultdict(deque))
    #: What could not go yet, because the metres are not there: a correction has put it before what brings them.
    waiting: dict[int, list[_Step]] = field(default_factory=lambda: defaultdict(list))

    def step(self, posting: Posting) -> None:
        each_mm = posting.length_mm // (posting.last - posting.first + 1)
        for key in self._stretches(posting):
            out_of = into = key
            if posting.source == CUT:
                out_of = _cut_from(self.parents.get(posting.first, 0))
            elif posting.target == CUT:
                into = _cut_from(posting.first)
            self._go(_Step(out_of, into, posting.source, posting.target, each_mm))

    def parcels(self) -> Iterator[tuple[int, int, Account, _Parcel]]:
        """(a unit of it, how many units, account, parcel) of all that there is, when every posting has gone."""
        self._let_go()
        for (key, account), parcels in self.at.items():
            unit = self.starts[key] if key >= 0 else 0
            count = self.starts[key + 1] - unit if key >= 0 else 1
            for parcel in parcels:
                yield unit, count, account, parcel

    def _stretches(self, posting: Posting) -> Iterable[int]:
        if not posting.first:
            return (_LOOSE,)
        return range(bisect_left(self.starts, posting.first), bisect_left(self.starts, posting.last + 1))

    def _go(self, step: _Step) -> None:
        if _comes_behind(self.waiting.get(step.out_of, ()), step) or not self._move(step):
            self.waiting[step.out_of].append(step)
            return
        self._retry_all()

    def _let_go(self) -> None:
        """Metres that nobody made wait for those before them, but not for ever."""
        while endless := [step for some in self.waiting.values() for step in some if step.is_endless]:
            self._move(endless[0])
            self._no_longer_waits(endless[0])
            self._retry_all()

    def _retry_all(self) -> None:
        while any(self._retry(pool) for pool in tuple(self.waiting)):
            pass  # a drum that can go on may be cut, and then the piece can

    def _retry(self, pool: int) -> bool:
        waiting = self.waiting[pool]
        for n, step in enumerate(waiting):
            if not _comes_behind(waiting[:n], step) and self._move(step):
                self._no_longer_waits(step)
                return True
        return False

    def _no_longer_waits(self, step: _Step) -> None:
        self.waiting[step.out_of].remove(step)
        if not self.waiting[step.out_of]:
            del self.waiting[step.out_of]

    def _move(self, step: _Step) -> bool:
        parcels = self.at[step.out_of, step.source]
        if not step.is_endless and sum(parcel.length_mm for parcel in parcels) < step.length_mm:
            return False
        into = self.at[step.into, step.target]
        for taken in _taken(parcels, step.length_mm):
            if CUT in (step.source, step.target) or step.source == step.target:
                into.append(taken)
            else:
                into.append(_Parcel(taken.length_mm, _Trail(step.source, step.target, taken.trail)))
        return True


def _comes_behind(waiting: Iterable[_Step], step: _Step) -> bool:
    """Whether metres that are always there would overtake others of the same unit on their way to the same account."""
    return step.is_endless and any((each.into, each.target) == (step.into, step.target) for each in waiting)


def _taken(parcels: deque[_Parcel], length_mm: int) -> Iterator[_Parcel]:
    """So much of what came first; what is not there at all has no way behind it."""
    while length_mm:
        if not parcels:
            yield _Parcel(length_mm, None)
            return
        first = parcels[0]
        taken_mm = min(length_mm, first.length_mm)
        length_mm -= taken_mm
        first.length_mm -= taken_mm
        if not first.length_mm:
            parcels.popleft()
        yield _Parcel(taken_mm, first.trail)
