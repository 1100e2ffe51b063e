"""Counts of facets by Elasticsearch, over the same batches as by the embedded engine: those that are found, for each facet
without its own filter, and of very many the newest `COUNT_CAP`.

Facets with the same filters are counted together, as one filter aggregation whose own count says whether the cap was
reached; then the place of the last batch that still counts is looked up, and the same is counted above it. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .audience import Ways
from .counting import Counted, levels, shown
from .elastic_questions import Clause, all_of, filters, found_by, matching, told_of
from .elastic_schema import COUNTED
from .facets import GUARDED, OF_REGIONS, PAIRS, Chosen, Facet
from .index import COUNT_CAP
from .tokens import Query

#: Sorted by how many have a value, so that no value of those that are shown is missing however many there are.
_VALUES = {"size": COUNT_CAP, "shard_size": COUNT_CAP}


#: One search, asked of the server.
Ask = Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Together:
    """Facets that are counted over the same batches: those that meet ``clauses`` beside words and scope."""

    name: str
    facets: tuple[Facet, ...]
    clauses: tuple[Clause, ...]


class Counts:
    """The counts of one search: over the batches that ``told`` reaches, never over what was only granted."""

    def __init__(self, query: Query, told: Ways, chosen: Chosen, facets: Collection[Facet]):
        self._told = told
        self._chosen = chosen
        self._facets = facets
        self._found_by = found_by(query, told)
        self._groups = _counted_together(facets, chosen, told)

    def aggregations(self) -> dict[str, Any]:
        return {
            group.name: {"filter": all_of(group.clauses), "aggs": self._of(group.facets)}
            for group in self._groups
        }

    def read(self, ask: Ask, answer: Mapping[str, Any] | None) -> tuple[tuple[Counted, ...], bool]:
        """In the order in which they were asked for, out of an answer with these aggregations (None: they are asked for now);
        and whether time ran out. Where a cap is reached, two more requests for each filter that does not filter itself."""
        if not self._groups:
            return (), False
        if answer is None:
            answer = ask({"query": matching(self._found_by), "size": 0, "aggs": self.aggregations()})
        counted: dict[Facet, Counted] = {}
        cut_short = is_partial(answer)
        for group in self._groups:
            found = answer["aggregations"][group.name]
            is_capped = found["doc_count"] >= COUNT_CAP
            if is_capped:
                newest = self._of_newest(ask, group)
                cut_short = cut_short or is_partial(newest)
                found = newest["aggregations"]
            for facet in group.facets:
                counter = _counter(facet, found[facet.slug], self._chosen)
                counted[facet] = shown(facet, counter, self._chosen, approximate=is_capped or cut_short)
        return tuple(counted[facet] for facet in self._facets), cut_short

    def _of(self, facets: Iterable[Facet]) -> dict[str, Any]:
        return {facet.slug: _aggregation(facet, self._chosen, self._told) for facet in facets}

    def _of_newest(self, ask: Ask, group: _Together) -> Mapping[str, Any]:
        """The same over as many as are counted, the newest."""
        there = [*self._found_by, *group.clauses]
        last = ask(
            {
                "query": matching(there),
                "sort": [{"seq": "desc"}],
                "from": COUNT_CAP - 1,
                "size": 1,
                "_source": False,
                "track_total_hits": False,
            }
        )
        lowest = [{"range": {"seq": {"gte": hit["sort"][0]}}} for hit in last["hits"]["hits"]]
        return ask({"query": matching([*there, *lowest]), "size": 0, "aggs": self._of(group.facets)})


def is_partial(answer: Mapping[str, Any]) -> bool:
    """Whether an answer is of what was found until time was up, or until a part of the server failed."""
    return bool(answer["timed_out"]) or answer["_shards"]["failed"] > 0


def _counted_together(facets: Collection[Facet], chosen: Chosen, told: Ways) -> list[_Together]:
    """All facets of which nothing is chosen, and each other one by itself, without its own filter."""
    free = tuple(facet for facet in facets if facet not in chosen)
    groups = [_Together("rest", free, tuple(filters(chosen, told)))] if free else []
    return groups + [
        _Together(facet.slug, (facet,), tuple(filters(chosen, told, but=facet)))
        for facet in facets
        if facet in chosen
    ]


def _aggregation(facet: Facet, chosen: Chosen, told: Ways) -> dict[str, Any]:
    if facet not in GUARDED:
        return {"terms": {"field": COUNTED[facet], **_VALUES}}
    pair = GUARDED[facet]
    field = "first" if facet is PAIRS[pair][0] else "second"
    beside = {each: values for each, values in chosen.items() if each is not facet}
    values = {
        "terms": {"field": f"circumstances.{field}", **_VALUES},
        "aggs": {"batches": {"reverse_nested": {}}},
    }
    told_ones = {"filter": told_of(pair, beside, told), "aggs": {"values": values}}
    return {"nested": {"path": "circumstances"}, "aggs": {"told": told_ones}}


def _counter(facet: Facet, answer: Mapping[str, Any], chosen: Chosen) -> Counter[str]:
    counter = Counter(dict(_values(facet, answer)))
    if facet in OF_REGIONS:
        return Counter({value: n for value, n in counter.items() if value in levels(facet, value, chosen)})
    return counter


def _values(facet: Facet, answer: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    if facet not in GUARDED:
        for bucket in answer["buckets"]:
            yield bucket["key"], bucket["doc_count"]
    else:
        for bucket in answer["told"]["values"]["buckets"]:
            yield bucket["key"], bucket["batches"]["doc_count"]
