"""Permission: goods that are held, sealed, seized or recalled, opinions, accreditation; asked for, and done anyway.

With ``ask`` the goods stay; without, what has happened is recorded and marked (design §2.5).
"""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

import drafts_for_tests as some
from cabletrace.model.admission import Admitted, Refusal
from cabletrace.model.scope import EVERYWHERE, Scope
from cabletrace.model.state import Account
from cabletrace.model.values import party_id
from drafts_for_tests import (
    CMA,
    DEALER,
    LABORATORY,
    MAKER,
    OTHER_MAKER,
    PROJECT,
    PROJECT_ID,
    REGULATOR,
    SITE,
    SUPERVISOR,
    Envelope,
)
from world_for_tests import World, world_with_a_batch

AT_MAKER = Account("held", party_id(MAKER), "411603")
AT_DEALER = Account("held", party_id(DEALER), "411602")
SEIZED = Account("seized", REGULATOR, "411602")


@pytest.fixture
def world() -> World:
    """Drums 1–2 and 60 m loose are with the dealer, 3–4 and 40 m loose with the maker; all on 12 April 2026."""
    world = world_with_a_batch()
    world.happened(some.dispatch(units=[(1, 2)]), some.dispatch(length_mm=60_000), by=MAKER)
    world.happened(some.receipt(units=[(1, 2)]), some.receipt(length_mm=60_000), by=DEALER)
    return world


def take(world: World, action: str, number: str = "措1", **members: Any) -> None:
    world.happened(some.measure(action, number, **members), by=REGULATOR)


def marks(verdict: Admitted | Refusal) -> tuple[str, ...]:
    assert isinstance(verdict, Admitted), verdict
    return verdict.marks


def refused(verdict: Admitted | Refusal) -> set[str]:
    assert isinstance(verdict, Refusal), verdict
    return {problem.code for problem in verdict.problems}


def where(world: World, unit: int) -> Account:
    (part,) = world.state.books[world.code(MAKER)].parts([(unit, unit)])
    return part.account


def onward(
    on: str = "2026-05-20",
    *,
    units: tuple[tuple[int, int], ...] = ((1, 1),),
    loose_mm: int | None = None,
    **more: Any,
) -> Envelope:
    return some.dispatch(
        to=SITE, region="411627", units=() if loose_mm else units, length_mm=loose_mm, on=on, **more
    )


# --- asked, and done anyway ---------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["register", "seal", "seize"])
@pytest.mark.parametrize(
    "act",
    [
        onward("2026-04-25"),
        some.split(on="2026-04-25"),
        some.sale(units=[(1, 2)], on="2026-04-25"),
        some.sale(unit=1, length_mm=5_000, on="2026-04-25"),
        some.disposal(units=[(1, 1)], on="2026-04-25"),
        some.returned(units=[(1, 1)], on="2026-04-25"),
    ],
    ids=lambda act: act["draft"]["kind"],
)
def test_held_goods_stay_for_whoever_asks_and_are_marked_when_moved_anyway(
    world: World, action: str, act: Envelope
) -> None:
    take(world, action, units=[(1, 1)])
    asked, there = {"draft": {**act["draft"], "ask": True}}, where(world, 1)

    assert refused(world.hear(asked, by=DEALER)) == {"goods-held"}
    assert where(world, 1) == there
    assert marks(world.hear(act, by=DEALER)) == ("goods-held",)


def test_a_refusal_says_what_holds_which_drum_and_who_can_end_it(world: World) -> None:
    take(world, "seal", "周市监封〔2026〕7号", units=[(2, 2)])

    verdict = world.hear(onward("2026-04-25", units=((1, 2),)), by=DEALER)

    assert isinstance(verdict, Admitted)
    (problem,) = verdict.findings
    assert problem.came == "2"
    assert "查封" in problem.detail.zh
    assert "周市监封〔2026〕7号" in problem.detail.en
    assert problem.remedy is not None
    assert "解除" in problem.remedy.zh


def test_goods_under_a_seal_that_turn_up_elsewhere_are_recorded_and_marked(world: World) -> None:
    take(world, "seal", units=[(1, 1)])
    received = some.receipt(units=[(1, 1)], on="2026-04-26", ask=True)

    assert marks(world.hear(received, by=SITE)) == ("receipt-without-dispatch", "seen-while-held")
    assert where(world, 1).party == party_id(SITE)


