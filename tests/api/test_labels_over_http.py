"""Labels over HTTP: every kind leads to its drum, and nobody but the maker gets one."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from cabletrace.http import printing
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


@pytest.mark.parametrize("file", ["codes.csv", "codes.xlsx"])
def test_codes_are_not_handed_out_as_a_table_before_that_is_recorded(service: Service, file: str) -> None:
    answer = at(service, file)

    assert answer.status_code == 422
    assert "须先登记打印" in answer.text
    assert (
        at(service, f"{file}?units=2").status_code == 400
    )  # nothing but a recorded printing says which units


@pytest.mark.parametrize(
    "path",
    [
        "labels?units=3-9", "labels?sheet=a3", "labels?start=25", "labels?copies=21", "labels?right=x", "labels?down=9",
        "units/9/label.png", "units/1/label.svg?sheet=x",
        "units/1/label.png?dpi=204", "units/1/label.zpl?copies=0", "units/0/label.zpl",
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_refused_in_words(service: Service, path: str) -> None:
    answer = at(service, path)

    assert answer.status_code == 422
    assert answer.json()["problems"]


@pytest.mark.parametrize(
    "path",
    ["labels", "units/1/label.svg", "units/1/label.png", "units/1/label.zpl"],
)
def test_nobody_but_the_maker_gets_a_label(service: Service, path: str) -> None:
    statuses = {
        who: at(service, path, who).status_code
        for who in ("maker", "maker B", "dealer", "regulator", "anybody")
    }

    assert statuses == {"maker": 200, "maker B": 404, "dealer": 403, "regulator": 403, "anybody": 401}


# --- printed, that is: recorded


def printed(service: Service, **wanted: Any) -> Any:
    here = f"/api/v1/batches/{service.code['L1']}/labels"
    return service.ask("maker", "POST", here, json=wanted)


def test_what_is_printed_is_recorded_and_its_file_handed_out(fresh: Service) -> None:
    answer = printed(fresh, units="2-3", copies=2, sheet="roll-60x40")

    told = answer.json()
    assert (answer.status_code, told["units"], told["copies"]) == (201, "2-3", 2)
    assert fresh.ask("regulator", "GET", f"/api/v1/events/{told['event']}").json()["kind"] == "labelling"
    file = fresh.ask("maker", "GET", told["file"])
    with pypdfium2.PdfDocument(file.content) as document:
        read = [read_from(page.render(scale=4).to_pil()) for page in document]
        text = document[0].get_textpage().get_text_bounded()
    assert read == [[url_of(fresh, unit)] for unit in (2, 2, 3, 3)]
    assert "样张" not in text
    one = fresh.ask(
        "maker", "GET", f"/api/v1/batches/{told['code']}/units/2/label.zpl?printing={told['event']}"
    )
    preview = fresh.ask("maker", "GET", f"/api/v1/batches/{told['code']}/units/2/label.zpl")
    assert one.text != preview.text
    absent = f"/api/v1/batches/{told['code']}/units/4/label.png?printing={told['event']}"
    assert fresh.ask("maker", "GET", absent).status_code == 404


def test_a_printing_is_nobody_elses_file_and_of_no_other_batch(fresh: Service) -> None:
    told = printed(fresh).json()

    assert fresh.ask("maker B", "GET", told["file"]).status_code == 404
    elsewhere = told["file"].replace(told["code"], fresh.code["J1"])
    assert fresh.ask("maker", "GET", elsewhere).status_code == 404


def test_a_unit_that_was_printed_is_printed_again_for_a_reason(fresh: Service) -> None:
    printed(fresh, units="1-2")

    mute, told = printed(fresh, units="2"), printed(fresh, units="2", reason="misprint", note="打歪了")
    rest = printed(fresh)

    assert (mute.status_code, mute.json()["code"]) == (409, "reprint-without-reason")
    assert told.status_code == 201
    assert rest.json()["units"] == "3-4"


def test_the_same_printing_sent_twice_is_recorded_once(fresh: Service) -> None:
    wanted = {"id": "00000000-0000-4000-8000-0000000000b7", "units": "1"}

    first, again = printed(fresh, **wanted), printed(fresh, **wanted)

    assert first.json() == again.json()
    assert again.status_code == 201


def test_a_list_that_is_taken_for_printing_is_recorded_too(fresh: Service) -> None:
    told = printed(fresh, units="1-2", output="codes").json()

    sent = fresh.ask("maker", "GET", told["file"]).content
    book = fresh.ask("maker", "GET", told["file"].replace("codes.csv", "codes.xlsx")).content
    rows = list(csv.reader(StringIO(sent.decode("utf-8-sig"), newline="")))
    assert [row[3] for row in rows[1:]] == [url_of(fresh, 1), url_of(fresh, 2)]
    assert book.startswith(b"PK")
    for file in (told["file"], told["file"].replace("codes.csv", "codes.xlsx")):
        assert [fresh.ask(who, "GET", file).status_code for who in ("maker B", "dealer", "anybody")] == [
            404,
            403,
            401,
        ]
    assert printed(fresh, units="2").status_code == 409
    assert printed(fresh, units="2", output="codes").status_code == 409
    assert printed(fresh, units="2", output="codes", reason="lost").status_code == 201


def test_a_list_names_each_unit_once_however_many_labels_it_got(fresh: Service) -> None:
    told = printed(fresh, units="1", copies=3).json()
    here = f"/api/v1/batches/{fresh.code['L1']}/codes.csv?printing={told['event']}"

    sent = fresh.ask("maker", "GET", here).content.decode("utf-8-sig")

    assert len(list(csv.reader(StringIO(sent, newline="")))) == 2


@pytest.mark.parametrize(
    "wanted",
    [{"units": "3-9"}, {"copies": 21}, {"sheet": "a3"}, {"reason": "because"}, {"id": "x"}, {"more": 1}],
)
def test_what_is_wrong_is_not_recorded_as_printed(fresh: Service, wanted: dict[str, Any]) -> None:
    size = fresh.size

    assert printed(fresh, **wanted).status_code == 422
    assert fresh.size == size


def test_the_link_to_a_file_is_good_for_a_day(fresh: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    told = printed(fresh, units="1").json()

    monkeypatch.setattr(printing, "LINK_GOOD_FOR", timedelta(seconds=-1))

    answer = fresh.ask("maker", "GET", told["file"])
    assert answer.status_code == 404
    assert "原因" in answer.text
