"""What is known of a request to another authority: to whom it went, of which case, and the steps since; the rest its letter says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .case_path import state_after
from .request_path import ISSUED, REQUEST_ENDED, REQUEST_MOVES


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRequestStep:
    """One recorded step. ``on_paper``: a step of the receiver's that was entered by who issued the request."""

    event: str
    seq: int
    step: str
    on: date
    speaker: str
    on_paper: bool
    number: str = ""
    until: date | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRequest:
    """A request of an authority. ``to``: the id of whom it went to, "" where only a name is known."""

    id: str
    event: str
    seq: int
    authority: str
    type: str
    number: str
    to: str
    to_name: str
    case: str
    lead: str
    region: str
    issued_on: date
    steps: tuple[KnownRequestStep, ...] = ()

    @property
    def state(self) -> str:
        return state_after(REQUEST_MOVES, ISSUED, [step.step for step in self.steps])

    @property
    def is_open(self) -> bool:
        return self.state not in REQUEST_ENDED

    @property
    def last_on(self) -> date:
        """The day of its last step."""
        return self.steps[-1].on if self.steps else self.issued_on

    def last(self, *steps: str) -> KnownRequestStep | None:
        """The newest of its steps of these names."""
        return next((step for step in reversed(self.steps) if step.step in steps), None)
