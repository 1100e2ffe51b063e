"""Rules of requests to other authorities: the type fits whom they go to, each side takes its own steps, and papers are there.

As with leads and cases, what an authority claims of its own procedure is refused where it is impossible, and what is late is
never refused (docs/decisions/0031).
"""

from __future__ import annotations

from ..errors import Text
from . import drafts
from .case_path import CASE_ENDED
from .claim import Claim, Finding, Rule, Weight
from .effects_of_requests import is_receiver
from .involvement import knows_party
from .request_path import OF_RECEIVER, REQUEST_MOVES, REQUEST_STATES, REQUEST_STEPS
from .rules_of_cases import as_compared, is_own, out_of_order, persons_named
from .rules_of_speaking import AUTHORITIES
from .units import those_above
from .values import party_id

# --- of a letter ----------------------------------------------------------------------------------------


def _taken(claim: Claim, draft: drafts.RequestDraft) -> Finding | None:
    if claim.state.requests[draft.subject.request] is None:
        return None
    return Finding(
        "/subject/request", draft.subject.request, Text("这个编号已经用过", "this id was used before")
    )


def _of_nothing(claim: Claim, draft: drafts.RequestDraft) -> Finding | None:
    """Of another authority's case the answer is that of one that is not there."""
    body, state = draft.body, claim.state
    if (body.case is None) == (body.lead is None):
        return Finding(
            "/body/case", "", Text("写明所办的案件或线索，只写一个", "name the case or the lead, one of them")
        )
    known = state.leads[body.lead] if body.lead is not None else state.cases[body.case or ""]
    if known is not None and is_own(claim.speaker, known.authority, state):
        return None
    if body.lead is not None:
        return Finding("/body/lead", body.lead, Text("没有这条线索", "there is no such lead"))
    return Finding("/body/case", body.case or "", Text("没有这个案件", "there is no such case"))


def _to_nobody(claim: Claim, draft: drafts.RequestDraft) -> Finding | None:
    ref = draft.body.to
    if ref is None:
        if draft.body.to_name is not None:
            return None
        return Finding("/body/to", "", Text("写明发给哪个机关", "say to which authority it goes"))
    if draft.body.to_name is not None:
        return Finding(
            "/body/to_name",
            draft.body.to_name,
            Text(
                "已经选了登记的机关，就不再写名称",
                "of a registered authority the name is known: leave it out",
            ),
        )
    party = claim.state.parties[party_id(ref)]
    if party is None or not (claim.enters_for_anybody or knows_party(claim.jurisdiction, party)):
        return Finding(
            "/body/to",
            ref,
            Text("没有登记过这个机关", "no such authority is registered"),
            Text("没有登记的写名称（to_name），用纸质函件", "of one that is not, give the name (to_name) and send it on paper"),
        )  # fmt: skip
    if not party.acts_as(AUTHORITIES):
        return Finding(
            "/body/to",
            party.name,
            Text("这个单位不是市场监督管理部门", "this is no market regulator"),
            Text("发给其他部门的写名称（to_name），用纸质函件", "to another sort of authority give the name (to_name) and send it on paper"),
        )  # fmt: skip
    if party.id == claim.speaker:
        return Finding("/body/to", party.name, Text("不能发给自己", "nobody writes to itself"))
    return None


