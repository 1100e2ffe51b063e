"""By-ways on which an organisation could learn of others' metres: goods that two send to one place, pieces that were cut,
lists of codes that are typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection

from cabletrace.alerts import register as alert_register
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Action
from cabletrace.codes.trace_code import BatchCode, unit_code
from cabletrace.codes.unit_ranges import UnitRange, format_units
from cabletrace.db.engine import begin_write
from cabletrace.model.values import party_id
from cabletrace.queries.batch import BatchPage, batch_page
from cabletrace.queries.documents import documents_of
from cabletrace.queries.rows import batch_rows
from cabletrace.queries.scanned import UNREAD, UNSENT, Scanned, scanned
from cabletrace.queries.starting_points import OfBatch, OfMaker
from cabletrace.queries.trace import traced
from cabletrace.queries.unit import NO_SUCH_UNIT, unit_card
from cabletrace.search.documents import BatchDocument
from cabletrace.search.facets import PAIRS, Facet
from drafts_for_tests import (
    DEALER,
    MAKER,
    batch_of,
    dispatch,
    party,
    production,
    recall,
    receipt,
    sale,
    split,
    uscc_of,
)
from house_for_tests import House, open_house

TODAY = date(2026, 5, 2)
CODE_KEY = b"k" * 32
KEYS = {1: CODE_KEY}
SHOP = uscc_of("341202", "MA1TEXT7")
LOT = batch_of(lot="L3")
Who = Callable[[str], Actor]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Of six drums the maker sends 1-3 to the dealer and 4 to the shop; the dealer sells 2, cuts 3, which is recalled, and
    last of all sends 1 to that shop."""
    with open_house(tmp_path_factory.mktemp("others")) as house:
        with begin_write(house.engine) as tx:
            alert_register.metadata.create_all(tx)
        house.happened(
            party(SHOP, "示例线缆门市部", "distributor", region="341202", uscc=SHOP, entered_for=MAKER),
            production(lot="L3", units=[(1, 6, 100_000)], entered_for=MAKER),
            dispatch(LOT, units=[(1, 3)], note="A-1", entered_for=MAKER),
            receipt(LOT, units=[(1, 3)], entered_for=DEALER),
            dispatch(LOT, to=SHOP, region="341202", units=[(4, 4)], note="A-2", entered_for=MAKER),
            sale(LOT, units=[(2, 2)], on="2026-04-14", entered_for=DEALER),
            recall(LOT, units=[(3, 3)], on="2026-04-14", entered_for=MAKER),
            split(LOT, unit=3, pieces=[(11, 60_000), (12, 30_000)], on="2026-04-15", entered_for=DEALER),
            dispatch(
                LOT, to=SHOP, region="341202", units=[(1, 1)], note="B-1", on="2026-04-16", entered_for=DEALER
            ),
        )
        yield house


@pytest.fixture
def code(house: House) -> str:
    return house.code(MAKER, "L3")


@pytest.fixture
def tx(house: House) -> Iterator[Connection]:
    with house.reading() as tx:
        yield tx


def page_of(tx: Connection, code: str, reader: Actor, up_to: int | None = None) -> BatchPage:
    page = batch_page(tx, reader, code, today=TODAY, up_to=up_to)
    assert page is not None
    return page


def test_goods_on_their_way_are_told_to_their_sender_until_another_sends_to_the_same_place(
    tx: Connection, house: House, code: str, who: Who
) -> None:
    maker, last = who("maker"), house.size - 1

    assert page_of(tx, code, maker, last - 1).holdings == {
        "held": 200_000,
        "transit": 100_000,
        "elsewhere": 300_000,
    }
    assert page_of(tx, code, maker).holdings == {"held": 200_000, "elsewhere": 400_000}
    assert page_of(tx, code, who("dealer")).holdings["elsewhere"] == 400_000


def test_hit_trace_and_filter_do_not_add_what_another_sends_to_the_same_place(
    tx: Connection, code: str, who: Who
) -> None:
    maker = who("maker")
    told = {"held": 200_000, "elsewhere": 400_000}

    (hit,) = batch_rows(tx, [code], maker.scope_for(Action.READ_BATCH))
    traces = [traced(tx, maker, subject) for subject in (OfBatch(code), OfMaker(MAKER))]
    (document,) = (each for each in documents_of(tx, frozenset({code})) if isinstance(each, BatchDocument))

    assert hit.holdings == told
    assert [trace and trace.holdings for trace in traces] == [told, told]
    assert all(trace is not None and not trace.stops for trace in traces)
    pair = PAIRS.index((Facet.STATE, Facet.REGION))
    (way,) = (each for each in document.circumstances if each.pair == pair and each.first == "transit")
    assert way.audience is not None
    assert way.audience.parties == {party_id(SHOP)}


def test_an_authority_is_told_of_all_that_is_on_its_way_to_its_region(
    tx: Connection, code: str, who: Who
) -> None:
    page = page_of(tx, code, who("officer of Fuyang"))

    assert page.holdings["transit"] == 200_000
    assert {(row.first, row.last) for row in page.units if row.state == "transit"} == {(1, 1), (4, 4)}


def test_pieces_are_counted_and_told_to_who_cut_them_and_to_no_other_organisation(
    tx: Connection, code: str, who: Who
) -> None:
    told = {reader: page_of(tx, code, who(reader)) for reader in ("maker", "dealer", "shop", "operator")}
    cards = {reader: unit_card(tx, page, 11, KEYS) for reader, page in told.items()}

    assert {reader: page.unit_count for reader, page in told.items()} == {
        "maker": 6, "dealer": 8, "shop": 6, "operator": 8,
    }  # fmt: skip
    assert {reader for reader, card in cards.items() if card.refused == NO_SUCH_UNIT} == {"maker", "shop"}
    assert cards["dealer"].registered_mm == 60_000
    assert [place.state for place in cards["dealer"].places] == ["held"]


