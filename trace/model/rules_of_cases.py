"""Rules of leads and cases: an authority's own steps come in their order, by whom the law wants, and say what belongs to them.

What an authority claims of its own procedure is refused where it is impossible (arithmetic, not permission): a decision
before a notice is no fact that anybody has seen. The answer says where the case stands, why the step cannot follow, by
which clause, and what could come next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from unicodedata import normalize

from ..errors import Text
from . import drafts
from .bodies_of_cases import Matter
from .case_path import (
    CASE_MOVES,
    CASE_STATES,
    CASE_STEPS,
    LEAD_MOVES,
    LEAD_STATES,
    LEAD_STEPS,
    Move,
    next_moves,
)
from .claim import Claim, Finding, Rule, Weight
from .deadlines import deadlines_of_case, deadlines_of_lead
from .discipline import DISCIPLINE_MOVES
from .investigation import KnownCase, KnownLead
from .involvement import knows_party, sees
from .request_path import REQUEST_MOVES
from .requests import KnownRequest
from .rules_of_speaking import AUTHORITIES, acts_as
from .sample_path import BESIDE_THE_WAY, SAMPLE_MOVES
from .samples import KnownSample
from .state import State
from .units import top_of
from .values import party_id

# --- who, and of what -----------------------------------------------------------------------------------


def _no_authority(claim: Claim, draft: Any) -> Finding | None:
    if acts_as(claim, AUTHORITIES):
        return None
    return Finding(
        "/kind",
        draft.kind,
        Text(
            "线索、案件、协查、专项行动和信用风险分类由市场监督管理部门登记",
            "leads, cases, requests, programmes and credit classes are those of a market regulator",
        ),
    )


def _taken(claim: Claim, draft: Any) -> Finding | None:
    """An id names one lead or case; to whom the other one is, it is told, and to nobody else more than that."""
    sort = draft.kind
    id_ = draft.subject.lead if sort == "lead" else draft.subject.case
    known = claim.state.leads[id_] if sort == "lead" else claim.state.cases[id_]
    if known is None:
        return None
    return Finding(f"/subject/{sort}", id_, Text("这个编号已经用过", "this id was used before"))


def _number_taken(claim: Claim, draft: Any) -> Finding | None:
    if claim.state.case_numbers[claim.speaker, draft.kind, draft.body.number] is None:
        return None
    return Finding(
        "/body/number",
        draft.body.number,
        Text("本单位已有这个编号", "your authority has this number already"),
        Text("核对编号；同一件事请在原线索、原案件上继续", "check the number; go on where it was begun"),
    )


def _lead_unknown(claim: Claim, draft: drafts.LeadStepDraft) -> Finding | None:
    state, body = claim.state, draft.body
    missing = no_such(claim, "/subject/lead", draft.subject.lead, state.leads[draft.subject.lead])
    if missing is None and body.lead is not None:
        missing = no_such(claim, "/body/lead", body.lead, state.leads[body.lead])
    if missing is None and body.case is not None:
        missing = no_such(claim, "/body/case", body.case, state.cases[body.case])
    return missing


def _case_unknown(claim: Claim, draft: drafts.CaseStepDraft) -> Finding | None:
    return no_such(claim, "/subject/case", draft.subject.case, claim.state.cases[draft.subject.case])


def no_such(claim: Claim, where: str, id_: str, known: KnownLead | KnownCase | None) -> Finding | None:
    """Of another authority's the answer is that of one that is not there."""
    if known is not None and is_own(claim.speaker, known.authority, claim.state):
        return None
    word = Text("没有这条线索", "there is no such lead")
    return Finding(where, id_, word if "lead" in where else Text("没有这个案件", "there is no such case"))


def is_own(speaker: str, authority: str, state: State) -> bool:
    """Whether two parties are the same authority, or units of one."""
    return top_of(speaker, state.parties) == top_of(authority, state.parties)


