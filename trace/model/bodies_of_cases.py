"""What an authority says of alerts 预警, and of its own leads 线索 and cases 案件: how each came, what it is about, and the steps of its way.

Which step may follow which stands in `case_path`; here only what a step can say. Amounts are whole fen. A value that
nobody knows is left out: it is unknown, and never 0.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TypeVar

from pydantic import AfterValidator, ConfigDict, Field

from ..errors import InputError
from .kinds import Kind
from .parts import ProjectRef
from .values import (
    MAX_INTEGER,
    STRICT,
    Code,
    Day,
    Id,
    Name,
    Number,
    PartyRef,
    Price,
    Prose,
    Units,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

M = TypeVar("M", bound="DataclassInstance")

#: Money that is there: a value of nothing is one that nobody knows.
Worth = Annotated[int, Field(ge=1, le=MAX_INTEGER)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchInMatter:
    """A batch that a lead or a case is about; of its ``units`` those that are named, else of all of it.

    ``whole``: the scope of the case is the whole batch, though only these units are meant.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    code: Code
    units: Units = ()
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a lead or a case is about. ``names``: whom nobody has registered, a workshop or a person in trade, in words."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    batches: Annotated[tuple[BatchInMatter, ...], Field(max_length=100)] = ()
    goods: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    parties: Annotated[tuple[PartyRef, ...], Field(max_length=50)] = ()
    projects: Annotated[tuple[ProjectRef, ...], Field(max_length=50)] = ()
    names: Annotated[tuple[Name, ...], Field(max_length=50)] = ()


def about_something(matter: M) -> M:
    """Of a request too (`bodies_of_requests`). Raises InputError for a matter in which nothing is named."""
    if not any(getattr(matter, each.name) for each in fields(matter)):
        raise InputError.of(
            "wrong-input",
            "请写明涉及的批次、无码货物、单位、项目或未登记的当事人名称",
            "name the batch, goods, party or project that it is about, or in words whom nobody has registered",
        )
    return matter


SomeMatter = Annotated[Matter, AfterValidator(about_something)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The event from which a lead came; ``rule``: that of the alert which named it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    event: Id
    kind: Kind
    rule: Name | None = None


#: How an authority comes to know (市场监督管理行政处罚程序规定 第十八条); the last three are ours.
LeadSource = Literal[
    "inspection", "complaint", "report", "transfer", "superior", "sampling", "public-opinion", "alert"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """线索: a hint at an offence that must be looked into from the day on which it came (the draft's)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    number: Number
    source: LeadSource
    text: Prose
    matter: SomeMatter
    origin: Origin | None = None


AlertStepName = Literal["assigned", "dismissed", "reopened"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertStep:
    """预警办理: what an authority does about an alert. ``to``: the unit that it is given to; to whom there, stands in the draft's
    ``by``. That a lead came of it, the lead says (`Origin`)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    step: AlertStepName
    text: Prose | None = None
    to: PartyRef | None = None


LeadStepName = Literal[
    "assigned", "checking", "testing", "tested", "extended", "not-filed", "transferred-out", "merged"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadStep:
    """线索办理. That a case was filed of it, the case says (`CaseFiled`).

    ``to``: the unit that it is given to, or the authority that it goes to (``to_name`` where that is not registered);
    ``lead`` or ``case``: what it is merged into.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    step: LeadStepName
    number: Number | None = None
    text: Prose | None = None
    reason: Literal["minor", "first-time", "no-fault", "other"] | None = None
    to: PartyRef | None = None
    to_name: Name | None = None
    lead: Id | None = None
    case: Id | None = None


#: Rows 5 to 7 of the monthly form: one case stands in one of them.
Category = Literal["counterfeit", "unlicensed", "quality"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFiled:
    """立案. The handling officers stand in ``by``. What was traced by then is frozen at ``frozen_at``, the ledger index up to
    which it was looked at; left out, at the event's own."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    number: Number
    category: Category
    text: Prose
    legal_basis: Prose
    matter: SomeMatter
    leads: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    frozen_at: Annotated[int, Field(ge=0, le=MAX_INTEGER)] | None = None
    goods_value_fen: Worth | None = None


#: Ways of service (送达).
ServedBy = Literal["direct", "left", "post", "electronic", "entrusted", "announcement"]
CaseStepName = Literal[
    "investigate", "testing", "tested", "scope", "extended", "suspended", "resumed", "investigation-closed",
    "review", "back", "notice-served", "statement", "hearing", "hearing-ended", "decision", "served", "executing", "executed", "closed",
    "terminated", "transferred-police", "police-returned", "transferred-other",
    "published", "not-published", "withdrawn", "publication-ended",
]  # fmt: skip
Penalty = Literal["warning", "criticism", "fine", "gains", "goods", "suspension", "licence-revoked", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStep:
    """案件办理: one step of the way, with the paper's number and day.

    ``reason`` of a suspension; ``until`` the new last day of an extension; ``outcome``, ``penalties`` and amounts of a
    decision; ``served_by`` the way of service; ``matter`` a new scope, frozen at ``frozen_at`` or this event's own index.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    step: CaseStepName
    number: Number | None = None
    text: Prose | None = None
    reason: (
        Literal["other-proceedings", "question-of-law", "force-majeure", "party-missing", "other"] | None
    ) = None
    until: Day | None = None
    outcome: Literal["penalty", "no-penalty", "not-established"] | None = None
    penalties: Annotated[tuple[Penalty, ...], Field(max_length=8)] = ()
    fine_fen: Price | None = None
    confiscated_fen: Price | None = None
    goods_value_fen: Worth | None = None
    served_by: ServedBy | None = None
    to: PartyRef | None = None
    to_name: Name | None = None
    matter: SomeMatter | None = None
    frozen_at: Annotated[int, Field(ge=0, le=MAX_INTEGER)] | None = None
