"""Administration: which accounts somebody may manage, and what he may give to whom he lets in.

The operator manages all. Who administers an organisation manages colleagues of the same party, and gives no role
that nobody there has, no jurisdiction outside its own, and never the operator's: otherwise it could let itself in
again as somebody with wider rights. For the same reason it cannot renew the password of a wider colleague.
Accounts of other parties are answered as if there were none.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from ..errors import InputError, Text
from ..model.scope import Scope
from .accounts import Account, find_account, list_accounts, set_active, set_administers
from .actor import Actor
from .policy import Action, Reach, Role
from .tables import account as accounts


def list_managed(tx: Connection, actor: Actor) -> tuple[Account, ...]:
    """The accounts that the actor may look at, by name. Raises InputError ``not-allowed``."""
    reach = actor.require(Action.READ_ACCOUNTS)
    return list_accounts(tx, None if reach is Reach.EVERYTHING else actor.party)


def find_managed(tx: Connection, actor: Actor, account_id: str) -> Account:
    """This account, if the actor may look at it. Raises InputError ``not-allowed`` or ``not-found``."""
    reach = actor.require(Action.READ_ACCOUNTS)
    account = find_account(tx, account_id)
    if account is None or (reach is not Reach.EVERYTHING and account.party != actor.party):
        raise InputError.of("not-found", "没有这个账号", "there is no such account", came=account_id)
    return account


def find_changeable(tx: Connection, actor: Actor, account_id: str) -> Account:
    """This account, if the actor may change it: nobody manages itself, or somebody with wider rights.

    Raises InputError ``not-allowed`` or ``not-found``.
    """
    actor.require(Action.MANAGE_ACCOUNTS)
    account = find_managed(tx, actor, account_id)
    if account.id == actor.account:
        raise InputError.of(
            "not-allowed",
            "不能管理自己正在使用的账号",
            "an account does not manage itself",
            remedy=Text("请另一位管理员或运维操作", "ask another administrator or the operator"),
        )
    check_gift(tx, actor, party=account.party, role=account.role, region=account.region)
    return account


def roles_to_give(tx: Connection, actor: Actor) -> tuple[Role, ...]:
    """The roles that the actor may give to whom it lets in."""
    if actor.require(Action.MANAGE_ACCOUNTS) is Reach.EVERYTHING:
        return tuple(role for role in Role if role is not Role.PUBLIC)
    here = {account.role for account in list_accounts(tx, actor.party) if account.active}
    return tuple(role for role in Role if role in here and role is not Role.OPERATOR)


def check_gift(tx: Connection, actor: Actor, *, party: str, role: Role, region: str | None) -> None:
    """Whether the actor may let somebody in as this. Raises InputError ``not-allowed`` or ``not-found``.

    The jurisdiction goes by the giver's account, never by what its scope was widened to.
    """
    if actor.require(Action.MANAGE_ACCOUNTS) is Reach.EVERYTHING:
        return
    if party != actor.party:
        raise InputError.of(
            "not-found", "只能管理本单位的账号", "only your own organisation's", where="/party"
        )
    if role not in roles_to_give(tx, actor):
        raise InputError.of(
            "not-allowed",
            "这个角色超出本单位的范围",
            "this role goes beyond what your organisation has",
            came=role.value,
            where="/role",
            remedy=Text("请运维开通", "ask the operator"),
        )
    giver = find_account(tx, actor.account)
    own = () if giver is None or giver.region is None else (giver.region,)
    if region is not None and not Scope(regions=own).sees_region(region):
        raise InputError.of(
            "not-allowed",
            "这个辖区超出您的辖区",
            "this jurisdiction lies outside your own",
            came=region,
            where="/region",
            remedy=Text("请运维开通", "ask the operator"),
        )


def switch(tx: Connection, actor: Actor, account_id: str, active: bool) -> Account:
    """Let an account in again, or keep it out. Raises InputError, also for the last that can let others in."""
    account = find_changeable(tx, actor, account_id)
    if not active:
        _not_the_last_operator(tx, account)
    set_active(tx, account.id, active)
    return account


def appoint(tx: Connection, actor: Actor, account_id: str, administers: bool) -> None:
    """Let an account administer its organisation, or no longer.

    Raises InputError; who lays its own office down must leave another administrator.
    """
    if administers or account_id != actor.account:
        set_administers(tx, find_changeable(tx, actor, account_id).id, administers)
        return
    actor.require(Action.MANAGE_ACCOUNTS)
    account = find_managed(tx, actor, account_id)
    others = (accounts.c.party == account.party, accounts.c.id != account.id)
    if not tx.scalar(select(func.count()).where(*others, accounts.c.administers, accounts.c.active)):
        raise InputError.of(
            "not-allowed",
            "本单位只剩您一位管理员",
            "you are the last administrator of your organisation",
            remedy=Text("请先指定另一位管理员", "appoint another one first"),
        )
    set_administers(tx, account.id, False)


def has_administrator(tx: Connection, party: str) -> bool:
    """Whether anybody who can sign in administers this organisation."""
    there = (accounts.c.party == party, accounts.c.administers, accounts.c.active)
    return bool(tx.scalar(select(func.count()).where(*there)))


def _not_the_last_operator(tx: Connection, account: Account) -> None:
    others = (accounts.c.role == Role.OPERATOR.value, accounts.c.id != account.id, accounts.c.active)
    if account.role is Role.OPERATOR and not tx.scalar(select(func.count()).where(*others)):
        raise InputError.of(
            "not-allowed",
            "这是最后一个运维账号，停用后无人能管理账号",
            "this is the last operator's account: without it nobody could manage accounts",
            remedy=Text("请先新建另一个运维账号", "make another operator's account first"),
        )
