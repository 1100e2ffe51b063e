"""The public page of a code, for whoever scans or types it; and the box to type it into."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from ...auth.policy import Action, Reach
from ...codes.trace_code import batch_code_in, code_in
from ...errors import InputError, Text
from ...queries.public import PublicAnswer
from ...queries.visibility import open_batch
from ..views import Link, PublicPage
from .visit import Pages, Visit, see_other


def make_router(pages: Pages) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/c")
    def ask(request: Request, code: Annotated[str, Query(max_length=500)] = "") -> Response:
        if code.strip():
            return see_other(f"/c/{quote(_spelling(code), safe='')}")
        with pages.visit(request) as visit:
            return pages.show(PublicPage(frame=visit.frame, outcome="ask"))

    return router


def make_public_page(pages: Pages) -> Callable[[Request, PublicAnswer, int], Response]:
    """What prints the answer about a code: given the request, the answer and its status."""

    def show(request: Request, answer: PublicAnswer, status: int) -> Response:
        with pages.visit(request) as visit:
            page = PublicPage(
                frame=visit.frame,
                outcome=answer.outcome,
                code=answer.code,
                facts=answer.facts,
                problems=answer.problems,
                alias=answer.alias,
                onward=_onward(visit, answer),
            )
        return pages.show(page, status)

    return show


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
