"""What is known of planned visits and of the problems that inspections found: facts of the ledger, as the rules ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

#: Of a problem: found or found again, reported as put right, closed, or investigated instead.
DefectState = Literal["open", "reported", "closed", "case"]
#: What is done with: nothing is due any more.
DONE: frozenset[str] = frozenset({"closed", "case"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDefect:
    """One problem that an inspection or a self-check found 排查台账, as the last step left it.

    ``event`` the inspection (of a self-check ``number`` is "", and ``authority`` the party itself), ``n`` the number of the problem in it, ``number`` of the inspection's paper; ``authority`` found it at
    ``party`` ("" where nobody is named), in ``region``. ``last``: the event of its last step, "" while there was none.
    """

    event: str
    n: int
    number: str
    authority: str
    party: str
    region: str
    sites: str
    found_on: date
    text: str
    item: str
    due: date | None
    state: str = "open"
    last: str = ""
    changed_on: date | None = None
    seq: int = 0

    @property
    def kind(self) -> str:
        """Of the event that found it."""
        return "inspection" if self.number else "self-check"

    @property
    def whom(self) -> frozenset[str]:
        """Who may know of it: what `involvement.sees` asks."""
        named = {f"p:{party}" for party in (self.authority, self.party) if party}
        return frozenset({*named, f"r:{self.region or '-'}", *(f"s:{site}" for site in self.sites.split())})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCreditClass:
    """The official credit class of a party on a day, as ``authority`` recorded it; ``number`` "" where its source has none."""

    event: str
    authority: str
    party: str
    letter: str
    on: date
    source: str
    number: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownInspection:
    """Which number an authority gave to an inspection."""

    event: str
    authority: str
    number: str
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSamplingPlan:
    """A sampling plan, and what was drawn from it: ``draw`` is that event, "" until then."""

    event: str
    authority: str
    number: str
    level: str
    products: tuple[str, ...]
    candidates: tuple[str, ...]
    count: int
    substitutes: int
    seed_hash: str
    entrusted: str
    draw: str = ""
    seed: str = ""
    root: str = ""
    drawn: tuple[str, ...] = ()
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVisit:
    """A planned visit, to ``party`` or in ``region``; ``inspection``: the event by which it took place, "" until then."""

    event: str
    authority: str
    number: str
    type: str
    opens_on: date
    closes_on: date
    party: str
    project: str
    region: str
    inspection: str = ""
    seq: int = 0
