"""Walks: intersection and union of descending lists."""

from __future__ import annotations

from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.search.descent import Walk, all_of, any_of, numbers

sets = st.frozensets(st.integers(0, 60), max_size=40)


def walk_over(members: frozenset[int]) -> Walk:
    """A walk that insists on the rule that bounds never rise."""
    ordered = sorted(members)
    last = [10**9]

    def fall(bound: int) -> int | None:
        assert bound <= last[0], "a bound has risen"
        last[0] = bound
        at = bisect_right(ordered, bound)
        return ordered[at - 1] if at else None

    return fall


@given(st.lists(sets, min_size=1, max_size=4), st.integers(-1, 61))
def test_walking_all_is_the_intersection(members, bound):
    walked = list(numbers(all_of([walk_over(each) for each in members]), bound))

    assert walked == sorted((n for n in frozenset.intersection(*members) if n <= bound), reverse=True)


@given(st.lists(st.lists(sets, min_size=1, max_size=3), min_size=1, max_size=3), st.integers(-1, 61))
def test_walks_may_be_nested(members, bound):
    walk = all_of([any_of([walk_over(each) for each in group]) for group in members])

    expected = frozenset.intersection(*(frozenset().union(*group) for group in members))
    assert list(numbers(walk, bound)) == sorted((n for n in expected if n <= bound), reverse=True)


def test_the_union_of_nothing_is_empty_and_the_intersection_of_nothing_is_refused():
    assert any_of([])(5) is None
    with pytest.raises(ValueError, match="nobody can walk"):
        all_of([])
