"""Invented pages of what the public sees; development and tests only. Nobody named here exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..auth.policy import Role
from ..errors import Problem, Text
from ..queries.answers import Standing
from ..queries.public import (
    CANNOT_KNOW,
    ONLY_THE_BATCH,
    REMEDIES,
    UNPUBLISHED,
    PublicChecks,
    PublicCopy,
    PublicFacts,
    PublicRecall,
    PublicSight,
    PublicTest,
)
from ..queries.reports import TYPES
from .samples_in_common import CODE, LONG, MAKER, UNIT, a_certificate, frame
from .views import (
    Page,
    PublicPage,
)
from .words import Language


def samples_of_the_public(language: Language) -> dict[str, Page]:
    at = frame(language, "/c", role=Role.PUBLIC)
    facts = PublicFacts(
        is_unit=True,
        unit=12,
        designation="YJV-0.6/1kV 4×35+1×16",
        product="交联聚乙烯绝缘聚氯乙烯护套电力电缆",
        standard="GB/T 12706.1-2020",
        maker=MAKER,
        lot="HZ260301-111",
        produced_on=date(2026, 3, 1),
        length_mm=500_000,
        certificate=a_certificate(),
        recalls=(),
        tests=(
            PublicTest(
                type="factory",
                title=Text("出厂检验", "Factory test"),
                by=MAKER,
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
    copy = PublicCopy(
        unit=12, on=date(2026, 4, 28), region="440100", region_name="广东省广州市",
        seen=(
            PublicSight(region="411600", region_name="河南省周口市", on=date(2026, 4, 20)),
            PublicSight(region="440100", region_name="广东省广州市", on=date(2026, 4, 20)),
        ),
    )  # fmt: skip
    recall = PublicRecall(
        number="ZH-2026-004",
        since=date(2026, 4, 30),
        reason="护套厚度不足",
        remedy=REMEDIES["return"],
        instructions="凭购货凭证到购买处退货，运费由生产企业承担。",
        ordered=True,
        units=((10, 14),),
    )
    supervision = PublicTest(
        type="supervision",
        title=TYPES["supervision"],
        by="模拟市市场监督管理局示范分局",
        on=date(2026, 4, 28),
        number="JD-2026-118",
        standing=Standing("stop", Text("监督抽查不合格", "failed the supervision test")),
        sampled_unit=3,
        same_unit=False,
    )
    issued = PublicPage(frame=at, outcome="issued", code=UNIT, facts=facts, checks=checks)
    batch = replace(
        facts,
        is_unit=False,
        unit=None,
        maker=LONG,
        standard=None,
        length_mm=8_000_000,
        certificate=None,
        tests=(),
        unpublished=UNPUBLISHED,
        cannot_know=(ONLY_THE_BATCH, *CANNOT_KNOW),
    )
    return {
        "public-issued": issued,
        "public-supervision-published": replace(
            issued, facts=replace(facts, tests=(supervision, *facts.tests))
        ),
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
        "public-batch": PublicPage(frame=at, outcome="issued", code=CODE, facts=batch),
        "public-batch-recalled": PublicPage(
            frame=at,
            outcome="recalled",
            code=CODE,
            facts=replace(batch, recalls=(recall, replace(recall, number="ZH-2026-005", units=()))),
        ),
        "public-batch-recalled-in-part": PublicPage(
            frame=at, outcome="recalled", code=CODE, facts=replace(batch, recalls=(recall,))
        ),
        "public-not-issued": PublicPage(frame=at, outcome="not-issued", code="7K3Q-F9TW-000C-AAAA-AR2K"),
        "public-not-issued-where": PublicPage(
            frame=at, outcome="not-issued", code="7K3Q-F9TW-000C-AAAA-AR2K", asks_where=True
        ),
        "public-not-issued-stated": PublicPage(
            frame=at,
            outcome="not-issued",
            code="7K3Q-F9TW-000C-AAAA-AR2K",
            asks_where=True,
            stated="河南省周口市",
        ),
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
