"""The ledger's tables, and everything that is read from them.

Four tables hold the ledger itself: `identity` (chosen once), `entry` (payload and entry bytes, one row for
each event), `tile` (full tiles of hashes with their roots) and `head` (the newest state, replaced by
compare-and-swap). Triggers refuse changes of the first three; they are a seat belt against accidents, not
evidence: whoever may write the file may drop them. Evidence is the chain, the tree and the signatures.

A fifth, `stream_event`, is a projection: which event stands where in which stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)

from ..db.bulk import insert_rows
from ..db.columns import Integer
from ..db.prepared import Prepared, json_list, listed
from ..db.several import chunks
from ..errors import Broken
from .entry import PREV_AT, decode_entry, entry_hash, first_prev
from .tiles import HEIGHT, WIDTH, Edge, FullTile, partial_width
from .tree import EMPTY_ROOT, HASH_BYTES, leaf_hash

metadata = MetaData()

identity = Table(
    "identity",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("origin", String, nullable=False),
    Column("public_host", String, nullable=False),
    Column("verifier_key", String, nullable=False),
    info={"kind": "ledger"},
)
entry = Table(
    "entry",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("event_id", String, nullable=False, unique=True),
    Column("payload", LargeBinary, nullable=False),
    Column("entry", LargeBinary, nullable=False),
    info={"kind": "ledger"},
)
tile = Table(
    "tile",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("idx", Integer, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
    Column("root", LargeBinary, nullable=False),
    info={"kind": "ledger"},
)
head = Table(
    "head",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("at", String, nullable=False),
    Column("last_entry", LargeBinary, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("checkpoint", LargeBinary, nullable=False),
    info={"kind": "ledger"},
)
stream_event = Table(
    "stream_event",
    metadata,
    Column("stream", String, primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
    info={"kind": "projection"},
)

#: Tables whose rows are written once.
APPEND_ONLY = (identity, entry, tile)


def append_only_triggers(dialect: str) -> Iterator[str]:
    """Statements that make the database itself refuse changes of written rows: UPDATE, DELETE, and what else it has by
    which a row would be gone or another."""
    return _postgresql_triggers() if dialect == "postgresql" else _sqlite_triggers()


def _sqlite_triggers() -> Iterator[str]:
    """Without the last, INSERT OR REPLACE would change a row although the first two forbid it, through the primary
    key or through any other unique column.
    """
    for table in APPEND_ONLY:
        name = table.name
        unique = [list(table.primary_key), *([column] for column in table.columns if column.unique)]
        same = " OR ".join(
            "(" + " AND ".join(f"{column.name} = NEW.{column.name}" for column in columns) + ")"
            for columns in unique
        )
        for verb in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {name}_no_{verb.lower()} BEFORE {verb} ON {name} "
                f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
            )
        taken = select(table).where(text(same)).exists()
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {name}_no_replace BEFORE INSERT ON {name} WHEN {taken} "
            f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        )


def _postgresql_triggers() -> Iterator[str]:
    """ENABLE ALWAYS: an ordinary trigger sleeps in a session that calls itself a replica. TRUNCATE passes the triggers of
    rows by. And where the chain stands in the entries, an index keeps two entries from following the same one: the place
    is fixed (docs/formats, entry), since entries are canonical."""
    yield (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        name = table.name
        for trigger, when in (
            (f"{name}_no_change", "UPDATE OR DELETE ON {} FOR EACH ROW"),
            (f"{name}_no_truncate", "TRUNCATE ON {} FOR EACH STATEMENT"),
        ):
            yield (
                f"CREATE OR REPLACE TRIGGER {trigger} BEFORE {when.format(name)} "
                "EXECUTE FUNCTION refuse_change()"
            )
            yield f"ALTER TABLE {name} ENABLE ALWAYS TRIGGER {trigger}"
    begin = PREV_AT + 1  # counted from one
    yield (
        "CREATE UNIQUE INDEX IF NOT EXISTS entry_follows_one ON entry "
        f"(substring(entry FROM {begin} FOR {2 * HASH_BYTES}))"
    )


# --- values -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What was chosen when the ledger was made and never changes."""

    origin: str
    public_host: str
    verifier_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest state: ``size`` entries, the time and hash of the last one, the tree's root, the signed
    checkpoint over it. ``last_event`` is the digest of the last payload (32 zero bytes when there is none)."""

    size: int
    at: str
    last_entry: bytes
    last_event: bytes
    root: bytes
    checkpoint: bytes


class Row(NamedTuple):
    """A stored event as it stands in the table."""

    seq: int
    event_id: str
    payload: bytes
    entry: bytes


class StreamPlace(NamedTuple):
    """That an event is the ``n``-th of a stream; ``digest`` is that of its payload."""

    stream: str
    n: int
    seq: int
    digest: bytes


NO_EVENT = bytes(HASH_BYTES)
#: Before the first entry no time has passed; sorts before every instant.
BEFORE_ALL_TIME = ""


# --- reading ------------------------------------------------------------------------------------------

_STREAMED = {"stream_results": True, "yield_per": 1000}


def read_identity(tx: Connection) -> Identity:
    row = tx.execute(select(identity.c.origin, identity.c.public_host, identity.c.verifier_key)).one_or_none()
    if row is None:
        raise Broken("this ledger has no identity: it was never initialised")
    return Identity(origin=row.origin, public_host=row.public_host, verifier_key=row.verifier_key)


_HEAD = Prepared(select(head.c.size, head.c.at, head.c.last_entry, head.c.root, head.c.checkpoint))
_ENTRY = Prepared(select(entry.c.entry).where(entry.c.seq == bindparam("at")))


def read_head(tx: Connection) -> Head:
    """The head as stored; a new ledger has one with size 0. Only meaningful on the connection that writes."""
    row = _HEAD.run(tx).fetchone()
    if row is None:
        raise Broken("this ledger has no head: it was never initialised")
    size, at, last_entry, root, checkpoint = row
    last_event = NO_EVENT
    if size:
        last = _ENTRY.run(tx, at=size - 1).fetchone()
        if last is None:
            raise Broken(f"the head counts {size} entries, but entry {size - 1} is missing")
        last_event = decode_entry(last[0]).event
    return Head(
        size=size, at=at, last_entry=last_entry, last_event=last_event, root=root, checkpoint=checkpoint
    )


def read_bare_head(tx: Connection) -> Head | None:
    """The head's own columns, whatever they hold, for `verify`; ``last_event`` is left out."""
    row = tx.execute(select(head)).one_or_none()
    if row is None:
        return None
    return Head(
        size=row.size,
        at=row.at,
        last_entry=row.last_entry,
        last_event=NO_EVENT,
        root=row.root,
        checkpoint=row.checkpoint,
    )


