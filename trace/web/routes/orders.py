"""The page 订单: each order of the reader's own party against what was delivered, and what was delivered without one."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from ...auth.policy import Action
from ...clock import shanghai_date
from ...errors import Text
from ...http.paging import AfterIndex
from ...queries.order_list import OrderList, OrdersThatAre, order_list
from ..views import Choice, OrdersPage
from . import ordering
from .visit import Pages, page_router

#: Orders on a page, each folded to its totals; and lines of what was delivered without one.
_ON_A_PAGE = 20
_STATES: dict[OrdersThatAre, Text] = {
    "": Text("全部", "all"),
    "open": Text("未发完", "not sent whole"),
    "under-way": Text("已发完，未收完", "sent, not all received"),
    "late": Text("逾期", "late"),
    "unordered": Text("没有对应订单的发货", "delivered without an order"),
}
Words = Annotated[str, Query(max_length=100)]


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    @router.get("/orders")
    def show(
        request: Request, q: Words = "", state: OrdersThatAre = "", after: AfterIndex = None
    ) -> Response:
        with pages.visit(request) as visit:
            found = order_list(
                visit.tx,
                visit.actor,
                today=shanghai_date(pages.door.clock()),
                text=q,
                that_are=state,
                limit=_ON_A_PAGE,
                after=after,
            )
            return pages.show(
                OrdersPage(
                    frame=visit.frame,
                    query=q,
                    states=_states(found, q, state),
                    kept=(("state", state),) if state else (),
                    is_narrowed=bool(q or state),
                    orders=found.rows,
                    unordered=found.unordered,
                    unordered_total=found.unordered_total,
                    unordered_mm=found.unordered_mm,
                    all_unordered_href=_href(q=q, state="unordered"),
                    of_unordered=state == "unordered",
                    next_href=visit.next_href(found.after),
                    new_href=ordering.HERE if visit.actor.reach(Action.RECORD_ORDER) else "",
                )
            )

    return router


def _states(found: OrderList, query: str, chosen: OrdersThatAre) -> tuple[Choice, ...]:
    counts = {
        "": found.total,
        "open": found.open,
        "under-way": found.under_way,
        "late": found.late,
        "unordered": found.unordered_total,
    }
    return tuple(
        Choice(text=text, href=_href(q=query, state=state), chosen=state == chosen, count=counts[state])
        for state, text in _STATES.items()
    )


def _href(**said: object) -> str:
    query = urlencode({name: value for name, value in said.items() if value not in ("", None)})
    return f"/orders?{query}" if query else "/orders"
