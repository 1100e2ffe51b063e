"""Corrections: the right version in the place of the wrong one, and what is refused, recorded and marked of it.

The state machine of tests/flow compares corrected books with a naive walk; here a person reads the cases.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

import drafts_for_tests as some
from cabletrace.model.admission import Admitted, Refusal
from cabletrace.model.postings import Posting
from cabletrace.model.state import PRODUCED, UNEXPLAINED, Account
from cabletrace.model.values import party_id
from drafts_for_tests import (
    DEALER,
    MAKER,
    NOBODY,
    OPERATOR,
    PROJECT,
    REGULATOR,
    SITE,
    SUPERVISOR,
    Envelope,
    batch_of,
)
from world_for_tests import World, world_with_a_batch

AT_MAKER = Account("held", party_id(MAKER), "411603")
TO_DEALER = Account("transit", party_id(DEALER), "411602")
AT_DEALER = Account("held", party_id(DEALER), "411602")


@pytest.fixture
def world() -> World:
    """Lot L1: drums 1–4 of 250 m and 100 m loose, all at the maker's."""
    return world_with_a_batch()


def newest(world: World) -> list[Posting]:
    return [posting for seq, posting in world.postings if seq == world.seq - 1]


def balances(world: World) -> dict[Account, int]:
    return world.balances(world.code(MAKER))


def refused(verdict: Admitted | Refusal) -> set[str]:
    assert isinstance(verdict, Refusal), verdict
    return {problem.code for problem in verdict.problems}


# --- compensation -------------------------------------------------------------------------------------


def test_a_correction_takes_postings_back_and_posts_the_right_ones_at_its_own_index(world: World) -> None:
    wrong, right = some.dispatch(units=[(1, 2)]), some.dispatch(units=[(2, 4)])
    world.happened(wrong, by=MAKER)
    before = list(world.postings)

    verdict = world.hear(some.correction(wrong, right), by=MAKER)

    assert verdict == Admitted(())
    assert world.postings[: len(before)] == before
    assert [tuple(posting)[1:] for posting in newest(world)] == [
        (1, 2, TO_DEALER, AT_MAKER, 500_000, True),
        (2, 4, AT_MAKER, TO_DEALER, 750_000, False),
    ]
    assert balances(world) == {AT_MAKER: 350_000, TO_DEALER: 750_000}


def test_a_void_leaves_nothing_of_what_was_said(world: World) -> None:
    wrong = some.receipt(length_mm=400_000)
    world.happened(wrong, by=DEALER)

    world.happened(some.correction(wrong), by=DEALER)

    assert balances(world) == {AT_MAKER: 1_100_000}
    assert UNEXPLAINED not in world.state.books[world.code(MAKER)].loose


def test_a_wrong_receiver_is_corrected_while_the_goods_are_on_their_way(world: World) -> None:
    wrong = some.dispatch(units=[(1, 1)])
    world.happened(wrong, by=MAKER)

    world.happened(some.correction(wrong, some.dispatch(units=[(1, 1)], to=SITE, region="411627")), by=MAKER)
    arrived = world.hear(some.receipt(units=[(1, 1)], project=PROJECT), by=SITE)

    assert arrived == Admitted(())


def test_a_corrected_production_is_the_batch_from_then_on(world: World) -> None:
    wrong = some.production("L2", [(1, 2, 250_000)])
    world.happened(wrong, by=MAKER)
    code = world.code(MAKER, "L2")

    world.happened(
        some.correction(wrong, some.production("L2", [(1, 3, 200_000)], loose_mm=50_000)), by=MAKER
    )

    batch = world.state.batches[code]
    assert batch is not None
    assert (batch.length_mm, batch.length_of(3)) == (650_000, 200_000)
    assert world.balances(code) == {AT_MAKER: 650_000}
    assert world.hear(some.dispatch(batch_of(lot="L2"), units=[(3, 3)]), by=MAKER) == Admitted(())