def read_checkpoint(tx: Connection) -> bytes:
    checkpoint: bytes = tx.execute(select(head.c.checkpoint)).scalar_one()
    return checkpoint


_ROWS = (
    select(entry.c.seq, entry.c.event_id, entry.c.payload, entry.c.entry)
    .where(entry.c.seq >= bindparam("first"))
    .order_by(entry.c.seq)
)


def read_rows(tx: Connection, first: int = 0, limit: int | None = None) -> Iterator[Row]:
    """Stored events from index ``first`` on, in order, streamed: memory does not grow with the ledger."""
    statement = _ROWS if limit is None else _ROWS.limit(limit)
    # Said with the statement: said of the connection it would hold for everything else in the transaction.
    with tx.execute(statement, {"first": first}, execution_options=_STREAMED) as result:
        for row in result:
            yield Row(*row)


_SINCE = Prepared(_ROWS)


def read_back(tx: Connection, first: int) -> list[Row]:
    """All events from index ``first`` on at once: what a group has just written."""
    return [Row(*row) for row in _SINCE.run(tx, first=first).fetchall()]


def read_row(tx: Connection, seq: int) -> Row | None:
    row = tx.execute(_ROWS.where(entry.c.seq == seq), {"first": seq}).one_or_none()
    return None if row is None else Row(*row)


_BY_ID = Prepared(
    select(entry.c.seq, entry.c.event_id, entry.c.payload, entry.c.entry).where(
        entry.c.event_id.in_(select(json_list("ids").c.value))  # unique (event_id)
    )
)


def read_rows_by_id(tx: Connection, ids: Iterable[str]) -> dict[str, Row]:
    """The stored events among these ids."""
    rows = (Row(*row) for row in _BY_ID.run(tx, ids=listed(ids)).fetchall())
    return {row.event_id: row for row in rows}


def read_seqs_by_id(tx: Connection, ids: Iterable[str]) -> dict[str, int]:
    """The index of each of these events that is stored."""
    found: dict[str, int] = {}
    for chunk in chunks(ids):
        for row in tx.execute(select(entry.c.event_id, entry.c.seq).where(entry.c.event_id.in_(chunk))):
            found[row.event_id] = row.seq
    return found


def read_stream(tx: Connection, stream: str, first: int = 0, limit: int = 1000) -> list[Row]:
    """Events of a stream from its ordinal ``first`` on, in order."""
    statement = (
        select(entry.c.seq, entry.c.event_id, entry.c.payload, entry.c.entry)
        .join(stream_event, stream_event.c.seq == entry.c.seq)
        .where(stream_event.c.stream == stream, stream_event.c.n >= first)
        .order_by(stream_event.c.n)
        .limit(limit)
    )
    return [Row(*row) for row in tx.execute(statement)]


