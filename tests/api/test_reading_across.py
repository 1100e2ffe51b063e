"""Reading across regions: another authority's batch is shown under its grant, once the reading stands on the ledger. Which
routes are opened at which stage says the table in `test_every_route_and_what_is_lent`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request

import drafts_for_tests as some
from cabletrace.auth import grants
from cabletrace.db.engine import begin_read
from cabletrace.http.across import Across, _draft
from cabletrace.intake.record import prepare
from cabletrace.model.state import KnownReading
from drafts_for_tests import MAKER, REGULATOR, Envelope
from files_for_tests import name_of
from service_for_tests import FILE, REGULATOR_B, Service, Told, service_in
from world_for_tests import NOON

#: What of L1 a batch page shows to its own regulator.
OF_WORLD_A = ("411602", "周口市例示五金经营部")


def lends(told: Told, **more: Any) -> Envelope:
    reads = {"batches": [told.code["L1"]]}
    return some.grant(REGULATOR, REGULATOR_B, reads=reads, entered_for=REGULATOR, **more)


@pytest.fixture
def granted(tmp_path: Path, told: Told) -> Iterator[Service]:
    """In which the regulator of world A lets that of world B read its batch L1 until the end of the year."""
    with service_in(tmp_path / "data", told, lends(told)) as running:
        yield running


@pytest.fixture(scope="module")
def lent(tmp_path_factory: pytest.TempPathFactory, told: Told) -> Iterator[Service]:
    """The same, shared by tests that only look."""
    with service_in(tmp_path_factory.mktemp("lent") / "data", told, lends(told)) as running:
        yield running


def readings(service: Service) -> list[KnownReading]:
    with begin_read(service.house.ledger) as tx:
        return grants.readings(tx, grants.reading.c.seq >= 0, limit=100)


@pytest.mark.parametrize("part", ["flow", "trace", "events"])
def test_what_is_shown_is_what_the_grantor_sees(lent: Service, part: str) -> None:
    path = f"/api/v1/batches/{lent.code['L1']}/{part}"

    theirs, own = (lent.ask(who, "GET", path).json() for who in ("regulator B", "regulator"))

    if part == "events":  # but for the names of persons
        seen, shown = (
            [{**each, "persons": []} for each in page["rows"] if each["kind"] != "read"]
            for page in (theirs, own)
        )
        assert seen == shown
    else:
        assert {**theirs, "as_of": None} == {**own, "as_of": None}


def test_the_names_of_persons_and_of_who_reports_are_not_lent(lent: Service) -> None:
    path = f"/api/v1/batches/{lent.code['L1']}/events"

    theirs, own = (lent.ask(who, "GET", path).text for who in ("regulator B", "regulator"))

    assert "质检员甲某" in own
    assert "质检员甲某" not in theirs


@pytest.mark.parametrize(
    ("valid_from", "valid_to"), [("2026-01-01", "2026-06-29"), ("2026-07-01", "2026-12-31")]
)
def test_after_its_last_day_and_before_its_first_a_grant_opens_nothing(
    tmp_path: Path, told: Told, valid_from: str, valid_to: str
) -> None:
    over = lends(told, valid_from=valid_from, valid_to=valid_to)
    with service_in(tmp_path / "data", told, over) as service:
        assert service.ask("regulator B", "GET", f"/api/v1/batches/{service.code['L1']}").status_code == 404
        found = service.ask("regulator B", "GET", "/api/v1/search?q=YJV").json()["rows"]
        assert [row["batch"]["lot"] for row in found] == ["J1"]
        assert readings(service) == []


@pytest.mark.parametrize("is_void", [True, False])
def test_a_grant_that_was_cut_short_opens_nothing_any_more(tmp_path: Path, told: Told, is_void: bool) -> None:
    given = lends(told)
    shorter = None if is_void else lends(told, valid_to="2026-06-29")
    taken_back = some.correction(given, shorter, entered_for=REGULATOR)
    for n, recorded in enumerate(((given, taken_back), (given,))):  # in one group, and each in its own
        with service_in(tmp_path / f"data {n}", told, *recorded) as service:
            if len(recorded) == 1:
                machine = service.house.at_the_machine()
                service.house.intake.record_now([prepare(taken_back, machine)])
            answer = service.ask("regulator B", "GET", f"/api/v1/batches/{service.code['L1']}")
            assert answer.status_code == 404


def test_a_reading_stands_on_the_ledger_once_a_day_however_often_and_wherever(granted: Service) -> None:
    code, event = granted.code["L1"], granted.event["production"]
    before = granted.size
    pages = [f"/batches/{code}", f"/batches/{code}/trace", f"/events/{event}"]
    files = [f"/api/v1/blobs/{name_of(FILE['A'])}", f"/api/v1/events/{event}/payload"]

    answers = [granted.ask("regulator B", "GET", path).status_code for path in (*pages, *files, *pages)]

    assert answers == [200] * 8
    assert granted.size == before + 1
    (reading,) = readings(granted)
    assert reading.day.isoformat() == "2026-06-30"


def test_the_next_day_and_another_officer_are_another_reading(granted: Service) -> None:
    house, account = granted.house, granted.accounts["regulator B"]
    request = Request(
        {
            "type": "http", "method": "GET", "headers": [], "query_string": b"",
            "path_params": {"code": granted.code["L1"]}, "route": Named("/batches/{code}"),
        }
    )  # fmt: skip
    for days in (0, 0, 1):
        across = Across(house.ledger, house.intake, lambda days=days: NOON + timedelta(days=days))  # type: ignore[misc]
        for someone in ("officer 1", "officer 2"):
            actor = account.acting("session")
            across.standing(request, actor.__class__(**{**fields_of(actor), "account": someone}))

    assert sorted(each.day.day for each in readings(granted)) == [1, 1, 30, 30]


class Named:
    def __init__(self, path: str) -> None:
        self.path = path


def fields_of(actor: Any) -> dict[str, Any]:
    return {name: getattr(actor, name) for name in actor.__dataclass_fields__}


def test_to_find_a_granted_batch_is_no_reading_and_the_own_world_records_none(granted: Service) -> None:
    before = granted.size

    found = granted.ask("regulator B", "GET", "/api/v1/search?q=YJV").json()["rows"]
    granted.ask("regulator", "GET", f"/api/v1/batches/{granted.code['L1']}")
    granted.ask("regulator B", "GET", f"/api/v1/batches/{granted.code['J1']}")

    assert [row["batch"]["lot"] for row in found] == ["J1", "L1"]
    assert granted.size == before


@pytest.mark.parametrize(
    "probe",
    [
        "q=例示五金",
        "q=太康示范",
        "q=HZ-JC",
        "q=FH",
        "state=held",
        "severity=high",
        "alert=copper-short",
        "verdict=passed",
    ],
)
def test_no_search_tells_what_became_of_a_granted_batch_before_or_after_its_reading(
    granted: Service, probe: str
) -> None:
    code = granted.code["L1"]

    probed = [granted.ask("regulator B", "GET", f"/api/v1/search?counts=all&{probe}").json()]
    granted.ask("regulator B", "GET", f"/api/v1/batches/{code}")
    probed.append(granted.ask("regulator B", "GET", f"/api/v1/search?counts=all&{probe}").json())

    assert [row["batch"]["lot"] for answer in probed for row in answer["rows"] if row["granted"]] == []
    assert not any(code in str(answer) for answer in probed)


def test_a_granted_batch_is_found_by_its_label_and_no_metres_are_told(granted: Service) -> None:
    code = granted.code["L1"]
    found = [
        granted.ask("regulator B", "GET", f"/api/v1/search?q={word}").json()["rows"]
        for word in (code, code[2:6], f"{code[2:6]} YJV")
    ]
    page = granted.ask("regulator B", "GET", f"/search?q={code[2:6]}", headers={"Accept": "text/html"}).text

    for rows in found:
        (row,) = rows
        assert (row["granted"], row["batch"]["length_mm"], row["batch"]["holdings"]) == (True, None, {})
    assert "打开时留痕" in page
    assert not any(word in page for word in OF_WORLD_A)
    assert readings(granted) == []


def test_what_cannot_be_recorded_is_not_shown_and_the_own_jurisdiction_is(granted: Service) -> None:
    granted.house.intake._committer.stop()  # type: ignore[attr-defined]

    refused = granted.ask("regulator B", "GET", f"/api/v1/batches/{granted.code['L1']}")
    page = granted.ask(
        "regulator B", "GET", f"/batches/{granted.code['L1']}", headers={"Accept": "text/html"}
    )
    own = granted.ask("regulator B", "GET", f"/api/v1/batches/{granted.code['J1']}")

    assert (refused.status_code, refused.json()["code"]) == (503, "reading-not-recorded")
    assert "跨区查阅须先留痕" in refused.json()["detail"]
    assert page.status_code == 503
    assert "跨区查阅须先留痕" in page.text
    assert not any(word in refused.text + page.text for word in OF_WORLD_A)
    assert own.status_code == 200


def test_the_grantor_sees_who_read_its_batch_and_its_maker_learns_nothing(granted: Service) -> None:
    path = f"/api/v1/batches/{granted.code['L1']}/events"
    before = granted.ask("maker", "GET", path).json()
    granted.ask("regulator B", "GET", path)

    told = {
        who: granted.ask(who, "GET", path).json()["rows"] for who in ("regulator", "operator", "regulator B")
    }

    for rows in told.values():
        (read,) = (each for each in rows if each["kind"] == "read")
        assert read["party"] == REGULATOR_B
    assert granted.ask("maker", "GET", path).json() == before
    maker = granted.ask("maker", "GET", f"/api/v1/parties/{MAKER}").text
    assert "read" not in {each["kind"] for each in before["rows"]}
    assert REGULATOR_B not in maker


def test_a_key_that_may_read_batches_reads_granted_ones_and_leaves_the_same_trace(granted: Service) -> None:
    made = granted.ask(
        "regulator B",
        "POST",
        "/api/v1/keys",
        json={"label": "协查", "actions": ["read:batch"], "expires_at": "2026-07-30T00:00:00+08:00"},
    )
    key = {"Authorization": f"Bearer {made.json()['text']}"}
    code = granted.code["L1"]

    assert granted.client.get(f"/api/v1/batches/{code}/trace", headers=key).status_code == 403
    assert readings(granted) == []
    assert granted.client.get(f"/api/v1/batches/{code}", headers=key).status_code == 200
    assert len(readings(granted)) == 1


def test_a_granted_region_opens_its_batches_one_by_one(tmp_path: Path, told: Told) -> None:
    region = some.grant(REGULATOR, REGULATOR_B, reads={"regions": ["411627"]}, entered_for=REGULATOR)
    with service_in(tmp_path / "data", told, region) as service:
        path = f"/api/v1/batches/{service.code['L1']}"

        seen = {each["kind"] for each in service.ask("regulator B", "GET", path + "/events").json()["rows"]}

        assert "acceptance" in seen  # at the site there
        assert "notice" not in seen  # to a dealer elsewhere in the grantor's region
        assert service.ask("regulator B", "GET", path).status_code == 200
        assert len(readings(service)) == 1


def test_nothing_is_granted_to_those_who_only_enter_for_an_authority(tmp_path: Path, told: Told) -> None:
    pen = some.grant(REGULATOR, REGULATOR_B, "sampling", entered_for=REGULATOR)
    with service_in(tmp_path / "data", told, pen) as service:
        assert service.ask("regulator B", "GET", f"/api/v1/batches/{service.code['L1']}").status_code == 404


def test_grants_and_readings_are_listed_for_those_between_whom_they_are(granted: Service) -> None:
    granted.ask("regulator B", "GET", f"/api/v1/batches/{granted.code['L1']}")

    def listed(who: str) -> tuple[int, int]:
        lists = granted.ask(who, "GET", "/api/v1/grants").json()
        return len(lists["given"]), len(lists["received"])

    assert {who: listed(who) for who in ("regulator", "regulator B", "operator", "maker")} == {
        "regulator": (1, 0),
        "regulator B": (0, 1),
        "operator": (1, 0),
        "maker": (0, 0),
    }
    for who in ("regulator", "regulator B", "operator"):
        (row,) = granted.ask(who, "GET", "/api/v1/reads").json()["rows"]
        assert (row["reader"]["id"], row["account"]) == (REGULATOR_B, granted.accounts["regulator B"].id)
    assert granted.ask("maker", "GET", "/api/v1/reads").status_code == 403


def test_the_list_of_readings_goes_on_page_by_page(granted: Service) -> None:
    house, account = granted.house, granted.accounts["regulator B"]
    given = grants_given(granted)
    drafts = [
        some.read({"batch": {"code": granted.code["L1"]}}, grantor=REGULATOR, grant=given) for _ in range(3)
    ]
    house.intake.record_now([prepare(each, account.acting("session")) for each in drafts])

    first = granted.ask("regulator", "GET", "/api/v1/reads?limit=2").json()
    rest = granted.ask("regulator", "GET", f"/api/v1/reads?limit=2&after={first['after']}").json()

    events = [row["event"] for row in (*first["rows"], *rest["rows"])]
    assert events == [each["draft"]["id"] for each in reversed(drafts)]
    assert rest["after"] is None


def grants_given(service: Service) -> str:
    with begin_read(service.house.ledger) as tx:
        (known,) = grants.given(tx, [REGULATOR])
    return known.event


def test_whoever_takes_the_id_of_a_reading_for_something_else_reads_nothing(granted: Service) -> None:
    """The id follows from what everybody knows, so that it is written once; it must not let anybody read unseen."""
    code, account = granted.code["L1"], granted.accounts["regulator B"]
    with begin_read(granted.house.ledger) as tx:
        (known,) = grants.given(tx, [REGULATOR])
    thing, subject = f"batch:{code}", {"batch": {"code": code}}
    id_ = _draft(account.acting("session"), known, thing, subject, NOON.date())["id"]
    taken = some.inspection({"batch": {"code": granted.code["J1"]}}, place={"region": "370112"}, id=id_)
    assert granted.ask("regulator B", "POST", "/api/v1/events", json=taken).status_code == 201

    answer = granted.ask("regulator B", "GET", f"/api/v1/batches/{code}")

    assert (answer.status_code, answer.json()["code"]) == (503, "reading-not-recorded")
