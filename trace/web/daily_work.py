"""What an account does every day, for the top of its desk: each piece of work that the policy gives it, with its page."""

from __future__ import annotations

from ..auth.actor import Actor
from ..auth.policy import Action, Reach, Role
from ..errors import Text
from .views import Link

_WORK = (
    (Action.RECORD_PRODUCTION, Link("/batches/new", Text("登记一批", "Register a batch"))),
    (Action.RECORD_RECEIPT, Link("/receive", Text("收货", "Receive"))),
    (Action.RECORD_DISPATCH, Link("/send", Text("发货", "Dispatch"))),
    (Action.READ_STOCK, Link("/stock", Text("库存", "Stock"))),
    (Action.READ_ORDERS, Link("/orders", Text("订单", "Orders"))),
    (Action.READ_CASES, Link("/cases", Text("案件", "Cases"))),
    (Action.READ_CASES, Link("/leads", Text("线索", "Leads"))),
    (Action.READ_CASES, Link("/requests", Text("协查", "Requests"))),
)


def daily_work(actor: Actor) -> tuple[Link, ...]:
    """The most usual first."""
    if actor.role is Role.CERTIFIER:  # others register certificates too, of their own
        return _of_issuer(actor)
    return tuple(link for action, link in _WORK if actor.reach(action) >= Reach.OWN)


def _of_issuer(actor: Actor) -> tuple[Link, ...]:
    links = (
        (Action.READ_REGISTRY, Link(f"/certificates?issuer={actor.party}", Text("本机构颁发的证书", "Certificates issued"))),
        (Action.RECORD_CERTIFICATE, Link("/certificates/new", Text("登记证书", "Register a certificate"))),
    )  # fmt: skip
    return tuple(link for action, link in links if actor.reach(action))
