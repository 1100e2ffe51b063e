"""The example files of a maker, a site and a laboratory: who is flagged, and that nobody else is.

The files are kept by people: five date forms, full-width digits, 平方, thousands separators. Rows that
tests/data/README.md calls bad are named here by number; whatever else stands in the files must be readable.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from cabletrace.errors import InputError
from cabletrace.model.designation import Designation, parse_designation, parse_designation_parts, same_cable
from cabletrace.model.indicators import check_unit, in_base_unit, parse_indicator
from cabletrace.model.limits import copper_is_short, judge_resistance
from cabletrace.model.quantities import decimal_of, kilograms_to_g, measured, metres_to_mm

DATA = Path(__file__).parents[1] / "data"
#: The day of judging; every date in the files lies in 2026, under one edition of the standard.
ON = date(2026, 6, 1)

NOT_A_CABLE = 10  # 产品
CONTRADICTS_ITS_PRODUCT = 130  # 批次
NOT_A_LENGTH = 132
NEGATIVE_LENGTH = 123
UNKNOWN_PRODUCT = 124
NOT_A_VALUE = 460  # 出厂检测
WRONG_UNIT = 461

Row = dict[str, Any]


@cache
def sheet(file: str, name: str) -> dict[int, Row]:
    """Rows by their number in the sheet, the heading being row 1."""
    heading, *rows = CalamineWorkbook.from_path(DATA / file).get_sheet_by_name(name).to_python()
    return {
        number: dict(zip(map(str, heading), row, strict=True)) for number, row in enumerate(rows, start=2)
    }


@cache
def laboratory() -> dict[int, Row]:
    text = (DATA / "lab-results.csv").read_text(encoding="utf-8-sig")
    return dict(enumerate(csv.DictReader(text.splitlines()), start=2))


@cache
def products() -> dict[str, Designation]:
    return {
        row["产品编号"]: parse_designation_parts(row["型号"], row["规格"], row["电压等级"])
        for number, row in sheet("factory-register.xlsx", "产品").items()
        if number != NOT_A_CABLE
    }


@dataclass(frozen=True)
class Batch:
    designation: Designation
    length_mm: int
    copper_g: int


@cache
def batches() -> dict[str, Batch]:
    """The first row of each lot: a lot number that comes again is a bad row."""
    found: dict[str, Batch] = {}
    for number, row in sheet("factory-register.xlsx", "批次").items():
        if number in (NEGATIVE_LENGTH, NOT_A_LENGTH) or not row["批号"] or row["批号"] in found:
            continue
        found[row["批号"]] = Batch(
            designation=parse_designation(row["型号规格"]),
            length_mm=metres_to_mm(row["总长度(m)"]),
            copper_g=kilograms_to_g(row["用铜量(kg)"]),
        )
    return found


def expected(*rules: str) -> set[tuple[str, str]]:
    alerts = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))["alerts"]
    return {(alert["rule"], alert.get("report", alert["lot"])) for alert in alerts if alert["rule"] in rules}


def test_every_cable_of_every_file_is_read() -> None:
    ordered = [row["型号规格"] for row in sheet("site-record.xlsx", "订单").values()]
    made = [row["型号规格"] for row in sheet("factory-register.xlsx", "批次").values()]

    read = [parse_designation(text) for text in ordered + made]

    assert (len(products()), len(ordered), len(made)) == (9, 9, 131)
    # P10 is P05 once more, and row 130 names a cable that another product is
    assert len({one.key for one in read}) == 8
    assert {one.key for one in read} == {one.key for one in products().values()}


def test_steel_pipe_is_not_a_cable() -> None:
    row = sheet("factory-register.xlsx", "产品")[NOT_A_CABLE]

    with pytest.raises(InputError) as refused:
        parse_designation_parts(row["型号"], row["规格"], row["电压等级"])

    assert refused.value.code == "not-a-cable"
    assert refused.value.problems[0].came == "DN100 2寸"


def test_one_batch_contradicts_its_product_and_no_other_does() -> None:
    contradicting = [
        number
        for number, row in sheet("factory-register.xlsx", "批次").items()
        if number != UNKNOWN_PRODUCT
        and not same_cable(parse_designation(row["型号规格"]), products()[row["产品编号"]])
    ]

    assert contradicting == [CONTRADICTS_ITS_PRODUCT]


def test_lengths_that_are_no_lengths_are_refused() -> None:
    rows = sheet("factory-register.xlsx", "批次")

    for number in (NEGATIVE_LENGTH, NOT_A_LENGTH):
        with pytest.raises(InputError) as refused:
            metres_to_mm(rows[number]["总长度(m)"])
        assert refused.value.code == "wrong-quantity"


def test_batches_with_too_little_copper_are_found_and_no_others() -> None:
    good = {lot: batch for lot, batch in batches().items() if not lot.startswith("HZBAD")}

    short = {
        ("copper-short", lot)
        for lot, batch in good.items()
        if copper_is_short(batch.designation, batch.length_mm, batch.copper_g, ON)
    }

    assert len(good) == 120
    assert short == expected("copper-short")
    assert len(short) == 6


def readings() -> Iterator[tuple[str, str, bool | None]]:
    """Report, declared verdict, and whether the conductor is within its limit, for every readable test row."""
    factory = sheet("factory-register.xlsx", "出厂检测")
    for row in [row for number, row in factory.items() if number not in (NOT_A_VALUE, WRONG_UNIT)] + list(
        laboratory().values()
    ):
        indicator = parse_indicator(row["检测项目"])
        value = in_base_unit(indicator, Decimal(measured(row["实测值"])), row["单位"])
        batch = batches().get(row["批号"])
        if batch is None or indicator.name != "conductor-resistance":
            continue
        celsius = decimal_of(row["环境温度(℃)"])
        judged = judge_resistance(batch.designation, row["线芯"], value, celsius, ON)
        yield row["报告编号"], row["判定"], judged.within


def test_reports_beyond_the_limit_are_found_and_no_others() -> None:
    found = list(readings())

    flagged = {
        ("declared-verdict-contradicts-values" if declared == "合格" else "test-beyond-limit", report)
        for report, declared, within in found
        if within is False
    }

    assert all(within is not None for _, _, within in found)
    assert flagged == expected("declared-verdict-contradicts-values", "test-beyond-limit")
    assert len(flagged) == 15


def test_a_value_in_words_and_a_resistance_in_kilograms_are_refused() -> None:
    factory = sheet("factory-register.xlsx", "出厂检测")

    with pytest.raises(InputError) as words:
        measured(factory[NOT_A_VALUE]["实测值"])
    with pytest.raises(InputError) as kilograms:
        check_unit(parse_indicator(factory[WRONG_UNIT]["检测项目"]), factory[WRONG_UNIT]["单位"])

    assert words.value.code == kilograms.value.code == "wrong-quantity"
