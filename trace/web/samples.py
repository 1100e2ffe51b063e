"""Invented pages: each template empty, full, with long names and with mistakes; development and tests only.

Nobody named here exists. Lengths add up, so that what is looked at is also what could be true.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from ..errors import Problem, Text
from .navigation import menu, navigation
from .views import (
    Account,
    AccountRow,
    AccountsPage,
    Added,
    AlertRow,
    AlertsPage,
    Answer,
    ApiPage,
    AsOf,
    Attention,
    BatchPage,
    BatchRow,
    Certificate,
    Choice,
    Column,
    ComponentsPage,
    DeskPage,
    ErrorPage,
    Event,
    Facet,
    Frame,
    Hit,
    Holding,
    ImportFile,
    ImportPage,
    ImportRow,
    KeyRow,
    KeysPage,
    LedgerPage,
    Leg,
    Link,
    Mark,
    Page,
    Pager,
    PastImport,
    Place,
    Progress,
    ProjectRow,
    Proven,
    PublicCard,
    PublicPage,
    PublicTest,
    Question,
    Recall,
    RegionRow,
    SearchPage,
    Sheet,
    SignInPage,
    Standing,
    Stop,
    TestItem,
    TestReport,
    TracePage,
    UnitRow,
    Witness,
)
from .words import Language

_AT = datetime(2026, 5, 2, 0, 30, tzinfo=UTC)
_AS_OF = AsOf(48_213, _AT)
_MAKER = "周口市禾泽示范电缆有限公司"
_LONG = "周口市川汇区黄淮平原示范新材料与特种电线电缆智能制造产业集群有限责任公司第三生产基地"
_CODE = "7K3QF-9TWZX"
_UNIT = "7K3Q-F9TW-000C-M4XN-8R2E"
_FINE = Standing("fine", Text("有效", "Valid"))
_PASSED = Standing("fine", Text("合格", "Passed"))
_FAILED = Standing("stop", Text("不合格", "Failed"))


def frame(language: Language, path: str, roles: tuple[str, ...] = ("regulator",)) -> Frame:
    """The frame around a sample: a regulator's, or a visitor's without roles."""
    signed_in = Account("王丽", "模拟市市场监督管理局示范分局", Text("监管人员", "Regulator"))
    return Frame(
        language=language,
        path=path,
        language_href="?lang=zh" if language == "en" else "?lang=en",
        version="0.1.0",
        as_of=_AS_OF,
        account=signed_in if roles else None,
        navigation=navigation(roles) if roles else (),
        menu=menu(roles) if roles else (),
        form_token="0f3c",  # noqa: S106 (invented)
    )


def samples(language: Language) -> dict[str, Page]:
    """Every sample by a name that says what is looked at."""
    pages: dict[str, Page] = {}
    for group in (_doors, _desk_and_search, _batch_and_trace, _imports, _ledger, _public, _offices):
        pages.update(group(language))
    pages["components"] = components(language)
    return pages


def components(language: Language) -> ComponentsPage:
    batch_and_trace = _batch_and_trace(language)
    batch, trace = batch_and_trace["batch-full"], batch_and_trace["trace-full"]
    checked = _imports(language)["import-checked"]
    if not (
        isinstance(batch, BatchPage) and isinstance(trace, TracePage) and isinstance(checked, ImportPage)
    ):
        raise TypeError("samples are misnamed")
    checked = replace(checked, progress=_progress())
    return ComponentsPage(
        frame=frame(language, "/dev/components"), batch=batch, trace=trace, checked=checked, wrong=_wrong()
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


def _progress() -> Progress:
    return Progress(
        title=Text("导入 factory-register.xlsx", "Importing factory-register.xlsx"),
        unit=Text("行", "rows"),
        done=3_200,
        total=10_000,
        seconds_left=95,
        href="/import/3f",
    )


# --- sign in, errors -------------------------------------------------------------------------------------------


def _doors(language: Language) -> dict[str, Page]:
    nobody = frame(language, "/sign-in", roles=())
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
            title=Text("没有找到", "Not found"),
            problems=(),
        ),
        "api": ApiPage(frame=frame(language, "/docs")),
    }


# --- desk, search, alerts --------------------------------------------------------------------------------------


def _alerts() -> tuple[AlertRow, ...]:
    return (
        AlertRow(
            rule="declared-verdict-contradicts-values",
            title=Text("报告自称合格，测量值却不合格", "Declared passed, but the values fail"),
            detail=Text(
                "导体电阻（20 ℃）实测 7.98 Ω/km，限值 7.41 Ω/km；报告结论写「合格」。",
                "Conductor resistance at 20 °C: 7.98 Ω/km against a limit of 7.41 Ω/km; the report says passed.",
            ),
            standing=Standing("stop", Text("严重", "Severe")),
            subject="HZ260301-111 · BV 2.5",
            href="/alerts/1",
            region="太康县 411627",
            at=_AT,
            index=48_001,
            stage=Text("未处理", "Open"),
        ),
        AlertRow(
            rule="receipt-without-dispatch",
            title=Text("收货没有对应的发货", "Received without a dispatch"),
            detail=Text(
                "收货方登记了 1 盘 500 m，生产企业没有发货记录。",
                "The receiver recorded 1 drum of 500 m; the maker recorded no dispatch.",
            ),
            standing=Standing("attention", Text("注意", "Attention")),
            subject=f"HZ260302-003 · {_LONG}",
            href="/alerts/2",
            region="太康县 411627",
            at=_AT - timedelta(days=1, hours=3),
            index=47_880,
            stage=Text("已分派", "Assigned"),
        ),
    )


def _desk_and_search(language: Language) -> dict[str, Page]:
    rows = (
        BatchRow(
            code=_CODE,
            href="/batches/x",
            lot="HZ260301-111",
            designation="YJV-0.6/1kV 4×35+1×16",
            maker=_MAKER,
            produced_on=date(2026, 3, 1),
            length_mm=8_000_000,
            standing=Standing("fine", Text("正常", "Fine")),
        ),
        BatchRow(
            code="M2C8D-41VHA",
            href="/batches/y",
            lot="HZ260302-003",
            designation="WDZB1-YJY23-8.7/15kV 3×240",
            maker=_LONG,
            produced_on=date(2026, 3, 2),
            length_mm=1_000_500,
            standing=Standing("stop", Text("查封", "Seized")),
        ),
        BatchRow(
            code="0R7TB-ZZ3E5",
            href="/batches/z",
            lot="HZ260302-030",
            designation="BV 2.5",
            maker=_MAKER,
            produced_on=None,
            length_mm=100_000,
            standing=Standing("attention", Text("待核", "To be checked")),
        ),
    )
    desk = frame(language, "/")
    search = frame(language, "/search")
    facets = (
        Facet(
            Text("类型", "Kind"),
            (
                Choice(Text("批次", "Batches"), "#", True, 121),
                Choice(Text("企业", "Companies"), "#", False, 3),
                Choice(Text("项目", "Projects"), "#", False, 2),
            ),
        ),
        Facet(
            Text("地区", "Region"),
            (
                Choice(Text("川汇区 411602", "Chuanhui 411602"), "#", False, 64),
                Choice(Text("太康县 411627", "Taikang 411627"), "#", False, 31),
            ),
        ),
    )
    hits = (
        Hit(
            kind=Text("批次", "Batch"),
            icon="production",
            title="YJV-0.6/1kV 4×35+1×16",
            href="/batches/x",
            facts=("批号 HZ260301-111", _MAKER, "8,000 m"),
            code=_CODE,
            standing=Standing("fine", Text("正常", "Fine")),
            at=_AT,
        ),
        Hit(
            kind=Text("企业", "Company"),
            icon="party",
            title=_LONG,
            href="/parties/x",
            facts=("914116034J1417770M", "川汇区 411602"),
        ),
        Hit(
            kind=Text("项目", "Project"),
            icon="project",
            title="太康县示范路安置小区配电工程",
            href="/projects/x",
            facts=("太康县 411627", "12 批货到场"),
        ),
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
    return {
        "desk-full": DeskPage(
            frame=desk, attention=waiting, jobs=(_progress(),), recent=rows, alerts=_alerts()
        ),
        "desk-empty": DeskPage(frame=frame(language, "/", roles=("manufacturer",))),
        "search-full": SearchPage(
            frame=search,
            query="YJV 4×35",
            hits=hits,
            facets=facets,
            sorts=(
                Choice(Text("最相关", "Best match"), "#", True),
                Choice(Text("最新", "Newest"), "#"),
            ),
            pager=pager,
            current_to=_AS_OF,
        ),
        "search-nothing": SearchPage(
            frame=search, query="YJV 4*3S", suggestion="YJV 4×35", suggestion_href="?q=YJV", current_to=_AS_OF
        ),
        "search-unasked": SearchPage(frame=search),
        "alerts-full": AlertsPage(
            frame=frame(language, "/alerts"),
            alerts=_alerts(),
            facets=facets,
            pager=pager,
            export_href="/alerts.xlsx",
        ),
        "alerts-empty": AlertsPage(frame=frame(language, "/alerts")),
    }


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


def _regions() -> tuple[RegionRow, ...]:
    return (
        RegionRow("411603", "周口市淮阳区", {"held": 2_250_000, "scrapped": 12_250, "sold": 100_000}, "?r=1"),
        RegionRow("411627", "太康县", {"project": 1_400_000, "used": 2_730_500, "sampled": 19_500}, "?r=2"),
        RegionRow("341202", "阜阳市颍州区", {"transit": 1_100_000, "seized": 300_000}, "?r=3"),
        RegionRow("410105", "郑州市金水区", {"unexplained": 87_750}),
    )


def _certificate() -> Certificate:
    return Certificate(
        number="2021010105416062",
        kind=Text("强制性产品认证", "CCC certificate"),
        at_production=_FINE,
        now=Standing("attention", Text("暂停", "Suspended")),
        produced_on=date(2026, 3, 1),
        valid_until=date(2026, 11, 30),
        href="/certificates/x",
    )


def _tests() -> tuple[TestReport, ...]:
    resistance = TestItem(
        indicator=Text("导体电阻（20 ℃）", "Conductor resistance at 20 °C"),
        core="红",
        value="0.518",
        unit="Ω/km",
        limit="≤ 0.524",
        source="GB/T 3956-2008 表 2",
        standing=_PASSED,
    )
    return (
        TestReport(
            number="HZ-CJ-2603-0117",
            kind=Text("出厂检验", "Factory test"),
            laboratory=_MAKER,
            tested_on=date(2026, 3, 2),
            unit=_UNIT,
            standing=_PASSED,
            items=(
                resistance,
                replace(
                    resistance,
                    indicator=Text("绝缘厚度（平均）", "Insulation thickness, mean"),
                    core="",
                    value="0.94",
                    unit="mm",
                    limit="≥ 0.9",
                    source="GB/T 12706.1-2020 表 5",
                ),
            ),
        ),
        TestReport(
            number="LZ-JD-2604-0033",
            kind=Text("监督抽查", "Supervision test"),
            laboratory="周口市例证检验检测中心",
            tested_on=date(2026, 4, 20),
            unit="7K3Q-F9TW-000F-2B7Y-Q1VC",
            standing=_FAILED,
            declared=Text("合格", "passed"),
            items=(replace(resistance, value="0.561", standing=_FAILED),),
            same_unit=False,
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
            place="太康县 411627",
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
            place="太康县 411627",
            proof_href="/ledger?q=47020",
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
            place="太康县 411627",
            proof_href="/ledger?q=46900",
        ),
        Event(
            index=41_877,
            kind="production",
            what=Text("生产 8,000 m，16 盘，每盘 500 m", "Produced 8,000 m on 16 drums of 500 m"),
            at=datetime(2026, 2, 28, 16, 0, tzinfo=UTC),
            by_day=True,
            who=_MAKER,
            place="周口市淮阳区 411603",
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
        standard="GB/T 12706.1-2020",
        maker=_MAKER,
        maker_href="/parties/x",
        produced_on=date(2026, 3, 1),
        produced_mm=8_000_000,
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
            Link("/recalls/new", Text("通知使用单位", "Notify users")),
        ),
        holdings=_holdings(),
        regions=_regions(),
        units=(
            UnitRow(
                first="1",
                last="4",
                count=4,
                length_mm=500_000,
                where="held",
                holder=_MAKER,
                place="淮阳区 411603",
            ),
            UnitRow(
                first="5",
                last="5",
                count=1,
                length_mm=250_000,
                where="seized",
                holder=_LONG,
                place="颍州区 341202",
            ),
        ),
        units_pager=Pager(first=1, last=2, total=16, next_href="?units=3"),
        certificate=_certificate(),
        tests=_tests(),
        alerts=_alerts(),
        events=_events(),
        orders=(
            Choice(Text("新的在前", "Newest first"), "?order=new", True),
            Choice(Text("旧的在前", "Oldest first"), "?order=old"),
        ),
        event_filter=Text("已抽样", "Sampled"),
        event_filter_off="?",
        trace_href="/trace/x",
        labels_href="/batches/x/labels.pdf",
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
        regions=(RegionRow("411603", "周口市淮阳区", {"held": 100_000}),),
        units=(),
        units_pager=None,
        certificate=None,
        tests=(),
        alerts=(),
        events=(),
        orders=(),
        event_filter=None,
        trace_href="",
        labels_href="",
    )
    maker = Place(
        key="maker",
        name=_MAKER,
        role=Text("生产企业", "Maker"),
        region="淮阳区 411603",
        stays=(Holding("held", 2_250_000), Holding("scrapped", 12_250), Holding("sold", 100_000)),
    )
    trader = Place(
        key="trader", name=_LONG, role=Text("经营企业", "Distributor"), region="颍州区 341202",
        stays=(Holding("transit", 1_100_000), Holding("seized", 300_000)),
    )  # fmt: skip
    site = Place(
        key="site",
        name="太康县示范路安置小区配电工程",
        role=Text("项目", "Project"),
        region="太康县 411627",
        stays=(Holding("project", 1_400_000), Holding("used", 2_730_500), Holding("sampled", 19_500)),
    )
    unknown = Place(
        key="unknown",
        name="金水区某经营部",
        role=Text("未确认", "Unconfirmed"),
        region="金水区 410105",
        stays=(Holding("unexplained", 87_750),),
    )
    trace = TracePage(
        frame=frame(language, "/trace/x"),
        subject=f"{batch.designation} · {batch.lot}",
        subject_href="/batches/x",
        direction="down",
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
        directions=(
            Choice(Text("向下", "Down"), "?direction=down", True),
            Choice(Text("向上", "Up"), "?direction=up"),
        ),
        places=(maker, trader, site, unknown),
        legs=(
            Leg(
                source="maker", target="trader", length_mm=2_250_000, word=Text("发货", "Dispatch"), href="#"
            ),
            Leg(source="maker", target="site", length_mm=3_450_000, word=Text("发货", "Dispatch"), href="#"),
            Leg(source="trader", target="site", length_mm=700_000, word=Text("发货", "Dispatch"), href="#"),
            Leg(source="trader", target="unknown", length_mm=87_750, word=Text("发货", "Dispatch"), href="#"),
            Leg(source="trader", target="maker", length_mm=62_250, word=Text("退货", "Return"), href="#"),
        ),
        regions=_regions(),
        projects=(
            ProjectRow(
                name="太康县示范路安置小区配电工程",
                owner="太康县示例城建有限公司",
                region="太康县 411627",
                arrived_mm=4_150_000,
                used_mm=2_730_500,
                circuits=9,
                href="/projects/x",
            ),
        ),
        stops=(
            Stop(
                place="金水区某经营部",
                region="郑州市金水区 410105",
                reason=Text("收货之后没有记录", "Nothing recorded after receipt"),
                length_mm=87_750,
                last_index=46_020,
                href="/ledger?q=46020",
            ),
        ),
        export_href="/trace/x.xlsx",
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
        directions=(),
        places=(replace(maker, stays=(Holding("held", 100_000),)),),
        legs=(),
        regions=(RegionRow("411603", "周口市淮阳区", {"held": 100_000}),),
        projects=(),
        stops=(),
        export_href="",
    )
    torn = replace(trace, direction="up", produced_mm=8_000_001)
    return {
        "batch-full": batch,
        "batch-bare": bare,
        "trace-full": trace,
        "trace-still": still,
        "trace-torn": torn,
    }


# --- import ----------------------------------------------------------------------------------------------------


def _imports(language: Language) -> dict[str, Page]:
    at = frame(language, "/import", roles=("manufacturer", "administrator"))
    choose = ImportPage(
        frame=at,
        stage="choose",
        limit_bytes=20_000_000,
        past=(
            PastImport(
                name="factory-register.xlsx",
                href="/import/1",
                at=_AT,
                who="王丽",
                standing=Standing("fine", Text("已写入 585 行", "585 rows recorded")),
            ),
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
        questions=(
            Question(
                name="maker",
                label=Text("这些批号是哪家企业的？", "Whose lots are these?"),
                hint=Text(
                    "文件没有写生产企业。填统一社会信用代码。",
                    "The file names no maker. Give its credit code.",
                ),
                example="914116034J1417770M",
            ),
        ),
        commit_href="/import/3f/commit",
        rows_href="/import/3f/rows.xlsx",
    )
    clean = replace(
        checked,
        files=(replace(files[1], sheets=(replace(files[1].sheets[0], bad=0),)),),
        rows=(),
        rows_pager=None,
        reasons=(),
        questions=(),
        rows_href="",
    )
    done = replace(
        choose,
        stage="done",
        added=(
            Added(text=Text("个批次", "batches"), count=121, href="/search?import=3f"),
            Added(text=Text("条发货", "dispatches"), count=162, href="/search?import=3f"),
        ),
        receipt=_AS_OF,
        rows_href="/import/3f/rows.xlsx",
    )
    return {
        "import-choose": replace(choose, past=()),
        "import-refused": replace(
            choose,
            problems=(
                Problem(
                    "unreadable-file",
                    Text("「旧登记表.xls」是旧格式，无法读取", "“旧登记表.xls” is of an old format"),
                    where="/files",
                    remedy=Text("在表格软件里另存为 .xlsx 再导入。", "Save it as .xlsx and import that."),
                ),
            ),
        ),
        "import-checked": checked,
        "import-wrong-answer": replace(
            checked,
            typed={"maker": "91411603"},
            problems=(
                Problem(
                    "wrong-uscc",
                    Text("应为 18 位", "It should have 18 characters"),
                    where="/maker",
                    came="91411603",
                ),
            ),
        ),
        "import-clean": clean,
        "import-running": replace(choose, stage="running", progress=_progress()),
        "import-done": done,
        "import-nothing-new": replace(done, added=(), rows_href=""),
    }


# --- ledger ----------------------------------------------------------------------------------------------------


def _ledger(language: Language) -> dict[str, Page]:
    origin = "trace.example/ledger"
    root = "mCkYkbMz5WPhTtuKnmHuWa0Vb5X8dCwPMC2kZcHjH1s="
    full = LedgerPage(
        frame=frame(language, "/ledger"),
        origin=origin,
        vkey=f"{origin}+5a1f03c2+AZ0mL0m1tW3VJ8pQ0b4m3o4h7e2k9c5d8f1a6b0c3d2e",
        size=48_214,
        root=root,
        checkpoint=f"{origin}\n48214\n{root}\n\n— {origin} Wh8DwpQ1kE0m3r8t5y7u2i9o0p1a2s3d4f5g6h7j8k9l0z1x2c3v4b5n6m7Q==\n",
        witnesses=(
            Witness(name="witness.example/association", size=48_190, at=_AT),
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
        frame=replace(frame(language, "/ledger", roles=()), as_of=None),
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
    return {"ledger-full": full, "ledger-empty": empty, "ledger-missing": missing}


# --- public ----------------------------------------------------------------------------------------------------


def _public(language: Language) -> dict[str, Page]:
    at = frame(language, "/c", roles=())
    card = PublicCard(
        is_unit=True,
        designation="YJV-0.6/1kV 4×35+1×16",
        product="交联聚乙烯绝缘聚氯乙烯护套电力电缆",
        standard="GB/T 12706.1-2020",
        maker=_MAKER,
        lot="HZ260301-111",
        produced_on=date(2026, 3, 1),
        length_mm=500_000,
        certificate=_certificate(),
        tests=(
            PublicTest(
                kind=Text("出厂检验", "Factory test"),
                by=_MAKER,
                on=date(2026, 3, 2),
                number="HZ-CJ-2603-0117",
                standing=_PASSED,
                same_drum=True,
            ),
            PublicTest(
                kind=Text("监督抽查（第三方）", "Supervision test (third party)"),
                by="周口市例证检验检测中心",
                on=date(2026, 4, 20),
                number="LZ-JD-2604-0033",
                standing=_PASSED,
                same_drum=False,
            ),
        ),
        checks=12,
        first_check=_AT,
    )
    issued = PublicPage(frame=at, outcome="issued", code=_UNIT, card=card, report_href="/report")
    return {
        "public-issued": issued,
        "public-recalled": replace(
            issued,
            code=_CODE,
            card=replace(
                card,
                is_unit=False,
                maker=_LONG,
                length_mm=8_000_000,
                certificate=None,
                tests=(),
                checks=1,
                recall=Recall(
                    reason=Text(
                        "这一批的导体电阻不合格，通电后可能过热。",
                        "The conductor resistance of this batch failed; it may overheat.",
                    ),
                    remedy=Text(
                        "断电停用，凭购买记录到购买处退货；已敷设的请找电工更换。",
                        "Switch off, stop using it and return it where you bought it.",
                    ),
                    since=date(2026, 4, 28),
                ),
            ),
        ),
        "public-not-issued": PublicPage(
            frame=at, outcome="not-issued", code="7K3Q-F9TW-000C-AAAA-AR2K", report_href="/report"
        ),
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


# --- offices ---------------------------------------------------------------------------------------------------


def _offices(language: Language) -> dict[str, Page]:
    roles = (("recorder", Text("录入人员", "Recorder")), ("administrator", Text("管理员", "Administrator")))
    scopes = (("record", Text("写入事件", "Record events")), ("read", Text("查询", "Read")))
    at = frame(language, "/accounts", roles=("manufacturer", "administrator"))
    accounts = AccountsPage(
        frame=at,
        accounts=(
            AccountRow(
                sign_in_name="wang-li",
                name="王丽",
                role=roles[1][1],
                last_seen=_AT,
                standing=Standing("fine", Text("启用", "Enabled")),
            ),
            AccountRow(
                sign_in_name="zhao-jianguo-third-workshop",
                name="赵建国",
                role=roles[0][1],
                last_seen=None,
                standing=Standing("unknown", Text("停用", "Disabled")),
                switch_href="/accounts/2/enable",
            ),
        ),
        roles=roles,
        fresh_name="赵建国",
        fresh_password="moss-7431-lantern-drum",  # noqa: S106 (invented)
    )
    keys = KeysPage(
        frame=replace(at, path="/keys"),
        keys=(
            KeyRow(
                prefix="ct_4f9a",
                name="产线 MES",
                scopes=(scopes[0][1], scopes[1][1]),
                created_at=_AT,
                last_used_at=_AT,
                expires_on=date(2027, 5, 2),
                standing=_FINE,
                revoke_href="/keys/1/revoke",
            ),
            KeyRow(
                prefix="ct_0b11",
                name=_LONG,
                scopes=(scopes[1][1],),
                created_at=_AT,
                last_used_at=None,
                expires_on=None,
                standing=Standing("stop", Text("已吊销", "Revoked")),
            ),
        ),
        scopes=scopes,
        fresh_name="产线 MES",
        fresh_key="ct_4f9a_9sQ2w7Xk3LmN8vB5cR1tY6uP0aD4fG",
    )
    missing_name = Problem("wrong-input", Text("请填写名称", "Give it a name"), where="/name")
    no_scope = Problem("wrong-input", Text("至少勾一项权限", "Tick at least one"), where="/scopes")
    return {
        "accounts-full": accounts,
        "accounts-wrong": replace(
            accounts,
            accounts=(),
            fresh_password="",
            typed={"name": "李", "sign_in_name": "Li Lei"},
            problems=(
                Problem(
                    "wrong-input",
                    Text("登录名里有空格和大写字母", "The sign-in name has a space and capitals"),
                    where="/sign_in_name",
                    came="Li Lei",
                ),
            ),
        ),
        "keys-full": keys,
        "keys-wrong": replace(keys, keys=(), fresh_key="", problems=(missing_name, no_scope)),
    }
