"""The tables of the embedded index, and how documents are written into them.

A document's row in the full-text table `word` is numbered ``batch seq * 2**20 + slot``: slot 0 is the batch, the
others its movements; what stands on the label of a batch is a column of its own. So the engine's own descending order is
newest batch first, and the batch of a match is known without a join. What filters ask, and who may find a batch at all,
stands in a second full-text table, `trait`, one row a batch, so that metres that move do not touch the words; what is
counted and sorted by stands in plain columns beside them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import blake2b

from sqlalchemy import Connection

from ..db.driver import insert, run, run_for_each, value_of
from ..db.prepared import Value
from ..errors import Broken
from ..ledger.follow import NOTHING_READ, Cursor
from . import suggestions
from .audience import Audience, batch_token
from .circumstances import OPEN_AUDIENCE
from .documents import (
    SCHEMA_VERSION,
    BatchDocument,
    Document,
    audience_of,
    batch_of,
    fields_of,
    lines_of,
)
from .facets import GUARDED, PAIRS, Circumstance, Facet, trait_tokens
from .order import sort_keys
from .tokens import TOKENISER_VERSION

SLOT_BITS = 20

#: Facets that every batch has one value of: its columns in `batch`.
COLUMNS = tuple(facet for facet in Facet if facet not in GUARDED)

_VALUES = ", ".join(f"of_{facet.slug}" for facet in COLUMNS)
_VALUES_OF = f"SELECT traits_hash, {_VALUES} FROM batch WHERE seq = ?"  # noqa: S608 (constants)
# The rows of one batch are found by their primary key, which begins with the pair.
_PAIRS = ", ".join(str(pair) for pair in range(len(PAIRS)))
_CIRCUMSTANCES_OF = (
    f"FROM circumstance LEFT JOIN audience ON id = audience WHERE pair IN ({_PAIRS}) AND seq = ?"
)

_ALL_OF_A_BATCH = (
    f"DELETE FROM circumstance WHERE pair IN ({_PAIRS}) AND seq = ?",  # noqa: S608 (constants)
    "DELETE FROM trait WHERE rowid = ?",
    "DELETE FROM batch WHERE seq = ?",
)

# The ascii tokeniser leaves everything beyond ASCII alone, whatever Unicode it was built for; the dot and
# the plus of specifications are made letters.
_TOKENIZE = "contentless_delete = 1, tokenize = \"ascii tokenchars '.+'\""
_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS cursor (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        schema_version INTEGER NOT NULL,
        tokeniser_version INTEGER NOT NULL,
        last_seq INTEGER NOT NULL,
        last_entry_hash BLOB NOT NULL
    )""",
    f"""CREATE TABLE IF NOT EXISTS batch (
        seq INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        by_produced TEXT NOT NULL,
        by_maker TEXT NOT NULL,
        by_cable TEXT NOT NULL,
        traits_hash BLOB NOT NULL,
        {", ".join(f"of_{facet.slug} TEXT NOT NULL" for facet in COLUMNS)}
    )""",
    *(
        f"CREATE INDEX IF NOT EXISTS batch_{key} ON batch ({key}, seq DESC)"
        for key in ("by_produced", "by_maker", "by_cable")
    ),
    """CREATE TABLE IF NOT EXISTS circumstance (
        seq INTEGER NOT NULL,
        pair INTEGER NOT NULL,
        first TEXT NOT NULL,
        second TEXT NOT NULL,
        audience INTEGER NOT NULL,
        PRIMARY KEY (pair, seq, first, second, audience)
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS audience (
        id INTEGER PRIMARY KEY,
        tokens TEXT NOT NULL UNIQUE
    )""",
    """CREATE TABLE IF NOT EXISTS member (
        token TEXT NOT NULL,
        audience INTEGER NOT NULL,
        PRIMARY KEY (token, audience)
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS document (
        number INTEGER PRIMARY KEY,
        batch TEXT NOT NULL,
        event TEXT NOT NULL,
        version INTEGER NOT NULL,
        fields TEXT NOT NULL,
        audience TEXT NOT NULL,
        tokens_hash BLOB NOT NULL,
        UNIQUE (batch, event)
    )""",
    f"CREATE VIRTUAL TABLE IF NOT EXISTS word USING fts5 (label, tokens, content = '', {_TOKENIZE})",
    f"CREATE VIRTUAL TABLE IF NOT EXISTS trait USING fts5 (tokens, content = '', detail = none, {_TOKENIZE})",
    *suggestions.SCHEMA,
)
_TABLES = (
    "cursor",
    "batch",
    "circumstance",
    "audience",
    "member",
    "document",
    "word",
    "trait",
    *suggestions.TABLES,
)


def make_tables(tx: Connection) -> None:
    for statement in _SCHEMA:
        tx.exec_driver_sql(statement)
    tx.exec_driver_sql(
        "INSERT INTO cursor VALUES (1, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (SCHEMA_VERSION, TOKENISER_VERSION, NOTHING_READ.seq, NOTHING_READ.entry_hash),
    )


