"""One batch over HTTP: its page, its history, where its metres are and went, and the codes of its units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..clock import shanghai_date
from ..codes.qr import qr_png, qr_svg
from ..codes.trace_code import LARGEST_UNIT, batch_code_in
from ..codes.unit_ranges import UnitRange, parse_units
from ..db.engine import begin_read
from ..http.allowance import Cost
from ..http.contract import answers_with, costs, needs
from ..http.door import Door
from ..http.failures import not_found
from ..http.paging import AfterIndex, Limit, UpTo, next_link
from ..http.parameters import api_router
from ..http.wire import json_response
from ..queries.answers import AsOf, Listed, cut
from ..queries.batch import BatchPage, batch_page, batches_of_lot
from ..queries.rows import BatchRow, batch_rows
from ..queries.starting_points import OfBatch
from ..queries.timeline import Happening
from ..queries.trace import Trace, traced
from ..queries.unexplained import UnexplainedRow
from ..queries.unit_codes import LabelledUnit, unit_codes
from ..queries.whereabouts import RegionRow, UnitRow, WhereRow

#: Codes are computed, not looked up: a page may be as long as a sheet of labels.
_MOST_CODES = 1_000

Code = Annotated[
    str,
    Path(
        description="批次或其中一盘的追溯码，任意写法 code of the batch or of one of its units, in any spelling"
    ),
]
Unit = Annotated[int, Path(ge=1, le=LARGEST_UNIT, description="盘（卷）号 number of the drum or coil")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where every metre of a batch is: ``holdings``, ``where`` and ``regions`` each add up to ``length_mm``; ``unexplained`` says
    drum by drum what is to be explained."""

    code: str
    length_mm: int
    holdings: Mapping[str, int]
    where: tuple[WhereRow, ...]
    regions: tuple[RegionRow, ...]
    units: tuple[UnitRow, ...]
    unexplained: tuple[UnexplainedRow, ...]
    as_of: AsOf


