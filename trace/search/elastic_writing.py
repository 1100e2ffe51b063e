"""Writing whole documents into Elasticsearch in bulk: each under the version of its newest event, in requests that the server takes.

An answer is read item by item. A newer version that stands there already (409) is as good as written. A document that cannot
be read, or is too large by itself, is handed back and the others go on. Where the server has too much to do (429, and its own troubles) or a
request is too large (413), the next ones are half as large and come after a pause, which grows and is drawn by chance; a
request that went well lets the next one be larger. Nothing that the ledger knows is ever deleted: the server forgets what it has
deleted, and an old page that is read again would bring it back. While the server writes one request the next is made.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
from elasticsearch import ApiError, Elasticsearch

from .index import Lost

#: Documents in the largest request, of some 3 KB each: the server ends every request with a sync of its log, and took half as long
#: again where they were a quarter as large. A page of the follower has several, so that making them and writing them go on side by side.
LARGEST_REQUEST = 1_000
#: Pauses, without a request that went well in between, until the trouble is somebody else's to see.
_MOST_PAUSES = 8
_MOST_LOOKS, _TICK_SECONDS = 40, 0.25
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.2, 20.0

#: What is read of an answer, a tenth of it.
_READ = ("items.*.status", "items.*.error")
_NEWER_IS_THERE = 409
_TOO_LARGE = 413
_NOT_THERE = 404


class Overloaded(Exception):
    """The server took nothing for so long that whoever follows should rest and try the page again."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One document: its id, its version, what it says as JSON."""

    id: str
    version: int
    source: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that the server will never take, and why."""

    id: str
    version: int
    reason: str


def write(
    client: Elasticsearch,
    alias: str,
    documents: Iterable[Sent],
    *,
    trouble: Counter[str],
    largest: int = LARGEST_REQUEST,
    pause: Callable[[float], None] = time.sleep,
) -> list[Refused]:
    """Write all of them through an alias, and hand back those that were refused for good; to ``trouble`` is added, by status, how
    many were refused for now or for good.

    Raises `Overloaded`, and what the client raises when the server is away; what was written until then stands, and may be
    written again. Raises `Lost` where the alias leads nowhere: nothing must make an index of its own accord.
    """
    # Each request is sent once: the client would repeat it at once, which is what a busy server can least use.
    once = client.options(max_retries=0, retry_on_status=(), retry_on_timeout=False)
    made, size, pauses = iter(documents), max(largest // 4, 1), 0
    waiting = list(islice(made, size))
    refused: list[Refused] = []
    with ThreadPoolExecutor(1) as server:
        while waiting:
            now, later = waiting[:size], waiting[size:]
            answer = server.submit(_send, once, alias, now, trouble)
            later += islice(made, max(largest - len(later), 0))
            again, dead = answer.result()
            refused += dead
            waiting = [*again, *later]
            if not again:
                size, pauses = min(size * 2, largest), 0
                continue
            if pauses == _MOST_PAUSES:
                raise Overloaded(f"Elasticsearch took none of {len(again)} documents, {pauses} times")
            pause(min(_FIRST_PAUSE_SECONDS * 2**pauses, _LONGEST_PAUSE_SECONDS) * random.uniform(0.5, 1.0))  # noqa: S311
            size, pauses = max(size // 2, 1), 0 if len(again) < len(now) else pauses + 1
    return refused


def write_anew(
    client: Elasticsearch,
    alias: str,
    gone: Sequence[str],
    documents: Sequence[Sent],
    *,
    trouble: Counter[str],
    pause: Callable[[float], None] = time.sleep,
) -> list[Refused]:
    """As `write`, after taking out what no version of the ledger can replace: documents that are not on it, and so come back by
    no page of it, and those under a version that it has not reached, which are among ``documents``.

    The server refuses versions below that of what it has deleted until it forgets; here it is made to forget at once, which it
    does at a refresh, by a clock that ticks five times a second.
    """
    if not gone:
        return write(client, alias, documents, trouble=trouble, pause=pause)
    forgets = "index.gc_deletes"
    client.indices.put_settings(index=alias, settings={forgets: "0s"})
    try:
        for start in range(0, len(gone), LARGEST_REQUEST):
            operations = [{"delete": {"_id": each}} for each in gone[start : start + LARGEST_REQUEST]]
            client.bulk(index=alias, operations=operations, require_alias=True)
        for _ in range(_MOST_LOOKS):
            client.indices.refresh(index=alias)
            refused = write(client, alias, documents, trouble=trouble, pause=pause)
            back = {each.id for each in documents}.intersection(gone) - {each.id for each in refused}
            if not back or all(each["found"] for each in _looked_up(client, alias, back)):
                return refused
            pause(_TICK_SECONDS)
        raise Overloaded(f"Elasticsearch does not forget that {', '.join(sorted(back)[:5])} were deleted")
    finally:
        client.indices.put_settings(index=alias, settings={forgets: None})


def _looked_up(client: Elasticsearch, alias: str, ids: Collection[str]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = client.mget(index=alias, ids=sorted(ids), source=False)["docs"]
    return found


def _send(
    client: Elasticsearch, alias: str, documents: Sequence[Sent], trouble: Counter[str]
) -> tuple[list[Sent], list[Refused]]:
    """What must be sent again, and what never."""
    try:
        answer = client.bulk(
            index=alias, operations=list(_operations(documents)), require_alias=True, filter_path=_READ
        )
    except ApiError as error:
        if error.status_code == _TOO_LARGE or _passes(error.status_code):
            trouble[f"{error.status_code}"] += 1
        if error.status_code == _TOO_LARGE and len(documents) == 1:
            (alone,) = documents
            return [], [Refused(alone.id, alone.version, str(error))]
        if error.status_code == _TOO_LARGE or _passes(error.status_code):
            return list(documents), []
        raise
    again, refused = [], []
    for document, item in zip(documents, answer["items"], strict=True):
        said = item["index"]
        if said["status"] >= 400 and said["status"] not in (_NEWER_IS_THERE, _NOT_THERE):
            trouble[f"{said['status']}"] += 1
        if _passes(said["status"]):
            again.append(document)
        elif said["status"] == _NOT_THERE:
            raise Lost(
                f"search index: {alias} leads to no index ({said['error']['reason']}): rebuild the index"
            )
        elif said["status"] >= 400 and said["status"] != _NEWER_IS_THERE:
            refused.append(Refused(document.id, document.version, _reason(said["error"])))
    return again, refused


def _passes(status: int) -> bool:
    """Too much to do just now, or trouble of the server's own."""
    return status == 429 or status >= 500


def _operations(documents: Sequence[Sent]) -> Iterator[Any]:
    """Bytes, which the client sends as they are (its types know of mappings only): its own way takes twice as long."""
    for each in documents:
        yield orjson.dumps(
            {"index": {"_id": each.id, "version": each.version, "version_type": "external_gte"}}
        )
        yield each.source


def _reason(error: Mapping[str, Any]) -> str:
    cause = error.get("caused_by", {}).get("reason", "")
    return ": ".join(filter(None, (error.get("type", ""), error.get("reason", ""), cause)))[:500]
