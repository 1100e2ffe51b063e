"""What readings answer becomes what pages show: pure mappings, without a service."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from cabletrace.auth.api_keys import ApiKey
from cabletrace.auth.policy import Action, Role
from cabletrace.errors import Text
from cabletrace.http.importing import ImportJob
from cabletrace.http.paging import Around
from cabletrace.model.judgement import NO_LIMIT, Grade, Limit, NoLimit, Sense
from cabletrace.queries.answers import Answer, AsOf, Standing
from cabletrace.queries.batch import BatchPage as BatchReading
from cabletrace.queries.batch import Finding
from cabletrace.queries.desk import Desk
from cabletrace.queries.reports import NOT_JUDGED, UNVERIFIED_BEYOND, WITHIN, Reading, Report
from cabletrace.queries.search import Found, Match, SearchResult, Span
from cabletrace.queries.starting_points import OfMaker
from cabletrace.queries.timeline import Happening, Mark, Person
from cabletrace.queries.trace import Leg, Node, Stop, Trace
from cabletrace.queries.unexplained import UnexplainedRow
from cabletrace.queries.whereabouts import RegionRow
from cabletrace.search.asking import Asking
from cabletrace.search.index import COUNT_CAP
from cabletrace.web.happened import timeline
from cabletrace.web.routes.alerts import alerts_page
from cabletrace.web.routes.batch import page_of, with_timeline
from cabletrace.web.routes.desk import attention_of
from cabletrace.web.routes.imported import job_page, progress_of
from cabletrace.web.routes.keys import keys_page
from cabletrace.web.routes.search import search_page
from cabletrace.web.samples import samples
from cabletrace.web.samples_in_common import frame, some_unexplained
from cabletrace.web.traces import trace_page
from cabletrace.web.views import DeskPage
from cabletrace.web.views_of_searching import Why

NOON = datetime(2026, 6, 30, 4, 0, tzinfo=UTC)
HERE = frame("zh", "/batches/x")


def _same(text: str) -> Text:
    return Text(text, text)


def happening(index: int, kind: str, **more: object) -> Happening:
    event = Happening(
        index=index,
        event_id=f"event-{index}",
        kind=kind,
        title=_same(kind),
        what=_same(f"what {index}"),
        occurred_at=NOON,
        by_day=True,
        recorded_at=NOON,
        late=False,
        party="p",
        who="示例单位",
        entered_by="",
        region="411603",
        place=_same("淮阳区"),
        marks=(),
        persons=(),
        documents=(),
    )
    return replace(event, **more)


def reading(**more: object) -> BatchReading:
    page = BatchReading(
        code="7K3QF9TWZP",
        printed="7K3QF-9TWZP",
        lot="L1",
        maker="m",
        maker_name="示例电缆",
        maker_uscc=None,
        product="P01",
        product_name="电力电缆",
        designation="YJV 4×35",
        normalised="YJV 4×35",
        standard=None,
        produced_on=date(2026, 3, 1),
        length_mm=1_000_000,
        unit_count=2,
        answer=Answer("attention", _same("注意"), _same("原因")),
        findings=(Finding("attention", _same("一项")),),
        certificate=None,
        holdings={"held": 600_000, "transit": 400_000},
        where=(),
        regions=(),
        unexplained=(),
        units=(),
        reports=(),
        alerts=(),
        events=(happening(1, "production"), happening(2, "dispatch"), happening(3, "receipt")),
        as_of=AsOf(9, NOON),
    )
    return replace(page, **more)


# --- batch --------------------------------------------------------------------------------------------


def test_a_batch_page_carries_the_answer_with_its_index() -> None:
    page = page_of(HERE, reading(), "https://trace.example/c/x", labels=False, traces=True, up_to=None)

    assert page.answer.as_of == AsOf(9, NOON)
    assert page.findings == (Standing("attention", _same("一项")),)
    assert page.now_href == ""
    assert [link.href for link in page.actions] == ["/batches/7K3QF9TWZP/trace"]


def test_an_earlier_state_of_the_books_stays_in_every_address_of_the_page() -> None:
    page = page_of(HERE, reading(), "", labels=True, traces=True, up_to=5)

    assert page.now_href == "/batches/7K3QF9TWZP"
    assert page.trace_href == "/batches/7K3QF9TWZP/trace?up_to=5"
    assert [h.href for h in page.holdings] == [
        "/batches/7K3QF9TWZP?up_to=5&where=held#timeline",
        "/batches/7K3QF9TWZP?up_to=5&where=transit#timeline",
    ]
    assert page.unit_at == "/batches/7K3QF9TWZP?up_to=5&unit="


@pytest.mark.parametrize(("order", "indices"), [("old", [1, 2, 3]), ("new", [3, 2, 1])])
def test_the_timeline_is_read_either_way(order: str, indices: list[int]) -> None:
    page = page_of(HERE, reading(), "", labels=False, traces=True, up_to=None)

    shown = with_timeline(page, reading(), order, "", None)

    assert [event.index for event in shown.events] == indices
    assert [choice.chosen for choice in shown.orders] == [order == "new", order == "old"]
    assert shown.event_filter is None


def test_a_touch_on_the_bar_leaves_the_events_that_brought_metres_there() -> None:
    page = page_of(HERE, reading(), "", labels=False, traces=True, up_to=None)

    shown = with_timeline(page, reading(), "old", "transit", None)
    nonsense = with_timeline(page, reading(), "old", "moon", None)

    assert [event.kind for event in shown.events] == ["dispatch"]
    assert shown.event_filter == Text("发货、退货", "dispatch, return")
    assert len(nonsense.events) == 3


def test_a_measured_value_stands_beside_its_limit() -> None:
    limit = Limit(
        value=Decimal("0.524"), unit="Ω/km", standard="GB/T 3956-2008", clause="table 2", verified=True
    )
    measured = Reading(
        indicator=_same("导体电阻"),
        core="红",
        value="0.518",
        unit="Ω/km",
        temperature_celsius="18",
        method="",
        limit=limit,
        value_at_20=Decimal("0.52214000"),
        declared="pass",
        standing=WITHIN,
    )
    report = replace(
        _report(),
        readings=(
            measured,
            replace(measured, unit="Ω/100m"),
            replace(measured, limit=None, value_at_20=None),
        ),
    )

    page = page_of(HERE, reading(reports=(report,)), "", labels=False, traces=True, up_to=None)

    (shown,) = page.tests
    assert shown.unit == Text("第 12 盘（卷）", "unit 12")
    assert shown.declared.word.zh == "未写结论"
    assert [item.limit for item in shown.items] == ["≤ 0.524", "≤ 0.524 Ω/km", ""]
    assert shown.items[0].source == Text("GB/T 3956-2008 表 2", "GB/T 3956-2008 table 2")
    assert shown.items[0].note == Text(
        "18 ℃ 时测得，换算到 20 ℃ 为 0.5221", "measured at 18 °C, 0.5221 at 20 °C"
    )
    assert shown.items[2].note == Text("18 ℃ 时测得", "measured at 18 °C")


def test_a_limit_is_told_with_its_certainty_the_method_and_how_far_beyond_it_a_value_lies() -> None:
    limit = Limit(
        value=Decimal("1.1"),
        unit="mm",
        standard="GB/T 12706.1-2020",
        clause="",
        verified=False,
        sense=Sense.AT_LEAST,
        rounded_to=Decimal("0.1"),
    )
    thin = Reading(
        indicator=_same("绝缘平均厚度"),
        core="",
        value="0.94",
        unit="mm",
        temperature_celsius=None,
        method="",
        limit=limit,
        value_at_20=None,
        declared="none",
        standing=UNVERIFIED_BEYOND,
        rounded=Decimal("0.9"),
        excess=Decimal("0.1454"),
        grade=Grade.I,
        usual_method="GB/T 2951.11",
    )
    unknown = replace(
        thin,
        limit=None,
        rounded=None,
        excess=None,
        grade=None,
        standing=NOT_JUDGED,
        why_not=NO_LIMIT[NoLimit.NEEDS_DIAMETER],
    )
    report = replace(_report(), readings=(thin, replace(thin, value="0.9", grade=None), unknown))

    page = page_of(HERE, reading(reports=(report,)), "", labels=False, traces=True, up_to=None)

    short, as_it_is, without = page.tests[0].items
    assert short.limit == "≥ 1.1"
    assert short.source == Text(
        "GB/T 12706.1-2020（条款未查到），未核实，试验方法 GB/T 2951.11",
        "GB/T 12706.1-2020 (clause not seen), unverified, tested by GB/T 2951.11",
    )
    assert short.note == Text(
        "修约为 0.9 mm 再比较；低于限值 14.54 %（I 级）",
        "compared as 0.9 mm, rounded; 14.54 % below the limit (grade I)",
    )
    assert as_it_is.note == Text("低于限值 14.54 %", "14.54 % below the limit")
    assert (without.limit, without.source, without.note) == ("", None, NO_LIMIT[NoLimit.NEEDS_DIAMETER])


def _report() -> Report:
    return Report(
        index=4,
        event_id="e",
        number="JC-1",
        type="factory",
        party="m",
        laboratory="示例电缆",
        tested_on=date(2026, 3, 2),
        sampled_unit=12,
        declared="none",
        readings=(),
    )


def test_a_late_event_and_its_marks_and_persons_are_said() -> None:
    marks = (Mark("receipt-without-dispatch", _same("收货无对应发货"), _same("")),)

    (event,) = timeline(
        [happening(7, "receipt", late=True, marks=marks, persons=(Person("acceptor", "甲某"),))]
    )

    assert [mark.rule for mark in event.marks] == ["receipt-without-dispatch", "late"]
    assert event.persons == ("甲某",)
    assert event.proof_href == "/ledger?q=7"


# --- trace --------------------------------------------------------------------------------------------


def trace(*stops: Stop, unexplained: tuple[UnexplainedRow, ...] = ()) -> Trace:
    maker = Node(
        key="m/411603/",
        party="m",
        name=_same("示例电缆"),
        region="411603",
        region_name=_same("淮阳区"),
        project="",
        project_name="",
        others=False,
        made_mm=1_000_000,
        stays={"held": 600_000},
    )
    others = replace(
        maker, key="others", party="", name=Text("其他单位", "others"), others=True, made_mm=0, stays={}
    )
    site = replace(maker, key="site", party="s", project="xm", project_name="示范工程", made_mm=0)
    return Trace(
        subject=OfMaker("m"),
        begin=OfMaker("m"),
        direction="down",
        produced_mm=1_000_000,
        nodes=(maker, others, site),
        legs=(Leg("m/411603/", "others", "transit", 400_000), Leg("others", "site", "moon", 1)),
        where=(),
        holdings={"held": 600_000, "transit": 400_000},
        regions=(
            RegionRow("411603", _same("淮阳区"), {"held": 600_000}),
            RegionRow("", _same(""), {"transit": 400_000}),
        ),
        unexplained=unexplained,
        projects=(),
        stops=stops,
        batches=(),
        as_of=AsOf(9, NOON),
    )


def stop(state: str, length_mm: int) -> Stop:
    return Stop(
        state=state,
        region="",
        region_name=_same(""),
        holder=_same(""),
        reason=_same(""),
        length_mm=length_mm,
        last_index=None,
    )


def test_a_trace_says_how_far_the_goods_went_and_what_is_missing() -> None:
    whole = trace_page(HERE, trace(), _same("x"), "/x")
    torn = trace_page(
        HERE,
        trace(stop("transit", 400_000), stop("unexplained", -500), unexplained=some_unexplained()[:1]),
        _same("x"),
        "/x",
    )

    assert whole.answer.state == "fine"
    assert whole.answer.sentence.zh == "1,000 m 分布在 1 个地区"
    assert torn.answer.state == "attention"
    assert torn.answer.reason.zh == "400 m 已发出、尚未登记收货；收到或查扣的散装比账上多 0.5 m。"


def test_who_may_not_be_known_has_no_address() -> None:
    page = trace_page(HERE, trace(), _same("x"), "/x")

    assert [place.href for place in page.places] == ["/parties/m", "", "/projects/xm"]
    assert [place.role.en for place in page.places] == ["Made here", "—", "Project"]
    assert [leg.word.en for leg in page.legs] == ["Dispatched", "moon"]


# --- lists --------------------------------------------------------------------------------------------


def test_what_waits_on_the_desk_is_only_what_there_is() -> None:
    desk = Desk(
        on_their_way=(),
        unconfirmed=None,
        alerts=(),
        alert_counts={"copper-short": 2, "test-beyond-limit": 3},
        recent=(),
        newest=(),
        as_of=None,
    )

    assert [(each.count, each.href) for each in attention_of(desk)] == [(5, "/alerts")]
    assert attention_of(replace(desk, alert_counts={})) == ()
    assert [each.count for each in attention_of(replace(desk, alert_counts={}, unconfirmed=4))] == [4]
    trading = replace(desk, alert_counts={}, orders_to_send=2, due_certificates=1)
    opened = {"/certificates/due": 1, "/orders": 2}
    assert {each.href: each.count for each in attention_of(trading)} == opened


def test_a_page_of_hits_is_counted_on_from_the_last_one() -> None:
    desk = samples("zh")["desk-full"]
    assert isinstance(desk, DeskPage)
    matches = (
        Match("yjv", "designation", Text("型号规格", "designation"), "", "YJV-0.6/1kV 4×35", Span(0, 3)),
        Match("4", "lot", Text("批号", "lot"), "", "", None),
    )
    found = SearchResult(
        rows=tuple(Found(batch=row, matches=(*matches, *matches)) for row in desk.recent),
        first=21,
        total=COUNT_CAP,
        partial=False,
        facets=(),
        current_to=None,
        after="77",
    )
    pages = Around(first="/search?q=YJV", previous="/search?q=YJV", next="/search?q=YJV&after=77")

    page = search_page(HERE, Asking("YJV 4×35", limit=50), found, pages)

    assert page.pager is not None
    assert (page.pager.first, page.pager.last, page.pager.total_is_capped) == (21, 22, True)
    assert (page.pager.previous_href, page.pager.next_href) == (pages.previous, pages.next)
    assert page.pager.first_href == ""  # the page before is the first one
    assert [(size.href, size.chosen) for size in page.pager.sizes] == [
        ("/search?q=YJV+4%C3%9735", False),
        ("/search?q=YJV+4%C3%9735&limit=50", True),
        ("/search?q=YJV+4%C3%9735&limit=100", False),
    ]
    assert page.hits[0].why == (
        Why(Text("型号规格", "designation"), "", "YJV", "-0.6/1kV 4×35"),
        Why(Text("批号", "lot")),
    )


def test_alerts_are_chosen_by_rule_and_the_rule_explains_itself() -> None:
    counts = {"copper-short": 2, "test-beyond-limit": 3}

    every = alerts_page(HERE, (), counts, "", "/alerts?after=9.0")
    one = alerts_page(HERE, (), counts, "copper-short", "")

    (facet,) = every.facets
    assert [choice.count for choice in facet.choices] == [5, 3, 2]
    assert every.next_href == "/alerts?after=9.0"
    assert every.explanation is None
    assert one.explanation is not None
    assert one.next_href == ""


# --- imports and keys ---------------------------------------------------------------------------------


def job(**more: object) -> ImportJob:
    waiting = ImportJob(
        id="j",
        file="登记表.xlsx",
        state="running",
        done=0,
        total=0,
        created_at=NOON,
        finished_at=None,
        report=None,
        problems=(),
    )
    return replace(waiting, **more)


def test_the_remaining_time_is_told_once_it_can_be() -> None:
    later = NOON + timedelta(seconds=30)

    assert progress_of(job(), later).seconds_left is None
    assert progress_of(job(done=100, total=400), later).seconds_left == 90


def test_a_failed_import_says_why() -> None:
    problem = {
        "code": "not-allowed",
        "detail": {"zh": "已停用", "en": "not active"},
        "where": "",
        "came": "x",
    }

    page = job_page(HERE, job(state="failed", problems=(problem,)), NOON)

    assert page.stage == "failed"
    assert [each.detail.zh for each in page.problems] == ["已停用"]


def test_a_key_that_opens_nothing_any_more_cannot_be_revoked() -> None:
    key = ApiKey(
        id="k",
        account="a",
        prefix="0123abcd",
        label="MES",
        actions=frozenset({Action.READ_BATCH}),
        created_at=NOON,
        expires_at=NOON + timedelta(days=1),
        revoked_at=None,
        last_used=None,
    )
    dead = (replace(key, revoked_at=NOON), replace(key, expires_at=NOON))

    page = keys_page(HERE, (key, *dead), Role.MANUFACTURER, NOON, ("", ""))

    assert [row.revoke_href for row in page.keys] == ["/keys/k/revoke", "", ""]
    assert {action for action, _ in page.actions}.isdisjoint(
        {"keys:create", "manage:accounts", "record:acceptance"}
    )
