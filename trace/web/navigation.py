"""Which doors each role finds in the main navigation: one table, read from top to bottom.

A door that is not shown is still guarded by auth; this only spares people what they cannot use. Five at
most, because a phone shows them in one row under the thumb.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import Text
from .views import Link

_DESK = Link("/", Text("工作台", "Desk"), "desk")
_SEARCH = Link("/search", Text("查询", "Search"), "search")
_IMPORT = Link("/import", Text("导入", "Import"), "import")
_ALERTS = Link("/alerts", Text("预警", "Alerts"), "notice")
_LEDGER = Link("/ledger", Text("账本", "Ledger"), "ledger")

_ACCOUNTS = Link("/accounts", Text("账号", "Accounts"))
_KEYS = Link("/keys", Text("接口密钥", "API keys"))
_API = Link("/docs", Text("接口文档", "API reference"))

#: Roles that bring records in, and roles that act on alerts.
_RECORDING = frozenset({"manufacturer", "distributor", "contractor", "supervisor", "laboratory"})
_ALERTED = frozenset({"regulator", "manufacturer"})
_GOVERNING = frozenset({"administrator", "operator"})


def navigation(roles: Iterable[str]) -> tuple[Link, ...]:
    """The main navigation of somebody with these roles; without any, what a visitor may open."""
    held = frozenset(roles)
    if not held:
        return (_SEARCH, _LEDGER)
    doors = [_DESK, _SEARCH]
    if held & _RECORDING:
        doors.append(_IMPORT)
    if held & _ALERTED:
        doors.append(_ALERTS)
    doors.append(_LEDGER)
    return tuple(doors)


def menu(roles: Iterable[str]) -> tuple[Link, ...]:
    """The rarer doors, behind the account's name."""
    return (_ACCOUNTS, _KEYS, _API) if frozenset(roles) & _GOVERNING else (_KEYS, _API)
