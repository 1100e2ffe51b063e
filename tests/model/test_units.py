"""An authority's own units: who registers them, what each sees and says, and that none gets more than its parent has."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import drafts_for_tests as some
from cabletrace.errors import InputError
from cabletrace.ledger import canonical
from cabletrace.model.admission import Admitted, Refusal
from cabletrace.model.drafts import parse_draft
from cabletrace.model.involvement import sees
from cabletrace.model.scope import Scope
from cabletrace.model.sites import place_id
from cabletrace.model.units import jurisdiction_of
from cabletrace.model.values import business_id, party_id
from drafts_for_tests import DEALER, MAKER, OPERATOR, OTHER_MAKER, REGULATOR, SITE, Envelope
from world_for_tests import NOON, World, world_with_a_batch

BRANCH = "00000000-0000-4000-8000-0000000000c1"
POST = "00000000-0000-4000-8000-0000000000c2"
OFFICE = "00000000-0000-4000-8000-0000000000c3"
COUNTY = "00000000-0000-4000-8000-0000000000c4"
NEW = "00000000-0000-4000-8000-0000000000c5"
ELSEWHERE = "00000000-0000-4000-8000-0000000000f1"
#: A market that has a name and no code, and a project, in the region of the city's authority.
MARKET = ("411602", "五一路建材市场")
PROJECT = business_id("project", party_id(SITE), "XM-1")
ZHOUKOU = Scope(regions=("411600",))
TODAY = NOON.date()


def a_unit(id_: str, name: str, part_of: dict[str, Any], **members: Any) -> Envelope:
    return some.party(id_, name, "regulator", part_of=part_of, **members)


@pytest.fixture
def world() -> World:
    """Of the city's authority: a branch 分局 that supervises the maker, and no longer the dealer; a post of the branch, that
    was given both; a department; a county's authority that is none of its units, and one elsewhere."""
    world = world_with_a_batch()
    world.happened(some.dispatch(units=[(1, 2)]), by=MAKER)
    both = [MAKER, DEALER]
    world.happened(a_unit(BRANCH, "开发区分局", some.unit(supervises=both)), by=REGULATOR)
    world.happened(a_unit(POST, "园区市场监管所", some.unit(BRANCH, "post", supervises=both)), by=OPERATOR)
    world.happened(a_unit(BRANCH, "开发区分局", some.unit(supervises=[MAKER])), by=REGULATOR)
    world.happened(a_unit(OFFICE, "执法稽查科", {"parent": REGULATOR, "type": "department"}), by=REGULATOR)
    world.happened(some.party(COUNTY, "太康县示例市场监督管理局", "regulator", region="411627"), by=OPERATOR)
    world.happened(
        some.party(ELSEWHERE, "西安市示例市场监督管理局", "regulator", region="610100"), by=OPERATOR
    )
    return world


def jurisdiction(world: World, id_: str, day: date = TODAY) -> Scope:
    return jurisdiction_of(id_, world.state.parties, day)


def refused(verdict: Admitted | Refusal) -> set[str]:
    return {problem.code for problem in verdict.problems} if isinstance(verdict, Refusal) else set()


def heard(world: World, envelope: Envelope, by: str) -> set[str]:
    return refused(world.hear(envelope, by=by, jurisdiction=jurisdiction(world, by)))


def test_a_department_has_all_that_its_parent_has(world: World) -> None:
    assert jurisdiction(world, OFFICE) == jurisdiction(world, REGULATOR) == ZHOUKOU


def test_a_branch_sees_the_parties_that_it_supervises_within_its_parents_region(world: World) -> None:
    scope = jurisdiction(world, BRANCH)

    assert sees(scope, {f"p:{party_id(MAKER)}", "r:411603"})
    assert not sees(scope, {f"p:{party_id(MAKER)}", "r:370112"})
    assert not sees(scope, {f"p:{party_id(DEALER)}", "r:411603"})
    assert not sees(scope, {"r:411603"})


def test_a_post_sees_of_what_its_own_parent_has_and_no_more(world: World) -> None:
    scope = jurisdiction(world, POST)

    assert sees(scope, {f"p:{party_id(MAKER)}", "r:411603"})
    assert not sees(scope, {f"p:{party_id(DEALER)}", "r:411602"})


def test_what_is_given_holds_on_its_days_alone(world: World) -> None:
    assert jurisdiction(world, BRANCH, date(2025, 12, 31)).nothing
    assert jurisdiction(world, BRANCH, date(2027, 1, 1)).nothing
    assert jurisdiction(world, POST, date(2027, 1, 1)).nothing


def test_whole_regions_are_given_and_narrowed_by_what_the_parent_has(world: World) -> None:
    world.happened(a_unit(BRANCH, "开发区分局", some.unit(regions=["411603"])), by=REGULATOR)

    assert jurisdiction(world, BRANCH) == Scope(regions=("411603",))


