"""The words and icons that pages use for states, for where metres are, and for kinds of events.

Words of a fixed vocabulary stand here once; sentences stand in the templates, next to where they are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..errors import Text
from ..queries.answers import State
from ..queries.facet_words import STATE_WORDS

Language = Literal["zh", "en"]

#: The accounts of a batch's books (docs/design.md §6), in the order in which they are drawn and listed.
Where = Literal[
    "held", "transit", "project", "used", "sampled", "seized", "sold", "scrapped", "unexplained", "elsewhere"
]

#: How a thing stands. Always shown as icon, word and colour together.
STATES: Mapping[State, Text] = {
    "fine": Text("正常", "Fine"),
    "attention": Text("注意", "Attention"),
    "stop": Text("停止", "Stop"),
    "unknown": Text("未知", "Unknown"),
}

WHERES: Mapping[str, Text] = STATE_WORDS


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event as people read it; ``icon`` names a symbol of static/icons.svg."""

    text: Text
    icon: str


KINDS: Mapping[str, Kind] = {
    "party": Kind(Text("主体备案", "Party registered"), "party"),
    "certificate": Kind(Text("证书备案", "Certificate registered"), "certificate"),
    "product": Kind(Text("产品备案", "Product registered"), "product"),
    "project": Kind(Text("项目备案", "Project registered"), "project"),
    "key": Kind(Text("密钥登记", "Key registered"), "key"),
    "grant": Kind(Text("授权", "Grant"), "grant"),
    "confirmation": Kind(Text("监管确认", "Confirmation"), "grant"),
    "alias": Kind(Text("别名码", "Alias"), "product"),
    "order": Kind(Text("订单", "Order"), "order"),
    "reservation": Kind(Text("预留码", "Codes reserved"), "production"),
    "production": Kind(Text("生产", "Production"), "production"),
    "labelling": Kind(Text("打印标签", "Labels printed"), "production"),
    "testing": Kind(Text("检测", "Testing"), "testing"),
    "dispatch": Kind(Text("发货", "Dispatch"), "dispatch"),
    "receipt": Kind(Text("收货", "Receipt"), "receipt"),
    "sale": Kind(Text("零售", "Retail sale"), "sale"),
    "split": Kind(Text("分切", "Split"), "split"),
    "acceptance": Kind(Text("验收", "Acceptance"), "acceptance"),
    "supervision": Kind(Text("监理", "Supervision"), "supervision"),
    "use": Kind(Text("使用", "Use"), "use"),
    "return": Kind(Text("退货", "Return"), "return"),
    "disposal": Kind(Text("报废", "Disposal"), "return"),
    "inspection": Kind(Text("检查", "Inspection"), "supervision"),
    "visit-plan": Kind(Text("检查计划", "Planned visit"), "supervision"),
    "technical-help": Kind(Text("技术帮扶", "Technical help"), "supervision"),
    "credit-class": Kind(Text("信用风险分类", "Credit class"), "supervision"),
    "sampling-plan": Kind(Text("抽查方案", "Sampling plan"), "sampling"),
    "sampling-draw": Kind(Text("随机抽取", "Random draw"), "sampling"),
    "sample-step": Kind(Text("样品流转", "Step of a sample"), "sampling"),
    "rectification": Kind(Text("整改", "Rectification"), "supervision"),
    "sampling": Kind(Text("抽样", "Sampling"), "sampling"),
    "measure": Kind(Text("强制措施", "Measure"), "measure"),
    "recall": Kind(Text("召回", "Recall"), "notice"),
    "notice": Kind(Text("通报", "Notice"), "notice"),
    "notice-reply": Kind(Text("处置反馈", "Reply to notice"), "notice"),
    "complaint": Kind(Text("投诉", "Complaint"), "notice"),
    "report": Kind(Text("举报", "Report"), "notice"),
    "alert-step": Kind(Text("预警办理", "Step of an alert"), "supervision"),
    "lead": Kind(Text("线索登记", "Lead"), "notice"),
    "lead-step": Kind(Text("线索办理", "Step of a lead"), "supervision"),
    "case": Kind(Text("立案", "Case filed"), "measure"),
    "case-step": Kind(Text("案件办理", "Step of a case"), "measure"),
    "request": Kind(Text("协查请求", "Request to another authority"), "notice"),
    "request-step": Kind(Text("协查办理", "Step of a request"), "supervision"),
    "monthly-form": Kind(Text("月报", "Monthly form"), "supervision"),
    "programme": Kind(Text("专项行动", "Programme"), "measure"),
    "self-check": Kind(Text("自查", "Self-check"), "supervision"),
    "commitment": Kind(Text("质量承诺", "Quality commitment"), "order"),
    "listing": Kind(Text("挂牌督办", "Listed supervision"), "measure"),
    "listing-step": Kind(Text("挂牌督办进展", "Step of listed supervision"), "supervision"),
    "discipline": Kind(Text("行纪线索", "Clue about an official"), "supervision"),
    "discipline-step": Kind(Text("行纪线索办理", "Step of a clue about an official"), "supervision"),
    "programme-step": Kind(Text("专项行动报告", "Report of a programme"), "supervision"),
    "alert": Kind(Text("查验预警", "Alert from checks"), "notice"),
    "alert-finding": Kind(Text("预警核查", "Finding on an alert"), "supervision"),
    "correction": Kind(Text("更正", "Correction"), "correction"),
    "erasure": Kind(Text("删敏", "Erasure"), "correction"),
    "read": Kind(Text("跨区查阅", "Cross-region read"), "supervision"),
    "calendar": Kind(Text("放假安排", "Days off of a year"), "event"),
    "statement": Kind(Text("取证声明", "Evidence taken"), "supervision"),
}


def kind_of(name: str) -> Kind:
    """The kind's words; ``case.filed`` reads as ``case``, a kind newer than this table reads as its name."""
    return KINDS.get(name) or KINDS.get(name.partition(".")[0]) or Kind(Text(name, name), "event")
