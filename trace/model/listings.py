"""What is known of listed supervision 挂牌督办: facts of the ledger, as the rules ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ..errors import Text

LISTING_STEPS: Mapping[str, Text] = {
    "progress": Text("报告进展", "report progress"),
    "extended": Text("延期", "put off"),
    "escalated": Text("上报", "report to the superior"),
    "lifted": Text("摘牌", "lift it"),
}
#: What the authority alone does that listed it.
OF_THE_AUTHORITY = frozenset({"extended", "lifted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownListing:
    """One listing, as its last step left it. ``due`` the newest day; ``escalated_to`` the authority above to which it was reported, "" where
    to none; ``lifted_on``: None while it stands. ``steps``: the events of its steps."""

    id: str
    event: str
    seq: int
    authority: str
    number: str
    name: str
    reason: str
    region: str
    place: str
    party: str
    unit: str
    listed_on: date
    due: date
    escalated_to: str = ""
    lifted_on: date | None = None
    steps: tuple[str, ...] = ()

    @property
    def whose(self) -> frozenset[str]:
        """Who may read it: who listed it, and who is responsible; with those above them, as scopes have it."""
        return frozenset({self.authority, self.unit})
