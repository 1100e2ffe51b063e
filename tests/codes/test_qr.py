"""QR codes are drawn so that another reader finds in them what went in."""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from cabletrace.codes.qr import QUIET_ZONE, qr_png, qr_svg, trace_url
from cabletrace.codes.trace_code import BatchCode, code_in, unit_code

BATCH = BatchCode("7Q0M1ZK4C")
DRUM = unit_code(BATCH, 37, bytes(range(32)))
URL = trace_url("trace.example.cn", DRUM)


def drawn(svg: bytes, module_px: int) -> Image.Image:
    """The picture a browser would show: the paths of the SVG, which know only the rectangle ``Mx yhNv1h-Nz``."""
    root = ET.fromstring(svg)  # noqa: S314 - our own bytes
    side = int(root.attrib["viewBox"].split()[2])
    image = Image.new("L", (side * module_px, side * module_px), 255)
    pen = ImageDraw.Draw(image)
    dark = root[1].attrib["d"]
    assert re.fullmatch(r"(M\d+ \d+h\d+v1h-\d+z)+", dark)
    for x, y, length in (map(int, found) for found in re.findall(r"M(\d+) (\d+)h(\d+)", dark)):
        right, bottom = (x + length) * module_px - 1, (y + 1) * module_px - 1
        pen.rectangle((x * module_px, y * module_px, right, bottom), fill=0)
    return image


def test_the_png_reads_back_as_the_same_drum() -> None:
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(qr_png(URL))))

    assert found.text == URL
    assert code_in(found.text) == DRUM
    assert found.ec_level == "M"


def test_the_svg_reads_back_as_the_same_drum() -> None:
    (found,) = zxingcpp.read_barcodes(drawn(qr_svg(URL), 4))

    assert found.text == URL


def test_svg_and_png_show_the_same_modules() -> None:
    png = Image.open(BytesIO(qr_png(URL, module_px=3))).convert("L")

    assert png.tobytes() == drawn(qr_svg(URL), 3).tobytes()


def test_four_white_modules_stand_on_every_side() -> None:
    module_px = 5
    image = Image.open(BytesIO(qr_png(URL, module_px))).convert("L")

    dark = image.point(lambda grey: 255 - grey).getbbox()

    edge = QUIET_ZONE * module_px
    assert QUIET_ZONE == 4
    assert dark == (edge, edge, image.width - edge, image.height - edge)


def test_a_label_stays_small() -> None:
    # Version 3 (29 modules) with the quiet zone: 12.2 mm at 0.33 mm a module, for the tag of a coil.
    assert ET.fromstring(qr_svg(URL)).attrib["viewBox"] == "0 0 37 37"  # noqa: S314
    assert len(qr_svg(URL)) < 8_000
    assert len(qr_png(URL)) < 2_000


def test_chinese_text_reads_back() -> None:
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(qr_png("电线电缆 追溯"))))

    assert found.text == "电线电缆 追溯"


@pytest.mark.parametrize("host", ["", "https://trace.example.cn", "trace.example.cn/x", "a b", "me@host"])
def test_a_host_is_only_a_host(host: str) -> None:
    with pytest.raises(ValueError, match="host"):
        trace_url(host, BATCH)


def test_the_address_carries_the_code_without_hyphens() -> None:
    assert trace_url("trace.example.cn:8443", BATCH) == f"https://trace.example.cn:8443/c/{BATCH.canonical}"


def test_a_demo_on_this_machine_is_reached_without_encryption() -> None:
    hosts = ("127.0.0.1:8000", "localhost:8000", "[::1]:80", "127.evil.example")

    addresses = [trace_url(host, DRUM) for host in hosts]

    assert [address.split(":")[0] for address in addresses] == ["http", "http", "http", "https"]
