"""Invented pages of requests to other authorities; development and tests only. Nobody named here exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..errors import Text
from ..model.deadlines import deadline_of_request
from ..model.request_path import (
    OF_RECEIVER,
    REQUEST_MOVES,
    REQUEST_STATES,
    REQUEST_STEPS,
    REQUEST_TYPES,
)
from ..model.requests import KnownRequest, KnownRequestStep
from ..model.working_days import Calendar
from ..queries import regions_to_ask, requests
from ..queries.answers import Standing
from ..queries.cases import deadline_rows
from ..queries.registry import PartyLink
from ..queries.request_words import QUESTIONS
from ..queries.timeline import Attachment
from .case_lists import lists_of
from .directory import Directory
from .filled import fields_of, opened
from .forms_of_requests import NEW_REQUEST, form_of_request_step
from .samples_in_common import AT, CODE, LONG, MAKER, frame
from .views import Choice, Link, Page, RecordPage
from .views_of_requests import RegionsPage, RequestPage, RequestsPage
from .words import Language

_TODAY = AT.date()
_US, _THEM = PartyLink("0d", "模拟市市场监督管理局"), PartyLink("0f", "例示市市场监督管理局")
_REGION = Text("山东省济南市历下区", "山东省济南市历下区")
_SCAN = Attachment("ab" * 32, "检验报告.pdf", "application/pdf", 120_000)


def samples_of_requests(language: Language) -> dict[str, Page]:
    sent = _page(language)
    listed = RequestsPage(
        frame=frame(language, "/requests"),
        lists=lists_of("/requests"),
        sides=(Choice(Text("未办结", "Open"), "/requests", True), Choice(Text("全部", "All"), "/requests?side=all")),
        rows=(
            sent.found.row,
            replace(sent.found.row, side="received", authority=PartyLink("0e", LONG), type_name=REQUEST_TYPES["transfer"], due=None),
        ),
        next_href="/requests?after=1",
    )  # fmt: skip
    regions = _regions(language, sent.found.row)
    return {
        "requests": listed,
        "requests-none": replace(listed, rows=(), next_href=""),
        "request": sent,
        "request-received": _received(sent),
        "request-on-paper": _on_paper(sent),
        "regions-to-ask": regions,
        "regions-to-ask-none": replace(regions, found=replace(regions.found, rows=(), closed=()), may_write=False),
        "record-request": _form(language, "/requests/new?case=01"),
        "record-reply": _form(language, "/requests/01/steps/replied"),
    }  # fmt: skip


def _known() -> KnownRequest:
    def step(name: str, days: int) -> KnownRequestStep:
        on = _TODAY - timedelta(days=days)
        return KnownRequestStep(event="01", seq=48_301, step=name, on=on, speaker="0f", on_paper=False)

    return KnownRequest(
        id="01", event="01", seq=48_300, authority="0d", type="assist", number="周市监协〔2026〕5号", to="0f", to_name="", case="01", lead="",
        region="370102", issued_on=_TODAY - timedelta(days=40), steps=(step("received", 36), step("accepted", 35)),
    )  # fmt: skip


def _page(language: Language) -> RequestPage:
    known = _known()
    term = deadline_of_request(known, Calendar())
    assert term is not None
    row = requests.RequestRow(
        id="01", side="sent", type=known.type, type_name=REQUEST_TYPES[known.type], number=known.number, issued_on=known.issued_on,
        authority=_US, to=_THEM, region=known.region, region_name=_REGION, state=known.state,
        standing=Standing("attention", REQUEST_STATES[known.state]), due=deadline_rows([term], _TODAY)[0], index=known.seq,
    )  # fmt: skip
    letter = requests.Letter(
        facts="监督抽查发现 YJV 4×35 电缆导体电阻不合格，其中一盘发往贵辖区。", legal_basis="市场监督管理行政处罚程序规定第四十五条",
        questions=(QUESTIONS["authenticity"], QUESTIONS["sales"]), more_questions="该盘现在何处。", evidence=("进货票据复印件", "现场照片"),
        batches=(
            requests.BatchOfLetter(code="7K3QF9TWZP", printed=CODE, units="1–4", name=f"YJV 0.6/1kV 4×35+1×16 {MAKER}", length_mm=250_000),
            requests.BatchOfLetter(code="23456789AB", printed="23456-789AB", units="", name="", length_mm=None),
        ),
        goods=("BV 2.5，无厂名",), parties=(LONG,), projects=("模拟市人民医院新院区配电工程",), names=("某作坊",), frozen_at=47_900, reason="", originals=(),
        contacts=("执法甲", "执法乙"), documents=(_SCAN,), case_number="周市监立〔2026〕7号", case_filed_on=_TODAY - timedelta(days=60),
    )  # fmt: skip
    steps = tuple(
        requests.RequestStepRow(
            event="01", step=step.step, name=REQUEST_STEPS[step.step], on=step.on, entered_by=_THEM, on_paper=False, number="", text="", until=None,
            is_late=False, outcome=None, evidence=(), copy_to="", documents=(),
        )
        for step in known.steps
    )  # fmt: skip
    reminded = replace(
        steps[0], step="reminded", name=REQUEST_STEPS["reminded"], on=_TODAY, entered_by=_US, number="周市监催〔2026〕1号", copy_to="河南省市场监督管理局",
    )  # fmt: skip
    forms = [
        Choice(REQUEST_STEPS[move.step], f"/requests/01/steps/{move.step}")
        for move in REQUEST_MOVES
        if known.state in move.states
    ]
    received = {REQUEST_STEPS[step] for step in OF_RECEIVER}
    return RequestPage(
        frame=frame(language, "/requests/01"),
        found=requests.RequestPage(
            row=row, event="01", case="01", lead="", letter=letter, steps=(*steps, reminded), next=()
        ),
        steps=tuple(each for each in forms if each.text not in received),
        from_paper=tuple(each for each in forms if each.text in received),
        back=Link("/cases/01", Text("所办的案件或线索", "The case or lead that it is of")),
    )


def _received(page: RequestPage) -> RequestPage:
    found = replace(page.found, row=replace(page.found.row, side="received", due=None), case="", steps=())
    return replace(page, found=found, from_paper=(), back=None)


def _on_paper(page: RequestPage) -> RequestPage:
    letter = replace(
        page.found.letter, reason="违法行为发生地不在本辖区。", originals=("检验报告一份",), questions=(), batches=(), documents=(), case_number="", case_filed_on=None,
    )  # fmt: skip
    row = replace(
        page.found.row, to=PartyLink("", LONG), type="transfer", type_name=REQUEST_TYPES["transfer"], state="evaluated",
        standing=Standing("unknown", REQUEST_STATES["evaluated"]),
    )  # fmt: skip
    replied = replace(
        page.found.steps[0], step="replied", name=REQUEST_STEPS["replied"], entered_by=_US, on_paper=True, number="例市监复〔2026〕8号",
        text="经查，该盘电缆为假冒。", evidence=("进货票据复印件",), documents=(_SCAN,),
    )  # fmt: skip
    late = replace(
        replied, step="extended", name=REQUEST_STEPS["extended"], until=_TODAY, is_late=True, documents=()
    )
    return replace(page, found=replace(page.found, row=row, letter=letter, steps=(late, replied)), steps=(), from_paper=())  # fmt: skip


def _regions(language: Language, row: requests.RequestRow) -> RegionsPage:
    batch = requests.BatchOfLetter(code="7K3QF9TWZP", printed=CODE, units="", name="YJV", length_mm=250_000)
    asked = regions_to_ask.RegionToAsk(
        region="370102", name=_REGION, length_mm=250_000, makers=(), batches=(batch,), requests=(row,), type="assist", to=_THEM
    )  # fmt: skip
    there = replace(
        asked,
        region="411603",
        name=Text("河南省周口市淮阳区", "河南省周口市淮阳区"),
        makers=(LONG,),
        requests=(),
        type="order",
    )
    unknown = replace(
        asked, region="610100", name=Text("陕西省西安市", "陕西省西安市"), requests=(), type="assist", to=None
    )
    here = replace(
        asked,
        region="411602",
        name=Text("河南省周口市川汇区", "河南省周口市川汇区"),
        length_mm=0,
        makers=(MAKER,),
        requests=(),
        type="",
        to=None,
    )
    return RegionsPage(
        frame=frame(language, "/cases/01/regions"),
        found=regions_to_ask.RegionsToAsk(
            case="01", number="周市监立〔2026〕7号", frozen_at=47_900, rows=(there, unknown, here, asked), closed=("23456-789AB",)
        ),
        may_write=True,
    )  # fmt: skip


def _form(language: Language, path: str) -> RecordPage:
    form = NEW_REQUEST if "new" in path else form_of_request_step("replied", "assist", on_paper=True)
    assert form is not None
    known = Directory.empty()
    return RecordPage(
        frame=frame(language, path),
        title=form.title,
        intro=form.intro,
        about="周市监立〔2026〕7号",
        about_line=Text("所办的案件或线索", "the case or lead that it is of"),
        about_href="/cases/01",
        action=path,
        fields=fields_of(form, opened(form, {}, known, AT), known),
        hidden={"id": "01"},
        button=form.button,
        attaches=True,
    )
