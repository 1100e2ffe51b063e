"""The geometry of the metre bar: where all metres of a batch are, as parts of one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .views import Holding
from .words import WHERES, Where

#: A part that is not nothing must be seen and touched: about this share of the bar, in percent.
_THINNEST = 1.2


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the bar; ``start`` and ``width`` in percent of the bar as drawn."""

    where: Where
    length_mm: int
    href: str
    start: float
    width: float


def bar(holdings: Iterable[Holding]) -> tuple[Segment, ...]:
    """The parts in the books' order, together 100 %. What is nothing, or less than nothing
    (``unexplained``), is not drawn and stands in the table only."""
    order = {where: n for n, where in enumerate(WHERES)}
    drawn = sorted((h for h in holdings if h.length_mm > 0), key=lambda h: order[h.where])
    total = sum(h.length_mm for h in drawn)
    widths = [max(100 * h.length_mm / total, _THINNEST) for h in drawn]
    squeeze = 100 / sum(widths) if widths else 0
    segments = []
    start = 0.0
    for holding, width in zip(drawn, widths, strict=True):
        segments.append(
            Segment(
                holding.where,
                holding.length_mm,
                holding.href,
                round(start, 3),
                round(width * squeeze, 3),
            )
        )
        start += width * squeeze
    return tuple(segments)
