"""Requests to other authorities over HTTP, for who issued and who received them: lists, each as its letter says it, and the papers."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..clock import shanghai_date
from ..db.engine import begin_read
from ..http.allowance import Cost
from ..http.contract import answers_with, costs, needs
from ..http.door import Door
from ..http.download import PDF, download
from ..http.failures import not_found
from ..http.paging import After, Limit, next_link
from ..http.parameters import api_router
from ..http.wire import json_response
from ..papers.pdf import paper_pdf
from ..queries.answers import Listed
from ..queries.regions_to_ask import RegionsToAsk, regions_to_ask
from ..queries.request_paper import letter_of, reminder_of
from ..queries.requests import RequestPage, RequestRow, open_requests, request_list, request_page

Side = Annotated[
    Literal["", "sent", "received"], Query(description="发出的 sent，收到的 received，空为全部 both")
]
Of = Annotated[str, Query(max_length=36, description="案件或线索编号 id of the case or lead")]
Open = Annotated[bool, Query(description="只列未办结的，逾期的在前 open ones only, the overdue first")]
RequestId = Annotated[str, Path(description="协查编号 id of the request (UUID)")]
CaseId = Annotated[str, Path(description="案件编号 id of the case (UUID)")]
EventId = Annotated[str, Path(description="催办事件编号 id of the event of the reminder (UUID)")]


def make_router(door: Door, ledger: Engine) -> APIRouter:
    router = api_router("requests 协查", "/api/v1")

    @router.get(
        "/requests",
        summary="协查请求 requests",
        response_model=Listed[RequestRow],
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def requests(
        request: Request,
        side: Side = "",
        case: Of = "",
        open: Open = False,
        limit: Limit = 50,
        after: After = None,
    ) -> Response:
        """The newest first: those that the asker's authority and its units sent, or that came to them. With ``open`` all that are waited
        for, the most urgent first, on one page."""
        actor = door.allowed(request, Action.READ_CASES)
        today = shanghai_date(door.clock())
        with begin_read(ledger) as tx:
            page = (
                Listed(open_requests(tx, actor, today=today, side=side), None)
                if open
                else request_list(tx, actor, today=today, side=side, case=case, limit=limit, after=after)
            )
        return json_response(page, headers=next_link(request, page.after))

    @router.get(
        "/requests/{request_id}",
        summary="一个协查请求 a request",
        response_model=RequestPage,
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def one_request(request: Request, request_id: RequestId) -> Response:
        """What its letter says, how it stands, its term, every step, and what could come next. Who received it reads nothing of the case."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            page = request_page(tx, actor, request_id, today=shanghai_date(door.clock()))
        if page is None:
            raise not_found("此协查请求", "this request", request_id)
        return json_response(page)

    @router.get(
        "/requests/{request_id}/letter",
        summary="打印函件 the letter",
        response_class=Response,
        responses=answers_with(PDF, "协助调查函、交办通知、线索移送函 PDF for print"),
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def letter(request: Request, request_id: RequestId) -> Response:
        """The letter for print and the seal, with the slip that comes back. Its QR code leads to the request."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            page = request_page(tx, actor, request_id, today=shanghai_date(door.clock()))
            if page is None:
                raise not_found("此协查请求", "this request", request_id)
            made = letter_of(tx, page)
        return download(paper_pdf(made), f"{page.row.id}.pdf", PDF)

    @router.get(
        "/requests/{request_id}/reminders/{reminder}",
        summary="打印催办函 a reminder",
        response_class=Response,
        responses=answers_with(PDF, "催办函 PDF for print"),
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def one_reminder(request: Request, request_id: RequestId, reminder: EventId) -> Response:
        """A reminder that was recorded, for print and the seal, with who gets a copy."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            page = request_page(tx, actor, request_id, today=shanghai_date(door.clock()))
            made = None if page is None else reminder_of(tx, page, reminder)
        if made is None:
            raise not_found("此催办函", "this reminder", reminder)
        return download(paper_pdf(made), f"{reminder}.pdf", PDF)

    @router.get(
        "/cases/{case}/regions",
        summary="要协查的地区 regions to ask",
        response_model=RegionsToAsk,
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def regions(request: Request, case: CaseId) -> Response:
        """Where the metres of a case were when its scope was frozen, and where they were made; which of these regions were asked, and
        whom to ask by which letter."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            found = regions_to_ask(tx, actor, case, today=shanghai_date(door.clock()))
        if found is None:
            raise not_found("此案件", "this case", case)
        return json_response(found)

    return router