def test_whoever_holds_goods_acts_on_them_as_it_must(world: World) -> None:
    take(world, "seize", units=[(1, 1)])

    assert world.hear(some.disposal(units=[(1, 1)], on="2026-05-20"), by=REGULATOR) == Admitted(())


def test_a_sample_is_taken_of_goods_whatever_holds_them(world: World) -> None:
    take(world, "seal", units=[(1, 1)])

    assert world.hear(some.sampling(on="2026-04-25", ask=True), by=REGULATOR) == Admitted(())


def test_the_seal_of_a_sample_binds_the_sample_and_not_the_stock(world: World) -> None:
    sampled = some.sampling(reserve_mm=3_000)
    sampled["draft"]["body"]["seal"] = "样封1"
    world.happened(sampled, by=REGULATOR)

    assert world.state.books[world.code(MAKER)].holds == []
    assert world.hear(onward(ask=True), by=DEALER) == Admitted(())


# --- three laws kept apart ----------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "held"), [("2026-06-24", True), ("2026-06-25", False)])
def test_a_registration_lapses_by_itself_after_seven_working_days_around_a_holiday(
    world: World, day: str, held: bool
) -> None:
    take(world, "register", units=[(1, 1)], on="2026-06-12")  # a Friday; the 19th is the Dragon Boat Festival

    verdict = world.hear(onward(day, ask=True), by=DEALER)

    assert isinstance(verdict, Refusal) is held


def test_a_seal_outlives_its_term_until_a_decision_ends_it(world: World) -> None:
    take(world, "seal", units=[(1, 1)], on="2026-04-24")

    assert marks(world.hear(some.split(on="2026-06-20"), by=DEALER)) == ("goods-held",)
    take(world, "release", "解1", of="措1", on="2026-06-22")
    assert marks(world.hear(onward("2026-06-21"), by=DEALER)) == ("goods-held",)
    assert world.hear(some.sale(units=[(11, 11)], on="2026-06-22"), by=DEALER) == Admitted(())


def test_a_term_is_extended_once_by_at_most_thirty_days(world: World) -> None:
    take(world, "seal", units=[(1, 2)])

    too_long = world.hear(some.measure("extend", "延1", of="措1", days=31), by=REGULATOR)
    right = world.hear(some.measure("extend", "延1", of="措1", days=30), by=REGULATOR)
    twice = world.hear(some.measure("extend", "延2", of="措1", days=1), by=REGULATOR)

    assert refused(too_long) == refused(twice) == {"extension-too-long"}
    assert right == Admitted(())
    (hold,) = world.state.books[world.code(MAKER)].holds
    assert (hold.more_days, hold.test_days) == (30, 0)


def test_the_days_of_a_test_are_added_as_often_as_there_are_tests(world: World) -> None:
    take(world, "seize", units=[(1, 2)])

    take(world, "test", "检1", of="措1", days=12)
    take(world, "test", "检2", of="措1", days=5)

    (hold,) = world.state.books[world.code(MAKER)].holds
    assert (hold.more_days, hold.test_days) == (0, 17)


@pytest.mark.parametrize("action", ["extend", "test"])
@pytest.mark.parametrize("of", ["register", "confiscate"])
def test_only_a_seal_or_a_seizure_has_a_term_to_lengthen(world: World, of: str, action: str) -> None:
    take(world, of, units=[(1, 1)])

    verdict = world.hear(some.measure(action, "延1", of="措1", days=10), by=REGULATOR)

    assert refused(verdict) == {"extension-too-long"}


def test_a_measure_takes_the_place_of_the_one_before_it_and_may_go_further(world: World) -> None:
    take(world, "register", units=[(1, 2)])
    take(world, "seal", "封2", of="措1")
    take(world, "seize", "扣3", of="封2")
    take(world, "confiscate", "没4", of="扣3")

    holds = world.state.books[world.code(MAKER)].holds
    assert [(h.type, h.first, h.last, h.ended_on is None) for h in holds] == [
        ("register", 1, 2, False),
        ("seal", 1, 2, False),
        ("seize", 1, 2, False),
        ("confiscate", 1, 2, True),
    ]
    assert holds[-1].origin == AT_DEALER
    assert where(world, 1) == where(world, 2) == SEIZED


