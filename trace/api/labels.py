"""Labels over HTTP, for the maker of a batch: sheets as PDF, single labels for printers, codes as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ConfigDict, Field, TypeAdapter
from sqlalchemy import Engine

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import LARGEST_UNIT, batch_code_in
from ..codes.unit_ranges import UnitRange, format_units, parse_units
from ..db.engine import begin_read
from ..errors import InputError, Text
from ..http.allowance import Cost
from ..http.contract import answers_with, costs, needs
from ..http.door import Door, language_of
from ..http.download import CSV, PDF, XLSX, ZPL, download
from ..http.failures import not_found
from ..http.parameters import api_router
from ..http.printing import How, LabelPrinting, Order, Output
from ..http.problems import problem_response
from ..http.sent import read_sent, sends
from ..http.wire import json_response
from ..labels.bitmap import Resolution, label_bitmap, label_png
from ..labels.code_list import codes_csv, codes_xlsx
from ..labels.label import Label
from ..labels.pdf import labels_pdf
from ..labels.print_run import MOST_COPIES, parse_print_run
from ..labels.sheet import SHEETS, Sheet
from ..labels.svg import label_svg
from ..labels.zpl import zpl
from ..model.admission import Refusal
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


_MAX_BODY_BYTES = 20_000
Recorded = Annotated[
    str,
    Query(max_length=40, description="打印记录的事件编号 id of a recorded printing; without, a preview 样张"),
]
RecordedList = Annotated[
    str, Query(max_length=40, description="打印记录的事件编号 id of a recorded printing")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLabels:
    """What is to be printed. No ``units``: those that were not printed yet. ``reason``: why some are printed again."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)
    id: Annotated[str | None, Field(description="UUID of the event: sent twice, recorded once")] = None
    units: Annotated[str, Field(max_length=1000, description="盘号 units, 1-40, 55")] = ""
    sheet: Annotated[str, Field(max_length=20, description=f"标签纸 the paper: {', '.join(SHEETS)}")] = ""
    start: Annotated[int, Field(ge=1, le=1000, description="从第几格开始 first position")] = 1
    copies: Annotated[int, Field(ge=1, le=MOST_COPIES, description="份数 copies of each")] = 1
    right: Annotated[str, Field(max_length=40, description="右移毫米 mm to the right")] = ""
    down: Annotated[str, Field(max_length=40, description="下移毫米 mm down")] = ""
    output: Annotated[Output, Field(description="标签或清单 labels, or the list of codes")] = "labels"
    reason: Annotated[
        Literal["damaged", "lost", "misprint", "other"] | None, Field(description="补打原因 why again")
    ] = None
    note: Annotated[str, Field(max_length=2000, description="说明 in words")] = ""


_WANTED = TypeAdapter(WantedLabels)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLabels:
    """A recorded printing, and where its file is handed out for a day."""

    event: str
    code: str
    units: str
    copies: int
    output: str
    recorded_at: datetime
    file: str


def schemas() -> dict[str, Any]:
    """The schema of what is sent, for the description."""
    schema = _WANTED.json_schema(ref_template="#/components/schemas/WantedLabels.{model}")
    return {"WantedLabels": schema}


