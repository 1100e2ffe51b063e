"""``GET /c/{code}``: what anybody may know of a trace code, as JSON for programs and as a page for people.

The address on every label, and the hottest read of the house: asynchronous, one short look-up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine

from ..auth.policy import Action
from ..clock import shanghai_date
from ..db.engine import open_look_up
from ..errors import InputError, Problem, Text
from ..http.contract import needs
from ..http.door import Door, accepts, language_of, wants_page
from ..http.problems import problem_response
from ..http.wire import json_response
from ..queries.public import Cards, Outcome, PublicAnswer, check_code

#: Prints the answer as a page, with this status.
PublicPage = Callable[[Request, PublicAnswer, int], Response]

_STATUS: Mapping[Outcome, int] = {"issued": 200, "reserved": 200, "not-issued": 404, "mistyped": 422}


def make_router(
    door: Door, ledger: Engine, code_keys: Mapping[int, bytes], page: PublicPage | None
) -> APIRouter:
    router = APIRouter(tags=["public 公开"])
    cards = Cards()
    look_up = open_look_up(ledger)  # only ever used on the event loop's thread

    @router.get(
        "/c/{code}",
        summary="查验追溯码 check a trace code",
        response_model=PublicAnswer,
        openapi_extra=needs(Action.CHECK_CODE),
    )
    async def check(
        request: Request,
        code: Annotated[str, Path(description="追溯码，任意写法 trace code in any spelling")],
    ) -> Response:
        """Issued here, or reserved for a batch to come (200), well-formed but not issued here (404), or typed wrong (422). Any spelling is read."""
        actor = door.allowed(request, Action.CHECK_CODE)
        as_page = page is not None and wants_page(request)
        if not as_page and not accepts(request, "application/json"):
            raise InputError.of(
                "not-acceptable",
                "此地址提供 JSON 与网页",
                "this address answers JSON and a page",
                came=request.headers.get("accept", ""),
                where="Accept",
            )
        answer = check_code(look_up, code, code_keys, today=shanghai_date(door.clock()), cards=cards)
        if as_page and page is not None:
            return await run_in_threadpool(page, request, answer, _STATUS[answer.outcome])
        if _STATUS[answer.outcome] == 200:
            return json_response(answer)
        return problem_response(problems_of(answer), language_of(request, actor))

    return router


def problems_of(answer: PublicAnswer) -> Sequence[Problem]:
    """Why nothing can be said of a code: a wrong check character and a wrong MAC are two answers."""
    if answer.outcome == "mistyped":
        return answer.problems
    return (
        Problem(
            "not-issued-here",
            Text("不是本平台签发的追溯码", "this platform has not issued this code"),
            came=answer.code,
            remedy=Text("核对标签上的网址与编码", "compare the address and the code on the label"),
        ),
    )
