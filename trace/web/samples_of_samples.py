"""Invented pages of samples: the list, a sample in dispute, one whose result is final, as a maker sees his, and forms of steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..auth.policy import Role
from ..errors import Problem, Text
from ..model.sample_path import GROUNDS, SAMPLE_MOVES, SAMPLE_STATES, SAMPLE_STEPS, SEALS, SIDES
from ..model.samples import REMARKS
from ..queries.answers import Standing
from ..queries.cases import DeadlineRow, Next
from ..queries.names import region_name
from ..queries.registry import PartyLink
from ..queries.reports import VERDICTS
from ..queries.samples import FILTERS, SamplePage, SampleRow, SampleStepRow
from ..queries.wording import LEVELS, SAMPLINGS
from . import views_of_samples
from .directory import Directory
from .filled import fields_of
from .forms_of_samples import form_of_sample_step
from .samples_in_common import CODE, LONG, MAKER, frame
from .views import Choice, Page, RecordPage
from .words import Language

_EVENT = "0196a3c4-7f00-7c11-9a55-3d2f5b1c7e91"
_AUTHORITY = PartyLink("r", "模拟市市场监督管理局示范分局")
_LABORATORY = PartyLink("l", "模拟省电线电缆产品质量检验中心")
_CLAUSE = "产品质量法第十五条"


def samples_of_samples(language: Language) -> dict[str, Page]:
    at = frame(language, "/samples")
    in_dispute = _page(language, _row())
    final = replace(
        in_dispute.found,
        row=_final(),
        remarks=(),
        deadlines=(),
        steps=in_dispute.found.steps[:2],
        next=(),
        from_paper=(),
    )
    return {
        "samples-full": views_of_samples.SamplesPage(
            frame=at, states=_states("open"), rows=(_row(), _final(), _on_its_way())
        ),
        "samples-to-publish": views_of_samples.SamplesPage(
            frame=at,
            states=_states("unpublished"),
            rows=(_to_publish(),),
            penalties_href="/cases?publication=pending",
        ),
        "samples-empty": views_of_samples.SamplesPage(frame=at, states=_states("ended")),
        "sample-in-dispute": in_dispute,
        "sample-final": replace(in_dispute, found=final, steps=(), from_paper=()),
        "sample-of-a-maker": _of_a_maker(language, in_dispute),
        "record-sample-served": _form(language, "served"),
        "record-sample-objected": _form(language, "objected"),
        "record-sample-final-too-early": replace(
            _form(language, "final"),
            problems=(
                Problem(
                    "not-yet-final",
                    Text("异议期到 2026-05-25 为止", "until 2026-05-25 it can be objected to"),
                    where="/occurred_at",
                    came="2026-05-20",
                    remedy=Text("期满后登记生效", "declare it final after that day"),
                ),
            ),
        ),
    }


def _states(chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(text, f"/samples?state={name}", name == chosen) for name, text in FILTERS.items())


def _row() -> SampleRow:
    return SampleRow(
        event=_EVENT, number="模市监抽〔2026〕12号", type="supervision", type_name=SAMPLINGS["supervision"], level="city",
        level_name=LEVELS["city"], authority=_AUTHORITY, batch="7K3QF9TWZP", printed=CODE, goods="", unit=3,
        product="ZC-YJV 0.6/1kV 3×70+1×35", region="411602", region_name=region_name("411602"), sampled_on=date(2026, 4, 18),
        state="objected", standing=Standing("attention", SAMPLE_STATES["objected"]), result=VERDICTS["fail"], is_final=False,
        due=_term(None), index=48_102,
    )  # fmt: skip


def _final() -> SampleRow:
    return replace(
        _row(), event="f", number="模市监抽〔2026〕9号", state="published", standing=Standing("fine", SAMPLE_STATES["published"]),
        result=VERDICTS["pass"], is_final=True, due=None,
    )  # fmt: skip


def _to_publish() -> SampleRow:
    term = replace(
        _term(None),
        code="sampling-publish",
        title=Text("公布结果，或登记不予公布", "publish the result or say why not"),
        whose="sampling",
    )
    return replace(
        _final(),
        state="final",
        standing=Standing("fine", SAMPLE_STATES["final"]),
        result=VERDICTS["fail"],
        due=term,
    )


def _on_its_way() -> SampleRow:
    return replace(
        _row(), event="w", number="见证-3", type="witnessed", type_name=SAMPLINGS["witnessed"], level="", level_name=None, batch="", printed="",
        goods="g", unit=None, state="handed-over", standing=Standing("attention", SAMPLE_STATES["handed-over"]), result=None, due=None,
    )  # fmt: skip


def _term(met_on: date | None) -> DeadlineRow:
    return DeadlineRow(
        code="sampling-objection", title=Text("收到检验结果后可以提出异议、申请复检", "object or ask for a retest after the result came"),
        whose="party", begun=date(2026, 5, 7), due=date(2026, 5, 22), days_left=3, tentative=False, extended=False, met_on=met_on,
        overdue=False, clause=_CLAUSE,
    )  # fmt: skip


def _step(step: str, by: PartyLink, on: date, *words: Text, to: str = "", text: str = "") -> SampleStepRow:
    return SampleStepRow(
        event=_EVENT, step=step, name=SAMPLE_STEPS[step], on=on, by=by, on_paper=False, to=to, words=words, number="", text=text,
        documents=(),
    )  # fmt: skip


def _page(language: Language, row: SampleRow) -> views_of_samples.SamplePage:
    maker = PartyLink("m", MAKER)
    steps = (
        _step("handed-over", _AUTHORITY, date(2026, 4, 19), SEALS["whole"], to=_LABORATORY.name),
        _step("received", _LABORATORY, date(2026, 4, 20), SEALS["broken"]),
        replace(_step("reported", _LABORATORY, date(2026, 5, 6), VERDICTS["fail"]), number="JD-2026-118"),
        _step("served", _AUTHORITY, date(2026, 5, 7), SIDES["maker"], to=MAKER),
        replace(
            _step("objected", maker, date(2026, 5, 9), GROUNDS["authenticity"], text="包装、标识与本企业不符，附比对照片。"),
            on_paper=True,
        ),
    )  # fmt: skip
    found = SamplePage(
        row=row, holder=PartyLink("d", LONG), sampler=_AUTHORITY, maker=maker, length_mm=3_000, reserve_mm=3_000, lot_size_mm=1_000_000,
        seal="封-0012", samplers=2, kept_at="市局样品室三号柜", not_the_makers=False, remarks=(REMARKS["seal-broken"],),
        deadlines=(_term(None), _term(date(2026, 5, 9))), steps=steps, next=_next("dismissed", "not-the-makers", "upheld", "retest", "kept"),
        from_paper=_next("objected"),
    )  # fmt: skip
    return views_of_samples.SamplePage(
        frame=frame(language, f"/samples/{row.event}"),
        found=found,
        steps=_choices(found.next),
        from_paper=_choices(found.from_paper),
    )


def _of_a_maker(language: Language, page: views_of_samples.SamplePage) -> Page:
    found = replace(
        page.found,
        holder=None,
        kept_at="",
        steps=page.found.steps[3:],
        row=replace(page.found.row, state="served", standing=Standing("attention", SAMPLE_STATES["served"])),
        not_the_makers=True,
        next=_next("confirmed", "objected", "waived"),
        from_paper=(),
    )
    return replace(
        page,
        frame=frame(language, "/samples/x", Role.MANUFACTURER),
        found=found,
        steps=_choices(found.next),
        from_paper=(),
    )


def _next(*steps: str) -> tuple[Next, ...]:
    clauses = {move.step: move.clause for move in SAMPLE_MOVES}
    return tuple(Next(step, SAMPLE_STEPS[step], clauses[step]) for step in steps)


def _choices(steps: tuple[Next, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(each.text, f"/samples/x/steps/{each.step}") for each in steps)


def _form(language: Language, step: str) -> RecordPage:
    form = form_of_sample_step(step)
    assert form is not None
    path = f"/samples/{_EVENT}/steps/{step}"
    return RecordPage(
        frame=frame(language, path),
        title=form.title,
        intro=form.intro,
        about="模市监抽〔2026〕12号",
        about_line=SAMPLE_STATES["served"],
        about_href=f"/samples/{_EVENT}",
        action=path,
        fields=fields_of(form, {}, Directory.empty()),
        hidden={"id": "01"},
        button=form.button,
        attaches=True,
    )