def is_of_this_version(tx: Connection) -> bool:
    """Whether there is an index that this program can read, or none at all yet."""
    there = tx.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'cursor'").first()
    row = there and tx.exec_driver_sql("SELECT schema_version, tokeniser_version FROM cursor").one_or_none()
    return not row or tuple(row) == (SCHEMA_VERSION, TOKENISER_VERSION)


def drop_tables(tx: Connection) -> None:
    for table in _TABLES:
        tx.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")


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


def write_cursor(tx: Connection, cursor: Cursor) -> None:
    tx.exec_driver_sql("UPDATE cursor SET last_seq = ?, last_entry_hash = ?", (cursor.seq, cursor.entry_hash))


def write_documents(tx: Connection, documents: Iterable[Document]) -> None:
    """Write each document unless a newer version is there. Raises `Broken` as `EmbeddedIndex.apply`."""
    mentions = suggestions.Mentions()
    # Batches first, so that their movements find them.
    ordered = sorted(documents, key=lambda each: not isinstance(each, BatchDocument))
    for seq in sorted({_put(tx, document, mentions) for document in ordered}):
        _put_traits(tx, seq)
    mentions.write(tx)


def numbers_of(seq: int) -> tuple[int, int]:
    """First and last document number of a batch."""
    return seq << SLOT_BITS, (seq + 1 << SLOT_BITS) - 1


def _put(tx: Connection, document: Document, mentions: suggestions.Mentions) -> int:
    """Write one document unless a newer version is there; the full text only when it has changed. Returns its batch's seq."""
    batch, event = _name(document)
    known = run(
        tx,
        "SELECT number, version, fields, audience, tokens_hash FROM document WHERE batch = ? AND event = ?",
        (batch, event),
    ).fetchone()
    place, version, known_fields, known_audience, known_hash = known or (0, 0, "", "", b"")
    if known is not None and document.version < version:
        return int(place) >> SLOT_BITS
    if isinstance(document, BatchDocument):
        _put_batch(tx, document)
    number = _new_number(tx, document) if known is None else int(place)
    words = words_of_row(document)
    kept = kept_of(document, words)
    run(
        tx,
        "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE"
        " SET version = excluded.version, fields = excluded.fields, audience = excluded.audience,"
        " tokens_hash = excluded.tokens_hash",
        (number, batch, event, *kept),
    )
    _, fields, audience, tokens_hash = kept
    if tokens_hash != known_hash:
        run(tx, "INSERT OR REPLACE INTO word (rowid, label, tokens) VALUES (?, ?, ?)", (number, *words))
        if known is not None:
            mentions.forget(known_fields, known_audience)
        mentions.note(fields, audience)
    return number >> SLOT_BITS


def kept_of(document: Document, words: tuple[str, str]) -> tuple[int, str, str, bytes]:
    """What its row in `document` says of it: version, fields, audience, and a hash of its `words_of_row`."""
    fields = json.dumps([[field.name, text] for field, text in fields_of(document)], ensure_ascii=False)
    tokens_hash = blake2b("\n".join(words).encode(), digest_size=16).digest()
    return document.version, fields, " ".join(audience_of(document)), tokens_hash


def words_of_row(document: Document) -> tuple[str, str]:
    """Its row in the full text: label and tokens.

    Scope stands among the tokens so that one look-up meets both: a shop with five batches asks for 有限公司 without reading
    two hundred thousand. No text can forge such a token, because every token of a text begins with another letter.
    """
    label, words = lines_of(fields_of(document))
    own = [*audience_of(document), batch_token(batch_of(document))]
    return label, " ".join([*own, words] if words else own)


def _name(document: Document) -> tuple[str, str]:
    """Batch code and event id; the batch's own document has no event."""
    return (document.code, "") if isinstance(document, BatchDocument) else (document.batch, document.id)


def _put_batch(tx: Connection, document: BatchDocument) -> None:
    """Its columns and its circumstances."""
    known = run(tx, "SELECT code, traits_hash FROM batch WHERE seq = ?", (document.seq,)).fetchone()
    stands, traits_hash = known or ("none", b"")
    taken = value_of(tx, "SELECT seq FROM batch WHERE code = ?", (document.code,))
    if (known is not None and stands != document.code) or taken not in (None, document.seq):
        raise Broken(f"search index: batch {document.code} at {document.seq}, where {stands} stands")
    keys, values = columns_of(document)
    row: tuple[Value, ...] = (document.seq, document.code, *keys, traits_hash, *values)
    marks = ", ".join("?" * len(row))
    run(tx, f"INSERT OR REPLACE INTO batch VALUES ({marks})", row)  # noqa: S608 (marks only)
    _put_circumstances(tx, document.seq, document.circumstances)


