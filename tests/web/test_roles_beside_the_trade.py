"""Roles that take no part in the trade: what each finds on its pages, and what stays closed to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from cabletrace.auth.sessions import form_token
from drafts_for_tests import MAKER, REGULATOR, batch_of, envelope
from service_for_tests import CERTIFIER, DEPARTMENT, Service, Told, service_in

PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, told: Told) -> Iterator[Service]:
    """A service whose department and certifier were sent a notice about lot L1."""
    notice = envelope(
        "notice", batch_of(), {"number": "TB-2", "recipients": [DEPARTMENT, CERTIFIER], "text": "请排查在建工地"},
        on="2026-05-10", entered_for=REGULATOR,
    )  # fmt: skip
    with service_in(tmp_path_factory.mktemp("beside") / "data", told, notice) as running:
        yield running


def look(service: Service, who: str, path: str) -> Any:
    service.client.cookies.clear()
    return service.ask(who, "GET", path, headers=PAGE)


def body(service: Service, who: str, path: str) -> str:
    answer = look(service, who, path)
    assert answer.status_code == 200, answer.text
    return re.sub(r"<[^>]+>", "", answer.text[answer.text.index("<main") :])


def test_who_meets_nothing_is_told_what_the_account_can_do(house: Service) -> None:
    witness, association = body(house, "witness", "/"), body(house, "association", "/")

    assert "签名公钥备案、" in witness
    assert "查阅公开账本、查验追溯码、管理 API 密钥。" in witness
    assert "追溯流向" not in witness
    assert "最近的批次" not in witness
    assert "查询企业、产品、证书" in association
    assert "您的账号可以做什么" not in body(house, "maker", "/")


def test_a_search_box_stands_only_where_it_may_be_used(house: Service) -> None:
    for who in ("witness", "association", "clerk"):
        assert 'action="/search"' not in look(house, who, "/").text, who
        assert look(house, who, "/search").status_code == 403
    for who in ("department", "key user", "certifier", "auditor", "maker"):
        assert 'action="/search"' in look(house, who, "/").text, who


def test_a_clerk_takes_a_report_down_and_reads_those_of_its_region(house: Service) -> None:
    told = {
        "form_token": form_token(house.tokens["clerk"]),
        "body/text": "邻居的电线发烫",
        "marks": "BV 2.5",
        "id": "00000000-0000-4000-8000-0000000000f1",
        "occurred_at": "2026-06-29",
        "place/region": "411602",
    }

    house.client.cookies.clear()
    answer = house.ask("clerk", "POST", "/report/report", data=told, headers=PAGE)
    listed = body(house, "clerk", "/submissions")

    assert answer.status_code == 303, re.sub(r"<[^>]+>", "", answer.text)[:1500]
    assert "线芯偏细" in listed
    assert look(house, "clerk", f"/batches/{house.code['L1']}/trace").status_code == 403
    assert look(house, "clerk", f"/submissions/{house.receipt}").status_code == 200


def test_a_clerk_knows_who_complains_only_from_what_its_own_desk_took_down(house: Service) -> None:
    told = {
        "form_token": form_token(house.tokens["clerk"]),
        "body/text": "楼道电缆冒烟",
        "body/complainant/name": "举报人丁某",
        "body/complainant/phone": "000-4711",
        "marks": "BV 4",
        "id": "00000000-0000-4000-8000-0000000000f2",
        "occurred_at": "2026-06-29",
        "place/region": "411602",
    }
    house.client.cookies.clear()
    house.ask("clerk", "POST", "/report/report", data=told, headers=PAGE)
    newest = re.findall(r'href="(/submissions/[^"?]+)"', look(house, "clerk", "/submissions").text)[0]

    own, anothers = body(house, "clerk", newest), body(house, "clerk", f"/submissions/{house.receipt}")

    assert "举报人丁某" in own
    assert "000-4711" in own
    assert "不向您显示" in anothers
    assert "没有留，或已删除" not in anothers
    # the authority of the place knows both, or that nobody left a name
    assert "举报人丁某" in body(house, "regulator", newest)
    assert "不向您显示" not in body(house, "regulator", f"/submissions/{house.receipt}")


def test_a_clerk_checks_codes_as_anybody_does(house: Service) -> None:
    card = body(house, "clerk", f"/c/{house.code['L1']}")

    assert "本平台签发" in card
    assert look(house, "clerk", f"/batches/{house.code['L1']}").status_code == 404


def test_a_department_sees_its_region_and_answers_what_was_sent_to_it(house: Service) -> None:
    desk = body(house, "department", "/")
    batch = body(house, "department", f"/batches/{house.code['L1']}")

    assert "份通报等您反馈" in desk
    assert "示范小区配电工程" in batch
    assert "质检员甲某" not in batch
    assert look(house, "department", f"/batches/{house.code['L1']}/trace").status_code == 403
    assert look(house, "department", f"/batches/{house.code['J1']}").status_code == 404
    assert look(house, "department", "/alerts").status_code == 403


def test_a_certifier_finds_the_notice_sent_to_it_and_none_of_the_trade(house: Service) -> None:
    assert "份通报等您反馈" in body(house, "certifier", "/")

    batch = body(house, "certifier", f"/batches/{house.code['L1']}")

    assert "请排查在建工地" in batch or "TB-2" in batch
    for kept in ("示范小区配电工程", "质检员甲某", "FH-"):
        assert kept not in batch


def test_a_certifier_registers_as_suspended_what_it_issued_to_a_holder(house: Service) -> None:
    draft = envelope(
        "certificate",
        {"certificate": {"holder": MAKER, "number": "2020010105123456"}},
        {
            "type": "ccc",
            "validity": {"valid_from": "2025-01-01", "valid_to": "2029-12-31"},
            "status": "suspended",
            "issued_by": CERTIFIER,
        },
    )

    answers = {
        who: house.ask(who, "POST", "/api/v1/events", json=draft).status_code
        for who in ("association", "dealer", "witness", "certifier")
    }

    assert answers == {"association": 403, "dealer": 403, "witness": 403, "certifier": 201}, answers
    assert "2020010105123456" in body(house, "association", "/certificates")


def test_an_auditor_sees_both_worlds_and_no_name_no_payload_no_file_and_no_complaint(house: Service) -> None:
    for lot, event in (("L1", "production"), ("J1", "production B")):
        batch = body(house, "auditor", f"/batches/{house.code[lot]}")
        assert "质检员甲某" not in batch
        payload = house.ask("auditor", "GET", f"/api/v1/events/{house.event[event]}/payload")
        assert payload.status_code == 403
    assert look(house, "auditor", "/submissions").status_code == 403
    assert look(house, "auditor", "/persons").status_code == 403
    accounts = look(house, "auditor", "/accounts")
    assert accounts.status_code == 200
    assert "/invitations" not in accounts.text
    assert look(house, "auditor", f"/accounts/{house.accounts['maker'].id}").status_code == 200
    assert house.ask("auditor", "GET", "/metrics").status_code == 200


def test_an_auditor_records_and_changes_nothing(house: Service) -> None:
    size = house.size
    report = envelope("report", batch_of(), {"text": "x"}, on="2026-05-08", place={"region": "411602"})
    form = {"form_token": form_token(house.tokens["auditor"])}
    own = house.accounts["dealer"].id

    assert house.ask("auditor", "POST", "/api/v1/events", json=report).status_code == 403
    for path in (
        f"/accounts/{own}/deactivate",
        f"/accounts/{own}/reset",
        f"/accounts/{own}/unlock",
        "/invitations",
    ):
        assert house.ask("auditor", "POST", path, data=form, headers=PAGE).status_code == 403, path
    assert house.size == size
