"""An authority's own units at the doors: what the accounts of each see and say, from one request to the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import drafts_for_tests as some
from cabletrace.auth.accounts import create_account
from cabletrace.auth.passwords import StoredPassword
from cabletrace.auth.policy import Role
from cabletrace.auth.sessions import start_session
from cabletrace.db.engine import begin_read, begin_write
from cabletrace.registry.units import sight_of_account
from drafts_for_tests import DEALER, MAKER, REGULATOR, Envelope
from service_for_tests import REGULATOR_B, Service, Told, service_in
from world_for_tests import NOON

BRANCH = "00000000-0000-4000-8000-0000000000d1"
POST = "00000000-0000-4000-8000-0000000000d2"
OFFICE = "00000000-0000-4000-8000-0000000000d3"


def the_units() -> list[Envelope]:
    """A branch without a region code that supervises the dealer, another that was given a county, a department."""

    def of_the_regulator(id_: str, name: str, unit: dict[str, Any]) -> Envelope:
        return some.party(id_, name, "regulator", part_of=unit, entered_for=REGULATOR)

    return [
        of_the_regulator(BRANCH, "周口市示例局开发区分局", some.unit(supervises=[DEALER])),
        of_the_regulator(POST, "太康县示例市场监管所", some.unit(type="post", regions=["411627"])),
        of_the_regulator(OFFICE, "周口市示例局执法科", {"parent": REGULATOR, "type": "department"}),
    ]


def hire(service: Service, party: str, region: str | None = None) -> str:
    """A session token of a new account of a unit."""
    with begin_write(service.house.desk) as tx:
        account = create_account(
            tx,
            name=f"unit-{party[-2:]}",
            password=StoredPassword("no password opens this"),
            party=party,
            role=Role.REGULATOR,
            display_name="某机构",
            region=region,
            now=NOON,
        )
        return start_session(tx, account.id, NOON).text


@pytest.fixture
def staffed(tmp_path: Path, told: Told) -> Iterator[Service]:
    with service_in(tmp_path / "data", told, *the_units()) as running:
        for name, party in (("branch", BRANCH), ("post", POST), ("office", OFFICE)):
            running.tokens[name] = hire(running, party)
        yield running
        for name in ("branch", "post", "office"):
            del running.tokens[name]


def kinds_seen(service: Service, who: str) -> set[str]:
    rows = service.ask(who, "GET", f"/api/v1/batches/{service.code['L1']}/events").json()["rows"]
    return {each["kind"] for each in rows}


def test_a_unit_sees_what_its_parent_gave_it_and_a_department_all(staffed: Service) -> None:
    whole = kinds_seen(staffed, "regulator")

    assert kinds_seen(staffed, "office") == whole
    assert "notice" in kinds_seen(staffed, "branch")  # to the dealer that it supervises
    assert "acceptance" not in kinds_seen(staffed, "branch")
    assert "acceptance" in kinds_seen(staffed, "post")
    assert "notice" not in kinds_seen(staffed, "post")


def test_what_a_unit_reads_of_its_own_is_no_reading_across(staffed: Service) -> None:
    before = staffed.size

    for who in ("branch", "post", "office"):
        assert staffed.ask(who, "GET", f"/batches/{staffed.code['L1']}").status_code == 200

    assert staffed.size == before


def test_a_parent_sees_what_its_unit_entered_and_a_sibling_does_not(staffed: Service) -> None:
    inspected = some.inspection({"party": DEALER}, place={"region": "411602"})
    answer = staffed.ask("branch", "POST", "/api/v1/events", json=inspected)
    assert answer.status_code == 201, answer.text

    event = f"/api/v1/events/{inspected['draft']['id']}"
    seen = {
        who: staffed.ask(who, "GET", event).status_code for who in ("regulator", "office", "branch", "post")
    }

    assert seen == {"regulator": 200, "office": 200, "branch": 200, "post": 404}


def test_a_unit_acts_on_whom_it_supervises_and_its_parent_may_end_it(staffed: Service) -> None:
    of_another = some.inspection({"party": MAKER}, place={"region": "411603"})
    far = some.inspection({"party": DEALER}, place={"region": "370112"})
    refused = [staffed.ask("branch", "POST", "/api/v1/events", json=each) for each in (of_another, far)]
    assert [answer.status_code for answer in refused] == [403, 403]

    over = some.unit(supervises=[DEALER], valid_to="2026-06-29")
    ended = some.party(BRANCH, "周口市示例局开发区分局", "regulator", part_of=over)
    assert staffed.ask("regulator", "POST", "/api/v1/events", json=ended).status_code == 201
    after = some.inspection({"party": DEALER}, place={"region": "411602"})

    assert staffed.ask("branch", "POST", "/api/v1/events", json=after).status_code == 403
    assert staffed.ask("branch", "GET", f"/api/v1/batches/{staffed.code['L1']}").status_code == 404


def test_the_region_of_a_units_account_narrows_what_the_tree_gives_and_never_widens_it(
    staffed: Service,
) -> None:
    with begin_read(staffed.house.ledger) as tx:
        wide = sight_of_account(tx, OFFICE, "410000", NOON.date())
        narrow = sight_of_account(tx, OFFICE, "411602", NOON.date())
        nation = sight_of_account(tx, POST, "000000", NOON.date())

    assert wide.regions == ("4116",)
    assert narrow.regions == ("411602",)
    assert nation.regions == ("411627",)


def test_a_granted_batch_shows_a_unit_no_more_than_the_unit_that_granted_it_sees(
    tmp_path: Path, told: Told
) -> None:
    granted = some.grant(POST, REGULATOR_B, reads={"batches": [told.code["L1"]]}, entered_for=POST)
    with service_in(tmp_path / "data", told, *the_units(), granted) as service:
        assert "acceptance" in kinds_seen(service, "regulator B")
        assert "notice" not in kinds_seen(service, "regulator B")


MARKET = {"region": "411602", "name": "五一路建材市场 12 号"}


@pytest.fixture
def at_the_market(tmp_path: Path, told: Told) -> Iterator[Service]:
    """A branch without a region code that looks after a market by its name and after the project; what happened there and in
    the next street."""
    street = {"region": "411602", "name": "西关街 8 号"}
    stalls = [
        some.inspection({"goods": id_}, goods={"marks": marks}, place=place, entered_for=REGULATOR)
        for id_, marks, place in (
            (GOODS_THERE, "市场的电缆", MARKET),
            (GOODS_ELSEWHERE, "西关的电缆", street),
        )
    ]
    said = [
        some.envelope(
            "report", {"party": DEALER}, {"text": text}, on="2026-05-08", place=place, entered_for=REGULATOR
        )
        for text, place in (("市场里有假货", MARKET), ("西关有假货", street))
    ]
    unit = some.unit(places=[("411602", "五一路建材市场")], projects=[some.PROJECT])
    branch = some.party(BRANCH, "周口市示例局开发区分局", "regulator", part_of=unit, entered_for=REGULATOR)
    with service_in(tmp_path / "data", told, branch, *stalls, *said) as running:
        running.tokens["branch"] = hire(running, BRANCH)
        yield running
        del running.tokens["branch"]


GOODS_THERE, GOODS_ELSEWHERE = (f"00000000-0000-4000-8000-0000000000e{n}" for n in (5, 6))


def test_a_branch_lists_what_was_found_said_and_built_at_its_places_and_nothing_else(
    at_the_market: Service,
) -> None:
    def rows(path: str) -> Any:
        return at_the_market.ask("branch", "GET", path).json()["rows"]

    assert [row["marks"] for row in rows("/api/v1/goods")] == ["市场的电缆"]
    assert [row["number"] for row in rows("/api/v1/projects")] == ["XM-1"]
    reports = at_the_market.ask("branch", "GET", "/submissions", headers={"Accept": "text/html"}).text
    assert "市场里有假货" in reports
    assert "西关有假货" not in reports
    for id_, status in ((GOODS_THERE, 200), (GOODS_ELSEWHERE, 404)):
        assert at_the_market.ask("branch", "GET", f"/api/v1/goods/{id_}").status_code == status
    assert len(at_the_market.ask("regulator", "GET", "/api/v1/goods").json()["rows"]) == 3


def test_a_branch_finds_and_sees_the_batch_that_lies_at_its_project(at_the_market: Service) -> None:
    found = at_the_market.ask("branch", "GET", "/api/v1/search?q=YJV&counts=state").json()
    where = at_the_market.ask("branch", "GET", f"/api/v1/batches/{at_the_market.code['L1']}").json()["where"]

    assert [row["batch"]["lot"] for row in found["rows"]] == ["L1"]
    assert "acceptance" in kinds_seen(at_the_market, "branch")
    assert "notice" not in kinds_seen(at_the_market, "branch")  # to a dealer elsewhere
    assert {each["project_name"] for each in where if each["project_name"]} == {where_built(at_the_market)}
    counted = {each["value"] for facet in found["facets"] for each in facet["values"]}
    assert "used" in counted
    alerts = at_the_market.ask("branch", "GET", "/api/v1/alerts").json()["rows"]
    assert alerts != []


def where_built(service: Service) -> str:
    (row,) = service.ask("branch", "GET", "/api/v1/projects").json()["rows"]
    return str(row["name"])


def test_which_projects_a_unit_looks_after_is_told_to_who_may_see_them(at_the_market: Service) -> None:
    def unit(who: str) -> Any:
        (row,) = at_the_market.ask(who, "GET", f"/api/v1/parties/{REGULATOR}/units").json()["rows"]
        return row

    assert [each["name"] for each in unit("dealer")["places"]] == ["五一路建材市场"]
    assert unit("dealer")["projects"] == []
    assert len(unit("regulator")["projects"]) == len(unit("site")["projects"]) == 1
