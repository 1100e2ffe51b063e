"""Certificates that are about to end, or do not hold any more, with what rests on them: a party's own, those that it issued,
and those of the goods in its stock.

Nothing is judged here: a batch keeps the certificate under which it was made, and that is judged at its production.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..flow import books
from ..model.designation import is_same
from ..model.state import CertificatePeriod, KnownProduct
from ..registry import register
from .certificates import CertificateCard, certificate_card
from .names import names_of
from .orders import OrderRow, orders
from .stock import stock_rows
from .visibility import reading

#: From so many days before its end on a certificate is listed, and from so many on it is urgent.
LISTED, URGENT = timedelta(days=90), timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCertificate:
    """``days_left`` until the end of what is valid today, None where it is not valid. ``issued``: by the reader, a certification
    body. ``products`` are the holder's cables under it; ``orders`` those of the reader's open orders that want one of them, ``stock_mm`` what the reader has of it."""

    card: CertificateCard
    holder_name: str
    own: bool
    issued: bool
    days_left: int | None
    products: tuple[str, ...]
    orders: tuple[str, ...]
    stock_mm: int

    @property
    def is_urgent(self) -> bool:
        return self.days_left is None or self.days_left <= URGENT.days


def due_certificates(tx: Connection, actor: Actor, *, today: date) -> tuple[DueCertificate, ...]:
    """Those that end within 90 days or hold no more, the most urgent first.

    Cost: the party's certificates and orders, and its stock.
    """
    reading(actor, Action.READ_REGISTRY)
    if not actor.party:
        return ()
    in_stock = _in_stock(tx, actor, today)
    own = {(actor.party, period.number) for period in register.certificates_of(tx, actor.party)}
    issued = actor.own_scope_for(Action.READ_BATCH).certificates
    periods = register.certificates(tx, own | issued | in_stock.keys())
    due = {key: card for key in periods if (card := _due(key, periods[key], today)) is not None}
    if not due:
        return ()
    names = names_of(tx, {holder for holder, _ in due})
    open_orders = [
        row
        for row in (orders(tx, actor, today=today).rows if actor.reach(Action.READ_ORDERS) else ())
        if row.is_open
    ]
    made = {holder: register.products_of(tx, holder) for holder, _ in due}
    found = []
    for (holder, number), card in due.items():
        products = [each for each in made[holder] if each.certificate == number]
        found.append(
            DueCertificate(
                card=card,
                holder_name=names.party(holder),
                own=holder == actor.party,
                issued=(holder, number) in issued,
                days_left=_days_left(card, today),
                products=tuple(each.designation.printed for each in products),
                orders=tuple(row.number for row in open_orders if _wants(row, holder, products)),
                stock_mm=in_stock.get((holder, number), 0),
            )
        )
    return tuple(
        sorted(found, key=lambda each: (not each.own, not each.issued, each.days_left is not None, each.days_left or 0, each.card.number))
    )  # fmt: skip


def _due(key: tuple[str, str], periods: Sequence[CertificatePeriod], today: date) -> CertificateCard | None:
    holder, number = key
    if not periods:
        return None
    card = certificate_card(number, holder, periods, None, today)
    days = _days_left(card, today)
    return card if days is None or days <= LISTED.days else None


def _days_left(card: CertificateCard, today: date) -> int | None:
    if card.today.state != "fine" or card.valid_to is None:
        return None
    return (card.valid_to - today).days


def _in_stock(tx: Connection, actor: Actor, today: date) -> dict[tuple[str, str], int]:
    """(maker, certificate) -> mm of it in the reader's stock."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    if not actor.reach(Action.READ_STOCK):
        return sums
    rows = stock_rows(tx, actor, today=today)
    known = books.batches(tx, {row.code for row in rows})
    for row in rows:
        number = known[row.code].certificate
        if number is not None:
            sums[row.maker, number] += row.length_mm
    return sums


def _wants(row: OrderRow, maker: str, products: Sequence[KnownProduct]) -> bool:
    return row.supplier == maker and any(
        line.open_mm and is_same(line.designation, product.designation.printed)
        for line in row.lines
        for product in products
    )
