"""What stands in Elasticsearch: the template of its indices, and a batch with its movements as one document of them.

A document is a batch; its own words, and those of each of its movements, are nested documents with the tokens of their own
audiences, and so are its circumstances. So two things that must be true of one and the same event, or of the same metres, are
asked of one nested document, and a batch is found, counted and paged as one. What filters ask that anybody may know stands
in the document itself, as tokens (`facets`), and beside them as the values that are counted.

Words are our tokens with spaces between them, and the engine's own whitespace analyzer takes them apart: nothing but the bare
server is needed. The server keeps every document as it was sent, tokens too, and each says a digest of itself: so whatever
was exchanged behind the back is found when it is read again (`elastic_held`). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from ..errors import Broken
from .audience import ON_A_LABEL, batch_token
from .documents import (
    SCHEMA_VERSION,
    BatchDocument,
    Document,
    Field,
    MovementDocument,
    audience_of,
    batch_of,
    fields_of,
    lines_of,
)
from .facets import GUARDED, OF_REGIONS, OPEN, PAIRS, Circumstance, Facet, held_by, trait_tokens
from .held import Held, digest_of, digest_of_json
from .index import COUNT_CAP
from .order import KEY_COLUMNS, sort_keys
from .suggestions import kept_names
from .tokens import TOKENISER_VERSION, condense

#: Changes with the template or with `source_of`, beside what all engines share.
ELASTIC_VERSION = 3

#: Facets that a batch has one value of, by the field that is counted.
COUNTED: Mapping[Facet, str] = {facet: f"of_{facet.slug}" for facet in Facet if facet not in GUARDED}

#: Events and circumstances of one batch that the server takes; a batch with more is a dead letter.
MOST_NESTED = 100_000

_TOKENS: Mapping[str, object] = {"type": "text", "analyzer": "whitespace", "norms": False}
_KEYWORD: Mapping[str, object] = {"type": "keyword"}
_SHOWN_ONLY: Mapping[str, object] = {"type": "keyword", "index": False, "doc_values": False}
_NUMBER: Mapping[str, object] = {"type": "long"}
_SUMMED_ONLY: Mapping[str, object] = {"type": "long", "index": False}

#: Of so many names the entry among the suggestions is remembered.
_NAMES_KEPT = 16_384

#: Between the field, the condensed text and the text of a name.
BETWEEN = "\t"


def meta() -> dict[str, int]:
    """What an index says of itself: an index of other versions is not asked but rebuilt."""
    return {"schema": SCHEMA_VERSION, "tokeniser": TOKENISER_VERSION, "elastic": ELASTIC_VERSION}


def template(pattern: str) -> dict[str, Any]:
    """The composable template of all indices whose names match."""
    return {
        "index_patterns": [pattern],
        "priority": 500,
        "template": {
            "settings": {
                "index.number_of_shards": 1,
                "index.refresh_interval": "1s",
                "index.max_result_window": COUNT_CAP,
                "index.mapping.nested_objects.limit": MOST_NESTED,
            },
            "mappings": {
                "dynamic": "strict",
                "_meta": meta(),
                "properties": {
                    "code": _KEYWORD,
                    "seq": _NUMBER,
                    "version": _SUMMED_ONLY,
                    "digest": _SUMMED_ONLY,
                    "traits": _KEYWORD,
                    "readers": _KEYWORD,
                    **dict.fromkeys(KEY_COLUMNS.values(), _KEYWORD),
                    **dict.fromkeys(COUNTED.values(), _KEYWORD),
                    "documents": {
                        "type": "nested",
                        "properties": {
                            "event": _SHOWN_ONLY,
                            "fields": _SHOWN_ONLY,
                            "label": _TOKENS,
                            "words": _TOKENS,
                            "names": _KEYWORD,
                            "open_to": _KEYWORD,
                        },
                    },
                    "circumstances": {
                        "type": "nested",
                        "properties": {
                            "pair": _NUMBER,
                            "first": _KEYWORD,
                            "second": _KEYWORD,
                            "open_to": _KEYWORD,
                        },
                    },
                },
            },
        },
    }


def whole_batches(documents: Iterable[Document]) -> Iterator[tuple[BatchDocument, list[Document]]]:
    """Each batch with its documents, itself first. Raises `Broken` for a movement without its batch."""
    by_batch: dict[str, list[Document]] = {}
    for document in documents:
        by_batch.setdefault(batch_of(document), []).append(document)
    for code, together in by_batch.items():
        together.sort(key=lambda each: not isinstance(each, BatchDocument))
        batch = together[0]
        if not isinstance(batch, BatchDocument):
            raise Broken(f"search index: event {batch.id} moves batch {code}, which is not here")
        yield batch, together


def version_of(documents: Iterable[Document]) -> int:
    """The ledger index of the newest event that is folded in."""
    return max(each.version for each in documents)


def source_of(batch: BatchDocument, documents: Sequence[Document]) -> dict[str, Any]:
    """The document of a batch, as it is sent. Void events are left out: there is nothing to be found in them."""
    source = _source_of(batch, documents)
    return {**source, "digest": digest_of(source)}


def json_of(batch: BatchDocument, documents: Sequence[Document]) -> bytes:
    """`source_of` as JSON; the digest is taken over the same bytes, so that they are written once."""
    text = orjson.dumps(_source_of(batch, documents), option=orjson.OPT_SORT_KEYS)
    return b'%b,"digest":%d}' % (text[:-1], digest_of_json(text))


def held_in_source(code: str, version: int, source: Mapping[str, Any]) -> Held:
    """What is held under a code and a version: whether it is what it says of itself, too."""
    content = {name: value for name, value in source.items() if name != "digest"}
    digest = digest_of(content)
    is_sound = (code, version, digest) == tuple(source.get(name) for name in ("code", "version", "digest"))
    seq = source.get("seq")
    return Held(code, seq if isinstance(seq, int) else -1, version, digest if is_sound else None)


def _source_of(batch: BatchDocument, documents: Sequence[Document]) -> dict[str, Any]:
    readers = [audience_of(each) for each in documents]
    nested = [_nested(each, whose) for each, whose in zip(documents, readers, strict=True) if whose]
    values = batch.open_values()
    return {
        "code": batch.code,
        "seq": batch.seq,
        "version": version_of(documents),
        "traits": open_traits(trait_tokens(values.items(), (), ())),
        "readers": sorted({token for whose in readers for token in whose}),
        **dict(zip(KEY_COLUMNS.values(), sort_keys(batch), strict=True)),
        **{
            COUNTED[facet]: held_by(facet, value) if facet in OF_REGIONS else value
            for facet, value in values.items()
        },
        "documents": nested,
        "circumstances": [_circumstance(batch.code, each) for each in batch.circumstances],
    }


def _nested(document: Document, readers: Sequence[str]) -> dict[str, Any]:
    said = fields_of(document)
    label, words = lines_of(said)
    fields = [(field.name, text) for field, text in said]
    is_batch = isinstance(document, BatchDocument)
    return {
        "event": document.id if isinstance(document, MovementDocument) else "",
        "fields": [BETWEEN.join(each) for each in fields],
        "label": label,
        "words": words,
        "names": sorted(_name(*each) for each in kept_names(fields)),
        "open_to": [
            *readers,
            batch_token(batch_of(document)),
            *([ON_A_LABEL] if is_batch else []),
        ],
    }


@lru_cache(_NAMES_KEPT)
def _name(field: str, text: str) -> str:
    return BETWEEN.join((field, condense(Field[field].group, text), text))


def _circumstance(code: str, circumstance: Circumstance) -> dict[str, Any]:
    _, second = PAIRS[circumstance.pair]
    audience = circumstance.audience
    return {
        "pair": circumstance.pair,
        "first": circumstance.first,
        "second": held_by(second, circumstance.second) if circumstance.second else [],
        "open_to": [OPEN] if audience is None else [*audience.tokens(), batch_token(code)],
    }


def open_traits(tokens: Iterable[str]) -> list[str]:
    """The embedded engine tells capital letters of ASCII from no others, so neither does this one."""
    return [token.lower() for token in tokens]
