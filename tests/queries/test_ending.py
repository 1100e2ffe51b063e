"""Units and grants that end soon are told to the organisation that may prolong them, in time and not before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Connection

from cabletrace.auth.actor import Actor
from cabletrace.queries.ending import ending_soon, is_told
from drafts_for_tests import DEALER, LABORATORY, MAKER, REGULATOR, SUPERVISOR, Envelope, grant, party, unit

TODAY = date(2026, 5, 2)
BRANCH, POST = ("00000000-0000-4000-8000-00000000d001", "00000000-0000-4000-8000-00000000d002")
Who = Callable[[str], Actor]
Told = Callable[[dict[str, Envelope]], Connection]


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2025-01-01", "2026-07-31", True),  # 90 days
        ("2025-01-01", "2026-08-01", False),  # 91
        ("2025-01-01", "2026-05-02", True),  # today is its last day
        ("2025-01-01", "2026-05-01", False),  # it is over
        ("2026-05-02", "2026-07-31", False),  # it begins today, for the usual ninety days
        ("2026-04-02", "2026-06-01", True),  # half of sixty days is over
        ("2026-04-03", "2026-06-01", False),  # a day less
        (None, "2026-07-31", True),
    ],
)
def test_an_end_is_told_ninety_days_before_it_and_never_in_the_first_half(
    first: str | None, last: str, told: bool
) -> None:
    begun = None if first is None else date.fromisoformat(first)

    assert is_told(begun, date.fromisoformat(last), TODAY) == told


def test_whose_unit_or_grant_it_is_is_told_and_nobody_else(told: Told, who: Who) -> None:
    tx = told(
        {
            "branch": party(
                BRANCH, "开发区分局", "regulator", entered_for=REGULATOR,
                part_of=unit(regions=["411603"], valid_from="2025-01-01", valid_to="2026-06-30"),
            ),
            "post": party(
                POST, "五一路所", "regulator", entered_for=REGULATOR,
                part_of=unit(BRANCH, "post", regions=["411603"], valid_from="2025-01-01", valid_to="2026-06-15"),
            ),
            "later": party(
                "00000000-0000-4000-8000-00000000d003", "城东分局", "regulator", entered_for=REGULATOR,
                part_of=unit(regions=["411602"], valid_from="2025-01-01", valid_to="2027-06-30"),
            ),
            "lent": grant(MAKER, LABORATORY, "testing", valid_to="2026-06-01", entered_for=MAKER),
            "of others": grant(DEALER, LABORATORY, "testing", valid_to="2026-06-01", entered_for=DEALER),
        }
    )  # fmt: skip

    of_authority = ending_soon(tx, who("officer of the prefecture"), today=TODAY)
    of_maker = ending_soon(tx, who("maker"), today=TODAY)

    assert [(each.name, each.unit, each.days_left) for each in of_authority] == [
        ("五一路所", POST, 44),
        ("开发区分局", BRANCH, 59),
    ]
    assert [(each.sort, each.what.zh, each.last_day) for each in of_maker] == [
        ("grant", "代录检测", date(2026, 6, 1))
    ]
    for other in ("laboratory", "site", "officer of the county", "operator", "anybody"):
        assert ending_soon(tx, who(other), today=TODAY) == ()


@pytest.mark.parametrize(
    ("second", "silent"),
    [
        ({"kinds": ("testing", "receipt"), "valid_from": "2026-06-02"}, True),
        ({"kinds": ("testing",), "valid_from": "2026-06-03"}, False),  # a day without
        ({"kinds": ("receipt",), "valid_from": "2026-06-02"}, False),  # other work
        ({"kinds": ("testing",), "valid_from": "2026-01-01", "to": SUPERVISOR}, False),
    ],
)
def test_a_grant_that_another_follows_is_not_told(
    told: Told, who: Who, second: dict[str, object], silent: bool
) -> None:
    follows = grant(
        MAKER,
        str(second.get("to", LABORATORY)),
        *second["kinds"],  # type: ignore[misc]
        valid_from=str(second["valid_from"]),
        valid_to="2027-12-31",
        entered_for=MAKER,
    )
    first = grant(MAKER, LABORATORY, "testing", valid_to="2026-06-01", entered_for=MAKER)
    tx = told({"first": first, "second": follows})

    assert (ending_soon(tx, who("maker"), today=TODAY) == ()) == silent
