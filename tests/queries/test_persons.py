"""Persons for readers: names for those who may know them, complainants for fewer, and what somebody answers for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection

import drafts_for_tests as some
from cabletrace.alerts import register as alert_register
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Role
from cabletrace.db.engine import begin_write
from cabletrace.errors import InputError
from cabletrace.model.parts import ProjectRef
from cabletrace.queries.batch import batch_page
from cabletrace.queries.events import event_page
from cabletrace.queries.persons import PersonalValue, deeds_of
from drafts_for_tests import (
    DEALER,
    LABORATORY,
    MAKER,
    OPERATOR,
    OTHER_MAKER,
    PROJECT,
    REGULATOR,
    SITE,
    SUPERVISOR,
    Envelope,
    batch_of,
)
from house_for_tests import NAMES_KEY, House, open_house, signed_in
from world_for_tests import NOON

WANG, LI = "王示例", "李示例"
CALLER, PHONE = "投诉人示例某", "000-1234-5678"


def by(**roles: str) -> list[dict[str, str]]:
    return [{"role": role, "name": name} for role, name in roles.items()]


def complaint(region: str = "411603", **members: Any) -> Envelope:
    body = {
        "text": "买来的线发烫",
        "complainant": {"name": CALLER, "phone": PHONE},
        "wants": "refund",
        "against": MAKER,
    }
    return some.envelope(
        "complaint",
        batch_of(),
        body,
        on="2026-05-01",
        place={"region": region},
        by=by(officer=LI),
        entered_for=REGULATOR,
        **members,
    )


def story() -> dict[str, Envelope]:
    made = some.production(by=by(inspector=WANG, keeper=LI), entered_for=MAKER)
    subject = {"event": made["draft"]["id"], "kind": "production"}
    said = {"pointers": ["/by/1/name"], "ground": "purpose-achieved"}
    to_site = some.dispatch(to=SITE, region="411627", units=[(1, 1)], by=by(keeper=WANG), entered_for=MAKER)
    report_body = {
        "text": "线径不足",
        "complainant": {"name": CALLER, "phone": PHONE},
        "against": OTHER_MAKER,
    }
    return {
        "production": made,
        "erasure": some.envelope("erasure", subject, said, entered_for=MAKER),
        "dispatch": to_site,
        "receipt": some.receipt(units=[(1, 1)], sender=MAKER, project=PROJECT, by=by(keeper=LI), entered_for=SITE),
        "supervision": some.supervision(units=[(1, 1)], by=by(engineer=WANG, witness=WANG), entered_for=SUPERVISOR),
        "other": some.production("J1", maker=OTHER_MAKER, by=by(inspector=WANG), entered_for=OTHER_MAKER),
        "complaint": complaint(),
        "report": some.envelope(
            "report", {"party": OTHER_MAKER}, report_body, on="2026-05-01", place={"region": "370112"},
            entered_for=DEALER,
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, dict[str, str]]]:
    with open_house(tmp_path_factory.mktemp("persons")) as house:
        envelopes = story()
        with begin_write(house.engine) as tx:
            alert_register.metadata.create_all(tx)
        house.happened(some.product(OTHER_MAKER, certificate=None, entered_for=OTHER_MAKER))
        house.happened(*envelopes.values())
        yield house, {name: envelope["draft"]["id"] for name, envelope in envelopes.items()}


@pytest.fixture
def tx(told: tuple[House, dict[str, str]]) -> Iterator[Connection]:
    with told[0].reading() as tx:
        yield tx


@pytest.fixture
def event(told: tuple[House, dict[str, str]]) -> dict[str, str]:
    return told[1]


WHO: dict[str, Actor] = {
    "maker": signed_in(MAKER, Role.MANUFACTURER),
    "other maker": signed_in(OTHER_MAKER, Role.MANUFACTURER),
    "dealer": signed_in(DEALER, Role.DISTRIBUTOR),
    "site": signed_in(SITE, Role.CONTRACTOR),
    "supervisor": signed_in(SUPERVISOR, Role.SUPERVISOR),
    "laboratory": signed_in(LABORATORY, Role.LABORATORY),
    "regulator": signed_in(REGULATOR, Role.REGULATOR, "411600"),
    "county": signed_in("00000000-0000-4000-8000-0000000000c1", Role.REGULATOR, "411627"),
    "Jinan": signed_in("00000000-0000-4000-8000-0000000000c2", Role.REGULATOR, "370100"),
    "operator": signed_in(OPERATOR, Role.OPERATOR),
}


def shown(tx: Connection, who: str, id_: str) -> dict[str, PersonalValue] | None:
    page = event_page(tx, WHO[who], id_)
    return None if page is None else {each.pointer: each for each in page.persons}


# --- on the page of the event -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "sees"),
    [("maker", True), ("regulator", True), ("site", False), ("county", True), ("dealer", None)],
)
def test_responsible_persons_are_named_to_their_own_and_to_regulators(
    tx: Connection, event: dict[str, str], who: str, sees: bool | None
) -> None:
    values = shown(tx, who, event["dispatch"])

    assert (values is None) is (sees is None)
    if values is not None:
        assert values["/by/0/name"].value == (WANG if sees else None)


def test_what_was_erased_says_so_and_what_is_locked_too(tx: Connection, event: dict[str, str]) -> None:
    values = shown(tx, "maker", event["production"])

    assert values is not None
    inspector, keeper = values["/by/0/name"], values["/by/1/name"]
    assert (inspector.value, inspector.locked, inspector.is_erasable) == (WANG, True, False)
    assert (keeper.value, keeper.locked, keeper.is_erasable) == (None, False, False)
    assert keeper.erased is not None
    assert "目的" in keeper.erased.ground.zh


@pytest.mark.parametrize("who", ["regulator", "operator"])
def test_who_complained_is_named_to_regulators_of_the_place_and_not_even_to_the_operator(
    tx: Connection, event: dict[str, str], who: str
) -> None:
    values = shown(tx, who, event["complaint"])

    assert values is not None
    told = [values[f"/body/complainant/{name}"].value for name in ("name", "phone")]
    assert told == ([CALLER, PHONE] if who == "regulator" else [None, None])


@pytest.mark.parametrize("who", ["maker", "dealer", "site", "Jinan", "laboratory"])
def test_a_complaint_does_not_exist_for_whom_it_is_about_and_for_others(
    tx: Connection, event: dict[str, str], who: str
) -> None:
    assert event_page(tx, WHO[who], event["complaint"]) is None


def test_an_organisation_that_reports_for_somebody_is_not_told_his_number_again(
    tx: Connection, event: dict[str, str]
) -> None:
    values, of_jinan = shown(tx, "dealer", event["report"]), shown(tx, "Jinan", event["report"])

    assert values is not None
    assert {each.value for each in values.values()} == {None}
    assert of_jinan is not None
    assert [each.value for each in of_jinan.values()] == [CALLER, PHONE]


@pytest.mark.parametrize("who", list(WHO))
def test_no_page_of_a_batch_names_who_complained(
    told: tuple[House, dict[str, str]], tx: Connection, who: str
) -> None:
    page = batch_page(tx, WHO[who], told[0].code(MAKER), today=NOON.date())

    assert CALLER not in repr(page)
    assert PHONE not in repr(page)


@pytest.mark.parametrize(
    ("who", "may"),
    [("maker", True), ("regulator", True), ("operator", True), ("site", False), ("supervisor", False)],
)
def test_a_page_leads_to_erasing_whom_the_rule_would_let(
    tx: Connection, event: dict[str, str], who: str, may: bool
) -> None:
    page = event_page(tx, WHO[who], event["production"])

    assert page is not None
    assert page.may_erase is may


# --- by name ------------------------------------------------------------------------------------------


def deeds(tx: Connection, who: str, name: str, **more: Any) -> list[str]:
    return [deed.happening.kind for deed in deeds_of(tx, WHO[who], NAMES_KEY, name, **more).rows]


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("maker", ["dispatch", "production"]),
        ("supervisor", ["supervision"]),
        ("site", []),
        ("dealer", []),
        ("other maker", ["production"]),
        ("regulator", ["supervision", "dispatch", "production"]),
        ("county", ["supervision", "dispatch"]),
    ],
)
def test_everybody_finds_his_own_people_and_a_regulator_those_of_his_region(
    tx: Connection, who: str, found: list[str]
) -> None:
    assert deeds(tx, who, WANG) == found


def test_a_deed_says_part_day_batch_and_project(told: tuple[House, dict[str, str]], tx: Connection) -> None:
    deed = deeds_of(tx, WHO["regulator"], NAMES_KEY, f" {WANG} ").rows[0]

    assert (deed.name, deed.role, deed.part.zh) == (WANG, "engineer", "监理工程师、见证人")
    assert (deed.batch, deed.lot) == (told[0].code(MAKER), "L1")
    assert [project.id for project in deed.projects] == [ProjectRef(**PROJECT).id]
    assert deed.happening.who != ""
    assert not deed.corrected


def test_an_erased_name_is_found_no_more(tx: Connection) -> None:
    assert deeds(tx, "maker", LI) == []
    assert deeds(tx, "site", LI) == ["receipt"]


@pytest.mark.parametrize("who", ["regulator", "dealer", "Jinan"])
def test_who_complains_or_reports_is_found_by_nobody(tx: Connection, who: str) -> None:
    assert deeds(tx, who, CALLER) == []
    assert deeds(tx, who, PHONE) == []


def test_the_operator_and_anybody_look_nobody_up(tx: Connection) -> None:
    for actor in (WHO["operator"], Actor.anonymous()):
        with pytest.raises(InputError):
            deeds_of(tx, actor, NAMES_KEY, WANG)


@pytest.mark.parametrize("name", ["", "  ", "·"])
def test_nobody_is_asked_for_everybody(tx: Connection, name: str) -> None:
    with pytest.raises(InputError):
        deeds_of(tx, WHO["regulator"], NAMES_KEY, name)


def test_part_of_a_name_finds_nobody(tx: Connection) -> None:
    assert deeds(tx, "regulator", WANG[:1]) == []


def test_pages_follow_each_other_without_gap_or_repetition(tx: Connection) -> None:
    first = deeds_of(tx, WHO["regulator"], NAMES_KEY, WANG, limit=2)
    assert first.after is not None
    second = deeds_of(tx, WHO["regulator"], NAMES_KEY, WANG, limit=2, after=int(first.after))

    kinds = [deed.happening.kind for deed in (*first.rows, *second.rows)]
    assert kinds == ["supervision", "dispatch", "production"]
    assert second.after is None
