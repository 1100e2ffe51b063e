"""The one search box over HTTP: hits with filters, counts, orders and pages, as a workbook too, and suggestions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..clock import shanghai_date
from ..db.engine import begin_read
from ..errors import InputError, Text, shown
from ..http.allowance import Cost
from ..http.contract import answers_with, costs, header, needs
from ..http.door import Door, language_of
from ..http.download import XLSX
from ..http.hits_sheet import MOST_ROWS, hits_download
from ..http.paging import Back, Limit, around, links
from ..http.parameters import api_router
from ..http.wire import json_response
from ..queries.search import SearchResult, Suggested, facets_open_to, search, suggest
from ..search.asking import read_asking
from ..search.facets import MOST_VALUES, OF_REGIONS, SINCE, UNTIL, Facet, read_chosen
from ..search.index import SearchIndex
from ..search.order import LONGEST_CURSOR, SORTS, Sort, check_way_back, description

#: The ledger index up to which an answer is true.
INDEX_SEQUENCE = "X-Index-Sequence"

_EVERY_FACET = "all"
_SLUGS = [facet.slug for facet in Facet]
_MOST_SUGGESTED = 20

Words = Annotated[str, Query(max_length=300, description="追溯码、批号、企业、型号规格 … words")]


#: How the values of some filters are written.
_SPELLINGS = {
    **dict.fromkeys(
        OF_REGIONS, "两位、四位或六位代码，含其下各级 two, four or six digits, with all that lies there"
    ),
    Facet.MONTH: "2026-03，或期间 or a period: 2026-03..2026-05, 2026-03.., ..2026-05",
}
_MONTH_PATTERN = r"^([0-9]{4}-(0[1-9]|1[0-2]))?$"


def _filters() -> list[dict[str, Any]]:
    """The filters as OpenAPI describes them: read from the address by `read_chosen`."""
    facets = [
        _parameter(
            facet.slug,
            f"{facet.label.zh} {facet.label.en}"
            + (f"（{_SPELLINGS[facet]}）" if facet in _SPELLINGS else ""),
            {"type": "array", "maxItems": MOST_VALUES, "items": {"type": "string"}},
        )
        for facet in Facet
    ]
    month = {"type": "string", "pattern": _MONTH_PATTERN, "example": "2026-03"}
    return [
        *facets,
        _parameter(SINCE, "生产月份不早于，代替 month first month of production, in place of month", month),
        _parameter(UNTIL, "生产月份不晚于，代替 month last month of production, in place of month", month),
    ]


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def make_router(door: Door, ledger: Engine, index: SearchIndex) -> APIRouter:
    router = api_router("search 查询", "/api/v1")

    @router.get(
        "/search",
        summary="查询 search",
        response_model=SearchResult,
        responses={
            200: {"headers": {INDEX_SEQUENCE: header("答案截至的账本序号 true up to this ledger index")}}
        },
        openapi_extra=needs(Action.READ_SEARCH, **costs(Cost.READING), parameters=_filters()),
    )
    def find(
        request: Request,
        q: Words = "",
        sort: Annotated[
            Sort,
            Query(description="次序 order: " + "; ".join(f"{s} {w.zh} {w.en}" for s, w in SORTS.items())),
        ] = Sort.BEST,
        counts: Annotated[
            list[str] | None,
            Query(
                max_length=len(_SLUGS),
                description=f"要计数的筛选项 filters to count the hits by: {_EVERY_FACET}; {', '.join(_SLUGS)}",
            ),
        ] = None,
        limit: Limit = 20,
        after: Annotated[
            str | None,
            Query(max_length=LONGEST_CURSOR, description="上一页给出的游标 the cursor of the page before"),
        ] = None,
        back: Back = None,
    ) -> Response:
        """Batches that have all the words and, of each filter that is given, one of its values.

        A filter may be given several times. Regions are two, four or six digits and hold what lies in them; months are
        ``2026-03`` or ``2026-03..2026-05``, either end open, or ``since=2026-03`` and ``until=2026-05``. A parameter that is
        not described here is refused. ``counts``: how many of the hits have which value; a filter does not count against
        itself. ``X-Index-Sequence``: the answer is true up to there. ``Link`` leads to the ``next`` page, the one before
        (``prev``) and the ``first``.
        """
        actor = door.allowed(request, Action.READ_SEARCH)
        chosen = read_chosen(_asked(request))
        counted = _facets(counts or [], facets_open_to(actor))
        check_way_back(back or (), description(q, chosen, sort))
        with begin_read(ledger) as tx:
            result = search(
                tx, actor, index, q, chosen=chosen, sort=sort, counted=counted, limit=limit, after=after
            )
        up_to = -1 if result.current_to is None else result.current_to.index
        pages = around(request, result.after)
        return json_response(result, headers={INDEX_SEQUENCE: str(up_to), **links(pages)})

    @router.get(
        "/search/hits.xlsx",
        summary="查询结果表格 the hits as a workbook",
        response_class=Response,
        responses=answers_with(
            XLSX, f"至多 {MOST_ROWS:,} 个批次 at most so many batches", {"type": "string", "format": "binary"}
        ),
        openapi_extra=needs(Action.READ_SEARCH, **costs(Cost.READING), parameters=_filters()),
    )
    def sheet(
        request: Request,
        q: Words = "",
        sort: Annotated[Sort, Query(description="次序 order, as of the search")] = Sort.BEST,
    ) -> Response:
        """What `GET /api/v1/search` finds by the same words, filters and order, a row for each batch.

        A second sheet says what was asked, up to where it is true, and whether it is cut at 2,000 batches. ``lang``: ``zh`` or
        ``en``.
        """
        actor = door.allowed(request, Action.READ_SEARCH)
        today, language = shanghai_date(door.clock()), language_of(request, actor)
        with begin_read(ledger) as tx:
            asking = read_asking(q, _asked(request), sort)
            return hits_download(tx, actor, index, asking, language=language, today=today)

    @router.get(
        "/search/suggestions",
        summary="输入时的提示 suggestions while typing",
        response_model=list[Suggested],
        openapi_extra=needs(Action.READ_SEARCH, **costs(Cost.READING)),
    )
    def suggestions(
        request: Request,
        q: Words = "",
        limit: Annotated[
            int, Query(ge=1, le=_MOST_SUGGESTED, description="至多几条 suggestions in an answer")
        ] = 8,
    ) -> Response:
        """What may be meant by what was typed so far, from what the asker may see; empty for an empty text."""
        actor = door.allowed(request, Action.READ_SEARCH)
        with begin_read(ledger) as tx:
            return json_response(suggest(tx, actor, index, q, limit=limit))

    return router


def _asked(request: Request) -> dict[str, list[str]]:
    """The filters of a request. Raises InputError ``bad-request`` for a period beside the months in whose place it stands."""
    asked = {name: request.query_params.getlist(name) for name in (*_SLUGS, SINCE, UNTIL)}
    ends = [name for name in (SINCE, UNTIL) if any(asked[name])]
    if ends and any(asked[Facet.MONTH.slug]):
        raise InputError.of(
            "bad-request",
            f"{ends[0]} 与 {Facet.MONTH.slug} 只能给一种",
            f"{ends[0]} stands in place of {Facet.MONTH.slug}: give one of them",
            where=ends[0],
        )
    return asked


def _facets(slugs: list[str], open_: tuple[Facet, ...]) -> tuple[Facet, ...]:
    """The filters to count by, in their order; of ``all`` those that are open to the asker. Raises InputError
    ``bad-request`` for a name that none has."""
    unknown = next((slug for slug in slugs if slug not in (*_SLUGS, _EVERY_FACET)), None)
    if unknown is not None:
        raise InputError.of(
            "bad-request",
            f"没有这个筛选项：{shown(unknown)}",
            f"there is no filter {shown(unknown)!r}",
            came=shown(unknown),
            where="counts",
            remedy=Text(
                f"可用：{_EVERY_FACET}、{'、'.join(_SLUGS)}；不需要计数时省略 counts",
                f"known: {_EVERY_FACET}, {', '.join(_SLUGS)}; leave counts out for none",
            ),
        )
    return tuple(
        facet for facet in Facet if facet.slug in slugs or (_EVERY_FACET in slugs and facet in open_)
    )
