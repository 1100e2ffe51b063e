"""What one authority lets another read: within its own jurisdiction, between authorities, until a date."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import drafts_for_tests as some
from cabletrace.errors import InputError
from cabletrace.ledger import canonical
from cabletrace.model.admission import Admitted, Refusal
from cabletrace.model.drafts import Draft, parse_draft
from cabletrace.model.involvement import sees
from cabletrace.model.scope import Part, Scope
from cabletrace.model.streams import streams_of
from cabletrace.model.things import goods_thing, project_thing
from cabletrace.model.units import lent_by
from cabletrace.model.values import business_id, party_id
from drafts_for_tests import MAKER, NOBODY, OPERATOR, OTHER_MAKER, REGULATOR, SITE
from world_for_tests import World, world_with_a_batch

OTHER = "00000000-0000-4000-8000-0000000000f1"
#: Goods that were found in the other's region.
ELSEWHERE = "00000000-0000-4000-8000-0000000000e9"
PROJECT = project_thing(business_id("project", party_id(SITE), "XM-1"))
OURS = Scope(parties=frozenset({REGULATOR}), regions=("411600",))


@pytest.fixture
def world() -> World:
    world = world_with_a_batch()
    world.happened(some.dispatch(units=[(1, 2)]), by=MAKER)
    world.happened(some.party(OTHER, "济南市示例市场监督管理局", "regulator", region="370100"), by=OPERATOR)
    return world


def read_draft(draft: dict[str, Any]) -> Draft:
    return parse_draft(canonical.encode(draft))


def refused(verdict: Admitted | Refusal) -> set[str]:
    return {problem.code for problem in verdict.problems} if isinstance(verdict, Refusal) else set()


@pytest.mark.parametrize(
    ("reads", "rule"),
    [
        ({"batches": ["L1"]}, ""),
        ({"regions": ["411603"]}, ""),
        ({"regions": ["411600"], "parties": [MAKER]}, ""),
        ({"batches": ["0000000000"]}, "grants-more-than-it-has"),
        ({"regions": ["410000"]}, "grants-more-than-it-has"),
        ({"parties": [OTHER_MAKER]}, "grants-more-than-it-has"),
        ({"parties": [NOBODY]}, "grants-more-than-it-has"),
    ],
)
def test_an_authority_grants_what_it_sees_itself_and_no_more(
    world: World, reads: dict[str, Any], rule: str
) -> None:
    if "batches" in reads:
        reads = {"batches": [world.code(MAKER) if code == "L1" else code for code in reads["batches"]]}

    assert refused(world.hear(some.grant(REGULATOR, OTHER, reads=reads), by=REGULATOR)) == ({rule} - {""})


@pytest.mark.parametrize(
    ("reads", "rule"),
    [
        ({"goods": [some.GOODS]}, ""),
        ({"goods": [ELSEWHERE]}, "grants-more-than-it-has"),
        ({"goods": [NOBODY]}, "grants-more-than-it-has"),
        ({"projects": [some.PROJECT]}, ""),
        ({"projects": [{"keeper": SITE, "number": "XM-济南"}]}, "grants-more-than-it-has"),
        ({"projects": [{"keeper": SITE, "number": "没有"}]}, "grants-more-than-it-has"),
    ],
)
def test_goods_and_projects_are_granted_where_they_are_the_authoritys(
    world: World, reads: dict[str, Any], rule: str
) -> None:
    marks = {"marks": "YJV 3×95 无厂名"}
    world.happened(
        some.inspection({"goods": some.GOODS}, goods=marks, place={"region": "411602"}), by=REGULATOR
    )
    world.happened(some.inspection({"goods": ELSEWHERE}, goods=marks, place={"region": "370112"}), by=OTHER)
    world.happened(some.project(), some.project(SITE, "XM-济南", region="370112"), by=SITE)

    assert refused(world.hear(some.grant(REGULATOR, OTHER, reads=reads), by=REGULATOR)) == ({rule} - {""})


def test_a_reading_of_goods_or_a_project_stands_in_a_stream_of_its_own() -> None:
    for subject, thing in (
        ({"goods": ELSEWHERE}, goods_thing(ELSEWHERE)),
        ({"project": some.PROJECT}, PROJECT),
    ):
        read = read_draft(some.read(subject, grantor=REGULATOR, grant=NOBODY)["draft"])

        assert streams_of(read, OTHER, {}) == sorted(
            [f"party:{OTHER}", f"party:{REGULATOR}", f"reads:{thing}"]
        )


def test_an_authority_without_a_region_grants_nothing_and_is_told_what_to_do(world: World) -> None:
    nowhere = "00000000-0000-4000-8000-0000000000f3"
    branch = "00000000-0000-4000-8000-0000000000f4"
    world.happened(some.party(nowhere, "某示例市场监督管理局", "regulator"), by=OPERATOR)
    world.happened(some.party(branch, "其分局", "regulator", part_of=some.unit(nowhere)), by=OPERATOR)

    for grantor in (nowhere, branch):
        verdict = world.hear(some.grant(grantor, OTHER, reads={"regions": ["411603"]}), by=grantor)
        assert isinstance(verdict, Refusal)
        (problem,) = verdict.problems
        assert problem.where == "/subject/grant/grantor"
        assert "没有写所在地区" in problem.detail.zh
        assert problem.remedy is not None
        assert "cabletrace seat" in problem.remedy.zh
    given = some.unit(nowhere, regions=["411603"])
    wider = world.hear(some.party(branch, "其分局", "regulator", part_of=given), by=OPERATOR, anybody=True)
    assert isinstance(wider, Refusal)
    assert "没有写所在地区" in wider.problems[0].detail.zh

    world.happened(some.party(nowhere, "某示例市场监督管理局", "regulator", region="411600"), by=OPERATOR)

    reads = {"regions": ["411603"]}
    assert isinstance(world.hear(some.grant(nowhere, OTHER, reads=reads), by=nowhere), Admitted)


def test_anothers_batch_is_not_granted_on(world: World) -> None:
    world.happened(some.grant(REGULATOR, OTHER, reads={"batches": [world.code(MAKER)]}), by=REGULATOR)
    third = "00000000-0000-4000-8000-0000000000f2"
    world.happened(some.party(third, "西安市示例市场监督管理局", "regulator", region="610100"), by=OPERATOR)

    on = some.grant(OTHER, third, reads={"batches": [world.code(MAKER)]})

    assert refused(world.hear(on, by=OTHER)) == {"grants-more-than-it-has"}


@pytest.mark.parametrize(("grantor", "grantee"), [(MAKER, OTHER), (REGULATOR, SITE), (REGULATOR, REGULATOR)])
def test_reading_is_granted_between_two_authorities(world: World, grantor: str, grantee: str) -> None:
    verdict = world.hear(some.grant(grantor, grantee, reads={"regions": ["411603"]}), by=grantor)

    assert "reading-between-authorities" in refused(verdict)


@pytest.mark.parametrize(
    "body",
    [
        {"reads": None},
        {"reads": {}},
        {"reads": {"regions": ["411603"]}, "ground": None},
        {"reads": {"regions": ["411603"]}, "validity": None},
    ],
)
def test_a_grant_of_nothing_or_without_ground_or_end_is_no_grant(body: dict[str, Any]) -> None:
    draft = some.grant(REGULATOR, OTHER, reads={"regions": ["411603"]})["draft"]
    draft["body"] = {name: value for name, value in (draft["body"] | body).items() if value is not None}

    with pytest.raises(InputError):
        read_draft(draft)


def test_a_reading_stands_under_a_grant_in_force(world: World) -> None:
    granted = some.grant(REGULATOR, OTHER, reads={"batches": [world.code(MAKER)]})
    pen_alone = some.grant(REGULATOR, OTHER, "sampling")
    ended = some.grant(REGULATOR, OTHER, reads={"batches": [world.code(MAKER)]}, valid_to="2026-06-29")
    world.happened(granted, pen_alone, ended, by=REGULATOR)

    def heard(grant: str) -> set[str]:
        return refused(world.hear(some.read(grantor=REGULATOR, grant=grant), by=OTHER))

    assert heard(granted["draft"]["id"]) == set()
    assert heard(pen_alone["draft"]["id"]) == heard(ended["draft"]["id"]) == {"reading-not-granted"}
    assert heard(NOBODY) == {"reading-not-granted"}


def test_a_reading_is_neither_in_the_history_of_the_batch_nor_told_to_its_maker(world: World) -> None:
    code = world.code(MAKER)
    read = read_draft(some.read(grantor=REGULATOR, grant=NOBODY)["draft"])
    of_the_maker = read_draft(some.read({"party": MAKER}, grantor=REGULATOR, grant=NOBODY)["draft"])

    assert streams_of(read, OTHER, {"batch": code}) == sorted(
        [f"party:{OTHER}", f"party:{REGULATOR}", f"reads:{code}"]
    )
    assert f"party:{party_id(MAKER)}" not in streams_of(of_the_maker, OTHER, {})
    before = world.state.involved[code]
    granted = some.grant(REGULATOR, OTHER, reads={"batches": [code]})
    world.happened(granted, by=REGULATOR)
    world.happened(some.read(grantor=REGULATOR, grant=granted["draft"]["id"]), by=OTHER)
    assert world.state.involved[code] == before


@pytest.mark.parametrize(
    ("part", "whom", "reached"),
    [
        (Part(OURS, things=frozenset({"batch:A"})), {"r:411603", "batch:A"}, True),
        (Part(OURS, things=frozenset({"batch:A"})), {"r:411603", "batch:B"}, False),
        (Part(OURS, things=frozenset({"batch:A"})), {"r:411603"}, False),
        (Part(OURS, things=frozenset({"batch:A"})), {"r:370112", "batch:A"}, False),
        (Part(OURS, Scope(regions=("411603",))), {"r:411603"}, True),
        (Part(OURS, Scope(regions=("411603",))), {"r:411602"}, False),
        (Part(OURS, Scope(regions=("41",))), {"r:411602"}, True),
        (Part(OURS, Scope(regions=("41",))), {"r:410100"}, False),
        (Part(OURS, Scope(parties=frozenset({"x"}))), {"p:x", "r:411602"}, True),
        (Part(OURS, Scope(parties=frozenset({"x"}))), {"p:x", "r:370100"}, False),
        (Part(Scope(parts=(Part(OURS),)), things=frozenset({"batch:A"})), {"r:411602", "batch:A"}, True),
    ],
)
def test_a_part_reaches_what_is_within_and_chosen_and_nothing_else(
    part: Part, whom: set[str], reached: bool
) -> None:
    assert sees(Scope(parts=(part,)), whom) is reached


def test_a_grant_lends_its_batches_and_its_choice_each_within_the_grantors_sight(world: World) -> None:
    world.happened(
        some.grant(REGULATOR, OTHER, reads={"batches": [world.code(MAKER)], "regions": ["411627"]}),
        by=REGULATOR,
    )
    (granted,) = world.state.grants[REGULATOR, OTHER]

    assert lent_by(granted, OURS) == (
        Part(OURS, things=frozenset({f"batch:{world.code(MAKER)}"})),
        Part(OURS, Scope(regions=("411627",))),
    )
    assert granted.holds_on(date(2026, 12, 31))
    assert not granted.holds_on(date(2027, 1, 1))
