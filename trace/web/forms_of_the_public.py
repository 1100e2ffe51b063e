"""The forms of the public: a complaint and a report, without an account."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import Text
from ..model.kinds import KINDS
from .blanks import PROSE, REGION, WORDS, Blank, Part, choose
from .form_parts import Form, body

WANTS: Mapping[str, Text] = {
    "refund": Text("退货退款", "money back"),
    "replacement": Text("更换", "a replacement"),
    "repair": Text("维修", "repair"),
    "compensation": Text("赔偿", "compensation"),
    "other": Text("其他", "something else"),
}

_SUBMISSION: tuple[Part, ...] = (
    body("text", "发生了什么", "What happened", PROSE, required=True, hint=Text("什么时候、在哪里、买了什么、有什么问题。", "When, where, what was bought, what is wrong.")),
    Blank(
        at="place/region", label=Text("在哪个县、区", "In which county"), way=REGION, required=True,
        hint=Text("买的地方或用的地方，由当地受理。", "Where it was bought or used: it is taken up there."), example="周口市川汇区",
    ),
    Blank(at="place/name", label=Text("具体地点", "Exact place"), way=WORDS, example="五一路建材市场 12 号"),
    body("against_name", "商家或厂家的名称", "Name of the seller or maker", WORDS),
)  # fmt: skip


def _complainant(*, required: bool) -> tuple[Blank, ...]:
    """Name and phone number: both or none."""
    return (
        body("complainant/name", "您的姓名", "Your name", WORDS, required=required),
        body("complainant/phone", "联系电话", "Phone number", WORDS, required=required),
    )


#: Of a complaint and of a report, without what says which goods it is about.
SUBMISSIONS: Mapping[str, Form] = {
    "complaint": Form(
        title=KINDS["complaint"],
        intro=Text(
            "您买的东西有问题，想退、想换、想要赔偿：由市场监管部门调解。要留姓名和电话，否则没法调解。",
            "What you bought is faulty and you want it settled: the market regulator mediates. A name and a phone number are needed for that.",
        ),
        parts=(_SUBMISSION[0], body("wants", "您想要", "What you want", choose(WANTS), required=True), *_SUBMISSION[1:], *_complainant(required=True)),
        button=Text("提交投诉", "Send the complaint"),
    ),
    "report": Form(
        title=KINDS["report"],
        intro=Text(
            "您知道有人造假、卖假：由市场监管部门核查。可以不留姓名；留了电话，才能问您细节、告诉您结果。",
            "You know of false goods being made or sold: the market regulator looks into it. No name is needed; with a phone number you can be asked and told.",
        ),
        parts=(*_SUBMISSION, *_complainant(required=False)),
        button=Text("提交举报", "Send the report"),
    ),
}  # fmt: skip
