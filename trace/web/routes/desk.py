"""The desk: what waits for this account and what it met last; for visitors the place to check a code."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response

from ...auth.accounts import find_account
from ...auth.actor import Actor
from ...auth.administration import has_administrator
from ...auth.policy import ACTIONS, Action
from ...clock import shanghai_date
from ...db.engine import begin_read
from ...errors import Text
from ...http.importing import Importing
from ...queries.answers import Standing
from ...queries.desk import Desk, desk
from ..daily_work import daily_work
from ..happened import timeline
from ..views import Attention, DeskPage, Frame, Progress, PublicPage
from .imported import under_way
from .visit import Pages, page_router

#: The desk must be read at a glance, also on a phone.
_MOST_ALERTS = _MOST_EVENTS = 5
_MOST_ENDING = 10
#: So long after the password changed its owner is told of it.
_WARNED_FOR = timedelta(days=7)


def make_router(pages: Pages, importing: Importing) -> APIRouter:
    router = page_router()

    @router.get("/")
    def front(request: Request) -> Response:
        with pages.visit(request) as visit:
            if not visit.actor.party:
                return pages.show(PublicPage(frame=visit.frame, outcome="ask"))
            today, administers = shanghai_date(pages.door.clock()), _administers(pages, visit.actor)
            found = desk(visit.tx, visit.actor, today=today, administers=administers)
        now = pages.door.clock()
        jobs = under_way(importing, visit.actor, now)
        page = desk_page(visit.frame, visit.actor, found, jobs)
        return pages.show(replace(page, password_changed_at=_changed_lately(pages, visit.actor, now)))

    return router


def _administers(pages: Pages, actor: Actor) -> bool:
    """Whether what only administrators need to know is told to the actor: where an organisation has none, to everybody there,
    or nobody would learn of it."""
    if actor.administers:
        return True
    with begin_read(pages.door.desk) as tx:
        return not has_administrator(tx, actor.party)


def _changed_lately(pages: Pages, actor: Actor, now: datetime) -> datetime | None:
    with begin_read(pages.door.desk) as tx:
        account = find_account(tx, actor.account)
    changed = None if account is None else account.password_changed_at
    return changed if changed is not None and now - changed < _WARNED_FOR else None


def desk_page(frame: Frame, actor: Actor, found: Desk, jobs: tuple[Progress, ...] = ()) -> DeskPage:
    return DeskPage(
        frame=frame,
        work=daily_work(actor),
        attention=attention_of(found),
        jobs=jobs,
        on_their_way=found.on_their_way,
        recent=found.recent,
        newest=timeline(found.newest[:_MOST_EVENTS]),
        alerts=found.alerts[:_MOST_ALERTS],
        warned=bool(actor.reach(Action.READ_ALERTS)),
        imports=bool(actor.reach(Action.IMPORT)),
        held=found.held,
        ending=found.ending[:_MOST_ENDING],
        notices=found.notices,
        rights=() if found.recent or attention_of(found) else rights_of(actor),
    )


def rights_of(actor: Actor) -> tuple[Text, ...]:
    """What the actor may do, in the order of the policy."""
    return tuple(text for action, text in ACTIONS.items() if actor.reach(action))


def attention_of(found: Desk) -> tuple[Attention, ...]:
    """What waits, the gravest first; what there is none of is left out."""
    overdue = sum(each.hold.overdue for each in found.held)
    waiting = (
        Attention(
            standing=Standing("stop", Text("已逾期", "Overdue")),
            text=Text(
                "个线索、案件、协查、样品、任务的期限已过",
                "terms of leads, cases, replies, samples and tasks are over",
            ),
            count=found.overdue,
            href="/due#overdue",
        ),
        Attention(
            standing=Standing("attention", Text("本周到期", "Due this week")),
            text=Text(
                "个线索、案件、协查、样品、任务的期限本周到",
                "terms of leads, cases, replies, samples and tasks end this week",
            ),
            count=found.due_this_week,
            href="/due#this-week",
        ),
        Attention(
            standing=Standing("attention", Text("待签收", "To be received")),
            text=Text("封其他机关来的函等您签收", "letters of other authorities wait to be received"),
            count=found.letters_came,
            href="/requests?side=received",
        ),
        Attention(
            standing=Standing("attention", Text("可以催办", "To be reminded")),
            text=Text("封发出的函逾期没有回复", "letters sent are not replied to in time"),
            count=found.letters_late,
            href="/requests?side=sent",
        ),
        Attention(
            standing=Standing("stop", Text("已逾期", "Overdue")),
            text=Text(
                "份查封、扣押期限已过，应作出决定", "measures whose term has run out: a decision is due"
            ),
            count=overdue,
            href="/#held",
        ),
        Attention(
            standing=Standing("attention", Text("快到期", "Ending soon")),
            text=Text("份措施 7 天内到期", "measures end within 7 days"),
            count=len(found.held) - overdue,
            href="/#held",
        ),
        Attention(
            standing=Standing("attention", Text("待处理", "To deal with")),
            text=Text("件投诉举报还没有答复", "complaints and reports not answered yet"),
            count=found.submissions,
            href="/submissions",
        ),
        Attention(
            standing=Standing("stop", Text("已逾期", "Overdue")),
            text=Text("个排查发现的问题整改期限已过", "problems that inspections found are past their day"),
            count=found.defects_overdue,
            href="/inspections?state=overdue",
        ),
        Attention(
            standing=Standing("attention", Text("待办", "To do")),
            text=Text("项自查、质量承诺要登记", "self-checks and commitments to record"),
            count=found.asked,
            href="/self-checks",
        ),
        Attention(
            standing=Standing("attention", Text("待反馈", "To answer")),
            text=Text("份通报等您反馈", "notices wait for your answer"),
            count=len(found.notices),
            href="/#notices",
        ),
        Attention(
            standing=Standing("attention", Text("待认定", "To be judged")),
            text=Text("条预警", "alerts"),
            count=sum(found.alert_counts.values()),
            href="/alerts",
        ),
        Attention(
            standing=Standing("attention", Text("快到期", "Ending soon")),
            text=Text("张证书 90 天内到期或已失效", "certificates end within 90 days or hold no more"),
            count=found.due_certificates,
            href="/certificates/due",
        ),
        Attention(
            standing=Standing("attention", Text("快到期", "Ending soon")),
            text=Text("个机构或授权 90 天内到期", "units or grants end within 90 days"),
            count=len(found.ending),
            href="/#ending",
        ),
        Attention(
            standing=Standing("unknown", Text("在途", "On the way")),
            text=Text("批货发给您，还没有登记收货", "batches sent to you, not recorded as received"),
            count=len(found.on_their_way),
            href="/#on-their-way",
        ),
        Attention(
            standing=Standing("unknown", Text("待打印", "To print")),
            text=Text("批货还有标签没打印", "batches with labels not printed yet"),
            count=found.to_print,
            href="/labels/to-print",
        ),
        Attention(
            standing=Standing("unknown", Text("待发货", "To send")),
            text=Text("个订单还没有发完", "orders not sent whole yet"),
            count=found.orders_to_send,
            href="/orders",
        ),
        Attention(
            standing=Standing("unknown", Text("未确认", "Unconfirmed")),
            text=Text(
                "个单位由别人写出，自己没有登记", "parties that others named and that have not registered"
            ),
            count=found.unconfirmed or 0,
            href="/parties",
        ),
    )
    return tuple(each for each in waiting if each.count)
