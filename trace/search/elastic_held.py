"""What Elasticsearch holds, to be compared with the ledger: sums out of one aggregation, and batches read whole and digested anew.

Sums add up the digests that documents say of themselves. Read whole, a document that is not what it says is found, too:
the server gives out every field as it was sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from .elastic_questions import Clause, any_of
from .elastic_schema import held_in_source
from .held import NOWHERE, RANGE, Held, Sum

#: Whole documents in one answer.
_PAGE = 500
#: How long the server keeps what is read from, between two answers.
KEPT = "2m"


def sums(client: Elasticsearch, name: str) -> Mapping[int, Sum]:
    """Every range in which there is a document, those without a place of their own in `NOWHERE`."""
    ranges = {
        "histogram": {"field": "seq", "interval": RANGE, "min_doc_count": 1, "missing": NOWHERE},
        "aggs": {of: {how: {"field": of}} for of, how in (("version", "max"), ("digest", "sum"))},
    }
    answer = client.search(index=name, size=0, track_total_hits=False, aggs={"ranges": ranges})
    found: dict[int, Sum] = {}
    for bucket in answer["aggregations"]["ranges"]["buckets"]:
        first = max(int(bucket["key"]), NOWHERE)
        known = found.get(first, Sum())
        version = -1 if bucket["version"]["value"] is None else int(bucket["version"]["value"])
        found[first] = Sum(
            known.batches + bucket["doc_count"],
            max(known.version, version),
            known.digests + int(bucket["digest"]["value"]),
        )
    return found


def held_in(client: Elasticsearch, name: str, first: int) -> Iterator[Held]:
    """Every batch of the range that begins there."""
    if first == NOWHERE:
        outside: Clause = {"bool": {"must_not": {"exists": {"field": "seq"}}}}
        return _read(client, name, any_of([outside, {"range": {"seq": {"lt": 0}}}]))
    return _read(client, name, {"range": {"seq": {"gte": first, "lt": first + RANGE}}})


def held(client: Elasticsearch, name: str, codes: Sequence[str]) -> Iterator[Held]:
    """What is held under these codes."""
    for start in range(0, len(codes), _PAGE):
        yield from _read(client, name, {"ids": {"values": list(codes[start : start + _PAGE])}})


def _read(client: Elasticsearch, name: str, query: Clause) -> Iterator[Held]:
    with at_one_moment(client, name) as pit:
        behind: dict[str, Any] = {}
        while True:
            answer = client.search(
                body={
                    "pit": pit,
                    "query": query,
                    "size": _PAGE,
                    "version": True,
                    "sort": ["_shard_doc"],
                    "track_total_hits": False,
                    **behind,
                }
            )
            hits = answer["hits"]["hits"]
            for hit in hits:
                yield held_in_source(hit["_id"], hit["_version"], hit["_source"])
            if len(hits) < _PAGE:
                return
            pit["id"] = answer["pit_id"]
            behind = {"search_after": hits[-1]["sort"]}


@contextmanager
def at_one_moment(client: Elasticsearch, name: str) -> Iterator[dict[str, str]]:
    """The index as it is now, for as many questions as are asked of it; the server is told when it is wanted no more. Its
    newest name goes into ``id``, whoever gets one."""
    pit = {"id": str(client.open_point_in_time(index=name, keep_alive=KEPT)["id"]), "keep_alive": KEPT}
    try:
        yield pit
    finally:
        with suppress(NotFoundError):  # nobody asked for so long that it is gone
            client.close_point_in_time(id=pit["id"])
