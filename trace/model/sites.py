"""Sites: places that people call by a name (a market, a street, a development zone) and the sites of projects, each by an id.

A region has a code; what lies inside it often has a name alone. The id of a named place follows from its region and its
name, so that whoever writes the name means the place. People write on ("五一路建材市场 12 号"): an event at a place is also
at every place whose name it begins with, up to a space, a sign, or where digits or Latin letters begin or end. No part of a
word is a name: 东新市场南路 is not in 东新市场.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

from .values import business_id

#: Letters that are written together: digits and Latin ones, or all others.
_RUN = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
#: So many beginnings of a name are places at most, the whole name among them.
_MOST = 6


def place_id(region: str, name: str) -> str:
    """The id of the place that is called so in the region of this six-digit code. Width, case, spaces and signs do not
    matter."""
    return _id(region, "".join(_runs(name)))


@lru_cache(maxsize=10_000)  # the same few places in event after event
def places_at(region: str, name: str | None) -> frozenset[str]:
    """The ids of all places that an event with this region and name of its place is at."""
    runs = _runs(name or "")
    beginnings = ["".join(runs[: n + 1]) for n in range(len(runs))]
    return frozenset(_id(region, each) for each in {*beginnings[: _MOST - 1], *beginnings[-1:]})


def _id(region: str, name: str) -> str:
    return business_id("place", region, name)


def _runs(name: str) -> list[str]:
    folded = normalize("NFKC", name).lower()
    return _RUN.findall(folded) or ([folded] if folded else [])
