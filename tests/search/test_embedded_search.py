"""An index against a search that reads everything, and its rules of scope, versions and time: what holds for every engine is
asked of both, the rest of the embedded one."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.db.engine import begin_write, open_sqlite
from cabletrace.errors import Broken
from cabletrace.ledger.follow import NOTHING_READ, Cursor
from cabletrace.model.scope import Scope
from cabletrace.search import walks
from cabletrace.search.audience import batch_token, code_of_batch
from cabletrace.search.documents import BatchDocument, Document, Field, MovementDocument, fields_of
from cabletrace.search.facets import Facet
from cabletrace.search.index import COUNT_CAP, Hits, SearchIndex
from cabletrace.search.tokens import Group, query_terms

from .asking import EVERYTHING, SCOPES, ask
from .brute_force import Asked, find, is_visible
from .conftest import NUMBERS, batch_of, begun, make_market


def pages(index: SearchIndex, typed: str, scope: Scope, limit: int) -> list[Hits]:
    """All pages of an answer."""
    answers = [index.search(query_terms(typed), scope, limit=limit)]
    while answers[-1].after is not None:
        answers.append(index.search(query_terms(typed), scope, limit=limit, after=answers[-1].after))
    return answers


def codes(hits: Hits) -> list[str]:
    return [row.code for row in hits.rows]


def test_every_reason_names_a_field_that_holds_the_word(any_index, market):
    by_id = {
        (document.batch, document.id): document
        for document in market.documents
        if isinstance(document, MovementDocument)
    }
    by_code = {
        document.code: document for document in market.documents if isinstance(document, BatchDocument)
    }
    choose = random.Random(5)

    for _ in range(60):
        asked = ask(choose, market)
        scope = choose.choice(SCOPES[:6])
        for row in any_index.search(query_terms(" ".join(word.typed for word in asked)), scope).rows:
            assert row.matches
            for match in row.matches:
                document = by_id[row.code, match.movement] if match.movement else by_code[row.code]
                assert is_visible(document, scope)
                assert match.field in {field for field, _ in fields_of(document)}


def test_a_word_of_the_batch_and_a_word_of_its_movement_meet(any_index, market):
    move = next(
        document
        for document in market.documents
        if isinstance(document, MovementDocument) and document.project and not document.void
    )
    batch = next(
        document
        for document in market.documents
        if isinstance(document, BatchDocument) and document.code == move.batch
    )

    (hit,) = any_index.search(query_terms(f"{batch.lot} {move.project[:4]}"), EVERYTHING).rows

    assert hit.code == batch.code
    assert [(match.field, match.movement) for match in hit.matches] == [
        (Field.LOT, None),
        (Field.PROJECT, move.id),
    ]


def test_without_words_everything_visible_is_listed_newest_first(any_index, market):
    scope = Scope(parties=frozenset({"92B1"}))

    answers = pages(any_index, "", scope, limit=7)

    assert [code for hits in answers for code in codes(hits)] == find(market, [], scope)
    assert all(row.matches == () for hits in answers for row in hits.rows)


def test_an_organisation_is_found_by_its_id_or_the_beginning_of_it_and_not_by_digits_in_its_middle(
    any_index, market
):
    of_it = Scope(parties=frozenset({"92B3"}))
    id_ = NUMBERS["92B3"]

    def by_an_id(typed: str) -> set[Field]:
        rows = any_index.search(query_terms(typed), of_it, limit=500).rows
        return {match.field for row in rows for match in row.matches if match.field.group is Group.ID}

    for typed in (id_, id_.upper(), id_.replace("-", ""), id_[:8], id_[:9], "5B2F95O1"):
        assert by_an_id(typed) == {Field.PARTY_ID}, typed
    for typed in ("950", "9501", "0016ab", id_[:7], id_[1:], id_[9:], f"{id_}0"):
        assert by_an_id(typed) == set(), typed


# Scope


def foreign_goods() -> list[Document]:
    """A batch made at home (411603) for a buyer in a far region, whom the home officer must not find."""
    return [
        replace(
            next(document for document in make_market(1).documents if isinstance(document, BatchDocument)),
            code="AAAAAAAAA0", seq=0, version=2, maker="周口市禾泽示范电缆有限公司", maker_id="91M1",
            made_in=("河南省周口市淮阳区",), parties=frozenset({"91M1", "92SECRET"}), regions=frozenset({"411603", "341202"}),
        ),
        MovementDocument(
            id="event-secret",
            batch="AAAAAAAAA0",
            version=1,
            numbers=((Field.DELIVERY_NOTE, "FH999999"),),
            named=(("92SECRET", "秘密买家有限公司"),),
            places=("安徽省阜阳市",),
            project_code="XM-99",
            project="秘密工程",
            parties=frozenset({"91M1", "92SECRET"}),
            regions=frozenset({"341202"}),
        ),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def foreign_in_elastic(elastic_client, tmp_path_factory):
    engine = open_sqlite(tmp_path_factory.mktemp("foreign") / "elastic.db")
    index = begun(elastic_client, engine, "foreign")
    index.apply(foreign_goods(), Cursor(2, b"h"))
    yield index
    engine.dispose()


@pytest.fixture
def with_foreign_goods(engine, request) -> SearchIndex:
    """An index that holds them and nothing else, only to be read."""
    if engine == "elasticsearch":
        return request.getfixturevalue("foreign_in_elastic")
    index = request.getfixturevalue("open_index")()
    index.apply(foreign_goods(), Cursor(2, b"h"))
    return index


SECRETS = ["秘密", "密买家", "FH999999", "92SECRET", "92-secret", "XM-99", "秘密工程", "阜阳", "秘"]


@pytest.mark.parametrize("typed", SECRETS)
@pytest.mark.parametrize(
    "scope",
    [Scope(regions=("411603",)), Scope(parties=frozenset({"92OTHER"})), Scope(regions=("4116", "12"))],
)
def test_a_foreign_asker_finds_nothing_through_a_movement(with_foreign_goods, typed, scope):
    hits = with_foreign_goods.search(query_terms(typed), scope)

    assert (hits.rows, hits.total) == ((), 0)


@pytest.mark.parametrize("typed", SECRETS)
@pytest.mark.parametrize(
    "scope", [EVERYTHING, Scope(regions=("34",)), Scope(parties=frozenset({"92SECRET"}))]
)
def test_those_who_may_see_the_movement_find_the_batch_by_it(with_foreign_goods, typed, scope):
    (hit,) = with_foreign_goods.search(query_terms(typed), scope).rows

    assert hit.code == "AAAAAAAAA0"
    assert {match.movement for match in hit.matches} == {"event-secret"}


@pytest.mark.parametrize(
    "typed",
    [
        "w" + b"92SECRET".hex(),
        "r" + b"34".hex(),
        "q" + b"site".hex(),
        '" OR "k',
        "k",
        '"k"',
        "NEAR(秘密 买家)",
        "秘密*",
        "tokens:秘密",
        "NOT 密",
        "e",
    ],
)
def test_a_typed_text_is_never_an_expression_of_the_engine(with_foreign_goods, typed):
    for scope in SCOPES[:7]:
        hits = with_foreign_goods.search(query_terms(typed), scope)
        if not scope.everything and not scope.sees_region("341202"):
            assert hits.rows == () or all(
                match.movement is None for row in hits.rows for match in row.matches
            )


def test_a_party_number_is_matched_whole(with_foreign_goods):
    for party in ["92SECRE", "92SECRETX", "92secret", "", "91M1 92SECRET"]:
        scope = Scope(parties=frozenset({party}))
        assert with_foreign_goods.search(query_terms(""), scope).rows == ()


def test_whoever_may_see_a_movement_that_comes_alone_finds_its_batch_among_all_others(open_index):
    index, theirs = open_index(), Scope(parties=frozenset({"92LATE"}))
    batch, move = foreign_goods()
    index.apply([batch], Cursor(1, b"h"))
    late = replace(move, version=3, parties=frozenset({"92LATE"}))

    found = []
    for n, documents in enumerate([[], [late], [replace(late, version=4, void=True)]]):
        index.apply(documents, Cursor(3 + n, b"i"))
        found.append(codes(index.search(query_terms(""), theirs)))

    assert found == [[], ["AAAAAAAAA0"], []]


@given(st.text(st.characters(codec="utf-8")))
def test_the_token_of_a_batch_tells_its_code(code):
    assert code_of_batch(batch_token(code)) == code


def test_a_scope_of_thousands_of_parties_is_still_answered(any_index):
    scope = Scope(parties=frozenset(f"someone {n}" for n in range(3_000)) | {"92B1"})

    hits = any_index.search(query_terms("电缆"), scope, limit=500)

    assert (
        codes(hits)
        == codes(any_index.search(query_terms("电缆"), Scope(parties=frozenset({"92B1"})), limit=500))
        != []
    )


# Versions


def test_applying_again_changes_nothing(open_any, market):
    index = open_any()
    cursor = Cursor(len(market.documents) - 1, b"h")
    index.apply(market.documents, cursor)
    before = index.search(query_terms("示范"), EVERYTHING, limit=500)

    index.apply(sorted(market.documents, key=batch_of), cursor)
    index.apply(market.project(frozenset({batch_of(market.documents[0])})), Cursor(49, b"older"))

    assert index.search(query_terms("示范"), EVERYTHING, limit=500) == before
    assert index.cursor() == cursor


def test_batches_may_stand_behind_their_movements(open_index, market):
    index = open_index()

    index.apply(reversed(market.documents), Cursor(9, b"h"))

    assert codes(index.search(query_terms(""), EVERYTHING, limit=500)) == find(market, [], EVERYTHING)


def test_a_newer_version_replaces_and_an_older_one_does_not(open_index):
    index = open_index()
    batch, move = foreign_goods()
    index.apply([batch, move], Cursor(2, b"h"))

    index.apply(
        [replace(move, version=5, project="更正后的工程", parties=frozenset({"92NEW"}))], Cursor(5, b"i")
    )
    index.apply([move], Cursor(6, b"j"))

    assert codes(index.search(query_terms("更正后"), Scope(parties=frozenset({"92NEW"})))) == ["AAAAAAAAA0"]
    assert index.search(query_terms("秘密工程"), EVERYTHING).rows == ()
    assert index.search(query_terms("更正后"), Scope(parties=frozenset({"91M1"}))).rows == ()


def test_a_void_event_is_no_longer_found(open_any):
    index = open_any()
    batch, move = foreign_goods()
    index.apply([batch, move], Cursor(2, b"h"))

    index.apply([batch, replace(move, version=3, void=True)], Cursor(3, b"i"))

    assert index.search(query_terms("秘密"), EVERYTHING).rows == ()
    assert codes(index.search(query_terms(""), EVERYTHING)) == ["AAAAAAAAA0"]


def test_a_movement_of_an_unknown_batch_is_an_invariant_broken_and_leaves_nothing(open_any):
    index = open_any()
    batch, move = foreign_goods()

    with pytest.raises(Broken, match="which is not here"):
        index.apply([batch, replace(move, batch="BBBBBBBBB0")], Cursor(2, b"h"))

    assert index.cursor() == NOTHING_READ
    assert index.search(query_terms(""), EVERYTHING).rows == ()


@pytest.mark.parametrize("other", [{"seq": 7}, {"code": "BBBBBBBBB0"}])
def test_a_batch_has_one_production_and_a_production_one_batch(open_index, other):
    index = open_index()
    batch, _ = foreign_goods()
    index.apply([batch], Cursor(2, b"h"))

    with pytest.raises(Broken, match="search index: batch"):
        index.apply([replace(batch, version=9, **other)], Cursor(9, b"i"))


def test_one_entry_with_two_hashes_is_an_invariant_broken(open_any):
    index = open_any()
    index.apply([], Cursor(2, b"h"))

    with pytest.raises(Broken, match="two different hashes"):
        index.apply([], Cursor(2, b"other"))


@pytest.mark.parametrize("column", ["tokeniser_version", "schema_version"])
def test_an_index_of_another_version_refuses_to_serve_until_it_is_rebuilt(
    open_index, market, tmp_path, column
):
    # given: an index that another version of the program has written
    index = open_index()
    index.apply(market.documents, Cursor(9, b"h"))
    engine = open_sqlite(tmp_path / "index.db")
    with begin_write(engine) as tx:
        tx.exec_driver_sql(f"UPDATE cursor SET {column} = 999")  # noqa: S608 (a constant of this test)
    engine.dispose()

    # when, then: neither asking nor writing is possible, and the words say what to do
    reopened = open_index()
    for use in (
        lambda: reopened.search(query_terms("电缆"), EVERYTHING),
        lambda: reopened.apply(market.documents, Cursor(10, b"i")),
        reopened.cursor,
    ):
        with pytest.raises(Broken, match=r"999.*rebuild the index"):
            use()

    # and: starting over makes it ours again
    reopened.start_over()
    assert reopened.cursor() == NOTHING_READ
    assert reopened.search(query_terms("电缆"), EVERYTHING).rows == ()
    reopened.apply(market.documents, Cursor(9, b"h"))
    assert reopened.search(query_terms("电缆"), EVERYTHING).total > 0


# Time, counts and the state of the answer


def test_an_answer_says_up_to_which_index_it_is_true(open_any, market):
    index = open_any()
    assert index.search(query_terms("电缆"), EVERYTHING).current_to == -1

    index.apply(market.documents, Cursor(41, b"h"))

    assert index.search(query_terms("电缆"), EVERYTHING).current_to == 41
    assert index.search(query_terms("没有这样的词"), EVERYTHING).current_to == 41


def test_when_time_is_up_the_answer_is_partial(open_index, market):
    index = open_index(patience_seconds=0)
    index.apply(market.documents, Cursor(9, b"h"))

    hits = index.search(query_terms("电缆"), EVERYTHING)

    assert hits.partial
    assert (hits.rows, hits.total, hits.after) == ((), 0, None)


@pytest.mark.parametrize(
    ("pages_read", "page_is_full", "partial"), [(1, False, True), (2, True, True), (50, True, False)]
)
def test_what_was_found_until_then_is_shown(
    index, market, open_index, monkeypatch, pages_read, page_is_full, partial
):
    # given: a clock that ends the patience after so many looks into the index
    everything = find(market, [Asked("示范")], EVERYTHING)
    ticks = itertools.count()
    monkeypatch.setattr(walks, "monotonic", lambda: next(ticks))

    # when
    hits = open_index(patience_seconds=pages_read + 0.5).search(query_terms("示范"), EVERYTHING, limit=40)

    # then: the rows are the newest, the total no more than there are, and the rest can be asked for
    assert hits.partial == partial
    assert codes(hits) == everything[: len(hits.rows)] != []
    assert (len(hits.rows) == 40) == page_is_full
    assert len(hits.rows) <= hits.total <= len(everything)
    assert (hits.total == len(everything)) == (not partial)
    assert hits.after is not None


def test_time_may_be_up_in_the_middle_of_any_statement(index, market, open_index, monkeypatch):
    # given: an engine that looks at the time at every step, and a clock that ends the patience at one of the looks
    monkeypatch.setattr(walks, "_PROGRESS_STEPS", 20)
    everything = find(market, [], EVERYTHING)
    partial = []

    for patience in range(1, 4_000, 90):
        ticks = itertools.count()
        monkeypatch.setattr(walks, "monotonic", lambda ticks=ticks: next(ticks))

        # when
        hits = open_index(patience_seconds=patience).search(
            query_terms(""), EVERYTHING, counted=tuple(Facet), limit=40
        )

        # then: what is there is right, and only what is missing is missing
        assert codes(hits) == everything[: len(hits.rows)]
        assert len(hits.rows) == 40 or hits.partial
        assert hits.total == len(everything) or hits.partial
        assert len(hits.facets) == len(Facet) or hits.partial
        partial.append(hits.partial)

    assert partial == sorted(partial, reverse=True)
    assert True in partial
    assert False in partial


def test_of_many_documents_that_hold_a_word_the_first_is_named(open_index):
    # given: two batches far apart, with more movements to one buyer than are looked at together
    index = open_index()
    batch, move = foreign_goods()
    early = [replace(move, id=f"early-{n}", version=2 + n) for n in range(150)]
    between = [replace(batch, code=f"{n:010d}", seq=200 + n, parties=frozenset()) for n in range(30)]
    late = [replace(move, id=f"late-{n}", batch="BBBBBBBBB0", version=302 + n) for n in range(150)]
    index.apply(
        [batch, *early, *between, replace(batch, code="BBBBBBBBB0", seq=300), *late], Cursor(600, b"h")
    )

    hits = index.search(query_terms("秘密买家"), EVERYTHING)

    assert [(row.code, [match.movement for match in row.matches]) for row in hits.rows] == [
        ("BBBBBBBBB0", ["late-0"]),
        ("AAAAAAAAA0", ["early-0"]),
    ]


def test_hits_are_counted_up_to_the_cap_and_all_can_be_paged(any_index, market, cap_counts):
    # given: more batches than are counted
    cap_counts(41)
    everything = find(market, [], EVERYTHING)

    # when: all pages are asked
    answers = pages(any_index, "", EVERYTHING, limit=30)

    # then: the count stops, the pages do not
    assert {hits.total for hits in answers} == {41}
    assert [code for hits in answers for code in codes(hits)] == everything
    assert not any(hits.partial for hits in answers)


def test_counting_stops_at_ten_thousand_and_one():
    assert COUNT_CAP == 10_001
