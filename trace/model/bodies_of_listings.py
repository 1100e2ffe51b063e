"""What is said of listed supervision 挂牌督办: an area, a market or a party with concentrated problems, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import ConfigDict

from .values import STRICT, Day, Name, Number, PartyRef, Prose

ListingStepName = Literal["progress", "extended", "escalated", "lifted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """挂牌督办, listed on the draft's day. What is listed is the draft's ``place`` (a region, or a market in it by its name), or ``party``.

    ``unit`` is responsible, ``due`` the day by which it is to be put right.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    number: Number
    name: Name
    reason: Prose
    unit: PartyRef
    due: Day
    party: PartyRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingStep:
    """``extended`` has a new ``due``; ``escalated``: reported to the authority ``to`` above; ``lifted`` 摘牌 with its result in ``text``."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    step: ListingStepName
    text: Prose
    due: Day | None = None
    to: PartyRef | None = None
