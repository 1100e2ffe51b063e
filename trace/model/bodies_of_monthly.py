"""What a unit says when it submits its monthly form 月报."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from .values import MAX_INTEGER, STRICT, Day, Name, Number, Prose

_Count = Annotated[int, Field(ge=0, le=MAX_INTEGER)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureSaid:
    """One number of the form, by the key of its cell (`monthly`): how many, or fen. Left out: nobody knows it. ``…_unknown``: of how many
    things the amount is missing."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    key: Name
    month: _Count | None = None
    month_unknown: _Count = 0
    cumulative: _Count | None = None
    cumulative_unknown: _Count = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyFormSaid:
    """月报报送. ``form``: the version of the form; ``since``: from which day the cumulative numbers count; ``counted_at``: the ledger
    index up to which they were counted, so that anybody who may read the unit's work counts the same again."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    form: Number
    since: Day
    counted_at: Annotated[int, Field(ge=0, le=MAX_INTEGER)]
    figures: Annotated[tuple[FigureSaid, ...], Field(min_length=1, max_length=50)]
    text: Prose | None = None
