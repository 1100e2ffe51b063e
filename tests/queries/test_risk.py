"""Whose makers an authority sees by class, and that nobody else is told."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import Connection

from cabletrace.auth.actor import Actor
from cabletrace.errors import InputError
from cabletrace.model.values import party_id
from cabletrace.queries.risk import risk_list
from drafts_for_tests import MAKER, OTHER_MAKER

from .conftest import TODAY

Who = Callable[[str], Actor]


def test_makers_are_classed_for_the_authorities_of_their_region_alone(tx: Connection, who: Who) -> None:
    home = risk_list(tx, who("officer of the prefecture"), today=TODAY)
    jinan = risk_list(tx, who("officer of Jinan"), today=TODAY)
    fuyang = risk_list(tx, who("officer of Fuyang"), today=TODAY)

    assert {row.maker.id for row in home.rows} == {party_id(MAKER)}
    assert {row.maker.id for row in jinan.rows} == {party_id(OTHER_MAKER)}
    assert fuyang.rows == ()
    for nobody in ("maker", "dealer", "operator", "anybody"):
        with pytest.raises(InputError):
            risk_list(tx, who(nobody), today=TODAY)


def test_a_row_says_what_it_rests_on(tx: Connection, who: Who) -> None:
    found = risk_list(tx, who("officer of the prefecture"), today=TODAY)
    (row,) = found.rows
    items = {item.name: item for item in row.items}

    assert sum(found.counts.values()) == 1
    assert found.counts[row.letter] == 1
    assert row.score == 100 - sum((item.points for item in row.items), Decimal(0))
    assert items["tests"].measure is None  # the supervision test of L1 failed, and is not final
    assert items["price"].measure is None
    assert row.is_due == (row.last_visit is None or row.due <= TODAY)
    assert risk_list(tx, who("officer of the prefecture"), today=TODAY, letter=row.letter).rows == (row,)
    others = {"A", "B", "C", "D"} - {row.letter}
    assert all(
        not risk_list(tx, who("officer of the prefecture"), today=TODAY, letter=other).rows
        for other in others
    )
