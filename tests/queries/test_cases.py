"""Leads and cases as they are read: by the authority whose they are and its tree of units, and by nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import cases_for_tests as cases
import drafts_for_tests as some
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Role
from cabletrace.errors import InputError
from cabletrace.ledger import store
from cabletrace.model.investigation import BatchMeant, KnownMatter
from cabletrace.model.scope import Scope
from cabletrace.model.values import party_id
from cabletrace.queries.cases import case_list, case_page, lead_list, lead_page
from cabletrace.queries.desk import newest_events
from cabletrace.queries.events import event_page
from cabletrace.queries.persons import deeds_of
from cabletrace.queries.regions_to_ask import batches_to_name, regions_to_ask
from drafts_for_tests import DEALER, MAKER, OPERATOR, REGULATOR
from house_for_tests import NAMES_KEY, House, open_house, signed_in
from world_for_tests import NOON

TODAY = NOON.date()
LEAD, CASE = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a3"
BRANCH = "00000000-0000-4000-8000-0000000000c1"
COUNTY = "00000000-0000-4000-8000-0000000000c2"
OTHER = "00000000-0000-4000-8000-0000000000f1"
OWN = signed_in(REGULATOR, Role.REGULATOR, "411600")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A regulator's case about a batch, of which drums went to the dealer in 川汇 after its scope was frozen."""
    folder: Path = tmp_path_factory.mktemp("cases")
    with open_house(folder) as house:
        house.happened(
            some.party(OTHER, "济南市示例市场监督管理局", "regulator", region="370100", entered_for=OPERATOR),
            some.party(
                COUNTY, "川汇区示例市场监督管理局", "regulator", region="411602", entered_for=OPERATOR
            ),
            some.party(
                BRANCH, "分局", "regulator", part_of=some.unit(regions=["411603"]), entered_for=REGULATOR
            ),
            some.production(entered_for=MAKER),
            some.dispatch(units=[(1, 1)], entered_for=MAKER),
            some.receipt(units=[(1, 1)], place={"region": "411602"}, entered_for=DEALER),
        )
        about = cases.matter(batches=[house.code(MAKER)], parties=[MAKER, DEALER], names=["某作坊"])
        house.happened(
            cases.lead(LEAD, about=about, place={"region": "411602"}, entered_for=REGULATOR),
            cases.lead_step(LEAD, "assigned", to=BRANCH, entered_for=REGULATOR),
            cases.lead_step(LEAD, "checking", entered_for=REGULATOR),
            cases.case(CASE, leads=[LEAD], about=about, place={"region": "411602"}, entered_for=REGULATOR),
            cases.case_step(CASE, "investigate", place={"region": "411602"}, entered_for=REGULATOR),
        )
        house.happened(some.dispatch(units=[(2, 3)], note="FH-2", entered_for=MAKER))
        yield house


def events_of_the_case(house: House) -> list[str]:
    with house.reading() as tx:
        rows = [*store.read_stream(tx, f"lead:{LEAD}"), *store.read_stream(tx, f"case:{CASE}")]
    return [row.event_id for row in rows]


#: Nobody of these may learn that there is anything: the party itself, its customer, authorities of the same and other regions.
STRANGERS: dict[str, Callable[[], Actor]] = {
    "the maker": lambda: signed_in(MAKER, Role.MANUFACTURER),
    "the dealer": lambda: signed_in(DEALER, Role.DISTRIBUTOR),
    "the county where it is": lambda: signed_in(COUNTY, Role.REGULATOR, "411602"),
    "another region's authority": lambda: signed_in(OTHER, Role.REGULATOR, "370100"),
    "the province": lambda: signed_in(OTHER, Role.REGULATOR, "410000"),
    "a department of the region": lambda: signed_in(COUNTY, Role.DEPARTMENT, "411600"),
    "the operator": lambda: signed_in(OPERATOR, Role.OPERATOR),
    "an auditor": lambda: replace(signed_in(OTHER, Role.AUDITOR), scope=Scope(everything=True)),
    "anybody": Actor.anonymous,
}


