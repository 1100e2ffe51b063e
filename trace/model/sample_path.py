"""The way of a sample 样品 from the drum to a result that counts: which step may follow where, whose step it is, what each must say. A table.

Who keeps it: 产品质量法 第十五条 (read), the regulation of Henan of 2012 (告知、复检、退样) and 产品质量监督抽查管理暂行办法 (Order 18 of 2020), of which no
article was read: their clauses are recalled and name no number. Only samples of supervision have a result that is served, objected to and
final; those of other tests end with their report.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import Text
from .case_path import Move

SAMPLED, SEALED, COUNTS, PUBLISHED = "sampled", "sealed", "final", "published"
_BY_LAW = "产品质量法第十五条"
_ORDER_18 = "产品质量监督抽查管理暂行办法（条款未核实）"
_HENAN = "河南省产品质量监督管理条例（条款未核实）"
_ON_THE_WAY = ("sampled", "sealed", "handed-over")
_UNREPORTED = (*_ON_THE_WAY, "received", "testing")
#: Told of a result that does not count yet.
_TOLD = ("served", "objected", "retest", "settled")

CUSTODY_MOVES: tuple[Move, ...] = (
    Move(step="sealed", states=("sampled",), to="sealed", clause=_ORDER_18, wants=("number",)),
    Move(step="handed-over", states=_ON_THE_WAY, to="handed-over", clause=_ORDER_18, wants=("to|to_name", "seal")),
    Move(step="received", states=_ON_THE_WAY, to="received", clause=_ORDER_18, wants=("seal",)),
    Move(step="refused", states=_ON_THE_WAY, to="refused", clause=_ORDER_18, wants=("text",), may=("seal",)),
    Move(step="testing", states=("received",), to="testing", clause=_ORDER_18),
    Move(step="reported", states=_UNREPORTED, to="reported", clause=_ORDER_18, wants=("number", "result")),
    Move(
        step="kept", clause=_ORDER_18, wants=("kept_at",), may=("seal",),
        states=(*_UNREPORTED, "reported", *_TOLD, "final", "published", "not-published", "set-aside"),
    ),
    Move(
        step="returned", states=("refused", "reported", "settled", "final", "published", "not-published", "set-aside"),
        clause=_HENAN, may=("to", "to_name"),
    ),
)  # fmt: skip
RESULT_MOVES: tuple[Move, ...] = (
    Move(step="asked", states=(*_UNREPORTED, "reported", *_TOLD), clause=_ORDER_18, wants=("to|to_name",), may=("served_by",)),
    Move(step="confirmed", states=(*_UNREPORTED, "reported", *_TOLD), clause=_ORDER_18, may=("to", "to_name")),
    Move(step="denied", states=(*_UNREPORTED, "reported", *_TOLD), clause=_ORDER_18, wants=("text",), may=("to", "to_name")),
    Move(step="served", states=("reported", "served"), to="served", clause=_BY_LAW, wants=("to|to_name", "side"), may=("served_by",)),
    Move(step="served", states=("settled",), clause=_BY_LAW, wants=("to|to_name", "side"), may=("served_by",)),
    Move(step="objected", states=("served", "objected"), to="objected", clause=_BY_LAW, wants=("ground", "text"), may=("to", "to_name")),
    Move(step="waived", states=("served",), clause=_BY_LAW, may=("to", "to_name")),
    Move(step="dismissed", states=("objected",), to="settled", clause=_BY_LAW, wants=("text",)),
    Move(step="not-the-makers", states=("objected",), to="settled", clause=_ORDER_18, wants=("text",)),
    Move(step="upheld", states=("objected",), to="set-aside", clause=_BY_LAW, wants=("text",)),
    Move(step="retest", states=("objected",), to="retest", clause=_BY_LAW, wants=("to|to_name",), may=("seal",)),
    Move(step="retested", states=("retest",), to="settled", clause=_BY_LAW, wants=("number", "result")),
    Move(step="final", states=("served", "settled"), to="final", clause=_BY_LAW),
    Move(step="published", states=("final", "not-published"), to="published", clause="产品质量法第二十四条"),
    Move(step="not-published", states=("final",), to="not-published", clause="产品质量法第二十四条", wants=("text",)),
    Move(step="withdrawn", states=("published",), to="final", clause="产品质量法第二十四条", wants=("text",)),
)  # fmt: skip
SAMPLE_MOVES = (*CUSTODY_MOVES, *RESULT_MOVES)

#: What the laboratory does that has the sample; from paper its authority enters each of them.
OF_LABORATORY = frozenset({"received", "refused", "testing", "reported", "retested"})
#: What the seller or the nominal maker does who was asked or told; from paper its authority enters each of them.
OF_PARTY = frozenset({"confirmed", "denied", "objected", "waived"})
#: What a body that samples for an authority records as well.
OF_SAMPLER = frozenset({"sealed", "handed-over", "kept", "returned"})
#: What one side does beside the way, on a day of its own: it may be entered when the others have gone on.
BESIDE_THE_WAY = frozenset({"asked", "confirmed", "denied", "kept", "returned", "waived"})
#: The result counts: the term to object is over, or what was objected has been decided.
FINAL = frozenset({"final", "published", "not-published"})
#: Where no result comes any more.
WITHOUT_RESULT = frozenset({"refused", "set-aside"})

SAMPLE_STATES: Mapping[str, Text] = {
    "sampled": Text("已抽样，未封样", "sampled, not sealed"),
    "sealed": Text("已封样", "sealed"),
    "handed-over": Text("送样途中", "on its way"),
    "received": Text("检验机构已收样", "received by the laboratory"),
    "refused": Text("检验机构拒收", "refused by the laboratory"),
    "testing": Text("检验中", "being tested"),
    "reported": Text("已出报告，未告知", "reported, not served"),
    "served": Text("已告知，异议期内", "served, open to objection"),
    "objected": Text("有异议，处理中", "objected to"),
    "retest": Text("复检中", "being tested again"),
    "settled": Text("异议已处理，未生效", "objection decided, not final"),
    "set-aside": Text("结果不采用", "result set aside"),
    "final": Text("结果已生效", "final"),
    "published": Text("结果已公布", "final and published"),
    "not-published": Text("结果已生效，不公布", "final, not to be published"),
}
SAMPLE_STEPS: Mapping[str, Text] = {
    "sealed": Text("封样", "seal"),
    "handed-over": Text("交接送样", "hand over"),
    "received": Text("检验机构收样", "receive at the laboratory"),
    "refused": Text("检验机构拒收", "refuse at the laboratory"),
    "testing": Text("开始检验", "begin to test"),
    "reported": Text("出具报告", "report"),
    "kept": Text("备样存放", "keep the reserve sample"),
    "returned": Text("退样", "return the sample"),
    "asked": Text("请标称生产者确认", "ask the nominal maker"),
    "confirmed": Text("确认为本企业产品", "confirm as own goods"),
    "denied": Text("否认为本企业产品", "deny that they are own goods"),
    "served": Text("告知结果", "serve the result"),
    "objected": Text("提出异议", "object"),
    "waived": Text("放弃异议", "waive objection"),
    "dismissed": Text("异议不成立", "dismiss the objection"),
    "not-the-makers": Text("认定非标称生产者产品", "find that the goods are not the nominal maker's"),
    "upheld": Text("异议成立，结果不采用", "uphold the objection, set the result aside"),
    "retest": Text("启动复检", "order a retest"),
    "retested": Text("复检结论", "result of the retest"),
    "final": Text("结果生效", "declare final"),
    "published": Text("公布结果", "publish the result"),
    "not-published": Text("不予公布", "not to be published"),
    "withdrawn": Text("撤回公布", "withdraw the publication"),
}
SEALS: Mapping[str, Text] = {
    "whole": Text("封条完好", "seal whole"),
    "broken": Text("封条破损", "seal broken"),
    "none": Text("无封条", "no seal"),
}
GROUNDS: Mapping[str, Text] = {
    "authenticity": Text("样品真伪（不是本企业产品）", "authenticity (not own goods)"),
    "sampling": Text("抽样过程", "the way of sampling"),
    "result": Text("检验结果", "the result"),
}
SIDES: Mapping[str, Text] = {
    "seller": Text("被抽样单位", "who was sampled"),
    "maker": Text("标称生产者", "nominal maker"),
}
