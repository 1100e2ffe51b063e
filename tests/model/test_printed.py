"""Which labels were printed: units printed alike are one stretch, whatever order the printings came in."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cabletrace.model.printed import PrintedRun, not_printed, printed_again, printed_among

MONDAY, TUESDAY = date(2026, 5, 4), date(2026, 5, 5)
MOST = 30


@st.composite
def ranges(draw: st.DrawFn) -> list[tuple[int, int]]:
    units = sorted(draw(st.sets(st.integers(1, MOST), min_size=1)))
    found: list[tuple[int, int]] = []
    for unit in units:
        if found and found[-1][1] + 1 == unit and draw(st.booleans()):
            found[-1] = (found[-1][0], unit)
        else:
            found.append((unit, unit))
    return found


def test_a_stretch_that_is_printed_again_stands_by_itself() -> None:
    once = printed_again((), [(1, 10)], copies=1, on=MONDAY, seq=7)

    twice = printed_again(once, [(4, 5)], copies=2, on=TUESDAY, seq=9)

    assert twice == (
        PrintedRun(1, 3, 1, 1, MONDAY, 7),
        PrintedRun(4, 5, 2, 3, TUESDAY, 9),
        PrintedRun(6, 10, 1, 1, MONDAY, 7),
    )
    assert printed_among(twice, [(3, 4), (12, 13)]) == [(3, 3), (4, 4)]
    assert list(not_printed(twice, [(9, 12), (14, 14)])) == [(11, 12), (14, 14)]


@given(st.lists(ranges(), max_size=6))
def test_every_unit_is_counted_by_itself(printings: list[list[tuple[int, int]]]) -> None:
    runs: tuple[PrintedRun, ...] = ()
    for seq, units in enumerate(printings):
        runs = printed_again(runs, units, copies=seq + 1, on=MONDAY, seq=seq)

    for unit in range(1, MOST + 1):
        mine = [seq for seq, units in enumerate(printings) if any(a <= unit <= b for a, b in units)]
        found = [run for run in runs if run.first <= unit <= run.last]
        assert [(run.times, run.labels, run.seq) for run in found] == (
            [(len(mine), sum(seq + 1 for seq in mine), mine[-1])] if mine else []
        )
    left = {unit for first, last in not_printed(runs, [(1, MOST)]) for unit in range(first, last + 1)}
    assert left == set(range(1, MOST + 1)) - {u for r in runs for u in range(r.first, r.last + 1)}
    assert all(a.last < b.first and (a.last + 1 < b.first or a[2:] != b[2:]) for a, b in pairwise(runs))
