"""Who may find what, as tokens: the one place where a scope becomes a filter of the search.

Everything that is found or counted carries the tokens of its audience, and a search asks for the tokens of the
asker's scope: so an engine needs nothing but equality of words. Whoever gives scopes a new reach gives it a token here,
in `Audience.tokens` and in `scope_tokens`, and every engine, filter, count and suggestion follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ..model.scope import Scope
from ..model.things import ids_among

#: Everything carries it: what a scope of everything asks for.
ANYBODY = "k"

#: What stands on a label carries it: the document of a batch, and none of its movements.
ON_A_LABEL = "l"

_OF_A_BATCH = "b"
_OF_A_SITE = "q"
_OF_A_CERTIFICATE = "v"
_OF_AN_AREA = "r"
_LEFT_AN_AREA = "o"

#: Regions of which the tokens are remembered: more than there are counties, either way.
_REGIONS_KEPT = 8_192
#: Parties of which the token is remembered.
_PARTIES_KEPT = 16_384

#: Lists of tokens, one of each of which must be met.
Limits = tuple[tuple[str, ...], ...]
#: What is open to an asker: whatever meets all limits of at least one of these.
Ways = tuple[Limits, ...]

#: A scope of everything.
EVERYBODYS: Ways = (((ANYBODY,),),)


@dataclass(frozen=True, slots=True)
class Audience:
    """The parties, by id, the regions, six digits, the sites, by id, and the issuers of the certificates, by holder and number,
    that something is open to; regions that goods have merely ``left`` to whoever follows goods out of his (`Scope.inward`)."""

    parties: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    certificates: frozenset[tuple[str, str]] = frozenset()
    left: frozenset[str] = frozenset()

    def tokens(self) -> list[str]:
        """What whoever may find it asks for, in one order; a region under each jurisdiction that it lies in."""
        return [
            ANYBODY,
            *map(_party_token, sorted(self.parties)),
            *_areas(_LEFT_AN_AREA, self.left),
            *_areas(_OF_AN_AREA, self.regions),
            *map(_site_token, sorted(self.sites)),
            *map(_certificate_token, sorted(self.certificates)),
        ]


def scope_tokens(scope: Scope) -> Ways:
    """`model.involvement.sees`, compiled; no way for a scope that reaches nothing."""
    if scope.everything:
        return EVERYBODYS
    own = (
        *map(_party_token, sorted(scope.parties)),
        *(_area_token(sort, area) for sort in _sorts_of_areas(scope) for area in scope.regions),
        *map(_site_token, sorted(scope.sites)),
        *map(_certificate_token, sorted(scope.certificates)),
    )
    ways: list[Limits] = [(own,)] if own else []
    for part in scope.parts:
        batches: Limits = (tuple(map(batch_token, ids_among("batch", part.things))),) if part.things else ()
        if batches == ((),):
            continue  # of goods and projects, which this search does not hold
        chosen: Ways = ((),) if part.of is None else scope_tokens(part.of)
        ways += [(*batches, *of, *within) for of in chosen for within in scope_tokens(part.within)]
    return tuple(ways)


def label_ways(granted: Scope) -> Ways:
    """What may be found of that which was only granted: batches, by what stands on their labels."""
    return tuple(((ON_A_LABEL,), *limits) for limits in scope_tokens(granted))


def is_by_label(limits: Limits) -> bool:
    """Whether a way is one of `label_ways`."""
    return limits[0] == (ON_A_LABEL,)


def batch_token(code: str) -> str:
    """What is about a batch carries it beside the tokens of its audience."""
    return _OF_A_BATCH + code.encode().hex()


def code_of_batch(token: str) -> str:
    """The code whose `batch_token` this is."""
    return bytes.fromhex(token.removeprefix(_OF_A_BATCH)).decode()


def is_of_batches(limit: tuple[str, ...]) -> bool:
    """Whether a limit names batches, and not whom something concerns."""
    return limit[0].startswith(_OF_A_BATCH)


@lru_cache(_PARTIES_KEPT)
def _party_token(party: str) -> str:
    """Ids may hold any character; in hexadecimal they hold none that an engine would split at."""
    return "w" + party.encode().hex()


def _site_token(site: str) -> str:
    return _OF_A_SITE + site.encode().hex()


def _certificate_token(certificate: tuple[str, str]) -> str:
    return _OF_A_CERTIFICATE + "/".join(certificate).encode().hex()


@lru_cache(_REGIONS_KEPT)
def _areas(sort: str, regions: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted({token for region in regions for token in _areas_over(sort, region)}))


@lru_cache(_REGIONS_KEPT)
def _areas_over(sort: str, region: str) -> tuple[str, ...]:
    return tuple(_area_token(sort, region[:end]) for end in (0, 2, 4, 6))


def _sorts_of_areas(scope: Scope) -> tuple[str, ...]:
    return (_OF_AN_AREA,) if scope.inward else (_OF_AN_AREA, _LEFT_AN_AREA)


def _area_token(sort: str, prefix: str) -> str:
    return sort + prefix.encode().hex()
