"""Thresholds of prosecution: each at its boundary, alone and together; what is unknown is never taken for nothing."""

from datetime import date

import pytest

from cabletrace.model.crime import Amounts, estimate, price_of, reached, thresholds, thresholds_on

DAY = date(2026, 6, 30)
YUAN = 100


@pytest.mark.parametrize(
    ("sales", "stock", "codes"),
    [
        (50_000 * YUAN, 0, {"sales", "together"}),
        (50_000 * YUAN - 1, 0, set()),
        (0, 150_000 * YUAN, {"stock", "together"}),
        (0, 150_000 * YUAN - 1, set()),
        (40_000 * YUAN, 30_000 * YUAN, {"together"}),
        (40_000 * YUAN, 30_000 * YUAN - 1, set()),
    ],
)
def test_each_threshold_is_reached_at_its_amount_and_not_below(
    sales: int, stock: int, codes: set[str]
) -> None:
    assert {each.code for each in reached(Amounts(sales_fen=sales, stock_fen=stock), DAY)} == codes


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        (Amounts(sales_fen=50_000 * YUAN, stock_unknown_mm=1), "reached"),
        (Amounts(sales_fen=1, sales_unknown_mm=1), "unknown"),
        (Amounts(stock_unknown_mm=1), "unknown"),
        (Amounts(sales_fen=1, stock_fen=1), "not-reached"),
    ],
)
def test_what_is_unknown_is_no_zero(amounts: Amounts, said: str) -> None:
    assert estimate(amounts, DAY) == said


def test_amounts_add_up_member_by_member() -> None:
    whole = Amounts(sales_fen=1, stock_unknown_mm=2) + Amounts(sales_fen=3, sales_unknown_mm=4, stock_fen=5)

    assert whole == Amounts(sales_fen=4, sales_unknown_mm=4, stock_fen=5, stock_unknown_mm=2)


def test_no_rounding_brings_anybody_over_a_threshold() -> None:
    assert price_of(999, 1) == 0
    assert price_of(250_000, 31_577) == 7_894_250


def test_a_threshold_is_that_of_the_day() -> None:
    assert thresholds_on(date(2008, 6, 24)) == ()
    assert {each.code for each in thresholds_on(DAY)} == {"sales", "stock", "together"}
    assert all(
        each.clause and each.source and each.certainty in ("seen", "recalled") for each in thresholds()
    )
