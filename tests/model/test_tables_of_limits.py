"""The packaged tables of thickness, materials and test voltages: every cell, read back through a designation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from cabletrace.model import table_limits
from cabletrace.model.designation import AREAS as NOMINAL
from cabletrace.model.designation import parse_designation
from cabletrace.model.indicators import INDICATORS
from cabletrace.model.judgement import Limit, NoLimit, Sense
from cabletrace.model.packaged import packaged
from cabletrace.model.table_limits import TABLES, cells, table_limit
from cabletrace.model.tested_indicators import Applies, is_tested, matrix

TODAY = date(2026, 5, 1)
#: What a table may have: 0.5 to 1000 mm².
AREAS = NOMINAL[NOMINAL.index("0.5") : NOMINAL.index("1000") + 1]
MEAN, LEAST = "insulation-thickness-mean", "insulation-thickness-least"
SHEATH_MEAN, SHEATH_LEAST = "sheath-thickness-mean", "sheath-thickness-least"
BV = "1.5 0.7, 2.5-6 0.8, 10-16 1.0, 25-35 1.2, 50-70 1.4, 95-120 1.6, 150 1.8, 185 2.0, 240 2.2, 300 2.4, 400 2.6"
XLPE = (
    "1.5-16 0.7, 25-35 0.9, 50 1.0, 70-95 1.1, 120 1.2, 150 1.4, 185 1.6, 240 1.7, 300 1.8, 400 2.0, 500 2.2, 630 2.4,"
    " 800 2.6, 1000 2.8"
)
PVC = (
    "1.5-2.5 0.8, 4-16 1.0, 25-35 1.2, 50-70 1.4, 95-120 1.6, 150 1.8, 185 2.0, 240 2.2, 300 2.4, 400 2.6, 500-800 2.8,"
    " 1000 3.0"
)
AERIAL = "10 1.0, 16-25 1.2, 35-70 1.4, 95-120 1.6, 150 1.8, 185 2.0, 240 2.2"
#: Designation without its area: nominal thickness of the insulation, verified mean, verified minimum.
INSULATION = {
    "BV-450/750V 1×": (BV, ("1.5", "2.5"), ()),
    "60227 IEC 01(BV) 1×": (BV, ("1.5", "2.5"), ()),
    "RV-450/750V 1×": (BV, (), ()),
    "BV-300/500V 1×": ("0.5-1 0.6", (), ()),
    "60227 IEC 06(RV) 1×": ("0.5-1 0.6", (), ()),
    "BVR-450/750V 1×": ("2.5-6 0.8, 10-16 1.0, 25-35 1.2, 50-70 1.4", (), ()),
    "YJV-0.6/1kV 4×": (XLPE, (), AREAS),
    "ZC-YJLV22-0.6/1kV 3×": (XLPE, (), AREAS),
    "VV22-0.6/1kV 4×": (PVC, (), AREAS),
    "JKLYJ-1kV 1×": (AERIAL + ", 300 2.2", (), ()),
    "JKYJ-0.6/1kV 1×": (AERIAL, (), ()),
    "JKLYJ-10kV 1×": ("35-240 3.4", (), ()),
    "JKLYJ/Q-10kV 1×": ("35-240 2.5", (), ()),
    "KVV 7×": ("0.75-1 0.6, 1.5 0.7, 2.5-6 0.8, 10 1.0", (), ()),
}
FLEXIBLE = (
    "2×0.75 0.6 0.8, 2×1 0.6 0.8, 2×1.5 0.7 0.8, 2×2.5 0.8 1.0, 3×0.75 0.6 0.8, 3×1 0.6 0.8, 3×1.5 0.7 0.9, 3×2.5 0.8 1.1,"
    " 4×0.75 0.6 0.8, 4×1 0.6 0.9, 4×1.5 0.7 1.0, 4×2.5 0.8 1.1, 5×0.75 0.6 0.9, 5×1 0.6 0.9, 5×1.5 0.7 1.1, 5×2.5 0.8 1.2"
)


def by_area(table: str) -> Iterator[tuple[str, str]]:
    for part in table.split(", "):
        span, value = part.split()
        first, _, last = span.partition("-")
        for area in AREAS[AREAS.index(first) : AREAS.index(last or first) + 1]:
            yield area, value


def limit(printed: str, indicator: str, core: str = "", on: date = TODAY) -> Limit:
    found = table_limit(parse_designation(printed), indicator, core, on)
    assert isinstance(found, Limit), f"{printed}, {indicator}: {found}"
    return found


def none(printed: str, indicator: str, core: str = "", on: date = TODAY) -> NoLimit:
    found = table_limit(parse_designation(printed), indicator, core, on)
    assert isinstance(found, NoLimit), f"{printed}, {indicator}: {found}"
    return found


def said(one: Limit) -> tuple[str, bool]:
    return one.shown, one.verified


# ---- thickness ----


@pytest.mark.parametrize("printed", INSULATION)
def test_every_thickness_of_insulation_is_that_of_the_table(printed: str) -> None:
    table, means_seen, minima_seen = INSULATION[printed]
    for area, nominal in by_area(table):
        mean, least = limit(printed + area, MEAN), limit(printed + area, LEAST)

        assert said(mean) == (f"≥ {nominal}", area in means_seen)
        assert least.value == Decimal("0.9") * Decimal(nominal) - Decimal("0.1")
        assert (least.sense, least.verified) == (Sense.AT_LEAST, area in minima_seen)
        assert (mean.rounded_to, least.rounded_to) == (Decimal("0.1"), None)
        assert {mean.unit, least.unit} == {"mm"}


@pytest.mark.parametrize("printed", [printed for printed in INSULATION if "10kV" not in printed])
def test_areas_that_the_table_leaves_out_have_no_thickness(printed: str) -> None:
    there = dict(by_area(INSULATION[printed][0]))

    left_out = [area for area in AREAS if area not in there]

    assert {none(printed + area, MEAN) for area in left_out} == {NoLimit.AREA}


@pytest.mark.parametrize(
    ("head", "is_seen"), [("60227 IEC 57 ", True), ("60227 IEC 53 ", False), ("RVV ", False)]
)
def test_every_thickness_of_a_flexible_cable_is_that_of_its_cores(head: str, is_seen: bool) -> None:
    for part in FLEXIBLE.split(", "):
        spec, insulation, sheath = part.split()

        assert said(limit(head + spec, MEAN)) == (f"≥ {insulation}", is_seen)
        assert said(limit(head + spec, SHEATH_MEAN)) == (f"≥ {sheath}", is_seen)
        assert limit(head + spec, LEAST).value == Decimal("0.9") * Decimal(insulation) - Decimal("0.1")
        assert limit(head + spec, SHEATH_LEAST).value == Decimal("0.85") * Decimal(sheath) - Decimal("0.1")
        assert not limit(head + spec, SHEATH_LEAST).verified


def test_a_cable_of_other_cores_than_the_table_has_is_not_judged_by_its_neighbour() -> None:
    assert none("RVV 6×1.5", MEAN) is NoLimit.AREA
    assert none("RVV 3×2.5+1×1.5", SHEATH_MEAN) is NoLimit.AREA


def test_the_core_that_is_named_has_the_thickness_of_its_area() -> None:
    cable = "YJV-0.6/1kV 3×95+1×50"

    assert [limit(cable, MEAN, core).shown for core in ("", "主线芯", "中性线芯", "N")] == [
        "≥ 1.1", "≥ 1.1", "≥ 1.0", "≥ 1.0",
    ]  # fmt: skip
    assert none(cable, MEAN, "4号") is NoLimit.CORE
    assert limit(cable, "insulation-strength", "4号").shown == "≥ 12.5"  # the same of every core


def test_aluminium_alone_has_an_aerial_cable_of_300() -> None:
    assert none("JKYJ-1kV 1×300", MEAN) is NoLimit.AREA
    assert none("JKLHYJ-1kV 1×300", MEAN) is NoLimit.AREA


# ---- materials ----

MATERIALS = {
    "BV 2.5": ("12.5", "125", "20", "2.0", True),
    "RV 2.5": ("10", "150", "20", "2.0", True),
    "RVV 3×1.5": ("10", "150", "20", "2.0", True),
    "RVS 2×1.5": ("10", "150", "20", "2.0", True),
}


@pytest.mark.parametrize("printed", MATERIALS)
def test_pvc_insulation_has_the_strength_and_the_ageing_of_its_compound(printed: str) -> None:
    strength, elongation, change, loss, is_seen = MATERIALS[printed]

    assert said(limit(printed, "insulation-strength")) == (f"≥ {strength}", is_seen)
    assert said(limit(printed, "insulation-elongation")) == (f"≥ {elongation}", is_seen)
    assert said(limit(printed, "insulation-strength-change")) == (f"± {change}", is_seen)
    assert said(limit(printed, "insulation-elongation-change")) == (f"± {change}", is_seen)
    assert said(limit(printed, "mass-loss")) == (f"≤ {loss}", is_seen)


@pytest.mark.parametrize(
    "printed", ["YJV-0.6/1kV 4×16", "YJLV22-8.7/15kV 3×95", "KYJV 7×2.5", "JKLYJ-1kV 1×70", "JKLYJ-10kV 1×70"]
)
def test_cross_linked_insulation_has_recalled_limits_which_are_marked(printed: str) -> None:
    assert said(limit(printed, "insulation-strength")) == ("≥ 12.5", False)
    assert said(limit(printed, "insulation-elongation")) == ("≥ 200", False)
    assert said(limit(printed, "hot-set-elongation")) == ("≤ 175", False)
    assert said(limit(printed, "hot-set-permanent")) == ("≤ 15", False)


# ---- voltages ----


@pytest.mark.parametrize(
    ("printed", "kilovolts", "is_seen"),
    [
        ("BV-450/750V 2.5", "2.5", False),
        ("BV-300/500V 1", "2", True),
        ("RVV 3×1.5", "2", True),
        ("RVB 2×1", "2", True),
        ("YJV-0.6/1kV 4×16", "3.5", True),
        ("VV-0.6/1kV 4×16", "3.5", True),
        ("JKLYJ-10kV 1×70", "18", False),
    ],
)
def test_the_voltage_to_be_applied_is_that_of_the_rated_voltage(
    printed: str, kilovolts: str, is_seen: bool
) -> None:
    found = limit(printed, "voltage")

    assert (str(found.value), found.unit, found.sense, found.verified) == (
        kilovolts,
        "kV",
        Sense.TESTED_AT,
        is_seen,
    )


def test_sources_that_disagree_give_no_limit() -> None:
    assert none("KVV 7×2.5", "voltage") is NoLimit.SOURCES_DISAGREE


# ---- what is not known is said, with the reason ----


@pytest.mark.parametrize(
    ("printed", "indicator", "why"),
    [
        ("BV 2.5", "diameter", NoLimit.INDICATOR),
        ("LGJ-240/30", MEAN, NoLimit.CABLE),
        ("BLV 2.5", MEAN, NoLimit.CABLE),
        ("VV-0.6/1kV 4×16", "insulation-strength", NoLimit.CABLE),
        ("YJV 4×16", MEAN, NoLimit.VOLTAGE_UNSTATED),
        ("YJV-8.7/15kV 3×95", MEAN, NoLimit.VOLTAGE),
        ("BV 0.5", "sheath-strength", NoLimit.INDICATOR),
        ("YJV22-0.6/1kV 3×95", SHEATH_MEAN, NoLimit.NEEDS_DIAMETER),
        ("VV-0.6/1kV 3×95", SHEATH_LEAST, NoLimit.NEEDS_DIAMETER),
    ],
)
def test_why_there_is_no_limit_is_told(printed: str, indicator: str, why: NoLimit) -> None:
    assert none(printed, indicator) is why


def test_an_edition_judges_from_its_day_on() -> None:
    cable = "YJV-0.6/1kV 4×16"

    assert none(cable, MEAN, on=date(2020, 9, 30)) is NoLimit.NOT_IN_FORCE
    assert limit(cable, MEAN, on=date(2020, 10, 1)).standard == "GB/T 12706.1-2020"


def test_of_two_editions_the_newer_judges_from_its_day_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def packaged_twice(name: str) -> list[dict[str, str]]:
        later = {"effective_from": "2026-01-01", "value": "0.9", "standard": "GB/T 12706.1-2025"}
        return [row | new for row in packaged(name) for new in ({}, later)]

    monkeypatch.setattr(table_limits, "packaged", packaged_twice)
    cells.cache_clear()
    try:
        old = limit("YJV-0.6/1kV 4×16", MEAN, on=date(2025, 12, 31))
        new = limit("YJV-0.6/1kV 4×16", MEAN, on=date(2026, 1, 1))
    finally:
        cells.cache_clear()

    assert (old.standard, old.shown) == ("GB/T 12706.1-2020", "≥ 0.7")
    assert (new.standard, new.shown) == ("GB/T 12706.1-2025", "≥ 0.9")


def test_a_limit_names_its_clause_or_that_none_was_seen() -> None:
    assert limit("BV 2.5", MEAN).cited.zh == "GB/T 5023-2008 60227 IEC 01"
    assert limit("YJV-0.6/1kV 4×16", LEAST).cited.zh == "GB/T 12706.1-2020（条款未查到）"
    assert limit("YJV-0.6/1kV 4×16", LEAST).cited.en == "GB/T 12706.1-2020 (clause not seen)"


# ---- the tables as a whole ----


def test_every_row_has_a_source_and_an_indicator_that_a_report_can_state() -> None:
    rows = [row for name in TABLES for row in packaged(name)]
    units = {one.name: {unit.symbol for unit in one.units[:1]} for one in INDICATORS}

    assert all(row["source"] and row["standard"] and row["verified"] in ("yes", "no") for row in rows)
    assert all(row["unit"] in units[row["indicator"]] for row in rows)
    assert all(bool(row["value"]) != bool(row["why"]) for row in rows)


def test_no_value_that_is_recalled_is_called_verified() -> None:
    rows = [row for name in TABLES for row in packaged(name)]

    assert not [row for row in rows if row["verified"] == "yes" and "recalled" in row["source"]]
    assert not [row for row in rows if row["verified"] == "yes" and "not seen" in row["source"]]


def test_no_two_cells_answer_the_same_question_with_different_values() -> None:
    """Of cells that fit alike the first counts: only thin aerial insulation, which stands before the ordinary, relies on that."""
    keys: dict[tuple[object, ...], int] = {}
    for name in TABLES:
        for row in packaged(name):
            key = (
                row["indicator"],
                row["types"],
                row["voltages"],
                row["cores"],
                row["area"],
                row["effective_from"],
            )
            keys[key] = keys.get(key, 0) + 1

    assert [key for key, count in keys.items() if count > 1] == []


def test_the_tables_have_no_cell_that_the_tests_above_do_not_read() -> None:
    counts = {indicator: len(rows) for indicator, rows in cells().items()}

    # BV, RV, two small wires, BVR, two flexible cables, XLPE, PVC, aerial of 1 kV and of 10 kV, control
    assert counts.pop(MEAN) == counts.pop(LEAST) == 17 + 17 + 2 * 3 + 9 + 2 * 16 + 21 + 21 + 12 + 2 + 7
    assert counts.pop(SHEATH_MEAN) == counts.pop(SHEATH_LEAST) == 2 * 16 + 1
    assert counts == {
        "insulation-strength": 6,
        "insulation-elongation": 6,
        "insulation-strength-change": 2,
        "insulation-elongation-change": 2,
        "mass-loss": 2,
        "hot-set-elongation": 4,
        "hot-set-permanent": 4,
        "voltage": 5,
    }


# ---- which indicator is tested on what ----


@pytest.mark.parametrize(
    ("printed", "indicator", "applies"),
    [
        ("BV 2.5", "insulation-thickness-mean", Applies.YES),
        ("BV 2.5", "sheath-thickness-mean", Applies.NO),
        ("RVV 3×1.5", "sheath-thickness-mean", Applies.YES),
        ("BV 2.5", "hot-set-elongation", Applies.NO),
        ("BV 2.5", "mass-loss", Applies.YES),
        ("YC 3×2.5+1×1.5", "hot-set-elongation", Applies.YES),
        ("YC 3×2.5+1×1.5", "ozone", Applies.SOME),
        ("KVV 7×2.5", "hot-set-permanent", Applies.NO),
        ("KYJV 7×2.5", "hot-set-permanent", Applies.YES),
        ("KVV 7×2.5", "mass-loss", Applies.SOME),
        ("YJV-0.6/1kV 4×16", "hot-set-elongation", Applies.YES),
        ("VV-0.6/1kV 4×16", "hot-set-elongation", Applies.NO),
        ("ZC-YJV-0.6/1kV 4×16", "flame-bunched", Applies.YES),
        ("Z-YJV-0.6/1kV 4×16", "flame-bunched", Applies.NO),
        ("YJV-0.6/1kV 4×16", "flame-bunched", Applies.NO),
        ("WDZAN-YJY-0.6/1kV 4×16", "fire-resistance", Applies.YES),
        ("ZA-YJV-0.6/1kV 4×16", "fire-resistance", Applies.NO),
        ("JKLYJ-1kV 1×70", "breaking-load", Applies.YES),
        ("JKLYJ-1kV 1×70", "hot-set-elongation", Applies.YES),
        ("JKLV-1kV 1×70", "mass-loss", Applies.YES),
        ("JKLYJ-1kV 1×70", "mass-loss", Applies.NO),
        ("JKLYJ-1kV 1×70", "flame-single", Applies.NO),
        ("LGJ-240/30", "conductor-resistance", Applies.UNKNOWN),
    ],
)
def test_an_indicator_is_tested_on_the_products_of_the_matrix(
    printed: str, indicator: str, applies: Applies
) -> None:
    assert is_tested(parse_designation(printed), indicator) is applies


def test_the_whole_matrix_is_marked_unverified_and_names_indicators_that_there_are() -> None:
    names = {one.name for one in INDICATORS}

    assert not any(row.verified for row in matrix())
    assert {row.indicator for row in matrix()} <= names
    assert {row.kind for row in matrix()} == {"pvc", "rubber", "control", "power", "aerial"}
