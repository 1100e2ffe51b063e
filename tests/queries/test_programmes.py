"""Special campaigns as they are read: by who issued one, by its units, each its own, and by nobody else; and what coverage counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

import cases_for_tests as cases
import drafts_for_tests as some
import programmes_for_tests as campaigns
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Role
from cabletrace.errors import InputError
from cabletrace.ledger import store
from cabletrace.model.scope import Scope
from cabletrace.model.values import party_id
from cabletrace.queries.due import what_is_due
from cabletrace.queries.events import event_page
from cabletrace.queries.programmes import (
    OF_MATTERS,
    WHAT,
    ProgrammePage,
    asked_of,
    coverage_list,
    figures_of,
    programme_list,
    programme_of,
    programme_page,
    self_checks,
)
from cabletrace.registry.units import sight_of
from drafts_for_tests import DEALER, MAKER, OPERATOR, OTHER_MAKER, REGULATOR, SITE
from house_for_tests import House, open_house, signed_in

PROGRAMME, SITES = "00000000-0000-4000-8000-0000000000b1", "00000000-0000-4000-8000-0000000000b6"
BRANCH, SECOND = "00000000-0000-4000-8000-0000000000c1", "00000000-0000-4000-8000-0000000000c2"
FAR = "00000000-0000-4000-8000-0000000000f4"
TODAY = date(2026, 5, 26)
ISSUED = campaigns.programme(
    PROGRAMME,
    tasks=[
        campaigns.task("1", BRANCH, SECOND, due="2026-05-20"),
        campaigns.task("2", BRANCH, asks=["self-check", "commitment"]),
    ],
    entered_for=REGULATOR,
)
CHECKED_ITSELF = campaigns.self_check(place={"region": "411603"}, entered_for=MAKER)
REPORTED = campaigns.report(PROGRAMME, "done", text="分局已查完", entered_for=BRANCH)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("programmes")) as house:
        house.happened(
            some.party(FAR, "西安市示例市场监督管理局", "regulator", region="610100", entered_for=OPERATOR),
            *(
                some.party(id_, name, "regulator", part_of=some.unit(regions=[region]), entered_for=REGULATOR)
                for id_, name, region in ((BRANCH, "分局", "411603"), (SECOND, "二分局", "411602"))
            ),
            some.production(entered_for=MAKER),
            ISSUED,
            REPORTED,
            CHECKED_ITSELF,
            campaigns.report(PROGRAMME, "summary", text="二分局小结", entered_for=SECOND),
            some.inspection(
                {"party": MAKER}, on="2026-04-12", defects=[{"text": "标识不清"}], entered_for=BRANCH
            ),
            some.inspection({"party": MAKER}, number="JD-2", on="2026-04-30", entered_for=REGULATOR),
            some.inspection({"party": MAKER}, number="JD-3", on="2026-03-01", entered_for=BRANCH),
            some.sampling(
                on="2026-05-02", place={"region": "411603"}, authority=REGULATOR, entered_for=REGULATOR
            ),
        )
        yield house


def officer(house: House, party: str) -> Actor:
    """An account of an authority, with what the register gives it."""
    actor = signed_in(party, Role.REGULATOR)
    with house.reading() as tx:
        return replace(actor, scope=sight_of(tx, party, TODAY))


def test_the_authority_sees_how_every_task_stands_and_a_unit_its_own(house: House) -> None:
    city, branch, second = (officer(house, party) for party in (REGULATOR, BRANCH, SECOND))
    with house.reading() as tx:
        of_city, of_branch, of_second = (
            programme_page(tx, actor, PROGRAMME, today=TODAY) for actor in (city, branch, second)
        )
        assert of_city is not None
        assert of_branch is not None
        assert of_second is not None
        assert event_page(tx, branch, ISSUED["draft"]["id"]) is not None
        assert event_page(tx, second, REPORTED["draft"]["id"]) is None
        page = event_page(tx, branch, ISSUED["draft"]["id"])
        assert page is not None
        assert page.payload is None, "in it stand the numbers of what else the city prepares"

    assert [[(u.known, u.is_overdue) for u in task.units] for task in of_city.tasks] == [
        [(True, False), (True, True)],
        [(True, False)],
    ]
    assert [[u.known for u in task.units] for task in of_branch.tasks] == [[True, False], [True]]
    assert (of_city.row.overdue, of_branch.row.overdue, of_second.row.overdue) == (1, 0, 1)
    assert [report.text for report in of_branch.reports] == ["分局已查完"]
    assert [report.text for report in of_second.reports] == ["二分局小结"]
    assert len(of_city.reports) == 2
    assert [phase.is_now for phase in of_city.row.phases] == [False, True]
    assert "ended" in of_city.next
    assert "ended" not in of_branch.next


def test_nobody_else_is_told_of_it(house: House) -> None:
    far = officer(house, FAR)
    with house.reading() as tx:
        assert programme_list(tx, far, today=TODAY) == ()
        assert programme_page(tx, far, PROGRAMME, today=TODAY) is None
        assert event_page(tx, far, ISSUED["draft"]["id"]) is None
        for actor in (
            signed_in(MAKER, Role.MANUFACTURER),
            signed_in(OPERATOR, Role.OPERATOR),
            replace(signed_in(FAR, Role.AUDITOR), scope=Scope(everything=True)),
        ):
            assert event_page(tx, actor, ISSUED["draft"]["id"]) is None
            with pytest.raises(InputError):
                programme_list(tx, actor, today=TODAY)


def test_coverage_counts_each_party_once_on_the_days_of_a_phase(house: House) -> None:
    city, branch = officer(house, REGULATOR), officer(house, BRANCH)
    with house.reading() as tx:
        found = programme_page(tx, city, PROGRAMME, today=TODAY, phase=2)
        first = programme_page(tx, city, PROGRAMME, today=TODAY, phase=1)
        listed = coverage_list(
            tx, city, PROGRAMME, unit=REGULATOR, of="makers", what="inspected", phase=0, today=TODAY
        )
        foreign = coverage_list(
            tx, branch, PROGRAMME, unit=SECOND, of="makers", what="left", phase=0, today=TODAY
        )
        known = programme_of(tx, city, PROGRAMME)
        assert known is not None
        figures = {row.name: row.value for row in figures_of(tx, city, known, REGULATOR, today=TODAY)}
    assert found is not None
    assert first is not None
    counted = {(row.unit.id, row.of): (row.registered, row.inspected, row.sampled) for row in found.coverage}
    assert counted[BRANCH, "makers"] == (1, 1, 1)
    assert counted[SECOND, "dealers"] == (1, 0, 0)
    assert counted[REGULATOR, "makers"][1:] == (1, 1)
    in_the_first = {(row.unit.id, row.of): (row.inspected, row.sampled) for row in first.coverage}
    assert in_the_first[BRANCH, "makers"] == (1, 0)
    assert listed is not None
    assert [row.party.id for row in listed.rows] == [party_id(MAKER)]
    assert [str(on) for _, on, _ in listed.rows[0].checks] == [
        "2026-04-12",
        "2026-04-30",
        "2026-05-02",
        "2026-05-06",
    ]
    assert foreign is None
    assert party_id(OTHER_MAKER) not in {row.party.id for row in listed.rows}
    assert (figures["发现问题"], figures["已销号或转立案"], figures["立案"]) == ("2", "0", "0")


def test_what_is_not_done_is_due_at_the_unit_that_has_it(house: House) -> None:
    city, branch, second = (officer(house, party) for party in (REGULATOR, BRANCH, SECOND))
    with house.reading() as tx:
        due = {
            name: [
                (row.unit.id, str(row.due), row.when)
                for row in what_is_due(tx, actor, today=TODAY).rows
                if row.kind == "programme"
            ]
            for name, actor in (("city", city), ("branch", branch), ("second", second))
        }
    assert due["second"] == [(SECOND, "2026-05-20", "overdue")]
    assert due["branch"] == [(BRANCH, "2026-06-30", "later"), (BRANCH, "2026-10-12", "later")]
    assert sorted(due["city"]) == sorted(due["second"] + due["branch"])
    assert party_id(DEALER) not in {unit for rows in due.values() for unit, _, _ in rows}


def test_a_maker_is_told_what_is_asked_of_it_and_nothing_else_of_the_campaign(house: House) -> None:
    maker, other = (signed_in(party, Role.MANUFACTURER) for party in (MAKER, OTHER_MAKER))
    branch, second = officer(house, BRANCH), officer(house, SECOND)
    with house.reading() as tx:
        rows = asked_of(tx, maker, today=TODAY)
        own = self_checks(tx, maker, today=TODAY).own
        early = asked_of(tx, maker, today=date(2026, 3, 31))
        late = asked_of(tx, maker, today=date(2026, 7, 2))
        dealers = asked_of(tx, signed_in(DEALER, Role.DISTRIBUTOR), today=TODAY)
        elsewhere = asked_of(tx, other, today=TODAY)
        found = programme_page(tx, branch, PROGRAMME, today=TODAY)
        event = CHECKED_ITSELF["draft"]["id"]
        assert event_page(tx, branch, event) is not None
        assert event_page(tx, second, event) is None
        assert event_page(tx, other, event) is None
        with pytest.raises(InputError):
            self_checks(tx, branch, today=TODAY)

    assert [(row.kind, row.done_on is not None, row.standing.state) for row in rows] == [
        ("commitment", False, "attention"),
        ("self-check", True, "fine"),
    ]
    assert (rows[0].name, rows[0].due) == ("电线电缆质量安全专项行动", date(2026, 6, 30))
    assert [check.kind for check in own] == ["self-check"]
    assert (early, dealers, elsewhere) == ((), (), ())
    assert late[0].standing.state == "stop"
    assert found is not None
    counted = {(row.unit.id, row.of): (row.self_checked, row.committed) for row in found.coverage}
    assert counted == {(BRANCH, "makers"): (1, 0), (BRANCH, "dealers"): (0, 0)}


def added_up(page: ProgrammePage) -> dict[tuple[str, str], int]:
    """The numbers of the whole by what they are of and their name; each is the sum of the units' less what several have."""
    found: dict[tuple[str, str], int] = {}
    for of, names, rows in (
        ("makers", WHAT, [row for row in page.by_unit if row.of == "makers"]),
        ("dealers", WHAT, [row for row in page.by_unit if row.of == "dealers"]),
        ("matters", OF_MATTERS, list(page.matters)),
    ):
        for what in names:
            told = {
                part: sum(getattr(row, what) for row in rows if row.part == part)
                for part in ("own", "repeated", "whole")
            }
            assert told["own"] - told["repeated"] == told["whole"], (of, what)
            found[of, what] = told["whole"]
    return found


