"""Importing on a page: choose a file, see what would become of its rows, record it, see what was added.

Reading a file records nothing. What was read is kept until somebody decides (`web.checks`); recording is a job
(`http.importing`) that goes on when the page is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import ceil
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from ...auth.actor import Actor
from ...auth.policy import Action
from ...errors import InputError, Problem, Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.failures import not_found
from ...http.forms import FileForm, read_file_form, read_text_form
from ...http.importing import MAX_FILE_BYTES, Importing, ImportJob
from ...http.problems import status_of, title_of
from ...imports.columns import Layout
from ...imports.pasted import NAME as PASTED
from ...imports.pasted import file_of_pasted
from ...imports.run import Report
from ...imports.templates import TEMPLATES
from ...model.kinds import KINDS
from ...queries.answers import Standing
from ...queries.rows import newest_batches
from ..checking import Checking, asked_for
from ..checks import Check, reports
from ..trouble_sheet import trouble_sheet
from ..views import (
    Added,
    Choice,
    Column,
    Frame,
    ImportFile,
    ImportPage,
    ImportRow,
    Link,
    Pager,
    PastImport,
    Progress,
    Question,
    Sheet,
)
from .visit import Pages, see_other

_ROWS_ON_A_PAGE = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Where to look at what was added, by kind of event; kinds without a list of their own have none.
_SHOWN_AT = {
    "party": "/parties",
    "product": "/products",
    "certificate": "/certificates",
    "project": "/projects",
}


def make_router(pages: Pages, importing: Importing, checking: Checking) -> APIRouter:
    # The body of an upload is counted where it is read; this only lifts the limit of ordinary forms.
    router = APIRouter(include_in_schema=False, max_body_size=2 * MAX_FILE_BYTES)

    def choose(request: Request, problems: tuple[Problem, ...] = (), pasted: str = "") -> Response:
        with pages.visit(request) as visit:
            past = importing.newest(visit.actor)
            page = ImportPage(
                frame=visit.frame,
                stage="choose",
                limit_bytes=MAX_FILE_BYTES,
                past=tuple(past_import(job, visit.actor.name) for job in past),
                templates=templates(),
                typed={"pasted": pasted},
                problems=problems,
            )
        return pages.show(page, status_of(problems) if problems else 200)

    @router.get("/import")
    def ask(request: Request) -> Response:
        return choose(request)

    @router.post("/import", openapi_extra=costs(Cost.READING))
    async def check(request: Request) -> Response:
        """Asynchronous only to read the body within its bounds; the file is understood in a thread."""
        try:
            form = await read_file_form(request, MAX_FILE_BYTES)
        except InputError as error:
            problems = error.problems
            return await run_in_threadpool(choose, request, problems)
        return await run_in_threadpool(_check, request, form)

    def _check(request: Request, form: FileForm) -> Response:
        actor = pages.form_actor(request, form.fields.get("form_token", ""))
        actor.require(Action.IMPORT)
        try:
            made = checking.begin(actor, form.name, form.data)
        except InputError as error:
            return choose(request, tuple(replace(problem, where="/file") for problem in error.problems))
        return see_other(_next_of(made))

    @router.post("/import/paste")
    async def paste(request: Request) -> Response:
        """As `check`, for cells that were copied and pasted."""
        try:
            fields = await read_text_form(request, MAX_FILE_BYTES)
        except InputError as error:
            problems = tuple(replace(problem, where="/pasted") for problem in error.problems)
            return await run_in_threadpool(choose, request, problems)
        return await run_in_threadpool(_paste, request, fields)

    def _paste(request: Request, fields: Mapping[str, str]) -> Response:
        actor = pages.form_actor(request, fields.get("form_token", ""))
        actor.require(Action.IMPORT)
        pasted = fields.get("pasted", "")
        try:
            made = checking.begin(actor, PASTED.in_language(actor.language), file_of_pasted(pasted))
        except InputError as error:
            problems = tuple(replace(problem, where="/pasted") for problem in error.problems)
            return choose(request, problems, pasted)
        return see_other(_next_of(made))

    @router.get("/import/checks/{id_}")
    def look(
        request: Request,
        id_: str,
        reason: Annotated[str, Query(max_length=100)] = "",
        first: Annotated[int, Query(ge=0, le=10**7)] = 0,
    ) -> Response:
        with pages.visit(request) as visit:
            visit.actor.require(Action.IMPORT)
            check = checking.found(visit.actor, id_)
            if check.job:
                return see_other(f"/import/jobs/{check.job}")
            return pages.show(checked_page(visit.frame, check, reason, first))

    @router.post("/import/checks/{id_}")
    def answer(
        request: Request,
        id_: str,
        form_token: Annotated[str, Form()] = "",
        party: Annotated[str, Form()] = "",
    ) -> Response:
        """Whose file, or whose lots, these are."""
        actor = pages.form_actor(request, form_token)
        actor.require(Action.IMPORT)
        check = checking.found(actor, id_)
        try:
            if not party.strip():
                raise InputError.of("wrong-input", "请说明是哪个单位", "say which party", where="/party")
            checking.answer(actor, check, party.strip())
        except InputError as error:
            with pages.visit(request) as visit:
                page = checked_page(visit.frame, check, "", 0)
            problems = tuple(replace(problem, where="/party") for problem in error.problems)
            return pages.show(replace(page, typed={"party": party}, problems=problems), status_of(problems))
        return see_other(f"/import/checks/{check.id}")

    @router.post("/import/checks/{id_}/commit", openapi_extra=costs(Cost.RECORDING))
    def commit(request: Request, id_: str, form_token: Annotated[str, Form()] = "") -> Response:
        actor = pages.form_actor(request, form_token)
        actor.require(Action.IMPORT)
        check = checking.found(actor, id_)
        if check.job:
            return see_other(f"/import/jobs/{check.job}")
        return see_other(f"/import/jobs/{checking.record(actor, check).id}")

    @router.get("/import/checks/{id_}/rows.xlsx", openapi_extra=costs(Cost.READING))
    def rows_of_check(request: Request, id_: str) -> Response:
        with pages.visit(request) as visit:
            visit.actor.require(Action.IMPORT)
            check = checking.found(visit.actor, id_)
        return _workbook(check.report, visit.frame)

    @router.get("/import/jobs/{id_}")
    def follow(request: Request, id_: str) -> Response:
        with pages.visit(request) as visit:
            job = importing.find(visit.actor, id_)
            if job is None:
                raise not_found("此导入", "this import", id_)
            page = job_page(visit.frame, job, pages.door.clock())
            if any(each.kind == "production" for each in page.added):
                scope = visit.actor.scope_for(Action.READ_BATCH)
                prints = visit.actor.reach(Action.PRINT_LABELS)
                page = replace(
                    page,
                    recent=newest_batches(visit.tx, scope),
                    labels_href="/labels/to-print" if prints else "",
                )
        return pages.show(page)

    @router.get("/import/jobs/{id_}/rows.xlsx", openapi_extra=costs(Cost.READING))
    def rows_of_job(request: Request, id_: str) -> Response:
        with pages.visit(request) as visit:
            job = importing.find(visit.actor, id_)
            if job is None:
                raise not_found("此导入", "this import", id_)
        return _workbook(_report_of(job), visit.frame)

    return router


def _next_of(check: Check) -> str:
    """What comes next for a checked file: its only sheet is asked about at once where nobody can tell what it is."""
    here = f"/import/checks/{check.id}"
    asked = asked_for(check.seen)
    return f"{here}/columns/{asked[0]}" if check.report is None and len(asked) == 1 else here


def templates() -> tuple[Link, ...]:
    """Workbooks to fill in, one for each kind of user."""
    return tuple(Link(f"/api/v1/imports/templates/{each.name}", each.title) for each in TEMPLATES.values())


def _workbook(report: Report | None, frame: Frame) -> Response:
    rows = () if report is None else rows_of(report)
    headers = {"Content-Disposition": 'attachment; filename="rows.xlsx"'}
    return Response(trouble_sheet(rows, frame.language), media_type=_XLSX, headers=headers)


# --- checked ------------------------------------------------------------------------------------------


def checked_page(frame: Frame, check: Check, reason: str, first: int) -> ImportPage:
    """What was understood and what is wrong; ``reason`` leaves the findings of one code, ``first`` skips some."""
    here = f"/import/checks/{check.id}"
    page = ImportPage(
        frame=frame,
        stage="checked",
        limit_bytes=MAX_FILE_BYTES,
        files=(_file(check),),
        commit_href=f"{here}/commit" if check.report is not None else "",
        answer_href=here,
        question=_question(check),
    )
    page = replace(page, unexplained=_unexplained(here, check))
    if check.report is None:
        return page
    rows = rows_of(check.report)
    chosen = [row for row in rows if reason in ("", row.problem.code)]
    some = chosen[first : first + _ROWS_ON_A_PAGE]
    return replace(
        page,
        rows=tuple(some),
        rows_pager=_rows_pager(here, reason, first, len(some), len(chosen)),
        reasons=_reasons(here, rows, reason),
        rows_href=f"{here}/rows.xlsx" if rows else "",
    )


def rows_of(report: Report) -> tuple[ImportRow, ...]:
    """Every finding, the bad rows first, each part in the order of the file."""
    bad = [
        ImportRow(bad=True, sheet=each.sheet, number=each.row, column=each.column, problem=each.problem)
        for each in report.bad
    ]
    marked = [
        ImportRow(
            bad=False,
            sheet=each.sheet,
            number=each.row,
            column=each.column,
            problem=Problem(each.mark, each.reason, where=each.column, came=each.value),
        )
        for each in report.marked
    ]
    return (*bad, *marked)


def _unexplained(here: str, check: Check) -> tuple[Link, ...]:
    """The sheets of which somebody should say what they are."""
    return tuple(
        Link(f"{here}/columns/{n}", Text(check.seen[n].name, check.seen[n].name))
        for n in asked_for(check.seen)
    )


def _question(check: Check) -> Question | None:
    if check.question is None:
        return None
    return Question(
        name="party",
        label=Text("是哪个单位的？", "Whose is it?"),
        hint=Text(*check.question),
        options=tuple((each.id, Text(each.name, each.name)) for each in check.candidates),
    )


def _file(check: Check) -> ImportFile:
    sheets = () if check.report is None else check.report.sheets
    here = f"/import/checks/{check.id}/columns"
    return ImportFile(
        name=check.name,
        size_bytes=check.size_bytes,
        encoding=check.encoding,
        sheets=tuple(
            Sheet(
                name=sheet.name,
                meaning=None if sheet.layout.kind is None else sheet.layout.kind.title,
                columns=(
                    *(
                        Column(heading=heading, meaning=_meaning(sheet.layout, field))
                        for field, heading in sheet.layout.headings.items()
                        if sheet.layout.kind is not None
                    ),
                    *(Column(heading=heading, meaning=None) for heading in sheet.layout.ignored),
                ),
                good=sheet.good,
                marked=sheet.marked,
                bad=sheet.bad,
                known=sheet.known,
                examples=sheet.examples,
                said=None if sheet.layout.said is None else (sheet.layout.said.name, sheet.layout.said.at),
                overruled=sheet.layout.overruled,
                explain_href=f"{here}/{n}" if sheet.layout.ignored or sheet.layout.said else "",
            )
            for n, sheet in enumerate(sheets)
        ),
        hidden=() if check.report is None else check.report.hidden,
    )


def _meaning(layout: Layout, field: str) -> Text:
    """What a column was taken for, with the unit where somebody has said it."""
    assert layout.kind is not None, "only what was understood has columns"
    title, unit = layout.kind.title_of(field), layout.units.get(field)
    return title if unit is None else Text(f"{title.zh}（{unit}）", f"{title.en} ({unit})")


def _reasons(here: str, rows: Sequence[ImportRow], chosen: str) -> tuple[Choice, ...]:
    """Filters by the code of what was found; none where there is only one."""
    counts = Counter(row.problem.code for row in rows)
    every = Choice(Text("全部", "All"), here, not chosen, len(rows))
    some = [
        Choice(title_of(code), f"{here}?{urlencode({'reason': code})}", code == chosen, count)
        for code, count in counts.most_common()
    ]
    return (every, *some) if len(some) > 1 else ()


def _rows_pager(here: str, reason: str, first: int, shown: int, total: int) -> Pager | None:
    def at(start: int) -> str:
        said = {name: value for name, value in (("reason", reason), ("first", start)) if value}
        return f"{here}?{urlencode(said)}" if said else here

    if total <= _ROWS_ON_A_PAGE:
        return None
    return Pager(
        first=first + 1,
        last=first + shown,
        total=total,
        previous_href=at(max(0, first - _ROWS_ON_A_PAGE)) if first else "",
        next_href=at(first + _ROWS_ON_A_PAGE) if first + shown < total else "",
    )


# --- jobs ---------------------------------------------------------------------------------------------


def job_page(frame: Frame, job: ImportJob, now: datetime) -> ImportPage:
    """A running import, or what came of it."""
    page = ImportPage(frame=frame, stage="running", limit_bytes=MAX_FILE_BYTES)
    if job.state in ("waiting", "running"):
        return replace(page, progress=progress_of(job, now))
    report = _report_of(job)
    if report is None:
        return replace(page, stage="failed", problems=tuple(_problem_in(each) for each in job.problems))
    return replace(
        page,
        stage="done",
        added=tuple(
            Added(kind=kind, text=KINDS[kind], count=count, href=_SHOWN_AT.get(kind, ""))
            for kind, count in report.added.items()
        ),
        bad_rows=sum(sheet.bad for sheet in report.sheets),
        newest_index=report.up_to,
        rows_href=f"/import/jobs/{job.id}/rows.xlsx" if report.bad or report.marked else "",
    )


def under_way(importing: Importing, actor: Actor, now: datetime) -> tuple[Progress, ...]:
    """The account's imports that wait or run, for its desk."""
    if not actor.reach(Action.IMPORT):
        return ()
    return tuple(
        progress_of(job, now) for job in importing.newest(actor) if job.state in ("waiting", "running")
    )


