"""The embedded search engine: SQLite FTS5 over our own tokens, in a database file of its own.

Its own file, because the ledger must never wait for the index. The tables are a projection: they may be
thrown away at any moment and are filled again from the ledger.

A document's row in the full-text table is numbered ``batch seq * 2**20 + slot``: slot 0 is the batch, the
others its movements. So the engine's own descending order is newest batch first, the batch of a match is
known without a join, and a search stops as soon as its page is full.

Weak spots, known: broad words that rarely meet are walked until time is up (``partial``), and the engine
looks at the time only between steps of its own. At millions of batches a real search server is needed.
Looking up a whole trace code is not done here but in the ledger's tables.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from operator import neg
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine

from ..db.engine import begin_read, begin_write, sqlite_module
from ..errors import Broken
from ..ledger.follow import NOTHING_READ, Cursor
from ..model.scope import Scope
from .descent import Walk, all_of, any_of, numbers
from .documents import (
    ANY_DOCUMENT,
    SCHEMA_VERSION,
    BatchDocument,
    Document,
    Field,
    fields_of,
    scope_tokens,
    tokens_of,
)
from .tokens import TOKENISER_VERSION, Phrase, Query, Word

#: Hits are counted up to here; a page says "10,000+".
COUNT_CAP = 10_001
#: After this long a search answers with what it has.
PATIENCE_SECONDS = 0.5

_SLOT_BITS = 20
_SMALLEST_PAGE, _LARGEST_PAGE = 64, 8192
#: Finding the place of a page costs about as much as reading so many rows of it.
_ROWS_WORTH_A_SEEK = 200
_PROGRESS_STEPS = 5_000

# The ascii tokeniser leaves everything beyond ASCII alone, whatever Unicode it was built for; the dot and
# the plus of specifications are made letters.
_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS cursor (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        schema_version INTEGER NOT NULL,
        tokeniser_version INTEGER NOT NULL,
        last_seq INTEGER NOT NULL,
        last_entry_hash BLOB NOT NULL
    )""",
    "CREATE TABLE IF NOT EXISTS batch (seq INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE)",
    """CREATE TABLE IF NOT EXISTS document (
        number INTEGER PRIMARY KEY,
        batch TEXT NOT NULL,
        event TEXT NOT NULL,
        version INTEGER NOT NULL,
        fields TEXT NOT NULL,
        tokens_hash BLOB NOT NULL,
        UNIQUE (batch, event)
    )""",
    """CREATE VIRTUAL TABLE IF NOT EXISTS word USING fts5 (
        tokens, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '.+'"
    )""",
)


@dataclass(frozen=True, slots=True)
class Match:
    """Why a batch was found: the word, the field, and the event whose document it stood in, if any."""

    word: str
    field: Field
    movement: str | None


@dataclass(frozen=True, slots=True)
class Hit:
    """One batch by its canonical code. Without words there are no matches."""

    code: str
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """One page of an answer, newest batch first.

    ``total`` counts the whole answer, at most `COUNT_CAP`; when ``partial``, time ran out: rows and total
    are what was found until then. ``current_to`` is the ledger index up to which the answer is true, -1 for
    an empty index; ``after`` asks for the next page, None on the last.
    """

    rows: tuple[Hit, ...]
    total: int
    partial: bool
    current_to: int
    after: int | None


class EmbeddedIndex:
    """The index in one SQLite file. Any number of readers, in any process, beside one writer."""

    def __init__(self, engine: Engine, *, patience_seconds: float = PATIENCE_SECONDS):
        """Takes the engine of a file of its own and makes the tables where they are missing."""
        self._engine = engine
        self._patience_seconds = patience_seconds
        with begin_write(engine) as tx:
            _make_tables(tx)

    def cursor(self) -> Cursor:
        """How far the ledger has been read. Raises `Broken` for an index of another version."""
        with begin_read(self._engine) as tx:
            return read_cursor(tx)

    def apply(self, documents: Iterable[Document], cursor: Cursor) -> None:
        """Write documents and the cursor that they reach, in one transaction.

        Doing it again changes nothing; an older version or an older cursor does not replace a newer one.
        Batches may stand behind their movements. Raises `Broken` for a movement of an unknown batch, for a
        batch with two productions, and when the same index comes with another hash.
        """
        # Batches first, so that their movements find them.
        ordered = sorted(documents, key=lambda document: not isinstance(document, BatchDocument))
        with begin_write(self._engine) as tx:
            known = read_cursor(tx)
            if cursor.seq == known.seq and cursor.entry_hash != known.entry_hash:
                raise Broken(f"search index: entry {cursor.seq} came with two different hashes")
            for document in ordered:
                _put(tx, document)
            if cursor.seq > known.seq:
                tx.exec_driver_sql(
                    "UPDATE cursor SET last_seq = ?, last_entry_hash = ?", (cursor.seq, cursor.entry_hash)
                )

    def start_over(self) -> None:
        """Forget everything: an empty index of this version, to be filled from the ledger's first entry."""
        with begin_write(self._engine) as tx:
            for table in ("cursor", "batch", "document", "word"):
                tx.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
            _make_tables(tx)

    def search(self, query: Query, scope: Scope, *, limit: int = 20, after: int | None = None) -> Hits:
        """The batches in whose documents every word is found, among the documents that ``scope`` may see.

        ``after`` is the ``after`` of the page before. Raises `Broken` for an index of another version.
        """
        with begin_read(self._engine) as tx:
            current_to = read_cursor(tx).seq
            seqs, total, partial = _find(tx, query, scope, limit + 1, after, self._patience_seconds)
            shown = seqs[:limit]
            return Hits(
                rows=tuple(_hit(tx, seq, query, scope) for seq in shown),
                total=total,
                partial=partial,
                current_to=current_to,
                after=shown[-1] if shown and (len(seqs) > limit or partial) else None,
            )


