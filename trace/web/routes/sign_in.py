"""Signing in and out: the only forms that begin or end a session.

Signing in has no session yet whose token could guard the form, so the browser's own word about where the form
came from is asked instead (``Sec-Fetch-Site``, else ``Origin``); the session cookie is ``SameSite=Lax``.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from ...auth.sessions import SessionToken, sign_out
from ...auth.sign_in import begin_attempt, complete_sign_in
from ...db.engine import begin_write
from ...errors import InputError, Problem, Text, TooManyRequests
from ...http.door import SESSION_COOKIE, Door, client_of
from ...http.problems import status_of
from ..views import SignInPage
from .visit import Pages, check_origin, is_https, own_path, page_router, see_other, whence_of

_WRONG = Problem(
    "wrong-credentials",
    Text("账号或密码不对", "the account or the password is wrong"),
    remedy=Text(
        "请检查大小写；忘记密码，请本单位管理员或平台运维给您一个重置链接",
        "mind upper and lower case; for a forgotten password your administrator or the operator makes you a link",
    ),
)


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    @router.get("/sign-in")
    def ask(request: Request, onward: str = "/") -> Response:
        with pages.visit(request) as visit:
            if visit.actor.party:
                return see_other(own_path(onward))
            return pages.show(SignInPage(frame=visit.frame, onward=own_path(onward)))

    @router.post("/sign-in")
    def sign_in(
        request: Request,
        account: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        onward: Annotated[str, Form()] = "/",
    ) -> Response:
        check_origin(request)
        token: SessionToken | None = None
        problems: tuple[Problem, ...] = (_WRONG,)
        headers: dict[str, str] = {}
        try:
            token = _prove(pages.door, request, account, password)
        except InputError as error:
            problems = error.problems
            if isinstance(error, TooManyRequests):
                headers["Retry-After"] = str(error.retry_after_seconds)
        if token is not None:
            answer = see_other(own_path(onward))
            answer.set_cookie(
                SESSION_COOKIE, token.text, httponly=True, secure=is_https(request), samesite="lax"
            )
            return answer
        with pages.visit(request) as visit:
            page = SignInPage(
                frame=visit.frame, account=account[:64], onward=own_path(onward), problems=problems
            )
            return pages.show(page, status_of(problems), headers)

    @router.post("/sign-out")
    def leave(request: Request, form_token: Annotated[str, Form()] = "") -> Response:
        pages.door.check_form(request, form_token)
        token = request.cookies.get(SESSION_COOKIE)
        if token is not None:
            with begin_write(pages.door.desk) as tx:
                sign_out(tx, token)
        answer = see_other("/")
        answer.delete_cookie(SESSION_COOKIE, httponly=True, secure=is_https(request), samesite="lax")
        return answer

    return router


def _prove(door: Door, request: Request, account: str, password: str) -> SessionToken | None:
    """The three steps of `auth.sign_in`; no transaction is open while the password is compared."""
    with begin_write(door.desk) as tx:
        attempt = begin_attempt(tx, name=account, client=client_of(request), now=door.clock())
    proven = attempt.prove(password, door.passwords)
    if proven is None:
        return None
    with begin_write(door.desk) as tx:
        token = complete_sign_in(tx, proven, door.clock(), whence_of(request))
        if token is not None and (before := request.cookies.get(SESSION_COOKIE)):
            sign_out(tx, before)
    return token
