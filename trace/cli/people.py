"""Commands about accounts and API keys: the groups ``user`` and ``apikey``."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Annotated, Any

import typer

from ..app.installation import Installation
from ..auth.accounts import Account, create_account, list_accounts, sign_in_name
from ..auth.api_keys import ApiKey, issue_api_key, list_api_keys, revoke_api_key
from ..auth.passwords import Passwords
from ..auth.policy import Action, Role
from ..clock import format_instant
from ..db.engine import begin_read, begin_write
from ..errors import InputError, Text
from ..model.values import party_id
from ..registry import register
from .console import people, print_json, say
from .options import Data, Json, opened


def add_to(app: typer.Typer) -> None:
    user = typer.Typer(help="账号 accounts of people", no_args_is_help=True)
    user.command("add")(add_user)
    user.command("list")(list_users)
    app.add_typer(user, name="user")
    apikey = typer.Typer(help="API 密钥 keys of programs", no_args_is_help=True)
    apikey.command("add")(add_key)
    apikey.command("list")(list_keys)
    apikey.command("revoke")(revoke_key)
    app.add_typer(apikey, name="apikey")


def add_user(
    name: Annotated[str, typer.Argument(help="account name 账号名")],
    role: Annotated[Role, typer.Option(help="role 角色")],
    party: Annotated[
        str, typer.Option(help="organisation: id or 统一社会信用代码; empty for the operator")
    ] = "",
    region: Annotated[str | None, typer.Option(help="jurisdiction of a regulator, six digits 辖区")] = None,
    display_name: Annotated[str, typer.Option(help="shown name 显示名")] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Create an account; its first password is printed once 新建账号."""
    if not party and role is not Role.OPERATOR:
        raise InputError.of(
            "wrong-input",
            "除运维外，账号须属于一个单位",
            "every account but the operator's belongs to an organisation",
            where="--party",
            remedy=Text("填写统一社会信用代码或单位编号", "give its unified social credit code or id"),
        )
    password = secrets.token_urlsafe(12)
    with opened(data) as house:
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
        stored = Passwords().enrol(password, name=name)
        with begin_write(house.desk) as tx:
            account = create_account(
                tx,
                name=name,
                password=stored,
                party=id_,
                role=role,
                display_name=display_name or name,
                region=region,
                now=house.clock(),
            )
    if json:
        print_json({"id": account.id, "name": account.name, "password": password})
    else:
        say(f"账号 {account.name}，初始密码 {password}", f"account {account.name}, first password {password}")


def list_users(data: Data = None, json: Json = False) -> None:
    """Every account, inactive ones too 列出账号."""
    with opened(data) as house, begin_read(house.desk) as tx:
        found = list_accounts(tx)
    if json:
        print_json([_account_members(account) for account in found])
        return
    for account in found:
        state = "" if account.active else "  停用 inactive"
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
    }


def add_key(
    name: Annotated[str, typer.Argument(help="account that the key acts for 账号名")],
    action: Annotated[list[Action], typer.Option(help="what the key may do; repeat 权限，可多次")],
    label: Annotated[str, typer.Option(help="what it is for 用途")] = "command line",
    days: Annotated[int, typer.Option(help="life in days 有效天数", min=1, max=366)] = 90,
    data: Data = None,
    json: Json = False,
) -> None:
    """Create an API key; its text is printed once and stored only as a hash 新建 API 密钥."""
    with opened(data) as house:
        account = _account(house, name)
        now = house.clock()
        with begin_write(house.desk) as tx:
            issued = issue_api_key(
                tx, account, label=label, actions=set(action), expires_at=now + timedelta(days=days), now=now
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
        account = next((each for each in list_accounts(tx) if each.name == sign_in_name(name)), None)
    if account is None:
        raise InputError.of("not-found", "没有这个账号", "there is no such account", came=name, where="NAME")
    return account
