"""Every route that names a batch, uncoded goods or a project × what was lent: before the grant, granted while no reading stands
on the ledger, and read. One world for the whole table. What is shown then is asked in `test_reading_across` and
`test_reading_goods_and_projects_across`; the same routes by role, of own and foreign things, in `test_every_route_and_role`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

import drafts_for_tests as some
from cabletrace.auth import grants
from cabletrace.auth.policy import READ_IF_GRANTED, Role, may, recording
from cabletrace.auth.sessions import form_token
from cabletrace.db.engine import begin_read
from cabletrace.http.contract import ACTION
from cabletrace.intake.record import Intake, prepare
from cabletrace.ledger.sequencer import Receipt
from cabletrace.ledger.standing import Stopped
from cabletrace.model.kinds import KINDS
from cabletrace.model.things import batch_thing, goods_thing, project_thing
from drafts_for_tests import PROJECT, REGULATOR, SITE, Envelope
from files_for_tests import document_of, name_of, photo, put
from service_for_tests import (
    ACCOUNTS,
    FILE,
    GOODS,
    REGULATOR_B,
    Service,
    Told,
    copied,
    project_id,
    service_in,
)

from .test_every_route_and_role import operations

READER = "regulator B"
STAGES = ("before", "granted", "read")
THINGS = ("batch", "goods", "project")
#: Attachments of an inspection of the goods, and of one of the project.
PICTURES = {"goods": photo(222), "project": photo(223)}
PLACES = {"goods": "411602", "project": "411627"}

#: The statuses before the grant, under it while the reading cannot be recorded, and once it is.
Row = tuple[int, int, int]
OPENED: Row = (404, 503, 200)
REFUSED: Row = (403, 403, 403)
ANYBODYS: Row = (200, 200, 200)
NOT_FOUND: Row = (404, 404, 404)
#: Anybody may upload, or say where a code was seen: without a body nothing comes of it.
NO_BODY: Row = (415, 415, 415)
NO_PLACE: Row = (422, 422, 422)
#: Evidence is taken only of what was read, and the reading stands on the ledger before.
TAKEN_WITHOUT_BODY: Row = (415, 503, 415)
WITHOUT_FIELDS: Row = (404, 503, 422)

ROUTES: Mapping[str, Row] = {
    "GET /api/v1/batches/{code}": OPENED,
    "GET /api/v1/batches/{code}/events": OPENED,
    "GET /api/v1/batches/{code}/flow": OPENED,
    "GET /api/v1/batches/{code}/trace": OPENED,
    "GET /api/v1/batches/{code}/codes": REFUSED,
    "GET /api/v1/batches/{code}/codes.csv": REFUSED,
    "GET /api/v1/batches/{code}/codes.xlsx": REFUSED,
    "GET /api/v1/batches/{code}/labels": REFUSED,
    "POST /api/v1/batches/{code}/labels": REFUSED,
    "GET /api/v1/batches/{code}/units/{unit}/qr.svg": REFUSED,
    "GET /api/v1/batches/{code}/units/{unit}/qr.png": REFUSED,
    "GET /api/v1/batches/{code}/units/{unit}/label.svg": REFUSED,
    "GET /api/v1/batches/{code}/units/{unit}/label.png": REFUSED,
    "GET /api/v1/batches/{code}/units/{unit}/label.zpl": REFUSED,
    "POST /api/v1/evidence/batches/{code}": TAKEN_WITHOUT_BODY,
    "GET /api/v1/trace": OPENED,
    "GET /api/v1/goods/{goods}": OPENED,
    "GET /api/v1/projects/{project}": OPENED,
    "GET /api/v1/events/{event}": OPENED,
    "GET /api/v1/events/{event}/payload": OPENED,
    "GET /api/v1/events/{event}/paper": OPENED,
    "GET /api/v1/events/{event}/entry": OPENED,
    "GET /api/v1/events/{event}/proof": OPENED,
    "GET /api/v1/blobs/{sha256}": OPENED,
    "PUT /api/v1/blobs/{sha256}": NO_BODY,
    "GET /c/{code}": ANYBODYS,
    # --- pages
    "GET /batches/{code}": OPENED,
    "GET /batches/{code}/trace": OPENED,
    "GET /batches/{code}/evidence": OPENED,
    "POST /batches/{code}/evidence": WITHOUT_FIELDS,
    "GET /batches/{code}/labels": REFUSED,
    "POST /batches/{code}/labels": REFUSED,
    "GET /batches/{code}/record/{kind}": NOT_FOUND,
    "POST /batches/{code}/record/{kind}": NOT_FOUND,
    "GET /goods/{goods}": OPENED,
    "GET /goods/{goods}/trace": OPENED,
    "GET /goods/{goods}/record/{kind}": NOT_FOUND,
    "POST /goods/{goods}/record/{kind}": NOT_FOUND,
    "GET /projects/{project}": OPENED,
    "GET /projects/{project}/trace": NOT_FOUND,
    "GET /projects/{project}/record/{kind}": NOT_FOUND,
    "POST /projects/{project}/record/{kind}": NOT_FOUND,
    "GET /events/{event}": OPENED,
    "GET /events/{event}/trace": OPENED,
    "GET /events/{event}/reply": NOT_FOUND,
    "POST /events/{event}/reply": NOT_FOUND,
    "GET /events/{event}/finding": NOT_FOUND,
    "GET /events/{event}/rectification": NOT_FOUND,
    "POST /events/{event}/finding": NOT_FOUND,
    "POST /events/{event}/rectification": NOT_FOUND,
    "POST /sampling-plans/{event}/draw": NOT_FOUND,
    "GET /events/{event}/correct": NOT_FOUND,
    "POST /events/{event}/correct": NOT_FOUND,
    "GET /events/{event}/erase": NOT_FOUND,
    "POST /events/{event}/erase": NOT_FOUND,
    "POST /grants/{event}/end": NOT_FOUND,
    "POST /c/{code}/place": NO_PLACE,
}

WITH_FORMS = {route for route, row in ROUTES.items() if route.startswith("POST /") and "/api/" not in route}

#: Lists, asked in such a way that what was lent would stand in them.
LISTS = (
    "/api/v1/batches?lot=L1", "/api/v1/search?q=YJV&counts=all", "/api/v1/search/suggestions?q=YJV",
    "/api/v1/search/suggestions?q=FH-", "/api/v1/goods", "/api/v1/goods?q=YJV", "/api/v1/projects", "/api/v1/projects?q=XM-1",
    "/api/v1/alerts", f"/api/v1/trace?maker={some.MAKER}", "/goods?q=YJV", "/projects?q=XM-1", "/search?q=YJV",
)  # fmt: skip
#: What pages of the lent things say, and no label does; the line of goods or of a project in a list says where they are.
SECRETS = (
    "411602",
    "411627",
    "例示五金",
    "一号盘外观",
    "太康",
    "供电公司",
    "JC-7",
    "JC-8",
    "JC-9",
    "质检员甲某",
    "FH-1",
)
ON_THEIR_LINES = {"411602", "411627", "太康"}

A = {"region": "411602"}
#: Of each kind that the reader may record about such a thing, a draft about it where it lies, by the thing's sort.
WRITES: Mapping[str, Callable[[Any], Envelope]] = {
    "inspection": lambda of: some.inspection(of, place=A),
    "visit-plan": some.visit_plan,
    "sampling": lambda of: some.sampling(of, place=A),
    "measure": lambda of: some.measure("register", "先1", of, place=A),
    "recall": lambda of: some.recall(of, place=A),
    "notice": lambda of: some.notice(of, place=A),
    "testing": lambda of: some.report(of, unit=None, type="supervision", place=A),
    "disposal": lambda of: some.disposal(of, length_mm=1_000, place=A),
    "complaint": lambda of: some.complaint(of, place=A),
    "report": lambda of: some.hint(of, place=A),
    "confirmation": some.confirmation,
    "alias": lambda of: some.alias(of, code="X-1"),
    "statement": some.statement,
    "project": lambda _: some.project(contractor=SITE, entered_for=SITE),
}
#: The same about an event of the thing.
ABOUT_EVENTS: Mapping[str, Callable[[str, str], Envelope]] = {
    "correction": lambda event, kind: some.envelope(
        "correction", {"event": event, "kind": kind}, {"reason": "录入有误", "void": True}
    ),
    "erasure": lambda event, kind: some.erasure(event, kind, "/by/0/name"),
    "notice-reply": some.notice_reply,
    "alert-finding": lambda event, _: some.finding(event),
    "rectification": lambda event, _: some.rectification(event, party=None),
}
#: Kinds that are about no such thing; a reading that nobody granted is recorded and opens nothing (`world`).
BESIDE = {
    "monthly-form",
    "technical-help",
    "credit-class",
    "sample-step",
    "sampling-plan",
    "sampling-draw",
    "party",
    "certificate",
    "product",
    "key",
    "grant",
    "read",
    "lead",
    "alert-step",
    "lead-step",
    "case",
    "case-step",
    "request",
    "request-step",
    "programme",
    "programme-step",
    "listing",
    "listing-step",
    "discipline",
    "discipline-step",
}


def inspected(sort: str) -> Envelope:
    subject = {"goods": GOODS} if sort == "goods" else {"project": PROJECT}
    number = {"goods": "JC-8", "project": "JC-9"}[sort]
    return some.envelope(
        "inspection", subject, {"type": "site", "number": number, "result": "rectify", "defects": [{"text": "标识不清"}]},
        on="2026-05-08", place={"region": PLACES[sort]}, documents=[document_of(PICTURES[sort], "现场.jpg")],
        entered_for=REGULATOR,
    )  # fmt: skip


@dataclass(frozen=True)
class Answer:
    status: int
    text: str


@dataclass(frozen=True)
class World:
    """What was answered at each stage: who × route × sort of thing; lists by address; drafts by kind and sort of thing."""

    service: Service
    #: An event of each sort of thing, by the sort.
    events: Mapping[str, str]
    routes: set[str]
    answers: dict[str, dict[tuple[str, str, str], Answer]]
    lists: dict[str, dict[str, Answer]]
    writes: dict[str, dict[tuple[str, str], Answer]]
    #: Events that the asking itself brought onto the ledger.
    appended: dict[str, int]


def routes_of(service: Service) -> set[str]:
    """Every route, of the API and of the pages, that names a thing."""
    pages = {
        f"{method} {context.path_format}"
        for context in iter_route_contexts(service.client.app.routes)  # type: ignore[attr-defined]
        if context.endpoint.__module__.startswith("cabletrace.web.")
        for method in context.methods or ()
    }
    described = {f"{method} {path}" for method, path, _ in operations(service)}
    return {route for route in described | pages if things_in(route)}


def things_in(route: str) -> tuple[str, ...]:
    """The sorts of things that an address of this route may name."""
    if "{event}" in route or "{sha256}" in route:
        return THINGS
    if "{code}" in route or route == "GET /api/v1/trace":
        return ("batch",)
    return tuple(sort for sort in THINGS if f"{{{sort}}}" in route)


def address(route: str, sort: str, told: Told, events: Mapping[str, str]) -> str:
    path = route.split(" ")[1].replace(":path", "")
    names = {
        "code": told.code["L1"], "goods": GOODS, "project": project_id(SITE, "XM-1"), "unit": "1", "kind": "inspection",
        "event": told.event["notice"] if sort == "batch" and path.endswith("/reply") else events[sort], "sha256": name_of(FILE["A"] if sort == "batch" else PICTURES[sort]),
    }  # fmt: skip
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", value)
    return f"{path}?batch={told.code['L1']}" if path == "/api/v1/trace" else path


def subjects(told: Told) -> dict[str, dict[str, Any]]:
    return {
        "batch": {"batch": {"code": told.code["L1"]}},
        "goods": {"goods": GOODS},
        "project": {"project": PROJECT},
    }


@pytest.fixture(scope="module")
def world(told: Told, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The regulator of world A lets that of world B read its batch L1, its uncoded goods and its project; that one has said
    before that it reads them, with nobody's leave."""
    folder = tmp_path_factory.mktemp("lent")
    with copied(told, folder / "with files") as (house, _):
        for data in PICTURES.values():
            put(house.blobs, data)
    withfiles = Told(folder / "with files", told.accounts, told.tokens, told.event, told.code, told.receipt)
    seen = {sort: inspected(sort) for sort in PICTURES}
    events = {"batch": told.event["production"], **{sort: each["draft"]["id"] for sort, each in seen.items()}}
    with service_in(folder / "data", withfiles, *seen.values()) as service:
        for subject in subjects(told).values():
            unasked = some.read(subject, grantor=REGULATOR)
            assert service.ask(READER, "POST", "/api/v1/events", json=unasked).status_code == 201
        asking = World(service, events, routes_of(service), {}, {}, {}, {})
        _ask(asking, "before", ACCOUNTS)
        reads = {"batches": [told.code["L1"]], "goods": [GOODS], "projects": [PROJECT]}
        grant = some.grant(REGULATOR, REGULATOR_B, reads=reads, entered_for=REGULATOR)
        (answer,) = service.house.intake.record_now([prepare(grant, service.house.at_the_machine())])
        assert isinstance(answer, Receipt)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Intake, "record_now", _stopped)
            _ask(asking, "granted", [READER])
        _ask(asking, "read", ACCOUNTS)
        yield asking


