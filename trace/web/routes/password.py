"""Changing one's own password, which ends every session of the account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from ...auth.accounts import find_account, set_password
from ...auth.actor import Actor
from ...auth.sign_in import begin_confirmation
from ...db.engine import begin_read, begin_write
from ...errors import InputError, Problem
from ...http.door import SESSION_COOKIE, Door, client_of
from ...http.problems import status_of
from ..views import PasswordPage
from .sessions import require_person
from .visit import Pages, page_router, see_other


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    def show(request: Request, problems: tuple[Problem, ...] = ()) -> Response:
        with pages.visit(request) as visit:
            require_person(visit.actor)
            page = PasswordPage(frame=visit.frame, problems=problems)
        return pages.show(page, status_of(problems) if problems else 200)

    @router.get("/password")
    def ask(request: Request) -> Response:
        return show(request)

    @router.post("/password")
    def change(
        request: Request,
        form_token: Annotated[str, Form()] = "",
        current: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        again: Annotated[str, Form()] = "",
    ) -> Response:
        actor = pages.form_actor(request, form_token)
        require_person(actor)
        try:
            _change(pages.door, actor, client_of(request), current, password, again)
        except InputError as error:
            return show(request, error.problems)
        answer = see_other("/sign-in")
        answer.delete_cookie(SESSION_COOKIE)
        return answer

    return router


def _change(door: Door, actor: Actor, client: str, current: str, password: str, again: str) -> None:
    """Raises InputError with what is wrong; wrong current passwords are counted, as failed sign-ins are."""
    if password != again:
        raise InputError.of(
            "wrong-input", "两次输入的新密码不一样", "the new passwords differ", where="/again"
        )
    with begin_read(door.desk) as tx:
        account = find_account(tx, actor.account)
    if account is None:
        raise InputError.of("not-found", "没有这个账号", "there is no such account")
    stored = door.passwords.enrol(password, name=account.name)
    with begin_write(door.desk) as tx:
        attempt = begin_confirmation(tx, account_id=account.id, client=client, now=door.clock())
    if attempt.prove(current, door.passwords) is None:
        raise InputError.of(
            "wrong-credentials", "现在的密码不对", "the current password is wrong", where="/current"
        )
    with begin_write(door.desk) as tx:
        set_password(tx, account.id, stored, door.clock())
