"""Erasing a name on pages: from the event, by whom it may be, with words about what follows; and looking people up."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cabletrace.auth.sessions import form_token
from drafts_for_tests import envelope, production
from service_for_tests import Service

PAGE = {"Accept": "text/html"}
KEEPER, INSPECTOR = "库管员示例某", "质检员示例某"


@pytest.fixture
def event(fresh: Service) -> str:
    sent = production("E1", by=[{"role": "inspector", "name": INSPECTOR}, {"role": "keeper", "name": KEEPER}])
    assert fresh.ask("maker", "POST", "/api/v1/events", json=sent).status_code == 201
    return str(sent["draft"]["id"])


def open_page(service: Service, who: str, path: str) -> Any:
    return service.ask(who, "GET", path, headers=PAGE)


def send(service: Service, who: str, path: str, form: dict[str, Any]) -> Any:
    data = {"form_token": form_token(service.tokens[who]), **form}
    return service.ask(who, "POST", path, data=data, headers=PAGE)


def filled(service: Service, who: str, event: str, **members: Any) -> dict[str, Any]:
    """The form as the page gives it, filled in."""
    page = open_page(service, who, f"/events/{event}/erase").text
    (id_,) = re.findall(r'name="id" value="([0-9a-f-]{36})"', page)
    return {
        "id": id_,
        "pointers": ["/by/1/name"],
        "ground": "consent-withdrawn",
        "understood": "yes",
        **members,
    }


def test_from_the_event_a_name_is_erased_and_both_say_so(fresh: Service, event: str) -> None:
    page = open_page(fresh, "maker", f"/events/{event}").text
    assert f"/events/{event}/erase" in page
    assert KEEPER in page
    form = open_page(fresh, "maker", f"/events/{event}/erase").text
    assert "依法留存、不能删除：检验员" in form
    assert "备份" in form
    assert INSPECTOR not in form.partition('<form class="card"')[2]

    answer = send(fresh, "maker", f"/events/{event}/erase", filled(fresh, "maker", event))

    assert (answer.status_code, answer.headers["location"]) == (303, f"/events/{event}")
    page = open_page(fresh, "maker", f"/events/{event}").text
    assert KEEPER not in page
    assert INSPECTOR in page
    assert "本人撤回同意" in page
    assert f"/events/{event}/erase" not in page


def test_the_form_sent_twice_erases_once(fresh: Service, event: str) -> None:
    form = filled(fresh, "maker", event)
    first = send(fresh, "maker", f"/events/{event}/erase", form)
    size = fresh.size

    second = send(fresh, "maker", f"/events/{event}/erase", form)

    assert first.status_code == second.status_code == 303
    assert fresh.size == size


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"pointers": []}, "pointers"),
        ({"ground": ""}, "ground"),
        ({"ground": "whatever"}, "ground"),
        ({"understood": ""}, "understood"),
        ({"pointers": ["/by/0/name"]}, "pointers"),
        ({"pointers": ["/body/product"]}, "pointers"),
    ],
)
def test_what_is_left_out_or_cannot_be_is_said_beside_its_field(
    fresh: Service, event: str, members: dict[str, Any], field: str
) -> None:
    size = fresh.size

    answer = send(fresh, "maker", f"/events/{event}/erase", filled(fresh, "maker", event, **members))

    assert answer.status_code in (409, 422)
    assert f'href="#field-{field}"' in answer.text
    assert f'id="field-{field}"' in answer.text
    assert fresh.size == size
    assert KEEPER in open_page(fresh, "maker", f"/events/{event}").text


@pytest.mark.parametrize("who", ["dealer", "site", "maker B", "regulator B", "anybody"])
def test_others_are_not_led_there_and_not_let_in(fresh: Service, event: str, who: str) -> None:
    form = filled(fresh, "maker", event)
    size = fresh.size

    asked = open_page(fresh, who, f"/events/{event}/erase")
    sent = (
        fresh.ask(who, "POST", f"/events/{event}/erase", data=form, headers=PAGE)
        if who == "anybody"
        else send(fresh, who, f"/events/{event}/erase", form)
    )

    assert asked.status_code in (303, 403, 404)
    assert sent.status_code in (401, 403, 404)
    assert fresh.size == size


def test_without_the_token_of_our_page_nothing_is_erased(fresh: Service, event: str) -> None:
    form = {**filled(fresh, "maker", event), "form_token": "another site's"}

    answer = fresh.ask("maker", "POST", f"/events/{event}/erase", data=form, headers=PAGE)

    assert answer.status_code == 403
    assert KEEPER in open_page(fresh, "maker", f"/events/{event}").text


def test_an_event_that_names_nobody_has_no_such_section(fresh: Service) -> None:
    page = open_page(fresh, "dealer", f"/events/{fresh.event['receipt']}").text

    assert "个人信息" not in page


def test_an_event_leads_to_its_batch_and_the_timeline_to_the_event(fresh: Service, event: str) -> None:
    page = open_page(fresh, "maker", f"/events/{event}").text
    (code,) = set(re.findall(r'href="/batches/([0-9A-Z]{10})"', page))

    timeline = open_page(fresh, "maker", f"/batches/{code}").text

    assert f'href="/events/{event}"' in timeline


def test_people_are_found_by_those_who_may(fresh: Service, event: str) -> None:
    found = {
        who: f"/events/{event}" in open_page(fresh, who, f"/persons?name={KEEPER}").text
        for who in ("maker", "regulator", "dealer", "site", "maker B", "regulator B")
    }

    assert [who for who, is_found in found.items() if is_found] == ["maker", "regulator"]
    assert 'href="/persons"' in open_page(fresh, "maker", "/").text
    assert 'href="/persons"' not in open_page(fresh, "operator", "/").text


def test_who_complains_is_shown_to_the_regulator_on_the_page_of_the_complaint_alone(fresh: Service) -> None:
    body = {
        "text": "买来的线发烫",
        "complainant": {"name": "投诉人示例某", "phone": "000-1234-5678"},
        "wants": "refund",
    }
    batch = {"batch": {"code": fresh.code["L1"]}}
    sent = envelope("complaint", batch, body, on="2026-05-01", place={"region": "411603"})
    assert fresh.ask("regulator", "POST", "/api/v1/events", json=sent).status_code == 201

    pages = [f"/events/{sent['draft']['id']}", f"/batches/{fresh.code['L1']}", "/", f"/c/{fresh.code['L1']}"]
    told = {
        (who, page)
        for who in ("regulator", "maker", "operator", "regulator B", "anybody")
        for page in pages
        if "000-1234-5678" in open_page(fresh, who, page).text
    }

    assert told == {("regulator", pages[0])}
