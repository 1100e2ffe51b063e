"""What the embedded index holds of each batch, out of all its rows, to be compared with what the ledger's documents would make.

Traits are made anew of the rows that they follow from; where the kept hash is another, the batch contradicts itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from sqlalchemy import Connection

from ..db.driver import packed, run
from .documents import BatchDocument, Document, batch_of
from .facets import PAIRS
from .held import NOWHERE, RANGE, Held, digest_of
from .tables import (
    COLUMNS,
    SLOT_BITS,
    columns_of,
    hash_of_traits,
    kept_of,
    numbers_of,
    traits_of,
    words_of_row,
)

_VALUES = ", ".join(f"of_{facet.slug}" for facet in COLUMNS)
_PAIRS = ", ".join(str(pair) for pair in range(len(PAIRS)))
_EACH = "IN (SELECT value FROM json_each(?))"

#: Pair, first, second, and whose it is to know: None for whoever finds the batch.
_Circumstance = tuple[int, str, str, str | None]
#: The event, "" for the batch itself, and what is kept of its document.
_Kept = tuple[str, int, str, str, bytes]


def of_documents(documents: Iterable[Document]) -> Iterator[Held]:
    """What the rows would be, of whole batches."""
    by_batch: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        by_batch[batch_of(document)].append(document)
    for together in by_batch.values():
        (batch,) = (each for each in together if isinstance(each, BatchDocument))
        circumstances = {
            (
                each.pair,
                each.first,
                each.second,
                None if each.audience is None else " ".join(each.audience.tokens()),
            )
            for each in batch.circumstances
        }
        kept = [(_event(each), *kept_of(each, words_of_row(each))) for each in together]
        yield _held(batch.code, batch.seq, *columns_of(batch), circumstances, kept)


def everything(tx: Connection) -> Iterator[Held]:
    ((lowest, highest),) = run(
        tx,
        "SELECT min(seq), max(seq) FROM"  # noqa: S608 (constants)
        f" (SELECT seq FROM batch UNION ALL SELECT number >> {SLOT_BITS} FROM document)",
    ).fetchall()
    if lowest is None:
        return
    if lowest < 0:
        yield from in_range(tx, NOWHERE)
    for first in range(max(lowest, 0) // RANGE * RANGE, highest + 1, RANGE):
        yield from in_range(tx, first)


def in_range(tx: Connection, first: int) -> Iterator[Held]:
    """Every batch of the range that begins there."""
    lowest, highest = (-(2**40), -1) if first == NOWHERE else (first, first + RANGE - 1)
    bounds = (numbers_of(lowest)[0], numbers_of(highest)[1])
    rows = run(
        tx,
        "SELECT seq FROM batch WHERE seq BETWEEN ? AND ?"  # noqa: S608 (constants)
        f" UNION SELECT number >> {SLOT_BITS} FROM document WHERE number BETWEEN ? AND ?",
        (lowest, highest, *bounds),
    )
    yield from _read(tx, [seq for (seq,) in rows.fetchall()])


def of_codes(tx: Connection, codes: Collection[str]) -> Iterator[Held]:
    rows = run(
        tx,
        f"SELECT seq FROM batch WHERE code {_EACH}"  # noqa: S608 (constants)
        f" UNION SELECT number >> {SLOT_BITS} FROM document WHERE batch {_EACH}",
        (packed(sorted(codes)),) * 2,
    )
    yield from _read(tx, [seq for (seq,) in rows.fetchall()])


def _read(tx: Connection, seqs: Sequence[int]) -> Iterator[Held]:
    circumstances: dict[int, set[_Circumstance]] = defaultdict(set)
    for seq, *said in run(
        tx,
        "SELECT seq, pair, first, second, tokens FROM circumstance LEFT JOIN audience ON id = audience"  # noqa: S608 (constants)
        f" WHERE pair IN ({_PAIRS}) AND seq {_EACH}",
        (packed(seqs),),
    ).fetchall():
        circumstances[seq].add(tuple(said))
    kept: dict[int, list[_Kept]] = defaultdict(list)
    codes: dict[int, str] = {}
    for seq, code, *row in run(
        tx,
        "SELECT value, batch, event, version, fields, audience, tokens_hash FROM json_each(?)"  # noqa: S608 (constants)
        f" JOIN document ON number BETWEEN value << {SLOT_BITS} AND (value + 1 << {SLOT_BITS}) - 1",
        (packed(seqs),),
    ).fetchall():
        kept[seq].append(tuple(row))
        codes[seq] = code
    for seq, code, traits_hash, *columns in run(
        tx,
        f"SELECT seq, code, traits_hash, by_produced, by_maker, by_cable, {_VALUES} FROM batch WHERE seq {_EACH}",  # noqa: S608
        (packed(seqs),),
    ).fetchall():
        codes.pop(seq, None)
        yield _held(code, seq, columns[:3], columns[3:], circumstances[seq], kept[seq], traits_hash)
    for seq, code in codes.items():  # documents of no batch
        yield Held(code, seq, max(row[1] for row in kept[seq]), None)


def _held(
    code: str,
    seq: int,
    keys: Sequence[str],
    values: Sequence[str],
    circumstances: Collection[_Circumstance],
    kept: Sequence[_Kept],
    traits_hash: bytes | None = None,
) -> Held:
    """``traits_hash`` is what the rows say of themselves, None where there are none yet."""
    events = [
        (event, version, fields, audience, tokens_hash.hex())
        for event, version, fields, audience, tokens_hash in kept
    ]
    whose = sorted((*said, "" if tokens is None else f"+{tokens}") for *said, tokens in circumstances)
    content = [code, seq, [*keys], [*values], whose, sorted(events)]
    version = max((version for _, version, *_ in kept), default=-1)
    follows = traits_of(values, circumstances, (audience for _, _, _, audience, _ in kept))
    is_sound = traits_hash is None or traits_hash == hash_of_traits(follows)
    return Held(code, seq, version, digest_of(content) if is_sound else None)


def _event(document: Document) -> str:
    return "" if isinstance(document, BatchDocument) else document.id
