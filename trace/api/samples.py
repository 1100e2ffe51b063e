"""Samples over HTTP: their way, and how their results stand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..clock import shanghai_date
from ..db.engine import begin_read
from ..http.allowance import Cost
from ..http.contract import costs, needs
from ..http.door import Door
from ..http.failures import not_found
from ..http.paging import After, Limit, next_link
from ..http.parameters import api_router
from ..http.wire import json_response
from ..queries.answers import Listed
from ..queries.samples import FILTERS, SamplePage, SampleRow, sample_page, samples

State = Annotated[
    str, Query(max_length=20, json_schema_extra={"enum": list(FILTERS)}, description="状态 state")
]
SamplingOf = Annotated[str, Path(max_length=36, description="抽样事件的编号 id of the sampling event")]


def make_router(door: Door, ledger: Engine) -> APIRouter:
    router = api_router("samples 样品", "/api/v1")

    @router.get(
        "/samples",
        summary="样品 samples",
        response_model=Listed[SampleRow],
        openapi_extra=needs(Action.READ_SAMPLES, **costs(Cost.READING)),
    )
    def listed(request: Request, state: State = "open", limit: Limit = 50, after: After = None) -> Response:
        """The newest first. Open to their authority, to those in whose jurisdiction they were taken, and to whoever takes part."""
        actor = door.allowed(request, Action.READ_SAMPLES)
        with begin_read(ledger) as tx:
            page = samples(
                tx, actor, today=shanghai_date(door.clock()), chosen=state, limit=limit, after=after
            )
        return json_response(page, headers=next_link(request, page.after))

    @router.get(
        "/samples/{sampling}",
        summary="一个样品 one sample",
        response_model=SamplePage,
        openapi_extra=needs(Action.READ_SAMPLES, **costs(Cost.READING)),
    )
    def one(request: Request, sampling: SamplingOf) -> Response:
        """By the id of its sampling event. ``is_final`` says whether a result counts; each reader is told of its own steps."""
        actor = door.allowed(request, Action.READ_SAMPLES)
        with begin_read(ledger) as tx:
            found = sample_page(tx, actor, sampling, today=shanghai_date(door.clock()))
        if found is None:
            raise not_found("此样品", "this sample", sampling)
        return json_response(found)

    return router
