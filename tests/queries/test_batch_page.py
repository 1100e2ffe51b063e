"""The batch page: sums, the history, verdicts, and what each reader is not told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from cabletrace.auth.actor import Actor
from cabletrace.errors import InputError, Text
from cabletrace.flow import books
from cabletrace.model.postings import Posting
from cabletrace.model.state import Account
from cabletrace.model.values import party_id
from cabletrace.queries.batch import BatchPage, batch_page, batches_of_lot
from cabletrace.queries.reports import BEYOND, WITHIN
from cabletrace.queries.whereabouts import pieces_after
from cabletrace.queries.wording import units_text
from drafts_for_tests import MAKER, SITE

TODAY = date(2026, 5, 2)
Who = Callable[[str], Actor]

READERS = (
    "operator",
    "maker",
    "dealer",
    "shop",
    "site",
    "supervisor",
    "laboratory",
    "officer of the prefecture",
    "officer of the county",
    "officer of Fuyang",
)
STRANGERS = ("other maker", "stranger", "officer of Jinan")


@pytest.fixture
def page(tx: Connection, ledger: Any, who: Who) -> Callable[..., BatchPage | None]:
    def page(reader: str, lot: str = "L1", up_to: int | None = None) -> BatchPage | None:
        return batch_page(tx, who(reader), ledger.code[lot], today=TODAY, up_to=up_to)

    return page


Page = Callable[..., Any]


# --- sums ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_is_told_where_all_metres_are(page: Page, ledger: Any, reader: str) -> None:
    ends = [
        page(reader, up_to=index) for index in range(ledger.index["production"], ledger.index["lab-test"])
    ]

    for seen in ends:
        assert seen.length_mm == 1_100_000
        assert sum(row.length_mm for row in seen.where) == 1_100_000
        assert sum(row.total_mm for row in seen.regions) == 1_100_000
        assert sum(seen.holdings.values()) == 1_100_000
        loose = 100_000
        gone = sum(seen.holdings.get(state, 0) for state in ("used", "sampled"))
        in_units = sum(row.count * row.length_mm for row in seen.units)
        hidden = seen.holdings.get("elsewhere", 0)
        if hidden:  # somebody else's: neither drum by drum nor by state
            assert all(not row.others for row in seen.units)
            assert {(row.state, row.region, row.party) for row in seen.where if row.others} == {
                ("elsewhere", "", "")
            }
            assert 0 <= 1_100_000 - hidden - gone - in_units <= loose
        else:
            assert in_units == 1_100_000 - loose - gone


def test_where_every_metre_is_agrees_with_the_story(page: Page) -> None:
    seen = page("operator")

    assert {(row.state, row.region): row.length_mm for row in seen.where} == {
        ("held", "411602"): 250_000,
        ("held", "411603"): 247_000 + 100_000,
        ("transit", "341202"): 250_000,
        ("project", "411627"): 190_000,
        ("used", "411627"): 60_000,
        ("sampled", "411603"): 3_000,
    }
    assert [(row.first, row.last, row.length_mm, row.state) for row in seen.units] == [
        (1, 1, 250_000, "held"),
        (2, 2, 190_000, "project"),
        (3, 3, 247_000, "held"),
        (4, 4, 250_000, "transit"),
    ]


def test_units_replayed_from_postings_are_the_runs_of_the_books(tx: Connection, ledger: Any) -> None:
    for code in ledger.code.values():
        postings = [posting for _, posting in books.read_postings(tx, code)]

        pieces = pieces_after(postings)

        (book,) = books.read_books(tx, [code]).values()
        units = {
            unit: (run.account, run.length_mm) for run in book.runs for unit in range(run.first, run.last + 1)
        }
        assert {u: (p.account, p.length_mm) for p in pieces for u in range(p.first, p.last + 1)} == units


@given(st.data())
def test_replayed_units_are_those_of_a_walk_over_single_units(data: st.DataObject) -> None:
    start, accounts = Account("held", "a", "411603"), [Account("held", name, "411602") for name in "abc"]
    walk = dict.fromkeys(range(1, 21), (start, 100))
    postings = [_posting(1, 20, Account("produced"), start, 2000)]
    for _ in range(data.draw(st.integers(0, 12))):
        first = data.draw(st.sampled_from(sorted(walk)))
        account, left = walk[first]
        last = first
        while walk.get(last + 1) == (account, left) and data.draw(st.booleans()):
            last += 1
        cut = data.draw(st.integers(1, left))
        is_cut = data.draw(st.booleans())
        target = Account("used", "a", "411602") if is_cut else data.draw(st.sampled_from(accounts))
        if target == account:
            continue
        moved = cut if is_cut else left
        postings.append(_posting(first, last, account, target, moved * (last - first + 1)))
        for unit in range(first, last + 1):
            if not is_cut:
                walk[unit] = (target, left)
            elif cut == left:
                del walk[unit]
            else:
                walk[unit] = (account, left - cut)
        if not walk:
            break

    pieces = pieces_after(postings)

    assert {u: (p.account, p.length_mm) for p in pieces for u in range(p.first, p.last + 1)} == walk


def _posting(first: int, last: int, source: Account, target: Account, length_mm: int) -> Posting:
    return Posting(batch="B", first=first, last=last, source=source, target=target, length_mm=length_mm)


# --- scope --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", STRANGERS)
def test_a_foreign_batch_does_not_exist(page: Page, tx: Connection, who: Who, reader: str) -> None:
    assert page(reader) is None
    assert batches_of_lot(tx, who(reader), "L1") == ()


def test_an_officer_of_another_city_sees_his_own_makers_batch(page: Page) -> None:
    assert page("officer of Jinan", "J1").lot == "J1"
    assert page("maker", "J1") is None


def test_nobody_sees_anything_without_signing_in(page: Page) -> None:
    with pytest.raises(InputError) as error:
        page("anybody")

    assert error.value.code == "not-signed-in"


def test_the_maker_learns_whether_its_goods_arrived_but_not_what_became_of_them_there(page: Page) -> None:
    seen = page("maker")

    rows = {(row.state, row.region, row.others): row.length_mm for row in seen.where}
    assert rows["transit", "341202", False] == 250_000
    assert {key: mm for key, mm in rows.items() if key[2]} == {("elsewhere", "", True): 503_000}
    assert {row.region_name.zh for row in seen.where if row.others} == {"地区未告知"}
    assert [row.name.zh for row in seen.regions if not row.region] == ["地区未告知"]
    assert "太康" not in everything_said(seen)
    assert "示范小区" not in everything_said(seen)


def test_a_buyer_does_not_see_his_sellers_stock_or_other_buyers(page: Page) -> None:
    seen = page("site")

    others = {row.state: row.length_mm for row in seen.where if row.others}
    own = {(row.state, row.party): row.length_mm for row in seen.where if not row.others}
    assert others == {"elsewhere": 850_000}
    assert [(row.first, row.last) for row in seen.units] == [(2, 2)]
    assert own == {("project", party_id(SITE)): 190_000, ("used", party_id(SITE)): 60_000}
    assert "阜阳" not in everything_said(seen)
    assert "341202" not in everything_said(seen)


def test_a_supervisor_sees_the_metres_of_his_project(page: Page) -> None:
    seen = page("supervisor")

    assert {row.state for row in seen.where if not row.others} == {"project", "used"}


def test_a_regulator_is_told_the_regions_of_others_but_not_their_names(page: Page) -> None:
    seen = page("officer of Fuyang")

    assert {(row.region, row.others) for row in seen.where} == {
        ("341202", False),
        ("411602", True),
        ("411603", True),
        ("411627", True),
    }
    assert "五金经营部" not in everything_said(seen)
    assert "示范小区" not in everything_said(seen)


def test_each_reader_sees_the_events_that_concern_him_and_the_facts_about_the_goods(
    page: Page, ledger: Any
) -> None:
    names = {index: name for name, index in ledger.index.items()}

    seen = {reader: {names[event.index] for event in page(reader).events} for reader in READERS}

    facts = {"production", "factory-test", "supervision-test", "owner-test", "lab-test"}
    at_site = {"dispatch-2", "receipt-2", "acceptance", "supervision", "use"}
    everything = facts | at_site | {"dispatch-1", "receipt-1", "dispatch-3", "sampling"}
    assert seen["operator"] == seen["officer of the prefecture"] == everything
    assert seen["maker"] == facts | {"dispatch-1", "dispatch-3", "sampling"}
    assert seen["dealer"] == facts | {"dispatch-1", "receipt-1", "dispatch-2", "receipt-2"}
    assert seen["site"] == facts | at_site
    assert seen["supervisor"] == facts | at_site - {"dispatch-2"}
    assert seen["officer of the county"] == facts | at_site
    assert seen["shop"] == seen["officer of Fuyang"] == facts | {"dispatch-3"}
    assert seen["laboratory"] == facts


@pytest.mark.parametrize(
    ("reader", "named"),
    [
        ("maker", {"质检员甲某", "库管员乙某"}),
        ("dealer", set()),
        ("site", set()),
        ("supervisor", {"监理工程师丙某"}),
        ("officer of the prefecture", {"质检员甲某", "库管员乙某", "监理工程师丙某"}),
        ("officer of the county", {"监理工程师丙某"}),
        ("officer of Fuyang", set()),
        ("laboratory", set()),
    ],
)
def test_persons_are_named_to_their_own_organisation_and_to_its_regulator(
    page: Page, reader: str, named: set[str]
) -> None:
    persons = {person.name for event in page(reader).events for person in event.persons}

    assert persons == named


@pytest.mark.parametrize("reader", ["maker", "site", "shop", "laboratory", "officer of Fuyang"])
def test_a_test_that_concerns_others_does_not_name_the_buyer_who_had_it_made(
    page: Page, ledger: Any, reader: str
) -> None:
    seen = page(reader)

    (event,) = [event for event in seen.events if event.index == ledger.index["owner-test"]]
    (report,) = [report for report in seen.reports if report.number == "WT-1"]
    assert (event.who, event.party, event.entered_by, event.place) == ("", "", "", None)
    assert (report.laboratory, report.party) == ("", "")
    assert "供电公司" not in everything_said(seen)
    assert "周口市示例检测中心" in {each.laboratory for each in seen.reports}


@pytest.mark.parametrize("reader", READERS)
def test_a_batch_page_never_holds_a_price(page: Page, reader: str) -> None:
    assert "31577" not in everything_said(page(reader))
    assert "315.77" not in everything_said(page(reader))


# --- as of --------------------------------------------------------------------------------------------


def test_an_earlier_index_shows_what_was_known_then(page: Page, ledger: Any) -> None:
    seen = page("operator", up_to=ledger.index["dispatch-1"])

    assert seen.holdings == {"held": 600_000, "transit": 500_000}
    assert [event.kind for event in seen.events] == ["production", "testing", "dispatch"]
    assert seen.as_of.index == ledger.index["dispatch-1"]
    assert seen.alerts == ()
    assert [(row.first, row.last, row.state) for row in seen.units] == [(1, 2, "transit"), (3, 4, "held")]


def test_before_its_production_there_is_no_batch(page: Page, ledger: Any) -> None:
    assert page("operator", up_to=ledger.index["production"] - 1) is None


# --- what must be known first -------------------------------------------------------------------------


def test_a_reading_beyond_its_limit_stops_the_goods(page: Page) -> None:
    seen = page("maker")

    assert seen.answer.state == "stop"
    assert "ZJ-1" in seen.answer.reason.zh
    assert seen.findings[0].state == "stop"


def test_the_answer_is_fine_while_certificate_and_tests_are(page: Page, ledger: Any) -> None:
    seen = page("operator", up_to=ledger.index["dispatch-1"])

    assert (seen.answer.state, seen.findings) == ("fine", ())
    assert seen.certificate.at_production.word.zh == "有效"


def test_goods_without_a_test_are_unknown_not_fine(page: Page, ledger: Any) -> None:
    seen = page("operator", up_to=ledger.index["production"])

    assert seen.answer.state == "unknown"
    assert "没有检测报告" in seen.answer.reason.zh


def test_marks_and_missing_papers_are_said(page: Page) -> None:
    unsent, foreign = page("site", "L2"), page("other maker", "J1")

    assert any("收货无对应发货" in finding.text.zh for finding in unsent.findings)
    assert any("没有登记证书" in finding.text.zh for finding in foreign.findings)
    (marked,) = [event for event in unsent.events if event.marks]
    assert [mark.rule for mark in marked.marks] == ["receipt-without-dispatch"]


def test_the_mark_of_an_event_that_a_reader_may_not_see_is_not_counted(page: Page, ledger: Any) -> None:
    # The maker is concerned by the unsent receipt, for the metres came out of its stock; Fuyang is not at all.
    assert page("officer of Fuyang", "L2") is None
    assert any(event.marks for event in page("maker", "L2").events)


@pytest.mark.parametrize("word", ["违法", "犯罪", "有罪", "假冒", "造假", "guilty", "fraud", "crime"])
def test_no_page_calls_anybody_guilty(page: Page, word: str) -> None:
    assert word not in everything_said(page("operator"))


def test_readings_stand_beside_their_limits(page: Page) -> None:
    factory, failed = page("maker").reports[:2]

    (good,), (bad,) = factory.readings, failed.readings
    assert (good.value, str(good.limit.value), good.standing) == ("0.190", "0.193", WITHIN)
    assert (bad.value, bad.standing, failed.standing) == ("0.250", BEYOND, BEYOND)
    assert (factory.declared, failed.declared) == ("pass", "fail")


def test_a_late_entry_and_an_entry_for_another_are_shown(page: Page) -> None:
    first, *_ = page("operator").events

    assert first.late
    assert first.who == "周口市示例电缆有限公司"
    assert first.entered_by == "示例运维中心"


def test_a_code_is_read_in_any_spelling_and_a_wrong_one_is_said_to_be_wrong(
    tx: Connection, ledger: Any, who: Who
) -> None:
    code = ledger.code["L1"]
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")

    spelled = batch_page(tx, who("maker"), f" {code[:5].lower()} - {code[5:]}", today=TODAY)

    assert spelled is not None
    assert spelled.maker == party_id(MAKER)
    with pytest.raises(InputError) as error:
        batch_page(tx, who("maker"), wrong, today=TODAY)
    assert error.value.code == "wrong-trace-code"


def everything_said(page: Any) -> str:
    return repr(asdict(page))


def test_a_single_number_is_one_unit() -> None:
    assert units_text(((3, 3),)) == Text("3 号盘（卷）", "unit 3")
    assert units_text(((3, 4),)) == Text("3-4 号盘（卷）", "units 3-4")
