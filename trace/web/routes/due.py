"""The page 到期: what is due this week, for me, for my unit, for the whole authority."""

from __future__ import annotations

from typing import Annotated, cast, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from ...clock import shanghai_date
from ...errors import Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.failures import not_found
from ...queries.due import Due, DueRow, Whose, what_is_due
from ..case_lists import lists_of
from ..views import Choice, Frame
from ..views_of_cases import DueGroup, DuePage
from .visit import Pages, page_router

_WHOSE = {
    "all": Text("本机关", "My authority"),
    "unit": Text("本单位", "My unit"),
    "me": Text("我的", "Mine"),
}
_GROUPS = (
    ("overdue", Text("已逾期", "Overdue")),
    ("this-week", Text("本周到期", "Due this week")),
    ("later", Text("以后到期", "Due later")),
    ("stopped", Text("计时暂停", "The clock stands still")),
)


def make_router(pages: Pages, names_key: bytes) -> APIRouter:
    router = page_router()

    @router.get("/due", openapi_extra=costs(Cost.READING))
    def show(request: Request, whose: Annotated[str, Query(max_length=10)] = "all") -> Response:
        if whose not in get_args(Whose):
            raise not_found("此范围", "this list", whose)
        with pages.visit(request) as visit:
            found = what_is_due(
                visit.tx,
                visit.actor,
                today=shanghai_date(pages.door.clock()),
                whose=cast(Whose, whose),
                names_key=names_key,
            )
            return pages.show(due_page(visit.frame, found))

    return router


def due_page(frame: Frame, found: Due) -> DuePage:
    return DuePage(
        frame=frame,
        lists=lists_of("/due"),
        whose=tuple(
            Choice(text, f"/due?{urlencode({'whose': key})}", key == found.whose)
            for key, text in _WHOSE.items()
        ),
        groups=tuple(DueGroup(key, text, rows) for key, text in _GROUPS if (rows := _rows(found, key))),
        today=found.today,
        week_ends=found.week_ends,
    )


def _rows(found: Due, when: str) -> tuple[DueRow, ...]:
    return tuple(row for row in found.rows if row.when == when)
