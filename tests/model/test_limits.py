"""Conductor limits: the packaged table, the correction to 20 °C, and the least copper that can comply."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.errors import InputError
from cabletrace.model.designation import AREAS, Metal, parse_designation
from cabletrace.model.limits import (
    Coating,
    copper_is_short,
    copper_ratio,
    judge_resistance,
    max_resistance,
    minimum_copper_g,
    resistance_at_20,
)

TODAY = date(2026, 5, 1)
ROOM = Decimal(20)


def limit(area: str, conductor_class: int, metal: Metal, coating: Coating = Coating.PLAIN) -> str | None:
    found = max_resistance(area, conductor_class, metal, TODAY, coating=coating)
    return str(found.value) if found else None


# ---- the table ----


@pytest.mark.parametrize(
    ("area", "conductor_class", "metal", "coating", "ohm_per_km"),
    [
        ("2.5", 1, Metal.COPPER, Coating.PLAIN, "7.41"),
        ("6", 2, Metal.COPPER, Coating.PLAIN, "3.08"),
        ("1.5", 5, Metal.COPPER, Coating.PLAIN, "13.3"),
        ("1.5", 5, Metal.COPPER, Coating.TINNED, "13.7"),
        ("95", 2, Metal.COPPER, Coating.PLAIN, "0.193"),
        ("70", 2, Metal.ALUMINIUM, Coating.PLAIN, "0.443"),
        # solid copper leaves the stranded values from 185 mm² on
        ("150", 1, Metal.COPPER, Coating.PLAIN, "0.124"),
        ("185", 1, Metal.COPPER, Coating.PLAIN, "0.101"),
        ("185", 2, Metal.COPPER, Coating.PLAIN, "0.0991"),
        ("400", 1, Metal.COPPER, Coating.PLAIN, "0.0465"),
        ("500", 1, Metal.COPPER, Coating.PLAIN, None),
        # tinned wire is class 2 only above 16 mm²; class 6 ends at 300
        ("16", 1, Metal.COPPER, Coating.TINNED, "1.16"),
        ("25", 1, Metal.COPPER, Coating.TINNED, None),
        ("25", 2, Metal.COPPER, Coating.TINNED, "0.734"),
        ("300", 6, Metal.COPPER, Coating.PLAIN, "0.0641"),
        ("400", 5, Metal.COPPER, Coating.PLAIN, "0.0486"),
        ("400", 6, Metal.COPPER, Coating.PLAIN, None),
        # the standard's own surprise at 50 mm²: finer wires, lower limit
        ("50", 5, Metal.COPPER, Coating.PLAIN, "0.386"),
        ("50", 2, Metal.COPPER, Coating.PLAIN, "0.387"),
        # alloy: as aluminium if stranded, × 1.162 if solid
        ("70", 2, Metal.ALUMINIUM_ALLOY, Coating.PLAIN, "0.443"),
        ("10", 1, Metal.ALUMINIUM_ALLOY, Coating.PLAIN, "3.57896"),
        ("6", 2, Metal.ALUMINIUM, Coating.PLAIN, None),
    ],
)
def test_limits_are_those_of_the_standard(
    area: str, conductor_class: int, metal: Metal, coating: Coating, ohm_per_km: str | None
) -> None:
    assert limit(area, conductor_class, metal, coating) == ohm_per_km


def test_a_limit_names_its_standard_and_whether_a_print_was_seen() -> None:
    seen = max_resistance("2.5", 1, Metal.COPPER, TODAY)
    recalled = max_resistance("2500", 2, Metal.COPPER, TODAY)

    assert seen is not None
    assert recalled is not None
    assert (seen.standard, seen.clause, seen.unit) == ("GB/T 3956-2008", "table 1", "Ω/km")
    assert (seen.verified, recalled.verified) == (True, False)


def test_no_limit_is_known_before_the_standard_came_into_force() -> None:
    assert max_resistance("2.5", 1, Metal.COPPER, date(2009, 9, 30)) is None
    assert max_resistance("2.5", 1, Metal.COPPER, date(2009, 10, 1)) is not None


@pytest.mark.parametrize("coating", list(Coating))
@pytest.mark.parametrize("metal", list(Metal))
@pytest.mark.parametrize("conductor_class", [1, 2, 5, 6])
def test_a_thicker_conductor_always_has_a_lower_limit(
    conductor_class: int, metal: Metal, coating: Coating
) -> None:
    limits = [Decimal(found) for area in AREAS if (found := limit(area, conductor_class, metal, coating))]

    assert limits == sorted(set(limits), reverse=True)


@given(area=st.sampled_from(AREAS), conductor_class=st.sampled_from([1, 2, 5, 6]))
def test_a_limit_lies_near_the_resistance_of_its_nominal_area(area: str, conductor_class: int) -> None:
    for metal, resistivity in ((Metal.COPPER, "17.241"), (Metal.ALUMINIUM, "28.264")):
        found = limit(area, conductor_class, metal)
        if found is not None:
            nominal = Decimal(resistivity) / Decimal(area)
            assert Decimal("1.00") < Decimal(found) / nominal < Decimal("1.17")


# ---- correction to 20 °C ----


@pytest.mark.parametrize(
    ("celsius", "factor"),
    [(5, "1.064"), (10, "1.042"), (15, "1.020"), (20, "1.000"), (25, "0.980"), (30, "0.962"), (35, "0.943")],
)
@pytest.mark.parametrize("metal", [Metal.COPPER, Metal.ALUMINIUM])
def test_the_exact_factor_agrees_with_the_standards_table_to_a_thousandth(
    celsius: int, factor: str, metal: Metal
) -> None:
    exact = resistance_at_20(Decimal(1), Decimal(celsius), metal)

    assert abs(exact - Decimal(factor)) < Decimal("0.0015")


def test_copper_and_aluminium_have_their_own_factors() -> None:
    assert round(resistance_at_20(Decimal(1), Decimal(30), Metal.COPPER), 6) == Decimal("0.962193")
    assert round(resistance_at_20(Decimal(1), Decimal(30), Metal.ALUMINIUM), 6) == Decimal("0.961240")


def test_a_report_without_temperature_states_the_value_at_20() -> None:
    assert resistance_at_20(Decimal("7.14"), None, Metal.COPPER) == Decimal("7.14")
    assert resistance_at_20(Decimal("7.14"), ROOM, Metal.COPPER) == Decimal("7.14")


@pytest.mark.parametrize(("value", "celsius"), [("7.14", "-21"), ("7.14", "200"), ("0", "20"), ("-7", None)])
def test_impossible_readings_are_refused(value: str, celsius: str | None) -> None:
    with pytest.raises(InputError) as refused:
        resistance_at_20(Decimal(value), Decimal(celsius) if celsius else None, Metal.COPPER)

    assert refused.value.code == "wrong-quantity"


# ---- judgements ----


def test_a_reading_at_the_limit_is_within_and_one_above_is_not() -> None:
    wire = parse_designation("BV-2.5")

    at = judge_resistance(wire, "", Decimal("7.41"), ROOM, TODAY)
    above = judge_resistance(wire, "", Decimal("7.4101"), ROOM, TODAY)

    assert at.within is True
    assert at.excess == Decimal(0)
    assert above.within is False
    assert above.excess is not None
    assert above.excess > 0


def test_a_warm_room_is_no_offence_and_a_cold_one_hides_none() -> None:
    wire = parse_designation("BV-2.5")

    warm = judge_resistance(wire, "", Decimal("7.60"), Decimal(30), TODAY)
    cold = judge_resistance(wire, "", Decimal("7.30"), Decimal(10), TODAY)

    assert warm.within is True
    assert cold.within is False


@pytest.mark.parametrize(
    ("core", "ohm_per_km"),
    [("", "0.193"), ("主线芯", "0.193"), (" 相线 ", "0.193"), ("中性线芯", "0.387"), ("零线", "0.387"), ("n", "0.387"),
     ("PE", "0.727"), ("地线", "0.727"), ("4号", None)],
)  # fmt: skip
def test_the_core_named_in_the_report_is_the_one_judged(core: str, ohm_per_km: str | None) -> None:
    cable = parse_designation("YJV 3×95+1×50+1×25")

    judged = judge_resistance(cable, core, Decimal("0.1"), ROOM, TODAY)

    assert (judged.limit and str(judged.limit.value)) == ohm_per_km
    assert judged.within is (True if ohm_per_km else None)


def test_any_core_of_a_cable_with_one_area_is_that_area() -> None:
    judged = judge_resistance(parse_designation("KVV 7×2.5"), "4号", Decimal("7.5"), ROOM, TODAY)

    assert judged.within is False


@pytest.mark.parametrize(
    "unruled", ["LGJ-240/30", "JKYJ 1×70", "JKLHYJ 1×70", "BTTZ 4×6", "RVV 2×0.3", "BLV 2.5"]
)
def test_what_the_standard_does_not_rule_is_not_judged(unruled: str) -> None:
    judged = judge_resistance(parse_designation(unruled), "", Decimal(1000), ROOM, TODAY)

    assert (judged.limit, judged.within, judged.excess) == (None, None, None)


def test_tinned_wire_is_judged_by_its_own_limit() -> None:
    cord = parse_designation("YCW 3×6")

    assert judge_resistance(cord, "", Decimal("3.35"), ROOM, TODAY).within is False
    assert judge_resistance(cord, "", Decimal("3.35"), ROOM, TODAY, coating=Coating.TINNED).within is True


# ---- copper ----


@pytest.mark.parametrize(
    ("printed", "kilograms_per_km"),
    [
        # 8.89 × 17.241 / Rmax for one core; then every core counted
        ("BV 2.5", "20.68"),
        ("BVR 6", "49.76"),
        ("RVV 3×1.5", "34.57"),
        ("KVV 7×2.5", "144.79"),
        ("YJV 3×95+1×50", "2778.60"),
        ("ZC-YJV22 4×120+1×70", "4579.00"),
    ],
)
def test_the_least_copper_is_that_of_straight_wires_at_the_limit(printed: str, kilograms_per_km: str) -> None:
    grams = minimum_copper_g(parse_designation(printed), 1_000_000, TODAY)

    assert grams is not None
    assert abs(Decimal(grams) / 1000 - Decimal(kilograms_per_km)) < Decimal("0.1")


@pytest.mark.parametrize(
    "other", ["JKLYJ 1×70", "YJLV 4×25", "LGJ-240/30", "TJ-50", "JKYJ 1×70", "RVV 2×0.3"]
)
def test_copper_is_unknown_where_there_is_none_or_no_limit(other: str) -> None:
    cable = parse_designation(other)

    assert minimum_copper_g(cable, 1_000_000, TODAY) is None
    assert copper_ratio(cable, 1_000_000, 0, TODAY) is None
    assert copper_is_short(cable, 1_000_000, 0, TODAY) is None


def test_copper_is_short_below_the_threshold_and_not_at_it() -> None:
    wire = parse_designation("BV 2.5")
    least = minimum_copper_g(wire, 100_000_000, TODAY)
    assert least == 2_068_454  # × 0.97 = 2,006,400.38

    assert copper_is_short(wire, 100_000_000, 2_006_400, TODAY) is True
    assert copper_is_short(wire, 100_000_000, 2_006_401, TODAY) is False
    assert copper_is_short(wire, 100_000_000, 0, TODAY) is True


def test_copper_of_no_length_is_unknown() -> None:
    assert copper_ratio(parse_designation("BV 2.5"), 0, 100, TODAY) is None


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_least_copper_of_two_lengths_is_that_of_their_sum(one: int, other: int) -> None:
    cable = parse_designation("YJV 3×95+1×50")

    apart = [minimum_copper_g(cable, length, TODAY) or 0 for length in (one, other)]
    whole = minimum_copper_g(cable, one + other, TODAY) or 0

    assert whole - sum(apart) in (0, 1)
