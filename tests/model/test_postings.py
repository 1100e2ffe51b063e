"""Postings: what they add up to, drum by drum."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cabletrace.model.postings import Effects, Move, Posting, moved_by, unit_balances
from cabletrace.model.replay import taken_back_and_anew
from cabletrace.model.state import PRODUCED, Account, Run

HERE, THERE, AWAY = (
    Account("held", "a", "411603"),
    Account("held", "b", "411602"),
    Account("sold", "b", "411602"),
)
ACCOUNTS = (PRODUCED, HERE, THERE, AWAY)


def posting(first: int, last: int, source: Account, target: Account, each_mm: int) -> Posting:
    return Posting("c", first, last, source, target, each_mm * (last - first + 1))


postings = st.lists(
    st.builds(
        lambda ends, loose, ways, each_mm: posting(
            *((0, 0) if loose else (min(ends), max(ends))), *ways, each_mm
        ),
        st.tuples(st.integers(1, 8), st.integers(1, 8)),
        st.booleans(),
        st.permutations(ACCOUNTS).map(lambda accounts: tuple(accounts[:2])),
        st.integers(1, 3),
    ),
    max_size=12,
)


def naive(said: list[Posting]) -> Counter[tuple[int, Account]]:
    sums: Counter[tuple[int, Account]] = Counter()
    for each in said:
        for unit in range(each.first, each.last + 1):
            mm = each.length_mm // (each.last - each.first + 1)
            sums[unit, each.source] -= mm
            sums[unit, each.target] += mm
    return Counter({place: mm for place, mm in sums.items() if mm})


@given(postings)
def test_balances_by_stretches_are_those_of_single_drums(said: list[Posting]) -> None:
    stretches = list(unit_balances(said))

    found = {
        (unit, account): mm
        for first, last, standing in stretches
        for unit in range(first, last + 1)
        for account, mm in standing.items()
    }
    assert found == naive(said)
    ends = [(first, last) for first, last, _ in stretches]
    assert ends[0] == (0, 0)
    assert all(before[1] < after[0] for before, after in pairwise(ends))


@given(postings, postings)
def test_what_is_taken_back_and_said_anew_leads_to_what_should_be_drum_by_drum(
    was: list[Posting], now: list[Posting]
) -> None:
    between = list(taken_back_and_anew({7: was}, {7: now}))

    assert naive([*was, *between]) == naive(now)
    assert between == [] if naive(was) == naive(now) else between


@given(postings, postings)
def test_what_was_taken_back_never_went(was: list[Posting], now: list[Posting]) -> None:
    between = list(taken_back_and_anew({7: was}, {7: now}))

    assert moved_by([*was, *between]) == moved_by(now if between else was)


def test_what_changes_nothing_is_no_posting() -> None:
    stays = Move(Run(1, 2, HERE, 100), None, HERE, 100)
    nothing = Move(Run(3, 4, HERE, 100), Run(3, 4, HERE, 100), THERE, 0)
    goes = Move(Run(5, 6, HERE, 100), None, THERE, 60)

    assert list(Effects(code="c", moves=(stays, nothing, goes)).postings()) == [
        posting(5, 6, HERE, THERE, 60)
    ]
