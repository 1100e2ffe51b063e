"""Cells: every spelling of the real files and more is read, and what is lost or impossible is refused in words."""

import contextlib
import datetime as d
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.codes.unit_ranges import UnitRange
from cabletrace.errors import InputError, Text
from cabletrace.imports import cells
from cabletrace.imports.workbook import Cell, Sheet, read_workbook

DATA = Path(__file__).parents[1] / "data"
EVERY: list[Callable[[Cell], Any]] = [
    cells.required_text,
    cells.date_of,
    cells.whole_number_of,
    cells.metres_of,
    cells.kilograms_of,
    cells.yuan_of,
    cells.measured_of,
    cells.units_of,
    cells.uscc_of,
    cells.region_of,
]


def refusal(read: Callable[[Cell], Any], value: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        read(Cell(value))
    for problem in caught.value.problems:
        assert problem.where == ""
        assert problem.detail.zh
        assert problem.detail.en
    return caught.value


# ---- every meaning


@pytest.mark.parametrize("read", EVERY)
@pytest.mark.parametrize("value", [None, "", " \u3000\u00a0\u200b\n"])
def test_an_empty_cell_is_missing_where_something_is_wanted(
    read: Callable[[Cell], Any], value: str | None
) -> None:
    error = refusal(read, value)

    assert "空" in error.problems[0].detail.zh
    assert cells.optional(read, Cell(value)) is None


@pytest.mark.parametrize("read", EVERY)
def test_a_cell_in_trouble_says_its_trouble(read: Callable[[Cell], Any]) -> None:
    cell = Cell(None, Text("公式结果是错误值 #REF!", "the formula's result is the error #REF!"))

    with pytest.raises(InputError, match="#REF!"):
        read(cell)
    with pytest.raises(InputError, match="#REF!"):
        cells.optional(read, cell)


@given(
    st.sampled_from(EVERY),
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=60)
    | st.dates()
    | st.datetimes()
    | st.text("0123456789-/.,年月日 ~－()", max_size=20),
)
def test_whatever_stands_in_a_cell_it_is_read_or_refused(read: Callable[[Cell], Any], value: Any) -> None:
    with contextlib.suppress(InputError):
        read(Cell(value))


# ---- text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  周口（示范）\u3000\n公司 ", "周口（示范） 公司"),
        ("HZ260421\u200b-000\ufeff", "HZ260421-000"),
        (411603.0, "411603"),
        (14, "14"),
        (-3.0, "-3"),
        (0.25, "0.25"),
        (999999999999999.0, "999999999999999"),
        (True, "TRUE"),
    ],
)
def test_text_is_kept_but_for_blanks_and_numbers_give_their_digits(value: Any, text: str) -> None:
    assert cells.text_of(Cell(value)) == text


@pytest.mark.parametrize("value", [2021010105400010.0, 914116034100000000.0, 1e300])
def test_a_number_that_excel_has_cut_is_refused(value: float) -> None:
    error = refusal(cells.text_of, value)

    assert "15 位" in error.problems[0].detail.zh
    assert error.problems[0].remedy is not None
    assert "文本" in error.problems[0].remedy.zh


def test_a_date_where_text_is_wanted_is_what_excel_made_of_it() -> None:
    assert "3-5" in refusal(cells.text_of, d.date(2026, 3, 5)).problems[0].detail.zh


def test_control_characters_are_refused() -> None:
    assert refusal(cells.required_text, "HZ\x07").code == "wrong-input"


# ---- dates

DAY = d.date(2026, 4, 21)


@pytest.mark.parametrize(
    "value",
    [
        "2026-04-21",
        "2026/4/21",
        "2026.04.21",
        "2026年4月21日",
        "2026年4月21号",
        " 2026 年 04 月 21 日 ",
        "２０２６－０４－２１",
        "２０２６年４月２１日",
        "20260421",
        20260421.0,
        46133.0,
        "46133",
        "2026-04-21 00:00:00",
        "2026/4/21 0:00",
        "2026-04-21T00:00:00",
        DAY,
        d.datetime(2026, 4, 21),
    ],
)
def test_a_day_is_read_in_every_spelling(value: Any) -> None:
    assert cells.date_of(Cell(value)) == DAY


@pytest.mark.parametrize(
    "value", ["2026-02-30", "2026年13月1日", "2026/4/31", "2025-02-29", "20260230", 20260230.0]
)
def test_a_day_that_does_not_exist_is_refused(value: Any) -> None:
    error = refusal(cells.date_of, value)

    assert error.code == "wrong-date"
    assert "没有" in error.problems[0].detail.zh


