"""The kinds of event, and what people call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ..errors import Text

Kind = Literal[
    "party", "certificate", "product", "project", "key", "grant", "order", "reservation", "production", "labelling", "testing",
    "dispatch", "receipt", "acceptance", "supervision", "use", "sampling", "split", "return", "disposal", "sale",
    "inspection", "measure", "recall", "notice", "notice-reply", "complaint", "report", "alert", "alert-finding", "alert-step",
    "lead", "lead-step", "case", "case-step", "request", "request-step", "programme", "programme-step", "self-check", "commitment", "listing", "listing-step",
    "confirmation", "alias", "correction", "erasure", "read", "statement", "calendar",
    "visit-plan", "rectification", "sampling-plan", "sampling-draw", "sample-step", "technical-help", "monthly-form",
]  # fmt: skip

#: Kinds of event with their Chinese names, in the order in which a batch usually meets them.
KINDS: Mapping[str, Text] = {
    "party": Text("参与方备案", "party"),
    "certificate": Text("证书备案", "certificate"),
    "product": Text("产品备案", "product"),
    "project": Text("项目备案", "project"),
    "key": Text("公钥备案", "key"),
    "grant": Text("授权", "grant"),
    "order": Text("订单", "order"),
    "reservation": Text("预留码", "reservation of codes"),
    "production": Text("生产", "production"),
    "labelling": Text("打印标签", "labelling"),
    "testing": Text("检测", "testing"),
    "dispatch": Text("发货", "dispatch"),
    "receipt": Text("收货", "receipt"),
    "acceptance": Text("验收", "acceptance"),
    "supervision": Text("监理", "supervision"),
    "use": Text("使用", "use"),
    "sampling-plan": Text("抽查方案", "sampling plan"),
    "sampling-draw": Text("随机抽取", "random draw"),
    "sampling": Text("抽样", "sampling"),
    "sample-step": Text("样品流转", "step of a sample"),
    "split": Text("分切", "split"),
    "return": Text("退货", "return"),
    "disposal": Text("报废", "disposal"),
    "sale": Text("零售", "sale"),
    "visit-plan": Text("检查计划", "planned visit"),
    "inspection": Text("检查", "inspection"),
    "rectification": Text("整改", "rectification"),
    "technical-help": Text("技术帮扶", "technical help"),
    "measure": Text("强制措施", "measure"),
    "recall": Text("召回", "recall"),
    "notice": Text("通报", "notice"),
    "notice-reply": Text("处置反馈", "reply"),
    "complaint": Text("投诉", "complaint"),
    "report": Text("举报", "report"),
    "alert": Text("查验预警", "alert from checks"),
    "alert-finding": Text("预警核查", "finding on an alert"),
    "alert-step": Text("预警办理", "step of an alert"),
    "lead": Text("线索登记", "lead"),
    "lead-step": Text("线索办理", "step of a lead"),
    "case": Text("立案", "case filed"),
    "case-step": Text("案件办理", "step of a case"),
    "request": Text("协查请求", "request to another authority"),
    "request-step": Text("协查办理", "step of a request"),
    "monthly-form": Text("月报", "monthly form"),
    "programme": Text("专项行动", "programme"),
    "programme-step": Text("专项行动报告", "report of a programme"),
    "self-check": Text("自查", "self-check"),
    "commitment": Text("质量承诺", "quality commitment"),
    "listing": Text("挂牌督办", "listed supervision"),
    "listing-step": Text("挂牌督办进展", "step of listed supervision"),
    "confirmation": Text("确认", "confirmation"),
    "alias": Text("同一标识", "alias"),
    "correction": Text("更正", "correction"),
    "erasure": Text("删敏", "erasure"),
    "read": Text("跨区查阅", "read across regions"),
    "calendar": Text("放假安排", "days off of a year"),
    "statement": Text("取证声明", "statement of evidence taken"),
}
