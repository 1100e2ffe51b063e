"""Invented pages of supervision work: problems that inspections found, planned visits, and their forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from ..auth.policy import Role
from ..errors import Problem, Text
from ..model.checklists import CHECKLISTS, newest_checklist
from ..model.risk import ITEMS, VETOES, vetoes_on
from ..queries.answers import Standing
from ..queries.inspections import FILTERS, STATES, DefectRow, VisitRow
from ..queries.names import region_name
from ..queries.registry import PartyLink
from ..queries.risk import CLASSES, VISITS, OfficialClass, RiskItem, RiskRow, RiskVeto
from ..queries.sampling_plans import SamplingPlanRow
from ..queries.wording import CREDIT_CLASSES, INSPECTIONS, LEVELS
from .directory import Directory
from .filled import fields_of
from .form_parts import Form
from .forms_of_inspecting import CREDIT_CLASS, INSPECTION, RECTIFICATION_REPORTED, VISIT_PLAN, along_list
from .samples_in_common import LONG, MAKER, frame
from .views import Choice, Facet, Page, RecordPage
from .views_of_inspecting import (
    InspectionsPage,
    PlannedVisit,
    RatedMaker,
    RiskOfMakerPage,
    RiskPage,
    SamplingPlansPage,
    VisitsPage,
)
from .words import Language

_EVENT = "0196a3c4-7f00-7c11-9a55-3d2f5b1c7e91"
_REVOKED = RiskVeto(
    name="revoked", title=VETOES["revoked"], says=Text("XK06-001-00001，2026-03-02 起", "XK06-001-00001 since 2026-03-02"), certainty="recalled",
    source=vetoes_on(date(2026, 5, 2))["revoked"].source,
)  # fmt: skip
_AUTHORITY = PartyLink("r", "模拟市市场监督管理局示范分局")
_OFFICIAL = OfficialClass(
    letter="C", title=CREDIT_CLASSES["C"], on=date(2026, 3, 1), source="模拟省企业信用风险分类管理系统，2026 年第一次分类", number="2026-1",
    by=_AUTHORITY, event=_EVENT,
)  # fmt: skip


def samples_of_inspecting(language: Language) -> dict[str, Page]:
    at = frame(language, "/inspections")
    form = along_list(INSPECTION, newest_checklist("maker"))
    at_the_maker = _record(
        language, form, {"body/checklist/0/result": "pass", "body/checklist/1/result": "fail"}
    )
    return {
        "inspections-full": InspectionsPage(
            frame=at, rows=_rows(), facet=_facet("not-done"), plans_href="/inspections/plans"
        ),
        "inspections-of-a-maker": InspectionsPage(
            frame=frame(language, "/inspections", Role.MANUFACTURER),
            rows=_rows()[:1],
            facet=_facet("not-done"),
        ),
        "inspections-empty": InspectionsPage(frame=at, facet=_facet("closed")),
        "risk-full": RiskPage(
            frame=frame(language, "/risk"), rows=_rated(), facet=_classes(), source="house rule"
        ),
        "risk-empty": RiskPage(frame=frame(language, "/risk"), facet=_classes("D")),
        "risk-of-a-maker": RiskOfMakerPage(frame=frame(language, "/risk"), it=_rated()[1]),
        "risk-of-a-maker-without-an-official-class": RiskOfMakerPage(
            frame=frame(language, "/risk"), it=_rated()[0]
        ),
        "visits-full": VisitsPage(frame=frame(language, "/inspections/plans"), rows=_visits()),
        "visits-empty": VisitsPage(frame=frame(language, "/inspections/plans")),
        "record-inspection-list": at_the_maker,
        "record-inspection-list-wrong": replace(
            at_the_maker,
            problems=(
                Problem(
                    "wrong-input",
                    Text("请选择「结果」", "“Result” is wanted"),
                    where="/body/checklist/2/result",
                ),
            ),
        ),
        "sampling-plans-full": SamplingPlansPage(
            frame=frame(language, "/sampling-plans"),
            rows=_plans(),
            typed=_TYPED,
            id=_EVENT,
            at="2026-05-02T00:30:00Z",
            draw_ids={_EVENT: _EVENT},
        ),
        "sampling-plans-wrong": SamplingPlansPage(
            frame=frame(language, "/sampling-plans"),
            typed=_TYPED,
            id=_EVENT,
            at="2026-05-02T00:30:00Z",
            problems=(
                Problem(
                    "candidates-wrong",
                    Text("名单里有重复", "a candidate stands in the list twice"),
                    where="/candidates",
                    came="甲电缆厂",
                ),
            ),
        ),
        "record-credit-class": replace(
            _record(language, CREDIT_CLASS, {"body/letter": "C"}),
            variants=(),
            problems=(
                Problem("wrong-input", Text("请填写「来源」", "“Source” is wanted"), where="/body/source"),
            ),
        ),
        "record-visit-plan": replace(_record(language, VISIT_PLAN, {}), variants=()),
        "record-rectification": replace(
            _record(language, RECTIFICATION_REPORTED, {}),
            said="铜材没有进货查验记录，不能说明来源",
            about="周市监检〔2026〕31号",
            about_line=STATES["open"],
            variants=(),
        ),
    }


def _record(language: Language, form: Form, typed: dict[str, str]) -> RecordPage:
    return RecordPage(
        frame=frame(language, "/parties/x/record/inspection"),
        title=form.title,
        intro=form.intro,
        about=MAKER,
        about_line=Text("模拟省模拟市", "模拟省模拟市"),
        about_href="/parties/x",
        action="/parties/x/record/inspection?form=maker%2F2023-05-05",
        fields=fields_of(form, typed, Directory.empty()),
        button=form.button,
        attaches=True,
        variants=tuple(
            Choice(text, f"/parties/x/record/inspection?form={name}", name == "maker")
            for name, text in CHECKLISTS.items()
        ),
    )


def _facet(chosen: str) -> Facet:
    return Facet(
        Text("状态", "State"),
        tuple(
            Choice(text, f"/inspections?state={name}", name == chosen, n)
            for n, (name, text) in enumerate(FILTERS.items())
        ),
    )


def _rows() -> tuple[DefectRow, ...]:
    late = DefectRow(
        kind="inspection",
        event=_EVENT, n=1, number="周市监检〔2026〕31号", text="铜材没有进货查验记录，不能说明来源", item="M03",
        party=PartyLink("x", LONG), region="411602", region_name=region_name("411602"), authority=_AUTHORITY,
        found_on=date(2026, 4, 20), due=date(2026, 4, 30), days_left=-2, state="open",
        standing=Standing("stop", Text("待整改，逾期 2 天", "to be put right, 2 days late")), changed_on=None, last="", may_step=True,
    )  # fmt: skip
    waits = replace(
        late, n=2, text="出厂检验报告缺 3 批", days_left=12, due=date(2026, 5, 14), state="reported", last=_EVENT,
        standing=Standing("attention", STATES["reported"]), changed_on=date(2026, 5, 1),
    )  # fmt: skip
    closed = replace(
        waits,
        n=3,
        text="检验设备过了校准期",
        days_left=None,
        state="closed",
        standing=Standing("fine", STATES["closed"]),
        may_step=False,
    )
    return late, waits, closed


_TYPED = {
    "entrusted": "模拟市例证检验检测中心",
    "level": "city",
    "count": "2",
    "substitutes": "1",
    "seed": "k3v9",
    "products": "聚氯乙烯绝缘电线",
}


def _plans() -> tuple[SamplingPlanRow, ...]:
    to_draw = SamplingPlanRow(
        event=_EVENT, number="周市监抽〔2026〕2号", level="city", level_name=LEVELS["city"], products=("聚氯乙烯绝缘电线",),
        candidates=(MAKER, LONG, "丙电缆厂"), candidates_hash="3f" * 32, count=1, substitutes=1, seed_hash="0c" * 32, tree_size=48_102,
        root="ab" * 32, seed="", draw="", drawn=(), index=48_100,
    )  # fmt: skip
    drawn = replace(
        to_draw,
        event="d",
        number="周市监抽〔2026〕1号",
        seed="k3v9-a-seed-of-one",
        draw=_EVENT,
        drawn=(LONG, MAKER),
        entrusted=PartyLink("l", "模拟市例证检验检测中心"),
    )
    waiting = replace(to_draw, event="w", number="周市监抽〔2026〕3号", root="")
    return waiting, to_draw, drawn


def _visits() -> tuple[PlannedVisit, ...]:
    row = VisitRow(
        event=_EVENT, number="周市监飞检〔2026〕3号", type="unannounced", type_name=INSPECTIONS["unannounced"],
        opens_on=date(2026, 5, 10), closes_on=date(2026, 5, 20), party=PartyLink("x", LONG), project="", project_name="",
        region="411602", region_name=region_name("411602"), inspection="", index=48_100,
    )  # fmt: skip
    at_a_site = replace(
        row, party=None, project="y", project_name="模拟市示范中学二期", inspection=_EVENT, index=48_011
    )
    return PlannedVisit(row, "/parties/x/record/inspection?plan=1"), PlannedVisit(at_a_site, "")


def _classes(chosen: str = "") -> Facet:
    counts = {"A": 3, "B": 1, "C": 0, "D": 1}
    return Facet(
        Text("等级", "Class"),
        tuple(
            Choice(each.word, f"/risk?class={name}", name == chosen, counts[name])
            for name, each in CLASSES.items()
        ),
    )


def _rated() -> tuple[RatedMaker, ...]:
    """A maker in D by a veto whose copper is short and whose prices nobody knows, and one of which nothing speaks against it."""
    short = RiskItem(
        name="copper", title=ITEMS["copper"], weight=20, points=Decimal("20.0"), measure=Text("最低一季 94.6 %", "94.6 % in the worst quarter"),
        certainty="recalled", source="house rule: the thresholds of copper by quarter",
    )  # fmt: skip
    unknown = replace(
        short, name="price", title=ITEMS["price"], weight=10, points=Decimal("0.0"), measure=None
    )
    bad = RiskRow(
        maker=PartyLink("0f", LONG), region="411602", region_name=Text("河南省周口市川汇区", "河南省周口市川汇区"), letter="D",
        standing=CLASSES["D"], score=Decimal("71.5"), known_weight=90, items=(short, unknown), vetoes=(_REVOKED,),
        version=date(2026, 1, 1), last_visit=None, due=date(2026, 5, 2), is_due=True, visit=VISITS["D"],
    )  # fmt: skip
    good = replace(
        bad, maker=PartyLink("0e", MAKER), letter="A", standing=CLASSES["A"], score=Decimal("100.0"), vetoes=(),
        last_visit=date(2026, 3, 8), due=date(2027, 3, 8), is_due=False, visit=VISITS["A"], official=_OFFICIAL,
        official_before=(replace(_OFFICIAL, letter="B", title=CREDIT_CLASSES["B"], on=date(2025, 3, 1), number="", event=""),),
    )  # fmt: skip
    forms = "/parties/0f/record"
    return tuple(RatedMaker(row, f"{forms}/visit-plan", f"{forms}/credit-class") for row in (bad, good))
