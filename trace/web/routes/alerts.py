"""The alerts page: what the rules have found, by rule, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from ...alerts.rules import RULES
from ...errors import Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.failures import not_found
from ...http.paging import After
from ...queries.alerts import AlertRow, alert_counts, alert_rows
from ..views import AlertsPage, Choice, Facet, Frame
from .visit import Pages, page_router

_ON_A_PAGE = 30


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    @router.get("/alerts", openapi_extra=costs(Cost.READING))
    def alerts(
        request: Request, rule: Annotated[str, Query(max_length=100)] = "", after: After = None
    ) -> Response:
        with pages.visit(request) as visit:
            counts = alert_counts(visit.tx, visit.actor)
            if rule and rule not in RULES:
                raise not_found("此规则", "this rule", rule)
            found = alert_rows(visit.tx, visit.actor, rule=rule or None, limit=_ON_A_PAGE, after=after)
            return pages.show(
                alerts_page(visit.frame, found.rows, counts, rule, visit.next_href(found.after))
            )

    return router


def alerts_page(
    frame: Frame, rows: tuple[AlertRow, ...], counts: Mapping[str, int], rule: str, next_href: str
) -> AlertsPage:
    """``rule``: the chosen one, "" for all."""
    choices = [Choice(Text("全部", "All"), "/alerts", not rule, sum(counts.values()))]
    choices += [
        Choice(RULES[name].title, f"/alerts?{urlencode({'rule': name})}", name == rule, count)
        for name, count in sorted(counts.items(), key=lambda item: -item[1])
    ]
    return AlertsPage(
        frame=frame,
        alerts=rows,
        facets=(Facet(Text("规则", "Rule"), tuple(choices)),) if counts else (),
        explanation=RULES[rule].explanation if rule else None,
        next_href=next_href,
    )
