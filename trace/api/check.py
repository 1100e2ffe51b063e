"""``GET /c/{code}``: what anybody may know of a trace code, as JSON for programs and as a page for people.

The address on every label, and the hottest read of the house: asynchronous, one short look-up for the facts and one for
how often the code was checked. The check itself is recorded in memory (`scans.recorder`) and never waited for.

Who holds an issued code is never turned away. Whoever sends many different codes that were not issued here is, for a
while (`GUESSES`): the codes' own 30 bits keep guessers out, this keeps their work off the service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine

from ..auth.policy import Action
from ..clock import shanghai_date
from ..db.engine import open_look_up
from ..errors import InputError, Problem, Text, TooManyRequests
from ..http.contract import needs
from ..http.door import Door, accepts, client_of, language_of, wants_page
from ..http.pace import Pace
from ..http.problems import problem_response
from ..http.wire import WrittenLately, json_response, members_of
from ..queries.public import Cards, Outcome, PublicAnswer, check_code, counted_as, misspelt, with_checks
from ..scans.clients import Clients
from ..scans.recorder import Recorder
from ..scans.stream import Scan

#: Prints the answer as a page, with this status.
PublicPage = Callable[[Request, PublicAnswer, int], Response]

_STATUS: Mapping[Outcome, int] = {
    "issued": 200,
    "reserved": 200,
    "recalled": 200,
    "copied": 200,
    "not-issued": 404,
    "mistyped": 422,
}
#: So many different codes that were not issued here may come from one address in an hour. A village behind one address
#: scans many drums, but few different false ones; the same false code counts once in half an hour for each phone.
GUESSES = 120


def make_router(
    door: Door,
    ledger: Engine,
    scans: Engine,
    code_keys: Mapping[int, bytes],
    recorder: Recorder,
    clients: Clients,
    page: PublicPage | None,
) -> APIRouter:
    router = APIRouter(tags=["public 公开"])
    cards, written = Cards(), WrittenLately()
    # Both are only ever used on the event loop's thread.
    look_up, counts = open_look_up(ledger), open_look_up(scans)
    guesses, misspellings = (Pace(GUESSES, timedelta(hours=1)) for _ in range(2))

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
        """Issued here (200: fine, recalled, or copies of its label confirmed) or reserved for a batch to come (200),
        well-formed but not issued here (404), or typed wrong (422). Any spelling is read. 429 only after very many
        different codes that were not issued here."""
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
        now = door.clock()
        answer = check_code(look_up, code, code_keys, today=shanghai_date(now), cards=cards)
        client = clients.hash_of(client_of(request), request.headers.get("user-agent", ""), now)
        if answer.facts is not None:
            known = counted_as(answer)
            recorder.check(Scan(known, "issued", now, client))
            count = recorder.count(counts, known, now)
            answer = answer if count is None else with_checks(answer, count)
        elif answer.outcome == "reserved":
            recorder.check(Scan(counted_as(answer), "reserved", now, client))
        elif answer.outcome == "not-issued" and recorder.check(
            Scan(counted_as(answer), "not-issued", now, client)
        ):
            try:
                guesses.step(client_of(request), now)
            except TooManyRequests as error:
                raise TooManyRequests(error.retry_after_seconds, *_TOO_MANY_GUESSES) from None
        elif answer.outcome == "mistyped" and (typed := misspelt(look_up, code)) is not None:
            with suppress(TooManyRequests):  # nobody is sent away for it, only no longer counted
                misspellings.step(client_of(request), now)
                recorder.check(Scan(typed, "mistyped", now, client))
        if as_page and page is not None:
            return await run_in_threadpool(page, request, answer, _STATUS[answer.outcome])
        if _STATUS[answer.outcome] == 200:
            return json_response({**members_of(answer), "facts": written.of(answer.facts)})
        return problem_response(problems_of(answer), language_of(request, actor))

    return router


_TOO_MANY_GUESSES = (
    Text(
        "这个网络刚才查了很多个不是本平台签发的码",
        "this network has just checked very many codes that were not issued here",
    ),
    Text(
        "过一会儿再查；标签上是本平台的码，仍然可以查",
        "try again later; a code that was issued here is still answered",
    ),
)


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
