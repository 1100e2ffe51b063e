"""The page 订单: each order of the reader's own party against what was delivered, and what was delivered without one."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ...clock import shanghai_date
from ...queries.orders import orders
from ..views import OrdersPage
from .visit import Pages, page_router


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    @router.get("/orders")
    def show(request: Request) -> Response:
        with pages.visit(request) as visit:
            late = request.query_params.get("late") == "yes"
            found = orders(visit.tx, visit.actor, today=shanghai_date(pages.door.clock()), late=late)
            return pages.show(
                OrdersPage(
                    frame=visit.frame,
                    orders=found.rows,
                    unordered=found.unordered,
                    late=found.late,
                    late_only=late,
                )
            )

    return router
