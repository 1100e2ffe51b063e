"""Uncoded goods and projects of another authority are found, opened and left under its grant as batches are. Which routes are
opened at which stage says the table in `test_every_route_and_what_is_lent`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import drafts_for_tests as some
from cabletrace.auth import grants
from cabletrace.db.engine import begin_read
from cabletrace.intake.record import prepare
from cabletrace.model.state import KnownReading
from cabletrace.model.things import goods_thing, project_thing
from drafts_for_tests import OPERATOR, PROJECT, REGULATOR, SITE, Envelope
from files_for_tests import document_of, name_of, photo, put
from service_for_tests import GOODS, REGULATOR_B, Service, Told, copied, project_id, service_in

THE_PROJECT = project_id(SITE, "XM-1")
THIRD = "00000000-0000-4000-8000-0000000000b2"
PICTURE = photo(222)
MARKS, OWNER_OF_THE_PROJECT = "YJV 3×95 无厂名", "周口市示例供电公司"

GOODS_PAGES = (f"/api/v1/goods/{GOODS}", f"/goods/{GOODS}")
PROJECT_PAGES = (f"/api/v1/projects/{THE_PROJECT}", f"/projects/{THE_PROJECT}")


def lends(grantee: str = REGULATOR_B, **reads: Any) -> Envelope:
    return some.grant(REGULATOR, grantee, reads=reads, entered_for=REGULATOR)


GOODS_LENT: dict[str, Any] = {"goods": [GOODS]}
PROJECT_LENT: dict[str, Any] = {"projects": [PROJECT]}


@pytest.fixture
def granted(tmp_path: Path, told: Told) -> Iterator[Service]:
    """In which the regulator of world A lets that of world B read its uncoded goods and its project."""
    with service_in(tmp_path / "data", told, lends(**GOODS_LENT, **PROJECT_LENT)) as running:
        yield running


@pytest.fixture(scope="module")
def lent(tmp_path_factory: pytest.TempPathFactory, told: Told) -> Iterator[Service]:
    """The same, shared by tests that only look."""
    folder = tmp_path_factory.mktemp("goods and projects lent") / "data"
    with service_in(folder, told, lends(**GOODS_LENT, **PROJECT_LENT)) as running:
        yield running


def readings(service: Service) -> list[KnownReading]:
    with begin_read(service.house.ledger) as tx:
        return grants.readings(tx, grants.reading.c.seq >= 0, limit=100)


def statuses(service: Service, who: str, *paths: str) -> list[int]:
    return [service.ask(who, "GET", path, headers={"Accept": "*/*"}).status_code for path in paths]


@pytest.mark.parametrize(
    ("lent", "opened", "closed", "thing"),
    [
        (GOODS_LENT, GOODS_PAGES, PROJECT_PAGES, goods_thing(GOODS)),
        (PROJECT_LENT, PROJECT_PAGES, GOODS_PAGES, project_thing(THE_PROJECT)),
        ({"regions": ["411602"]}, GOODS_PAGES, PROJECT_PAGES, goods_thing(GOODS)),
        ({"regions": ["411627"]}, PROJECT_PAGES, GOODS_PAGES, project_thing(THE_PROJECT)),
        ({"parties": [SITE]}, PROJECT_PAGES, GOODS_PAGES, project_thing(THE_PROJECT)),
    ],
)
def test_what_was_granted_is_opened_with_a_reading_on_the_ledger_and_nothing_else_is(
    tmp_path: Path, told: Told, lent: dict[str, Any], opened: list[str], closed: list[str], thing: str
) -> None:
    with service_in(tmp_path / "data", told, lends(**lent)) as service:
        before = service.size

        assert statuses(service, "regulator B", *closed) == [404, 404]
        assert readings(service) == []
        assert statuses(service, "regulator B", *opened, *opened) == [200] * 4

        assert service.size == before + 1
        (reading,) = readings(service)
        assert (reading.reader, reading.grantor, reading.thing) == (REGULATOR_B, REGULATOR, thing)


def test_what_is_shown_is_what_the_grantor_sees_but_for_who_has_read(lent: Service) -> None:
    for path in (GOODS_PAGES[0], PROJECT_PAGES[0]):
        theirs, own = (lent.ask(who, "GET", path).json() for who in ("regulator B", "regulator"))
        for page in (theirs, own):
            page["events"] = [each for each in page.get("events", ()) if each["kind"] != "read"]
            for goods in page.get("goods", ()) if isinstance(page.get("goods"), list) else ():
                goods["batch"].pop("holdings")  # a project does not open the batches that lie there
        assert theirs == own


def test_what_cannot_be_recorded_is_not_shown(granted: Service) -> None:
    granted.house.intake._committer.stop()  # type: ignore[attr-defined]

    for path in (*GOODS_PAGES, *PROJECT_PAGES):
        answer = granted.ask("regulator B", "GET", path)
        assert answer.status_code == 503
        assert "reading-not-recorded" in answer.text or "跨区查阅须先留痕" in answer.text
        assert not any(word in answer.text for word in (MARKS, OWNER_OF_THE_PROJECT))


@pytest.mark.parametrize("lent", [GOODS_LENT, {"regions": ["411602"]}])
def test_an_event_of_granted_goods_its_text_and_its_files_are_read_and_so_are_corrections(
    tmp_path: Path, told: Told, lent: dict[str, Any]
) -> None:
    found = some.envelope(
        "inspection", {"goods": GOODS}, {"type": "site", "number": "JC-8", "result": "rectify"},
        on="2026-05-08", place={"region": "411602"}, documents=[document_of(PICTURE, "护套.jpg")],
        entered_for=REGULATOR,
    )  # fmt: skip
    again = some.envelope(
        "inspection", {"goods": GOODS}, {"type": "site", "number": "JC-8", "result": "case"},
        on="2026-05-08", place={"region": "411602"},
    )  # fmt: skip
    corrected = some.correction(found, again, entered_for=REGULATOR, place={"region": "411602"})
    folder = tmp_path / "data"
    with copied(told, tmp_path / "with the file") as (house, _):
        put(house.blobs, PICTURE)
    withfile = Told(
        tmp_path / "with the file", told.accounts, told.tokens, told.event, told.code, told.receipt
    )
    events = [each["draft"]["id"] for each in (found, corrected)]
    paths = [f"/api/v1/events/{event}{part}" for event in events for part in ("", "/payload", "/proof")]
    paths += [f"/events/{event}" for event in events] + [f"/api/v1/blobs/{name_of(PICTURE)}"]
    with service_in(folder, withfile, found, corrected) as service:
        assert set(statuses(service, "regulator B", *paths)) == {404}
    with service_in(tmp_path / "lent", withfile, found, corrected, lends(**lent)) as service:
        before = service.size
        assert set(statuses(service, "regulator B", *paths)) == {200}
        assert service.size == before + 1


def test_an_inspection_of_a_granted_project_is_read_and_a_batch_that_lies_there_is_not(
    tmp_path: Path, told: Told
) -> None:
    seen = some.envelope(
        "inspection", {"project": PROJECT}, {"type": "site", "number": "JC-9", "result": "no-problem"},
        on="2026-05-09", place={"region": "411627"}, entered_for=REGULATOR,
    )  # fmt: skip
    with service_in(tmp_path / "data", told, seen, lends(**PROJECT_LENT)) as service:
        of_the_project = f"/api/v1/events/{seen['draft']['id']}"
        of_a_batch = (f"/api/v1/events/{told.event['use']}", f"/api/v1/batches/{told.code['L1']}")

        assert statuses(service, "regulator B", of_the_project, *of_a_batch) == [200, 404, 404]
        assert [each.thing for each in readings(service)] == [project_thing(THE_PROJECT)]


def test_granted_goods_and_projects_are_found_by_their_words_with_their_line_alone(lent: Service) -> None:
    before = lent.size

    goods = lent.ask("regulator B", "GET", "/api/v1/goods?q=YJV").json()["rows"]
    projects = lent.ask("regulator B", "GET", "/api/v1/projects?q=XM-1").json()["rows"]
    pages = [lent.ask("regulator B", "GET", path).text for path in ("/goods?q=YJV", "/projects?q=XM-1")]

    (row,) = goods
    assert (row["marks"], row["granted"], row["holder"]) == (MARKS, True, None)
    (row,) = projects
    assert (row["number"], row["granted"]) == ("XM-1", True)
    assert [row[who] for who in ("owner", "contractor", "supervisor")] == [None] * 3
    assert all("打开即留痕" in page for page in pages)
    assert not any(OWNER_OF_THE_PROJECT in page for page in pages)
    assert lent.size == before


def test_lists_without_words_hold_the_readers_own(lent: Service) -> None:
    assert lent.ask("regulator B", "GET", "/api/v1/goods").json()["rows"] == []
    projects = lent.ask("regulator B", "GET", "/api/v1/projects").json()["rows"]
    assert [row["number"] for row in projects] == ["XM-B"]
    own = lent.ask("regulator", "GET", "/api/v1/projects?q=XM-1").json()["rows"]
    assert [(row["granted"], row["owner"]["name"]) for row in own] == [(False, OWNER_OF_THE_PROJECT)]


def test_who_read_goods_is_told_to_the_grantor_on_their_timeline_and_not_to_another_reader(
    tmp_path: Path, told: Told
) -> None:
    third = some.party(THIRD, "西安市示例市场监督管理局", "regulator", region="610100", entered_for=OPERATOR)
    with service_in(
        tmp_path / "data", told, third, lends(**GOODS_LENT), lends(THIRD, **GOODS_LENT)
    ) as service:
        path = GOODS_PAGES[0]
        officer = replace(service.accounts["regulator B"].acting("session"), party=THIRD)
        read = some.read({"goods": GOODS}, grantor=REGULATOR, grant=grant_of(service, THIRD))
        service.house.intake.record_now([prepare(read, officer)])

        told_to = {
            who: [each["kind"] for each in service.ask(who, "GET", path).json()["events"]]
            for who in ("regulator B", "regulator", "department")
        }

        assert len(readings(service)) == 2
    assert {who: kinds.count("read") for who, kinds in told_to.items()} == {
        "regulator": 2,
        "regulator B": 1,  # its own
        "department": 0,
    }


def grant_of(service: Service, grantee: str) -> str:
    with begin_read(service.house.ledger) as tx:
        return next(each.event for each in grants.given(tx, [REGULATOR]) if each.grantee == grantee)


def test_a_key_that_may_read_projects_alone_opens_granted_ones_and_no_goods(granted: Service) -> None:
    made = granted.ask(
        "regulator B",
        "POST",
        "/api/v1/keys",
        json={"label": "协查", "actions": ["read:project"], "expires_at": "2026-07-30T00:00:00+08:00"},
    )
    key = {"Authorization": f"Bearer {made.json()['text']}"}

    assert granted.client.get(GOODS_PAGES[0], headers=key).status_code == 403
    assert readings(granted) == []
    assert granted.client.get(PROJECT_PAGES[0], headers=key).status_code == 200
    assert [each.thing for each in readings(granted)] == [project_thing(THE_PROJECT)]


def test_the_lists_of_grants_and_readings_name_them(lent: Service) -> None:
    statuses(lent, "regulator B", GOODS_PAGES[0], PROJECT_PAGES[0])

    (row,) = lent.ask("regulator B", "GET", "/api/v1/grants").json()["received"]
    reads = lent.ask("regulator", "GET", "/api/v1/reads").json()["rows"]

    things = [
        {"sort": "goods", "id": GOODS, "name": MARKS},
        {"sort": "project", "id": THE_PROJECT, "name": row["things"][1]["name"]},
    ]
    assert row["things"] == things
    assert things[1]["name"].startswith("XM-1 ")
    assert sorted((each["thing"] for each in reads), key=lambda each: str(each["sort"])) == things
