"""What is asked of Elasticsearch, in its own language: words, scopes and filters as queries over the documents of `elastic_schema`.

Everything is a filter; only "is called exactly so" scores, 1 or 0, so that the order ``best`` is one sort. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .audience import EVERYBODYS, Ways, is_by_label
from .circumstances import rows_decide
from .elastic_schema import BETWEEN, open_traits
from .facets import GUARDED, OPEN, PAIRS, Chosen, Facet, wanted_traits
from .order import KEY_COLUMNS, Place, Sort
from .tokens import Phrase, Query, Word

Clause = dict[str, Any]

NOTHING: Clause = {"match_none": {}}


def all_of(clauses: Iterable[Clause]) -> Clause:
    return {"bool": {"filter": list(clauses)}}


def any_of(clauses: Iterable[Clause]) -> Clause:
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}}


def matching(clauses: Sequence[Clause], scoring: Clause | None = None) -> Clause:
    """What meets all of these; it scores 1 where it meets ``scoring`` too, otherwise 0."""
    query = all_of(clauses)
    if scoring is not None:
        query["bool"]["should"] = [{"constant_score": {"filter": scoring, "boost": 1.0}}]
    return query


# --- words, in documents that the asker may see


def found_by(query: Query, asked: Ways) -> list[Clause]:
    """What a batch must meet: each word, in documents that ``asked`` reaches; without words, that it reaches one."""
    if not asked:
        return [NOTHING]
    if query.words:
        return [_word(word, asked) for word in query.words]
    if asked == EVERYBODYS:
        return []
    if rows_decide(asked):
        return [_in_a_document(_open_to("documents", asked))]
    return [any_of({"terms": {"readers": list(limit)}} for (limit,) in asked)]


def called_exactly(query: Query, asked: Ways) -> Clause:
    """One of the words, as the whole of a text."""
    return _in_a_document(_stands([(token,) for word in query.words for token in word.whole], asked))


def _word(word: Word, asked: Ways) -> Clause:
    ways: list[Clause] = []
    if word.phrases:
        ways.append(_in_a_document(_stands(word.phrases, asked)))
    if word.parts:
        ways.append(all_of(_word(part, asked) for part in word.parts))
    return any_of(ways) if ways else NOTHING


def _in_a_document(query: Clause) -> Clause:
    return {"nested": {"path": "documents", "query": query}}


def _stands(phrases: Sequence[Phrase], asked: Ways) -> Clause:
    """One of the phrases in a document that the asker's scope reaches; what is open by its label alone must say so there."""
    on_label, beside = (
        [{"match_phrase": {f"documents.{field}": " ".join(phrase)}} for phrase in phrases]
        for field in ("label", "words")
    )
    if asked == EVERYBODYS:
        return any_of([*on_label, *beside])
    by_label = tuple(limits for limits in asked if is_by_label(limits))
    whole = tuple(limits for limits in asked if not is_by_label(limits))
    said = [(any_of([*on_label, *beside]), whole), (any_of(on_label), by_label)]
    return any_of(all_of([wanted, _open_to("documents", ways)]) for wanted, ways in said if ways)


def _open_to(path: str, ways: Ways) -> Clause:
    return any_of(all_of({"terms": {f"{path}.open_to": list(limit)}} for limit in limits) for limits in ways)


# --- filters


def filters(chosen: Chosen, told: Ways, *, but: Facet | None = None) -> list[Clause]:
    """What a batch must meet of what is chosen, without one facet; of a pair both in one circumstance that may be told."""
    wanted = {facet: values for facet, values in chosen.items() if facet is not but}
    open_ones = {facet: values for facet, values in wanted.items() if facet not in GUARDED}
    clauses: list[Clause] = [
        {"terms": {"traits": open_traits(tokens)}} for ((tokens,),) in wanted_traits(open_ones, told)
    ]
    for n, pair in enumerate(PAIRS):
        if any(facet in wanted for facet in pair):
            clauses.append({"nested": {"path": "circumstances", "query": told_of(n, wanted, told)}})
    return clauses


def told_of(pair: int, chosen: Chosen, told: Ways) -> Clause:
    """A circumstance of a pair that the asker may know of, and what is chosen of it."""
    clauses: list[Clause] = [{"term": {"circumstances.pair": pair}}]
    if told != EVERYBODYS:
        clauses.append(_open_to("circumstances", (((OPEN,),), *told)))
    for facet, field in zip(PAIRS[pair], ("first", "second"), strict=True):
        if facet in chosen:
            clauses.append({"terms": {f"circumstances.{field}": list(chosen[facet])}})
    return all_of(clauses)


# --- orders


def in_order(sort: Sort, query: Query, after: Place | None) -> dict[str, Any]:
    """The sort, and the place behind which a page goes on."""
    keys: list[Any] = []
    behind: list[Any] = []
    if sort in KEY_COLUMNS:
        keys = [{KEY_COLUMNS[sort]: "asc"}]
        behind = [after.key] if after else []
    elif is_scored(sort, query):
        keys = [{"_score": "desc"}]
        behind = [1.0 if after.key == _EXACT else 0.0] if after else []
    said: dict[str, Any] = {"sort": [*keys, {"seq": "desc"}]}
    if after is not None:
        said["search_after"] = [*behind, after.seq]
    return said


def place_of(sort: Sort, query: Query, values: Sequence[Any]) -> Place:
    """The place of a hit, out of what it was sorted by; at one moment the server adds a number of its own behind that."""
    if sort in KEY_COLUMNS:
        return Place(values[0], int(values[1]))
    if is_scored(sort, query):
        return Place(_EXACT if values[0] else _REST, int(values[1]))
    return Place("", int(values[0]))


def is_scored(sort: Sort, query: Query) -> bool:
    return sort is Sort.BEST and bool(query.words)


_EXACT, _REST = "0", "1"


# --- names


def names_with(condensed: str, fields: Iterable[str]) -> str:
    """The regular expression of the server for names of these fields that hold a condensed text."""
    wanted = "".join(c if c.isalnum() else f"\\{c}" for c in condensed)
    inside = f"[^{BETWEEN}]*"
    return f"({'|'.join(sorted(fields))}){BETWEEN}{inside}{wanted}{inside}{BETWEEN}.*"


def documents_open_to(told: Ways) -> Clause:
    """Nested documents that a scope reaches."""
    return {"match_all": {}} if told == EVERYBODYS else _open_to("documents", told)
