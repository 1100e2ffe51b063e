"""Effects: what an accepted event changes, and that each event's postings only move what is there."""

from datetime import date
from typing import Any

import pytest

import drafts_for_tests as some
from cabletrace.errors import Broken
from cabletrace.model.admission import Admitted, Refusal
from cabletrace.model.effects import effects_of
from cabletrace.model.postings import Posting, Statement
from cabletrace.model.state import PRODUCED, UNEXPLAINED, Account, KnownParty, Run
from cabletrace.model.values import party_id
from drafts_for_tests import (
    DEALER,
    LABORATORY,
    MAKER,
    NOBODY,
    OPERATOR,
    OTHER_MAKER,
    PROJECT,
    PROJECT_ID,
    REGULATOR,
    SITE,
    SUPERVISOR,
)
from world_for_tests import World, draft_of, world_with_a_batch

AT_MAKER = Account("held", party_id(MAKER), "411603")
TO_DEALER = Account("transit", party_id(DEALER), "411602")
AT_DEALER = Account("held", party_id(DEALER), "411602")
AT_PROJECT = Account("project", party_id(SITE), "411627", PROJECT_ID)
USED = Account("used", party_id(SITE), "411627", PROJECT_ID)


@pytest.fixture
def world() -> World:
    """Lot L1: drums 1–4 of 250 m and 100 m loose, all at the maker's."""
    return world_with_a_batch()


def newest(world: World) -> list[Posting]:
    return [posting for seq, posting in world.postings if seq == world.seq - 1]


def where(world: World, unit: int) -> Account:
    (part,) = world.state.books[world.code(MAKER)].parts([(unit, unit)])
    return part.account


def run_of(world: World, unit: int) -> Run:
    (part,) = world.state.books[world.code(MAKER)].parts([(unit, unit)])
    return part


# --- the way of the metres ----------------------------------------------------------------------------


def test_a_production_puts_units_and_loose_metres_at_the_makers(world: World) -> None:
    postings = newest(world)

    assert [(p.first, p.last, p.source, p.target, p.length_mm) for p in postings] == [
        (1, 4, PRODUCED, AT_MAKER, 1_000_000),
        (0, 0, PRODUCED, AT_MAKER, 100_000),
    ]


def test_a_production_happens_where_its_place_says(world: World) -> None:
    world.happened(some.production("L2", place={"region": "411681"}), by=MAKER)

    (posting,) = newest(world)
    assert posting.target == Account("held", party_id(MAKER), "411681")


def test_a_batch_keeps_the_copper_that_was_weighed_at_its_production(world: World) -> None:
    weighed = some.production("L2")
    weighed["draft"]["body"]["materials"] = [
        {"material": "copper", "mass_g": 20_000},
        {"material": "compound", "mass_g": 9_000},
        {"material": "copper", "mass_g": 500},
    ]
    world.happened(weighed, by=MAKER)

    assert world.state.batches[world.code(MAKER, "L2")].copper_g == 20_500
    assert world.state.batches[world.code(MAKER)].copper_g is None


def test_a_dispatch_counts_in_the_region_where_it_goes(world: World) -> None:
    world.happened(some.dispatch(units=[(2, 3)]), by=MAKER)

    (posting,) = newest(world)
    assert (posting.first, posting.last, posting.length_mm) == (2, 3, 500_000)
    assert (posting.source, posting.target) == (AT_MAKER, TO_DEALER)
    assert world.state.books[posting.batch].runs == [
        Run(first=1, last=1, account=AT_MAKER, length_mm=250_000),
        Run(first=2, last=3, account=TO_DEALER, length_mm=250_000),
        Run(first=4, last=4, account=AT_MAKER, length_mm=250_000),
    ]


def test_a_receipt_ends_the_way_at_the_store_or_at_the_project(world: World) -> None:
    world.happened(some.dispatch(units=[(1, 2)], to=SITE, region="411627"), by=MAKER)

    world.happened(some.receipt(units=[(1, 1)], project=PROJECT), by=SITE)
    world.happened(some.receipt(units=[(2, 2)], place={"region": "411602"}), by=SITE)

    assert where(world, 1) == AT_PROJECT
    assert where(world, 2) == Account("held", party_id(SITE), "411602")


def test_goods_seen_where_the_books_have_them_move_nothing(world: World) -> None:
    world.happened(some.receipt(units=[(1, 1)]), by=MAKER)

    assert newest(world) == []