def _type_wrong(claim: Claim, draft: drafts.RequestDraft) -> Finding | None:
    body, state = draft.body, claim.state
    to = "" if body.to is None else party_id(body.to)
    is_below = bool(to) and claim.speaker in those_above(to, state.parties)
    if body.type == "order" and not is_below:
        return Finding(
            "/body/type",
            "order",
            Text("只能向所属的下级机构交办", "an order goes to an own subordinate unit only"),
            Text("发给其他机关的用协助调查函或线索移送函", "to others send a letter of assistance, or transfer the lead"),
        )  # fmt: skip
    if body.type != "order" and is_below:
        return Finding(
            "/body/type",
            body.type,
            Text("对所属的下级机构用交办", "to an own subordinate unit goes an order"),
        )
    known = None if body.case is None else state.cases[body.case]
    if body.type == "assist" and (known is None or known.state in CASE_ENDED):
        return Finding(
            "/body/type",
            "assist",
            Text(
                "协助调查函只在已立案、未办结的处罚案件中发出（第四十五条）",
                "a letter of assistance is sent in a penalty case that is filed and not closed (art. 45)",
            ),
            Text("没有立案的用线索移送函；办结的另行立案", "without one transfer the lead; of a closed one file another"),
        )  # fmt: skip
    if body.type == "transfer" and body.reason is None:
        return Finding(
            "/body/reason",
            "",
            Text("写明不属于本机关管辖的理由", "say why the own authority has no jurisdiction"),
        )
    if body.type != "transfer" and (body.reason is not None or body.originals):
        return Finding(
            "/body/reason",
            body.reason or "",
            Text(
                "只有线索移送写移送理由和移送的原件",
                "only a transfer has a reason for it, and originals that go along",
            ),
        )
    return None


def _nothing_asked(claim: Claim, draft: drafts.RequestDraft) -> Finding | None:
    body = draft.body
    if body.type == "transfer" or body.questions or body.more_questions is not None:
        return None
    return Finding("/body/questions", "", Text("写明请对方查什么", "say what is asked"))


def _too_few_contacts(claim: Claim, draft: drafts.RequestDraft) -> Finding | None:
    named = {as_compared(name) for role, name in persons_named(claim, draft) if role == "officer"}
    if len(named) >= 2:
        return None
    return Finding("/by", "", Text("写明两名联系的执法人员", "name two officers to be asked"))


# --- of a step ------------------------------------------------------------------------------------------


def _unknown(claim: Claim, draft: drafts.RequestStepDraft) -> Finding | None:
    """Of one that others exchange the answer is that of one that is not there."""
    id_, state = draft.subject.request, claim.state
    known = state.requests[id_]
    if known is not None and (
        is_own(claim.speaker, known.authority, state) or (known.to and is_own(claim.speaker, known.to, state))
    ):
        return None
    return Finding("/subject/request", id_, Text("没有这个协查请求", "there is no such request"))


def _out_of_order(claim: Claim, draft: drafts.RequestStepDraft) -> Finding | None:
    known = claim.state.requests[draft.subject.request]
    if known is None:
        return None
    return out_of_order(REQUEST_MOVES, known.state, draft.body.step, REQUEST_STATES, REQUEST_STEPS)


def _others_step(claim: Claim, draft: drafts.RequestStepDraft) -> Finding | None:
    known, step, state = claim.state.requests[draft.subject.request], draft.body.step, claim.state
    if known is None:
        return None
    if step in OF_RECEIVER:  # from paper, who issued it may enter each of them
        return None
    if is_own(claim.speaker, known.authority, state) and not is_receiver(claim.speaker, known, state):
        return None
    name = REQUEST_STEPS[step]
    return Finding(
        "/body/step",
        step,
        Text(f"「{name.zh}」由发函的机关登记", f"“{name.en}” is for the authority that issued it"),
    )


def _without_paper(claim: Claim, draft: drafts.RequestStepDraft) -> Finding | None:
    """A reply that did not come by account is there on paper: its scan is attached."""
    known = claim.state.requests[draft.subject.request]
    if known is None or draft.body.step not in ("replied", "returned") or draft.documents:
        return None
    if is_receiver(claim.speaker, known, claim.state):
        return None
    return Finding(
        "/documents",
        "",
        Text("代为录入纸质复函的，附上复函的扫描件", "who enters a reply from paper attaches its scan"),
    )


