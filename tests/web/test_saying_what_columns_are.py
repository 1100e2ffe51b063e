"""Columns that are not understood: asked about once, remembered for the organisation, seen, changed, forgotten."""

from __future__ import annotations

import re
from urllib.parse import quote

from cabletrace.auth.sessions import form_token
from drafts_for_tests import DEALER
from importing_for_tests import BAD, GOOD, PAGE, finished, open_page, send, upload
from service_for_tests import Service

ODD = "单据,炉批,轴,缆长,发往,发往信用代码,去向码,哪天"
MEANT = {
    "column-0": "note", "column-1": "lot", "column-2": "units", "column-3": "length:m", "column-4": "buyer",
    "column-5": "buyer_uscc", "column-6": "region", "column-7": "date",
}  # fmt: skip
IN_KM = f"FH-9001,L1,3,0.25,周口市例示五金经营部,{DEALER},411602,2026-04-20"


def asked_at(service: Service, who: str = "maker", *rows: str) -> str:
    """Where the service asks after the columns of a file with odd headings."""
    here: str = upload(service, who, *(rows or (GOOD, BAD)), headings=ODD).headers["location"]
    return here


def test_unknown_columns_are_asked_for_with_their_values_and_the_answer_is_remembered(fresh: Service) -> None:
    asking = asked_at(fresh)
    assert asking.endswith("/columns/0")
    first = open_page(fresh, "maker", asking).text
    page = open_page(fresh, "maker", f"{asking}?kind=shipments").text

    said = send(fresh, "maker", asking, kind="shipments", **MEANT)
    checked = open_page(fresh, "maker", said.headers["location"]).text
    again = upload(fresh, "maker", GOOD, headings=ODD).headers["location"]

    assert '<option value="shipments">' in first
    assert "L1" in page
    assert '<option value="length:km">长度（千米）' in page
    assert "还缺：" in page
    assert "1 行可以写入，1 行不能" in checked
    assert "各列按 示例 maker" in checked
    assert "/columns/" not in again
    assert "1 行可以写入" in open_page(fresh, "maker", again).text


def test_what_was_checked_with_a_mapping_is_what_is_recorded_also_when_it_is_forgotten(
    fresh: Service,
) -> None:
    asking = asked_at(fresh, "maker", IN_KM)
    here = send(fresh, "maker", asking, kind="shipments", **{**MEANT, "column-3": "length:km"}).headers[
        "location"
    ]
    before = fresh.size
    (key,) = re.findall(
        r'action="/import/columns/([0-9a-f]{64})/forget"', open_page(fresh, "maker", "/import/columns").text
    )
    assert send(fresh, "maker", f"/import/columns/{key}/forget").status_code == 303

    job = send(fresh, "maker", f"{here}/commit").headers["location"]

    assert "已写入账本" in finished(fresh, "maker", job)
    assert fresh.size == before + 1
    assert "还没有说明过列名" in open_page(fresh, "maker", "/import/columns").text
    assert upload(fresh, "maker", GOOD, headings=ODD).headers["location"].endswith("/columns/0")


def test_a_wrong_answer_is_refused_in_words_and_keeps_what_was_chosen(fresh: Service) -> None:
    asking = asked_at(fresh)
    twice = {**MEANT, "column-0": "lot"}

    refused = send(fresh, "maker", asking, kind="shipments", **twice)
    missing = send(fresh, "maker", asking, kind="shipments", **{**MEANT, "column-6": ""})

    assert refused.status_code == 422
    assert "两列都说是「批号」" in refused.text
    assert '<option value="region" selected>' in refused.text
    assert missing.status_code == 422
    assert "发货表必须有：收货地区代码" in missing.text


