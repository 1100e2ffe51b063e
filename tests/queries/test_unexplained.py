"""What came of some drums too much and of others too little adds up to nothing, and each of it is told all the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cabletrace.alerts import register as alert_register
from cabletrace.alerts.follower import catch_up
from cabletrace.app.followers import read_accepted
from cabletrace.auth.actor import Actor
from cabletrace.auth.policy import Role
from cabletrace.db.engine import begin_write
from cabletrace.errors import Text
from cabletrace.model.postings import Posting
from cabletrace.model.scope import Scope
from cabletrace.model.state import UNEXPLAINED, Account, unexplained_at
from cabletrace.queries.batch import BatchPage, batch_page
from cabletrace.queries.names import Names
from cabletrace.queries.starting_points import OfBatch, OfMaker
from cabletrace.queries.trace import Trace, traced
from cabletrace.queries.unexplained import in_words, unexplained_rows
from cabletrace.queries.visibility import Sight
from cabletrace.web.samples_in_common import frame
from cabletrace.web.traces import trace_page
from drafts_for_tests import MAKER, REGULATOR, SITE, correction, dispatch, disposal, production, receipt
from house_for_tests import House, open_house, signed_in

NOWHERE = frame("zh", "/")
EVERYTHING = Sight(Scope(everything=True), frozenset(), frozenset())
NOBODY = Names({}, {})
BY_MAKER = signed_in(MAKER, Role.MANUFACTURER)
OFFICER = signed_in(REGULATOR, Role.REGULATOR, "411600")
SHOP = signed_in(SITE, Role.CONTRACTOR)
#: Of 250 m each: drum 1, of which the books have 150 m, is received by its label, drums 2 and 3 as 240 and 160 m.
RECEIVED = receipt(
    units=[(1, 3)], measured=[(2, 240_000), (3, 160_000)], place={"region": "411627"}, entered_for=SITE
)
DIFFERENCES = [(1, -100_000), (2, 10_000), (3, 90_000)]
READERS = pytest.mark.parametrize("reader", [BY_MAKER, OFFICER], ids=["maker", "authority"])


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as house:
        with begin_write(house.engine) as tx:
            alert_register.metadata.create_all(tx)
        house.happened(
            production(entered_for=MAKER),
            disposal(unit=1, length_mm=100_000, on="2026-04-05", entered_for=MAKER),
            RECEIVED,
        )
        yield house


def page_of(house: House, reader: Actor) -> BatchPage:
    with house.reading() as tx:
        page = batch_page(tx, reader, house.code(MAKER), today=date(2026, 5, 2))
    assert page is not None
    return page


def traces_of(house: House, reader: Actor, up_to: int | None = None) -> list[Trace]:
    with house.reading() as tx:
        found = [
            traced(tx, reader, subject, up_to=up_to)
            for subject in (OfBatch(house.code(MAKER)), OfMaker(MAKER))
        ]
    return [trace for trace in found if trace is not None]


def drums(found: BatchPage | Trace) -> list[tuple[int, int]]:
    return [(row.first, row.length_mm) for row in found.unexplained]


@READERS
def test_a_claim_of_too_much_is_told_on_the_batch_though_shortages_make_up_for_it(
    house: House, reader: Actor
) -> None:
    page = page_of(house, reader)

    assert drums(page) == DIFFERENCES
    assert sorted(row.length_mm for row in page.where if row.state == "unexplained") == [-100_000, 100_000]
    assert sum(row.length_mm for row in page.where) == page.length_mm
    assert sum(row.total_mm for row in page.unexplained) == page.holdings.get("unexplained", 0) == 0
    assert [each.text.zh for each in page.findings if "比账上" in each.text.zh] == [
        "收货方报的比账上多 100 m（1 号盘）",
        "收货方报的比账上少 100 m（2, 3 号盘）",
    ]
    assert [each.text.en for each in page.findings if "the books had" in each.text.en] == [
        "the receiver reports 100 m more than the books had (drum 1)",
        "the receiver reports 100 m less than the books had (drums 2, 3)",
    ]


@READERS
def test_a_trace_ends_at_each_of_both_ways_and_adds_up(house: House, reader: Actor) -> None:
    of_batch, of_maker = traces_of(house, reader)

    assert drums(of_maker) == DIFFERENCES
    assert drums(of_batch) == DIFFERENCES
    assert [(stop.length_mm, stop.reason.zh) for stop in of_batch.stops] == [
        (-100_000, "收货方报的比账上多 100 m"),
        (100_000, "收货方报的比账上少 100 m"),
    ]
    assert sum(row.length_mm for row in of_batch.where) == of_batch.produced_mm
    assert trace_page(NOWHERE, of_batch, Text("", ""), "").answer.reason.zh == (
        "收货方报的比账上多 100 m（1 号盘）；收货方报的比账上少 100 m（2, 3 号盘）。"
    )


def test_who_received_them_is_told_of_no_difference(house: House) -> None:
    found = [page_of(house, SHOP), *traces_of(house, SHOP)]

    assert [drums(each) for each in found] == [[], [], []]
    assert not any("比账上" in each.text.zh for each in page_of(house, SHOP).findings)


def test_a_corrected_receipt_leaves_its_right_differences_alone(house: House) -> None:
    measured_anew = receipt(
        units=[(1, 3)], measured=[(1, 150_000), (3, 160_000)], place={"region": "411627"}, entered_for=SITE
    )
    before = house.size - 1

    house.happened(correction(RECEIVED, measured_anew, entered_for=SITE))

    assert drums(page_of(house, BY_MAKER)) == [(3, 90_000)]
    assert [drums(each) for each in traces_of(house, BY_MAKER)] == [[(3, 90_000)]] * 2
    assert [drums(each) for each in traces_of(house, BY_MAKER, before)] == [DIFFERENCES] * 2


def test_the_alert_says_which_drums_were_recorded_as_dispatched_since(house: House) -> None:
    def advice() -> str:
        catch_up(house.engine, read_accepted)
        (alert,) = [
            each for each in page_of(house, OFFICER).alerts if each.rule == "receipt-without-dispatch"
        ]
        assert alert.next_step is not None
        return alert.next_step.zh

    before = advice()
    house.happened(dispatch(to=SITE, region="411627", units=[(2, 3)], on="2026-04-08", entered_for=MAKER))

    assert before.startswith("请发货方补录发货")
    assert advice().startswith("此后已补录发货：2-3 号盘。")


def test_a_drum_that_differed_twice_is_told_twice_and_what_was_taken_back_not_at_all() -> None:
    maker, site = Account("held", MAKER, "411603"), Account("held", SITE, "411627")
    whose = unexplained_at(maker)
    more = Posting("B", 7, 7, whose, site, 60_000)
    less = Posting("B", 7, 7, maker, whose, 60_000)
    undone = Posting("B", 8, 8, site, whose, 5_000, undoes=True)

    rows = unexplained_rows([more, less, Posting("B", 8, 8, whose, site, 5_000), undone], EVERYTHING, NOBODY)

    assert [(row.first, row.length_mm) for row in rows] == [(7, -60_000), (7, 60_000)]


def test_seized_loose_metres_that_are_released_to_where_nobody_had_them_are_settled() -> None:
    seized = Account("seized", REGULATOR, "411600")
    took = Posting("B", 0, 0, UNEXPLAINED, seized, 3_000)

    kept = unexplained_rows([took], EVERYTHING, NOBODY)
    released = unexplained_rows([took, Posting("B", 0, 0, seized, UNEXPLAINED, 3_000)], EVERYTHING, NOBODY)

    assert [each.zh for each in in_words(kept)] == ["收到或查扣的散装比账上多 3 m"]
    assert released == ()


def test_drums_of_several_batches_are_summed_without_their_numbers() -> None:
    maker, site = Account("held", MAKER, "411603"), Account("held", SITE, "411627")
    postings = [Posting(batch, 1, 3, unexplained_at(maker), site, 30_000) for batch in ("A", "B")]

    rows = unexplained_rows(postings, EVERYTHING, NOBODY)

    assert [(row.batch, row.first, row.last, row.length_mm) for row in rows] == [
        ("A", 1, 3, -10_000),
        ("B", 1, 3, -10_000),
    ]
    assert [each.zh for each in in_words(rows)] == ["收货方报的比账上多 60 m"]