def _given_to_nobody(claim: Claim, draft: Any) -> Finding | None:
    """What is assigned stays in the house; what is transferred goes to somebody on record, or to a name."""
    ref = draft.body.to
    if ref is None:
        return None
    party = claim.state.parties[party_id(ref)]
    if party is None or not (claim.enters_for_anybody or knows_party(claim.jurisdiction, party)):
        return Finding(
            "/body/to",
            ref,
            Text("没有登记过这个单位", "no such party is registered"),
            Text("没有登记的写单位名称（to_name）", "of somebody unregistered give the name (to_name)"),
        )
    if draft.body.step == "assigned" and not is_own(claim.speaker, party.id, claim.state):
        return Finding(
            "/body/to",
            party.name,
            Text("交办给本单位的内设机构或派出机构", "it is assigned to a unit of the own authority"),
            Text("给其他机关的用「移送」", "to another authority it is transferred"),
        )
    return None


def _matter_unknown(claim: Claim, draft: Any) -> Finding | None:
    """Of goods, parties and projects that are not open to who says it the answer is that of those of which nobody heard. That a batch is on
    record its code tells everybody who checks it; which drums it has, only whom it is open to."""
    matter: Matter | None = draft.body.matter
    if matter is None:
        return None
    state = claim.state
    for n, each in enumerate(matter.batches):
        batch = state.batches[each.code]
        if batch is None:
            return _not_there(f"batches/{n}/code", each.code, "批次", "batch")
        for first, last in (
            each.units if _is_told(claim, claim.state.involved.get(each.code, frozenset())) else ()
        ):
            if any(batch.length_of(unit) is None for unit in (first, last)):
                return _not_there(f"batches/{n}/units", f"{first}-{last}", "盘（卷）", "unit")
    for n, id_ in enumerate(matter.goods):
        goods = state.goods[id_]
        if goods is None or not _is_told(claim, goods.whom):
            return _not_there(f"goods/{n}", id_, "无码货物", "record of goods")
    for n, party_ref in enumerate(matter.parties):
        party = state.parties[party_id(party_ref)]
        if party is None or not (claim.enters_for_anybody or knows_party(claim.jurisdiction, party)):
            return _not_there(f"parties/{n}", party_ref, "单位", "party")
    for n, ref in enumerate(matter.projects):
        project = state.projects[ref.id]
        if project is None or not _is_told(claim, project.whom):
            return _not_there(f"projects/{n}", ref.number, "项目", "project")
    return None


def _is_told(claim: Claim, whom: Collection[str]) -> bool:
    return claim.enters_for_anybody or sees(claim.jurisdiction, whom)


def _not_there(where: str, came: str, zh: str, en: str) -> Finding:
    return Finding(
        f"/body/matter/{where}",
        came,
        Text(f"没有登记过这个{zh}", f"no such {en} is registered"),
        Text(
            "核对编号；没有登记的当事人写名称（names），没有码的货先记为无码货物",
            "check it; of whom nobody has registered give the name (names), and record goods without a code first",
        ),
    )


# --- the order of steps ---------------------------------------------------------------------------------


def _lead_out_of_order(claim: Claim, draft: drafts.LeadStepDraft) -> Finding | None:
    known = claim.state.leads[draft.subject.lead]
    if known is None:
        return None
    return out_of_order(LEAD_MOVES, known.state, draft.body.step, LEAD_STATES, LEAD_STEPS)


def _case_out_of_order(claim: Claim, draft: drafts.CaseStepDraft) -> Finding | None:
    known = claim.state.cases[draft.subject.case]
    if known is None:
        return None
    return out_of_order(CASE_MOVES, known.state, draft.body.step, CASE_STATES, CASE_STEPS)


def out_of_order(moves: Sequence[Move], state: str, step: str, states: Any, steps: Any) -> Finding | None:
    """Why a step cannot be taken in a state: where it stands, what the step follows on, by which clause, what could come next."""
    possible = list(next_moves(moves, state))
    if any(move.step == step for move in possible):
        return None
    after = [move for move in moves if move.step == step]
    clause = "、".join(dict.fromkeys(move.clause for move in after))
    since = list(dict.fromkeys(each for move in after for each in move.states))
    return Finding(
        "/body/step",
        step,
        Text(
            f"现在是「{states[state].zh}」，不能「{steps[step].zh}」：要在「{'、'.join(states[each].zh for each in since)}」之后（{clause}）",
            f"it stands at “{states[state].en}”: “{steps[step].en}” follows on {', '.join(states[each].en for each in since)} ({clause})",
        ),
        _what_next(possible, steps),
    )


