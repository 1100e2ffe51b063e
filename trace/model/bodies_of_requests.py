"""What one authority asks of another 协查请求, and what becomes of it: 协助调查函, 交办, 线索移送, and their steps.

Which step may follow which stands in `request_path`; here only what each can say. The contact officers stand in ``by``, what is
enclosed in ``documents``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, ConfigDict, Field

from .bodies_of_cases import about_something
from .parts import ProjectRef
from .values import (
    MAX_INTEGER,
    STRICT,
    Code,
    Day,
    Id,
    Length,
    Name,
    Number,
    PartyRef,
    Prose,
    RegionCode,
    Units,
)

RequestType = Literal["assist", "order", "transfer"]
#: What is asked, beside questions in words.
Question = Literal[
    "authenticity", "purchases", "sales", "prices", "stock", "licences", "report-authenticity"
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAsked:
    """A batch that a request is about, as the letter says it: ``name`` what it is and who made it, in words; ``length_mm`` how
    much of it is meant: what lay in the region asked, or what the drums had that are named."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    code: Code
    units: Units = ()
    length_mm: Length | None = None
    name: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterAsked:
    """What a request is about: nothing of its case that is not written here is told by it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    batches: Annotated[tuple[BatchAsked, ...], Field(max_length=100)] = ()
    goods: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    parties: Annotated[tuple[PartyRef, ...], Field(max_length=50)] = ()
    projects: Annotated[tuple[ProjectRef, ...], Field(max_length=50)] = ()
    names: Annotated[tuple[Name, ...], Field(max_length=50)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityRequest:
    """A letter to another authority, issued on the draft's day.

    ``to`` is registered, ``to_name`` names one that is not; of ``case`` and ``lead`` one. ``region``: for which it is asked.
    ``frozen_at``: the ledger index at which the metres were traced. A transfer says why (``reason``) and which ``originals`` go along.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    type: RequestType
    number: Number
    to: PartyRef | None = None
    to_name: Name | None = None
    case: Id | None = None
    lead: Id | None = None
    region: RegionCode
    facts: Prose
    legal_basis: Prose
    questions: Annotated[tuple[Question, ...], Field(max_length=7)] = ()
    more_questions: Prose | None = None
    evidence: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    matter: Annotated[MatterAsked, AfterValidator(about_something)]
    frozen_at: Annotated[int, Field(ge=0, le=MAX_INTEGER)] | None = None
    reason: Prose | None = None
    originals: Annotated[tuple[Name, ...], Field(max_length=100)] = ()


RequestStepName = Literal[
    "received", "accepted", "returned", "extended", "replied", "reminded", "withdrawn", "evaluated"
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityRequestStep:
    """One step of a request, by who received it or, from paper, by who issued it.

    ``text``: findings of a reply, reasons of others; ``until``: by when, of an extension; ``evidence``: what comes with a reply;
    ``copy_to_name``: who gets a copy of a reminder; ``outcome``: what the reply was worth.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    step: RequestStepName
    number: Number | None = None
    text: Prose | None = None
    until: Day | None = None
    evidence: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    copy_to_name: Name | None = None
    outcome: Literal["sufficient", "partial", "insufficient"] | None = None
