"""Supervision work: the list of problems that inspections found 排查台账, and the own authority's planned visits 检查计划."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from ...auth.policy import Action
from ...clock import shanghai_date
from ...errors import Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.failures import not_found
from ...http.paging import After
from ...inspecting import register as inspecting
from ...queries.inspections import (
    FILTERS,
    NOT_DONE,
    DefectCounts,
    checklist_for,
    defect_counts,
    defects,
    visits,
)
from ..views import Choice, Facet
from ..views_of_inspecting import InspectionsPage, PlannedVisit, VisitsPage
from .visit import Pages, Visit, page_router

_ON_A_PAGE = 50


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    @router.get("/inspections", openapi_extra=costs(Cost.READING))
    def problems(
        request: Request, state: Annotated[str, Query(max_length=20)] = NOT_DONE, after: After = None
    ) -> Response:
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            visit.actor.require(Action.READ_DEFECTS)
            if state not in FILTERS:
                raise not_found("此状态", "this state", state)
            found = defects(visit.tx, visit.actor, today=today, chosen=state, limit=_ON_A_PAGE, after=after)
            counts = defect_counts(visit.tx, visit.actor, today=today)
            return pages.show(
                InspectionsPage(
                    frame=visit.frame,
                    rows=found.rows,
                    facet=facet(counts, state),
                    plans_href="/inspections/plans" if visit.actor.reach(Action.READ_CASES) else "",
                    next_href=visit.next_href(found.after),
                )
            )

    @router.get("/inspections/plans", openapi_extra=costs(Cost.READING))
    def plans(request: Request) -> Response:
        with pages.visit(request) as visit:
            rows = tuple(PlannedVisit(row, _begin(visit, row.event)) for row in visits(visit.tx, visit.actor))
            return pages.show(VisitsPage(frame=visit.frame, rows=rows))

    def _begin(visit: Visit, event: str) -> str:
        """Where the inspection of a planned visit is recorded; "" where it was, and where no form is for it."""
        known = next(each for each in inspecting.visits(visit.tx) if each.event == event)
        thing = (
            f"parties/{known.party}" if known.party else f"projects/{known.project}" if known.project else ""
        )
        if known.inspection or not thing:
            return ""
        form = checklist_for(visit.tx, known, shanghai_date(pages.door.clock()))
        asked = {"plan": event, "type": known.type, **({"form": form} if form else {})}
        return f"/{thing}/record/inspection?{urlencode(asked)}"

    return router


def facet(counts: DefectCounts, chosen: str) -> Facet:
    return Facet(
        Text("状态", "State"),
        tuple(
            Choice(text, f"/inspections?{urlencode({'state': name})}", name == chosen, counts.of[name])
            for name, text in FILTERS.items()
        ),
    )