def _what_next(possible: Iterable[Move], steps: Any) -> Text:
    names = [steps[move.step] for move in possible]
    if not names:
        return Text("已经办结，没有下一步", "it has ended: nothing follows")
    return Text(
        f"接下来可以：{'、'.join(each.zh for each in names)}",
        f"what could come next: {', '.join(each.en for each in names)}",
    )


def _leads_not_ready(claim: Claim, draft: drafts.CaseDraft) -> Finding | None:
    for n, id_ in enumerate(draft.body.leads):
        lead = claim.state.leads[id_]
        missing = no_such(claim, f"/body/leads/{n}", id_, lead)
        if missing is not None or lead is None:
            return missing
        wrong = out_of_order(LEAD_MOVES, lead.state, "filed", LEAD_STATES, LEAD_STEPS)
        if wrong is not None:
            return Finding(f"/body/leads/{n}", lead.number, wrong.detail, wrong.remedy)
    return None


def _before_the_last(claim: Claim, draft: Any) -> Finding | None:
    on, before = draft.occurred_on, _known_of(claim, draft)
    latest = max((_latest(each, draft) for each in before), default=None)
    if latest is None or on is None or on >= latest:
        return None
    return Finding(
        "/occurred_at",
        on.isoformat(),
        Text(f"早于上一步的日期 {latest}", f"this lies before the day of the step before it, {latest}"),
        Text(
            "按发生的先后登记；日期写错的核对文书", "record steps in their order; check the day on the paper"
        ),
    )


def _latest(known: KnownLead | KnownCase | KnownRequest | KnownSample, draft: Any) -> date:
    if isinstance(known, KnownSample) and draft.body.step in BESIDE_THE_WAY:
        return known.sampled_on
    return known.last_on


def _known_of(claim: Claim, draft: Any) -> list[KnownLead | KnownCase | KnownRequest | KnownSample]:
    """What the draft goes on with: of leads that are another's, nothing."""
    state = claim.state
    found: list[KnownLead | KnownCase | KnownRequest | KnownSample | None]
    if draft.kind == "lead-step":
        found = [state.leads[draft.subject.lead]]
    elif draft.kind == "request-step":
        found = [state.requests[draft.subject.request]]
    elif draft.kind == "sample-step":
        found = [state.samples[draft.subject.event]]
    elif draft.kind == "case-step":
        found = [state.cases[draft.subject.case]]
    else:
        found = [state.leads[id_] for id_ in draft.body.leads]
    return [
        known
        for known in found
        if known is not None and (draft.kind != "case" or is_own(claim.speaker, known.authority, state))
    ]


# --- what a step says -----------------------------------------------------------------------------------

#: Members that any step may say.
_ALWAYS = frozenset({"step", "number", "text", "authority"})


def _incomplete(claim: Claim, draft: Any) -> Finding | None:
    move = _move_of(draft)
    if move is None:
        return None
    said = {name for name in _members_of(draft.body) if getattr(draft.body, name) not in (None, ())}
    if draft.by:
        said.add("by")
    for wanted in move.wants:
        choices = wanted.split("|")
        if said.isdisjoint(choices):
            return Finding(
                f"/body/{choices[0]}" if choices[0] != "by" else "/by",
                "",
                Text(
                    f"这一步要写明{' 或 '.join(_MEMBERS[each].zh for each in choices)}（{move.clause}）",
                    f"this step says {' or '.join(_MEMBERS[each].en for each in choices)} ({move.clause})",
                ),
            )
    allowed = _ALWAYS | {"by"} | set(move.may) | {each for wanted in move.wants for each in wanted.split("|")}
    for name in sorted(said - allowed):
        return Finding(
            f"/body/{name}",
            "",
            Text(f"这一步没有「{_MEMBERS[name].zh}」", f"this step has no {_MEMBERS[name].en}"),
        )
    return None


def _move_of(draft: Any) -> Move | None:
    return next((move for move in _MOVES[draft.kind] if move.step == draft.body.step), None)


_MOVES: Mapping[str, Sequence[Move]] = {
    "lead-step": LEAD_MOVES,
    "case-step": CASE_MOVES,
    "request-step": REQUEST_MOVES,
    "sample-step": SAMPLE_MOVES,
    "discipline-step": DISCIPLINE_MOVES,
}


