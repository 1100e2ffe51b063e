"""Accounts, for the operator: who can sign in for whom, new ones, forgotten passwords, and who has left."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response

from ...auth.accounts import (
    Account,
    create_account,
    find_account,
    list_accounts,
    set_active,
    set_password,
)
from ...auth.actor import Actor
from ...auth.policy import ROLES, Action, Role
from ...codes.uscc import is_uscc
from ...db.engine import begin_read, begin_write
from ...errors import InputError, Problem, Text, shown
from ...http.failures import not_found
from ...http.problems import status_of
from ...model.state import KnownParty
from ...model.values import party_id
from ...queries.answers import Standing
from ...queries.names import Names, names_of
from ...registry import register
from ..views import AccountRow, AccountsPage
from . import once
from .visit import Pages, Visit, see_other

#: Enough for a browser's list of suggestions; a credit code can be typed in any case.
_MOST_SUGGESTIONS = 300
_ACTIVE = Standing("fine", Text("启用", "Active"))
_INACTIVE = Standing("unknown", Text("停用", "Inactive"))


def make_router(pages: Pages) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    def show(request: Request, typed: Mapping[str, str], problems: tuple[Problem, ...] = ()) -> Response:
        with pages.visit(request) as visit:
            visit.actor.require(Action.MANAGE_ACCOUNTS)
            with begin_read(pages.door.desk) as tx:
                accounts = list_accounts(tx)
            names = names_of(visit.tx, {account.party for account in accounts})
            parties = register.all_parties(visit.tx)
            fresh = once.handed_over(request)
            page = accounts_page(visit, accounts, names, parties, typed, fresh, problems)
        answer = pages.show(page, status_of(problems) if problems else 200)
        if page.fresh_password:
            once.forget(answer, request, "/accounts")
        return answer

    @router.get("/accounts")
    def accounts(request: Request) -> Response:
        return show(request, {})

    @router.post("/accounts")
    def create(
        request: Request,
        form_token: Annotated[str, Form()] = "",
        name: Annotated[str, Form()] = "",
        display_name: Annotated[str, Form()] = "",
        party: Annotated[str, Form()] = "",
        role: Annotated[str, Form()] = "",
        region: Annotated[str, Form()] = "",
    ) -> Response:
        _manager(pages, request, form_token)
        typed = {"name": name, "display_name": display_name, "party": party, "role": role, "region": region}
        try:
            password = _create(pages, typed)
        except InputError as error:
            return show(request, typed, error.problems)
        answer = see_other("/accounts")
        once.hand_over(answer, request, "/accounts", name.strip(), password)
        return answer

    @router.post("/accounts/{account_id}/password")
    def renew(request: Request, account_id: str, form_token: Annotated[str, Form()] = "") -> Response:
        _manager(pages, request, form_token)
        with begin_read(pages.door.desk) as tx:
            account = find_account(tx, account_id)
        if account is None:
            raise not_found("此账号", "this account", account_id)
        password = _new_password()
        stored = pages.door.passwords.enrol(password, name=account.name)
        with begin_write(pages.door.desk) as tx:
            set_password(tx, account_id, stored)
        answer = see_other("/accounts")
        once.hand_over(answer, request, "/accounts", account.name, password)
        return answer

    @router.post("/accounts/{account_id}/{switch}")
    def switch(
        request: Request,
        account_id: str,
        switch: Literal["activate", "deactivate"],
        form_token: Annotated[str, Form()] = "",
    ) -> Response:
        actor = _manager(pages, request, form_token)
        if account_id == actor.account:
            raise InputError.of(
                "not-allowed",
                "不能停用自己正在使用的账号",
                "an account cannot be switched off by itself",
                remedy=Text("请另一位运维操作", "ask another operator"),
            )
        with begin_write(pages.door.desk) as tx:
            set_active(tx, account_id, switch == "activate")
        return see_other("/accounts")

    return router


def accounts_page(
    visit: Visit,
    accounts: Iterable[Account],
    names: Names,
    parties: Iterable[KnownParty],
    typed: Mapping[str, str],
    fresh: tuple[str, str],
    problems: tuple[Problem, ...],
) -> AccountsPage:
    registered = [party for party in parties if party.named_by is None][:_MOST_SUGGESTIONS]
    return AccountsPage(
        frame=visit.frame,
        accounts=tuple(_row(each, names.party(each.party), visit.actor) for each in accounts),
        roles=tuple((role.value, text) for role, text in ROLES.items() if role is not Role.PUBLIC),
        parties=tuple((party.uscc or party.name, party.name) for party in registered),
        typed=typed,
        fresh_name=fresh[0],
        fresh_password=fresh[1],
        problems=problems,
    )


def _row(account: Account, organisation: str, reader: Actor) -> AccountRow:
    is_own = account.id == reader.account
    switch = "deactivate" if account.active else "activate"
    return AccountRow(
        name=account.name,
        display_name=account.display_name,
        organisation=organisation,
        role=ROLES[account.role],
        region=account.region or "",
        standing=_ACTIVE if account.active else _INACTIVE,
        switch_href="" if is_own else f"/accounts/{account.id}/{switch}",
        reset_href="" if is_own else f"/accounts/{account.id}/password",
    )


def _manager(pages: Pages, request: Request, form_token: str) -> Actor:
    actor = pages.form_actor(request, form_token)
    actor.require(Action.MANAGE_ACCOUNTS)
    return actor


def _new_password() -> str:
    """A first password that is read out and typed once: no rule of ours can refuse it."""
    return f"{secrets.token_hex(3)}-{secrets.token_hex(3)}-{secrets.token_hex(3)}"


def _create(pages: Pages, typed: Mapping[str, str]) -> str:
    """A new account of what was typed; returns its first password. Raises InputError with every fault."""
    problems: list[Problem] = []
    party, role = "", Role.PUBLIC
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
    password = _new_password()
    stored = pages.door.passwords.enrol(password, name=typed["name"])
    with begin_write(pages.door.desk) as tx:
        create_account(
            tx,
            name=typed["name"],
            password=stored,
            party=party,
            role=role,
            display_name=typed["display_name"],
            region=typed["region"].strip() or None,
            now=pages.door.clock(),
        )
    return password


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
