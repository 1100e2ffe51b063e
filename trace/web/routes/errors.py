"""Errors for people: the error page, and the way to the sign-in form for who has not signed in yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

from fastapi import Request, Response
from sqlalchemy.exc import SQLAlchemyError

from ...auth.actor import Actor
from ...errors import Broken, InputError, Problem
from ...http.problems import title_of
from ..views import ErrorPage, Frame
from .visit import Pages, frame_of, see_other

ErrorPages = Callable[[Request, int, Sequence[Problem]], Response]


def make_error_page(pages: Pages) -> ErrorPages:
    """What prints problems: given the request, the status and the problems."""

    def show(request: Request, status: int, problems: Sequence[Problem]) -> Response:
        if request.method == "GET" and any(p.code == "not-signed-in" for p in problems):
            here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return see_other(f"/sign-in?onward={quote(here, safe='')}")
        page = ErrorPage(
            frame=_frame(pages, request, status),
            status=status,
            title=title_of(problems[0].code),
            problems=tuple(problems),
            request_id=getattr(request.state, "request_id", ""),
        )
        return pages.show(page, status)

    return show


def _frame(pages: Pages, request: Request, status: int) -> Frame:
    """The usual frame, or a bare one where what the usual one needs is itself in trouble."""
    bare = frame_of(request, Actor.anonymous(), pages.version)
    if status >= 500:
        return bare
    try:
        with pages.visit(request) as visit:
            return visit.frame
    except (InputError, Broken, SQLAlchemyError):
        return bare
