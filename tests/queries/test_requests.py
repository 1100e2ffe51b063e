"""Requests as they are read: by who issued one and who received it, each what is its own to know, and by nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import cases_for_tests as cases
import drafts_for_tests as some
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Action, Role
from cabletrace.errors import InputError
from cabletrace.ledger import store
from cabletrace.model.scope import Scope
from cabletrace.model.values import party_id
from cabletrace.queries.cases import case_list, case_page
from cabletrace.queries.desk import newest_events
from cabletrace.queries.due import what_is_due
from cabletrace.queries.events import event_page
from cabletrace.queries.persons import deeds_of
from cabletrace.queries.regions_to_ask import regions_to_ask
from cabletrace.queries.requests import open_requests, request_list, request_page, requests_waiting
from cabletrace.queries.visibility import open_batch
from drafts_for_tests import DEALER, MAKER, OPERATOR, REGULATOR
from house_for_tests import NAMES_KEY, House, open_house, signed_in
from world_for_tests import NOON

TODAY = NOON.date()
CASE = "00000000-0000-4000-8000-0000000000a3"
SENT, ORDERED = "00000000-0000-4000-8000-0000000000a5", "00000000-0000-4000-8000-0000000000a6"
BRANCH, OTHER = "00000000-0000-4000-8000-0000000000c1", "00000000-0000-4000-8000-0000000000f1"
COUNTY, FAR = "00000000-0000-4000-8000-0000000000c2", "00000000-0000-4000-8000-0000000000f4"
OWN = signed_in(REGULATOR, Role.REGULATOR, "411600")
RECEIVER = signed_in(OTHER, Role.REGULATOR, "370100")
KINDS = {"request", "request-step", "case", "case-step"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A case about a batch of which a drum went to Jinan: a letter there, which was received, and an order to the own branch."""
    folder: Path = tmp_path_factory.mktemp("requests")
    with open_house(folder) as house:
        house.happened(
            some.party(OTHER, "济南市示例市场监督管理局", "regulator", region="370100", entered_for=OPERATOR),
            some.party(FAR, "西安市示例市场监督管理局", "regulator", region="610100", entered_for=OPERATOR),
            some.party(
                COUNTY, "川汇区示例市场监督管理局", "regulator", region="411602", entered_for=OPERATOR
            ),
            some.party(
                BRANCH, "分局", "regulator", part_of=some.unit(regions=["411603"]), entered_for=REGULATOR
            ),
            some.production(entered_for=MAKER),
            some.dispatch(units=[(1, 1)], region="370102", entered_for=MAKER),
            some.receipt(units=[(1, 1)], place={"region": "370102"}, entered_for=DEALER),
        )
        about = cases.matter(batches=[house.code(MAKER)], parties=[DEALER], names=["某作坊"])
        asked = cases.matter(batches=[house.code(MAKER)], parties=[DEALER])
        asked["batches"][0] |= {"length_mm": 250_000, "name": "YJV 示例"}
        house.happened(
            cases.case(CASE, about=about, entered_for=REGULATOR),
            cases.request(
                SENT, case=CASE, to=OTHER, about=asked, region="370100", entered_for=REGULATOR
            ),
            cases.request(
                ORDERED, "交1", type_="order", case=CASE, to=BRANCH, about=asked, region="411603", entered_for=REGULATOR
            ),
            cases.request_step(SENT, "received", on="2026-05-14", entered_for=OTHER),
            cases.request_step(
                SENT, "reminded", number="催1", copy_to_name="省局", on="2026-06-10", entered_for=REGULATOR
            ),
            cases.request_step(ORDERED, "received", on="2026-06-01", entered_for=BRANCH),
        )  # fmt: skip
        yield house


def events_of(house: House, request: str) -> list[str]:
    with house.reading() as tx:
        return [row.event_id for row in store.read_stream(tx, f"request:{request}")]


#: Nobody of these may learn that anything was asked: whom it is about, other authorities, and who keeps the machine.
STRANGERS: dict[str, Callable[[], Actor]] = {
    "the maker": lambda: signed_in(MAKER, Role.MANUFACTURER),
    "the dealer whom it names": lambda: signed_in(DEALER, Role.DISTRIBUTOR),
    "the county where it is not": lambda: signed_in(COUNTY, Role.REGULATOR, "411602"),
    "a third region's authority": lambda: signed_in(FAR, Role.REGULATOR, "610100"),
    "the receiver's province": lambda: signed_in(FAR, Role.REGULATOR, "370000"),
    "a county of the receiver's": lambda: signed_in(FAR, Role.REGULATOR, "370102"),
    "a department of the receiver's region": lambda: signed_in(COUNTY, Role.DEPARTMENT, "370100"),
    "the operator": lambda: signed_in(OPERATOR, Role.OPERATOR),
    "an auditor": lambda: replace(signed_in(FAR, Role.AUDITOR), scope=Scope(everything=True)),
    "anybody": Actor.anonymous,
}


@pytest.mark.parametrize("who", STRANGERS)
def test_nobody_else_is_told_that_there_is_a_request(house: House, who: str) -> None:
    actor = STRANGERS[who]()

    with house.reading() as tx:
        if actor.role is Role.REGULATOR:
            assert request_list(tx, actor, today=TODAY).rows == ()
            assert request_list(tx, actor, today=TODAY, case=CASE).rows == ()
            assert open_requests(tx, actor, today=TODAY) == ()
            assert request_page(tx, actor, SENT, today=TODAY) is None
            assert regions_to_ask(tx, actor, CASE, today=TODAY) is None
        else:
            with pytest.raises(InputError):
                request_list(tx, actor, today=TODAY)
        if actor.role is Role.PUBLIC:
            return
        assert [event_page(tx, actor, each) for each in events_of(house, SENT)] == [None] * 3
        assert {event.kind for event in newest_events(tx, actor, limit=200)}.isdisjoint(KINDS)
        if actor.role in (Role.REGULATOR, Role.MANUFACTURER):
            assert deeds_of(tx, actor, NAMES_KEY, cases.OFFICERS[0]).rows == ()


