"""Special campaigns over HTTP, for the authority that issued them and for its units: lists, each with its tasks and reports, coverage."""

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
from ..http.paging import UpTo
from ..http.parameters import api_router
from ..http.wire import json_response
from ..queries.programmes import (
    CoverageList,
    ProgrammePage,
    ProgrammeRow,
    SelfChecks,
    coverage_list,
    programme_list,
    programme_page,
    self_checks,
)

ProgrammeId = Annotated[str, Path(description="专项行动编号 id of the programme (UUID)")]
Phase = Annotated[
    int | None,
    Query(ge=0, le=20, description="阶段序号，0 为全部 which phase, counted from 1; 0 for all of them"),
]
Of = Annotated[
    Literal["makers", "dealers", "sites", "matters"],
    Query(
        description="生产企业 makers，经营企业 dealers，工地（行动涉及工地的）sites where it is about them，问题与案件 problems and cases"
    ),
]
What = Annotated[
    Literal["registered", "inspected", "left", "sampled", "self_checked", "committed", "found", "closed", "cases"],
    Query(
        description="在册、已检查、未检查、已抽样、已自查、已承诺；matters 的：发现、已销号或转立案、立案 which of them; of matters the last three"
    ),
]  # fmt: skip
OwnOnly = Annotated[bool, Query(description="不含下属机构 without the units below it")]


def make_router(door: Door, ledger: Engine) -> APIRouter:
    router = api_router("programmes 专项行动", "/api/v1")

    @router.get(
        "/programmes",
        summary="专项行动 special campaigns",
        response_model=tuple[ProgrammeRow, ...],
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def programmes(request: Request) -> Response:
        """The newest first: those of the asker's authority, of its units and of those above it."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            found = programme_list(tx, actor, today=shanghai_date(door.clock()))
        return json_response(found)

    @router.get(
        "/programmes/{programme}",
        summary="一项专项行动 a special campaign",
        response_model=ProgrammePage,
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def one_programme(
        request: Request,
        programme: ProgrammeId,
        phase: Phase = None,
        unit: Annotated[str, Query(max_length=36, description="按哪个机构及其下属分列 whose tree: id")] = "",
        up_to: UpTo = None,
    ) -> Response:
        """Its phases, its tasks as they stand at the asker's own units, their reports, and coverage: of the makers and dealers registered
        with each unit, how many were inspected and sampled in the days of a phase (by default the one of today). Coverage, problems and
        cases are told unit by unit too, and as of any index of the ledger."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            page = programme_page(
                tx,
                actor,
                programme,
                today=shanghai_date(door.clock()),
                phase=phase,
                unit=unit,
                up_to=up_to,
            )
        if page is None:
            raise not_found("此专项行动", "this programme", programme)
        return json_response(page)

    @router.get(
        "/programmes/{programme}/coverage",
        summary="覆盖名单 who was checked",
        response_model=CoverageList,
        openapi_extra=needs(Action.READ_CASES, **costs(Cost.READING)),
    )
    def coverage(
        request: Request,
        programme: ProgrammeId,
        unit: Annotated[str, Query(max_length=36, description="机构编号 id of the unit (UUID)")],
        of: Of = "makers",
        what: What = "left",
        phase: Phase = None,
        own: OwnOnly = False,
        up_to: UpTo = None,
    ) -> Response:
        """The parties behind one number of the coverage, each with its checks; of matters the problems, or the cases."""
        actor = door.allowed(request, Action.READ_CASES)
        with begin_read(ledger) as tx:
            found = coverage_list(
                tx,
                actor,
                programme,
                unit=unit,
                of=of,
                what=what,
                phase=phase or 0,
                today=shanghai_date(door.clock()),
                is_own=own,
                up_to=up_to,
            )
        if found is None:
            raise not_found("此覆盖名单", "this list", programme)
        return json_response(found)

    @router.get(
        "/self-checks",
        summary="自查与承诺 own self-checks and commitments",
        response_model=SelfChecks,
        openapi_extra=needs(Action.RECORD_SELF_CHECK, **costs(Cost.READING)),
    )
    def own(request: Request) -> Response:
        """What campaigns ask of the asker's own party, and what it has recorded."""
        actor = door.allowed(request, Action.RECORD_SELF_CHECK)
        with begin_read(ledger) as tx:
            found = self_checks(tx, actor, today=shanghai_date(door.clock()))
        return json_response(found)

    return router
