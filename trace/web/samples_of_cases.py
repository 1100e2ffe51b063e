"""Invented pages of leads, cases and what is due; development and tests only. Nobody named here exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from ..errors import Problem, Text
from ..model.case_path import (
    CASE_MOVES,
    CASE_STATES,
    CASE_STEPS,
    LEAD_MOVES,
    LEAD_STATES,
    LEAD_STEPS,
    next_moves,
)
from ..model.deadlines import deadlines_of_case, deadlines_of_lead
from ..model.investigation import KnownCase, KnownLead, KnownMatter, KnownStep
from ..model.working_days import Calendar
from ..queries import cases
from ..queries.answers import Standing
from ..queries.approved_reads import ApprovedRead
from ..queries.case_words import CATEGORIES, SOURCES
from ..queries.crime import CrimeEstimate, Reached
from ..queries.due import DueRow
from ..queries.registry import PartyLink
from ..queries.whereabouts import RegionRow
from .case_lists import entry_of_case, entry_of_lead, lists_of
from .directory import Directory
from .filled import fields_of, opened
from .forms_of_cases import NEW_CASE, NEW_LEAD, form_of_case_step
from .samples_in_common import AS_OF, AT, CODE, LONG, MAKER, frame, some_events
from .views import Choice, Facet, Link, Page, RecordPage
from .views_of_cases import CasePage, CasesPage, DueGroup, DuePage, LeadPage
from .words import Language

_TODAY = AT.date()
_US, _BRANCH = PartyLink("0d", "模拟市市场监督管理局"), PartyLink("0e", "模拟市市场监督管理局 · 示范分局")
_MATTER = KnownMatter(names=("某作坊",))


_CRIME = CrimeEstimate(
    estimate="reached", standing=Standing("stop", Text("达到追诉标准（估算，待认定）", "a threshold is reached (estimate, to be judged)")),
    sales_fen=6_250_000, sales_unknown_mm=250_000, stock_fen=1_200_000, stock_unknown_mm=0,
    reached=(Reached(title=Text("销售金额五万元以上", "sold for 50000 yuan or more"), clause="立案追诉标准的规定（一）第十六条", sum_fen=6_250_000, at_least_fen=5_000_000),),
)  # fmt: skip


_APPROVED = (
    ApprovedRead(
        grantor=PartyLink("0a", "示例省邻市市场监督管理局"), valid_from=_TODAY - timedelta(days=20), valid_to=_TODAY + timedelta(days=40),
        standing=Standing("fine", Text("有效", "in force")), things=2, readings=3, last_on=_TODAY - timedelta(days=1),
    ),
)  # fmt: skip


def samples_of_cases(language: Language) -> dict[str, Page]:
    lead, case = _lead_page(language), _case_page(language)
    listed = CasesPage(
        frame=frame(language, "/cases"),
        title=Text("案件", "Cases"),
        intro=Text("本机关立的案。", "Cases of your authority."),
        lists=lists_of("/cases"),
        facets=(Facet(Text("办理情况", "How it stands"), (Choice(Text("全部", "All"), "/cases", True), Choice(Text("未办结", "Open"), "/cases?state=open"))),),
        entries=(entry_of_case(case.found.row), entry_of_case(replace(case.found.row, number="周市监立〔2026〕8号", text=LONG))),
        searches=True,
        new=Link("/cases/new", Text("立案", "File a case")),
        next_href="/cases?after=1",
    )  # fmt: skip
    return {
        "cases": listed,
        "cases-empty": replace(listed, entries=(), next_href="", query="没有"),
        "leads": replace(
            listed,
            title=Text("线索", "Leads"),
            lists=lists_of("/leads"),
            entries=(entry_of_lead(lead.found.row),),
            searches=False,
        ),
        "lead": lead,
        "lead-filed": replace(
            lead, found=replace(lead.found, case=case.found.row, next=()), steps=(), file=None
        ),
        "case": case,
        "case-closed": _closed(case),
        "due": _due(language),
        "due-nothing": replace(_due(language), groups=()),
        "record-lead": _form(language, "/leads/new"),
        "record-case-wrong": replace(
            _form(language, "/cases/new"),
            problems=(
                Problem(
                    "too-few-officers",
                    Text("须写明两名执法人员（第十九条第二款）", "name two: officers (第十九条第二款)"),
                    where="/by",
                ),
            ),
        ),
        "record-decision": _form(language, "/cases/01/decision"),
    }


def _step(name: str, days: int, **members: object) -> KnownStep:
    on = _TODAY - timedelta(days=days)
    return KnownStep(event="01", seq=48_000, step=name, on=on, speaker="0d", **members)  # type: ignore[arg-type]


def _known_lead() -> KnownLead:
    return KnownLead(
        id="01", event="01", seq=48_100, authority="0d", number="周市监线〔2026〕18号", source="report", text="举报称门市部所售 YJV 4×35 电缆线芯偏细，与合格证不符。",
        received_on=_TODAY - timedelta(days=12), matter=_MATTER, origin="02", steps=(_step("assigned", 11, to="0e"), _step("checking", 10)),
    )  # fmt: skip


def _known_case() -> KnownCase:
    return KnownCase(
        id="01", event="01", seq=48_200, authority="0d", number="周市监立〔2026〕7号", category="quality", text="涉嫌销售导体电阻不合格的电力电缆",
        legal_basis="产品质量法第十三条、第四十九条", filed_on=_TODAY - timedelta(days=60), matter=_MATTER, frozen_at=47_900,
        steps=(_step("investigate", 58), _step("testing", 50), _step("tested", 44), _step("investigation-closed", 20), _step("review", 18)),
    )  # fmt: skip


def _matter() -> cases.MatterOfCase:
    return cases.MatterOfCase(
        batches=(
            cases.BatchInCase(
                code="7K3QF9TWZP", printed=CODE, units="1–4", is_open=True, designation="YJV 0.6/1kV 4×35+1×16", maker=PartyLink("0f", MAKER)
            ),
            cases.BatchInCase(code="23456789AB", printed="23456-789AB", units="", is_open=False, designation="", maker=None),
        ),
        goods=(("0a", "BV 2.5 450/750V，无厂名，红色，纸箱包装"),),
        parties=(PartyLink("0f", LONG),),
        projects=(("0b", "模拟市人民医院新院区配电工程"),),
        names=("某作坊",),
    )  # fmt: skip


def _lead_page(language: Language) -> LeadPage:
    known = _known_lead()
    terms = cases.deadline_rows(deadlines_of_lead(known, Calendar()), _TODAY)
    row = cases.LeadRow(
        id="01", number=known.number, source=SOURCES[known.source], text=known.text, received_on=known.received_on, state=known.state,
        standing=Standing("attention", LEAD_STATES[known.state]), authority=_US, unit=_BRANCH, next_due=terms[0], index=known.seq,
    )  # fmt: skip
    steps = tuple(move for move in next_moves(LEAD_MOVES, known.state) if move.step != "filed")
    return LeadPage(
        frame=frame(language, "/leads/01"),
        found=cases.LeadPage(
            row=row, matter=_matter(), origin="02", case=None, merged_into="", approved=(), deadlines=terms,
            next=tuple(cases.Next(move.step, LEAD_STEPS[move.step], move.clause) for move in steps), events=(),
        ),
        events=some_events(),
        steps=tuple(Choice(LEAD_STEPS[move.step], f"/leads/01/{move.step}") for move in steps),
        file=Link("/cases/new?lead=01", Text("立案", "File a case")),
    )  # fmt: skip


def _case_page(language: Language) -> CasePage:
    known = _known_case()
    terms = cases.deadline_rows(deadlines_of_case(known, Calendar()), _TODAY)
    row = cases.CaseRow(
        id="01", number=known.number, category=known.category, category_name=CATEGORIES[known.category], text=known.text, filed_on=known.filed_on,
        state=known.state, standing=Standing("attention", CASE_STATES[known.state]), authority=_US, value_fen=None, next_due=terms[0],
        index=known.seq,
    )  # fmt: skip
    scope = cases.FrozenScope(
        as_of=AS_OF, produced_mm=1_000_000,
        regions=(
            RegionRow("411602", Text("河南省周口市川汇区", "河南省周口市川汇区"), {"held": 250_000, "sampled": 6_000}),
            RegionRow("411603", Text("河南省周口市淮阳区", "河南省周口市淮阳区"), {"held": 494_000, "transit": 250_000}),
        ),
        closed=("23456-789AB",), batches=(cases.BatchInScope(printed=CODE, units="1–4", length_mm=1_000_000),),
    )  # fmt: skip
    steps = tuple(next_moves(CASE_MOVES, known.state))
    return CasePage(
        frame=frame(language, "/cases/01"),
        found=cases.CasePage(
            row=row, legal_basis=known.legal_basis, matter=_matter(), scope=scope, crime=_CRIME, leads=(_lead_page(language).found.row,), penalised_fen=None,
            publication="", publication_name=Text("不涉及", "none"), approved=_APPROVED, deadlines=terms,
            next=tuple(cases.Next(move.step, CASE_STEPS[move.step], move.clause) for move in steps), events=(),
        ),
        events=some_events(),
        steps=tuple(Choice(CASE_STEPS[move.step], f"/cases/01/{move.step}") for move in steps),
        widen_href="/cases/01/scope?widen=yes",
    )  # fmt: skip


def _closed(case: CasePage) -> CasePage:
    row = replace(
        case.found.row,
        state="closed",
        standing=Standing("unknown", CASE_STATES["closed"]),
        value_fen=1_250_050,
        next_due=None,
    )
    found = replace(
        case.found, row=row, penalised_fen=3_200_050, publication="published", publication_name=Text("已公示", "published"), scope=None,
        deadlines=(), leads=(), next=(),
    )  # fmt: skip
    return replace(case, found=found, steps=())


def _due(language: Language) -> DuePage:
    over = DueRow(
        kind="case", id="01", title="周市监立〔2026〕2号", about=LONG, href="/cases/01", what=Text("作出处理决定", "decide"), binds="authority",
        due=_TODAY - timedelta(days=3), days_left=-3, tentative=False, clause="市场监督管理行政处罚程序规定第六十四条",
        standing=Standing("stop", Text("逾期 3 天", "overdue by 3 days")), unit=_BRANCH, when="overdue",
    )  # fmt: skip
    today = replace(
        over, kind="lead", title="周市监线〔2026〕18号", href="/leads/01", what=Text("核查并决定是否立案", "check it and decide"), due=_TODAY,
        days_left=0, standing=Standing("attention", Text("今天到期", "due today")), when="this-week",
    )  # fmt: skip
    later = replace(
        over, kind="measure", title="周市监封〔2026〕12号", about="YJV 4×35", href="/batches/7K3QF9TWZP#holds", what=Text("查封到期", "sealed: ends"),
        due=date(2027, 1, 12), days_left=255, tentative=True, standing=Standing("stop", Text("还有 255 天", "255 days left")), when="later",
    )  # fmt: skip
    stopped = replace(
        over, title="周市监立〔2026〕5号", what=Text("当事人缴纳罚没款", "the party pays"), binds="party", due=None, days_left=None,
        standing=Standing("unknown", Text("计时暂停", "the clock stands still")), when="stopped",
    )  # fmt: skip
    rows = (over, today, later, stopped)
    texts = {
        "overdue": Text("已逾期", "Overdue"),
        "this-week": Text("本周到期", "Due this week"),
        "later": Text("以后到期", "Due later"),
        "stopped": Text("计时暂停", "The clock stands still"),
    }
    return DuePage(
        frame=frame(language, "/due"),
        lists=lists_of("/due"),
        whose=(
            Choice(Text("本机关", "My authority"), "/due", True),
            Choice(Text("我的", "Mine"), "/due?whose=me"),
        ),
        groups=tuple(
            DueGroup(key, text, tuple(row for row in rows if row.when == key)) for key, text in texts.items()
        ),
        today=_TODAY,
        week_ends=_TODAY + timedelta(days=1),
    )


def _form(language: Language, path: str) -> RecordPage:
    form = (
        NEW_LEAD if "leads" in path else NEW_CASE if path.endswith("new") else form_of_case_step("decision")
    )
    assert form is not None
    known = Directory.empty()
    return RecordPage(
        frame=frame(language, path),
        title=form.title,
        intro=form.intro,
        about="周市监线〔2026〕18号",
        about_line=Text("来自：举报", "from: report"),
        about_href="/leads/01",
        action=path,
        fields=fields_of(form, opened(form, {}, known, AT), known),
        hidden={"id": "01"},
        button=form.button,
        attaches=True,
    )
