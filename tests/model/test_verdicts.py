"""Verdicts on measured values: at the limit and one unit beyond, the rounding rule, the grades, what is not judged."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cabletrace.model.designation import Metal, parse_designation
from cabletrace.model.judgement import GRADES, NO_LIMIT, Grade, Judgement, NoLimit
from cabletrace.model.verdicts import grade, judge, limit_of

TODAY = date(2026, 5, 1)
MEAN, LEAST = "insulation-thickness-mean", "insulation-thickness-least"


def judged(
    printed: str, indicator: str, value: str, *, core: str = "", celsius: str | None = None
) -> Judgement:
    room = None if celsius is None else Decimal(celsius)
    return judge(parse_designation(printed), indicator, core, Decimal(value), room, TODAY)


@pytest.mark.parametrize(
    ("printed", "indicator", "at_the_limit", "beyond"),
    [
        ("BV 2.5", "conductor-resistance", "7.41", "7.42"),
        ("BV 2.5", LEAST, "0.62", "0.61"),
        ("YJV-0.6/1kV 4×16", LEAST, "0.53", "0.52"),
        ("RVV 3×1.5", "sheath-thickness-least", "0.665", "0.66"),
        ("BV 2.5", "insulation-strength", "12.5", "12.4"),
        ("BV 2.5", "insulation-elongation", "125", "124"),
        ("RV 2.5", "insulation-elongation", "150", "149"),
        ("BV 2.5", "insulation-strength-change", "20", "21"),
        ("BV 2.5", "insulation-strength-change", "-20", "-21"),
        ("BV 2.5", "mass-loss", "2.0", "2.1"),
        ("YJV-0.6/1kV 4×16", "insulation-elongation", "200", "199"),
        ("YJV-0.6/1kV 4×16", "hot-set-elongation", "175", "176"),
        ("YJV-0.6/1kV 4×16", "hot-set-permanent", "15", "16"),
    ],
)
def test_a_value_at_the_limit_is_within_and_one_step_beyond_is_not(
    printed: str, indicator: str, at_the_limit: str, beyond: str
) -> None:
    at, over = judged(printed, indicator, at_the_limit), judged(printed, indicator, beyond)

    assert (at.within, at.excess, at.grade) == (True, 0, None)
    assert over.within is False
    assert over.excess is not None
    assert over.excess > 0


@pytest.mark.parametrize(
    ("value", "rounded", "within"),
    [("0.75", "0.8", True), ("0.749", "0.7", False), ("0.74", "0.7", False), ("0.8", "0.8", True), ("0.85", "0.9", True)],
)  # fmt: skip
def test_a_mean_is_rounded_to_a_tenth_before_it_is_compared(value: str, rounded: str, within: bool) -> None:
    found = judged("BV 2.5", MEAN, value)  # nominal 0.8

    assert (str(found.value), found.within) == (rounded, within)


def test_other_values_are_compared_as_reported() -> None:
    assert judged("BV 2.5", LEAST, "0.6199").within is False
    assert judged("BV 2.5", "insulation-strength", "12.499").within is False


def test_excess_is_what_the_reported_value_lacks_or_has_too_much() -> None:
    assert judged("BV 2.5", MEAN, "0.72").excess == Decimal("0.1")
    assert judged("BV 2.5", "mass-loss", "2.2").excess == Decimal("0.1")
    assert judged("BV 2.5", "insulation-strength-change", "-25").excess == Decimal("0.25")


# ---- grades ----


@pytest.mark.parametrize(
    ("metal", "excess", "expected"),
    [
        (Metal.COPPER, "0.0501", Grade.I),
        (Metal.COPPER, "0.05", Grade.I),
        (Metal.COPPER, "0.0499", Grade.II),
        (Metal.COPPER, "0.03", Grade.II),
        (Metal.COPPER, "0.0299", Grade.III),
        (Metal.COPPER, "0.01", Grade.III),
        (Metal.COPPER, "0.0099", Grade.SLIGHT),
        (Metal.COPPER, "0.0001", Grade.SLIGHT),
        (Metal.COPPER, "0", None),
        (Metal.ALUMINIUM, "0.07", Grade.I),
        (Metal.ALUMINIUM, "0.0699", Grade.II),
        (Metal.ALUMINIUM, "0.04", Grade.II),
        (Metal.ALUMINIUM, "0.0399", Grade.III),
        (Metal.ALUMINIUM, "0.01", Grade.III),
        (Metal.ALUMINIUM, "0.0099", Grade.SLIGHT),
        (Metal.ALUMINIUM_ALLOY, "0.5", None),
    ],
)
def test_resistance_is_graded_by_its_excess(metal: Metal, excess: str, expected: Grade | None) -> None:
    assert grade("conductor-resistance", metal, Decimal(excess), TODAY) is expected


@pytest.mark.parametrize(("value", "expected"), [("0.71", Grade.I), ("0.72", Grade.II), ("0.74", Grade.II)])
def test_a_mean_thickness_below_nine_tenths_is_grade_one_and_any_other_short_one_is_grade_two(
    value: str, expected: Grade
) -> None:
    assert judged("BV 2.5", MEAN, value).grade is expected


def test_what_is_within_has_no_grade_and_neither_has_what_nobody_grades() -> None:
    assert judged("BV 2.5", "conductor-resistance", "7.40").grade is None
    assert judged("BV 2.5", MEAN, "0.75").grade is None  # short of 0.8, and within by rounding
    assert judged("BV 2.5", "insulation-strength", "5").grade is None


def test_no_grading_was_in_force_before_its_day() -> None:
    assert grade("conductor-resistance", Metal.COPPER, Decimal(1), date(2009, 9, 30)) is None


def test_a_reading_is_graded_at_20_degrees() -> None:
    # 7.60 Ω/km at 10 °C is 7.911 at 20 °C, 6.8 % over; as it stands it would be 2.6 %
    assert judged("BV 2.5", "conductor-resistance", "7.60", celsius="10").grade is Grade.I
    assert judged("BV 2.5", "conductor-resistance", "7.60").grade is Grade.III


# ---- cores ----


@pytest.mark.parametrize(
    ("core", "value", "within"),
    [("主线芯", "0.193", True), ("主线芯", "0.194", False), ("N", "0.387", True), ("N", "0.388", False), ("红", "0.1", None)],
)  # fmt: skip
def test_each_core_of_a_cable_of_two_areas_has_its_own_limit(
    core: str, value: str, within: bool | None
) -> None:
    cable = "YJV-0.6/1kV 3×95+1×50"

    assert judged(cable, "conductor-resistance", value, core=core).within is within
    thickness = judged(cable, LEAST, "0.85", core=core)  # 0.89 of 95 mm², 0.80 of 50 mm²
    assert thickness.within is {"主线芯": False, "N": True, "红": None}[core]


# ---- not judged ----


def test_a_test_voltage_says_nothing_of_whether_the_cable_held() -> None:
    enough, too_low = (
        judged("YJV-0.6/1kV 4×16", "voltage", "3.5"),
        judged("YJV-0.6/1kV 4×16", "voltage", "3.4"),
    )

    assert (enough.within, enough.grade, too_low.within, too_low.grade) == (None, None, None, None)
    assert enough.excess == 0
    assert too_low.excess is not None
    assert too_low.excess > 0


@pytest.mark.parametrize(
    ("printed", "indicator", "why"),
    [
        ("BV 2.5", "hot-set-elongation", NoLimit.NOT_TESTED),
        ("BV 2.5", "sheath-thickness-mean", NoLimit.NOT_TESTED),
        ("BV 2.5", "ozone", NoLimit.NOT_TESTED),
        ("YC 3×2.5+1×1.5", "ozone", NoLimit.INDICATOR),
        ("YC 3×2.5+1×1.5", "insulation-strength", NoLimit.CABLE),
        ("LGJ-240/30", "conductor-resistance", NoLimit.CONDUCTOR),
        ("YJLV-0.6/1kV 4×6", "conductor-resistance", NoLimit.AREA),
    ],
)
def test_what_has_no_limit_is_not_judged_and_told_why(printed: str, indicator: str, why: NoLimit) -> None:
    found = judged(printed, indicator, "1")

    assert (found.limit, found.within, found.excess, found.why_not) == (None, None, None, why)
    assert limit_of(parse_designation(printed), indicator, "", TODAY) is why


def test_before_its_standard_a_conductor_has_no_limit() -> None:
    wire = parse_designation("BV 2.5")

    assert limit_of(wire, "conductor-resistance", "", date(2009, 9, 30)) is NoLimit.NOT_IN_FORCE


@pytest.mark.parametrize(
    ("indicator", "value", "celsius"),
    [("conductor-resistance", "0", None), ("conductor-resistance", "7.4", "90"), (MEAN, "-0.8", None), ("voltage", "-1", None)],
)  # fmt: skip
def test_what_no_test_can_have_given_is_not_judged(indicator: str, value: str, celsius: str | None) -> None:
    found = judged("BV 2.5", indicator, value, celsius=celsius)

    assert (found.limit, found.why_not) == (None, NoLimit.NO_READING)


def test_nothing_left_of_the_insulation_is_a_reading() -> None:
    assert judged("BV 2.5", LEAST, "0").excess == 1


def test_every_reason_and_every_grade_has_words_in_both_languages() -> None:
    assert set(NO_LIMIT) == set(NoLimit)
    assert set(GRADES) == set(Grade)
    assert all(text.zh and text.en for text in (*NO_LIMIT.values(), *GRADES.values()))
