"""Whatever the bytes, the answer is a workbook or an InputError, and never another exception."""

import contextlib
import zipfile
from io import BytesIO
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from cabletrace.errors import InputError
from cabletrace.imports.workbook import Limits, Workbook, read_workbook

DATA = Path(__file__).parents[1] / "data"
REAL = {path.name: path.read_bytes() for path in sorted(DATA.glob("*.*")) if path.suffix in (".xlsx", ".csv")}
#: A file of a few kilobytes never needs more; without bounds this test could not see a bomb.
SMALL = Limits(unpacked_bytes=2**22, rows=5_000, columns=100, cells=50_000)

names = st.sampled_from(["表.csv", "表.xlsx", "表", "表.xls"])
slips = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8)


def answers(data: bytes, name: str) -> None:
    with contextlib.suppress(InputError):
        book = read_workbook(data, name, SMALL)
        assert isinstance(book, Workbook)
        for sheet in book.sheets:
            assert len(set(sheet.headings)) == len(sheet.headings)
            numbers = [row.number for row in sheet.rows]
            assert numbers == sorted(set(numbers))
            assert all(tuple(row.cells) == sheet.headings for row in sheet.rows)


def with_slips(data: bytes, changes: list[tuple[int, int]]) -> bytes:
    changed = bytearray(data)
    for position, value in changes:
        changed[position % len(changed)] = value
    return bytes(changed)


@given(st.binary(max_size=400), names)
@example(b"PK\x05\x06" + bytes(18), "表.xlsx")
@example(b"PK", "表.csv")
def test_random_bytes(data: bytes, name: str) -> None:
    answers(data, name)


@given(st.text(max_size=200), st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-8-sig"]))
@example('"', "utf-8")
@example('a"\n"b"c,', "utf-8")
def test_random_text(text: str, codec: str) -> None:
    answers(text.encode(codec, "ignore"), "表.csv")


@given(st.sampled_from(sorted(REAL)), slips, st.integers(0, 10**6))
def test_real_files_with_wrong_and_missing_bytes(file: str, changes: list[tuple[int, int]], cut: int) -> None:
    data = with_slips(REAL[file], changes)

    answers(data if cut % 3 else data[: cut % len(data)], file)


@given(st.sampled_from(["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
                        "xl/styles.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"]), slips)  # fmt: skip
def test_real_workbooks_with_wrong_bytes_inside_the_parts(part: str, changes: list[tuple[int, int]]) -> None:
    repacked = BytesIO()
    with zipfile.ZipFile(BytesIO(REAL["site-record.xlsx"])) as old, zipfile.ZipFile(repacked, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, with_slips(content, changes) if name == part else content)

    answers(repacked.getvalue(), "表.xlsx")
