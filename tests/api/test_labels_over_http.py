"""Labels over HTTP: every kind leads to its drum, and nobody but the maker gets one."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from labels_for_tests import read_from
from service_for_tests import Service


def url_of(service: Service, unit: int) -> str:
    (row,) = at(service, f"codes?units={unit}").json()["rows"]
    return str(row["url"])


def at(service: Service, path: str, who: str = "maker") -> Any:
    return service.ask(who, "GET", f"/api/v1/batches/{service.code['L1']}/{path}")


def test_a_sheet_of_labels_leads_to_its_drums(service: Service) -> None:
    answer = at(service, "labels?units=2-3&sheet=roll-60x40&copies=2")

    assert answer.headers["Content-Type"] == "application/pdf"
    with pypdfium2.PdfDocument(answer.content) as document:
        read = [read_from(page.render(scale=4).to_pil()) for page in document]
    assert read == [[url_of(service, unit)] for unit in (2, 2, 3, 3)]


def test_one_label_leads_to_its_drum_at_both_resolutions(service: Service) -> None:
    for dpi, wide in ((203, 480), (300, 709)):
        answer = at(service, f"units/2/label.png?dpi={dpi}")

        png = Image.open(BytesIO(answer.content))
        assert png.width == wide
        assert read_from(png) == [url_of(service, 2)]


def test_one_label_comes_for_a_label_printer_and_as_svg(service: Service) -> None:
    zpl = at(service, "units/2/label.zpl?sheet=roll-40x30&copies=3")
    svg = at(service, "units/2/label.svg?sheet=roll-40x30")

    assert zpl.headers["Content-Type"] == "text/plain; charset=us-ascii"
    assert zpl.text.startswith("^XA^PW320^LL240")
    assert "^PQ3^XZ" in zpl.text
    assert svg.headers["Content-Type"] == "image/svg+xml"
    assert 'width="40mm" height="30mm"' in svg.text


def test_codes_come_as_a_table(service: Service) -> None:
    rows = list(
        csv.reader(StringIO(at(service, "codes.csv?units=2").content.decode("utf-8-sig"), newline=""))
    )

    assert [row[3] for row in rows[1:]] == [url_of(service, 2)]
    assert at(service, "codes.xlsx").content.startswith(b"PK")


@pytest.mark.parametrize(
    "path",
    [
        "labels?units=3-9", "labels?sheet=a3", "labels?start=25", "labels?copies=21", "labels?right=x", "labels?down=9",
        "codes.csv?units=0", "codes.xlsx?units=x", "units/9/label.png", "units/1/label.svg?sheet=x",
        "units/1/label.png?dpi=204", "units/1/label.zpl?copies=0", "units/0/label.zpl",
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_refused_in_words(service: Service, path: str) -> None:
    answer = at(service, path)

    assert answer.status_code == 422
    assert answer.json()["problems"]


@pytest.mark.parametrize(
    "path",
    ["labels", "codes.csv", "codes.xlsx", "units/1/label.svg", "units/1/label.png", "units/1/label.zpl"],
)
def test_nobody_but_the_maker_gets_a_label(service: Service, path: str) -> None:
    statuses = {
        who: at(service, path, who).status_code
        for who in ("maker", "maker B", "dealer", "regulator", "anybody")
    }

    assert statuses == {"maker": 200, "maker B": 404, "dealer": 403, "regulator": 403, "anybody": 401}
