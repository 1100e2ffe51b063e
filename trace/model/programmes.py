"""What is known of special campaigns 专项行动 and of what units reported, and which checks were made: facts of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ..errors import Text
from .bodies_of_programmes import Phase, Task

ABOUT: Mapping[str, Text] = {
    "makers": Text("生产企业", "makers"),
    "dealers": Text("经营企业", "dealers"),
    "sites": Text("工地", "building sites"),
}
PROGRAMME_STEPS: Mapping[str, Text] = {
    "reported": Text("报告进展", "report progress"),
    "done": Text("完成任务", "task done"),
    "major-case": Text("重大案件随时报告", "report a major case"),
    "summary": Text("报送总结", "submit the summary"),
    "ended": Text("结束专项行动", "end the programme"),
}
#: Steps that are of a task.
OF_A_TASK = frozenset({"reported", "done"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProgramme:
    """A programme in its newest version; units of its tasks are ids. ``ended``: the event that ended it, "" until then."""

    id: str
    event: str
    seq: int
    authority: str
    number: str
    name: str
    issued_on: date
    basis: tuple[str, ...]
    phases: tuple[Phase, ...]
    tasks: tuple[Task, ...]
    summary_due: date | None
    text: str

    def task(self, code: str) -> Task | None:
        return next((task for task in self.tasks if task.code == code), None)

    def due_of(self, task: Task) -> date | None:
        """Its own day, else the last of its phase."""
        if task.due is not None or task.phase is None:
            return task.due
        return self.phases[task.phase - 1].closes_on

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit that has a task, in the order in which they are named."""
        return tuple(dict.fromkeys(unit for task in self.tasks for unit in task.units))

    @property
    def days(self) -> tuple[date, date]:
        """From the first day of its phases to the last."""
        return min(each.opens_on for each in self.phases), max(each.closes_on for each in self.phases)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProgrammeStep:
    """What ``unit`` reported, as ``speaker`` said it: itself, or an authority above it from paper."""

    event: str
    seq: int
    programme: str
    step: str
    on: date
    speaker: str
    unit: str
    task: str = ""
    case: str = ""
    lead: str = ""
    frozen_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCheck:
    """That ``party`` was inspected, or that its goods were sampled, on a day: ``kind`` is that of the ``event``. Of a building site ``party``
    is the id of the project."""

    event: str
    party: str
    kind: str
    authority: str
    region: str
    on: date
    seq: int

    @property
    def whom(self) -> frozenset[str]:
        """Who may know of it: what `involvement.sees` asks."""
        return frozenset(
            {f"p:{self.authority}", f"p:{self.party}", f"s:{self.party}", f"r:{self.region or '-'}"}
        )
