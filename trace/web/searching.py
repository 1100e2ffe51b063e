"""What was searched for as addresses: filters to choose and to take away, orders, and what is kept of a search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlencode

from ..errors import InputError, Text
from ..queries.search import FacetCounts, SearchResult
from ..search.facets import OF_REGIONS, Chosen, Facet, read_chosen
from ..search.order import SORTS, Sort
from .views import Choice, Filter

#: Values of one filter that stand open; the others are folded away.
_OPEN = 6
_BY_SLUG = {facet.slug: facet for facet in Facet}
_RANGE = ".."


@dataclass(frozen=True, slots=True)
class Asking:
    """Words, filters and order."""

    text: str = ""
    chosen: Chosen = field(default_factory=dict)
    sort: Sort = Sort.BEST

    def pairs(self) -> list[tuple[str, str]]:
        """As the pairs of an address, without what is usual."""
        words = [("q", self.text)] if self.text else []
        filters = [(facet.slug, value) for facet in Facet for value in self.chosen.get(facet, ())]
        order = [("sort", self.sort.value)] if self.sort is not Sort.BEST else []
        return [*words, *filters, *order]

    @property
    def address(self) -> str:
        return urlencode(self.pairs())

    @property
    def href(self) -> str:
        return _href(self.pairs())

    def choosing(self, facet: Facet, values: Sequence[str]) -> Asking:
        """The same with these values of one filter, and no others of it."""
        chosen = {each: known for each, known in self.chosen.items() if each is not facet}
        return replace(self, chosen={**chosen, **({facet: tuple(values)} if values else {})})


def read_asking(text: str, filters: Mapping[str, Sequence[str]], sort: Sort) -> Asking:
    """What a request asks for; ``since`` and ``until`` are the two ends of a period. Raises InputError ``bad-request``."""
    since, until = (next(iter(filters.get(name, ())), "").strip() for name in ("since", "until"))
    period = [f"{since}{_RANGE}{until}"] if since or until else []
    named = {slug: [*filters.get(slug, ())] for slug in _BY_SLUG}
    if period:
        named[Facet.MONTH.slug] = period  # a period instead of what was chosen before
    return Asking(text.strip(), read_chosen(named), sort)


def asking_in(address: str) -> Asking:
    """The search that an address describes. Raises InputError ``bad-request`` for one that describes none."""
    try:
        named = parse_qs(address, strict_parsing=bool(address), max_num_fields=200)
        return read_asking(named.get("q", [""])[0], named, Sort(named.get("sort", [Sort.BEST.value])[0]))
    except ValueError:
        raise InputError.of(
            "bad-request",
            "要保存的不是一次查询",
            "what is to be saved is no search",
            came=address,
            where="/address",
        ) from None


def sorts_of(asking: Asking) -> tuple[Choice, ...]:
    """The orders; of a search without words ``best`` is ``newest``, and stays away."""
    shown = [sort for sort in Sort if asking.text or sort is not Sort.BEST]
    now = asking.sort if asking.sort in shown else Sort.NEWEST
    return tuple(Choice(SORTS[sort], replace(asking, sort=sort).href, chosen=sort is now) for sort in shown)


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
            asking.choosing(facet, _turned(facet, asking.chosen.get(facet, ()), value.value)).href,
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
        kept = [each for each in chosen if _RANGE not in each]
    return sorted([*kept, value])


def chips_of(asking: Asking, found: SearchResult) -> tuple[Choice, ...]:
    """What is chosen, each as the address without it."""
    return tuple(_chips(asking, {each.facet: each for each in found.facets}))


def _chips(asking: Asking, counted: Mapping[str, FacetCounts]) -> Iterator[Choice]:
    for facet, values in asking.chosen.items():
        known = (
            {value.value: value.label for value in counted[facet.slug].values}
            if facet.slug in counted
            else {}
        )
        for value in values:
            name = known.get(value) or _period(value)
            label = Text(f"{facet.label.zh}：{name.zh}", f"{facet.label.en}: {name.en}")
            yield Choice(label, asking.choosing(facet, [v for v in values if v != value]).href, chosen=True)


def _period(value: str) -> Text:
    since, dots, until = value.partition(_RANGE)
    if not dots:
        return Text(value, value)
    return Text(f"{since or '最早'} 至 {until or '今'}", f"{since or 'the beginning'} to {until or 'now'}")


def _href(pairs: list[tuple[str, str]]) -> str:
    """An address that asks for something, also where nothing is left to choose: then for everything, newest first."""
    return "/search?" + urlencode(pairs or [("sort", Sort.NEWEST.value)])
