"""Leads and cases over HTTP, for the authority whose they are: lists, and each with its way, its terms and its scope."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..clock import shanghai_date
from ..db.engine import begin_read
from ..http.allowance import Cost
from ..http.contract import costs, needs
from ..http.door import Door
from ..http.failures import not_found
from ..http.paging import After, Limit, next_link
from ..http.parameters import api_router
from ..http.wire import json_response
from ..model.case_path import CASE_STATES, LEAD_STATES
from ..model.rules_of_cases import PUBLICATION
from ..queries.answers import Listed
from ..queries.case_words import CATEGORIES
from ..queries.cases import (
    OPEN,
    CasePage,
    CaseRow,
    LeadPage,
    LeadRow,
    case_list,
    case_page,
    lead_list,
    lead_page,
)
from ..queries.due import Due, Whose, what_is_due

LeadState = Annotated[
    str, Query(json_schema_extra={"enum": ["", OPEN, *LEAD_STATES]}, description="办理情况 how it stands")
]
CaseState = Annotated[
    str, Query(json_schema_extra={"enum": ["", OPEN, *CASE_STATES]}, description="办理情况 how it stands")
]
Category = Annotated[str, Query(json_schema_extra={"enum": ["", *CATEGORIES]}, description="类别 category")]
Published = Annotated[
    str, Query(json_schema_extra={"enum": list(PUBLICATION)}, description="公示 publication of the penalty")
]
Of = Annotated[Whose, Query(description="谁的 whose: 本机关 all, 本单位 unit, 我的 me")]
Words = Annotated[
    str, Query(max_length=100, description="案号或案由的一部分 part of the number or of what it is about")
]
Origin = Annotated[str, Query(max_length=36, description="来源事件编号 id of the event that it came from")]


def make_router(door: Door, ledger: Engine, names_key: bytes) -> APIRouter:
    router = api_router("cases 案件", "/api/v1")

    @router.get(
        "/leads",
        summary="线索 leads",
        response_model=Listed[LeadRow],
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def leads(
        request: Request, state: LeadState = "", origin: Origin = "", limit: Limit = 50, after: After = None
    ) -> Response:
        """The newest first: those of the asker's authority and its units, and those that were given to them."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            page = lead_list(
                tx,
                actor,
                today=shanghai_date(door.clock()),
                state=state,
                origin=origin,
                limit=limit,
                after=after,
            )
        return json_response(page, headers=next_link(request, page.after))

    @router.get(
        "/leads/{lead}",
        summary="一条线索 a lead",
        response_model=LeadPage,
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def one_lead(
        request: Request, lead: Annotated[str, Path(description="线索编号 id of the lead (UUID)")]
    ) -> Response:
        """How it came, how it stands, its terms, what could come next, and everything that was recorded of it."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            page = lead_page(tx, actor, lead, today=shanghai_date(door.clock()))
        if page is None:
            raise not_found("此线索", "this lead", lead)
        return json_response(page)

    @router.get(
        "/cases",
        summary="案件 cases",
        response_model=Listed[CaseRow],
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def cases(
        request: Request,
        q: Words = "",
        state: CaseState = "",
        category: Category = "",
        publication: Published = "",
        limit: Limit = 50,
        after: After = None,
    ) -> Response:
        """The newest first: those of the asker's authority and its units, and those of leads that were given to them."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            page = case_list(
                tx, actor, today=shanghai_date(door.clock()), text=q.strip(), state=state, category=category, publication=publication,
                limit=limit, after=after,
            )  # fmt: skip
        return json_response(page, headers=next_link(request, page.after))

    @router.get(
        "/cases/{case}",
        summary="一个案件 a case",
        response_model=CasePage,
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def one_case(
        request: Request, case: Annotated[str, Path(description="案件编号 id of the case (UUID)")]
    ) -> Response:
        """How it stands, its frozen scope by region, its terms, what could come next, and everything that was recorded of it."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            page = case_page(tx, actor, case, today=shanghai_date(door.clock()))
        if page is None:
            raise not_found("此案件", "this case", case)
        return json_response(page)

    @router.get(
        "/due",
        summary="到期 what is due",
        response_model=Due,
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def due(request: Request, whose: Of = "all") -> Response:
        """Every open term of leads, cases and measures of the asker's authority, the most urgent first."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            found = what_is_due(
                tx, actor, today=shanghai_date(door.clock()), whose=whose, names_key=names_key
            )
        return json_response(found)

    return router