@pytest.mark.parametrize("who", STRANGERS)
def test_nobody_else_is_told_that_there_is_a_lead_or_a_case(house: House, who: str) -> None:
    actor = STRANGERS[who]()

    with house.reading() as tx:
        if actor.role is Role.REGULATOR:
            assert lead_list(tx, actor, today=TODAY).rows == ()
            assert case_list(tx, actor, today=TODAY).rows == ()
            assert lead_page(tx, actor, LEAD, today=TODAY) is None
            assert case_page(tx, actor, CASE, today=TODAY) is None
        else:
            for asked in (lead_list, case_list):
                with pytest.raises(InputError):
                    asked(tx, actor, today=TODAY)
        if actor.role is Role.PUBLIC:
            return
        assert [event_page(tx, actor, each) for each in events_of_the_case(house)] == [None] * 5
        seen = {event.kind for event in newest_events(tx, actor, limit=200)}
        assert seen.isdisjoint({"lead", "lead-step", "case", "case-step"})
        if actor.role in (Role.REGULATOR, Role.MANUFACTURER):
            assert deeds_of(tx, actor, NAMES_KEY, cases.OFFICERS[0]).rows == ()


def test_no_stream_of_what_it_names_has_a_gap(house: House) -> None:
    with house.reading() as tx:
        for name in (
            f"batch:{house.code(MAKER)}",
            *(f"party:{party_id(ref)}" for ref in (MAKER, DEALER, REGULATOR)),
        ):
            kinds = {
                row.payload.partition(b'"kind":"')[2].partition(b'"')[0]
                for row in store.read_stream(tx, name)
            }
            assert kinds.isdisjoint({b"lead", b"lead-step", b"case", b"case-step"})


def test_the_authority_reads_its_lead_and_its_case_whole(house: House) -> None:
    with house.reading() as tx:
        (lead,) = lead_list(tx, OWN, today=TODAY).rows
        (case,) = case_list(tx, OWN, today=TODAY).rows
        page = case_page(tx, OWN, CASE, today=TODAY)
        of_lead = lead_page(tx, OWN, LEAD, today=TODAY)
        opened = [event_page(tx, OWN, each) for each in events_of_the_case(house)]
        names = deeds_of(tx, OWN, NAMES_KEY, cases.OFFICERS[0]).rows

    assert (lead.state, case.state) == ("filed", "investigating")
    assert page is not None
    assert of_lead is not None
    assert [event.kind for event in page.events] == ["lead", "lead-step", "lead-step", "case", "case-step"]
    assert [event.kind for event in of_lead.events] == ["lead", "lead-step", "lead-step", "case"]
    assert of_lead.case is not None
    assert {person.name for event in page.events for person in event.persons} == set(cases.OFFICERS)
    assert page.matter.names == ("某作坊",)
    assert all(opened)
    assert len(names) == 2


def test_the_scope_is_what_the_ledger_said_when_it_was_frozen_and_adds_up(house: House) -> None:
    with house.reading() as tx:
        page = case_page(tx, OWN, CASE, today=TODAY)

    assert page is not None
    assert page.scope is not None
    assert {row.region: row.total_mm for row in page.scope.regions} == {"411603": 750_000, "411602": 250_000}
    assert page.scope.produced_mm == 1_000_000


def test_a_unit_reads_the_lead_that_it_was_given_and_the_case_that_came_of_it_and_nothing_else(
    house: House,
) -> None:
    branch = signed_in(BRANCH, Role.REGULATOR, "411603")
    with house.reading() as tx:
        leads, found = lead_list(tx, branch, today=TODAY).rows, case_list(tx, branch, today=TODAY).rows
        opened = [event_page(tx, branch, each) for each in events_of_the_case(house)]

    assert [row.id for row in leads] == [LEAD]
    assert [row.id for row in found] == [CASE]
    assert all(opened)