def test_what_was_seized_is_released_and_not_sealed(world: World) -> None:
    take(world, "seize", units=[(1, 1)])

    assert refused(world.hear(some.measure("seal", "封2", of="措1"), by=REGULATOR)) == {"measure-unknown"}


def test_what_has_ended_is_not_dealt_with_again(world: World) -> None:
    take(world, "seal", units=[(1, 1)])
    take(world, "release", "解1", of="措1")

    for again in (some.measure("release", "解2", of="措1"), some.measure("seize", "扣2", of="措1")):
        assert refused(world.hear(again, by=REGULATOR)) == {"measure-ended"}


def test_a_number_is_used_once_by_an_authority(world: World) -> None:
    take(world, "seal", units=[(1, 1)])

    assert refused(world.hear(some.measure("seize", "措1", units=[(2, 2)]), by=REGULATOR)) == {
        "measure-number-taken"
    }


def test_nobody_deals_with_another_authoritys_measure(world: World) -> None:
    world.happened(some.party(OTHER_MAKER, "另一市场监督管理局", "regulator", uscc=OTHER_MAKER), by=REGULATOR)
    take(world, "seal", units=[(1, 1)])

    verdict = world.hear(some.measure("release", "解1", of="措1"), by=OTHER_MAKER)

    assert refused(verdict) == {"measure-unknown"}


def test_a_loose_length_is_measured_by_itself_and_no_longer_than_the_batch(world: World) -> None:
    take(world, "seal", units=[(1, 1)])

    too_long = world.hear(some.measure("seal", "封2", length_mm=1_100_001), by=REGULATOR)
    with_units = world.hear(some.measure("seal", "封2", units=[(2, 2)], length_mm=5), by=REGULATOR)
    with_another = world.hear(some.measure("seize", "扣2", of="措1", length_mm=5), by=REGULATOR)

    assert refused(too_long) == {"longer-than-registered"}
    assert refused(with_units) == refused(with_another) == {"measure-incomplete"}


# --- custody ------------------------------------------------------------------------------------------


def test_seized_goods_are_in_custody_and_go_back_to_where_they_came_from(world: World) -> None:
    take(world, "seize", units=[(1, 3)], place={"region": "411600"})
    custody = Account("seized", REGULATOR, "411600")

    assert where(world, 1) == where(world, 2) == where(world, 3) == custody
    take(world, "release", "解1", of="措1")
    assert (where(world, 1), where(world, 3)) == (AT_DEALER, AT_MAKER)


def test_seized_goods_are_nobody_elses_to_send_but_what_others_see_is_recorded(world: World) -> None:
    take(world, "seize", units=[(1, 2)])

    for ask in (True, False):
        assert refused(world.hear(onward(ask=ask), by=MAKER)) >= {"not-held"}
    assert refused(world.hear(onward(ask=True), by=DEALER)) == {"goods-held"}
    assert refused(world.hear(onward("2026-04-20"), by=DEALER)) == {"not-held"}  # before they were seized
    seen = world.hear(some.receipt(units=[(1, 1)], project=PROJECT, on="2026-05-21"), by=SITE)
    assert marks(seen) == ("receipt-without-dispatch", "seen-while-held")
    used = world.hear(some.use(on="2026-05-22"), by=SITE)
    assert marks(used) == ("goods-held", "use-before-admission")

    take(world, "release", "解1", of="措1", on="2026-05-23")
    assert where(world, 1).state == "project"  # what left custody is not brought back by a decision
    assert where(world, 2) == AT_DEALER


def test_a_loose_length_that_was_seized_is_nobodys_to_send(world: World) -> None:
    """Which of the metres on a pile were moved the books cannot tell: name the units, or let the receiver say it."""
    take(world, "seize", length_mm=40_000, against=DEALER)

    assert world.hear(onward(loose_mm=20_000), by=DEALER) == Admitted(())
    assert refused(world.hear(onward(loose_mm=1), by=DEALER)) == {"not-held"}


