"""Special campaigns: the list, a page for each, who was checked, the summary as a paper, and the forms by which one begins and units report."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from ...auth.policy import Action, recording
from ...clock import shanghai_date
from ...errors import Text
from ...http.allowance import Cost
from ...http.attaching import LARGEST_FORM_BYTES as LARGEST_WITH_FILES
from ...http.attaching import Attaching
from ...http.contract import costs
from ...http.download import PDF, download
from ...http.failures import not_found
from ...http.paging import UpTo
from ...intake.record import Intake
from ...model.programmes import OF_A_TASK, PROGRAMME_STEPS, KnownProgramme
from ...papers.pdf import paper_pdf
from ...queries.answers import as_of
from ...queries.cases import case_list, lead_list, own_parties
from ...queries.programme_paper import report_of, summary_of
from ...queries.programmes import (
    coverage_list,
    figures_of,
    name_of_number,
    programme_list,
    programme_of,
    programme_page,
    self_checks,
)
from ..case_lists import lists_of
from ..forms_of_programmes import NEW_PROGRAMME, form_of_report
from ..views import Choice
from ..views_of_programmes import CoveragePage, ProgrammePage, ProgrammesPage, SelfChecksPage
from .case_entry import Begun, Entering
from .visit import Pages, Visit, page_router

_MOST_MATTERS = 100


def make_router(pages: Pages, intake: Intake, attaching: Attaching) -> APIRouter:
    # What comes is counted where it is read; this only lifts the limit of ordinary forms.
    router = page_router(LARGEST_WITH_FILES)
    entering = Entering(pages=pages, intake=intake, attaching=attaching)

    def today() -> date:
        return shanghai_date(pages.door.clock())

    @router.get("/programmes", openapi_extra=costs(Cost.READING))
    def programmes(request: Request) -> Response:
        with pages.visit(request) as visit:
            rows = programme_list(visit.tx, visit.actor, today=today())
            may = visit.actor.reach(Action.RECORD_PROGRAMME)
            return pages.show(
                ProgrammesPage(
                    frame=visit.frame,
                    lists=lists_of("/programmes"),
                    rows=rows,
                    new_href="/programmes/new" if may else "",
                )
            )

    @router.get("/self-checks", openapi_extra=costs(Cost.READING))
    def own(request: Request) -> Response:
        with pages.visit(request) as visit:
            found = self_checks(visit.tx, visit.actor, today=today())
            return pages.show(
                SelfChecksPage(frame=visit.frame, found=found, href=f"/parties/{visit.actor.party}/record")
            )

    @router.get("/programmes/new")
    def ask_programme(request: Request) -> Response:
        return entering.show(request, lambda visit, _: _programme_begun(visit))

    @router.post("/programmes/new", openapi_extra=costs(Cost.RECORDING))
    async def record_programme(request: Request) -> Response:
        return await entering.sent(request, lambda visit, _: _programme_begun(visit))

    @router.get("/programmes/{programme}", openapi_extra=costs(Cost.READING))
    def one_programme(
        request: Request,
        programme: str,
        phase: Annotated[int | None, Query(ge=0, le=20)] = None,
        unit: Annotated[str, Query(max_length=36)] = "",
        up_to: UpTo = None,
    ) -> Response:
        with pages.visit(request) as visit:
            found = programme_page(
                visit.tx, visit.actor, programme, today=today(), phase=phase, unit=unit, up_to=up_to
            )
            if found is None:
                raise not_found("此专项行动", "this programme", programme)
            href, kept = f"/programmes/{programme}", _query(unit=unit or None, up_to=up_to)
            may = visit.actor.reach(Action.RECORD_PROGRAMME_STEP)
            of_task = (
                sorted(OF_A_TASK, reverse=True) if may and any(task.mine for task in found.tasks) else ()
            )
            return pages.show(
                ProgrammePage(
                    frame=visit.frame,
                    found=found,
                    steps=tuple(
                        Choice(PROGRAMME_STEPS[step], f"{href}/steps/{step}") for step in (found.next if may else ())
                    ),
                    of_task=tuple(Choice(PROGRAMME_STEPS[step], f"{href}/steps/{step}") for step in of_task),
                    up_to=up_to,
                    phases=(
                        Choice(Text("全部阶段", "All phases"), f"{href}?phase=0{kept}#coverage", found.phase == 0),
                        *(
                            Choice(Text(row.name, row.name), f"{href}?phase={row.n}{kept}#coverage", found.phase == row.n)
                            for row in found.row.phases
                        ),
                    ),
                )
            )  # fmt: skip

    @router.get("/programmes/{programme}/coverage", openapi_extra=costs(Cost.READING))
    def coverage(
        request: Request,
        programme: str,
        unit: Annotated[str, Query(max_length=36)] = "",
        of: Annotated[str, Query(max_length=20)] = "makers",
        what: Annotated[str, Query(max_length=20)] = "left",
        phase: Annotated[int, Query(ge=0, le=20)] = 0,
        own: Annotated[bool, Query()] = False,
        up_to: UpTo = None,
    ) -> Response:
        with pages.visit(request) as visit:
            known = programme_of(visit.tx, visit.actor, programme)
            found = coverage_list(
                visit.tx, visit.actor, programme, unit=unit, of=of, what=what, phase=phase, today=today(),
                is_own=own, up_to=up_to,
            )  # fmt: skip
            named = name_of_number(of, what)
            if known is None or found is None or named is None:
                raise not_found("此覆盖名单", "this list", programme)
            return pages.show(
                CoveragePage(
                    frame=visit.frame,
                    found=found,
                    name=known.name,
                    what=named,
                    back=f"/programmes/{programme}?phase={phase}{_query(unit=unit if own else None, up_to=up_to)}#coverage",
                )
            )

    @router.get("/programmes/{programme}/summaries/{summary}", openapi_extra=costs(Cost.READING))
    def one_summary(request: Request, programme: str, summary: str) -> Response:
        with pages.visit(request) as visit:
            found = programme_page(visit.tx, visit.actor, programme, today=today())
            said = None if found is None else report_of(found, summary)
            counted = (
                None
                if said is None or said.frozen_at is None
                else programme_page(
                    visit.tx,
                    visit.actor,
                    programme,
                    today=today(),
                    phase=0,
                    unit=said.unit.id,
                    up_to=said.frozen_at,
                )
            )
            made = None if found is None else summary_of(visit.tx, found, summary, counted)
        if made is None:
            raise not_found("此总结", "this summary", summary)
        return download(paper_pdf(made), f"{summary}.pdf", PDF)

    @router.get("/programmes/{programme}/steps/{step}")
    def ask_step(request: Request, programme: str, step: str) -> Response:
        return entering.show(request, lambda visit, _: _step_begun(visit, programme, step, today()))

    @router.post("/programmes/{programme}/steps/{step}", openapi_extra=costs(Cost.RECORDING))
    async def record_step(request: Request, programme: str, step: str) -> Response:
        return await entering.sent(request, lambda visit, _: _step_begun(visit, programme, step, today()))

    return router


def _programme_begun(visit: Visit) -> Begun:
    visit.actor.require(recording("programme"))
    return Begun(
        form=NEW_PROGRAMME, kind="programme", sort="programme", of="", name="", line=Text("", ""), back="/programmes"
    )  # fmt: skip


def _step_begun(visit: Visit, programme: str, step: str, today: date) -> Begun:
    visit.actor.require(recording("programme-step"))
    known = programme_of(visit.tx, visit.actor, programme)
    form = (
        None
        if known is None
        else form_of_report(step, tasks=_tasks(visit, known), matters=_matters(visit, step, today))
    )
    if known is None or form is None:
        raise not_found("此专项行动或步骤", "this programme or step", programme if known is None else step)
    return Begun(
        form=form, kind="programme-step", sort="programme", of=programme, name=known.name,
        line=Text(known.number, known.number), back=f"/programmes/{programme}", body=_body(visit, known, step, today),
    )  # fmt: skip


def _body(visit: Visit, known: KnownProgramme, step: str, today: date) -> dict[str, Any]:
    if step != "summary":
        return {"step": step}
    unit = visit.actor.party
    now = as_of(visit.tx)
    up_to = None if now is None else now.index
    rows = figures_of(visit.tx, visit.actor, known, unit, today=today, up_to=up_to)
    return {
        "step": step,
        **({} if now is None else {"frozen_at": now.index}),
        "figures": [{"name": row.name, "value": row.value, "unit": row.unit} for row in rows],
    }


def _query(**said: object) -> str:
    """What goes along in an address behind another parameter."""
    there = {name: value for name, value in said.items() if value is not None}
    return f"&{urlencode(there)}" if there else ""


def _tasks(visit: Visit, known: KnownProgramme) -> dict[str, Text]:
    """Those that the visitor's authority or its units have."""
    own = own_parties(visit.actor)
    mine = [task for task in known.tasks if own.intersection(task.units)]
    return {
        task.code: Text(f"{task.code} {task.text}"[:80], f"{task.code} {task.text}"[:80]) for task in mine
    }


def _matters(visit: Visit, step: str, today: date) -> dict[str, dict[str, Text]]:
    """The newest cases and leads of the visitor's authority, to choose from."""
    if step != "major-case":
        return {}
    cases = case_list(visit.tx, visit.actor, today=today, limit=_MOST_MATTERS).rows
    leads = lead_list(visit.tx, visit.actor, today=today, limit=_MOST_MATTERS).rows
    return {
        sort: {row.id: Text(f"{row.number} {row.text}"[:60], f"{row.number} {row.text}"[:60]) for row in rows}
        for sort, rows in (("case", cases), ("lead", leads))
    }
