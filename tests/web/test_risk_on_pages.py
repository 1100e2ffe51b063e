"""From the list of makers by class to a planned visit that is filled in."""

from __future__ import annotations

import re

from cabletrace.intake.record import prepare
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.values import party_id
from drafts_for_tests import LICENCE, MAKER, REGULATOR, certificate
from service_for_tests import Service
from typing_for_tests import opened, standing, text_of

WHO = "regulator"


def test_a_maker_of_the_jurisdiction_is_listed_and_its_visit_planned(service: Service) -> None:
    html = opened(service, WHO, "/risk")

    page = text_of(html)
    assert "没有数据" in page
    assert "该检查" in page
    assert "用铜平衡" in page
    link = re.search(rf'href="(/parties/{party_id(MAKER)}/record/visit-plan[^"]+)"', html)
    assert link is not None
    form = standing(opened(service, WHO, link[1].replace("&amp;", "&")))
    assert form["body/type"] in ("routine", "unannounced")
    assert form["body/reason"].startswith("风险等级")
    assert party_id(MAKER) not in opened(service, "regulator B", "/risk")
    assert service.ask(WHO, "GET", "/risk?class=E").status_code == 404


def test_the_same_list_is_told_to_programs_and_one_maker_by_itself(service: Service) -> None:
    listed = service.ask(WHO, "GET", "/api/v1/risk").json()
    (row,) = listed["rows"]
    one = service.ask(WHO, "GET", f"/api/v1/risk/{MAKER}").json()
    others = [letter for letter in "ABCD" if letter != row["letter"]]

    assert row == one
    assert row["maker"]["id"] == party_id(MAKER)
    assert listed["counts"][row["letter"]] == 1
    assert {item["name"]: item["measure"] for item in row["items"]}["price"] is None
    assert service.ask(WHO, "GET", f"/api/v1/risk?class={row['letter']}").json()["rows"] == [row]
    assert service.ask(WHO, "GET", f"/api/v1/risk?class={others[0]}").json()["rows"] == []
    assert service.ask(WHO, "GET", "/api/v1/risk?class=E").status_code == 422
    assert party_id(MAKER) not in service.ask("regulator B", "GET", "/api/v1/risk").text
    assert service.ask("regulator B", "GET", f"/api/v1/risk/{MAKER}").status_code == 404
    assert [
        service.ask(who, "GET", "/api/v1/risk").status_code for who in ("maker", "operator", "anybody")
    ] == [403, 403, 401]


def test_a_withdrawn_licence_puts_a_maker_into_d_and_says_which(fresh: Service) -> None:
    before = fresh.ask(WHO, "GET", f"/api/v1/risk/{MAKER}").json()
    gone = certificate(status="withdrawn", valid_from="2026-05-01", entered_for=REGULATOR)
    (answer,) = fresh.house.intake.record_now([prepare(gone, fresh.house.at_the_machine())])
    assert isinstance(answer, Receipt), answer

    after = fresh.ask(WHO, "GET", f"/api/v1/risk/{MAKER}").json()
    page = text_of(opened(fresh, WHO, "/risk"))

    assert before["vetoes"] == []
    assert (after["letter"], after["score"]) == ("D", before["score"])
    (veto,) = after["vetoes"]
    assert veto["name"] == "revoked"
    assert LICENCE in veto["says"]["zh"]
    assert "许可证或 CCC 证书被撤销" in page
    assert LICENCE in page
