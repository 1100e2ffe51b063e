"""Ranges of drums as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.codes.trace_code import LARGEST_UNIT
from cabletrace.codes.unit_ranges import UnitRange, format_units, parse_units
from cabletrace.errors import InputError


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1-40, 55", "1-40, 55"),
        ("55，1～40", "1-40, 55"),
        ("1号-40号、55#", "1-40, 55"),
        ("１－４０号盘", "1-40"),
        ("1号3号", "1, 3"),
        ("１－７", "1-7"),
        ("1~7", "1-7"),
        ("1至7、9到12", "1-7, 9-12"),
        ("1 — 7；9", "1-7, 9"),
        ("1——7\n9\u300010", "1-7, 9-10"),
        ("1-3,4-6", "1-6"),
        ("007", "7"),
        ("8-8", "8"),
        (" 3 ", "3"),
    ],
)
def test_the_spellings_of_people(text: str, wanted: str) -> None:
    assert format_units(parse_units(text)) == wanted


@st.composite
def normal_ranges(draw: st.DrawFn) -> tuple[UnitRange, ...]:
    """Ascending, with at least one drum left out between two ranges."""
    bounds = sorted(draw(st.sets(st.integers(1, 500), min_size=2, max_size=20)))
    pairs = zip(bounds[::2], bounds[1::2], strict=False)
    ranges: list[UnitRange] = []
    for first, last in pairs:
        if not ranges or ranges[-1].last + 1 < first:
            ranges.append(UnitRange(first, last))
    return tuple(ranges)


@given(normal_ranges())
def test_format_and_parse_are_inverses(ranges: tuple[UnitRange, ...]) -> None:
    assert parse_units(format_units(ranges)) == ranges


@given(st.lists(st.integers(1, 60), min_size=1, unique=True))
def test_every_drum_named_is_in_exactly_one_range(units: list[int]) -> None:
    ranges = parse_units("、".join(map(str, units)))

    assert sorted(unit for r in ranges for unit in range(r.first, r.last + 1)) == sorted(units)
    assert sum(r.count for r in ranges) == len(units)
    assert all(sum(unit in r for r in ranges) == 1 for unit in units)


@given(st.integers(1, 30), st.integers(0, 10), st.integers(1, 30), st.integers(0, 10))
def test_ranges_intersect_when_they_share_a_drum(a: int, more_a: int, b: int, more_b: int) -> None:
    one, other = UnitRange(a, a + more_a), UnitRange(b, b + more_b)

    share = bool(set(range(one.first, one.last + 1)) & set(range(other.first, other.last + 1)))

    assert one.intersects(other) is other.intersects(one) is share


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("9-2", "颠倒"),
        ("1-5, 3", "重复"),
        ("4,4", "重复"),
        ("0", "1 到"),
        (f"1-{LARGEST_UNIT + 1}", "1 到"),
        ("", "缺少"),
        ("   ", "缺少"),
        ("1,,2", "缺少"),
        ("1-5,", "缺少"),
        ("1-", "不是盘号"),
        ("-3", "不是盘号"),
        ("1-2-3", "不是盘号"),
        ("一至七", "不是盘号"),
        ("1.5", "不是盘号"),
        ("1" * 20_000, "过长"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_units(text)

    assert refused.value.code == "wrong-unit-range"
    assert why in refused.value.problems[0].detail.zh


@pytest.mark.parametrize("bounds", [(0, 1), (2, 1), (1, LARGEST_UNIT + 1)])
def test_an_impossible_range_cannot_be_made(bounds: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="not a range"):
        UnitRange(*bounds)
