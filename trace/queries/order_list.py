"""The list of orders 订单: those that are asked for by a word or by how they stand, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from ..auth.actor import Actor
from .orders import OrderRow, Unordered, orders

#: How orders stand: not sent whole, sent and not received whole, late; and what was delivered without one, alone.
OrdersThatAre = Literal["", "open", "under-way", "late", "unordered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderList:
    """A page of orders, the newest first. ``total``, ``open``, ``under_way``, ``late`` count all orders that the word found.

    ``unordered`` was delivered without an order: a first part of it stands on the first page of all orders, all of it is on
    pages of its own (``that_are="unordered"``, which have no orders); ``unordered_total`` lines with ``unordered_mm`` are what
    the word found of it. ``after``: the cursor of the next page, None on the last."""

    rows: tuple[OrderRow, ...]
    unordered: tuple[Unordered, ...]
    unordered_total: int
    unordered_mm: int
    total: int
    open: int
    under_way: int
    late: int
    after: int | None


def order_list(
    tx: Connection,
    actor: Actor,
    *,
    today: date,
    text: str = "",
    that_are: OrdersThatAre = "",
    limit: int = 50,
    after: int | None = None,
) -> OrderList:
    """``text`` is a part of the other party's name, of the number, of a cable or of the project. Cost: that of `orders`."""
    found = orders(tx, actor, today=today)
    wanted = text.strip().casefold()
    said = [row for row in found.rows if wanted in _words(row)]
    without = tuple(each for each in found.unordered if wanted in _words_of(each))
    if that_are == "unordered":
        rows: tuple[OrderRow, ...] = ()
        start = after or 0
        unordered = without[start : start + limit]
        further = start + limit if len(without) > start + limit else None
    else:
        asked = [row for row in said if _is(row, that_are) and (after is None or row.index < after)]
        rows = tuple(asked[:limit])
        unordered = without[:limit] if after is None and not that_are else ()
        further = rows[-1].index if len(asked) > limit else None
    return OrderList(
        rows=rows,
        unordered=unordered,
        unordered_total=len(without),
        unordered_mm=sum(each.dispatched_mm for each in without),
        total=len(said),
        open=sum(row.is_open for row in said),
        under_way=sum(row.is_under_way for row in said),
        late=sum(row.is_late for row in said),
        after=further,
    )


def _is(row: OrderRow, that_are: OrdersThatAre) -> bool:
    return {"": True, "open": row.is_open, "under-way": row.is_under_way, "late": row.is_late}[that_are]


def _words(row: OrderRow) -> str:
    partner = row.buyer_name if row.sells else row.supplier_name
    cables = (word for line in row.lines for word in (line.designation, line.written))
    return "\n".join((row.number, partner, row.project_name, *cables)).casefold()


def _words_of(each: Unordered) -> str:
    return "\n".join((each.number, each.supplier_name, each.buyer_name, each.designation)).casefold()