def test_a_voided_production_leaves_its_code_and_no_metre_and_can_be_brought_back(world: World) -> None:
    wrong = some.production("L2", [(1, 2, 250_000)])
    world.happened(wrong, by=MAKER)
    code = world.code(MAKER, "L2")

    void = some.correction(wrong)
    world.happened(void, by=MAKER)
    seen = world.hear(some.receipt(batch_of(lot="L2"), units=[(1, 1)]), by=DEALER)
    recalled = world.hear(some.recall(batch_of(lot="L2")), by=MAKER)
    again = world.hear(some.production("L2"), by=MAKER)

    assert world.balances(code) == {}
    assert refused(seen) == {"unit-not-in-batch"}
    assert recalled == Admitted(())
    assert refused(again) == {"lot-already-used"}

    world.happened(some.correction(wrong, wrong, newest=void["draft"]["id"]), by=MAKER)
    assert world.code(MAKER, "L2") == code
    assert world.balances(code) == {AT_MAKER: 500_000}
    assert {hold.type for hold in world.state.books[code].holds} == {"recall"}


def test_a_batch_is_what_it_was_registered_as_whatever_is_corrected_after_its_product_changed(
    world: World,
) -> None:
    sent = some.dispatch(units=[(1, 1)])
    world.happened(sent, some.product(designation="YJV 0.6/1kV 3×70+1×35", certificate=None), by=MAKER)

    world.happened(some.correction(sent, some.dispatch(units=[(2, 2)])), by=MAKER)

    batch = world.state.batches[world.code(MAKER)]
    assert batch is not None
    assert (batch.designation, batch.certificate) == (some.DESIGNATION, some.LICENCE)


# --- versions -----------------------------------------------------------------------------------------


def test_a_correction_names_the_newest_version(world: World) -> None:
    sent = some.dispatch(units=[(1, 1)])
    first = some.correction(sent, some.dispatch(units=[(2, 2)]))
    world.happened(sent, first, by=MAKER)

    by_its_first_id = world.hear(some.correction(sent, some.dispatch(units=[(3, 3)])), by=MAKER)
    by_its_newest = some.correction(sent, some.dispatch(units=[(3, 3)]), newest=first["draft"]["id"])
    assert refused(by_its_first_id) == {"already-corrected"}
    assert world.hear(by_its_newest, by=MAKER) == Admitted(())
    assert refused(world.hear(some.correction(sent, newest=first["draft"]["id"]), by=MAKER)) == {
        "already-corrected"
    }
    assert balances(world) == {AT_MAKER: 850_000, TO_DEALER: 250_000}


def test_what_was_never_corrected_has_no_other_version_to_name(world: World) -> None:
    sent = some.dispatch(units=[(1, 1)])
    world.happened(sent, by=MAKER)

    assert refused(world.hear(some.correction(sent, newest=NOBODY), by=MAKER)) == {"already-corrected"}
    assert isinstance(world.hear(some.correction(sent, newest=sent["draft"]["id"]), by=MAKER), Admitted)


def test_a_correction_is_no_event_to_be_corrected_itself_and_its_kind_must_fit(world: World) -> None:
    sent = some.dispatch(units=[(1, 1)])
    world.happened(sent, by=MAKER)
    other = some.correction(sent, some.returned(units=[(1, 1)]))
    other["draft"]["subject"]["kind"] = "return"

    assert refused(world.hear(other, by=MAKER)) == {"event-unknown"}


# --- the right version is judged as it would have been then -------------------------------------------


@pytest.mark.parametrize(
    ("right", "rules"),
    [
        (some.dispatch(units=[(1, 5)]), {"unit-not-in-batch"}),
        (some.dispatch(length_mm=100_001), {"not-held"}),
        (some.dispatch(), {"units-or-length"}),
        (some.dispatch(units=[(1, 1)], on="2026-03-01"), {"before-production"}),
        (some.dispatch(units=[(1, 1)], length_mm=5), {"length-contradicts-units"}),
        (some.dispatch(units=[(1, 1)], on="2026-07-02"), {"in-the-future"}),
    ],
)
def test_a_right_version_that_is_wrong_is_refused_by_its_own_rules_at_its_place(
    world: World, right: Envelope, rules: set[str]
) -> None:
    sent = some.dispatch(units=[(1, 1)])
    world.happened(sent, by=MAKER)

    verdict = world.hear(some.correction(sent, right), by=MAKER)

    assert refused(verdict) == rules
    assert isinstance(verdict, Refusal)
    assert all(not p.where.startswith("/body") or p.where.startswith("/body/right") for p in verdict.problems)


