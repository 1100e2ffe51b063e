"""One box for everything: codes answered from the ledger itself, words from the search index, all in scope."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import UnitCode, code_in
from ..errors import InputError, Text
from ..flow.books import codes_of_lots
from ..ledger import store
from ..model.involvement import sees
from ..model.scope import Scope
from ..search.counting import Counted
from ..search.documents import Field
from ..search.facets import NOTHING_CHOSEN, RANGE, Chosen, Facet
from ..search.highlight import mark
from ..search.index import Away, Hits, Searchable, SearchIndex
from ..search.order import Bookmark, Sort, description, format_cursor, parse_cursor
from ..search.reasons import Match as IndexMatch
from ..search.tokens import Group, Query, query_terms
from .answers import AsOf, as_of
from .facet_words import words_of
from .public import alias_of
from .rows import BatchRow, batch_rows, without_metres
from .visibility import whom_of_batches

#: Numbers that are suggested besides names: enough to recognise the right one.
_NUMBERS_SUGGESTED = 4
#: Hits from which the last of several words is completed.
_BESIDE_LOOKED_AT = 20
#: Fewer letters of a number are in half of all numbers.
_LEAST_OF_A_NUMBER = 3


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a shown text: ``field`` of the hit's batch or ``text`` of a match, from ``begin`` to before ``end``."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """Why a batch was found: the word, the field it stood in, what it says there and which piece of it is the word, the
    event that said so ("" for the batch itself)."""

    word: str
    field: str
    label: Text
    event_id: str
    text: str
    marked: Span | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One hit. ``unit``: the drum or coil, where its own code was asked for; whether it was issued is not judged.
    ``granted``: found under another authority's grant, so that no more than its label is told, and no metres."""

    batch: BatchRow
    matches: tuple[Match, ...]
    unit: int | None = None
    granted: bool = False


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value, as it stands in an address, its name, and how many of the hits have it."""

    value: str
    label: Text
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """What the hits are, by one facet; a facet does not filter itself. ``approximate``: counted over the newest 10,000
    only, or until time was up; ``cut``: there are more values than these. A chosen period stands in ``chosen``."""

    facet: str
    label: Text
    values: tuple[FacetValue, ...]
    chosen: tuple[str, ...]
    approximate: bool
    cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """One page of hits in the order that was asked for; an exact code alone on top.

    ``first`` is the place of the first row in the whole answer, from 1; ``total`` as the index counts, at most
    `search.index.COUNT_CAP`; ``partial``: time ran out. ``current_to`` is the entry up to which the answer is true, None
    for an empty index; ``after`` asks for the next page.
    """

    rows: tuple[Found, ...]
    first: int = 1
    total: int
    partial: bool
    facets: tuple[FacetCounts, ...]
    current_to: AsOf | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Suggested:
    """A text to search for, and what it is."""

    text: str
    field: str
    label: Text


#: Facets that take another right beside that of searching.
_TAKES: Mapping[Facet, Action] = {
    Facet.SEVERITY: Action.READ_ALERTS,
    Facet.ALERT: Action.READ_ALERTS,
}


def facets_open_to(actor: Actor) -> tuple[Facet, ...]:
    """What the actor may filter and count by."""
    return tuple(facet for facet in Facet if actor.reach(_TAKES.get(facet, Action.READ_SEARCH)))


def search(
    tx: Connection,
    actor: Actor,
    index: Searchable,
    text: str,
    *,
    chosen: Chosen = NOTHING_CHOSEN,
    sort: Sort = Sort.BEST,
    counted: Collection[Facet] = (),
    limit: int = 20,
    after: str | None = None,
) -> SearchResult:
    """The batches that the actor may see, that have all these words and what is chosen. Raises InputError ``wrong-input``,
    ``bad-request`` for a cursor of another search, and ``not-allowed`` for a facet that is not the actor's to know.

    A whole trace code, as typed or scanned, is looked up in the ledger, so that a batch is found the moment its
    receipt is out; a code with a wrong check character is searched for like any word. While the search engine is away a
    whole lot number is looked up there too; for anything else `Away` is raised.
    """
    actor.require(Action.READ_SEARCH)
    for facet in (*chosen, *counted):
        actor.require(_TAKES.get(facet, Action.READ_SEARCH))
    own, granted = actor.own_scope_for(Action.READ_SEARCH), actor.granted_scope_for(Action.READ_SEARCH)
    query, said = query_terms(text), description(text, chosen, sort)
    page_before = None if after is None else parse_cursor(after, said)
    exact = None if chosen or page_before else _exact(tx, actor, text)
    if exact is not None:
        return SearchResult(
            rows=(exact,), total=1, partial=False, facets=(), current_to=as_of(tx), after=None
        )
    try:
        hits = index.search(
            query,
            own,
            granted=granted,
            chosen=chosen,
            sort=sort,
            counted=counted,
            limit=limit,
            after=None if page_before is None else page_before.place,
        )
    except Away:
        rows = () if chosen or page_before else tuple(_of_lot(tx, own, granted, text))[:limit]
        if not rows:
            raise
        return SearchResult(
            rows=rows, total=len(rows), partial=True, facets=(), current_to=as_of(tx), after=None
        )
    passed = 0 if page_before is None else page_before.passed
    rows = tuple(_dressed(tx, own, granted, hits))
    onward = None if hits.after is None else Bookmark(hits.after, passed + len(rows))
    return SearchResult(
        rows=rows,
        first=passed + 1,
        total=hits.total,
        partial=hits.partial,
        facets=tuple(_facet(tx, each, chosen) for each in hits.facets),
        current_to=as_of(tx, hits.current_to) if hits.current_to >= 0 else None,
        after=None if onward is None else format_cursor(onward, said),
    )


def suggest(
    tx: Connection, actor: Actor, index: SearchIndex, typed: str, *, limit: int = 8
) -> tuple[Suggested, ...]:
    """What may be meant by what was typed so far: names from documents that the actor may see of its own right, and numbers
    that stand in the newest of them. Raises InputError ``wrong-input``."""
    actor.require(Action.READ_SEARCH)
    scope = actor.own_scope_for(Action.READ_SEARCH)
    query = query_terms(typed)
    if not query.words:
        return ()
    names = index.suggest(typed, scope, limit=limit)
    found = {each.text: each.field for each in names}
    for text, field in () if found else _beside(tx, index, typed, query, scope):
        found.setdefault(text, field)
    for number, field in _numbers(tx, index, query, scope):
        found.setdefault(number, field)
    return tuple(Suggested(text, field.slug, field.label) for text, field in list(found.items())[:limit])


def _beside(
    tx: Connection, index: SearchIndex, typed: str, query: Query, scope: Scope
) -> Iterator[tuple[str, Field]]:
    """Words that no name holds together, the last one completed by what it was found in beside the others."""
    before, _, last = typed.strip().rpartition(" ")
    if len(query.words) < 2 or query_terms(last).words != query.words[-1:]:
        return
    for found in _dressed(tx, scope, Scope(), index.search(query, scope, limit=_BESIDE_LOOKED_AT)):
        for match in found.matches:
            if match.word == query.words[-1].text and match.text:
                yield f"{before} {match.text}", next(each for each in Field if each.slug == match.field)


def _numbers(tx: Connection, index: SearchIndex, query: Query, scope: Scope) -> Iterator[tuple[str, Field]]:
    if len(query.words) != 1 or len(query.words[0].text) < _LEAST_OF_A_NUMBER:
        return
    hits = index.search(query, scope, limit=_NUMBERS_SUGGESTED)
    for found in _dressed(tx, scope, Scope(), hits):
        for match in found.matches:
            field = next(each for each in Field if each.slug == match.field)
            if field.group is Group.CODE and match.text:
                yield match.text, field


def _dressed(tx: Connection, own: Scope, granted: Scope, hits: Hits) -> Iterator[Found]:
    """The index may lag behind and is no authority on what is open: the ledger is asked once more. What an event says is
    shown only where the index knows the newest event of the batch: it may have been corrected."""
    codes = [hit.code for hit in hits.rows]
    involved = whom_of_batches(tx, codes)
    heads = store.read_stream_heads(tx, [f"batch:{code}" for code in codes])
    matches = {hit.code: hit.matches for hit in hits.rows if sees(own | granted, involved[hit.code])}
    for row in batch_rows(tx, list(matches), own):
        is_current = heads[f"batch:{row.code}"].seq <= hits.current_to
        yield _line(
            own, involved[row.code], row, tuple(_match(each, is_current) for each in matches[row.code])
        )


def _line(
    own: Scope, whom: frozenset[str], row: BatchRow, matches: tuple[Match, ...] = (), unit: int | None = None
) -> Found:
    if sees(own, whom):
        return Found(batch=row, matches=matches, unit=unit)
    return Found(batch=without_metres(row), matches=matches, unit=unit, granted=True)


def _match(match: IndexMatch, is_current: bool) -> Match:
    text = match.text if is_current else ""
    span = mark(match.word, match.field.group, text)
    return Match(
        match.word.text,
        match.field.slug,
        match.field.label,
        match.movement or "",
        text,
        None if span is None else Span(*span),
    )


def _facet(tx: Connection, counted: Counted, chosen: Chosen) -> FacetCounts:
    facet = counted.facet
    words = words_of(tx, facet, [value for value, _ in counted.values])
    picked = chosen.get(facet, ())
    return FacetCounts(
        facet=facet.slug,
        label=facet.label,
        values=tuple(FacetValue(value, words[value], n, value in picked) for value, n in counted.values),
        chosen=picked,
        approximate=counted.approximate,
        cut=counted.cut,
    )


def chosen_words(chosen: Chosen, found: SearchResult) -> Iterator[tuple[Facet, str, Text]]:
    """Each filter that is chosen, its value, and both in words; ``found`` has counted by these filters."""
    counted = {each.facet: {value.value: value.label for value in each.values} for each in found.facets}
    for facet, values in chosen.items():
        for value in values:
            name = counted.get(facet.slug, {}).get(value) or _period(value)
            yield facet, value, Text(f"{facet.label.zh}：{name.zh}", f"{facet.label.en}: {name.en}")


def _period(value: str) -> Text:
    since, dots, until = value.partition(RANGE)
    if not dots:
        return Text(value, value)
    return Text(f"{since or '最早'} 至 {until or '今'}", f"{since or 'the beginning'} to {until or 'now'}")


def _exact(tx: Connection, actor: Actor, text: str) -> Found | None:
    """The batch of a code that was issued here, or of another code that was registered for its goods."""
    try:
        code = code_in(text)
    except InputError:
        return _open(tx, actor, *_called(tx, text))
    batch = code.batch if isinstance(code, UnitCode) else code
    unit = code.unit if isinstance(code, UnitCode) else None
    return _open(tx, actor, batch.canonical, unit) or _open(tx, actor, *_called(tx, text))


def _of_lot(tx: Connection, own: Scope, granted: Scope, text: str) -> Iterator[Found]:
    """The batches of a lot number, the newest first."""
    lot = text.strip()
    codes = [code for _, code in reversed(codes_of_lots(tx, [lot], own | granted)[lot])]
    involved = whom_of_batches(tx, codes)
    for row in batch_rows(tx, codes, own):
        yield _line(own, involved[row.code], row)


def _called(tx: Connection, text: str) -> tuple[str, int | None]:
    alias = alias_of(tx, text)
    return ("", None) if alias is None else (alias.thing.removeprefix("batch:"), alias.unit)


def _open(tx: Connection, actor: Actor, batch: str, unit: int | None) -> Found | None:
    own, granted = actor.own_scope_for(Action.READ_SEARCH), actor.granted_scope_for(Action.READ_SEARCH)
    whom = whom_of_batches(tx, [batch])[batch]
    if not batch or not sees(own | granted, whom):
        return None
    return next((_line(own, whom, row, unit=unit) for row in batch_rows(tx, [batch], own)), None)
