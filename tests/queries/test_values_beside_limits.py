"""Values of a report beside their limits: what each is called, and what the report as a whole is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cabletrace.errors import Text
from cabletrace.model.bodies import TestItem
from cabletrace.model.designation import parse_designation
from cabletrace.model.judgement import Grade
from cabletrace.queries.answers import Standing
from cabletrace.queries.reports import (
    BEYOND,
    DECLARED_FAIL,
    NOT_JUDGED,
    UNVERIFIED_BEYOND,
    UNVERIFIED_WITHIN,
    VOLTAGE_REACHED,
    VOLTAGE_TOO_LOW,
    WITHIN,
    Reading,
    Report,
    read,
)

TODAY = date(2026, 5, 1)
RESISTANCE = ("导体电阻", "Ω/km")
MEAN, LEAST, VOLTAGE = ("绝缘平均厚度", "mm"), ("绝缘最薄处厚度", "mm"), ("电压试验", "kV")
WIRE, POWER = "BV 2.5", "YJV-0.6/1kV 3×95+1×50"


def value(
    cable: str, about: tuple[str, str], measured: str, *, celsius: str | None = None, core: str | None = None
) -> Reading:
    indicator, unit = about
    item = TestItem(indicator=indicator, value=measured, unit=unit, temperature_celsius=celsius, core=core)
    return read(item, parse_designation(cable), TODAY)


def report(*readings: Reading, declared: str = "none") -> Report:
    return Report(
        index=1,
        event_id="e",
        number="R",
        type="supervision",
        party="",
        laboratory="",
        tested_on=None,
        sampled_unit=None,
        declared=declared,
        readings=readings,
    )


@pytest.mark.parametrize(
    ("cable", "about", "measured", "standing"),
    [
        (WIRE, RESISTANCE, "7.41", WITHIN),
        (WIRE, RESISTANCE, "7.42", BEYOND),
        (WIRE, MEAN, "0.75", WITHIN),
        (WIRE, MEAN, "0.74", BEYOND),
        (WIRE, LEAST, "0.62", UNVERIFIED_WITHIN),
        (WIRE, LEAST, "0.61", UNVERIFIED_BEYOND),
        (POWER, LEAST, "0.88", BEYOND),
        (POWER, MEAN, "0.9", UNVERIFIED_BEYOND),
        (POWER, VOLTAGE, "3.5", VOLTAGE_REACHED),
        (POWER, VOLTAGE, "3.4", VOLTAGE_TOO_LOW),
        ("KVV 7×2.5", VOLTAGE, "3", NOT_JUDGED),
        (WIRE, ("热延伸", "%"), "100", NOT_JUDGED),
        (WIRE, ("线芯识别", "/"), "1", NOT_JUDGED),
    ],
)
def test_a_value_is_called_what_it_is_beside_its_limit(
    cable: str, about: tuple[str, str], measured: str, standing: Standing
) -> None:
    assert value(cable, about, measured).standing == standing


def test_a_value_in_another_unit_is_compared_in_that_of_the_limit() -> None:
    thin = value(WIRE, ("绝缘平均厚度", "μm"), "740")

    assert (thin.value, thin.unit, thin.rounded, thin.standing) == ("740", "μm", Decimal("0.7"), BEYOND)


def test_what_lies_beyond_has_its_excess_and_grade_and_what_is_within_has_none() -> None:
    over, inside = value(WIRE, RESISTANCE, "7.7805"), value(WIRE, RESISTANCE, "7.0")

    assert (over.excess, over.grade) == (Decimal("0.05"), Grade.I)
    assert (inside.excess, inside.grade) == (None, None)


def test_only_resistance_is_brought_to_20_degrees_and_only_means_are_rounded() -> None:
    warm, thick = value(WIRE, RESISTANCE, "7.6", celsius="30"), value(WIRE, MEAN, "0.83", celsius="30")

    assert warm.value_at_20 is not None
    assert round(warm.value_at_20, 3) == Decimal("7.313")
    assert (warm.rounded, thick.value_at_20, thick.rounded) == (None, None, Decimal("0.8"))


def test_the_reason_is_told_where_no_limit_is_known() -> None:
    assert value(POWER, MEAN, "1.1", core="红").why_not == Text(
        "看不出是哪一种线芯", "which of its cores is meant cannot be told"
    )
    assert value(WIRE, MEAN, "0.8").why_not is None


def test_the_usual_method_is_not_taken_for_what_the_report_says() -> None:
    found = value(WIRE, RESISTANCE, "7.4")

    assert (found.method, found.usual_method) == ("", "GB/T 3048.4")


def test_a_report_is_called_by_the_worst_that_is_certain_and_then_by_what_is_not() -> None:
    good, over = value(WIRE, RESISTANCE, "7.4"), value(WIRE, RESISTANCE, "7.5")
    doubtful, doubtful_good = value(WIRE, LEAST, "0.5"), value(WIRE, LEAST, "0.7")
    unknown = value(WIRE, ("外径", "mm"), "3")

    assert report(good, doubtful, over).standing == BEYOND
    assert report(good, doubtful, unknown).standing == UNVERIFIED_BEYOND
    assert report(good, doubtful_good, unknown).standing == WITHIN
    assert report(doubtful_good, unknown).standing == UNVERIFIED_WITHIN
    assert report(unknown).standing == NOT_JUDGED
    assert report(good, declared="fail").standing == DECLARED_FAIL


def test_a_limit_that_is_unverified_stops_no_goods() -> None:
    assert UNVERIFIED_BEYOND.state == "unknown"
    assert report(value(WIRE, LEAST, "0.1")).standing.state == "unknown"