def _stopped(*_: Any) -> Any:
    raise Stopped("the test has stopped it")


def _ask(world: World, stage: str, everybody: Iterable[str]) -> None:
    service, told, events = world.service, world.service.told, world.events
    before = service.size
    opened = {
        f"{method} {path}"
        for method, path, _ in operations(service)
        if ROUTES.get(f"{method} {path}") == OPENED
    }

    def answer(who: str, route: str, sort: str) -> Answer:
        method = route.split(" ", maxsplit=1)[0]
        sent = {"data": {"form_token": form_token(service.tokens[who])}} if route in WITH_FORMS else {}
        got = service.ask(who, method, address(route, sort, told, events), headers={"Accept": "*/*"}, **sent)
        return Answer(got.status_code, got.text)

    world.answers[stage] = {
        (who, route, sort): answer(who, route, sort)
        for who in everybody
        for route in sorted(world.routes if who == READER else opened)
        for sort in things_in(route)
    }
    world.lists[stage] = {
        path: Answer(got.status_code, got.text)
        for path in LISTS
        for got in [service.ask(READER, "GET", path, headers={"Accept": "*/*"})]
    }
    drafts = {(kind, sort): make(of) for kind, make in WRITES.items() for sort, of in subjects(told).items()}
    drafts |= {
        (kind, sort): make(events[sort], "production" if sort == "batch" else "inspection")
        for kind, make in ABOUT_EVENTS.items()
        for sort in THINGS
    }
    drafts["notice-reply", "batch"] = some.notice_reply(told.event["notice"])
    world.writes[stage] = {
        key: Answer(got.status_code, got.text)
        for key, draft in drafts.items()
        for got in [service.ask(READER, "POST", "/api/v1/events", json=draft)]
    }
    world.appended[stage] = service.size - before