def make_router(
    door: Door, ledger: Engine, code_keys: Mapping[int, bytes], public_host: str, printing: LabelPrinting
) -> APIRouter:
    router = api_router("batches 批次", "/api/v1/batches")

    def asked(request: Request, code: str, units: tuple[UnitRange, ...], most: int) -> tuple[Label, ...]:
        actor = door.allowed(request, Action.PRINT_LABELS)
        with begin_read(ledger) as tx:
            found = labels_of(
                tx,
                actor,
                code,
                keys=code_keys,
                public_host=public_host,
                units=units,
                most=most,
                is_preview=True,
            )
        if found is None:
            raise not_found("此批次", "this batch", code)
        return found

    def recorded(request: Request, code: str, event: str) -> tuple[Label, ...]:
        """The labels of a recorded printing of this code."""
        actor = door.allowed(request, Action.PRINT_LABELS)
        found = printing.labels(actor, [event])
        if batch_code_in(found[0].url) != batch_code_in(code):
            raise not_found("此批次", "this batch", code)
        return found

    def listed(request: Request, code: str, event: str) -> tuple[Label, ...]:
        """Each unit of a recorded printing once."""
        door.allowed(request, Action.PRINT_LABELS)
        if not event:
            raise InputError.of(
                "wrong-input",
                "追溯码清单等同于标签，须先登记打印",
                "a list of codes is as good as labels: its printing is recorded first",
                where="printing",
                remedy=Text(
                    '先 POST 到 …/labels，"output": "codes"，再取答复中的 file',
                    'POST to …/labels with "output": "codes", and take the file that it answers with',
                ),
            )
        return tuple(dict.fromkeys(recorded(request, code, event)))

    def one(request: Request, code: str, unit: int, event: str) -> Label:
        if not event:
            (label,) = asked(request, code, (UnitRange(unit, unit),), 1)
            return label
        for label in recorded(request, code, event):
            if label.unit == unit:
                return label
        raise not_found("这一盘的打印记录", "a record that this unit was printed", unit)

    @router.post(
        "/{code}/labels",
        status_code=201,
        summary="打印标签 print labels",
        response_model=PrintedLabels,
        openapi_extra=needs(Action.RECORD_LABELLING, **sends("WantedLabels")),
    )
    async def print_labels(request: Request, code: Code) -> Response:
        """Recorded on the ledger first; the answer says where the file is. A unit whose label was printed before needs a
        ``reason`` (409, `reprint-without-reason`)."""
        actor = door.allowed_to_change(request, Action.RECORD_LABELLING)
        wanted = await read_sent(request, _WANTED, _MAX_BODY_BYTES)
        return await run_in_threadpool(
            record, actor, batch_code_in(code).canonical, wanted, language_of(request, actor)
        )

    def record(actor: Actor, code: str, wanted: WantedLabels, language: str) -> Response:
        placed = {"start": str(wanted.start), "right": wanted.right, "down": wanted.down}
        run = parse_print_run(sheet=wanted.sheet, copies=str(wanted.copies), **placed)
        units = parse_units(wanted.units) if wanted.units.strip() else ()
        order = Order(code=code, id=wanted.id or str(uuid4()), units=units)
        how = How(run=run, output=wanted.output, reason=wanted.reason or "", note=wanted.note)
        answer = printing.record(actor, [order], how)
        if isinstance(answer, Refusal):
            return problem_response(answer.problems, language, answer.status)
        (done,) = answer
        asked_for = {"printing": done.event, "sheet": wanted.sheet, **placed}
        query = urlencode({name: said for name, said in asked_for.items() if said})
        here = f"/api/v1/batches/{code}"
        listed = f"{here}/codes.csv?" + urlencode({"printing": done.event})
        found = PrintedLabels(
            event=done.event,
            code=code,
            units=format_units(done.units),
            copies=done.copies,
            output=done.output,
            recorded_at=done.recorded_at,
            file=f"{here}/labels?{query}" if done.output == "labels" else listed,
        )
        return json_response(found, 201)

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
        printing: Recorded = "",
    ) -> Response:
        """Of a recorded ``printing`` its labels, units and copies as they were recorded; without, a preview that says so.

        The usual paper is the first one. At most 2,000 labels in one file, copies counted.
        """
        run = parse_print_run(sheet=sheet, start=start, copies=copies, right=right, down=down)
        if printing:
            labelled = recorded(request, code, printing)
            return download(labels_pdf(labelled, replace(run, copies=1)), name_of(code, "pdf"), PDF)
        found = asked(request, code, parse_units(units) if units.strip() else (), run.most_labels)
        return download(labels_pdf(found, run), name_of(code, "pdf"), PDF)

    @router.get(
        "/{code}/codes.csv",
        summary="追溯码清单 CSV the codes as CSV",
        response_class=Response,
        responses=answers_with("text/csv", "UTF-8, BOM"),
        openapi_extra=needs(Action.PRINT_LABELS, **costs(Cost.READING)),
    )
    def as_csv(request: Request, code: Code, printing: RecordedList = "") -> Response:
        """For label programs and ink-jet coders. A code is as good as a label: the list is of a recorded ``printing``."""
        return download(codes_csv(listed(request, code, printing)), name_of(code, "csv"), CSV)

    @router.get(
        "/{code}/codes.xlsx",
        summary="追溯码清单 XLSX the codes as a workbook",
        response_class=Response,
        responses=answers_with(XLSX, "XLSX", _FILE),
        openapi_extra=needs(Action.PRINT_LABELS, **costs(Cost.READING)),
    )
    def as_xlsx(request: Request, code: Code, printing: RecordedList = "") -> Response:
        """For label programs and ink-jet coders. A code is as good as a label: the list is of a recorded ``printing``."""
        return download(codes_xlsx(listed(request, code, printing)), name_of(code, "xlsx"), XLSX)

    @router.get(
        "/{code}/units/{unit}/label.svg",
        summary="一张标签 SVG one label",
        response_class=Response,
        responses=answers_with("image/svg+xml", "SVG"),
        openapi_extra=needs(Action.PRINT_LABELS, **costs(Cost.READING)),
    )
    def as_svg(
        request: Request, code: Code, unit: Unit, sheet: Paper = "roll-60x40", printing: Recorded = ""
    ) -> Response:
        """The size of one label of the paper; text as outlines."""
        paper = paper_of(sheet)
        return Response(label_svg(one(request, code, unit, printing), paper), media_type="image/svg+xml")

    @router.get(
        "/{code}/units/{unit}/label.png",
        summary="一张标签 PNG one label",
        response_class=Response,
        responses=answers_with("image/png", "PNG", _FILE),
        openapi_extra=needs(Action.PRINT_LABELS, **costs(Cost.READING)),
    )
    def as_png(
        request: Request,
        code: Code,
        unit: Unit,
        sheet: Paper = "roll-60x40",
        dpi: Dpi = Resolution.FINE,
        printing: Recorded = "",
    ) -> Response:
        """Black and white, of the size of one label of the paper."""
        paper = paper_of(sheet)
        return Response(label_png(one(request, code, unit, printing), paper, dpi), media_type="image/png")

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
        printing: Recorded = "",
    ) -> Response:
        """As a picture, so that the printer needs no Chinese font. Send it to the printer as it is."""
        paper = paper_of(sheet)
        bitmap = label_bitmap(one(request, code, unit, printing), paper, dpi)
        return download(zpl(bitmap, copies), name_of(code, "zpl"), ZPL)

    return router


def paper_of(sheet: str) -> Sheet:
    return parse_print_run(sheet=sheet).sheet


def name_of(code: str, ending: str) -> str:
    return f"labels-{batch_code_in(code).canonical}.{ending}"
