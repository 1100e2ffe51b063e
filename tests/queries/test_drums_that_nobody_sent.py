"""Two ledgers that differ in what is left on a drum that nobody sent to a receiver: from none of his answers, pages or rules
does he learn it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from cabletrace.alerts import register as alert_register
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Role
from cabletrace.db.engine import begin_write
from cabletrace.ledger.sequencer import Receipt
from cabletrace.queries.batch import BatchPage, batch_page
from cabletrace.queries.rows import batch_rows
from cabletrace.queries.starting_points import OfBatch, OfMaker
from cabletrace.queries.trace import Trace, traced
from drafts_for_tests import (
    DEALER,
    MAKER,
    REGULATOR,
    SITE,
    Envelope,
    dispatch,
    disposal,
    production,
    receipt,
)
from house_for_tests import House, open_house, signed_in

TODAY = date(2026, 5, 2)
SHOP = signed_in(SITE, Role.CONTRACTOR)
#: (metres that the maker had scrapped of drum 1 before it was received elsewhere)
WORLDS = (0, 1_000, 100_000, 249_999)
Said = dict[str, Any]
SAYINGS: tuple[Said, ...] = (
    {},
    {"measured": [(1, 250_000)]},
    {"measured": [(1, 248_500)]},
    {"measured": [(1, 150_000)]},
    {"measured": [(1, 1)]},
    {"length_mm": 250_000},
    {"length_mm": 149_000},
)


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[list[House]]:
    with ExitStack() as opened:
        houses = []
        for scrapped_mm in WORLDS:
            (tmp_path / str(scrapped_mm)).mkdir()
            house = opened.enter_context(open_house(tmp_path / str(scrapped_mm)))
            with begin_write(house.engine) as tx:
                alert_register.metadata.create_all(tx)
            house.happened(production(entered_for=MAKER))
            # In each world as many events, of which one concerns another drum in the first.
            unit, gone_mm = (1, scrapped_mm) if scrapped_mm else (2, 1_000)
            house.happened(disposal(unit=unit, length_mm=gone_mm, on="2026-04-05", entered_for=MAKER))
            houses.append(house)
        yield houses


def answer_to(house: House, envelope: Envelope, by: Actor = SHOP) -> Any:
    """What is answered to who enters it, without what is another one with every ledger."""
    (answer,) = house.record(envelope, by=by)
    if isinstance(answer, Receipt):
        return answer.seq
    return [
        (problem.code, problem.where, problem.came, problem.detail, problem.remedy)
        for problem in answer.problems
    ]


def told_to(house: House, reader: Actor) -> Any:
    code = house.code(MAKER)
    with house.reading() as tx:
        page = page_of(tx, reader, code)
        (row,) = batch_rows(tx, [code], reader.scope)
        traces = [traced(tx, reader, of) for of in (OfBatch(code), OfMaker(MAKER))]
        return (
            page.where, page.units, page.holdings, page.regions, page.findings, page.answer,
            [(event.kind, event.what, event.marks) for event in page.events],
            row.holdings,
            [without_codes(trace) for trace in traces],
        )  # fmt: skip


def without_codes(trace: Trace | None) -> Trace | None:
    """A batch has another code in every world."""
    if trace is None:
        return None
    batches = tuple(replace(batch, code="", printed="") for batch in trace.batches)
    return replace(trace, subject=OfMaker(MAKER), begin=OfMaker(MAKER), batches=batches)


def page_of(tx: Connection, reader: Actor, code: str) -> BatchPage:
    page = batch_page(tx, reader, code, today=TODAY)
    assert page is not None
    return page


@pytest.mark.parametrize("said", SAYINGS)
def test_a_receiver_to_whom_nobody_sent_is_told_what_he_said_and_nothing_of_what_was_left(
    worlds: list[House], said: Said
) -> None:
    received = receipt(units=[(1, 1)], place={"region": "411627"}, **said)
    answers = [answer_to(house, received) for house in worlds]

    told = [told_to(house, SHOP) for house in worlds]

    assert answers == [answers[0]] * len(worlds)
    assert answers[0] == worlds[0].size - 1
    assert told == [told[0]] * len(worlds)


@pytest.mark.parametrize("said", [{}, {"measured": [(1, 150_000)]}])
def test_what_he_does_with_it_afterwards_is_answered_alike(worlds: list[House], said: Said) -> None:
    steps = (
        receipt(units=[(1, 1)], place={"region": "411627"}, **said),
        dispatch(to=DEALER, region="411602", units=[(1, 1)], length_mm=77_777, on="2026-04-20"),
        disposal(unit=1, length_mm=1_000, on="2026-04-21"),
        disposal(unit=1, length_mm=250_000, on="2026-04-21"),
        dispatch(to=DEALER, region="411602", units=[(1, 1)], on="2026-04-22"),
    )

    answers = [[answer_to(house, step) for step in steps] for house in worlds]

    assert answers == [answers[0]] * len(worlds)
    assert told_to(worlds[0], SHOP) == told_to(worlds[-1], SHOP)


def test_who_had_the_drum_and_the_authority_are_told_what_is_to_be_explained(worlds: list[House]) -> None:
    house = worlds[WORLDS.index(100_000)]
    house.happened(receipt(units=[(1, 1)], place={"region": "411627"}, entered_for=SITE))
    code = house.code(MAKER)

    with house.reading() as tx:
        pages = {
            who: page_of(tx, reader, code)
            for who, reader in {
                "maker": signed_in(MAKER, Role.MANUFACTURER),
                "regulator": signed_in(REGULATOR, Role.REGULATOR, "411600"),
                "receiver": SHOP,
            }.items()
        }

    # 150 m were left, and 250 m are said to have come: 100 m came from nowhere.
    assert {who: page.holdings.get("unexplained") for who, page in pages.items()} == {
        "maker": -100_000,
        "regulator": -100_000,
        "receiver": None,
    }
    assert any("100 m" in finding.text.zh for finding in pages["regulator"].findings)
    assert {who: sum(page.holdings.values()) for who, page in pages.items()} == dict.fromkeys(
        pages, 1_000_000
    )
    assert [row.holder.zh for row in pages["regulator"].where if row.state == "unexplained"] == [
        "周口市示例电缆有限公司"
    ]


def test_less_than_was_left_is_for_the_holder_to_explain_too_and_a_late_dispatch_changes_nothing(
    worlds: list[House],
) -> None:
    house, maker = worlds[0], signed_in(MAKER, Role.MANUFACTURER)
    house.happened(
        receipt(units=[(1, 1)], measured=[(1, 200_000)], place={"region": "411627"}, entered_for=SITE)
    )
    code = house.code(MAKER)
    with house.reading() as tx:
        before = page_of(tx, maker, code)

    house.happened(dispatch(to=SITE, region="411627", units=[(1, 1)], on="2026-04-08", entered_for=MAKER))

    with house.reading() as tx:
        after = page_of(tx, maker, code)
    assert before.holdings["unexplained"] == 50_000
    assert before.units == after.units
    assert before.holdings == after.holdings


def test_drums_of_one_receipt_are_posted_each_as_it_is_said(worlds: list[House]) -> None:
    house = worlds[WORLDS.index(1_000)]
    house.happened(
        receipt(
            units=[(1, 4)],
            measured=[(2, 100_000), (4, 249_000)],
            place={"region": "411627"},
            entered_for=SITE,
        )
    )

    with house.reading() as tx:
        page = page_of(tx, SHOP, house.code(MAKER))

    assert [(row.first, row.last, row.length_mm) for row in page.units] == [
        (1, 1, 250_000), (2, 2, 100_000), (3, 4, 250_000),
    ]  # fmt: skip


def test_what_was_sent_to_the_receiver_keeps_the_metres_of_the_books_whatever_it_measures(
    worlds: list[House],
) -> None:
    house = worlds[WORLDS.index(100_000)]
    house.happened(
        dispatch(to=SITE, region="411627", units=[(1, 1)], on="2026-04-08", entered_for=MAKER),
        receipt(units=[(1, 1)], measured=[(1, 100_000)], place={"region": "411627"}, entered_for=SITE),
    )

    with house.reading() as tx:
        page = page_of(tx, SHOP, house.code(MAKER))

    assert [(row.first, row.last, row.length_mm) for row in page.units] == [(1, 1, 150_000)]
