"""Rules about statements of evidence taken: the whole history of a batch is an authority's to take only where all of it is its
own, of a case or lead where that is its own, and as the ledger had it when there was one."""

from __future__ import annotations

from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .involvement import sees
from .reach import known_batch
from .rules_of_cases import no_such
from .rules_of_jurisdiction import jurisdiction_of_speaker
from .things import batch_thing


def _not_whole_within(claim: Claim, draft: drafts.StatementDraft) -> Finding | None:
    """How many events a batch has tells what others did with it: who has only some of them is not told."""
    known = known_batch(draft.subject.batch, claim.state)
    if known is None or not draft.body.whole or claim.jurisdiction.everything:
        return None
    code, own = known[0].code, jurisdiction_of_speaker(claim)
    regions = (who for who in claim.state.involved[code] if who.startswith("r:"))
    if all(sees(own, {region, batch_thing(code)}) for region in regions):
        return None
    return Finding(
        "/body/whole",
        "true",
        Text(
            "此批次也涉及本辖区以外的地区",
            "the batch also concerns regions outside your jurisdiction",
        ),
        Text(
            "可提取本单位可见的部分；全部历史请共同的上级提取，或取得所涉地区的授权",
            "take what is open to you; for all of it ask the superior of all these regions, or for their grants",
        ),
    )


def _of_no_case(claim: Claim, draft: drafts.StatementDraft) -> Finding | None:
    subject, state = draft.subject, claim.state
    if subject.case is not None:
        return no_such(claim, "/subject/case", subject.case, state.cases[subject.case])
    if subject.lead is not None:
        return no_such(claim, "/subject/lead", subject.lead, state.leads[subject.lead])
    return None


def _before_it_began(claim: Claim, draft: drafts.StatementDraft) -> Finding | None:
    """A history has a newest event only where it has one; a ledger has a checkpoint only of what it holds."""
    as_of, begun = draft.body.as_of, _begun_at(claim, draft)
    if as_of is None or (begun is not None and begun < as_of <= claim.seq):
        return None
    return Finding(
        "/body/as_of",
        str(as_of),
        Text("截至该条数的账本上还没有它，或账本还没有这么多条", "a ledger of that size does not hold it yet, or there are not so many entries"),
        Text("选较晚的检查点", "choose a later checkpoint"),
    )  # fmt: skip


def _begun_at(claim: Claim, draft: drafts.StatementDraft) -> int | None:
    """The index of the event with which it began; None where there is none, which other rules name."""
    subject, state = draft.subject, claim.state
    if subject.case is not None:
        case = state.cases[subject.case]
        return None if case is None else case.seq
    if subject.lead is not None:
        lead = state.leads[subject.lead]
        return None if lead is None else lead.seq
    known = known_batch(subject.batch, state)
    return None if known is None else known[0].seq


EVIDENCE_OF_NO_CASE = Rule(
    "evidence-of-no-case", Weight.INPUT,
    Text("没有这个案件或线索", "no such case or lead"),
    Text("案件、线索的证据由办理它的部门提取", "evidence of a case or lead is taken by the authority whose it is"),
    _of_no_case,
)  # fmt: skip
BEFORE_IT_BEGAN = Rule(
    "before-it-began", Weight.INPUT,
    Text("早于其开始的检查点", "a checkpoint from before it began"),
    Text("截至的检查点应含有该历史的第一条", "the checkpoint holds the first event of the history"),
    _before_it_began,
)  # fmt: skip
NOT_WHOLE_WITHIN = Rule(
    "not-whole-within", Weight.AUTHORITY,
    Text("全部历史超出辖区", "the whole history lies beyond the jurisdiction"),
    Text("市场监督管理部门提取本辖区内的证据（市场监督管理行政处罚程序规定第八条）",
         "a market regulator takes evidence in its own region (市场监督管理行政处罚程序规定 art. 8)"),
    _not_whole_within,
)  # fmt: skip
