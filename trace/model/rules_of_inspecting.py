"""Rules about planned visits, checklists, and what becomes of the problems that an inspection found."""

from __future__ import annotations

from ..errors import Text
from . import drafts
from .checklists import checklist_called
from .claim import Claim, Finding, Rule, Weight
from .inspecting import DONE
from .rules_of_speaking import AUTHORITIES, acts_as
from .values import party_id


def _plan_ends_before(_claim: Claim, draft: drafts.VisitPlanDraft) -> Finding | None:
    if draft.body.closes_on >= draft.body.opens_on:
        return None
    return Finding(
        "/body/closes_on",
        str(draft.body.closes_on),
        Text("计划的结束日早于开始日", "the plan ends before it begins"),
    )


def _plan_unknown(claim: Claim, draft: drafts.InspectionDraft) -> Finding | None:
    """The same answer for a plan that there is not and for another authority's, of which nobody learns."""
    if draft.body.plan is None:
        return None
    known = claim.state.visits.get(draft.body.plan)
    own = known is not None and known.authority in (claim.speaker, claim.actor)
    if own and known is not None and known.inspection in ("", draft.id):
        return None
    return Finding(
        "/body/plan",
        draft.body.plan,
        Text("没有这项检查计划，或者已经按它检查过", "there is no such plan, or the visit has taken place"),
        Text("从检查计划里打开登记页面", "open the form from the list of plans"),
    )


def _number_taken(claim: Claim, draft: drafts.InspectionDraft) -> Finding | None:
    number, before = draft.body.number, claim.state.events.get(draft.id)
    if claim.state.case_numbers[claim.speaker, "inspection", number] in (None, draft.id):
        return None
    if before is not None and before.said is not None and before.said.body.number == number:
        return None  # a correction leaves its number alone
    return Finding(
        "/body/number",
        number,
        Text("本单位已有这个编号的检查", "your authority has an inspection of this number already"),
        Text(
            "核对编号；登记过的检查有误，请更正原来那一次",
            "check the number; where that one was recorded wrong, correct it",
        ),
    )


def _checklist_unknown(
    _claim: Claim, draft: drafts.InspectionDraft | drafts.SelfCheckDraft
) -> Finding | None:
    if draft.body.form is None:
        return None
    form = checklist_called(draft.body.form)
    if form is None:
        return Finding(
            "/body/form",
            draft.body.form,
            Text("没有这个版本的检查表", "there is no such version of a checklist"),
        )
    answered = [each.code for each in draft.body.checklist if each.code is not None]
    for n, each in enumerate(draft.body.checklist):
        if each.code is not None and (form.item(each.code) is None or answered.count(each.code) > 1):
            return Finding(
                f"/body/checklist/{n}/code",
                each.code,
                Text(
                    "检查表里没有这一项，或者写了两次",
                    "the checklist has no such item, or it is answered twice",
                ),
            )
    return None


def _checklist_incomplete(
    _claim: Claim, draft: drafts.InspectionDraft | drafts.SelfCheckDraft
) -> Finding | None:
    form = None if draft.body.form is None else checklist_called(draft.body.form)
    if form is None:
        return None
    answered = {each.code for each in draft.body.checklist}
    left_out = [item.code for item in form.items if item.code not in answered]
    if not left_out:
        return None
    said = "、".join(left_out)
    return Finding(
        "/body/checklist",
        said,
        Text(
            f"检查表有 {len(left_out)} 项没有填：{said}",
            f"{len(left_out)} items of the checklist are not answered: {said}",
        ),
    )


def _defect_unknown(claim: Claim, draft: drafts.RectificationDraft) -> Finding | None:
    """Also where it is said to be another's: whoever asks learns nothing of whose it is."""
    event, body = draft.subject.event, draft.body
    if claim.state.events[event] is None:
        return None  # named by another rule
    known = claim.state.defects[event, body.defect]
    party = "" if body.party is None else party_id(body.party)
    if known is not None and (known.authority, known.party) == (party_id(body.authority), party):
        return None
    return Finding(
        "/body/defect",
        str(body.defect),
        Text("这次检查没有这一项问题", "this inspection has no such problem"),
        Text("从排查台账打开登记页面", "open the form from the list of problems"),
    )


