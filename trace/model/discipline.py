"""行纪衔接: clues about public officers on their way to the organ of discipline inspection and supervision 纪检监察机关.

What is known of one and the table of its steps; its grounds stand in ``discipline_grounds.csv``, each with clause, source, certainty and the
day from which it holds. Who may know of it is named by account, and nobody else may: neither the rest of the authority nor those above it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from ..errors import Text
from .case_path import Move, state_after
from .packaged import in_force, packaged

DRAWN_UP = "drawn-up"
_LAW = "行政执法机关移送涉嫌犯罪案件的规定第十八、十九条"
_GOING_ON = ("drawn-up", "approved", "transferred", "received", "answered")

DISCIPLINE_MOVES: tuple[Move, ...] = (
    Move(step="approved", states=("drawn-up",), to="approved", clause=_LAW),
    Move(step="refused", states=("drawn-up",), to="refused", clause=_LAW, wants=("text",)),
    Move(step="transferred", states=("approved",), to="transferred", clause=_LAW, wants=("number",)),
    Move(step="received", states=("transferred",), to="received", clause=_LAW),
    Move(
        step="answered", states=("transferred", "received", "answered"), to="answered", clause=_LAW, wants=("outcome", "text"),
    ),
    Move(step="handlers", states=_GOING_ON, clause=_LAW, wants=("handlers|text",), may=("handlers",)),
    Move(step="dropped", states=("drawn-up", "approved"), to="dropped", clause=_LAW, wants=("text",)),
)  # fmt: skip

#: What the person alone does who is named to sign.
OF_THE_SIGNER = frozenset({"approved", "refused"})

DISCIPLINE_STATES: Mapping[str, Text] = {
    "drawn-up": Text("待审批", "to be approved"),
    "approved": Text("已批准移送", "approved"),
    "refused": Text("不予移送", "not to be transferred"),
    "transferred": Text("已移送", "transferred"),
    "received": Text("已签收", "received"),
    "answered": Text("已反馈", "answered"),
    "dropped": Text("已撤回", "dropped"),
}
DISCIPLINE_STEPS: Mapping[str, Text] = {
    "approved": Text("批准移送", "approve"),
    "refused": Text("不予移送", "do not transfer"),
    "transferred": Text("移送", "transfer"),
    "received": Text("登记回执", "record the receipt"),
    "answered": Text("登记反馈", "record the answer"),
    "handlers": Text("调整经办人", "change who handles it"),
    "dropped": Text("撤回", "drop it"),
}
OUTCOMES: Mapping[str, Text] = {
    "accepted": Text("受理", "taken up"),
    "not-accepted": Text("不予受理、退回", "not taken up, sent back"),
    "closed": Text("了结", "closed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A ground of transfer. ``reckoned``: the records of a case can show signs of it."""

    code: str
    reckoned: bool
    clause: str
    source: str
    certainty: str
    effective_from: date
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDisciplineStep:
    """One recorded step: the event, its ledger index, and what of its body is shown. ``handlers``: None where it names none."""

    event: str
    seq: int
    step: str
    on: date
    account: str
    number: str = ""
    outcome: str = ""
    text: str = ""
    handlers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDiscipline:
    """One transfer as it was drawn up, and its steps. ``account``: who drew it up; ``signer``: who is to sign it; ``case``: "" for none."""

    id: str
    event: str
    seq: int
    authority: str
    account: str
    number: str
    ground: str
    organ: str
    facts: str
    unit: str
    post: str
    signer: str
    first_handlers: tuple[str, ...]
    on: date
    case: str = ""
    steps: tuple[KnownDisciplineStep, ...] = ()

    @property
    def state(self) -> str:
        return state_after(DISCIPLINE_MOVES, DRAWN_UP, [step.step for step in self.steps])

    @property
    def last_on(self) -> date:
        """The day of its last step."""
        return self.steps[-1].on if self.steps else self.on

    @property
    def handlers(self) -> tuple[str, ...]:
        """Who handles it now, by account."""
        changed = [step.handlers or () for step in self.steps if step.step == "handlers"]
        return changed[-1] if changed else self.first_handlers

    @property
    def named(self) -> frozenset[str]:
        """The accounts that may know of it."""
        return frozenset({self.account, self.signer, *self.handlers})


@cache
def grounds() -> tuple[Ground, ...]:
    """All versions of all grounds."""
    return tuple(
        Ground(
            code=row["code"],
            reckoned=row["reckoned"] == "yes",
            clause=row["clause"],
            source=row["source"],
            certainty=row["certainty"],
            effective_from=date.fromisoformat(row["effective_from"]),
            title=Text(row["title_zh"], row["title_en"]),
        )
        for row in packaged("discipline_grounds.csv")
    )


def grounds_on(day: date) -> dict[str, Ground]:
    """The version of each ground in force on a day, by its code, in the order of the table."""
    return in_force(grounds(), day)
