"""Invented pages of special campaigns; development and tests only. Nobody named here exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..auth.policy import Role
from ..errors import Problem, Text
from ..model.kinds import KINDS
from ..model.programmes import ABOUT, PROGRAMME_STEPS
from ..queries import programmes
from ..queries.answers import Standing
from ..queries.registry import PartyLink
from ..queries.timeline import Attachment
from .case_lists import lists_of
from .directory import Directory
from .filled import fields_of, opened
from .form_parts import Form
from .forms_of_programmes import NEW_PROGRAMME, form_of_report
from .forms_of_self_checks import COMMITMENT, signing
from .samples_in_common import AS_OF, AT, LONG, MAKER, frame
from .views import Choice, Page, RecordPage
from .views_of_programmes import CoveragePage, ProgrammePage, ProgrammesPage, SelfChecksPage
from .words import Language

_TODAY = AT.date()
_CITY, _COUNTY = PartyLink("0d", "模拟市市场监督管理局"), PartyLink("0e", "模拟市市场监督管理局示范区分局")
_EVENT = "0196a3c4-7f00-7c11-9a55-3d2f5b1c7e91"


def samples_of_programmes(language: Language) -> dict[str, Page]:
    page = _page(language)
    listed = ProgrammesPage(
        frame=frame(language, "/programmes"),
        lists=lists_of("/programmes"),
        rows=(page.found.row, replace(page.found.row, name=LONG, standing=Standing("unknown", Text("已结束", "ended")))),
        new_href="/programmes/new",
    )  # fmt: skip
    form = _form(language, "/programmes/new")
    return {
        "programmes": listed,
        "programmes-none": replace(listed, rows=(), new_href=""),
        "programme": page,
        "programme-of-another-unit": replace(
            page, steps=(), of_task=(), found=replace(page.found, reports=(), coverage=())
        ),
        "programme-coverage": _coverage(language),
        "programme-coverage-none": replace(
            _coverage(language), found=replace(_coverage(language).found, rows=())
        ),
        "programme-cases-of-a-unit": replace(
            _coverage(language),
            what=programmes.OF_MATTERS["cases"],
            found=replace(
                _coverage(language).found,
                of_name=programmes.MATTERS,
                what="cases",
                is_own=True,
                rows=(
                    programmes.CheckedParty(
                        party=PartyLink("02", "周市监立〔2026〕7号"),
                        checks=(("case", _TODAY, _EVENT),),
                        sort="case",
                    ),
                ),
            ),
        ),
        "self-checks": _self_checks(language),
        "self-checks-none": replace(_self_checks(language), found=programmes.SelfChecks(asked=(), own=())),
        "record-programme": form,
        "record-programme-wrong": replace(
            form,
            problems=(
                Problem(
                    "programme-inconsistent",
                    Text("任务编号重复", "two tasks have this code"),
                    where="/body/tasks/1/code",
                    came="1",
                ),
            ),
        ),
        "record-commitment": _form(language, "/parties/x/record/commitment"),
        "record-programme-summary": _form(language, "/programmes/01/steps/summary"),
    }


def _page(language: Language) -> ProgrammePage:
    since, until = _TODAY - timedelta(days=30), _TODAY + timedelta(days=60)
    now = programmes.PhaseRow(
        n=1, name="自查", opens_on=since, closes_on=until, standing=Standing("attention", Text("进行中，还有 60 天", "going on, 60 days left")), is_now=True,
    )  # fmt: skip
    later = replace(
        now,
        n=2,
        name="省市重点抽查、飞行检查",
        is_now=False,
        standing=Standing("unknown", Text("20 天后开始", "begins in 20 days")),
    )
    row = programmes.ProgrammeRow(
        id="01", number="周市监办〔2026〕20号", name="电线电缆质量安全专项行动", authority=_CITY, issued_on=since, opens_on=since, closes_on=until,
        phases=(now, later), standing=Standing("stop", Text("1 项任务逾期", "1 tasks overdue")), ended_on=None, overdue=1,
        summary_due=_TODAY + timedelta(days=120), index=48_200,
    )  # fmt: skip
    late = programmes.UnitTask(
        unit=_CITY, known=True, done_on=None, reports=0, standing=Standing("stop", Text("逾期 2 天", "2 days late")), is_overdue=True,
    )  # fmt: skip
    done = programmes.UnitTask(
        unit=_COUNTY, known=True, done_on=_TODAY, reports=2, standing=Standing("fine", Text("已完成", "done"))
    )  # fmt: skip
    elsewhere = programmes.UnitTask(
        unit=PartyLink("0f", LONG), known=False, done_on=None, reports=0, standing=None
    )
    tasks = (
        programmes.TaskRow(
            code="1", text="召开动员会，企业签订质量承诺书", about=ABOUT["makers"], phase="自查", due=_TODAY - timedelta(days=2),
            units=(late, done, elsewhere), mine=True,
        ),
        programmes.TaskRow(code="2a", text="检查建材市场", about=None, phase="", due=None, units=(done,), mine=True),
    )  # fmt: skip
    reported = programmes.ReportRow(
        event=_EVENT, step="reported", name=PROGRAMME_STEPS["reported"], unit=_COUNTY, entered_by=_CITY, on=_TODAY, task="1", text="已检查三家。",
        figures=(programmes.FigureRow(name="检查生产企业", value="3", unit="家"),), case="", lead="", matter="", frozen_at=None,
        documents=(Attachment("ab" * 32, "动员会.pdf", "application/pdf", 120_000),), index=48_210,
    )  # fmt: skip
    major = replace(
        reported, step="major-case", name=PROGRAMME_STEPS["major-case"], entered_by=_COUNTY, task="", text="查获无厂名电缆 17 卷。", figures=(), case="02",
        matter="周市监立〔2026〕7号", documents=(),
    )  # fmt: skip
    summary = replace(
        reported, step="summary", name=PROGRAMME_STEPS["summary"], entered_by=_COUNTY, task="", text="专项行动达到预期。", frozen_at=48_190
    )  # fmt: skip
    coverage = tuple(
        programmes.CoverageRow(
            unit=unit,
            of=of,
            of_name=ABOUT[of],
            registered=25,
            inspected=18,
            left=7,
            sampled=4,
            self_checked=20,
            committed=22,
        )
        for unit in (_CITY, _COUNTY)
        for of in ABOUT
    )
    href = "/programmes/01"
    return ProgrammePage(
        frame=frame(language, href),
        found=programmes.ProgrammePage(
            row=row, event=_EVENT, basis=("国市监稽发〔2021〕22号", "市监质监发〔2021〕33号"), text="全覆盖检查获证企业。", tasks=tasks,
            reports=(summary, major, reported), coverage=coverage, unit=_CITY, by_unit=_by_unit(coverage), matters=_MATTERS, as_of=AS_OF, phase=1, since=since, until=until, next=("major-case", "summary", "ended"),
        ),
        steps=tuple(Choice(PROGRAMME_STEPS[step], f"{href}/steps/{step}") for step in ("major-case", "summary", "ended")),
        of_task=tuple(Choice(PROGRAMME_STEPS[step], f"{href}/steps/{step}") for step in ("reported", "done")),
        phases=(
            Choice(Text("全部阶段", "All phases"), f"{href}?phase=0", False),
            Choice(Text("自查", "自查"), f"{href}?phase=1", True),
        ),
    )  # fmt: skip


_MATTERS = (
    *(programmes.MattersRow(unit=unit, part="own", found=12, closed=9, cases=2) for unit in (_CITY, _COUNTY)),
    programmes.MattersRow(unit=_CITY, part="repeated", found=1, closed=1, cases=0),
    programmes.MattersRow(unit=_CITY, found=23, closed=17, cases=4),
)


def _by_unit(coverage: tuple[programmes.CoverageRow, ...]) -> tuple[programmes.CoverageRow, ...]:
    """As if what the city has were its own, and the county had as much."""
    whole = replace(
        coverage[0], registered=50, inspected=36, left=14, sampled=8, self_checked=40, committed=44
    )
    none = replace(
        coverage[0],
        part="repeated",
        registered=0,
        inspected=0,
        left=0,
        sampled=0,
        self_checked=0,
        committed=0,
    )
    return (
        *(replace(row, part="own") for row in coverage if row.of == whole.of),
        none,
        whole,
    )


def _coverage(language: Language) -> CoveragePage:
    checked = programmes.CheckedParty(
        party=PartyLink("x", LONG), checks=(("inspection", _TODAY, _EVENT), ("sampling", _TODAY, _EVENT))
    )
    return CoveragePage(
        frame=frame(language, "/programmes/01/coverage"),
        found=programmes.CoverageList(
            unit=_COUNTY, of_name=ABOUT["makers"], what="registered", since=_TODAY - timedelta(days=30), until=_TODAY,
            rows=(checked, programmes.CheckedParty(party=PartyLink("y", MAKER), checks=())),
        ),
        name="电线电缆质量安全专项行动",
        what=programmes.WHAT["registered"],
        back="/programmes/01#coverage",
    )  # fmt: skip


def _self_checks(language: Language) -> SelfChecksPage:
    asked = programmes.AskedRow(
        programme="01", number="周市监办〔2026〕20号", name="电线电缆质量安全专项行动", authority=_CITY, kind="commitment", kind_name=KINDS["commitment"],
        due=_TODAY - timedelta(days=2), done_on=None, standing=Standing("stop", Text("逾期 2 天", "2 days late")),
    )  # fmt: skip
    done = replace(
        asked, kind="self-check", kind_name=KINDS["self-check"], done_on=_TODAY, standing=Standing("fine", Text("已登记", "recorded"))
    )  # fmt: skip
    own = programmes.OwnCheck(kind="self-check", kind_name=KINDS["self-check"], on=_TODAY, event=_EVENT)
    return SelfChecksPage(
        frame=frame(language, "/self-checks", Role.MANUFACTURER),
        found=programmes.SelfChecks(asked=(asked, done), own=(own,)),
        href="/parties/x/record",
    )


def _form(language: Language, path: str) -> RecordPage:
    form: Form | None = NEW_PROGRAMME if "new" in path else form_of_report("summary")
    if "commitment" in path:
        form = signing(COMMITMENT)
    assert form is not None
    known = Directory.empty()
    return RecordPage(
        frame=frame(language, path),
        title=form.title,
        intro=form.intro,
        about="" if "new" in path else "电线电缆质量安全专项行动",
        about_line=Text("周市监办〔2026〕20号", "周市监办〔2026〕20号"),
        about_href="/programmes",
        action=path,
        fields=fields_of(form, opened(form, {}, known, AT), known),
        hidden={"id": "01"},
        button=form.button,
        attaches=True,
    )