def test_a_use_cuts_metres_from_the_drum_and_leaves_the_rest_where_it_is(world: World) -> None:
    world.happened(some.dispatch(units=[(1, 1)], to=SITE, region="411627"), by=MAKER)
    world.happened(some.receipt(units=[(1, 1)], project=PROJECT), by=SITE)

    world.happened(some.use(length_mm=60_000), by=SITE)
    world.happened(some.use(length_mm=190_000), by=SITE)

    code = world.code(MAKER)
    assert world.balances(code)[USED] == 250_000
    assert list(world.state.books[code].parts([(1, 1)])) == []


def test_a_sample_is_counted_where_it_was_taken(world: World) -> None:
    world.happened(some.dispatch(units=[(1, 1)]), by=MAKER)

    world.happened(some.sampling(length_mm=3_000, reserve_mm=2_000), by=REGULATOR)
    (on_the_way,) = newest(world)
    world.happened(some.sampling(length_mm=1_000, place={"region": "411681"}), by=REGULATOR)
    (elsewhere,) = newest(world)

    assert on_the_way.target == Account("sampled", REGULATOR, "411602")
    assert on_the_way.length_mm == 5_000
    assert elsewhere.target.region == "411681"


def test_a_seal_without_a_length_cuts_nothing(world: World) -> None:
    world.happened(some.sampling(length_mm=None), by=REGULATOR)

    assert newest(world) == []


@pytest.mark.parametrize("envelope", [some.report(), some.acceptance(measured=[(1, 200_000)])])
def test_evidence_is_no_posting(world: World, envelope: some.Envelope) -> None:
    books = world.state.books[world.code(MAKER)].copy()

    world.happened(envelope, by=SITE)

    assert newest(world) == []
    assert world.state.books[world.code(MAKER)] == books


# --- loose metres and what nobody can explain ---------------------------------------------------------


def test_loose_metres_are_drawn_from_the_pools_they_can_come_from(world: World) -> None:
    world.happened(
        some.dispatch(length_mm=30_000), some.dispatch(length_mm=20_000, region="411681"), by=MAKER
    )

    world.happened(some.receipt(length_mm=45_000), by=DEALER)

    assert [(p.source.region, p.length_mm) for p in newest(world)] == [("411602", 30_000), ("411681", 15_000)]
    assert world.state.books[world.code(MAKER)].loose == {
        AT_MAKER: 50_000,
        AT_DEALER: 45_000,
        Account("transit", party_id(DEALER), "411681"): 5_000,
    }


def test_only_unnamed_metres_draw_on_what_is_unexplained_and_it_is_signed(world: World) -> None:
    world.happened(some.receipt(length_mm=400_000), by=DEALER)
    world.happened(some.receipt(units=[(1, 1)]), by=DEALER)

    balances = world.balances(world.code(MAKER))
    assert balances[UNEXPLAINED] == -400_000
    assert balances[AT_DEALER] == 650_000
    assert sum(balances.values()) == 1_100_000


# --- the missing leg ----------------------------------------------------------------------------------


def test_an_observation_moves_the_drum_and_the_late_dispatch_moves_nothing(world: World) -> None:
    world.happened(some.receipt(units=[(1, 1)]), by=DEALER)
    (seen,) = newest(world)

    late = world.hear(some.dispatch(units=[(1, 1)], length_mm=250_000), by=MAKER)

    assert (seen.source, seen.target) == (AT_MAKER, AT_DEALER)
    assert late == Admitted(())
    assert newest(world) == []
    assert run_of(world, 1) == Run(first=1, last=1, account=AT_DEALER, length_mm=250_000)


def test_a_missing_leg_is_reported_once(world: World) -> None:
    world.happened(some.receipt(units=[(1, 1)]), by=DEALER)
    world.happened(some.dispatch(units=[(1, 1)]), by=MAKER)

    again = world.hear(some.dispatch(units=[(1, 1)]), by=MAKER)

    assert isinstance(again, Refusal)


def test_a_late_dispatch_to_somebody_else_is_no_missing_leg(world: World) -> None:
    world.happened(some.receipt(units=[(1, 1)]), by=DEALER)

    verdict = world.hear(some.dispatch(units=[(1, 1)], to=SITE), by=MAKER)

    assert isinstance(verdict, Refusal)


