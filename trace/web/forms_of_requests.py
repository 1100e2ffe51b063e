"""The forms of requests to other authorities: the letter, and one for each step, made of what the table of steps wants of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..errors import Text
from ..model.case_path import Move
from ..model.request_path import OF_RECEIVER, REQUEST_MOVES, REQUEST_STEPS, REQUEST_TYPES, basis_of_request
from ..queries.request_words import QUESTIONS, REPLY_OUTCOMES
from .blanks import (
    DAY,
    LINES,
    METRES,
    NUMBER,
    PARTIES,
    PARTY,
    PROSE,
    REGION,
    UNITS,
    WORDS,
    Blank,
    Part,
    Rows,
    choose,
    tick_some,
)
from .form_parts import Form, body, inner, persons_as
from .forms_of_cases import BATCH

NEW_REQUEST = Form(
    title=Text("发出协查请求", "Write to another authority"),
    intro=Text(
        "只有本机关和收函机关看得到；收函机关只看到这封函，看不到案件的其他内容。登记后打印、盖章、寄出；对方没有账号的，回函由本机关录入。",
        "Only your authority and the one that receives it see this; that one reads the letter and nothing else of the case. Record it, print it, seal and "
        "send it; where the other has no account, you enter its reply.",
    ),
    parts=(
        body("type", "函件类型", "Type of letter", choose(REQUEST_TYPES), required=True,
             hint=Text("下级机构用交办；已立案的处罚案件用协助调查函；其他移送线索。", "An order to an own unit, assistance in a filed penalty case, else a transfer.")),
        body("number", "文号", "Number of the letter", NUMBER, required=True, example="周市监协〔2026〕5号"),
        body("to", "收函机关", "To which authority", PARTY,
             hint=Text("登记的全名或信用代码；没有登记的写在下一栏。", "Full name or credit code; of one that is not registered give the name below.")),
        body("to_name", "没有登记的机关名称（用纸质函件）", "Its name, if it is not registered (on paper)", WORDS),
        body("region", "涉及地区", "Region", REGION, required=True, example="山东省济南市"),
        body("facts", "基本情况", "Facts", PROSE, required=True),
        body("legal_basis", "依据", "Legal basis", PROSE, required=True),
        body("questions", "请查明", "What is asked", tick_some(QUESTIONS)),
        body("more_questions", "其他要查的问题", "Other questions", PROSE),
        body("evidence", "请提供的证据材料", "Evidence that is wanted", LINES, hint=Text("一行一项。", "One a line.")),
        Rows(
            at="body/matter/batches", label=Text("涉及的批次", "Batches concerned"), spare=1, grows=True,
            hint=Text("收函机关看到的就是这里写的。", "Who receives it is told what stands here."),
            blanks=(
                inner("code", "追溯码", "Trace code", BATCH, required=True),
                inner("units", "盘（卷）号", "Drums or coils", UNITS),
                inner("name", "产品和生产企业", "What it is, and who made it", WORDS),
                inner("length_mm", "涉及长度（米）", "Metres concerned", METRES),
            ),
        ),
        body("matter/parties", "涉及的单位", "Parties concerned", PARTIES,
             hint=Text("一行一个：登记的全名或信用代码。不会通知对方。", "One a line: full name as registered, or credit code. They are not told.")),
        body("matter/names", "没有登记的当事人", "Concerned, and not registered", LINES),
        body("reason", "移送理由（只有线索移送填）", "Why it is transferred (of a transfer only)", PROSE),
        body("originals", "随函移送的原件（只有线索移送填）", "Originals that go along (of a transfer only)", LINES),
        persons_as("officer", "联系人（两名执法人员）", "Officers to be asked (two)", spare=2),
    ),
)  # fmt: skip

_TEXTS: Mapping[str, Text] = {
    "replied": Text("查明的情况", "What was found"),
    "returned": Text("退回的理由", "Why it is returned"),
    "extended": Text("延期的理由", "Why more time is needed"),
    "withdrawn": Text("撤回的理由", "Why it is withdrawn"),
}
_MEMBERS: Mapping[str, Blank] = {
    "number": body("number", "文号", "Number of the document", NUMBER, example="周市监〔2026〕12号"),
    "until": body("until", "延长到", "Until", DAY),
    "evidence": body("evidence", "证据材料清单", "List of evidence", LINES, hint=Text("一行一项。", "One a line.")),
    "copy_to_name": body("copy_to_name", "抄送（本机关的上级）", "Copy to (your own superior)", WORDS, example="河南省市场监督管理局"),
    "outcome": body("outcome", "评价", "What the reply was worth", choose(REPLY_OUTCOMES)),
}  # fmt: skip


def form_of_request_step(step: str, type_: str | None = None, *, on_paper: bool = False) -> Form | None:
    """The form of a step of a request; None for what is none. ``type_``: that of its letter, by which the clause is named; ``on_paper``: a step of the receiver's is entered by who issued it."""
    move = next((move for move in REQUEST_MOVES if move.step == step), None)
    if move is None:
        return None
    intro = Text("日期按文书填写。", "The day is that of the paper.")
    if type_ is not None:
        basis = basis_of_request(type_)
        intro = Text(f"依据：{basis}。{intro.zh}", f"By {basis}. {intro.en}")
    if on_paper and step in OF_RECEIVER:
        intro = Text(
            f"对方用纸质文书办理的，由本机关录入：记录会写明由谁录入。回复和退回要附扫描件。{intro.zh}",
            f"What the other side did on paper: that you entered it is recorded. A reply and a return have their scan. {intro.en}",
        )
    return Form(title=REQUEST_STEPS[step], intro=intro, parts=_parts(move))


def _parts(move: Move) -> tuple[Part, ...]:
    text = _TEXTS.get(move.step, Text("说明", "In words"))
    names = dict.fromkeys((*move.wants, *move.may, "number", "text"))
    members = {**_MEMBERS, "text": Blank(at="body/text", label=text, way=PROSE)}
    return tuple(replace(members[name], required=name in move.wants) for name in names)


def form_to_correct_request(kind: str, said: Mapping[str, Any]) -> Form | None:
    """The form in which what was said of a request is corrected; None for other kinds. The step stays what it was."""
    if kind == "request":
        return NEW_REQUEST
    return form_of_request_step(said["step"]) if kind == "request-step" else None
