"""Why batches were found: for each word of a search the field that holds it, in the first document in which it stands.

The batch itself stands before its movements, and its label before what else it says. One reading of the full-text
table answers for a whole page, since the batches of a page mostly stand close together.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ..db.driver import packed, run
from ..errors import Broken
from .audience import Ways
from .documents import Field
from .expressions import expression
from .tables import SLOT_BITS, numbers_of
from .tokens import Phrase, Query, Word

#: A page of hits mostly has fewer documents that match.
_ROWS_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Match:
    """Why a batch was found: the word, the field and what it says, the event whose document it stood in, if any."""

    word: Word
    field: Field
    text: str
    movement: str | None


def reasons(
    tx: Connection, seqs: Collection[int], query: Query, asked: Ways
) -> Mapping[int, tuple[Match, ...]]:
    """Batch seq -> a match for each word, or for each part of a word that is found in parts only."""
    found: dict[int, tuple[Match, ...]] = dict.fromkeys(seqs, ())
    for word in query.words:
        for seq, matches in _of_word(tx, seqs, word, asked).items():
            found[seq] += matches
    return found


def _of_word(tx: Connection, seqs: Collection[int], word: Word, asked: Ways) -> dict[int, tuple[Match, ...]]:
    found: dict[int, tuple[Match, ...]] = {}
    found |= {seq: (match,) for seq, match in _matches(tx, seqs, word, asked).items()}
    left = [seq for seq in seqs if seq not in found]
    for part in word.parts:
        for seq, matches in _of_word(tx, left, part, asked).items():
            found[seq] = found.get(seq, ()) + matches
    return found


def _matches(tx: Connection, seqs: Collection[int], word: Word, asked: Ways) -> dict[int, Match]:
    if not seqs or not word.phrases or not asked:
        return {}
    numbers = _first_documents(tx, seqs, word.phrases, asked)
    rows = run(
        tx,
        "SELECT number, event, fields FROM document WHERE number IN (SELECT value FROM json_each(?))",
        (packed(numbers),),
    )
    return {
        number >> SLOT_BITS: match_in(word, number, event, json.loads(fields))
        for number, event, fields in rows.fetchall()
    }


def match_in(word: Word, document: object, event: str, fields: Iterable[tuple[str, str]]) -> Match:
    """The first field of a document, by name, that holds the word. Raises `Broken` where none does: an engine must not say
    so."""
    for name, text in fields:
        field = Field[name]
        if word.found_in(field.group, text):
            return Match(word, field, text, event or None)
    raise Broken(
        f"search index: {word.text!r} is in the tokens of document {document} but in none of its fields"
    )


def _first_documents(
    tx: Connection, seqs: Collection[int], phrases: Sequence[Phrase], asked: Ways
) -> list[int]:
    """Of each of these batches the number of its first document that holds one of the phrases."""
    wanted, left = expression(phrases, asked), sorted(seqs, reverse=True)
    lowest, bound = numbers_of(left[-1])[0], 2**63 - 1
    first: dict[int, int] = {}
    while left:
        bound = min(bound, numbers_of(left[0])[1])
        rows = run(
            tx,
            "SELECT rowid FROM word WHERE word MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?",
            (wanted, lowest, bound, _ROWS_AT_ONCE),
        ).fetchall()
        first |= {number >> SLOT_BITS: number for (number,) in rows}  # descending: the first one stays
        if len(rows) < _ROWS_AT_ONCE:
            break
        bound = rows[-1][0] - 1
        left = [seq for seq in left if numbers_of(seq)[0] <= bound]
    return [first[seq] for seq in seqs if seq in first]
