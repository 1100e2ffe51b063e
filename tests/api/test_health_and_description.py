"""What supervisors of the service and programmers see: health, readiness, the OpenAPI document, its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from cabletrace.db.engine import begin_write
from cabletrace.ledger import witnesses
from cabletrace.ledger.cosignature import Cosigner
from cabletrace.ledger.room import MOST_WAITING
from cabletrace.ledger.witnesses import Contradiction
from cabletrace.model.kinds import KINDS
from drafts_for_tests import production
from service_for_tests import Service

VOID = {"delete"}


@pytest.fixture
def description(service: Service) -> Any:
    return service.client.get("/openapi.json").json()


def operations(description: Any) -> Iterator[tuple[str, Any]]:
    for path, by_method in description["paths"].items():
        for method, operation in by_method.items():
            yield f"{method} {path}", operation


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_the_process_says_that_it_lives_and_is_ready(service: Service) -> None:
    ready = service.client.get("/readyz").json()

    assert service.client.get("/healthz").json()["status"] == "ok"
    assert ready == {
        "ready": True,
        "degraded": False,
        "size": service.size,
        "parts": [
            {"name": "search", "behind": 0, "answers": True},
            {"name": "alerts", "behind": 0, "answers": True},
        ],
        "cosigned": 0,
        "contradicted_by": [],
    }


def test_a_ledger_that_stopped_is_not_ready_and_takes_nothing_but_is_still_read(fresh: Service) -> None:
    fresh.house.committer._give_up("a bit was flipped at index 7", [])

    ready = fresh.client.get("/readyz")
    recorded = fresh.ask("maker", "POST", "/api/v1/events", json=production("L9"))
    read = fresh.ask("maker", "GET", f"/api/v1/batches/{fresh.code['L1']}")

    assert (ready.status_code, ready.json()["code"]) == (503, "stopped")
    assert ready.headers["Retry-After"]
    assert (recorded.status_code, recorded.json()["code"]) == (503, "stopped")
    assert "index 7" not in ready.text + recorded.text
    assert read.status_code == 200
    assert fresh.client.get("/healthz").status_code == 200


def figures(text: str) -> dict[str, float]:
    """The figures of an exposition by name and labels."""
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_whoever_watches_reads_figures_of_ledger_followers_and_witnesses(fresh: Service) -> None:
    # given: a witness that holds more than this ledger has, and has never cosigned
    house = fresh.house
    key = Cosigner.from_seed("w.example/one", b"\7" * 32).verifier_key
    with begin_write(house.desk) as tx:
        witness = witnesses.add(tx, key.format(), "https://w.example", house.clock())
        witnesses.note_contradiction(tx, witness, Contradiction("set-back", 99, 10), house.clock())

    read = fresh.ask("operator", "GET", "/metrics")
    house.committer._give_up("a bit was flipped", [])
    stopped = figures(fresh.ask("operator", "GET", "/metrics").text)

    assert read.status_code == 200
    assert read.headers["Content-Type"].startswith("text/plain")
    assert figures(read.text) == {
        "cabletrace_ledger_entries": fresh.size,
        "cabletrace_ledger_writes": 1,
        "cabletrace_waiting_proposals": 0,
        "cabletrace_waiting_bytes": 0,
        "cabletrace_waiting_checks": 0,
        "cabletrace_dropped_checks_total": 0,
        "cabletrace_turned_away_proposals_total": 0,
        "cabletrace_committer_restarts_total": 0,
        'cabletrace_behind_entries{part="search"}': 0,
        'cabletrace_behind_entries{part="alerts"}': 0,
        'cabletrace_behind_seconds{part="search"}': 0,
        'cabletrace_behind_seconds{part="alerts"}': 0,
        "cabletrace_search_answers": 1,
        "cabletrace_search_dead_letters": 0,
        'cabletrace_cosigned_entries{witness="w.example/one"}': 0,
        'cabletrace_witness_contradicts{witness="w.example/one"}': 1,
    }
    assert stopped["cabletrace_ledger_writes"] == 0


def test_where_too_much_waits_nothing_of_a_request_is_taken_and_the_same_again_is_recorded_once(
    fresh: Service,
) -> None:
    # given: a queue that is full
    room = fresh.house.committer._room
    one, many = production("L8"), {"events": [production("L9"), production("L8")]}
    room.take(MOST_WAITING, 1_000)

    # when
    refused = [fresh.ask("maker", "POST", "/api/v1/events", json=each) for each in (one, many)]
    page = fresh.ask("operator", "GET", "/ledger")
    seen = figures(fresh.ask("operator", "GET", "/metrics").text)
    room.leave(MOST_WAITING, 1_000)
    later = [fresh.ask("maker", "POST", "/api/v1/events", json=each) for each in (one, one, many)]

    # then
    assert [(each.status_code, each.json()["code"]) for each in refused] == [(503, "queue-full")] * 2
    assert all(each.headers["Retry-After"] for each in refused)
    assert page.status_code == 200  # readings go on
    assert seen["cabletrace_waiting_proposals"] == MOST_WAITING
    assert seen["cabletrace_turned_away_proposals_total"] == 3
    assert [each.status_code for each in later] == [201, 201, 200]
    assert later[0].json()["index"] == later[1].json()["index"]
    assert [each["status"] for each in later[2].json()["events"]] == [201, 409]  # another id for the same lot
    assert fresh.house.committer.standing().waiting == 0


def test_the_ledger_page_says_that_it_stopped_and_to_its_operator_why_and_what_to_do(fresh: Service) -> None:
    fresh.house.committer._give_up("the disk has failed: EIO", [])

    operators, anybodys = (fresh.ask(who, "GET", "/ledger?lang=en").text for who in ("operator", "anybody"))

    assert all("has stopped writing" in page for page in (operators, anybodys))
    assert "the disk has failed: EIO" in operators
    assert "cabletrace verify" in operators
    assert "EIO" not in anybodys


def test_every_reference_of_the_description_leads_somewhere(description: Any) -> None:
    missing = []
    for reference in set(references(description)):
        value = description
        for step in reference.removeprefix("#/").split("/"):
            value = value.get(step, {})
        if not value:
            missing.append(reference)

    assert missing == []


def test_every_route_is_described_in_both_languages_with_answers_and_problems(description: Any) -> None:
    for name, operation in operations(description):
        assert re.search(r"[\u4e00-\u9fff]", operation["summary"]), name
        assert re.search(r"[a-z]{2}", operation["summary"]), name
        assert operation["description"], name
        assert operation["tags"], name
        answers = operation["responses"]
        assert {"400", "404", "405", "406", "422", "429", "500", "503"} <= answers.keys(), name
        assert all("$ref" in answer for status, answer in answers.items() if status >= "4"), name
        (good, *_) = [answer for status, answer in answers.items() if status < "3"]
        assert "content" in good or name.split()[0] in VOID, name
        if "requestBody" in operation:
            assert {"409", "413", "415"} <= answers.keys(), name
        if operation.get("security"):
            assert {"401", "403"} <= answers.keys(), name


def test_every_parameter_is_described(description: Any) -> None:
    bare = [
        (name, parameter["name"])
        for name, operation in operations(description)
        for parameter in operation.get("parameters", ())
        if not parameter.get("description")
    ]

    assert bare == []


def test_the_headers_that_a_client_goes_by_are_described(description: Any) -> None:
    paths = description["paths"]
    lists = [
        operation
        for _, operation in operations(description)
        if any(parameter["name"] == "after" for parameter in operation.get("parameters", ()))
    ]

    assert len(lists) == 18
    assert all("Link" in operation["responses"]["200"]["headers"] for operation in lists)
    assert "X-Index-Sequence" in paths["/api/v1/search"]["get"]["responses"]["200"]["headers"]
    assert "Location" in paths["/api/v1/imports"]["post"]["responses"]["202"]["headers"]
    problems = description["components"]["responses"]
    told = {status: set(problems[f"Problem{status}"]["headers"]) for status in (401, 405, 503)}
    assert told == {401: {"WWW-Authenticate"}, 405: {"Allow"}, 503: {"Retry-After"}}


def test_the_schema_of_a_draft_knows_every_kind(description: Any) -> None:
    schemas = description["components"]["schemas"]

    assert set(schemas["Draft"]["discriminator"]["mapping"]) == set(KINDS)
    assert schemas["Envelope"]["properties"]["draft"] == {"$ref": "#/components/schemas/Draft"}


def test_the_page_of_the_description_needs_nothing_from_elsewhere(service: Service) -> None:
    page = service.client.get("/docs", headers={"Accept": "text/html"})

    assert page.status_code == 200
    assert 'data-openapi="/openapi.json"' in page.text
    assert re.findall(r'(?:src|href)="(?!/|#)', page.text) == []
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
