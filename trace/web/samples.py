"""Invented pages: each template empty, full, with long names and with mistakes; development and tests only.

Nobody named here exists. Lengths add up, so that what is looked at is also what could be true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from ..alerts.rules_of_checks import CHECK_RULES
from ..auth.policy import ACTIONS, ROLES, Action, Role
from ..codes.unit_ranges import UnitRange
from ..errors import Problem, Text
from ..http.attaching import Attached
from ..imports.preview import Preview, PreviewRow
from ..model.parts import Document
from ..model.printed import PrintedRun
from ..queries import events, registry
from ..queries.alerts import NEXT, AlertFinding, AlertRow
from ..queries.answers import AsOf, Standing
from ..queries.certificates import CertificateCard
from ..queries.desk import OnItsWay
from ..queries.goods import GoodsPage as GoodsReading
from ..queries.goods import GoodsRow
from ..queries.holds import HeldGoods, HoldRow
from ..queries.notices import OpenNotice
from ..queries.persons import GROUNDS, Deed, Erased, PersonalValue, ProjectName
from ..queries.persons import ROLES as PARTS
from ..queries.printing import Printing, ToPrint
from ..queries.public import (
    CANNOT_KNOW,
    ONLY_THE_BATCH,
    REMEDIES,
    UNPUBLISHED,
    PublicChecks,
    PublicCopy,
    PublicFacts,
    PublicRecall,
    PublicTest,
)
from ..queries.rows import BatchRow
from ..queries.signing_keys import SigningKey
from ..queries.submissions import RECEIVED, SubmissionState
from ..queries.submissions import SubmissionPage as SubmissionReading
from ..queries.timeline import Happening
from ..queries.trace import ProjectFlow, Stop
from ..queries.unit import NO_OPINION, NOT_ISSUED, Cut, UnitCard, UnitOpinion
from ..queries.unit_codes import LabelledUnit
from ..queries.versions import Change
from ..queries.whereabouts import OTHERS, RegionRow, UnitRow, WhereRow
from ..queries.wording import REPRINTS
from .directory import Directory
from .filled import fields_of, grounds_of
from .form_parts import GOODS, RECORD, Form
from .forms import FORMS, NEW_MEASURE
from .forms_of_the_public import SUBMISSIONS
from .navigation import menu, navigation
from .samples_of_a_day import samples_of_a_day
from .samples_of_grants import samples_of_grants
from .samples_of_people import people
from .views import (
    Account,
    Added,
    AlertsPage,
    Answer,
    ApiPage,
    AskedColumn,
    Attachment,
    Attention,
    BatchPage,
    CertificatePage,
    Choice,
    Column,
    ColumnMappingRow,
    ColumnMappingsPage,
    ColumnsPage,
    ComponentsPage,
    CorrectPage,
    DeskPage,
    Difference,
    Entry,
    ErasePage,
    ErrorPage,
    Event,
    EventPage,
    Facet,
    Field,
    FieldRows,
    Filter,
    Frame,
    GoodsPage,
    Held,
    Hit,
    Holding,
    ImportFile,
    ImportHistoryPage,
    ImportPage,
    ImportRow,
    KeyRow,
    KeysPage,
    LabelsPage,
    LedgerPage,
    Leg,
    Link,
    Mark,
    Page,
    Pager,
    PartyPage,
    PasswordPage,
    PastImport,
    Period,
    PersonsPage,
    Place,
    PrintedPage,
    ProductPage,
    Progress,
    ProjectPage,
    Proven,
    PublicPage,
    Question,
    ReceiptPage,
    RecordPage,
    RegisterPage,
    ReportPage,
    ReservationsPage,
    ReservedCode,
    SavedRow,
    SearchPage,
    Sheet,
    SigningKeysPage,
    SignInPage,
    SubmissionPage,
    SubmitPage,
    TestItem,
    TestReport,
    ToPrintPage,
    TracePage,
    UnitChoice,
    Why,
    Witness,
)
from .words import Language

_AT = datetime(2026, 5, 2, 0, 30, tzinfo=UTC)
_AS_OF = AsOf(48_213, _AT)
_MAKER = "周口市禾泽示范电缆有限公司"
_PAPERS = (("a4-3x8", Text("A4，3×8", "A4, 3×8")), ("roll-60x40", Text("卷纸", "roll")))
_PRINTING = Printing(
    event="00000000-0000-4000-8000-0000000000a1",
    code="7K3QF9TWZX",
    units=(UnitRange(1, 40),),
    copies=2,
    output="labels",
    recorded_at=_AT,
)
_LONG = "周口市川汇区黄淮平原示范新材料与特种电线电缆智能制造产业集群有限责任公司第三生产基地"
_CODE = "7K3QF-9TWZX"
_UNIT = "7K3Q-F9TW-000C-M4XN-8R2E"
_REGISTER = Text("登记簿", "Register")
_RECORD = (
    Choice(Text("检查", "inspection"), "/goods/new/inspection"),
    Choice(Text("抽样", "sampling"), "/goods/new/sampling"),
    Choice(Text("强制措施", "measure"), "/goods/new/measure"),
)
_FINE = Standing("fine", Text("有效", "Valid"))
_PASSED = Standing("fine", Text("合格", "Passed"))
_FAILED = Standing("stop", Text("不合格", "Failed"))


def frame(language: Language, path: str, role: Role = Role.REGULATOR) -> Frame:
    """The frame around a sample: of somebody with this role, or of a visitor."""
    signed_in = role is not Role.PUBLIC
    return Frame(
        language=language,
        path=path,
        language_href="/language/zh" if language == "en" else "/language/en",
        version="0.1.0",
        as_of=_AS_OF,
        account=Account("王丽", "模拟市市场监督管理局示范分局", ROLES[role]) if signed_in else None,
        navigation=navigation(role),
        menu=menu(role) if signed_in else (),
        form_token="0f3c" if signed_in else "",
    )


def samples(language: Language) -> dict[str, Page]:
    """Every sample by a name that says what is looked at."""
    pages: dict[str, Page] = {}
    for group in (
        _doors,
        _desk_and_search,
        _batch_and_trace,
        _register,
        _imports,
        _columns,
        _ledger,
        _persons,
        _public,
        _by_hand,
        _submissions,
        _offices,
        _people,
    ):
        pages.update(group(language))
    pages.update(samples_of_a_day(language, frame))
    pages["components"] = components(language)
    return pages


def components(language: Language) -> ComponentsPage:
    batch_and_trace = _batch_and_trace(language)
    batch, trace = batch_and_trace["batch-full"], batch_and_trace["trace-full"]
    checked = _imports(language)["import-checked"]
    desk = _desk_and_search(language)["desk-full"]
    assert isinstance(batch, BatchPage)
    assert isinstance(trace, TracePage)
    assert isinstance(checked, ImportPage)
    assert isinstance(desk, DeskPage)
    entered = _by_hand(language)["record-split-wrong"]
    assert isinstance(entered, RecordPage)
    checked = replace(checked, progress=_progress())
    return ComponentsPage(
        frame=frame(language, "/dev/components"),
        batch=batch,
        trace=trace,
        checked=checked,
        desk=desk,
        attached=_attached(),
        entered=entered,
        wrong=_wrong(),
    )


def _wrong() -> tuple[Problem, ...]:
    return (
        Problem(
            "more-than-held",
            Text("发货 1,100 m，余量只有 1,000 m", "Dispatching 1,100 m, but only 1,000 m are left"),
            where="/length",
            came="1100",
            remedy=Text(
                "改成不超过 1,000 m，或先登记分切。", "Make it 1,000 m or less, or record the split first."
            ),
        ),
    )


def _attached() -> Attached:
    """A second try: one photo came with the first, a renamed file was refused."""
    photo = Document(
        sha256="3f" * 32,
        name="五金机电市场3区18号示例电缆经营部到货外观照片.jpg",
        media_type="image/jpeg",
        size=3_482_112,
    )
    refused = Problem(
        "wrong-media-type",
        Text("「合格证.pdf」：内容不是 JPEG、PNG、WebP 或 PDF，而像是 Windows 程序", "“合格证.pdf”: these bytes are no JPEG, PNG, WebP or PDF; it looks like a Windows program"),
        where="/documents",
        remedy=Text("请改存为 JPEG、PNG、WebP 或 PDF 再上传", "save it as JPEG, PNG, WebP or PDF and send that"),
    )  # fmt: skip
    return Attached((photo,), (refused,))


def _progress() -> Progress:
    return Progress(
        title=Text("导入 factory-register.xlsx", "Importing factory-register.xlsx"),
        unit=Text("行", "rows"),
        done=3_200,
        total=10_000,
        seconds_left=95,
        href="/import/jobs/3f",
    )


# --- sign in, errors -------------------------------------------------------------------------------------------


def _doors(language: Language) -> dict[str, Page]:
    nobody = frame(language, "/sign-in", role=Role.PUBLIC)
    return {
        "sign-in": SignInPage(frame=nobody),
        "sign-in-wrong": SignInPage(
            frame=nobody,
            account="wang-li",
            problems=(
                Problem(
                    "wrong-credentials",
                    Text("账号或密码不对", "Wrong account or password"),
                    where="/password",
                ),
            ),
        ),
        "error": ErrorPage(
            frame=frame(language, "/batches/x"),
            status=422,
            back=Link("/", Text("返回首页", "To the first page")),
            title=Text("追溯码有误", "Wrong trace code"),
            problems=(
                Problem(
                    "wrong-trace-code",
                    Text(
                        "校验字符不对，可能有一位看错了", "The check character is wrong: one may be misread"
                    ),
                    where="code",
                    came="7K3QF-9TWZA",
                    remedy=Text(
                        "对照标签再输一次；字母 O、I、L 不会出现在码里。",
                        "Compare it with the label; O, I and L never occur.",
                    ),
                ),
            ),
            request_id="01J9-7F2C",
        ),
        "error-bare": ErrorPage(
            frame=replace(nobody, as_of=None),
            status=404,
            back=Link("/", Text("返回首页", "To the first page")),
            title=Text("没有找到", "Not found"),
            problems=(),
        ),
        "api": ApiPage(frame=frame(language, "/docs")),
    }


# --- desk, search, alerts --------------------------------------------------------------------------------------


def _filters() -> tuple[Filter, ...]:
    """Open, folded, cut and as a period."""
    types = tuple(Choice(Text(name, name), "#", name == "YJV", n) for name, n in (("YJV", 812), ("BV", 96)))
    makers = tuple(Choice(Text(f"示范线缆{n}厂", f"示范线缆{n}厂"), "#", False, 40 - n) for n in range(12))
    months = tuple(Choice(Text(f"2026-0{n}", f"2026-0{n}"), "#", False, n) for n in (5, 4, 3))
    return (
        Filter(text=Text("型号", "type"), choices=types),
        Filter(text=Text("生产企业", "maker"), choices=makers[:6], more=makers[6:], cut=True),
        Filter(text=Text("生产月份", "month of production"), choices=months, is_period=True),
    )


#: What two phones in each of two cities have stated of one drum.
_SUSPECTED = Text(
    "有人说 12 号盘的码在面前：河南省周口市（2026-04-28 09:00，2 部手机）；广东省广州市（2026-04-28 10:00 – 2026-04-28 11:00，3 部手机）。",
    "People stated to have goods with the code of unit 12 before them: 河南省周口市 (2026-04-28 09:00, 2 phones); "
    "广东省广州市 (2026-04-28 10:00 – 2026-04-28 11:00, 3 phones).",
)


def _alerts() -> tuple[AlertRow, ...]:
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
        batch="7K3QF9TWZX",
        printed=_CODE,
        lot="HZ260301-111",
        maker="0f",
        maker_name=_MAKER,
        unit=15,
        report="LZ-JD-2604-0033",
        next_step=Text("核对称重记录和投料批号。", "Check the weighing and the lots of copper."),
        recorded_at=_AT,
    )
    suspected = replace(
        resistance,
        index=47_990,
        rule="places-apart",
        title=CHECK_RULES["places-apart"].title,
        explanation=CHECK_RULES["places-apart"].explanation,
        detail=_SUSPECTED,
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
    return (
        resistance,
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
            maker_name=_LONG,
            unit=None,
            report=None,
            recorded_at=_AT - timedelta(days=1, hours=3),
        ),
    )


def _batches() -> tuple[BatchRow, ...]:
    row = BatchRow(
        code="7K3QF9TWZX",
        printed=_CODE,
        lot="HZ260301-111",
        designation="YJV-0.6/1kV 4×35+1×16",
        product="交联聚乙烯绝缘聚氯乙烯护套电力电缆",
        maker="0f",
        maker_name=_MAKER,
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
            maker_name=_LONG,
            length_mm=1_000_500,
            holdings={"held": 1_000_500},
        ),
    )


def _desk_and_search(language: Language) -> dict[str, Page]:
    rows = _batches()
    desk = frame(language, "/")
    search = frame(language, "/search")
    facets = (
        Facet(
            Text("规则", "Rule"),
            (
                Choice(Text("全部", "All"), "#", True, 121),
                Choice(Text("收货没有对应的发货", "Received without a dispatch"), "#", False, 31),
            ),
        ),
    )
    hits = (
        Hit(
            batch=rows[0],
            href="/batches/7K3QF9TWZX",
            why=(
                Why(Text("型号规格", "designation"), "YJV-0.6/1kV ", "4×35", "+1×16"),
                Why(Text("批号", "lot")),
            ),
        ),
        Hit(batch=rows[1], href="/batches/M2C8D41VHA", unit=12),
    )
    pager = Pager(first=1, last=20, total=1_000, total_is_capped=True, next_href="?after=20")
    waiting = (
        Attention(
            standing=Standing("stop", Text("今天到期", "Due today")),
            text=Text("先行登记保存即将失效", "Registered preservations about to lapse"),
            count=2,
            href="#",
        ),
        Attention(
            standing=Standing("attention", Text("待办", "To do")),
            text=Text("协查请求等您答复", "Assistance requests to answer"),
            count=5,
            href="#",
        ),
        Attention(
            standing=Standing("unknown", Text("待核实", "To verify")),
            text=Text("被他人提到、尚未确认的企业", "Companies named by others, unconfirmed"),
            count=17,
            href="#",
        ),
    )
    coming = OnItsWay(
        batch=rows[0],
        region="411627",
        region_name=Text("河南省周口市太康县", "河南省周口市太康县"),
        units=((1, 4), (7, 7)),
        length_mm=2_500_000,
    )
    return {
        "desk-full": DeskPage(
            frame=desk,
            attention=waiting,
            jobs=(_progress(),),
            on_their_way=(coming, replace(coming, batch=rows[1], units=())),
            recent=rows,
            newest=_events()[:2],
            alerts=_alerts(),
            warned=True,
            held=(
                HeldGoods(rows[0], _hold()),
                HeldGoods(rows[1], replace(_hold(), days_left=-2, overdue=True)),
            ),
            notices=(
                OpenNotice(
                    event_id="x",
                    number="周市监函〔2026〕8号",
                    sender=_LONG,
                    text="请排查本批 5 号盘是否已敷设，五日内反馈。",
                    batch="7K3QF9TWZX",
                    occurred_at=_AT,
                    index=48_000,
                ),
            ),
        ),
        "desk-empty": DeskPage(
            frame=frame(language, "/", Role.MANUFACTURER),
            work=(Link("/batches/new", Text("登记一批", "Register a batch")),),
            warned=True,
            imports=True,
        ),
        "desk-of-a-witness": DeskPage(
            frame=frame(language, "/", Role.WITNESS),
            rights=(ACTIONS[Action.RECORD_KEY], ACTIONS[Action.READ_LEDGER], ACTIONS[Action.CHECK_CODE]),
            password_changed_at=_AT,
        ),
        "search-full": SearchPage(
            frame=search,
            query="YJV 4×35",
            is_asked=True,
            hits=hits,
            pager=pager,
            partial=True,
            current_to=_AS_OF,
            filters=_filters(),
            are_approximate=True,
            chips=(Choice(Text("型号：YJV", "type: YJV"), "#", True),),
            sorts=(
                Choice(Text("最相符", "best match"), "#", True),
                Choice(Text("最近生产", "latest production"), "#"),
            ),
            without_period=(("q", "YJV 4×35"), ("type", "YJV")),
            beside_words=(("type", "YJV"),),
            address="q=YJV&type=YJV",
            sheet_href="#",
            sheet_rows=500,
        ),
        "search-nothing": SearchPage(frame=search, query="YJV 4*3S", is_asked=True, current_to=_AS_OF),
        "search-unasked": SearchPage(frame=search, saved=(SavedRow("YJV 本月 this month", "#", "#"),)),
        "search-wrong": SearchPage(
            frame=search,
            query="！！",
            problems=(Problem("wrong-input", Text("没有可以查找的字", "Nothing to look for"), came="！！"),),
        ),
        "alerts-full": AlertsPage(
            frame=frame(language, "/alerts"),
            alerts=_alerts(),
            facets=facets,
            explanation=_alerts()[0].explanation,
            next_href="?after=47880.0",
        ),
        "alerts-empty": AlertsPage(frame=frame(language, "/alerts")),
    }


def _hold() -> HoldRow:
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


# --- batch, trace ----------------------------------------------------------------------------------------------


def _holdings() -> tuple[Holding, ...]:
    return (
        Holding("held", 2_250_000, "?where=held#timeline"),
        Holding("transit", 1_100_000, "?where=transit#timeline"),
        Holding("project", 1_400_000, "?where=project#timeline"),
        Holding("used", 2_730_500, "?where=used#timeline"),
        Holding("sampled", 19_500, "?where=sampled#timeline"),
        Holding("seized", 300_000, "?where=seized#timeline"),
        Holding("sold", 100_000, "?where=sold#timeline"),
        Holding("scrapped", 12_250, "?where=scrapped#timeline"),
        Holding("unexplained", 87_750, "?where=unexplained#timeline"),
    )


def _named(name: str) -> Text:
    return Text(name, name)


def _regions() -> tuple[RegionRow, ...]:
    return (
        RegionRow("341202", _named("安徽省阜阳市颍州区"), {"transit": 1_100_000, "seized": 300_000}),
        RegionRow(
            "411603", _named("河南省周口市淮阳区"), {"held": 2_250_000, "scrapped": 12_250, "sold": 100_000}
        ),
        RegionRow(
            "411627",
            _named("河南省周口市太康县"),
            {"project": 1_400_000, "used": 2_730_500, "sampled": 19_500},
        ),
        RegionRow("", Text("未知", "unknown"), {"unexplained": 87_750}),
    )


def _certificate() -> CertificateCard:
    return CertificateCard(
        number="2021010105416062",
        holder="0f",
        kind=Text("强制性产品认证", "CCC certificate"),
        produced_on=date(2026, 3, 1),
        at_production=_FINE,
        today=Standing("attention", Text("暂停", "Suspended")),
        valid_from=date(2021, 12, 1),
        valid_to=date(2026, 11, 30),
    )


def _where() -> tuple[WhereRow, ...]:
    held = WhereRow(
        state="held",
        region="411603",
        region_name=_named("河南省周口市淮阳区"),
        party="0f",
        holder=_named(_MAKER),
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
            region_name=_named("河南省周口市太康县"),
            holder=_named(_LONG),
            project="xm",
            project_name="太康县示范路安置小区配电工程",
            length_mm=2_730_500,
        ),
        replace(held, state="transit", region="", holder=OTHERS, others=True, length_mm=3_019_500),
    )


def _tests() -> tuple[TestReport, ...]:
    resistance = TestItem(
        indicator=Text("导体电阻（20 ℃）", "Conductor resistance at 20 °C"),
        core="红",
        value="0.518",
        unit="Ω/km",
        limit="≤ 0.524",
        source=Text("GB/T 3956-2008 表 2", "GB/T 3956-2008 table 2"),
        standing=_PASSED,
    )
    return (
        TestReport(
            number="HZ-CJ-2603-0117",
            kind=Text("出厂检验", "Factory test"),
            laboratory=_MAKER,
            tested_on=date(2026, 3, 2),
            unit=Text("第 12 盘（卷）", "unit 12"),
            standing=_PASSED,
            declared=_PASSED,
            items=(
                resistance,
                replace(
                    resistance,
                    indicator=Text("绝缘厚度（平均）", "Insulation thickness, mean"),
                    core="",
                    value="0.94",
                    unit="mm",
                    limit="≥ 0.9",
                    source=None,
                ),
            ),
        ),
        TestReport(
            number="LZ-JD-2604-0033",
            kind=Text("监督抽查", "Supervision test"),
            laboratory="周口市例证检验检测中心",
            tested_on=date(2026, 4, 20),
            unit=None,
            standing=_FAILED,
            declared=_PASSED,
            items=(
                replace(
                    resistance,
                    value="0.561",
                    standing=_FAILED,
                    declared=_PASSED,
                    note=Text("18 ℃ 时测得，换算到 20 ℃ 为 0.5655", "measured at 18 °C, 0.5655 at 20 °C"),
                ),
            ),
        ),
    )


def _events() -> tuple[Event, ...]:
    return (
        Event(
            index=48_213,
            kind="receipt",
            what=Text(
                "收到 1 盘 500 m（无对应发货）", "Received 1 drum of 500 m, without a matching dispatch"
            ),
            at=_AT,
            who=_LONG,
            entered_by="太康县模拟示范建设工程有限公司",
            signed_with="6f4c1f2e-6a4b-5d0e-9a55-3c6f2f5d7a10",
            key_href="/parties/0f#key-6f4c1f2e-6a4b-5d0e-9a55-3c6f2f5d7a10",
            place=_named("太康县"),
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
            at=_AT - timedelta(days=2),
            who="太康县模拟示范建设工程有限公司",
            place=_named("太康县"),
            proof_href="/ledger?q=47020",
            correct_href="/events/x/correct",
            correction=Event(
                index=47_121,
                kind="correction",
                what=Text("使用 1,215 m：3 号楼配电干线", "Used 1,215 m: riser of building 3"),
                at=_AT - timedelta(days=1),
                who="太康县模拟示范建设工程有限公司",
                proof_href="/ledger?q=47121",
            ),
        ),
        Event(
            index=46_900,
            kind="supervision",
            what=Text(
                "同意进场，见证取样 3 m（封样 FY-0032）",
                "Admitted; witnessed sample of 3 m (seal FY-0032)",
            ),
            at=_AT - timedelta(days=9),
            who="周口市例示工程监理有限公司",
            place=_named("太康县"),
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
            who=_MAKER,
            place=_named("周口市淮阳区"),
            proof_href="/ledger?q=41877",
        ),
    )


def _batch_and_trace(language: Language) -> dict[str, Page]:
    batch = BatchPage(
        frame=frame(language, "/batches/x"),
        code=_CODE,
        lot="HZ260301-111",
        designation="YJV-0.6/1kV 4×35+1×16",
        product="交联聚乙烯绝缘聚氯乙烯护套电力电缆",
        product_href="/parties/x/products/HZ-01",
        standard="GB/T 12706.1-2020",
        maker=_MAKER,
        maker_href="/parties/x",
        produced_on=date(2026, 3, 1),
        produced_mm=8_000_000,
        unit_count=16,
        findings=(
            _FAILED,
            Standing("attention", Text("收货没有对应的发货（1 次）", "Receipt without a dispatch (1 time)")),
        ),
        answer=Answer(
            "stop",
            Text("停止使用：监督抽查不合格，300 m 已查封", "Stop: failed supervision sampling, 300 m seized"),
            Text(
                "导体电阻实测 0.561 Ω/km，超过限值 0.524 Ω/km；结果在复检期内，尚未定论。",
                "Conductor resistance 0.561 Ω/km against 0.524 Ω/km; still open to re-test, not final.",
            ),
            _AS_OF,
        ),
        public_url=f"https://trace.example/c/{_CODE}",
        actions=(
            Link("/trace/x", Text("查看流向", "Trace it")),
            Link("/batches/x/labels", Text("打印标签", "Print labels")),
        ),
        holdings=_holdings(),
        where=_where(),
        regions=_regions(),
        units=(
            UnitRow(
                first=1,
                last=4,
                length_mm=500_000,
                state="held",
                region="411603",
                region_name=_named("河南省周口市淮阳区"),
                holder=_named(_MAKER),
                project_name="",
                others=False,
            ),
            UnitRow(
                first=5,
                last=5,
                length_mm=250_000,
                state="project",
                region="411627",
                region_name=_named("河南省周口市太康县"),
                holder=_named(_LONG),
                project_name="太康县示范路安置小区配电工程",
                others=False,
            ),
        ),
        unit=UnitCard(
            unit=5,
            printed="7G4K-T9QX-2000-5ABC-DEFG",
            registered_mm=500_000,
            places=(
                UnitRow(
                    first=5,
                    last=5,
                    length_mm=250_000,
                    state="project",
                    region="411627",
                    region_name=_named("河南省周口市太康县"),
                    holder=_named(_LONG),
                    project_name="太康县示范路安置小区配电工程",
                    others=False,
                ),
            ),
            opinions=(
                UnitOpinion("太康县示范路安置小区配电工程", _PASSED, date(2026, 3, 20)),
                UnitOpinion("太康县示范路安置小区二期", NO_OPINION, None),
            ),
            remarks=(Standing("attention", Text("收货没有对应的发货", "Receipt without a dispatch")),),
            holds=(_hold(),),
            origin=Cut(2, (5, 6), 46_900),
            cuts=(Cut(5, (21, 22), 46_900),),
        ),
        certificate=_certificate(),
        tests=_tests(),
        alerts=_alerts(),
        events=_events(),
        orders=(
            Choice(Text("后入账的在前", "Latest entry first"), "?order=new", True),
            Choice(Text("先入账的在前", "Earliest entry first"), "?order=old"),
        ),
        event_filter=Text("已抽样", "Sampled"),
        event_filter_off="?",
        trace_href="/batches/x/trace",
        now_href="/batches/x",
        record=(*_RECORD, Choice(Text("召回", "recall"), "#"), Choice(Text("更正", "correction"), "#")),
        holds=(
            Held(
                hold=_hold(),
                further=(Choice(Text("解除措施", "release"), "#"), Choice(Text("没收", "confiscate"), "#")),
            ),
            Held(
                hold=replace(
                    _hold(),
                    type="recall",
                    title=Text("召回", "recalled"),
                    units=(),
                    ends=None,
                    days_left=None,
                )
            ),
            Held(
                hold=replace(
                    _hold(),
                    type="register",
                    title=Text("先行登记保存", "registered for preservation"),
                    number="周市监登〔2026〕3号",
                    by_name=_LONG,
                    in_force=False,
                )
            ),
        ),
    )
    bare = replace(
        batch,
        lot="HZ260501-001",
        designation="BV 2.5",
        standard="",
        produced_on=None,
        produced_mm=100_000,
        answer=Answer(
            "fine",
            Text("正常：100 m 全部在生产企业", "Fine: all 100 m are with the maker"),
            Text("生产当日证书有效，没有标记。", "The certificate was valid on the day; no marks."),
            _AS_OF,
        ),
        actions=(),
        holdings=(Holding("held", 100_000),),
        regions=(RegionRow("411603", _named("河南省周口市淮阳区"), {"held": 100_000}),),
        unit_count=0,
        unit=UnitCard(unit=3, refused=NOT_ISSUED),
        findings=(),
        now_href="",
        where=(),
        units=(),
        certificate=None,
        tests=(),
        alerts=(),
        events=(),
        orders=(),
        event_filter=None,
        trace_href="",
        record=(),
        holds=(),
    )
    maker = Place(
        key="maker",
        name=_named(_MAKER),
        role=Text("生产企业", "Maker"),
        region=_named("河南省周口市淮阳区"),
        stays=(Holding("held", 2_250_000), Holding("scrapped", 12_250), Holding("sold", 100_000)),
    )
    trader = Place(
        key="trader", name=_named(_LONG), role=Text("经营企业", "Distributor"), region=_named("安徽省阜阳市颍州区"),
        stays=(Holding("transit", 1_100_000), Holding("seized", 300_000)),
    )  # fmt: skip
    site = Place(
        key="site",
        name=_named("太康县示范路安置小区配电工程"),
        role=Text("项目", "Project"),
        region=_named("河南省周口市太康县"),
        stays=(Holding("project", 1_400_000), Holding("used", 2_730_500), Holding("sampled", 19_500)),
    )
    unknown = Place(
        key="unknown",
        name=_named("金水区某经营部"),
        role=Text("未确认", "Unconfirmed"),
        region=_named("河南省郑州市金水区"),
        stays=(Holding("unexplained", 87_750),),
    )
    trace = TracePage(
        frame=frame(language, "/batches/x/trace"),
        subject=_named(f"{batch.designation} · {batch.lot}"),
        subject_href="/batches/x",
        answer=Answer(
            "attention",
            Text(
                "到了 4 个地区、2 个项目；87.75 m 查不到下落",
                "4 regions, 2 projects; 87.75 m cannot be found",
            ),
            Text(
                "金水区的经营部没有登记收货之后的去向。",
                "The shop in Jinshui recorded nothing after receipt.",
            ),
            _AS_OF,
        ),
        produced_mm=8_000_000,
        as_of=_AS_OF,
        holdings=_holdings(),
        now_href="/batches/x/trace",
        places=(maker, trader, site, unknown),
        legs=(
            Leg(source="maker", target="trader", length_mm=2_250_000, word=Text("发货", "Dispatch")),
            Leg(source="maker", target="site", length_mm=3_450_000, word=Text("发货", "Dispatch")),
            Leg(source="trader", target="site", length_mm=700_000, word=Text("发货", "Dispatch")),
            Leg(source="trader", target="unknown", length_mm=87_750, word=Text("发货", "Dispatch")),
            Leg(source="trader", target="maker", length_mm=62_250, word=Text("退货", "Return")),
        ),
        regions=_regions(),
        projects=(
            ProjectFlow(
                id="x",
                number="XM-1",
                name="太康县示范路安置小区配电工程",
                owner="太康县示例城建有限公司",
                region="411627",
                region_name=_named("河南省周口市太康县"),
                arrived_mm=4_150_000,
                there_mm=1_400_000,
                used_mm=2_730_500,
            ),
        ),
        stops=(
            Stop(
                state="transit",
                region="410105",
                region_name=_named("河南省郑州市金水区"),
                holder=_named("金水区某经营部"),
                reason=Text("收货方尚未登记收货", "The receiver has recorded no receipt"),
                length_mm=87_750,
                last_index=46_020,
            ),
            Stop(
                state="transit",
                region="341202",
                region_name=_named("安徽省阜阳市颍州区"),
                holder=OTHERS,
                reason=Text("收货方尚未登记收货", "The receiver has recorded no receipt"),
                length_mm=500,
                last_index=None,
            ),
        ),
        export_href="/api/v1/batches/x/trace",
    )
    still = replace(
        trace,
        answer=Answer(
            "fine",
            Text("没有离开过生产地", "It has not left where it was made"),
            Text("100 m 全部在库。", "All 100 m are held."),
        ),
        produced_mm=100_000,
        as_of=None,
        holdings=(Holding("held", 100_000),),
        now_href="",
        places=(replace(maker, stays=(Holding("held", 100_000),)),),
        legs=(),
        regions=(RegionRow("411603", _named("河南省周口市淮阳区"), {"held": 100_000}),),
        projects=(),
        stops=(),
        export_href="",
    )
    torn = replace(trace, produced_mm=8_000_001)
    label = LabelledUnit(
        unit=12,
        code=_UNIT.replace("-", ""),
        printed=_UNIT,
        url=f"https://trace.example/c/{_UNIT.replace('-', '')}",
        length_mm=500_000,
    )
    labels = LabelsPage(
        frame=frame(language, "/batches/x/labels", Role.MANUFACTURER),
        batch_code=_CODE,
        batch_href="/batches/x",
        lot=batch.lot,
        designation=batch.designation,
        maker=_LONG,
        labels=(label, replace(label, unit=13), replace(label, unit=14)),
        next_href="?after=14",
        sheets=_PAPERS,
        reasons=tuple(REPRINTS.items()),
        here="/batches/x/labels",
        print_id=_PRINTING.event,
        left="15-40",
        left_count=26,
        runs=(
            PrintedRun(1, 11, 1, 2, date(2026, 5, 2), 7),
            PrintedRun(12, 12, 2, 4, date(2026, 5, 3), 9),
            PrintedRun(13, 14, 1, 2, date(2026, 5, 2), 7),
        ),
        typed={
            "units": "12-40",
            "sheet": "a4-3x8",
            "start": "1",
            "copies": "1",
            "right": "0",
            "down": "-0.5",
            "reason": "lost",
            "note": "",
        },
    )
    to_print = ToPrintPage(
        frame=frame(language, "/labels/to-print", Role.MANUFACTURER),
        rows=(
            ToPrint(
                code="7K3QF9TWZX",
                printed=_CODE,
                lot=batch.lot,
                designation=batch.designation,
                day=date(2026, 5, 2),
                left=(UnitRange(1, 40), UnitRange(55, 55)),
                count=41,
            ),
        ),
        blank=False,
        ticked=("7K3QF9TWZX",),
        sheets=_PAPERS,
        typed=labels.typed,
        print_id=_PRINTING.event,
        most_labels=2_000,
        most_batches=50,
    )
    reservations = ReservationsPage(
        frame=frame(language, "/reservations", Role.MANUFACTURER),
        codes=(
            ReservedCode(code="7K3QF9TWZX", printed=_CODE, units=40, labels=12, valid_to=date(2026, 12, 31)),
        ),
        waiting=117,
        typed={
            "count": "10",
            "units": "40",
            "valid_to": "2026-12-31",
            "note": "",
            "at": "2026-05-02T00:30:00.000Z",
        },
        id=_PRINTING.event,
        next_href="?after=7K3QF9TWZX",
    )
    out_of_range = Problem(
        "wrong-unit-range",
        Text("本批登记的盘（卷）号为 1-16", "the units registered of this batch are 1-16"),
        where="/units",
        came="12-40",
    )
    return {
        "batch-full": batch,
        "batch-bare": bare,
        "labels": labels,
        "labels-blank": replace(
            labels,
            batch_href="",
            lot="",
            designation="",
            maker="",
            valid_to=date(2026, 12, 31),
            runs=(),
            labels=(replace(label, length_mm=None),),
            next_href="",
        ),
        "labels-printed": PrintedPage(
            frame=labels.frame,
            printings=(_PRINTING, replace(_PRINTING, output="codes")),
            file_href="/labels/file",
            back_href="/",
        ),
        "labels-to-print": to_print,
        "labels-to-print-blank": replace(
            to_print, blank=True, rows=tuple(replace(each, lot="", designation="") for each in to_print.rows)
        ),
        "labels-to-print-none": replace(to_print, rows=()),
        "reservations": reservations,
        "reservations-none": replace(reservations, codes=(), waiting=0, next_href=""),
        "labels-wrong": replace(labels, labels=(), next_href="", problems=(out_of_range,)),
        "trace-full": trace,
        "trace-still": still,
        "trace-torn": torn,
    }


# --- register --------------------------------------------------------------------------------------------------


def _register(language: Language) -> dict[str, Page]:
    at = frame(language, "/parties")
    party = registry.PartyRow(
        id="0f",
        name=_LONG,
        roles=("manufacturer",),
        uscc="914116034J1417770M",
        cma=None,
        region="411603",
        region_name=_named("河南省周口市淮阳区"),
        address="示范大道 1 号",
        confirmed=True,
        named_by="",
    )
    product = registry.ProductRow(
        maker="0f",
        maker_name=_LONG,
        number="HZ-01",
        name="交联聚乙烯绝缘聚氯乙烯护套电力电缆",
        designation="YJV-0.6/1kV 4×35+1×16",
        normalised="YJV 0.6/1 kV 4×35+1×16",
        standard="GB/T 12706.1-2020",
        certificate="2021010105416062",
        today=_FINE,
    )
    card = replace(_certificate(), at_production=None, produced_on=None)
    project = registry.ProjectRow(
        id="x",
        number="XM-1",
        name="太康县示范路安置小区配电工程",
        region="411627",
        region_name=_named("河南省周口市太康县"),
        keeper=registry.PartyLink("1f", "太康县模拟示范建设工程有限公司"),
        owner=registry.PartyLink("2f", "太康县示例城建有限公司"),
        contractor=registry.PartyLink("1f", "太康县模拟示范建设工程有限公司"),
        supervisor=None,
    )
    full = registry.PartyPage(
        party=party,
        products=(product,),
        certificates=(card,),
        projects=(project,),
        batches=_batches(),
        signing_keys=_signing_keys(),
    )
    bare = registry.PartyPage(
        party=replace(party, roles=(), uscc=None, address=None, region="", confirmed=False, named_by=_MAKER),
        products=(),
        certificates=(),
        projects=(),
        batches=(),
    )
    lists = (
        Choice(Text("单位", "Parties"), "/parties", True),
        Choice(Text("产品", "Products"), "/products"),
    )
    return {
        "register-full": RegisterPage(
            frame=at,
            title=_REGISTER,
            record=_RECORD,
            lists=lists,
            action="/parties",
            query="示范",
            entries=(
                Entry(title=_LONG, href="/parties/0f", facts=(ROLES[Role.MANUFACTURER], party.region_name)),
                Entry(title="2021010105416062", href="#", facts=(_named(_MAKER),), standing=card.today),
            ),
            next_href="?after=x",
        ),
        "register-empty": RegisterPage(frame=at, title=_REGISTER, lists=lists, action="/parties"),
        "party-full": PartyPage(
            frame=at,
            found=full,
            roles=(ROLES[Role.MANUFACTURER],),
            trace_href="/parties/0f/trace",
            may_revoke=True,
        ),
        "party-bare": PartyPage(
            frame=at,
            found=replace(bare, is_really=registry.PartyLink("0f", _LONG)),
            record=_RECORD[:2],
        ),
        "product": ProductPage(
            frame=at, found=registry.ProductPage(product=product, certificate=card, batches=_batches())
        ),
        "product-bare": ProductPage(
            frame=at,
            found=registry.ProductPage(
                product=replace(product, standard=None, certificate=None, today=None),
                certificate=None,
                batches=(),
            ),
        ),
        "certificate": CertificatePage(
            frame=at,
            found=registry.CertificatePage(
                certificate=registry.CertificateRow(holder_name=_LONG, card=card),
                periods=(),
                products=(product,),
            ),
            periods=(
                Period(
                    standing=card.today,
                    valid_from=date(2026, 4, 1),
                    valid_to=date(2026, 11, 30),
                    index=47_001,
                ),
                Period(standing=_FINE, valid_from=date(2021, 12, 1), valid_to=date(2026, 11, 30), index=12),
            ),
        ),
        "project": ProjectPage(
            frame=at,
            found=registry.ProjectPage(
                project=project,
                goods=(
                    registry.GoodsAtProject(
                        batch=_batches()[0], by={"project": 1_400_000, "used": 2_730_500}
                    ),
                ),
            ),
        ),
        "project-bare": ProjectPage(frame=at, found=registry.ProjectPage(project=project, goods=())),
    }


# --- import ----------------------------------------------------------------------------------------------------


def _imports(language: Language) -> dict[str, Page]:
    at = frame(language, "/import", Role.MANUFACTURER)
    choose = ImportPage(
        frame=at,
        stage="choose",
        limit_bytes=20_000_000,
        past=(
            PastImport(
                name="factory-register.xlsx",
                href="/import/jobs/1",
                at=_AT,
                who="王丽",
                standing=Standing("fine", Text("已写入 585 行", "585 rows recorded")),
                good=585,
                marked=1,
                bad=0,
                known=0,
                sha256="3f" * 32,
                size_bytes=182_400,
            ),
        ),
        templates=(
            Link("/api/v1/imports/templates/maker", Text("生产企业、经销商", "Makers and dealers")),
            Link("/api/v1/imports/templates/laboratory", Text("检验机构", "Laboratories")),
        ),
    )
    columns = (
        Column(heading="批号", meaning=Text("批号", "Lot")),
        Column(heading="型号规格", meaning=Text("型号规格", "Designation")),
        Column(heading="总长（米）", meaning=Text("生产长度", "Length")),
        Column(heading="备注", meaning=None),
    )
    files = (
        ImportFile(
            name="factory-register.xlsx",
            size_bytes=182_400,
            encoding="",
            sheets=(
                Sheet(
                    name="批次",
                    meaning=Text("生产登记", "Production"),
                    columns=columns,
                    good=120,
                    marked=1,
                    bad=10,
                    known=4,
                    examples=1,
                ),
                Sheet(name="说明", meaning=None, columns=columns[:1], good=0, marked=0, bad=0),
            ),
        ),
        ImportFile(
            name="shipments.csv",
            size_bytes=2_400_000,
            encoding="GB18030",
            sheets=(
                Sheet(
                    name="shipments",
                    meaning=Text("发货", "Dispatch"),
                    columns=columns,
                    good=162,
                    marked=0,
                    bad=8,
                ),
            ),
        ),
    )
    rows = (
        ImportRow(
            bad=True,
            sheet="批次",
            number=122,
            column="生产日期",
            problem=Problem(
                "wrong-date",
                Text("没有这一天", "There is no such day"),
                came="2026-02-30",
                remedy=Text("改成实际的生产日期。", "Give the true day of production."),
            ),
        ),
        ImportRow(
            bad=True,
            sheet="批次",
            number=125,
            column="总长（米）",
            problem=Problem(
                "wrong-quantity",
                Text(
                    "盘数 × 每盘长度 = 1,000 m，与总长 1,100 m 不符", "Units × length = 1,000 m, not 1,100 m"
                ),
                came="1100",
                remedy=Text("改总长，或改盘数。", "Correct the total or the number of drums."),
            ),
        ),
        ImportRow(
            bad=False,
            sheet="批次",
            number=129,
            column="证书编号",
            problem=Problem(
                "certificate-not-valid-at-production",
                Text("生产当日证书已暂停", "The certificate was suspended on the day of production"),
                came="2021010105416062",
            ),
        ),
        ImportRow(
            bad=True,
            sheet="批次",
            number=127,
            column="",
            problem=Problem("wrong-input", Text("没有批号", "No lot number")),
        ),
    )
    checked = replace(
        choose,
        stage="checked",
        files=files,
        rows=rows,
        rows_pager=Pager(first=1, last=4, total=19, next_href="?after=4"),
        reasons=(
            Choice(Text("全部", "All"), "?", True, 19),
            Choice(Text("日期有误", "Wrong date"), "?reason=wrong-date", False, 2),
            Choice(Text("数值有误", "Wrong quantity"), "?reason=wrong-quantity", False, 5),
        ),
        commit_href="/import/checks/3f/commit",
        rows_href="/import/checks/3f/rows.xlsx",
        mend_href="/import/checks/3f/bad-rows.xlsx",
        unexplained=(Link("/import/checks/3f/columns/1", Text("十月台账", "十月台账")),),
        earlier=choose.past[0],
        preview=Preview(
            rows=(
                PreviewRow(
                    sheet="批次",
                    row=2,
                    kind="production",
                    thing="HZ260302-010",
                    goods="YJV 0.6/1kV 3×95+1×50 · № 1-4",
                    length_mm=2_000_000,
                    day="2026-03-02",
                    party=_LONG,
                ),
                PreviewRow(
                    sheet="出厂检测", row=2, kind="testing", thing="CJ-1", goods="导体电阻 0.19 Ω/km …"
                ),
            ),
            length_mm={"production": 240_000_000},
            new_parties=("周口市例示五金经营部", _LONG),
            new_party_count=31,
        ),
        added=(Added(kind="production", text=Text("生产", "production"), count=120),),
    )
    clean = replace(
        checked,
        unexplained=(),
        earlier=None,
        mend_href="",
        files=(replace(files[1], sheets=(replace(files[1].sheets[0], bad=0),)),),
        rows=(),
        rows_pager=None,
        reasons=(),
        rows_href="",
    )
    asked = replace(
        clean,
        files=(replace(files[1], sheets=()),),
        commit_href="",
        answer_href="/import/checks/3f",
        question=Question(
            name="party",
            label=Text("是哪个单位的？", "Whose is it?"),
            hint=Text("批号有两家企业登记，文件没有写明。", "Two makers have registered these lots."),
            options=(("0f", _named(_MAKER)), ("1f", _named(_LONG))),
        ),
    )
    done = replace(
        choose,
        stage="done",
        added=(
            Added(kind="product", text=Text("产品备案", "product registered"), count=12, href="/products"),
            Added(kind="production", text=Text("生产", "production"), count=121),
        ),
        bad_rows=10,
        newest_index=48_213,
        recent=_batches(),
        events=_events(),
        rows_href="/import/jobs/3f/rows.xlsx",
        mend_href="/import/jobs/3f/bad-rows.xlsx",
    )
    past = (
        *choose.past,
        replace(
            choose.past[0],
            name="周口市川汇区十月份发货明细（第二版，补录，含退货）.xlsx",
            standing=Standing(
                "attention", Text("新增 162 项，8 行未写入", "162 events added, 8 rows left out")
            ),
            bad=8,
        ),
        replace(choose.past[0], standing=Standing("stop", Text("没有完成", "Failed")), good=None, bad=None),
    )
    outcomes = (Choice(Text("全部", "All"), "?", True), Choice(Text("没有完成", "Failed"), "?outcome=failed"))
    history = ImportHistoryPage(frame=at, rows=past, outcomes=outcomes, next_href="?after=3")
    return {
        "import-history": history,
        "import-history-empty": replace(history, rows=(), next_href="", query="没有的"),
        "import-foreign": replace(
            done, is_foreign=True, events=(), recent=(), rows_href="", mend_href="", added=done.added[:1]
        ),
        "import-nothing-understood": replace(
            checked,
            commit_href="",
            files=(),
            rows=(),
            reasons=(),
            rows_pager=None,
            rows_href="",
            mend_href="",
            preview=Preview(),
            earlier=None,
        ),
        "import-pasted-wrong": replace(
            choose,
            typed={"pasted": "批号\t长度\nL1"},
            problems=(
                Problem(
                    "unreadable-file", Text("没有认出任何表", "no table was recognised"), where="/pasted"
                ),
            ),
        ),
        "import-choose": replace(choose, past=()),
        "import-refused": replace(
            choose,
            problems=(
                Problem(
                    "unreadable-file",
                    Text("「旧登记表.xls」是旧格式，无法读取", "“旧登记表.xls” is of an old format"),
                    where="/file",
                    remedy=Text("在表格软件里另存为 .xlsx 再导入。", "Save it as .xlsx and import that."),
                ),
            ),
        ),
        "import-checked": checked,
        "import-asked": asked,
        "import-wrong-answer": replace(
            asked,
            question=Question(
                name="party",
                label=Text("是哪个单位的？", "Whose is it?"),
                hint=Text("文件没有写生产企业。", "The file names no maker."),
            ),
            typed={"party": "91411603"},
            problems=(
                Problem(
                    "wrong-uscc",
                    Text("应为 18 位", "It should have 18 characters"),
                    where="/party",
                    came="91411603",
                ),
            ),
        ),
        "import-clean": clean,
        "import-running": replace(choose, stage="running", progress=_progress()),
        "import-done": done,
        "import-failed": replace(
            choose,
            stage="failed",
            problems=(Problem("not-allowed", Text("此账号已停用", "this account is not active any more")),),
        ),
        "import-nothing-new": replace(
            done, added=(), bad_rows=0, newest_index=None, recent=(), events=(), rows_href="", mend_href=""
        ),
    }


def _columns(language: Language) -> dict[str, Page]:
    at = frame(language, "/import", Role.MANUFACTURER)
    length = Text("长度（千米）", "length in kilometres")
    headings = ("批号", "轴", "缆长", "发往", "备注")
    first = ColumnsPage(
        frame=at,
        sheet="十月台账",
        kinds=(("batches", Text("批次", "batches")), ("shipments", Text("发货", "shipments"))),
        back_href="/import/checks/3f",
        may_be_left_out=True,
        headings=headings,
    )
    asked = replace(
        first,
        kind="shipments",
        title=Text("发货", "shipments"),
        needs=(Text("收货单位或收货单位统一社会信用代码", "buyer or buyer_uscc"), Text("发货日期", "date")),
        understood=(("批号", Text("批号", "lot")),),
        asked=(
            AskedColumn(name="column-1", heading="轴", samples=("1-4", "5", "6-20"), value="units"),
            AskedColumn(name="column-2", heading="缆长", samples=("0.5", "1.25", "12"), value="length:km"),
            AskedColumn(name="column-3", heading="发往", samples=(_LONG,)),
            AskedColumn(name="column-4", heading="备注", samples=()),
        ),
        options=(
            ("units", Text("盘号", "units")),
            ("length:km", length),
            ("buyer", Text("收货单位", "buyer")),
        ),
    )
    wrong = replace(
        asked,
        problems=(
            Problem(
                "wrong-input",
                Text("发货表必须有：发货日期", "a table of shipments needs: date"),
                where="/kind",
            ),
            Problem(
                "wrong-input",
                Text("「轴」和「发往」两列都说是「盘号」", "轴 and 发往 are both said to be units"),
                where="/column-3",
                remedy=Text("请只留一列，另一列选「不导入」。", "Keep one of them and ignore the other."),
            ),
        ),
    )
    row = ColumnMappingRow(
        href="/import/columns/3f",
        meaning=Text("发货", "shipments"),
        headings=headings,
        columns=(("轴", Text("盘号", "units")), ("缆长", length)),
        by="王丽",
        at=_AT,
    )
    return {
        "columns-kind": first,
        "columns-asked": asked,
        "columns-wrong": wrong,
        "columns-remembered": replace(asked, sheet="", asked=asked.asked[:1], back_href="/import/columns"),
        "columns-none": ColumnMappingsPage(frame=at),
        "columns-list": ColumnMappingsPage(frame=at, rows=(row, replace(row, meaning=None, columns=()))),
    }


# --- ledger ----------------------------------------------------------------------------------------------------


def _ledger(language: Language) -> dict[str, Page]:
    origin = "trace.example/ledger"
    root = "mCkYkbMz5WPhTtuKnmHuWa0Vb5X8dCwPMC2kZcHjH1s="
    full = LedgerPage(
        frame=frame(language, "/ledger"),
        answer=Answer(
            "fine",
            Text(
                "序号 48,189 及以前，谁也不能悄悄改写", "Up to index 48,189 nobody can rewrite history unseen"
            ),
            Text(
                "见证人已会签前 48,190 条；其后有 24 条尚未会签。",
                "Witnesses have cosigned the first 48,190 entries; after them 24 are not cosigned yet.",
            ),
        ),
        origin=origin,
        vkey=f"{origin}+5a1f03c2+AZ0mL0m1tW3VJ8pQ0b4m3o4h7e2k9c5d8f1a6b0c3d2e",
        size=48_214,
        root=root,
        checkpoint=f"{origin}\n48214\n{root}\n\n— {origin} Wh8DwpQ1kE0m3r8t5y7u2i9o0p1a2s3d4f5g6h7j8k9l0z1x2c3v4b5n6m7Q==\n",
        witnesses=(
            Witness(
                name="witness.example/association", size=48_190, at=_AT, age=Text("3 分钟前", "3 min ago")
            ),
            Witness(name="witness.example/grid", size=None, at=None),
        ),
        query="48213",
        proven=Proven(
            event_id="0196a3c4-7f00-7c11-9a55-3d2f5b1c7e90",
            index=48_213,
            at=_AT,
            entry_hash="9f2c41d7" * 8,
            proof_href="/api/v1/events/x/proof",
            entry_href="/api/v1/events/x/entry",
            payload_href="/api/v1/events/x/payload",
        ),
    )
    empty = LedgerPage(
        frame=replace(frame(language, "/ledger", role=Role.PUBLIC), as_of=None),
        answer=Answer(
            "unknown",
            Text("还没有见证人会签", "No witness has cosigned yet"),
            Text(
                "此前的历史只由本平台自己的签名担保。",
                "Until then history rests on the platform's own signature alone.",
            ),
        ),
        origin=origin,
        vkey=full.vkey,
        size=0,
        root="47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        checkpoint=None,
    )
    missing = replace(
        full,
        query="99999",
        proven=None,
        problems=(
            Problem(
                "not-found",
                Text("账本上没有第 99,999 条", "The ledger has no index 99,999"),
                came="99999",
            ),
        ),
    )
    contradicted = replace(
        full,
        answer=Answer(
            "stop",
            Text(
                "见证人 witness.example/grid 所存的历史与本账本不同",
                "Another history than this ledger's is held by the witness witness.example/grid",
            ),
            Text(
                "账本可能被回退或改写，也可能是见证人有误。",
                "The ledger may have been set back or rewritten.",
            ),
        ),
        witnesses=(
            full.witnesses[0],
            Witness(
                name="witness.example/grid",
                size=48_300,
                at=_AT,
                age=Text("3 分钟前", "3 min ago"),
                contradiction=Text(
                    "见证人已会签 48300 条，本账本只有 48214 条：账本可能被回退或截短",
                    "it has cosigned 48300 entries, this ledger has 48214: the ledger may have been set back or cut",
                ),
            ),
            Witness(name="witness.example/idle", size=47_000, at=_AT, silent=True),
        ),
    )
    return {
        "ledger-full": full,
        "ledger-empty": empty,
        "ledger-missing": missing,
        "ledger-contradicted": contradicted,
        "ledger-stopped": replace(
            full,
            hindered=Answer(
                "stop",
                Text(
                    "账本已停止写入，已记录的内容不受影响",
                    "The ledger has stopped writing; what is recorded is safe",
                ),
                Text(
                    "原因：the disk has failed。排除后运行 cabletrace verify，再重新启动服务。",
                    "Why: the disk has failed. Put that right, run cabletrace verify, then start the service anew.",
                ),
            ),
        ),
    }


# --- public ----------------------------------------------------------------------------------------------------


def _public(language: Language) -> dict[str, Page]:
    at = frame(language, "/c", role=Role.PUBLIC)
    facts = PublicFacts(
        is_unit=True,
        unit=12,
        designation="YJV-0.6/1kV 4×35+1×16",
        product="交联聚乙烯绝缘聚氯乙烯护套电力电缆",
        standard="GB/T 12706.1-2020",
        maker=_MAKER,
        lot="HZ260301-111",
        produced_on=date(2026, 3, 1),
        length_mm=500_000,
        certificate=_certificate(),
        recalls=(),
        tests=(
            PublicTest(
                type="factory",
                title=Text("出厂检验", "Factory test"),
                by=_MAKER,
                on=date(2026, 3, 2),
                number="HZ-CJ-2603-0117",
                standing=Standing("fine", Text("自检合格", "passed by the maker's own test")),
                sampled_unit=12,
                same_unit=True,
            ),
            PublicTest(
                type="commissioned",
                title=Text("委托检验", "Commissioned test"),
                by="周口市例证检验检测中心",
                on=date(2026, 4, 20),
                number="LZ-JD-2604-0033",
                standing=Standing("fine", Text("报告合格", "passed by the report")),
                sampled_unit=3,
                same_unit=False,
            ),
        ),
        unpublished=UNPUBLISHED,
        cannot_know=CANNOT_KNOW,
    )
    checks = PublicChecks(
        times=3, first_on=date(2026, 4, 21), first_region="411600", first_region_name="河南省周口市"
    )
    copy = PublicCopy(unit=12, on=date(2026, 4, 28), region="440100", region_name="广东省广州市")
    recall = PublicRecall(
        number="ZH-2026-004",
        since=date(2026, 4, 30),
        reason="护套厚度不足",
        remedy=REMEDIES["return"],
        instructions="凭购货凭证到购买处退货，运费由生产企业承担。",
        ordered=True,
        units=((10, 14),),
    )
    issued = PublicPage(frame=at, outcome="issued", code=_UNIT, facts=facts, checks=checks)
    batch = replace(
        facts,
        is_unit=False,
        unit=None,
        maker=_LONG,
        standard=None,
        length_mm=8_000_000,
        certificate=None,
        tests=(),
        unpublished=None,
        cannot_know=(ONLY_THE_BATCH, *CANNOT_KNOW),
    )
    return {
        "public-issued": issued,
        "public-recalled": replace(issued, outcome="recalled", facts=replace(facts, recalls=(recall,))),
        "public-copied": replace(
            issued, outcome="copied", checks=replace(checks, times=41), facts=replace(facts, copy=copy)
        ),
        "public-recalled-and-copied": replace(
            issued, outcome="recalled", facts=replace(facts, copy=copy, recalls=(recall,))
        ),
        "public-place-stated": replace(issued, stated="河南省周口市"),
        "public-place-wrong": replace(
            issued,
            place="东关",
            place_problems=(
                Problem(
                    "unknown-region",
                    Text("没有叫这个名称的地区", "no region has this name"),
                    where="/place",
                    came="东关",
                ),
            ),
        ),
        "public-batch": PublicPage(frame=at, outcome="issued", code=_CODE, facts=batch),
        "public-not-issued": PublicPage(frame=at, outcome="not-issued", code="7K3Q-F9TW-000C-AAAA-AR2K"),
        "public-reserved": PublicPage(frame=at, outcome="reserved", code="7K3Q-F9TW-000C-AAAA-AR2K"),
        "public-mistyped": PublicPage(frame=at, outcome="mistyped", code="7K3QF-9TWZA"),
        "public-mistyped-explained": PublicPage(
            frame=at,
            outcome="mistyped",
            code="7K3QF",
            problems=(
                Problem(
                    "wrong-trace-code",
                    Text("只有 5 位，应为 10 位或 20 位。", "5 characters; there should be 10 or 20."),
                    came="7K3QF",
                ),
            ),
        ),
        "public-ask": PublicPage(frame=at, outcome="ask"),
    }


# --- what people enter ----------------------------------------------------------------------------------------


def _fields(form: Form, typed: Mapping[str, str]) -> tuple[Field | FieldRows, ...]:
    return fields_of(form, typed, Directory.empty())


def _by_hand(language: Language) -> dict[str, Page]:
    at = frame(language, "/batches/7K3QF9TWZX/record/split", Role.DISTRIBUTOR)
    unit = UnitRow(
        first=1,
        last=4,
        length_mm=500_000,
        state="held",
        region="411603",
        region_name=_named("河南省周口市淮阳区"),
        holder=_named(_MAKER),
        project_name="",
        others=False,
    )
    typed = {
        "occurred_at": "2026-05-02",
        "body/unit": "5",
        "body/pieces/0/unit": "21",
        "body/pieces/0/length_mm": "300",
        "body/pieces/1/unit": "22",
        "body/pieces/1/length_mm": "260",
    }
    split = RecordPage(
        frame=at,
        title=FORMS["split"].title,
        intro=FORMS["split"].intro,
        about="YJV-0.6/1kV 4×35+1×16",
        about_line=Text(f"批号 HZ260301-111 · {_LONG}", f"lot HZ260301-111 · {_LONG}"),
        about_href="/batches/7K3QF9TWZX",
        code=_CODE,
        action="/batches/7K3QF9TWZX/record/split",
        fields=_fields(FORMS["split"], {"occurred_at": "2026-05-02"}),
        button=RECORD,
        hidden={"id": "0196a3c4-7f00-7c11-9a55-3d2f5b1c7e90"},
        units=(
            UnitChoice(row=unit, href="?unit=1"),
            UnitChoice(
                row=replace(unit, first=5, last=5, length_mm=250_000, holder=_named(_LONG)), href="?unit=5"
            ),
        ),
        loose=(_where()[0],),
    )
    too_much = Problem(
        "more-than-is-left",
        Text("需要 560 m，余量只有 250 m", "560 m are wanted, only 250 m are left"),
        where="/body/pieces",
        came="560",
        remedy=Text("核对盘号与长度", "check the unit and the length"),
    )
    held = Problem(
        "goods-held",
        Text("5 号盘（卷）正被查封（周市监封〔2026〕12号）", "unit 5 is sealed (周市监封〔2026〕12号)"),
        where="/body/unit",
        came="5",
        remedy=Text(
            "货物留在原处；由作出措施的机关解除后再动",
            "leave the goods where they are until they are released",
        ),
    )
    measure = replace(
        split,
        frame=frame(language, "/batches/7K3QF9TWZX/record/measure"),
        title=NEW_MEASURE.title,
        intro=NEW_MEASURE.intro,
        fields=_fields(NEW_MEASURE, {"occurred_at": "2026-05-02", "body/against": "李某家庭作坊"}),
        holds=(_hold(),),
        loose=(),
        problems=(
            Problem(
                "unknown-reference",
                Text("没有登记过叫这个名称的单位或个人", "nobody of this name is registered"),
                where="/body/against",
                came="李某家庭作坊",
            ),
        ),
        may_introduce=True,
    )
    found = replace(
        measure,
        title=FORMS["inspection"].title,
        intro=FORMS["inspection"].intro,
        about="",
        code="",
        holds=(),
        units=(),
        fields=_fields(replace(FORMS["inspection"], parts=(*GOODS, *FORMS["inspection"].parts)), {}),
        problems=(),
        may_introduce=False,
    )
    reply = replace(
        found,
        title=FORMS["notice-reply"].title,
        intro=FORMS["notice-reply"].intro,
        about=f"{_LONG} 周市监函〔2026〕8号",
        said="请排查本批 5 号盘是否已敷设。\n五日内反馈。",
        fields=_fields(FORMS["notice-reply"], {}),
    )
    acceptance = replace(
        split,
        frame=frame(language, "/batches/7K3QF9TWZX/record/acceptance", Role.CONTRACTOR),
        title=FORMS["acceptance"].title,
        intro=FORMS["acceptance"].intro,
        fields=_fields(
            FORMS["acceptance"], {"occurred_at": "2026-05-02", "body/units": "1-4", "body/result": "reject"}
        ),
        attaches=True,
    )
    testing = replace(
        split,
        frame=frame(language, "/batches/7K3QF9TWZX/record/testing", Role.LABORATORY),
        title=FORMS["testing"].title,
        intro=FORMS["testing"].intro,
        fields=_fields(
            FORMS["testing"],
            {
                "occurred_at": "2026-05-02",
                "body/items/0/indicator": "导体电阻",
                "body/items/0/value": "0.8412",
                "body/items/0/unit": "MPa",
                "body/items/0/core": "主线芯",
                "body/items/0/declared": "pass",
            },
        ),
        units=(),
        loose=(),
        problems=(
            Problem(
                "indicator-misfit",
                Text("计量单位与检测项目“导体电阻”不符，应为 Ω/km", "the unit of measure does not fit: wanted Ω/km"),
                where="/body/items/0/unit",
                came="MPa",
            ),
        ),
        attaches=True,
    )  # fmt: skip
    use = _events()[1]
    correct = CorrectPage(
        frame=frame(language, "/events/x/correct", Role.CONTRACTOR),
        action="/events/x/correct",
        intro=FORMS["use"].intro,
        fields=_fields(FORMS["use"], {"occurred_at": "2026-04-30", "body/length_mm": "1,250"}),
        button=Text("看看会怎样", "See what will follow"),
        event=replace(use, correction=None),
        recorded=_events()[2].documents,
        dropped=frozenset({"5a" * 32}),
        attaches=True,
        back=Link("/batches/7K3QF9TWZX", Text("返回批次", "Back to the batch")),
    )
    row = _where()[1]
    checked = replace(
        correct,
        checked=True,
        hidden={"reason": "抄错了米标，实际 1,215 m", "id": "x"},
        button=Text("记录更正", "Record the correction"),
        differences=(
            Difference(label=Text("长度（米）", "Length (m)"), before=_named("1,250"), after=_named("1,215")),
            Difference(
                label=Text("照片和文件", "Photos and papers"),
                before=_named("3号楼进场_盘号1_外观.jpg\n监理见证取样单 FY-0032.pdf"),
                after=_named("3号楼进场_盘号1_外观.jpg"),
            ),
        ),
        changes=(
            Change(row, 2_730_500, 2_695_500),
            Change(replace(row, state="project"), 1_400_000, 1_435_000),
        ),
        marks=(Text("账上不在该项目", "not at the project by the books"),),
    )
    goods = GoodsRow(
        id="0f",
        marks="YJV 3×95 0.6/1kV，无厂名，合格证为复印件",
        nominal_maker=_LONG,
        designation="YJV 0.6/1kV 3×95",
        quantity="17 卷",
        length_mm=1_700_000,
        holder=registry.PartyLink("0e", "李某家庭作坊"),
        region="411602",
        region_name=_named("河南省周口市川汇区"),
        batch="7K3QF9TWZX",
        batch_printed=_CODE,
        maker=registry.PartyLink("0f", _MAKER),
        index=48_100,
    )
    bare = replace(
        goods,
        nominal_maker="",
        designation="",
        quantity="",
        length_mm=None,
        holder=None,
        batch="",
        maker=None,
    )
    at_goods = frame(language, "/goods/0f")
    return {
        "record-split": split,
        "record-split-wrong": replace(
            split,
            fields=_fields(FORMS["split"], typed),
            problems=(too_much,),
            grounds=grounds_of((too_much,)),
        ),
        "record-split-asks": replace(
            split,
            fields=_fields(FORMS["split"], typed),
            problems=(held,),
            grounds=grounds_of((held,)),
            may_have_happened=True,
            holds=(_hold(),),
            units=(),
            loose=(),
            in_hand=True,
        ),
        "record-measure": measure,
        "record-acceptance": acceptance,
        "record-testing-wrong": testing,
        "record-goods": found,
        "record-reply": reply,
        "record-alert-finding": replace(
            reply,
            title=FORMS["alert-finding"].title,
            intro=FORMS["alert-finding"].intro,
            about=_CODE,
            about_line=Text(
                "几处查验对不上，12 号盘（卷），2 处", "checked in places that do not fit, unit 12, 2 places"
            ),
            said=_SUSPECTED.zh if language == "zh" else _SUSPECTED.en,
            action="/events/0e/finding",
            fields=_fields(FORMS["alert-finding"], {}),
        ),
        "correct": correct,
        "correct-checked": checked,
        "correct-void": replace(checked, is_void=True, was_void=True, differences=(), changes=(), marks=()),
        "goods-full": GoodsPage(
            frame=at_goods,
            found=GoodsReading(goods=goods, events=()),
            events=_events()[:2],
            record=_RECORD,
            lend_href="/grants?goods=1",
        ),
        "goods-bare": GoodsPage(frame=at_goods, found=GoodsReading(goods=bare, events=())),
    }


def _submissions(language: Language) -> dict[str, Page]:
    at = frame(language, "/report", role=Role.PUBLIC)
    form = SUBMISSIONS["complaint"]
    state = SubmissionState(
        number="7K3Q-F9TW-ZX41",
        kind="complaint",
        title=Text("投诉", "complaint"),
        received_at=_AT,
        state="received",
        standing=RECEIVED,
        region="411602",
        region_name=_named("河南省周口市川汇区"),
    )
    submit = SubmitPage(
        frame=at,
        title=form.title,
        intro=form.intro,
        action="/report/complaint",
        fields=_fields(form, {}),
        button=form.button,
        other=Link("/report/report", Text("举报", "report")),
    )
    found = SubmissionReading(
        state=replace(state, standing=_FINE),
        event_id="x",
        index=48_200,
        said="买的 2.5 平方电线，量出来只有 2.1。\n商家不退。",
        wants="refund",
        against=_LONG,
        place="五一路建材市场 12 号",
        occurred_at=_AT,
        complainant="某女士",
        phone="000-0000-0000",
        subject=Text(f"批次 {_CODE}", f"batch {_CODE}"),
        subject_href="/batches/7K3QF9TWZX",
        unit=5,
        answered_by="模拟市市场监督管理局示范分局",
    )
    wrong = Problem(
        "wrong-receipt-number", Text("回执号应为 12 位，请核对", "12 characters"), where="/number", came="7K3"
    )
    missing = Problem(
        "wrong-input", Text("请填写「联系电话」", "“Phone number” is wanted"), where="/body/complainant/phone"
    )
    officer = frame(language, "/submissions")
    return {
        "report": ReportPage(
            frame=at, code=_CODE, complaint_href="/report/complaint", report_href="/report/report"
        ),
        "report-signed-in": ReportPage(frame=frame(language, "/report", Role.OPERATOR)),
        "submit": submit,
        "submit-wrong": replace(submit, fields=_fields(form, {"body/text": found.said}), problems=(missing,)),
        "receipt-fresh": ReceiptPage(frame=at, state=state, fresh=True),
        "receipt": ReceiptPage(
            frame=at, state=replace(state, standing=Standing("fine", Text("已调解", "mediated")))
        ),
        "receipt-ask": ReceiptPage(frame=at),
        "receipt-wrong": ReceiptPage(frame=at, typed="7K3", problems=(wrong,)),
        "submission": SubmissionPage(
            frame=officer, found=found, wants=Text("退货退款", "money back"), reply_href="/events/x/reply"
        ),
        "submission-anonymous": SubmissionPage(
            frame=officer,
            found=replace(
                found, complainant="", phone="", wants="", against="", place="", unit=None, answered_by=""
            ),
        ),
    }


# --- offices ---------------------------------------------------------------------------------------------------


# --- one event, and persons --------------------------------------------------------------------------------------


def _happening() -> Happening:
    return Happening(
        index=48_120,
        event_id="0196a000-0000-7000-8000-000000000007",
        kind="acceptance",
        title=Text("验收", "acceptance"),
        what=Text("验收 1–3 号盘（卷），准予进场", "units 1–3 accepted"),
        occurred_at=_AT,
        by_day=True,
        recorded_at=_AT,
        late=False,
        party="0c",
        who=_LONG,
        entered_by="",
        region="411627",
        place=Text("河南省周口市太康县", "河南省周口市太康县"),
        marks=(),
        persons=(),
        documents=(),
    )


def _persons(language: Language) -> dict[str, Page]:
    happening = _happening()
    values = (
        PersonalValue(
            pointer="/by/0/name", label=PARTS["acceptor"], value="示例甲", locked=True, erased=None
        ),
        PersonalValue(
            pointer="/by/1/name", label=PARTS["witness"], value="示例乙", locked=False, erased=None
        ),
        PersonalValue(
            pointer="/by/2/name",
            label=PARTS["keeper"],
            value=None,
            locked=False,
            erased=Erased(48_200, GROUNDS["consent-withdrawn"]),
        ),
        PersonalValue(pointer="/by/3/name", label=PARTS["other"], value=None, locked=False, erased=None),
    )
    found = events.EventPage(
        happening=happening,
        batch="7K3QF9TWZX",
        about=None,
        corrected_by="0196a000-0000-7000-8000-000000000009",
        persons=values,
        may_erase=True,
        entry=b"{}",
        entry_hash=bytes(range(32)),
        recorded_at=_AT,
        payload=b"{}",
        streams=(),
    )
    event = Event(index=48_120, kind="acceptance", what=happening.what, at=_AT, by_day=True, who=_LONG)
    here = f"/events/{happening.event_id}"
    deed = Deed(
        name="示例甲",
        role="acceptor",
        part=PARTS["acceptor"],
        happening=happening,
        batch="7K3QF9TWZX",
        printed=_CODE,
        lot="HZ260301-111",
        projects=(ProjectName("0d", "模拟市东城区配电网改造工程（二期）"),),
        corrected=True,
    )
    erase = ErasePage(
        frame=frame(language, f"{here}/erase"),
        event=event,
        back_href=here,
        fields=(("/by/1/name", Text("见证人：示例乙", "witness: 示例乙")),),
        locked=(PARTS["acceptor"],),
        grounds=tuple(GROUNDS.items()),
        typed={"id": "0196a000-0000-7000-8000-000000000008"},
    )
    return {
        "event-full": EventPage(
            frame=frame(language, here), found=found, event=event, batch=_CODE, erase_href=f"{here}/erase"
        ),
        "event-bare": EventPage(
            frame=frame(language, here),
            found=replace(
                found,
                batch=None,
                about=happening.event_id,
                corrected_by=None,
                persons=(),
                may_erase=False,
                payload=None,
            ),
            event=event,
        ),
        "erase": erase,
        "erase-wrong": replace(
            erase,
            problems=(
                Problem(
                    "wrong-input", Text("请勾选要删除的项", "tick what is to be erased"), where="/pointers"
                ),
                Problem("wrong-input", Text("请选择理由", "choose the ground"), where="/ground"),
            ),
        ),
        "erase-nothing": replace(erase, fields=()),
        "persons": PersonsPage(frame=frame(language, "/persons")),
        "persons-found": PersonsPage(
            frame=frame(language, "/persons"),
            name="示例甲",
            deeds=(deed, replace(deed, batch=None, printed="", lot="", projects=(), corrected=False)),
            next_href="/persons?name=%E7%A4%BA%E4%BE%8B%E7%94%B2&after=48120",
        ),
        "persons-nobody": PersonsPage(frame=frame(language, "/persons"), name="示例丁"),
    }


def _people(language: Language) -> dict[str, Page]:
    at = frame(language, "/accounts", Role.OPERATOR)
    return people(at, frame(language, "/join/x", Role.PUBLIC), at=_AT, long=_LONG, maker=_MAKER)


def _offices(language: Language) -> dict[str, Page]:
    actions = (
        ("record:production", Text("生产", "record production")),
        ("read:batch", Text("查看批次", "see a batch")),
    )
    at = frame(language, "/accounts", Role.OPERATOR)
    keys = KeysPage(
        frame=replace(at, path="/keys"),
        keys=(
            KeyRow(
                prefix="ct_4f9a",
                label="产线 MES",
                actions=(actions[0][1], actions[1][1]),
                created_at=_AT,
                last_used_at=_AT,
                expires_on=date(2027, 5, 2),
                standing=_FINE,
                revoke_href="/keys/1/revoke",
            ),
            KeyRow(
                prefix="ct_0b11",
                label=_LONG,
                actions=(actions[1][1],),
                created_at=_AT,
                last_used_at=None,
                expires_on=date(2026, 12, 31),
                standing=Standing("stop", Text("已吊销", "Revoked")),
            ),
        ),
        actions=actions,
        fresh_label="产线 MES",
        fresh_key="ct_4f9a_9sQ2w7Xk3LmN8vB5cR1tY6uP0aD4fG",
    )
    no_label = Problem("wrong-input", Text("请填写名称", "Give it a name"), where="/label")
    no_action = Problem("wrong-input", Text("至少勾一项权限", "Tick at least one"), where="/actions")
    different = Problem(
        "wrong-input", Text("两次输入的新密码不一样", "the new passwords differ"), where="/again"
    )
    return {
        "signing-keys-full": SigningKeysPage(frame=replace(at, path="/signing-keys"), keys=_signing_keys()),
        "signing-keys-wrong": SigningKeysPage(
            frame=replace(at, path="/signing-keys"),
            typed={"public_key": "AAAA", "valid_from": "2026-05-02", "valid_to": "2028-05-01"},
            problems=(
                Problem(
                    "key-unusable",
                    Text("不是 Ed25519 公钥", "this is no Ed25519 public key"),
                    where="/public_key",
                    came="AAAA",
                ),
            ),
        ),
        **samples_of_grants(at),
        "keys-full": keys,
        "keys-wrong": replace(keys, keys=(), fresh_key="", problems=(no_label, no_action)),
        "password": PasswordPage(frame=replace(at, path="/password")),
        "password-wrong": PasswordPage(frame=replace(at, path="/password"), problems=(different,)),
    }


def _signing_keys() -> tuple[SigningKey, ...]:
    """One in use, one taken back; public keys of the test vectors of RFC 8032 §7.1."""
    return (
        SigningKey(
            id="6f4c1f2e-6a4b-5d0e-9a55-3c6f2f5d7a10",
            public_key="PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
            valid_from=date(2026, 5, 2),
            valid_to=date(2028, 5, 1),
            revoked=False,
            index=1204,
            today=_FINE,
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
