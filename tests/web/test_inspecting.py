"""Supervision work on pages: a visit is planned unseen, recorded along a checklist, and followed up until it is closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import drafts_for_tests as some
from cabletrace.model.checklists import newest_checklist
from cabletrace.model.draws import drawn
from cabletrace.model.values import party_id
from drafts_for_tests import LABORATORY, MAKER, REGULATOR
from drafts_for_tests import REGULATOR as AUTHORITY
from html_for_tests import Reader
from service_for_tests import Service, Told, service_in

PAGE = {"Accept": "text/html"}
PLAN = some.visit_plan(number="飞检密-1", opens_on="2026-05-01", entered_for=AUTHORITY)
FOUND = some.inspection(
    {"party": MAKER}, defects=[{"text": "没有进货查验记录", "due": "2026-05-01"}], entered_for=REGULATOR
)
LIST = newest_checklist("maker")
INSPECT = f"/parties/{party_id(MAKER)}/record/inspection"


@pytest.fixture
def service(told: Told, tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path / "data", told, PLAN, FOUND) as served:
        yield served


def page(service: Service, who: str, path: str) -> str:
    answer = service.ask(who, "GET", path, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def fields_in(html: str) -> dict[str, str]:
    """The hidden fields of a form."""
    return {
        control.attributes["name"]: control.attributes.get("value") or ""
        for control in Reader(html).all("input")
        if control.attributes.get("type") == "hidden"
    }


def send(service: Service, who: str, path: str, typed: dict[str, str]) -> tuple[int, str]:
    hidden = fields_in(page(service, who, path))
    answer = service.ask(who, "POST", path, data={**hidden, **typed}, headers=PAGE)
    return answer.status_code, answer.text


ANSWERS = {f"body/checklist/{n}/result": "pass" for n, _ in enumerate(LIST.items)}
SEEN = {
    "occurred_at": "2026-05-01", "body/type": "unannounced", "body/number": "检-9", "body/result": "rectify",
    "place/region": "411603", "by/0/name": "甲某", "by/1/name": "乙某",
    "body/defects/0/text": "检验设备过了校准期", "body/defects/0/due": "2026-05-20",
}  # fmt: skip


def test_after_an_inspection_of_a_party_its_record_is_shown_and_can_be_printed(service: Service) -> None:
    hidden = fields_in(page(service, "regulator", INSPECT))

    sent = service.ask("regulator", "POST", INSPECT, data={**hidden, **SEEN}, headers=PAGE)

    assert sent.status_code == 303, sent.text
    shown = page(service, "regulator", sent.headers["location"])
    assert "检-9" in shown
    assert "/paper" in shown


def test_an_officer_begins_a_planned_visit_along_the_list_of_makers(service: Service) -> None:
    plans = page(service, "regulator", "/inspections/plans")
    begin = next(
        link.attributes["href"]
        for link in Reader(plans).all("a")
        if "plan=" in (link.attributes.get("href") or "")
    )
    assert begin is not None
    form = page(service, "regulator", begin)
    assert all(item.text.zh in form for item in LIST.items)

    failing = {**ANSWERS, "body/checklist/7/result": "fail", "body/checklist/7/note": "耐压台无校准证书"}
    status, _ = send(service, "regulator", begin, {**SEEN, **failing})

    assert status == 303
    assert "已检查" in page(service, "regulator", "/inspections/plans")
    assert "检验设备过了校准期" in page(service, "regulator", "/inspections")
    assert "检验设备过了校准期" in page(service, "maker", "/inspections")


def test_an_item_without_an_answer_is_named_and_what_was_typed_stays(service: Service) -> None:
    left_out = {name: value for name, value in ANSWERS.items() if "/3/" not in name}

    status, text = send(service, "regulator", f"{INSPECT}?form={LIST.id}", {**SEEN, **left_out})

    assert status == 422
    assert 'href="#field-body/checklist/3/result"' in text
    assert "检验设备过了校准期" in text


def test_a_correction_of_the_checklist_keeps_its_items(service: Service) -> None:
    send(service, "regulator", f"{INSPECT}?form={LIST.id}", {**SEEN, **ANSWERS})
    rows = service.ask("regulator", "GET", "/api/v1/defects").json()["rows"]
    event = next(row["event"] for row in rows if row["number"] == "检-9")

    form = page(service, "regulator", f"/events/{event}/correct")

    assert "body/checklist/12/result" in form
    assert LIST.items[12].text.zh in form


def test_the_maker_reports_and_the_authority_closes(service: Service) -> None:
    path = f"/events/{FOUND['draft']['id']}/rectification?defect=1"
    assert "复查合格" not in page(service, "maker", path)

    said = {"occurred_at": "2026-05-02", "body/text": "已补齐台账"}
    assert send(service, "maker", path, said)[0] == 303
    assert "已整改，待复查" in page(service, "regulator", "/inspections")
    assert send(service, "regulator", path, {**said, "body/step": "closed"})[0] == 303

    assert "没有进货查验记录" not in page(service, "regulator", "/inspections")
    assert "没有进货查验记录" in page(service, "regulator", "/inspections?state=closed")
    assert service.ask("regulator", "GET", path, headers=PAGE).status_code == 404


@pytest.mark.parametrize("who", ["dealer", "maker B", "regulator B", "department", "operator"])
def test_nobody_else_opens_the_form_of_what_became_of_it(service: Service, who: str) -> None:
    path = f"/events/{FOUND['draft']['id']}/rectification?defect=1"

    assert service.ask(who, "GET", path, headers=PAGE).status_code in (403, 404)


@pytest.mark.parametrize(
    "who", ["maker", "dealer", "site", "regulator B", "department", "operator", "auditor", "clerk"]
)
def test_no_page_and_no_answer_tells_others_of_a_plan(service: Service, who: str) -> None:
    event = PLAN["draft"]["id"]
    asked = (
        "/", "/inspections", "/inspections/plans", "/search?q=飞检密-1", f"/parties/{party_id(MAKER)}", f"/events/{event}",
        "/api/v1/visits", "/api/v1/search?q=飞检密-1", f"/api/v1/events/{event}", f"/api/v1/events/{event}/proof",
        f"/api/v1/events/{event}/entry", f"/api/v1/events/{event}/payload", "/persons?q=甲某", "/alerts",
    )  # fmt: skip

    answers = [service.ask(who, "GET", path, headers=PAGE if "/api/" not in path else {}) for path in asked]

    for path, answer in zip(asked, answers, strict=True):
        told = answer.text.replace('value="飞检密-1"', "").replace("%E9%A3%9E", "")
        assert event not in told.replace(path, "") or answer.status_code in (403, 404), path
        assert answer.status_code in (403, 404) or "专项抽查" not in told, path
        if event in path:
            assert answer.status_code in (403, 404), path


def test_the_authority_finds_its_plan(service: Service) -> None:
    assert "飞检密-1" in page(service, "regulator", "/inspections/plans")
    assert [row["number"] for row in service.ask("regulator", "GET", "/api/v1/visits").json()] == ["飞检密-1"]
    assert "专项抽查" not in page(service, "maker", f"/parties/{party_id(MAKER)}")


def test_a_plan_is_recorded_and_drawn_from_on_its_page(service: Service) -> None:
    seed = "a-seed-that-is-long-enough"
    typed = {
        "number": "抽-7", "level": "county", "products": "电线", "candidates": "甲厂\n乙厂\n丙厂", "count": "1", "substitutes": "1", "seed": seed,
    }  # fmt: skip
    form = fields_in(page(service, "regulator", "/sampling-plans"))
    nobody = {**form, **typed, "entrusted": "没有这家检测中心"}
    refused = service.ask("regulator", "POST", "/sampling-plans", data=nobody, headers=PAGE)
    assert refused.status_code == 422
    assert 'value="没有这家检测中心"' in refused.text  # what was typed stays
    typed["entrusted"] = LABORATORY
    assert (
        service.ask("regulator", "POST", "/sampling-plans", data={**form, **typed}, headers=PAGE).status_code
        == 303
    )
    assert "等账本上有了下一条" in page(service, "regulator", "/sampling-plans")
    send(service, "regulator", f"{INSPECT}?form={LIST.id}", {**SEEN, **ANSWERS})

    (row,) = service.ask("regulator", "GET", "/api/v1/sampling-plans").json()
    assert row["entrusted"]["id"] == party_id(LABORATORY)
    drawing = f"/sampling-plans/{row['event']}/draw"
    form = fields_in(page(service, "regulator", "/sampling-plans"))
    wrong = service.ask("regulator", "POST", drawing, data={**form, "seed": seed + "x"}, headers=PAGE)
    right = service.ask("regulator", "POST", drawing, data={**form, "seed": seed}, headers=PAGE)

    assert wrong.status_code == 409
    assert "不是方案里承诺的种子" in wrong.text
    assert right.status_code == 303
    (row,) = service.ask("regulator", "GET", "/api/v1/sampling-plans").json()
    assert tuple(row["drawn"]) == drawn(seed, row["root"], ("甲厂", "乙厂", "丙厂"), 2)
    for who in ("maker", "regulator B", "operator", "auditor", "department"):
        assert service.ask(who, "GET", f"/api/v1/events/{row['event']}").status_code in (403, 404)
        assert service.ask(who, "POST", drawing, data={"seed": seed}, headers=PAGE).status_code in (403, 404)
    assert service.ask("regulator B", "GET", "/api/v1/sampling-plans").json() == []
