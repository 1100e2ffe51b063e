"""Certificates that are about to end, with what rests on them: the own ones, and those of the goods in stock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection

from cabletrace.auth.actor import Actor
from cabletrace.queries.due_certificates import due_certificates
from drafts_for_tests import DEALER, DESIGNATION, LICENCE, MAKER, Envelope, certificate, order

Who = Callable[[str], Actor]
Told = Callable[[dict[str, Envelope]], Connection]


@pytest.mark.parametrize(
    ("today", "days_left", "urgent"),
    [
        (date(2028, 1, 20), 90, False),
        (date(2028, 3, 20), 30, True),
        (date(2028, 4, 19), 0, True),
        (date(2028, 4, 20), None, True),
    ],
)
def test_a_maker_sees_its_certificate_by_the_days_that_are_left(
    tx: Connection, who: Who, today: date, days_left: int | None, urgent: bool
) -> None:
    (found,) = due_certificates(tx, who("maker"), today=today)

    assert (found.card.number, found.own, found.days_left) == (LICENCE, True, days_left)
    assert found.is_urgent is urgent
    assert found.products == (DESIGNATION,)
    assert found.stock_mm == 347_000


def test_one_that_holds_for_longer_is_not_listed(tx: Connection, who: Who) -> None:
    assert due_certificates(tx, who("maker"), today=date(2028, 1, 19)) == ()


def test_a_suspended_one_is_listed_at_once_with_the_open_orders_that_want_it(told: Told, who: Who) -> None:
    tx = told(
        {
            "more": order(
                DEALER, "DD-9", buyer=DEALER, designation="YJV 3*95+1*50", entered_for=DEALER
            ),
            "again": order(DEALER, "DD-10", buyer=DEALER, entered_for=DEALER),
            "suspended": certificate(status="suspended", valid_from="2026-04-30", entered_for=MAKER),
        }
    )  # fmt: skip

    (found,) = due_certificates(tx, who("maker"), today=date(2026, 5, 2))

    assert found.card.today.word.en == "suspended"
    assert found.orders == ("DD-10",)  # of DD-9 all was sent


def test_a_dealer_sees_those_of_what_is_in_its_stock_and_nobody_elses(
    tx: Connection, who: Who, ledger: Any
) -> None:
    (found,) = due_certificates(tx, who("dealer"), today=date(2028, 3, 20))

    assert (found.own, found.card.number, found.stock_mm) == (False, LICENCE, 250_000)
    assert due_certificates(tx, who("stranger"), today=date(2028, 3, 20)) == ()
    assert due_certificates(tx, who("other maker"), today=date(2028, 3, 20)) == ()
