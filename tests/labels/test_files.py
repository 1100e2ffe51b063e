"""Every label of every kind of file, read back by a camera's eye, leads to its own drum."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET

import pypdfium2
import pytest
from openpyxl import load_workbook
from PIL import Image, ImageDraw
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from cabletrace.codes.qr import qr_modules
from cabletrace.codes.trace_code import code_in
from cabletrace.errors import InputError
from cabletrace.labels.bitmap import Resolution, label_bitmap, label_png
from cabletrace.labels.code_list import COLUMNS, codes_csv, codes_xlsx
from cabletrace.labels.label import Label
from cabletrace.labels.layout import PREVIEW
from cabletrace.labels.pdf import labels_pdf
from cabletrace.labels.print_run import parse_print_run
from cabletrace.labels.sheet import MM, SHEETS
from cabletrace.labels.svg import label_svg
from cabletrace.labels.zpl import zpl
from labels_for_tests import LONG_NAME, label, labels, read_from

DPI = 200


def pages_of(pdf: bytes) -> list[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=DPI / 72).to_pil() for page in document]


def texts_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def printed_by(program: bytes) -> Image.Image:
    """What a printer makes of our ZPL: its ^GFA picture, from its own numbers."""
    found = re.fullmatch(
        rb"\^XA\^PW(\d+)\^LL(\d+)\^LH0,0\^FO0,0\^GFA,(\d+),(\d+),(\d+),([0-9A-F]+)\^FS\^PQ(\d+)\^XZ\n",
        program,
    )
    assert found is not None
    width, height, sent, whole, a_row = (int(number) for number in found.groups()[:5])
    dots = bytes.fromhex(found[6].decode())
    assert sent == whole == len(dots) == a_row * height
    picture = Image.frombytes("1", (a_row * 8, height), bytes(byte ^ 255 for byte in dots))
    return picture.crop((0, 0, width, height))


# --- PDF ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", SHEETS)
def test_every_label_of_every_page_leads_to_its_drum(key: str) -> None:
    sheet = SHEETS[key]
    wanted = labels(min(sheet.labels + 2, 30), maker=LONG_NAME)

    pages = pages_of(labels_pdf(wanted, parse_print_run(sheet=key)))

    assert [url for page in pages for url in read_from(page)] == [each.url for each in wanted]


def test_labels_stand_in_their_cells_and_their_copies_beside_them() -> None:
    sheet = SHEETS["a4-3x8"]
    run = parse_print_run(start="23", copies="2", right="1", down="-1.5")

    first, second = pages_of(labels_pdf(labels(2), run))

    for page, position, unit in ((first, 23, 1), (first, 24, 1), (second, 1, 2), (second, 2, 2)):
        cell = sheet.cell(position).moved(100, -150)
        dots = [
            at * DPI / 25.4 / MM for at in (cell.x_cmm, max(cell.y_cmm, 0), cell.right_cmm, cell.bottom_cmm)
        ]
        assert read_from(page.crop(tuple(map(round, dots)))) == [label(unit).url]
    assert len(read_from(first)) == len(read_from(second)) == 2


def test_ink_stays_inside_of_the_edge_of_each_cell() -> None:
    sheet = SHEETS["a4-4x10"]
    (page,) = pages_of(
        labels_pdf(labels(40, maker=LONG_NAME, designation=LONG_NAME), parse_print_run(sheet="a4-4x10"))
    )

    blank = page.convert("L")
    for position in range(1, 41):
        inside = sheet.cell(position).within(sheet.edge_cmm - 30)  # a dot or two of smoothing
        corners = (inside.x_cmm, inside.y_cmm, inside.right_cmm, inside.bottom_cmm)
        ImageDraw.Draw(blank).rectangle([at * DPI / 25.4 / MM for at in corners], fill=255)

    assert blank.getextrema() == (255, 255)


def test_a_page_has_the_size_of_its_paper() -> None:
    for key, wide, high in (("a4-3x8", 210, 297), ("roll-60x40", 60, 40), ("roll-40x60", 40, 60)):
        with pypdfium2.PdfDocument(labels_pdf(labels(1), parse_print_run(sheet=key))) as document:
            assert [round(points / 72 * 25.4, 1) for points in document[0].get_size()] == [wide, high]


def test_text_can_be_searched_and_its_font_is_inside() -> None:
    pdf = labels_pdf(labels(3), parse_print_run())

    (text,) = texts_of(pdf)

    assert "周口市示例电缆有限公司" in text
    assert "第 2 盘（卷）" in text
    assert b"/FontFile3" in pdf
    assert re.search(rb"/BaseFont /[A-Z0-9]{6}\+NotoSansSC|/FontName /[A-Z0-9]{6}\+NotoSansSC", pdf)
    assert len(pdf) < 100_000  # a subset: the whole font has 8 MB


def test_a_character_that_the_font_lacks_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="lacks: 𠮷") as refused:
        labels_pdf([label(maker="𠮷野电缆")], parse_print_run())

    assert refused.value.code == "wrong-input"


# --- one label ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dpi", Resolution)
@pytest.mark.parametrize("key", SHEETS)
def test_the_png_leads_to_its_drum_and_has_its_size(key: str, dpi: int) -> None:
    png = Image.open(BytesIO(label_png(label(), SHEETS[key], dpi)))

    assert read_from(png) == [label().url]
    assert png.getpixel((0, 0)) == 255  # whoever reads codes reads them white on black too
    size_cmm = SHEETS[key].label_width_cmm, SHEETS[key].label_height_cmm
    assert [dots / dpi * 25.4 * MM for dots in png.size] == pytest.approx(size_cmm, abs=7)  # half a dot
    assert png.info["dpi"] == pytest.approx((dpi, dpi), abs=0.1)


@pytest.mark.parametrize("dpi", Resolution)
@pytest.mark.parametrize("key", SHEETS)
def test_a_label_printer_prints_what_the_bitmap_shows(key: str, dpi: int) -> None:
    bitmap = label_bitmap(label(), SHEETS[key], dpi)

    printed = printed_by(zpl(bitmap))

    assert printed.tobytes() == bitmap.tobytes()
    assert read_from(printed) == [label().url]


def test_a_label_printer_is_told_how_many() -> None:
    assert b"^PQ3^XZ" in zpl(label_bitmap(label(), SHEETS["roll-60x40"], 203), copies=3)


def test_the_svg_leads_to_its_drum() -> None:
    svg = label_svg(label(maker="甲 & 乙 <电缆>"), SHEETS["roll-60x40"])

    root = ET.fromstring(svg)  # noqa: S314 - our own bytes
    assert (root.attrib["width"], root.attrib["height"]) == ("60mm", "40mm")
    assert root[0].text == label().printed
    bars = root[2].attrib
    shift = re.fullmatch(r"translate\((\d+) (\d+)\) scale\(([\d.]+)\)", bars["transform"])
    assert shift is not None
    left, top, module = (float(number) for number in shift.groups())
    image = Image.new("L", (1200, 800), 255)
    pen = ImageDraw.Draw(image)
    for x, y, length in (map(int, found) for found in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", bars["d"])):
        corners = (left + x * module, top + y * module, left + (x + length) * module, top + (y + 1) * module)
        pen.rectangle([at / 5 for at in corners], fill=0)
    assert read_from(image) == [label().url]


def test_the_svg_needs_no_font() -> None:
    svg = label_svg(label(), SHEETS["roll-60x40"]).decode()

    assert "<text" not in svg
    assert svg.count("M") > 400  # the outlines of some eighty characters beside the bars


def test_modules_are_those_of_another_maker_of_codes() -> None:
    made = qr_modules(label().url)

    others = []
    for mask in range(8):
        other = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=mask)
        other.add_data(label().url)
        others.append(other.get_matrix())
    assert made in others


# --- the list -----------------------------------------------------------------------------------------


def test_the_list_names_each_unit_with_what_stands_on_its_label() -> None:
    wanted = labels(3, length_mm=1_234_500)

    sent = codes_csv(wanted)

    assert sent.startswith(b"\xef\xbb\xbf")
    title, *rows = csv.reader(StringIO(sent.decode("utf-8-sig"), newline=""))
    assert tuple(title) == COLUMNS
    assert rows[1] == [
        "2", label(2).printed, label(2).printed.replace("-", ""), label(2).url, "1234.5",
        "ZC-YJV22 0.6/1kV 4×120+1×70", "L20260501-01", "2026-05-01", "周口市示例电缆有限公司",
    ]  # fmt: skip
    assert [code_in(row[3]) for row in rows] == [code_in(row[1]) for row in rows]


def test_the_workbook_says_the_same_with_numbers_as_numbers() -> None:
    wanted = labels(3)

    sheet = load_workbook(BytesIO(codes_xlsx(wanted))).active

    assert sheet is not None
    title, *rows = sheet.iter_rows(values_only=True)
    assert title == COLUMNS
    assert rows[2][:5] == (3, label(3).printed, label(3).printed.replace("-", ""), label(3).url, 500)


@pytest.mark.parametrize("lot", ["=1+1", "+7", "-7", "@x"])
def test_a_spreadsheet_computes_nothing_that_a_maker_typed(lot: str) -> None:
    of = [label(lot=lot)]

    ((*_, in_csv, _, _),) = list(csv.reader(StringIO(codes_csv(of).decode("utf-8-sig"), newline="")))[1:]
    book = load_workbook(BytesIO(codes_xlsx(of))).active

    assert in_csv == f"'{lot}"
    assert book is not None
    assert (book["G2"].value, book["G2"].data_type) == (lot, "s")


@pytest.mark.parametrize("key", SHEETS)
def test_a_blank_label_leads_to_its_drum_and_says_nothing_of_goods(key: str) -> None:
    blank = Label(url=label(3).url, printed=label(3).printed, unit=3)
    run = parse_print_run(sheet=key)

    with pypdfium2.PdfDocument(labels_pdf([blank], run)) as document:
        text = document[0].get_textpage().get_text_bounded()
        read = read_from(document[0].render(scale=4).to_pil())

    assert read == [blank.url]
    assert "第 3 盘（卷）" in text.replace("\r\n", "")
    for absent in ("批号", "生产日期", " m", PREVIEW):
        assert absent not in text


def test_a_list_of_blank_labels_has_codes_and_nothing_else() -> None:
    blank = Label(url=label(3).url, printed=label(3).printed, unit=3)

    _, row = csv.reader(StringIO(codes_csv([blank]).decode("utf-8-sig"), newline=""))

    assert row == ["3", blank.printed, blank.printed.replace("-", ""), blank.url, "", "", "", "", ""]
    sheet = load_workbook(BytesIO(codes_xlsx([blank]))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:2] == [3, blank.printed]