@pytest.mark.parametrize(
    ("of", "by", "right", "rule"),
    [
        (some.receipt(units=[(1, 1)]), SITE, some.receipt(units=[(1, 1)], project={"keeper": SITE, "number": "404"}), "project-unknown"),
        (some.receipt(units=[(1, 1)]), SITE, some.receipt(), "units-or-length"),
        (some.use(), SITE, some.use(project={"keeper": SITE, "number": "404"}), "project-unknown"),
        (some.sale(units=[(1, 1)]), MAKER, some.sale(), "what-leaves"),
        (some.split(), MAKER, some.split(pieces=[(2, 1_000)]), "piece-number-taken"),
        (some.production("L2"), MAKER, some.production("L2", product="P99"), "product-unknown"),
        (some.production("L2"), MAKER, some.production("L2", length_mm=1), "units-do-not-add-up"),
        (some.sampling(), REGULATOR, some.sampling(unit=None), "no-unit-sampled"),
        (some.measure(units=[(1, 1)]), REGULATOR, some.measure("release", units=[(1, 1)]), "measure-incomplete"),
        (some.recall(), MAKER, some.recall(phase="end", number="ZH-9"), "recall-unknown"),
    ],
    ids=lambda value: value if isinstance(value, str) and "-" in value else "",
)  # fmt: skip
def test_a_right_version_of_any_kind_is_judged_before_it_is_walked(
    world: World, of: Envelope, by: str, right: Envelope, rule: str
) -> None:
    world.happened(of, by=by)

    assert refused(world.hear(some.correction(of, right), by=by)) == {rule}


def test_a_right_version_is_judged_in_the_state_of_its_place_in_history(world: World) -> None:
    world.happened(some.receipt(units=[(1, 1)], project=PROJECT), by=SITE)
    used = some.use(length_mm=60_000, on="2026-04-13")
    world.happened(used, by=SITE)
    world.happened(some.supervision(on="2026-04-14"), by=SUPERVISOR)

    verdict = world.hear(some.correction(used, some.use(length_mm=50_000, on="2026-04-14")), by=SITE)

    assert isinstance(verdict, Admitted)
    assert verdict.marks == ("use-before-admission",)  # the engineer had not signed when it was said


def test_what_needs_leave_in_a_right_version_is_refused_to_whoever_asks(world: World) -> None:
    sent = some.dispatch(units=[(1, 1)])
    world.happened(some.measure(units=[(2, 2)], on="2026-04-02"), by=REGULATOR)
    world.happened(sent, by=MAKER)
    right = some.dispatch(units=[(2, 2)])

    assert refused(world.hear(some.correction(sent, right, ask=True), by=MAKER)) == {"goods-held"}
    said = world.hear(some.correction(sent, right), by=MAKER)
    assert isinstance(said, Admitted)
    assert said.marks == ("goods-held",)


# --- after the metres moved on ------------------------------------------------------------------------


def a_way(world: World) -> dict[str, Envelope]:
    """Drums 1–2 to the dealer, received, the first sold on to the site."""
    said = {
        "dispatch": some.dispatch(units=[(1, 2)]),
        "receipt": some.receipt(units=[(1, 2)], sender=MAKER),
        "onward": some.dispatch(units=[(1, 1)], to=SITE, region="411627"),
    }
    for name, by in (("dispatch", MAKER), ("receipt", DEALER), ("onward", DEALER)):
        world.happened(said[name], by=by)
    return said


def test_an_own_claim_is_not_taken_back_once_the_metres_have_moved_on(world: World) -> None:
    way = a_way(world)
    before = balances(world)

    void = world.hear(some.correction(way["dispatch"]), by=MAKER)
    fewer = world.hear(some.correction(way["dispatch"], some.dispatch(units=[(1, 1)])), by=MAKER)

    assert refused(void) == refused(fewer) == {"correction-after-movement"}
    assert balances(world) == before


def test_an_own_claim_may_be_corrected_in_what_moves_no_metre(world: World) -> None:
    way = a_way(world)

    verdict = world.hear(
        some.correction(way["dispatch"], some.dispatch(units=[(1, 2)], note="FH-2")), by=MAKER
    )

    assert verdict == Admitted(())
    assert newest(world) == []


