"""Where an authority's word reaches: what it says about others must concern its region."""

from __future__ import annotations

from typing import Any

import pytest

import drafts_for_tests as some
from cabletrace.model.admission import Admitted, Refusal
from cabletrace.model.scope import Scope
from drafts_for_tests import DEALER, MAKER, REGULATOR, SITE, Envelope
from world_for_tests import World, world_with_a_batch

XIAN = "610100"
#: A second authority, there.
OTHER = "00000000-0000-4000-8000-0000000000f1"
ZHOUKOU = Scope(regions=("411600",))
PROVINCE = Scope(regions=("410000",))
FAR_AWAY = Scope(regions=(XIAN,))
SENT = some.dispatch(units=[(1, 2)])


@pytest.fixture
def world() -> World:
    world = world_with_a_batch()
    world.happened(SENT, by=MAKER)
    return world


def refused(verdict: Admitted | Refusal) -> set[str]:
    return {problem.code for problem in verdict.problems} if isinstance(verdict, Refusal) else set()


def said_by_an_authority(world: World, envelope: Envelope, jurisdiction: Scope) -> set[str]:
    return refused(world.hear(envelope, by=REGULATOR, jurisdiction=jurisdiction))


@pytest.mark.parametrize("jurisdiction", [ZHOUKOU, PROVINCE])
def test_the_authority_of_the_region_and_its_superior_correct_what_happened_there(
    world: World, jurisdiction: Scope
) -> None:
    right = some.correction(SENT, some.dispatch(units=[(1, 1)]))

    assert said_by_an_authority(world, right, jurisdiction) == set()


def test_another_regions_authority_neither_corrects_nor_voids_an_event(world: World) -> None:
    for right in (some.dispatch(units=[(1, 1)]), None):
        assert said_by_an_authority(world, some.correction(SENT, right), FAR_AWAY) == {"outside-jurisdiction"}


def test_where_goods_went_the_authority_may_correct_their_dispatch(world: World) -> None:
    away = some.dispatch(to=SITE, region=XIAN, units=[(3, 3)])
    world.happened(away, by=MAKER)

    assert said_by_an_authority(world, some.correction(away), FAR_AWAY) == set()
    assert said_by_an_authority(world, some.correction(SENT), FAR_AWAY) == {"outside-jurisdiction"}


def test_an_authority_corrects_its_own_statement_wherever_it_was(world: World) -> None:
    mine = some.inspection(units=[(1, 1)])
    world.happened(mine, by=REGULATOR)

    right = some.correction(mine, some.inspection(units=[(1, 1)], result="rectify"))

    assert said_by_an_authority(world, right, FAR_AWAY) == set()


def test_a_whole_batch_is_held_or_recalled_only_where_it_is_or_was(world: World) -> None:
    there = {"region": XIAN}

    for act in (some.measure(place=there), some.recall(place=there)):
        assert said_by_an_authority(world, act, FAR_AWAY) == {"outside-jurisdiction"}
        world.happened(some.dispatch(to=SITE, region=XIAN, units=[(4, 4)]), by=MAKER)
        assert said_by_an_authority(world, act, FAR_AWAY) == set()
        world = world_with_a_batch()


def test_goods_that_officers_have_before_them_are_held_wherever_the_books_have_them(world: World) -> None:
    on_the_spot = some.measure("seize", units=[(1, 1)], place={"region": XIAN})
    from_the_desk = some.measure("seize", units=[(2, 2)])

    assert said_by_an_authority(world, on_the_spot, FAR_AWAY) == set()
    world = world_with_a_batch()
    assert said_by_an_authority(world, from_the_desk, FAR_AWAY) == {"outside-jurisdiction"}


def test_an_authority_answers_a_notice_from_elsewhere_only_if_it_was_asked(world: World) -> None:
    world.happened(some.party(OTHER, "西安市示例市场监督管理局", "regulator", region=XIAN))
    asked, not_asked = some.notice(recipients=[OTHER]), some.notice(recipients=[DEALER])
    world.happened(asked, not_asked, by=REGULATOR)

    def answered(notice: Envelope) -> set[str]:
        answer = some.notice_reply(notice["draft"]["id"])
        return refused(world.hear(answer, by=OTHER, jurisdiction=FAR_AWAY))

    assert answered(asked) == set()
    assert answered(not_asked) == {"outside-jurisdiction"}


def test_parties_and_goods_are_confirmed_and_named_where_they_are(world: World) -> None:
    world.happened(
        some.inspection({"goods": some.GOODS}, goods=some.MARKS, place={"region": "411602"}), by=REGULATOR
    )
    acts: list[Any] = [
        some.confirmation({"party": DEALER}),
        some.alias({"goods": some.GOODS}, batch=some.batch_of()["batch"]),
    ]

    for act in acts:
        assert said_by_an_authority(world, act, FAR_AWAY) == {"outside-jurisdiction"}
        assert said_by_an_authority(world, act, ZHOUKOU) == set()
