"""Uncoded goods: the list of those that were found, and a page for each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ...auth.policy import recording
from ...errors import Text
from ...http.failures import not_found
from ...http.paging import After
from ...model.kinds import KINDS
from ...queries.answers import Listed
from ...queries.goods import GoodsRow, goods_list, goods_page, shortened
from ...queries.versions import may_correct
from ..happened import timeline
from ..recordable import OF_NEW_GOODS, recordable
from ..views import Choice, Entry, GoodsPage
from .grants import lend_href
from .register import UNDER_A_GRANT, register_page
from .visit import Pages, Visit, page_router

Words = Annotated[str, Query(max_length=100)]


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    @router.get("/goods")
    def listed(request: Request, q: Words = "", after: After = None) -> Response:
        with pages.visit(request) as visit:
            found = goods_list(visit.tx, visit.actor, text=q.strip(), after=after)
            entries = Listed(tuple(map(_entry, found.rows)), found.after)
            return pages.show(register_page(visit, q, entries, record=_new(visit)))

    @router.get("/goods/{goods}")
    def one(request: Request, goods: str) -> Response:
        with pages.visit(request) as visit:
            found = goods_page(visit.tx, visit.actor, goods)
            if found is None:
                raise not_found("此货物", "these goods", goods)
            actor = visit.actor
            return pages.show(
                GoodsPage(
                    frame=visit.frame,
                    found=found,
                    events=timeline(reversed(found.events), lambda each: may_correct(actor, each)),
                    record=recordable(actor, "goods", f"/goods/{found.goods.id}"),
                    lend_href=lend_href(actor, "goods", found.goods.id),
                )
            )

    return router


def _new(visit: Visit) -> tuple[Choice, ...]:
    """How goods are described for the first time."""
    return tuple(
        Choice(KINDS[kind], f"/goods/new/{kind}")
        for kind in OF_NEW_GOODS
        if visit.actor.reach(recording(kind))
    )


def _entry(row: GoodsRow) -> Entry:
    facts = [row.region_name]
    if row.nominal_maker:
        facts.append(Text(f"标称 {row.nominal_maker}", f"nominally of {row.nominal_maker}"))
    if row.holder is not None:
        facts.append(Text(f"在 {row.holder.name}", f"at {row.holder.name}"))
    if row.batch:
        facts.append(Text(f"即批次 {row.batch_printed}", f"of batch {row.batch_printed}"))
    if row.granted:
        facts.append(UNDER_A_GRANT)
    return Entry(title=shortened(row.marks), href=f"/goods/{row.id}", facts=tuple(facts))