def test_an_honest_dealer_behind_a_sloppy_maker_ships_on_and_the_maker_may_still_report(world: World) -> None:
    world.happened(some.receipt(units=[(1, 2)]), by=DEALER)
    world.happened(some.dispatch(units=[(1, 2)], to=SITE, region="411627"), by=DEALER)
    world.happened(some.receipt(units=[(1, 1)], project=PROJECT), by=SITE)
    world.happened(some.use(length_mm=10_000), by=SITE)

    late = world.hear(some.dispatch(units=[(1, 2)], length_mm=500_000), by=MAKER)

    assert late == Admitted(())
    assert newest(world) == []
    assert where(world, 1) == AT_PROJECT
    assert where(world, 2).state == "transit"
    assert run_of(world, 1).missing_legs == run_of(world, 2).missing_legs == ()


def test_a_drum_that_was_used_up_keeps_its_missing_leg_until_it_is_reported(world: World) -> None:
    world.happened(some.receipt(units=[(1, 1)], project=PROJECT), by=SITE)
    world.happened(some.use(length_mm=250_000), by=SITE)

    onward = world.hear(some.dispatch(units=[(1, 1)]), by=SITE)
    late = world.hear(some.dispatch(units=[(1, 2)], to=SITE, region="411627", length_mm=500_000), by=MAKER)
    again = world.hear(some.dispatch(units=[(1, 1)], to=SITE, region="411627"), by=MAKER)

    assert isinstance(onward, Refusal)
    assert late == Admitted(())
    assert isinstance(again, Refusal)
    assert where(world, 2).state == "transit"
    assert list(world.state.books[world.code(MAKER)].parts([(1, 1)])) == []


def test_a_chain_of_two_missing_legs_is_closed_in_any_order(world: World) -> None:
    world.happened(some.receipt(units=[(1, 1)]), by=DEALER)
    world.happened(some.receipt(units=[(1, 1)], project=PROJECT), by=SITE)
    assert run_of(world, 1).missing_legs == (
        (party_id(MAKER), party_id(DEALER)),
        (party_id(DEALER), party_id(SITE)),
    )

    by_maker = world.hear(some.dispatch(units=[(1, 1)]), by=MAKER)
    by_dealer = world.hear(some.dispatch(units=[(1, 1)], to=SITE, region="411627"), by=DEALER)

    assert by_maker == by_dealer == Admitted(())
    assert run_of(world, 1) == Run(first=1, last=1, account=AT_PROJECT, length_mm=250_000)


def test_goods_that_came_back_leave_as_goods_and_not_as_a_late_report(world: World) -> None:
    world.happened(some.receipt(units=[(1, 1)]), by=DEALER)
    world.happened(some.dispatch(units=[(1, 1)], to=MAKER, region="411603"), by=DEALER)
    world.happened(some.receipt(units=[(1, 1)]), by=MAKER)

    world.happened(some.dispatch(units=[(1, 1)]), by=MAKER)

    assert where(world, 1) == TO_DEALER
    assert run_of(world, 1).missing_legs == ((party_id(MAKER), party_id(DEALER)),)


# --- the register -------------------------------------------------------------------------------------


def known(world: World, who: str) -> KnownParty:
    party = world.state.parties[party_id(who)]
    assert party is not None
    return party


def test_a_party_that_another_names_is_unconfirmed_until_it_speaks_itself(world: World) -> None:
    world.happened(some.party(NOBODY, "城东门市部", "distributor"), by=MAKER)
    named = known(world, NOBODY)

    world.happened(some.party(NOBODY, "城东电料行", "distributor", region="411602"), by=NOBODY)
    spoken = known(world, NOBODY)

    assert (named.named_by, named.name) == (party_id(MAKER), "城东门市部")
    assert (spoken.named_by, spoken.name) == (None, "城东电料行")


def test_whoever_merely_names_a_party_stays_one_of_its_namers_until_it_is_confirmed(world: World) -> None:
    world.happened(some.party(NOBODY, "城东门市部", "distributor"), by=MAKER)
    world.happened(some.party(NOBODY, "城东五金", "distributor"), by=DEALER)
    named = known(world, NOBODY)
    world.happened(some.confirmation({"party": NOBODY}), by=REGULATOR)

    assert (named.name, named.named_by) == ("城东五金", party_id(DEALER))
    assert named.namers == {party_id(MAKER), party_id(DEALER)}
    assert known(world, NOBODY).namers == set()


@pytest.mark.parametrize("official", [OPERATOR, REGULATOR])
def test_the_word_of_an_official_confirms_a_party(world: World, official: str) -> None:
    world.happened(some.party(NOBODY, "城东门市部", "distributor"), by=official)

    assert known(world, NOBODY).named_by is None