def test_lists_are_filtered_and_turned(house: House) -> None:
    with house.reading() as tx:
        assert case_list(tx, OWN, today=TODAY, state="served").rows == ()
        assert case_list(tx, OWN, today=TODAY, category="counterfeit").rows == ()
        assert len(case_list(tx, OWN, today=TODAY, category="quality", text="不合格", state="open").rows) == 1
        assert lead_list(tx, OWN, today=TODAY, state="open").rows == ()
        assert len(lead_list(tx, OWN, today=TODAY, state="filed").rows) == 1
        assert case_list(tx, OWN, today=TODAY, after="0").rows == ()


def test_the_term_of_a_decision_stands_beside_the_case(house: House) -> None:
    with house.reading() as tx:
        (case,) = case_list(tx, OWN, today=TODAY).rows

    assert case.next_due is not None
    assert (case.next_due.code, str(case.next_due.due)) == ("case-decision", "2026-08-10")
    assert case.value_fen is None


def test_what_could_come_next_is_told_with_its_clause(house: House) -> None:
    with house.reading() as tx:
        page = case_page(tx, OWN, CASE, today=TODAY)

    assert page is not None
    assert {each.step for each in page.next} >= {
        "testing",
        "suspended",
        "investigation-closed",
        "transferred-police",
    }
    assert all(each.clause for each in page.next)


def test_the_estimate_of_a_crime_counts_known_prices_and_tells_what_is_unknown(house: House) -> None:
    """The maker sent drum 1 to the dealer without a price; the dealer has it: nothing is known, so nothing is said to be not reached."""
    with house.reading() as tx:
        page = case_page(tx, OWN, CASE, today=TODAY)

    assert page is not None
    assert page.crime is not None
    assert page.crime.estimate == "unknown"
    assert (page.crime.sales_fen, page.crime.sales_unknown_mm, page.crime.stock_unknown_mm) == (
        0,
        0,
        1_000_000,
    )


def test_sales_at_their_prices_and_stock_at_the_own_average_reach_a_threshold(tmp_path: Path) -> None:
    with open_house(tmp_path) as house:
        house.happened(some.production(entered_for=MAKER))
        house.happened(
            priced(some.dispatch(units=[(1, 1)], entered_for=MAKER), 20_000),
            priced(some.dispatch(units=[(2, 2)], note="FH-2", entered_for=MAKER), 10_000),
            some.dispatch(units=[(3, 3)], note="FH-3", entered_for=MAKER),
        )
        about = cases.matter(batches=[house.code(MAKER)], parties=[MAKER])
        house.happened(cases.case(CASE, about=about, entered_for=REGULATOR))
        with house.reading() as tx:
            page = case_page(tx, OWN, CASE, today=TODAY)

    assert page is not None
    assert page.crime is not None
    # 250 m at 200 yuan and 250 m at 100 yuan; 250 m without a price; 250 m left at 150 yuan on average.
    assert (page.crime.sales_fen, page.crime.sales_unknown_mm) == (7_500_000, 250_000)
    assert (page.crime.stock_fen, page.crime.stock_unknown_mm) == (3_750_000, 0)
    assert page.crime.estimate == "reached"
    assert [each.at_least_fen for each in page.crime.reached] == [5_000_000, 15_000_000]


def test_only_the_units_that_are_meant_are_counted(tmp_path: Path) -> None:
    with open_house(tmp_path) as house:
        house.happened(some.production(entered_for=MAKER))
        house.happened(priced(some.dispatch(units=[(1, 3)], entered_for=MAKER), 1_000))
        about = cases.matter(batches=[house.code(MAKER)], units=[(3, 4)], parties=[MAKER])
        house.happened(cases.case(CASE, about=about, entered_for=REGULATOR))
        with house.reading() as tx:
            page = case_page(tx, OWN, CASE, today=TODAY)

    assert page is not None
    assert page.crime is not None
    assert (page.crime.sales_fen, page.crime.stock_fen) == (250_000, 250_000)
    assert page.crime.estimate == "not-reached"


