"""Search, follower and rebuild of Elasticsearch beside the same server asked by a bare client: CABLETRACE_BENCH_BATCHES batches."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from elasticsearch import Elasticsearch
from measuring import house
from measuring.rounds import begin, percentile
from search_wide import BATCHES, COUNTED, COUNTY, EVERYTHING, invented, words_of

from cabletrace.app.process import keep_what_is_loaded
from cabletrace.db.engine import begin_write, open_sqlite
from cabletrace.ledger.follow import NOTHING_READ, Cursor
from cabletrace.model.scope import Scope
from cabletrace.search import elastic_place
from cabletrace.search.documents import Document
from cabletrace.search.elastic import ElasticIndex
from cabletrace.search.elastic_schema import source_of, template, whole_batches
from cabletrace.search.elastic_writing import LARGEST_REQUEST
from cabletrace.search.follower import PAGE, Accepted, follow_page
from cabletrace.search.order import Sort
from cabletrace.search.rebuilding import rebuild
from cabletrace.search.tokens import query_terms
from cabletrace.search.verifying import verify

sys.path.append(str(Path(__file__).parents[2] / "tests"))  # the server comes from where the tests have it
_tests: Any = import_module("elasticsearch_for_tests")

NAME = "bench"
#: Batches that the follower and the bare client write in one turn; the bare client sends as many at once, and refreshes as often.
TURN = 8_000
WHOLE, REFRESHED = LARGEST_REQUEST, PAGE // 2


class Invented:
    """The documents of the wide bench as a ledger: production and movement by turns, so that batch n is made by entry 2n."""

    def __init__(self, documents: Sequence[Document]):
        self._documents = documents
        self._place = {f"{n:010d}": 2 * n for n in range(len(documents) // 2)}
        self.size = 0

    def read_from(self, first: int, limit: int) -> list[Accepted]:
        last = min(first + limit, self.size)
        return [Accepted(n, b"%032d" % n, (f"{n // 2:010d}",)) for n in range(first, last)]

    def project(self, codes: frozenset[str]) -> Iterator[Document]:
        for code in sorted(codes):
            yield from self._documents[self._place[code] : self._place[code] + 2]

    def registered(self, first: int, end: int) -> frozenset[str]:
        return frozenset(f"{n // 2:010d}" for n in range(first + first % 2, min(end, self.size), 2))

    def head(self) -> Cursor:
        return Cursor(self.size - 1, b"%032d" % (self.size - 1)) if self.size else NOTHING_READ


def main() -> None:
    begin(
        f"an Elasticsearch on the same machine (heap 512 MB), {BATCHES:,} invented batches, each with a movement; bare = the same "
        "requests, or the same documents made beforehand, sent by the client alone; the two take turns and who goes first turns too"
    )
    with (
        house.folder() as folder,
        _tests.elasticsearch(to_be_measured=True) as server,
        _client(server) as client,
    ):
        engine = open_sqlite(folder.root / "place.db")
        with begin_write(engine) as tx:
            elastic_place.metadata.create_all(tx)
        index = ElasticIndex(client, engine, name=NAME, patience_seconds=30)
        index.begin()
        ledger = Invented(list(invented()))
        keep_what_is_loaded()  # as the process of the followers does
        fill(index, client, ledger)
        for kind in KINDS:
            ask(index, client, *kind)
        change(index, ledger, server)
        compare(index, ledger)
        engine.dispose()


@contextmanager
def _client(server: Any) -> Iterator[Elasticsearch]:
    with Elasticsearch(
        server.address, basic_auth=(_tests.USER, server.password), request_timeout=120
    ) as client:
        yield client


# --- writing


def fill(index: ElasticIndex, client: Elasticsearch, ledger: Invented) -> None:
    """The follower and the bare client by turns, each into an index of its own."""
    made = template("bare")["template"]
    client.indices.create(index="bare", settings=made["settings"], mappings=made["mappings"])
    follower, bare = 0.0, 0.0
    for start in range(0, BATCHES, TURN):
        codes = frozenset(f"{n:010d}" for n in range(start, min(start + TURN, BATCHES)))
        sources = [source_of(batch, each) for batch, each in whole_batches(ledger.project(codes))]
        ledger.size = 2 * min(start + TURN, BATCHES)
        turns = [lambda: _follow(index, ledger), lambda: _bulk(client, sources)]  # noqa: B023 (called at once)
        taken = {turn: _seconds(turn) for turn in (turns if start // TURN % 2 else turns[::-1])}
        follower, bare = follower + taken[turns[0]], bare + taken[turns[1]]
    print(
        f"follower {BATCHES / follower:,.0f} batches/s, bare bulk {BATCHES / bare:,.0f}: {bare / follower:.2f} of it; "
        f"aim 0.70, {'reached' if bare / follower >= 0.7 else 'MISSED'}",
        flush=True,
    )
    client.indices.delete(index="bare")


def _follow(index: ElasticIndex, ledger: Invented) -> None:
    while follow_page(index, ledger.read_from, ledger.project):
        pass


def _bulk(client: Elasticsearch, sources: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(sources), WHOLE):
        operations: list[dict[str, Any]] = []
        for each in sources[start : start + WHOLE]:
            operations += [{"index": {"_id": each["code"]}}, each]
        client.bulk(index="bare", operations=operations)
        if (start + WHOLE) % REFRESHED == 0:
            client.indices.refresh(index="bare")


def _seconds(do: Callable[[], object]) -> float:
    started = perf_counter()
    do()
    return perf_counter() - started


# --- asking

KINDS: tuple[tuple[str, str, Scope, dict[str, Any]], ...] = (
    ("two characters, everything", "two", EVERYTHING, {}),
    ("two characters, county", "two", COUNTY, {}),
    ("four characters, county", "four", COUNTY, {}),
    ("code, county", "code", COUNTY, {}),
    ("designation, everything", "spec", EVERYTHING, {}),
    ("a maker's name, best match, everything", "maker", EVERYTHING, {"sort": Sort.BEST}),
    ("four characters, four counts, county", "four", COUNTY, {"counted": COUNTED}),
)


def ask(
    index: ElasticIndex, client: Elasticsearch, name: str, words: str, scope: Scope, asked: dict[str, Any]
) -> None:
    """Through the engine, and the same requests by the client alone, each of a word that was asked for before."""
    ours: list[float] = []
    bare: list[float] = []
    asked_before = [(word, _bodies(index, word, scope, asked)) for word in words_of(words)]
    for n, (word, bodies) in enumerate(asked_before):
        turns: list[tuple[list[float], Callable[[], object]]] = [
            (ours, lambda: index.search(query_terms(word), scope, **asked)),  # noqa: B023 (called at once)
            (bare, lambda: [client.search(index=NAME, body=body) for body in bodies]),  # noqa: B023
        ]
        for taken, do in turns if n % 2 else turns[::-1]:
            taken.append(_seconds(do) * 1000)
    (p50, p99), (bare_p50, bare_p99) = (
        (percentile(each, 0.5), percentile(each, 0.99)) for each in (ours, bare)
    )
    aims = max(1.5 * bare_p50, bare_p50 + 3), 1.3 * bare_p99 + 10
    reached = "reached" if p50 <= aims[0] and p99 <= aims[1] else "MISSED"
    print(
        f"{name:<42} p50 {p50:6.1f} p99 {p99:6.1f} ms; bare {bare_p50:6.1f} {bare_p99:6.1f}; "
        f"{p50 / aims[0]:.2f} and {p99 / aims[1]:.2f} of the aims, {reached}",
        flush=True,
    )


def _bodies(index: ElasticIndex, word: str, scope: Scope, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """What the engine asks, without the reading of why: a bare search only finds. More than one where the newest are counted."""
    sent: list[dict[str, Any]] = []
    searching = index._searching

    class Heard:
        def search(self, *, index: str, body: dict[str, Any]) -> Any:
            sent.append(body)
            return searching.search(index=index, body=body)

    index._searching = Heard()  # type: ignore[assignment]
    try:
        index.search(query_terms(word), scope, **asked)
    finally:
        index._searching = searching
    return [{**body, "_source": False} for body in sent]


# --- comparing and exchanging


def compare(index: ElasticIndex, ledger: Invented) -> None:
    for deep in (False, True):
        started = perf_counter()
        found = verify(index, ledger, deep=deep)
        assert found.is_sound, found.left[:3]
        print(f"compared{', deep' if deep else ''}: {perf_counter() - started:.1f} s", flush=True)
    started = perf_counter()
    index.sums()
    print(f"sums of the server alone: {(perf_counter() - started) * 1000:.0f} ms", flush=True)


def change(index: ElasticIndex, ledger: Invented, server: Any) -> None:
    """A rebuild, while another process searches; beside it the same searches while nothing else is done."""
    idle = _searched_meanwhile(server, lambda: sleep(15))
    taken: list[float] = []
    busy = _searched_meanwhile(server, lambda: taken.append(_seconds(lambda: rebuild(index, ledger))))
    (seconds,) = taken
    print(
        f"rebuilt in {seconds:.0f} s ({BATCHES / seconds:,.0f} batches/s); searches meanwhile p50 {percentile(busy, 0.5):.1f} "
        f"p99 {percentile(busy, 0.99):.1f} ms ({len(busy)}), idle {percentile(idle, 0.5):.1f} {percentile(idle, 0.99):.1f} ({len(idle)})",
        flush=True,
    )


def _searched_meanwhile(server: Any, do: Callable[[], object]) -> list[float]:
    """Milliseconds of searches by a process of its own, for as long as this takes."""
    context = multiprocessing.get_context("spawn")
    ended, answers = context.Event(), context.Queue()
    process = context.Process(target=_search_on, args=(server.address, server.password, ended, answers))
    process.start()
    try:
        do()
    finally:
        ended.set()
    found: list[float] = answers.get(timeout=120)
    process.join()
    return found


def _search_on(address: str, password: str, ended: Any, answers: Any) -> None:
    from cabletrace.search.audience import scope_tokens
    from cabletrace.search.elastic_questions import found_by, matching

    told, taken = scope_tokens(COUNTY), []
    with Elasticsearch(address, basic_auth=(_tests.USER, password), request_timeout=120) as client:
        while not ended.is_set():
            for word in islice(words_of("four"), 20):
                body = {
                    "query": matching(found_by(query_terms(word), told)),
                    "size": 21,
                    "sort": [{"seq": "desc"}],
                }
                taken.append(_seconds(lambda: client.search(index=NAME, body=body)) * 1000)  # noqa: B023
    answers.put(taken)


if __name__ == "__main__":
    main()
