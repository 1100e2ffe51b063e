"""Listed supervision over HTTP, for the authority that listed something and for the unit that is responsible."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..clock import shanghai_date
from ..db.engine import begin_read
from ..http.allowance import Cost
from ..http.contract import costs, needs
from ..http.door import Door
from ..http.failures import not_found
from ..http.parameters import api_router
from ..http.wire import json_response
from ..queries.listings import ListingPage, ListingRow, listing_list, listing_page

ListingId = Annotated[str, Path(description="挂牌督办编号 id of the listing (UUID)")]


def make_router(door: Door, ledger: Engine) -> APIRouter:
    router = api_router("listings 挂牌督办", "/api/v1")

    @router.get(
        "/listings",
        summary="挂牌督办 listed supervision",
        response_model=tuple[ListingRow, ...],
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def listings(request: Request) -> Response:
        """Those that stand first, by their day; then those that were lifted."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            found = listing_list(tx, actor, today=shanghai_date(door.clock()))
        return json_response(found)

    @router.get(
        "/listings/{listing}",
        summary="一项挂牌督办 one listing",
        response_model=ListingPage,
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def one_listing(request: Request, listing: ListingId) -> Response:
        """What is listed and why, its steps, and what could come next."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            page = listing_page(tx, actor, listing, today=shanghai_date(door.clock()))
        if page is None:
            raise not_found("此挂牌督办", "this listing", listing)
        return json_response(page)

    return router
