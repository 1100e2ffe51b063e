"""Invented pages of clues about officials; development and tests only. Nobody named here exists."""

from __future__ import annotations

from dataclasses import replace

from ..errors import Text
from ..model.discipline import DISCIPLINE_STEPS, OUTCOMES, grounds_on
from ..queries import discipline
from ..queries.registry import PartyLink
from .directory import Directory
from .filled import fields_of, opened
from .forms_of_discipline import form_of_discipline
from .samples_in_common import AT, LONG, frame
from .views import Choice, Page, RecordPage
from .views_of_discipline import DisciplineListPage, DisciplinePage
from .words import Language

_TODAY = AT.date()
_PEOPLE = {"a1": "甲某", "a2": "乙某", "a3": "丙某（模拟市市场监督管理局）"}


def samples_of_discipline(language: Language) -> dict[str, Page]:
    row = discipline.DisciplineRow(
        id="01", number="周市监纪线〔2026〕1号", ground=grounds_on(_TODAY)["not-transferred"].title, organ="模拟市监察委员会", on=_TODAY, state="drawn-up",
        standing=discipline.standing_of("drawn-up"), index=48_300,
    )  # fmt: skip
    answered = replace(row, state="answered", organ=LONG, standing=discipline.standing_of("answered"))
    step = discipline.DisciplineStepRow(
        event="02", step="answered", name=DISCIPLINE_STEPS["answered"], on=_TODAY, account="a2", number="模监函〔2026〕3号", outcome=OUTCOMES["accepted"],
        text="已受理。",
    )  # fmt: skip
    found = discipline.DisciplinePage(
        row=row, event="01", authority=PartyLink("0e", "模拟市市场监督管理局示范分局"), official="某甲", unit="模拟市某局", post="科员", facts="应当移送的案件作了行政处罚。",
        basis="《行政执法机关移送涉嫌犯罪案件的规定》第十一条第一款、第十六条、第十八条", certainty="seen", account="a1", signer="a3", handlers=("a2", "gone"), case=("03", "周市监立〔2026〕7号"),
        steps=(), next=("approved", "refused"),
    )  # fmt: skip
    one = DisciplinePage(
        frame=frame(language, "/discipline/01"),
        found=found,
        people=_PEOPLE,
        steps=tuple(Choice(DISCIPLINE_STEPS[each], f"/discipline/01/steps/{each}") for each in found.next),
    )
    form = form_of_discipline({id_: Text(name, name) for id_, name in _PEOPLE.items()}, _TODAY)
    known = Directory.empty()
    listed = DisciplineListPage(
        frame=frame(language, "/discipline"), rows=(row, answered), new_href="/discipline/new"
    )
    return {
        "discipline": listed,
        "discipline-none": replace(listed, rows=(), new_href=""),
        "discipline-clue": one,
        "discipline-clue-answered": replace(
            one,
            found=replace(found, row=answered, official="", facts=LONG * 3, steps=(step,)),
            steps=(),
            letter_href="/discipline/01/letter.pdf",
        ),
        "record-discipline": RecordPage(
            frame=frame(language, "/discipline/new"),
            title=form.title,
            intro=form.intro,
            about="周市监立〔2026〕7号",
            about_line=Text(
                "记录中没有迹象（估算，待认定）", "the records show no sign (estimate, to be judged)"
            ),
            about_href="/cases/03",
            action="/discipline/new",
            fields=fields_of(form, opened(form, {}, known, AT), known),
            hidden={"id": "01"},
            button=form.button,
            attaches=True,
        ),
    }
