"""The way of a lead and of a case: which step may follow where, by which clause, and what each must say. A table.

Clauses are those of 市场监督管理行政处罚程序规定 (Order 2, as amended 2022) unless they name another. A step that "stays"
leaves a lead or case where it is. Nothing here knows of days: terms stand in `deadlines`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..errors import Broken, Text

RECEIVED = "received"
FILED = "filed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One row: in which states the step may be taken and where it leads ("" stays).

    ``wants``: members that the step must say, those joined by ``|`` one of them; ``may`` that it can say as well (number and
    text always). ``officers``: how many must be named for it (第二十二条), in the role ``by``.
    """

    step: str
    states: tuple[str, ...]
    to: str = ""
    clause: str = ""
    wants: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    officers: int = 0
    by: str = "officer"

    @property
    def basis(self) -> str:
        """The clause with the name of what it is of: a bare article is of the rules of procedure."""
        return f"市场监督管理行政处罚程序规定{self.clause}" if self.clause.startswith("第") else self.clause


LEAD_MOVES: tuple[Move, ...] = (
    Move(step="assigned", states=("received", "assigned"), to="assigned", clause="第十八条", wants=("to|by",)),
    Move(step="checking", states=("received", "assigned"), to="checking", clause="第十八条"),
    Move(step="testing", states=("checking",), to="testing", clause="第十八条第二款"),
    Move(step="tested", states=("testing",), to="checking", clause="第十八条第二款"),
    Move(step="extended", states=("received", "assigned", "checking", "testing"), clause="第十八条", wants=("text",)),
    Move(step="filed", states=("checking",), to="filed", clause="第十九条"),
    Move(step="not-filed", states=("checking",), to="not-filed", clause="第二十条", wants=("reason", "text")),
    Move(
        step="transferred-out", states=("received", "assigned", "checking"), to="transferred-out", clause="第十七条",
        wants=("to|to_name", "text"),
    ),
    Move(step="merged", states=("received", "assigned", "checking"), to="merged", clause="第十八条", wants=("lead|case",)),
)  # fmt: skip

_BEFORE_A_DECISION = (
    "filed", "investigating", "testing", "suspended", "investigation-closed", "review", "notified", "hearing",
)  # fmt: skip
_DECIDED = ("decided", "served", "executing", "executed", "closed")

CASE_MOVES: tuple[Move, ...] = (
    Move(step="investigate", states=("filed",), to="investigating", clause="第十九、二十二条", officers=2),
    Move(step="testing", states=("investigating",), to="testing", clause="第三十二、六十四条"),
    Move(step="tested", states=("testing",), to="investigating", clause="第三十二、六十四条", may=("goods_value_fen",)),
    Move(
        step="scope", states=_BEFORE_A_DECISION, clause="第二十一条", wants=("matter|goods_value_fen",),
        may=("matter", "goods_value_fen", "frozen_at"),
    ),
    Move(step="extended", states=_BEFORE_A_DECISION, clause="第六十四条", wants=("text",), may=("until",)),
    Move(step="suspended", states=("investigating",), to="suspended", clause="第四十六条", wants=("reason", "text")),
    Move(step="resumed", states=("suspended",), to="investigating", clause="第四十六条第二款"),
    Move(
        step="investigation-closed", states=("investigating",), to="investigation-closed", clause="第四十八条",
        may=("goods_value_fen",), officers=2,
    ),
    Move(step="review", states=("investigation-closed",), to="review", clause="第四十九条", officers=1, by="reviewer"),
    Move(step="back", states=("review", "notified"), to="investigating", clause="第五十四条", wants=("text",)),
    Move(step="notice-served", states=("review",), to="notified", clause="第五十七条", may=("served_by",)),
    Move(step="statement", states=("notified",), clause="第五十八条", wants=("text",)),
    Move(step="hearing", states=("notified",), to="hearing", clause="第五十七条"),
    Move(step="hearing-ended", states=("hearing",), to="notified", clause="第五十八条"),
    Move(
        step="decision", states=("review", "notified"), to="decided", clause="第六十条", wants=("outcome", "number"),
        may=("penalties", "fine_fen", "confiscated_fen", "goods_value_fen"),
    ),
    Move(step="served", states=("decided",), to="served", clause="第八十一、八十二条", wants=("served_by",)),
    Move(step="executing", states=("served",), to="executing", clause="第七十一条"),
    Move(step="executed", states=("served", "executing"), to="executed", clause="第七十一条"),
    Move(
        step="closed", states=("served", "executed", "terminated", "transferred-police", "transferred-other"), to="closed",
        clause="第七十七条",
    ),
    Move(step="terminated", states=("filed", "investigating", "testing", "suspended"), to="terminated", clause="第四十七条", wants=("text",)),
    Move(
        step="transferred-police", states=_BEFORE_A_DECISION, to="transferred-police",
        clause="行政执法机关移送涉嫌犯罪案件的规定第五、六条", wants=("to|to_name", "number"),
    ),
    Move(
        step="police-returned", states=("transferred-police",), to="investigating",
        clause="行政执法机关移送涉嫌犯罪案件的规定第八、十条", wants=("text",),
    ),
    Move(
        step="transferred-other", states=_BEFORE_A_DECISION, to="transferred-other", clause="第十四、十七条",
        wants=("to|to_name", "text"),
    ),
    Move(step="published", states=_DECIDED, clause="市场监督管理行政处罚信息公示规定", wants=("text",)),
    Move(step="not-published", states=_DECIDED, clause="市场监督管理行政处罚信息公示规定", wants=("text",)),
    Move(step="withdrawn", states=_DECIDED, clause="第六十三条第二款", wants=("text",)),
    Move(step="publication-ended", states=_DECIDED, clause="市场监督管理行政处罚信息公示规定", wants=("text",)),
)  # fmt: skip

