"""Why batches were found by Elasticsearch: the first document of each hit that the asker may see and in which a word stands, read
in what the server gives out of a hit, by the law that its engine reproduces.

To ask the server itself (by inner hits) took half as long again as to find the batches; this takes a tenth. Weak spot, known:
of a batch with very many events all of them are sent. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from .audience import Limits, Ways, is_by_label
from .documents import LABEL_FIELDS, Field
from .elastic_schema import BETWEEN
from .reasons import Match
from .tokens import Query, Word

#: What must be given out of a hit.
READ = ("documents.event", "documents.fields", "documents.open_to")

#: What one document says that the asker may know: its event, "" for the batch itself, and, read when they are asked for, its
#: fields in order. Most words stand in the first one.
_Told = tuple[str, Callable[[], Sequence[tuple[Field, str]]]]


def reasons_in(source: Mapping[str, Any], query: Query, asked: Ways) -> tuple[Match, ...]:
    """A match for each word, or for each part of a word that is found in parts only."""
    told = [
        (each["event"], cache(partial(_fields_told, each, asked))) for each in source.get("documents", ())
    ]
    return tuple(match for word in query.words for match in _of_word(told, word))


def _of_word(told: Sequence[_Told], word: Word) -> Iterator[Match]:
    for event, fields in told:
        for field, text in fields():
            if word.found_in(field.group, text):
                yield Match(word, field, text, event or None)
                return
    for part in word.parts:
        yield from _of_word(told, part)


def _fields_told(document: Mapping[str, Any], asked: Ways) -> list[tuple[Field, str]]:
    """All of them, or those of the label alone, or none."""
    open_to = set(document["open_to"])
    met = [limits for limits in asked if _meets(open_to, limits)]
    if not met:
        return []
    label_alone = all(is_by_label(limits) for limits in met)
    pairs = (each.split(BETWEEN, 1) for each in document["fields"])
    fields = [(Field[name], text) for name, text in pairs]
    return [each for each in fields if each[0] in LABEL_FIELDS] if label_alone else fields


def _meets(open_to: Iterable[str], limits: Limits) -> bool:
    return all(any(token in open_to for token in limit) for limit in limits)
