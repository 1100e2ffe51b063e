"""Printing labels, for their maker: of one batch or reserved code, of several at once, and the file that was printed.

What is printed is recorded when the form is sent; the browser is then led to a page that says so, and from there to the file.
Looking at codes and previews records nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Query, Request, Response

from ...auth.policy import Action
from ...clock import shanghai_date
from ...codes.trace_code import LARGEST_UNIT
from ...codes.unit_ranges import format_units, parse_units
from ...errors import InputError, Problem
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.download import CSV, PDF, XLSX, download
from ...http.failures import not_found
from ...http.printing import MOST_BATCHES, How, LabelPrinting, Order, Output
from ...http.problems import status_of
from ...labels.code_list import codes_csv, codes_xlsx
from ...labels.pdf import labels_pdf
from ...labels.print_run import MOST_LABELS, parse_print_run
from ...labels.sheet import SHEETS
from ...model.admission import Refusal
from ...queries.labels import labels_of
from ...queries.printing import PrintState, blanks_to_print, print_state, printings, to_print
from ...queries.unit_codes import unit_codes
from ...queries.wording import REPRINTS
from ..filled import grounds_of
from ..views_of_labels import LabelsPage, PrintedPage, ToPrintPage
from .came import Came
from .visit import Pages, Visit, own_path, page_router, see_other

_LABELS_ON_A_PAGE = 60
_PAPERS = tuple((key, sheet.name) for key, sheet in SHEETS.items())
_PLACED = ("sheet", "start", "right", "down")

#: What is asked for without printing: nothing, to look only, or a preview.
Wanted = Literal["", "pdf"]
File = Literal["pdf", "csv", "xlsx"]
Typed = Annotated[str, Query(max_length=40)]
Events = Annotated[str, Query(max_length=2000, description="ids of printings, separated by commas")]


def make_router(
    pages: Pages, code_keys: Mapping[int, bytes], public_host: str, printing: LabelPrinting
) -> APIRouter:
    router = page_router()

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
        how = {"sheet": sheet, "start": start, "copies": copies, "right": right, "down": down}
        with pages.visit(request) as visit:
            page, state = page_of(visit, code, {"units": units, **how})
            try:
                run = parse_print_run(**how)
                these = parse_units(units) if units.strip() else ()
                asked = visit.tx, visit.actor, code
                if not wanted:
                    listed = unit_codes(
                        *asked,
                        keys=code_keys,
                        public_host=public_host,
                        units=these,
                        limit=_LABELS_ON_A_PAGE,
                        after=after,
                    )
                    if listed is not None:
                        page = replace(page, labels=listed.rows, next_href=visit.next_href(listed.after))
                    return pages.show(page)
                made = labels_of(
                    *asked,
                    keys=code_keys,
                    public_host=public_host,
                    units=these,
                    most=run.most_labels,
                    is_preview=True,
                )
            except InputError as error:
                return refused(page, error)
        assert made is not None, "a batch that is the reader's own"
        try:  # outside of the snapshot: a thousand labels take their time
            return download(labels_pdf(made, run), f"preview-{state.code}.pdf", PDF)
        except InputError as error:
            return refused(page, error)

    @router.post("/batches/{code}/labels")
    def print_labels(
        request: Request, code: str, came: Came, id: Typed = "", output: Output = "labels"
    ) -> Response:
        actor = pages.form_actor(request, came.get("form_token", ""))
        actor.require(Action.RECORD_LABELLING)
        with pages.visit(request) as visit:
            page, state = page_of(visit, code, {name: came.get(name, "")[:1000] for name in _FIELDS})
        try:
            units = parse_units(page.typed["units"]) if page.typed["units"].strip() else ()
            order = Order(code=state.code, id=id, units=units)
            answer = printing.record(actor, [order], how_in(came, output))
        except InputError as error:
            return refused(page, error)
        if isinstance(answer, Refusal):
            problems = tuple(replace(each, where=_field_of(each)) for each in answer.problems)
            return pages.show(replace(page, problems=problems, grounds=grounds_of(problems)), answer.status)
        return see_other(printed_href([order.id], came, output, page.here))

    @router.get("/labels/to-print")
    def waiting(request: Request, blank: Typed = "", after: Typed = "") -> Response:
        with pages.visit(request) as visit:
            return pages.show(to_print_page(visit, blank=bool(blank), after=after, came={}))

    @router.post("/labels/to-print")
    def print_several(request: Request, came: Came, blank: Typed = "", after: Typed = "") -> Response:
        actor = pages.form_actor(request, came.get("form_token", ""))
        actor.require(Action.RECORD_LABELLING)
        codes = [code for code in came.get("code", "").split(",") if code][: MOST_BATCHES + 1]
        with pages.visit(request) as visit:
            page = to_print_page(visit, blank=bool(blank), after=after, came=came)
        try:
            if not codes:
                raise InputError.of(
                    "wrong-input", "请勾选要打印的批次", "tick what is to be printed", where="code"
                )
            orders = [Order(code=code, id=_id_of(came.get("id", ""), code)) for code in codes]
            answer = printing.record(actor, orders, how_in(came, "labels"))
        except InputError as error:
            problems = tuple(replace(each, where=f"/{each.where or 'code'}") for each in error.problems)
            return pages.show(replace(page, problems=problems), status_of(problems))
        if isinstance(answer, Refusal):
            return pages.show(replace(page, problems=answer.problems), answer.status)
        return see_other(printed_href([order.id for order in orders], came, "labels", page.here))

    @router.get("/labels/printed")
    def printed(
        request: Request,
        events: Annotated[Events, Query(alias="printing")] = "",
        back: Annotated[str, Query(max_length=200)] = "/",
    ) -> Response:
        with pages.visit(request) as visit:
            visit.actor.require(Action.PRINT_LABELS)
            found = printings(visit.tx, visit.actor, _ids(events))
            if not found:
                raise not_found("这次打印", "this printing", events[:40])
            file_href = f"/labels/file?{request.url.query}"
            page = PrintedPage(
                frame=visit.frame,
                printings=tuple(found),
                file_href=file_href,
                csv_href=f"/labels/file?{urlencode({'printing': events, 'as': 'csv'})}",
                back_href=own_path(back),
            )
        # Every browser follows it, without a script too; who does not has the link.
        return pages.show(page, headers={"Refresh": f"0; url={file_href}"})

    @router.get("/labels/file")
    def file(
        request: Request,
        events: Annotated[Events, Query(alias="printing")] = "",
        wanted: Annotated[File, Query(alias="as")] = "pdf",
        sheet: Typed = "",
        start: Typed = "",
        right: Typed = "",
        down: Typed = "",
    ) -> Response:
        actor = pages.door.allowed(request, Action.PRINT_LABELS)
        made = printing.labels(actor, _ids(events))
        each_once = tuple(dict.fromkeys(made))
        name = "-".join(dict.fromkeys(label.printed.replace("-", "")[:9] for label in made[:1]))
        if wanted == "pdf":
            run = parse_print_run(sheet=sheet, start=start, right=right, down=down)
            return download(labels_pdf(made, run), f"labels-{name}.pdf", PDF)
        return listed_as(wanted, codes_csv(each_once) if wanted == "csv" else codes_xlsx(each_once), name)

    def page_of(visit: Visit, code: str, typed: Mapping[str, str]) -> tuple[LabelsPage, PrintState]:
        visit.actor.require(Action.PRINT_LABELS)
        state = print_state(visit.tx, visit.actor, code)
        if state is None:
            raise not_found("此批次", "this batch", code)
        usual = dict.fromkeys(_FIELDS, "") | printing.usual(visit.actor)
        typed = usual | {name: value for name, value in typed.items() if value}
        return (
            LabelsPage(
                frame=visit.frame,
                batch_code=state.printed,
                batch_href=f"/batches/{state.code}" if state.is_registered else "",
                lot=state.lot,
                designation=state.designation,
                maker=state.maker,
                sheets=_PAPERS,
                reasons=tuple(REPRINTS.items()),
                typed=typed,
                here=f"/batches/{state.code}/labels",
                print_id=str(uuid4()),
                left=format_units(state.left),
                left_count=sum(each.count for each in state.left),
                runs=state.runs,
                valid_to=state.valid_to,
            ),
            state,
        )

    def to_print_page(visit: Visit, *, blank: bool, after: str, came: Mapping[str, str]) -> ToPrintPage:
        visit.actor.require(Action.PRINT_LABELS)
        today = shanghai_date(pages.door.clock())
        behind = after or None
        listed = (
            blanks_to_print(visit.tx, visit.actor, today=today, after=behind)
            if blank
            else to_print(visit.tx, visit.actor, after=behind)
        )
        return ToPrintPage(
            frame=visit.frame,
            rows=listed.rows,
            blank=blank,
            here=to_print_href(blank=blank, after=after),
            next_href=visit.next_href(listed.after),
            ticked=tuple(came.get("code", "").split(",")),
            sheets=_PAPERS,
            typed=printing.usual(visit.actor) | {name: came[name] for name in _FIELDS if came.get(name)},
            print_id=came.get("id") or str(uuid4()),
            most_labels=MOST_LABELS,
            most_batches=MOST_BATCHES,
        )

    def refused(page: LabelsPage, error: InputError) -> Response:
        problems = tuple(replace(each, where=f"/{each.where or 'units'}") for each in error.problems)
        return pages.show(replace(page, problems=problems), status_of(problems))

    return router


#: By the names of the form's fields.
_FIELDS = ("units", "sheet", "start", "copies", "right", "down", "reason", "note")


def how_in(came: Mapping[str, str], output: Output) -> How:
    """How it is printed, as typed. Raises InputError ``wrong-input``."""
    run = parse_print_run(**{name: came.get(name, "")[:40] for name in (*_PLACED, "copies")})
    return How(run=run, output=output, reason=came.get("reason", ""), note=came.get("note", "").strip())


def to_print_href(*, blank: bool, after: str) -> str:
    asked = urlencode(
        {name: value for name, value in (("blank", "yes" if blank else ""), ("after", after)) if value}
    )
    return f"/labels/to-print{f'?{asked}' if asked else ''}"


def printed_href(events: list[str], came: Mapping[str, str], output: Output, back: str) -> str:
    placed = {name: came[name] for name in _PLACED if came.get(name)}
    asked = {
        "printing": ",".join(events),
        "as": "pdf" if output == "labels" else "xlsx",
        **placed,
        "back": back,
    }
    return f"/labels/printed?{urlencode(asked)}"


def listed_as(wanted: Literal["csv", "xlsx"], content: bytes, code: str) -> Response:
    return download(content, f"labels-{code}.{wanted}", CSV if wanted == "csv" else XLSX)


def _field_of(problem: Problem) -> str:
    """Beside the field of the form that the member of the draft came from."""
    return problem.where.removeprefix("/body") if problem.where.startswith("/body/") else "/units"


def _ids(events: str) -> list[str]:
    return [each for each in events.split(",") if each]


def _id_of(form: str, code: str) -> str:
    """The same for the same form and code, so that sending it twice records it once."""
    try:
        return str(uuid5(UUID(form), code))
    except ValueError:
        raise InputError.of(
            "wrong-input", "表单不完整，请重新打开", "the form is not whole: open it again"
        ) from None