@pytest.mark.parametrize(
    "value",
    [
        "4/21/2026",
        "21.04.2026",
        "26-4-21",
        "2026-04",
        "2026-04/21",
        "2026年4月",
        "2026-04-21 08:30",
        "上周",
        "2026-4-211",
        "0206-04-21",
        "1900-01-20",
        46133.5,
        "46133.5",
        7000.0,
        100000.0,
        float("nan"),
        float("inf"),
        True,
        d.date(1900, 1, 20),
        d.datetime(2026, 4, 21, 8, 30),
    ],
)
def test_what_is_no_certain_day_is_refused(value: Any) -> None:
    error = refusal(cells.date_of, value)

    assert error.code == "wrong-date"
    assert error.problems[0].remedy is not None


@given(st.dates(d.date(1950, 1, 1), d.date(2199, 12, 31)))
def test_spellings_of_a_day_agree(day: d.date) -> None:
    y, m, t = day.year, day.month, day.day

    for spelling in (
        day.isoformat(),
        f"{y}/{m}/{t}",
        f"{y}.{m:02}.{t:02}",
        f"{y}年{m}月{t}日",
        f"{y}{m:02}{t:02}",
    ):
        assert cells.date_of(Cell(spelling)) == day


# ---- numbers


@pytest.mark.parametrize(
    ("value", "number"),
    [(1.0, 1), (80, 80), ("１２", 12), ("1,000", 1000), (" 20 ", 20), ("7.0", 7), (-2.0, -2)],
)
def test_whole_numbers(value: Any, number: int) -> None:
    assert cells.whole_number_of(Cell(value)) == number


@pytest.mark.parametrize(
    "value", [1.5, "1.5", "约五百米", "1e3", "1,00", True, DAY, float("nan"), 1e15 + 0.5, "9" * 30]
)
def test_what_is_no_whole_number_is_refused(value: Any) -> None:
    assert refusal(cells.whole_number_of, value).code == "wrong-quantity"


@pytest.mark.parametrize(
    ("value", "length_mm"),
    [
        (8000.0, 8_000_000),
        ("2,000", 2_000_000),
        (" 1000 ", 1_000_000),
        (97.9, 97_900),
        (0.1 + 0.2, 300),
        ("５００", 500_000),
        ("500m", 500_000),
        ("500 米", 500_000),
        ("0.5km", 500_000),
        ("１．５ 千米", 1_500_000),
        ("1,234.5", 1_234_500),
    ],
)
def test_metres_become_millimetres(value: Any, length_mm: int) -> None:
    assert cells.metres_of(Cell(value)) == length_mm


@pytest.mark.parametrize(
    "value",
    [
        -500.0,
        "-3",
        "约五百米",
        "500mm",
        "1,00",
        "7.2左右",
        0.0004,
        float("inf"),
        "1e9",
        1e300,
        DAY,
        False,
    ],
)
def test_what_is_no_length_is_refused_with_a_remedy(value: Any) -> None:
    error = refusal(cells.metres_of, value)

    assert error.code == "wrong-quantity"
    assert error.problems[0].remedy is not None


def test_a_number_without_a_unit_is_in_that_of_its_column() -> None:
    assert cells.metres_of(Cell(0.1 + 0.2), "km") == 300_000
    assert cells.metres_of(Cell("250 m"), "km") == 250_000
    assert cells.kilograms_of(Cell("0.3122"), "吨") == 312_200


def test_kilograms_yuan_and_measured_values() -> None:
    assert cells.kilograms_of(Cell(6005.9)) == 6_005_900
    assert cells.kilograms_of(Cell(0.0)) == 0
    assert cells.yuan_of(Cell("1,234.50")) == 123_450
    assert cells.measured_of(Cell(13.0131)) == "13.0131"
    assert cells.measured_of(Cell("7.140")) == "7.140"
    assert refusal(cells.measured_of, "7.2左右").code == "wrong-quantity"


@pytest.mark.parametrize("value", [23.5, "23.5", "23.5℃", "２３．５ °C", "23.5度"])
def test_a_temperature_may_carry_its_degrees(value: Any) -> None:
    assert cells.celsius_of(Cell(value)) == "23.5"


@pytest.mark.parametrize("value", ["室温", "℃", "", "20-25℃", DAY])
def test_what_is_no_temperature_is_refused(value: Any) -> None:
    assert refusal(cells.celsius_of, value).code == "wrong-quantity"


# ---- units, codes, choices


@pytest.mark.parametrize(
    ("value", "units"),
    [
        (14.0, [(14, 14)]),
        ("14.0", [(14, 14)]),
        ("1－7", [(1, 7)]),
        ("36－40", [(36, 40)]),
        ("1-40, 55", [(1, 40), (55, 55)]),
        ("1", [(1, 1)]),
    ],
)
def test_units_from_numbers_and_ranges(value: Any, units: list[tuple[int, int]]) -> None:
    assert cells.units_of(Cell(value)) == tuple(UnitRange(first, last) for first, last in units)


