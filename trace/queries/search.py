"""One box for everything: codes answered from the ledger itself, words from the search index, all in scope."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import UnitCode, code_in
from ..errors import InputError, Text
from ..model.involvement import sees
from ..search.embedded import EmbeddedIndex
from ..search.embedded import Match as IndexMatch
from ..search.tokens import query_terms
from .answers import AsOf, as_of
from .public import alias_of
from .rows import BatchRow, batch_rows
from .visibility import open_batch, reading, whom_of_batches


@dataclass(frozen=True, slots=True)
class Match:
    """Why a batch was found: the word, the field it stood in, the event that said so ("" for the batch itself)."""

    word: str
    field: str
    label: Text
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One hit. ``unit``: the drum or coil, where its own code was asked for; whether it was issued is not judged."""

    batch: BatchRow
    matches: tuple[Match, ...]
    unit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """One page of hits, newest batch first; an exact code alone on top.

    ``total`` as the index counts, at most `search.embedded.COUNT_CAP`; ``partial``: time ran out. ``current_to``
    is the entry up to which the answer is true, None for an empty index; ``after`` asks for the next page.
    """

    rows: tuple[Found, ...]
    total: int
    partial: bool
    current_to: AsOf | None
    after: int | None


def search(
    tx: Connection,
    actor: Actor,
    index: EmbeddedIndex,
    text: str,
    *,
    limit: int = 20,
    after: int | None = None,
) -> SearchResult:
    """The batches that the actor may see and that have all these words. Raises InputError ``wrong-input``.

    A whole trace code, as typed or scanned, is looked up in the ledger, so that a batch is found the moment its
    receipt is out; a code with a wrong check character is searched for like any word.
    """
    scope = reading(actor, Action.READ_SEARCH)
    exact = _exact(tx, actor, text)
    if exact is not None:
        return SearchResult(rows=(exact,), total=1, partial=False, current_to=as_of(tx), after=None)
    hits = index.search(query_terms(text), scope, limit=limit, after=after)
    # The index may lag behind and is no authority on what is open: the ledger is asked once more.
    involved = whom_of_batches(tx, [hit.code for hit in hits.rows])
    matches = {hit.code: hit.matches for hit in hits.rows if sees(scope, involved[hit.code])}
    return SearchResult(
        rows=tuple(
            Found(batch=row, matches=tuple(_match(each) for each in matches[row.code]))
            for row in batch_rows(tx, list(matches))
        ),
        total=hits.total,
        partial=hits.partial,
        current_to=as_of(tx, hits.current_to) if hits.current_to >= 0 else None,
        after=hits.after,
    )


def _exact(tx: Connection, actor: Actor, text: str) -> Found | None:
    """The batch of a code that was issued here, or of another code that was registered for its goods."""
    try:
        code = code_in(text)
    except InputError:
        return _open(tx, actor, *_called(tx, text))
    batch = code.batch if isinstance(code, UnitCode) else code
    unit = code.unit if isinstance(code, UnitCode) else None
    return _open(tx, actor, batch.canonical, unit) or _open(tx, actor, *_called(tx, text))


def _called(tx: Connection, text: str) -> tuple[str, int | None]:
    alias = alias_of(tx, text)
    return ("", None) if alias is None else (alias.thing.removeprefix("batch:"), alias.unit)


def _open(tx: Connection, actor: Actor, batch: str, unit: int | None) -> Found | None:
    if not batch or open_batch(tx, reading(actor, Action.READ_SEARCH), batch) is None:
        return None
    (row,) = batch_rows(tx, [batch])
    return Found(batch=row, matches=(), unit=unit)


def _match(match: IndexMatch) -> Match:
    return Match(match.word, match.field.slug, match.field.label, match.movement or "")
