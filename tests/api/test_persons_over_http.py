"""Persons over HTTP: commitments made by a client, names for those who may, erasure, look-up; and what never leaks."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from cabletrace.ledger.payload import format_salt
from cabletrace.personal.commitment import commit
from drafts_for_tests import MAKER, Envelope, envelope, production
from service_for_tests import Service

KEEPER = "库管员示例某"
CALLER, PHONE = "投诉人示例某", "000-1234-5678"
EVENTS = "/api/v1/events"


def made(lot: str, *roles: str) -> Envelope:
    return production(lot, by=[{"role": role, "name": KEEPER} for role in roles or ("keeper",)])


def committed(lot: str) -> Envelope:
    sent, salt = made(lot), b"0123456789abcdef"
    sent["draft"]["by"][0]["name"] = commit(salt, "/by/0/name", KEEPER)
    sent["disclosures"] = [{"at": "/by/0/name", "salt": format_salt(salt), "value": KEEPER}]
    return sent


def record(service: Service, who: str, sent: Envelope) -> Any:
    return service.ask(who, "POST", EVENTS, json=sent)


def persons(service: Service, who: str, sent: Envelope) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = service.ask(who, "GET", f"{EVENTS}/{sent['draft']['id']}").json()["persons"]
    return found


def erasure(of: Envelope, *pointers: str) -> Envelope:
    subject = {"event": of["draft"]["id"], "kind": of["draft"]["kind"]}
    return envelope("erasure", subject, {"pointers": list(pointers), "ground": "consent-withdrawn"})


def test_a_client_that_commits_itself_gets_a_receipt_and_its_people_are_named(writing: Service) -> None:
    sent = committed("P1")

    answer = record(writing, "maker", sent)

    assert answer.status_code == 201
    ((person),) = persons(writing, "maker", sent)
    assert (person["value"], person["pointer"], person["locked"]) == (KEEPER, "/by/0/name", False)
    payload = writing.ask("maker", "GET", f"{EVENTS}/{sent['draft']['id']}/payload").content
    assert sent["draft"]["by"][0]["name"].encode() in payload
    assert KEEPER.encode() not in payload


def test_a_commitment_that_does_not_open_is_answered_in_words_without_the_name(writing: Service) -> None:
    sent = committed("P2")
    sent["disclosures"][0]["value"] = CALLER

    answer = record(writing, "maker", sent)

    assert (answer.status_code, answer.json()["code"]) == (422, "wrong-disclosure")
    (problem,) = answer.json()["problems"]
    assert (problem["where"], problem["came"]) == ("/disclosures/0", sent["draft"]["by"][0]["name"])
    assert CALLER not in answer.text


def test_who_may_not_know_a_name_is_told_that_there_is_one(writing: Service) -> None:
    sent = made("P3")
    record(writing, "maker", sent)

    (of_the_operator,) = persons(writing, "operator", sent)
    (of_the_regulator,) = persons(writing, "regulator", sent)

    assert (of_the_operator["value"], of_the_operator["label"]["en"]) == (None, "keeper")
    assert of_the_regulator["value"] == KEEPER


def test_an_erasure_takes_the_name_from_every_answer(writing: Service) -> None:
    sent = made("P4", "inspector", "keeper")
    record(writing, "maker", sent)
    before = writing.ask("maker", "GET", f"/api/v1/persons?name={KEEPER}&limit=200").json()["rows"]

    locked = record(writing, "maker", erasure(sent, "/by/0/name"))
    erased = record(writing, "maker", erasure(sent, "/by/1/name"))

    assert (locked.status_code, locked.json()["code"]) == (409, "person-locked")
    assert "第四十七条" in locked.json()["problems"][0]["ground"]["zh"]
    assert erased.status_code == 201
    inspector, keeper = persons(writing, "maker", sent)
    assert (inspector["value"], inspector["locked"], inspector["erased"]) == (KEEPER, True, None)
    assert (keeper["value"], keeper["erased"]["index"]) == (None, erased.json()["index"])
    after = writing.ask("maker", "GET", f"/api/v1/persons?name={KEEPER}&limit=200").json()["rows"]
    parts = {
        name: [row["part"]["en"] for row in rows if row["happening"]["event_id"] == sent["draft"]["id"]]
        for name, rows in (("before", before), ("after", after))
    }
    assert parts == {"before": ["inspector, keeper"], "after": ["inspector"]}


def test_the_list_of_deeds_goes_on_at_its_link(writing: Service) -> None:
    name = "分页示例某"
    for n in range(3):
        sent = made(f"PG{n}")
        sent["draft"]["by"][0]["name"] = name
        record(writing, "maker", sent)

    first = writing.ask("maker", "GET", f"/api/v1/persons?name={name}&limit=2")
    onward = first.headers["Link"].partition(">")[0][1:]
    second = writing.ask("maker", "GET", onward)

    lots = [row["lot"] for answer in (first, second) for row in answer.json()["rows"]]
    assert lots == ["PG2", "PG1", "PG0"]
    assert second.json()["after"] is None


def test_other_organisations_find_nobody_of_the_maker(writing: Service) -> None:
    record(writing, "maker", made("P5"))

    found = {
        who: writing.ask(who, "GET", f"/api/v1/persons?name={KEEPER}").json().get("rows")
        for who in ("dealer", "site", "maker B", "regulator B")
    }

    assert found == {"dealer": [], "site": [], "maker B": [], "regulator B": []}


def test_who_complains_stands_in_no_answer_but_one_and_in_no_log(writing: Service, log: list[Any]) -> None:
    """Everything that the accused, others and the public can ask for, after a complaint was taken in."""
    body = {
        "text": "买来的线发烫",
        "complainant": {"name": CALLER, "phone": PHONE},
        "wants": "refund",
        "against": MAKER,
    }
    batch = {"batch": {"code": writing.code["L1"]}}
    sent = envelope("complaint", batch, body, on="2026-05-01", place={"region": "411603"})
    taken = record(writing, "regulator", sent)
    assert taken.status_code == 201
    record(writing, "regulator", {**sent, "draft": {**sent["draft"], "id": str(uuid4()), "ask": 5}})

    code = writing.code["L1"]
    asked = [
        f"{EVENTS}/{sent['draft']['id']}",
        f"{EVENTS}/{sent['draft']['id']}/payload",
        f"/api/v1/batches/{code}",
        f"/api/v1/batches/{code}/events",
        f"/api/v1/search?q={CALLER}",
        f"/api/v1/search?q={PHONE}",
        f"/api/v1/persons?name={CALLER}",
        f"/c/{code}",
        "/api/v1/alerts",
    ]
    who_was_told = {
        (who, path)
        for who in ("maker", "dealer", "operator", "regulator", "regulator B", "anybody")
        for path in asked
        if any(word in writing.ask(who, "GET", path).text for word in (CALLER, PHONE))
        and CALLER not in path
        and PHONE not in path
    }

    assert who_was_told == {("regulator", asked[0])}
    for path in (path for path in asked if CALLER in path or PHONE in path):
        answer = writing.ask("regulator", "GET", path).json()
        assert (answer.get("rows") or [], answer.get("hits") or []) == ([], [])
    assert CALLER not in repr(log)
    assert PHONE not in repr(log)
    assert KEEPER not in repr(log)
