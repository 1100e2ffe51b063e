"""What is Elasticsearch's own: its template and aliases, versions that replace, documents it will not take, pressure, places, and
that its answers tell no more than those of the embedded engine."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import ApiError, AuthenticationException, BadRequestError, Elasticsearch

from cabletrace.db.engine import begin_write, open_sqlite
from cabletrace.errors import Broken
from cabletrace.ledger.follow import NOTHING_READ, Cursor
from cabletrace.model.scope import Scope
from cabletrace.search import elastic_place, elastic_schema, elastic_writing
from cabletrace.search.audience import ANYBODY, Ways, label_ways, scope_tokens
from cabletrace.search.documents import BatchDocument, Field, MovementDocument
from cabletrace.search.elastic import ElasticIndex
from cabletrace.search.elastic_reasons import reasons_in
from cabletrace.search.elastic_writing import Overloaded, Sent, write
from cabletrace.search.facets import Facet
from cabletrace.search.follower import follow_page
from cabletrace.search.index import Away, Lost, Standing
from cabletrace.search.order import Sort
from cabletrace.search.tokens import query_terms
from elasticsearch_for_tests import USER, Server

from .asking import EVERYTHING, ask, choose_filters
from .conftest import BUYERS, PROJECTS, Market
from .test_embedded_search import codes, foreign_goods
from .test_nothing_leaks import COUNTY, FOREIGN, told_otherwise

Open = Callable[..., ElasticIndex]


def physical(client: Elasticsearch, index: ElasticIndex) -> str:
    """The one index behind both aliases."""
    behind = {alias: set(client.indices.get_alias(name=alias).body) for alias in names(index)}
    (name,) = set.union(*behind.values())
    assert all(each == {name} for each in behind.values())
    return name


def names(index: ElasticIndex) -> tuple[str, str]:
    return index._names.both


# --- template, aliases, authentication


@pytest.mark.full
def test_an_index_says_what_it_was_made_by_and_takes_no_field_that_it_does_not_know(
    open_elastic: Open, elastic_client: Elasticsearch
) -> None:
    index = open_elastic()
    name = physical(elastic_client, index)

    mapping = elastic_client.indices.get_mapping(index=name)[name]["mappings"]

    assert mapping["dynamic"] == "strict"
    assert mapping["_meta"] == elastic_schema.meta()
    with pytest.raises(BadRequestError, match="strict_dynamic_mapping"):
        elastic_client.index(index=name, document={"surprise": 1})


@pytest.mark.full
def test_whoever_has_another_password_is_refused(elastic_server: Server) -> None:
    guessing = Elasticsearch(elastic_server.address, basic_auth=(USER, "guessed"))
    with guessing as client, pytest.raises(AuthenticationException):
        client.search(index="cable-batch")


@pytest.mark.full
def test_starting_over_leaves_an_empty_index_behind_the_same_names(
    open_elastic: Open, elastic_client: Elasticsearch
) -> None:
    index = open_elastic()
    index.apply(foreign_goods(), Cursor(2, b"h"))
    before = physical(elastic_client, index)

    index.start_over()

    assert physical(elastic_client, index) != before
    assert not elastic_client.indices.exists(index=before)
    assert index.cursor() == NOTHING_READ
    assert index.search(query_terms(""), EVERYTHING).total == 0


@pytest.mark.full
@pytest.mark.parametrize("part", ["TOKENISER_VERSION", "SCHEMA_VERSION", "ELASTIC_VERSION"])
def test_an_index_of_another_version_is_not_asked_until_somebody_starts_over(
    open_elastic: Open, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    open_elastic().apply(foreign_goods(), Cursor(2, b"h"))

    monkeypatch.setattr(elastic_schema, part, 999)
    index = open_elastic()

    for use in (lambda: index.apply(foreign_goods(), Cursor(3, b"i")), index.cursor, index.standing):
        with pytest.raises(Broken, match=r"999.*rebuild the index"):
            use()
    for ask_it in (
        lambda: index.search(query_terms(""), EVERYTHING),
        lambda: index.suggest("秘密", EVERYTHING),
    ):
        with pytest.raises(Away, match=r"999.*rebuild the index"):
            ask_it()
    assert not index.answers()
    index.start_over()
    index.apply(foreign_goods(), Cursor(2, b"h"))
    assert index.search(query_terms("秘密"), EVERYTHING).total == 1


@pytest.mark.full
def test_an_index_that_was_lost_is_noticed_and_nothing_springs_up_in_its_place(
    open_elastic: Open, elastic_client: Elasticsearch
) -> None:
    index = open_elastic()
    index.apply(foreign_goods(), Cursor(2, b"h"))
    elastic_client.indices.delete(index=physical(elastic_client, index))

    for use in (
        index.cursor,
        lambda: index.apply(foreign_goods(), Cursor(3, b"i")),
        lambda: write(
            elastic_client, names(index)[1], [Sent("A", 1, b'{"code": "A"}')], trouble=Counter[str]()
        ),
    ):
        with pytest.raises(Lost, match="rebuild the index"):
            use()
    with pytest.raises(Away):
        index.search(query_terms(""), EVERYTHING)
    assert not index.answers()
    assert not elastic_client.indices.exists(index=names(index)[1])


@pytest.mark.full
def test_whoever_follows_begins_anew_where_the_index_was_lost_and_leaves_one_that_is_there(
    open_elastic: Open, elastic_client: Elasticsearch, market: Market
) -> None:
    index = open_elastic()
    while follow_page(index, market.read_from, market.project, page=200):
        pass
    everything = index.search(query_terms(""), EVERYTHING).total
    before = physical(elastic_client, index)
    elastic_client.indices.delete(index=before)

    while follow_page(index, market.read_from, market.project, page=200):
        pass
    index.begin()  # as a second one would that comes late

    assert index.search(query_terms(""), EVERYTHING).total == everything > 0
    assert physical(elastic_client, index) != before
    assert index.standing().reached == len(market.documents) - 1


@pytest.mark.full
def test_what_was_forgotten_is_not_searched_and_filled_from_the_first_entry(
    open_elastic: Open, market: Market
) -> None:
    index = open_elastic()
    follow_page(index, market.read_from, market.project, page=10**6)

    with begin_write(index._engine) as tx:
        elastic_place.forget(tx, index._names.read)

    with pytest.raises(Away):
        index.search(query_terms(""), EVERYTHING)
    follow_page(index, market.read_from, market.project, page=50)
    assert index.standing().reached == 49


def test_a_server_that_does_not_answer_is_away_and_is_not_waited_for_by_everybody(tmp_path) -> None:
    engine = open_sqlite(tmp_path / "elastic.db")
    with begin_write(engine) as tx:
        elastic_place.metadata.create_all(tx)
        elastic_place.begin_anew(tx, "some", f"some.{'.'.join(map(str, elastic_schema.meta().values()))}.1")
    with Elasticsearch("http://127.0.0.1:9", max_retries=0) as client:
        index = ElasticIndex(client, engine, name="some")
        asked = []
        index._searching.search = lambda **said: asked.append(said) or client.search(**said)  # type: ignore[method-assign]

        for _ in range(3):
            with pytest.raises(Away) as caught:
                index.search(query_terms("电缆"), EVERYTHING)
            assert caught.value.status == "connection"
        assert len(asked) == 1
        assert not index.answers()

        for follow in (index.cursor, index.begin, lambda: index.apply([], Cursor(3, b"i"))):
            with pytest.raises(Away):
                follow()
        assert index.standing() == Standing(reached=-1, troubles={"connection": 3})
    engine.dispose()


@pytest.mark.full
def test_an_index_that_was_exchanged_behind_the_back_is_noticed(
    open_elastic: Open, elastic_client: Elasticsearch
) -> None:
    index = open_elastic()
    index.apply(foreign_goods(), Cursor(2, b"h"))
    read, written = names(index)
    other = f"{physical(elastic_client, index)}0"
    elastic_client.indices.create(index=other)
    elastic_client.indices.update_aliases(
        actions=[
            {"remove": {"index": f"{read}.*", "alias": written}},
            {"add": {"index": other, "alias": written}},
        ]
    )

    with pytest.raises(Broken, match="rebuild the index"):
        index.cursor()


def test_a_name_that_lies_within_another_is_refused(tmp_path) -> None:
    engine = open_sqlite(tmp_path / "elastic.db")

    with pytest.raises(ValueError, match="without a dot"):
        ElasticIndex(Elasticsearch("http://127.0.0.1:9"), engine, name="cable-batch.mine")

    engine.dispose()


# --- versions


@pytest.mark.full
def test_a_newer_state_of_a_batch_replaces_the_whole_of_it_and_an_older_one_nothing(
    open_elastic: Open,
) -> None:
    index = open_elastic()
    batch, move = foreign_goods()
    index.apply([batch, move], Cursor(2, b"h"))
    corrected = replace(move, version=5, project="更正后的工程", parties=frozenset({"92NEW"}))

    index.apply([batch, corrected], Cursor(5, b"i"))
    index.apply([batch, move], Cursor(6, b"j"))

    theirs = Scope(parties=frozenset({"92NEW"}))
    assert codes(index.search(query_terms("更正后"), theirs)) == ["AAAAAAAAA0"]
    assert index.search(query_terms("秘密工程"), EVERYTHING).rows == ()
    assert index.search(query_terms("更正后"), Scope(parties=frozenset({"91M1"}))).rows == ()
    assert index.dead_letters() == ()


@pytest.mark.full
def test_the_same_version_may_be_written_anew(open_elastic: Open) -> None:
    index = open_elastic()
    batch, move = foreign_goods()
    index.apply([batch, move], Cursor(2, b"h"))

    index.apply([replace(batch, maker="改名后的电缆厂"), move], Cursor(2, b"h"))

    assert codes(index.search(query_terms("改名后"), EVERYTHING)) == ["AAAAAAAAA0"]


# --- the follower


@pytest.mark.full
@pytest.mark.parametrize("page", [40, 1000])
def test_the_ledger_is_followed_to_its_end(
    open_elastic: Open, filled_elastic: ElasticIndex, market: Market, page: int
) -> None:
    index, read = open_elastic(), []

    while step := follow_page(index, market.read_from, market.project, page=page):
        read.append(step)

    last = len(market.documents) - 1
    assert sum(read) == last + 1
    assert index.cursor() == Cursor(last, market.read_from(last, 1)[0].entry_hash)
    followed, written = (
        each.search(query_terms("示范"), EVERYTHING, limit=500) for each in (index, filled_elastic)
    )
    assert followed == written
    assert followed.current_to == last


@pytest.mark.full
def test_a_ledger_that_was_restored_from_an_older_copy_is_not_followed(
    open_elastic: Open, market: Market
) -> None:
    index = open_elastic()
    follow_page(index, market.read_from, market.project, page=40)

    def restored(seq: int, limit: int) -> list[Any]:
        return [replace(entry, entry_hash=b"other") for entry in market.read_from(seq, limit)]

    with pytest.raises(Broken, match="rebuild the index"):
        follow_page(index, restored, market.project)
    assert index.cursor().seq == 39


@pytest.mark.full
def test_a_follower_that_ends_between_the_index_and_its_place_writes_the_page_again(
    open_elastic: Open, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given: documents are written, and then the process is gone
    index = open_elastic()
    with monkeypatch.context() as patch:
        patch.setattr(elastic_place, "write_place", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            follow_page(index, market.read_from, market.project, page=50)
    assert index.cursor() == NOTHING_READ

    # when
    again = open_elastic()
    while follow_page(again, market.read_from, market.project, page=50):
        pass

    # then
    assert again.search(query_terms(""), EVERYTHING).total == 300
    assert again.dead_letters() == ()


@pytest.mark.full
def test_a_document_that_the_server_will_not_take_is_kept_as_a_dead_letter_and_the_others_go_on(
    open_elastic: Open,
) -> None:
    # given: a name longer than any keyword may be
    index = open_elastic()
    batch, move = foreign_goods()
    poison = replace(batch, code="BBBBBBBBB0", seq=7, version=8, maker="毒" * 20_000)

    index.apply([batch, move, poison], Cursor(8, b"h"))

    (letter,) = index.dead_letters()
    assert (letter.batch, letter.version) == ("BBBBBBBBB0", 8)
    assert "failed to parse field [by_maker]" in letter.reason
    assert index.cursor().seq == 8
    assert codes(index.search(query_terms(""), EVERYTHING)) == ["AAAAAAAAA0"]

    # and: when it is mended it is no dead letter any more
    index.apply([replace(poison, version=9, maker="好名字电缆厂")], Cursor(9, b"i"))
    assert index.dead_letters() == ()
    assert codes(index.search(query_terms("好名字"), EVERYTHING)) == ["BBBBBBBBB0"]


def test_a_movement_without_its_batch_is_an_invariant_broken() -> None:
    _, move = foreign_goods()

    with pytest.raises(Broken, match="which is not here"):
        list(elastic_schema.whole_batches([move]))


def test_nothing_is_kept_of_a_void_event() -> None:
    batch, move = foreign_goods()
    assert isinstance(batch, BatchDocument)
    assert isinstance(move, MovementDocument)

    source = elastic_schema.source_of(batch, [batch, replace(move, void=True)])

    assert [each["event"] for each in source["documents"]] == [""]
    assert ANYBODY in source["readers"]
    assert "秘密" not in str(source)


def test_a_document_is_sent_as_it_is_compared() -> None:
    batch, move = foreign_goods()
    assert isinstance(batch, BatchDocument)

    sent = json.loads(elastic_schema.json_of(batch, [batch, move]))

    assert sent == json.loads(json.dumps(elastic_schema.source_of(batch, [batch, move])))
    assert elastic_schema.held_in_source(batch.code, sent["version"], sent).digest == sent["digest"]


def test_why_a_batch_was_found_is_read_only_where_the_asker_may_read() -> None:
    batch, move = foreign_goods()
    assert isinstance(batch, BatchDocument)
    source = elastic_schema.source_of(batch, [batch, move])
    buyer, home = (
        scope_tokens(Scope(parties=frozenset({"92SECRET"}))),
        scope_tokens(Scope(regions=("411603",))),
    )
    label = label_ways(Scope(regions=("411603",)))

    def told(typed: str, asked: Ways) -> list[tuple[Field, str | None]]:
        return [(each.field, each.movement) for each in reasons_in(source, query_terms(typed), asked)]

    assert told("秘密工程", buyer) == [(Field.PROJECT, "event-secret")]
    assert told("秘密工程", home) == []
    assert told("淮阳", home) == [(Field.MADE_IN, None)]
    assert told("淮阳", label) == []
    assert told(batch.lot, label) == [(Field.LOT, None)]
    assert told(f"{batch.lot} 淮阳", home) == [(Field.LOT, None), (Field.MADE_IN, None)]


def test_an_older_place_and_that_of_another_index_replace_nothing(tmp_path) -> None:
    engine = open_sqlite(tmp_path / "elastic.db")
    with begin_write(engine) as tx:
        elastic_place.metadata.create_all(tx)
        elastic_place.begin_anew(tx, "some", "some.1")

        for index_name, cursor in [
            ("some.1", Cursor(7, b"h")),
            ("some.1", Cursor(6, b"g")),
            ("some.0", Cursor(9, b"i")),
        ]:
            elastic_place.write_place(tx, "some", index_name, cursor)

        assert elastic_place.read_place(tx, "some") == ("some.1", Cursor(7, b"h"))
    engine.dispose()


# --- pressure


class BusyServer:
    """Answers bulk requests like a server that takes so many documents at once, and after ``busy`` requests at all."""

    def __init__(self, *, takes: int = 10**6, busy: int = 0, status: int = 429, whole: bool = True):
        self.takes, self.busy, self.status, self.whole = takes, busy, status, whole
        self.requests: list[int] = []
        self.taken: list[str] = []
        self.pauses: list[float] = []
        self.troubles: Counter[str] = Counter()

    def options(self, **said: object) -> BusyServer:
        assert said == {"max_retries": 0, "retry_on_status": (), "retry_on_timeout": False}
        return self

    def bulk(self, *, index: str, operations: list[bytes], **said: object) -> dict[str, Any]:
        assert said == {"require_alias": True, "filter_path": ("items.*.status", "items.*.error")}
        ids = [json.loads(each)["index"]["_id"] for each in operations[::2]]
        self.requests.append(len(ids))
        if self.busy > 0 or len(ids) > self.takes:
            self.busy -= 1
            if self.whole:
                raise refusal(self.status if len(ids) <= self.takes else 413)
            return {"items": [{"index": {"status": self.status, "error": {}}} for _ in ids]}
        self.taken += ids
        return {"items": [{"index": {"status": 201}} for _ in ids]}

    def write(self, documents: list[Sent]) -> list[elastic_writing.Refused]:
        return write(
            self,  # type: ignore[arg-type]
            "some",
            documents,
            trouble=self.troubles,
            largest=32,
            pause=self.pauses.append,
        )


def refusal(status: int) -> ApiError:
    node = NodeConfig("http", "127.0.0.1", 9200)
    return ApiError("busy", ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, node), {"error": "busy"})


def some_documents(count: int) -> list[Sent]:
    return [Sent(f"{n}", n, b'{"code": "%d"}' % n) for n in range(count)]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_gets_requests_half_as_large_after_longer_and_longer_pauses(
    status: int, whole: bool
) -> None:
    server = BusyServer(busy=3, status=status, whole=whole)

    assert server.write(some_documents(30)) == []

    assert server.requests[:5] == [8, 4, 2, 1, 2]
    assert sorted(server.taken, key=int) == [f"{n}" for n in range(30)]
    assert len(server.pauses) == 3
    for n, pause in enumerate(server.pauses):
        assert 0.1 * 2**n <= pause <= 0.2 * 2**n


def test_a_request_that_is_too_large_is_halved_until_it_is_not() -> None:
    server = BusyServer(takes=2)

    assert server.write(some_documents(40)) == []

    assert max(server.requests) == 8
    assert server.taken == [f"{n}" for n in range(40)]


def test_one_document_that_is_too_large_by_itself_is_refused_and_the_others_go_on() -> None:
    server = BusyServer(takes=0)

    refused = server.write(some_documents(2))

    assert [each.id for each in refused] == ["0", "1"]


def test_a_server_that_takes_nothing_for_long_is_left_alone() -> None:
    server = BusyServer(busy=10**6)

    with pytest.raises(Overloaded):
        server.write(some_documents(3))

    assert len(server.pauses) == 8
    assert server.requests[-1] == 1


# --- time


@pytest.mark.full
@pytest.mark.parametrize("sign", [{"timed_out": True}, {"_shards": {"failed": 1}}])
def test_what_the_server_had_no_time_for_is_said_to_be_missing(
    open_elastic: Open, monkeypatch: pytest.MonkeyPatch, sign: dict[str, Any]
) -> None:
    # given: a server that says that it has not looked at everything
    index, asked = open_elastic(patience_seconds=0.25), []
    search = index._searching.search
    index.apply(foreign_goods(), Cursor(2, b"h"))

    def hurried(**said: Any) -> Any:
        asked.append(said["body"]["timeout"])
        answer = search(**said)
        answer.body.update(sign)
        return answer

    monkeypatch.setattr(index._searching, "search", hurried)

    # when
    hits = index.search(query_terms("电缆"), EVERYTHING, counted=(Facet.MAKER,))

    # then: what was found is shown, and how to go on
    assert asked == ["250ms"]
    assert hits.partial
    assert codes(hits) == ["AAAAAAAAA0"]
    assert hits.after is not None
    assert [each.approximate for each in hits.facets] == [True]


# --- what is told


@pytest.fixture
def worlds(open_elastic: Open, market: Market) -> tuple[ElasticIndex, ElasticIndex]:
    this, other = open_elastic("this"), open_elastic("other")
    this.apply(market.documents, Cursor(10_000, b"h"))
    other.apply(told_otherwise(market, COUNTY), Cursor(10_000, b"h"))
    return this, other


@pytest.mark.full
def test_no_answer_tells_what_the_asker_may_not_see(
    market: Market, worlds: tuple[ElasticIndex, ElasticIndex]
) -> None:
    """Two markets that differ only in what the county may not see give it the same answers, and another reader others."""
    choose, found, differ = random.Random(11), 0, 0
    foreign = [FOREIGN, "FH777777", "XM-77", "92BX", *(name for _, name in (*BUYERS, *PROJECTS))]

    for n in range(45):
        typed = choose.choice(foreign) if n % 3 == 0 else " ".join(each.typed for each in ask(choose, market))
        chosen = choose_filters(choose) if choose.random() < 0.5 else {}
        sort = choose.choice(list(Sort))

        def answers(scope: Scope, typed=typed, chosen=chosen, sort=sort) -> list[object]:
            return [
                (
                    world.search(
                        query_terms(typed),
                        scope,
                        chosen=chosen,
                        sort=sort,
                        counted=tuple(Facet),
                        limit=30,
                    ),
                    world.suggest(typed, scope),
                )
                for world in worlds
            ]

        this, other = answers(COUNTY)
        assert this == other, (typed, chosen, sort)
        found += bool(this[0].rows)  # type: ignore[index]
        one, another = answers(EVERYTHING)
        differ += one != another

    assert found > 9
    assert differ > 9


@pytest.mark.full
def test_both_engines_give_the_same_reasons_and_places(
    index: Any, filled_elastic: ElasticIndex, market: Market
) -> None:
    choose, found = random.Random(17), 0

    for _ in range(60):
        typed = query_terms(" ".join(each.typed for each in ask(choose, market)))
        sort = choose.choice(list(Sort))

        one, other = (each.search(typed, EVERYTHING, sort=sort, limit=7) for each in (index, filled_elastic))

        assert one == other
        found += bool(one.rows)

    assert found > 30