def _members_of(body: Any) -> Iterable[str]:
    return (name for name in type(body).__slots__ if name != "step")


_MEMBERS: dict[str, Text] = {
    "number": Text("文号", "a number"),
    "text": Text("说明", "words"),
    "reason": Text("法定情形", "the ground in law"),
    "to": Text("单位", "the party"),
    "to_name": Text("单位名称", "the name of the party"),
    "by": Text("人员", "persons"),
    "lead": Text("线索", "the lead"),
    "case": Text("案件", "the case"),
    "until": Text("新的期限", "the new last day"),
    "outcome": Text("决定结果", "the outcome"),
    "penalties": Text("处罚种类", "kinds of penalty"),
    "fine_fen": Text("罚款", "a fine"),
    "confiscated_fen": Text("没收金额", "an amount confiscated"),
    "goods_value_fen": Text("货值金额", "the value of the goods"),
    "served_by": Text("送达方式", "the way of service"),
    "matter": Text("涉案范围", "the scope"),
    "frozen_at": Text("范围固定的账本序号", "the index at which it is frozen"),
    "evidence": Text("证据清单", "a list of evidence"),
    "copy_to_name": Text("抄送", "who gets a copy"),
    "side": Text("以何身份", "the capacity in which it is told"),
    "seal": Text("封条情况", "how the seal was"),
    "result": Text("结论", "the result"),
    "ground": Text("异议的内容", "what is objected to"),
    "kept_at": Text("存放地点", "where it is kept"),
    "handlers": Text("经办人", "who handles it"),
}


def _beyond_the_ledger(claim: Claim, draft: Any) -> Finding | None:
    """Nothing can be frozen at an index that there is not yet."""
    at, head = draft.body.frozen_at, claim.seq
    if at is None or at < head:
        return None
    return Finding(
        "/body/frozen_at",
        str(at),
        Text(f"账本到 {head - 1} 为止", f"the ledger ends with {head - 1}"),
        Text("留空就按登记时的账本", "left out, it is the ledger as it is when this is recorded"),
    )


def _decision_contradicts(claim: Claim, draft: drafts.CaseStepDraft) -> Finding | None:
    body, known = draft.body, claim.state.cases[draft.subject.case]
    if body.step != "decision" or known is None:
        return None
    if body.outcome == "penalty" and known.state == "review":
        return Finding(
            "/body/outcome",
            "penalty",
            Text(
                "给予处罚的，先送达告知书（第五十七条）",
                "a penalty follows on the notice of what is intended (art. 57)",
            ),
            Text(
                "先登记「送达告知书」；不予处罚的可以直接决定",
                "record its service first; without a penalty decide at once",
            ),
        )
    if body.outcome == "penalty" and not body.penalties:
        return Finding("/body/penalties", "", Text("写明处罚种类", "say which penalties were imposed"))
    if body.outcome != "penalty" and (body.penalties or body.fine_fen or body.confiscated_fen):
        return Finding(
            "/body/penalties",
            "",
            Text(
                "不予处罚的决定没有处罚种类和金额",
                "without a penalty there are no kinds and no amounts of it",
            ),
        )
    if (body.fine_fen is not None) != ("fine" in body.penalties):
        return Finding(
            "/body/fine_fen",
            "" if body.fine_fen is None else str(body.fine_fen),
            Text("有罚款的写金额，没有的留空", "give the amount of a fine, and none where there is none"),
        )
    return None


def _against_nobody(claim: Claim, draft: drafts.CaseStepDraft) -> Finding | None:
    body, known = draft.body, claim.state.cases[draft.subject.case]
    if body.step != "decision" or body.outcome != "penalty" or known is None:
        return None
    matter, _ = known.scope
    if matter.parties or matter.names:
        return None
    return Finding(
        "/body/outcome",
        "penalty",
        Text(
            "案件没有写明当事人，处罚没有对象", "the case names no party: the penalty would be against nobody"
        ),
        Text(
            "先登记「调整范围或货值」，在「涉及的单位」或「没有登记的当事人」里写明当事人",
            "first record “change the scope or the value” with the party under “parties concerned”, or in words if it is not registered",
        ),
    )