def columns_of(document: BatchDocument) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of the orders, and the values of `COLUMNS`."""
    values = document.open_values()
    return sort_keys(document), tuple(values.get(facet, "") for facet in COLUMNS)


def _put_circumstances(tx: Connection, seq: int, circumstances: Iterable[Circumstance]) -> None:
    wanted = {
        (seq, each.pair, each.first, each.second, _audience_id(tx, each.audience)) for each in circumstances
    }
    found = run(tx, f"SELECT seq, pair, first, second, audience {_CIRCUMSTANCES_OF}", (seq,)).fetchall()
    if wanted != set(found):
        run_for_each(tx, "DELETE FROM circumstance WHERE seq = ? AND pair = ?", [row[:2] for row in found])
        run_for_each(tx, "INSERT INTO circumstance VALUES (?, ?, ?, ?, ?)", sorted(wanted))


def _put_traits(tx: Connection, seq: int) -> None:
    """What filters ask of a batch, out of its rows, its circumstances and the audiences of its documents; only when it has
    changed."""
    ((known_hash, *values),) = run(tx, _VALUES_OF, (seq,)).fetchall()
    circumstances = run(tx, f"SELECT pair, first, second, tokens {_CIRCUMSTANCES_OF}", (seq,)).fetchall()
    readers = run(
        tx, "SELECT DISTINCT audience FROM document WHERE number BETWEEN ? AND ?", numbers_of(seq)
    ).fetchall()
    traits = traits_of(values, circumstances, (audience for (audience,) in readers))
    traits_hash = hash_of_traits(traits)
    if traits_hash != known_hash:
        run(tx, "INSERT OR REPLACE INTO trait (rowid, tokens) VALUES (?, ?)", (seq, traits))
        run(tx, "UPDATE batch SET traits_hash = ? WHERE seq = ?", (traits_hash, seq))


def traits_of(
    values: Iterable[str], circumstances: Iterable[tuple[int, str, str, str | None]], audiences: Iterable[str]
) -> str:
    """The text of a batch's row in `trait`, out of the values of its columns, its circumstances and the audiences of its
    documents."""
    return " ".join(
        trait_tokens(
            ((facet, value) for facet, value in zip(COLUMNS, values, strict=True) if value),
            ((*said, (tokens or "").split()) for *said, tokens in circumstances),  # type: ignore[misc]
            {token for audience in audiences for token in audience.split()},
        )
    )


def hash_of_traits(traits: str) -> bytes:
    return blake2b(traits.encode(), digest_size=16).digest()


def take_out(tx: Connection, codes: Iterable[str]) -> None:
    """Everything that is kept of these batches, whatever it says. Names that a row was given by somebody else may stay among the
    suggestions."""
    mentions = suggestions.Mentions()
    for code in sorted(set(codes)):
        rows = run(tx, "SELECT number, fields, audience FROM document WHERE batch = ?", (code,)).fetchall()
        for number, fields, audience in rows:
            mentions.forget(fields, audience)
            run(tx, "DELETE FROM word WHERE rowid = ?", (number,))
        run(tx, "DELETE FROM document WHERE batch = ?", (code,))
        stands = run(tx, "SELECT seq FROM batch WHERE code = ?", (code,)).fetchall()
        for seq in {*(number >> SLOT_BITS for number, _, _ in rows), *(seq for (seq,) in stands)}:
            for statement in _ALL_OF_A_BATCH:
                run(tx, statement, (seq,))
    mentions.write(tx)


def _audience_id(tx: Connection, audience: Audience | None) -> int:
    """One number for each set of readers: few thousand share all goods, and a row then costs a few bytes."""
    if audience is None:
        return OPEN_AUDIENCE
    tokens = audience.tokens()
    text = " ".join(tokens)
    known = value_of(tx, "SELECT id FROM audience WHERE tokens = ?", (text,))
    if known is not None:
        return known
    made = insert(tx, "INSERT INTO audience (tokens) VALUES (?)", (text,))
    run_for_each(tx, "INSERT INTO member VALUES (?, ?)", [(token, made) for token in tokens])
    return made


def _new_number(tx: Connection, document: Document) -> int:
    """The batch's first number for itself, the next free one for a movement."""
    if isinstance(document, BatchDocument):
        return document.seq << SLOT_BITS
    seq = value_of(tx, "SELECT seq FROM batch WHERE code = ?", (document.batch,))
    if seq is None:
        raise Broken(f"search index: event {document.id} moves batch {document.batch}, which is not here")
    last = value_of(tx, "SELECT max(number) FROM document WHERE number BETWEEN ? AND ?", numbers_of(seq))
    number = (seq << SLOT_BITS if last is None else last) + 1
    if number > numbers_of(seq)[1]:
        raise Broken(f"search index: more than {1 << SLOT_BITS} events of batch {document.batch}")
    return number
