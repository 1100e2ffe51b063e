"""What each reader is told of metres: hit, desk, page, drum, trace and filter say the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection

from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Action
from cabletrace.queries.batch import batch_page
from cabletrace.queries.desk import desk
from cabletrace.queries.search import search
from cabletrace.queries.starting_points import OfBatch
from cabletrace.queries.trace import traced
from cabletrace.queries.unit import unit_card
from cabletrace.search.embedded import EmbeddedIndex
from cabletrace.search.facets import STATES, read_chosen

TODAY = date(2026, 5, 2)
Who = Callable[[str], Actor]
ORGANISATIONS = ("maker", "dealer", "shop", "site", "supervisor", "laboratory")
AUTHORITIES = ("officer of the prefecture", "officer of the county", "officer of Fuyang")
READERS = ("operator", *ORGANISATIONS, *AUTHORITIES)


@pytest.mark.parametrize("reader", READERS)
def test_a_filter_by_state_finds_what_the_line_of_the_hit_says(
    tx: Connection, index: EmbeddedIndex, who: Who, reader: str
) -> None:
    said = {
        (row.batch.code, state)
        for row in search(tx, who(reader), index, "").rows
        for state in row.batch.holdings
        if state != "elsewhere"
    }

    found = {
        (row.batch.code, state)
        for state in STATES
        for row in search(tx, who(reader), index, "", chosen=read_chosen({"state": [state]})).rows
    }

    assert said == found
    assert bool(found) == (reader != "laboratory")  # which has had no metre of them


@pytest.mark.parametrize("reader", READERS)
def test_line_desk_page_and_trace_say_the_same_of_the_same_metres(
    tx: Connection, index: EmbeddedIndex, ledger: Any, who: Who, reader: str
) -> None:
    code, actor = ledger.code["L1"], who(reader)
    (hit,) = (row.batch for row in search(tx, actor, index, "").rows if row.batch.code == code)
    (recent,) = (row for row in desk(tx, actor, today=TODAY).recent if row.code == code)
    page = batch_page(tx, actor, code, today=TODAY)
    assert page is not None

    assert hit.holdings == recent.holdings
    assert sum(hit.holdings.values()) == sum(page.holdings.values()) == hit.length_mm
    if (
        reader in AUTHORITIES
    ):  # which are told region and state of the rest, batch by batch, and nobody's name
        assert {row.region for row in page.where} >= {"341202"}
        told = {state: mm for state, mm in hit.holdings.items() if state != "elsewhere"}
        assert all(mm <= page.holdings[state] for state, mm in told.items())
        assert "elsewhere" not in page.holdings
    else:
        assert dict(page.holdings) == dict(hit.holdings)
    if actor.reach(Action.READ_TRACE):
        trace = traced(tx, actor, OfBatch(code))
        assert trace is not None
        assert (trace.holdings, trace.where) == (page.holdings, page.where)


@pytest.mark.parametrize("reader", ORGANISATIONS)
def test_an_organisation_is_told_of_no_drum_that_is_anothers(
    tx: Connection, ledger: Any, who: Who, reader: str
) -> None:
    actor = who(reader)
    page = batch_page(tx, actor, ledger.code["L1"], today=TODAY)
    whole = batch_page(tx, who("operator"), ledger.code["L1"], today=TODAY)
    assert page is not None
    assert whole is not None
    told = {unit for row in page.units for unit in range(row.first, row.last + 1)}

    for unit in range(1, 5):
        assert bool(unit_card(tx, page, unit, {}).places) == (unit in told)
    assert all(not row.others and row.state != "elsewhere" for row in page.units)
    assert page.holdings["elsewhere"] > 0
    assert sum(row.length_mm for row in page.where if row.others) == page.holdings["elsewhere"]
    assert len(told) < sum(row.count for row in whole.units)
