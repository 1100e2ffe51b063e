"""Pages of one answer that is read to its end, of one moment, while documents come and change: in both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from cabletrace.search.documents import BatchDocument, MovementDocument
from cabletrace.search.follower import follow_page
from cabletrace.search.index import Searchable, SearchIndex
from cabletrace.search.order import Sort
from cabletrace.search.tokens import query_terms

from .asking import EVERYTHING
from .conftest import GrowingMarket, Market, held_open

Open = Callable[..., Any]


@pytest.fixture
def growing(market: Market) -> GrowingMarket:
    return GrowingMarket(market, 300)


@pytest.fixture
def followed(open_any: Open, growing: GrowingMarket) -> SearchIndex:
    index: SearchIndex = open_any()
    follow(index, growing)
    return index


def follow(index: SearchIndex, market: GrowingMarket) -> None:
    while follow_page(index, market.read_from, market.project):
        pass


def read_to_the_end(asked: Searchable, sort: Sort, words: str) -> Iterator[list[str]]:
    after, more = None, True
    while more:
        hits = asked.search(query_terms(words), EVERYTHING, sort=sort, limit=17, after=after)
        yield [hit.code for hit in hits.rows]
        after, more = hits.after, hits.after is not None


@pytest.mark.parametrize("words", ["", "示范"])
@pytest.mark.parametrize("sort", list(Sort))
def test_pages_read_while_documents_come_and_change_have_neither_doubles_nor_holes(
    followed: SearchIndex, growing: GrowingMarket, sort: Sort, words: str
) -> None:
    # given: what is found at this moment, and as of which entry
    wanted = followed.search(query_terms(words), EVERYTHING, sort=sort, limit=500)

    # when: after each page the ledger goes on, and what every order goes by changes
    read: list[str] = []
    with followed.at_one_moment() as still:
        for page in read_to_the_end(still, sort, words):
            read += page
            growing.size = min(growing.size + 40, 600)
            follow(followed, growing)
            rename_all(followed, growing)
        at_the_end = still.search(query_terms(words), EVERYTHING, sort=sort, limit=500)

    # then
    assert read == [hit.code for hit in wanted.rows]
    assert at_the_end == wanted
    assert followed.search(query_terms(words), EVERYTHING, sort=sort, limit=500) != wanted


def rename_all(index: SearchIndex, market: GrowingMarket) -> None:
    """Another maker, another day of production for the first batches, under the version that they have."""
    codes = market.registered(0, 60)
    changed = [
        replace(each, maker="安徽示范电缆", produced_on=None) if isinstance(each, BatchDocument) else each
        for each in market.project(codes)
    ]
    assert any(isinstance(each, MovementDocument) for each in changed)
    index.mend(changed, ())


@pytest.mark.full
@pytest.mark.parametrize("cut_short", [False, True])
def test_the_server_is_told_when_it_need_not_keep_a_moment_any_longer(
    open_elastic: Open, elastic_client: Elasticsearch, growing: GrowingMarket, cut_short: bool
) -> None:
    index: SearchIndex = open_elastic()
    follow(index, growing)

    with index.at_one_moment() as still:
        pages = read_to_the_end(still, Sort.NEWEST, "")
        next(pages)
        assert held_open(elastic_client) == 1
        if not cut_short:
            assert len(list(pages)) > 3

    assert held_open(elastic_client) == 0
