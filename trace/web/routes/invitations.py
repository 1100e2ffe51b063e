"""Invitations: made, handed over as a link, withdrawn; and the page on which an invited person comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from ...auth.accounts import Account, list_accounts
from ...auth.actor import Actor
from ...auth.administration import roles_to_give
from ...auth.invitations import (
    Invitation,
    accept,
    invite,
    invite_back,
    list_invitations,
    open_invitation,
    withdraw,
)
from ...auth.policy import ROLES, WITH_JURISDICTION, Action, Reach, Role
from ...auth.sessions import SessionToken, sign_out, start_session
from ...codes.uscc import is_uscc
from ...db.engine import begin_read, begin_write
from ...errors import InputError, Problem, Text, shown
from ...http.door import SESSION_COOKIE
from ...http.problems import status_of
from ...model.state import KnownParty
from ...model.values import party_id
from ...queries.answers import Standing
from ...queries.names import Names, names_of
from ...registry import register
from ..views_of_people import InvitationRow, InvitationsPage, JoinPage
from . import once
from .accounts import manager
from .visit import Pages, check_origin, is_https, page_router, see_other, whence_of

#: Enough for a browser's list of suggestions; a credit code can be typed in any case.
_MOST_SUGGESTIONS = 300


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    def show(request: Request, typed: Mapping[str, str], problems: tuple[Problem, ...] = ()) -> Response:
        with pages.visit(request) as visit:
            actor = visit.actor
            with begin_read(pages.door.desk) as tx:
                made = list_invitations(tx, actor)
                accounts = {account.id: account for account in list_accounts(tx)}
                roles = roles_to_give(tx, actor)
            names = names_of(visit.tx, {each.party for each in made})
            any_party = actor.reach(Action.MANAGE_ACCOUNTS) is Reach.EVERYTHING
            parties: Iterable[KnownParty] = register.all_parties(visit.tx) if any_party else ()
            fresh_name, fresh_link = once.handed_over(request)
            page = InvitationsPage(
                frame=visit.frame,
                invitations=tuple(_row(each, names, accounts, pages.door.clock()) for each in made),
                roles=tuple((role.value, ROLES[role]) for role in roles),
                parties=_suggestions(parties),
                any_party=any_party,
                regions=any(role in WITH_JURISDICTION for role in roles),
                typed=typed,
                fresh_name=fresh_name,
                fresh_link=fresh_link,
                problems=problems,
            )
        answer = pages.show(page, status_of(problems) if problems else 200)
        if fresh_link:
            once.forget(answer, request, "/invitations")
        return answer

    def hand_over(request: Request, name: str, token: str) -> Response:
        answer = see_other("/invitations")
        link = f"{request.url.scheme}://{request.url.netloc}/join/{token}"
        once.hand_over(answer, request, "/invitations", name, link)
        return answer

    @router.get("/invitations")
    def invitations(request: Request) -> Response:
        return show(request, {})

    @router.post("/invitations")
    def make(
        request: Request,
        form_token: Annotated[str, Form()] = "",
        display_name: Annotated[str, Form()] = "",
        party: Annotated[str, Form()] = "",
        role: Annotated[str, Form()] = "",
        region: Annotated[str, Form()] = "",
        administers: Annotated[str, Form()] = "",
    ) -> Response:
        actor = manager(pages, request, form_token)
        typed = {
            "display_name": display_name,
            "party": party,
            "role": role,
            "region": region,
            "administers": administers,
        }
        try:
            token = _invite(pages, actor, typed)
        except InputError as error:
            return show(request, typed, error.problems)
        return hand_over(request, display_name.strip(), token)

    @router.post("/accounts/{account_id}/reset")
    def reset(request: Request, account_id: str, form_token: Annotated[str, Form()] = "") -> Response:
        actor = manager(pages, request, form_token)
        with begin_write(pages.door.desk) as tx:
            made = invite_back(tx, actor, account_id, pages.door.clock())
        return hand_over(request, made.invitation.display_name, made.text)

    @router.post("/invitations/{invitation_id}/withdraw")
    def take_back(request: Request, invitation_id: str, form_token: Annotated[str, Form()] = "") -> Response:
        actor = manager(pages, request, form_token)
        with begin_write(pages.door.desk) as tx:
            withdraw(tx, actor, invitation_id, pages.door.clock())
        return see_other("/invitations")

    def ask(request: Request, token: str, name: str = "", problems: tuple[Problem, ...] = ()) -> Response:
        with begin_read(pages.door.desk) as tx:
            found, account = open_invitation(tx, token, pages.door.clock())
        with pages.visit(request) as visit:
            page = JoinPage(
                frame=visit.frame,
                action=f"/join/{token}",
                display_name=found.display_name,
                organisation=names_of(visit.tx, {found.party}).party(found.party),
                role=ROLES[found.role],
                expires_at=found.expires_at,
                account=account.name if account is not None else "",
                name=name,
                problems=problems,
            )
        return pages.show(page, status_of(problems) if problems else 200)

    @router.get("/join/{token}")
    def join(request: Request, token: str) -> Response:
        return ask(request, token)

    @router.post("/join/{token}")
    def come_in(
        request: Request,
        token: str,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        again: Annotated[str, Form()] = "",
    ) -> Response:
        check_origin(request)
        with begin_read(pages.door.desk) as tx:
            _, account = open_invitation(tx, token, pages.door.clock())
        name = name if account is None else account.name
        try:
            session = _come_in(pages, request, token, name, password, again)
        except InputError as error:
            return ask(request, token, name, error.problems)
        answer = see_other("/")
        answer.set_cookie(
            SESSION_COOKIE, session.text, httponly=True, secure=is_https(request), samesite="lax"
        )
        return answer

    return router


def _come_in(
    pages: Pages, request: Request, token: str, name: str, password: str, again: str
) -> SessionToken:
    """Use the link up and begin a session; the hash is made before the transaction. Raises InputError."""
    if password != again:
        raise InputError.of("wrong-input", "两次输入的密码不一样", "the passwords differ", where="/again")
    stored = pages.door.passwords.enrol(password, name=name)
    now = pages.door.clock()
    with begin_write(pages.door.desk) as tx:
        account = accept(tx, token, name=name, password=stored, now=now)
        if before := request.cookies.get(SESSION_COOKIE):
            sign_out(tx, before)
        return start_session(tx, account.id, now, whence_of(request))


def _invite(pages: Pages, actor: Actor, typed: Mapping[str, str]) -> str:
    """A link of what was typed; returns its token. Raises InputError with every fault.

    Whoever manages one organisation only is not asked for it, and is not believed if it says another.
    """
    problems: list[Problem] = []
    party, role = actor.party, Role.PUBLIC
    if actor.reach(Action.MANAGE_ACCOUNTS) is Reach.EVERYTHING:
        try:
            with begin_read(pages.ledger) as tx:
                party = party_named(typed["party"], lambda name: register.parties_by_name(tx, name))
                if not register.parties(tx, [party]):
                    raise _no_party(typed["party"])
        except InputError as error:
            problems += error.problems
    try:
        role = Role(typed["role"])
    except ValueError:
        problems.append(Problem("wrong-input", Text("请选择角色", "choose a role"), where="/role"))
    if problems:
        raise InputError(*problems)
    with begin_write(pages.door.desk) as tx:
        made = invite(
            tx,
            actor,
            party=party,
            role=role,
            region=typed["region"].strip() or None,
            display_name=typed["display_name"],
            administers=typed["administers"] == "yes",
            now=pages.door.clock(),
        )
    return made.text


def _row(made: Invitation, names: Names, accounts: Mapping[str, Account], now: datetime) -> InvitationRow:
    giver = accounts.get(made.invited_by)
    return InvitationRow(
        display_name=made.display_name,
        account=accounts[made.account].name if made.account is not None else "",
        organisation=names.party(made.party),
        role=ROLES[made.role],
        region=made.region or "",
        administers=made.administers,
        invited_by="cabletrace" if giver is None else giver.display_name,
        expires_at=made.expires_at,
        standing=_standing(made, giver, now),
        withdraw_href=f"/invitations/{made.id}/withdraw" if made.is_open(now) else "",
    )


def _standing(made: Invitation, giver: Account | None, now: datetime) -> Standing:
    if made.used_at is not None:
        return Standing("fine", Text("已使用", "Used"))
    if made.withdrawn_at is not None:
        return Standing("stop", Text("已撤回", "Withdrawn"))
    if not made.is_open(now):
        return Standing("unknown", Text("已过期", "Expired"))
    if giver is not None and not giver.active:
        return Standing("stop", Text("邀请人已停用", "Its inviter is inactive"))
    return Standing("attention", Text("等待使用", "Waiting"))


def _suggestions(parties: Iterable[KnownParty]) -> tuple[tuple[str, str], ...]:
    registered = [party for party in parties if party.named_by is None][:_MOST_SUGGESTIONS]
    return tuple((party.uscc or party.name, party.name) for party in registered)


def party_named(typed: str, by_name: Callable[[str], Sequence[KnownParty]]) -> str:
    """The id of the party that was meant by a credit code or by its whole name. Raises InputError."""
    text = typed.strip()
    if is_uscc(text):
        return party_id(text)
    found = [party for party in by_name(text) if party.named_by is None]
    if len(found) != 1:
        raise _no_party(typed) if not found else _several(typed)
    return found[0].id


def _no_party(came: str) -> InputError:
    return InputError.of(
        "unknown-reference",
        "没有登记过这个单位",
        "no such party is registered",
        came=shown(came),
        where="/party",
        remedy=Text("先登记这个单位，或检查信用代码", "register the party first, or check the credit code"),
    )


def _several(came: str) -> InputError:
    return InputError.of(
        "wrong-input",
        "有几个单位都叫这个名称",
        "several parties have this name",
        came=shown(came),
        where="/party",
        remedy=Text("请填统一社会信用代码", "give the credit code"),
    )