def test_a_recall_of_a_drum_does_not_tell_its_maker_what_was_cut_off_it(
    tx: Connection, code: str, who: Who
) -> None:
    kept = {reader: page_of(tx, code, who(reader)).holds for reader in ("maker", "dealer")}

    assert {reader: hold.units for reader, (hold,) in kept.items()} == {
        "maker": ((3, 3),),
        "dealer": ((3, 3), (11, 12)),
    }


def test_who_knows_the_code_of_a_piece_is_told_what_its_label_says_and_not_where_it_is(
    tx: Connection, code: str, who: Who
) -> None:
    on_its_label = unit_code(BatchCode(code[:-1]), 11, CODE_KEY)

    card = unit_card(tx, page_of(tx, code, who("maker")), on_its_label, KEYS)

    assert (card.refused, card.registered_mm, card.places, card.origin) == (None, 60_000, (), None)


def typed(tx: Connection, code: str, reader: Actor, units: str, purpose: Any) -> Scanned:
    text = f"{BatchCode(code[:-1]).printed} {units}"
    return scanned(tx, reader, text, purpose=purpose, keys=KEYS, today=TODAY)


def test_a_list_of_codes_does_not_tell_a_sender_what_became_of_drums_that_arrived(
    tx: Connection, code: str, who: Who
) -> None:
    found = typed(tx, code, who("maker"), "1-6", "dispatch")

    assert [(row.first, row.last) for row in found.batches[0].rows] == [(5, 6)]
    assert [each.why.en for each in found.kept_out] == ["units 1-4: the books do not have it in your hands"]


def test_who_has_drums_himself_is_told_what_is_left_of_them(tx: Connection, code: str, who: Who) -> None:
    found = typed(tx, code, who("dealer"), "1-3", "dispatch")

    assert [(row.first, row.last, row.length_mm) for row in found.batches[0].rows] == [(3, 3, 10_000)]
    assert [each.why.en for each in found.kept_out] == ["units 1-2: the books do not have it in your hands"]


def test_drums_that_nobody_sent_look_alike_to_their_receiver_whatever_is_left_of_them(
    tx: Connection, code: str, who: Who
) -> None:
    found = typed(tx, code, who("shop"), "2-3 5-6", "receipt")

    assert [(row.first, row.last, row.length_mm, row.standing) for row in found.batches[0].rows] == [
        (2, 3, 100_000, UNSENT),
        (5, 6, 100_000, UNSENT),
    ]
    assert not found.kept_out


@pytest.mark.parametrize("units", ["1-6", "11", "13", "12-40", "900"])
def test_numbers_behind_the_code_of_a_batch_that_is_not_open_stay_as_typed_whether_there_are_such_or_not(
    tx: Connection, code: str, who: Who, units: str
) -> None:
    found = typed(tx, code, who("stranger"), units, "receipt")

    (batch,) = found.batches
    (row,) = batch.rows
    assert (format_units([UnitRange(row.first, row.last)]), row.length_mm, row.standing) == (
        units, None, UNREAD,
    )  # fmt: skip
    assert (row.where.zh, batch.is_open, found.length_mm, found.kept_out) == ("未知", False, None, ())


@pytest.mark.parametrize("units", ["1-6", "11", "13", "900"])
def test_who_sends_from_a_batch_that_is_not_open_is_told_the_same_of_every_number(
    tx: Connection, code: str, who: Who, units: str
) -> None:
    found = typed(tx, code, who("stranger"), units, "dispatch")

    assert not found.batches
    (kept,) = found.kept_out
    assert kept.why.zh == f"{units} 号盘：账上不在您手里"


def test_who_reads_the_label_of_a_drum_of_such_a_batch_is_told_what_it_says_also_beside_its_number(
    tx: Connection, code: str, who: Who
) -> None:
    on_its_label = unit_code(BatchCode(code[:-1]), 11, CODE_KEY).printed

    found = typed(tx, code, who("stranger"), f"10-12\n{on_its_label}", "receipt")

    (batch,) = found.batches
    assert [(row.first, row.last, row.length_mm, row.standing) for row in batch.rows] == [
        (10, 10, None, UNREAD),
        (11, 11, 60_000, UNSENT),
        (12, 12, None, UNREAD),
    ]
    assert found.missed == ()
    again = scanned(tx, who("stranger"), "\n".join(batch.lines), purpose="receipt", keys=KEYS, today=TODAY)
    assert again.batches == found.batches


def test_the_number_of_a_piece_that_others_cut_is_none_of_an_open_batch_and_its_code_is_one(
    tx: Connection, code: str, who: Who
) -> None:
    on_its_label = unit_code(BatchCode(code[:-1]), 11, CODE_KEY).printed

    by_number = [typed(tx, code, who(reader), "11", "receipt") for reader in ("maker", "shop")]
    not_there = typed(tx, code, who("maker"), "13", "receipt")
    by_label = scanned(tx, who("maker"), on_its_label, purpose="receipt", keys=KEYS, today=TODAY)
    by_cutter = typed(tx, code, who("dealer"), "11", "dispatch")

    assert [each.kept_out[0].why for each in by_number] == [not_there.kept_out[0].why] * 2
    assert not any(each.batches for each in (*by_number, not_there))
    assert [row.length_mm for row in by_label.batches[0].rows] == [60_000]
    assert [row.length_mm for row in by_cutter.batches[0].rows] == [60_000]