def make_router(door: Door, ledger: Engine, code_keys: Mapping[int, bytes], public_host: str) -> APIRouter:
    router = api_router("batches 批次", "/api/v1/batches")

    def page_of(request: Request, code: str, up_to: int | None) -> BatchPage:
        actor = door.allowed(request, Action.READ_BATCH)
        with begin_read(ledger) as tx:
            page = batch_page(tx, actor, code, today=shanghai_date(door.clock()), up_to=up_to)
        if page is None:
            raise not_found("此批次", "this batch", code)
        return page

    @router.get(
        "",
        summary="按批号查批次 batches by lot number",
        response_model=Listed[BatchRow],
        openapi_extra=needs(Action.READ_BATCH, **costs(Cost.READING)),
    )
    def by_lot(
        request: Request,
        lot: Annotated[str, Query(min_length=1, max_length=80, description="批号 lot number of the maker")],
        maker: Annotated[str, Query(max_length=36, description="生产企业编号 id of the maker")] = "",
    ) -> Response:
        """Lot numbers are the maker's: several makers may use the same one."""
        actor = door.allowed(request, Action.READ_BATCH)
        with begin_read(ledger) as tx:
            codes = batches_of_lot(tx, actor, lot, maker)
            return json_response(Listed(batch_rows(tx, codes, actor.scope_for(Action.READ_BATCH)), None))

    @router.get(
        "/{code}",
        summary="批次 a batch",
        response_model=BatchPage,
        openapi_extra=needs(Action.READ_BATCH, **costs(Cost.READING)),
    )
    def batch(request: Request, code: Code, up_to: UpTo = None) -> Response:
        """By the code of the batch or of one of its units; a batch outside the own scope is not found."""
        return json_response(page_of(request, code, up_to))

    @router.get(
        "/{code}/events",
        summary="批次的事件 the events of a batch",
        response_model=Listed[Happening],
        openapi_extra=needs(Action.READ_BATCH, **costs(Cost.READING)),
    )
    def events(
        request: Request, code: Code, up_to: UpTo = None, after: AfterIndex = None, limit: Limit = 50
    ) -> Response:
        """Oldest first, those that the asker may see."""
        seen = page_of(request, code, up_to).events
        rest = [each for each in seen if after is None or each.index > after]
        page = cut(rest[: limit + 1], limit, lambda event: str(event.index))
        return json_response(page, headers=next_link(request, page.after))

    @router.get(
        "/{code}/flow",
        summary="每一米在哪里 where every metre is",
        response_model=Whereabouts,
        openapi_extra=needs(Action.READ_BATCH, **costs(Cost.READING)),
    )
    def flow(request: Request, code: Code, up_to: UpTo = None) -> Response:
        """By account, by region and by unit; sums equal the length produced, whoever asks."""
        page = page_of(request, code, up_to)
        return json_response(
            Whereabouts(
                code=page.code,
                length_mm=page.length_mm,
                holdings=page.holdings,
                where=page.where,
                regions=page.regions,
                units=page.units,
                unexplained=page.unexplained,
                as_of=page.as_of,
            )
        )

    @router.get(
        "/{code}/trace",
        summary="批次的去向 where a batch went",
        response_model=Trace,
        openapi_extra=needs(Action.READ_TRACE, **costs(Cost.READING)),
    )
    def trace(request: Request, code: Code, up_to: UpTo = None) -> Response:
        """Places as nodes, metres as edges, the table by region, projects, and where the trail ends."""
        actor = door.allowed(request, Action.READ_TRACE)
        with begin_read(ledger) as tx:
            found = traced(tx, actor, OfBatch(batch_code_in(code).canonical), up_to=up_to)
        if found is None:
            raise not_found("此批次", "this batch", code)
        return json_response(found)

    # --- codes and QR, for the maker

    def codes_of(
        request: Request, code: str, units: tuple[UnitRange, ...], limit: int, after: int
    ) -> Listed[LabelledUnit]:
        actor = door.allowed(request, Action.PRINT_LABELS)
        with begin_read(ledger) as tx:
            page = unit_codes(
                tx,
                actor,
                code,
                keys=code_keys,
                public_host=public_host,
                units=units,
                limit=limit,
                after=after,
            )
        if page is None:
            raise not_found("此批次", "this batch", code)
        return page

    @router.get(
        "/{code}/codes",
        summary="各盘（卷）的追溯码 the codes of its drums and coils",
        response_model=Listed[LabelledUnit],
        openapi_extra=needs(Action.PRINT_LABELS, **costs(Cost.READING)),
    )
    def codes(
        request: Request,
        code: Code,
        units: Annotated[str, Query(max_length=1000, description="盘号 units, 1-40, 55; all if empty")] = "",
        limit: Annotated[int, Query(ge=1, le=_MOST_CODES, description="每页条数 rows in an answer")] = 100,
        after: Annotated[
            int, Query(ge=0, le=LARGEST_UNIT, description="上一页最后的盘号 the last unit of the page before")
        ] = 0,
    ) -> Response:
        """Only for the batch's maker: a code is as good as a label."""
        page = codes_of(request, code, parse_units(units) if units else (), limit, after)
        return json_response(page, headers=next_link(request, page.after))

    @router.get(
        "/{code}/units/{unit}/qr.svg",
        summary="盘（卷）二维码 SVG the QR code of a unit",
        response_class=Response,
        responses=answers_with("image/svg+xml", "GB/T 18284, SVG"),
        openapi_extra=needs(Action.PRINT_LABELS, **costs(Cost.READING)),
    )
    def qr_as_svg(request: Request, code: Code, unit: Unit) -> Response:
        """One black path, one unit to a module: the label gives it its size."""
        (row,) = codes_of(request, code, (UnitRange(unit, unit),), 1, 0).rows
        return Response(qr_svg(row.url), media_type="image/svg+xml")

    @router.get(
        "/{code}/units/{unit}/qr.png",
        summary="盘（卷）二维码 PNG the QR code of a unit",
        response_class=Response,
        responses=answers_with("image/png", "GB/T 18284, PNG", {"type": "string", "format": "binary"}),
        openapi_extra=needs(Action.PRINT_LABELS, **costs(Cost.READING)),
    )
    def qr_as_png(request: Request, code: Code, unit: Unit) -> Response:
        """Eight pixels to a module."""
        (row,) = codes_of(request, code, (UnitRange(unit, unit),), 1, 0).rows
        return Response(qr_png(row.url), media_type="image/png")

    return router
