"""What the kinds say by which an authority runs a special campaign 专项行动 with its own units, and what these report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, StringConstraints

from .values import MAX_INTEGER, STRICT, Day, Id, Measured, Name, Number, PartyRef, Prose

#: Whom a task is about.
About = Literal["makers", "dealers", "sites"]
ProgrammeStepName = Literal["reported", "done", "major-case", "summary", "ended"]
#: What a task asks of those whom it is about: they are told.
Asked = Literal["self-check", "commitment"]
#: By what a task is told apart: steps name it, so it stays when the programme is corrected.
TaskCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,9}$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A phase 阶段, from its first to its last day, both included. Phases may overlap."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    name: Name
    opens_on: Day
    closes_on: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task 任务 of ``units`` of the authority's own tree. ``phase`` counts the phases from 1; without ``due`` it is due when that ends.

    ``asks``: of the makers or dealers in the jurisdiction of its units; these are told of it, and of nothing else.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    code: TaskCode
    text: Prose
    units: Annotated[tuple[PartyRef, ...], Field(min_length=1, max_length=60)]
    phase: Annotated[int, Field(ge=1, le=20)] | None = None
    about: About | None = None
    due: Day | None = None
    asks: Annotated[tuple[Asked, ...], Field(max_length=2)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """专项行动, issued on the draft's day. ``basis``: the documents that it rests on; ``summary_due``: the day of the summary report."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    number: Number
    name: Name
    basis: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    phases: Annotated[tuple[Phase, ...], Field(min_length=1, max_length=20)]
    tasks: Annotated[tuple[Task, ...], Field(min_length=1, max_length=60)]
    summary_due: Day | None = None
    text: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of a report, as it was counted: ``value`` a decimal, ``unit`` such as 家 or 批次."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    name: Name
    value: Measured
    unit: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeStep:
    """What a unit reports of a programme: of a ``task`` (``reported``, ``done``), a major case at any time 重大案件随时报告 (``major-case``: of
    ``case`` or ``lead``), the ``summary`` as of the ledger index ``frozen_at``; ``ended`` by whoever issued it.

    ``unit``: whose report it is, where an authority above it enters it from paper.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    step: ProgrammeStepName
    text: Prose
    task: TaskCode | None = None
    unit: PartyRef | None = None
    figures: Annotated[tuple[Figure, ...], Field(max_length=60)] = ()
    case: Id | None = None
    lead: Id | None = None
    frozen_at: Annotated[int, Field(ge=0, le=MAX_INTEGER)] | None = None