def _make_tables(tx: Connection) -> None:
    for statement in _SCHEMA:
        tx.exec_driver_sql(statement)
    tx.exec_driver_sql(
        "INSERT INTO cursor VALUES (1, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (SCHEMA_VERSION, TOKENISER_VERSION, NOTHING_READ.seq, NOTHING_READ.entry_hash),
    )


def read_cursor(tx: Connection) -> Cursor:
    row = tx.exec_driver_sql(
        "SELECT schema_version, tokeniser_version, last_seq, last_entry_hash FROM cursor"
    ).one()
    if (row.schema_version, row.tokeniser_version) != (SCHEMA_VERSION, TOKENISER_VERSION):
        raise Broken(
            f"search index of schema {row.schema_version} and tokeniser {row.tokeniser_version}, but this "
            f"program reads schema {SCHEMA_VERSION} and tokeniser {TOKENISER_VERSION}: rebuild the index"
        )
    return Cursor(row.last_seq, row.last_entry_hash)


# Writing


def _put(tx: Connection, document: Document) -> None:
    """Write one document unless a newer version is there; the full text only when it has changed."""
    batch, event = _name(document)
    known = tx.exec_driver_sql(
        "SELECT number, version, tokens_hash FROM document WHERE batch = ? AND event = ?", (batch, event)
    ).one_or_none()
    if known is not None and document.version < known.version:
        return
    if isinstance(document, BatchDocument):
        _put_batch(tx, document)
    number = _new_number(tx, document) if known is None else known.number
    fields = json.dumps([[field.name, text] for field, text in fields_of(document)], ensure_ascii=False)
    tokens = " ".join(tokens_of(document))
    tokens_hash = blake2b(tokens.encode(), digest_size=16).digest()
    tx.exec_driver_sql(
        "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE"
        " SET version = excluded.version, fields = excluded.fields, tokens_hash = excluded.tokens_hash",
        (number, batch, event, document.version, fields, tokens_hash),
    )
    if known is None or tokens_hash != known.tokens_hash:
        tx.exec_driver_sql("INSERT OR REPLACE INTO word (rowid, tokens) VALUES (?, ?)", (number, tokens))


def _name(document: Document) -> tuple[str, str]:
    """Batch code and event id; the batch's own document has no event."""
    return (document.code, "") if isinstance(document, BatchDocument) else (document.batch, document.id)


def _put_batch(tx: Connection, document: BatchDocument) -> None:
    tx.exec_driver_sql(
        "INSERT INTO batch VALUES (?, ?) ON CONFLICT DO NOTHING", (document.seq, document.code)
    )
    code = tx.exec_driver_sql("SELECT code FROM batch WHERE seq = ?", (document.seq,)).scalar()
    if code != document.code:
        raise Broken(f"search index: batch {document.code} at {document.seq}, where {code or 'none'} stands")


def _new_number(tx: Connection, document: Document) -> int:
    """The batch's first number for itself, the next free one for a movement."""
    if isinstance(document, BatchDocument):
        return document.seq << _SLOT_BITS
    seq = tx.exec_driver_sql("SELECT seq FROM batch WHERE code = ?", (document.batch,)).scalar()
    if seq is None:
        raise Broken(f"search index: event {document.id} moves batch {document.batch}, which is not here")
    last = tx.exec_driver_sql(
        "SELECT max(number) FROM document WHERE number BETWEEN ? AND ?", _numbers_of(seq)
    ).scalar()
    number: int = (seq << _SLOT_BITS if last is None else last) + 1
    if number > _numbers_of(seq)[1]:
        raise Broken(f"search index: more than {1 << _SLOT_BITS} events of batch {document.batch}")
    return number


def _numbers_of(seq: int) -> tuple[int, int]:
    """First and last document number of a batch."""
    return seq << _SLOT_BITS, (seq + 1 << _SLOT_BITS) - 1


# Searching


