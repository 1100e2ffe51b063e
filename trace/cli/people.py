"""Commands about accounts and API keys: the groups ``user`` and ``apikey``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from ..app.installation import Installation
from ..auth.accounts import Account, account_named, create_account, list_accounts
from ..auth.administration import switch
from ..auth.api_keys import ApiKey, grantable, issue_api_key, list_api_keys, revoke_api_key
from ..auth.invitations import IssuedInvitation, invite, invite_back
from ..auth.passwords import Passwords, random_password
from ..auth.policy import Action, Role
from ..auth.sign_in import lift_lock
from ..clock import format_instant, show_instant
from ..db.engine import begin_read, begin_write
from ..errors import InputError, Text
from ..model.values import party_id
from ..registry import register
from .console import people, print_json, say
from .options import Data, Json, opened


def add_to(app: typer.Typer) -> None:
    user = typer.Typer(help="账号 accounts of people", no_args_is_help=True)
    user.command("add")(add_user)
    user.command("invite")(invite_user)
    user.command("list")(list_users)
    user.command("disable")(disable_user)
    user.command("enable")(enable_user)
    user.command("reset")(reset_user)
    user.command("unlock")(unlock_user)
    app.add_typer(user, name="user")
    apikey = typer.Typer(help="API 密钥 keys of programs", no_args_is_help=True)
    apikey.command("add")(add_key)
    apikey.command("list")(list_keys)
    apikey.command("revoke")(revoke_key)
    app.add_typer(apikey, name="apikey")


PARTY = Annotated[
    str, typer.Option(help="organisation: id or 统一社会信用代码; empty for the operator 所属单位，运维不填")
]
#: What an account can be: everybody but the public, which has none.
_ROLES = tuple(role for role in Role if role is not Role.PUBLIC)


def _role(text: str) -> Role:
    if text in _ROLES:
        return Role(text)
    raise InputError.of(
        "wrong-input",
        f"没有这个角色，应为：{'、'.join(_ROLES)}",
        f"there is no such role; it is one of {', '.join(_ROLES)}",
        came=text,
        where="--role",
    )


def _action(text: str) -> Action:
    if text in set(Action):
        return Action(text)
    raise InputError.of(
        "wrong-input",
        "没有这项权限",
        "there is no such action",
        came=text,
        where="--action",
        remedy=Text(
            f"例如 {Action.IMPORT}；--all 为该账号的密钥可有的全部权限",
            f"for instance {Action.IMPORT}; --all stands for all that a key of the account may do",
        ),
    )


ROLE = Annotated[str, typer.Option(metavar="ROLE", help=f"role 角色: {', '.join(_ROLES)}")]
REGION = Annotated[str | None, typer.Option(help="jurisdiction of an authority, six digits 辖区")]
ADMINISTERS = Annotated[
    bool, typer.Option("--administers", help="as an administrator of the organisation 作为该单位管理员")
]
NAME = Annotated[str, typer.Argument(help="account name 账号名")]


def add_user(
    name: NAME,
    role: ROLE,
    party: PARTY = "",
    region: REGION = None,
    display_name: Annotated[str, typer.Option(help="shown name 显示名")] = "",
    administers: ADMINISTERS = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Create an account; its first password is printed once 新建账号."""
    password, chosen = random_password(name), _role(role)
    with opened(data) as house:
        organisation = _organisation(house, party, chosen)
        stored = Passwords().enrol(password, name=name)
        with begin_write(house.desk) as tx:
            account = create_account(
                tx,
                name=name,
                password=stored,
                party=organisation,
                role=chosen,
                display_name=display_name or name,
                region=region,
                administers=administers,
                now=house.clock(),
            )
    if json:
        print_json({"id": account.id, "name": account.name, "password": password})
    else:
        say(f"账号 {account.name}，初始密码 {password}", f"account {account.name}, first password {password}")


def _organisation(house: Installation, party: str, role: Role) -> str:
    """The id of a registered party; the operator's own where none is named. Raises InputError."""
    if not party and role is not Role.OPERATOR:
        raise InputError.of(
            "wrong-input",
            "除运维外，账号须属于一个单位",
            "every account but the operator's belongs to an organisation",
            where="--party",
            remedy=Text("填写统一社会信用代码或单位编号", "give its unified social credit code or id"),
        )
    id_ = party_id(party) if party else house.operator
    with begin_read(house.ledger) as tx:
        if not register.parties(tx, [id_]):
            raise InputError.of(
                "unknown-reference",
                "没有登记这个单位",
                "this party is not registered",
                came=party,
                where="--party",
            )
    return id_


