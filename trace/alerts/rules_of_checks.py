"""What checks of a code give reason to look at: pure rules over what people said about where they had it before them.

A label can be copied, and a place can be made up: nothing here says that goods are false. What a rule finds is a
number of checks, coarse places and a time.

Only a place counts that somebody stated with the goods before him, never that of an address: a link to this page that is
passed on is opened anywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from ..codes.regions import distance_km
from ..scans.stream import Apart, Scan

#: Places count as apart from this distance between their centres: neighbouring prefectures are large.
LEAST_KM = 300
#: A drum goes by lorry: no way is faster on average, loading left aside.
FASTEST_KM_AN_HOUR = 100
#: The public is told only where so many different phones stated each of the two places: one person's word, mistaken or
#: meant to harm a maker, is not enough.
PHONES_AT_EACH_PLACE = 2


def places_apart(places: Sequence[Scan], *, phones: int = PHONES_AT_EACH_PLACE) -> Apart | None:
    """The newest two places too far apart for one drum in the time between; None where all fit.

    ``places`` are those of one code, oldest first. A pair counts when at least so many ``phones`` stated each of the two in
    statements that contradict one another; a phone that is said to have been in both contradicts itself and counts for
    neither. Cost grows with the square of their number; whoever calls bounds it.
    """
    stated: dict[tuple[str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    found = None
    for n, later in enumerate(places):
        for earlier in places[:n]:
            if earlier.client == later.client or not _contradict(earlier, later):
                continue
            assert earlier.region is not None
            assert later.region is not None
            one, other = sorted((earlier.region, later.region))
            at_one, at_other = stated[one, other]
            (at_one if earlier.region == one else at_other).add(earlier.client)
            (at_one if later.region == one else at_other).add(later.client)
            if len(at_one - at_other) >= phones and len(at_other - at_one) >= phones:
                minutes = round((later.at - earlier.at).total_seconds() / 60)
                found = Apart(earlier.region, later.region, minutes, later.at)
    return found


def _contradict(earlier: Scan, later: Scan) -> bool:
    """Whether no lorry could have brought the drum from one to the other in the time between."""
    if earlier.region is None or later.region is None or earlier.region == later.region:
        return False
    km = distance_km(earlier.region, later.region)
    if km is None or km < LEAST_KM:
        return False
    return abs(later.at - earlier.at) < timedelta(hours=km / FASTEST_KM_AN_HOUR)
