"""Which indicators a supervision test of a kind of product has (检测项目与产品对应表).

The five kinds of the 2021 campaign and its key indicators (``tested_indicators.csv``); a row may be for some types alone, or for
some fire codes (bunched flame with ZA to ZD, circuit integrity with N). What the table does not name is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from .designation import Designation
from .packaged import packaged
from .table_limits import matches


class Applies(StrEnum):
    """``SOME``: on some products of the kind, which the designation does not tell."""

    YES = "yes"
    SOME = "some"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    kind: str
    types: tuple[str, ...]
    fire: str
    indicator: str
    applies: Applies
    verified: bool


def is_tested(designation: Designation, indicator: str) -> Applies:
    """Whether such a cable is tested for an indicator, by its stable name."""
    trade = designation.cable_type.trade
    return next(
        (
            row.applies
            for row in matrix()
            if row.indicator == indicator
            and matches(trade, row.types)
            and (not row.fire or matches(designation.fire, (row.fire,)))
        ),
        Applies.UNKNOWN,
    )


@cache
def matrix() -> tuple[Row, ...]:
    """The table; of several rows that fit, the first counts."""
    return tuple(
        Row(
            kind=row["kind"],
            types=tuple(row["types"].split()),
            fire=row["fire"],
            indicator=row["indicator"],
            applies=Applies(row["applies"]),
            verified=row["verified"] == "yes",
        )
        for row in packaged("tested_indicators.csv")
    )