def _find(
    tx: Connection, query: Query, scope: Scope, wanted: int, after: int | None, patience_seconds: float
) -> tuple[list[int], int, bool]:
    """The seqs of the batches found, from ``after`` down; how many there are in all; whether time ran out.

    One more than a page is ``wanted``, which tells whether there is a next one.
    """
    newest = tx.exec_driver_sql("SELECT max(seq) FROM batch").scalar()
    seqs: list[int] = []
    total = 0
    if newest is None or scope.nothing:
        return seqs, total, False
    try:
        with _within(tx, patience_seconds) as read_page:
            found = numbers(_walk(read_page, query, scope), newest if after is None else after - 1)
            for seq in islice(found, wanted):
                seqs.append(seq)  # one by one: what is found when time runs out is kept
            if after is None:
                total = len(seqs)  # and the same walk counts on
            else:
                found = numbers(_walk(read_page, query, scope), newest)
            for _ in islice(found, COUNT_CAP - total):
                total += 1
    except _OutOfTimeError:
        return seqs, max(total, len(seqs)), True
    return seqs, total, False


#: Batch seqs of the documents that match an expression, from below a document number, at most so many
#: documents; and whether there may be more.
_ReadPage = Callable[[str, int, int], tuple[list[int], bool]]


class _OutOfTimeError(Exception):
    pass


@contextmanager
def _within(tx: Connection, seconds: float) -> Iterator[_ReadPage]:
    """Pages of matches until time is up; then, and in the middle of a page, `_OutOfTimeError`."""
    connection: Any = tx.connection.driver_connection
    deadline = monotonic() + seconds

    def is_over() -> bool:
        return monotonic() >= deadline

    def read_page(expression: str, below: int, size: int) -> tuple[list[int], bool]:
        if is_over():
            raise _OutOfTimeError
        rows = connection.execute(
            f"SELECT rowid >> {_SLOT_BITS} FROM word WHERE word MATCH ? AND rowid < ?"  # noqa: S608 (a constant)
            " ORDER BY rowid DESC LIMIT ?",
            (expression, below, size),
        ).fetchall()
        return list(dict.fromkeys(seq for (seq,) in rows)), len(rows) == size

    connection.set_progress_handler(is_over, _PROGRESS_STEPS)
    try:
        yield read_page
    except sqlite_module().OperationalError:
        if is_over():
            raise _OutOfTimeError from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


class _Matches:
    """The walk over the batches that match one expression, read in pages.

    A page that paid grows the next one, a page that was mostly jumped over shrinks it: a broad word beside a
    rare one is looked up here and there, two broad words are read through.
    """

    def __init__(self, read_page: _ReadPage, expression: str):
        self._read_page = read_page
        self._expression = expression
        self._page: list[int] = []
        self._at = 0
        self._used = 0
        self._size = _SMALLEST_PAGE
        self._more = True

    def __call__(self, bound: int) -> int | None:
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
            self._size = min(self._size * 4, _LARGEST_PAGE) if paid else max(self._size // 4, _SMALLEST_PAGE)
        self._page, self._more = self._read_page(self._expression, bound + 1 << _SLOT_BITS, self._size)
        self._at = self._used = 0


def _walk(read_page: _ReadPage, query: Query, scope: Scope) -> Walk:
    if not query.words:
        return _Matches(read_page, _expression([(ANY_DOCUMENT,)], scope))
    return all_of([_walk_of_word(read_page, word, scope) for word in query.words])


def _walk_of_word(read_page: _ReadPage, word: Word, scope: Scope) -> Walk:
    ways: list[Walk] = []
    if word.phrases:
        ways.append(_Matches(read_page, _expression(word.phrases, scope)))
    if word.parts:
        ways.append(all_of([_walk_of_word(read_page, part, scope) for part in word.parts]))
    return any_of(ways)


def _expression(phrases: Sequence[Phrase], scope: Scope) -> str:
    """The FTS5 expression "one of the phrases, in a document within the scope".

    Tokens hold letters, digits, dot and plus only, so nothing in them can end a quotation.
    """
    wanted = " OR ".join(f'"{" ".join(phrase)}"' for phrase in phrases)
    if scope.everything:
        return wanted
    ways = [
        " AND ".join("(" + " OR ".join(f'"{token}"' for token in some) + ")" for some in limits)
        for limits in scope_tokens(scope)
    ]
    return f"({wanted}) AND ({' OR '.join(f'({way})' for way in ways)})"


def _hit(tx: Connection, seq: int, query: Query, scope: Scope) -> Hit:
    code = tx.exec_driver_sql("SELECT code FROM batch WHERE seq = ?", (seq,)).scalar_one()
    return Hit(code, tuple(match for word in query.words for match in _matches(tx, seq, word, scope)))


def _matches(tx: Connection, seq: int, word: Word, scope: Scope) -> Iterator[Match]:
    """Where a word stands in a batch that it was found in: the batch itself before its movements."""
    document = (
        word.phrases
        and tx.exec_driver_sql(
            "SELECT event, fields FROM document WHERE number ="
            " (SELECT rowid FROM word WHERE word MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid LIMIT 1)",
            (_expression(word.phrases, scope), *_numbers_of(seq)),
        ).one_or_none()
    )
    if document:
        for name, text in json.loads(document.fields):
            field = Field[name]
            if word.found_in(field.group, text):
                yield Match(word.text, field, document.event or None)
                return
        raise Broken(
            f"search index: {word.text!r} is in the tokens of batch seq {seq} but in none of its fields"
        )
    for part in word.parts:
        yield from _matches(tx, seq, part, scope)
