"""Risk classes over HTTP, for the market regulators of the makers' regions."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..clock import shanghai_date
from ..db.engine import begin_read
from ..http.allowance import Cost
from ..http.contract import costs, needs
from ..http.door import Door
from ..http.failures import not_found
from ..http.parameters import api_router
from ..http.wire import json_response
from ..model.values import party_id
from ..queries.risk import RiskList, RiskRow, risk_list

Ref = Annotated[str, Path(description="企业编号或统一社会信用代码 id or USCC of the maker")]


def make_router(door: Door, ledger: Engine) -> APIRouter:
    router = api_router("risk 风险等级", "/api/v1")

    @router.get(
        "/risk",
        summary="风险等级 risk classes",
        response_model=RiskList,
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def risk(
        request: Request,
        letter: Annotated[
            Literal["A", "B", "C", "D"] | None, Query(alias="class", description="只要这一等级 of this class")
        ] = None,
    ) -> Response:
        """The makers of the own jurisdiction, those that are due for a visit first, each with what its score rests on: an estimate and no verdict. ``counts``
        are of all of them."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            found = risk_list(tx, actor, today=shanghai_date(door.clock()), letter=letter or "")
        return json_response(found)

    @router.get(
        "/risk/{party}",
        summary="一家企业的风险等级 the risk class of one maker",
        response_model=RiskRow,
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def risk_of_one(request: Request, party: Ref) -> Response:
        """The same of one maker of the own jurisdiction."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            found = risk_list(tx, actor, today=shanghai_date(door.clock()), maker=party_id(party))
        if not found.rows:
            raise not_found("此企业", "this maker", party)
        return json_response(found.rows[0])

    return router