def test_forged_kinds_columns_and_fields_are_refused_and_nothing_is_remembered(fresh: Service) -> None:
    asking = asked_at(fresh)

    answers = [
        send(fresh, "maker", asking, **form)
        for form in (
            {**MEANT, "kind": "forged"},
            {**MEANT, "kind": "shipments", "column-0": "forged"},
            {**MEANT, "kind": "shipments", "column-99": "lot"},
            {"kind": "shipments", "column-x": "lot"},
            MEANT,  # no kind at all
        )
    ]

    assert [answer.status_code for answer in answers] == [422] * 5
    assert "还没有说明过列名" in open_page(fresh, "maker", "/import/columns").text
    assert send(fresh, "maker", asking.replace("/0", "/7"), kind="shipments", **MEANT).status_code == 404


def test_what_one_organisation_says_is_neither_seen_nor_touched_nor_used_by_another(fresh: Service) -> None:
    asking = asked_at(fresh)
    send(fresh, "maker", asking, kind="shipments", **MEANT)
    (key,) = re.findall(
        r"/import/columns/([0-9a-f]{64})/forget", open_page(fresh, "maker", "/import/columns").text
    )

    for who in ("maker B", "dealer", "operator"):
        assert key not in open_page(fresh, who, "/import/columns").text
        assert open_page(fresh, who, f"/import/columns/{key}").status_code == 404
        assert send(fresh, who, f"/import/columns/{key}", kind="shipments", **MEANT).status_code == 404
        assert send(fresh, who, f"/import/columns/{key}/forget").status_code == 404
        assert send(fresh, who, asking, kind="shipments", **MEANT).status_code == 404
        assert asked_at(fresh, who, GOOD).endswith("/columns/0")


def test_what_is_remembered_is_changed_on_its_page(fresh: Service) -> None:
    asking = asked_at(fresh)
    send(fresh, "maker", asking, kind="shipments", **MEANT)
    listed = open_page(fresh, "maker", "/import/columns").text
    (key,) = re.findall(r"/import/columns/([0-9a-f]{64})/forget", listed)
    page = open_page(fresh, "maker", f"/import/columns/{key}").text

    changed = send(
        fresh, "maker", f"/import/columns/{key}", kind="shipments", **{**MEANT, "column-3": "length:km"}
    )
    wrong = send(fresh, "maker", f"/import/columns/{key}", kind="shipments", **{**MEANT, "column-3": "lot"})

    assert "缆长 → 长度（米）" in listed
    assert '<option value="length:m" selected>' in page
    assert changed.status_code == 303
    assert wrong.status_code == 422
    assert "缆长 → 长度（千米）" in open_page(fresh, "maker", "/import/columns").text


def test_a_table_may_be_left_out_for_good(fresh: Service) -> None:
    asking = asked_at(fresh)

    here = send(fresh, "maker", asking, kind="").headers["location"]
    again = upload(fresh, "maker", GOOD, headings=ODD).headers["location"]

    assert "没有认出任何表" in open_page(fresh, "maker", here).text
    assert "/columns/" not in again


def test_what_was_said_on_a_page_holds_over_http(fresh: Service) -> None:
    asking = asked_at(fresh)
    content = f"{ODD}\n{GOOD}".encode()
    headers = {"Content-Type": "text/csv", "X-File-Name": quote("发货.csv")}
    before = fresh.ask("maker", "POST", "/api/v1/imports?dry_run=true", content=content, headers=headers)
    send(fresh, "maker", asking, kind="shipments", **MEANT)

    after = fresh.ask("maker", "POST", "/api/v1/imports?dry_run=true", content=content, headers=headers)

    assert before.status_code == 422
    assert after.status_code == 200
    assert list(after.json()["good"].values()) == [1]
    assert [said["by"] for said in after.json()["as_said"].values()] == ["示例 maker"]


def test_saying_it_takes_a_form_of_ours(fresh: Service) -> None:
    asking = asked_at(fresh)

    answer = fresh.ask(
        "maker", "POST", asking, data={"kind": "", "form_token": form_token("x")}, headers=PAGE
    )

    assert answer.status_code == 403
