"""Invented pages of desk and alerts; development and tests only. Nobody named here exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..auth.policy import ACTIONS, Action, Role
from ..errors import Text
from ..queries.answers import Standing
from ..queries.desk import OnItsWay
from ..queries.ending import Ending
from ..queries.grants import UNIT_TYPES
from ..queries.holds import HeldGoods
from ..queries.notices import OpenNotice
from .samples_in_common import (
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
    Link,
    Page,
)
from .words import Language


def samples_of_the_desk(language: Language) -> dict[str, Page]:
    rows = some_batches()
    desk = frame(language, "/")
    facets = (
        Facet(
            Text("规则", "Rule"),
            (
                Choice(Text("全部", "All"), "#", True, 121),
                Choice(Text("收货没有对应的发货", "Received without a dispatch"), "#", False, 31),
            ),
        ),
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
                    batch="7K3QF9TWZP",
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
        "alerts-full": AlertsPage(
            frame=replace(frame(language, "/alerts"), first_href="?first", previous_href="?before"),
            alerts=some_alerts(),
            facets=facets,
            explanation=some_alerts()[0].explanation,
            next_href="?after=47880.0",
        ),
        "alerts-empty": AlertsPage(frame=frame(language, "/alerts")),
    }
