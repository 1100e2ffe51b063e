"""The monthly form 月报: how the units stand with a month, the form of one, its files, the events behind each number, and its submission."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Query, Request, Response

from ...auth.policy import Action, recording
from ...clock import format_instant, shanghai_date
from ...errors import InputError, Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.download import PDF, XLSX, download
from ...http.failures import not_found
from ...http.paging import UpTo
from ...http.problems import status_of
from ...intake.record import Intake, prepare
from ...model.admission import Refusal
from ...model.monthly import Month, form_of
from ...papers.pdf import paper_pdf
from ...queries.answers import index_in
from ...queries.monthly import MonthlyPage, monthly_events, monthly_page, said_of, unit_months
from ...queries.monthly_paper import monthly_paper
from ...queries.names import names_of
from ..happened import timeline
from ..monthly_sheet import monthly_sheet
from ..views import Choice
from ..views_of_monthly import MonthlyEventsPage, MonthlyFormPage, MonthlyUnitsPage
from .came import Came
from .visit import Pages, Visit, page_router, see_other

Since = Annotated[date | None, Query()]


def make_router(pages: Pages, intake: Intake) -> APIRouter:
    router = page_router()

    @router.get("/monthly", openapi_extra=costs(Cost.READING))
    def units(request: Request, month: Annotated[str, Query(max_length=7)] = "") -> Response:
        today = shanghai_date(pages.door.clock())
        of = Month.parse(month) if month else Month.of(today)
        with pages.visit(request) as visit:
            rows = unit_months(visit.tx, visit.actor, of, today=today)
            months = (
                (of.before, Text("上个月", "The month before")),
                (Month.of(today), Text("本月", "This month")),
                (of.after, Text("下个月", "The month after")),
            )
            return pages.show(
                MonthlyUnitsPage(
                    frame=visit.frame,
                    month=of.format(),
                    months=tuple(
                        Choice(text, f"/monthly?month={each.format()}", each == of)
                        for each, text in months
                        if each <= Month.of(today)
                    ),
                    rows=rows,
                )
            )

    @router.get("/monthly/{authority}/{month}", openapi_extra=costs(Cost.READING))
    def form(
        request: Request, authority: str, month: str, since: Since = None, up_to: UpTo = None
    ) -> Response:
        with pages.visit(request) as visit:
            return pages.show(page_of(visit, found_in(visit, authority, month, since, up_to), since, up_to))

    @router.post("/monthly/{authority}/{month}", openapi_extra=costs(Cost.RECORDING))
    def submit(request: Request, authority: str, month: str, came: Came, since: Since = None) -> Response:
        # What is submitted is what stood on the page: counted up to its index, however the ledger has grown since.
        pages.form_actor(request, came.get("form_token", ""))
        with pages.visit(request) as visit:
            visit.actor.require(recording("monthly-form"))
            found = found_in(visit, authority, month, since, index_in(came.get("counted_at")))
            if authority != visit.actor.party:
                raise not_found("此单位的月报", "this unit's form", authority)
            text = came.get("text", "").strip()
            page = page_of(visit, found, since, None, id_=came.get("id", ""), text=text)
            said = {
                "id": came.get("id", ""), "kind": "monthly-form", "subject": {"month": month}, "occurred_at": came.get("at", ""),
                "body": said_of(found.form) | ({"text": text} if text else {}),
            }  # fmt: skip
            try:
                (answer,) = intake.record_now([prepare({"draft": said}, visit.actor)])
            except InputError as error:
                return pages.show(replace(page, problems=error.problems), status_of(error.problems))
        if isinstance(answer, Refusal):
            return pages.show(replace(page, problems=answer.problems), answer.status)
        return see_other(f"/monthly/{authority}/{month}")

    @router.get("/monthly/{authority}/{month}/form.xlsx", openapi_extra=costs(Cost.READING))
    def sheet(
        request: Request, authority: str, month: str, since: Since = None, up_to: UpTo = None
    ) -> Response:
        with pages.visit(request) as visit:
            found = found_in(visit, authority, month, since, up_to)
        made = monthly_sheet(found.form, shanghai_date(pages.door.clock()))
        return download(made, f"monthly-{month}.xlsx", XLSX)

    @router.get("/monthly/{authority}/{month}/form.pdf", openapi_extra=costs(Cost.READING))
    def paper(
        request: Request, authority: str, month: str, since: Since = None, up_to: UpTo = None
    ) -> Response:
        with pages.visit(request) as visit:
            found = found_in(visit, authority, month, since, up_to)
            made = monthly_paper(visit.tx, found.form)
        return download(paper_pdf(made), f"monthly-{month}.pdf", PDF)

    @router.get("/monthly/{authority}/{month}/{cell}", openapi_extra=costs(Cost.READING))
    def events(
        request: Request,
        authority: str,
        month: str,
        cell: str,
        unit: Annotated[str, Query(max_length=36)] = "",
        since: Since = None,
        up_to: UpTo = None,
    ) -> Response:
        of = Month.parse(month)
        with pages.visit(request) as visit:
            found = monthly_events(
                visit.tx, visit.actor, authority, of, cell, of=unit, since=since, up_to=up_to
            )
            known = form_of(of).cell(cell)
            if found is None or known is None:
                raise not_found("此数字", "this number", cell)
            year = since or date(of.year, 1, 1)
            here, alone = f"/monthly/{authority}/{month}/{cell}", unit or None
            whole = f"{here}{_query(unit=alone, since=year, up_to=up_to)}"
            return pages.show(
                MonthlyEventsPage(
                    frame=visit.frame,
                    unit=authority,
                    month=month,
                    title=known.title,
                    definition=known.definition,
                    back=f"/monthly/{authority}/{month}{_query(up_to=up_to)}",
                    of=(
                        Choice(
                            Text("本月", "The month"),
                            f"{here}{_query(unit=alone, up_to=up_to)}",
                            since is None,
                        ),
                        Choice(Text("累计", "Cumulative"), whole, since is not None),
                    ),
                    events=timeline(found),
                    whose=names_of(visit.tx, [unit]).party(unit) if unit else "",
                )
            )

    def found_in(
        visit: Visit, authority: str, month: str, since: date | None, up_to: int | None
    ) -> MonthlyPage:
        visit.actor.require(Action.READ_CASES)
        found = monthly_page(visit.tx, visit.actor, authority, Month.parse(month), since=since, up_to=up_to)
        if found is None:
            raise not_found("此单位的月报", "this unit's form", authority)
        return found

    def page_of(
        visit: Visit,
        found: MonthlyPage,
        since: date | None,
        up_to: int | None,
        *,
        id_: str = "",
        text: str = "",
    ) -> MonthlyFormPage:
        now = pages.door.clock()
        is_own = found.form.unit.id == visit.actor.party and bool(
            visit.actor.reach(Action.RECORD_MONTHLY_FORM)
        )
        return MonthlyFormPage(
            frame=visit.frame,
            found=found,
            query=_query(since=since, up_to=up_to),
            may_submit=is_own and up_to is None and found.form.first <= shanghai_date(now),
            id=id_ or str(uuid4()),
            at=format_instant(now),
            text=text,
        )

    return router


def _query(**said: object) -> str:
    there = {name: value for name, value in said.items() if value is not None}
    return f"?{urlencode(there)}" if there else ""
