"""Supervision work over HTTP: problems that inspections found, and the own authority's planned visits."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..clock import shanghai_date
from ..db.engine import begin_read
from ..http.allowance import Cost
from ..http.contract import costs, needs
from ..http.door import Door
from ..http.paging import After, Limit, next_link
from ..http.parameters import api_router
from ..http.wire import json_response
from ..model.values import party_id
from ..queries.answers import Listed
from ..queries.inspections import FILTERS, DefectRow, VisitRow, defects, visits
from ..queries.sampling_plans import SamplingPlanRow, sampling_plans

State = Annotated[
    str,
    Query(max_length=20, json_schema_extra={"enum": ["", *FILTERS]}, description="状态 state; empty for all"),
]


def make_router(door: Door, ledger: Engine) -> APIRouter:
    router = api_router("inspections 检查", "/api/v1")

    @router.get(
        "/defects",
        summary="排查台账 problems that inspections found",
        response_model=Listed[DefectRow],
        openapi_extra=needs(Action.READ_DEFECTS, **costs(Cost.READING)),
    )
    def problems(
        request: Request,
        state: State = "",
        party: Annotated[str | None, Query(max_length=36, description="被检查单位 party: id or USCC")] = None,
        limit: Limit = 50,
        after: After = None,
    ) -> Response:
        """Those that are due first. Open to whoever was inspected, and to authorities in whose jurisdiction they lie."""
        actor = door.allowed(request, Action.READ_DEFECTS)
        with begin_read(ledger) as tx:
            page = defects(
                tx,
                actor,
                today=shanghai_date(door.clock()),
                chosen=state,
                party=None if party is None else party_id(party),
                limit=limit,
                after=after,
            )
        return json_response(page, headers=next_link(request, page.after))

    @router.get(
        "/visits",
        summary="检查计划 planned visits",
        response_model=tuple[VisitRow, ...],
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def planned(request: Request) -> Response:
        """The own authority's alone; nobody else learns of them."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            found = visits(tx, actor)
        return json_response(found)

    @router.get(
        "/sampling-plans",
        summary="抽查方案 sampling plans",
        response_model=tuple[SamplingPlanRow, ...],
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def plans(request: Request) -> Response:
        """The own authority's alone, with everything that their draws are repeated from (docs/sampling.md)."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            found = sampling_plans(tx, actor)
        return json_response(found)

    return router