def test_no_stream_of_whom_it_names_nor_of_the_two_authorities_has_a_gap(house: House) -> None:
    with house.reading() as tx:
        for name in (
            f"batch:{house.code(MAKER)}",
            *(f"party:{party_id(ref)}" for ref in (MAKER, DEALER, REGULATOR, OTHER, BRANCH)),
            f"case:{CASE}",
        ):
            for row in store.read_stream(tx, name):
                assert b'"kind":"request' not in row.payload


def test_who_received_it_reads_the_letter_and_nothing_else_of_the_case(house: House) -> None:
    with house.reading() as tx:
        (row,) = request_list(tx, RECEIVER, today=TODAY).rows
        page = request_page(tx, RECEIVER, SENT, today=TODAY)
        assert request_page(tx, RECEIVER, ORDERED, today=TODAY) is None
        assert request_list(tx, RECEIVER, today=TODAY, case=CASE).rows == ()
        assert case_page(tx, RECEIVER, CASE, today=TODAY) is None
        assert case_list(tx, RECEIVER, today=TODAY).rows == ()
        assert regions_to_ask(tx, RECEIVER, CASE, today=TODAY) is None
        opened = [event_page(tx, RECEIVER, each) for each in events_of(house, SENT)]
        assert event_page(tx, RECEIVER, events_of(house, ORDERED)[0]) is None

    assert row.side == "received"
    assert page is not None
    assert (page.case, page.lead) == ("", "")
    assert (page.letter.case_number, str(page.letter.case_filed_on)) == (
        "周市监立〔2026〕1号",
        "2026-05-12",
    )
    assert page.letter.contacts == cases.OFFICERS
    assert [each.name for each in page.letter.batches] == ["YJV 示例"]
    assert "某作坊" not in repr(page)
    assert {each.step for each in page.next} == {"accepted", "extended", "replied", "returned"}
    assert all(opened)
    assert [each is not None and each.payload is not None for each in opened] == [False, True, False]


def test_a_request_opens_no_batch_to_who_received_it(house: House) -> None:
    far = signed_in(BRANCH, Role.REGULATOR, "610100")

    with house.reading() as tx:
        assert open_batch(tx, far.scope_for(Action.READ_BATCH), house.code(MAKER)) is None
        page = request_page(tx, far, ORDERED, today=TODAY)

    assert page is not None
    assert page.letter.batches[0].code == house.code(MAKER)


def test_who_issued_it_reads_everything_and_what_is_overdue_comes_first(house: House) -> None:
    with house.reading() as tx:
        rows = open_requests(tx, OWN, today=TODAY)
        page = request_page(tx, OWN, SENT, today=TODAY)
        later = open_requests(tx, OWN, today=TODAY.replace(year=TODAY.year + 1))

    assert [row.id for row in rows] == [SENT, ORDERED]
    assert all(row.overdue for row in later)
    assert page is not None
    assert page.case == CASE
    assert [(step.step, step.on_paper, step.copy_to) for step in page.steps] == [
        ("received", False, ""),
        ("reminded", False, "省局"),
    ]


def test_what_is_due_names_the_reply_that_is_owed_and_by_whom(house: House) -> None:
    with house.reading() as tx:
        ours = [row for row in what_is_due(tx, OWN, today=TODAY).rows if row.kind == "request"]
        theirs = [row for row in what_is_due(tx, RECEIVER, today=TODAY).rows if row.kind == "request"]
        nobodys = what_is_due(tx, signed_in(FAR, Role.REGULATOR, "610100"), today=TODAY).rows

    assert {row.id: row.binds for row in ours} == {SENT: "other", ORDERED: "other"}
    assert [(row.id, row.binds, str(row.due), row.when) for row in theirs] == [
        (SENT, "authority", "2026-06-04", "overdue")
    ]
    assert [row for row in nobodys if row.kind != "monthly"] == []


def test_every_region_with_metres_and_that_of_the_maker_is_asked_by_the_letter_that_fits(
    house: House,
) -> None:
    with house.reading() as tx:
        found = regions_to_ask(tx, OWN, CASE, today=TODAY)

    assert found is not None
    by_region = {row.region: row for row in found.rows}
    assert {code: row.length_mm for code, row in by_region.items() if row.length_mm} == {
        "370102": 250_000,
        "411603": 750_000,
    }
    there, here = by_region["370102"], by_region["411603"]
    assert (there.type, there.to and there.to.id) == ("assist", OTHER)
    assert (here.type, here.to and here.to.id) == ("order", BRANCH)
    assert [each.units for each in (*there.batches, *here.batches)] == ["1", "2-4"]
    assert [each.id for each in there.requests] == [SENT]
    assert here.makers


def test_the_desk_counts_letters_that_came_and_those_that_are_late(house: House) -> None:
    with house.reading() as tx:
        late = requests_waiting(tx, OWN, today=TODAY)
        elsewhere = [requests_waiting(tx, actor(), today=TODAY) for actor in STRANGERS.values()]

    assert late == (0, 2)
    assert set(elsewhere) == {(0, 0)}
