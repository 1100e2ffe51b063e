"""Rules of transfers to the organ of discipline: entered in person, signed by another one, and known to nobody but who is named."""

from __future__ import annotations

from typing import Any

from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .discipline import (
    DISCIPLINE_MOVES,
    DISCIPLINE_STATES,
    DISCIPLINE_STEPS,
    OF_THE_SIGNER,
    KnownDiscipline,
    grounds_on,
)
from .rules_of_cases import is_own, out_of_order


def _for_another(claim: Claim, _: Any) -> Finding | None:
    if claim.speaker == claim.actor:
        return None
    return Finding(
        "/entered_for", claim.speaker, Text("行纪线索由经办人用本单位的账号登记，不能代录", "it is entered in person, and for no other party")
    )  # fmt: skip


def _there(claim: Claim, draft: drafts.DisciplineDraft) -> Finding | None:
    if claim.state.discipline[draft.subject.discipline] is None:
        return None
    return Finding(
        "/subject/discipline", draft.subject.discipline, Text("这个编号已经用过", "this id was used before")
    )


def _wrong(claim: Claim, draft: drafts.DisciplineDraft) -> Finding | None:
    body, on = draft.body, draft.occurred_on
    if body.signer == claim.account:
        return Finding(
            "/body/signer",
            "",
            Text(
                "审批人和登记人不能是同一人",
                "who signs is another one than who draws it up",
            ),
        )
    known = grounds_on(on) if on is not None else {}
    if body.ground not in known:
        return Finding(
            "/body/ground",
            body.ground,
            Text("没有这种情形，或者当日尚未施行", "there is no such ground, or none yet on that day"),
            Text(f"可选：{'、'.join(known)}", f"choose one of: {', '.join(known)}"),
        )
    case = None if body.case is None else claim.state.cases[body.case]
    if body.case is not None and (case is None or not is_own(claim.speaker, case.authority, claim.state)):
        return Finding("/body/case", body.case, Text("没有这个案件", "there is no such case"))
    return None


def _known_to(claim: Claim, draft: drafts.DisciplineStepDraft) -> KnownDiscipline | None:
    """The transfer, for who is named in it; to everybody else there is none."""
    known = claim.state.discipline[draft.subject.discipline]
    if known is None or claim.account not in known.named:
        return None
    return known if is_own(claim.speaker, known.authority, claim.state) else None


def _unknown(claim: Claim, draft: drafts.DisciplineStepDraft) -> Finding | None:
    if _known_to(claim, draft) is not None:
        return None
    return Finding(
        "/subject/discipline", draft.subject.discipline, Text("没有这条行纪线索", "there is no such transfer")
    )


def _step_wrong(claim: Claim, draft: drafts.DisciplineStepDraft) -> Finding | None:
    known, step, on = _known_to(claim, draft), draft.body.step, draft.occurred_on
    if known is None:
        return None
    wrong = out_of_order(DISCIPLINE_MOVES, known.state, step, DISCIPLINE_STATES, DISCIPLINE_STEPS)
    if wrong is not None:
        return wrong
    if step in OF_THE_SIGNER and claim.account != known.signer:
        return Finding("/body/step", step, Text("由指定的审批人审批", "this is for whom is named to sign"))
    if step == "handlers" and claim.account not in (known.account, known.signer):
        return Finding(
            "/body/step", step, Text("由登记人或审批人调整", "this is for who drew it up or signs")
        )
    if on is not None and on < known.last_on:
        return Finding(
            "/occurred_at",
            on.isoformat(),
            Text(
                f"早于上一步的日期 {known.last_on}",
                f"this lies before the day of the step before it, {known.last_on}",
            ),
        )
    return None


ENTERED_FOR_ANOTHER = Rule(
    "entered-for-another", Weight.AUTHORITY,
    Text("不能代录", "not for another party"),
    Text("行纪线索由本人登记，限指定的人知悉", "such a clue is entered in person, and known to who is named"),
    _for_another,
)  # fmt: skip
DISCIPLINE_THERE = Rule(
    "discipline-there", Weight.ARITHMETIC,
    Text("编号已用", "id used before"),
    Text("一条线索一个编号", "each transfer has its own id"),
    _there,
)  # fmt: skip
DISCIPLINE_WRONG = Rule(
    "discipline-wrong", Weight.INPUT,
    Text("线索内容有误", "what it says is wrong"),
    Text("情形有法律依据，由另一人审批", "a ground has its law, and another one signs"),
    _wrong,
)  # fmt: skip
DISCIPLINE_UNKNOWN = Rule(
    "discipline-unknown", Weight.INPUT,
    Text("没有这条行纪线索", "no such transfer"),
    Text("行纪线索由指定的人办理", "it is dealt with by who is named in it"),
    _unknown, ends=True,
)  # fmt: skip
DISCIPLINE_STEP_WRONG = Rule(
    "discipline-step-wrong", Weight.ARITHMETIC,
    Text("步骤不当", "a step that cannot be"),
    Text("审批之后移送，移送之后有回执和反馈", "approved, then transferred, then received and answered"),
    _step_wrong,
)  # fmt: skip