def test_a_confirmed_party_is_not_renamed_by_what_others_call_it(world: World) -> None:
    before = known(world, DEALER)

    world.happened(some.party(DEALER, "那家小店", "owner"), by=MAKER)

    assert known(world, DEALER) == before


def test_a_party_that_is_called_by_its_credit_code_is_found_by_it(world: World) -> None:
    code = some.uscc_of("411622", "MA1TEXT9")

    world.happened(some.party(code, "西华县示例线缆店"), by=DEALER)

    assert known(world, code).uscc == code


def test_the_last_registration_of_a_product_stands(world: World) -> None:
    world.happened(some.product(designation="YJV 0.6/1kV 3×70+1×35", certificate=None), by=MAKER)

    product = world.state.products[party_id(MAKER), some.PRODUCT]
    assert product is not None
    assert product.designation.printed == "YJV 0.6/1kV 3×70+1×35"
    assert product.certificate is None


def test_a_project_and_an_order_are_known_with_their_parties(world: World) -> None:
    world.happened(some.order(project=PROJECT), by=SITE)

    order = world.state.orders[party_id(SITE), "DD-1"]
    project = world.state.projects[PROJECT_ID]
    assert order is not None
    assert project is not None
    assert (order.supplier, order.buyer, order.project) == (party_id(MAKER), party_id(SITE), PROJECT_ID)
    assert (project.contractor, project.supervisor, project.owner) == (party_id(SITE), SUPERVISOR, None)


def test_a_named_party_is_confirmed_by_an_authority_and_a_denial_changes_nothing(world: World) -> None:
    world.happened(some.party(NOBODY, "城东门市部", "distributor"), by=MAKER)

    world.happened(some.confirmation({"party": NOBODY}, result="denied"), by=REGULATOR)
    denied = known(world, NOBODY).named_by
    world.happened(some.confirmation({"party": NOBODY}), by=REGULATOR)

    assert denied == party_id(MAKER)
    assert known(world, NOBODY).named_by is None
    assert known(world, NOBODY).name == "城东门市部"


def test_uncoded_goods_are_known_as_they_were_described_and_by_what_they_turned_out_to_be(
    world: World,
) -> None:
    place = {"region": "411602"}
    world.happened(some.inspection({"goods": some.GOODS}, goods=some.MARKS, place=place), by=REGULATOR)
    world.happened(some.sampling({"goods": some.GOODS}, unit=None), by=REGULATOR)
    described = world.state.goods[some.GOODS]

    world.happened(some.alias({"goods": some.GOODS}, batch=some.batch_of()["batch"]), by=REGULATOR)
    world.happened(some.alias({"goods": some.GOODS}, party=MAKER), by=REGULATOR)
    found_out = world.state.goods[some.GOODS]
    world.happened(some.inspection({"goods": some.GOODS}, goods={"marks": "YJV 3×95"}), by=REGULATOR)
    again = world.state.goods[some.GOODS]

    assert described is not None
    assert found_out is not None
    assert again is not None
    assert (described.nominal_maker, described.region, described.batch) == ("某线缆厂", "411602", None)
    assert (found_out.batch, found_out.party) == (world.code(MAKER), party_id(MAKER))
    assert (again.marks, again.batch, again.party) == ("YJV 3×95", found_out.batch, found_out.party)


def test_another_code_stands_for_the_batch_or_for_one_drum_and_a_person_for_who_it_is(world: World) -> None:
    world.happened(some.alias(code="KC-1"), some.alias(code="KC-2", unit=2), by=MAKER)
    world.happened(some.party(NOBODY, "张某作坊"), some.alias({"party": NOBODY}, party=DEALER), by=REGULATOR)

    aliases = world.state.aliases
    batch = f"batch:{world.code(MAKER)}"
    found = {key: (alias.thing, alias.unit) for key, alias in aliases.items() if alias is not None}
    assert found == {
        ("maker", "KC-1"): (batch, None),
        ("maker", "KC-2"): (batch, 2),
        ("party", NOBODY): (f"party:{party_id(DEALER)}", None),
    }


def test_a_code_is_registered_again_for_the_same_thing_only(world: World) -> None:
    world.happened(some.alias(code="KC-1"), by=MAKER)

    assert world.hear(some.alias(code="KC-1"), by=MAKER) == Admitted(())
    assert isinstance(world.hear(some.alias(code="KC-1", unit=2), by=MAKER), Refusal)


