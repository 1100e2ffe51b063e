"""Saved searches of the own account over HTTP: the questions that the page 查询 keeps and shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ConfigDict, StringConstraints, TypeAdapter

from ..auth.actor import Actor
from ..auth.policy import Action
from ..db.engine import begin_read, begin_write
from ..http.contract import needs
from ..http.door import Door
from ..http.failures import not_found
from ..http.parameters import api_router
from ..http.sent import read_sent, sends
from ..http.wire import json_response
from ..model.values import STRICT
from ..queries.answers import Listed
from ..search import saved
from ..search.asking import asking_in
from ..search.saved import LONGEST_NAME, SavedSearch

#: The longest address and name, each of their characters escaped as two of six bytes.
_MAX_BODY_BYTES = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedSearch:
    """A search to keep under a name. ``address``: words, filters and order as the query of `GET /api/v1/search`, such as
    ``q=YJV&state=held&sort=newest``."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    name: Annotated[str, StringConstraints(max_length=4 * LONGEST_NAME)]
    address: Annotated[str, StringConstraints(max_length=4_000)]


_WANTED = TypeAdapter(WantedSearch)


def make_router(door: Door) -> APIRouter:
    router = api_router("search 查询", "/api/v1/search/saved")

    @router.get(
        "",
        summary="保存的查询 the own saved searches",
        response_model=Listed[SavedSearch],
        openapi_extra=needs(Action.READ_SEARCH),
    )
    def kept(request: Request) -> Response:
        """Those of the account, the oldest first; what they find is asked anew by ``GET /api/v1/search?{address}``."""
        actor = door.allowed(request, Action.READ_SEARCH)
        with begin_read(door.desk) as tx:
            return json_response(Listed(saved.of_account(tx, actor.account), None))

    @router.post(
        "",
        status_code=201,
        summary="保存查询 save a search",
        response_model=SavedSearch,
        openapi_extra=needs(Action.READ_SEARCH, **sends("WantedSearch")),
    )
    async def save(request: Request) -> Response:
        """Under a name; one of the same name is replaced. An account keeps 50 at most."""
        actor = door.allowed_to_change(request, Action.READ_SEARCH)
        wanted = await read_sent(request, _WANTED, _MAX_BODY_BYTES)
        return json_response(await run_in_threadpool(_save, door, actor, wanted), 201)

    @router.delete(
        "/{search}",
        status_code=204,
        response_class=Response,
        summary="删除保存的查询 delete a saved search",
        openapi_extra=needs(Action.READ_SEARCH),
    )
    def forget(
        request: Request, search: Annotated[str, Path(description="查询编号 id of the saved search")]
    ) -> Response:
        """Of the own account; another's is not found."""
        actor = door.allowed_to_change(request, Action.READ_SEARCH)
        with begin_write(door.desk) as tx:
            if not saved.forget(tx, actor.account, search):
                raise not_found("这个保存的查询", "this saved search", search)
        return Response(status_code=204)

    return router


def schemas() -> dict[str, Any]:
    """The schema of what is sent, for the description."""
    return {"WantedSearch": _WANTED.json_schema()}


def _save(door: Door, actor: Actor, wanted: WantedSearch) -> SavedSearch:
    asking = asking_in(wanted.address)  # what is kept is what was understood
    with begin_write(door.desk) as tx:
        return saved.save(tx, actor.account, wanted.name, asking.address, door.clock())
