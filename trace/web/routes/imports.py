"""Importing on a page: choose a file, see what would become of its rows, record it, see what was added.

Reading a file records nothing. What was read is kept until somebody decides (`web.checks`); recording is a job
(`http.importing`) that goes on when the page is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from ...auth.policy import Action
from ...errors import InputError, Problem, Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.failures import not_found
from ...http.forms import FileForm, read_file_form, read_text_form
from ...http.importing import MAX_FILE_BYTES, Importing
from ...http.problems import status_of
from ...imports.mending import may_be_mended
from ...imports.pasted import NAME as PASTED
from ...imports.pasted import file_of_pasted
from ...imports.run import Report
from ...imports.templates import TEMPLATES
from ..checking import Checking, asked_for
from ..checks import Check
from ..findings import file_of, rows_of, with_findings
from ..trouble_sheet import trouble_sheet
from ..views import Frame, Link
from ..views_of_imports import ImportPage, ImportRow, Question
from .imported import past_imports, workbook
from .visit import Pages, page_router, see_other

#: Earlier imports that stand below the form; all of them have a page.
_PAST = 5


def make_router(pages: Pages, importing: Importing, checking: Checking) -> APIRouter:
    # The body of an upload is counted where it is read; this only lifts the limit of ordinary forms.
    router = page_router(2 * MAX_FILE_BYTES)

    def choose(request: Request, problems: tuple[Problem, ...] = (), pasted: str = "") -> Response:
        with pages.visit(request) as visit:
            past = importing.history(visit.actor, limit=_PAST)
            page = ImportPage(
                frame=visit.frame,
                stage="choose",
                limit_bytes=MAX_FILE_BYTES,
                past=past_imports(visit.tx, past.rows, visit.actor.party),
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
            earlier = importing.earlier(visit.actor, check.sha256)
            past = () if earlier is None else past_imports(visit.tx, [earlier], visit.actor.party)
            page = checked_page(visit.frame, check, reason, first)
        return pages.show(replace(page, earlier=past[0] if past else None))

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
        return workbook(trouble_sheet(findings_of(check.report), visit.frame.language), "rows")

    @router.get("/import/checks/{id_}/bad-rows.xlsx")
    def bad_rows_of_check(request: Request, id_: str) -> Response:
        with pages.visit(request) as visit:
            visit.actor.require(Action.IMPORT)
            check = checking.found(visit.actor, id_)
        rows = checking.bad_rows(check, visit.frame.language)
        if rows is None:
            raise not_found("不能写入的行", "rows that stay out", id_)
        return workbook(rows, "bad-rows")

    return router


def _next_of(check: Check) -> str:
    """What comes next for a checked file: its only sheet is asked about at once where nobody can tell what it is."""
    here = f"/import/checks/{check.id}"
    asked = asked_for(check.seen)
    return f"{here}/columns/{asked[0]}" if check.report is None and len(asked) == 1 else here


def templates() -> tuple[Link, ...]:
    """Workbooks to fill in, one for each kind of user."""
    return tuple(Link(f"/api/v1/imports/templates/{each.name}", each.title) for each in TEMPLATES.values())


def findings_of(report: Report | None) -> Sequence[ImportRow]:
    return () if report is None else rows_of(report)


def checked_page(frame: Frame, check: Check, reason: str, first: int) -> ImportPage:
    """What was understood and what is wrong; ``reason`` leaves the findings of one code, ``first`` skips some."""
    here = f"/import/checks/{check.id}"
    page = ImportPage(
        frame=frame,
        stage="checked",
        limit_bytes=MAX_FILE_BYTES,
        files=(file_of(check.report, check.name, check.size_bytes, check.encoding, f"{here}/columns"),),
        commit_href=f"{here}/commit" if check.report is not None else "",
        answer_href=here,
        question=_question(check),
    )
    page = replace(page, unexplained=_unexplained(here, check))
    if check.report is None:
        return page
    page = with_findings(page, here, check.report, reason, first)
    return replace(page, mend_href=f"{here}/bad-rows.xlsx" if may_be_mended(check.report) else "")


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
