"""A sample on its pages: the authority, the laboratory and the maker each take their steps, and a result is final when nobody can object."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import drafts_for_tests as some
from drafts_for_tests import LABORATORY, MAKER, REGULATOR
from html_for_tests import Reader
from service_for_tests import Service, Told, service_in

PAGE = {"Accept": "text/html"}
SAMPLED = some.sampling(unit=3, reserve_mm=3_000, entered_for=REGULATOR)
EVENT = SAMPLED["draft"]["id"]
AT = f"/samples/{EVENT}"


@pytest.fixture
def fresh(told: Told, tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path / "data", told, SAMPLED) as served:
        yield served


def page(service: Service, who: str, path: str) -> str:
    answer = service.ask(who, "GET", path, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def send(service: Service, who: str, step: str, day: str, **typed: str) -> tuple[int, str]:
    path = f"{AT}/steps/{step}"
    form = Reader(page(service, who, path))
    fields = {
        each.attributes["name"]: each.attributes.get("value") or ""
        for each in form.all("input")
        if each.attributes.get("type") not in ("radio", "checkbox", "file") and each.attributes.get("name")
    }
    said = {f"body/{name}": value for name, value in typed.items() if value}
    answer = service.ask(who, "POST", path, data={**fields, "occurred_at": day, **said}, headers=PAGE)
    return answer.status_code, str(answer.text)


def test_a_result_comes_to_count_on_the_pages_of_all_who_take_part(fresh: Service) -> None:
    assert fresh.ask("dealer", "GET", AT, headers=PAGE).status_code == 404
    assert fresh.ask("laboratory", "GET", AT, headers=PAGE).status_code == 404
    assert "样品的去向和结果" in page(fresh, "regulator", f"/events/{EVENT}")
    assert send(fresh, "regulator", "handed-over", "2026-04-19", to=LABORATORY, seal="whole")[0] == 303
    assert send(fresh, "laboratory", "received", "2026-04-20", seal="broken")[0] == 303
    assert send(fresh, "laboratory", "reported", "2026-04-28", number="JD-1", result="fail")[0] == 303
    assert "封条破损" in page(fresh, "laboratory", AT)
    status, text = send(fresh, "regulator", "final", "2026-04-28")
    assert (status, "现在是「已出报告，未告知」" in text, "接下来可以：" in text) == (409, True, True)

    assert (
        send(fresh, "regulator", "served", "2026-04-29", to=MAKER, side="maker", served_by="direct")[0] == 303
    )
    of_the_maker = page(fresh, "maker", AT)
    assert "结果未生效" in of_the_maker
    assert "检验机构收样" not in of_the_maker  # what others did is not the maker's to know
    assert f"{AT}/steps/objected" in of_the_maker
    assert f"{AT}/steps/served" not in of_the_maker
    status, text = send(fresh, "maker", "objected", "2026-04-30", ground="", text="不是我们的货")
    assert (status, "不是我们的货" in text) == (422, True)  # what was typed stays
    assert send(fresh, "maker", "objected", "2026-04-30", ground="authenticity", text="包装不符")[0] == 303
    assert "包装不符" in page(fresh, "regulator", AT)
    assert send(fresh, "regulator", "not-the-makers", "2026-05-01", text="经比对不是其产品")[0] == 303
    assert "不是标称生产者的产品" in page(fresh, "regulator", AT)
    assert send(fresh, "regulator", "final", "2026-05-01")[0] == 303

    queue = "/samples?state=unpublished"
    assert queue in page(fresh, "regulator", "/cases?publication=pending")
    assert AT in page(fresh, "regulator", queue)
    assert "/cases?publication=pending" in page(fresh, "regulator", queue)
    assert "/cases?publication=pending" not in page(fresh, "maker", queue)
    assert "公布结果，或登记不予公布" in page(fresh, "regulator", AT)

    api = fresh.ask("regulator", "GET", f"/api/v1{AT}").json()
    assert (api["row"]["state"], api["row"]["is_final"], api["not_the_makers"]) == ("final", True, True)
    assert [
        row["event"] for row in fresh.ask("maker", "GET", "/api/v1/samples?state=final").json()["rows"]
    ] == [EVENT]
    assert fresh.ask("maker", "GET", "/api/v1/samples?state=open").json()["rows"] == []
    for stranger in ("regulator B", "dealer", "site"):
        assert fresh.ask(stranger, "GET", f"/api/v1{AT}").status_code == 404
        assert fresh.ask(stranger, "GET", "/api/v1/samples?state=all").json()["rows"] == []
    assert fresh.ask("maker", "GET", "/api/v1/samples?state=gone").status_code == 422


def test_an_officer_is_asked_before_a_lower_level_samples_again(told: Told, tmp_path: Path) -> None:
    earlier = some.sampling(unit=3, length_mm=None, entered_for=REGULATOR)
    earlier["draft"]["body"] |= {"level": "province", "number": "S-1"}
    event = earlier["draft"]["id"]
    way = (
        some.sample_step(event, "reported", result="pass", on="2026-04-20", entered_for=REGULATOR),
        some.sample_step(event, "served", on="2026-04-20", to=MAKER, side="maker", entered_for=REGULATOR),
        some.sample_step(event, "waived", on="2026-04-21", entered_for=MAKER),
        some.sample_step(event, "final", on="2026-04-21", entered_for=REGULATOR),
    )
    with service_in(tmp_path / "data", told, earlier, *way) as service:
        path = f"/batches/{service.code['L1']}/record/sampling"
        form = Reader(page(service, "regulator", path))
        hidden = {
            each.attributes["name"]: each.attributes.get("value") or ""
            for each in form.all("input")
            if each.attributes.get("type") == "hidden"
        }
        said = {
            **hidden, "occurred_at": "2026-05-01", "body/type": "supervision", "body/number": "CY-9", "body/unit": "3",
            "body/level": "county", "place/region": "411603",
        }  # fmt: skip
        asked = service.ask("regulator", "POST", path, data=said, headers=PAGE)
        meant = service.ask("regulator", "POST", path, data={**said, "meant": "yes"}, headers=PAGE)

    assert (asked.status_code, "不得重复抽查" in asked.text, "S-1" in asked.text) == (422, True, True)
    assert meant.status_code == 303
