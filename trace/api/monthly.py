"""The monthly form over HTTP: what its rows say, and the events behind each number."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..clock import shanghai_date
from ..db.engine import begin_read
from ..http.allowance import Cost
from ..http.contract import costs, needs
from ..http.door import Door
from ..http.failures import not_found
from ..http.paging import UpTo
from ..http.parameters import api_router
from ..http.wire import json_response
from ..model.monthly import Month, forms
from ..model.values import party_id
from ..queries.monthly import MonthlyPage, UnitMonth, begun_of, monthly_events, monthly_page, unit_months
from ..queries.timeline import Happening

UnitOf = Annotated[str, Path(max_length=36, description="填报单位 unit: id or USCC")]
MonthOf = Annotated[str, Path(max_length=7, description="月份，如 2026-06 the month")]
Since = Annotated[
    date | None,
    Query(description="累计起算日，默认年初 from which day the cumulative numbers count; the year's first"),
]
CellOf = Annotated[
    str,
    Query(
        json_schema_extra={"enum": [cell.key for cell in forms()[-1].cells]},
        description="表中的哪一格 which number",
    ),
]


def make_router(door: Door, ledger: Engine) -> APIRouter:
    router = api_router("cases 案件", "/api/v1")

    @router.get(
        "/monthly",
        summary="各单位月报报送情况 how the units stand with a month",
        response_model=tuple[UnitMonth, ...],
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def units(
        request: Request,
        month: Annotated[str, Query(max_length=7, description="月份，如 2026-06，默认本月 this month")] = "",
    ) -> Response:
        """The own authority's and those below it."""
        actor, today = door.allowed(request, Action.READ_CASES), shanghai_date(door.clock())
        with begin_read(ledger) as tx:
            found = unit_months(tx, actor, Month.parse(month) if month else Month.of(today), today=today)
        return json_response(found)

    @router.get(
        "/monthly/{authority}/{month}",
        summary="月报 monthly form",
        response_model=MonthlyPage,
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def form(
        request: Request, authority: UnitOf, month: MonthOf, since: Since = None, up_to: UpTo = None
    ) -> Response:
        """The nine rows of a unit and those below it, of the month and cumulative; open to the authority and its own tree of units.
        Amounts in fen. With the own numbers of each unit, every version that was submitted, and what the ledger says otherwise than the newest."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            found = monthly_page(tx, actor, party_id(authority), Month.parse(month), since=since, up_to=up_to)
        if found is None:
            raise not_found("此单位的月报", "this unit's form", authority)
        return json_response(found)

    @router.get(
        "/monthly/{authority}/{month}/events",
        summary="数字对应的事件 events behind a number",
        response_model=tuple[Happening, ...],
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def events(
        request: Request,
        authority: UnitOf,
        month: MonthOf,
        cell: CellOf,
        cumulative: Annotated[bool, Query(description="累计数的事件 of the cumulative number")] = False,
        unit: Annotated[
            str,
            Query(max_length=36, description="只看其中一个机构自己的 of one unit alone: id"),
        ] = "",
        since: Since = None,
        up_to: UpTo = None,
    ) -> Response:
        """Those that the actor may see, in the order of the ledger."""
        actor = door.allowed(request, Action.READ_CASES)
        of = Month.parse(month)
        begun = begun_of(of, since) if cumulative else None
        with begin_read(ledger) as tx:
            found = monthly_events(
                tx, actor, party_id(authority), of, cell, of=unit, since=begun, up_to=up_to
            )
        if found is None:
            raise not_found("此单位的月报", "this unit's form", authority)
        return json_response(found)

    return router
