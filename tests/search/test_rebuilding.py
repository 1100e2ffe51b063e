"""A new index takes the place of the one that serves: while it is followed and searched, killed at each step, and of another version."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from cabletrace.errors import Broken, InputError
from cabletrace.search import elastic, elastic_changing, elastic_schema
from cabletrace.search.documents import BatchDocument, MovementDocument
from cabletrace.search.elastic import ElasticIndex
from cabletrace.search.elastic_writing import Refused, Sent, write
from cabletrace.search.follower import Follower, follow_page
from cabletrace.search.rebuilding import rebuild, roll_back
from cabletrace.search.tokens import query_terms
from cabletrace.search.verifying import verify

from .asking import EVERYTHING
from .conftest import GrowingMarket, Market, make_market

pytestmark = pytest.mark.full

Open = Callable[..., ElasticIndex]


def behind(client: Elasticsearch, index: ElasticIndex) -> str:
    """The one index that serves, to readers and writers."""
    (name,) = {each for alias in index._names.both for each in client.indices.get_alias(name=alias).body}
    return name


def of_this_name(client: Elasticsearch, index: ElasticIndex) -> set[str]:
    """Every index that is there under this name, whatever it is for."""
    return set(client.indices.get(index=f"{index._names.name}.*").body)


def follow(index: ElasticIndex, ledger: Market | GrowingMarket) -> None:
    while follow_page(index, ledger.read_from, ledger.project):
        pass


def total(index: ElasticIndex) -> int:
    return index.search(query_terms(""), EVERYTHING).total


@pytest.fixture
def served(open_elastic: Open, market: Market) -> ElasticIndex:
    index = open_elastic()
    follow(index, market)
    return index


def test_a_new_index_takes_over_and_the_old_one_is_kept(
    served: ElasticIndex, elastic_client: Elasticsearch, market: Market
) -> None:
    old = behind(elastic_client, served)
    hits = served.search(query_terms("示范"), EVERYTHING, limit=500)

    found = rebuild(served, market)

    assert found.is_sound
    assert found.up_to == market.head()
    new = behind(elastic_client, served)
    assert new != old
    assert served.cursor() == market.head()
    assert served.search(query_terms("示范"), EVERYTHING, limit=500) == hits
    assert of_this_name(elastic_client, served) == {old, new}

    # and: the next one lets go what was kept
    rebuild(served, market)
    newest = behind(elastic_client, served)
    assert of_this_name(elastic_client, served) == {new, newest}


def test_the_follower_goes_on_and_no_search_finds_less_than_before(
    open_elastic: Open, market: Market
) -> None:
    # given: a ledger that grows all the time, a follower, and somebody who searches
    ledger = GrowingMarket(market, 200)
    index = open_elastic()
    follow(index, ledger)
    whole = len(market.documents)

    def grow() -> None:
        while ledger.size < whole and not ended.wait(0.01):
            ledger.size += 1

    def look() -> None:
        reader = open_elastic()
        while not ended.is_set():
            hits = reader.search(query_terms(""), EVERYTHING, limit=1)
            seen.append((hits.current_to, hits.total, len(ledger.registered(0, hits.current_to + 1))))

    seen: list[tuple[int, int, int]] = []
    sizes: list[int] = []
    ended = threading.Event()
    follower = Follower(open_elastic(), ledger.read_from, ledger.project, page=20, poll_seconds=0.01)
    threads = [threading.Thread(target=each) for each in (grow, look)]
    follower.start()
    for thread in threads:
        thread.start()

    # when
    try:
        for _ in range(3):
            rebuild(index, ledger)
            sizes.append(ledger.size)
        ledger.size = whole
        assert follower.wait_until(whole - 1, timeout=60)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
        follower.stop()

    # then
    assert sizes[0] > 200
    assert len(seen) > 20
    assert [found for _, found, _ in seen] == sorted(found for _, found, _ in seen)
    assert all(found >= promised for _, found, promised in seen)
    assert follower.broken is None
    assert verify(index, market, deep=True).is_sound
    assert total(index) == 300


def test_an_index_that_has_not_come_as_far_does_not_take_over(
    served: ElasticIndex, elastic_client: Elasticsearch, market: Market
) -> None:
    old = behind(elastic_client, served)
    new = served.begin_another()
    ledger = GrowingMarket(market, len(market.documents) - 1)
    follow(new, ledger)

    assert not served.give_way_to(new)

    assert behind(elastic_client, served) == old
    follow(new, market)
    assert served.give_way_to(new)
    assert behind(elastic_client, served) != old


def test_without_holding_the_place_still_a_follower_loses_a_page(
    served: ElasticIndex, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard above is what saves the page: an index that lies behind, taken over while a page is under way, misses it."""
    monkeypatch.setattr(elastic_changing, "has_come_as_far", lambda *_: True)
    new = served.begin_another()
    follow(new, GrowingMarket(market, len(market.documents) - 60))
    moved = next(each for each in market.documents if isinstance(each, MovementDocument))
    longer = Market((*market.documents, replace(moved, id="one-more", version=len(market.documents))))

    def taken_over(codes: frozenset[str]) -> Any:
        assert served.give_way_to(new)
        return longer.project(codes)

    # when: the follower has read how far the old one has come, and then writes to the new one
    follow_page(served, longer.read_from, taken_over)

    assert served.cursor() == longer.head()
    assert not verify(served, longer).is_sound


