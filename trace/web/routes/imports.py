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
from uuid import uuid4

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from ...auth.actor import Actor
from ...auth.policy import Action
from ...errors import InputError, Problem, Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.failures import not_found
from ...http.forms import FileForm, read_file_form
from ...http.importing import MAX_FILE_BYTES, Importing, ImportJob, Upload
from ...http.problems import status_of, title_of
from ...imports.run import Report, WhoseLots, dry_run
from ...imports.templates import TEMPLATES
from ...intake.record import Intake
from ...model.kinds import KINDS
from ...queries.answers import Standing
from ...queries.rows import newest_batches
from ..checks import Asked, Check, Checks, reports
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


def make_router(pages: Pages, importing: Importing, intake: Intake, checks: Checks) -> APIRouter:
    # The body of an upload is counted where it is read; this only lifts the limit of ordinary forms.
    router = APIRouter(include_in_schema=False, max_body_size=2 * MAX_FILE_BYTES)

    def choose(request: Request, problems: tuple[Problem, ...] = ()) -> Response:
        with pages.visit(request) as visit:
            past = importing.newest(visit.actor)
            page = ImportPage(
                frame=visit.frame,
                stage="choose",
                limit_bytes=MAX_FILE_BYTES,
                past=tuple(past_import(job, visit.actor.name) for job in past),
                templates=templates(),
                problems=problems,
            )
        return pages.show(page, status_of(problems) if problems else 200)

    def checked(actor: Actor, file: Upload) -> Check:
        """What would become of the file, kept for its owner."""
        check = Check(
            id=str(uuid4()),
            account=actor.account,
            name=file.name,
            size_bytes=len(file.data),
            encoding="",
            party=file.party,
            at=pages.door.clock(),
        )
        return judged(actor, check, file)

    def judged(actor: Actor, check: Check, file: Upload) -> Check:
        try:
            understood = importing.understand(actor, file)
        except WhoseLots as error:
            (problem,) = error.problems
            candidates = tuple(Asked(id=party.id, name=party.name) for party in error.candidates)
            question = (problem.detail.zh, problem.detail.en)
            return replace(check, question=question, candidates=candidates)
        report = dry_run(understood, intake, actor)
        return replace(
            check, report=report, question=None, encoding=understood.encoding or "", party=file.party
        )

    def found(actor: Actor, id_: str) -> Check:
        check = checks.find(id_, actor.account)
        if check is None:
            raise not_found(
                "此文件；核对后三天未写入的文件会被清除",
                "this file; checked files are kept for three days",
                id_,
            )
        return check

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
            made = checked(actor, Upload(form.name, form.data))
        except InputError as error:
            return choose(request, tuple(replace(problem, where="/file") for problem in error.problems))
        checks.keep(made, form.data)
        return see_other(f"/import/checks/{made.id}")

    @router.get("/import/checks/{id_}")
    def look(
        request: Request,
        id_: str,
        reason: Annotated[str, Query(max_length=100)] = "",
        first: Annotated[int, Query(ge=0, le=10**7)] = 0,
    ) -> Response:
        with pages.visit(request) as visit:
            visit.actor.require(Action.IMPORT)
            check = found(visit.actor, id_)
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
        check = found(actor, id_)
        try:
            if not party.strip():
                raise InputError.of("wrong-input", "请说明是哪个单位", "say which party", where="/party")
            checks.change(judged(actor, check, Upload(check.name, checks.data(check), party.strip())))
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
        check = found(actor, id_)
        if check.job:
            return see_other(f"/import/jobs/{check.job}")
        job = importing.begin(actor, Upload(check.name, checks.data(check), check.party))
        checks.recorded_by(check, job.id)
        return see_other(f"/import/jobs/{job.id}")

    @router.get("/import/checks/{id_}/rows.xlsx", openapi_extra=costs(Cost.READING))
    def rows_of_check(request: Request, id_: str) -> Response:
        with pages.visit(request) as visit:
            visit.actor.require(Action.IMPORT)
            check = found(visit.actor, id_)
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
                page = replace(page, recent=newest_batches(visit.tx, scope))
        return pages.show(page)

    @router.get("/import/jobs/{id_}/rows.xlsx", openapi_extra=costs(Cost.READING))
    def rows_of_job(request: Request, id_: str) -> Response:
        with pages.visit(request) as visit:
            job = importing.find(visit.actor, id_)
            if job is None:
                raise not_found("此导入", "this import", id_)
        return _workbook(_report_of(job), visit.frame)

    return router


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
                        Column(heading=heading, meaning=sheet.layout.kind.title_of(field))
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
            )
            for sheet in sheets
        ),
        hidden=() if check.report is None else check.report.hidden,
    )


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
