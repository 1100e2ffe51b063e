"""The search page: one box, the batches it finds, and why each of them was found."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from ...auth.policy import Action
from ...codes.trace_code import code_in
from ...errors import InputError, Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.problems import status_of
from ...queries.search import Found, SearchResult, search
from ...search.embedded import COUNT_CAP, EmbeddedIndex
from ..views import Frame, Hit, Pager, SearchPage
from .visit import Pages

_ON_A_PAGE = 20


def make_router(pages: Pages, index: EmbeddedIndex) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/search", openapi_extra=costs(Cost.READING))
    def find(
        request: Request,
        q: Annotated[str, Query(max_length=500)] = "",
        after: Annotated[str | None, Query(max_length=600)] = None,
        shown: Annotated[int, Query(ge=0, le=10**6)] = 0,
    ) -> Response:
        with pages.visit(request) as visit:
            visit.actor.require(Action.READ_SEARCH)
            if not q.strip():
                return pages.show(SearchPage(frame=visit.frame))
            try:
                found = search(visit.tx, visit.actor, index, q, limit=_ON_A_PAGE, after=after)
            except InputError as error:
                page = SearchPage(frame=visit.frame, query=q, problems=error.problems)
                return pages.show(page, status_of(error.problems))
            return pages.show(search_page(visit.frame, q, found, shown))

    return router


def search_page(frame: Frame, query: str, found: SearchResult, shown: int) -> SearchPage:
    """``shown``: how many hits stood on the pages before."""
    last = shown + len(found.rows)
    onward = urlencode({"q": query, "after": found.after, "shown": last})
    return SearchPage(
        frame=frame,
        query=query,
        hits=tuple(_hit(each, query) for each in found.rows),
        pager=Pager(
            first=min(shown + 1, last),
            last=last,
            total=found.total,
            total_is_capped=found.total >= COUNT_CAP or found.partial,
            next_href=f"/search?{onward}" if found.after is not None else "",
        ),
        partial=found.partial,
        current_to=found.current_to,
    )


def _hit(found: Found, query: str) -> Hit:
    fields = dict.fromkeys((match.label.zh, match.label.en) for match in found.matches)
    return Hit(
        batch=found.batch,
        href=_href(found, query),
        why=tuple(Text(zh, en) for zh, en in fields),
        unit=found.unit,
    )


def _href(found: Found, query: str) -> str:
    """Whose own code was asked for opens under that code: only the whole of it can be checked."""
    batch = f"/batches/{found.batch.code}"
    if found.unit is None:
        return batch
    try:
        return f"/batches/{code_in(query).canonical}"
    except InputError:  # another code, registered for the same drum
        return f"{batch}?unit={found.unit}"
