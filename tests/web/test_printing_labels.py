"""The maker prints labels from the page of its batch, and whatever it downloads leads to its drums."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pypdfium2
import pytest
from openpyxl import load_workbook

from cabletrace.codes.trace_code import UnitCode, code_in
from html_for_tests import Reader
from labels_for_tests import read_from
from service_for_tests import Service


def at(service: Service, **typed: str) -> tuple[int, str, bytes]:
    """Status, kind and content of what the maker's form answers."""
    answer = service.ask("maker", "GET", f"/batches/{service.code['L1']}/labels", params=typed)
    return answer.status_code, answer.headers["Content-Type"].partition(";")[0], answer.content


def units_of(urls: list[str]) -> list[int]:
    codes = [code_in(url) for url in urls]
    assert all(isinstance(code, UnitCode) for code in codes)
    return [code.unit for code in codes if isinstance(code, UnitCode)]


def test_all_drums_are_printed_where_none_is_named(service: Service) -> None:
    status, kind, pdf = at(service, **{"as": "pdf"})

    assert (status, kind) == (200, "application/pdf")
    with pypdfium2.PdfDocument(pdf) as document:
        urls = read_from(document[0].render(scale=3).to_pil())
    assert units_of(urls) == [1, 2, 3, 4]
    for url in urls:
        public = service.client.get(
            url.removeprefix("https://trace.example"), headers={"Accept": "application/json"}
        )
        assert public.json()["outcome"] == "issued"


def test_what_is_typed_is_what_is_printed(service: Service) -> None:
    status, _, pdf = at(
        service, units="2-3", sheet="a4-2x7", start="13", copies="2", right="1", down="-0.5", **{"as": "pdf"}
    )

    assert status == 200
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [units_of(read_from(page.render(scale=3).to_pil())) for page in document]
    assert pages == [[2, 2], [3, 3]]


def test_a_label_names_maker_goods_and_lot(service: Service) -> None:
    _, _, pdf = at(service, units="1", sheet="roll-100x70", **{"as": "pdf"})

    with pypdfium2.PdfDocument(pdf) as document:
        text = document[0].get_textpage().get_text_bounded().replace("\r\n", "")
    page = service.ask("maker", "GET", f"/batches/{service.code['L1']}/labels").text
    (row,) = service.ask("maker", "GET", f"/api/v1/batches/{service.code['L1']}/codes?units=1").json()["rows"]
    for said in ("L1", "第 1 盘（卷）", row["printed"], "250 m"):
        assert said in text
    assert row["printed"] in page


def test_the_list_of_codes_comes_as_csv_and_as_workbook(service: Service) -> None:
    _, kind, sent = at(service, units="2,4", **{"as": "csv"})
    _, _, book = at(service, units="2,4", **{"as": "xlsx"})

    rows = list(csv.reader(StringIO(sent.decode("utf-8-sig"), newline="")))
    sheet = load_workbook(BytesIO(book)).active
    assert kind == "text/csv"
    assert units_of([row[3] for row in rows[1:]]) == [2, 4]
    assert sheet is not None
    assert [row[3] for row in sheet.iter_rows(values_only=True)] == [row[3] for row in rows]


def test_a_file_is_saved_under_the_name_of_its_batch_and_kept_by_no_cache(service: Service) -> None:
    answer = service.ask("maker", "GET", f"/batches/{service.code['L1']}/labels?as=csv")

    assert answer.headers["Content-Disposition"] == f'attachment; filename="labels-{service.code["L1"]}.csv"'
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("units", "3-9"), ("units", "x"), ("sheet", "a3"), ("start", "25"), ("copies", "0"), ("right", "99"),
        ("down", "one"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("wanted", ["", "pdf"])
def test_what_is_wrong_is_told_beside_its_field_and_stays_typed(
    service: Service, wanted: str, name: str, typed: str
) -> None:
    status, kind, content = at(service, **{name: typed, "as": wanted})

    assert (status, kind) == (422, "text/html")
    page = Reader(content.decode())
    (field,) = [each for each in page.elements if each.attributes.get("name") == name]
    assert field.attributes["aria-invalid"] == "true"
    assert name == "sheet" or field.attributes["value"] == typed


def test_a_choice_that_was_made_is_still_made_after_a_mistake(service: Service) -> None:
    _, _, content = at(service, sheet="roll-70x50", copies="x", **{"as": "pdf"})

    (chosen,) = [each for each in Reader(content.decode()).all("option") if "selected" in each.attributes]
    assert chosen.attributes["value"] == "roll-70x50"
