"""Where a trace can begin: a drum, a certificate, a lot of copper, uncoded goods, a report, a complaint, a project, a holder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection

import drafts_for_tests as some
from cabletrace.auth.actor import Actor
from cabletrace.errors import InputError
from cabletrace.flow.books import codes_of_lots
from cabletrace.model.state import MaterialIn
from cabletrace.model.values import business_id, party_id
from cabletrace.queries.starting_points import (
    AtProject,
    HeldBy,
    OfBatch,
    OfCertificate,
    OfEvent,
    OfGoods,
    OfMaker,
    OfMaterial,
    OfUnit,
)
from cabletrace.queries.trace import Trace, traced
from cabletrace.queries.trace_moments import moments_of
from drafts_for_tests import (
    DEALER,
    LICENCE,
    MAKER,
    OTHER_MAKER,
    PROJECT,
    REGULATOR,
    SITE,
    Envelope,
    batch_of,
)

from .conftest import SHOP, STRANGER

Who = Callable[[str], Actor]
Tell = Callable[[dict[str, Envelope]], Connection]

THE_PROJECT = business_id("project", party_id(PROJECT["keeper"]), PROJECT["number"])
GOODS = "00000000-0000-4000-8000-0000000000e1"
COPPER = "T2-2603-118"
WORKSHOP = "00000000-0000-4000-8000-0000000000e9"


def code_of(tx: Connection) -> str:
    return codes_of_lots(tx, ["L1"])["L1"][0][1]


def legs_of(found: Trace | None) -> list[tuple[str, str, int]]:
    """(from, to, m) by name of the party, or of the project where it is one."""
    assert found is not None
    names = {node.key: node.project_name or node.name.zh for node in found.nodes}
    return sorted((names[leg.source], names[leg.target], leg.length_mm // 1000) for leg in found.legs)


def assert_adds_up(found: Trace) -> None:
    left = {node.key: node.made_mm for node in found.nodes}
    for leg in found.legs:
        left[leg.source] -= leg.length_mm
        left[leg.target] += leg.length_mm
    assert left == {node.key: sum(node.stays.values()) for node in found.nodes}
    assert sum(row.total_mm for row in found.regions) == found.produced_mm
    assert sum(row.length_mm for row in found.where) == found.produced_mm


MAKES, DEALS, BUILDS = "周口市示例电缆有限公司", "周口市例示五金经营部", "太康县示例建设工程有限公司"
THERE = "示范小区配电工程"


# --- one drum -----------------------------------------------------------------------------------------


def test_a_drum_is_followed_alone(tx: Connection, ledger: Any, who: Who) -> None:
    found = traced(tx, who("operator"), OfUnit(ledger.code["L1"], 2))

    assert found is not None
    assert_adds_up(found)
    assert found.produced_mm == 250_000
    assert legs_of(found) == [(DEALS, BUILDS, 250), (MAKES, DEALS, 250), (BUILDS, THERE, 250)]
    assert dict(found.holdings) == {"project": 190_000, "used": 60_000}


def test_a_piece_leads_back_through_the_drum_that_it_was_cut_from(told: Tell, who: Who) -> None:
    tx = told(
        {
            "split": some.split(
                batch_of(), unit=1, pieces=[(11, 100_000), (12, 50_000)], on="2026-04-21", entered_for=DEALER
            ),
            "piece-sent": some.dispatch(
                batch_of(), to=SITE, region="411627", units=[(11, 11)], on="2026-04-22", entered_for=DEALER
            ),
        }
    )
    code = code_of(tx)

    up = traced(tx, who("operator"), OfUnit(code, 11), direction="up")
    down = traced(tx, who("operator"), OfUnit(code, 11))
    both = traced(tx, who("operator"), OfUnit(code, 1), direction="both")
    whole = traced(tx, who("operator"), OfUnit(code, 1))

    for found in (up, down, both, whole):
        assert found is not None
        assert_adds_up(found)
    assert up is not None
    assert down is not None
    assert {mm for _, _, mm in legs_of(up)} == {100}
    assert [node.party for node in up.nodes if node.made_mm] == [party_id(MAKER)]
    assert [node.party for node in down.nodes if node.made_mm] == [party_id(DEALER)]  # there it was cut
    assert both is not None
    assert whole is not None
    assert both.produced_mm == whole.produced_mm == 250_000
    assert dict(whole.holdings) == {"held": 150_000, "transit": 100_000}


def test_the_pieces_that_others_cut_are_theirs_to_know(told: Tell, who: Who) -> None:
    tx = told(
        {"split": some.split(batch_of(), unit=1, pieces=[(11, 100_000)], on="2026-04-21", entered_for=DEALER)}
    )
    code = code_of(tx)

    assert traced(tx, who("maker"), OfUnit(code, 11)) is None
    assert traced(tx, who("maker"), OfUnit(code, 30)) is None
    for reader in ("dealer", "officer of the prefecture"):
        assert traced(tx, who(reader), OfUnit(code, 11)) is not None


def test_a_drum_that_there_was_not_yet_is_not_found(tx: Connection, ledger: Any, who: Who) -> None:
    before = ledger.index["production"] - 1

    assert traced(tx, who("operator"), OfUnit(ledger.code["L1"], 2), up_to=before) is None
    assert traced(tx, who("operator"), OfUnit(ledger.code["L1"], 9)) is None


# --- certificates, raw material -----------------------------------------------------------------------


def test_a_certificate_leads_to_the_batches_made_under_it(tx: Connection, who: Who) -> None:
    found = traced(tx, who("operator"), OfCertificate(MAKER, LICENCE))

    assert found is not None
    assert {(each.lot, each.certificate) for each in found.batches} == {("L1", LICENCE), ("L2", LICENCE)}
    assert traced(tx, who("operator"), OfCertificate(OTHER_MAKER, LICENCE)) is None
    assert traced(tx, who("officer of Jinan"), OfCertificate(MAKER, LICENCE)) is None


@pytest.fixture
def with_copper(told: Tell) -> Connection:
    made = some.production(lot="L9", units=[(1, 1, 500_000)], entered_for=MAKER)
    made["draft"]["body"]["materials"] = [
        {"material": "copper", "lot": COPPER, "mass_g": 900_000},
        {"material": "compound"},
    ]
    sent = some.dispatch(batch_of(lot="L9"), units=[(1, 1)], on="2026-04-22", entered_for=MAKER)
    got = some.receipt(batch_of(lot="L9"), units=[(1, 1)], on="2026-04-23", entered_for=DEALER)
    return told({"l9": made, "l9-sent": sent, "l9-got": got})


@pytest.mark.parametrize("reader", ["maker", "officer of the prefecture"])
def test_a_lot_of_copper_leads_to_what_was_made_of_it(with_copper: Connection, who: Who, reader: str) -> None:
    found = traced(with_copper, who(reader), OfMaterial(COPPER))

    assert found is not None
    (batch,) = found.batches
    assert (batch.lot, batch.traced_mm) == ("L9", 500_000)
    assert batch.materials == (MaterialIn("copper", COPPER, 900_000), MaterialIn("compound", "", None))


@pytest.mark.parametrize("reader", ["dealer", "operator", "officer of Jinan", "officer of the county"])
def test_what_went_in_is_told_to_the_maker_and_its_authorities_alone(
    with_copper: Connection, who: Who, reader: str
) -> None:
    assert traced(with_copper, who(reader), OfMaterial(COPPER)) is None

    found = traced(with_copper, who(reader), OfMaker(MAKER))
    assert all(each.materials == () for each in (found.batches if found else ()))


def test_a_corrected_production_has_the_right_copper(told: Tell, who: Who) -> None:
    made = some.production(lot="L9", units=[(1, 1, 500_000)], entered_for=MAKER)
    made["draft"]["body"]["materials"] = [{"material": "copper", "lot": COPPER, "mass_g": 900_000}]
    right = some.production(lot="L9", units=[(1, 1, 500_000)], entered_for=MAKER)
    right["draft"]["body"]["materials"] = [{"material": "copper", "lot": "T2-2603-119", "mass_g": 900_000}]
    tx = told({"l9": made, "right": some.correction(made, right, entered_for=MAKER)})

    assert traced(tx, who("maker"), OfMaterial(COPPER)) is None
    assert traced(tx, who("maker"), OfMaterial("T2-2603-119")) is not None


# --- up -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["operator", "site", "officer of the county", "officer of the prefecture"])
def test_what_is_at_a_project_leads_back_to_its_makers(
    tx: Connection, ledger: Any, who: Who, reader: str
) -> None:
    found = traced(tx, who(reader), AtProject(THE_PROJECT))

    assert found is not None
    assert found.direction == "up"
    assert_adds_up(found)
    assert {(each.lot, each.traced_mm) for each in found.batches} == {("L1", 250_000), ("L2", 500_000)}
    there = next(node for node in found.nodes if node.project)
    assert dict(there.stays) == {"project": 690_000, "used": 60_000}


def test_nothing_that_did_not_come_to_the_project_is_in_its_trace(
    tx: Connection, ledger: Any, who: Who
) -> None:
    found = traced(tx, who("operator"), AtProject(THE_PROJECT))

    assert found is not None
    assert {row.region for row in found.regions if row.total_mm} == {"411627"}
    assert legs_of(found) == [
        (DEALS, BUILDS, 250),
        (MAKES, DEALS, 250),
        (MAKES, THERE, 500),
        (BUILDS, THERE, 250),
    ]


def test_a_project_of_others_is_not_found(tx: Connection, who: Who) -> None:
    for reader in ("maker", "shop", "officer of Jinan", "officer of Fuyang"):
        assert traced(tx, who(reader), AtProject(THE_PROJECT)) is None


def test_a_project_is_traced_up_only(tx: Connection, who: Who) -> None:
    with pytest.raises(InputError) as refused:
        traced(tx, who("operator"), AtProject(THE_PROJECT), direction="down")

    assert refused.value.problems[0].where == "direction"


@pytest.mark.parametrize("reader", ["operator", "dealer", "officer of the prefecture"])
def test_what_a_dealer_has_leads_back_to_the_maker(
    tx: Connection, ledger: Any, who: Who, reader: str
) -> None:
    found = traced(tx, who(reader), HeldBy(DEALER))

    assert found is not None
    assert_adds_up(found)
    assert dict(found.holdings) == {"held": 250_000}
    assert [(each.lot, each.traced_mm) for each in found.batches] == [("L1", 250_000)]
    elsewhere = traced(tx, who(reader), HeldBy(DEALER, "370100"))
    assert elsewhere is not None
    assert (elsewhere.produced_mm, elsewhere.batches) == (0, ())


def test_of_what_others_hold_a_reader_learns_no_more_than_on_the_pages_of_batches(
    tx: Connection, who: Who
) -> None:
    """The maker sent it there, and is not told whether the dealer still has it."""
    by_maker = traced(tx, who("maker"), HeldBy(DEALER))
    unknown = traced(tx, who("officer of Jinan"), HeldBy(STRANGER))

    assert by_maker is not None
    assert (by_maker.produced_mm, by_maker.nodes) == (0, ())
    assert unknown is None or unknown.nodes == ()


def test_of_metres_that_nobody_made_the_origin_is_told_as_unexplained(told: Tell, who: Who) -> None:
    """100 m lie loose at the maker; the site says that it got 40 m, which nobody sent."""
    tx = told(
        {
            "loose": some.receipt(
                batch_of(), length_mm=40_000, project=PROJECT, on="2026-04-24", entered_for=SITE
            )
        }
    )

    found = traced(tx, who("operator"), AtProject(THE_PROJECT))

    assert found is not None
    assert_adds_up(found)
    assert found.holdings["unexplained"] == -40_000


# --- goods, reports, complaints -----------------------------------------------------------------------


def described(length_mm: int | None = None) -> Envelope:
    goods: dict[str, Any] = {"marks": "YJV 3×95 无厂名", "nominal_maker": "某某线缆厂"}
    if length_mm is not None:
        goods["length_mm"] = length_mm
    return some.envelope(
        "inspection",
        {"goods": GOODS},
        {"type": "routine", "number": "JC-7", "result": "rectify", "goods": goods},
        on="2026-05-01",
        place={"region": "411602"},
        entered_for=REGULATOR,
    )


def test_uncoded_goods_are_shown_as_they_are_said_to_have_come(told: Tell, who: Who) -> None:
    tx = told({"goods": described(length_mm=80_000)})

    found = traced(tx, who("officer of the prefecture"), OfGoods(GOODS))

    assert found is not None
    assert_adds_up(found)
    (leg,) = found.legs
    assert (leg.off_platform, leg.length_mm) == (True, 80_000)
    assert found.nodes[0].name.zh == "某某线缆厂"
    (stop,) = found.stops
    assert (stop.region, stop.length_mm) == ("411602", 80_000)
    assert traced(tx, who("officer of Jinan"), OfGoods(GOODS)) is None


def test_goods_that_turned_out_to_be_of_a_batch_are_traced_as_it(told: Tell, who: Who) -> None:
    found_out = some.alias({"goods": GOODS}, batch=batch_of()["batch"], entered_for=REGULATOR)
    tx = told({"goods": described(), "alias": found_out})

    found = traced(tx, who("officer of the prefecture"), OfGoods(GOODS))

    assert found is not None
    assert found.subject == OfGoods(GOODS)
    assert [each.lot for each in found.batches] == ["L1"]


def test_a_report_is_traced_by_its_batch_and_a_complaint_by_its_drum(told: Tell, who: Who) -> None:
    said = some.complaint(
        batch_of(), unit=2, place={"region": "411627"}, on="2026-05-01", entered_for=REGULATOR
    )
    tx = told({"complaint": said})
    officer = who("officer of the prefecture")

    of_complaint = traced(tx, officer, OfEvent(said["draft"]["id"]), direction="both")

    assert of_complaint is not None
    assert isinstance(of_complaint.begin, OfUnit)
    assert of_complaint.produced_mm == 250_000
    assert traced(tx, who("maker"), OfEvent(said["draft"]["id"])) is None  # who complains is not its to know


def test_a_failed_report_leads_to_its_whole_batch(tx: Connection, ledger: Any, who: Who) -> None:
    found = traced(tx, who("operator"), OfEvent(ledger.event["supervision-test"]))

    assert found is not None
    assert found.begin == OfBatch(ledger.code["L1"])
    assert found.produced_mm == 1_100_000


def test_an_event_about_nothing_that_moves_is_no_starting_point(
    tx: Connection, ledger: Any, who: Who
) -> None:
    assert traced(tx, who("operator"), OfEvent(ledger.event["shop"])) is None


# --- legs off the platform ----------------------------------------------------------------------------


def test_a_leg_to_a_party_that_is_only_named_is_shown_as_such_and_ends_the_trail(
    told: Tell, who: Who
) -> None:
    named = some.party(WORKSHOP, "某村加工点", region="411602", entered_for=MAKER)
    sent = some.dispatch(
        batch_of(), to=WORKSHOP, region="411602", units=[(3, 3)], on="2026-05-01", entered_for=MAKER
    )
    tx = told({"workshop": named, "sent": sent})

    found = traced(tx, who("operator"), OfBatch(code_of(tx)))

    assert found is not None
    off = {node.key for node in found.nodes if node.off_platform}
    assert {node.party for node in found.nodes if node.off_platform} >= {WORKSHOP}
    assert all(leg.off_platform == bool({leg.source, leg.target} & off) for leg in found.legs)
    (stop,) = (each for each in found.stops if each.holder.zh == "某村加工点")
    assert "不会在平台上登记收货" in stop.reason.zh


# --- secrecy ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["officer of the county", "officer of Fuyang", "officer of Jinan"])
def test_an_officer_learns_nothing_of_another_citys_trade_by_a_trace(
    tx: Connection, ledger: Any, who: Who, reader: str
) -> None:
    """Whatever a trace begins with, it names no party, and over many batches no region, outside of the own jurisdiction but
    those to which own goods were sent, and the maker."""
    own = {"officer of the county": "411627", "officer of Fuyang": "3412", "officer of Jinan": "3701"}[reader]
    begins = [
        OfBatch(ledger.code["L1"]),
        OfBatch(ledger.code["L2"]),
        *(OfUnit(ledger.code["L1"], n) for n in range(1, 5)),
        OfMaker(MAKER),
        OfCertificate(MAKER, LICENCE),
        OfMaterial(COPPER),
        AtProject(THE_PROJECT),
        *(HeldBy(each) for each in (MAKER, DEALER, SHOP, SITE, STRANGER)),
        *(OfEvent(each) for each in ledger.event.values()),
    ]
    for begin in begins:
        for direction in (None, "up", "both"):
            try:
                found = traced(tx, who(reader), begin, direction=direction)  # type: ignore[arg-type]
            except InputError:
                continue
            if found is None:
                continue
            for node in found.nodes:
                assert not node.party or node.region.startswith(own), (begin, node)
                assert not node.project or node.region.startswith(own)
            if isinstance(found.begin, OfMaker | OfCertificate):
                regions = {row.region for row in found.regions} - {""}
                assert all(region.startswith(own) for region in regions)
            assert all(each.materials == () for each in found.batches)


# --- moments ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reader", "last"),
    [("dealer", "receipt-2"), ("site", "use"), ("operator", "sampling"), ("shop", "dispatch-3")],
)
def test_a_day_on_which_others_moved_goods_among_themselves_is_not_told(
    tx: Connection, ledger: Any, who: Who, reader: str, last: str
) -> None:
    """All of the story was recorded on one day: its moment is the last entry that changed what the reader sees."""
    found = traced(tx, who(reader), OfBatch(ledger.code["L1"]))
    assert found is not None

    (moment,) = moments_of(tx, who(reader), found)

    assert moment.index == ledger.index[last]
