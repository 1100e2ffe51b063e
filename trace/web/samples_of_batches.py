"""Invented pages of batches and of where they went; development and tests only. Nobody named here exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..auth.policy import Role
from ..codes.unit_ranges import UnitRange
from ..errors import Problem, Text
from ..model.printed import PrintedRun
from ..queries.answers import Standing
from ..queries.printing import Printing, ToPrint
from ..queries.reports import NOT_FINAL
from ..queries.unit import NO_OPINION, NOT_ISSUED, Cut, UnitCard, UnitOpinion
from ..queries.unit_codes import LabelledUnit
from ..queries.whereabouts import RegionRow, UnitRow
from ..queries.wording import REPRINTS
from .samples_in_common import (
    AS_OF,
    AT,
    CODE,
    LONG,
    MAKER,
    RECORDABLE,
    UNIT,
    a_certificate,
    a_hold,
    frame,
    in_both_languages,
    some_alerts,
    some_events,
    some_places,
    some_unexplained,
)
from .views import (
    Answer,
    BatchPage,
    Choice,
    Held,
    Holding,
    Link,
    Page,
    TestItem,
    TestReport,
)
from .views_of_labels import LabelsPage, PrintedPage, ReservationsPage, ReservedCode, ToPrintPage
from .words import Language

_PAPERS = (("a4-3x8", Text("A4，3×8", "A4, 3×8")), ("roll-60x40", Text("卷纸", "roll")))
_PRINTING = Printing(
    event="00000000-0000-4000-8000-0000000000a1",
    code="7K3QF9TWZP",
    units=(UnitRange(1, 40),),
    copies=2,
    output="labels",
    recorded_at=AT,
)
_PASSED = Standing("fine", Text("合格", "Passed"))
_FAILED = Standing("stop", Text("不合格", "Failed"))


def some_holdings() -> tuple[Holding, ...]:
    return (
        Holding("held", 2_250_000, "?where=held#timeline"),
        Holding("transit", 1_100_000, "?where=transit#timeline"),
        Holding("project", 1_400_000, "?where=project#timeline"),
        Holding("used", 2_730_500, "?where=used#timeline"),
        Holding("sampled", 19_500, "?where=sampled#timeline"),
        Holding("seized", 300_000, "?where=seized#timeline"),
        Holding("sold", 100_000, "?where=sold#timeline"),
        Holding("scrapped", 12_250, "?where=scrapped#timeline"),
        Holding("unexplained", 148_250, "?where=unexplained#timeline"),
        Holding("unexplained", -60_500, "?where=unexplained#timeline"),
    )


def some_regions() -> tuple[RegionRow, ...]:
    return (
        RegionRow(
            "341202", in_both_languages("安徽省阜阳市颍州区"), {"transit": 1_100_000, "seized": 300_000}
        ),
        RegionRow(
            "411603",
            in_both_languages("河南省周口市淮阳区"),
            {"held": 2_250_000, "scrapped": 12_250, "sold": 100_000},
        ),
        RegionRow(
            "411627",
            in_both_languages("河南省周口市太康县"),
            {"project": 1_400_000, "used": 2_730_500, "sampled": 19_500},
        ),
        RegionRow("", Text("未知", "unknown"), {"unexplained": 87_750}),
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
            laboratory=MAKER,
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
            counts=NOT_FINAL,
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


def samples_of_batches(language: Language) -> dict[str, Page]:
    batch = BatchPage(
        frame=frame(language, "/batches/x"),
        code=CODE,
        lot="HZ260301-111",
        designation="YJV-0.6/1kV 4×35+1×16",
        product="交联聚乙烯绝缘聚氯乙烯护套电力电缆",
        product_href="/parties/x/products/HZ-01",
        standard="GB/T 12706.1-2020",
        maker=MAKER,
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
            AS_OF,
        ),
        public_url=f"https://trace.example/c/{CODE}",
        actions=(
            Link("/batches/x/labels", Text("打印标签", "Print labels")),
            Link("/trace/x", Text("查看流向", "Trace it")),
        ),
        holdings=some_holdings(),
        unexplained=some_unexplained(),
        where=some_places(),
        regions=some_regions(),
        units=(
            UnitRow(
                first=1,
                last=4,
                length_mm=500_000,
                state="held",
                region="411603",
                region_name=in_both_languages("河南省周口市淮阳区"),
                holder=in_both_languages(MAKER),
                project_name="",
                others=False,
            ),
            UnitRow(
                first=5,
                last=5,
                length_mm=250_000,
                state="project",
                region="411627",
                region_name=in_both_languages("河南省周口市太康县"),
                holder=in_both_languages(LONG),
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
                    region_name=in_both_languages("河南省周口市太康县"),
                    holder=in_both_languages(LONG),
                    project_name="太康县示范路安置小区配电工程",
                    others=False,
                ),
            ),
            opinions=(
                UnitOpinion("太康县示范路安置小区配电工程", _PASSED, date(2026, 3, 20)),
                UnitOpinion("太康县示范路安置小区二期", NO_OPINION, None),
            ),
            remarks=(Standing("attention", Text("收货没有对应的发货", "Receipt without a dispatch")),),
            holds=(a_hold(),),
            origin=Cut(2, (5, 6), 46_900),
            cuts=(Cut(5, (21, 22), 46_900),),
        ),
        certificate=a_certificate(),
        tests=_tests(),
        alerts=some_alerts(),
        events=some_events(),
        orders=(
            Choice(Text("后入账的在前", "Latest entry first"), "?order=new", True),
            Choice(Text("先入账的在前", "Earliest entry first"), "?order=old"),
        ),
        event_filter=Text("已抽样", "Sampled"),
        event_filter_off="?",
        trace_href="/batches/x/trace",
        now_href="/batches/x",
        record=(*RECORDABLE, Choice(Text("召回", "recall"), "#"), Choice(Text("更正", "correction"), "#")),
        holds=(
            Held(
                hold=a_hold(),
                further=(Choice(Text("解除措施", "release"), "#"), Choice(Text("没收", "confiscate"), "#")),
            ),
            Held(
                hold=replace(
                    a_hold(),
                    type="recall",
                    title=Text("召回", "recalled"),
                    units=(),
                    ends=None,
                    days_left=None,
                )
            ),
            Held(
                hold=replace(
                    a_hold(),
                    type="register",
                    title=Text("先行登记保存", "registered for preservation"),
                    number="周市监登〔2026〕3号",
                    by_name=LONG,
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
            AS_OF,
        ),
        actions=(),
        holdings=(Holding("held", 100_000),),
        unexplained=(),
        regions=(RegionRow("411603", in_both_languages("河南省周口市淮阳区"), {"held": 100_000}),),
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
    label = LabelledUnit(
        unit=12,
        code=UNIT.replace("-", ""),
        printed=UNIT,
        url=f"https://trace.example/c/{UNIT.replace('-', '')}",
        length_mm=500_000,
    )
    labels = LabelsPage(
        frame=frame(language, "/batches/x/labels", Role.MANUFACTURER),
        batch_code=CODE,
        batch_href="/batches/x",
        lot=batch.lot,
        designation=batch.designation,
        maker=LONG,
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
                code="7K3QF9TWZP",
                printed=CODE,
                lot=batch.lot,
                designation=batch.designation,
                day=date(2026, 5, 2),
                left=(UnitRange(1, 40), UnitRange(55, 55)),
                count=41,
            ),
        ),
        blank=False,
        here="/labels/to-print",
        next_href="/labels/to-print?after=1204",
        ticked=("7K3QF9TWZP",),
        sheets=_PAPERS,
        typed=labels.typed,
        print_id=_PRINTING.event,
        most_labels=2_000,
        most_batches=50,
    )
    reservations = ReservationsPage(
        frame=frame(language, "/reservations", Role.MANUFACTURER),
        codes=(
            ReservedCode(code="7K3QF9TWZP", printed=CODE, units=40, labels=12, valid_to=date(2026, 12, 31)),
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
        next_href="?after=7K3QF9TWZP",
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
            csv_href="/labels/file?as=csv",
            back_href="/",
        ),
        "labels-to-print": to_print,
        "labels-to-print-blank": replace(
            to_print, blank=True, rows=tuple(replace(each, lot="", designation="") for each in to_print.rows)
        ),
        "labels-to-print-none": replace(to_print, rows=(), next_href=""),
        "labels-to-print-older": replace(to_print, rows=()),
        "reservations": reservations,
        "reservations-none": replace(reservations, codes=(), waiting=0, next_href=""),
        "labels-wrong": replace(labels, labels=(), next_href="", problems=(out_of_range,)),
    }