def test_a_key_is_good_on_its_days_until_it_is_revoked(world: World) -> None:
    registered = some.key()
    world.happened(registered, by=MAKER)
    id_ = registered["draft"]["subject"]["key"]
    before = world.state.keys[id_]

    world.happened(some.key(id_=id_, revoked=True), by=MAKER)
    after = world.state.keys[id_]

    assert before is not None
    assert after is not None
    assert (before.owner, before.is_good_on(date(2026, 12, 31))) == (party_id(MAKER), True)
    assert not before.is_good_on(date(2027, 1, 1))
    assert not after.is_good_on(date(2026, 6, 1))


def test_what_the_public_said_is_known_by_its_number_with_the_last_thing_done(world: World) -> None:
    complained = some.complaint()
    id_ = complained["draft"]["id"]
    world.happened(complained, by=REGULATOR)
    asked = world.state.submissions[id_]

    for action in ("accepted", "mediated"):
        world.happened(some.notice_reply(id_, "complaint", action=action), by=REGULATOR)
    answered = world.state.submissions[id_]

    assert asked is not None
    assert answered is not None
    assert (len(asked.number), asked.region, asked.action) == (12, "411602", None)
    assert (answered.number, answered.action, answered.answered_by) == (asked.number, "mediated", REGULATOR)


# --- metres that are cut, sold, scrapped and sent back ------------------------------------------------


def test_a_split_opens_pieces_where_the_drum_stands_and_scraps_what_is_scrap(world: World) -> None:
    world.happened(some.split(pieces=[(12, 50_000), (11, 100_000)], scrap_mm=1_000), by=MAKER)

    code = world.code(MAKER)
    batch = world.state.batches[code]
    assert batch is not None
    assert [(u.first, u.length_mm) for u in batch.pieces] == [(11, 100_000), (12, 50_000)]
    assert (run_of(world, 1).length_mm, run_of(world, 11).length_mm, where(world, 12)) == (
        99_000,
        100_000,
        AT_MAKER,
    )
    assert world.balances(code) == {
        AT_MAKER: 1_099_000,
        Account("scrapped", party_id(MAKER), "411603"): 1_000,
    }


def test_a_drum_that_is_cut_up_whole_is_gone_and_its_pieces_go_their_own_ways(world: World) -> None:
    world.happened(
        some.split(pieces=[(11, 125_000), (12, 125_000)]), some.dispatch(units=[(11, 11)]), by=MAKER
    )

    code = world.code(MAKER)
    assert list(world.state.books[code].parts([(1, 1)])) == []
    assert (where(world, 11), where(world, 12)) == (TO_DEALER, AT_MAKER)
    assert isinstance(world.hear(some.dispatch(units=[(1, 1)]), by=MAKER), Refusal)


def test_pieces_are_told_apart_from_drums_when_they_are_looked_for(world: World) -> None:
    world.happened(some.split(), by=MAKER)

    verdict = world.hear(some.receipt(units=[(11, 13)]), by=DEALER)

    assert isinstance(verdict, Refusal)
    (problem,) = verdict.problems
    assert (problem.code, problem.came) == ("unit-not-in-batch", "13")
    assert problem.remedy is not None
    assert "1-4, 11, 12" in problem.remedy.zh


@pytest.mark.parametrize(
    ("builder", "state"), [(some.sale, "sold"), (some.disposal, "scrapped")], ids=["sale", "disposal"]
)
def test_what_leaves_the_chain_is_counted_where_it_left(world: World, builder: Any, state: str) -> None:
    world.happened(
        builder(units=[(1, 2)]), builder(unit=3, length_mm=7_000), builder(length_mm=5_000), by=MAKER
    )

    assert world.balances(world.code(MAKER)) == {
        AT_MAKER: 588_000,
        Account(state, party_id(MAKER), "411603"): 512_000,
    }


def test_a_return_is_a_way_back_and_closes_a_missing_leg_as_a_dispatch_does(world: World) -> None:
    world.happened(some.receipt(units=[(1, 1)]), by=DEALER)
    world.happened(some.receipt(units=[(1, 1)]), by=MAKER)

    late = world.hear(some.returned(units=[(1, 1)]), by=DEALER)

    assert late == Admitted(())
    assert newest(world) == []
    assert run_of(world, 1).missing_legs == ((party_id(MAKER), party_id(DEALER)),)


