"""Walks over the full-text tables of the embedded index: which batches hold a word, a filter, everything; in time.

A walk (`descent`) reads its matches newest first, in pages. All time that a search has is spent here: when it is up,
the next look into the index raises, and what was found until then is the answer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from operator import neg
from time import monotonic
from typing import Any

from sqlalchemy import Connection

from ..db.engine import sqlite_module
from .audience import Ways
from .descent import Walk, all_of, any_of
from .expressions import expression, one_way
from .tables import SLOT_BITS
from .tokens import Query, Word

SMALLEST_PAGE, _LARGEST_PAGE = 64, 8192
#: Finding the place of a page costs about as much as reading so many rows of it.
_ROWS_WORTH_A_SEEK = 200
_PROGRESS_STEPS = 5_000

#: Batch seqs of the rows of a table that match an expression, at or below a batch, at most so many rows; and whether
#: there may be more.
ReadPage = Callable[[str, str, int, int], tuple[list[int], bool]]


class OutOfTime(Exception):
    """The patience of a search is over."""


@contextmanager
def within(tx: Connection, seconds: float) -> Iterator[ReadPage]:
    """Pages of matches until time is up; then, and in the middle of any statement, `OutOfTime`."""
    connection: Any = tx.connection.driver_connection
    deadline = monotonic() + seconds

    def is_over() -> bool:
        return monotonic() >= deadline

    def read_page(table: str, expression: str, bound: int, size: int) -> tuple[list[int], bool]:
        if is_over():
            raise OutOfTime
        shift = SLOT_BITS if table == "word" else 0
        rows = connection.execute(
            f"SELECT rowid >> {shift} FROM {table} WHERE {table} MATCH ? AND rowid < ?"  # noqa: S608 (constants)
            " ORDER BY rowid DESC LIMIT ?",
            (expression, bound + 1 << shift, size),
        ).fetchall()
        return list(dict.fromkeys(seq for (seq,) in rows)), len(rows) == size

    connection.set_progress_handler(is_over, _PROGRESS_STEPS)
    try:
        yield read_page
    except sqlite_module().OperationalError:
        if is_over():
            raise OutOfTime from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


class _Matches:
    """The walk over the batches that match one expression, read in pages.

    A page that paid grows the next one, a page that was mostly jumped over shrinks it: a broad word beside a
    rare one is looked up here and there, two broad words are read through.
    """

    def __init__(self, read_page: ReadPage, table: str, expression: str, smallest: int):
        self._read_page = read_page
        self._table = table
        self._expression = expression
        self._page: list[int] = []
        self._at = 0
        self._used = 0
        self._smallest = self._size = smallest
        self._more = True

    def __call__(self, bound: int) -> int | None:
        if self._at < len(self._page) and self._page[self._at] > bound:
            self._at = bisect_left(self._page, -bound, lo=self._at, key=neg)
        if self._at == len(self._page) and self._more:
            self._turn(bound)
        if self._at == len(self._page):
            return None
        self._used += 1
        return self._page[self._at]

    def _turn(self, bound: int) -> None:
        if self._page:
            paid = self._used * _ROWS_WORTH_A_SEEK >= len(self._page)
            self._size = min(self._size * 4, _LARGEST_PAGE) if paid else max(self._size // 4, self._smallest)
        self._page, self._more = self._read_page(self._table, self._expression, bound, self._size)
        self._at = self._used = 0


def walk_of(
    read_page: ReadPage,
    query: Query,
    traits: Iterable[Ways],
    asked: Ways,
    *,
    smallest: int = SMALLEST_PAGE,
) -> Walk:
    """The batches in whose documents every word is found, among those that ``asked`` reaches, and that meet each of
    ``traits``. ``smallest``: rows of the first page, few where a walk is asked about single batches."""
    walks = [_walk_of_word(read_page, word, asked, smallest) for word in query.words]
    if not walks:
        walks = [_Matches(read_page, "word", one_way(asked), smallest)]
    wanted = " AND ".join(f"({one_way(ways)})" for ways in traits)
    if wanted:
        walks.append(_Matches(read_page, "trait", wanted, smallest))
    return all_of(walks)


def walk_of_whole(read_page: ReadPage, query: Query, asked: Ways, *, smallest: int = SMALLEST_PAGE) -> Walk:
    """The batches in which something is called exactly as one of the words."""
    phrases = [(token,) for word in query.words for token in word.whole]
    return _Matches(read_page, "word", expression(phrases, asked), smallest)


def _walk_of_word(read_page: ReadPage, word: Word, asked: Ways, smallest: int) -> Walk:
    ways: list[Walk] = []
    if word.phrases:
        ways.append(_Matches(read_page, "word", expression(word.phrases, asked), smallest))
    if word.parts:
        ways.append(all_of([_walk_of_word(read_page, part, asked, smallest) for part in word.parts]))
    return any_of(ways)
