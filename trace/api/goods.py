"""Uncoded goods over HTTP: the list of those that were found, and each with what was recorded of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..db.engine import begin_read
from ..http.contract import needs
from ..http.door import Door
from ..http.failures import not_found
from ..http.paging import After, Limit, next_link
from ..http.parameters import api_router
from ..http.wire import json_response
from ..queries.answers import Listed
from ..queries.goods import GoodsPage, GoodsRow, goods_list, goods_page

Words = Annotated[
    str,
    Query(
        max_length=100,
        description="标识或标称生产者的一部分 part of the marks or of the nominal maker's name",
    ),
]


def make_router(door: Door, ledger: Engine) -> APIRouter:
    router = api_router("goods 无码货物", "/api/v1/goods")

    @router.get(
        "",
        summary="无码货物 uncoded goods",
        response_model=Listed[GoodsRow],
        openapi_extra=needs(Action.READ_BATCH),
    )
    def goods(request: Request, q: Words = "", limit: Limit = 50, after: After = None) -> Response:
        """The newest first: those in the asker's jurisdiction, or that it holds or made; with ``q`` also those that another
        authority lets it read, with no more than their line."""
        actor = door.allowed(request, Action.READ_BATCH)
        with begin_read(ledger) as tx:
            page = goods_list(tx, actor, text=q.strip(), limit=limit, after=after)
        return json_response(page, headers=next_link(request, page.after))

    @router.get(
        "/{goods}",
        summary="一宗无码货物 some uncoded goods",
        response_model=GoodsPage,
        openapi_extra=needs(Action.READ_BATCH),
    )
    def one(
        request: Request, goods: Annotated[str, Path(description="货物编号 id of the goods (UUID)")]
    ) -> Response:
        """What they are, and what was recorded of them. Under another authority's grant this is a reading."""
        actor = door.allowed(request, Action.READ_BATCH)
        with begin_read(ledger) as tx:
            page = goods_page(tx, actor, goods)
        if page is None:
            raise not_found("此货物", "these goods", goods)
        return json_response(page)

    return router
