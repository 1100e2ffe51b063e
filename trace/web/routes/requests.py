"""Requests to other authorities: the list of those sent and received, a page for each, its papers, and the regions that a case has to ask."""

from __future__ import annotations

from datetime import date
from typing import Annotated, cast

from fastapi import APIRouter, Query, Request, Response

from ...auth.policy import Action
from ...clock import shanghai_date
from ...errors import Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.download import PDF, download
from ...http.failures import not_found
from ...http.paging import After
from ...model.request_path import OF_RECEIVER
from ...papers.pdf import paper_pdf
from ...queries.cases import case_of, lead_of
from ...queries.regions_to_ask import regions_to_ask
from ...queries.request_paper import letter_of, reminder_of
from ...queries.requests import Side, open_requests, request_list, request_page
from ..case_lists import lists_of
from ..views import Choice, Link
from ..views_of_requests import RegionsPage, RequestPage, RequestsPage
from .visit import Pages, Visit, page_router

_ON_A_PAGE = 30
_SIDES = (
    ("", Text("未办结", "Open")),
    ("sent", Text("未办结：发出的", "Open: sent")),
    ("received", Text("未办结：收到的", "Open: received")),
    ("all", Text("全部", "All")),
)


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    def today() -> date:
        return shanghai_date(pages.door.clock())

    @router.get("/requests", openapi_extra=costs(Cost.READING))
    def requests(
        request: Request, side: Annotated[str, Query(max_length=10)] = "", after: After = None
    ) -> Response:
        if side not in dict(_SIDES):
            raise not_found("此范围", "this list", side)
        with pages.visit(request) as visit:
            if side == "all":
                listed = request_list(visit.tx, visit.actor, today=today(), limit=_ON_A_PAGE, after=after)
                rows, next_href = listed.rows, visit.next_href(listed.after)
            else:
                rows = open_requests(visit.tx, visit.actor, today=today(), side=cast(Side, side))
                next_href = ""
            return pages.show(
                RequestsPage(
                    frame=visit.frame,
                    lists=lists_of("/requests"),
                    sides=tuple(
                        Choice(text, f"/requests?side={key}" if key else "/requests", key == side)
                        for key, text in _SIDES
                    ),
                    rows=rows,
                    next_href=next_href,
                )
            )

    @router.get("/requests/{request_id}", openapi_extra=costs(Cost.READING))
    def one_request(request: Request, request_id: str) -> Response:
        with pages.visit(request) as visit:
            found = request_page(visit.tx, visit.actor, request_id, today=today())
            if found is None:
                raise not_found("此协查请求", "this request", request_id)
            is_sent, href = found.row.side == "sent", f"/requests/{request_id}/steps"
            forms = found.next if visit.actor.reach(Action.RECORD_REQUEST_STEP) else ()
            own = [each for each in forms if not is_sent or each.step not in OF_RECEIVER]
            others = [each for each in forms if is_sent and each.step in OF_RECEIVER]
            return pages.show(
                RequestPage(
                    frame=visit.frame,
                    found=found,
                    steps=tuple(Choice(each.text, f"{href}/{each.step}") for each in own),
                    from_paper=tuple(Choice(each.text, f"{href}/{each.step}") for each in others),
                    back=_back(visit, found.case, found.lead),
                )
            )

    @router.get("/requests/{request_id}/letter.pdf", openapi_extra=costs(Cost.READING))
    def letter(request: Request, request_id: str) -> Response:
        with pages.visit(request) as visit:
            found = request_page(visit.tx, visit.actor, request_id, today=today())
            if found is None:
                raise not_found("此协查请求", "this request", request_id)
            made = letter_of(visit.tx, found)
        return download(paper_pdf(made), f"{found.row.id}.pdf", PDF)

    @router.get("/requests/{request_id}/reminders/{reminder}", openapi_extra=costs(Cost.READING))
    def one_reminder(request: Request, request_id: str, reminder: str) -> Response:
        with pages.visit(request) as visit:
            found = request_page(visit.tx, visit.actor, request_id, today=today())
            made = None if found is None else reminder_of(visit.tx, found, reminder)
        if made is None:
            raise not_found("此催办函", "this reminder", reminder)
        return download(paper_pdf(made), f"{reminder}.pdf", PDF)

    @router.get("/cases/{case}/regions", openapi_extra=costs(Cost.READING))
    def regions(request: Request, case: str) -> Response:
        with pages.visit(request) as visit:
            found = regions_to_ask(visit.tx, visit.actor, case, today=today())
            if found is None:
                raise not_found("此案件", "this case", case)
            return pages.show(
                RegionsPage(
                    frame=visit.frame,
                    found=found,
                    may_write=bool(visit.actor.reach(Action.RECORD_REQUEST)),
                )
            )

    return router


def _back(visit: Visit, case: str, lead: str) -> Link | None:
    """By its number, to the case or lead of which a request is; None for who received it, and is told of neither."""
    known = case_of(visit.tx, visit.actor, case) if case else lead_of(visit.tx, visit.actor, lead)
    if known is None:
        return None
    return Link(f"/cases/{case}" if case else f"/leads/{lead}", Text(known.number, known.number))
