"""Tracing over HTTP: where the metres of a maker, of a product or of a batch went, as of any index."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..codes.trace_code import batch_code_in
from ..db.engine import begin_read
from ..errors import InputError
from ..http.allowance import Cost
from ..http.contract import costs, needs
from ..http.door import Door
from ..http.failures import not_found
from ..http.paging import UpTo
from ..http.parameters import api_router
from ..http.wire import json_response
from ..queries.trace import OfBatch, OfMaker, OfProduct, Subject, Trace, trace_down

Ref = Annotated[str | None, Query(max_length=36, description="编号或统一社会信用代码 id or USCC")]


def make_router(door: Door, ledger: Engine) -> APIRouter:
    router = api_router("batches 批次", "/api/v1")

    @router.get(
        "/trace",
        summary="追溯去向 trace where goods went",
        response_model=Trace,
        openapi_extra=needs(Action.READ_TRACE, **costs(Cost.READING)),
    )
    def trace(
        request: Request,
        maker: Ref = None,
        product: Annotated[
            str | None, Query(max_length=80, description="产品编号，与 maker 同用 product number, with maker")
        ] = None,
        batch: Annotated[str | None, Query(max_length=300, description="追溯码 trace code")] = None,
        up_to: UpTo = None,
    ) -> Response:
        """Of ``maker``, of ``maker`` and ``product``, or of ``batch``; only what the asker may see."""
        actor = door.allowed(request, Action.READ_TRACE)
        subject = _subject(maker, product, batch)
        with begin_read(ledger) as tx:
            found = trace_down(tx, actor, subject, up_to=up_to)
        if found is None:
            raise not_found("可追溯的批次", "a batch to trace", batch or product or maker)
        return json_response(found)

    return router


def _subject(maker: str | None, product: str | None, batch: str | None) -> Subject:
    match (maker, product, batch):
        case (None, None, str()):
            return OfBatch(batch_code_in(batch).canonical)
        case (str(), None, None):
            return OfMaker(maker)
        case (str(), str(), None):
            return OfProduct(maker, product)
    raise InputError.of(
        "wrong-input",
        "请只写 batch，或写 maker，或同时写 maker 与 product",
        "give batch, or maker, or maker and product",
        where="maker",
    )
