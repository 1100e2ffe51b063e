"""Searches of the bench by statements written by hand for each kind of question, over the tables of the index.

The same answers to the same askers as the engine gives: words meet in a batch and not in one document, scope limits words,
filters and counts, a filter does not count against itself, and totals stop at the same cap. What the bench does not ask
for is not written: words that are found in parts, cursors in orders by key.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from cabletrace.db.driver import run, value_of
from cabletrace.db.engine import begin_read
from cabletrace.model.scope import Scope
from cabletrace.search.audience import EVERYBODYS, scope_tokens
from cabletrace.search.expressions import expression, one_way
from cabletrace.search.facets import GUARDED, Chosen, Facet, wanted_reader, wanted_traits
from cabletrace.search.index import COUNT_CAP
from cabletrace.search.order import KEY_COLUMNS, Place, Sort
from cabletrace.search.tokens import Query, query_terms

_PAGE = 21

#: Batch seqs of a page and one more, total, and how many batches have which value.
Answer = tuple[list[int], int | None, dict[Facet, dict[str, int]]]


@dataclass(frozen=True, slots=True)
class Found:
    """What is found, newest first: the statement of batch seqs without its end, and its parameters."""

    text: str
    values: tuple[Any, ...]
    row: str

    def first(self, count: int) -> str:
        return f"{self.text} ORDER BY {self.row} DESC LIMIT {count}"


@dataclass(frozen=True, slots=True)
class ByHand:
    """One kind of question. ``ask`` gives page, total and counts."""

    engine: Any
    scope: Scope
    chosen: Chosen
    counted: tuple[Facet, ...]
    sort: Sort
    after: Place | None

    def ask(self, typed: str) -> Answer:
        query = query_terms(typed)
        found = self._found(query)
        with begin_read(self.engine) as tx:
            page = self._page(tx, query, found)
            self._rows(tx, query, page)
            alike = [facet for facet in self.counted if facet not in self.chosen]
            counts, total = self._counts(tx, found, alike)
            if total is None:
                total = value_of(tx, f"SELECT count(*) FROM ({found.first(COUNT_CAP)})", found.values)
            for facet in self.counted:
                if facet in self.chosen:
                    counts |= self._counts(tx, self._found(query, without=facet), [facet])[0]
        return page, total, counts

    def _found(self, query: Query, without: Facet | None = None) -> Found:
        asked = scope_tokens(self.scope)
        words = [expression(word.phrases, asked) for word in query.words]
        chosen = {facet: values for facet, values in self.chosen.items() if facet is not without}
        if not words and not chosen and asked == EVERYBODYS:
            return Found("SELECT seq FROM batch WHERE true", (), "seq")
        ways = [*wanted_traits(chosen, asked), *([] if words else [wanted_reader(asked)])]
        traits = " AND ".join(f"({one_way(each)})" for each in ways)
        if not words:
            return Found("SELECT rowid AS seq FROM trait WHERE trait MATCH ?", (traits,), "rowid")
        first, *others = words
        text = "SELECT DISTINCT rowid >> 20 AS seq FROM word WHERE word MATCH ?"
        for _ in others:
            text += " AND rowid >> 20 IN (SELECT rowid >> 20 FROM word WHERE word MATCH ?)"
        if traits:
            text += " AND rowid >> 20 IN (SELECT rowid FROM trait WHERE trait MATCH ?)"
        return Found(text, (first, *others, *([traits] if traits else [])), "rowid")

    def _page(self, tx: Connection, query: Query, found: Found) -> list[int]:
        if self.sort in KEY_COLUMNS:
            among = f"WHERE seq IN ({found.text})" if found.values else ""
            order = f"SELECT seq FROM batch {among} ORDER BY {KEY_COLUMNS[self.sort]}, seq DESC LIMIT {_PAGE}"
            return _firsts(tx, order, found.values)
        if self.sort is Sort.BEST:
            phrases = [(token,) for word in query.words for token in word.whole]
            whole = "SELECT rowid >> 20 FROM word WHERE word MATCH ?"
            values = (*found.values, expression(phrases, scope_tokens(self.scope)))
            best = f"{found.text} AND rowid >> 20 IN ({whole}) ORDER BY rowid DESC LIMIT {_PAGE}"
            rest = f"{found.text} AND rowid >> 20 NOT IN ({whole}) ORDER BY rowid DESC LIMIT {_PAGE}"
            page = _firsts(tx, best, values)
            return page if len(page) == _PAGE else [*page, *_firsts(tx, rest, values)][:_PAGE]
        if self.after is not None:
            deep = Found(f"{found.text} AND rowid < ?", (*found.values, self.after.seq << 20), found.row)
            return _firsts(tx, deep.first(_PAGE), deep.values)
        return _firsts(tx, found.first(_PAGE), found.values)

    def _rows(self, tx: Connection, query: Query, page: Sequence[int]) -> None:
        """Codes, and of each word the first document that holds it."""
        if not page:
            return
        among = json.dumps(page)
        run(tx, "SELECT code FROM batch WHERE seq IN (SELECT value FROM json_each(?))", (among,)).fetchall()
        for word in query.words:
            run(
                tx,
                "SELECT event, fields FROM document WHERE number IN (SELECT min(rowid) FROM word WHERE word MATCH ?"
                " AND rowid BETWEEN ? AND ? GROUP BY rowid >> 20)"
                " AND number >> 20 IN (SELECT value FROM json_each(?))",
                (
                    expression(word.phrases, scope_tokens(self.scope)),
                    min(page) << 20,
                    (max(page) + 1 << 20) - 1,
                    among,
                ),
            ).fetchall()

    def _counts(
        self, tx: Connection, found: Found, facets: Sequence[Facet]
    ) -> tuple[dict[Facet, dict[str, int]], int | None]:
        """Of open facets, all in one statement, and then the total too; of states."""
        counts: dict[Facet, dict[str, int]] = {}
        total = None
        columns = [facet for facet in facets if facet not in GUARDED]
        if columns:
            names = ", ".join(f"of_{facet.slug}" for facet in columns)
            rows = run(
                tx,
                f"SELECT {names}, count(*) FROM batch WHERE seq IN ({found.first(COUNT_CAP)}) GROUP BY {names}",
                found.values,
            ).fetchall()
            total = sum(row[-1] for row in rows)
            for place, facet in enumerate(columns):
                counted: dict[str, int] = {}
                for row in rows:
                    counted[row[place]] = counted.get(row[place], 0) + row[-1]
                counts[facet] = counted
        if Facet.STATE in facets:
            own = json.dumps([token for limits in scope_tokens(self.scope) for token in limits[0]])
            rows = run(
                tx,
                f"SELECT first, count(DISTINCT seq) FROM circumstance WHERE pair = 0 AND seq IN ({found.first(COUNT_CAP)})"
                " AND (audience = 0 OR audience IN (SELECT audience FROM member WHERE token IN"
                " (SELECT value FROM json_each(?)))) GROUP BY first",
                (*found.values, own),
            ).fetchall()
            counts[Facet.STATE] = dict(rows)
        return counts, total


def _firsts(tx: Connection, text: str, values: tuple[Any, ...]) -> list[int]:
    return [seq for (seq,) in run(tx, text, values).fetchall()]