@pytest.mark.parametrize("value", [0.0, -1.0, 1.5, "7-1", "某盘", True, 1e12])
def test_what_are_no_units_is_refused(value: Any) -> None:
    error = refusal(cells.units_of, value)

    assert error.code == "wrong-unit-range"
    assert error.problems[0].remedy is not None


def test_a_range_that_excel_took_for_a_date_is_refused_with_its_likely_meaning() -> None:
    error = refusal(cells.units_of, d.date(2026, 1, 7))

    assert error.code == "wrong-unit-range"
    assert "1-7" in error.problems[0].detail.zh


def test_codes_of_parties_and_regions() -> None:
    assert cells.uscc_of(Cell(" ９１４１１６０３４ｊ1417770m ")) == "914116034J1417770M"
    assert cells.region_of(Cell(411603.0)).code == "411603"
    assert cells.region_of(Cell("４１１６２７")).code == "411627"
    assert refusal(cells.uscc_of, "91411602LC31706690").code == "wrong-uscc"
    assert refusal(cells.region_of, "419998").code == "unknown-region"
    assert refusal(cells.region_of, 41160.3).code == "unknown-region"
    with pytest.raises(InputError, match="411603"):
        cells.region_of(Cell("411626"), d.date(2026, 5, 1))


def test_choices_are_free_in_case_width_and_blanks_and_a_refusal_lists_them() -> None:
    opinions = {"同意进场": "admit", "不同意进场": "reject", "待检": "await-test", "OK": "admit"}

    assert cells.choice_of(Cell(" 同意 进场"), opinions) == "admit"
    assert cells.choice_of(Cell("ｏｋ"), opinions) == "admit"
    error = refusal(lambda cell: cells.choice_of(cell, opinions), "看着还行")
    assert "不同意进场" in error.problems[0].detail.zh
    assert error.problems[0].came == "看着还行"


# ---- the real files


def sheets(file: str) -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in read_workbook((DATA / file).read_bytes(), file).sheets}


#: Column -> how it is read, for the columns that are read row by row.
COLUMNS: dict[str, Callable[[Cell], Any]] = {
    "生产日期": cells.date_of,
    "检测日期": cells.date_of,
    "发货日期": cells.date_of,
    "验收日期": cells.date_of,
    "检验日期": cells.date_of,
    "日期": cells.date_of,
    "有效期起": cells.date_of,
    "总长度(m)": cells.metres_of,
    "每盘长度(m)": cells.metres_of,
    "实测长度(m)": cells.metres_of,
    "取样长度(m)": cells.metres_of,
    "长度(m)": cells.metres_of,
    "盘数": cells.whole_number_of,
    "盘号": cells.units_of,
    "用铜量(kg)": cells.kilograms_of,
    "实测值": cells.measured_of,
    "批号": cells.required_text,
    "收货单位": cells.required_text,
    "收货单位统一社会信用代码": cells.uscc_of,
    "统一社会信用代码": cells.uscc_of,
    "收货地区代码": cells.region_of,
    "项目地区代码": cells.region_of,
    "抽样地区代码": cells.region_of,
}


@pytest.mark.parametrize(
    ("file", "sheet", "bad"),
    [
        ("factory-register.xlsx", "产品", set()),
        (
            "factory-register.xlsx",
            "批次",
            {(122, "生产日期"), (123, "总长度(m)"), (127, "批号"), (132, "总长度(m)")},
        ),
        ("factory-register.xlsx", "出厂检测", {(460, "实测值")}),
        (
            "shipments.csv",
            "shipments.csv",
            {
                (164, "收货单位统一社会信用代码"),
                (165, "收货地区代码"),
                (171, "收货单位"),
                (171, "收货单位统一社会信用代码"),
            },
        ),
        ("site-record.xlsx", "项目", {(4, "项目地区代码")}),
        ("site-record.xlsx", "到货验收", {(103, "实测长度(m)")}),
        ("site-record.xlsx", "监理", set()),
        ("site-record.xlsx", "敷设使用", set()),
        ("lab-results.csv", "lab-results.csv", set()),
    ],
)
def test_the_cells_of_the_real_files_are_read_but_for_the_known_bad_ones(
    file: str, sheet: str, bad: set[tuple[int, str]]
) -> None:
    found: set[tuple[int, str]] = set()

    for row in sheets(file)[sheet].rows:
        for heading, cell in row.cells.items():
            try:
                COLUMNS.get(heading, cells.text_of)(cell)
            except InputError:
                found.add((row.number, heading))

    assert found == bad
