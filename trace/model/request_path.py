"""The way of a request to another authority: which step may follow where, whose step it is, and what each must say. A table.

By which clause a step is taken follows from the letter (`REQUEST_CLAUSES`), of 市场监督管理行政处罚程序规定. The receiver's steps come by its account, or from paper by who issued the request.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import Text
from .case_path import Move

ISSUED = "issued"
_OPEN = ("issued", "received", "accepted")

REQUEST_MOVES: tuple[Move, ...] = (
    Move(step="received", states=("issued",), to="received"),
    Move(step="accepted", states=("received",), to="accepted"),
    Move(step="extended", states=("received", "accepted"), wants=("text", "until")),
    Move(step="replied", states=_OPEN, to="replied", wants=("text",), may=("evidence",)),
    Move(step="returned", states=_OPEN, to="returned", wants=("text",)),
    Move(step="reminded", states=_OPEN, wants=("number",), may=("copy_to_name",)),
    Move(step="withdrawn", states=_OPEN, to="withdrawn", wants=("text",)),
    Move(step="evaluated", states=("replied",), to="evaluated", wants=("outcome",)),
)  # fmt: skip

#: What whoever received a request does; all else is done by who issued it.
OF_RECEIVER = frozenset({"received", "accepted", "extended", "replied", "returned"})
#: Where nothing is waited for any more.
REQUEST_ENDED = frozenset({"replied", "returned", "withdrawn", "evaluated"})

REQUEST_TYPES: Mapping[str, Text] = {
    "assist": Text("协助调查函", "letter of assistance"),
    "order": Text("交办通知", "order to a subordinate"),
    "transfer": Text("线索移送函", "transfer of a lead"),
}
#: Assistance between authorities; orders to subordinates; transfers to whoever is competent, with the lead.
REQUEST_CLAUSES: Mapping[str, str] = {
    "assist": "第四十五条",
    "order": "第十八条",
    "transfer": "第十四条、第十七条",
}
REQUEST_STATES: Mapping[str, Text] = {
    "issued": Text("已发出，待签收", "issued, not yet received"),
    "received": Text("已签收", "received"),
    "accepted": Text("已受理，办理中", "accepted, being dealt with"),
    "returned": Text("已退回", "returned"),
    "replied": Text("已回复", "replied"),
    "evaluated": Text("已评价", "reply evaluated"),
    "withdrawn": Text("已撤回", "withdrawn"),
}
REQUEST_STEPS: Mapping[str, Text] = {
    "received": Text("签收", "receive"),
    "accepted": Text("受理", "accept"),
    "extended": Text("告知延期", "tell of an extension"),
    "replied": Text("回复", "reply"),
    "returned": Text("退回", "return"),
    "reminded": Text("催办", "remind"),
    "withdrawn": Text("撤回", "withdraw"),
    "evaluated": Text("评价回复", "evaluate the reply"),
}


def basis_of_request(type_: str) -> str:
    """The clause of a letter of this type, with the name of what it is of."""
    return f"市场监督管理行政处罚程序规定{REQUEST_CLAUSES[type_]}"
