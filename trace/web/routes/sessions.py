"""Where one is signed in: the live sessions of the reader's own account, each of which can be ended."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from ...auth.accounts import find_account
from ...auth.actor import Actor
from ...auth.sessions import end_session, end_sessions, list_sessions, session_id
from ...db.engine import begin_read, begin_write
from ...errors import InputError
from ...http.door import SESSION_COOKIE
from ..views_of_people import SessionsPage
from .accounts import session_row
from .visit import Pages, page_router, see_other


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    @router.get("/sessions")
    def sessions(request: Request) -> Response:
        now = pages.door.clock()
        with pages.visit(request) as visit:
            require_person(visit.actor)
            with begin_read(pages.door.desk) as tx:
                account = find_account(tx, visit.actor.account)
                live = list_sessions(tx, visit.actor.account, now)
            this = session_id(request.cookies.get(SESSION_COOKIE, ""))
            rows = [
                replace(session_row(each), is_this=each.id == this, end_href=f"/sessions/{each.id}/end")
                for each in live
            ]
            changed = None if account is None else account.password_changed_at
            page = SessionsPage(
                frame=visit.frame,
                sessions=tuple(sorted(rows, key=lambda row: not row.is_this)),
                password_changed_at=changed,
            )
        return pages.show(page)

    @router.post("/sessions/end-others")
    def end_others(request: Request, form_token: Annotated[str, Form()] = "") -> Response:
        actor = pages.form_actor(request, form_token)
        require_person(actor)
        with begin_write(pages.door.desk) as tx:
            end_sessions(tx, actor.account, but=request.cookies.get(SESSION_COOKIE, ""))
        return see_other("/sessions")

    @router.post("/sessions/{which}/end")
    def end(request: Request, which: str, form_token: Annotated[str, Form()] = "") -> Response:
        actor = pages.form_actor(request, form_token)
        require_person(actor)
        with begin_write(pages.door.desk) as tx:
            end_session(tx, actor.account, which)
        return see_other("/sessions")

    return router


def require_person(actor: Actor) -> None:
    """Raises InputError ``not-signed-in`` for whoever came without a session: a key has none to look after."""
    if actor.via != "session":
        raise InputError.of("not-signed-in", "此页需要先登录", "sign in to see this page")
