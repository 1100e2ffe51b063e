"""What was searched for as addresses: filters to choose and to take away, and orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from ..errors import Text
from ..queries.search import FacetCounts, SearchResult, chosen_words
from ..search.asking import SIZES, Asking
from ..search.facets import OF_REGIONS, RANGE, Facet
from ..search.order import SORTS, Sort
from .views import Choice
from .views_of_searching import Filter

#: Values of one filter that stand open; the others are folded away.
_OPEN = 6
_BY_SLUG = {facet.slug: facet for facet in Facet}


def sorts_of(asking: Asking) -> tuple[Choice, ...]:
    """The orders; of a search without words ``best`` is ``newest``, and stays away."""
    shown = [sort for sort in Sort if asking.text or sort is not Sort.BEST]
    now = asking.sort if asking.sort in shown else Sort.NEWEST
    return tuple(
        Choice(SORTS[sort], href_of(replace(asking, sort=sort)), chosen=sort is now) for sort in shown
    )


def sizes_of(asking: Asking) -> tuple[Choice, ...]:
    """How many hits stand on a page, each choice from the first page on."""
    return tuple(
        Choice(Text(str(size), str(size)), href_of(replace(asking, limit=size)), chosen=size == asking.limit)
        for size in SIZES
    )


def filters_of(asking: Asking, found: SearchResult) -> tuple[Filter, ...]:
    """The filters that part the hits: one whose only value all hits have would part nothing."""
    return tuple(
        _filter(asking, counted)
        for counted in found.facets
        if counted.chosen or len(counted.values) > 1 or any(v.count < found.total for v in counted.values)
    )


def _filter(asking: Asking, counted: FacetCounts) -> Filter:
    facet = _BY_SLUG[counted.facet]
    choices = [
        Choice(
            value.label,
            href_of(asking.choosing(facet, _turned(facet, asking.chosen.get(facet, ()), value.value))),
            chosen=value.chosen,
            count=value.count,
        )
        for value in counted.values
    ]
    folded = [] if len(choices) <= _OPEN + 1 else [each for each in choices[_OPEN:] if not each.chosen]
    return Filter(
        text=facet.label,
        choices=tuple(each for each in choices if each not in folded),
        more=tuple(folded),
        cut=counted.cut,
        is_period=facet is Facet.MONTH,
    )


def _turned(facet: Facet, chosen: Sequence[str], value: str) -> list[str]:
    """The values with this one more, or without it. Of regions the nearest choice stands, and of months a single one takes
    the place of a period."""
    if value in chosen:
        return [each for each in chosen if each != value]
    kept = list(chosen)
    if facet in OF_REGIONS:
        kept = [each for each in chosen if not (value.startswith(each) or each.startswith(value))]
    elif facet is Facet.MONTH:
        kept = [each for each in chosen if RANGE not in each]
    return sorted([*kept, value])


def chips_of(asking: Asking, found: SearchResult) -> tuple[Choice, ...]:
    """What is chosen, each as the address without it."""
    return tuple(
        Choice(
            text,
            href_of(asking.choosing(facet, [v for v in asking.chosen[facet] if v != value])),
            chosen=True,
        )
        for facet, value, text in chosen_words(asking.chosen, found)
    )


def period_of(asking: Asking) -> tuple[str, str]:
    """The two ends of the period that is chosen, "" where it is open or none is."""
    months = asking.chosen.get(Facet.MONTH, ())
    since, dots, until = months[0].partition(RANGE) if len(months) == 1 else ("", "", "")
    return (since, until) if dots else (since, since)


def href_of(asking: Asking) -> str:
    """An address that asks for something, also where nothing is left to choose: then for everything, newest first."""
    return "/search?" + urlencode(asking.pairs() or [("sort", Sort.NEWEST.value)])
