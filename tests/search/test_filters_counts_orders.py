"""Words, filters, counts, orders and pages, all against a search that reads every document."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from cabletrace.db.engine import begin_read, open_sqlite
from cabletrace.errors import InputError
from cabletrace.ledger.follow import Cursor
from cabletrace.model.scope import Scope
from cabletrace.search.audience import Audience
from cabletrace.search.documents import BatchDocument
from cabletrace.search.facets import NOTHING_CHOSEN, OF_REGIONS, Chosen, Circumstance, Facet, read_chosen
from cabletrace.search.index import Hits, SearchIndex
from cabletrace.search.order import (
    Bookmark,
    Place,
    Sort,
    check_way_back,
    description,
    format_cursor,
    parse_cursor,
)
from cabletrace.search.tokens import query_terms

from .asking import EVERYTHING, ask, asker, choose_filters
from .brute_force import NOTHING, counts, find, in_order
from .conftest import Market, batch_of, make_market


def codes(hits: Hits) -> list[str]:
    return [row.code for row in hits.rows]


def pages(
    index: SearchIndex,
    typed: str,
    scope: Scope,
    limit: int,
    chosen: Chosen = NOTHING_CHOSEN,
    sort: Sort = Sort.NEWEST,
    facets: tuple[Facet, ...] = (),
    granted: Scope = NOTHING,
) -> list[Hits]:
    """All pages of an answer."""

    def page(after: object) -> Hits:
        return index.search(
            query_terms(typed),
            scope,
            granted=granted,
            chosen=chosen,
            sort=sort,
            counted=facets,
            limit=limit,
            after=after,
        )

    answers = [page(None)]
    while answers[-1].after is not None:
        answers.append(page(answers[-1].after))
    return answers


@pytest.mark.parametrize(
    ("engine", "questions"),
    [
        ("embedded", 150),
        pytest.param("embedded", 600, marks=pytest.mark.full),
        pytest.param("elasticsearch", 600, marks=[pytest.mark.full, pytest.mark.timeout(900)]),
    ],
    indirect=["engine"],
)
def test_answers_are_those_of_a_search_that_reads_everything(any_index, market, questions):
    choose = random.Random(20261123)
    met: Counter[object] = Counter()

    for _ in range(questions):
        # given: words, filters, an order and a page, each of every kind
        asked = ask(choose, market) if choose.random() < 0.75 else []
        typed = choose.choice([" ", "，", "　"]).join(word.typed for word in asked)
        chosen = choose_filters(choose) if choose.random() < 0.6 else {}
        (scope, granted), sort = asker(choose, market), choose.choice(list(Sort))
        facets = tuple(choose.sample(list(Facet), 4))

        # when
        answers = pages(any_index, typed, scope, choose.choice([8, 50, 500]), chosen, sort, facets, granted)

        # then: the same hits in the same order, the same total, the same counts
        expected = find(market, asked, scope, chosen, granted)
        found = [code for hits in answers for code in codes(hits)]
        right = in_order(market, expected, asked, scope, sort, granted)
        assert found == right, (typed, scope, granted, chosen, sort)
        assert {hits.total for hits in answers} == {len(expected)}
        assert not any(hits.partial for hits in answers)
        for counted in answers[0].facets:
            n_of = counts(market, asked, scope, chosen, counted.facet)
            told = {value: n for value, n in counted.values if n}
            if counted.facet in OF_REGIONS:
                opened = chosen.get(counted.facet, ())
                n_of = Counter(
                    {
                        value: n
                        for value, n in n_of.items()
                        if len(value) == 2 or any(each.startswith(value[:-2]) for each in opened)
                    }
                )
            assert told == n_of, (typed, scope, granted, chosen, counted.facet)
            assert not counted.approximate
        met["words and filters" if asked and chosen else "filters" if chosen else "words"] += bool(expected)
        met[sort] += bool(expected)
        met.update(list(chosen) if expected else ())
        met["none"] += not expected
        met["granted"] += len(expected) > len(find(market, asked, scope, chosen))

    assert met["none"] > questions / 6
    assert met["granted"] > questions / 25
    assert min(met[kind] for kind in ("words and filters", "filters", "words", *Sort)) > questions / 30
    assert sum(bool(met[facet]) for facet in Facet) > (len(Facet) - 1 if questions == 600 else 10)


@pytest.mark.parametrize(
    "typed", ["YJV 95", "YJV 3x95", "yjv　３×95mm²", "YJV,95平方", "95 YJV", "YJV-3*95", "yjv3x95"]
)
def test_all_of_a_type_with_a_core_of_an_area_are_found_whatever_the_voltage(open_any, typed):
    index = open_any()
    (batch, *_), marks = (
        make_market(1).documents,
        ["YJV-0.6/1kV 3×95+1×50", "YJV-8.7/15kV 3×95", "YJV-26/35kV 3×95"],
    )
    others = ["YJV-0.6/1kV 3×185", "YJLY-0.6/1kV 3×95", "BV-450/750V 1×95", "YJV-0.6/1kV 4×9.5"]
    index.apply(
        [
            replace(batch, code=f"{n:010d}", seq=n, designation=each, normalised=each)
            for n, each in enumerate([*marks, *others[:3]])
        ],
        Cursor(9, b"h"),
    )

    found = index.search(query_terms(typed), EVERYTHING)

    assert sorted(codes(found)) == [f"{n:010d}" for n in range(len(marks))]


def test_filters_on_the_parts_of_a_designation_ask_for_the_same(any_index, market):
    chosen = read_chosen({"type": ["YJV"], "area": ["95"], "neutral": ["50"], "cores": ["3+1"]})

    found = any_index.search(query_terms(""), EVERYTHING, chosen=chosen, limit=500)

    assert codes(found) == find(market, [], EVERYTHING, dict(chosen))
    assert found.total > 20


def test_state_and_region_must_be_met_by_the_same_metres(open_any):
    # given: metres held in one county and seized in another
    index, (batch, *_) = open_any(), make_market(1).documents
    assert isinstance(batch, BatchDocument)
    held, seized = (("held", "411603"), ("seized", "411627"))
    there = tuple(Circumstance(0, *each, Audience(regions=frozenset({each[1]}))) for each in (held, seized))
    index.apply([replace(batch, circumstances=there, regions=frozenset({"411603"}))], Cursor(1, b"h"))

    def total(**chosen: str) -> int:
        asked = read_chosen({slug: [value] for slug, value in chosen.items()})
        return index.search(query_terms(""), Scope(regions=("4116",)), chosen=asked).total

    assert total(state="seized", region="411627") == total(state="held", region="411603") == 1
    assert total(state="seized", region="411603") == 0


def test_metres_that_move_do_not_touch_the_words(open_index, tmp_path):
    index, (batch, *_) = open_index(), make_market(1).documents
    assert isinstance(batch, BatchDocument)
    index.apply([batch], Cursor(1, b"h"))
    engine = open_sqlite(tmp_path / "index.db")

    def words() -> list[object]:
        with begin_read(engine) as tx:
            return [tuple(row) for row in tx.exec_driver_sql("SELECT id, block FROM word_data ORDER BY id")]

    before = words()
    index.apply([replace(batch, version=7, circumstances=())], Cursor(7, b"i"))

    assert words() == before
    engine.dispose()


# --- great answers


@pytest.mark.parametrize("sort", Sort)
def test_answers_beyond_the_count_are_paged_whole_in_every_order(any_index, market, cap_counts, sort):
    # given: more batches than are counted
    cap_counts(41)
    expected = in_order(market, find(market, [], EVERYTHING), [], EVERYTHING, sort)

    answers = pages(any_index, "", EVERYTHING, 30, sort=sort, facets=(Facet.TYPE,))

    # then: the count stops and the facets say so, the pages go on to the end
    assert [code for hits in answers for code in codes(hits)] == expected
    assert {hits.total for hits in answers} == {41}
    (counted,) = answers[0].facets
    assert counted.approximate
    assert sum(n for _, n in counted.values) == 41


@pytest.mark.parametrize("sort", Sort)
def test_what_is_recorded_while_somebody_turns_pages_moves_nothing(open_any, market, sort):
    # given: a first page
    index, scope = open_any(), Scope(regions=("41",))
    early, late = _batches(market)[::2], _batches(market)[1::2]
    index.apply(market.project(frozenset(early)), Cursor(1, b"h"))
    before = [code for hits in pages(index, "", scope, 7, sort=sort) for code in codes(hits)]
    answers = [index.search(query_terms(""), scope, sort=sort, limit=7)]

    # when: batches are recorded between the pages
    while answers[-1].after is not None:
        if late:
            now, late = late[:16], late[16:]
            index.apply(market.project(frozenset(now)), Cursor(1 + len(answers), b"i%d" % len(answers)))
        answers.append(index.search(query_terms(""), scope, sort=sort, limit=7, after=answers[-1].after))

    # then: what was there is seen once, in the same order
    seen = [code for hits in answers for code in codes(hits)]
    assert len(set(seen)) == len(seen)
    assert [code for code in seen if code in before] == before


def _batches(market: Market) -> list[str]:
    return list(dict.fromkeys(map(batch_of, market.documents)))


# --- cursors and filters as they come from outside


def test_a_cursor_belongs_to_its_search():
    said = description("YJV", {}, Sort.MAKER)
    bookmark = Bookmark(Place("abc", 7), 20)
    text = format_cursor(bookmark, said)

    assert parse_cursor(text, said) == bookmark
    check_way_back(["", text], said)
    other = description("YJV", {Facet.TYPE: ("BV",)}, Sort.MAKER)
    for wrong, search in [
        (text, other),
        (text + "x", said),
        (text[:-2], said),
        ("", said),
        ("7", said),
        ("bnVsbA", said),
        ("W1tdXQ", said),
        ("é", said),
        ("A" * 700, said),
    ]:
        with pytest.raises(InputError) as refused:
            parse_cursor(wrong, search)
        assert refused.value.problems[0].code == "bad-request"
    with pytest.raises(InputError) as refused:
        check_way_back(["", text], other)
    assert refused.value.problems[0].where == "back"


@pytest.mark.parametrize(
    ("slug", "value"),
    [
        ("region", "4"),
        ("region", "00"),
        ("region", "41160x"),
        ("state", "lost"),
        ("verdict", "pass"),
        ("severity", "huge"),
        ("month", "2026"),
        ("month", "2026-13"),
        ("month", ".."),
        ("month", "2026-01..2026-02..2026-03"),
        ("type", "x" * 61),
    ],
)
def test_a_value_that_a_facet_cannot_have_is_refused_with_its_name(slug, value):
    with pytest.raises(InputError) as refused:
        read_chosen({slug: [value]})

    assert refused.value.problems[0].where == slug


def test_filters_are_read_in_one_spelling():
    assert read_chosen({"region": ["411600", "4116", ""], "type": ["YJV ", "BV"]}) == {
        Facet.REGION: ("4116",),
        Facet.TYPE: ("BV", "YJV"),
    }
