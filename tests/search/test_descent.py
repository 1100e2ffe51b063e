"""Walks: intersection, union and difference of descending lists that are read in stretches."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.search.descent import (
    Kept,
    Stretch,
    Walk,
    all_of,
    any_of,
    between,
    listed,
    numbers,
    those,
    without,
)

TOP = 60
sets = st.frozensets(st.integers(0, TOP), max_size=40)
sizes = st.integers(1, 9)
bounds = st.integers(-1, TOP + 1)


class Watched:
    """A walk that reads at most so many numbers at once, and notes where it was asked."""

    def __init__(self, members: frozenset[int], size: int):
        self._ordered = sorted(members, reverse=True)
        self._size = size
        self.asked: list[int] = []

    def __call__(self, bound: int) -> Stretch:
        assert bound >= 0, "asked below the end"
        self.asked.append(bound)
        below = [number for number in self._ordered if number <= bound]
        page = below[: self._size]
        return Stretch(page, page[-1] if len(page) == self._size else 0)


def falling(members: frozenset[int], bound: int) -> list[int]:
    return sorted((number for number in members if number <= bound), reverse=True)


@given(st.lists(st.tuples(sets, sizes), min_size=1, max_size=4), bounds)
def test_walking_all_is_the_intersection(members, bound):
    walked = list(numbers(all_of([Watched(*each) for each in members]), bound))

    assert walked == falling(frozenset.intersection(*(held for held, _ in members)), bound)


@given(st.lists(st.lists(st.tuples(sets, sizes), min_size=1, max_size=3), min_size=1, max_size=3), bounds)
def test_walks_may_be_nested(members, bound):
    walk = all_of([any_of([Watched(*each) for each in group]) for group in members])

    expected = frozenset.intersection(*(frozenset().union(*(held for held, _ in group)) for group in members))
    assert list(numbers(walk, bound)) == falling(expected, bound)


@given(sets, sizes, sets, sizes, bounds)
def test_what_another_walk_holds_is_left_out(members, size, unwanted, other_size, bound):
    walk = without(Watched(members, size), Watched(unwanted, other_size))

    assert list(numbers(walk, bound)) == falling(members - unwanted, bound)


@given(st.integers(0, 999), st.integers(0, 2_000))
def test_those_that_are_judged_good_are_held(seed, bound):
    # given: more than are judged at once
    members = frozenset(random.Random(seed).sample(range(2_000), 600))
    walk = those(listed(sorted(members, reverse=True)), lambda some: {n for n in some if n % 3 == 0})

    assert list(numbers(walk, bound)) == [number for number in falling(members, bound) if number % 3 == 0]


@given(sets, bounds, bounds)
def test_what_lies_between_two_ends_is_cut_out(members, high, low):
    ordered = sorted(members, reverse=True)

    assert list(between(ordered, high, low)) == [number for number in ordered if low <= number <= high]


@given(sets, sizes, bounds, st.integers(1, 50))
def test_what_is_kept_is_read_once_whoever_asks_for_it(members, size, bound, count):
    # given: a walk of which somebody has read the beginning
    watched = Watched(members, size)
    kept = Kept(watched, TOP)
    assert kept.read(count) == falling(members, TOP)[:count]

    # when: it is read from somewhere on
    walked = list(numbers(kept, min(bound, TOP)))

    # then
    assert walked == falling(members, min(bound, TOP))
    assert watched.asked == sorted(set(watched.asked), reverse=True), "something was read again"


def test_a_walk_with_few_numbers_leads_the_others_past_what_they_need_not_read():
    broad, rare = Watched(frozenset(range(1_000_000, 0, -50)), 10), Watched(frozenset({150, 900_000}), 10)

    assert list(numbers(all_of([broad, rare]), 1_000_000)) == [900_000, 150]
    assert len(broad.asked) < 8


def test_the_union_of_nothing_is_empty_and_the_intersection_of_nothing_is_refused():
    nothing: list[Walk] = []
    assert list(numbers(any_of(nothing), 5)) == []
    with pytest.raises(ValueError, match="nobody can walk"):
        all_of(nothing)
