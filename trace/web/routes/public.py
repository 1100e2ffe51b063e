"""The public page of a code, for whoever scans or types it; the box to type it into; and where people say in which place
they have the goods before them.

A place is said, or sent by a touch that allows it; it is made coarse at once (`coarse_region`), and nothing finer is kept
or written to a log.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine

from ...auth.policy import Action, Reach
from ...clock import shanghai_date
from ...codes.region_names import region_named
from ...codes.regions import coarse_region, full_name, region_near
from ...codes.trace_code import batch_code_in, code_in
from ...db.engine import begin_read
from ...errors import InputError, Text
from ...http.door import client_of
from ...http.pace import Pace
from ...http.problems import status_of
from ...queries.public import PublicAnswer, check_code, counted_as, false_drum, with_checks
from ...queries.visibility import open_batch
from ...scans.clients import Clients
from ...scans.recorder import Recorder
from ...scans.stream import Scan
from ..views import Link, PublicPage
from .came import typed_fields
from .visit import Pages, Visit, check_origin, page_router, see_other

#: So many places may be stated from one address in an hour: a village has many phones, and few drums.
PLACES = 60


def make_router(
    pages: Pages, code_keys: Mapping[int, bytes], scans: Engine, recorder: Recorder, clients: Clients
) -> APIRouter:
    router = page_router()
    pace = Pace(PLACES)

    @router.get("/c")
    def ask(request: Request, code: Annotated[str, Query(max_length=500)] = "") -> Response:
        if code.strip():
            return see_other(f"/c/{quote(_spelling(code), safe='')}")
        with pages.visit(request) as visit:
            return pages.show(PublicPage(frame=visit.frame, outcome="ask"))

    @router.post("/c/{code}/place")
    async def state_place(request: Request, code: str) -> Response:
        """Asynchronous only to read the form within its bounds."""
        check_origin(request)
        return await run_in_threadpool(placed, request, code, await typed_fields(request))

    def placed(request: Request, code: str, typed: Mapping[str, str]) -> Response:
        pages.form_actor(request, typed.get("form_token", "")).require(Action.CHECK_CODE)
        now = pages.door.clock()
        with pages.visit(request) as visit:
            answer = check_code(visit.tx, code, code_keys, today=shanghai_date(now))
            false = false_drum(visit.tx, answer)
        here = f"/c/{quote(_spelling(code), safe='')}"
        if answer.facts is None and false is None:
            return see_other(here)
        try:
            region = _place_in(typed)
            pace.step(client_of(request), now)
        except InputError as error:
            count = None
            if answer.facts is not None:
                with begin_read(scans) as tx:
                    count = recorder.count(tx, counted_as(answer), now)
            with pages.visit(request) as visit:
                wrong = tuple(replace(problem, where="/place") for problem in error.problems)
                page = _page(visit, answer if count is None else with_checks(answer, count))
                return pages.show(
                    replace(page, place=typed.get("place", ""), place_problems=wrong), status_of(wrong)
                )
        client = clients.hash_of(client_of(request), request.headers.get("user-agent", ""), now)
        stated = Scan(counted_as(answer), "place", now, client, region)
        recorder.check(stated if false is None else Scan(false, "false-place", now, client, region))
        return see_other(f"{here}?place={region}")

    return router


def _place_in(typed: Mapping[str, str]) -> str:
    """The coarse region of what was typed, or of a position that the browser gave. Raises InputError."""
    position = [typed.get(name, "").strip() for name in ("longitude", "latitude")]
    if not all(position):
        return coarse_region(region_named(typed.get("place", "")))
    found = None
    if all(_DEGREES.fullmatch(each) for each in position):
        longitude, latitude = (round(float(each), 1) for each in position)
        found = region_near(longitude, latitude)
    if found is None:
        raise InputError.of(
            "unknown-region",
            "这个位置认不出是哪个地区",
            "this position lies in no region that is known here",
            remedy=Text("请直接写地区，例如 周口市", "write the region instead, such as 周口市"),
        )
    return found


_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,9})?")


def make_public_page(pages: Pages) -> Callable[[Request, PublicAnswer, int], Response]:
    """What prints the answer about a code: given the request, the answer and its status."""

    def show(request: Request, answer: PublicAnswer, status: int) -> Response:
        with pages.visit(request) as visit:
            page = replace(_page(visit, answer), stated=_stated(request))
        return pages.show(page, status)

    return show


def _page(visit: Visit, answer: PublicAnswer) -> PublicPage:
    return PublicPage(
        frame=visit.frame,
        outcome=answer.outcome,
        code=answer.code,
        facts=answer.facts,
        problems=answer.problems,
        alias=answer.alias,
        checks=answer.checks,
        asks_where=answer.facts is None and false_drum(visit.tx, answer) is not None,
        onward=_onward(visit, answer),
    )


def _stated(request: Request) -> str:
    """The name of the place that was just stated, from the address to which its form leads."""
    try:
        return full_name(coarse_region(request.query_params.get("place", "")))
    except InputError:
        return ""


def _onward(visit: Visit, answer: PublicAnswer) -> tuple[Link, ...]:
    """Where an account goes on from a label that it has scanned at a gate or on a bench."""
    if not visit.actor.party or answer.facts is None or answer.alias:
        return ()
    reach, batch = visit.actor.reach, batch_code_in(answer.code).canonical
    is_open = reach(Action.READ_BATCH) and open_batch(
        visit.tx, visit.actor.scope_for(Action.READ_BATCH), batch
    )
    links = [Link(f"/batches/{answer.code}", Text("打开这批货", "Open this batch"))] if is_open else []
    if reach(Action.RECORD_TESTING) >= Reach.OWN:
        links.append(
            Link(f"/batches/{answer.code}/record/testing", Text("录入检测报告", "Enter a test report"))
        )
    return tuple(links)


def _spelling(typed: str) -> str:
    """The code in the address as labels have it; what is no code as it was typed, for the page to say why."""
    try:
        return code_in(typed).canonical
    except InputError:
        return typed.strip()