def test_what_left_custody_and_was_seized_again_came_from_where_it_was_found(world: World) -> None:
    take(world, "seize", "扣1", units=[(1, 1)])
    world.happened(onward(), by=DEALER)
    found = where(world, 1)
    take(world, "seize", "扣2", units=[(1, 1)], on="2026-05-21")
    take(world, "seize", "扣3", units=[(1, 1)], on="2026-05-22")

    origins = [hold.origin for hold in world.state.books[world.code(MAKER)].holds]

    assert found.state == "transit"
    assert origins == [AT_DEALER, found, found]


def test_what_was_given_back_is_free_and_what_was_another_holders_is_not_to_be_had(world: World) -> None:
    take(world, "seize", units=[(1, 2)])
    take(world, "release", "解1", of="措1", units=[(1, 1)])

    assert world.hear(onward(), by=DEALER) == Admitted(())
    assert refused(world.hear(onward(units=((2, 3),)), by=DEALER)) == {"not-held"}


def test_a_part_is_released_and_the_rest_confiscated(world: World) -> None:
    take(world, "seize", units=[(1, 3)])
    take(world, "release", "解1", of="措1", units=[(1, 1)])
    take(world, "confiscate", "没1", of="措1")

    assert where(world, 1) == AT_DEALER
    assert where(world, 2).state == where(world, 3).state == "seized"
    take(world, "release", "解2", of="没1", units=[(2, 2)])
    assert where(world, 2) == AT_DEALER


def test_a_part_that_is_seized_leaves_the_seal_on_the_others(world: World) -> None:
    take(world, "seal", units=[(1, 2)])
    take(world, "seize", "扣1", of="措1", units=[(1, 1)])

    assert where(world, 1).state == "seized"
    assert marks(world.hear(onward(units=((2, 2),)), by=DEALER)) == ("goods-held",)


def test_what_two_measures_hold_goes_back_when_the_last_of_them_ends(world: World) -> None:
    take(world, "seize", units=[(1, 2)])
    take(world, "seize", "扣2", units=[(1, 1)])

    take(world, "release", "解1", of="措1")
    assert (where(world, 1), where(world, 2)) == (SEIZED, AT_DEALER)
    take(world, "release", "解2", of="扣2")
    assert where(world, 1) == AT_DEALER


def test_a_seizure_of_everything_takes_every_drum_and_every_loose_metre(world: World) -> None:
    take(world, "seize")

    balances = world.balances(world.code(MAKER))
    assert {account.state for account in balances} == {"seized"}
    take(world, "release", "解1", of="措1")
    assert world.balances(world.code(MAKER)) == {AT_MAKER: 540_000, AT_DEALER: 560_000}


def test_a_seizure_against_a_party_takes_what_is_with_that_party(world: World) -> None:
    take(world, "seize", against=DEALER)

    assert world.balances(world.code(MAKER)) == {AT_MAKER: 540_000, SEIZED: 560_000}


def test_what_was_destroyed_in_custody_is_not_given_back(world: World) -> None:
    take(world, "seize", length_mm=60_000, against=DEALER)
    world.happened(some.disposal(length_mm=50_000), by=REGULATOR)

    take(world, "release", "解1", of="措1")

    assert world.state.books[world.code(MAKER)].loose == {AT_MAKER: 40_000, AT_DEALER: 10_000}


def test_loose_metres_go_back_to_the_region_that_they_were_kept_in(world: World) -> None:
    take(world, "seize", length_mm=40_000, against=MAKER)
    take(world, "seize", "扣2", length_mm=60_000, against=DEALER)

    take(world, "release", "解1", of="措1")

    assert world.state.books[world.code(MAKER)].loose == {AT_MAKER: 40_000, SEIZED: 60_000}


@pytest.mark.parametrize(("against", "left"), [(MAKER, AT_DEALER), (DEALER, AT_MAKER)])
def test_a_sealed_loose_length_is_seized_where_it_was_sealed(
    world: World, against: str, left: Account
) -> None:
    before = world.state.books[world.code(MAKER)].loose[left]
    take(world, "seal", length_mm=40_000, against=against)

    take(world, "seize", "扣1", of="措1")

    assert world.state.books[world.code(MAKER)].loose[left] == before


