"""The page 库存: what the reader's own party has, by place, and the same as a workbook; what is under way stands apart."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from ...clock import shanghai_date
from ...errors import Text
from ...http.download import XLSX, download
from ...model.designation import normalised
from ...queries.stock import Stock, StockRow, stock
from ..stock_sheet import stock_sheet
from ..views import CableOfStock, Frame, PlaceOfStock, StockPage
from .visit import Pages, page_router

#: So many batches stand unfolded.
_SHORT = 12

Words = Annotated[str, Query(max_length=100)]


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    @router.get("/stock")
    def show(request: Request, q: Words = "") -> Response:
        with pages.visit(request) as visit:
            found = stock(visit.tx, visit.actor, today=shanghai_date(pages.door.clock()), text=q)
            return pages.show(stock_page(visit.frame, found, q))

    @router.get("/stock.xlsx")
    def sheet(request: Request, q: Words = "") -> Response:
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            found = stock(visit.tx, visit.actor, today=today, text=q)
            language = visit.frame.language
        return download(stock_sheet(found.rows, language), f"stock-{today:%Y%m%d}.xlsx", XLSX)

    return router


def stock_page(frame: Frame, found: Stock, query: str) -> StockPage:
    said = f"?{urlencode({'q': query})}" if query else ""
    return StockPage(
        frame=frame,
        query=query,
        places=tuple(
            _place(tuple(rows)) for _, rows in groupby(found.rows, lambda r: (r.region, r.state, r.project))
        ),
        is_short=len(found.rows) <= _SHORT,
        total_mm=found.total_mm,
        coming=found.coming,
        sent=found.sent,
        sheet_href=f"/stock.xlsx{said}",
        current_to=found.as_of,
    )


def _place(rows: tuple[StockRow, ...]) -> PlaceOfStock:
    first = rows[0]
    name = first.region_name
    if first.project_name:
        name = Text(f"{first.project_name} · {name.zh}", f"{first.project_name} · {name.en}")
    cables: dict[str, list[StockRow]] = defaultdict(list)
    for row in rows:
        cables[normalised(row.designation)].append(row)
    return PlaceOfStock(
        name=name,
        cables=tuple(
            CableOfStock(designation=cable, rows=tuple(some)) for cable, some in sorted(cables.items())
        ),
    )
