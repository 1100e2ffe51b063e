"""Walks over the full-text tables of the embedded index: which batches hold a word, a filter, everything; in time.

A walk (`descent`) reads its matches newest first, in pages. All time that a search has is spent here: when it is up,
the next look into the index raises, and what was found until then is the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from ..db.driver import unpacked
from ..db.engine import sqlite_module
from .audience import EVERYBODYS, Ways
from .circumstances import rows_decide
from .descent import Stretch, Walk, all_of, any_of, between
from .expressions import expression, one_way
from .facets import wanted_reader
from .tables import SLOT_BITS
from .tokens import Query, Word

SMALLEST_PAGE, _LARGEST_PAGE = 64, 8192
#: Finding the place of a page costs as much as reading a small one some times over.
_PAGES_WORTH_A_SEEK = 3
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
        rows = f"SELECT rowid >> {shift} AS seq FROM {table} WHERE {table} MATCH ? AND rowid < ?"  # noqa: S608 (constants)
        ((among,),) = connection.execute(
            f"SELECT json_group_array(seq) FROM ({rows} ORDER BY rowid DESC LIMIT ?)",  # noqa: S608 (constants)
            (expression, bound + 1 << shift, size),
        ).fetchall()
        found = unpacked(among)
        return list(dict.fromkeys(found)), len(found) == size

    connection.set_progress_handler(is_over, _PROGRESS_STEPS)
    try:
        yield read_page
    except (sqlite_module().OperationalError, OperationalError):
        if is_over():
            raise OutOfTime from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


class _Matches:
    """The walk over the batches that match one expression, read in pages.

    A page that paid grows the next one, a page behind which much was jumped over shrinks it: a broad word beside a
    rare one is looked up here and there, two broad words are read through.
    """

    def __init__(self, read_page: ReadPage, table: str, expression: str, smallest: int):
        self._read_page = read_page
        self._table = table
        self._expression = expression
        self._smallest = self._size = smallest
        self._high, self._page = -1, Stretch((), 0)

    def __call__(self, bound: int) -> Stretch:
        if not self._page.low <= bound <= self._high:
            self._turn(bound)
        return Stretch(between(self._page.numbers, bound, self._page.low), self._page.low)

    def _turn(self, bound: int) -> None:
        if bound < self._page.low:
            read, jumped = self._high - self._page.low, self._page.low - 1 - bound
            paid = jumped <= read * _PAGES_WORTH_A_SEEK
            self._size = min(self._size * 4, _LARGEST_PAGE) if paid else max(self._size // 4, self._smallest)
        seqs, more = self._read_page(self._table, self._expression, bound, self._size)
        self._high, self._page = bound, Stretch(seqs, seqs[-1] if more else 0)


def walk_of(
    read_page: ReadPage,
    query: Query,
    traits: Sequence[Ways],
    asked: Ways,
    *,
    smallest: int = SMALLEST_PAGE,
) -> Walk:
    """The batches in whose documents every word is found, among those that ``asked`` reaches, and that meet each of
    ``traits``. ``smallest``: rows of the first page, few where a walk is asked about single batches."""
    walks = [_walk_of_word(read_page, word, asked, smallest) for word in query.words]
    if not walks and rows_decide(asked):
        walks = [_Matches(read_page, "word", one_way(asked), smallest)]
    elif not walks and not (traits and asked == EVERYBODYS):
        traits = [*traits, wanted_reader(asked)]
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
