"""Whose makers an authority sees by class, and that nobody else is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import Connection

from cabletrace.auth.actor import Actor
from cabletrace.errors import InputError
from cabletrace.ledger import store
from cabletrace.model.values import party_id
from cabletrace.queries.desk import desk
from cabletrace.queries.events import event_page, events_at
from cabletrace.queries.risk import RiskRow, risk_list
from drafts_for_tests import MAKER, OTHER_MAKER, REGULATOR, Envelope, correction, credit_class

from .conftest import TODAY

Who = Callable[[str], Actor]
Told = Callable[[dict[str, Envelope]], Connection]
FIRST = credit_class(letter="B", number="2025-1", on="2025-04-01", entered_for=REGULATOR)
NEWEST = credit_class(letter="D", on="2026-04-01", entered_for=REGULATOR)
LATE = credit_class(letter="A", source="旧文件", number=None, on="2024-04-01", entered_for=REGULATOR)
WRONG = credit_class(letter="A", on="2026-04-20", entered_for=REGULATOR)
CLASSES = {"first": FIRST, "newest": NEWEST, "recorded late": LATE, "wrong": WRONG}
CORRECTED = {
    **CLASSES,
    "voided": correction(WRONG, entered_for=REGULATOR),
    "put right": correction(NEWEST, credit_class(letter="C", on="2026-04-02"), entered_for=REGULATOR),
}


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


# --- the official credit class ------------------------------------------------------------------------


def test_the_official_class_of_the_newest_day_stands_beside_the_own_one(
    tx: Connection, told: Told, who: Who
) -> None:
    before, now = (
        row_of(tx, who("officer of the prefecture")),
        row_of(told(CLASSES), who("officer of the prefecture")),
    )

    assert (before.official, before.official_before) == (None, ())
    assert now.official is not None
    assert (now.official.letter, now.official.on.isoformat(), now.official.number) == (
        "A",
        "2026-04-20",
        "2026-1",
    )
    assert [(each.letter, each.number) for each in now.official_before] == [
        ("D", "2026-1"),
        ("B", "2025-1"),
        ("A", ""),
    ]
    assert (now.letter, now.score, now.items, now.vetoes) == (
        before.letter,
        before.score,
        before.items,
        before.vetoes,
    )


def test_a_correction_of_an_official_class_counts_and_a_voided_one_does_not(told: Told, who: Who) -> None:
    row = row_of(told(CORRECTED), who("officer of the prefecture"))

    assert row.official is not None
    assert (row.official.letter, row.official.on.isoformat()) == ("C", "2026-04-02")
    assert row.official.event == NEWEST["draft"]["id"]
    assert [each.letter for each in row.official_before] == ["B", "A"]


def test_an_official_class_is_told_to_the_market_regulators_of_the_region_alone(told: Told, who: Who) -> None:
    tx = told(CORRECTED)
    indexes = {
        row.seq for row in store.read_rows_by_id(tx, [e["draft"]["id"] for e in CORRECTED.values()]).values()
    }
    elsewhere = who("officer of the county")
    county = replace(elsewhere, scope=replace(elsewhere.scope, regions=frozenset({"411603"})))
    of_the_county = row_of(tx, county).official
    size = store.read_head(tx).size

    assert of_the_county is not None
    assert (of_the_county.letter, of_the_county.event) == ("C", "")  # another authority's record
    assert all(row.official is None for row in risk_list(tx, who("officer of Jinan"), today=TODAY).rows)
    own = event_page(tx, who("officer of the prefecture"), FIRST["draft"]["id"])
    assert own is not None
    assert own.happening.what.zh == "B 类，信用风险一般，省企业信用风险分类管理系统，编号 2025-1"
    others = ("maker", "dealer", "other maker", "operator", "officer of Jinan")
    for name, reader in {"county": county, **{name: who(name) for name in others}}.items():
        assert event_page(tx, reader, FIRST["draft"]["id"]) is None
        assert {each.index for each in events_at(tx, reader, range(size))}.isdisjoint(indexes), name
        assert {each.index for each in desk(tx, reader, today=TODAY, limit=200).newest}.isdisjoint(indexes), (
            name
        )


def row_of(tx: Connection, actor: Actor) -> RiskRow:
    (row,) = risk_list(tx, actor, today=TODAY, maker=party_id(MAKER)).rows
    return row