# --- a broken house -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("envelope", "speaker"),
    [
        (some.dispatch(some.batch_of(lot="L404"), units=[(1, 1)]), MAKER),
        (some.dispatch(length_mm=100_001), MAKER),
        (some.use(length_mm=250_001), SITE),
        (some.sampling(length_mm=250_001), LABORATORY),
        (some.dispatch(units=[(1, 5)]), MAKER),
        (some.receipt(units=[(5, 5)]), DEALER),
        (some.use(unit=5), SITE),
        (some.split(pieces=[(2, 1_000)]), MAKER),
        (some.split(pieces=[(11, 1_000), (12, 250_000)]), MAKER),
        (some.sale(units=[(1, 5)]), MAKER),
        (some.disposal(length_mm=100_001), MAKER),
        (some.supervision(units=[(5, 5)]), SUPERVISOR),
        (some.measure(units=[(5, 5)]), REGULATOR),
        (some.recall(units=[(5, 5)]), MAKER),
    ],
)
def test_an_event_that_no_rule_would_have_let_through_stops_everything(
    world: World, envelope: Any, speaker: str
) -> None:
    draft = draft_of(envelope)
    maker, lot = draft.subject.batch.maker, draft.subject.batch.lot
    world.state.lots.setdefault((party_id(maker), lot), None)

    with pytest.raises(Broken):
        effects_of(Statement(draft=draft, speaker=party_id(speaker)), world.state)


def test_two_makers_with_one_lot_number_keep_two_books(world: World) -> None:
    world.happened(some.product(OTHER_MAKER, certificate=None), by=OTHER_MAKER)
    world.happened(some.production("L1", maker=OTHER_MAKER), by=OTHER_MAKER)

    world.happened(some.dispatch(some.batch_of(OTHER_MAKER), units=[(1, 4)]), by=OTHER_MAKER)

    assert where(world, 1) == AT_MAKER
    assert world.balances(world.code(OTHER_MAKER)) == {TO_DEALER: 1_000_000}


def test_what_is_removed_is_scrapped_where_it_was_laid_and_goes_back_onto_no_drum(world: World) -> None:
    laid = lay(world, unit=1, length_mm=60_000)
    loose_before = dict(world.state.books[world.code(MAKER)].loose)

    world.happened(some.use(length_mm=50_000, removed=True), by=SITE)

    code, scrapped = world.code(MAKER), laid._replace(state="scrapped")
    balances = world.balances(code)
    assert (balances[laid], balances[scrapped]) == (10_000, 50_000)
    assert world.state.books[code].laid == {(1, laid): 10_000}
    assert world.state.books[code].loose == loose_before
    too_much = world.hear(some.use(length_mm=10_001, removed=True), by=SITE)
    assert isinstance(too_much, Refusal)
    assert [problem.code for problem in too_much.problems] == ["more-than-is-left"]


def test_removing_asks_neither_for_admission_nor_for_goods_that_are_free(world: World) -> None:
    """A recalled drum was laid without the engineer's word: to take it out is what everybody wants."""
    lay(world, unit=1, length_mm=60_000)
    world.happened(some.recall(on="2026-04-21"), by=MAKER)
    world.happened(some.measure("seal", units=[(1, 1)], on="2026-04-21"), by=REGULATOR)

    for ask in (True, False):
        verdict = world.hear(some.use(length_mm=20_000, removed=True, ask=ask, on="2026-04-25"), by=SITE)
        assert verdict == Admitted(())


def test_metres_that_were_removed_since_are_not_taken_back_as_never_laid(world: World) -> None:
    used = some.use(length_mm=60_000)
    put_at_the_project(world)
    world.happened(used, some.use(length_mm=60_000, removed=True), by=SITE)

    verdict = world.hear(some.correction(used), by=SITE)

    assert isinstance(verdict, Refusal)
    assert [problem.code for problem in verdict.problems] == ["correction-after-movement"]


def put_at_the_project(world: World) -> None:
    world.happened(some.dispatch(to=SITE, region="411627", units=[(1, 1)]), by=MAKER)
    world.happened(some.receipt(units=[(1, 1)], project=PROJECT), by=SITE)


def lay(world: World, *, unit: int, length_mm: int) -> Account:
    """So much of a drum is laid; where the books have it then."""
    put_at_the_project(world)
    world.happened(some.use(unit=unit, length_mm=length_mm), by=SITE)
    ((_, account),) = world.state.books[world.code(MAKER)].laid
    return account