def _extended_already(claim: Claim, draft: Any) -> Finding | None:
    known = _known_of(claim, draft)
    if draft.body.step != "extended" or not known:
        return None
    times = sum(step.step == "extended" for step in known[0].steps)
    if times == 0 or (draft.kind == "case-step" and draft.body.until is not None):
        return None
    if draft.kind == "lead-step":
        return Finding(
            "/body/step",
            "extended",
            Text("核查只能延长一次（第十八条）", "a check is extended once (art. 18)"),
        )
    return Finding(
        "/body/until",
        "",
        Text(
            "再次延期要经集体讨论，并写明延长到哪一天（第六十四条）",
            "a further extension is decided collectively and says until which day (art. 64)",
        ),
    )


def _extended_late(claim: Claim, draft: Any) -> Finding | None:
    """An extension is approved before the term is over; one that came later is on record, and marked."""
    on, calendar = draft.occurred_on, claim.state.calendar
    if draft.body.step != "extended" or on is None:
        return None
    if draft.kind == "lead-step":
        lead = claim.state.leads[draft.subject.lead]
        terms = () if lead is None else deadlines_of_lead(lead, calendar)
    else:
        case = claim.state.cases[draft.subject.case]
        terms = () if case is None else deadlines_of_case(case, calendar)
    if not terms:
        return None
    term = next(each for each in terms if each.term.code in ("lead-check", "case-decision"))
    if term.due is None or on <= term.due:
        return None
    return Finding(
        "/occurred_at",
        on.isoformat(),
        Text(
            f"期限到 {term.due} 已满，延长应在届满前批准（{term.term.clause}）",
            f"the term was over on {term.due}: an extension is approved before ({term.term.clause})",
        ),
    )


def _decided_early(claim: Claim, draft: drafts.CaseStepDraft) -> Finding | None:
    """Whoever has said nothing yet has five working days from the notice to speak."""
    known, on = claim.state.cases[draft.subject.case], draft.occurred_on
    if known is None or on is None or draft.body.step != "decision" or known.state != "notified":
        return None
    terms = [
        each for each in deadlines_of_case(known, claim.state.calendar) if each.term.code == "case-statement"
    ]
    last = terms[-1]
    if last.met_on is not None or last.due is None or on > last.due:
        return None
    return Finding(
        "/occurred_at",
        on.isoformat(),
        Text(
            f"当事人可以陈述、申辩到 {last.due}（第五十七条）",
            f"the party may speak until {last.due} (art. 57)",
        ),
        Text(
            "当事人已经陈述或书面放弃的，先登记「当事人陈述、申辩」",
            "if it has spoken, or waived that in writing, record its statement first",
        ),
    )


def _publication_out_of_order(claim: Claim, draft: drafts.CaseStepDraft) -> Finding | None:
    known, step = claim.state.cases[draft.subject.case], draft.body.step
    if known is None or follows_publication(step, known.publication):
        return None
    stands = known.publication
    return Finding(
        "/body/step",
        step,
        Text(f"公示情况是「{PUBLICATION[stands].zh}」，不能「{CASE_STEPS[step].zh}」",
             f"publication stands at “{PUBLICATION[stands].en}”: not “{CASE_STEPS[step].en}”"),
        Text("只有给予处罚的决定需要公示；公示了的才能撤回或停止", "only penalties are published; what is published can be withdrawn or ended"),
    )  # fmt: skip


def follows_publication(step: str, stands: str) -> bool:
    """Whether a step may follow where publication ``stands`` so, one of `PUBLICATION`; other steps do not depend on it."""
    return step not in _OF_PUBLICATION or stands in _OF_PUBLICATION[step]


_OF_PUBLICATION = {
    "published": ("pending", "withdrawn", "not-published"),
    "not-published": ("pending",),
    "withdrawn": ("published",),
    "publication-ended": ("published",),
}
PUBLICATION = {
    "": Text("不涉及", "none"),
    "pending": Text("待公示", "to be published"),
    "published": Text("已公示", "published"),
    "not-published": Text("不予公示", "not to be published"),
    "withdrawn": Text("已撤回", "withdrawn"),
    "publication-ended": Text("已停止公示", "ended"),
}


# --- who does it ----------------------------------------------------------------------------------------


