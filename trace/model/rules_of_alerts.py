"""Rules about what an authority finds out about an alert from checks of codes."""

from __future__ import annotations

from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight


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
