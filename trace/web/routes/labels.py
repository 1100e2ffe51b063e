"""The page 打印标签 of a batch, for its maker: a form whose answer is a file, and the codes themselves to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from ...auth.policy import Action
from ...clock import shanghai_date
from ...codes.trace_code import LARGEST_UNIT
from ...codes.unit_ranges import parse_units
from ...errors import InputError
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.download import CSV, PDF, XLSX, download
from ...http.failures import not_found
from ...http.problems import status_of
from ...labels.code_list import MOST_CODES, codes_csv, codes_xlsx
from ...labels.label import Label
from ...labels.pdf import labels_pdf
from ...labels.print_run import USUAL, PrintRun, parse_print_run
from ...labels.sheet import SHEETS
from ...queries.answers import Listed
from ...queries.batch import BatchPage as Reading
from ...queries.batch import batch_page
from ...queries.labels import labels_of
from ...queries.unit_codes import LabelledUnit, unit_codes
from ..views import Frame, LabelsPage
from .visit import Pages

_LABELS_ON_A_PAGE = 60

#: What the form asks for: nothing, to look only, or a file.
Wanted = Literal["", "pdf", "csv", "xlsx"]
Typed = Annotated[str, Query(max_length=40)]


def make_router(pages: Pages, code_keys: Mapping[int, bytes], public_host: str) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/batches/{code}/labels", openapi_extra=costs(Cost.READING))
    def labels(
        request: Request,
        code: str,
        units: Annotated[str, Query(max_length=1000)] = "",
        sheet: Typed = "",
        start: Typed = "",
        copies: Typed = "",
        right: Typed = "",
        down: Typed = "",
        wanted: Annotated[Wanted, Query(alias="as")] = "",
        after: Annotated[int, Query(ge=0, le=LARGEST_UNIT)] = 0,
    ) -> Response:
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            visit.actor.require(Action.PRINT_LABELS)
            found = batch_page(visit.tx, visit.actor, code, today=today)
            if found is None or found.maker != visit.actor.party:
                raise not_found("此批次", "this batch", code)
            how = {"sheet": sheet, "start": start, "copies": copies, "right": right, "down": down}
            page = labels_page(visit.frame, found, {"units": units, **how})
            try:
                run = parse_print_run(**how)
                these = parse_units(units) if units.strip() else ()
                if not wanted:
                    listed = unit_codes(
                        visit.tx,
                        visit.actor,
                        code,
                        keys=code_keys,
                        public_host=public_host,
                        units=these,
                        limit=_LABELS_ON_A_PAGE,
                        after=after,
                    )
                    return pages.show(with_labels(page, listed))
                printed = labels_of(
                    visit.tx,
                    visit.actor,
                    code,
                    keys=code_keys,
                    public_host=public_host,
                    units=these,
                    most=run.most_labels if wanted == "pdf" else MOST_CODES,
                )
            except InputError as error:
                return refused(page, error)
        assert printed is not None, "a batch that is the reader's own"
        try:  # outside of the snapshot: a thousand labels take their time
            return file_of(wanted, printed, run, found.code)
        except InputError as error:
            return refused(page, error)

    def refused(page: LabelsPage, error: InputError) -> Response:
        problems = tuple(replace(each, where=f"/{each.where or 'units'}") for each in error.problems)
        return pages.show(replace(page, problems=problems), status_of(problems))

    return router


def file_of(
    wanted: Literal["pdf", "csv", "xlsx"], labels: Sequence[Label], run: PrintRun, code: str
) -> Response:
    name = f"labels-{code}.{wanted}"
    if wanted == "pdf":
        return download(labels_pdf(labels, run), name, PDF)
    if wanted == "csv":
        return download(codes_csv(labels), name, CSV)
    return download(codes_xlsx(labels), name, XLSX)


def labels_page(frame: Frame, found: Reading, typed: Mapping[str, str]) -> LabelsPage:
    usual = {"sheet": USUAL, "start": "1", "copies": "1", "right": "0", "down": "0"}
    return LabelsPage(
        frame=frame,
        batch_code=found.printed,
        batch_href=f"/batches/{found.code}",
        lot=found.lot,
        designation=found.designation,
        maker=found.maker_name,
        sheets=tuple((key, sheet.name) for key, sheet in SHEETS.items()),
        typed=usual | {name: value for name, value in typed.items() if value} | {"units": typed["units"]},
    )


def with_labels(page: LabelsPage, listed: Listed[LabelledUnit] | None) -> LabelsPage:
    if listed is None:
        return page
    onward = urlencode({"units": page.typed["units"], "after": listed.after})
    here = f"{page.batch_href}/labels?{onward}"
    return replace(page, labels=listed.rows, next_href=here if listed.after is not None else "")
