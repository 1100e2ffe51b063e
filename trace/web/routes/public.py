"""The public page of a code, for whoever scans or types it; and the box to type it into."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from ...codes.trace_code import code_in
from ...errors import InputError
from ...queries.public import PublicAnswer
from ..views import PublicPage
from .visit import Pages, see_other


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
            )
        return pages.show(page, status)

    return show


def _spelling(typed: str) -> str:
    """The code in the address as labels have it; what is no code as it was typed, for the page to say why."""
    try:
        return code_in(typed).canonical
    except InputError:
        return typed.strip()