def test_a_parent_that_lost_a_region_has_no_unit_that_keeps_it(world: World) -> None:
    world.happened(a_unit(BRANCH, "开发区分局", some.unit(regions=["411603"])), by=REGULATOR)
    world.happened(
        some.party(REGULATOR, "周口市示例市场监督管理局", "regulator", region="411602"), by=OPERATOR
    )

    assert jurisdiction(world, BRANCH).nothing


@pytest.mark.parametrize(
    ("by", "id_", "part_of", "rule"),
    [
        (REGULATOR, BRANCH, some.unit(supervises=[DEALER]), ""),
        (OPERATOR, BRANCH, some.unit(ELSEWHERE), ""),  # has changed hands
        (REGULATOR, POST, some.unit(BRANCH, "post"), ""),  # from above the parent
        (BRANCH, POST, some.unit(BRANCH, "post", supervises=[MAKER]), ""),
        (BRANCH, BRANCH, some.unit(supervises=[DEALER]), "unit-of-another"),
        (ELSEWHERE, BRANCH, some.unit(ELSEWHERE), "unit-of-another"),
        (REGULATOR, COUNTY, some.unit(regions=["411627"]), "unit-of-another"),
        (COUNTY, POST, some.unit(COUNTY, "post"), "unit-of-another"),
        (OPERATOR, REGULATOR, some.unit(POST, "post"), "unit-misplaced"),
        (OPERATOR, REGULATOR, some.unit(REGULATOR, "post"), "unit-misplaced"),
        (OPERATOR, BRANCH, some.unit(MAKER), "unit-misplaced"),
        (OPERATOR, BRANCH, some.unit("00000000-0000-4000-8000-0000000000ff"), "unit-misplaced"),
        (REGULATOR, BRANCH, some.unit(regions=["410000"]), "wider-than-parent"),
        (REGULATOR, BRANCH, some.unit(regions=["370100"]), "wider-than-parent"),
        (REGULATOR, BRANCH, some.unit(supervises=[OTHER_MAKER]), "wider-than-parent"),
        (REGULATOR, POST, some.unit(BRANCH, "post", supervises=[DEALER]), "wider-than-parent"),
        (REGULATOR, POST, some.unit(BRANCH, "post", regions=["411603"]), "wider-than-parent"),
        (REGULATOR, BRANCH, some.unit(places=[MARKET], projects=[some.PROJECT]), ""),
        (REGULATOR, BRANCH, some.unit(places=[("370112", "东新市场")]), "wider-than-parent"),
        (REGULATOR, BRANCH, some.unit(projects=[{"keeper": SITE, "number": "没有"}]), "wider-than-parent"),
        (REGULATOR, POST, some.unit(BRANCH, "post", places=[MARKET]), "wider-than-parent"),
    ],
)
def test_a_unit_is_registered_from_above_under_a_right_parent_and_no_wider(
    world: World, by: str, id_: str, part_of: dict[str, Any], rule: str
) -> None:
    verdict = world.hear(a_unit(id_, "某机构", part_of), by=by, anybody=by == OPERATOR)

    assert refused(verdict) == ({rule} if rule else set())


def with_places(world: World, **more: Any) -> World:
    world.happened(
        a_unit(BRANCH, "开发区分局", some.unit(places=[MARKET], projects=[some.PROJECT])), by=REGULATOR
    )
    return world


def test_a_branch_sees_what_happens_at_its_places_and_projects_within_its_parents_region(
    world: World,
) -> None:
    with_places(world)
    scope = jurisdiction(world, BRANCH)
    at_the_market = {f"s:{place_id(*MARKET)}", "r:411602"}

    assert sees(scope, at_the_market)
    assert sees(scope, {f"s:{PROJECT}", "r:411627"})
    assert not sees(scope, {f"s:{place_id(*MARKET)}", "r:370112"})
    assert not sees(scope, {f"s:{place_id('411602', '西关市场')}", "r:411602"})
    assert not sees(scope, {"r:411602"})
    assert jurisdiction(world, BRANCH, date(2027, 1, 1)).nothing


def test_a_post_has_of_its_parents_places_those_that_it_was_given_itself(world: World) -> None:
    other = ("411602", "西关市场")
    both = some.unit(places=[MARKET, other])
    world.happened(a_unit(BRANCH, "开发区分局", both), by=REGULATOR)
    world.happened(a_unit(POST, "园区所", some.unit(BRANCH, "post", places=[MARKET, other])), by=REGULATOR)
    world.happened(a_unit(BRANCH, "开发区分局", some.unit(places=[MARKET])), by=REGULATOR)
    scope = jurisdiction(world, POST)

    assert sees(scope, {f"s:{place_id(*MARKET)}", "r:411602"})
    assert not sees(scope, {f"s:{place_id(*other)}", "r:411602"})


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        ({"region": "411602", "name": "五一路建材市场 12 号"}, ""),
        ({"region": "411602", "name": "西关市场"}, "outside-jurisdiction"),
        ({"region": "411602"}, "outside-jurisdiction"),
        ({"region": "411603", "name": "五一路建材市场"}, "outside-jurisdiction"),
    ],
)
def test_a_branch_acts_on_the_spot_at_its_places_and_at_no_others(
    world: World, place: dict[str, str], rule: str
) -> None:
    of_a_stall = some.inspection({"goods": some.GOODS}, goods=some.MARKS, place=place)

    assert heard(with_places(world), of_a_stall, BRANCH) == ({rule} - {""})


