"""The demo: parties, accounts and grants of an invented district, and the four files that they keep.

Everything goes through the same doors as in earnest: parties and grants are events, each file is imported
under the account of the party that keeps it. Made once; a demo that was killed half-way goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..auth.accounts import create_account, list_accounts
from ..auth.actor import Actor
from ..auth.passwords import Passwords
from ..auth.policy import Role
from ..db.engine import begin_read, begin_write
from ..errors import Broken, Text
from ..imports.run import Report, commit, understand
from ..intake.record import prepare
from ..ledger.sequencer import Receipt
from ..model.state import CertificatePeriod
from ..model.values import business_id, party_id
from ..registry import register
from .installation import Installation

#: One password for all demo accounts: they guard nothing. Printed at start.
PASSWORD = "cable-demo-2026"  # noqa: S105
FILES = Path(__file__).with_name("demo_files")

MAKER = party_id("914116034J1417770M")
CONTRACTOR = party_id("91411627JW786907XQ")
#: One of the buyers that the list of shipments names.
DEALER = party_id("91411602LC31706696")
_CMA = "231612110099"
_FIRST_DAY, _LAST_DAY = "2026-01-01", "2030-12-31"


def _named(name: str) -> str:
    return business_id("party", "demo", name)


SUPERVISOR = _named("周口市例示工程监理有限公司")
LABORATORY = _named("周口市例证检验检测中心")
HOSPITAL = _named("太康县模拟示范医院")
SCHOOL = _named("太康县模拟示范中学")
HOME_REGULATOR = _named("周口示范市场监督管理局")
AWAY_REGULATOR = _named("阜阳示范市场监督管理局")
HOUSING = _named("周口示范住房和城乡建设局")
HOTLINE = _named("周口示范12315中心")
ASSOCIATION = _named("周口示范电线电缆行业协会")
AUDITOR = _named("周口示范审计局")
GRID = _named("周口示范电网公司")
CERTIFIER = _named("例示电器产品认证中心")
WITNESS = _named("例示账本见证中心")
#: A lot of which a test has failed: those who may have it are told.
_NOTIFIED_LOT = "HZ260307-037"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """An account to try: what to type, and what to look at with it."""

    name: str
    party: str
    role: Role
    display_name: str
    task: Text
    region: str | None = None
    administers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _DemoParty:
    id: str
    name: str
    role: str
    region: str
    uscc: str | None = None
    cma: str | None = None


_PARTIES: Sequence[_DemoParty] = (
    _DemoParty(
        id=MAKER,
        name="周口市禾泽示范电缆有限公司",
        role="manufacturer",
        region="411603",
        uscc="914116034J1417770M",
    ),
    _DemoParty(
        id=CONTRACTOR,
        name="太康县模拟示范建设工程有限公司",
        role="contractor",
        region="411627",
        uscc="91411627JW786907XQ",
    ),
    _DemoParty(
        id=DEALER,
        name="川汇区五月示范建材经营部",
        role="distributor",
        region="411602",
        uscc="91411602LC31706696",
    ),
    _DemoParty(id=SUPERVISOR, name="周口市例示工程监理有限公司", role="supervisor", region="411602"),
    _DemoParty(id=LABORATORY, name="周口市例证检验检测中心", role="laboratory", region="411602", cma=_CMA),
    _DemoParty(id=HOSPITAL, name="太康县模拟示范医院", role="owner", region="411627"),
    _DemoParty(id=SCHOOL, name="太康县模拟示范中学", role="owner", region="411627"),
    _DemoParty(id=HOME_REGULATOR, name="周口示范市场监督管理局", role="regulator", region="411600"),
    _DemoParty(id=AWAY_REGULATOR, name="阜阳示范市场监督管理局", role="regulator", region="341200"),
    _DemoParty(id=HOUSING, name="周口示范住房和城乡建设局", role="department", region="411600"),
    _DemoParty(id=HOTLINE, name="周口示范12315中心", role="clerk", region="411600"),
    _DemoParty(id=ASSOCIATION, name="周口示范电线电缆行业协会", role="association", region="411600"),
    _DemoParty(id=AUDITOR, name="周口示范审计局", role="auditor", region="411600"),
    _DemoParty(id=GRID, name="周口示范电网公司", role="key-user", region="411600"),
    _DemoParty(id=CERTIFIER, name="例示电器产品认证中心", role="certifier", region="110105"),
    _DemoParty(id=WITNESS, name="例示账本见证中心", role="witness", region="410105"),
)

ACCOUNTS: Sequence[DemoAccount] = (
    DemoAccount(
        name="maker",
        party=MAKER,
        role=Role.MANUFACTURER,
        display_name="禾泽·质量员",
        task=Text(
            "生产企业：批次、导入、标签；管理本单位账号",
            "manufacturer: batches, import, labels; its accounts",
        ),
        administers=True,
    ),
    DemoAccount(
        name="dealer",
        party=DEALER,
        role=Role.DISTRIBUTOR,
        display_name="五月建材·库管",
        task=Text("经营企业：在途的货，收货、发货、库存", "distributor: what is on its way, receipts, stock"),
    ),
    DemoAccount(
        name="site",
        party=CONTRACTOR,
        role=Role.CONTRACTOR,
        display_name="模拟建设·材料员",
        task=Text("施工单位：到货验收、使用", "contractor: acceptance, use"),
    ),
    DemoAccount(
        name="supervisor",
        party=SUPERVISOR,
        role=Role.SUPERVISOR,
        display_name="例示监理·工程师",
        task=Text("监理单位：项目与进场意见", "construction supervisor: projects, opinions"),
    ),
    DemoAccount(
        name="owner",
        party=HOSPITAL,
        role=Role.OWNER,
        display_name="示范医院·基建科",
        task=Text("建设单位：本项目所用电缆", "owner: the cable in its project"),
    ),
    DemoAccount(
        name="lab",
        party=LABORATORY,
        role=Role.LABORATORY,
        display_name="例证检测·报告室",
        task=Text("检测机构：抽样与报告", "laboratory: samples and reports"),
    ),
    DemoAccount(
        name="zhoukou",
        party=HOME_REGULATOR,
        role=Role.REGULATOR,
        region="411600",
        display_name="周口监管·产品质量科",
        task=Text("本地监管：预警、追溯每一米", "home regulator: alerts, every metre traced"),
    ),
    DemoAccount(
        name="fuyang",
        party=AWAY_REGULATOR,
        role=Role.REGULATOR,
        region="341200",
        display_name="阜阳监管·执法稽查",
        task=Text(
            "外地监管：只看到与本辖区有关的批次，他处各地有多少",
            "other city's regulator: only batches that concern its region, and how much of them is where else",
        ),
    ),
    DemoAccount(
        name="housing",
        party=HOUSING,
        role=Role.DEPARTMENT,
        region="411600",
        display_name="周口住建·质量安全科",
        task=Text(
            "相关部门：本地的工地与批次，答复通报", "department: sites and batches of its region, notices"
        ),
    ),
    DemoAccount(
        name="clerk",
        party=HOTLINE,
        role=Role.CLERK,
        region="411600",
        display_name="12315·受理员",
        task=Text("12315：登记投诉举报，查码", "12315 clerk: takes complaints and reports down"),
    ),
    DemoAccount(
        name="grid",
        party=GRID,
        role=Role.KEY_USER,
        display_name="示范电网·物资部",
        task=Text("重点用户：本单位项目，答复通报", "key user: its own project, a notice to answer"),
    ),
    DemoAccount(
        name="certifier",
        party=CERTIFIER,
        role=Role.CERTIFIER,
        display_name="例示认证·获证后监督",
        task=Text(
            "认证机构：本机构证书下的批次和预警，暂停、恢复证书",
            "certification body: batches and alerts under its certificates; suspends them",
        ),
    ),
    DemoAccount(
        name="association",
        party=ASSOCIATION,
        role=Role.ASSOCIATION,
        display_name="电缆协会·秘书处",
        task=Text("行业协会：只看备案，不看流向", "association: the register, nothing of the trade"),
    ),
    DemoAccount(
        name="auditor",
        party=AUDITOR,
        role=Role.AUDITOR,
        display_name="审计·专项组",
        task=Text("审计：看得到全部证据，看不到价格和姓名", "auditor: all evidence, no prices, no names"),
    ),
    DemoAccount(
        name="witness",
        party=WITNESS,
        role=Role.WITNESS,
        display_name="例示见证·值班",
        task=Text("见证方：只看公开账本", "witness: the public log and nothing else"),
    ),
    DemoAccount(
        name="operator",
        party="",
        role=Role.OPERATOR,
        display_name="平台运维",
        task=Text("运维：账号与账本", "operator: accounts, the ledger"),
    ),
)

#: Which account brings in which file, in the order in which they happened.
IMPORTS = (
    ("maker", "factory-register.xlsx"),
    ("maker", "shipments.csv"),
    ("site", "site-record.xlsx"),
    ("lab", "lab-results.csv"),
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """One demo file and what became of its rows."""

    file: str
    report: Report


def load_demo(
    installation: Installation, passwords: Passwords, progress: Callable[[str, int, int], None]
) -> Iterator[Loaded]:
    """Make the demo in an installation. Once it is whole nothing is done again; one that was killed goes on."""
    whole = installation.folder.root / "demo-is-whole"
    if whole.exists():
        return
    register_demo(installation, passwords)
    for account, file in IMPORTS:
        actor = _actor(installation, account)
        data = (FILES / file).read_bytes()
        with begin_read(installation.ledger) as tx:
            understood = understand(tx, data, file, actor)
        report = commit(understood, installation.intake, actor, partial(progress, file))
        yield Loaded(file, report)
    _record_what_follows(installation)
    whole.touch()


def register_demo(installation: Installation, passwords: Passwords) -> None:
    """Parties, grants and accounts of the demo, without any file."""
    _record_parties(installation)
    _create_accounts(installation, passwords)


def _record_parties(installation: Installation) -> None:
    operator = installation.at_the_machine()
    drafts: list[dict[str, Any]] = []
    for party in _PARTIES:
        body = {"name": party.name, "roles": [party.role], "region": party.region}
        body |= {k: v for k, v in (("uscc", party.uscc), ("cma", party.cma)) if v is not None}
        drafts.append(_draft("party", {"party": party.id}, body, operator.party))
    drafts.append(_grant(SUPERVISOR, CONTRACTOR, ["supervision"]))
    drafts += [_grant(regulator, LABORATORY, ["sampling"]) for regulator in (HOME_REGULATOR, AWAY_REGULATOR)]
    _record(installation, drafts)


def _record_what_follows(installation: Installation) -> None:
    """What rests on the files: the maker says who issued its CCC certificates, the grid company plans a project, those who may
    have goods of a lot are told that a test of it has failed, and somebody complains of it to the 12315 desk."""
    with begin_read(installation.ledger) as tx:
        certificates = {period.number: period for period in register.certificates_of(tx, MAKER)}
    drafts = [_issued(period) for period in certificates.values() if period.type == "ccc"]
    project = {
        "name": "太康示范变电站配套工程", "region": "411627", "owner": GRID, "contractor": CONTRACTOR,
        "supervisor": SUPERVISOR,
    }  # fmt: skip
    drafts.append(_draft("project", {"project": {"keeper": GRID, "number": "XM-GRID-1"}}, project, GRID))
    notice = {
        "number": "周市监通〔2026〕1号",
        "recipients": [GRID, HOUSING, ASSOCIATION],
        "text": f"批次 {_NOTIFIED_LOT} 监督抽查的一盘不合格，请排查在建工程和库存，停止使用并反馈。",
    }
    about = {"batch": {"maker": MAKER, "lot": _NOTIFIED_LOT}}
    drafts.append({**_draft("notice", about, notice, HOME_REGULATOR), **_NOTIFIED})
    complaint = {
        "text": "买来的电线通电后发热，要求退货。",
        "wants": "refund",
        "complainant": {"name": "甲某", "phone": "00000000000"},
    }
    place = {"place": {"region": "411602", "name": "川汇区建材市场"}}
    drafts.append({**_draft("complaint", about, complaint, HOTLINE), **place, **_NOTIFIED})
    _record(installation, drafts)


_NOTIFIED = {"occurred_at": "2026-06-01T00:00:00+08:00", "precision": "day"}


def _issued(period: CertificatePeriod) -> dict[str, Any]:
    """A certificate of the maker's once more, with whom it was issued by."""
    body = {
        "type": period.type,
        "validity": {"valid_from": str(period.valid_from), "valid_to": str(period.valid_to)},
        "issued_by": CERTIFIER,
    }
    subject = {"certificate": {"holder": MAKER, "number": period.number}}
    return _draft("certificate", subject, body, MAKER)


