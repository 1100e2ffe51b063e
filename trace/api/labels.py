"""Labels over HTTP, for the maker of a batch: sheets as PDF, single labels for printers, codes as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..codes.trace_code import LARGEST_UNIT, batch_code_in
from ..codes.unit_ranges import UnitRange, parse_units
from ..db.engine import begin_read
from ..http.allowance import Cost
from ..http.contract import answers_with, costs, needs
from ..http.door import Door
from ..http.download import CSV, PDF, XLSX, ZPL, download
from ..http.failures import not_found
from ..labels.bitmap import Resolution, label_bitmap, label_png
from ..labels.code_list import MOST_CODES, codes_csv, codes_xlsx
from ..labels.label import Label
from ..labels.pdf import labels_pdf
from ..labels.print_run import MOST_COPIES, parse_print_run
from ..labels.sheet import SHEETS, Sheet
from ..labels.svg import label_svg
from ..labels.zpl import zpl
from ..queries.labels import labels_of

_FILE = {"type": "string", "format": "binary"}

Code = Annotated[
    str,
    Path(
        description="批次或其中一盘的追溯码，任意写法 code of the batch or of one of its units, in any spelling"
    ),
]
Unit = Annotated[int, Path(ge=1, le=LARGEST_UNIT, description="盘（卷）号 number of the drum or coil")]
Units = Annotated[str, Query(max_length=1000, description="盘号 units, 1-40, 55; all if empty")]
Paper = Annotated[str, Query(max_length=20, description=f"标签纸 the paper: {', '.join(SHEETS)}")]
Dpi = Annotated[Resolution, Query(description="每英寸点数 dots per inch")]


def make_router(door: Door, ledger: Engine, code_keys: Mapping[int, bytes], public_host: str) -> APIRouter:
    router = APIRouter(prefix="/api/v1/batches", tags=["batches 批次"])

    def asked(request: Request, code: str, units: tuple[UnitRange, ...], most: int) -> tuple[Label, ...]:
        actor = door.allowed(request, Action.PRINT_LABELS)
        with begin_read(ledger) as tx:
            found = labels_of(
                tx, actor, code, keys=code_keys, public_host=public_host, units=units, most=most
            )
        if found is None:
            raise not_found("此批次", "this batch", code)
        return found

    def one(request: Request, code: str, unit: int) -> Label:
        (label,) = asked(request, code, (UnitRange(unit, unit),), 1)
        return label

    @router.get(
        "/{code}/labels",
        summary="标签 PDF labels to print",
        response_class=Response,
        responses=answers_with(PDF, "PDF", _FILE),
        openapi_extra=needs(Action.PRINT_LABELS, **costs(Cost.READING)),
    )
    def labels(
        request: Request,
        code: Code,
        units: Units = "",
        sheet: Paper = "",
        start: Annotated[str, Query(max_length=40, description="从第几格开始 first position, from 1")] = "",
        copies: Annotated[
            str, Query(max_length=40, description=f"份数 copies of each, at most {MOST_COPIES}")
        ] = "",
        right: Annotated[str, Query(max_length=40, description="右移毫米 mm to the right, -0.5")] = "",
        down: Annotated[str, Query(max_length=40, description="下移毫米 mm down")] = "",
    ) -> Response:
        """The usual paper is the first one. At most 2,000 labels in one file, copies counted."""
        run = parse_print_run(sheet=sheet, start=start, copies=copies, right=right, down=down)
        found = asked(request, code, parse_units(units) if units.strip() else (), run.most_labels)
        return download(labels_pdf(found, run), name_of(code, "pdf"), PDF)

    @router.get(
        "/{code}/codes.csv",
        summary="追溯码清单 CSV the codes as CSV",
        response_class=Response,
        responses=answers_with("text/csv", "UTF-8, BOM"),
        openapi_extra=needs(Action.PRINT_LABELS, **costs(Cost.READING)),
    )
    def as_csv(request: Request, code: Code, units: Units = "") -> Response:
        """For label programs and ink-jet coders."""
        found = asked(request, code, parse_units(units) if units.strip() else (), MOST_CODES)
        return download(codes_csv(found), name_of(code, "csv"), CSV)

    @router.get(
        "/{code}/codes.xlsx",
        summary="追溯码清单 XLSX the codes as a workbook",
        response_class=Response,
        responses=answers_with(XLSX, "XLSX", _FILE),
        openapi_extra=needs(Action.PRINT_LABELS, **costs(Cost.READING)),
    )
    def as_xlsx(request: Request, code: Code, units: Units = "") -> Response:
        """For label programs and ink-jet coders."""
        found = asked(request, code, parse_units(units) if units.strip() else (), MOST_CODES)
        return download(codes_xlsx(found), name_of(code, "xlsx"), XLSX)

    @router.get(
        "/{code}/units/{unit}/label.svg",
        summary="一张标签 SVG one label",
        response_class=Response,
        responses=answers_with("image/svg+xml", "SVG"),
        openapi_extra=needs(Action.PRINT_LABELS, **costs(Cost.READING)),
    )
    def as_svg(request: Request, code: Code, unit: Unit, sheet: Paper = "roll-60x40") -> Response:
        """The size of one label of the paper; text as outlines."""
        paper = paper_of(sheet)
        return Response(label_svg(one(request, code, unit), paper), media_type="image/svg+xml")

    @router.get(
        "/{code}/units/{unit}/label.png",
        summary="一张标签 PNG one label",
        response_class=Response,
        responses=answers_with("image/png", "PNG", _FILE),
        openapi_extra=needs(Action.PRINT_LABELS, **costs(Cost.READING)),
    )
    def as_png(
        request: Request, code: Code, unit: Unit, sheet: Paper = "roll-60x40", dpi: Dpi = Resolution.FINE
    ) -> Response:
        """Black and white, of the size of one label of the paper."""
        paper = paper_of(sheet)
        return Response(label_png(one(request, code, unit), paper, dpi), media_type="image/png")

    @router.get(
        "/{code}/units/{unit}/label.zpl",
        summary="一张标签 ZPL one label for a label printer",
        response_class=Response,
        responses=answers_with("text/plain", "ZPL II, ^GFA"),
        openapi_extra=needs(Action.PRINT_LABELS, **costs(Cost.READING)),
    )
    def as_zpl(
        request: Request,
        code: Code,
        unit: Unit,
        sheet: Paper = "roll-60x40",
        dpi: Dpi = Resolution.COARSE,
        copies: Annotated[int, Query(ge=1, le=MOST_COPIES, description="份数 copies")] = 1,
    ) -> Response:
        """As a picture, so that the printer needs no Chinese font. Send it to the printer as it is."""
        paper = paper_of(sheet)
        bitmap = label_bitmap(one(request, code, unit), paper, dpi)
        return download(zpl(bitmap, copies), name_of(code, "zpl"), ZPL)

    return router


def paper_of(sheet: str) -> Sheet:
    return parse_print_run(sheet=sheet).sheet


def name_of(code: str, ending: str) -> str:
    return f"labels-{batch_code_in(code).canonical}.{ending}"