def read_stream_seqs(tx: Connection, stream: str) -> list[int]:
    """The ledger indexes of every event of a stream, in order."""
    statement = select(stream_event.c.seq).where(stream_event.c.stream == stream).order_by(stream_event.c.n)
    return list(tx.execute(statement).scalars())


def read_last_of_stream(tx: Connection, stream: str, *, before: int) -> Row | None:
    """The newest event of a stream among those below this index."""
    statement = (
        select(entry.c.seq, entry.c.event_id, entry.c.payload, entry.c.entry)
        .join(stream_event, stream_event.c.seq == entry.c.seq)
        .where(stream_event.c.stream == stream, stream_event.c.seq < before)
        .order_by(stream_event.c.n.desc())
        .limit(1)
    )
    row = tx.execute(statement).one_or_none()
    return None if row is None else Row(*row)


def read_rows_at(tx: Connection, seqs: Sequence[int]) -> list[Row]:
    """The stored events at these indexes, in order."""
    rows: list[Row] = []
    for start in range(0, len(seqs), 500):
        chunk = seqs[start : start + 500]
        statement = (
            select(entry.c.seq, entry.c.event_id, entry.c.payload, entry.c.entry)
            .where(entry.c.seq.in_(chunk))
            .order_by(entry.c.seq)
        )
        rows += [Row(*row) for row in tx.execute(statement)]
    return rows


# One seek in the primary key for each name: with GROUP BY, MAX would walk the whole of a long stream.
_names = json_list("streams")
_places = stream_event.alias()
_STREAM_HEADS = Prepared(
    select(stream_event).where(
        stream_event.c.stream == _names.c.value,
        stream_event.c.n
        == select(func.max(_places.c.n)).where(_places.c.stream == _names.c.value).scalar_subquery(),
    )
)


def read_stream_heads(tx: Connection, streams: Iterable[str]) -> dict[str, StreamPlace]:
    """The newest place of each of these streams that has any."""
    places = (StreamPlace(*row) for row in _STREAM_HEADS.run(tx, streams=listed(streams)).fetchall())
    return {place.stream: place for place in places}


# A proof reads some six tiles: writing these statements anew each time was half of what it cost.
_TILE_HASHES = Prepared(
    select(tile.c.hashes).where(tile.c.level == bindparam("level"), tile.c.idx == bindparam("index"))
)
_ENTRIES_BETWEEN = Prepared(
    select(entry.c.entry)
    .where(entry.c.seq >= bindparam("first"), entry.c.seq < bindparam("end"))
    .order_by(entry.c.seq)
)
_ROOTS_BETWEEN = Prepared(
    select(tile.c.root)
    .where(
        tile.c.level == bindparam("level"),
        tile.c.idx >= bindparam("first"),
        tile.c.idx < bindparam("end"),
    )
    .order_by(tile.c.idx)
)


def read_tile_hashes(tx: Connection, level: int, index: int, width: int) -> bytes:
    """``width`` hashes of a tile, from the stored full tile or, where it is not full yet, derived.

    Hashes of level 0 are leaf hashes of entries, hashes of a higher level are roots of full tiles below; both
    are at hand without the partial tile itself being stored. Raises LookupError where the tree is smaller.
    """
    stored = _TILE_HASHES.run(tx, level=level, index=index).fetchone()
    if stored is not None:
        return bytes(stored[0][: width * HASH_BYTES])
    first = index * WIDTH
    end = first + width
    if level == 0:
        hashes = [leaf_hash(data) for (data,) in _ENTRIES_BETWEEN.run(tx, first=first, end=end).fetchall()]
    else:
        roots = _ROOTS_BETWEEN.run(tx, level=level - 1, first=first, end=end)
        hashes = [root for (root,) in roots.fetchall()]
    if len(hashes) != width:
        raise LookupError(f"tile {index} of level {level} has {len(hashes)} hashes, not {width}")
    return b"".join(hashes)


def read_stored_tile(tx: Connection, level: int, index: int) -> tuple[bytes, bytes] | None:
    """Hashes and root of a full tile as they are stored."""
    row = tx.execute(
        select(tile.c.hashes, tile.c.root).where(tile.c.level == level, tile.c.idx == index)
    ).one_or_none()
    return None if row is None else (row.hashes, row.root)


