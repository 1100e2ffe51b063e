"""Alerts over HTTP: what the rules noticed, for those who must act."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Engine

from ..alerts.rules import RULES
from ..auth.policy import Action
from ..codes.trace_code import batch_code_in
from ..db.engine import begin_read
from ..errors import InputError, shown
from ..http.allowance import Cost
from ..http.contract import costs, needs
from ..http.door import Door
from ..http.paging import After, Limit, UpTo, next_link
from ..http.parameters import api_router
from ..http.wire import json_response
from ..model.values import party_id
from ..queries.alert_row import AlertRow
from ..queries.alerts import alert_rows
from ..queries.answers import Listed
from ..queries.handling import HANDLINGS

Rule = Annotated[str | None, Query(json_schema_extra={"enum": sorted(RULES)}, description="规则 rule")]

Handled = Annotated[
    str | None,
    Query(
        json_schema_extra={"enum": sorted(HANDLINGS)},
        description="办理状态 how it stands with the own authority",
    ),
]


def make_router(door: Door, ledger: Engine) -> APIRouter:
    router = api_router("alerts 预警", "/api/v1")

    @router.get(
        "/alerts",
        summary="预警 alerts",
        response_model=Listed[AlertRow],
        openapi_extra=needs(Action.READ_ALERTS, **costs(Cost.READING)),
    )
    def alerts(
        request: Request,
        rule: Rule = None,
        maker: Annotated[str | None, Query(max_length=36, description="生产企业 maker: id or USCC")] = None,
        batch: Annotated[str | None, Query(max_length=300, description="追溯码 trace code")] = None,
        state: Handled = None,
        up_to: UpTo = None,
        limit: Limit = 50,
        after: After = None,
    ) -> Response:
        """The newest event first; only what the asker may see. An alert says what was recorded, and accuses nobody. How it is handled
        is told to the own authority alone; it is recorded by the kind `alert-step`, or a `lead` whose origin names the rule."""
        actor = door.allowed(request, Action.READ_ALERTS)
        if rule is not None and rule not in RULES:
            raise InputError.of(
                "wrong-input",
                f"没有「{shown(rule)}」这条规则",
                f"there is no rule {shown(rule)!r}",
                came=rule,
                where="rule",
            )
        if state is not None and state not in HANDLINGS:
            raise InputError.of(
                "wrong-input",
                f"没有「{shown(state)}」这种状态",
                f"there is no state {shown(state)!r}",
                came=state,
                where="state",
            )
        with begin_read(ledger) as tx:
            page = alert_rows(
                tx,
                actor,
                rule=rule,
                batches=None if batch is None else [batch_code_in(batch).canonical],
                maker=None if maker is None else party_id(maker),
                state=state,
                up_to=up_to,
                limit=limit,
                after=after,
            )
        return json_response(page, headers=next_link(request, page.after))

    return router