def test_an_authoritys_correction_of_a_claim_is_recorded_and_marked(world: World) -> None:
    way = a_way(world)

    verdict = world.hear(some.correction(way["dispatch"], some.dispatch(units=[(2, 2)])), by=REGULATOR)

    assert isinstance(verdict, Admitted)
    assert verdict.marks == ("correction-after-movement",)
    # Drum 1 was seen at the dealer's, whatever the maker says that it sent.
    run = next(iter(world.state.books[world.code(MAKER)].parts([(1, 1)])))
    assert run.missing_legs == ((party_id(MAKER), party_id(DEALER)),)


def test_an_observation_is_corrected_by_whoever_made_it_and_marked(world: World) -> None:
    way = a_way(world)

    verdict = world.hear(
        some.correction(way["receipt"], some.receipt(units=[(1, 1)], sender=MAKER)), by=DEALER
    )

    assert verdict == Admitted(())  # drum 2 has not moved since
    assert balances(world)[TO_DEALER] == 250_000
    void = some.correction(way["receipt"], newest=world.said[-1].draft.id)
    again = world.hear(void, by=DEALER)
    assert isinstance(again, Admitted)
    assert again.marks == ("correction-after-movement",)


@pytest.mark.parametrize("by", [MAKER, REGULATOR])
@pytest.mark.parametrize(
    ("later", "who"),
    [
        (some.dispatch(length_mm=100_000), MAKER),
        (some.sampling(unit=4, length_mm=250_000), REGULATOR),
        (some.split(unit=4), MAKER),
        (some.sale(units=[(4, 4)]), MAKER),
        (some.dispatch(units=[(4, 4)]), MAKER),
        (some.supervision(units=[(4, 4)]), SUPERVISOR),
        (some.recall(units=[(4, 4)]), MAKER),
        (some.measure(units=[(4, 4)]), REGULATOR),
        (some.receipt(units=[(4, 4)]), DEALER),
    ],
    ids=lambda value: value["draft"]["kind"] if isinstance(value, dict) else "",
)
def test_whoever_corrects_nothing_later_is_left_without_its_metres(
    later: Envelope, who: str, by: str
) -> None:
    world = World()
    made = some.production(loose_mm=100_000)
    world.happened(*some.the_cast())
    world.happened(made, by=MAKER)
    world.happened(later, by=who)

    verdict = world.hear(some.correction(made, some.production(units=[(1, 3, 250_000)])), by=by)

    assert refused(verdict) == {"correction-after-movement"}


def test_a_piece_never_takes_the_number_of_one_that_is_there_by_the_corrected_history(world: World) -> None:
    first, second = some.split(unit=1, pieces=[(11, 1_000)]), some.split(unit=2, pieces=[(12, 1_000)])
    world.happened(first, second, by=MAKER)

    verdict = world.hear(some.correction(first, some.split(unit=1, pieces=[(12, 1_000)])), by=REGULATOR)

    assert refused(verdict) == {"correction-after-movement"}


def test_a_split_that_others_rest_on_stands(world: World) -> None:
    cut = some.split(unit=1)
    world.happened(cut, some.dispatch(units=[(11, 11)]), by=MAKER)

    for by in (MAKER, REGULATOR):
        assert refused(world.hear(some.correction(cut), by=by)) == {"correction-after-movement"}


def test_a_split_whose_drum_was_elsewhere_after_all_has_moved_on(world: World) -> None:
    way = a_way(world)
    world.happened(some.split(unit=2), by=DEALER)

    verdict = world.hear(some.correction(way["dispatch"], some.dispatch(units=[(1, 1)])), by=MAKER)

    assert refused(verdict) == {"correction-after-movement"}


# --- who may ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "allowed"), [(MAKER, True), (REGULATOR, True), (DEALER, False), (OPERATOR, False)]
)
def test_a_statement_is_corrected_by_whoever_made_it_or_by_an_authority(
    world: World, by: str, allowed: bool
) -> None:
    sent = some.dispatch(units=[(1, 1)])
    world.happened(sent, by=MAKER)

    verdict = world.hear(some.correction(sent), by=by)

    assert isinstance(verdict, Admitted) is allowed
    assert allowed or refused(verdict) == {"corrects-anothers"}


