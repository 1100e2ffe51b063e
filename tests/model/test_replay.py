"""Replay: a batch's history walked as it was said, and with another statement in one place."""

from __future__ import annotations

from dataclasses import replace

import pytest

import drafts_for_tests as some
from cabletrace.intake.lookback import in_newest_version
from cabletrace.model.applying import apply_effects
from cabletrace.model.effects import effects_of
from cabletrace.model.postings import Statement
from cabletrace.model.replay import History
from cabletrace.model.state import Account, Book
from cabletrace.model.values import party_id
from drafts_for_tests import DEALER, MAKER, SITE, Envelope
from world_for_tests import World, draft_of, world_with_a_batch

AT_MAKER = Account("held", party_id(MAKER), "411603")
AT_DEALER = Account("held", party_id(DEALER), "411602")


@pytest.fixture
def world() -> World:
    """Drums 1–2 sent to the dealer and received there; then drum 1 sold."""
    world = world_with_a_batch()
    world.happened(some.dispatch(units=[(1, 2)]), by=MAKER)
    world.happened(some.receipt(units=[(1, 2)]), some.sale(units=[(1, 1)]), by=DEALER)
    return world


def history(world: World) -> History:
    code = world.code(MAKER)
    return History(
        code=code,
        said=in_newest_version((said for said in world.said if said.batch == code), code, world.seat_at),
        state=world.state,
        effects_of=effects_of,
        apply=apply_effects,
    )


def said(world: World, kind: str) -> Statement:
    return next(each for each in world.said if each.draft.kind == kind)


def instead(world: World, kind: str, right: Envelope) -> Statement:
    was = said(world, kind)
    return was._replace(draft=draft_of(right), region="")


def test_history_leads_to_the_books_and_touches_nothing(world: World) -> None:
    before = world.state.books[world.code(MAKER)].copy()

    assert history(world).leads_to_the_books()
    history(world).with_right(said(world, "dispatch").seq, None)
    history(world).before(said(world, "receipt").seq)

    assert world.state.books[world.code(MAKER)] == before


def test_books_that_history_does_not_lead_to_are_noticed(world: World) -> None:
    world.state.books[world.code(MAKER)].loose[AT_DEALER] = 1

    assert not history(world).leads_to_the_books()


def test_history_that_cannot_be_walked_at_all_leads_nowhere(world: World) -> None:
    whole = history(world)

    assert not replace(
        whole, said=[each for each in whole.said if each.draft.kind != "production"]
    ).leads_to_the_books()


def test_the_state_before_a_statement_has_the_batch_as_it_was_and_all_else_as_it_is(world: World) -> None:
    world.happened(some.project(number="XM-2"), by=SITE)
    code = world.code(MAKER)

    before = history(world).before(said(world, "receipt").seq)

    assert [run.account.state for run in before.books[code].runs] == ["transit", "held"]
    assert before.projects == world.state.projects
    assert before.lots[party_id(MAKER), "L1"] == code


def test_before_its_production_there_is_no_batch_and_its_lot_is_free(world: World) -> None:
    code = world.code(MAKER)

    before = history(world).before(said(world, "production").seq)

    assert before.batches[code] is None
    assert before.books[code] == Book()
    assert before.lots[party_id(MAKER), "L1"] is None


def test_what_still_does_what_it_did_has_not_moved_on(world: World) -> None:
    again = history(world).with_right(
        said(world, "dispatch").seq, instead(world, "dispatch", some.dispatch(units=[(1, 3)]))
    )

    assert again.moved_on is again.broken is None
    assert [(p.first, p.last, p.length_mm, p.undoes) for p in again.compensation] == [
        (1, 2, 500_000, True),
        (1, 3, 750_000, False),
    ]


def test_the_first_later_statement_that_does_something_else_is_named(world: World) -> None:
    again = history(world).with_right(said(world, "dispatch").seq, None)

    assert again.moved_on is not None
    assert again.moved_on.draft.kind == "receipt"
    assert again.broken is None


def test_the_first_later_statement_without_its_metres_is_named_and_nothing_is_posted(world: World) -> None:
    again = history(world).with_right(
        said(world, "production").seq, instead(world, "production", some.production(units=[(2, 4, 250_000)]))
    )

    assert again.broken is not None
    assert again.broken.draft.kind == "dispatch"
    assert again.compensation == ()


def test_what_is_brought_back_takes_its_old_place(world: World) -> None:
    whole = history(world)
    sent = said(world, "dispatch")
    without = replace(whole, said=[each for each in whole.said if each.seq != sent.seq])

    again = without.with_right(sent.seq, sent)

    assert again.book == world.state.books[whole.code]