def test_what_was_found_at_a_place_stays_with_its_branch(world: World) -> None:
    with_places(world)
    place = {"region": "411602", "name": "五一路建材市场"}
    world.happened(some.inspection({"goods": some.GOODS}, goods=some.MARKS, place=place), by=REGULATOR)
    turned_out = some.alias({"goods": some.GOODS}, party=MAKER)

    assert heard(world, turned_out, BRANCH) == set()
    assert heard(world, turned_out, POST) == {"outside-jurisdiction"}


def test_a_department_is_given_no_places_of_its_own() -> None:
    unit = {**some.unit(places=[MARKET]), "type": "department"}

    with pytest.raises(InputError) as refused:
        parse_draft(canonical.encode(a_unit(OFFICE, "科室", unit)["draft"]))
    assert refused.value.problems[0].where == "/body/part_of/places"


@pytest.mark.parametrize("taken", [MAKER, DEALER])
def test_nobody_makes_a_unit_of_a_party_that_was_there_before_and_so_sees_all_that_it_says(
    world: World, taken: str
) -> None:
    verdict = world.hear(a_unit(taken, "某机构", some.unit(supervises=[MAKER])), by=REGULATOR)

    assert refused(verdict) == {"unit-of-another"}


def test_a_unit_is_an_authority_itself(world: World) -> None:
    shop = some.party(NEW, "某商行", "distributor", part_of=some.unit())

    assert refused(world.hear(shop, by=OPERATOR, anybody=True)) == {"unit-misplaced"}


def test_who_gives_up_its_office_keeps_to_its_jurisdiction(world: World) -> None:
    world.happened(some.party(REGULATOR, "周口市示例市场监督管理局", region="411600"), by=REGULATOR)
    far = some.inspection({"party": OTHER_MAKER}, place={"region": "370112"})

    assert heard_in(world, far, ZHOUKOU) == {"outside-jurisdiction"}


def heard_in(world: World, envelope: Envelope, scope: Scope) -> set[str]:
    return refused(world.hear(envelope, by=REGULATOR, jurisdiction=scope))


def test_a_tree_has_so_many_levels_and_no_more(world: World) -> None:
    below = POST
    for n in range(4):
        id_ = f"00000000-0000-4000-8000-0000000000d{n}"
        verdict = world.hear(a_unit(id_, f"第{n}层", some.unit(below, "post")), by=OPERATOR, anybody=True)
        if n < 3:
            assert isinstance(verdict, Admitted)
            world.happened(a_unit(id_, f"第{n}层", some.unit(below, "post")), by=OPERATOR)
        below = id_

    assert refused(verdict) == {"unit-misplaced"}


def test_a_unit_that_registers_its_new_address_stays_what_it_was(world: World) -> None:
    world.happened(some.party(BRANCH, "开发区分局", "regulator", address="新址"), by=BRANCH)

    known = world.state.parties[BRANCH]
    assert known is not None
    assert known.address == "新址"
    assert known.part_of is not None
    assert known.part_of.supervises == (party_id(MAKER),)


def test_a_units_word_reaches_the_goods_of_whom_it_supervises(world: World) -> None:
    of_the_maker = some.notice(recipients=[MAKER], projects=[])

    assert heard(world, of_the_maker, BRANCH) == set()
    assert heard(world, of_the_maker, POST) == set()
    assert heard(world, of_the_maker, ELSEWHERE) == {"outside-jurisdiction"}


def test_a_unit_inspects_on_the_spot_whom_it_supervises_and_nobody_else(world: World) -> None:
    at_the_site = {"region": "411627"}
    of_the_maker = some.inspection({"party": MAKER}, place={"region": "411603"})
    of_another = some.inspection({"party": SITE}, place=at_the_site)

    assert heard(world, of_the_maker, BRANCH) == set()
    assert heard(world, of_another, BRANCH) == {"outside-jurisdiction"}
    assert heard(world, of_another, OFFICE) == set()


def test_no_authority_moves_its_own_seat_out_of_its_jurisdiction(world: World) -> None:
    wider = some.party(REGULATOR, "周口市示例市场监督管理局", "regulator", region="410000")

    assert heard(world, wider, REGULATOR) == {"outside-jurisdiction"}
    assert isinstance(world.hear(wider, by=OPERATOR, anybody=True), Admitted)
