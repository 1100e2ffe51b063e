"""Responsible persons: what somebody of a name answers for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ...auth.policy import Action
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.paging import AfterIndex
from ...queries.persons import deeds_of
from ..views import PersonsPage
from .visit import Pages, page_router


def make_router(pages: Pages, names_key: bytes) -> APIRouter:
    router = page_router()

    @router.get("/persons", openapi_extra=costs(Cost.READING))
    def persons(
        request: Request, name: Annotated[str, Query(max_length=100)] = "", after: AfterIndex = None
    ) -> Response:
        with pages.visit(request) as visit:
            visit.actor.require(Action.READ_PERSONS)
            page = PersonsPage(frame=visit.frame, name=name.strip())
            if page.name:
                found = deeds_of(visit.tx, visit.actor, names_key, page.name, after=after)
                page = PersonsPage(
                    frame=visit.frame,
                    name=page.name,
                    deeds=found.rows,
                    next_href=visit.next_href(found.after),
                )
        return pages.show(page)

    return router
