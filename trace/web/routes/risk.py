"""风险等级: the makers of the own jurisdiction by class, what each score rests on, who is due for which visit; and one maker with all its official
classes 信用风险分类."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from ...auth.actor import Actor
from ...auth.policy import Action, Reach
from ...clock import shanghai_date
from ...errors import Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.failures import not_found
from ...model.values import party_id
from ...queries.risk import CLASSES, RiskList, RiskRow, risk_list
from ..views import Choice, Facet
from ..views_of_inspecting import RatedMaker, RiskOfMakerPage, RiskPage
from .visit import Pages, page_router


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    @router.get("/risk", openapi_extra=costs(Cost.READING))
    def risk(request: Request, letter: Annotated[str, Query(alias="class", max_length=2)] = "") -> Response:
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            if letter and letter not in CLASSES:
                raise not_found("此等级", "this class", letter)
            found = risk_list(visit.tx, visit.actor, today=today, letter=letter)
            rows = tuple(rated(visit.actor, row) for row in found.rows)
            return pages.show(
                RiskPage(frame=visit.frame, rows=rows, facet=facet(found, letter), source=found.source)
            )

    @router.get("/risk/{party}", openapi_extra=costs(Cost.READING))
    def of_maker(request: Request, party: str) -> Response:
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            found = risk_list(visit.tx, visit.actor, today=today, maker=party_id(party))
            if not found.rows:
                raise not_found("此企业", "this maker", party)
            return pages.show(RiskOfMakerPage(frame=visit.frame, it=rated(visit.actor, found.rows[0])))

    return router


def rated(actor: Actor, row: RiskRow) -> RatedMaker:
    """A maker with the forms that its page leads to."""
    may = actor.reach(Action.RECORD_CREDIT_CLASS) >= Reach.OWN
    record = f"/parties/{row.maker.id}/record/credit-class" if may else ""
    return RatedMaker(row, plan_href(row), record)


def plan_href(row: RiskRow) -> str:
    """The form of a planned visit of a maker, filled in as its class wants it."""
    unannounced = row.letter == "D"
    asked = {
        "type": "unannounced" if unannounced else "routine",
        "reason": f"风险等级 {row.letter}：{row.visit.zh}",
    }
    return f"/parties/{row.maker.id}/record/visit-plan?{urlencode(asked)}"


def facet(found: RiskList, chosen: str) -> Facet:
    choices = [Choice(Text("全部", "All"), "/risk", not chosen, sum(found.counts.values()))]
    choices += [
        Choice(standing.word, f"/risk?class={name}", name == chosen, found.counts[name])
        for name, standing in CLASSES.items()
    ]
    return Facet(Text("等级", "Class"), tuple(choices))
