"""CSV files: encodings, separators, quotes, and the rubbish that comes under the name of CSV."""

from pathlib import Path

import pytest

from cabletrace.errors import InputError
from cabletrace.imports.workbook import Limits, Sheet, normal_heading, read_workbook

DATA = Path(__file__).parents[1] / "data"
TABLE = "批号,长度（m）,收货单位\nL1,1－7,周口示范\nL2,8,㑇某㐀\n"


def only_sheet(data: bytes, name: str = "表.csv") -> Sheet:
    (sheet,) = read_workbook(data, name).sheets
    return sheet


def refusal(data: bytes, name: str = "表.csv", limits: Limits = Limits()) -> InputError:  # noqa: B008
    with pytest.raises(InputError) as caught:
        read_workbook(data, name, limits)
    assert all(problem.detail.zh and problem.detail.en for problem in caught.value.problems)
    return caught.value


@pytest.mark.parametrize(
    ("file", "encoding", "rows", "first", "last"),
    [
        ("shipments.csv", "gb18030", 170, "发货单号", "承运"),
        ("lab-results.csv", "utf-8", 39, "报告编号", "检验日期"),
    ],
)
def test_the_real_files_are_read_whole(file: str, encoding: str, rows: int, first: str, last: str) -> None:
    book = read_workbook((DATA / file).read_bytes(), file)

    (sheet,) = book.sheets
    assert (book.format, book.encoding, sheet.name) == ("csv", encoding, file)
    assert (sheet.headings[0], sheet.headings[-1]) == (first, last)
    assert len(sheet.rows) == rows
    assert (sheet.rows[0].number, sheet.rows[-1].number) == (2, rows + 1)


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_every_encoding_gives_the_same_table(codec: str, encoding: str) -> None:
    book = read_workbook(TABLE.encode(codec), "表.csv")

    (sheet,) = book.sheets
    assert book.encoding == encoding
    assert sheet.headings == ("批号", "长度(m)", "收货单位")
    assert [cell.value for cell in sheet.rows[1].cells.values()] == ["L2", "8", "㑇某㐀"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found_although_others_stand_in_the_text(separator: str) -> None:
    lines = [["批号", "长度", "备注"], ["L1", "1 200", "甲"], ["L2", "1300", "乙,丙"], ["L3", "1", "丁;戊"]]
    quoted = [[f'"{field}"' if set(field) & set(",;\t") else field for field in line] for line in lines]

    sheet = only_sheet("\r\n".join(separator.join(line) for line in quoted).encode())

    assert sheet.headings == ("批号", "长度", "备注")
    assert [row.cells["备注"].value for row in sheet.rows] == ["甲", "乙,丙", "丁;戊"]


def test_row_numbers_count_blank_lines_and_not_breaks_inside_a_cell() -> None:
    sheet = only_sheet('批号,备注\n\nL1,"两\n行"\n,\nL2,x\n'.encode())

    assert [(row.number, row.cells["批号"].value) for row in sheet.rows] == [(3, "L1"), (5, "L2")]


def test_title_lines_above_the_headings_are_passed_over() -> None:
    sheet = only_sheet("发货登记,,,\n制表,某人,,\n批号,盘号,长度,承运\nL1,1,2,\n".encode())

    assert sheet.headings == ("批号", "盘号", "长度", "承运")
    assert sheet.rows[0].number == 4


def test_a_table_of_headings_alone_has_no_rows() -> None:
    assert only_sheet("批号,长度\n".encode()).rows == ()


@pytest.mark.parametrize("spelling", ["长度（m）", " 长度 (m)", "*长度(m)", "长\u200b度\n（ｍ）", "长度(m)*"])
def test_headings_in_every_spelling_are_one(spelling: str) -> None:
    assert normal_heading(spelling) == "长度(m)"


def test_words_of_a_latin_heading_stay_apart() -> None:
    assert normal_heading(" Lot   number （m） ") == "Lot number(m)"


def test_a_forgotten_quotation_mark_is_refused_and_swallows_no_rows() -> None:
    error = refusal('批号,备注\nL1,"没有结束\nL2,甲\n'.encode())

    assert "引号" in error.problems[0].detail.zh


def test_two_encodings_in_one_file_are_refused_with_the_line_where_it_breaks() -> None:
    mixed = "批号,长度\n".encode() + "周口,1\n".encode() * 3 + b"\xd6\xdc\xbf\xda,1\n\xff\n"

    error = refusal(mixed)

    assert "第 6 行" in error.problems[0].detail.zh


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "空"),
        (b" \r\n\t\r\n", "空"),
        (b"\xef\xbb\xbf", "没有任何内容"),
        (b",,,\r\n,,\r\n", "没有任何内容"),
        (bytes(5000), "空"),
        ("批号\0,长度\n".encode(), "NUL"),
        (TABLE.encode("utf-16-le"), ""),
        (b"\xff\xfe\x00", "UTF-16"),
        (b"\xff\xfe\x00\xd8\x00\x00", "UTF-16"),
        (b"a,b\n\xed\xa0\x80\xff,1\n", "编码"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><Workbook/>", "网页"),
    ],
)
def test_what_is_no_table_is_refused_by_name(data: bytes, word: str) -> None:
    error = refusal(data)

    assert error.code == "unreadable-file"
    assert word in error.problems[0].detail.zh


def test_text_under_the_name_of_a_workbook_is_refused() -> None:
    assert refusal(TABLE.encode(), "表.XLSX").problems[0].remedy is not None


def test_a_file_of_50_mb_is_refused_unread() -> None:
    error = refusal(bytes(50 * 2**20))

    assert error.code == "too-large"
    assert "50.0 MB" in error.problems[0].detail.zh


@pytest.mark.parametrize("data", [b"a" + b"," * 1_000_000, b"a" + b",1" * 400_000, b"x," * 200 + b"x\n"])
def test_a_row_of_hundreds_to_a_million_columns_is_refused(data: bytes) -> None:
    assert refusal(data).code in ("too-large", "unreadable-file")


def test_too_many_rows_are_refused() -> None:
    assert refusal(b"a,b\n" + b"1,2\n" * 200_000).code == "too-large"
    assert refusal(b"a,b\n" + b"1,2\n" * 20, limits=Limits(cells=41)).code == "too-large"


def test_a_file_name_with_a_lone_surrogate_does_no_harm() -> None:
    sheet = only_sheet(TABLE.encode(), "\ud800.csv")
    error = refusal(b"", "\ud800.csv")

    assert len(sheet.rows) == 2
    error.problems[0].came.encode()
