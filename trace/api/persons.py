"""Responsible persons over HTTP: what somebody of a name answers for, for those who may know."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..db.engine import begin_read
from ..http.allowance import Cost
from ..http.contract import costs, needs
from ..http.door import Door
from ..http.paging import AfterIndex, Limit, next_link
from ..http.parameters import api_router
from ..http.wire import json_response
from ..queries.answers import Listed
from ..queries.persons import Deed, deeds_of

Name = Annotated[str, Query(min_length=1, max_length=100, description="完整姓名 the whole name")]


def make_router(door: Door, ledger: Engine, names_key: bytes) -> APIRouter:
    router = api_router("persons 责任人", "/api/v1")

    @router.get(
        "/persons",
        summary="按姓名查责任人 what a responsible person answers for",
        response_model=Listed[Deed],
        openapi_extra=needs(Action.READ_PERSONS, **costs(Cost.READING)),
    )
    def persons(request: Request, name: Name, limit: Limit = 50, after: AfterIndex = None) -> Response:
        """The newest event first: the part in it, the day, batch and projects. Regulators find those of their region,
        organisations their own people, nobody those who complain or report, or whose name was erased. Several people
        may have one name.
        """
        actor = door.allowed(request, Action.READ_PERSONS)
        with begin_read(ledger) as tx:
            page = deeds_of(tx, actor, names_key, name, limit=limit, after=after)
        return json_response(page, headers=next_link(request, page.after))

    return router
