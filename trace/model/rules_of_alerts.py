"""Rules about what an authority finds out about an alert from checks of codes, and about how it handles alerts of every rule."""

from __future__ import annotations

from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .units import top_of


def _found_nowhere(_claim: Claim, draft: drafts.AlertFindingDraft) -> Finding | None:
    if draft.body.result != "confirmed" or draft.place is not None:
        return None
    return Finding(
        "/place",
        "",
        Text("确认时须写明在何处发现复制品", "whoever confirms a copy says where it was found"),
        Text("写明地区；只是排除的可以不写", "name the region; a dismissal may do without"),
    )


def _found_already(claim: Claim, draft: drafts.AlertFindingDraft) -> Finding | None:
    known = claim.state.suspicions.get(draft.subject.event)
    if known is None or known.finding in (None, draft.id):
        return None
    return Finding(
        "/subject/event",
        draft.subject.event,
        Text("这条预警已经核查过", "an authority has found out about this alert already"),
        Text("结论有误的，由作出的部门更正", "if that was wrong, the authority that said so corrects it"),
    )


def _no_such_entry(claim: Claim, draft: drafts.AlertStepDraft) -> Finding | None:
    if draft.subject.index < claim.seq:
        return None
    return Finding(
        "/subject/index",
        str(draft.subject.index),
        Text(f"账本到 {claim.seq - 1} 为止", f"the ledger ends with {claim.seq - 1}"),
        Text("写预警所列的序号", "give the index that the alert shows"),
    )


def _handled_already(claim: Claim, draft: drafts.AlertStepDraft) -> Finding | None:
    """Asked of the own authority alone: what another one made of the alert is not told."""
    top, about = top_of(claim.speaker, claim.state.parties), (draft.subject.index, draft.subject.rule)
    own = [each for each in claim.state.alert_steps[about] if each.top == top]
    is_dismissed = bool(own) and own[-1].step == "dismissed"
    if is_dismissed == (draft.body.step == "reopened"):
        return None
    return Finding(
        "/body/step",
        draft.body.step,
        Text("本单位已经排除这条预警", "your authority has dismissed this alert")
        if is_dismissed
        else Text("这条预警没有被排除", "this alert was not dismissed"),
        Text("有新情况的，先重新打开", "reopen it first, if there is something new")
        if is_dismissed
        else Text("", ""),
    )


def _says_too_little(_claim: Claim, draft: drafts.AlertStepDraft) -> Finding | None:
    body = draft.body
    if body.step == "assigned" and body.to is None and not draft.by:
        return Finding(
            "/body/to", "",
            Text("写明交给哪个机构或哪位人员", "name the unit or the officer to whom it is given"),
        )  # fmt: skip
    if body.step != "assigned" and not body.text:
        return Finding("/body/text", "", Text("写明理由", "say why"))
    return None


FOUND_WHERE = Rule(
    "found-nowhere", Weight.INPUT,
    Text("未写发现地", "found nowhere"),
    Text("确认须有发现地：公众看到的结论以此为据", "a confirmation rests on where it was found: the public is told"),
    _found_nowhere,
)  # fmt: skip
FOUND_ALREADY = Rule(
    "found-already", Weight.ARITHMETIC,
    Text("已经核查", "found out already"),
    Text("一条预警一个结论，改变结论用更正", "an alert has one finding; another one is a correction of it"),
    _found_already,
)  # fmt: skip
NO_SUCH_ENTRY = Rule(
    "no-such-alert", Weight.INPUT,
    Text("没有这条预警", "no such alert"),
    Text("预警来自账本上已有的记录", "an alert comes from what is on the ledger"),
    _no_such_entry,
)  # fmt: skip
HANDLED_ALREADY = Rule(
    "handled-already", Weight.ARITHMETIC,
    Text("预警已经处理", "handled already"),
    Text("排除后重新打开才能再办", "what was dismissed is handled again once it is reopened"),
    _handled_already,
)  # fmt: skip
SAYS_TOO_LITTLE = Rule(
    "handled-without-reason", Weight.INPUT,
    Text("预警办理不完整", "handled without a word"),
    Text("交办有对象，排除和重新打开有理由", "what is assigned goes to somebody; to dismiss or reopen has a reason"),
    _says_too_little,
)  # fmt: skip