def test_an_index_that_does_not_hold_what_the_ledger_says_never_takes_over(
    served: ElasticIndex, elastic_client: Elasticsearch, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = behind(elastic_client, served)
    lost = next(each.code for each in market.documents if isinstance(each, BatchDocument))

    # given: a program that does not write one batch, whatever it is told
    def forgetful(client: Elasticsearch, alias: str, sent: list[Sent], **said: Any) -> list[Refused]:
        return write(client, alias, [each for each in sent if each.id != lost], **said)

    monkeypatch.setattr(elastic, "write", forgetful)
    monkeypatch.setattr(ElasticIndex, "mend", lambda *_: None)

    with pytest.raises(Broken, match=f"missing {lost}.*the old one serves on"):
        rebuild(served, market)

    assert behind(elastic_client, served) == old
    assert total(served) == 300


class Killed(BaseException):
    """What nobody catches."""


@contextmanager
def killed_at(client: Elasticsearch, call: int, *, answered: bool) -> Iterator[list[str]]:
    """The process ends at one of its calls of the server, before it or when the server has done it; gives the calls."""
    transport, calls = client.transport, []
    perform = transport.perform_request

    def dying(method: str, target: str, **said: Any) -> Any:
        calls.append(f"{method} {target}")
        if len(calls) == call and not answered:
            raise Killed
        answer = perform(method, target, **said)
        if len(calls) == call:
            raise Killed
        return answer

    transport.perform_request = dying  # type: ignore[method-assign]
    try:
        yield calls
    finally:
        del transport.perform_request  # the class has it


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("way", ["rebuild", "roll back"])
def test_killed_at_any_call_one_whole_index_serves_and_the_next_rebuild_leaves_nothing_over(
    open_elastic: Open, elastic_client: Elasticsearch, answered: bool, way: str
) -> None:
    market = make_market(20)
    index = open_elastic()
    follow(index, market)
    rebuild(index, market)
    begun = of_this_name(elastic_client, index)
    change = rebuild if way == "rebuild" else roll_back

    killed, done, taken_over = 0, False, 0
    while not done:
        before = behind(elastic_client, index)
        with killed_at(elastic_client, killed + 1, answered=answered) as calls:
            try:
                change(index, market)
                done = len(calls) <= killed
            except Killed:
                killed += 1

        # then: what serves is whole, for readers, for writers and for whoever asks how far it has come
        again = open_elastic()
        assert total(again) == 20
        assert again.cursor() == market.head()
        assert again.search(query_terms(""), EVERYTHING).current_to == market.head().seq
        assert verify(again, market, deep=True).is_sound
        taken_over += behind(elastic_client, index) != before

    assert killed > 5
    assert taken_over == 1 + answered
    rebuild(index, market)
    assert len(of_this_name(elastic_client, index)) == 2
    assert of_this_name(elastic_client, index).isdisjoint(begun) or way == "roll back"


@pytest.mark.parametrize("part", ["TOKENISER_VERSION", "SCHEMA_VERSION", "ELASTIC_VERSION"])
def test_an_index_of_another_version_stays_until_the_step_and_is_not_rolled_back_to(
    served: ElasticIndex,
    open_elastic: Open,
    elastic_client: Elasticsearch,
    market: Market,
    monkeypatch: pytest.MonkeyPatch,
    part: str,
) -> None:
    # given: a program of a newer version, which cannot read what serves
    old = behind(elastic_client, served)
    with monkeypatch.context() as patch:
        patch.setattr(elastic_schema, part, 999)
        newer = open_elastic()
        with pytest.raises(Broken, match="rebuild the index"):
            newer.cursor()

        # when: it rebuilds; the old one is there until the last step
        class Watched(Market):
            def project(self, batches: frozenset[str]) -> Any:
                assert behind(elastic_client, served) == old
                assert elastic_client.count(index=served._names.read)["count"] == 300
                return super().project(batches)

        rebuild(newer, Watched(market.documents))

        # then
        assert behind(elastic_client, served) != old
        assert newer.cursor() == market.head()
        assert total(newer) == 300
        with pytest.raises(InputError, match="no index of this version was kept"):
            roll_back(newer, market)

    # and: the old program says that it is another's, until it rebuilds for itself
    with pytest.raises(Broken, match="rebuild the index"):
        served.cursor()
    rebuild(served, market)
    assert total(served) == 300


def test_the_kept_index_is_brought_to_the_end_of_the_ledger_before_it_serves_again(
    open_elastic: Open, elastic_client: Elasticsearch, market: Market
) -> None:
    # given: a ledger that went on after the new index had taken over
    ledger = GrowingMarket(market, 300)
    index = open_elastic()
    follow(index, ledger)
    old = behind(elastic_client, index)
    rebuild(index, ledger)
    ledger.size = len(market.documents)
    follow(index, ledger)

    roll_back(index, ledger)

    assert behind(elastic_client, index) == old
    assert index.cursor() == market.head()
    assert verify(index, market, deep=True).is_sound


def test_there_is_nothing_to_roll_back_to_before_anything_took_over(
    served: ElasticIndex, market: Market
) -> None:
    with pytest.raises(InputError, match="no index of this version was kept"):
        roll_back(served, market)


def test_starting_over_forgets_what_was_kept_and_what_was_begun(
    served: ElasticIndex, elastic_client: Elasticsearch, market: Market
) -> None:
    rebuild(served, market)
    served.begin_another()

    served.start_over()

    assert of_this_name(elastic_client, served) == {behind(elastic_client, served)}
    with pytest.raises(InputError):
        served.kept()