def _record(installation: Installation, drafts: Sequence[dict[str, Any]]) -> None:
    operator = installation.at_the_machine()
    for answer in installation.intake.record_now([prepare({"draft": d}, operator) for d in drafts]):
        if not isinstance(answer, Receipt):
            raise Broken(f"the demo could not be recorded: {answer}")


def _grant(grantor: str, grantee: str, kinds: list[str]) -> dict[str, Any]:
    body = {"kinds": kinds, "validity": {"valid_from": _FIRST_DAY, "valid_to": _LAST_DAY}}
    return _draft("grant", {"grant": {"grantor": grantor, "grantee": grantee}}, body, grantor)


def _draft(kind: str, subject: dict[str, Any], body: dict[str, Any], speaker: str) -> dict[str, Any]:
    """A draft whose id follows from what it says: recording the demo again adds nothing."""
    return {
        "id": business_id("demo", kind, repr(sorted(subject.items()))),
        "kind": kind,
        "subject": subject,
        "body": body,
        "entered_for": speaker,
    }


def _create_accounts(installation: Installation, passwords: Passwords) -> None:
    with begin_read(installation.desk) as tx:
        existing = {account.name for account in list_accounts(tx)}
    missing = [account for account in ACCOUNTS if account.name not in existing]
    if not missing:
        return
    stored = passwords.enrol(PASSWORD, name="")
    with begin_write(installation.desk) as tx:
        for account in missing:
            create_account(
                tx,
                name=account.name,
                password=stored,
                party=account.party or installation.operator,
                role=account.role,
                display_name=account.display_name,
                region=account.region,
                administers=account.administers,
                now=installation.clock(),
            )


def _actor(installation: Installation, name: str) -> Actor:
    with begin_read(installation.desk) as tx:
        (account,) = (each for each in list_accounts(tx) if each.name == name)
    return account.acting("session")