# --- what is registered -------------------------------------------------------------------------------


def test_history_that_does_not_lead_to_the_books_is_not_corrected(world: World) -> None:
    """No way of ours leads there; if the books are wrong all the same, no correction makes it worse."""
    sent = some.dispatch(units=[(1, 1)])
    world.happened(sent, by=MAKER)
    world.state.books[world.code(MAKER)].loose[AT_DEALER] = 1

    assert refused(world.hear(some.correction(sent), by=MAKER)) == {"history-changed"}


def test_where_a_drum_was_seen_once_more_does_not_move_with_the_party(world: World) -> None:
    """The dealer moved house; where it saw the drum once more was never posted."""
    sent, seen = some.dispatch(units=[(1, 1)]), some.receipt(units=[(1, 1)])
    world.happened(sent, by=MAKER)
    world.happened(seen, some.receipt(units=[(1, 1)]), by=DEALER)
    world.happened(some.party(DEALER, "五金经营部", "distributor", region="411681"), by=DEALER)

    verdict = world.hear(some.correction(seen), by=DEALER)

    assert isinstance(verdict, Admitted)
    assert verdict.marks == ("correction-after-movement",)  # now the second look moved it
    assert balances(world) == {AT_MAKER: 850_000, AT_DEALER: 250_000}


def test_what_was_corrected_stays_where_it_was_said_to_be_when_the_party_moves(world: World) -> None:
    sent, seen = some.dispatch(units=[(1, 2)]), some.receipt(units=[(1, 1)])
    world.happened(sent, by=MAKER)
    world.happened(seen, by=DEALER)
    right = some.correction(seen, some.receipt(units=[(1, 2)]))
    world.happened(right, by=DEALER)
    world.happened(some.party(DEALER, "五金经营部", "distributor", region="411681"), by=DEALER)

    again = some.correction(seen, some.receipt(units=[(2, 2)]), newest=right["draft"]["id"])
    verdict = world.hear(again, by=DEALER)

    assert verdict == Admitted(())
    assert balances(world) == {
        AT_MAKER: 600_000, TO_DEALER: 250_000, AT_DEALER: 250_000,
    }  # fmt: skip


def test_a_party_that_moved_house_does_not_move_its_old_metres(world: World) -> None:
    sent = some.dispatch(units=[(1, 1)])
    world.happened(sent, by=MAKER)
    world.happened(some.receipt(units=[(1, 1)]), by=DEALER)
    world.happened(some.party(DEALER, "五金经营部", "distributor", region="411681"), by=DEALER)

    verdict = world.hear(some.correction(sent, some.dispatch(units=[(1, 2)])), by=MAKER)

    assert verdict == Admitted(())
    assert balances(world) == {AT_MAKER: 600_000, AT_DEALER: 250_000, TO_DEALER: 250_000}


def test_a_receipt_that_was_corrected_to_another_place_is_walked_again_to_that_place(world: World) -> None:
    sent, seen = some.dispatch(units=[(1, 1)]), some.receipt(units=[(1, 1)])
    world.happened(sent, by=MAKER)
    world.happened(seen, by=DEALER)
    elsewhere = some.receipt(units=[(1, 1)], place={"region": "411681"})
    world.happened(some.correction(seen, elsewhere), by=DEALER)

    verdict = world.hear(some.correction(sent, some.dispatch(units=[(1, 2)])), by=MAKER)

    assert verdict == Admitted(())
    assert balances(world)[AT_DEALER._replace(region="411681")] == 250_000


@pytest.mark.parametrize("void", [False, True])
def test_a_corrected_certificate_period_takes_the_place_of_the_wrong_one(world: World, void: bool) -> None:
    wrong = some.certificate(number="XK-2", valid_to="2026-01-01")
    world.happened(wrong, by=MAKER)

    right = None if void else some.certificate(number="XK-2", valid_to="2027-01-01")
    world.happened(some.correction(wrong, right), by=MAKER)

    periods = world.state.certificates[party_id(MAKER), "XK-2"]
    assert [str(period.valid_to) for period in periods] == ([] if void else ["2027-01-01"])


