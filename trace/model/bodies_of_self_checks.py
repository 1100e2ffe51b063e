"""What makers and dealers record of themselves when a campaign begins: a self-check 自查 and a quality commitment 质量承诺书."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from .bodies import CheckItem
from .values import STRICT, Day, Id, Name, Number, Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProblem:
    """A problem that a party found at itself. ``put_right_on``: the day on which it was put right, None while it is not; ``due`` until then."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    text: Prose
    item: Name | None = None
    due: Day | None = None
    put_right_on: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheck:
    """自查: ``checklist`` answers the version ``form`` (`checklists`), as an inspection does. ``programme``: the campaign that asked for it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    form: Number | None = None
    checklist: Annotated[tuple[CheckItem, ...], Field(max_length=200)] = ()
    problems: Annotated[tuple[OwnProblem, ...], Field(max_length=100)] = ()
    findings: Prose | None = None
    programme: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """质量承诺书: the text in the version ``form`` (`commitments`) was signed, by whom stands in ``by``; the signed paper is attached."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    form: Number
    programme: Id | None = None
