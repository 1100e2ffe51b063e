"""From the list of makers by class to a planned visit that is filled in."""

from __future__ import annotations

import re

from cabletrace.intake.record import prepare
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.values import party_id
from drafts_for_tests import LICENCE, MAKER, REGULATOR, certificate
from service_for_tests import Service
from typing_for_tests import enter, opened, standing, text_of

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


def test_an_official_class_is_recorded_and_stands_beside_the_own_one(fresh: Service) -> None:
    path = f"/parties/{party_id(MAKER)}/record/credit-class"
    before = fresh.ask(WHO, "GET", f"/api/v1/risk/{MAKER}").json()
    listed = opened(fresh, WHO, "/risk")
    assert "官方信用风险分类：未导入" in text_of(listed)
    assert f'href="{path}"' in listed
    assert standing(opened(fresh, WHO, path))["occurred_at"] == ""

    wrong = enter(fresh, WHO, path, body__letter="C", body__source="", occurred_at="2026-03-01")
    first = enter(
        fresh,
        WHO,
        path,
        body__letter="C",
        body__source="省分类系统",
        body__number="2026-1",
        occurred_at="2026-03-01",
    )
    older = enter(fresh, WHO, path, body__letter="B", body__source="市局通报", occurred_at="2025-03-01")

    assert wrong.status_code == 422
    assert standing(wrong.text)["body/letter"] == "C"
    assert (first.status_code, older.status_code) == (303, 303), text_of(first)
    for page in (
        text_of(opened(fresh, WHO, "/risk")),
        text_of(opened(fresh, WHO, f"/risk/{party_id(MAKER)}")),
    ):
        assert "C 类，信用风险较高" in page
        assert "2026-03-01" in page
        assert "省分类系统" in page
    assert "市局通报" in text_of(opened(fresh, WHO, f"/risk/{party_id(MAKER)}"))
    row = fresh.ask(WHO, "GET", f"/api/v1/risk/{MAKER}").json()
    assert (row["official"]["letter"], row["official"]["on"], row["official"]["source"]) == (
        "C",
        "2026-03-01",
        "省分类系统",
    )
    assert [each["letter"] for each in row["official_before"]] == ["B"]
    assert fresh.ask(WHO, "GET", "/api/v1/risk").json()["rows"] == [row]
    assert {name: row[name] for name in ("letter", "score", "items")} == {
        name: before[name] for name in ("letter", "score", "items")
    }
    assert before["official"] is None
    for who in ("maker", "operator", "regulator B"):
        assert fresh.ask(who, "GET", f"/risk/{party_id(MAKER)}").status_code in (403, 404)
        assert fresh.ask(who, "GET", f"/api/v1/events/{row['official']['event']}").status_code == 404

    record = f"/events/{row['official']['event']}"
    typed = {"body__letter": "B", "occurred_at": "2026-03-02", "reason": "抄错了"}
    checked = enter(fresh, WHO, f"{record}/correct", step="check", **typed)
    assert checked.status_code == 200, text_of(checked)
    right = enter(fresh, WHO, f"{record}/correct", step="record", **typed)
    assert right.status_code == 303, text_of(right)
    now = fresh.ask(WHO, "GET", f"/api/v1/risk/{MAKER}").json()["official"]
    assert (now["letter"], now["on"], now["source"]) == ("B", "2026-03-02", "省分类系统")
    assert opened(fresh, WHO, record)
