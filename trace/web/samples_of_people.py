"""Samples of the pages about accounts, invitations and sessions, for `samples` to show among the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from ..auth.policy import ROLES, Role
from ..errors import Problem, Text
from ..queries.answers import Standing
from .views import Choice, Frame, Page
from .views_of_people import (
    AccountPage,
    AccountRow,
    AccountsPage,
    InvitationRow,
    InvitationsPage,
    JoinPage,
    SessionRow,
    SessionsPage,
)

_ACTIVE = Standing("fine", Text("启用", "Active"))
_INACTIVE = Standing("unknown", Text("停用", "Inactive"))


def people(manager: Frame, nobody: Frame, *, at: datetime, long: str, maker: str) -> dict[str, Page]:
    """``manager`` and ``nobody`` are frames; ``long`` a name that hardly fits."""
    officer = AccountRow(
        href="/accounts/3",
        name="li-jianguo",
        display_name="李建国",
        organisation="模拟市市场监督管理局示范分局",
        role=ROLES[Role.REGULATOR],
        region="411600",
        administers=True,
        standing=_ACTIVE,
        last_seen=at,
    )
    gone = AccountRow(
        href="/accounts/2",
        name="zhao-jianguo-third-workshop",
        display_name="赵建国",
        organisation=long,
        role=ROLES[Role.MANUFACTURER],
        standing=_INACTIVE,
    )
    asked = AccountRow(
        href="/invitations",
        name="",
        display_name="质量科·王",
        organisation=long,
        role=ROLES[Role.MANUFACTURER],
        standing=Standing("unknown", Text("已邀请，未接受", "Invited, not accepted yet")),
        invited_until=at + timedelta(days=7),
    )
    here = SessionRow(
        device="Edge · Windows", network="192.0.2.0/24", since=at, last_seen=at, is_this=True, end_href="/x"
    )
    phone = SessionRow(
        device="WeChat · Android",
        network="2001:db8:85a3::/48",
        since=at - timedelta(hours=3),
        last_seen=at - timedelta(hours=1),
        end_href="/x",
    )
    unknown = replace(phone, device="", network="")
    full = AccountPage(
        frame=replace(manager, path="/accounts/3"),
        id="3",
        row=officer,
        language="zh",
        created_at=at - timedelta(days=90),
        password_changed_at=at,
        sessions=tuple(replace(each, is_this=False, end_href="") for each in (here, phone)),
        keys=2,
        failures=10,
        locked_until=at + timedelta(minutes=12),
        typed={"display_name": "李建国", "language": "zh"},
    )
    invited = InvitationRow(
        display_name="质量科·王",
        account="",
        organisation=long,
        role=ROLES[Role.MANUFACTURER],
        region="",
        administers=True,
        invited_by="平台运维",
        expires_at=at + timedelta(days=7),
        standing=Standing("attention", Text("等待使用", "Waiting")),
        withdraw_href="/invitations/1/withdraw",
    )
    used = replace(
        invited,
        account="li-jianguo",
        display_name="李建国",
        role=ROLES[Role.REGULATOR],
        region="411600",
        standing=Standing("fine", Text("已使用", "Used")),
        withdraw_href="",
    )
    wrong_role = Problem(
        "not-allowed",
        Text("这个角色超出本单位的范围", "this role goes beyond what your organisation has"),
        where="/role",
        remedy=Text("请运维开通", "ask the operator"),
    )
    invitations = InvitationsPage(
        frame=replace(manager, path="/invitations"),
        invitations=(invited, used),
        roles=tuple((role.value, text) for role, text in ROLES.items() if role is not Role.PUBLIC),
        parties=(("914116034J1417770M", maker),),
        fresh_name="质量科·王",
        fresh_link="https://trace.example/join/4mZc0dTPzvJtJmWQkZ8b0u0i2sZkq6mVw3l5w0a9XyE",
    )
    join = JoinPage(
        frame=nobody,
        action="/join/x",
        display_name="质量科·王",
        organisation=long,
        role=ROLES[Role.MANUFACTURER],
        expires_at=at + timedelta(days=7),
    )
    taken = Problem(
        "already-exists",
        Text("这个账号名已被使用", "this account name is taken"),
        where="/name",
        came="wang-li",
    )
    states = (
        Choice(Text("启用", "Active"), "/accounts?state=active", count=1),
        Choice(Text("停用", "Inactive"), "/accounts", chosen=True, count=1),
    )
    return {
        "accounts-full": AccountsPage(frame=manager, accounts=(officer, gone, asked), states=states, total=3),
        "accounts-none": AccountsPage(frame=manager, query="赵", states=states, total=2),
        "account-locked": full,
        "account-left": replace(full, row=gone, sessions=(), locked_until=None, failures=3, keys=0),
        "account-only-seen": replace(full, can_change=False, can_lay_down=True, locked_until=None),
        "account-wrong": replace(
            full,
            typed={"display_name": "", "language": "en"},
            problems=(Problem("wrong-input", Text("请填写名称", "Give it a name"), where="/display_name"),),
        ),
        "invitations-full": invitations,
        "invitations-own": replace(
            invitations,
            invitations=(),
            any_party=False,
            regions=False,
            fresh_link="",
            typed={"display_name": "王", "administers": "yes"},
            problems=(wrong_role,),
        ),
        "join": join,
        "join-wrong": replace(join, name="wang-li", problems=(taken,)),
        "join-again": replace(join, account="li-jianguo"),
        "sessions-full": SessionsPage(
            frame=replace(manager, path="/sessions"),
            sessions=(here, phone, unknown),
            password_changed_at=at,
        ),
    }
