"""The search page: one box, filters with counts, the batches found and why; saved searches; the hits as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response

from ...auth.policy import Action
from ...clock import shanghai_date
from ...codes.trace_code import code_in
from ...db.engine import begin_read, begin_write
from ...errors import InputError, Problem, Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.failures import SEARCH_AWAY, not_found
from ...http.hits_sheet import MOST_ROWS, hits_download
from ...http.paging import Around, Back, around
from ...http.problems import headers_of, status_of
from ...queries.search import Found, Match, SearchResult, facets_open_to, search
from ...search import saved
from ...search.asking import SIZES, Asking, asking_in, read_asking
from ...search.facets import SINCE, UNTIL, Facet
from ...search.index import COUNT_CAP, Away, SearchIndex
from ...search.order import LONGEST_CURSOR, Sort, check_way_back
from ..also import also_called, typed_wrong
from ..searching import chips_of, filters_of, href_of, period_of, sizes_of, sorts_of
from ..views import Frame, Pager
from ..views_of_searching import Hit, SavedRow, SearchPage, Why
from .visit import Pages, Visit, page_router, see_other

_SLUGS = {facet.slug for facet in Facet}
Words = Annotated[str, Query(max_length=500)]


def make_router(pages: Pages, index: SearchIndex) -> APIRouter:
    router = page_router()

    def rows_saved(visit: Visit) -> tuple[SavedRow, ...]:
        with begin_read(pages.door.desk) as tx:
            return saved_rows(saved.of_account(tx, visit.actor.account))

    @router.get("/search", openapi_extra=costs(Cost.READING))
    def find(
        request: Request,
        q: Words = "",
        sort: Sort | None = None,
        after: Annotated[str | None, Query(max_length=LONGEST_CURSOR)] = None,
        back: Back = None,
    ) -> Response:
        with pages.visit(request) as visit:
            visit.actor.require(Action.READ_SEARCH)
            kept = rows_saved(visit)
            try:
                asking = _asking(request, q, sort)
                if not asking.text and not asking.chosen and sort is None:
                    return pages.show(SearchPage(frame=visit.frame, saved=kept))
                check_way_back(back or (), asking.description)
                found = search(
                    visit.tx,
                    visit.actor,
                    index,
                    asking.text,
                    chosen=asking.chosen,
                    sort=asking.sort,
                    counted=facets_open_to(visit.actor),
                    limit=asking.limit,
                    after=after,
                )
            except InputError as error:
                page = _refused(visit.frame, request, q, error.problems, kept)
                return pages.show(page, status_of(error.problems))
            except Away:
                page = replace(_refused(visit.frame, request, q, (), kept), away=SEARCH_AWAY)
                today = shanghai_date(pages.door.clock())
                page = replace(page, also=also_called(visit.tx, visit.actor, q, (), today=today))
                status = status_of([SEARCH_AWAY])
                return pages.show(page, status, headers_of(status))
            page = search_page(visit.frame, asking, found, around(request, found.after), kept)
            if after is None and not asking.chosen:
                today = shanghai_date(pages.door.clock())
                also = also_called(visit.tx, visit.actor, asking.text, found.rows, today=today)
                page = replace(page, also=also, typed_wrong=None if found.rows else typed_wrong(asking.text))
            return pages.show(page)

    @router.get("/search.xlsx", openapi_extra=costs(Cost.READING))
    def sheet(request: Request, q: Words = "", sort: Sort | None = None) -> Response:
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            visit.actor.require(Action.READ_SEARCH)
            asking, language = _asking(request, q, sort), visit.frame.language
            return hits_download(visit.tx, visit.actor, index, asking, language=language, today=today)

    @router.post("/search/saved")
    def save(
        request: Request,
        form_token: Annotated[str, Form()] = "",
        name: Annotated[str, Form()] = "",
        address: Annotated[str, Form()] = "",
    ) -> Response:
        actor = pages.form_actor(request, form_token)
        actor.require(Action.READ_SEARCH)
        asking = asking_in(address)  # what is kept is what was understood
        try:
            with begin_write(pages.door.desk) as tx:
                saved.save(tx, actor.account, name, asking.address, pages.door.clock())
        except InputError as error:
            with pages.visit(request) as visit:
                page = SearchPage(
                    frame=visit.frame, query=asking.text, problems=error.problems, saved=rows_saved(visit)
                )
            return pages.show(page, status_of(error.problems))
        return see_other(href_of(asking))

    @router.post("/search/saved/{id_}/forget")
    def forget(request: Request, id_: str, form_token: Annotated[str, Form()] = "") -> Response:
        actor = pages.form_actor(request, form_token)
        actor.require(Action.READ_SEARCH)
        with begin_write(pages.door.desk) as tx:
            if not saved.forget(tx, actor.account, id_):
                raise not_found("这个保存的查询", "this saved search", id_)
        return see_other("/search")

    return router


def _asking(request: Request, text: str, sort: Sort | None) -> Asking:
    asked = request.query_params
    filters = {name: asked.getlist(name) for name in asked}
    return read_asking(text, filters, sort or Sort.BEST, asked.get("limit", ""))


def _refused(
    frame: Frame,
    request: Request,
    text: str,
    problems: Sequence[Problem],
    kept: tuple[SavedRow, ...],
) -> SearchPage:
    """The page with what was asked for still in its fields."""
    asked = request.query_params
    return SearchPage(
        frame=frame,
        query=text,
        problems=tuple(each.at("/") if each.where in (SINCE, UNTIL) else each for each in problems),
        since=asked.get(SINCE, ""),
        until=asked.get(UNTIL, ""),
        without_period=tuple(
            (name, value)
            for name, value in asked.multi_items()
            if name in ("q", "sort") or (name in _SLUGS and name != Facet.MONTH.slug)
        ),
        saved=kept,
    )


def saved_rows(kept: tuple[saved.SavedSearch, ...]) -> tuple[SavedRow, ...]:
    return tuple(
        SavedRow(each.name, href_of(asking_in(each.address)), f"/search/saved/{each.id}/forget")
        for each in kept
    )


def search_page(
    frame: Frame, asking: Asking, found: SearchResult, pages: Around, kept: tuple[SavedRow, ...] = ()
) -> SearchPage:
    """``pages`` are those around this one."""
    last = found.first - 1 + len(found.rows)
    since, until = period_of(asking)
    said = urlencode(asking.pairs() or [("sort", Sort.NEWEST.value)])
    return SearchPage(
        frame=frame,
        query=asking.text,
        is_asked=True,
        hits=tuple(_hit(each, asking.text) for each in found.rows),
        pager=Pager(
            first=min(found.first, last),
            last=last,
            total=found.total,
            total_is_capped=found.total >= COUNT_CAP or found.partial,
            first_href=pages.first if pages.first != pages.previous else "",
            previous_href=pages.previous,
            next_href=pages.next,
            sizes=sizes_of(asking) if found.total > SIZES[0] else (),
        ),
        partial=found.partial,
        current_to=found.current_to,
        filters=filters_of(asking, found),
        are_approximate=any(each.approximate for each in found.facets),
        chips=chips_of(asking, found),
        sorts=sorts_of(asking),
        since=since,
        until=until,
        without_period=tuple((name, v) for name, v in asking.pairs() if name != Facet.MONTH.slug),
        beside_words=tuple((name, v) for name, v in asking.pairs() if name != "q"),
        address=asking.address,
        sheet_href=f"/search.xlsx?{said}",
        sheet_rows=MOST_ROWS,
        saved=kept,
    )


def _hit(found: Found, query: str) -> Hit:
    return Hit(
        batch=found.batch,
        href=_href(found, query),
        why=_whys(found.matches),
        unit=found.unit,
    )


def _whys(matches: Iterable[Match]) -> tuple[Why, ...]:
    """Each text once, however many words stand in it; the first of them is marked."""
    said: dict[tuple[Text, str], Why] = {}
    for match in matches:
        said.setdefault((match.label, match.text), _why(match))
    return tuple(said.values())


def _why(match: Match) -> Why:
    if match.marked is None:
        return Why(match.label, match.text)
    begin, end = match.marked.begin, match.marked.end
    return Why(match.label, match.text[:begin], match.text[begin:end], match.text[end:])


def _href(found: Found, query: str) -> str:
    """Whose own code was asked for opens under that code: only the whole of it can be checked."""
    batch = f"/batches/{found.batch.code}"
    if found.unit is None:
        return batch
    try:
        return f"/batches/{code_in(query).canonical}"
    except InputError:  # another code, registered for the same drum
        return f"{batch}?unit={found.unit}"
