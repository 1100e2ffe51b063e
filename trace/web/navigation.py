"""Which doors each role finds in the main navigation: what the policy lets it do, and nothing beside.

A door that is not shown is still guarded; this only spares people what they cannot use. Five at most, because
a phone shows them in one row under the thumb.
"""

from __future__ import annotations

from ..auth.policy import Action, Role, may
from ..errors import Text
from .views import Link

_DOORS = (
    (Action.READ_BATCH, Link("/", Text("工作台", "Desk"), "desk")),
    (Action.READ_SEARCH, Link("/search", Text("查询", "Search"), "search")),
    (Action.IMPORT, Link("/import", Text("导入", "Import"), "import")),
    (Action.READ_ALERTS, Link("/alerts", Text("预警", "Alerts"), "notice")),
    (Action.READ_LEDGER, Link("/ledger", Text("账本", "Ledger"), "ledger")),
)
_RARER_DOORS = (
    (Action.MANAGE_ACCOUNTS, Link("/accounts", Text("账号", "Accounts"))),
    (Action.CREATE_KEYS, Link("/keys", Text("接口密钥", "API keys"))),
    (Action.READ_REGISTRY, Link("/docs", Text("接口文档", "API reference"))),
    (Action.READ_REGISTRY, Link("/password", Text("修改密码", "Change password"))),
)
_FOR_VISITORS = (
    Link("/c", Text("查码", "Check a code"), "search"),
    Link("/ledger", Text("账本", "Ledger"), "ledger"),
)


def navigation(role: Role) -> tuple[Link, ...]:
    """The main navigation; a visitor's for the public."""
    if role is Role.PUBLIC:
        return _FOR_VISITORS
    return tuple(link for action, link in _DOORS if may(role, action))


def menu(role: Role) -> tuple[Link, ...]:
    """The rarer doors, behind the account's name."""
    return tuple(link for action, link in _RARER_DOORS if may(role, action))
