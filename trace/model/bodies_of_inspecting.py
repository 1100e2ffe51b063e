"""What the kinds say by which an authority plans visits and follows up what it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from .values import STRICT, Day, Name, Number, PartyRef, Prose

#: Problems that one inspection may name.
MOST_DEFECTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """One problem of an inspection's list 排查台账, with the day by which it is to be put right. ``item``: of the checklist."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    text: Prose
    due: Day | None = None
    item: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPlan:
    """检查计划: a visit that is planned beforehand, from the day ``opens_on`` to ``closes_on``.

    Known to the authority alone (`involvement.PREPARED`): an unannounced visit 飞行检查 is worth nothing to whoever expects it. The
    inspection names it, and so shows from which index of the ledger on it was planned.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    number: Number
    type: Literal["routine", "unannounced", "complaint", "recheck", "site", "other"]
    opens_on: Day
    closes_on: Day
    reason: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectification:
    """整改: what became of one problem that an inspection, or a self-check of the party's own, found.

    ``reported``: it is put right, says whoever was inspected or an officer; ``closed`` 销号 after a re-check; ``not-fixed`` by the re-check,
    and ``extended``, both with a new day; ``case``: it is investigated instead. ``party`` was inspected, ``authority`` found it: of a self-check both are the party.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    defect: Annotated[int, Field(ge=1, le=MOST_DEFECTS)]
    step: Literal["reported", "closed", "not-fixed", "extended", "case"]
    text: Prose
    authority: PartyRef
    party: PartyRef | None = None
    due: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicalHelp:
    """技术帮扶: one visit by which an authority helps an enterprise free of charge, such as by explaining a standard."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    number: Number
    topic: Literal["standard", "process", "testing", "certification", "management", "other"]
    text: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditClass:
    """企业信用风险分类: the official class of a party, as of the draft's day, as the credit supervision of the market regulators gave it
    (国市监信发〔2022〕6号, recalled). ``source``: where it was read, in words; ``number`` of the paper or batch. Recorded as it came, never reckoned here.

    Known to market regulators alone (`involvement.PREPARED`, `queries.risk`).
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    letter: Literal["A", "B", "C", "D"]
    source: Name
    number: Number | None = None