# --- the table is whole -------------------------------------------------------------------------------


def test_every_route_that_names_a_thing_says_what_a_grant_opens_of_it(world: World) -> None:
    assert world.routes == ROUTES.keys()


def test_every_route_that_a_grant_may_open_reads_one_thing_or_is_a_list(world: World) -> None:
    """A new route that reads one thing under another name would open nothing: better that this says so."""
    named_otherwise = {
        path
        for method, path, each in operations(world.service)
        if method == "GET"
        and each[ACTION] in READ_IF_GRANTED
        and "{" in path
        and not things_in(f"GET {path}")
    }
    asked = {path.split("?")[0] for path in LISTS}
    lists = {
        path
        for method, path, each in operations(world.service)
        if method == "GET" and each[ACTION] in READ_IF_GRANTED and "{" not in path
    }

    assert named_otherwise == set()
    # A workbook has the rows of the search, and what was saved is a text.
    assert lists - asked == {"/api/v1/search/hits.xlsx", "/api/v1/search/saved"}


def test_every_kind_that_the_reader_may_record_is_tried_or_is_about_no_such_thing() -> None:
    may_be_recorded = {kind for kind in KINDS if may(Role.REGULATOR, recording(kind))}

    assert may_be_recorded == WRITES.keys() | ABOUT_EVENTS.keys() | BESIDE


