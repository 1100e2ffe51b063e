"""Rules of self-checks and commitments: a self-check says something, a commitment is of a text that there is, and its signed paper is there."""

from __future__ import annotations

from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .commitments import commitment_called


def _empty(_claim: Claim, draft: drafts.SelfCheckDraft) -> Finding | None:
    body = draft.body
    if body.checklist or body.problems or body.findings:
        return None
    return Finding(
        "/body/checklist",
        "",
        Text("什么也没有填：自查没有做", "nothing is filled in: no self-check was made"),
        Text("对照检查表逐项作答，或写明自查情况", "answer the checklist item by item, or say what was seen"),
    )


def _text_unknown(_claim: Claim, draft: drafts.CommitmentDraft) -> Finding | None:
    if commitment_called(draft.body.form) is not None:
        return None
    return Finding(
        "/body/form",
        draft.body.form,
        Text("没有这个版本的承诺书", "there is no such version of the commitment"),
    )


def _not_signed(_claim: Claim, draft: drafts.CommitmentDraft) -> Finding | None:
    if draft.documents and draft.by:
        return None
    return Finding(
        "/by" if draft.documents else "/documents",
        "",
        Text("写明签署人，并附上签字盖章的承诺书", "name who signed, and attach the signed paper"),
    )


EMPTY = Rule(
    "self-check-empty", Weight.INPUT,
    Text("自查是空的", "empty self-check"),
    Text("自查写明查了什么、看到什么", "a self-check says what was checked and what was seen"),
    _empty,
)  # fmt: skip
COMMITMENT_UNKNOWN = Rule(
    "commitment-unknown", Weight.INPUT,
    Text("没有此承诺书", "no such commitment"),
    Text("承诺书有版本，签的是哪一版要写明", "commitments have versions, and it is said which was signed"),
    _text_unknown,
)  # fmt: skip
NOT_SIGNED = Rule(
    "commitment-not-signed", Weight.INPUT,
    Text("没有签署", "not signed"),
    Text("承诺书由负责人签字，扫描件作为附件", "a commitment is signed by who is responsible, and its scan is attached"),
    _not_signed,
)  # fmt: skip