def test_a_case_about_a_drum_has_its_metres_in_scope_and_letters_and_can_be_widened(tmp_path: Path) -> None:
    """Drum 3 was cut, and a piece of it went to Jinan as drum 1 did; the case is about drum 3 alone."""
    with open_house(tmp_path) as house:
        house.happened(
            some.production(entered_for=MAKER),
            some.split(unit=3, pieces=[(11, 100_000), (12, 150_000)], on="2026-04-05", entered_for=MAKER),
            some.dispatch(units=[(1, 1)], region="370102", entered_for=MAKER),
            some.dispatch(units=[(11, 11)], note="FH-2", region="370102", entered_for=MAKER),
        )
        code = house.code(MAKER)
        drum = cases.matter(batches=[code], units=[(3, 3)], parties=[MAKER])
        wide = cases.matter(batches=[code], units=[(3, 3)], whole=True, parties=[MAKER])
        house.happened(cases.case(CASE, about=drum, entered_for=REGULATOR))
        with house.reading() as tx:
            narrow = case_page(tx, OWN, CASE, today=TODAY)
            asked = regions_to_ask(tx, OWN, CASE, today=TODAY)
            named = batches_to_name(tx, OWN, KnownMatter(batches=(BatchMeant(code, ((3, 3),)),)))
        house.happened(cases.case_step(CASE, "scope", matter=wide, entered_for=REGULATOR))
        with house.reading() as tx:
            widened = case_page(tx, OWN, CASE, today=TODAY)

    assert narrow is not None
    assert narrow.scope is not None
    assert asked is not None
    assert {row.region: row.total_mm for row in narrow.scope.regions} == {
        "370102": 100_000,
        "411603": 150_000,
    }
    assert [(each.units, each.length_mm) for each in narrow.scope.batches] == [("3", 250_000)]
    assert narrow.scope.is_narrow
    assert {(row.region, each.units, each.length_mm) for row in asked.rows for each in row.batches} == {
        ("370102", "11", 100_000),
        ("411603", "12", 150_000),
    }
    assert [(each.units, each.length_mm) for each in named] == [("3", 250_000)]
    assert widened is not None
    assert widened.scope is not None
    assert (widened.scope.produced_mm, widened.scope.is_narrow) == (1_000_000, False)
    assert [each.units for each in widened.matter.batches] == ["3"]
    assert [each.whole for each in widened.matter.batches] == [True]


def priced(envelope: some.Envelope, price_fen: int) -> some.Envelope:
    envelope["draft"]["body"]["price_fen_per_metre"] = price_fen
    return envelope


def test_grants_that_name_the_number_stand_beside_it_with_how_often_they_were_used(tmp_path: Path) -> None:
    with open_house(tmp_path) as house:
        house.happened(
            some.party(OTHER, "济南市示例市场监督管理局", "regulator", region="370100", entered_for=OPERATOR),
            some.product(some.OTHER_MAKER, certificate=None, entered_for=some.OTHER_MAKER),
            some.production("J1", maker=some.OTHER_MAKER, entered_for=some.OTHER_MAKER),
            cases.lead(LEAD, entered_for=REGULATOR),
            cases.lead_step(LEAD, "checking", entered_for=REGULATOR),
            cases.case(CASE, leads=[LEAD], entered_for=REGULATOR),
        )
        theirs = {"reads": {"batches": [house.code(some.OTHER_MAKER, "J1")]}, "entered_for": OTHER}
        of_lead, other = (some.grant(OTHER, REGULATOR, **theirs) for _ in range(2))
        of_lead["draft"]["body"]["case"], other["draft"]["body"]["case"] = "线索1", "别的案"
        house.happened(of_lead, other)
        read = some.read(some.batch_of(some.OTHER_MAKER, "J1"), grantor=OTHER, grant=of_lead["draft"]["id"])
        house.happened(read, by=OWN)
        with house.reading() as tx:
            case, lead = case_page(tx, OWN, CASE, today=TODAY), lead_page(tx, OWN, LEAD, today=TODAY)

    assert case is not None
    assert lead is not None
    assert case.approved == lead.approved
    (approved,) = case.approved
    assert (approved.grantor.id, approved.things, approved.readings, str(approved.last_on)) == (
        OTHER,
        1,
        1,
        "2026-04-28",
    )