def _too_few(claim: Claim, draft: Any) -> Finding | None:
    move = _move_of(draft) if draft.kind == "case-step" else _FILING
    if move is None or not move.officers:
        return None
    named = {as_compared(name) for role, name in persons_named(claim, draft) if role == move.by}
    if len(named) >= move.officers:
        return None
    who = Text("审核人员", "who reviews it") if move.by == "reviewer" else Text("执法人员", "officers")
    return Finding(
        "/by",
        "",
        Text(
            f"须写明{'两名' if move.officers == 2 else '一名'}{who.zh}（{move.clause}）",
            f"name {'two' if move.officers == 2 else 'one'}: {who.en} ({move.clause})",
        ),
    )


_FILING = Move(step="filed", states=(), clause="第十九条第二款", officers=2)


def _reviews_own(claim: Claim, draft: drafts.CaseStepDraft) -> Finding | None:
    if draft.body.step != "review":
        return None
    known = claim.state.investigators.get(draft.subject.case, frozenset())
    for n, (role, name) in enumerate(persons_named(claim, draft)):
        if role == "reviewer" and as_compared(name) in known:
            return Finding(
                f"/by/{n}",
                "",
                Text(
                    "办案人员不得作为审核人员（第四十九条第三款）",
                    "who investigates does not review (art. 49)",
                ),
                Text("由没有参与办案的人员审核", "let somebody review who took no part in the case"),
            )
    return None


def persons_named(claim: Claim, draft: Any) -> list[tuple[str, str]]:
    """The role and the name of each responsible person, in clear where it is known."""
    names = claim.names or tuple(person.name for person in draft.by)
    return [(person.role, name) for person, name in zip(draft.by, names, strict=True)]


def as_compared(name: str) -> str:
    """A name as it is compared with another: width, case and spaces are nothing."""
    return "".join(normalize("NFKC", name).casefold().split())


