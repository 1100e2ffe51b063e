"""Stock and orders over HTTP: what the asker's own party has, and what it sold and bought."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..clock import shanghai_date
from ..db.engine import begin_read
from ..http.contract import needs
from ..http.door import Door
from ..http.paging import AfterIndex, Limit, next_link
from ..http.parameters import api_router
from ..http.wire import json_response
from ..queries.order_list import OrderList, order_list
from ..queries.stock import Stock, stock


def make_router(door: Door, ledger: Engine) -> APIRouter:
    router = api_router("trade 库存与订单", "/api/v1")

    @router.get("/stock", summary="库存 stock", response_model=Stock, openapi_extra=needs(Action.READ_STOCK))
    def of_stock(
        request: Request,
        q: Annotated[
            str, Query(max_length=100, description="地点、型号、批号的一部分 a part of a place, cable or lot")
        ] = "",
    ) -> Response:
        """The own stock by region, cable and batch, in millimetres; what is under way to and from it stands apart."""
        actor = door.allowed(request, Action.READ_STOCK)
        with begin_read(ledger) as tx:
            return json_response(stock(tx, actor, today=shanghai_date(door.clock()), text=q))

    @router.get(
        "/orders", summary="订单 orders", response_model=OrderList, openapi_extra=needs(Action.READ_ORDERS)
    )
    def of_orders(
        request: Request,
        late: Annotated[
            bool, Query(description="只要逾期的订单 those only that are late by the day of the answer")
        ] = False,
        open: Annotated[
            bool, Query(description="只要未发完的订单 those only that are not sent whole")
        ] = False,
        unordered: Annotated[
            bool,
            Query(description="只要没有对应订单的发货 what was delivered without an order, and no orders"),
        ] = False,
        q: Annotated[
            str,
            Query(
                max_length=100,
                description="对方名称、订单号、型号、项目的一部分 a part of a partner, number, cable, project",
            ),
        ] = "",
        limit: Limit = 50,
        after: AfterIndex = None,
    ) -> Response:
        """The own orders against what was delivered, the newest first; what fits none of them stands apart and is counted for
        none: a first part of it on the first page, all of it on pages of its own (`unordered=true`).

        Of each line `by_number_mm` came under the order's number; the rest was matched by the two parties and the cable.
        """
        actor = door.allowed(request, Action.READ_ORDERS)
        with begin_read(ledger) as tx:
            page = order_list(
                tx,
                actor,
                today=shanghai_date(door.clock()),
                text=q,
                that_are="unordered" if unordered else "late" if late else "open" if open else "",
                limit=limit,
                after=after,
            )
        return json_response(page, headers=next_link(request, page.after))

    return router