def test_two_holds_of_one_number_are_released_at_once(world: World) -> None:
    """A number is free again once what used it was voided; bringing that back makes two of it."""
    first = some.measure("seize", "措1", units=[(1, 2)])
    void = some.correction(first)
    world.happened(first, void, some.measure("seize", "措1", units=[(1, 1)]), by=REGULATOR)
    world.happened(some.correction(first, first, newest=void["draft"]["id"]), by=REGULATOR)

    take(world, "release", "解1", of="措1")

    assert where(world, 1) == where(world, 2) == AT_DEALER


# --- what a hold reaches ------------------------------------------------------------------------------


def test_a_seal_on_everything_holds_the_loose_metres_too(world: World) -> None:
    take(world, "seal")

    assert marks(world.hear(onward(loose_mm=1_000), by=DEALER)) == ("goods-held",)
    assert marks(world.hear(some.dispatch(units=[(4, 4)], on="2026-05-20"), by=MAKER)) == ("goods-held",)


def test_a_seal_against_a_party_holds_nobody_elses_goods(world: World) -> None:
    take(world, "seal", against=DEALER)

    assert world.hear(some.dispatch(units=[(4, 4)], on="2026-05-20"), by=MAKER) == Admitted(())
    assert world.hear(some.dispatch(length_mm=40_000, on="2026-05-20"), by=MAKER) == Admitted(())
    assert marks(world.hear(onward(), by=DEALER)) == ("goods-held",)
    assert marks(world.hear(onward(loose_mm=1), by=DEALER)) == ("goods-held",)


def test_a_sealed_loose_length_leaves_the_rest_free(world: World) -> None:
    take(world, "seal", length_mm=20_000, against=DEALER)

    assert world.hear(onward(loose_mm=40_000), by=DEALER) == Admitted(())
    assert marks(world.hear(onward(loose_mm=1), by=DEALER)) == ("goods-held",)


def test_what_is_cut_off_a_held_drum_is_held_as_well(world: World) -> None:
    take(world, "seal", units=[(1, 1)])
    world.happened(some.split(on="2026-04-25"), by=DEALER)

    assert marks(world.hear(onward(units=((11, 12),)), by=DEALER)) == ("goods-held",)
    take(world, "release", "解1", of="措1", units=[(11, 11)], on="2026-05-21")
    assert world.hear(some.sale(units=[(12, 12)], on="2026-05-22"), by=SITE) != Admitted(())


def test_a_hold_on_everything_is_on_a_piece_once(world: World) -> None:
    take(world, "seal")
    world.happened(some.split(on="2026-04-25"), by=DEALER)

    assert [(h.first, h.last) for h in world.state.books[world.code(MAKER)].holds] == [(1, 32**4 - 1), (0, 0)]


# --- recalls ------------------------------------------------------------------------------------------


def test_recalled_goods_are_sent_back_or_scrapped_without_a_mark_and_nothing_else(world: World) -> None:
    world.happened(some.recall(), by=MAKER)

    assert refused(world.hear(some.sale(units=[(1, 1)], on="2026-05-20", ask=True), by=DEALER)) == {
        "goods-held"
    }
    assert marks(world.hear(onward(), by=DEALER)) == ("goods-held",)
    assert world.hear(some.returned(units=[(2, 2)], reason="recall", on="2026-05-20"), by=DEALER) == Admitted(
        ()
    )
    assert world.hear(some.returned(length_mm=10_000, on="2026-05-20"), by=DEALER) == Admitted(())
    assert world.hear(some.receipt(units=[(2, 2)], on="2026-05-21"), by=MAKER) == Admitted(())
    assert world.hear(some.disposal(units=[(2, 2)], reason="recall", on="2026-05-22"), by=MAKER) == Admitted(
        ()
    )


def test_what_an_authority_recalls_comes_back_to_the_maker_without_a_mark(world: World) -> None:
    world.happened(some.recall(), by=REGULATOR)
    world.happened(some.returned(units=[(2, 2)], reason="recall"), by=DEALER)

    assert world.hear(some.receipt(units=[(2, 2)], on="2026-05-21"), by=MAKER) == Admitted(())


