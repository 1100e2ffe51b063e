"""行刑衔接: whether what is known of sales and stock reaches a threshold of prosecution. An estimate, to be judged by people.

``crime_thresholds.csv`` has the thresholds: weights of what was sold and of what is unsold, and the amount that the weighted sum must reach, with
clause, source, certainty and the day from which they hold. Amounts are whole fen. Metres without a price are *unknown*: they are counted
beside the amounts and never as 0, so "not reached" is said only where nothing is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from ..errors import Text
from .packaged import in_force, packaged


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    code: str
    sales_weight: int
    stock_weight: int
    at_least_fen: int
    clause: str
    source: str
    certainty: str
    effective_from: date
    title: Text

    def sum_fen(self, sales_fen: int, stock_fen: int) -> int:
        return self.sales_weight * sales_fen + self.stock_weight * stock_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What is known in fen, and how many metres have no known price, of what was sold and of what is unsold."""

    sales_fen: int = 0
    sales_unknown_mm: int = 0
    stock_fen: int = 0
    stock_unknown_mm: int = 0

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(
            sales_fen=self.sales_fen + other.sales_fen,
            sales_unknown_mm=self.sales_unknown_mm + other.sales_unknown_mm,
            stock_fen=self.stock_fen + other.stock_fen,
            stock_unknown_mm=self.stock_unknown_mm + other.stock_unknown_mm,
        )

    @property
    def is_whole(self) -> bool:
        """Whether the price of every metre is known."""
        return not (self.sales_unknown_mm or self.stock_unknown_mm)


#: ``reached``: what is known suffices; ``unknown``: it does not, and prices are missing; ``not-reached``: all is known.
Estimate = Literal["reached", "unknown", "not-reached"]


@cache
def thresholds() -> tuple[Threshold, ...]:
    """All versions of all thresholds."""
    return tuple(
        Threshold(
            code=row["code"],
            sales_weight=int(row["sales_weight"]),
            stock_weight=int(row["stock_weight"]),
            at_least_fen=int(row["at_least_fen"]),
            clause=row["clause"],
            source=row["source"],
            certainty=row["certainty"],
            effective_from=date.fromisoformat(row["effective_from"]),
            title=Text(row["title_zh"], row["title_en"]),
        )
        for row in packaged("crime_thresholds.csv")
    )


def thresholds_on(day: date) -> tuple[Threshold, ...]:
    """The version of each threshold in force on a day."""
    return tuple(in_force(thresholds(), day).values())


def reached(amounts: Amounts, day: date) -> tuple[Threshold, ...]:
    """The thresholds in force that what is known reaches."""
    return tuple(
        each
        for each in thresholds_on(day)
        if each.sum_fen(amounts.sales_fen, amounts.stock_fen) >= each.at_least_fen
    )


def estimate(amounts: Amounts, day: date) -> Estimate:
    if reached(amounts, day):
        return "reached"
    return "not-reached" if amounts.is_whole else "unknown"


def price_of(length_mm: int, fen_per_metre: int) -> int:
    """Whole fen, rounded down: nobody is brought over a threshold by a rounding."""
    return length_mm * fen_per_metre // 1000
