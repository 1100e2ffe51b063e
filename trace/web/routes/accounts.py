"""Accounts, for whoever manages them: who can sign in for whom, how one stands, and who has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy import Connection

from ...auth.accounts import Account, Language, set_shown, sign_in_name
from ...auth.actor import Actor
from ...auth.administration import appoint, find_changeable, find_managed, list_managed, switch
from ...auth.api_keys import list_api_keys
from ...auth.invitations import Invitation, list_invitations
from ...auth.policy import ROLES, Action
from ...auth.sessions import LiveSession, end_sessions, list_sessions
from ...auth.sign_in import lift_lock, lock_out, locked_out
from ...db.engine import begin_read, begin_write
from ...errors import InputError, Problem, Text
from ...http.problems import status_of
from ...queries.answers import Standing
from ...queries.names import Names, names_of
from ..views import Choice
from ..views_of_people import AccountPage, AccountRow, AccountsPage, SessionRow
from .visit import Pages, Visit, page_router, see_other

_ACTIVE = Standing("fine", Text("启用", "Active"))
_INACTIVE = Standing("unknown", Text("停用", "Inactive"))
_LOCKED = Standing("attention", Text("登录已锁定", "Signing in is locked"))
_INVITED = Standing("unknown", Text("已邀请，未接受", "Invited, not accepted yet"))

State = Literal["", "active", "inactive", "locked", "invited", "administers"]
_STATES: tuple[tuple[State, Text], ...] = (
    ("active", Text("启用", "Active")),
    ("inactive", Text("停用", "Inactive")),
    ("locked", Text("登录已锁定", "Locked")),
    ("invited", Text("已邀请，未接受", "Invited, not accepted")),
    ("administers", Text("管理员", "Administrators")),
)


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    @router.get("/accounts")
    def accounts(request: Request, q: str = "", state: State = "") -> Response:
        with pages.visit(request) as visit:
            with begin_read(pages.door.desk) as tx:
                found = list_managed(tx, visit.actor)
                locked = locked_out(tx, (account.name for account in found), pages.door.clock())
                invited = _invited(tx, visit.actor, pages.door.clock())
            names = names_of(visit.tx, {each.party for each in found} | {each.party for each in invited})
            rows = [_row(account, names, is_locked=account.name in locked) for account in found]
            rows += [_row_of_invited(each, names) for each in invited]
            return pages.show(accounts_page(visit, rows, q, state))

    def show(
        request: Request, account_id: str, typed: Mapping[str, str], problems: tuple[Problem, ...] = ()
    ) -> Response:
        now = pages.door.clock()
        with pages.visit(request) as visit:
            actor = visit.actor
            with begin_read(pages.door.desk) as tx:
                account = find_managed(tx, actor, account_id)
                lock = lock_out(tx, account.name, now)
                live = list_sessions(tx, account.id, now)
                usable = [
                    key
                    for key in list_api_keys(tx, account.id)
                    if key.revoked_at is None and key.expires_at > now
                ]
                can_change = _can_change(tx, actor, account)
            page = AccountPage(
                frame=visit.frame,
                id=account.id,
                row=_row(account, names_of(visit.tx, {account.party}), is_locked=lock.until is not None),
                language=account.language,
                created_at=account.created_at,
                password_changed_at=account.password_changed_at,
                sessions=tuple(map(session_row, live)),
                keys=len(usable),
                failures=lock.failures,
                locked_until=lock.until,
                can_change=can_change,
                can_lay_down=account.id == actor.account and account.administers,
                typed={"display_name": account.display_name, "language": account.language, **typed},
                problems=problems,
            )
        return pages.show(page, status_of(problems) if problems else 200)

    @router.get("/accounts/{account_id}")
    def one(request: Request, account_id: str) -> Response:
        return show(request, account_id, {})

    @router.post("/accounts/{account_id}")
    def change(
        request: Request,
        account_id: str,
        form_token: Annotated[str, Form()] = "",
        display_name: Annotated[str, Form()] = "",
        language: Annotated[Language, Form()] = "zh",
    ) -> Response:
        actor = manager(pages, request, form_token)
        try:
            with begin_write(pages.door.desk) as tx:
                account = find_changeable(tx, actor, account_id)
                set_shown(tx, account.id, display_name=display_name, language=language)
        except InputError as error:
            if error.code != "wrong-input":
                raise
            return show(
                request, account_id, {"display_name": display_name, "language": language}, error.problems
            )
        return see_other(f"/accounts/{account_id}")

    @router.post("/accounts/{account_id}/{done}")
    def act(
        request: Request,
        account_id: str,
        done: Literal["activate", "deactivate", "appoint", "dismiss", "unlock", "end-sessions"],
        form_token: Annotated[str, Form()] = "",
    ) -> Response:
        actor = manager(pages, request, form_token)
        with begin_write(pages.door.desk) as tx:
            if done in ("activate", "deactivate"):
                switch(tx, actor, account_id, done == "activate")
            elif done in ("appoint", "dismiss"):
                appoint(tx, actor, account_id, done == "appoint")
            elif done == "unlock":
                lift_lock(tx, find_changeable(tx, actor, account_id).name)
            else:
                end_sessions(tx, find_changeable(tx, actor, account_id).id)
        return see_other(f"/accounts/{account_id}" if account_id != actor.account else "/")

    return router


def _invited(tx: Connection, actor: Actor, now: datetime) -> tuple[Invitation, ...]:
    """Who was invited to an account and has none yet, for whoever sees the links; not whose link is dead."""
    if not actor.reach(Action.MANAGE_ACCOUNTS):
        return ()
    return tuple(each for each in list_invitations(tx, actor) if each.account is None and each.is_open(now))


def accounts_page(visit: Visit, rows: Sequence[AccountRow], query: str, state: State) -> AccountsPage:
    """The accounts that the words and the state leave: words are looked for in names and the organisation."""
    found = [row for row in rows if _has_words(row, query) and _is(row, state)]

    def choice(each: State, text: Text) -> Choice:
        chosen = each == state
        wanted = {"q": query, "state": "" if chosen else each}
        asked = urlencode({name: value for name, value in wanted.items() if value})
        count = sum(_has_words(row, query) and _is(row, each) for row in rows)
        return Choice(text, f"/accounts?{asked}" if asked else "/accounts", chosen, count)

    return AccountsPage(
        frame=visit.frame,
        accounts=tuple(found),
        query=query,
        states=tuple(choice(each, text) for each, text in _STATES),
        total=len(rows),
        manages=bool(visit.actor.reach(Action.MANAGE_ACCOUNTS)),
    )


def manager(pages: Pages, request: Request, form_token: str) -> Actor:
    """Who sent this form, if it may manage accounts at all. Raises InputError."""
    actor = pages.form_actor(request, form_token)
    actor.require(Action.MANAGE_ACCOUNTS)
    return actor


def _can_change(tx: Connection, actor: Actor, account: Account) -> bool:
    try:
        find_changeable(tx, actor, account.id)
    except InputError:
        return False
    return True


def session_row(session: LiveSession) -> SessionRow:
    return SessionRow(
        device=session.whence.device,
        network=session.whence.network,
        since=session.created_at,
        last_seen=session.last_seen,
    )


def _row(account: Account, names: Names, *, is_locked: bool) -> AccountRow:
    return AccountRow(
        href=f"/accounts/{account.id}",
        name=account.name,
        display_name=account.display_name,
        organisation=names.party(account.party),
        role=ROLES[account.role],
        region=account.region or "",
        administers=account.administers,
        standing=_INACTIVE if not account.active else _LOCKED if is_locked else _ACTIVE,
        last_seen=account.last_seen,
    )


def _row_of_invited(invitation: Invitation, names: Names) -> AccountRow:
    return AccountRow(
        href="/invitations",
        name="",
        display_name=invitation.display_name,
        organisation=names.party(invitation.party),
        role=ROLES[invitation.role],
        region=invitation.region or "",
        administers=invitation.administers,
        standing=_INVITED,
        invited_until=invitation.expires_at,
    )


def _has_words(row: AccountRow, query: str) -> bool:
    text = sign_in_name(f"{row.name} {row.display_name} {row.organisation} {row.role.zh} {row.role.en}")
    return all(word in text for word in sign_in_name(query).split())


def _is(row: AccountRow, state: State) -> bool:
    return {
        "": True,
        "active": row.standing in (_ACTIVE, _LOCKED),
        "inactive": row.standing is _INACTIVE,
        "locked": row.standing is _LOCKED,
        "invited": row.standing is _INVITED,
        "administers": row.administers and row.standing is not _INVITED,
    }[state]