def invite_user(
    display_name: Annotated[str, typer.Argument(help="shown name 显示名")],
    role: ROLE,
    party: PARTY = "",
    region: REGION = None,
    administers: ADMINISTERS = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a link by which one person makes an account, once, within a week; printed once 邀请一个人."""
    chosen = _role(role)
    with opened(data) as house:
        organisation = _organisation(house, party, chosen)
        with begin_write(house.desk) as tx:
            made = invite(
                tx,
                house.at_the_machine(),
                party=organisation,
                role=chosen,
                region=region,
                display_name=display_name,
                administers=administers,
                now=house.clock(),
            )
        _hand_over(house, made, json)


def reset_user(name: NAME, data: Data = None, json: Json = False) -> None:
    """Make a link by which the owner of an account chooses another password; printed once 重置密码."""
    with opened(data) as house:
        account = _account(house, name)
        with begin_write(house.desk) as tx:
            made = invite_back(tx, house.at_the_machine(), account.id, house.clock())
        _hand_over(house, made, json)


def _hand_over(house: Installation, made: IssuedInvitation, json: bool) -> None:
    link = f"https://{house.identity.public_host}/join/{made.text}"
    until = made.invitation.expires_at
    if json:
        print_json({"id": made.invitation.id, "link": link, "expires_at": format_instant(until)})
    else:
        say(
            f"链接（只显示这一次，{show_instant(until)} 前用一次，请亲手交给本人）：{link}",
            f"link, shown this once, good once until {show_instant(until)}; hand it over yourself: {link}",
        )


def disable_user(name: NAME, data: Data = None) -> None:
    """Keep an account out: no sessions, and its API keys open nothing 停用账号."""
    _switch(name, data, active=False)
    say(f"已停用账号 {name}", f"the account {name} is inactive")


def enable_user(name: NAME, data: Data = None) -> None:
    """Let an account in again 启用账号."""
    _switch(name, data, active=True)
    say(f"已启用账号 {name}", f"the account {name} is active")


def _switch(name: str, data: Path | None, *, active: bool) -> None:
    with opened(data) as house:
        account = _account(house, name)
        with begin_write(house.desk) as tx:
            switch(tx, house.at_the_machine(), account.id, active)


def unlock_user(name: NAME, data: Data = None) -> None:
    """Forget the failed sign-ins under a name 解除登录锁定."""
    with opened(data) as house:
        account = _account(house, name)
        with begin_write(house.desk) as tx:
            lift_lock(tx, account.name)
    say(f"已解除账号 {name} 的登录锁定", f"signing in as {name} is no longer locked")


def list_users(data: Data = None, json: Json = False) -> None:
    """Every account, inactive ones too 列出账号."""
    with opened(data) as house, begin_read(house.desk) as tx:
        found = list_accounts(tx)
    if json:
        print_json([_account_members(account) for account in found])
        return
    for account in found:
        state = "  管理员 administrator" if account.administers else ""
        state += "" if account.active else "  停用 inactive"
        people.print(
            f"{account.name:<24}{account.role.value:<14}{account.region or '':<8}{account.display_name}{state}",
            markup=False,
        )


def _account_members(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "role": account.role.value,
        "party": account.party,
        "region": account.region,
        "display_name": account.display_name,
        "active": account.active,
        "administers": account.administers,
        "last_seen": None if account.last_seen is None else format_instant(account.last_seen),
    }


def add_key(
    name: Annotated[str, typer.Argument(help="account that the key acts for 账号名")],
    action: Annotated[
        list[str] | None,
        typer.Option(metavar="ACTION", help="what the key may do, such as import; repeat 权限，可多次"),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="all that a key of the account may do 该账号的密钥可有的全部权限")
    ] = False,
    label: Annotated[str, typer.Option(help="what it is for 用途")] = "command line",
    days: Annotated[int, typer.Option(help="life in days 有效天数", min=1, max=366)] = 90,
    data: Data = None,
    json: Json = False,
) -> None:
    """Create an API key; its text is printed once and stored only as a hash 新建 API 密钥."""
    chosen = frozenset(map(_action, action or ()))
    with opened(data) as house:
        account = _account(house, name)
        now = house.clock()
        with begin_write(house.desk) as tx:
            actions = grantable(account) if everything else chosen
            issued = issue_api_key(
                tx, account, label=label, actions=actions, expires_at=now + timedelta(days=days), now=now
            )
    if json:
        print_json(
            {"id": issued.key.id, "key": issued.text, "expires_at": format_instant(issued.key.expires_at)}
        )
    else:
        say(f"API 密钥（只显示这一次）：{issued.text}", f"API key, shown this once: {issued.text}")


def list_keys(
    name: Annotated[str, typer.Argument(help="account that the keys act for 账号名")],
    data: Data = None,
    json: Json = False,
) -> None:
    """The API keys of an account, revoked ones too; never their texts 列出 API 密钥."""
    with opened(data) as house:
        account = _account(house, name)
        with begin_read(house.desk) as tx:
            found = list_api_keys(tx, account.id)
    if json:
        print_json([_key_members(key) for key in found])
        return
    for key in found:
        until = "已撤销 revoked" if key.revoked_at is not None else format_instant(key.expires_at)
        people.print(f"{key.id}  ct_{key.prefix}_…  {until}  {key.label}", markup=False)


def _key_members(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "prefix": key.prefix,
        "label": key.label,
        "actions": sorted(action.value for action in key.actions),
        "expires_at": format_instant(key.expires_at),
        "revoked_at": None if key.revoked_at is None else format_instant(key.revoked_at),
        "last_used": None if key.last_used is None else format_instant(key.last_used),
    }


def revoke_key(
    name: Annotated[str, typer.Argument(help="account that the key acts for 账号名")],
    id_: Annotated[str, typer.Argument(metavar="ID", help="as apikey list gives it 密钥编号")],
    data: Data = None,
) -> None:
    """Take an API key back, from the next request on 撤销 API 密钥."""
    with opened(data) as house:
        account = _account(house, name)
        with begin_write(house.desk) as tx:
            revoke_api_key(tx, account.id, id_, house.clock())
    say(f"已撤销密钥 {id_}", f"revoked the key {id_}")


def _account(house: Installation, name: str) -> Account:
    """By its sign-in name, in any spelling. Raises InputError ``not-found``."""
    with begin_read(house.desk) as tx:
        account = account_named(tx, name)
    if account is None:
        raise InputError.of("not-found", "没有这个账号", "there is no such account", came=name, where="NAME")
    return account