def test_the_units_add_up_and_what_is_registered_later_changes_no_number_of_an_index(house: House) -> None:
    third, late = "00000000-0000-4000-8000-0000000000c3", some.uscc_of("411603", "MA1TEXT9")
    city = officer(house, REGULATOR)
    with house.reading() as tx:
        before = store.read_head(tx).size - 1
        then = programme_page(tx, city, PROGRAMME, today=TODAY, phase=0)
        known = programme_of(tx, city, PROGRAMME)
        assert known is not None
        figures = figures_of(tx, city, known, REGULATOR, today=TODAY)
        own = coverage_list(
            tx, city, PROGRAMME, unit=BRANCH, of="matters", what="found", phase=0, today=TODAY, is_own=True
        )
    assert then is not None
    assert own is not None
    whole = added_up(then)
    assert whole["makers", "inspected"] == 1
    assert whole["matters", "found"] == 2
    assert [(kind, str(on)) for row in own.rows for kind, on, _ in row.checks] == [
        ("inspection", "2026-04-12"),
        ("self-check", "2026-05-06"),
    ]
    assert [(row.unit.id, row.found) for row in then.matters if row.part == "own"] == [
        (party_id(REGULATOR), 0), (BRANCH, 2), (SECOND, 0),
    ]  # fmt: skip

    house.happened(
        some.party(late, "新设线缆厂", "manufacturer", region="411603", entered_for=REGULATOR),
        some.party(
            third, "三分局", "regulator", part_of=some.unit(regions=["411603"]), entered_for=REGULATOR
        ),
        some.party(
            SECOND, "二分局", "regulator", part_of=some.unit(regions=["411603"]), entered_for=REGULATOR
        ),
    )
    house.happened(some.inspection({"party": late}, number="JD-9", on="2026-05-10", entered_for=third))

    city = officer(house, REGULATOR)
    with house.reading() as tx:
        now = programme_page(tx, city, PROGRAMME, today=TODAY, phase=0)
        frozen = programme_page(tx, city, PROGRAMME, today=TODAY, phase=0, up_to=before)
        assert figures_of(tx, city, known, REGULATOR, today=TODAY, up_to=before) == figures
        assert programme_page(tx, officer(house, BRANCH), PROGRAMME, today=TODAY, unit=third) is None
    assert now is not None
    assert frozen is not None
    assert (frozen.coverage, frozen.by_unit, frozen.matters) == (then.coverage, then.by_unit, then.matters)
    more = added_up(now)
    assert more["makers", "registered"] == whole["makers", "registered"] + 1
    assert more["makers", "inspected"] == 2
    (repeated,) = (row for row in now.by_unit if (row.of, row.part) == ("makers", "repeated"))
    assert repeated.inspected == 4, "two makers, had by three units"