LEAD_STATES: Mapping[str, Text] = {
    "received": Text("已收到", "received"),
    "assigned": Text("已交办", "assigned"),
    "checking": Text("核查中", "being checked"),
    "testing": Text("检测中", "being tested"),
    "filed": Text("已立案", "filed as a case"),
    "not-filed": Text("不予立案", "not filed"),
    "transferred-out": Text("已移送", "transferred"),
    "merged": Text("已并案", "merged"),
}
CASE_STATES: Mapping[str, Text] = {
    "filed": Text("已立案", "filed"),
    "investigating": Text("调查中", "under investigation"),
    "testing": Text("检测中", "being tested"),
    "suspended": Text("中止调查", "suspended"),
    "investigation-closed": Text("调查终结", "investigation closed"),
    "review": Text("审核中", "under review"),
    "notified": Text("已告知", "party notified"),
    "hearing": Text("听证中", "in hearing"),
    "decided": Text("已决定", "decided"),
    "served": Text("已送达", "served"),
    "executing": Text("执行中", "being executed"),
    "executed": Text("执行完毕", "executed"),
    "closed": Text("已结案", "closed"),
    "terminated": Text("终止调查", "terminated"),
    "transferred-police": Text("已移送公安", "transferred to the police"),
    "transferred-other": Text("已移送其他部门", "transferred to another authority"),
}
#: Where it waits for nobody here any more.
LEAD_ENDED = frozenset({"filed", "not-filed", "transferred-out", "merged"})
CASE_ENDED = frozenset({"closed"})

LEAD_STEPS: Mapping[str, Text] = {
    "assigned": Text("交办", "assign"),
    "checking": Text("开始核查", "begin to check"),
    "testing": Text("送检（计时暂停）", "send for testing (the clock stops)"),
    "tested": Text("检测完成（恢复计时）", "testing done (the clock goes on)"),
    "extended": Text("延长核查", "extend the check"),
    "filed": Text("立案", "file a case"),
    "not-filed": Text("不予立案", "do not file"),
    "transferred-out": Text("移送其他机关", "transfer to another authority"),
    "merged": Text("并入其他线索或案件", "merge into another lead or case"),
}
CASE_STEPS: Mapping[str, Text] = {
    "investigate": Text("开展调查", "investigate"),
    "testing": Text("送检（计时暂停）", "send for testing (the clock stops)"),
    "tested": Text("检测完成（恢复计时）", "testing done (the clock goes on)"),
    "scope": Text("调整范围或货值", "change the scope or the value"),
    "extended": Text("延长办案期限", "extend the term"),
    "suspended": Text("中止调查", "suspend"),
    "resumed": Text("恢复调查", "resume"),
    "investigation-closed": Text("调查终结", "close the investigation"),
    "review": Text("送交审核", "hand over for review"),
    "back": Text("退回补充调查", "send back to investigate"),
    "notice-served": Text("送达告知书", "serve the notice of what is intended"),
    "statement": Text("当事人陈述、申辩", "the party's statement"),
    "hearing": Text("听证开始（计时暂停）", "hearing begins (the clock stops)"),
    "hearing-ended": Text("听证结束（恢复计时）", "hearing ends (the clock goes on)"),
    "decision": Text("作出决定", "decide"),
    "served": Text("送达决定书", "serve the decision"),
    "executing": Text("开始执行", "begin to execute"),
    "executed": Text("执行完毕", "executed"),
    "closed": Text("结案", "close the case"),
    "terminated": Text("终止调查", "terminate"),
    "transferred-police": Text("移送公安机关", "transfer to the police"),
    "police-returned": Text("公安机关退回", "the police send it back"),
    "transferred-other": Text("移送其他部门", "transfer to another authority"),
    "published": Text("已公示", "published"),
    "not-published": Text("不予公示", "not to be published"),
    "withdrawn": Text("撤回公示", "publication withdrawn"),
    "publication-ended": Text("停止公示", "publication ended"),
}


def next_moves(moves: Iterable[Move], state: str) -> Iterator[Move]:
    """The rows whose step may be taken in a state, in the order of the table."""
    return (move for move in moves if state in move.states)


def state_after(moves: Sequence[Move], begin: str, steps: Iterable[str]) -> str:
    """How it stands after these steps. Raises `Broken` for a way that the table does not have."""
    at = begin
    for step in steps:
        move = next((move for move in next_moves(moves, at) if move.step == step), None)
        if move is None:
            raise Broken(f"a recorded step {step} that cannot follow on {at}")
        at = move.to or at
    return at