@pytest.mark.parametrize(("begun_by", "ended_by", "ends"), [
    (MAKER, MAKER, True), (MAKER, REGULATOR, True), (REGULATOR, REGULATOR, True), (REGULATOR, MAKER, False),
])  # fmt: skip
def test_a_recall_is_ended_by_whoever_began_it_or_by_an_authority(
    world: World, begun_by: str, ended_by: str, ends: bool
) -> None:
    world.happened(some.recall(), by=begun_by)

    verdict = world.hear(some.recall(phase="end", on="2026-05-01"), by=ended_by)

    assert isinstance(verdict, Admitted) is ends
    assert ends or refused(verdict) == {"recall-unknown"}
    assert isinstance(world.hear(onward(ask=True), by=DEALER), Admitted) is ends


def test_of_two_recalls_with_one_number_each_ends_its_own(world: World) -> None:
    world.happened(some.recall(units=[(1, 1)]), by=REGULATOR)
    world.happened(some.recall(units=[(1, 1)]), some.recall(phase="end", on="2026-05-01"), by=MAKER)

    assert marks(world.hear(onward(), by=DEALER)) == ("goods-held",)


# --- the supervisor's admission -----------------------------------------------------------------------


@pytest.mark.parametrize("ask", [True, False])
def test_nothing_is_laid_before_the_engineer_has_signed(world: World, ask: bool) -> None:
    world.happened(onward("2026-04-13"), by=DEALER)
    world.happened(some.receipt(units=[(1, 1)], project=PROJECT, on="2026-04-13"), by=SITE)

    before = world.hear(some.use(on="2026-04-13", ask=ask), by=SITE)
    world.happened(some.supervision(on="2026-04-14"), by=SUPERVISOR)
    after = world.hear(some.use(on="2026-04-14", ask=ask), by=SITE)

    assert (
        (refused(before) == {"use-before-admission"}) if ask else (marks(before) == ("use-before-admission",))
    )
    assert after == Admitted(())


def test_what_is_cut_off_an_admitted_drum_is_admitted(world: World) -> None:
    world.happened(onward("2026-04-13"), by=DEALER)
    world.happened(some.receipt(units=[(1, 1)], project=PROJECT, on="2026-04-13"), by=SITE)
    world.happened(some.supervision(on="2026-04-14", opinion="await-test"), by=SUPERVISOR)
    world.happened(some.supervision(on="2026-04-15"), by=SUPERVISOR)
    world.happened(some.split(on="2026-04-16"), by=SITE)

    book = world.state.books[world.code(MAKER)]
    opinions = [book.opinion_on(11, PROJECT_ID, date(2026, 4, day)) for day in (14, 15)]
    assert opinions == ["await-test", "admit"]
    assert world.hear(some.use(unit=11, ask=True), by=SITE) == Admitted(())


# --- a laboratory's accreditation ---------------------------------------------------------------------


def commissioned(**members: Any) -> Envelope:
    return some.report(type="commissioned", **members)


def test_accreditation_is_judged_only_where_it_is_on_record(world: World) -> None:
    assert world.hear(commissioned(ask=True), by=LABORATORY) == Admitted(())


@pytest.mark.parametrize("ask", [True, False])
@pytest.mark.parametrize(
    ("accredited", "within"),
    [
        ({}, True),  # without a list of indicators
        ({"covers": ["导体电阻", "绝缘厚度"]}, True),
        ({"covers": ["直流电阻"]}, True),  # another name of the same
        ({"covers": ["绝缘厚度"]}, False),
        ({"valid_to": "2026-04-01"}, False),
        ({"valid_from": "2026-04-03"}, False),
        ({"status": "suspended"}, False),
    ],
)
def test_a_laboratory_reports_within_its_accreditation(
    world: World, accredited: dict[str, Any], within: bool, ask: bool
) -> None:
    world.happened(some.certificate(LABORATORY, CMA, type="cma", **accredited), by=LABORATORY)

    verdict = world.hear(commissioned(ask=ask), by=LABORATORY)

    if within:
        assert verdict == Admitted(())
    elif ask:
        assert refused(verdict) == {"outside-accreditation"}
    else:
        assert marks(verdict) == ("outside-accreditation",)