def _another_reports(claim: Claim, draft: drafts.RectificationDraft) -> Finding | None:
    """Whoever was inspected says that it is put right; whether it is, an authority says."""
    if acts_as(claim, AUTHORITIES) or claim.enters_for_anybody:
        return None
    party = "" if draft.body.party is None else party_id(draft.body.party)
    if draft.body.step == "reported" and claim.speaker == party:
        return None
    return Finding(
        "/body/step",
        draft.body.step,
        Text(
            "被检查单位只报告自己的整改；复查和销号由监管部门作出",
            "whoever was inspected reports its own; an authority re-checks and closes",
        ),
    )


def _done_already(claim: Claim, draft: drafts.RectificationDraft) -> Finding | None:
    known = claim.state.defects.get((draft.subject.event, draft.body.defect))
    if known is None or known.state not in DONE or known.last == draft.id:
        return None
    return Finding(
        "/body/defect",
        str(draft.body.defect),
        Text("这一项已经销号，或已转立案核查", "this problem is closed already, or investigated"),
        Text("又发现的，另行登记检查", "if it was found again, record another inspection"),
    )


def _no_new_day(_claim: Claim, draft: drafts.RectificationDraft) -> Finding | None:
    if draft.body.step not in ("not-fixed", "extended") or draft.body.due is not None:
        return None
    return Finding(
        "/body/due",
        "",
        Text("请写明新的整改期限", "say by which day it is to be put right now"),
    )


PLAN_ENDS = Rule(
    "plan-ends-before", Weight.INPUT,
    Text("计划日期有误", "days of the plan"),
    Text("检查计划从开始日到结束日", "a plan runs from its first day to its last"),
    _plan_ends_before,
)  # fmt: skip
PLAN_UNKNOWN = Rule(
    "plan-unknown", Weight.INPUT,
    Text("没有此计划", "no such plan"),
    Text("一项计划对应一次检查", "a plan is of one visit"),
    _plan_unknown,
)  # fmt: skip
INSPECTION_NUMBER = Rule(
    "inspection-number-taken", Weight.ARITHMETIC,
    Text("检查编号重复", "number used before"),
    Text("同一单位的检查编号不重复", "an authority numbers each inspection once"),
    _number_taken,
)  # fmt: skip
CHECKLIST_UNKNOWN = Rule(
    "checklist-unknown", Weight.INPUT,
    Text("没有此检查表", "no such checklist"),
    Text("检查表有版本，所填的项都在其中", "checklists have versions; what is answered is an item of it"),
    _checklist_unknown,
)  # fmt: skip
CHECKLIST_INCOMPLETE = Rule(
    "checklist-incomplete", Weight.OBSERVATION,
    Text("检查表未填完", "checklist incomplete"),
    Text("不适用的项也写明不适用", "an item that does not apply is answered so"),
    _checklist_incomplete,
)  # fmt: skip
DEFECT_UNKNOWN = Rule(
    "defect-unknown", Weight.INPUT,
    Text("没有此项问题", "no such problem"),
    Text("整改针对一次检查发现的一项问题", "what is put right is a problem that an inspection found"),
    _defect_unknown,
)  # fmt: skip
REPORTS_ANOTHERS = Rule(
    "rechecks-as-a-party", Weight.AUTHORITY,
    Text("不是本单位的事", "not for this party to say"),
    Text("整改由被检查单位报告，由监管部门复查销号", "whoever was inspected reports, an authority re-checks"),
    _another_reports,
)  # fmt: skip
DONE_ALREADY = Rule(
    "defect-done", Weight.ARITHMETIC,
    Text("已经销号", "closed already"),
    Text("销号之后这一项结束", "once closed, a problem is over"),
    _done_already,
)  # fmt: skip
NO_NEW_DAY = Rule(
    "no-new-day", Weight.INPUT,
    Text("未写新期限", "no new day"),
    Text("复查不合格、延期都要写明新的期限", "what is not fixed, or put off, has a new day"),
    _no_new_day,
)  # fmt: skip
