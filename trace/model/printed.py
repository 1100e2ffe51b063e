"""Which labels of a batch were printed, and how often: stretches of units, pure.

Units whose labels were printed alike are one stretch, so the same printings always give the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

Ranges = Iterable[tuple[int, int]]


class PrintedRun(NamedTuple):
    """Labels of the units ``first`` to ``last`` were printed ``times``, ``labels`` of each unit in all, ``last_on`` the
    day of the last time, which event ``seq`` says."""

    first: int
    last: int
    times: int
    labels: int
    last_on: date
    seq: int


def printed_again(
    runs: Sequence[PrintedRun], units: Ranges, *, copies: int, on: date, seq: int
) -> tuple[PrintedRun, ...]:
    """What was printed after so many copies for these disjoint units more. Cost: n log n in the stretches."""
    asked = sorted(units)
    spans = [*((run.first, run.last) for run in runs), *asked]
    edges = sorted({edge for first, last in spans for edge in (first, last + 1)})
    found: list[PrintedRun] = []
    was, now = iter(runs), iter(asked)
    run, these = next(was, None), next(now, None)
    for first, following in pairwise(edges):
        while run is not None and run.last < first:
            run = next(was, None)
        while these is not None and these[1] < first:
            these = next(now, None)
        before = run if run is not None and run.first <= first else None
        if these is not None and these[0] <= first:
            times, labels = (0, 0) if before is None else (before.times, before.labels)
            found.append(PrintedRun(first, following - 1, times + 1, labels + copies, on, seq))
        elif before is not None:
            found.append(before._replace(first=first, last=following - 1))
    return tuple(_joined(found))


def printed_among(runs: Iterable[PrintedRun], units: Ranges) -> list[tuple[int, int]]:
    """The stretches of these units that have had labels, ascending."""
    return sorted(
        (max(first, run.first), min(last, run.last))
        for run in runs
        for first, last in units
        if run.first <= last and first <= run.last
    )


def not_printed(runs: Iterable[PrintedRun], units: Ranges) -> Iterator[tuple[int, int]]:
    """The stretches of these units that have had no label, ascending."""
    printed = sorted((run.first, run.last) for run in runs)
    for first, last in sorted(units):
        at = first
        for begins, ends in printed:
            if ends < at:
                continue
            if begins > last:
                break
            if at < begins:
                yield at, begins - 1
            at = ends + 1
        if at <= last:
            yield at, last


def _joined(runs: Iterable[PrintedRun]) -> list[PrintedRun]:
    joined: list[PrintedRun] = []
    for run in runs:
        if joined and joined[-1].last + 1 == run.first and joined[-1][2:] == run[2:]:
            joined[-1] = joined[-1]._replace(last=run.last)
        else:
            joined.append(run)
    return joined
