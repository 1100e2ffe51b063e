"""The maker prints labels from the page of its batch, and whatever it downloads leads to its drums."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import BytesIO, StringIO
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest
from openpyxl import load_workbook

from cabletrace.auth.sessions import form_token
from cabletrace.codes.trace_code import UnitCode, code_in
from cabletrace.intake.record import prepare
from cabletrace.ledger.sequencer import Receipt
from cabletrace.queries import printing
from drafts_for_tests import MAKER, Envelope, production
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
    text = text.replace("\x02", "-")  # how the reader shows a hyphen at the end of a line
    page = service.ask("maker", "GET", f"/batches/{service.code['L1']}/labels").text
    (row,) = service.ask("maker", "GET", f"/api/v1/batches/{service.code['L1']}/codes?units=1").json()["rows"]
    for said in ("L1", "第 1 盘（卷）", row["printed"], "250 m"):
        assert said in text
    assert row["printed"] in page


def test_a_list_of_codes_is_recorded_and_comes_as_csv_and_as_workbook(fresh: Service) -> None:
    here = f"/batches/{fresh.code['L1']}/labels?output=codes&id="
    where = send(fresh, f"{here}{uuid4()}", {"units": "2,4"}).headers["Location"]
    page = fresh.ask("maker", "GET", where).text
    files = {
        kind: fresh.ask("maker", "GET", where.replace("/printed", "/file").replace("as=xlsx", f"as={kind}"))
        for kind in ("csv", "xlsx")
    }

    rows = list(csv.reader(StringIO(files["csv"].content.decode("utf-8-sig"), newline="")))
    sheet = load_workbook(BytesIO(files["xlsx"].content)).active
    assert units_of([row[3] for row in rows[1:]]) == [2, 4]
    assert sheet is not None
    assert [row[3] for row in sheet.iter_rows(values_only=True)] == [row[3] for row in rows]
    assert "as=csv" in page
    assert files["csv"].headers["Cache-Control"] == "no-store"
    assert "attachment" in files["csv"].headers["Content-Disposition"]
    assert send(fresh, f"{here}{uuid4()}", {"units": "2"}).status_code == 409


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_of_codes_is_not_handed_out_unrecorded(service: Service, kind: str) -> None:
    assert at(service, **{"as": kind})[0] == 422


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
    assert "要打印的" not in content.decode()  # nothing of what is wrong


def test_a_choice_that_was_made_is_still_made_after_a_mistake(service: Service) -> None:
    _, _, content = at(service, sheet="roll-70x50", copies="x", **{"as": "pdf"})

    (chosen,) = [each for each in Reader(content.decode()).all("option") if "selected" in each.attributes]
    assert chosen.attributes["value"] == "roll-70x50"


# --- what is printed is recorded


def test_printing_is_recorded_first_and_then_handed_out(fresh: Service) -> None:
    size = fresh.size
    answer = sent(fresh, units="1-2", sheet="roll-60x40", copies="2")

    assert answer.status_code == 303
    shown = fresh.ask("maker", "GET", answer.headers["Location"])
    file = fresh.ask("maker", "GET", shown.headers["Refresh"].removeprefix("0; url="))
    with pypdfium2.PdfDocument(file.content) as document:
        read = [units_of(read_from(page.render(scale=4).to_pil())) for page in document]
        text = document[0].get_textpage().get_text_bounded()
    assert read == [[1], [1], [2], [2]]
    assert "样张" not in text
    assert fresh.size > size
    page = fresh.ask("maker", "GET", f"/batches/{fresh.code['L1']}/labels").text
    assert "3-4" in page
    event = shown.text.partition("/events/")[2][:36]
    assert "打印标签，1-2 号盘（卷），每盘 2 份" in fresh.ask("regulator", "GET", f"/events/{event}").text
    assert fresh.ask("dealer", "GET", f"/events/{event}").status_code == 404


def test_the_same_form_sent_twice_prints_once(fresh: Service) -> None:
    id_ = str(uuid4())
    first, again = (sent(fresh, units="1", id=id_) for _ in range(2))

    assert first.headers["Location"] == again.headers["Location"]
    assert sent(fresh, units="1").status_code == 409


def test_printing_again_asks_why_beside_its_field_and_takes_a_reason(fresh: Service) -> None:
    sent(fresh, units="1-2")

    mute, told = sent(fresh, units="2-3"), sent(fresh, units="2-3", reason="damaged")

    assert mute.status_code == 409
    (field,) = [each for each in Reader(mute.text).elements if each.attributes.get("name") == "reason"]
    assert field.attributes["aria-invalid"] == "true"
    assert told.status_code == 303


def test_where_no_unit_is_named_those_are_printed_that_were_not(fresh: Service) -> None:
    sent(fresh, units="2")

    rest = sent(fresh)
    nothing = sent(fresh)

    shown = fresh.ask("maker", "GET", rest.headers["Location"]).text
    assert "1, 3–4" in shown
    assert nothing.status_code == 422


def test_what_cannot_be_laid_out_is_not_recorded_as_printed(fresh: Service) -> None:
    size = fresh.size

    statuses = [
        sent(fresh, **typed).status_code
        for typed in ({"units": "3-9"}, {"sheet": "a3"}, {"copies": "21"}, {"id": "x"})
    ]

    assert statuses == [422, 422, 422, 422]
    assert fresh.size == size


def test_a_preview_says_that_it_is_one(service: Service) -> None:
    _, _, pdf = at(service, units="1", **{"as": "pdf"})

    with pypdfium2.PdfDocument(pdf) as document:
        assert "样张 PREVIEW" in document[0].get_textpage().get_text_bounded()


def test_how_it_was_printed_last_is_how_the_form_begins(fresh: Service) -> None:
    sent(fresh, units="1-2", sheet="a4-2x7", start="13", copies="1", right="0.5", down="-1")

    page = Reader(fresh.ask("maker", "GET", f"/batches/{fresh.code['L1']}/labels").text)

    values = {each.attributes.get("name"): each.attributes.get("value") for each in page.all("input")}
    (chosen,) = [each for each in page.all("option") if "selected" in each.attributes]
    assert chosen.attributes["value"] == "a4-2x7"
    assert (values["start"], values["right"], values["down"]) == ("1", "0.5", "-1")


def test_labels_of_several_batches_come_in_one_file(fresh: Service) -> None:
    record(fresh, production("L2", entered_for=MAKER))
    page = fresh.ask("maker", "GET", "/labels/to-print")
    codes = [
        each.attributes["value"]
        for each in Reader(page.text).all("input")
        if each.attributes.get("name") == "code"
    ]

    answer = send(fresh, "/labels/to-print", {"id": str(uuid4()), "code": codes})

    assert answer.status_code == 303
    shown = fresh.ask("maker", "GET", answer.headers["Location"])
    file = fresh.ask("maker", "GET", shown.headers["Refresh"].removeprefix("0; url="))
    with pypdfium2.PdfDocument(file.content) as document:
        urls = read_from(document[0].render(scale=3).to_pil())
    read = [code_in(url) for url in urls]
    assert {each.batch.canonical for each in read if isinstance(each, UnitCode)} == set(codes)
    assert len(codes) == 2
    assert len(urls) == 8
    assert "没有未打印的标签" in fresh.ask("maker", "GET", "/labels/to-print").text


def test_the_list_goes_on_where_it_is_longer_than_a_page(
    fresh: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(fresh, production("L2", entered_for=MAKER))
    monkeypatch.setattr(printing.to_print, "__kwdefaults__", {"limit": 1, "after": None})

    first = fresh.ask("maker", "GET", "/labels/to-print").text
    (onward,) = [e.attributes["href"] for e in Reader(first).all("a") if e.attributes.get("rel") == "next"]
    second = fresh.ask("maker", "GET", onward).text

    assert ">L2<" in first
    assert ">L1<" in second
    assert ">L2<" not in second
    assert 'rel="next"' not in second
    assert f'action="{onward.replace("back=&", "")}"' in second


def test_the_page_of_a_production_leads_its_maker_to_the_labels(fresh: Service) -> None:
    def links(who: str, event: str) -> bool:
        page = fresh.ask(who, "GET", f"/events/{fresh.event[event]}")
        assert page.status_code == 200
        return f'href="/batches/{fresh.code["L1"]}/labels"' in page.text

    assert links("maker", "production")
    assert not links("dealer", "production")
    assert not links("maker", "dispatch")


def test_codes_are_reserved_printed_as_blank_labels_and_lead_to_the_goods_made_later(fresh: Service) -> None:
    form = Reader(fresh.ask("maker", "GET", "/reservations").text)
    fields = {
        each.attributes["name"]: each.attributes["value"]
        for each in form.all("input")
        if each.attributes.get("name") in ("id", "at", "valid_to")
    }
    assert send(fresh, "/reservations", {**fields, "count": "2", "units": "3"}).status_code == 303
    page = fresh.ask("maker", "GET", "/labels/to-print?blank=yes")
    code = next(
        e.attributes["value"] for e in Reader(page.text).all("input") if e.attributes.get("name") == "code"
    )

    answer = sent(fresh, code=code, sheet="roll-100x70")
    shown = fresh.ask("maker", "GET", answer.headers["Location"])
    file = fresh.ask("maker", "GET", shown.headers["Refresh"].removeprefix("0; url="))

    with pypdfium2.PdfDocument(file.content) as document:
        urls = [read_from(page.render(scale=3).to_pil())[0] for page in document]
        text = document[0].get_textpage().get_text_bounded()
    assert units_of(urls) == [1, 2, 3]
    assert "YJV" not in text
    assert "第 1 盘（卷）" in text
    assert {outcome(fresh, url) for url in urls} == {"reserved"}
    record(fresh, production("L9", [(1, 3, 100_000)], code=code, entered_for=MAKER))
    assert {outcome(fresh, url) for url in urls} == {"issued"}


def outcome(service: Service, url: str) -> str:
    path = url.removeprefix("https://trace.example")
    return str(service.client.get(path, headers={"Accept": "application/json"}).json()["outcome"])


def sent(service: Service, code: str = "", id: str = "", **typed: str) -> Any:
    """What the form answers when its print button is pressed."""
    here = f"/batches/{code or service.code['L1']}/labels?id={id or uuid4()}"
    return send(service, here, typed)


def send(service: Service, path: str, fields: Mapping[str, Any]) -> Any:
    token = form_token(service.tokens["maker"])
    return service.ask("maker", "POST", path, data={**fields, "form_token": token})


def record(service: Service, envelope: Envelope) -> None:
    (answer,) = service.house.intake.record_now([prepare(envelope, service.house.at_the_machine())])
    assert isinstance(answer, Receipt), answer
