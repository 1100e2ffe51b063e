"""How a workshop writes drums with their lengths, and which lot number comes next."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.errors import InputError
from cabletrace.model.lot_numbers import newest_usual, next_lot
from cabletrace.model.state import UnitLength
from cabletrace.model.unit_lengths import format_unit_lengths, parse_unit_lengths, remark_on, total_mm

DAY = date(2026, 4, 2)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1-20 × 500; 21 × 320", "1-20 × 500; 21 × 320"),
        ("1-20 × 500 m; 21 × 320 m", "1-20 × 500; 21 × 320"),
        ("１～20×500米；21＊320.5", "1-20 × 500; 21 × 320.5"),
        ("1-20x500\n21X320", "1-20 × 500; 21 × 320"),
        ("1,3 × 100, 5 x 50", "1 × 100; 3 × 100; 5 × 50"),
        ("1 × 1,500, 2 × 30", "1 × 1500; 2 × 30"),
        ("1-20x500米、21×320m", "1-20 × 500; 21 × 320"),
        ("1-20 X 500m，21*320 米；22x80", "1-20 × 500; 21 × 320; 22 × 80"),
        ("1-120×500米，121×320", "1-120 × 500; 121 × 320"),
        ("1-120×500、121×320", "1-120 × 500; 121 × 320"),
        ("1、3 × 100、5 × 50", "1 × 100; 3 × 100; 5 × 50"),
        ("20盘 × 500; 3 卷×100", "1-20 × 500; 21-23 × 100"),
        ("20 drums x 500", "1-20 × 500"),
        ("21 × 320; 1-20 × 0.5km", "1-20 × 500; 21 × 320"),
    ],
)
def test_drums_and_lengths_are_read_as_people_write_them(typed: str, meant: str) -> None:
    assert format_unit_lengths(parse_unit_lengths(typed)) == meant


@pytest.mark.parametrize(
    "typed",
    ["", ";", "500", "1-20", "1-20 × ", "× 500", "1-20 × 500; 20 × 5", "1 × 0", "0盘 × 5", "1 × 2 × 3", "a × 5", "1×-5"],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_words(typed: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_unit_lengths(typed)

    assert all(problem.detail.zh and problem.detail.en for problem in refused.value.problems)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(1, 40), st.integers(1, 10**7)), min_size=1, max_size=8)
)
def test_writing_and_reading_are_inverse(parts: list[tuple[int, int, int]]) -> None:
    groups, last = [], 0
    for gap, count, length_mm in parts:
        groups.append(UnitLength(first=last + gap + 1, last=last + gap + count, length_mm=length_mm))
        last = groups[-1].last

    assert parse_unit_lengths(format_unit_lengths(groups)) == tuple(groups)


def test_the_total_counts_every_drum() -> None:
    assert total_mm(parse_unit_lengths("1-20 × 500; 21 × 320.001")) == 10_320_001


def test_one_drum_with_a_high_number_is_remarked_upon() -> None:
    remark = remark_on(parse_unit_lengths("20 × 500"))

    assert remark is not None
    assert "1-20 × 500" in remark.zh
    assert remark_on(parse_unit_lengths("1 × 500")) is None
    assert remark_on(parse_unit_lengths("1-20 × 500; 21 × 320")) is None


@pytest.mark.parametrize(
    ("newest", "today", "proposed"),
    [
        ("HZ260402-012", date(2026, 4, 2), "HZ260402-013"),
        ("HZ260402-012", date(2026, 4, 3), "HZ260403-001"),
        ("20260402/9", date(2026, 4, 3), "20260403/1"),
        ("L1", date(2026, 4, 3), "L2"),
        ("A-099", date(2026, 4, 2), "A-100"),
        ("A-99B", date(2026, 4, 2), "A-100B"),
        ("260402", date(2026, 4, 3), "260403"),
        ("无号", date(2026, 4, 2), ""),
    ],
)
def test_the_next_lot_follows_the_pattern_of_the_last(newest: str, today: date, proposed: str) -> None:
    assert next_lot(newest, DAY, today, ()) == proposed


@pytest.mark.parametrize(
    ("newest_first", "usual"),
    [
        (["HZBAD-09", "HZ260319-119", "HZ260330-118"], "HZ260319-119"),
        (["HZ-2", "HZ-1", "HZ260319-119", "HZ260330-118"], "HZ-2"),  # a new pattern, used twice
        (["L1"], "L1"),
        (["M1", "260319"], "M1"),
    ],
)
def test_an_odd_lot_is_not_what_the_next_one_follows(newest_first: list[str], usual: str) -> None:
    assert newest_first[newest_usual(newest_first)] == usual


def test_a_lot_that_is_taken_is_not_proposed() -> None:
    assert next_lot("L1", DAY, DAY, {"L2", "L3"}) == "L4"
    assert next_lot("L1", DAY, DAY, {f"L{n}" for n in range(2_000)}) == ""
