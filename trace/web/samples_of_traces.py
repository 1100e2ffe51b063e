"""Invented traces: one that goes on, one that has not begun, one that does not add up, upwards, and the form that asks for one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..errors import Text
from ..model.state import MaterialIn
from ..queries.trace import ProjectFlow, Stop, TracedBatch
from ..queries.trace_moments import Moment
from ..queries.whereabouts import OTHERS, RegionRow
from .province_map import tiles
from .samples_in_common import AS_OF, CODE, LONG, MAKER, frame, in_both_languages, some_unexplained
from .samples_of_batches import some_holdings, some_regions
from .views import Answer, Choice, Holding, Leg, Link, Page, Place
from .views_of_searching import Also
from .views_of_tracing import AskTracePage, TracePage
from .words import Language

DESIGNATION, LOT = "YJV 0.6/1kV 3×95+1×50", "HZ260301-111"


def samples_of_traces(language: Language) -> dict[str, Page]:
    maker = Place(
        key="maker",
        name=in_both_languages(MAKER),
        role=Text("生产企业", "Maker"),
        region=in_both_languages("河南省周口市淮阳区"),
        stays=(Holding("held", 2_250_000), Holding("scrapped", 12_250), Holding("sold", 100_000)),
    )
    trader = Place(
        key="trader", name=in_both_languages(LONG), role=Text("经营企业", "Distributor"), region=in_both_languages("安徽省阜阳市颍州区"),
        stays=(Holding("transit", 1_100_000), Holding("seized", 300_000)),
    )  # fmt: skip
    site = Place(
        key="site",
        name=in_both_languages("太康县示范路安置小区配电工程"),
        role=Text("项目", "Project"),
        region=in_both_languages("河南省周口市太康县"),
        stays=(Holding("project", 1_400_000), Holding("used", 2_730_500), Holding("sampled", 19_500)),
    )
    unknown = Place(
        key="unknown",
        name=in_both_languages("金水区某经营部"),
        role=Text("未确认", "Unconfirmed"),
        region=in_both_languages("河南省郑州市金水区"),
        stays=(Holding("unexplained", 87_750),),
        off_platform=True,
    )
    trace = TracePage(
        frame=frame(language, "/batches/x/trace"),
        title=Text("到哪里去了", "Where it went"),
        subject=in_both_languages(f"{DESIGNATION} · {LOT}"),
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
            AS_OF,
        ),
        produced_mm=8_000_000,
        as_of=AS_OF,
        holdings=some_holdings(),
        unexplained=some_unexplained(),
        now_href="/batches/x/trace",
        directions=(
            Choice(Text("向下：去了哪里", "down: where it went"), "?direction=down", chosen=True),
            Choice(Text("向上：从哪里来", "up: where it came from"), "?direction=up"),
        ),
        moments=(Moment(40_100, AS_OF.at), Moment(45_000, AS_OF.at), Moment(AS_OF.index, AS_OF.at)),
        last_index=AS_OF.index + 4_000,
        tiles=tiles(some_regions()),
        batches=(
            TracedBatch(
                code="x",
                printed=CODE,
                lot=LOT,
                designation=DESIGNATION,
                maker="0f",
                maker_name=MAKER,
                certificate="",
                produced_on=date(2026, 3, 1),
                length_mm=8_000_000,
                traced_mm=8_000_000,
                materials=(MaterialIn("copper", "T2-2603-118", 12_000_000), MaterialIn("compound", "", None)),
            ),
        ),
        batches_in_all=1,
        places=(maker, trader, site, unknown),
        legs=(
            Leg(source="maker", target="trader", length_mm=2_250_000, word=Text("发货", "Dispatch")),
            Leg(source="maker", target="site", length_mm=3_450_000, word=Text("发货", "Dispatch")),
            Leg(source="trader", target="site", length_mm=700_000, word=Text("发货", "Dispatch")),
            Leg(
                source="trader",
                target="unknown",
                length_mm=87_750,
                word=Text("发货", "Dispatch"),
                off_platform=True,
            ),
            Leg(source="trader", target="maker", length_mm=62_250, word=Text("退货", "Return")),
        ),
        regions=some_regions(),
        projects=(
            ProjectFlow(
                id="x",
                number="XM-1",
                name="太康县示范路安置小区配电工程",
                owner="太康县示例城建有限公司",
                region="411627",
                region_name=in_both_languages("河南省周口市太康县"),
                arrived_mm=4_150_000,
                there_mm=1_400_000,
                used_mm=2_730_500,
            ),
        ),
        stops=(
            Stop(
                state="transit",
                region="410105",
                region_name=in_both_languages("河南省郑州市金水区"),
                holder=in_both_languages("金水区某经营部"),
                reason=Text("收货方尚未登记收货", "The receiver has recorded no receipt"),
                length_mm=87_750,
                last_index=46_020,
            ),
            Stop(
                state="transit",
                region="341202",
                region_name=in_both_languages("安徽省阜阳市颍州区"),
                holder=OTHERS,
                reason=Text("收货方尚未登记收货", "The receiver has recorded no receipt"),
                length_mm=500,
                last_index=None,
            ),
        ),
        files=(
            Link("/api/v1/trace?batch=x&as=xlsx", Text("导出 Excel", "Export as Excel")),
            Link("/api/v1/trace?batch=x", Text("导出 JSON", "Export JSON")),
        ),
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
        unexplained=(),
        now_href="",
        places=(replace(maker, stays=(Holding("held", 100_000),)),),
        legs=(),
        regions=(RegionRow("411603", in_both_languages("河南省周口市淮阳区"), {"held": 100_000}),),
        projects=(),
        stops=(),
        directions=(),
        moments=(),
        last_index=None,
        tiles=(),
        batches=(),
        files=(),
    )
    torn = replace(trace, produced_mm=8_000_001)
    upwards = replace(
        trace,
        title=Text("从哪里来", "Where it came from"),
        answer=Answer(
            "fine",
            Text("4,150 m 来自 1 家生产企业的 1 个批次", "4,150 m are of 1 batch by 1 maker"),
            Text("每一米都能追到生产。", "Every metre leads back to where it was made."),
            AS_OF,
        ),
        directions=(),
        moments=(),
        stops=(),
        unexplained=(),
    )
    ask = AskTracePage(frame=frame(language, "/trace"))
    found = (
        Also(Text("批次", "batch"), DESIGNATION, f"{LOT} · {MAKER}", "/batches/x/trace"),
        Also(Text("项目", "project"), LONG, "XM-1", "/projects/x/trace"),
    )
    return {
        "trace-full": trace,
        "trace-still": still,
        "trace-torn": torn,
        "trace-up": upwards,
        "trace-ask": ask,
        "trace-ask-found": replace(ask, typed="HZ2603", found=found, partial=True),
        "trace-ask-none": replace(ask, typed="没有这个"),
    }