# --- reading ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
def test_each_route_answers_at_each_stage_as_the_table_says(world: World, stage: str) -> None:
    wrong = [
        (route, sort, answer.status, answer.text[:200])
        for (who, route, sort), answer in world.answers[stage].items()
        if who == READER and answer.status != ROUTES[route][STAGES.index(stage)]
    ]

    for each in wrong:
        print("WRONG", stage, each[:3])
    assert wrong == []


def test_nothing_is_told_before_the_reading_stands_and_something_after(world: World) -> None:
    def told(stage: str) -> set[tuple[str, str]]:
        return {
            (route, sort)
            for (who, route, sort), answer in world.answers[stage].items()
            if who == READER and any(word in answer.text for word in SECRETS)
        }

    silent = {
        "GET /api/v1/events/{event}/entry",
        "GET /api/v1/events/{event}/proof",
        "GET /api/v1/events/{event}/paper",
        "GET /api/v1/blobs/{sha256}",
        "GET /batches/{code}/evidence",  # a form, which names the batch as its label does
    }
    speaking = {
        (route, sort)
        for route, row in ROUTES.items()
        if row == OPENED and route not in silent
        for sort in things_in(route)
    }
    # Goods of which nobody said how long they are, and a project no batch of which was lent: there is no metre to trace.
    speaking -= {("GET /goods/{goods}/trace", "goods")}
    speaking -= {("GET /events/{event}/trace", sort) for sort in ("goods", "project")}
    assert (told("before"), told("granted")) == (set(), set())
    assert speaking - told("read") == set()
    assert {route for route, _ in told("read")} <= {route for route, row in ROUTES.items() if row == OPENED}