def test_a_voided_grant_lends_nothing_any_more(world: World) -> None:
    lent = some.grant(SUPERVISOR, SITE, "supervision")
    world.happened(lent, by=SUPERVISOR)
    opinion = some.supervision(entered_for=SUPERVISOR)
    assert isinstance(world.hear(opinion, by=SITE), Admitted)

    world.happened(some.correction(lent), by=SUPERVISOR)

    assert refused(world.hear(some.supervision(entered_for=SUPERVISOR), by=SITE)) == {"no-grant-to-enter"}


def test_voiding_an_order_leaves_one_alone_that_took_its_number_before_there_was_a_rule(world: World) -> None:
    older, at = some.order(), (party_id(SITE), "DD-1")
    world.happened(older, by=SITE)
    first = world.state.orders[at]
    assert first is not None
    newer = world.state.orders[at] = replace(first, project="another", seq=world.seq)
    world.seq += 1

    assert refused(world.hear(some.correction(older, older), by=SITE)) == {"order-number-taken"}
    world.happened(some.correction(older), by=SITE)

    assert world.state.orders[at] == newer


def test_correcting_an_older_description_leaves_the_newer_one_of_the_goods_alone(world: World) -> None:
    def found(marks: str) -> Envelope:
        return some.inspection({"goods": some.GOODS}, goods={"marks": marks})

    first = found("YJV 3×95")
    world.happened(first, found("YJV 3×95 国标"), by=REGULATOR)

    world.happened(some.correction(first, found("YJV 3×70")), by=REGULATOR)

    goods = world.state.goods[some.GOODS]
    assert goods is not None
    assert goods.marks == "YJV 3×95 国标"


# --- every kind ---------------------------------------------------------------------------------------

MADE: dict[str, tuple[Envelope, str]] = {
    "production": (some.production("L2"), MAKER),
    "dispatch": (some.dispatch(units=[(4, 4)]), MAKER),
    "return": (some.returned(units=[(4, 4)], to=DEALER), MAKER),
    "receipt": (some.receipt(units=[(4, 4)], project=PROJECT), SITE),
    "use": (some.use(unit=4), SITE),
    "sampling": (some.sampling(unit=4), REGULATOR),
    "split": (some.split(unit=4, scrap_mm=500), MAKER),
    "sale": (some.sale(unit=4, length_mm=7_000), MAKER),
    "disposal": (some.disposal(length_mm=7_000), MAKER),
    "supervision": (some.supervision(units=[(4, 4)]), SUPERVISOR),
    "measure": (some.measure("seize", units=[(4, 4)]), REGULATOR),
    "recall": (some.recall(units=[(4, 4)]), MAKER),
    "acceptance": (some.acceptance(units=[(4, 4)]), SITE),
    "testing": (some.report(unit=4), MAKER),
    "inspection": (some.inspection(units=[(4, 4)]), REGULATOR),
    "notice": (some.notice(units=[(4, 4)]), REGULATOR),
}


@pytest.mark.parametrize("kind", MADE)
def test_voiding_what_was_just_said_leads_back_and_bringing_it_back_leads_on(world: World, kind: str) -> None:
    said, by = MADE[kind]
    code = world.code(MAKER)
    if kind == "production":
        world.happened(said, by=by)
        code = world.code(MAKER, "L2")
    before = world.state.books[code].copy()
    if kind != "production":
        world.happened(said, by=by)
    then, sums = world.state.books[code].copy(), world.balances(code)

    void = some.correction(said)
    world.happened(void, by=by)
    voided = world.state.books[code].copy()
    world.happened(some.correction(said, said, newest=void["draft"]["id"]), by=by)

    assert kind == "production" or voided == before
    assert world.state.books[code] == then
    assert world.balances(code) == sums


def test_metres_of_a_voided_production_go_back_to_where_all_come_from(world: World) -> None:
    made = some.production("L2", [(1, 2, 250_000)], loose_mm=5)
    world.happened(made, by=MAKER)

    world.happened(some.correction(made), by=MAKER)

    assert [(p.first, p.last, p.source, p.target, p.length_mm) for p in newest(world)] == [
        (0, 0, AT_MAKER, PRODUCED, 5),
        (1, 2, AT_MAKER, PRODUCED, 500_000),
    ]
