"""Invented things that several of the invented pages show; development and tests only. Nobody named here exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from ..alerts.rules_of_checks import CHECK_RULES
from ..auth.policy import ROLES, Role
from ..errors import Text
from ..queries.alert_row import AlertFinding, AlertRow
from ..queries.alerts import NEXT
from ..queries.answers import AsOf, Standing
from ..queries.certificates import CertificateCard
from ..queries.handling import HANDLINGS, Handling
from ..queries.holds import HoldRow
from ..queries.names import UNKNOWN
from ..queries.registry import PartyLink
from ..queries.reports import NOT_FINAL
from ..queries.rows import BatchRow
from ..queries.signing_keys import SigningKey
from ..queries.unexplained import UnexplainedRow, difference
from ..queries.whereabouts import OTHERS, WhereRow
from .navigation import menu, navigation
from .views import (
    Account,
    Attachment,
    Choice,
    Event,
    Frame,
    Mark,
    Progress,
)
from .words import Language

AT = datetime(2026, 5, 2, 0, 30, tzinfo=UTC)
AS_OF = AsOf(48_213, AT)
MAKER = "周口市禾泽示范电缆有限公司"
LONG = "周口市川汇区黄淮平原示范新材料与特种电线电缆智能制造产业集群有限责任公司第三生产基地"
CODE = "7K3QF-9TWZP"
UNIT = "7K3Q-F9TW-000C-M4XN-8R2E"
RECORDABLE = (
    Choice(Text("检查", "inspection"), "/goods/new/inspection"),
    Choice(Text("抽样", "sampling"), "/goods/new/sampling"),
    Choice(Text("强制措施", "measure"), "/goods/new/measure"),
)
FINE = Standing("fine", Text("有效", "Valid"))


def frame(language: Language, path: str, role: Role = Role.REGULATOR) -> Frame:
    """The frame around a sample: of somebody with this role, or of a visitor."""
    signed_in = role is not Role.PUBLIC
    return Frame(
        language=language,
        path=path,
        language_href="/language/zh" if language == "en" else "/language/en",
        version="0.1.0",
        as_of=AS_OF,
        account=Account("王丽", "模拟市市场监督管理局示范分局", ROLES[role]) if signed_in else None,
        navigation=navigation(role),
        menu=menu(role) if signed_in else (),
        form_token="0f3c" if signed_in else "",
    )


def some_progress() -> Progress:
    return Progress(
        title=Text("导入 factory-register.xlsx", "Importing factory-register.xlsx"),
        unit=Text("行", "rows"),
        done=3_200,
        total=10_000,
        seconds_left=95,
        href="/import/jobs/3f",
    )


#: What two phones in each of two cities have stated of one drum.
SUSPECTED = Text(
    "有人说 12 号盘的码在面前：河南省周口市（2026-04-28 09:00，2 部手机）；广东省广州市（2026-04-28 10:00 – 2026-04-28 11:00，3 部手机）。",
    "People stated to have goods with the code of unit 12 before them: 河南省周口市 (2026-04-28 09:00, 2 phones); "
    "广东省广州市 (2026-04-28 10:00 – 2026-04-28 11:00, 3 phones).",
)


def some_alerts() -> tuple[AlertRow, ...]:
    resistance = AlertRow(
        index=48_001,
        n=0,
        rule="declared-verdict-contradicts-values",
        title=Text("报告自称合格，测量值却不合格", "Declared passed, but the values fail"),
        explanation=Text(
            "导体电阻换算到 20 ℃ 后与限值比较。", "Conductor resistance at 20 °C against its limit."
        ),
        detail=Text(
            "导体电阻（20 ℃）实测 7.98 Ω/km，限值 7.41 Ω/km；报告结论写「合格」。",
            "Conductor resistance at 20 °C: 7.98 Ω/km against a limit of 7.41 Ω/km; the report says passed.",
        ),
        standing=Standing("stop", Text("高", "high")),
        batch="7K3QF9TWZP",
        printed=CODE,
        lot="HZ260301-111",
        maker="0f",
        maker_name=MAKER,
        unit=15,
        report="LZ-JD-2604-0033",
        counts=NOT_FINAL,
        next_step=Text("核对称重记录和投料批号。", "Check the weighing and the lots of copper."),
        recorded_at=AT,
    )
    suspected = replace(
        resistance,
        index=47_990,
        rule="places-apart",
        title=CHECK_RULES["places-apart"].title,
        explanation=CHECK_RULES["places-apart"].explanation,
        detail=SUSPECTED,
        unit=12,
        report=None,
        next_step=NEXT["places-apart"],
        event="0e",
    )
    found = AlertFinding(
        result="confirmed",
        on=date(2026, 4, 30),
        region_name=Text("广东省广州市", "广东省广州市"),
        by_name="周口市示例市场监督管理局",
        event="0f",
    )
    handled = Handling(
        state="assigned",
        word=HANDLINGS["assigned"],
        on=date(2026, 4, 29),
        by=PartyLink("0e", "周口市示例市场监督管理局"),
        to=PartyLink("0d", "周口市示例市场监督管理局示范分局"),
        text="到厂核对称重记录",
        event="0c",
    )
    made = Handling(state="lead", word=HANDLINGS["lead"], lead="0b", lead_number="周市监线〔2026〕18号")
    return (
        replace(resistance, handling=handled, may_handle=handled.may_be),
        replace(resistance, index=48_000, handling=made),
        suspected,
        replace(
            suspected,
            index=47_985,
            unit=13,
            standing=Standing("stop", Text("已确认", "confirmed")),
            next_step=None,
            event="",
            finding=found,
        ),
        replace(
            resistance,
            index=47_880,
            rule="receipt-without-dispatch",
            title=Text("收货没有对应的发货", "Received without a dispatch"),
            detail=Text(
                "收货方登记了 1 盘 500 m，生产企业没有发货记录。",
                "The receiver recorded 1 drum of 500 m; the maker recorded no dispatch.",
            ),
            standing=Standing("attention", Text("低", "low")),
            lot="HZ260302-003",
            maker_name=LONG,
            unit=None,
            report=None,
            recorded_at=AT - timedelta(days=1, hours=3),
        ),
    )


def some_batches() -> tuple[BatchRow, ...]:
    row = BatchRow(
        code="7K3QF9TWZP",
        printed=CODE,
        lot="HZ260301-111",
        designation="YJV-0.6/1kV 4×35+1×16",
        product="交联聚乙烯绝缘聚氯乙烯护套电力电缆",
        maker="0f",
        maker_name=MAKER,
        produced_on=date(2026, 3, 1),
        length_mm=8_000_000,
        holdings={"held": 2_250_000, "transit": 1_100_000, "project": 1_400_000, "used": 3_250_000},
        index=41_877,
    )
    return (
        row,
        replace(
            row,
            code="M2C8D41VHA",
            printed="M2C8D-41VHA",
            lot="HZ260302-003",
            designation="WDZB1-YJY23-8.7/15kV 3×240",
            maker_name=LONG,
            length_mm=1_000_500,
            holdings={"held": 1_000_500},
        ),
    )


def a_hold() -> HoldRow:
    return HoldRow(
        type="seal",
        title=Text("查封", "sealed"),
        number="周市监封〔2026〕12号",
        by="0e",
        by_name="模拟市市场监督管理局示范分局",
        units=((5, 5), (9, 12)),
        loose=False,
        since=date(2026, 4, 8),
        ends=date(2026, 5, 8),
        days_left=6,
        tentative=False,
        overdue=False,
        in_force=True,
        ended_on=None,
        index=47_020,
    )


def in_both_languages(name: str) -> Text:
    return Text(name, name)


def a_certificate() -> CertificateCard:
    return CertificateCard(
        number="2021010105416062",
        holder="0f",
        kind=Text("强制性产品认证", "CCC certificate"),
        produced_on=date(2026, 3, 1),
        at_production=FINE,
        today=Standing("attention", Text("暂停", "Suspended")),
        valid_from=date(2021, 12, 1),
        valid_to=date(2026, 11, 30),
    )


def some_places() -> tuple[WhereRow, ...]:
    held = WhereRow(
        state="held",
        region="411603",
        region_name=in_both_languages("河南省周口市淮阳区"),
        party="0f",
        holder=in_both_languages(MAKER),
        project="",
        project_name="",
        others=False,
        length_mm=2_250_000,
    )
    return (
        held,
        replace(
            held,
            state="used",
            region="411627",
            region_name=in_both_languages("河南省周口市太康县"),
            holder=in_both_languages(LONG),
            project="xm",
            project_name="太康县示范路安置小区配电工程",
            length_mm=2_730_500,
        ),
        replace(held, state="transit", region="", holder=OTHERS, others=True, length_mm=3_019_500),
    )


def some_unexplained() -> tuple[UnexplainedRow, ...]:
    """What came of drum 20 is too much, of drum 21 too little, and loose lengths came from nowhere."""
    more = UnexplainedRow(
        batch="7K3QF9TWZP",
        first=20,
        last=20,
        length_mm=-60_000,
        what=difference(-60_000, is_loose=False),
        region="411603",
        region_name=in_both_languages("河南省周口市淮阳区"),
        party="0f",
        holder=in_both_languages(MAKER),
        others=False,
    )
    loose = replace(
        more, first=0, last=0, length_mm=-500, what=difference(-500, is_loose=True), party="", holder=UNKNOWN
    )
    return (
        loose,
        more,
        replace(more, first=21, last=22, length_mm=74_125, what=difference(148_250, is_loose=False)),
    )


def some_events() -> tuple[Event, ...]:
    return (
        Event(
            index=48_213,
            kind="receipt",
            what=Text(
                "收到 1 盘 500 m（无对应发货）", "Received 1 drum of 500 m, without a matching dispatch"
            ),
            at=AT,
            who=LONG,
            entered_by="太康县模拟示范建设工程有限公司",
            signed_with="6f4c1f2e-6a4b-5d0e-9a55-3c6f2f5d7a10",
            key_href="/parties/0f#key-6f4c1f2e-6a4b-5d0e-9a55-3c6f2f5d7a10",
            place=in_both_languages("太康县"),
            marks=(
                Mark("receipt-without-dispatch", Text("收货没有对应的发货", "Receipt without a dispatch")),
                Mark("late", Text("迟报 12 天", "Recorded 12 days late"), "unknown"),
            ),
            proof_href="/ledger?q=48213",
        ),
        Event(
            index=47_020,
            kind="use",
            what=Text("使用 1,250 m：3 号楼配电干线", "Used 1,250 m: riser of building 3"),
            at=AT - timedelta(days=2),
            who="太康县模拟示范建设工程有限公司",
            place=in_both_languages("太康县"),
            proof_href="/ledger?q=47020",
            correct_href="/events/x/correct",
            correction=Event(
                index=47_121,
                kind="correction",
                what=Text("使用 1,215 m：3 号楼配电干线", "Used 1,215 m: riser of building 3"),
                at=AT - timedelta(days=1),
                who="太康县模拟示范建设工程有限公司",
                proof_href="/ledger?q=47121",
            ),
            is_struck=True,
        ),
        Event(
            index=46_900,
            kind="supervision",
            what=Text(
                "同意进场，见证取样 3 m（封样 FY-0032）",
                "Admitted; witnessed sample of 3 m (seal FY-0032)",
            ),
            at=AT - timedelta(days=9),
            who="周口市例示工程监理有限公司",
            place=in_both_languages("太康县"),
            documents=(
                Attachment(
                    sha256="3f" * 32,
                    name="3号楼进场_盘号1_外观.jpg",
                    href="/static/favicon.svg",
                    size_bytes=3_482_112,
                    is_picture=True,
                ),
                Attachment(
                    sha256="5a" * 32,
                    name="监理见证取样单 FY-0032.pdf",
                    href="/api/v1/blobs/y",
                    size_bytes=412_800,
                    is_picture=False,
                ),
            ),
            proof_href="/ledger?q=46900",
        ),
        Event(
            index=41_877,
            kind="production",
            what=Text("生产 8,000 m，16 盘，每盘 500 m", "Produced 8,000 m on 16 drums of 500 m"),
            at=datetime(2026, 2, 28, 16, 0, tzinfo=UTC),
            by_day=True,
            who=MAKER,
            place=in_both_languages("周口市淮阳区"),
            proof_href="/ledger?q=41877",
        ),
    )


def some_signing_keys() -> tuple[SigningKey, ...]:
    """One in use, one taken back; public keys of the test vectors of RFC 8032 §7.1."""
    return (
        SigningKey(
            id="6f4c1f2e-6a4b-5d0e-9a55-3c6f2f5d7a10",
            public_key="PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
            valid_from=date(2026, 5, 2),
            valid_to=date(2028, 5, 1),
            revoked=False,
            index=1204,
            today=FINE,
        ),
        SigningKey(
            id="0a4c1f2e-6a4b-5d0e-9a55-3c6f2f5d7a11",
            public_key="11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
            valid_from=date(2024, 5, 2),
            valid_to=date(2026, 5, 1),
            revoked=True,
            index=1205,
            today=Standing("stop", Text("已吊销", "Revoked")),
        ),
    )
