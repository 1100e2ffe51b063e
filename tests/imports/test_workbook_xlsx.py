"""XLSX files: what is read, what becomes a cell in trouble, and what is refused before it costs memory."""

import datetime as d
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cabletrace.errors import InputError
from cabletrace.imports import xlsx
from cabletrace.imports.workbook import Cell, Limits, Sheet, read_workbook

DATA = Path(__file__).parents[1] / "data"

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def made(write: Callable[[Any], None]) -> bytes:
    """A workbook as openpyxl saves it, so formulas carry no results."""
    book = openpyxl.Workbook()
    write(book)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def package(rows: str, *, after: str = "", before: str = "", **others: str) -> bytes:
    """A workbook of one sheet 'S' from the XML of its rows. ``others`` replaces parts by their short name."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{OFFICE}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1"'
        ' r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1"'
        f' Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2"'
        f' Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": others.get("strings", f'<sst xmlns="{MAIN}"/>'),
        "xl/worksheets/sheet1.xml": f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}'
        "</worksheet>",
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return packed.getvalue()


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADINGS = f'<row r="1">{text_cell("A1", "批号")}{text_cell("B1", "长度")}</row>'


def only_sheet(data: bytes) -> Sheet:
    (sheet,) = read_workbook(data, "表.xlsx").sheets
    return sheet


def refusal(data: bytes, limits: Limits = Limits()) -> InputError:  # noqa: B008
    with pytest.raises(InputError) as caught:
        read_workbook(data, "表.xlsx", limits)
    assert all(problem.detail.zh and problem.detail.en for problem in caught.value.problems)
    return caught.value


# ---- what is read


def test_the_factory_register_is_read_whole() -> None:
    book = read_workbook((DATA / "factory-register.xlsx").read_bytes(), "factory-register.xlsx")

    assert (book.format, book.encoding) == ("xlsx", None)
    assert {sheet.name: len(sheet.rows) for sheet in book.sheets} == {
        "产品": 10,
        "批次": 131,
        "出厂检测": 460,
    }
    batches = book.sheets[1]
    assert batches.headings[6:9] == ("总长度(m)", "盘数", "每盘长度(m)")
    assert batches.rows[0].number == 2
    assert batches.rows[7].cells["生产日期"] == Cell(d.date(2026, 5, 4))
    assert batches.rows[-1].cells["总长度(m)"] == Cell("约五百米")


def test_the_site_record_keeps_its_five_sheets_in_order() -> None:
    book = read_workbook((DATA / "site-record.xlsx").read_bytes(), "site-record.xlsx")

    assert [(sheet.name, len(sheet.rows)) for sheet in book.sheets] == [
        ("项目", 3),
        ("订单", 9),
        ("到货验收", 102),
        ("监理", 99),
        ("敷设使用", 55),
    ]


def test_values_keep_the_type_in_which_the_file_stores_them() -> None:
    def write(book: Any) -> None:
        book.active.append(["文字", "数字", "日期", "时间", "真假", "空"])
        book.active.append(["１－７", 14, d.date(2026, 5, 4), d.datetime(2026, 5, 4, 8, 30), True, None])

    sheet = only_sheet(made(write))

    assert [cell.value for cell in sheet.rows[0].cells.values()] == [
        "１－７",
        14.0,
        d.date(2026, 5, 4),
        d.datetime(2026, 5, 4, 8, 30),
        True,
        None,
    ]


def test_titles_above_the_headings_are_passed_over_and_row_numbers_stay_true() -> None:
    def write(book: Any) -> None:
        sheet = book.active
        sheet["A1"] = "2026 年 5 月到货登记"
        sheet.merge_cells("A1:D1")
        sheet["A2"], sheet["D2"] = "填表：材料员", "2026-05-04"
        for column, heading in enumerate(["批号", "长度（m）", "盘号", "备注"], start=1):
            sheet.cell(4, column, heading)
        sheet["A5"], sheet["B5"] = "L1", 100
        sheet["A8"], sheet["B8"] = "L2", 200

    sheet = only_sheet(made(write))

    assert sheet.headings == ("批号", "长度(m)", "盘号", "备注")
    assert [(row.number, row.cells["长度(m)"].value) for row in sheet.rows] == [(5, 100.0), (8, 200.0)]


def test_a_table_that_begins_away_from_the_corner_keeps_its_numbers() -> None:
    def write(book: Any) -> None:
        book.active["C4"], book.active["D4"] = "批号", "长度"
        book.active["C5"], book.active["D5"] = "L1", "=1/0"

    sheet = only_sheet(made(write))

    assert (sheet.headings, sheet.rows[0].number) == (("批号", "长度"), 5)
    assert sheet.rows[0].cells["批号"].value == "L1"
    assert sheet.rows[0].cells["长度"].trouble is not None


def test_blank_rows_and_columns_are_dropped_and_a_column_without_a_heading_goes_by_its_letter() -> None:
    def write(book: Any) -> None:
        book.active.append(["批号", "长度", None, None, None])
        book.active.append(["L1", 1, "  ", None, "旁注"])
        book.active.append([None, " ", None, None, None])

    sheet = only_sheet(made(write))

    assert sheet.headings == ("批号", "长度", "[E]")
    assert len(sheet.rows) == 1


def test_blank_sheets_and_charts_are_ignored_and_hidden_sheets_are_left_out_by_name() -> None:
    def write(book: Any) -> None:
        book.active.append(["批号"])
        book.create_sheet("空")
        book.create_sheet("底表").append(["批号"])
        book["底表"].sheet_state = "hidden"
        book.create_chartsheet("图")

    book = read_workbook(made(write), "表.xlsx")

    assert [sheet.name for sheet in book.sheets] == ["Sheet"]
    assert book.hidden == ("底表",)


def test_names_of_sheets_may_hold_any_character() -> None:
    def write(book: Any) -> None:
        book.active.title = " A&B <1> 『表』'"
        book.active.append(["批号"])

    assert only_sheet(made(write)).name == " A&B <1> 『表』'"


def test_two_columns_of_one_name_are_refused() -> None:
    error = refusal(made(lambda book: book.active.append(["批号", "长度（m）", "长度 (m)"])))

    assert "B" in error.problems[0].detail.zh
    assert "C" in error.problems[0].detail.zh


# ---- cells in trouble


def test_a_formula_that_was_never_computed_is_trouble_and_not_an_empty_cell() -> None:
    def write(book: Any) -> None:
        book.active.append(["批号", "长度"])
        book.active.append(["L1", "=100+1"])
        book.active.append(["=A2", None])

    sheet = only_sheet(made(write))

    for cell in (sheet.rows[0].cells["长度"], sheet.rows[1].cells["批号"]):
        assert cell.value is None
        assert not cell.is_empty
        assert cell.trouble is not None
        assert "公式" in cell.trouble.zh


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#N/A", "#NAME?", "#VALUE!"])
def test_an_error_value_is_trouble_that_names_the_error(error: str) -> None:
    row = f'<row r="2">{text_cell("A2", "L1")}<c r="B2" t="e"><f>1/0</f><v>{error}</v></c></row>'

    cell = only_sheet(package(HEADINGS + row)).rows[0].cells["长度"]

    assert cell.trouble is not None
    assert error in cell.trouble.zh
    assert error in cell.trouble.en


def test_a_computed_formula_is_its_value_and_an_empty_result_is_empty() -> None:
    row = '<row r="2"><c r="A2" t="str"><f>""</f><v></v></c><c r="B2"><f>50*2</f><v>100</v></c></row>'

    cells = only_sheet(package(HEADINGS + row)).rows[0].cells

    assert cells["批号"].is_empty
    assert cells["长度"] == Cell(100.0)


def test_a_value_merged_down_over_rows_is_trouble_in_the_rows_below() -> None:
    def write(book: Any) -> None:
        book.active.append(["批号", "长度"])
        for length in (1, 2, 3):
            book.active.append([None, length])
        book.active["A2"] = "L1"
        book.active.merge_cells("A2:A4")

    rows = only_sheet(made(write)).rows

    assert rows[0].cells["批号"].value == "L1"
    assert all(row.cells["批号"].trouble is not None for row in rows[1:])


def test_a_number_under_a_duration_format_is_trouble() -> None:
    def write(book: Any) -> None:
        book.active.append(["批号", "长度"])
        book.active.append(["L1", d.timedelta(hours=30)])

    assert only_sheet(made(write)).rows[0].cells["长度"].trouble is not None


# ---- what is refused


@pytest.mark.parametrize("reference", ["ZZZZZZZ99999999999", "XFD1048576", "GS2", "A200001", "B999999999"])
def test_a_cell_far_away_is_refused_before_it_takes_the_memory(reference: str) -> None:
    number = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    rows = HEADINGS + f'<row r="{number}"><c r="{reference}"><v>1</v></c></row>'

    error = refusal(package(rows))

    assert error.code in ("too-large", "unreadable-file")


def test_a_far_cell_that_holds_only_a_format_does_no_harm() -> None:
    row = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'

    assert (
        only_sheet(package(HEADINGS + f'<row r="2">{text_cell("A2", "L1")}</row>' + row)).rows[0].number == 2
    )


def test_many_cells_are_counted_as_the_rectangle_they_span() -> None:
    rows = HEADINGS + '<row r="1000"><c r="J1000"><v>1</v></c></row>'

    assert refusal(package(rows), Limits(cells=9_999)).code == "too-large"
    assert read_workbook(package(rows), "表.xlsx", Limits(cells=10_000)).sheets


def test_one_long_shared_text_shown_everywhere_is_refused() -> None:
    strings = f'<sst xmlns="{MAIN}"><si><t>{"长" * 30_000}</t></si></sst>'
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 5_001))

    error = refusal(package(rows, strings=strings))

    assert error.code == "too-large"


@pytest.mark.parametrize(
    "parts",
    [
        {"rows": "<row r='1'>" + "<c t='e'><v>#N/A</v></c>" * 101 + "</row>"},
        {"rows": "<row r='1'>" + "<c><f>1</f></c>" * 101 + "</row>"},
        {"rows": HEADINGS, "after": "<mergeCells>" + "<mergeCell ref='A1:A1'/>" * 51 + "</mergeCells>"},
        {"rows": HEADINGS, "strings": f'<sst xmlns="{MAIN}">' + "<si/>" * 1_001 + "</sst>"},
    ],
)
def test_masses_of_small_things_are_refused_while_they_are_counted(parts: dict[str, str]) -> None:
    assert refusal(package(**parts), Limits(rows=50, columns=100, cells=1_000)).code == "too-large"


def test_a_zip_bomb_is_refused_by_the_sizes_it_declares() -> None:
    bomb = package(HEADINGS + " " * (11 * 2**20))
    large = package(HEADINGS + "<!--" + "".join(map(str, range(100_000))) + "-->")

    assert len(bomb) < 30_000
    assert refusal(bomb).code == "too-large"
    assert refusal(large, Limits(unpacked_bytes=2**18)).code == "too-large"


def test_a_zip_bomb_that_lies_about_its_size_unpacks_no_further_than_it_declares() -> None:
    honest = package(HEADINGS + " " * (30 * 2**20))
    with zipfile.ZipFile(BytesIO(honest)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lying = honest.replace(struct.pack("<I", size), struct.pack("<I", 500))
    assert lying != honest

    tracemalloc.start()
    error = refusal(lying)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert error.code == "unreadable-file"
    assert peak < 3 * 2**20


def test_what_is_no_package_is_refused_by_its_name_and_not_in_the_words_of_a_library() -> None:
    (problem,) = refusal(b"PK\x03\x04" + bytes(500)).problems

    assert (problem.code, problem.came) == ("unreadable-file", "表.xlsx")


def test_outside_entities_are_refused() -> None:
    before = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'

    error = refusal(package(HEADINGS + f'<row r="2">{text_cell("A2", "&amp;x;")}</row>', before=before))

    assert "外部实体" in error.problems[0].detail.zh


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="1"><c r="$A$1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></row>',
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
    ],
)
def test_cells_out_of_place_and_broken_xml_are_refused(rows: str) -> None:
    assert refusal(package(rows)).code == "unreadable-file"


def test_cells_without_positions_are_counted_off() -> None:
    rows = "<row><c t='inlineStr'><is><t>批号</t></is></c><c t='inlineStr'><is><t>长度</t></is></c></row>"
    rows += "<row><c t='e'><v>#REF!</v></c><c><v>2</v></c></row>"

    (row,) = only_sheet(package(rows)).rows

    assert row.cells["批号"].trouble is not None
    assert row.cells["长度"].value == 2.0


def test_a_merged_range_over_the_whole_sheet_does_no_harm() -> None:
    after = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'

    assert only_sheet(package(HEADINGS, after=after)).headings == ("批号", "长度")


def test_a_workbook_with_a_password_is_told_apart() -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")

    assert "密码" in refusal(locked).problems[0].detail.zh
    assert "xls" in refusal(locked[:600]).problems[0].detail.zh


def test_a_truncated_workbook_says_so() -> None:
    whole = (DATA / "site-record.xlsx").read_bytes()

    for length in (30, len(whole) // 2, len(whole) - 1):
        error = refusal(whole[:length])
        assert "损坏" in error.problems[0].detail.zh
        assert error.problems[0].remedy is not None


@pytest.mark.parametrize(
    ("member", "word"), [("word/document.xml", "Word"), ("content.xml", ".ods"), ("xl/workbook.bin", ".xlsb")]
)
def test_other_packages_are_named_for_what_they_are(member: str, word: str) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(member, "x")

    assert word in refusal(packed.getvalue()).problems[0].detail.zh


def test_a_panic_of_the_reader_becomes_an_error_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    class Panicking:
        @staticmethod
        def from_filelike(_: object) -> None:
            raise PanicException("index out of bounds")

    monkeypatch.setattr(xlsx, "CalamineWorkbook", Panicking)

    assert refusal(package(HEADINGS)).code == "unreadable-file"
