"""The forms of leads and cases: how each begins, and one for each step, made of what the table of steps wants of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..codes.trace_code import BatchCode, batch_code_in
from ..errors import Text
from ..model.case_path import CASE_MOVES, CASE_STEPS, LEAD_MOVES, LEAD_STEPS, Move
from ..queries.case_words import (
    CATEGORIES,
    LEAD_REASONS,
    OUTCOMES,
    PENALTIES,
    SERVICES,
    SOURCES,
    SUSPENSIONS,
)
from .blanks import (
    DAY,
    LINES,
    NUMBER,
    PARTIES,
    PARTY,
    PROJECTS,
    PROSE,
    TICK,
    UNITS,
    WORDS,
    YUAN,
    Blank,
    Part,
    Rows,
    Way,
    choose,
    tick_some,
)
from .form_parts import PLACE, Form, body, inner, persons_as

#: A batch by its code, however it is typed.
BATCH = Way(
    show=lambda code, _: BatchCode(code[:-1]).printed,
    read=lambda text, _: batch_code_in(text).canonical,
    look="code",
)

_BATCH_BLANKS = (
    inner("code", "追溯码", "Trace code", BATCH, required=True),
    inner("units", "盘（卷）号", "Drums or coils", UNITS),
)
_BATCHES = Rows(
    at="body/matter/batches",
    label=Text("涉及的批次", "Batches concerned"),
    spare=1,
    grows=True,
    hint=Text(
        "扫码或填追溯码；只涉及其中几盘的写盘号，整批都涉及的留空。",
        "Scan or type the code; if only some drums are meant, give their numbers, for the whole batch none.",
    ),
    blanks=_BATCH_BLANKS,
)
#: In a case the scope can be wider than what it is about.
_BATCHES_OF_CASE = replace(
    _BATCHES,
    hint=Text(
        "扫码或填追溯码；只涉及其中几盘的写盘号，整批都涉及的留空。涉案范围和函件按写明的盘计算，要查整批的勾选「范围扩大到整批」。",
        "Scan or type the code; if only some drums are meant, give their numbers, for the whole batch none. Scope and letters count the drums that are named; to go after the whole batch tick the box.",
    ),
    blanks=(*_BATCH_BLANKS, inner("whole", "范围扩大到整批", "Widen the scope to the whole batch", TICK)),
)
_CONCERNED: tuple[Part, ...] = (
    body(
        "matter/parties",
        "涉及的单位",
        "Parties concerned",
        PARTIES,
        hint=Text(
            "一行一个：登记的全名或信用代码。不会通知对方。",
            "One a line: full name as registered, or credit code. They are not told.",
        ),
    ),
    body(
        "matter/names",
        "没有登记的当事人",
        "Concerned, and not registered",
        LINES,
        hint=Text("一行一个名称，例如某作坊、某门市部。", "One name a line: a workshop, a shop."),
    ),
    body("matter/projects", "涉及的项目", "Projects concerned", PROJECTS),
)
_MATTER: tuple[Part, ...] = (_BATCHES, *_CONCERNED)
_MATTER_OF_CASE: tuple[Part, ...] = (_BATCHES_OF_CASE, *_CONCERNED)
OFFICERS_OF_CASE = persons_as("officer", "办案人员（两名）", "Officers (two)", spare=2)
_VALUE = body(
    "goods_value_fen", "货值金额（元）", "Value of the goods (yuan)", YUAN,
    hint=Text("不清楚就留空：按「未知」处理，不按 0 元。", "Leave it out if unknown: it counts as unknown, not as 0."),
    example="12,500.00",
)  # fmt: skip

NEW_LEAD = Form(
    title=Text("登记线索", "Record a lead"),
    intro=Text(
        "从收到这一天起 15 个工作日内核查并决定是否立案。只有本机关看得到，所涉单位不会知道。",
        "From the day on which it came there are 15 working days to check it and to decide. Only your authority sees it; those concerned are not told.",
    ),
    parts=(
        body("number", "线索编号", "Number", NUMBER, required=True, example="周市监线〔2026〕18号"),
        body("source", "来源", "Source", choose(SOURCES), required=True),
        body("text", "线索内容", "What it says", PROSE, required=True),
        *_MATTER,
        *PLACE,
        persons_as("officer", "登记人员", "Recorded by", spare=1),
    ),
)
NEW_CASE = Form(
    title=Text("立案", "File a case"),
    intro=Text(
        "写两名以上办案人员。涉案范围默认就是所写的批次和盘，按登记时的账本固定，以后货物流动不影响；90 日内作出决定。",
        "Name two officers. The scope is the batches and drums that are named, frozen as the ledger stands now, whatever moves later; a decision is due within 90 days.",
    ),
    parts=(
        body("number", "立案号", "Number", NUMBER, required=True, example="周市监立〔2026〕7号"),
        body("category", "案件类别", "Category", choose(CATEGORIES), required=True),
        body("text", "案由", "What it is about", PROSE, required=True, example="涉嫌销售导体电阻不合格的电力电缆"),
        body("legal_basis", "立案依据", "Legal basis", PROSE, required=True, example="产品质量法第十三条、第四十九条"),
        *_MATTER_OF_CASE,
        _VALUE,
        OFFICERS_OF_CASE,
        *PLACE,
    ),
)  # fmt: skip

_WHY = body(
    "text",
    "理由",
    "Why",
    PROSE,
    required=True,
    hint=Text("只有本机关看得到。", "Only your authority sees it."),
)
_ALERT_STEPS: Mapping[str, Form] = {
    "assigned": Form(
        title=Text("交办预警", "Assign an alert"),
        intro=Text(
            "交给本机关的机构或人员去核。所涉单位不会知道。",
            "Give it to a unit or an officer of your authority to look into. Those concerned are not told.",
        ),
        parts=(
            body("to", "交给哪个机构", "To which unit", PARTY, hint=Text("本机关的科室、分局、所的全名。", "The full name of a unit of your authority.")),
            persons_as("officer", "或交给谁", "Or to whom", spare=1),
            body("text", "要求", "What is wanted", PROSE),
        ),
    ),
    "dismissed": Form(
        title=Text("排除预警", "Dismiss an alert"),
        intro=Text(
            "核过以后没有问题的，写明理由。预警仍然留在账本上，以后可以重新打开。",
            "Where a look found nothing wrong, say why. The alert stays on record and can be opened again.",
        ),
        parts=(_WHY, persons_as("officer", "核查人员", "Looked into by", spare=1)),
    ),
    "reopened": Form(
        title=Text("重新打开预警", "Reopen an alert"),
        intro=Text("有新情况，或排除有误的，写明理由。", "Where there is something new, or it was dismissed wrongly, say why."),
        parts=(_WHY,),
    ),
}  # fmt: skip


def form_of_alert_step(step: str) -> Form | None:
    """The form of what is done about an alert; None for what is no step."""
    return _ALERT_STEPS.get(step)


_TEXT = body("text", "说明", "In words", PROSE)
_NUMBER = body("number", "文号", "Number of the document", NUMBER, example="周市监〔2026〕12号")

#: How each member of a step is typed, by its name; the ground and the party depend on whose step it is.
_MEMBERS: Mapping[str, tuple[Part, ...]] = {
    "until": (body("until", "延长到", "Until", DAY, hint=Text("再次延期时填。", "For a further extension.")),),
    "outcome": (body("outcome", "决定结果", "Outcome", choose(OUTCOMES)),),
    "penalties": (body("penalties", "处罚种类", "Penalties", tick_some(PENALTIES)),),
    "fine_fen": (body("fine_fen", "罚款（元）", "Fine (yuan)", YUAN, example="30,000"),),
    "confiscated_fen": (body("confiscated_fen", "没收金额（元）", "Confiscated (yuan)", YUAN),),
    "goods_value_fen": (_VALUE,),
    "served_by": (
        body(
            "served_by", "送达方式", "Way of service", choose(SERVICES),
            hint=Text("日期写视为送达的那一天；公告送达为公告满 30 日。", "The day is that on which it counts as served: 30 days after an announcement."),
        ),
    ),
    "matter": _MATTER_OF_CASE,
    "frozen_at": (),
}  # fmt: skip
_TO: Mapping[str, tuple[Part, ...]] = {
    "assigned": (
        body("to", "交给哪个机构", "To which unit", PARTY, hint=Text("本机关的科室、分局、所的全名。", "The full name of a unit of your authority.")),
        persons_as("officer", "或交给谁", "Or to whom", spare=1),
    ),
    "merged": (
        body("lead", "并入线索（编号）", "Into the lead (its id)", NUMBER),
        body("case", "并入案件（编号）", "Into the case (its id)", NUMBER),
    ),
}  # fmt: skip
_ELSEWHERE: tuple[Part, ...] = (
    body("to", "移送给", "To", PARTY, hint=Text("登记的全名或信用代码；没有登记的写在下一栏。", "Full name or credit code; of somebody unregistered give the name below.")),
    body("to_name", "没有登记的单位名称", "Its name, if it is not registered", WORDS),
)  # fmt: skip


def form_of_lead_step(step: str) -> Form | None:
    """The form of a step of a lead; None for what is none, or has a form of its own."""
    move = next((move for move in LEAD_MOVES if move.step == step and step != "filed"), None)
    return None if move is None else _form(move, LEAD_STEPS, LEAD_REASONS)


def form_of_case_step(step: str) -> Form | None:
    """The form of a step of a case; None for what is none."""
    move = next((move for move in CASE_MOVES if move.step == step), None)
    return None if move is None else _form(move, CASE_STEPS, SUSPENSIONS)


def form_to_correct(kind: str, said: Mapping[str, Any]) -> Form | None:
    """The form in which what was said of a lead or a case is corrected; None for other kinds. The step stays what it was."""
    match kind:
        case "lead":
            return NEW_LEAD
        case "case":
            return NEW_CASE
        case "lead-step":
            return form_of_lead_step(said["step"])
        case "case-step":
            return form_of_case_step(said["step"])
    return None


def _form(move: Move, steps: Mapping[str, Text], reasons: Mapping[str, Text]) -> Form:
    parts: list[Part] = []
    for wanted in (*move.wants, *move.may):
        members = wanted.split("|")
        for member in members:
            parts += (
                _required(part, alone=wanted in move.wants and len(members) == 1)
                for part in _of(member, move, reasons)
            )
    if "number" not in _names(parts):
        parts.append(_NUMBER)
    if "text" not in _names(parts):
        parts.append(_TEXT)
    if move.officers:
        parts.append(
            OFFICERS_OF_CASE
            if move.by == "officer"
            else persons_as(
                "reviewer", "审核人员（不得是办案人员）", "Reviewer (not one who investigated)", spare=1
            )
        )
    return Form(
        title=steps[move.step],
        intro=Text(
            f"依据：{move.basis}。日期按文书填写，补录也可以。",
            f"By {move.basis}. The day is that of the paper; it may be entered later.",
        ),
        parts=tuple({part.at: part for part in parts}.values()),
    )


def _of(member: str, move: Move, reasons: Mapping[str, Text]) -> tuple[Part, ...]:
    match member:
        case "text":
            return (_TEXT,)
        case "number":
            return (_NUMBER,)
        case "reason":
            return (body("reason", "法定情形", "Ground in law", choose(reasons)),)
        case "to" | "lead" if move.step in _TO:
            return _TO[move.step]
        case "to":
            return _ELSEWHERE
        case "to_name" | "by" | "case":
            return ()  # they stand beside the one before them
    return _MEMBERS[member]


def _required(part: Part, *, alone: bool) -> Part:
    return replace(part, required=True) if alone and isinstance(part, Blank) else part


def _names(parts: list[Part]) -> set[str]:
    return {part.at.removeprefix("body/") for part in parts}
