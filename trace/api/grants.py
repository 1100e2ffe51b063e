"""Grants, the units of an authority, and readings across regions over HTTP. They are recorded by ``POST /api/v1/events``."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..clock import shanghai_date
from ..db.engine import begin_read
from ..http.contract import needs
from ..http.door import Door
from ..http.paging import After, Limit, next_link
from ..http.parameters import api_router
from ..http.wire import json_response
from ..model.values import party_id
from ..queries.answers import Listed
from ..queries.grants import AuthorityUnit, Grants, ReadingRow, grants_of, readings_of, units_of
from .registry import Ref


def make_router(door: Door, ledger: Engine) -> APIRouter:
    router = api_router("registry 备案", "/api/v1")

    @router.get(
        "/grants",
        summary="授权 grants",
        response_model=Grants,
        openapi_extra=needs(Action.READ_REGISTRY),
    )
    def given_and_received(request: Request) -> Response:
        """What the own organisation lets others enter or read, and what others let it; the newest first."""
        actor = door.allowed(request, Action.READ_REGISTRY)
        with begin_read(ledger) as tx:
            return json_response(grants_of(tx, actor, today=shanghai_date(door.clock())))

    @router.get(
        "/parties/{party}/units",
        summary="内设机构和派出机构 the units of an authority",
        response_model=Listed[AuthorityUnit],
        openapi_extra=needs(Action.READ_REGISTRY),
    )
    def units(request: Request, party: Ref) -> Response:
        """Each followed by its own, with what it was given to look after; none for a party that has no units."""
        actor = door.allowed(request, Action.READ_REGISTRY)
        with begin_read(ledger) as tx:
            rows = units_of(tx, actor, party_id(party), today=shanghai_date(door.clock()))
        return json_response(Listed(rows, None))

    @router.get(
        "/reads",
        summary="跨区查阅记录 readings across regions",
        response_model=Listed[ReadingRow],
        openapi_extra=needs(Action.READ_READINGS),
    )
    def reads(request: Request, limit: Limit = 50, after: After = None) -> Response:
        """Who read what under the own organisation's grants, and what it has read under those of others."""
        actor = door.allowed(request, Action.READ_READINGS)
        with begin_read(ledger) as tx:
            page = readings_of(tx, actor, limit=limit, after=after)
        return json_response(page, headers=next_link(request, page.after))

    return router
