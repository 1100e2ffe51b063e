"""What is sent under the number of an order, beside its lines: another cable than was ordered, a lower price than was agreed.

Pure, and one for all who ask: the rules that mark a dispatch when it is recorded, and the page of orders, which compares with
the order as it stands. Nothing is compared that one of the two does not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from .designation import is_same
from .state import OrderedLine

#: What does not agree: the cable is in no line; the price is below that of every line of this cable.
Otherwise = Literal["other-cable", "cheaper"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentUnderOrder:
    """One dispatch under an order's number. ``event`` is its id."""

    event: str
    designation: str
    length_mm: int
    price_fen_per_metre: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFinding:
    """A dispatch that does not agree with its order. ``agreed_fen_per_metre``: the lowest price of this cable in the order, of
    one that is ``cheaper`` alone."""

    what: Otherwise
    event: str
    designation: str
    length_mm: int
    price_fen_per_metre: int | None
    agreed_fen_per_metre: int | None = None


def lines_meant(lines: Iterable[OrderedLine], designation: str) -> list[OrderedLine]:
    """The lines that mean this cable, however it is spelled."""
    return [line for line in lines if is_same(line.designation, designation)]


def agreed_price(meant: Iterable[OrderedLine]) -> int | None:
    """The lowest price of these lines in fen a metre; None where there is none, or one of them has no price: that may be the
    one which is meant."""
    prices = [line.price_fen_per_metre for line in meant]
    known = [price for price in prices if price is not None]
    return min(known) if known and len(known) == len(prices) else None


def against_order(lines: Sequence[OrderedLine], sent: Iterable[SentUnderOrder]) -> tuple[OrderFinding, ...]:
    """What of these dispatches does not agree with the lines of the order that they name, as they were recorded."""
    found = []
    for each in sent:
        meant = lines_meant(lines, each.designation)
        price, agreed = each.price_fen_per_metre, agreed_price(meant)
        is_cheaper = price is not None and agreed is not None and price < agreed
        if meant and not is_cheaper:
            continue
        found.append(
            OrderFinding(
                what="cheaper" if is_cheaper else "other-cable",
                event=each.event,
                designation=each.designation,
                length_mm=each.length_mm,
                price_fen_per_metre=price,
                agreed_fen_per_metre=agreed if is_cheaper else None,
            )
        )
    return tuple(found)
