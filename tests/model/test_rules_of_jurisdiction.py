"""Where an authority's word reaches: what it says about others must concern its region."""

from __future__ import annotations

from typing import Any

import pytest

import cases_for_tests as cases
import drafts_for_tests as some
from cabletrace.model.admission import Admitted, Refusal
from cabletrace.model.scope import Scope
from cabletrace.model.values import party_id
from drafts_for_tests import DEALER, LABORATORY, MAKER, REGULATOR, SITE, Envelope
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


def test_an_authority_corrects_its_own_statement(world: World) -> None:
    there = {"region": XIAN}
    mine = some.inspection(units=[(1, 1)], place=there)
    world.happened(mine, by=REGULATOR)

    right = some.correction(mine, some.inspection(units=[(1, 1)], result="rectify", place=there))

    assert said_by_an_authority(world, right, FAR_AWAY) == set()


def test_no_authority_corrects_what_another_has_said(world: World) -> None:
    """To void a seal is to lift it."""
    world.happened(some.party(OTHER, "周口市川汇区示例市场监督管理局", "regulator", region="411602"))
    seal = some.measure("seal", units=[(3, 3)])
    world.happened(seal, by=REGULATOR)

    by_another = world.hear(some.correction(seal), by=OTHER, jurisdiction=ZHOUKOU)

    assert refused(by_another) == {"another-authoritys"}
    assert said_by_an_authority(world, some.correction(seal), ZHOUKOU) == set()


def test_a_recall_of_a_whole_batch_concerns_the_regions_where_it_is_or_was(world: World) -> None:
    recall = some.recall(place={"region": XIAN})

    assert said_by_an_authority(world, recall, FAR_AWAY) == {"outside-jurisdiction"}
    world.happened(some.dispatch(to=SITE, region=XIAN, units=[(4, 4)]), by=MAKER)
    assert said_by_an_authority(world, recall, FAR_AWAY) == set()


@pytest.mark.parametrize("action", ["seal", "seize"])
def test_a_measure_without_units_reaches_only_goods_that_are_all_in_the_region(
    world: World, action: str
) -> None:
    world.happened(some.dispatch(to=SITE, region=XIAN, units=[(4, 4)]), by=MAKER)
    there = {"region": XIAN}

    everything = some.measure(action, "措1", place=there)
    of_the_maker = some.measure(action, "措2", against=MAKER, place=there)
    of_the_site = some.measure(action, "措3", against=SITE, place=there)

    assert said_by_an_authority(world, everything, FAR_AWAY) == {"outside-jurisdiction"}
    assert said_by_an_authority(world, of_the_maker, FAR_AWAY) == {"outside-jurisdiction"}
    assert said_by_an_authority(world, of_the_site, FAR_AWAY) == set()


@pytest.mark.parametrize(
    "act",
    [
        some.notice(),
        some.inspection(units=[(1, 1)]),
        some.sampling(unit=1, length_mm=None),
        some.report(number="JC-9", type="supervision"),
    ],
    ids=["notice", "inspection", "sampling", "testing"],
)
def test_an_authority_does_not_let_itself_in_by_speaking_of_a_batch(world: World, act: Envelope) -> None:
    """Whoever is concerned by a batch may see it, and what it said itself does not count as its region."""
    assert said_by_an_authority(world, act, FAR_AWAY) == {"outside-jurisdiction"}
    world.happened(act, by=REGULATOR)
    assert said_by_an_authority(world, some.recall(), FAR_AWAY) == {"outside-jurisdiction"}


def test_an_authority_registers_and_revokes_nothing_of_parties_elsewhere(world: World) -> None:
    key = "00000000-0000-4000-8000-0000000000c1"
    world.happened(some.key(id_=key), by=MAKER)
    moved = some.party(DEALER, "周口市例示五金经营部", "distributor", region=XIAN, uscc=DEALER)
    withdrawn = some.certificate(status="withdrawn")
    revoked = some.key(id_=key, revoked=True)

    for act in (moved, withdrawn, revoked):
        assert "outside-jurisdiction" in said_by_an_authority(world, act, FAR_AWAY)
        assert "outside-jurisdiction" not in said_by_an_authority(world, act, PROVINCE)


def test_goods_that_officers_have_before_them_are_held_wherever_the_books_have_them(world: World) -> None:
    on_the_spot = some.measure("seize", units=[(1, 1)], place={"region": XIAN})
    from_the_desk = some.measure("seize", "措2", units=[(2, 2)])

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


@pytest.mark.parametrize(("seat", "reaches"), [("411600", True), (XIAN, False)])
def test_what_a_laboratory_enters_for_an_authority_goes_by_where_that_sits(
    world: World, seat: str, reaches: bool
) -> None:
    world.happened(some.party(OTHER, "示例市场监督管理局", "regulator", region=seat))
    world.happened(some.grant(OTHER, LABORATORY, "sampling", entered_for=OTHER))
    sampling = some.sampling(unit=1, length_mm=None, entered_for=OTHER)
    of_the_laboratory = Scope(parties=frozenset({party_id(LABORATORY)}))

    verdict = world.hear(sampling, by=LABORATORY, jurisdiction=of_the_laboratory)

    assert refused(verdict) == (set() if reaches else {"outside-jurisdiction"})


def test_naming_what_a_lead_is_about_tells_nothing_of_what_is_closed(world: World) -> None:
    """Neither which drums a batch elsewhere has, nor that a site elsewhere is on record."""
    code = next(iter(world.state.batches))

    def said(number: int, about: dict[str, Any], jurisdiction: Scope) -> set[str]:
        lead = cases.lead(
            f"00000000-0000-4000-8000-0000000001{number:02}", number=f"XS-{number}", about=about
        )
        return said_by_an_authority(world, lead, jurisdiction)

    drums = [cases.matter(batches=[code], units=[(unit, unit)], parties=[]) for unit in (1, 9_999)]
    sites = [
        cases.matter(parties=[], projects=[{"keeper": SITE, "number": number}])
        for number in ("XM-1", "XM-404")
    ]
    unknown = {"matter-unknown"}

    assert [said(n, about, ZHOUKOU) for n, about in enumerate(drums)] == [set(), unknown]
    assert [said(n, about, FAR_AWAY) for n, about in enumerate(drums, 10)] == [set(), set()]
    assert [said(n, about, ZHOUKOU) for n, about in enumerate(sites, 20)] == [set(), unknown]
    assert [said(n, about, FAR_AWAY) for n, about in enumerate(sites, 30)] == [unknown, unknown]
