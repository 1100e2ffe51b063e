"""Suggestions while somebody types: distinct names and designations, kept apart for everybody who may see them.

A name stands under each reader (`audience`) of a document that holds it, with the number of such documents, and under
every place in it where a typed text may begin. So a suggestion reads the asker's own shelves and no other: a name that
exists elsewhere and one that exists nowhere are looked for by the same statements, over the same rows. When the last
document that a reader may see is gone, so is the name from his shelf.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from sqlalchemy import Connection

from ..db.driver import insert, run, run_for_each, value_of
from .audience import Ways, is_of_batches
from .documents import Field
from .expressions import expression
from .tokens import Group, condense, goes_on, whole_token, words_so_far

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS reader (id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE)",
    """CREATE TABLE IF NOT EXISTS term (
        id INTEGER PRIMARY KEY,
        field TEXT NOT NULL,
        text TEXT NOT NULL,
        UNIQUE (field, text)
    )""",
    """CREATE TABLE IF NOT EXISTS mention (
        reader INTEGER NOT NULL,
        term INTEGER NOT NULL,
        documents INTEGER NOT NULL CHECK (documents > 0),
        PRIMARY KEY (reader, term)
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS shelf (
        reader INTEGER NOT NULL,
        beginning TEXT NOT NULL,
        term INTEGER NOT NULL,
        PRIMARY KEY (reader, beginning, term)
    ) WITHOUT ROWID""",
)
TABLES = ("reader", "term", "mention", "shelf")

#: Of these there are few enough to keep them for everybody; numbers of single things are looked up among the hits.
KEPT = frozenset(
    {
        Field.DESIGNATION,
        Field.MAKER,
        Field.PRODUCT,
        Field.CERTIFICATE,
        Field.STANDARD,
        Field.PROJECT,
        Field.PROJECT_CODE,
        Field.PARTY,
    }
)

_KEPT_NAMES = frozenset(field.name for field in KEPT)
KEPT_GROUPS = tuple(group for group in Group if any(field.group is group for field in KEPT))

#: So much of what is typed is looked up; the rest is compared.
LOOKED_UP = 12
#: Looked at on one shelf: what is typed must say enough. Where each of several words says little, all of them may.
MOST_ON_A_SHELF = 60
MOST_OF_A_WORD = 600


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text to search for, and what it is; ``documents`` that the asker may see hold it."""

    text: str
    field: Field
    documents: int


class Mentions:
    """What a page of documents changes, put together before it is written: most names come many times."""

    def __init__(self) -> None:
        self._more: Counter[tuple[str, str, str]] = Counter()

    def note(self, fields: str, audience: str) -> None:
        """A document as it is now: its fields and audience as the table `document` keeps them."""
        self._count(fields, audience, 1)

    def forget(self, fields: str, audience: str) -> None:
        """A document as it was."""
        self._count(fields, audience, -1)

    def _count(self, fields: str, audience: str, n: int) -> None:
        for name, text in kept_names(json.loads(fields)):
            for reader in audience.split():
                self._more[reader, name, text] += n

    def write(self, tx: Connection) -> None:
        readers: dict[str, int] = {}
        terms: dict[tuple[str, str], int] = {}
        for (reader, name, text), more in self._more.items():
            if not more:
                continue
            if reader not in readers:
                readers[reader] = _id(tx, "reader", ("token",), (reader,))
            if (name, text) not in terms:
                terms[name, text] = _id(tx, "term", ("field", "text"), (name, text))
            _change(tx, readers[reader], terms[name, text], Field[name].group, text, more)


def kept_names(fields: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The names in a document, out of its fields by name; of designations the one spelling, which stands behind the printed
    one."""
    named = [(name, text) for name, text in fields if name in _KEPT_NAMES]
    spelt = Field.DESIGNATION.name
    designations = [text for name, text in named if name == spelt][:-1]
    return {(name, text) for name, text in named if text not in designations}


def _id(tx: Connection, table: str, columns: Sequence[str], values: Sequence[str]) -> int:
    where = " AND ".join(f"{column} = ?" for column in columns)
    found = value_of(tx, f"SELECT id FROM {table} WHERE {where}", values)  # noqa: S608 (constants)
    if found is not None:
        return found
    marks = ", ".join("?" * len(values))
    return insert(tx, f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)  # noqa: S608 (constants)


def _change(tx: Connection, reader: int, term: int, group: Group, text: str, more: int) -> None:
    at = (reader, term)
    known = value_of(tx, "SELECT documents FROM mention WHERE reader = ? AND term = ?", at)
    now = (known or 0) + more
    if now <= 0:  # below, where a row that somebody else had changed is taken out
        run(tx, "DELETE FROM mention WHERE reader = ? AND term = ?", at)
        places = [(reader, beginning, term) for beginning in _beginnings(group, text)]
        run_for_each(tx, "DELETE FROM shelf WHERE reader = ? AND beginning = ? AND term = ?", places)
    elif known is None:
        run(tx, "INSERT INTO mention VALUES (?, ?, ?)", (*at, now))
        places = [(reader, beginning, term) for beginning in sorted(_beginnings(group, text))]
        run_for_each(tx, "INSERT INTO shelf VALUES (?, ?, ?)", places)
    else:
        run(tx, "UPDATE mention SET documents = ? WHERE reader = ? AND term = ?", (now, *at))


def _beginnings(group: Group, text: str) -> set[str]:
    """Where a typed text may begin in it."""
    condensed = condense(group, text)
    return {group[0] + condensed[start : start + LOOKED_UP] for start in range(len(condensed))}


def look_up(tx: Connection, typed: str, asked: Ways, limit: int) -> list[Suggestion]:
    """The names that hold what is typed, or all words of it, the last as a beginning, among those on the asker's shelves
    (``asked``: the tokens of his scope).

    Where a scope limits twice, a name on the shelf of one limit is suggested only if a document that meets all of them
    holds it.
    """
    wanted = [group for group in KEPT_GROUPS if condense(group, typed)]
    found: dict[tuple[str, str], int] = {}
    for limits in asked:
        readers = next(limit for limit in reversed(limits) if not is_of_batches(limit))
        for reader, group in product(readers, wanted):
            for name, text, documents in _on_shelves(tx, reader, group, typed):
                if len(limits) == 1 or _stands_in_one(tx, name, text, (limits,)):
                    found[name, text] = max(found.get((name, text), 0), documents)
    return in_order(found, typed, limit)


def in_order(found: Mapping[tuple[str, str], int], typed: str, limit: int) -> list[Suggestion]:
    """The best of these names (field and text -> documents), each text once.

    What begins with what is typed stands before what holds it, that before what holds its words, then what most documents
    hold.
    """
    wanted = {group: condense(group, typed) for group in KEPT_GROUPS}

    def rank(item: tuple[tuple[str, str], int]) -> tuple[bool, bool, int, str]:
        (name, text), documents = item
        condensed, whole = condense(Field[name].group, text), wanted[Field[name].group]
        return not condensed.startswith(whole), whole not in condensed, -documents, text

    ranked = sorted(found.items(), key=rank)
    by_text = {text: Suggestion(text, Field[name], n) for (name, text), n in reversed(ranked)}
    return sorted(by_text.values(), key=lambda each: rank(((each.field.name, each.text), each.documents)))[
        :limit
    ]


def _on_shelves(tx: Connection, reader: str, group: Group, typed: str) -> Iterator[tuple[str, str, int]]:
    """Field, text and number of documents of the names on one shelf that hold what was typed, or all words of it."""
    whole, words = condense(group, typed), words_so_far(group, typed)
    for each in _on_shelf(tx, reader, group, whole, MOST_ON_A_SHELF):
        if whole in condense(group, each[1]):
            yield each
    for word in words if len(words) > 1 else ():
        for each in _on_shelf(tx, reader, group, word, MOST_OF_A_WORD):
            if goes_on(group, words, each[1]):
                yield each


def _on_shelf(
    tx: Connection, reader: str, group: Group, condensed: str, most: int
) -> list[tuple[str, str, int]]:
    """The names in which so much of this as is kept stands."""
    beginning = group[0] + condensed[:LOOKED_UP]
    rows = run(
        tx,
        "SELECT DISTINCT term.field, term.text, mention.documents FROM shelf"
        " JOIN reader ON reader.id = shelf.reader"
        " JOIN term ON term.id = shelf.term"
        " JOIN mention ON mention.reader = shelf.reader AND mention.term = shelf.term"
        " WHERE reader.token = ? AND shelf.beginning >= ? AND shelf.beginning < ? LIMIT ?",
        (reader, beginning, beginning + "\U0010ffff", most),
    )
    return [(name, text, documents) for name, text, documents in rows.fetchall()]


def _stands_in_one(tx: Connection, name: str, text: str, asked: Ways) -> bool:
    """Whether one of the documents that a scope reaches has this text in this field."""
    rows = run(
        tx,
        "SELECT fields FROM word JOIN document ON document.number = word.rowid WHERE word MATCH ?",
        (expression([(whole_token(Field[name].group, text),)], asked),),
    )
    return any([name, text] in json.loads(fields) for (fields,) in rows.fetchall())
