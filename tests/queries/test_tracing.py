"""Tracing down: nodes, edges and tables add up, for every reader and as of every index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from sqlalchemy import Connection

from cabletrace.auth.actor import Actor
from cabletrace.model.values import party_id
from cabletrace.queries.flow_of_lots import flow_json, flow_of_lots
from cabletrace.queries.starting_points import OfBatch, OfMaker, OfProduct
from cabletrace.queries.trace import traced
from drafts_for_tests import DEALER, MAKER, PRODUCT, SITE

Who = Callable[[str], Actor]


def subjects(ledger: Any) -> list[tuple[Any, int]]:
    """What can be traced, with the millimetres produced of it."""
    return [
        (OfBatch(ledger.code["L1"]), 1_100_000),
        (OfProduct(MAKER, PRODUCT), 1_600_000),
        (OfMaker(MAKER), 1_600_000),
    ]


@pytest.mark.parametrize("reader", ["operator", "maker", "officer of the prefecture"])
def test_what_stays_equals_what_was_produced(tx: Connection, ledger: Any, who: Who, reader: str) -> None:
    for subject, produced_mm in subjects(ledger):
        trace = traced(tx, who(reader), subject)

        assert trace is not None
        assert trace.produced_mm == produced_mm
        assert sum(row.total_mm for row in trace.regions) == produced_mm
        assert sum(sum(node.stays.values()) for node in trace.nodes) == produced_mm


@pytest.mark.parametrize("reader", ["operator", "maker", "dealer", "site", "officer of Fuyang", "shop"])
def test_at_each_node_what_came_in_goes_out_or_stays(
    tx: Connection, ledger: Any, who: Who, reader: str
) -> None:
    for up_to in range(ledger.index["production"], ledger.index["production-j"]):
        trace = traced(tx, who(reader), OfBatch(ledger.code["L1"]), up_to=up_to)
        assert trace is not None
        left = Counter({node.key: node.made_mm for node in trace.nodes})
        for leg in trace.legs:
            left[leg.source] -= leg.length_mm
            left[leg.target] += leg.length_mm

        assert left == Counter({node.key: sum(node.stays.values()) for node in trace.nodes})
        assert len({node.key for node in trace.nodes}) == len(trace.nodes)


def test_legs_lead_from_the_maker_over_the_dealer_to_the_site(tx: Connection, ledger: Any, who: Who) -> None:
    trace = traced(tx, who("operator"), OfBatch(ledger.code["L1"]))

    assert trace is not None
    parties = {node.key: node.party for node in trace.nodes}
    legs = Counter({})
    for leg in trace.legs:
        legs[parties[leg.source], parties[leg.target]] += leg.length_mm
    assert legs[party_id(MAKER), party_id(DEALER)] == 500_000
    assert legs[party_id(DEALER), party_id(SITE)] == 250_000


def test_projects_and_stops_name_metres_and_the_last_event(tx: Connection, ledger: Any, who: Who) -> None:
    trace = traced(tx, who("operator"), OfBatch(ledger.code["L1"]))

    assert trace is not None
    (project,) = trace.projects
    assert (project.arrived_mm, project.there_mm, project.used_mm) == (250_000, 190_000, 60_000)
    (stop,) = trace.stops
    assert (stop.state, stop.region, stop.length_mm) == ("transit", "341202", 250_000)
    assert stop.last_index == ledger.index["dispatch-3"]


@pytest.mark.parametrize("reader", ["other maker", "stranger", "officer of Jinan"])
def test_a_foreign_batch_or_maker_cannot_be_traced(
    tx: Connection, ledger: Any, who: Who, reader: str
) -> None:
    for subject, _ in subjects(ledger):
        assert traced(tx, who(reader), subject) is None


def test_tracing_a_maker_shows_only_batches_that_are_open_to_the_reader(
    tx: Connection, ledger: Any, who: Who
) -> None:
    trace = traced(tx, who("shop"), OfMaker(MAKER))

    assert trace is not None
    assert trace.produced_mm == 1_100_000  # L1 alone


def test_a_trace_does_not_name_whom_the_reader_may_not_know(tx: Connection, ledger: Any, who: Who) -> None:
    by_maker = repr(asdict(traced(tx, who("maker"), OfBatch(ledger.code["L1"]))))  # type: ignore[call-overload]
    by_site = repr(asdict(traced(tx, who("site"), OfBatch(ledger.code["L1"]))))  # type: ignore[call-overload]

    assert "太康" not in by_maker
    assert "示范小区" not in by_maker
    assert "阜阳" not in by_site
    assert "341202" not in by_site


def test_the_flow_of_lots_has_the_shape_of_the_truth_and_its_sums(
    tx: Connection, ledger: Any, who: Who
) -> None:
    flow = flow_json(flow_of_lots(tx, who("operator"), maker=MAKER))

    assert set(flow["by_lot"]) == {"L1", "L2"}
    assert flow["by_lot"]["L1"] == {
        "produced_mm": 1_100_000,
        "where": [
            {"state": "held", "region": "411602", "length_mm": 250_000},
            {"state": "held", "region": "411603", "length_mm": 347_000},
            {"state": "project", "region": "411627", "length_mm": 190_000},
            {"state": "sampled", "region": "411603", "length_mm": 3_000},
            {"state": "transit", "region": "341202", "length_mm": 250_000},
            {"state": "used", "region": "411627", "length_mm": 60_000},
        ],
    }
    assert flow["by_region"]["411627"] == {"project": 690_000, "used": 60_000}
    assert sum(sum(states.values()) for states in flow["by_region"].values()) == 1_600_000


def test_an_authority_is_told_more_of_others_in_the_trace_of_one_batch_than_over_a_maker(
    tx: Connection, ledger: Any, who: Who
) -> None:
    officer = who("officer of Fuyang")

    one = traced(tx, officer, OfBatch(ledger.code["L1"]))
    many = traced(tx, officer, OfMaker(MAKER))

    assert one is not None
    assert many is not None
    assert {row.region[:4] for row in one.where if row.others} - {"", "3412"}
    assert {(row.state, row.region) for row in many.where if row.others} == {("elsewhere", "")}
    assert sum(row.length_mm for row in many.where) == many.produced_mm


def test_the_flow_of_lots_is_cut_to_the_reader_and_to_the_index(
    tx: Connection, ledger: Any, who: Who
) -> None:
    foreign = flow_of_lots(tx, who("officer of Jinan"))
    early = flow_of_lots(tx, who("operator"), up_to=ledger.index["production"])

    assert [lot.lot for lot in foreign] == ["J1"]
    assert [(lot.lot, lot.where) for lot in early] == [("L1", (("held", "411603", 1_100_000),))]
