"""Which doors each role finds in the main navigation: what the policy lets it do, and nothing beside.

A door that is not shown is still guarded; this only spares people what they cannot use. Six at most, because
a phone shows them in one row under the thumb.
"""

from __future__ import annotations

from ..auth.policy import Action, Role, may
from ..errors import Text
from .views import Link

#: Whoever may trace finds this among the rarer doors, and by that the pages know.
TRACE_HREF = "/trace"
_DESK = Link("/", Text("工作台", "Desk"), "desk")
_SEARCH = Link("/search", Text("查询", "Search"), "search")
_PROJECTS = Link("/projects", Text("项目", "Projects"), "project")
_PARTIES = Link("/parties", Text("企业", "Parties"), "party")
_IMPORT = Link("/import", Text("导入", "Import"), "import")
_ALERTS = Link("/alerts", Text("预警", "Alerts"), "notice")
_LEDGER = Link("/ledger", Text("账本", "Ledger"), "ledger")

_DOORS = (
    (Action.CREATE_KEYS, _DESK),  # whoever has an account
    (Action.READ_SEARCH, _SEARCH),
    (Action.READ_PROJECT, _PROJECTS),
    (Action.READ_REGISTRY, _PARTIES),
    (Action.IMPORT, _IMPORT),
    (Action.READ_ALERTS, _ALERTS),
)
#: For roles with little to do in the trade: as many of these as there is room for.
_FURTHER_DOORS = (
    (Action.READ_SUBMISSIONS, Link("/submissions", Text("诉求", "Reports"), "notice")),
    (Action.CHECK_CODE, Link("/c", Text("查码", "Check"), "search")),
    (Action.RECORD_REPORT, Link("/report", Text("举报", "Report"), "supervision")),
    (Action.READ_LEDGER, _LEDGER),
)
_FEW, _MOST = 4, 6
_RARER_DOORS = (
    (Action.READ_STOCK, Link("/stock", Text("库存", "Stock"))),
    (Action.READ_ORDERS, Link("/orders", Text("订单", "Orders"))),
    (Action.READ_LEDGER, _LEDGER),
    (Action.READ_TRACE, Link(TRACE_HREF, Text("追溯", "Trace"))),
    (Action.READ_PERSONS, Link("/persons", Text("责任人", "Responsible persons"))),
    (Action.READ_SUBMISSIONS, Link("/submissions", Text("投诉与举报", "Complaints and reports"))),
    (Action.READ_CASES, Link("/due", Text("到期", "Due"))),
    (Action.READ_CASES, Link("/cases", Text("线索与案件", "Leads and cases"))),
    (Action.READ_CASES, Link("/requests", Text("协查", "Requests"))),
    (Action.READ_CASES, Link("/programmes", Text("专项行动", "Programmes"))),
    (Action.READ_CASES, Link("/listings", Text("挂牌督办", "Listed supervision"))),
    (Action.RECORD_DISCIPLINE, Link("/discipline", Text("行纪移送", "Clues about officials"))),
    (Action.RECORD_SELF_CHECK, Link("/self-checks", Text("自查与承诺", "Self-checks"))),
    (Action.READ_DEFECTS, Link("/inspections", Text("排查台账", "Problems found"))),
    (Action.READ_CASES, Link("/inspections/plans", Text("检查计划", "Planned visits"))),
    (Action.READ_SAMPLES, Link("/samples", Text("样品", "Samples"))),
    (Action.READ_CASES, Link("/risk", Text("风险等级", "Risk class"))),
    (Action.RECORD_SAMPLING_PLAN, Link("/sampling-plans", Text("抽查方案", "Sampling plans"))),
    (Action.READ_CASES, Link("/monthly", Text("月报", "Monthly forms"))),
    (Action.RECORD_INSPECTION, Link("/goods", Text("无码货物", "Uncoded goods"))),
    (Action.PRINT_LABELS, Link("/labels/to-print", Text("打印标签", "Print labels"))),
    (Action.RECORD_RESERVATION, Link("/reservations", Text("预留码", "Reserved codes"))),
    (Action.READ_ACCOUNTS, Link("/accounts", Text("账号", "Accounts"))),
    (Action.MANAGE_ACCOUNTS, Link("/invitations", Text("邀请", "Invitations"))),
    (Action.RECORD_GRANT, Link("/grants", Text("授权", "Grants"))),
    (Action.MANAGE_UNITS, Link("/units", Text("内设机构", "Units"))),
    (Action.READ_READINGS, Link("/reads", Text("跨区查阅记录", "Readings across regions"))),
    (Action.CREATE_KEYS, Link("/keys", Text("接口密钥", "API keys"))),
    (Action.RECORD_KEY, Link("/signing-keys", Text("签名公钥", "Signing keys"))),
    (Action.READ_REGISTRY, Link("/docs", Text("接口文档", "API reference"))),
    (Action.CREATE_KEYS, Link("/sessions", Text("登录的设备", "Where you are signed in"))),
    (Action.CREATE_KEYS, Link("/password", Text("修改密码", "Change password"))),
)
_FOR_VISITORS = (
    Link("/c", Text("查码", "Check a code"), "search"),
    _LEDGER,
)


def navigation(role: Role) -> tuple[Link, ...]:
    """The main navigation; a visitor's for the public."""
    if role is Role.PUBLIC:
        return _FOR_VISITORS
    doors = tuple(link for action, link in _DOORS if may(role, action))
    if len(doors) >= _FEW:
        return doors
    return (*doors, *(link for action, link in _FURTHER_DOORS if may(role, action)))[:_MOST]


def menu(role: Role, *, administers: bool = False) -> tuple[Link, ...]:
    """The rarer doors, behind the account's name."""
    return tuple(link for action, link in _RARER_DOORS if may(role, action, administers=administers))
