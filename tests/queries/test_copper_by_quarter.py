"""Whose copper by quarter is open to whom: the maker's own, its region's authorities', and nobody's who sees a part of its goods."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from cabletrace.auth.actor import Actor
from cabletrace.model.values import party_id
from cabletrace.queries.copper import copper_of
from drafts_for_tests import DEALER, MAKER

Who = Callable[[str], Actor]


def test_copper_by_quarter_is_for_the_maker_and_its_regions_authorities(tx: Connection, who: Who) -> None:
    maker = party_id(MAKER)

    seen = {
        reader: copper_of(tx, who(reader), maker)
        for reader in ("maker", "operator", "officer of the prefecture")
    }
    hidden = {
        reader: copper_of(tx, who(reader), maker)
        for reader in ("dealer", "site", "shop", "laboratory", "officer of Fuyang", "stranger")
    }

    (quarter,) = seen["maker"]
    assert set(seen.values()) == {(quarter,)}
    assert set(hidden.values()) == {()}
    assert {batch.lot for batch in quarter.batches} >= {"L1", "L2"}
    assert quarter.compared + quarter.unweighed + quarter.not_compared == len(quarter.batches)
    assert copper_of(tx, who("dealer"), party_id(DEALER)) == ()