def _extended_already(claim: Claim, draft: drafts.RequestStepDraft) -> Finding | None:
    known = claim.state.requests[draft.subject.request]
    if draft.body.step != "extended" or known is None or known.last("extended") is None:
        return None
    return Finding(
        "/body/step", "extended", Text("延期只能告知一次", "an extension is told once"),
        Text("仍不能完成的，先就已查明的回复", "reply with what is known by now"),
    )  # fmt: skip


REQUEST_TAKEN = Rule(
    "request-there", Weight.ARITHMETIC,
    Text("编号已用", "id used before"),
    Text("一个协查请求一个编号", "each request has its own id"),
    _taken,
)  # fmt: skip
REQUEST_OF_NOTHING = Rule(
    "request-of-nothing", Weight.INPUT,
    Text("没有所办的案件或线索", "no case or lead that it is of"),
    Text("协查请求由办理案件、线索的部门发出", "a request is sent by the authority that deals with the case or lead"),
    _of_nothing, ends=True,
)  # fmt: skip
REQUEST_TO_NOBODY = Rule(
    "request-to-nobody", Weight.INPUT,
    Text("收函机关不明", "to no authority that there is"),
    Text("发给登记的市场监督管理部门，其他的写名称", "it goes to a registered market regulator, or to a name on paper"),
    _to_nobody,
)  # fmt: skip
REQUEST_TYPE_WRONG = Rule(
    "request-type-wrong", Weight.ARITHMETIC,
    Text("函件类型不当", "wrong type of letter"),
    Text(
        "下级用交办；立案的处罚案件用协助调查函（第四十五条）；其他的移送线索（第十四、十七条）",
        "an order to subordinates, assistance in a filed penalty case (art. 45), else the lead is transferred (art. 14, 17)",
    ),
    _type_wrong,
)  # fmt: skip
NOTHING_ASKED = Rule(
    "nothing-asked", Weight.INPUT,
    Text("没有写查什么", "nothing is asked"),
    Text("协助调查函、交办通知写明要查的问题", "a letter of assistance and an order say what is asked"),
    _nothing_asked,
)  # fmt: skip
TOO_FEW_CONTACTS = Rule(
    "too-few-contacts", Weight.INPUT,
    Text("联系人不足", "too few contacts"),
    Text("函件写明两名以上联系的执法人员", "a letter names two officers to be asked"),
    _too_few_contacts,
)  # fmt: skip
REQUEST_UNKNOWN = Rule(
    "request-unknown", Weight.INPUT,
    Text("没有这个协查请求", "no such request"),
    Text("协查请求由发函和收函的机关办理", "a request is dealt with by who sent and who received it"),
    _unknown, ends=True,
)  # fmt: skip
REQUEST_OUT_OF_ORDER = Rule(
    "request-out-of-order", Weight.ARITHMETIC,
    Text("协查步骤次序不对", "step of a request out of order"),
    Text("协查按发出、签收、回复的次序办理", "a request is issued, received and replied to"),
    _out_of_order,
)  # fmt: skip
OTHERS_STEP = Rule(
    "step-of-the-other-side", Weight.AUTHORITY,
    Text("不是本机关的步骤", "a step of the other side"),
    Text("催办、撤回、评价由发函机关登记", "who issued a request reminds, withdraws and evaluates"),
    _others_step,
)  # fmt: skip
REPLY_WITHOUT_PAPER = Rule(
    "reply-without-paper", Weight.INPUT,
    Text("没有复函扫描件", "reply without its paper"),
    Text("纸质复函附扫描件", "of a reply on paper the scan is attached"),
    _without_paper,
)  # fmt: skip
REQUEST_EXTENDED_ALREADY = Rule(
    "request-extended-already", Weight.ARITHMETIC,
    Text("已经延期过", "extended already"),
    Text("延期在期限届满前告知一次（协助调查：第四十五条）", "an extension is told once, before the term ends (of assistance: art. 45)"),
    _extended_already,
)  # fmt: skip
