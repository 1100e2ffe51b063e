"""Whether an index holds what the ledger says: range by range as sums, and batch by batch where they differ; and mended, if wanted.

What the ledger says comes through the same projection as when the index is filled. So a batch is also different where
something about it changed without an event of its own (a maker's name), which the index otherwise learns by the next event.

While the follower goes on: only what the index says it has come to is compared. What differs is read again, in an order that
decides: how far the index has come, then what it holds, then what the ledger says. A batch whose newest event lies
behind that place is not different but on its way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ..db.several import chunks
from ..ledger.follow import Cursor
from .documents import Document
from .follower import Accepted
from .held import RANGE, DeadLetter, Held, Sum, sums_of
from .index import SearchIndex

#: Is told how many entries of how many are done.
Progress = Callable[[int, int], None]

#: Batches whose documents are in memory at a time.
_AT_ONCE = 1_000


def untold(_done: int, _of: int) -> None:
    """Nobody is told."""


class Ledger(Protocol):
    """What an index is made of."""

    def read_from(self, first: int, limit: int) -> Sequence[Accepted]:
        """Entries from an index on, in order and without gaps, at most so many."""

    def project(self, codes: frozenset[str]) -> Iterable[Document]:
        """All documents of these batches in their newest state."""

    def registered(self, first: int, end: int) -> frozenset[str]:
        """The canonical codes of the batches whose production is an entry from ``first`` to before ``end``."""

    def head(self) -> Cursor:
        """The newest entry."""


class Kind(StrEnum):
    """What is wrong with a batch in the index: it is not there, or not on the ledger, or says something else."""

    MISSING = "missing"
    FOREIGN = "foreign"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Difference:
    """A batch of which the index does not hold what the ledger says. ``wanted`` and ``found`` are None where there is none."""

    code: str
    kind: Kind
    wanted: Held | None
    found: Held | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a comparison found. ``up_to`` is how far the index had come; ``on_the_way`` batches had newer events by then.

    ``left`` are the differences that are still there after mending, all of them where nothing was to be mended. Batches that
    are ``dead_letters`` are no differences.
    """

    up_to: Cursor
    batches: int
    ranges_differing: int
    differences: tuple[Difference, ...]
    left: tuple[Difference, ...]
    on_the_way: int
    dead_letters: tuple[DeadLetter, ...]

    @property
    def is_sound(self) -> bool:
        return not self.left


def verify(
    index: SearchIndex,
    ledger: Ledger,
    *,
    deep: bool = False,
    repair: bool = False,
    progress: Progress = untold,
) -> Verified:
    """Compare all that the index says it has read. ``deep`` reads every batch whole: it finds also what was changed without
    its digest."""
    up_to = index.cursor()
    found = index.sums()
    firsts = sorted({*range(0, up_to.seq + 1, RANGE), *found})
    suspects = {letter.batch for letter in index.dead_letters()}
    batches, differing = 0, 0
    for first in firsts:
        wanted = _wanted(index, ledger, ledger.registered(first, first + RANGE) if first >= 0 else ())
        batches += len(wanted)
        is_same = sums_of(wanted.values()).get(first, Sum()) == found.get(first, Sum())
        differing += not is_same
        if deep or not is_same:
            suspects |= _unlike(wanted, index.held_in(first))
        progress(min(max(first, 0) + RANGE, up_to.seq + 1), up_to.seq + 1)
    seen = _look(index, ledger, suspects)
    left = seen
    if repair and suspects:
        _mend(index, ledger, seen, [letter.batch for letter in index.dead_letters()])
        left = _look(index, ledger, suspects)
    return Verified(
        up_to=up_to,
        batches=batches,
        ranges_differing=differing,
        differences=seen.differences,
        left=left.differences,
        on_the_way=seen.on_the_way,
        dead_letters=index.dead_letters(),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    differences: tuple[Difference, ...]
    on_the_way: int


def _unlike(wanted: Mapping[str, Held], there: Iterable[Held]) -> set[str]:
    found = {each.code: each for each in there}
    return {code for code in wanted.keys() | found.keys() if wanted.get(code) != found.get(code)}


def _look(index: SearchIndex, ledger: Ledger, codes: Iterable[str]) -> _Seen:
    """These batches once more, one by one."""
    differences: list[Difference] = []
    on_the_way = 0
    for some in chunks(codes, _AT_ONCE):
        come_to = index.cursor().seq
        found = {each.code: each for each in index.held(some)}
        wanted = _wanted(index, ledger, some)
        letters = {letter.batch for letter in index.dead_letters()}
        for code in some:
            said, there = wanted.get(code), found.get(code)
            if said == there:
                continue
            if said is not None and said.version > come_to:
                on_the_way += 1
            elif said is None or code not in letters:
                differences.append(Difference(code, _kind(said, there), said, there))
    return _Seen(tuple(differences), on_the_way)


def _kind(wanted: Held | None, found: Held | None) -> Kind:
    if wanted is None:
        return Kind.FOREIGN
    return Kind.MISSING if found is None else Kind.DIFFERENT


def _mend(index: SearchIndex, ledger: Ledger, seen: _Seen, letters: Sequence[str]) -> None:
    """Write what the ledger says now. What is foreign goes, and so does what stands under a version that is not on the ledger:
    no version of the ledger would replace it."""
    gone = {
        each.code
        for each in seen.differences
        if each.found and (each.wanted is None or each.found.version > each.wanted.version)
    }
    for some in chunks([*(each.code for each in seen.differences), *letters], _AT_ONCE):
        index.mend(ledger.project(frozenset(some)), gone.intersection(some))


def _wanted(index: SearchIndex, ledger: Ledger, codes: Iterable[str]) -> dict[str, Held]:
    return {
        held.code: held
        for some in chunks(codes, _AT_ONCE)
        for held in index.would_hold(ledger.project(frozenset(some)))
    }
