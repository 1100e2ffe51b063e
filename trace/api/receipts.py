"""``GET /r/{number}``: how a complaint or report stands, for whoever has its receipt number; JSON or a page.

Tells when it was received, which of the two it is, how it stands and whose region has it; nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..db.engine import begin_read
from ..errors import InputError, Problem
from ..http.contract import needs
from ..http.door import Door, wants_page
from ..http.failures import not_found
from ..http.problems import status_of
from ..http.wire import json_response
from ..queries.submissions import SubmissionState, submission_state

#: Prints how it stands as a page: request, state, problems, status.
ReceiptPage = Callable[[Request, SubmissionState | None, tuple[Problem, ...], int], Response]


def make_router(door: Door, ledger: Engine, page: ReceiptPage) -> APIRouter:
    router = APIRouter(tags=["public 公开"])

    @router.get(
        "/r/{number}",
        summary="查询投诉举报进度 how a complaint or report stands",
        response_model=SubmissionState,
        openapi_extra=needs(Action.CHECK_CODE),
    )
    def read(
        request: Request,
        number: Annotated[str, Path(description="回执号，任意写法 receipt number in any spelling")],
    ) -> Response:
        """Without a sign-in: when it was received, which it is, how it stands, whose region has it."""
        door.allowed(request, Action.CHECK_CODE)
        problems: tuple[Problem, ...] = ()
        state = None
        try:
            with begin_read(ledger) as tx:
                state = submission_state(tx, number)
            if state is None:
                raise not_found("此回执号", "this receipt number", number)
        except InputError as error:
            if not wants_page(request):
                raise
            problems = error.problems
        if wants_page(request):
            return page(request, state, problems, status_of(problems) if problems else 200)
        return json_response(state)

    return router
