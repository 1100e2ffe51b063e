"""The one search box over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..db.engine import begin_read
from ..http.allowance import Cost
from ..http.contract import costs, header, needs
from ..http.door import Door
from ..http.paging import AfterIndex, Limit, next_link
from ..http.wire import json_response
from ..queries.search import SearchResult, search
from ..search.embedded import EmbeddedIndex

#: The ledger index up to which an answer is true.
INDEX_SEQUENCE = "X-Index-Sequence"


def make_router(door: Door, ledger: Engine, index: EmbeddedIndex) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["search 查询"])

    @router.get(
        "/search",
        summary="查询 search",
        response_model=SearchResult,
        responses={
            200: {"headers": {INDEX_SEQUENCE: header("答案截至的账本序号 true up to this ledger index")}}
        },
        openapi_extra=needs(Action.READ_SEARCH, **costs(Cost.READING)),
    )
    def find(
        request: Request,
        q: Annotated[str, Query(max_length=300, description="追溯码、批号、企业、型号规格 … words")] = "",
        limit: Limit = 20,
        after: AfterIndex = None,
    ) -> Response:
        """Batches that have all the words, newest first. ``X-Index-Sequence``: the answer is true up to there."""
        actor = door.allowed(request, Action.READ_SEARCH)
        with begin_read(ledger) as tx:
            result = search(tx, actor, index, q, limit=limit, after=after)
        up_to = -1 if result.current_to is None else result.current_to.index
        return json_response(result, headers={INDEX_SEQUENCE: str(up_to), **next_link(request, result.after)})

    return router
