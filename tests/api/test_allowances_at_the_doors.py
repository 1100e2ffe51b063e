"""Allowances over HTTP: who asks too often is told when to come back, and nobody else notices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from cabletrace.app.server import make_app
from cabletrace.auth.sessions import start_session
from cabletrace.db.engine import begin_write
from cabletrace.http.allowance import Allowances
from cabletrace.http.door import ALLOWANCE, SESSION_COOKIE
from drafts_for_tests import batch_of, envelope
from passwords_for_tests import cheap_passwords
from service_for_tests import Service
from world_for_tests import NOON

SEARCH = "/api/v1/search?q=YJV"


@pytest.fixture
def frugal(writing: Service) -> Iterator[Service]:
    """A service that gives each session and key two readings and three events a minute."""
    allowances = Allowances.of(reads_per_minute=2, events_per_minute=3)
    app = make_app(writing.house, passwords=cheap_passwords(), allowances=allowances)
    with TestClient(app, follow_redirects=False) as client:
        yield Service(writing.house, client, writing.told)


def key(service: Service, who: str, *actions: str) -> dict[str, str]:
    wanted = {"label": "x", "actions": list(actions), "expires_at": "2026-07-01T00:00:00Z"}
    return {"Authorization": f"Bearer {service.ask(who, 'POST', '/api/v1/keys', json=wanted).json()['text']}"}


def reports(count: int) -> list[dict[str, Any]]:
    return [
        envelope("report", batch_of(), {"text": f"第 {n} 件"}, on="2026-05-08", place={"region": "411602"})
        for n in range(count)
    ]


def test_a_session_that_reads_too_often_is_told_when_to_come_back(frugal: Service) -> None:
    answers = [frugal.ask("maker", "GET", SEARCH) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    refused = answers[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == "30"
    assert refused.json()["code"] == "too-many-requests"
    assert "每分钟 2" in refused.json()["detail"]
    page = frugal.ask("maker", "GET", "/search?q=YJV", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["retry-after"]) == (429, "30")
    assert "请在 30 秒后再试" in page.text


def test_what_costs_little_is_not_counted(frugal: Service) -> None:
    for _ in range(5):
        assert frugal.ask("maker", "GET", "/api/v1/keys").status_code == 200
        assert frugal.client.get(f"/c/{frugal.code['L1']}").status_code == 200


def test_nobody_else_pays_not_from_the_same_address_and_not_with_another_session(frugal: Service) -> None:
    for _ in range(3):
        frugal.ask("maker", "GET", SEARCH)
    with begin_write(frugal.house.desk) as tx:
        other = start_session(tx, frugal.accounts["maker"].id, NOON).text

    assert frugal.ask("dealer", "GET", SEARCH).status_code == 200
    again = frugal.client.get(SEARCH, headers={"Cookie": f"{SESSION_COOKIE}={other}"})
    assert again.status_code == 200
    machine = frugal.client.get(SEARCH, headers=key(frugal, "maker", "read:search"))
    assert machine.status_code == 200


def test_a_key_is_counted_under_every_spelling_of_its_header(frugal: Service) -> None:
    header = key(frugal, "maker", "read:search")["Authorization"]
    spellings = (header, header.replace("Bearer ", "bearer   "), header + " ")

    answers = [frugal.client.get(SEARCH, headers={"Authorization": each}).status_code for each in spellings]

    assert answers == [200, 200, 429]


def test_events_are_counted_one_by_one_and_a_refused_request_records_nothing(frugal: Service) -> None:
    machine = key(frugal, "maker", "record:report")
    size = frugal.size

    first = frugal.client.post("/api/v1/events", headers=machine, json={"events": reports(2)})
    second = frugal.client.post("/api/v1/events", headers=machine, json={"events": reports(4)[2:]})
    third = frugal.client.post("/api/v1/events", headers=machine, json=reports(5)[4])

    assert first.status_code == 200
    assert (second.status_code, second.headers["retry-after"]) == (429, "20")
    assert third.status_code == 429
    assert frugal.size == size + 2


def test_visitors_have_no_allowance_to_use_up(frugal: Service) -> None:
    for _ in range(4):
        assert frugal.client.get(SEARCH).status_code == 401


def test_every_costly_route_says_so(service: Service) -> None:
    declared: dict[str, set[str]] = {"reading": set(), "recording": set()}
    for context in iter_route_contexts(service.client.app.routes):  # type: ignore[attr-defined]
        cost = (getattr(context.original_route, "openapi_extra", None) or {}).get(ALLOWANCE)
        if cost is not None:
            declared[cost].add(context.path)

    assert declared["reading"] >= {
        "/api/v1/search", "/api/v1/trace", "/api/v1/batches/{code}/trace", "/api/v1/batches/{code}", "/api/v1/imports",
        "/api/v1/persons", "/api/v1/alerts", "/api/v1/batches/{code}/labels", "/search", "/batches/{code}",
        "/batches/{code}/trace", "/batches/{code}/labels", "/import", "/import/checks/{id_}/rows.xlsx",
    }  # fmt: skip
    assert declared["recording"] >= {
        "/api/v1/events", "/batches/{code}/record/{kind}", "/events/{event}/correct", "/events/{event}/reply",
        "/import/checks/{id_}/commit", "/report/{kind}", "/events/{event}/erase",
    }  # fmt: skip


def test_the_description_tells_programs_of_it(service: Service) -> None:
    document = service.client.get("/openapi.json").json()

    assert document["paths"]["/api/v1/search"]["get"][ALLOWANCE] == "reading"
    assert document["paths"]["/api/v1/events"]["post"][ALLOWANCE] == "recording"
    assert "Retry-After" in document["components"]["responses"]["Problem429"]["headers"]
    assert "1,200 a" in document["info"]["description"]
