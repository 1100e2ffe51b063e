"""Descending lists of numbers, read in stretches: intersection, union and difference without reading a list whole.

A walk answers "all your numbers at or below this bound, down to wherever you like to stop". How far that is, it chooses
itself: what is read at once costs little more than a look. Pure.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from operator import neg


@dataclass(frozen=True, slots=True)
class Stretch:
    """Every number of a list from the bound that was asked for down to ``low``, greatest first; ``low`` is never above the
    bound, and 0 where the list has ended."""

    numbers: Sequence[int]
    low: int


Walk = Callable[[int], Stretch]

#: Asked about together where each number is judged by itself.
_JUDGED_AT_ONCE = 256


def listed(descending: Sequence[int]) -> Walk:
    """A list that is there already."""
    return lambda bound: Stretch(between(descending, bound, 0), 0)


def all_of(walks: Sequence[Walk]) -> Walk:
    """What every walk holds. Each falls to where the one before stands, and a walk that was read too far above is asked
    again: so a list with few numbers leads the others past what they need not read."""
    if not walks:
        raise ValueError("the intersection of no lists is everything, which nobody can walk")
    if len(walks) == 1:
        return walks[0]

    def fall(bound: int) -> Stretch:
        while True:
            stretches = []
            for walk in walks:
                stretch = walk(bound)
                if not stretch.numbers:
                    return stretch
                bound = stretch.numbers[0]
                stretches.append(stretch)
            low = max(stretch.low for stretch in stretches)
            if low <= bound:
                first, *others = (between(stretch.numbers, bound, low) for stretch in stretches)
                held = set(others[0]).intersection(*others[1:])
                return Stretch([number for number in first if number in held], low)

    return fall


def any_of(walks: Sequence[Walk]) -> Walk:
    """What at least one walk holds."""
    if len(walks) == 1:
        return walks[0]

    def fall(bound: int) -> Stretch:
        stretches = [walk(bound) for walk in walks]
        low = max((stretch.low for stretch in stretches), default=0)
        held = [between(stretch.numbers, bound, low) for stretch in stretches if stretch.numbers]
        return Stretch(held[0] if len(held) == 1 else sorted(set().union(*held), reverse=True), low)

    return fall


def without(walk: Walk, unwanted: Walk) -> Walk:
    """What the one walk holds and the other does not."""

    def fall(bound: int) -> Stretch:
        stretch = walk(bound)
        if not stretch.numbers:
            return stretch
        left_out = unwanted(stretch.numbers[0])
        low = max(stretch.low, left_out.low)
        out = set(left_out.numbers)
        return Stretch([number for number in between(stretch.numbers, bound, low) if number not in out], low)

    return fall


def those(walk: Walk, judge: Callable[[Sequence[int]], Collection[int]]) -> Walk:
    """What a walk holds and ``judge`` picks out."""

    def fall(bound: int) -> Stretch:
        stretch = walk(bound)
        numbers, low = stretch.numbers[:_JUDGED_AT_ONCE], stretch.low
        if len(numbers) < len(stretch.numbers):
            low = numbers[-1]
        picked = judge(numbers) if numbers else ()
        return Stretch([number for number in numbers if number in picked], low)

    return fall


def numbers(walk: Walk, bound: int) -> Iterator[int]:
    """Everything a walk holds at or below the bound, greatest first."""
    while bound >= 0:
        stretch = walk(bound)
        yield from stretch.numbers
        bound = stretch.low - 1


class Kept:
    """A walk that is read from its top without gaps and keeps what was read, for whoever comes again."""

    def __init__(self, walk: Walk, top: int):
        self._walk = walk
        self._low = top + 1
        self.numbers: list[int] = []

    def __call__(self, bound: int) -> Stretch:
        while bound < self._low:
            self._read_on()
        return Stretch(between(self.numbers, bound, self._low), self._low)

    def read(self, count: int) -> list[int]:
        """So many numbers, fewer where there are no more."""
        while len(self.numbers) < count and self._low > 0:
            self._read_on()
        return self.numbers[:count]

    def _read_on(self) -> None:
        stretch = self._walk(self._low - 1)
        self.numbers += stretch.numbers
        self._low = stretch.low


def between(descending: Sequence[int], high: int, low: int) -> Sequence[int]:
    """The numbers of a descending list that lie there, both ends included."""
    if not descending or (descending[0] <= high and descending[-1] >= low):
        return descending
    return descending[bisect_left(descending, -high, key=neg) : bisect_right(descending, -low, key=neg)]
