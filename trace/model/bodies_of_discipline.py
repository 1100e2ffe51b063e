"""What is said of a clue about a public officer: about whom, what was found, who may know, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from .values import STRICT, Id, Name, Number, PersonalName, Prose

Handlers = Annotated[tuple[Id, ...], Field(max_length=20)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """The public officer: personal data, on the ledger as a commitment only; where he works and as what stands there in clear."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    name: PersonalName
    unit: Name
    post: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discipline:
    """A clue 问题线索, drawn up on the draft's day for the organ that is competent. ``handlers`` and ``signer`` are accounts of the own authority,
    the latter of the head who signs; ``ground`` is a code of `discipline.grounds`; ``case``: in which it was found."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    number: Number
    official: Official
    ground: Number
    facts: Prose
    organ: Name
    signer: Id
    handlers: Handlers = ()
    case: Id | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisciplineStep:
    """A step; what came on paper is attached to the draft. ``handlers``: all who handle it from now on."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    step: Literal["approved", "refused", "transferred", "received", "answered", "handlers", "dropped"]
    number: Number | None = None
    outcome: Literal["accepted", "not-accepted", "closed"] | None = None
    text: Prose | None = None
    handlers: Handlers | None = None
