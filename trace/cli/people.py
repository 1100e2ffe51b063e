"""Commands about accounts and API keys: ``user`` and ``apikey``."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Annotated

import typer

from ..auth.accounts import create_account, list_accounts
from ..auth.api_keys import issue_api_key
from ..auth.passwords import Passwords
from ..auth.policy import Action, Role
from ..db.engine import begin_read, begin_write
from ..errors import InputError, Text
from ..model.values import party_id
from ..registry import register
from .console import print_json, say
from .options import Data, Json, opened


def add_to(app: typer.Typer) -> None:
    app.command("user")(user)
    app.command("apikey")(apikey)


def user(
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


def apikey(
    name: Annotated[str, typer.Argument(help="account that the key acts for 账号名")],
    action: Annotated[list[Action], typer.Option(help="what the key may do; repeat 权限，可多次")],
    label: Annotated[str, typer.Option(help="what it is for 用途")] = "command line",
    days: Annotated[int, typer.Option(help="life in days 有效天数", min=1, max=366)] = 90,
    data: Data = None,
    json: Json = False,
) -> None:
    """Create an API key; its text is printed once and stored only as a hash 新建 API 密钥."""
    with opened(data) as house:
        with begin_read(house.desk) as tx:
            account = next((a for a in list_accounts(tx) if a.name == name), None)
        if account is None:
            raise InputError.of(
                "not-found", "没有这个账号", "there is no such account", came=name, where="NAME"
            )
        now = house.clock()
        with begin_write(house.desk) as tx:
            issued = issue_api_key(
                tx, account, label=label, actions=set(action), expires_at=now + timedelta(days=days), now=now
            )
    if json:
        print_json({"key": issued.text, "expires_at": issued.key.expires_at.isoformat()})
    else:
        say(f"API 密钥（只显示这一次）：{issued.text}", f"API key, shown this once: {issued.text}")