def read_tile_places(tx: Connection) -> Iterator[tuple[int, int]]:
    """(level, index) of every stored tile, streamed."""
    statement = select(tile.c.level, tile.c.idx).order_by(tile.c.level, tile.c.idx)
    with tx.execute(statement, execution_options=_STREAMED) as rows:
        for row in rows:
            yield row.level, row.idx


def read_entries(tx: Connection, first: int, count: int) -> list[bytes]:
    """The public entry bytes from index ``first`` on."""
    statement = (
        select(entry.c.entry).where(entry.c.seq >= first, entry.c.seq < first + count).order_by(entry.c.seq)
    )
    return list(tx.execute(statement).scalars())


def load_edge(tx: Connection, size: int) -> Edge:
    """The right edge of the tree from what is stored: at most 255 hashes a level."""
    pending: list[list[bytes]] = []
    level = 0
    while size >> HEIGHT * level:
        width = partial_width(size, level)
        index = size >> HEIGHT * (level + 1)
        hashes = read_tile_hashes(tx, level, index, width) if width else b""
        pending.append([hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)])
        level += 1
    return Edge.load(size, pending)


# --- writing: only the sequencer and `create` do ------------------------------------------------------


def create(tx: Connection, chosen: Identity, checkpoint: bytes) -> None:
    """Make the tables of a new ledger with its identity and the signed checkpoint of the empty tree. What follows from the
    ledger is made with the other projections."""
    metadata.create_all(tx, tables=[*APPEND_ONLY, head])
    for statement in append_only_triggers(tx.dialect.name):
        tx.execute(text(statement))
    tx.execute(
        insert(identity).values(
            id=1, origin=chosen.origin, public_host=chosen.public_host, verifier_key=chosen.verifier_key
        )
    )
    tx.execute(
        insert(head).values(
            id=1,
            size=0,
            at=BEFORE_ALL_TIME,
            last_entry=first_prev(chosen.origin),
            root=EMPTY_ROOT,
            checkpoint=checkpoint,
        )
    )


def grant_appending(tx: Connection, role: str) -> None:
    """Let a role of PostgreSQL read the ledger and add to it, and nothing else; the tables are and stay whose they are."""
    quoted = tx.dialect.identifier_preparer.quote_identifier(role)
    for table in APPEND_ONLY:
        tx.exec_driver_sql(f"GRANT SELECT, INSERT ON {table.name} TO {quoted}")
    tx.exec_driver_sql(f"GRANT SELECT, UPDATE ON {head.name} TO {quoted}")


def write_rows(tx: Connection, rows: Sequence[Row]) -> None:
    insert_rows(tx, entry, rows)


def write_tiles(tx: Connection, tiles: Sequence[FullTile]) -> None:
    if tiles:
        tx.execute(
            insert(tile),
            [
                {"level": level, "idx": index, "hashes": hashes, "root": root}
                for level, index, hashes, root in tiles
            ],
        )


def write_stream_places(tx: Connection, places: Sequence[StreamPlace]) -> None:
    insert_rows(tx, stream_event, places)


_SWAP_HEAD = Prepared(
    update(head)
    .where(head.c.id == 1, head.c.size == bindparam("old_size"), head.c.last_entry == bindparam("old_entry"))
    .values(
        size=bindparam("new_size"),
        at=bindparam("new_at"),
        last_entry=bindparam("new_entry"),
        root=bindparam("new_root"),
        checkpoint=bindparam("new_checkpoint"),
    )
)


def replace_head(tx: Connection, old: Head, new: Head) -> bool:
    """Compare-and-swap: put ``new`` in the place of ``old``; False if another writer was faster."""
    swapped = _SWAP_HEAD.run(
        tx,
        old_size=old.size,
        old_entry=old.last_entry,
        new_size=new.size,
        new_at=new.at,
        new_entry=new.last_entry,
        new_root=new.root,
        new_checkpoint=new.checkpoint,
    )
    return bool(swapped.rowcount == 1)


def check_edge(stored: Head, edge: Edge, last: bytes | None, origin: str) -> None:
    """Start-up check: the stored head is the one that the stored entries and tiles give. Raises `Broken`.

    Looks at the right edge only, so it costs the same for a thousand entries and for a hundred million.
    """
    if edge.root() != stored.root:
        raise Broken(
            f"the root of {stored.size} entries is {edge.root().hex()}, the head says {stored.root.hex()}: the file was "
            "changed or is damaged; run `cabletrace verify` and bring back a sound copy"
        )
    expected = first_prev(origin) if last is None else entry_hash(last)
    if expected != stored.last_entry:
        raise Broken(
            f"the last entry hashes to {expected.hex()}, the head says {stored.last_entry.hex()}: the head was changed "
            "or is of another copy; run `cabletrace verify` and bring back a sound one"
        )
