"""Descending lists of numbers, walked in step: intersection and union without reading either list whole.

A walk answers "your greatest number at or below this bound", or None when there is none left. Bounds never
rise from one call to the next, so a walk may forget what lies above. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

Walk = Callable[[int], int | None]


def all_of(walks: Sequence[Walk]) -> Walk:
    """What every walk holds: each in turn falls to where the one before stands, until none has to move."""
    if not walks:
        raise ValueError("the intersection of no lists is everything, which nobody can walk")
    if len(walks) == 1:
        return walks[0]

    def fall(bound: int) -> int | None:
        while True:
            top = walks[0](bound)
            if top is None:
                return None
            bound = top
            for walk in walks[1:]:
                found = walk(bound)
                if found is None:
                    return None
                bound = found
            if bound == top:
                return top

    return fall


def any_of(walks: Sequence[Walk]) -> Walk:
    """What at least one walk holds."""
    if len(walks) == 1:
        return walks[0]

    def fall(bound: int) -> int | None:
        return max((found for walk in walks if (found := walk(bound)) is not None), default=None)

    return fall


def those(walk: Walk, holds: Callable[[int], bool]) -> Walk:
    """What a walk holds and is true of."""

    def fall(bound: int) -> int | None:
        found = walk(bound)
        while found is not None and not holds(found):
            found = walk(found - 1)
        return found

    return fall


def numbers(walk: Walk, bound: int) -> Iterator[int]:
    """Everything a walk holds at or below the bound, greatest first."""
    found = walk(bound)
    while found is not None:
        yield found
        found = walk(found - 1)
