"""Postings: what they add up to, drum by drum."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cabletrace.model.postings import Effects, Move, Posting, unit_balances
from cabletrace.model.replay import difference
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
def test_a_difference_leads_from_what_was_to_what_should_be_drum_by_drum(
    was: list[Posting], now: list[Posting]
) -> None:
    between = list(difference("c", [was], [now]))

    assert naive([*was, *between]) == naive(now)
    assert all(each.length_mm > 0 and each.source != each.target for each in between)
    assert list(difference("c", [now], [now])) == []


@given(postings, postings)
def test_a_difference_joins_neighbours_that_move_alike(was: list[Posting], now: list[Posting]) -> None:
    between = list(difference("c", [was], [now]))

    for one in between:
        for other in between:
            alike = one[3:5] == other[3:5] and one.last + 1 == other.first and one.first > 0
            same_mm = one.length_mm * (other.last - other.first + 1) == other.length_mm * (
                one.last - one.first + 1
            )
            assert not (alike and same_mm)


def test_what_changes_nothing_is_no_posting() -> None:
    stays = Move(Run(1, 2, HERE, 100), None, HERE, 100)
    nothing = Move(Run(3, 4, HERE, 100), Run(3, 4, HERE, 100), THERE, 0)
    goes = Move(Run(5, 6, HERE, 100), None, THERE, 60)

    assert list(Effects(code="c", moves=(stays, nothing, goes)).postings()) == [
        posting(5, 6, HERE, THERE, 60)
    ]
