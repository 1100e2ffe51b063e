"""What is known of an authority's leads 线索 and cases 案件: how each began, and the steps since; how it stands is their fold.

Only what the steps say is kept; `case_path` folds them. So a correction puts another step in the place of one, and
nothing else is to be changed with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from .case_path import CASE_MOVES, FILED, LEAD_MOVES, RECEIVED, state_after


class BatchMeant(NamedTuple):
    """A batch, and those of its units that are meant; none for all of it. ``whole``: the scope is the whole batch all the same."""

    code: str
    units: tuple[tuple[int, int], ...] = ()
    whole: bool = False

    @property
    def scope(self) -> tuple[tuple[int, int], ...]:
        """The units whose metres are traced and counted; none for all of the batch."""
        return () if self.whole else self.units


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMatter:
    """What a lead or a case is about: ids, but for batches, which have codes, and ``names`` of the unregistered."""

    batches: tuple[BatchMeant, ...] = ()
    goods: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def widened(matter: KnownMatter) -> KnownMatter:
    """The same matter with the whole of each batch in its scope."""
    return replace(matter, batches=tuple(each._replace(whole=bool(each.units)) for each in matter.batches))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownStep:
    """One recorded step: the event, its ledger index, what it was and on which day, and what of its body its followers ask.

    ``to``: the party that a lead was given to, or that it or a case went to; ``into``: the lead or case that a lead is merged into.
    Amounts in fen, None where nobody said. ``frozen_at``: up to which index its scope was traced.
    """

    event: str
    seq: int
    step: str
    on: date
    speaker: str
    number: str = ""
    reason: str = ""
    until: date | None = None
    outcome: str = ""
    penalties: tuple[str, ...] = ()
    fine_fen: int | None = None
    confiscated_fen: int | None = None
    goods_value_fen: int | None = None
    to: str = ""
    into: str = ""
    matter: KnownMatter | None = None
    frozen_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAlertStep:
    """What an authority did about the alerts of a rule about the event at ``index``; of its tree, whose topmost authority is ``top``,
    the last word stands. ``to``: the unit that it was given to."""

    event: str
    seq: int
    index: int
    rule: str
    authority: str
    top: str
    step: str
    on: date
    to: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLead:
    """A lead of an authority, received on a day. ``origin``: id of the event that it came from; ``case``: that was filed of it."""

    id: str
    event: str
    seq: int
    authority: str
    number: str
    source: str
    text: str
    received_on: date
    matter: KnownMatter
    origin: str = ""
    rule: str = ""
    case: str = ""
    steps: tuple[KnownStep, ...] = ()

    @property
    def state(self) -> str:
        return state_after(LEAD_MOVES, RECEIVED, [step.step for step in self.steps])

    @property
    def last_on(self) -> date:
        """The day of its last step."""
        return self.steps[-1].on if self.steps else self.received_on

    @property
    def assigned_to(self) -> str:
        """The unit that has it now; "" for nobody but the authority."""
        given = [step.to for step in self.steps if step.step == "assigned"]
        return given[-1] if given else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCase:
    """A case of an authority, filed on a day. ``matter`` and ``frozen_at`` are as filed; `scope` is what stands now."""

    id: str
    event: str
    seq: int
    authority: str
    number: str
    category: str
    text: str
    legal_basis: str
    filed_on: date
    matter: KnownMatter
    frozen_at: int
    leads: tuple[str, ...] = ()
    goods_value_fen: int | None = None
    steps: tuple[KnownStep, ...] = ()

    @property
    def state(self) -> str:
        return state_after(CASE_MOVES, FILED, [step.step for step in self.steps])

    @property
    def last_on(self) -> date:
        """The day of its last step."""
        return self.steps[-1].on if self.steps else self.filed_on

    @property
    def scope(self) -> tuple[KnownMatter, int]:
        """What it is about by now, and the ledger index at which that was traced."""
        for step in reversed(self.steps):
            if step.matter is not None:
                return step.matter, step.seq if step.frozen_at is None else step.frozen_at
        return self.matter, self.frozen_at

    @property
    def value_fen(self) -> int | None:
        """The value of the goods 货值金额 as it was last determined; None: unknown, which is not 0."""
        said = [step.goods_value_fen for step in self.steps if step.goods_value_fen is not None]
        return said[-1] if said else self.goods_value_fen

    def last(self, *steps: str) -> KnownStep | None:
        """The newest of its steps of these names."""
        return next((step for step in reversed(self.steps) if step.step in steps), None)

    @property
    def decision(self) -> KnownStep | None:
        return self.last("decision")

    @property
    def publication(self) -> str:
        """How the publication of its penalty stands: "" where there is none to publish."""
        done = self.last("published", "not-published", "withdrawn", "publication-ended")
        if done is not None:
            return done.step
        decision = self.decision
        return "pending" if decision is not None and decision.outcome == "penalty" else ""

    @property
    def is_criticism_alone(self) -> bool:
        """Whether the decision imposes no more than 通报批评: that is published for a shorter time."""
        decision = self.decision
        return decision is not None and set(decision.penalties) == {"criticism"}

    @property
    def penalised_fen(self) -> int | None:
        """罚没款: fine and confiscation of the decision together; None where none was imposed."""
        decision = self.decision
        if decision is None or decision.outcome != "penalty":
            return None
        return (decision.fine_fen or 0) + (decision.confiscated_fen or 0)
