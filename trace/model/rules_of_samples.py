"""Rules about the way of a sample: each side takes its own steps, in their order, and a result is final when nobody can object any more.

As with leads and cases, what somebody claims of a procedure is refused where it is impossible, and what is late is never refused
(docs/decisions/0034). What was amiss with the sample itself refuses nothing: it is a remark on its result (`samples.remarks_on`).
"""

from __future__ import annotations

from datetime import date

from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .deadlines import objections_end
from .effects_of_samples import is_of_authority
from .rules_of_cases import out_of_order
from .sample_path import OF_LABORATORY, OF_PARTY, OF_SAMPLER, SAMPLE_STATES, SAMPLE_STEPS
from .samples import KnownSample
from .values import party_id


def _known(claim: Claim, draft: drafts.SampleStepDraft) -> KnownSample | None:
    """The sample that a step is of, if who says it takes part in it: to others the answer is that of one that is not there."""
    known = claim.state.samples[draft.subject.event]
    if known is None or party_id(draft.body.authority) != known.authority:
        return None
    if claim.speaker in known.parties or is_of_authority(claim.speaker, known, claim.state):
        return known
    return None


def _unknown(claim: Claim, draft: drafts.SampleStepDraft) -> Finding | None:
    if _known(claim, draft) is not None:
        return None
    return Finding(
        "/subject/event",
        draft.subject.event,
        Text("没有这个样品", "there is no such sample"),
        Text("从样品的页面打开登记页面", "open the form from the page of the sample"),
    )


def _out_of_order(claim: Claim, draft: drafts.SampleStepDraft) -> Finding | None:
    known = _known(claim, draft)
    if known is None:
        return None
    if all(move.step != draft.body.step for move in known.moves):
        return Finding(
            "/body/step",
            draft.body.step,
            Text(
                "只有监督抽查的结果才告知、异议、生效和公布",
                "only results of supervision are served, objected to, final and published",
            ),
        )
    return out_of_order(known.moves, known.state, draft.body.step, SAMPLE_STATES, SAMPLE_STEPS)


def _anothers(claim: Claim, draft: drafts.SampleStepDraft) -> Finding | None:
    known, step = _known(claim, draft), draft.body.step
    if known is None:
        return None
    if is_of_authority(claim.speaker, known, claim.state):
        return None  # from paper, it may enter each of the others' steps
    if step in OF_LABORATORY and claim.speaker == known.laboratory:
        return None
    if step in OF_PARTY and claim.speaker in known.told:
        return None
    if claim.speaker == known.speaker and step in OF_SAMPLER:
        return None
    name = SAMPLE_STEPS[step]
    return Finding(
        "/body/step",
        step,
        Text(f"「{name.zh}」不由本单位登记", f"“{name.en}” is not for this party to record"),
        Text(
            "检验机构登记收样和报告；被告知的单位提出异议；其他由组织抽查的部门登记",
            "the laboratory records receipt and report, whoever was told objects, the authority records the rest",
        ),
    )


def _without_paper(claim: Claim, draft: drafts.SampleStepDraft) -> Finding | None:
    known = _known(claim, draft)
    if known is None or draft.body.step not in OF_PARTY:
        return None
    if not is_of_authority(claim.speaker, known, claim.state):
        return None
    if draft.body.to is None and draft.body.to_name is None:
        return Finding("/body/to", "", Text("写明是哪个单位的答复", "say whose answer it is"))
    if draft.documents:
        return None
    return Finding(
        "/documents",
        "",
        Text(
            "代为录入书面异议、确认的，附上扫描件",
            "who enters an objection or a confirmation from paper attaches its scan",
        ),
    )


def _not_yet_final(claim: Claim, draft: drafts.SampleStepDraft) -> Finding | None:
    known, on = _known(claim, draft), draft.occurred_on
    if known is None or draft.body.step != "final" or known.state != "served" or on is None:
        return None
    ends: date | None = objections_end(known, claim.state.calendar)
    if ends is None or on > ends:
        return None
    return Finding(
        "/occurred_at",
        on.isoformat(),
        Text(
            f"异议期到 {ends} 为止（产品质量法第十五条：收到结果之日起十五日内）",
            f"until {ends} it can be objected to (产品质量法 art. 15: within fifteen days of receipt)",
        ),
        Text(
            "期满后登记生效；被告知的单位都书面放弃异议的，先登记放弃",
            "declare it final after that day; where all that were told waive, record that first",
        ),
    )


SAMPLE_UNKNOWN = Rule(
    "sample-unknown", Weight.INPUT,
    Text("没有这个样品", "no such sample"),
    Text("样品由组织抽查的部门、检验机构和被告知的单位办理", "a sample is dealt with by its authority, the laboratory and those who are told"),
    _unknown,
)  # fmt: skip
SAMPLE_OUT_OF_ORDER = Rule(
    "sample-out-of-order", Weight.ARITHMETIC,
    Text("样品步骤次序不对", "step of a sample out of order"),
    Text("抽样、送检、报告、告知、异议、生效依次办理（产品质量法第十五条）", "sampled, tested, served, objected to, final (产品质量法 art. 15)"),
    _out_of_order,
)  # fmt: skip
ANOTHERS_SAMPLE_STEP = Rule(
    "sample-step-of-another", Weight.AUTHORITY,
    Text("不是本单位的步骤", "a step of another party"),
    Text("各方登记自己的步骤，纸质的由组织抽查的部门录入", "each side records its own; what is on paper the authority enters"),
    _anothers,
)  # fmt: skip
OBJECTION_WITHOUT_PAPER = Rule(
    "objection-without-paper", Weight.INPUT,
    Text("没有书面材料扫描件", "no scan of the paper"),
    Text("代为录入的异议、确认附扫描件", "an objection or a confirmation entered from paper has its scan"),
    _without_paper,
)  # fmt: skip
NOT_YET_FINAL = Rule(
    "not-yet-final", Weight.ARITHMETIC,
    Text("异议期未满", "still open to objection"),
    Text("收到检验结果之日起十五日内可以申请复检（产品质量法第十五条）", "within fifteen days of the result a retest may be asked for (产品质量法 art. 15)"),
    _not_yet_final,
)  # fmt: skip
