"""Tracing over HTTP: where the metres of a starting point went, where they came from, as of any index; as JSON or a file."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..codes.trace_code import LARGEST_UNIT
from ..db.engine import begin_read
from ..http.allowance import Cost
from ..http.contract import costs, needs
from ..http.door import Door, language_of
from ..http.download import XLSX, download
from ..http.failures import not_found
from ..http.paging import UpTo
from ..http.parameters import api_router
from ..http.trace_graphml import trace_graphml
from ..http.trace_sheet import trace_sheet
from ..http.tracing import subject_in
from ..http.wire import json_response
from ..queries.starting_points import Direction
from ..queries.trace import Trace, traced

Ref = Annotated[str | None, Query(max_length=36, description="编号或统一社会信用代码 id or USCC")]
Id = Annotated[str | None, Query(max_length=36, description="编号 id")]
Way = Annotated[
    Direction | None,
    Query(
        description="down 去向，up 来源，both 上下都看；不写则按起点的常用方向 where it went, where it came from, or both; the usual "
        "one of the starting point if left out"
    ),
]
AsFile = Annotated[
    Literal["json", "xlsx", "graphml"],
    Query(alias="as", description="json，xlsx 表格，graphml 网络 a workbook, a network"),
]
GRAPHML = "application/graphml+xml"

_BINARY = {"schema": {"type": "string", "format": "binary"}}


def make_router(door: Door, ledger: Engine) -> APIRouter:
    router = api_router("batches 批次", "/api/v1")

    @router.get(
        "/trace",
        summary="追溯去向与来源 trace where goods went and came from",
        response_model=Trace,
        responses={200: {"content": {XLSX: _BINARY, GRAPHML: _BINARY}}},
        openapi_extra=needs(Action.READ_TRACE, **costs(Cost.READING)),
    )
    def trace(
        request: Request,
        batch: Annotated[
            str | None,
            Query(max_length=300, description="追溯码 trace code of the batch, or of a unit of it"),
        ] = None,
        unit: Annotated[
            int | None,
            Query(ge=1, le=LARGEST_UNIT, description="盘（卷）号，与 batch 同用 a drum or coil, with batch"),
        ] = None,
        units: Annotated[
            str | None,
            Query(
                max_length=1000,
                description="几盘一起，如 1-4, 7，与 batch 同用 some drums together, with batch",
            ),
        ] = None,
        maker: Ref = None,
        product: Annotated[
            str | None, Query(max_length=80, description="产品编号，与 maker 同用 product number, with maker")
        ] = None,
        certificate: Annotated[
            str | None,
            Query(max_length=80, description="证书编号，与 maker 同用 certificate number, with maker"),
        ] = None,
        material: Annotated[
            str | None, Query(max_length=80, description="原料批号 number of a lot of raw material")
        ] = None,
        goods: Id = None,
        event: Annotated[
            str | None,
            Query(
                max_length=36, description="检测报告、投诉或举报的事件编号 event id of a report or complaint"
            ),
        ] = None,
        project: Id = None,
        holder: Ref = None,
        region: Annotated[
            str | None,
            Query(pattern=r"^[0-9]{6}$", description="持有单位所在地区，与 holder 同用 region, with holder"),
        ] = None,
        direction: Way = None,
        up_to: UpTo = None,
        as_: AsFile = "json",
    ) -> Response:
        """From one starting point; only what the asker may see.

        ``maker`` alone is all that it made, with ``product`` or ``certificate`` what was made of or under these. ``event`` is
        traced by what it is about: a report by its batch, a complaint by its drum. ``project`` and ``holder`` are traced ``up``:
        where what is there came from, back to the maker.
        """
        actor = door.allowed(request, Action.READ_TRACE)
        asked = {
            "batch": batch, "unit": unit, "units": units, "maker": maker, "product": product, "certificate": certificate, "material": material,
            "goods": goods, "event": event, "project": project, "holder": holder, "region": region,
        }  # fmt: skip
        subject = subject_in(asked)
        with begin_read(ledger) as tx:
            found = traced(tx, actor, subject, direction=direction, up_to=up_to)
        if found is None:
            raise not_found("可追溯的对象", "anything to trace", str(next(filter(None, asked.values()))))
        name = f"trace-{found.as_of.index}"
        if as_ == "xlsx":
            return download(trace_sheet(found, language_of(request, actor)), f"{name}.xlsx", XLSX)
        if as_ == "graphml":
            return download(trace_graphml(found), f"{name}.graphml", GRAPHML)
        return json_response(found)

    return router
