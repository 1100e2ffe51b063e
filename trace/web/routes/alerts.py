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
from ...queries.alert_row import AlertRow
from ...queries.alerts import alert_counts, alert_rows, handling_counts
from ...queries.handling import HANDLINGS
from ..views import AlertsPage, Choice, Facet, Frame
from .visit import Pages, page_router

_ON_A_PAGE = 30


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    @router.get("/alerts", openapi_extra=costs(Cost.READING))
    def alerts(
        request: Request,
        rule: Annotated[str, Query(max_length=100)] = "",
        state: Annotated[str, Query(max_length=20)] = "",
        after: After = None,
    ) -> Response:
        with pages.visit(request) as visit:
            tx, actor = visit.tx, visit.actor
            counts = alert_counts(tx, actor, state=state if state in HANDLINGS else None)
            if rule and rule not in RULES:
                raise not_found("此规则", "this rule", rule)
            if state and state not in HANDLINGS:
                raise not_found("此状态", "this state", state)
            found = alert_rows(
                tx, actor, rule=rule or None, state=state or None, limit=_ON_A_PAGE, after=after
            )
            handled = handling_counts(tx, actor, rule=rule or None)
            return pages.show(
                alerts_page(
                    visit.frame, found.rows, counts, rule, visit.next_href(found.after), state, handled
                )
            )

    return router


def alerts_page(
    frame: Frame,
    rows: tuple[AlertRow, ...],
    counts: Mapping[str, int],
    rule: str,
    next_href: str,
    state: str = "",
    handled: Mapping[str, int] | None = None,
) -> AlertsPage:
    """``rule``, ``state``: the chosen ones, "" for all. ``handled``: how many stand how, nothing for whoever handles none."""
    by_rule = [Choice(Text("全部", "All"), _href("", state), not rule, sum(counts.values()))]
    by_rule += [
        Choice(RULES[name].title, _href(name, state), name == rule, count)
        for name, count in sorted(counts.items(), key=lambda item: -item[1])
    ]
    facets = [Facet(Text("规则", "Rule"), tuple(by_rule))] if counts else []
    if handled:
        by_state = [Choice(Text("全部", "All"), _href(rule, ""), not state, sum(handled.values()))]
        by_state += [
            Choice(HANDLINGS[name], _href(rule, name), name == state, count)
            for name, count in handled.items()
        ]
        facets.insert(0, Facet(Text("办理", "Handling"), tuple(by_state)))
    return AlertsPage(
        frame=frame,
        alerts=rows,
        facets=tuple(facets),
        explanation=RULES[rule].explanation if rule else None,
        chosen=bool(rule or state),
        next_href=next_href,
    )


def _href(rule: str, state: str) -> str:
    query = urlencode({name: value for name, value in (("rule", rule), ("state", state)) if value})
    return f"/alerts?{query}" if query else "/alerts"
