"""Who may see what: parties by id, jurisdictions by region, sites, certificates, and parts of what others see, as one value.

A reader compiles a scope into its own WHERE or filter: a row is visible if one of its parties is in
``parties``, one of its regions begins with one of ``regions``, one of its sites (`model.sites`) is in ``sites``, the
certificate under which it was made is among ``certificates`` (holder and number), or one of ``parts`` reaches it. What that means for an
event and for a batch says `involvement.sees`; every reader compiles the same. Whether a *kind* of reading is open to
somebody at all is the policy's business (``auth.policy``); a scope only says how far it reaches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

_REGION = re.compile(r"(?:[0-9]{2}){0,3}")


@dataclass(frozen=True, slots=True)
class Part:
    """Some of what another sees, never more: what ``within`` reaches, and of that only what ``of`` reaches too, and
    only the ``things`` that are named (`model.things`). A limit that is not there (None, none) limits nothing.

    So a unit sees what its parent authority gave it, and so somebody reads what another authority has granted.
    """

    within: Scope
    of: Scope | None = None
    things: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """What one asker may see. Equal reach is an equal value, however it was written.

    ``regions`` are prefixes of GB/T 2260 codes: ``"41"`` a province, ``"4116"`` a prefecture, ``"411603"`` a
    county, ``""`` the nation. A full code may be given (``"411600"``); the zeros that stand for "all of it"
    are dropped, since as a prefix they would see nothing but the prefecture's own code. A retired code does
    not lie under its successor's prefix: bring old codes up to date before asking. Raises ValueError for
    what is not a region.

    ``inward``: of the regions is told what happens in them and what comes in, and not what leaves them, nor where to.
    """

    everything: bool = False
    parties: frozenset[str] = frozenset()
    regions: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    sites: frozenset[str] = frozenset()
    certificates: frozenset[tuple[str, str]] = frozenset()
    inward: bool = False

    def __post_init__(self) -> None:
        regions = () if self.everything else _widest(_prefix(code) for code in self.regions)
        object.__setattr__(self, "regions", regions)
        object.__setattr__(self, "parties", frozenset() if self.everything else frozenset(self.parties))
        object.__setattr__(self, "sites", frozenset() if self.everything else frozenset(self.sites))
        of_certificates = frozenset() if self.everything else frozenset(self.certificates)
        object.__setattr__(self, "certificates", of_certificates)
        object.__setattr__(self, "parts", () if self.everything else tuple(dict.fromkeys(self.parts)))

    @property
    def nothing(self) -> bool:
        limits = (self.parties, self.regions, self.parts, self.sites, self.certificates)
        return not (self.everything or any(limits))

    def sees_party(self, party: str) -> bool:
        return self.everything or party in self.parties

    def sees_region(self, code: str) -> bool:
        """Whether the place with this six-digit code lies in the jurisdiction."""
        return self.everything or code.startswith(self.regions)

    def inwards(self) -> Scope:
        """The same reach of somebody who follows no goods out of it, nor out of what he was given of others'."""
        parts = tuple(
            replace(part, within=part.within.inwards(), of=None if part.of is None else part.of.inwards())
            for part in self.parts
        )
        return replace(self, parts=parts, inward=True)

    def __or__(self, other: Scope) -> Scope:
        """What either of the two sees; only inwards if one of them does."""
        return Scope(
            everything=self.everything or other.everything,
            parties=self.parties | other.parties,
            regions=self.regions + other.regions,
            parts=self.parts + other.parts,
            sites=self.sites | other.sites,
            certificates=self.certificates | other.certificates,
            inward=self.inward or other.inward,
        )

    def narrowed_to(self, regions: Iterable[str]) -> tuple[str, ...]:
        """The regions that lie both in these and in the scope's own."""
        return Scope(
            regions=tuple(
                max(wide, own, key=len)
                for wide in Scope(regions=tuple(regions)).regions
                for own in self.regions
                if wide.startswith(own) or own.startswith(wide)
            )
        ).regions

    def covers(self, other: Scope) -> bool:
        """Whether it certainly sees all that the other does: compared by what is written, not by what there is."""
        if self.everything:
            return True
        return (
            not other.everything
            and other.parties <= self.parties
            and other.sites <= self.sites
            and other.certificates <= self.certificates
            and (other.inward or not self.inward)
            and all(region.startswith(self.regions) for region in other.regions)
            and all(part in self.parts or self.covers(part.within) for part in other.parts)
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