@pytest.mark.parametrize("stage", STAGES)
def test_lists_tell_no_more_than_labels_at_any_stage(world: World, stage: str) -> None:
    answers = world.lists[stage]
    hidden = set(SECRETS) - ON_THEIR_LINES
    told = {(path, word) for path, answer in answers.items() for word in hidden if word in answer.text}

    assert told == set()
    assert {answer.status for answer in answers.values()} <= {200, 404}
    assert (world.service.code["L1"] in answers["/api/v1/search?q=YJV&counts=all"].text) == (
        stage != "before"
    )
    assert ("打开时留痕" in answers["/search?q=YJV"].text) == (stage != "before")
    assert world.service.code["L1"] not in answers["/api/v1/batches?lot=L1"].text


def test_no_number_of_what_was_lent_and_read_leads_to_its_event(world: World) -> None:
    """A search box is no reading: it looks a number up in what is the reader's own."""
    numbered = {
        "JC-8": world.events["goods"],
        "JC-9": world.events["project"],
        "FH-1": world.service.event["dispatch"],
    }

    def leads(who: str, typed: str, event: str) -> bool:
        page = world.service.ask(who, "GET", f"/search?q={typed}", headers={"Accept": "text/html"})
        assert page.status_code == 200
        return f'href="/events/{event}"' in page.text

    assert all(leads("regulator", event, event) for event in numbered.values())
    assert not any(
        leads(READER, typed, event) for number, event in numbered.items() for typed in (number, event)
    )


def test_asking_all_routes_leaves_one_reading_for_each_thing(world: World) -> None:
    with begin_read(world.service.house.ledger) as tx:
        read = grants.readings(tx, grants.reading.c.seq >= 0, limit=100)
        (given,) = grants.given(tx, [REGULATOR])

    under_it = [each.thing for each in read if each.grant == given.event]
    things = [
        batch_thing(world.service.code["L1"]),
        goods_thing(GOODS),
        project_thing(project_id(SITE, "XM-1")),
    ]
    assert sorted(under_it) == sorted(things)
    assert {(each.reader, each.grantor) for each in read} == {(REGULATOR_B, REGULATOR)}
    assert world.appended == {"before": 0, "granted": 0, "read": len(things)}


@pytest.mark.parametrize("who", [who for who in ACCOUNTS if who != READER])
def test_nobody_but_the_grantee_gains_or_loses_by_a_grant(world: World, who: str) -> None:
    def statuses(stage: str) -> dict[tuple[str, str], int]:
        return {key[1:]: answer.status for key, answer in world.answers[stage].items() if key[0] == who}

    assert statuses("before") == statuses("read")
    assert statuses("read")


# --- writing ------------------------------------------------------------------------------------------


def test_a_grant_to_read_lets_nobody_write(world: World) -> None:
    def said(stage: str) -> dict[tuple[str, str], tuple[int, str]]:
        return {key: (answer.status, answer.text) for key, answer in world.writes[stage].items()}

    assert {key: status for key, (status, _) in said("before").items() if status not in (403, 422)} == {}
    refused = {kind for (kind, _), (status, _) in said("before").items() if status == 403}
    assert refused == WRITES.keys() | ABOUT_EVENTS.keys()
    assert said("before") == said("granted") == said("read")
