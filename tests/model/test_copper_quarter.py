"""Copper by maker and quarter: what is compared, what is only counted, and where the thresholds lie."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.model.copper_quarter import Quarter, copper_by_quarter, quarter_of, thresholds_on
from cabletrace.model.designation import parse_designation
from cabletrace.model.limits import minimum_copper_g
from cabletrace.model.state import KnownBatch

DAY = date(2026, 2, 10)
PLAIN = KnownBatch(
    code="23456789A0", maker="0f", lot="L1", product="P01", designation="BV-450/750V-2.5", certificate=None,
    produced_on=DAY, length_mm=100_000_000, units=(),
)  # fmt: skip


def needed(batch: KnownBatch) -> int:
    grams = minimum_copper_g(parse_designation(batch.designation), batch.length_mm, batch.produced_on)
    assert grams is not None
    return grams


def made(share: str, **other: object) -> KnownBatch:
    """A batch with so much of the copper that it needs at least."""
    batch = replace(PLAIN, **other)
    return replace(batch, copper_g=int(needed(batch) * Decimal(share)) + 1)


@pytest.mark.parametrize(
    ("share", "balance"),
    [("0.90", "alarm"), ("0.969", "alarm"), ("0.97", "watch"), ("1.019", "watch"), ("1.02", "normal"), ("1.25", "more"), ("1.249", "normal")],
)  # fmt: skip
def test_a_quarter_is_judged_by_its_sum(share: str, balance: str) -> None:
    (quarter,) = copper_by_quarter([made(share), made(share, lot="L2")])

    assert quarter.balance == balance


def test_many_small_shortages_add_up_and_a_good_batch_hides_no_more_than_it_has() -> None:
    (quarter,) = copper_by_quarter([made("0.90", lot=f"L{n}") for n in range(9)] + [made("1.05", lot="M1")])

    assert quarter.balance == "alarm"
    assert quarter.copper_g == sum(batch.copper_g or 0 for batch in quarter.batches)


def test_what_cannot_be_compared_is_counted_and_weighs_nothing() -> None:
    some = [
        made("1.05"),
        replace(PLAIN, lot="L2"),
        replace(PLAIN, lot="L3", designation="YJLV-0.6/1kV-4×35", copper_g=1),
        replace(PLAIN, lot="L4", designation="no cable at all", copper_g=1),
    ]

    (quarter,) = copper_by_quarter(some)
    (bare,) = copper_by_quarter(some[1:])

    assert (quarter.balance, quarter.unweighed, quarter.not_compared) == ("normal", 1, 2)
    assert (bare.balance, bare.ratio) == ("unknown", None)


def test_before_the_standard_nothing_is_judged() -> None:
    (old,) = copper_by_quarter([made("0.5", produced_on=date(2026, 1, 1))])
    assert old.balance == "alarm"
    assert thresholds_on(date(2009, 9, 30)) is None
    assert all(each for each in (thresholds_on(DAY).source, thresholds_on(DAY).certainty))  # type: ignore[union-attr]


@given(st.dates(min_value=date(2009, 10, 1), max_value=date(2100, 1, 1)))
def test_every_day_lies_in_its_quarter(day: date) -> None:
    quarter = quarter_of(day)

    assert quarter.first <= day <= quarter.last
    assert quarter_of(quarter.first) == quarter_of(quarter.last) == quarter
    assert quarter_of(date.fromordinal(quarter.last.toordinal() + 1)) == (
        Quarter(quarter.year + 1, 1) if quarter.n == 4 else Quarter(quarter.year, quarter.n + 1)
    )
