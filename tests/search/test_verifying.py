"""Whether an index holds what the ledger says: what was lost, changed or added behind its back is named and mended, in both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from cabletrace.db.driver import run
from cabletrace.db.engine import begin_write
from cabletrace.search import elastic_held, elastic_schema, held, rebuilding, tables_held, verifying
from cabletrace.search.documents import BatchDocument, Document
from cabletrace.search.elastic import ElasticIndex
from cabletrace.search.embedded import EmbeddedIndex
from cabletrace.search.follower import follow_page
from cabletrace.search.index import SearchIndex
from cabletrace.search.order import sort_keys
from cabletrace.search.rebuilding import rebuild_embedded
from cabletrace.search.tokens import query_terms
from cabletrace.search.verifying import Kind, verify

from .asking import EVERYTHING
from .conftest import GrowingMarket, Market, held_open

Open = Callable[..., Any]

#: Ledger indices that are compared together in these tests: several ranges of a small market.
FEW = 100


@pytest.fixture(autouse=True)
def short_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (held, verifying, rebuilding, elastic_held, tables_held):
        monkeypatch.setattr(module, "RANGE", FEW)


def follow(index: SearchIndex, market: Market) -> None:
    while follow_page(index, market.read_from, market.project):
        pass


def batches_of(market: Market) -> list[BatchDocument]:
    return [each for each in market.documents if isinstance(each, BatchDocument)]


@pytest.fixture
def followed(open_any: Open, market: Market) -> SearchIndex:
    index: SearchIndex = open_any()
    follow(index, market)
    return index


def named(found: Iterable[verifying.Difference]) -> dict[str, Kind]:
    return {each.code: each.kind for each in found}


@pytest.mark.parametrize("deep", [False, True])
def test_an_index_that_was_followed_holds_what_the_ledger_says(
    followed: SearchIndex, market: Market, deep: bool
) -> None:
    told: list[tuple[int, int]] = []

    found = verify(followed, market, deep=deep, progress=lambda *done: told.append(done))

    assert found.is_sound
    assert (found.batches, found.ranges_differing, found.differences) == (300, 0, ())
    assert found.up_to == market.head()
    size = len(market.documents)
    assert told[-1] == (size, size)
    assert len(told) == -(-size // FEW)


def test_what_was_changed_lost_and_added_is_named_and_mended(followed: SearchIndex, market: Market) -> None:
    # given: three batches of different ranges
    changed, lost, *_ = batches_of(market)[50], batches_of(market)[200]
    foreign = replace(changed, code="ZZZZZZZZZ0", seq=FEW + 1)
    assert foreign.seq not in {each.seq for each in batches_of(market)}
    followed.mend([replace(changed, maker="别的电缆厂"), *moves(market, changed), foreign], {lost.code})

    # when
    found = verify(followed, market)

    # then
    wanted = {changed.code: Kind.DIFFERENT, lost.code: Kind.MISSING, foreign.code: Kind.FOREIGN}
    assert named(found.differences) == wanted
    assert found.left == found.differences
    assert not found.is_sound
    assert 2 <= found.ranges_differing <= 3

    # and: it is mended once for all
    mended = verify(followed, market, repair=True)
    assert (named(mended.differences), mended.left) == (wanted, ())
    assert mended.is_sound
    assert verify(followed, market, deep=True).differences == ()
    for word, codes in (("别的电缆厂", ()), (lost.lot, (lost.code,)), ("ZZZZZZZZZ0", ())):
        hits = followed.search(query_terms(word), EVERYTHING)
        assert tuple(hit.code for hit in hits.rows) == codes


@pytest.mark.parametrize("deep", [False, True])
def test_while_the_index_lies_behind_only_what_it_has_read_is_compared(
    open_any: Open, market: Market, deep: bool
) -> None:
    # given: an index that has read half of a ledger, which then goes on with events of a batch in that half
    index: SearchIndex = open_any()
    half = next(each.seq for each in batches_of(market)[150:] if each.version > each.seq)
    ledger = GrowingMarket(market, half + 1)
    follow(index, ledger)
    ledger.size = len(market.documents)

    found = verify(index, ledger, deep=deep)

    assert found.is_sound
    assert found.up_to.seq == half
    assert found.on_the_way > 0
    follow(index, ledger)
    assert verify(index, ledger, deep=True).on_the_way == 0


def test_what_the_index_should_have_read_by_now_is_missing_and_not_on_its_way(
    open_any: Open, market: Market
) -> None:
    index: SearchIndex = open_any()
    follow(index, market)
    last = batches_of(market)[-1]
    index.mend((), {last.code})

    assert named(verify(index, market).differences) == {last.code: Kind.MISSING}


# --- Elasticsearch, by whoever has its password


def write_as_somebody_else(
    client: Elasticsearch, index: ElasticIndex, code: str, changed: dict[str, Any]
) -> None:
    """Changes members of a document under the version that it has."""
    alias = index._names.write
    there = client.get(index=alias, id=code).body
    client.index(
        index=alias,
        id=code,
        document=there["_source"] | changed,
        version=there["_version"],
        version_type="external_gte",
        refresh=True,
    )


@pytest.fixture
def elastic(open_elastic: Open, market: Market) -> ElasticIndex:
    index: ElasticIndex = open_elastic()
    follow(index, market)
    return index


@pytest.mark.full
@pytest.mark.parametrize(
    "changed",
    [
        {"of_verdict": "passed-by-force"},
        {"readers": ["k", "somebody"]},
        {"documents": []},
        {"circumstances": [{"pair": 0, "first": "sold", "second": ["41"], "open_to": ["k"]}]},
        {"code": "OTHERCODE0"},
    ],
)
def test_a_document_changed_without_its_digest_is_found_when_it_is_read_whole(
    elastic: ElasticIndex, elastic_client: Elasticsearch, market: Market, changed: dict[str, Any]
) -> None:
    code = batches_of(market)[7].code
    write_as_somebody_else(elastic_client, elastic, code, changed)

    assert verify(elastic, market).is_sound  # sums are of what documents say of themselves
    found = verify(elastic, market, deep=True, repair=True)

    assert named(found.differences) == {code: Kind.DIFFERENT}
    assert found.left == ()
    assert verify(elastic, market, deep=True).is_sound


@pytest.mark.full
def test_tokens_that_are_found_and_never_shown_are_compared_too(
    elastic: ElasticIndex, elastic_client: Elasticsearch, market: Market
) -> None:
    code = batches_of(market)[7].code
    nested = elastic_client.get(index=elastic._names.read, id=code)["_source"]["documents"]
    nested[0]["words"] += " " + " ".join(query_terms("走私").words[0].phrases[0])
    write_as_somebody_else(elastic_client, elastic, code, {"documents": nested})

    assert named(verify(elastic, market, deep=True).differences) == {code: Kind.DIFFERENT}


@pytest.mark.full
def test_a_version_that_the_ledger_has_not_reached_is_taken_out_so_that_it_stops_nothing(
    elastic: ElasticIndex, elastic_client: Elasticsearch, market: Market
) -> None:
    # given: somebody's version, above all that are to come
    code = batches_of(market)[7].code
    source = elastic_client.get(index=elastic._names.read, id=code)["_source"]
    elastic_client.index(
        index=elastic._names.write,
        id=code,
        document={**source, "of_verdict": "passed-by-force"},
        version=10**12,
        version_type="external",
        refresh=True,
    )

    found = verify(elastic, market, deep=True, repair=True)

    assert named(found.differences) == {code: Kind.DIFFERENT}
    assert found.left == ()
    (now,) = elastic.held([code])
    assert now.version == next(each.version for each in batches_of(market) if each.code == code)
    settings = elastic_client.indices.get_settings(index=elastic._names.write).body
    assert all("gc_deletes" not in each["settings"]["index"] for each in settings.values())


@pytest.mark.full
@pytest.mark.parametrize("seq", [None, -5, 10**12])
def test_a_document_that_lies_in_no_range_of_the_ledger_is_foreign(
    elastic: ElasticIndex, elastic_client: Elasticsearch, market: Market, seq: int | None
) -> None:
    document = {"code": "ZZZZZZZZZ0"} if seq is None else {"code": "ZZZZZZZZZ0", "seq": seq}
    elastic_client.index(index=elastic._names.write, id="ZZZZZZZZZ0", document=document, refresh=True)

    found = verify(elastic, market, repair=True)

    assert named(found.differences) == {"ZZZZZZZZZ0": Kind.FOREIGN}
    assert found.left == ()
    assert elastic.held(["ZZZZZZZZZ0"]) == []


@pytest.mark.full
def test_a_batch_that_somebody_moved_to_another_range_is_one_difference(
    elastic: ElasticIndex, elastic_client: Elasticsearch, market: Market
) -> None:
    code = batches_of(market)[7].code
    write_as_somebody_else(elastic_client, elastic, code, {"seq": 4 * FEW})

    found = verify(elastic, market, repair=True)

    assert named(found.differences) == {code: Kind.DIFFERENT}
    assert found.ranges_differing == 2
    assert found.left == ()


@pytest.mark.full
def test_a_dead_letter_is_told_and_is_no_difference_until_the_server_takes_it(
    open_elastic: Open, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given: a name longer than any keyword may be
    poison = batches_of(market)[7]
    index: ElasticIndex = open_elastic()
    with monkeypatch.context() as patch:
        patch.setattr(elastic_schema, "sort_keys", spoilt(poison.code))
        follow(index, market)
        found = verify(index, market, repair=True)

    assert [each.batch for each in found.dead_letters] == [poison.code]
    assert found.is_sound

    # when: the program has learnt to say it otherwise
    mended = verify(index, market, repair=True)

    assert mended.dead_letters == ()
    assert verify(index, market, deep=True).is_sound


def spoilt(code: str) -> Callable[[BatchDocument], tuple[str, str, str]]:
    def keys(document: BatchDocument) -> tuple[str, str, str]:
        first, _, last = sort_keys(document)
        return (first, "毒" * 20_000, last) if document.code == code else sort_keys(document)

    return keys


@pytest.mark.full
def test_what_is_read_from_is_given_back_to_the_server(
    elastic: ElasticIndex, elastic_client: Elasticsearch, market: Market
) -> None:
    assert verify(elastic, market, deep=True).is_sound

    assert held_open(elastic_client) == 0


@pytest.mark.parametrize("content", [{"a": 10**30}, {"a": "\ud800"}, {"b": 1.5, "a": ["文", None, True]}])
def test_whatever_somebody_wrote_has_a_digest_whatever_the_order_of_its_members(
    content: dict[str, Any],
) -> None:
    again = dict(reversed(content.items()))

    assert held.digest_of(again) == held.digest_of(content)
    assert held.digest_of({**content, "c": 1}) != held.digest_of(content)
    assert 0 <= held.digest_of(content) < 2**32


# --- the embedded engine, by whoever has its file


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE document SET fields = replace(fields, '电缆', '电览') WHERE batch = ?",
        "UPDATE document SET audience = audience || ' w00' WHERE event = '' AND batch = ?",
        "UPDATE document SET version = version + 1 WHERE event = '' AND batch = ?",
        "DELETE FROM document WHERE event <> '' AND batch = ?",
        "UPDATE batch SET of_verdict = 'passed-by-force' WHERE code = ?",
        "UPDATE batch SET by_maker = '' WHERE code = ?",
        "UPDATE batch SET traits_hash = x'00' WHERE code = ?",
        "UPDATE batch SET seq = 100000 WHERE code = ?",
        "DELETE FROM circumstance WHERE seq = (SELECT seq FROM batch WHERE code = ?)",
        "DELETE FROM batch WHERE code = ?",
    ],
)
def test_a_row_that_was_changed_is_found_and_mended(open_index: Open, market: Market, statement: str) -> None:
    index: EmbeddedIndex = open_index()
    follow(index, market)
    (batch,) = [
        each
        for each in batches_of(market)
        if "YJ" in each.designation and each.circumstances and len(moves(market, each)) > 1
    ][:1]
    with begin_write(index._engine) as tx:
        run(tx, statement, (batch.code,))

    found = verify(index, market, repair=True)

    assert list(named(found.differences)) == [batch.code]
    assert found.left == ()
    assert verify(index, market).is_sound
    assert index.search(query_terms(batch.lot), EVERYTHING).rows[0].code == batch.code


def moves(market: Market, batch: BatchDocument) -> list[Document]:
    return [each for each in market.project(frozenset({batch.code})) if each is not batch]


def test_the_embedded_index_is_made_anew_while_its_old_rows_are_searched(
    open_index: Open, market: Market
) -> None:
    # given: an index that lost a batch, and somebody who searches
    index, reader = open_index(), open_index()
    follow(index, market)
    index.mend((), {batches_of(market)[3].code})
    seen: list[int] = []

    class Watched(Market):
        def project(self, batches: frozenset[str]) -> Iterable[Document]:
            seen.append(reader.search(query_terms(""), EVERYTHING).total)
            if len(seen) == 2:
                raise OSError("disk full")
            return super().project(batches)

    watched = Watched(market.documents)

    # when: it fails in the middle, and is done again
    with pytest.raises(OSError, match="disk full"):
        rebuild_embedded(index, watched)
    found = rebuild_embedded(index, watched)

    # then
    assert found.is_sound
    before = -(
        -len(market.documents) // FEW
    )  # one look for each range until it is written, then those of the comparison
    assert set(seen[: 2 + before]) == {299}
    assert seen[-1] == 300
    assert reader.cursor() == market.head()
