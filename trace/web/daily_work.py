"""What an account does every day, for the top of its desk: each piece of work that the policy gives it, with its page."""

from __future__ import annotations

from ..auth.actor import Actor
from ..auth.policy import Action, Reach
from ..errors import Text
from .views import Link

_WORK = (
    (Action.RECORD_PRODUCTION, Link("/batches/new", Text("登记一批", "Register a batch"))),
    (Action.RECORD_RECEIPT, Link("/receive", Text("收货", "Receive"))),
    (Action.RECORD_DISPATCH, Link("/send", Text("发货", "Dispatch"))),
    (Action.READ_STOCK, Link("/stock", Text("库存", "Stock"))),
    (Action.READ_ORDERS, Link("/orders", Text("订单", "Orders"))),
)


def daily_work(actor: Actor) -> tuple[Link, ...]:
    """The most usual first."""
    return tuple(link for action, link in _WORK if actor.reach(action) >= Reach.OWN)
