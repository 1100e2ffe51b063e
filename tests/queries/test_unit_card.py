"""One unit above the page of its batch: where it is, who has spoken of it, and codes that nobody issued."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection

from cabletrace.auth.actor import Actor
from cabletrace.codes.trace_code import batch_code_in, unit_code
from cabletrace.queries.batch import batch_page
from cabletrace.queries.unit import NO_OPINION, NO_SUCH_UNIT, NOT_ISSUED, UnitCard, unit_card

TODAY = date(2026, 5, 2)
KEYS = {1: b"k" * 32}
Who = Callable[[str], Actor]
Card = Callable[..., UnitCard]


@pytest.fixture
def card(tx: Connection, ledger: Any, who: Who) -> Card:
    def card(reader: str, unit: int, lot: str = "L1", key: bytes | None = None, before: str = "") -> UnitCard:
        up_to = ledger.index[before] - 1 if before else None
        page = batch_page(tx, who(reader), ledger.code[lot], today=TODAY, up_to=up_to)
        assert page is not None
        asked = unit if key is None else unit_code(batch_code_in(page.code), unit, key)
        return unit_card(tx, page, asked, KEYS)

    return card


def test_the_supervisor_is_told_where_a_drum_is_and_what_was_said_of_it(card: Card) -> None:
    seen = card("supervisor", 2, key=KEYS[1])

    assert seen.refused is None
    assert seen.registered_mm == 250_000
    (place,) = seen.places
    assert (place.state, place.length_mm) == ("project", 190_000)
    (opinion,) = seen.opinions
    assert (opinion.standing.state, opinion.on) == ("fine", date(2026, 4, 17))


def test_at_a_project_silence_is_said_to_be_silence(card: Card) -> None:
    seen = card("site", 2, before="supervision")

    assert [opinion.standing for opinion in seen.opinions] == [NO_OPINION]


def test_who_may_not_see_the_opinion_on_the_page_is_not_told_it_here(card: Card) -> None:
    seen = card("shop", 2)

    assert seen.opinions == ()
    assert all(place.others for place in seen.places)


def test_what_was_noticed_about_one_drum_is_not_said_of_another(card: Card) -> None:
    tested, other = card("operator", 3), card("operator", 4)

    failed = [remark for remark in tested.remarks if remark.state == "stop"]

    assert failed
    assert not set(failed) & set(other.remarks)


def test_a_mark_on_an_event_that_moved_the_drum_is_named(card: Card) -> None:
    assert "收货无对应发货" in [remark.word.zh for remark in card("operator", 1, lot="L2").remarks]


def test_a_code_that_nobody_issued_says_only_that(card: Card) -> None:
    forged = card("operator", 2, key=b"x" * 32)

    assert forged.refused is NOT_ISSUED
    assert (forged.places, forged.opinions, forged.registered_mm) == ((), (), 0)


def test_a_number_beyond_the_last_drum_is_no_unit(card: Card) -> None:
    assert card("operator", 99).refused is NO_SUCH_UNIT
