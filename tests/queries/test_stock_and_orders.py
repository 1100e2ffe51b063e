"""Stock equals the books to the millimetre, what is under way stands apart, and orders meet what came of them."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, true

from cabletrace.auth.actor import Actor
from cabletrace.errors import InputError
from cabletrace.flow import books
from cabletrace.model.designation import is_same
from cabletrace.model.values import party_id
from cabletrace.queries.alerts import alert_rows
from cabletrace.queries.order_list import OrderList, order_list
from cabletrace.queries.orders import orders
from cabletrace.queries.stock import IN_STOCK, stock
from cabletrace.queries.under_way import deliveries_from, deliveries_to
from drafts_for_tests import (
    DEALER,
    MAKER,
    PROJECT,
    REGULATOR,
    SITE,
    Envelope,
    batch_of,
    correction,
    dispatch,
    envelope,
    order,
    production,
    receipt,
    uscc_of,
    use,
)

TODAY = date(2026, 5, 2)
SHOP = uscc_of("341202", "MA1TEXT7")
Who = Callable[[str], Actor]
Told = Callable[[dict[str, Envelope]], Connection]


def in_the_books(tx: Connection, party: str, states: tuple[str, ...]) -> dict[tuple[Any, ...], int]:
    """(batch, account) -> mm, summed from the journal."""
    return {
        (each.batch, each.account): each.length_mm
        for each in books.balances(tx, true())
        if each.account.party == party and each.account.state in states
    }


# --- stock ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["maker", "dealer", "site", "shop", "other maker"])
def test_stock_equals_the_balances_of_the_books_to_the_millimetre(
    tx: Connection, who: Who, reader: str
) -> None:
    actor = who(reader)

    found = stock(tx, actor, today=TODAY)

    rows = {(row.code, row.state, row.region, row.project): row.length_mm for row in found.rows}
    balances = in_the_books(tx, actor.party, IN_STOCK)
    assert rows == {(code, at.state, at.region, at.project): mm for (code, at), mm in balances.items()}
    assert found.total_mm == sum(balances.values())
    coming = sum(each.length_mm for each in found.coming)
    assert coming == sum(in_the_books(tx, actor.party, ("transit",)).values())


def test_drums_stand_with_what_is_left_on_each(tx: Connection, who: Who) -> None:
    found = stock(tx, who("maker"), today=TODAY)

    (row,) = found.rows
    assert [(each.first, each.last, each.length_mm) for each in row.units] == [(3, 3, 247_000)]
    assert row.loose_mm == 100_000
    assert row.length_mm == 347_000


def test_what_was_sent_and_not_received_stands_apart(tx: Connection, who: Who) -> None:
    (sent,) = stock(tx, who("maker"), today=TODAY).sent
    (coming,) = stock(tx, who("shop"), today=TODAY).coming

    assert (sent.note, sent.length_mm, sent.parcels[0].units) == ("FH-1003", 250_000, ((4, 4),))
    assert (coming.sender_name, coming.key) == (sent.sender_name, sent.key)
    assert stock(tx, who("maker"), today=TODAY).coming == ()


def test_a_part_of_a_name_narrows_the_stock(tx: Connection, who: Who) -> None:
    assert stock(tx, who("maker"), today=TODAY, text="l1").total_mm == 347_000
    assert stock(tx, who("maker"), today=TODAY, text="淮阳").total_mm == 347_000
    assert stock(tx, who("maker"), today=TODAY, text="BVR 450").rows == ()  # "BV" may stand in a code


def test_held_and_recalled_goods_are_marked(told: Told, who: Who) -> None:
    seal = envelope(
        "measure", batch_of(), {"action": "seal", "number": "封-1", "units": [[3, 3]]},
        on="2026-04-28", place={"region": "411603"}, entered_for=REGULATOR,
    )  # fmt: skip
    tx = told({"seal": seal})

    (row,) = stock(tx, who("maker"), today=TODAY).rows
    (bare,) = stock(tx, who("dealer"), today=TODAY).rows

    assert [each.state for each in row.held] == ["stop"]
    assert bare.held == ()


def test_nobody_sees_another_partys_stock(tx: Connection, who: Who) -> None:
    assert stock(tx, who("stranger"), today=TODAY).rows == ()
    for reader in ("officer of the prefecture", "supervisor", "anybody"):
        with pytest.raises(InputError):
            stock(tx, who(reader), today=TODAY)


# --- under way ------------------------------------------------------------------------------------------


def test_loose_metres_of_two_senders_are_each_told_to_who_sent_them(told: Told, who: Who) -> None:
    lot = batch_of(lot="M1")
    taken = dispatch(lot, to=SHOP, region="341202", length_mm=30_000, note="A-2", entered_for=MAKER)
    further = {
        "m1": production("M1", [], loose_mm=200_000, entered_for=MAKER),
        "to the dealer": dispatch(lot, length_mm=60_000, note="A-1", entered_for=MAKER),
        "came": receipt(lot, length_mm=60_000, entered_for=DEALER),
        "dealer's": dispatch(lot, to=SHOP, region="341202", length_mm=40_000, note="B-1", entered_for=DEALER),
        "mistaken": taken,
        "right": correction(
            taken,
            dispatch(lot, to=SHOP, region="341202", length_mm=10_000, note="A-2", entered_for=MAKER),
            entered_for=MAKER,
        ),
    }
    tx = told(further)

    sent = {
        name: {each.note: each.length_mm for each in deliveries_from(tx, who(name))}
        for name in ("maker", "dealer")
    }
    coming = {each.note: each.length_mm for each in deliveries_to(tx, who("shop"))}

    assert (sent["maker"]["A-2"], sent["dealer"]) == (10_000, {"B-1": 40_000})
    assert (coming["A-2"], coming["B-1"]) == (10_000, 40_000)


def test_of_loose_metres_what_was_sent_first_is_taken_to_have_arrived_first(told: Told, who: Who) -> None:
    lot = batch_of(lot="M1")
    further = {
        "m1": production("M1", [], loose_mm=200_000, entered_for=MAKER),
        "first": dispatch(lot, length_mm=60_000, note="A-1", entered_for=MAKER),
        "second": dispatch(lot, length_mm=20_000, note="A-2", entered_for=MAKER),
        "came": receipt(lot, length_mm=65_000, entered_for=DEALER),
    }
    tx = told(further)

    sent = {each.note: each.length_mm for each in deliveries_from(tx, who("maker"))}

    assert ("A-1" in sent, sent["A-2"]) == (False, 15_000)


def test_a_delivery_holds_all_that_travels_under_one_note(told: Told, who: Who) -> None:
    m1, m2 = batch_of(lot="M1"), batch_of(lot="M2")
    further = {
        "m1": production("M1", [(1, 9, 100_000)], loose_mm=70_000, entered_for=MAKER),
        "m2": production("M2", [(1, 2, 50_000)], entered_for=MAKER),
        "some": dispatch(m1, units=[(1, 3), (5, 5)], note="FH-7", entered_for=MAKER),
        "loose": dispatch(m1, length_mm=60_000, note="FH-7", entered_for=MAKER),
        "more": dispatch(m2, units=[(1, 2)], note="FH-7", entered_for=MAKER),
        "other": dispatch(m1, units=[(7, 8)], note="FH-8", entered_for=MAKER),
        "came": receipt(m1, units=[(2, 2)], place={"region": "411602"}, entered_for=DEALER),
    }
    tx = told(further)
    found = {each.note: each for each in deliveries_to(tx, who("dealer"))}
    sent = {each.note: each for each in deliveries_from(tx, who("maker"))}

    assert set(found) == {"FH-7", "FH-8"}
    parcels = {parcel.batch.lot: parcel for parcel in found["FH-7"].parcels}
    assert parcels["M1"].units == ((1, 1), (3, 3), (5, 5))
    assert parcels["M1"].loose_mm == 60_000
    assert found["FH-7"].length_mm == 460_000
    assert sent["FH-7"].length_mm == found["FH-7"].length_mm
    assert [parcel.units for parcel in sent["FH-7"].parcels] == [
        parcel.units for parcel in found["FH-7"].parcels
    ]
    assert "FH-1003" in sent


def test_deliveries_are_shown_to_those_who_send_and_get_them_alone(tx: Connection, who: Who) -> None:
    for reader in ("dealer", "site", "stranger", "other maker"):
        assert deliveries_to(tx, who(reader)) == ()
        assert deliveries_from(tx, who(reader)) == ()


# --- orders ---------------------------------------------------------------------------------------------


def test_buyer_and_maker_see_an_order_against_what_came(tx: Connection, who: Who) -> None:
    (bought,) = orders(tx, who("site"), today=TODAY).rows
    (sold,) = orders(tx, who("maker"), today=TODAY).rows

    for row, sells in ((bought, False), (sold, True)):
        (line,) = row.lines
        assert (row.number, row.sells) == ("DD-1", sells)
        assert (line.ordered_mm, line.dispatched_mm, line.received_mm) == (500_000, 500_000, 500_000)
        assert line.came_first_mm == 500_000  # nobody recorded that it was sent
        assert (line.open_mm, line.over_mm) == (0, 0)
        assert line.price_fen_per_metre == 31_500
    # the site accepted drums of this cable and has it from the dealer too: of whom is not known, and is not said to be nothing
    assert bought.lines[0].accepted_mm is None
    assert sold.lines[0].accepted_mm is None


def test_what_fits_no_order_is_listed_and_counted_for_none(tx: Connection, who: Who) -> None:
    bought = {each.supplier: each for each in orders(tx, who("site"), today=TODAY).unordered}
    sold = {each.buyer: each for each in orders(tx, who("maker"), today=TODAY).unordered}

    assert set(bought) == {party_id(DEALER)}
    assert (bought[party_id(DEALER)].received_mm, bought[party_id(DEALER)].has_orders) == (250_000, False)
    assert Counter(each.dispatched_mm for each in sold.values()) == {500_000: 1, 250_000: 1}
    assert party_id(SITE) not in {each.buyer for each in orders(tx, who("dealer"), today=TODAY).rows}


def test_partial_and_excess_deliveries_and_the_wrong_cable(told: Told, who: Who) -> None:
    m1, m2 = batch_of(lot="M1"), batch_of(lot="M2")
    other = {"name": "电力电缆", "designation": "YJV 0.6/1kV 4×35"}
    further = {
        "p2": envelope("product", {"product": {"maker": MAKER, "number": "P2"}}, other, entered_for=MAKER),
        "o1": order(DEALER, "DD-7", buyer=DEALER, designation="YJV 3*95+1*50", entered_for=DEALER),
        "o2": order(DEALER, "DD-8", buyer=DEALER, entered_for=DEALER),
        "m1": production("M1", [(1, 8, 100_000)], entered_for=MAKER),
        "m2": production("M2", [(1, 2, 50_000)], product="P2", entered_for=MAKER),
        "d1": dispatch(m1, units=[(1, 6)], note="FH-7", entered_for=MAKER),
        "d2": dispatch(m2, units=[(1, 2)], note="FH-7", entered_for=MAKER),
    }
    tx = told(further)
    found = orders(tx, who("dealer"), today=TODAY)
    by_number = {row.number: row.lines[0] for row in found.rows}
    wrong = next(each for each in found.unordered if each.designation.endswith("4×35"))

    # 500 m of the story and 600 m of M1, against two orders of 500 m each
    assert (by_number["DD-7"].dispatched_mm, by_number["DD-7"].open_mm) == (500_000, 0)
    assert (by_number["DD-8"].dispatched_mm, by_number["DD-8"].over_mm) == (600_000, 100_000)
    assert by_number["DD-7"].shared
    assert by_number["DD-8"].shared
    assert (wrong.dispatched_mm, wrong.has_orders) == (100_000, True)


def test_what_came_without_a_dispatch_was_sent_too(told: Told, who: Who) -> None:
    m1, bv = batch_of(lot="M1"), {"name": "电线", "designation": "BV 450/750V 1×2.5"}
    further = {
        "p2": envelope("product", {"product": {"maker": MAKER, "number": "P2"}}, bv, entered_for=MAKER),
        "m1": production("M1", [(1, 8, 100_000)], product="P2", entered_for=MAKER),
        "o1": order(
            DEALER,
            "DD-7",
            buyer=DEALER,
            designation="BV450/750V １×２.５平方",
            length_mm=300_000,
            entered_for=DEALER,
        ),
        "sent": dispatch(m1, units=[(1, 3)], entered_for=MAKER),
        "came": receipt(m1, units=[(1, 4)], entered_for=DEALER),
    }
    tx = told(further)

    for reader in ("maker", "dealer"):
        (row,) = (each for each in orders(tx, who(reader), today=TODAY).rows if each.number == "DD-7")
        (line,) = row.lines

        assert (line.dispatched_mm, line.received_mm, line.came_first_mm) == (400_000, 400_000, 100_000)
        assert (line.over_mm, line.open_mm, row.is_under_way) == (100_000, 0, False)
        assert (line.designation, line.written) == ("BV-450/750V 1×2.5", "")


def test_an_order_of_which_all_was_sent_is_under_way_until_all_has_come(told: Told, who: Who) -> None:
    m1 = batch_of(lot="M1")
    further = two_orders() | {
        "sent": dispatch(m1, units=[(1, 5)], order="DD-8", entered_for=MAKER),
        "came": receipt(m1, units=[(1, 4)], entered_for=DEALER),
    }
    rows = {row.number: row for row in orders(told(further), who("dealer"), today=TODAY).rows}

    assert (rows["DD-8"].is_open, rows["DD-8"].is_under_way) == (False, True)


def test_an_order_that_was_corrected_speaks_by_its_newest_version(told: Told, who: Who) -> None:
    first = order(DEALER, "DD-7", buyer=DEALER, entered_for=DEALER)
    body = first["draft"]["body"]
    right = {**body, "items": [{**body["items"][0], "length_mm": 900_000}]}
    further = {
        "o1": first,
        "right": envelope(
            "correction",
            {"event": first["draft"]["id"], "kind": "order"},
            {"reason": "数量写错", "right": right},
            entered_for=DEALER,
        ),
    }
    tx = told(further)
    (row,) = orders(tx, who("dealer"), today=TODAY).rows

    assert (row.number, row.lines[0].ordered_mm) == ("DD-7", 900_000)


def two_orders(**first: Any) -> dict[str, Envelope]:
    """Two orders of 500 m of one cable by the dealer, after the 500 m that the story sent without a number."""
    return {
        "o1": order(DEALER, "DD-7", buyer=DEALER, entered_for=DEALER, **first),
        "o2": order(DEALER, "DD-8", buyer=DEALER, entered_for=DEALER),
        "m1": production("M1", [(1, 9, 100_000)], loose_mm=90_000, entered_for=MAKER),
    }


def lines_of(tx: Connection, who: Who, reader: str, today: date = TODAY) -> dict[str, Any]:
    return {row.number: row.lines[0] for row in orders(tx, who(reader), today=today).rows}


def test_what_names_an_order_is_counted_for_it_and_for_no_other(told: Told, who: Who) -> None:
    m1 = batch_of(lot="M1")
    further = two_orders() | {
        "by number": dispatch(m1, units=[(1, 3)], order="DD-8", entered_for=MAKER),
        "loose": dispatch(m1, length_mm=40_000, order="dd-8", entered_for=MAKER),
        "came": receipt(m1, units=[(1, 1)], entered_for=DEALER),
        "came loose": receipt(m1, length_mm=10_000, entered_for=DEALER),
    }
    tx = told(further)

    for reader in ("dealer", "maker"):
        line = lines_of(tx, who, reader)
        # the story's 500 m name no order and go to the earlier one
        assert (line["DD-7"].dispatched_mm, line["DD-7"].by_number_mm, line["DD-7"].by_cable_mm) == (
            500_000,
            0,
            500_000,
        )
        assert (line["DD-8"].dispatched_mm, line["DD-8"].by_number_mm, line["DD-8"].by_cable_mm) == (
            340_000,
            340_000,
            0,
        )
        assert line["DD-8"].received_mm == 110_000
    assert deliveries_to(tx, who("dealer"))[0].order == "dd-8"  # as the newest of them writes it


def test_without_their_numbers_the_same_deliveries_fill_the_earlier_order_first(told: Told, who: Who) -> None:
    m1 = batch_of(lot="M1")
    tx = told(two_orders() | {"no number": dispatch(m1, units=[(1, 3)], entered_for=MAKER)})
    line = lines_of(tx, who, "dealer")

    assert (line["DD-7"].by_number_mm, line["DD-8"].by_number_mm) == (0, 0)
    assert line["DD-8"].dispatched_mm == 300_000


def test_of_two_orders_the_one_whose_drums_came_is_received(told: Told, who: Who) -> None:
    m1 = batch_of(lot="M1")
    further = two_orders() | {
        "first": dispatch(m1, units=[(1, 2)], order="DD-7", entered_for=MAKER),
        "second": dispatch(m1, units=[(3, 4)], order="DD-8", entered_for=MAKER),
        "came": receipt(m1, units=[(3, 4)], entered_for=DEALER),
    }
    line = lines_of(told(further), who, "maker")

    # the story's 500 m came without a number: 300 m of them fill DD-7, the rest DD-8
    assert (line["DD-7"].dispatched_mm, line["DD-7"].received_mm) == (500_000, 300_000)
    assert (line["DD-8"].dispatched_mm, line["DD-8"].received_mm) == (400_000, 400_000)


def test_a_number_that_is_not_on_record_or_of_another_cable_stands_apart(told: Told, who: Who) -> None:
    m1 = batch_of(lot="M1")
    further = two_orders() | {
        "o3": order(DEALER, "DD-9", buyer=DEALER, designation="YJV 4×35", entered_for=DEALER),
        "unknown": dispatch(m1, units=[(1, 1)], order="DD-404", entered_for=MAKER),
        "again": dispatch(m1, units=[(4, 4)], order="dd-404", entered_for=MAKER),
        "other": dispatch(m1, units=[(2, 3)], order="DD-9", entered_for=MAKER),
    }
    found = orders(told(further), who("maker"), today=TODAY)
    apart = [(each.number, each.dispatched_mm) for each in found.unordered if each.number]

    assert sorted(apart) == [("DD-404", 200_000), ("DD-9", 200_000)]
    by_number = {row.number: row.lines[0] for row in found.rows}
    assert by_number["DD-8"].dispatched_mm == by_number["DD-9"].dispatched_mm == 0


@pytest.mark.parametrize("right", ["DD-8", None])
def test_a_dispatch_that_was_corrected_counts_for_the_order_it_names_now(
    told: Told, who: Who, right: str | None
) -> None:
    m1 = batch_of(lot="M1")
    sent = dispatch(m1, units=[(1, 3)], order=None if right else "DD-8", entered_for=MAKER)
    body = {name: value for name, value in sent["draft"]["body"].items() if name != "order"}
    correction = envelope(
        "correction",
        {"event": sent["draft"]["id"], "kind": "dispatch"},
        {"reason": "订单号", "right": body | ({"order": right} if right else {})},
        on="2026-04-10",
        entered_for=MAKER,
    )
    line = lines_of(told(two_orders() | {"sent": sent, "right": correction}), who, "dealer")

    assert line["DD-8"].by_number_mm == (300_000 if right else 0)
    assert line["DD-8"].dispatched_mm == 300_000


def test_a_correction_to_other_drums_counts_what_stands_on_their_labels(told: Told, who: Who) -> None:
    m1 = batch_of(lot="M1")
    sent = dispatch(m1, units=[(1, 3)], order="DD-8", entered_for=MAKER)
    correction = envelope(
        "correction",
        {"event": sent["draft"]["id"], "kind": "dispatch"},
        {"reason": "只发了两盘", "right": sent["draft"]["body"] | {"units": [[1, 2]]}},
        on="2026-04-10",
        entered_for=MAKER,
    )
    line = lines_of(told(two_orders() | {"sent": sent, "right": correction}), who, "dealer")

    assert (line["DD-8"].dispatched_mm, line["DD-8"].by_number_mm) == (200_000, 200_000)


def test_a_dispatch_that_was_recorded_late_is_received_under_its_number(told: Told, who: Who) -> None:
    m1 = batch_of(lot="M1")
    further = two_orders() | {
        "came": receipt(m1, units=[(1, 2)], entered_for=DEALER),
        "sent": dispatch(m1, units=[(1, 2)], order="DD-8", entered_for=MAKER),
    }
    line = lines_of(told(further), who, "dealer")["DD-8"]

    assert (line.dispatched_mm, line.received_mm, line.by_number_mm) == (
        200_000,
        200_000,
        200_000,
    )
    assert line.came_first_mm == 200_000


@pytest.mark.parametrize(("today", "late"), [("2026-05-10", False), ("2026-05-11", True)])
def test_a_line_is_late_from_the_day_after_its_due_day(told: Told, who: Who, today: str, late: bool) -> None:
    m1 = batch_of(lot="M1")
    further = {
        "earlier": order(DEALER, "DD-7", buyer=DEALER, entered_for=DEALER),  # takes the story's 500 m
        "m1": production("M1", [(1, 9, 100_000)], entered_for=MAKER),
        "o": order(DEALER, "DD-9", buyer=DEALER, due="2026-05-10", entered_for=DEALER),
        "sent": dispatch(m1, units=[(1, 3)], order="DD-9", entered_for=MAKER),
        "came": receipt(m1, units=[(1, 1)], entered_for=DEALER),
    }
    tx, day = told(further), date.fromisoformat(today)
    line = lines_of(tx, who, "maker", day)["DD-9"]

    assert (line.due, line.is_late) == (date(2026, 5, 10), late)
    assert (line.late_unsent_mm, line.late_under_way_mm) == ((200_000, 200_000) if late else (0, 0))
    late_ones = order_list(tx, who("maker"), today=day, that_are="late")
    assert [row.number for row in late_ones.rows] == ["DD-9"] * late
    assert late_ones.late == late


def test_what_was_not_sent_until_its_due_day_is_late_and_orders_without_one_never_are(
    told: Told, who: Who
) -> None:
    further = {
        "o": order(DEALER, "DD-9", buyer=DEALER, designation="BV 2.5", due="2026-05-01", entered_for=DEALER),
        "without": order(DEALER, "DD-10", buyer=DEALER, designation="BV 4", entered_for=DEALER),
    }
    tx = told(further)
    line = lines_of(tx, who, "maker")

    assert (line["DD-9"].late_unsent_mm, line["DD-9"].late_under_way_mm) == (500_000, 0)
    assert not line["DD-10"].is_late
    assert line["DD-10"].open_mm == 500_000


def test_goods_that_came_back_are_no_delivery_of_the_buyer(told: Told, who: Who) -> None:
    back = {"to": MAKER, "region": "411603", "units": [[1, 1]], "reason": "quality"}
    further = {"back": envelope("return", batch_of(), back, on="2026-04-30", entered_for=DEALER)}
    tx = told(further)
    sellers = {each.supplier for each in orders(tx, who("maker"), today=TODAY).unordered}

    assert sellers == {party_id(MAKER)}


def test_orders_are_listed_by_word_by_state_and_page_by_page(told: Told, who: Who) -> None:
    m1 = batch_of(lot="M1")
    tx = told(
        two_orders()
        | {
            "o3": order(
                DEALER, "DD-9", buyer=DEALER, designation="BV 2.5", due="2026-05-01", entered_for=DEALER
            ),
            "sent": dispatch(m1, units=[(1, 5)], order="DD-8", entered_for=MAKER),
        }
    )

    def numbers(**asked: Any) -> list[str]:
        return [row.number for row in order_list(tx, who("maker"), today=TODAY, **asked).rows]

    assert numbers() == ["DD-9", "DD-8", "DD-7", "DD-1"]
    assert numbers(text="五金") == ["DD-9", "DD-8", "DD-7"]  # the buyer's name
    assert numbers(text="bv") == numbers(that_are="open") == numbers(that_are="late") == ["DD-9"]
    assert numbers(text="dd-7", that_are="open") == []
    assert "DD-8" in numbers(that_are="under-way")

    first = order_list(tx, who("maker"), today=TODAY, limit=3)
    assert (first.total, first.open, first.late, len(first.rows)) == (4, 1, 1, 3)
    assert numbers(limit=3, after=first.after) == ["DD-1"]
    last = order_list(tx, who("maker"), today=TODAY, limit=3, after=first.after)
    assert (last.after, last.unordered) == (None, ())
    assert first.unordered == orders(tx, who("maker"), today=TODAY).unordered != ()


def test_what_was_delivered_without_an_order_is_counted_whole_and_stands_on_pages_of_its_own(
    told: Told, who: Who
) -> None:
    m1 = batch_of(lot="M1")
    further = {
        f"sent {n}": dispatch(m1, units=[(n, n)], order=f"DD-40{n}", entered_for=MAKER) for n in range(1, 6)
    }
    tx = told({"m1": production("M1", [(1, 9, 100_000)], entered_for=MAKER)} | further)
    whole = orders(tx, who("maker"), today=TODAY).unordered

    def page(**asked: Any) -> OrderList:
        return order_list(tx, who("maker"), today=TODAY, limit=2, **asked)

    first = page()
    pages, after = [], None
    while not pages or after is not None:
        pages.append(page(that_are="unordered", after=after))
        after = pages[-1].after

    assert [len(each.unordered) for each in pages] == [2, 2, 2, len(whole) - 6]
    assert tuple(each for of_page in pages for each in of_page.unordered) == whole
    assert first.unordered == whole[:2]
    for each in (first, *pages):
        assert each.unordered_total == len(whole)
        assert each.unordered_mm == sum(row.dispatched_mm for row in whole)
    assert all(each.rows == () for each in pages)
    found = page(that_are="unordered", text="dd-404")
    assert ([row.number for row in found.unordered], found.unordered_total) == (["DD-404"], 1)
    assert page(that_are="open").unordered == ()
    assert page(after=10**6).unordered == ()


def test_what_was_accepted_of_a_delivery_under_a_strange_number_is_no_second_delivery(
    told: Told, who: Who
) -> None:
    m2 = batch_of(lot="M2")
    other = {"name": "电力电缆", "designation": "YJV 0.6/1kV 4×35"}
    accepted = {"project": PROJECT, "number": "YS-9", "units": [[1, 2]], "result": "accept"}
    tx = told(
        {
            "p2": envelope(
                "product", {"product": {"maker": MAKER, "number": "P2"}}, other, entered_for=MAKER
            ),
            "m2": production("M2", [(1, 2, 50_000)], product="P2", entered_for=MAKER),
            "sent": dispatch(m2, units=[(1, 2)], to=SITE, order="DD-404", entered_for=MAKER),
            "came": receipt(m2, units=[(1, 2)], sender=MAKER, entered_for=SITE),
            "accepted": envelope("acceptance", m2, accepted, on="2026-05-01", entered_for=SITE),
        }
    )

    of_cable = [
        each for each in orders(tx, who("site"), today=TODAY).unordered if each.designation.endswith("4×35")
    ]

    assert [(each.number, each.dispatched_mm) for each in of_cable] == [("DD-404", 100_000)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_orders_that_are_named_every_metre_is_counted_as_if_drum_by_drum(
    told: Told, who: Who, seed: int
) -> None:
    """The site orders two cables of the maker, and its drums are sent, received and laid at random."""
    rolled = random.Random(seed)
    cables = {"P2": "BV 450/750V 1×2.5", "P3": "YJV 0.6/1kV 4×35"}
    further: dict[str, Envelope] = {}
    for number, cable in cables.items():
        body = {"name": "电线电缆", "designation": cable}
        subject = {"product": {"maker": MAKER, "number": number}}
        further[number] = envelope("product", subject, body, entered_for=MAKER)
    ordered = {f"DD-{n}": rolled.choice(sorted(cables)) for n in range(7, 12)}
    for number, product in ordered.items():
        further[number] = order(
            number=number,
            designation=cables[product],
            length_mm=rolled.randint(1, 9) * 50_000,
            project=PROJECT,
            entered_for=SITE,
        )
    sent: dict[tuple[str, str], int] = defaultdict(int)
    came: dict[tuple[str, str], int] = defaultdict(int)
    laid: dict[str, int] = defaultdict(int)
    cheaper: Counter[str] = Counter()
    for product in cables:
        drums = [(n, n, rolled.randint(50, 200) * 1000) for n in range(1, 13)]
        further[f"lot {product}"] = production(f"R-{product}", drums, product=product, entered_for=MAKER)
        for unit, _, mm in drums:
            number, price = rolled.choice(sorted(ordered)), rolled.choice([None, 31_499, 31_500])
            lot, name = batch_of(lot=f"R-{product}"), f"{product}/{unit}"
            if rolled.random() < 0.2:
                continue
            further[f"sent {name}"] = dispatch(
                lot,
                to=SITE,
                region="411627",
                units=[(unit, unit)],
                order=number,
                price_fen_per_metre=price,
                entered_for=MAKER,
            )
            sent[number, product] += mm
            cheaper[number] += ordered[number] == product and price == 31_499
            if rolled.random() < 0.3:
                continue
            further[f"came {name}"] = receipt(
                lot, units=[(unit, unit)], project=PROJECT, on="2026-04-12", entered_for=SITE
            )
            came[number, product] += mm
            if rolled.random() < 0.6 and ordered[number] == product:
                used_mm = rolled.randint(1, mm)
                further[f"laid {name}"] = use(lot, unit=unit, length_mm=used_mm, entered_for=SITE)
                laid[product] += used_mm
    tx = told(further)

    for reader in ("site", "maker"):
        rows = {row.number: row for row in orders(tx, who(reader), today=TODAY).rows if row.number in ordered}
        for number, product in ordered.items():
            (line,), findings = rows[number].lines, rows[number].findings
            assert (line.dispatched_mm, line.received_mm) == (sent[number, product], came[number, product])
            assert line.by_number_mm == line.dispatched_mm
            other_mm = sum(mm for (named, cable), mm in sent.items() if named == number and cable != product)
            assert sum(each.length_mm for each in findings if each.what == "other-cable") == other_mm
            assert sum(each.what == "cheaper" for each in findings) == cheaper[number]
    bought = [row for row in orders(tx, who("site"), today=TODAY).rows if row.number in ordered]
    for product in set(ordered.values()):
        lines = [row.lines[0] for row in bought if ordered[row.number] == product]
        assert sum(line.used_mm or 0 for line in lines) == laid[product]
        assert all(0 <= (line.used_mm or 0) <= line.received_mm for line in lines)


def test_what_is_sent_otherwise_than_ordered_is_named_to_the_two_parties_alone(told: Told, who: Who) -> None:
    m1 = batch_of(lot="M1")
    further = two_orders() | {
        "o3": order(DEALER, "DD-9", buyer=DEALER, designation="YJV 4×35", entered_for=DEALER),
        "cheaper": dispatch(m1, units=[(1, 1)], order="DD-7", price_fen_per_metre=31_499, entered_for=MAKER),
        "as agreed": dispatch(
            m1, units=[(2, 2)], order="DD-7", price_fen_per_metre=31_500, entered_for=MAKER
        ),
        "another": dispatch(m1, units=[(3, 4)], order="DD-9", entered_for=MAKER),
    }
    tx = told(further)

    for reader in ("dealer", "maker"):
        rows = {row.number: row for row in orders(tx, who(reader), today=TODAY).rows}
        (cheaper,), (another,) = rows["DD-7"].findings, rows["DD-9"].findings
        assert (cheaper.what, cheaper.length_mm) == ("cheaper", 100_000)
        assert (cheaper.price_fen_per_metre, cheaper.agreed_fen_per_metre) == (31_499, 31_500)
        assert cheaper.event == further["cheaper"]["draft"]["id"]
        assert (another.what, another.length_mm, another.agreed_fen_per_metre) == (
            "other-cable",
            200_000,
            None,
        )
        assert rows["DD-8"].findings == ()
    alerts = {row.rule: row for row in alert_rows(tx, who("officer of the prefecture")).rows}
    assert {"order-other-cable", "price-below-order"} <= alerts.keys()
    assert "314" not in alerts["price-below-order"].detail.zh + alerts["price-below-order"].detail.en
    for stranger in ("shop", "other maker"):
        assert not {"order-other-cable", "price-below-order"} & {
            row.rule for row in alert_rows(tx, who(stranger)).rows
        }
        assert orders(tx, who(stranger), today=TODAY).rows == ()


def test_metres_laid_of_a_cable_that_two_supply_are_told_of_neither(told: Told, who: Who) -> None:
    tx = told({})

    (bought,) = orders(tx, who("site"), today=TODAY).rows
    (sold,) = orders(tx, who("maker"), today=TODAY).rows

    assert (bought.lines[0].used_mm, sold.lines[0].used_mm) == (None, None)


def test_orders_of_others_are_not_shown(tx: Connection, who: Who) -> None:
    for reader in ("stranger", "other maker", "shop"):
        assert orders(tx, who(reader), today=TODAY).rows == ()
    for reader in ("officer of the prefecture", "anybody"):
        with pytest.raises(InputError):
            orders(tx, who(reader), today=TODAY)


def test_cables_are_the_same_in_any_spelling_and_otherwise_only_letter_by_letter() -> None:
    assert is_same("YJV 0.6/1kV 3×95+1×50", "yjv-3*95+1*50")
    assert not is_same("YJV 4×35", "YJV 4×50")
    assert is_same("甲型", "甲型 ")
    assert not is_same("甲型", "乙型")
