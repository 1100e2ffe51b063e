"""Errors for people: the error page, and the way to the sign-in form for who has not signed in yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from sqlalchemy.exc import SQLAlchemyError

from ...auth.actor import Actor
from ...errors import Broken, InputError, Problem, Text
from ...http.problems import title_of
from ..views import ErrorPage, Frame, Link
from .visit import Pages, frame_of, own_path, see_other

ErrorPages = Callable[[Request, int, Sequence[Problem]], Response]


def make_error_page(pages: Pages) -> ErrorPages:
    """What prints problems: given the request, the status and the problems."""

    def show(request: Request, status: int, problems: Sequence[Problem]) -> Response:
        if request.method == "GET" and any(p.code == "not-signed-in" for p in problems):
            here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return see_other(_sign_in(here))
        page = ErrorPage(
            frame=_frame(pages, request, status),
            status=status,
            title=title_of(problems[0].code),
            problems=tuple(problems),
            request_id=getattr(request.state, "request_id", ""),
            back=_back(request, problems),
        )
        return pages.show(page, status)

    return show


def _sign_in(onward: str) -> str:
    return f"/sign-in?onward={quote(onward, safe='')}"


def _back(request: Request, problems: Sequence[Problem]) -> Link:
    """Where to go from here: who was signed out over a form signs in and finds that form again."""
    if any(p.code == "not-signed-in" for p in problems):
        form = urlsplit(request.headers.get("referer", ""))
        return Link(
            _sign_in(own_path(form.path + (f"?{form.query}" if form.query else ""))), Text("登录", "Sign in")
        )
    return Link("/", Text("返回首页", "To the first page"))


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