def test_building_sites_count_where_a_campaign_is_about_them(house: House) -> None:
    asked = campaigns.programme(
        SITES,
        "周市监办〔2026〕21号",
        tasks=[campaigns.task("1", BRANCH, about="sites")],
        entered_for=REGULATOR,
    )
    first, second, late = (
        some.project(number=number, region=region, entered_for=SITE)
        for number, region in (("XM-1", "411603"), ("XM-2", "411627"), ("XM-3", "411603"))
    )
    visited = first["draft"]["subject"]
    house.happened(asked, first, second)
    house.happened(
        some.inspection(visited, number="JD-20", on="2026-05-11", entered_for=BRANCH),
        some.dispatch(to=SITE, region="411603", units=[(2, 2)], entered_for=MAKER),
        some.receipt(
            units=[(2, 2)], project=visited["project"], place={"region": "411603"}, entered_for=SITE
        ),
        some.sampling(unit=2, on="2026-05-12", place={"region": "411603"}, entered_for=BRANCH),
    )
    city = officer(house, REGULATOR)
    with house.reading() as tx:
        before = store.read_head(tx).size - 1
        then = programme_page(tx, city, SITES, today=TODAY, phase=0)
    house.happened(late)

    with house.reading() as tx:
        now = programme_page(tx, city, SITES, today=TODAY, phase=0)
        frozen = programme_page(tx, city, SITES, today=TODAY, phase=0, up_to=before)
        other = programme_page(tx, city, PROGRAMME, today=TODAY, phase=0)
        known = programme_of(tx, city, SITES)
        listed, nothing, elsewhere = (
            coverage_list(
                tx, city, id_, unit=BRANCH, of="sites", what=what, phase=0, today=TODAY, is_own=True
            )
            for id_, what in ((SITES, "inspected"), (SITES, "committed"), (PROGRAMME, "inspected"))
        )
        assert known is not None
        figures = {row.name: row.value for row in figures_of(tx, city, known, REGULATOR, today=TODAY)}

    def sites(page: ProgrammePage | None) -> dict[str, tuple[int, int, int]]:
        assert page is not None
        return {
            row.unit.id: (row.registered, row.inspected, row.sampled)
            for row in page.coverage
            if row.of == "sites"
        }

    assert sites(then) == sites(frozen) == {BRANCH: (1, 1, 1), party_id(REGULATOR): (2, 1, 1)}
    assert sites(now) == {BRANCH: (2, 1, 1), party_id(REGULATOR): (3, 1, 1)}
    assert sites(other) == {}
    assert listed is not None
    assert [(row.sort, row.party.name, [kind for kind, _, _ in row.checks]) for row in listed.rows] == [
        ("project", "示范小区配电工程", ["inspection", "sampling"])
    ]
    assert (nothing, elsewhere) == (None, None)
    assert (figures["工地在册"], figures["工地已检查"]) == ("3", "1")
    assert "工地已自查" not in figures


