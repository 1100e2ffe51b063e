"""Rows that stayed out are handed back in their own columns, with the reasons; mended, the workbook goes in as it is."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from cabletrace.auth.policy import Role
from cabletrace.imports.columns import REASON, REMEDY, ROW_NUMBER
from cabletrace.imports.mending import may_be_mended, mending_workbook
from imports_for_tests import DATA, FILES, MAKER, House, workbook_of

AfterFiles = Callable[[int], House]
ADDED = (ROW_NUMBER, REASON, REMEDY)

#: What is right instead, by file, sheet of the workbook, row of the file, heading. What names something that there is
#: not, or says for a second time what is known, is given something else to say.
MENDED: Mapping[str, Mapping[str, Mapping[int, Mapping[str, Any]]]] = {
    "factory-register.xlsx": {
        "批次": {
            122: {"生产日期": "2026-02-28"},
            127: {"批号": "HZ-MENDED-1"},
            128: {"生产日期": "2026-03-01"},
            131: {"批号": "HZ-MENDED-2"},
        },
        "出厂检测": {460: {"实测值": 0.19}},
    },
    "lab-results.csv": {"lab-results": {39: {"取样长度(m)": "1"}}},
}


def mended_by(house: House, name: str) -> bytes:
    data = (DATA / name).read_bytes()
    return mending_workbook(data, name, house.try_out(data, name), "zh")


def sheets_of(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def lines_of(sheet: Worksheet) -> list[dict[str, Any]]:
    headings, *rows = sheet.iter_rows()
    return [{str(h.value): cell.value for h, cell in zip(headings, row, strict=True)} for row in rows]


def cells(sheet: Worksheet) -> Iterator[Any]:
    return (cell for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("n", range(len(FILES)), ids=FILES)
def test_every_bad_row_of_the_four_files_is_handed_back_and_stays_bad_as_long_as_it_is(
    house_after: AfterFiles, n: int
) -> None:
    """The workbook is read again as it is: the same rows are bad for the same reasons, and nothing else is in it."""
    house = house_after(n)
    data = (DATA / FILES[n]).read_bytes()
    report = house.bring(data, FILES[n])

    handed = mending_workbook(data, FILES[n], report, "zh")
    again = house.try_out(handed, "改.xlsx", answer=None if n == 2 else MAKER if n < 2 else None)

    book = sheets_of(handed)
    numbers = {(sheet.title, line[ROW_NUMBER]) for sheet in book.worksheets for line in lines_of(sheet)}
    assert numbers == {(bad.sheet.removesuffix(".csv"), bad.row) for bad in report.bad}
    assert sum(sheet.rows for sheet in again.sheets) == len(numbers)
    assert all(sheet.layout.kind is not None and not sheet.good for sheet in again.sheets)
    assert not {heading for sheet in again.sheets for heading in sheet.layout.ignored} & set(ADDED)
    assert again.added == {}


@pytest.mark.parametrize("name", MENDED)
def test_mended_rows_go_in(house_after: AfterFiles, name: str) -> None:
    house = house_after(FILES.index(name))
    house.bring_file(name)
    book = sheets_of(mended_by(house, name))
    wanted = 0
    for title, rows in MENDED[name].items():
        sheet = book[title]
        headings = [cell.value for cell in sheet[1]]
        numbers = headings.index(ROW_NUMBER)
        for row in sheet.iter_rows(min_row=2):
            for heading, value in rows.get(row[numbers].value, {}).items():
                row[headings.index(heading)].value = value
        wanted += len(rows)
    saved = BytesIO()
    book.save(saved)

    report = house.bring(saved.getvalue(), "改.xlsx", answer=MAKER)

    assert sum(report.good.values()) == wanted
    bad = {(each.sheet, each.row) for each in report.bad}
    assert len(bad) == sum(sheet.rows for sheet in report.sheets) - wanted


def test_values_stay_as_they_came_and_become_no_formulas(still: House) -> None:
    rows = [
        ["批号", "产品编号", "生产日期", "总长度(m)", "盘号", "备注", "数"],
        ["00123", "=1+1", date(2026, 4, 1), -5, "1-7", "914116034J1417770M00000", 12.5],
        ["0", "+1", "2026-02-30", "很长", "", "=HYPERLINK(\"x\")", 1],
    ]  # fmt: skip
    data = workbook_of({"批次": [[str(v) if isinstance(v, str) else v for v in row] for row in rows]})
    csv = "\n".join(",".join(str(v).replace('"', "") for v in row) for row in rows).encode()
    actor = still.session(MAKER, Role.MANUFACTURER)

    for file, name in ((csv, "批次.csv"), (data, "批次.xlsx")):
        handed = mending_workbook(file, name, still.try_out(file, name, actor), "zh")
        sheet = sheets_of(handed)["批次"]
        first, second = lines_of(sheet)

        assert first["批号"] == "00123"
        assert first["备注"] == "914116034J1417770M00000"
        assert first["盘号"] == "1-7"
        assert not [cell for cell in cells(sheet) if cell.data_type == "f"]
        assert "总长度(m)：" in str(first[REASON])
        assert first[REMEDY]
        assert (first[ROW_NUMBER], second[ROW_NUMBER]) == (2, 3)
        assert [cell.number_format for cell in sheet["A"][1:]] == ["@", "@"]
    assert first["数"] == 12.5
    assert first["生产日期"].date() == date(2026, 4, 1)


def test_columns_that_were_added_before_are_not_added_twice(house_after: AfterFiles) -> None:
    house = house_after(1)
    once = mended_by(house, FILES[0])
    report = house.try_out(once, "改.xlsx", answer=MAKER)

    twice = sheets_of(mending_workbook(once, "改.xlsx", report, "zh"))

    for sheet in twice.worksheets:
        headings = [cell.value for cell in sheet[1]]
        assert [headings.count(added) for added in ADDED] == [1, 1, 1]


def test_names_of_sheets_are_such_as_excel_takes(still: House) -> None:
    data = "批号,产品编号,生产日期,总长度(m)\nL1,CP-1,2026-13-01,5\n".encode()
    for name in ("a/b[c]:d*e?f.csv", "长" * 60 + ".csv", "'.csv", "History.csv"):
        report = still.try_out(data, name, still.session(MAKER, Role.MANUFACTURER))

        assert len(sheets_of(mending_workbook(data, name, report, "en")).worksheets) == 1


def test_a_file_without_bad_rows_or_without_a_table_has_nothing_to_mend(house_after: AfterFiles) -> None:
    house = house_after(1)
    good = workbook_of({"产品": [["产品编号", "型号规格"], ["CP-1", "BV 2.5"]]})
    nearly = workbook_of(
        {
            "产品": [["产品编号", "型号规格"], ["CP-1", "BV 2.5"]],
            "批次": [["批号", "产品编号", "总长度(m)"], ["L1", "CP-1", 5]],
        }
    )
    actor = house.session(MAKER, Role.MANUFACTURER)

    assert not may_be_mended(house.try_out(good, actor=actor))
    report = house.try_out(nearly, actor=actor)
    assert report.bad
    assert not may_be_mended(report)
