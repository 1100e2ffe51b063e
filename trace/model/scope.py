"""Who may see what: parties by id and jurisdictions by region, as one pure value.

A reader compiles a scope into its own WHERE or filter: a row is visible if one of its parties is in
``parties``, or one of its regions begins with one of ``regions``. Whether a *kind* of reading is open to
somebody at all is the policy's business (``auth.policy``); a scope only says how far it reaches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_REGION = re.compile(r"(?:[0-9]{2}){0,3}")


@dataclass(frozen=True, slots=True)
class Scope:
    """What one asker may see. Equal reach is an equal value, however it was written.

    ``regions`` are prefixes of GB/T 2260 codes: ``"41"`` a province, ``"4116"`` a prefecture, ``"411603"`` a
    county, ``""`` the nation. A full code may be given (``"411600"``); the zeros that stand for "all of it"
    are dropped, since as a prefix they would see nothing but the prefecture's own code. A retired code does
    not lie under its successor's prefix: bring old codes up to date before asking. Raises ValueError for
    what is not a region.
    """

    everything: bool = False
    parties: frozenset[str] = frozenset()
    regions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        regions = () if self.everything else _widest(_prefix(code) for code in self.regions)
        object.__setattr__(self, "regions", regions)
        object.__setattr__(self, "parties", frozenset() if self.everything else frozenset(self.parties))

    @property
    def nothing(self) -> bool:
        return not (self.everything or self.parties or self.regions)

    def sees_party(self, party: str) -> bool:
        return self.everything or party in self.parties

    def sees_region(self, code: str) -> bool:
        """Whether the place with this six-digit code lies in the jurisdiction."""
        return self.everything or code.startswith(self.regions)

    def __or__(self, other: Scope) -> Scope:
        """What either of the two sees."""
        return Scope(
            everything=self.everything or other.everything,
            parties=self.parties | other.parties,
            regions=self.regions + other.regions,
        )


#: No limit at all.
EVERYWHERE = Scope(everything=True)


def _prefix(code: str) -> str:
    if not _REGION.fullmatch(code):
        raise ValueError(f"not a region code of 0, 2, 4 or 6 digits: {code!r}")
    while code.endswith("00"):
        code = code[:-2]
    return code


def _widest(prefixes: Iterable[str]) -> tuple[str, ...]:
    """Sorted, without those that a shorter prefix covers (which sorts directly before them)."""
    kept: list[str] = []
    for prefix in sorted(prefixes):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return tuple(kept)