NO_AUTHORITY = Rule(
    "leads-without-office", Weight.AUTHORITY,
    Text("无权办理", "without the office"),
    Text("市场监督管理部门依职权管辖（市场监督管理行政处罚程序规定第七、八条）", "these are the market regulator's (市场监督管理行政处罚程序规定 art. 7, 8)"),
    _no_authority,
)  # fmt: skip
TAKEN = Rule(
    "lead-or-case-there", Weight.ARITHMETIC,
    Text("编号已用", "id used before"),
    Text("一条线索、一个案件一个编号", "each lead and each case has its own id"),
    _taken,
)  # fmt: skip
NUMBER_TAKEN = Rule(
    "case-number-taken", Weight.ARITHMETIC,
    Text("文号重复", "number used before"),
    Text("同一单位的线索编号、案号不重复", "an authority numbers each lead and case once"),
    _number_taken,
)  # fmt: skip
LEAD_UNKNOWN = Rule(
    "lead-unknown", Weight.INPUT,
    Text("没有这条线索", "no such lead"),
    Text("线索由收到它的部门办理", "a lead is dealt with by the authority that received it"),
    _lead_unknown, ends=True,
)  # fmt: skip
CASE_UNKNOWN = Rule(
    "case-unknown", Weight.INPUT,
    Text("没有这个案件", "no such case"),
    Text("案件由立案的部门办理", "a case is dealt with by the authority that filed it"),
    _case_unknown, ends=True,
)  # fmt: skip
GIVEN_TO_NOBODY = Rule(
    "given-to-nobody", Weight.INPUT,
    Text("交办、移送的对象不当", "given to nobody that there is"),
    Text("交办在本单位内，移送给有权机关（第十四、十七条）", "assigned within the authority, transferred to the one that is competent (art. 14, 17)"),
    _given_to_nobody,
)  # fmt: skip
MATTER_UNKNOWN = Rule(
    "matter-unknown", Weight.INPUT,
    Text("涉案对象未登记", "what it is about is not registered"),
    Text("涉案的批次、货物、单位、项目须在册", "batches, goods, parties and projects of a case are registered"),
    _matter_unknown,
)  # fmt: skip
LEAD_OUT_OF_ORDER = Rule(
    "lead-out-of-order", Weight.ARITHMETIC,
    Text("线索步骤次序不对", "step of a lead out of order"),
    Text("线索按收到、核查、决定的次序办理（第十八至二十条）", "a lead is received, checked and decided about, in this order (art. 18 to 20)"),
    _lead_out_of_order,
)  # fmt: skip
CASE_OUT_OF_ORDER = Rule(
    "case-out-of-order", Weight.ARITHMETIC,
    Text("办案步骤次序不对", "step of a case out of order"),
    Text("案件按法定程序的次序办理", "a case goes its way in the order of the law"),
    _case_out_of_order,
)  # fmt: skip
LEADS_NOT_READY = Rule(
    "leads-not-ready", Weight.ARITHMETIC,
    Text("线索不能立案", "lead cannot be filed"),
    Text("经核查的线索才能立案（第十八、十九条）", "a case is filed of a lead that was checked (art. 18, 19)"),
    _leads_not_ready,
)  # fmt: skip
BEFORE_THE_LAST = Rule(
    "before-the-last-step", Weight.ARITHMETIC,
    Text("早于上一步", "before the step before"),
    Text("各步骤的日期依次不倒退", "the days of steps do not go back"),
    _before_the_last,
)  # fmt: skip
STEP_INCOMPLETE = Rule(
    "step-incomplete", Weight.INPUT,
    Text("步骤内容不全或多余", "step says too little or too much"),
    Text("各步骤有法定的内容", "each step says what the law wants of it"),
    _incomplete,
)  # fmt: skip
BEYOND_THE_LEDGER = Rule(
    "beyond-the-ledger", Weight.INPUT,
    Text("范围固定在将来", "scope frozen in the future"),
    Text("范围按已有的账本固定", "a scope is frozen at an index of the ledger that there is"),
    _beyond_the_ledger,
)  # fmt: skip
DECISION_CONTRADICTS = Rule(
    "decision-contradicts", Weight.ARITHMETIC,
    Text("决定内容矛盾", "decision contradicts itself"),
    Text("先告知后处罚，处罚与金额相符（第五十七、六十条）", "notice comes before a penalty, and its amounts fit (art. 57, 60)"),
    _decision_contradicts,
)  # fmt: skip
AGAINST_NOBODY = Rule(
    "penalty-against-nobody", Weight.ARITHMETIC,
    Text("处罚没有当事人", "penalty against nobody"),
    Text("处罚决定载明当事人（行政处罚法第五十九条）", "a decision names the party (行政处罚法 art. 59)"),
    _against_nobody,
)  # fmt: skip
EXTENDED_ALREADY = Rule(
    "extended-already", Weight.ARITHMETIC,
    Text("已经延长过", "extended already"),
    Text("核查延长一次；办案再次延期须定明期限（第十八、六十四条）", "a check is extended once; a case again only until a day that is named (art. 18, 64)"),
    _extended_already,
)  # fmt: skip
PUBLICATION_OUT_OF_ORDER = Rule(
    "publication-out-of-order", Weight.ARITHMETIC,
    Text("公示次序不对", "publication out of order"),
    Text("处罚决定依法公示、撤回、停止（第六十三条）", "penalties are published, withdrawn and ended by law (art. 63)"),
    _publication_out_of_order,
)  # fmt: skip
TOO_FEW_OFFICERS = Rule(
    "too-few-officers", Weight.INPUT,
    Text("人员不足", "too few officers"),
    Text("办案人员不得少于两人，审核另有其人（第十九、二十二、四十九条）", "two officers investigate, and somebody else reviews (art. 19, 22, 49)"),
    _too_few,
)  # fmt: skip
REVIEWS_OWN = Rule(
    "reviews-own-case", Weight.ARITHMETIC,
    Text("办案人员审核", "reviewed by who investigates"),
    Text("办案人员不得作为审核人员（第四十九条第三款）", "who investigates does not review (art. 49)"),
    _reviews_own,
)  # fmt: skip
EXTENDED_LATE = Rule(
    "extended-late", Weight.PERMISSION,
    Text("届满后才延长", "extended when the term was over"),
    Text("延长应在期限届满前批准（第十八、六十四条）", "an extension is approved before the term is over (art. 18, 64)"),
    _extended_late,
)  # fmt: skip
DECIDED_EARLY = Rule(
    "decided-before-the-party-spoke", Weight.PERMISSION,
    Text("陈述申辩期未满", "decided before the party's term was over"),
    Text("当事人自告知书送达之日起五个工作日内可以陈述、申辩（第五十七条）", "the party may speak for five working days from the notice (art. 57)"),
    _decided_early,
)  # fmt: skip
