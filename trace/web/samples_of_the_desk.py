"""Invented pages of desk, search and alerts; development and tests only. Nobody named here exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..auth.policy import ACTIONS, Action, Role
from ..errors import Problem, Text
from ..queries.answers import Standing
from ..queries.desk import OnItsWay
from ..queries.ending import Ending
from ..queries.grants import UNIT_TYPES
from ..queries.holds import HeldGoods
from ..queries.notices import OpenNotice
from .samples_in_common import (
    AS_OF,
    AT,
    LONG,
    a_hold,
    frame,
    some_alerts,
    some_batches,
    some_events,
    some_progress,
)
from .views import (
    AlertsPage,
    Attention,
    Choice,
    DeskPage,
    Facet,
    Filter,
    Hit,
    Link,
    Page,
    Pager,
    SavedRow,
    SearchPage,
    Why,
)
from .words import Language


def _filters() -> tuple[Filter, ...]:
    """Open, folded, cut and as a period."""
    types = tuple(Choice(Text(name, name), "#", name == "YJV", n) for name, n in (("YJV", 812), ("BV", 96)))
    makers = tuple(Choice(Text(f"示范线缆{n}厂", f"示范线缆{n}厂"), "#", False, 40 - n) for n in range(12))
    months = tuple(Choice(Text(f"2026-0{n}", f"2026-0{n}"), "#", False, n) for n in (5, 4, 3))
    return (
        Filter(text=Text("型号", "type"), choices=types),
        Filter(text=Text("生产企业", "maker"), choices=makers[:6], more=makers[6:], cut=True),
        Filter(text=Text("生产月份", "month of production"), choices=months, is_period=True),
    )


def samples_of_the_desk(language: Language) -> dict[str, Page]:
    rows = some_batches()
    desk = frame(language, "/")
    search = frame(language, "/search")
    facets = (
        Facet(
            Text("规则", "Rule"),
            (
                Choice(Text("全部", "All"), "#", True, 121),
                Choice(Text("收货没有对应的发货", "Received without a dispatch"), "#", False, 31),
            ),
        ),
    )
    hits = (
        Hit(
            batch=rows[0],
            href="/batches/7K3QF9TWZX",
            why=(
                Why(Text("型号规格", "designation"), "YJV-0.6/1kV ", "4×35", "+1×16"),
                Why(Text("批号", "lot")),
            ),
        ),
        Hit(batch=rows[1], href="/batches/M2C8D41VHA", unit=12),
    )
    sizes = tuple(Choice(Text(str(n), str(n)), f"?limit={n}", n == 20) for n in (20, 50, 100))
    pager = Pager(
        first=221,
        last=240,
        total=10_001,
        total_is_capped=True,
        first_href="?first",
        previous_href="?before",
        next_href="?after",
        sizes=sizes,
    )
    waiting = (
        Attention(
            standing=Standing("stop", Text("今天到期", "Due today")),
            text=Text("先行登记保存即将失效", "Registered preservations about to lapse"),
            count=2,
            href="#",
        ),
        Attention(
            standing=Standing("attention", Text("待办", "To do")),
            text=Text("协查请求等您答复", "Assistance requests to answer"),
            count=5,
            href="#",
        ),
        Attention(
            standing=Standing("unknown", Text("待核实", "To verify")),
            text=Text("被他人提到、尚未确认的企业", "Companies named by others, unconfirmed"),
            count=17,
            href="#",
        ),
    )
    coming = OnItsWay(
        batch=rows[0],
        region="411627",
        region_name=Text("河南省周口市太康县", "河南省周口市太康县"),
        units=((1, 4), (7, 7)),
        length_mm=2_500_000,
    )
    return {
        "desk-full": DeskPage(
            frame=desk,
            attention=waiting,
            jobs=(some_progress(),),
            on_their_way=(coming, replace(coming, batch=rows[1], units=())),
            recent=rows,
            newest=some_events()[:2],
            alerts=some_alerts(),
            warned=True,
            held=(
                HeldGoods(rows[0], a_hold()),
                HeldGoods(rows[1], replace(a_hold(), days_left=-2, overdue=True)),
            ),
            ending=(
                Ending(
                    sort="unit",
                    what=UNIT_TYPES["branch"],
                    name=LONG,
                    unit="x",
                    last_day=date(2026, 6, 30),
                    days_left=0,
                ),
                Ending(
                    sort="grant",
                    what=Text(
                        "查阅（市场监督管理行政处罚程序规定第十七条）",
                        "to read (市场监督管理行政处罚程序规定第十七条)",
                    ),
                    name="示范市市场监督管理局",
                    unit="",
                    last_day=date(2026, 8, 2),
                    days_left=33,
                ),
            ),
            notices=(
                OpenNotice(
                    event_id="x",
                    number="周市监函〔2026〕8号",
                    sender=LONG,
                    text="请排查本批 5 号盘是否已敷设，五日内反馈。",
                    batch="7K3QF9TWZX",
                    occurred_at=AT,
                    index=48_000,
                ),
            ),
        ),
        "desk-empty": DeskPage(
            frame=frame(language, "/", Role.MANUFACTURER),
            work=(Link("/batches/new", Text("登记一批", "Register a batch")),),
            warned=True,
            imports=True,
        ),
        "desk-of-a-witness": DeskPage(
            frame=frame(language, "/", Role.WITNESS),
            rights=(ACTIONS[Action.RECORD_KEY], ACTIONS[Action.READ_LEDGER], ACTIONS[Action.CHECK_CODE]),
            password_changed_at=AT,
        ),
        "search-full": SearchPage(
            frame=search,
            query="YJV 4×35",
            is_asked=True,
            hits=hits,
            pager=pager,
            partial=True,
            current_to=AS_OF,
            filters=_filters(),
            are_approximate=True,
            chips=(Choice(Text("型号：YJV", "type: YJV"), "#", True),),
            sorts=(
                Choice(Text("最相符", "best match"), "#", True),
                Choice(Text("最近生产", "latest production"), "#"),
            ),
            without_period=(("q", "YJV 4×35"), ("type", "YJV")),
            beside_words=(("type", "YJV"),),
            address="q=YJV&type=YJV",
            sheet_href="#",
            sheet_rows=500,
        ),
        "search-nothing": SearchPage(frame=search, query="YJV 4*3S", is_asked=True, current_to=AS_OF),
        "search-unasked": SearchPage(frame=search, saved=(SavedRow("YJV 本月 this month", "#", "#"),)),
        "search-wrong": SearchPage(
            frame=search,
            query="！！",
            problems=(Problem("wrong-input", Text("没有可以查找的字", "Nothing to look for"), came="！！"),),
        ),
        "alerts-full": AlertsPage(
            frame=frame(language, "/alerts"),
            alerts=some_alerts(),
            facets=facets,
            explanation=some_alerts()[0].explanation,
            next_href="?after=47880.0",
        ),
        "alerts-empty": AlertsPage(frame=frame(language, "/alerts")),
    }
