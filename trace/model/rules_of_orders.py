"""Rules about an order: it has two parties, its number is its keeper's own, and nothing is due before it was ordered."""

from __future__ import annotations

from ..errors import Text
from . import drafts
from .claim import Claim, Finding, Rule, Weight
from .rules_of_speaking import NO_GRANT, SPEAKS_FOR_ANOTHER
from .values import filed, party_id


def _with_oneself(_: Claim, draft: drafts.OrderDraft) -> Finding | None:
    if party_id(draft.body.supplier) != party_id(draft.body.buyer):
        return None
    return Finding(
        "/body/buyer",
        draft.body.buyer,
        Text("供方和需方是同一个单位", "supplier and buyer are the same party"),
        Text("请写合同的另一方", "give the other party to the contract"),
    )


def _number_taken(claim: Claim, draft: drafts.OrderDraft) -> Finding | None:
    """A second order under a number would take the place of the first. The right version of an order is no second one."""
    order = draft.subject.order
    standing = claim.state.orders[party_id(order.keeper), filed(order.number)]
    known = claim.state.events.get(draft.id)
    if standing is None or (known is not None and known.seq == standing.seq):
        return None
    if NO_GRANT.find(claim, draft) or SPEAKS_FOR_ANOTHER.find(claim, draft):
        return None  # whoever may not say it is not told which numbers another has
    return Finding(
        "/subject/order/number",
        order.number,
        Text(
            f"这个订单号本单位已经登记过：{standing.number}"
            if standing.number != order.number
            else "这个订单号本单位已经登记过",
            "the party that keeps it has an order of this number on record"
            + (f": {standing.number}" if standing.number != order.number else ""),
        ),
        Text(
            "要改已登记的，请更正那条记录；另一份订单请用它自己的编号",
            "to change the order correct its record; another order has a number of its own",
        ),
    )


def _due_before_ordered(claim: Claim, draft: drafts.OrderDraft) -> Finding | None:
    ordered_on = draft.occurred_on
    if ordered_on is None:
        return None
    for n, item in enumerate(draft.body.items):
        if item.due is not None and item.due < ordered_on:
            return Finding(
                f"/body/items/{n}/due",
                str(item.due),
                Text("交货期早于订货日期", "the due day lies before the day of the order"),
                Text(f"订货日期是 {ordered_on}", f"it was ordered on {ordered_on}"),
            )
    return None


ORDER_WITH_ONESELF = Rule(
    "order-with-oneself", Weight.INPUT,
    Text("与自己的订单", "order with oneself"),
    Text("订单有供方、需方两个单位", "an order has a supplier, and another party that buys"),
    _with_oneself,
)  # fmt: skip
ORDER_NUMBER_TAKEN = Rule(
    "order-number-taken", Weight.ARITHMETIC,
    Text("订单号重复", "order number taken"),
    Text("同一单位的订单号唯一，不分大小写；改错请更正", "a party's order numbers are unique, in capitals or without; a mistake is answered by a correction"),
    _number_taken,
)  # fmt: skip
DUE_BEFORE_ORDERED = Rule(
    "due-before-ordered", Weight.INPUT,
    Text("交货期早于订货日期", "due before it was ordered"),
    Text("订货在先，交货在后", "nothing is due before it was ordered"),
    _due_before_ordered,
)  # fmt: skip