def test_a_makers_own_factory_test_needs_no_accreditation(world: World) -> None:
    world.happened(some.certificate(LABORATORY, CMA, type="cma", status="withdrawn"), by=LABORATORY)

    assert world.hear(some.report(ask=True), by=LABORATORY) == Admitted(())


# --- what a refusal tells -----------------------------------------------------------------------------


def test_a_stranger_is_refused_without_being_told_what_the_books_have(world: World) -> None:
    """Its code stands on every label, so anybody can ask; whose goods they are, and who holds them, is others' affair."""
    take(world, "seal", "封秘1", units=[(1, 1)])
    stranger = Scope(parties=frozenset({party_id(OTHER_MAKER)}))

    told = [
        world.hear(some.use(ask=True, on="2026-05-20", length_mm=249_000), by=OTHER_MAKER, jurisdiction=reach)
        for reach in (stranger, EVERYWHERE)
    ]
    too_long = [
        world.hear(some.use(ask=True, length_mm=251_000), by=OTHER_MAKER, jurisdiction=reach)
        for reach in (stranger, EVERYWHERE)
    ]

    assert refused(told[0]) == refused(told[1]) >= {"goods-held"}
    assert ("封秘1" in repr(told[0]), "封秘1" in repr(told[1])) == (False, True)
    assert refused(too_long[0]) == refused(too_long[1]) >= {"more-than-is-left"}
    assert ("250 m" in repr(too_long[0]), "250 m" in repr(too_long[1])) == (False, True)


def test_whoever_moved_some_of_a_batch_is_not_told_what_others_have_left_of_it(world: World) -> None:
    """The batch is open to its maker, and to the dealer; of drum 1, which the dealer has, the maker may ask what it likes."""
    world.happened(some.split(unit=1, pieces=[(11, 70_000)]), by=DEALER)
    taken = some.split(unit=1, pieces=[(12, 180_001)])

    maker, dealer, officer = (
        world.hear(taken, by=who, anybody=True, jurisdiction=reach)
        for who, reach in (
            (MAKER, Scope(parties=frozenset({party_id(MAKER)}))),
            (DEALER, Scope(parties=frozenset({party_id(DEALER)}))),
            (REGULATOR, Scope(regions=("411600",))),
        )
    )

    assert all("more-than-is-left" in refused(verdict) for verdict in (maker, dealer, officer))
    assert ["180 m" in repr(verdict) for verdict in (maker, dealer, officer)] == [False, True, True]


def test_who_takes_part_in_a_project_is_told_what_is_left_there_whoever_brought_it(world: World) -> None:
    world.happened(some.dispatch(to=SITE, units=[(1, 1)]), by=DEALER)
    world.happened(some.receipt(units=[(1, 1)], project=PROJECT), by=SITE)

    told = [
        world.hear(
            some.use(unit=1, length_mm=250_001),
            by=who,
            jurisdiction=Scope(parties=frozenset({party_id(who)})),
        )
        for who in (SUPERVISOR, MAKER)
    ]

    assert all("more-than-is-left" in refused(verdict) for verdict in told)
    assert ["250 m" in repr(verdict) for verdict in told] == [True, False]


def test_a_receiver_is_told_the_rest_of_drums_that_were_sent_to_it_and_of_others_what_their_labels_say(
    world: World,
) -> None:
    world.happened(some.split(unit=1, pieces=[(11, 100_000)]), by=DEALER)
    claimed = some.receipt(units=[(1, 1)], length_mm=1_000, measured=[(1, 1_000)])
    reach = Scope(parties=frozenset({party_id(SITE)}))

    before = World.hear(deepcopy(world), claimed, by=SITE, jurisdiction=reach)
    world.happened(some.dispatch(to=SITE, units=[(1, 1)]), by=DEALER)
    after = world.hear(claimed, by=SITE, jurisdiction=reach)

    said = [
        next(problem.detail.en for problem in verdict.findings if problem.code == "length-deviates")
        for verdict in (before, after)
        if isinstance(verdict, Admitted)
    ]
    assert ["150 m" in each for each in said] == [False, True]
    assert ["250 m" in each for each in said] == [True, False]