def progress_of(job: ImportJob, now: datetime) -> Progress:
    passed = (now - job.created_at).total_seconds()
    return Progress(
        title=Text(f"导入 {job.file}", f"Importing {job.file}"),
        unit=Text("行", "rows"),
        done=job.done,
        total=job.total,
        seconds_left=ceil(passed * (job.total - job.done) / job.done) if job.done else None,
        href=f"/import/jobs/{job.id}",
    )


def past_import(job: ImportJob, who: str) -> PastImport:
    return PastImport(
        name=job.file, href=f"/import/jobs/{job.id}", at=job.created_at, who=who, standing=_standing(job)
    )


def _standing(job: ImportJob) -> Standing:
    report = _report_of(job)
    if report is not None:
        bad = sum(sheet.bad for sheet in report.sheets)
        events = sum(report.added.values())
        said = Text(f"新增 {events} 项", f"{events} events added")
        if not bad:
            return Standing("fine", said)
        return Standing("attention", Text(f"{said.zh}，{bad} 行未写入", f"{said.en}, {bad} rows left out"))
    if job.state == "failed":
        return Standing("stop", Text("没有完成", "Failed"))
    return Standing("unknown", Text("进行中", "Under way"))


def _report_of(job: ImportJob) -> Report | None:
    return None if job.report is None else reports().validate_python(job.report)


def _problem_in(members: Mapping[str, Any]) -> Problem:
    remedy = members.get("remedy")
    return Problem(
        code=members["code"],
        detail=Text(**members["detail"]),
        where="",
        came=members.get("came", ""),
        remedy=None if remedy is None else Text(**remedy),
    )