def test_the_cases_of_a_unit_that_went_to_another_authority_are_counted_as_they_were_and_not_listed(
    house: House,
) -> None:
    moved, case = "00000000-0000-4000-8000-0000000000c6", "00000000-0000-4000-8000-0000000000a6"
    house.happened(
        some.party(moved, "四分局", "regulator", part_of=some.unit(regions=["411602"]), entered_for=REGULATOR)
    )
    house.happened(cases.case(case, "案6", on="2026-05-16", entered_for=moved))
    city = officer(house, REGULATOR)
    with house.reading() as tx:
        before = store.read_head(tx).size - 1
        then = programme_page(tx, city, PROGRAMME, today=TODAY, phase=0, up_to=before)

    def listed(up_to: int) -> list[str]:
        with house.reading() as tx:
            found = coverage_list(
                tx, officer(house, REGULATOR), PROGRAMME, unit=REGULATOR, of="matters", what="cases", phase=0,
                today=TODAY, up_to=up_to,
            )  # fmt: skip
        assert found is not None
        return [row.party.id for row in found.rows]

    assert listed(before) == [case]
    house.happened(
        some.party(
            moved, "四分局", "regulator", part_of=some.unit(FAR, regions=["610100"]), entered_for=OPERATOR
        )
    )
    with house.reading() as tx:
        frozen = programme_page(tx, officer(house, REGULATOR), PROGRAMME, today=TODAY, phase=0, up_to=before)

    assert then is not None
    assert frozen is not None
    told = [
        [(row.unit.id, row.part, row.found, row.closed, row.cases) for row in page.matters] for page in (then, frozen)
    ]  # fmt: skip
    assert told[0] == told[1], "but for the name of its authority, which is today's"
    assert [(row.unit.id, row.cases) for row in frozen.matters if row.cases] == [
        (moved, 1), (party_id(REGULATOR), 1),
    ]  # fmt: skip
    assert listed(before) == []
