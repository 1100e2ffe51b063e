"""Numbers with a unit: nothing is rounded that a person would miss, and what is printed reads back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.errors import InputError
from cabletrace.model.quantities import (
    LARGEST,
    decimal_of,
    kilograms_to_g,
    measured,
    metres_to_mm,
    show_kilograms,
    show_metres,
    show_percent,
    show_yuan,
    yuan_to_fen,
)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (8000.0, "8000"),
        (80, "80"),
        (13.0131, "13.0131"),
        ("2,000", "2000"),
        (" 2000 ", "2000"),
        ("１，２３４．５", "1234.5"),
        ("12 345", "12345"),
        ("1\u00a0234\u00a0567", "1234567"),
        ("\u2212500", "-500"),
        ("+7.", "7"),
        (".5", "0.5"),
    ],
)
def test_cells_and_texts_mean_their_shortest_decimal(value: object, number: str) -> None:
    assert decimal_of(value) == Decimal(number)


@pytest.mark.parametrize(
    "value",
    ["约五百米", "7.2左右", "", " ", "1,23", "12,34,567", "1,234 567", "1.234,5", "1e3", "1E99999999", "nan", "inf", "0x10",
     "1_000", "--5", "5-6", "10²", "½", "①", "٣", "9" * 41, "1" * 20, float("nan"), float("inf"), 1e300, 1e-300, 10**4000,
     True, None, Decimal(1)],
)  # fmt: skip
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(InputError) as refused:
        decimal_of(value)

    assert refused.value.code == "wrong-quantity"


def test_lengths_masses_and_prices_become_whole_small_units() -> None:
    assert metres_to_mm("8,000") == 8_000_000
    assert metres_to_mm(97.9) == 97_900
    assert metres_to_mm("１００米") == metres_to_mm("100 m") == 100_000
    assert kilograms_to_g(312.2) == kilograms_to_g("312.2kg") == 312_200
    assert yuan_to_fen("¥1,234.5") == yuan_to_fen("1234.50元") == 123_450


def test_spreadsheet_noise_is_rounded_away_and_nothing_else_is() -> None:
    assert metres_to_mm(0.1 + 0.2) == 300
    assert kilograms_to_g(1.1 * 3) == 3_300

    for finer in (1.2345, "0.0005", "100.000001"):
        with pytest.raises(InputError, match="whole millimetres"):
            metres_to_mm(finer)
    with pytest.raises(InputError, match="whole fen"):
        yuan_to_fen("0.005")


@pytest.mark.parametrize("value", [-500.0, "-1", "\u22120.001"])
def test_a_negative_length_is_refused(value: object) -> None:
    with pytest.raises(InputError, match="negative"):
        metres_to_mm(value)


def test_what_json_cannot_hold_exactly_is_out_of_bounds() -> None:
    assert metres_to_mm("9007199254740.991") == LARGEST

    with pytest.raises(InputError, match="out of bounds"):
        metres_to_mm("9007199254740.992")


@pytest.mark.parametrize(
    ("reported", "kept"),
    [
        ("7.14", "7.14"),
        ("7.140", "7.140"),
        (0.79, "0.79"),
        (27.0, "27"),
        (27, "27"),
        ("+07.5", "7.5"),
        ("-12", "-12"),
        (-0.0, "0"),
        (1e-07, "0.0000001"),
        (0.1 + 0.2, "0.3"),
        (13.013100000000001, "13.0131"),
        ("１３．３", "13.3"),
    ],
)
def test_a_measured_value_keeps_the_digits_that_were_reported(reported: object, kept: str) -> None:
    assert measured(reported) == kept


@given(st.decimals(min_value=-1_000_000, max_value=1_000_000, places=8))
def test_a_measured_value_of_a_cell_is_what_was_typed_there(typed: Decimal) -> None:
    text = measured(float(typed))

    assert Decimal(text) == typed
    assert measured(text) == text


@pytest.mark.parametrize("value", [13.01 / 3, "4.333333333", "1" * 13, 1e13])
def test_more_digits_than_anybody_measures_are_refused_in_words(value: object) -> None:
    with pytest.raises(InputError) as refused:
        measured(value)

    assert refused.value.code == "wrong-quantity"
    assert "{" not in refused.value.problems[0].detail.zh


def test_people_see_grouped_thousands_and_no_idle_zeros() -> None:
    assert show_metres(1_234_500) == "1,234.5"
    assert show_metres(100_000) == "100"
    assert show_metres(1) == "0.001"
    assert show_metres(-500) == "-0.5"
    assert show_kilograms(14_547_100) == "14,547.1"
    assert show_yuan(123_450) == "1,234.50"
    assert show_yuan(-5) == "-0.05"
    assert show_percent(Decimal("0.035")) == "3.5 %"
    assert show_percent(Decimal("0.7")) == "70 %"
    assert show_percent(Decimal("0.00125")) == "0.12 %"


@given(st.integers(0, LARGEST))
def test_what_is_shown_reads_back(amount: int) -> None:
    assert metres_to_mm(show_metres(amount)) == amount
    assert kilograms_to_g(show_kilograms(amount)) == amount
    assert yuan_to_fen(show_yuan(amount)) == amount


@given(st.integers(0, 10**12), st.integers(1, 3))
def test_a_float_of_whole_millimetres_is_never_refused(length_mm: int, parts: int) -> None:
    assert metres_to_mm(length_mm / 1000) == length_mm
