"""What an officer learns of foreign events through the search: nothing, not by an answer, and not by the work it takes.

Two markets are told apart only by what the officer may not see: other buyers, numbers and projects of the events, other
states and alerts. Whatever is asked, both give the same answer and take the same steps.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from cabletrace.db.engine import open_sqlite
from cabletrace.ledger.follow import Cursor
from cabletrace.model.scope import Part, Scope
from cabletrace.search.audience import Audience
from cabletrace.search.documents import BatchDocument, Document, Field, MovementDocument
from cabletrace.search.embedded import EmbeddedIndex
from cabletrace.search.facets import OF_LABELS, STATES, Circumstance, Facet, read_chosen
from cabletrace.search.order import Sort
from cabletrace.search.tokens import query_terms

from .asking import EVERYTHING, ask, choose_filters
from .brute_force import NOTHING, circumstances, is_visible
from .conftest import BUYERS, PROJECTS, Market, batch_of, make_market

COUNTY = Scope(regions=("411627",))
FOREIGN = "境外来客贸易商行"


def told_otherwise(market: Market, scope: Scope) -> list[Document]:
    """The market with everything changed that a scope may not see."""
    return [_changed(document, scope) for document in market.documents]


def _changed(document: Document, scope: Scope) -> Document:
    if isinstance(document, BatchDocument):
        seen = [each for pair in (0, 1) for each in circumstances(document, scope, pair)]
        return replace(
            document,
            circumstances=tuple(each if each in seen else _other(each) for each in document.circumstances),
        )
    if is_visible(document, scope):
        return document
    return replace(
        document,
        numbers=((Field.DELIVERY_NOTE, "FH777777"),),
        named=(("92BX", FOREIGN),),
        project="境外示范工程",
        project_code="XM-77",
    )


def _other(hidden: Circumstance) -> Circumstance:
    """The same pair and audience with another state or alert."""
    if hidden.pair:
        return replace(
            hidden, second="copper-short" if hidden.second != "copper-short" else "length-deviates"
        )
    return replace(hidden, first=STATES[(STATES.index(hidden.first) + 1) % 3])


class Watched:
    """An index, and every statement that its answers take, without the numbers of hidden audiences."""

    def __init__(self, file: Path, documents: list[Document]):
        self.engine = open_sqlite(file)
        self.steps: list[str] = []
        event.listen(self.engine, "checkout", self._watch)
        self.index = EmbeddedIndex(self.engine, patience_seconds=60)
        self.index.apply(documents, Cursor(10_000, b"h" * 32))

    def _watch(self, connection: Any, *_: object) -> None:
        connection.set_trace_callback(self._note)

    def _note(self, said: str) -> None:
        if not said.startswith("--"):  # what the full-text engine asks of its own tables
            self.steps.append(re.sub(r"'\[[\d, ]*\]'", "[…]", said))

    def take(self) -> list[str]:
        steps, self.steps = self.steps, []
        return steps


@pytest.fixture
def worlds(market: Market, tmp_path: Path) -> Iterator[tuple[Watched, Watched]]:
    this = Watched(tmp_path / "this.db", list(market.documents))
    other = Watched(tmp_path / "other.db", told_otherwise(market, COUNTY))
    yield this, other
    this.engine.dispose()
    other.engine.dispose()


def answers(
    world: Watched, typed: str, chosen: Any, sort: Sort, scope: Scope, granted: Scope = NOTHING
) -> tuple[object, list[str]]:
    """Hits with their reasons, totals, counts, places and suggestions; and the steps that they took."""
    world.take()
    hits = world.index.search(
        query_terms(typed),
        scope,
        granted=granted,
        chosen=chosen,
        sort=sort,
        counted=tuple(Facet),
        limit=30,
    )
    return (hits, world.index.suggest(typed, scope)), world.take()


@pytest.mark.parametrize("questions", [40, pytest.param(150, marks=pytest.mark.full)])
def test_no_answer_and_no_step_tells_what_the_asker_may_not_see(
    market: Market, worlds: tuple[Watched, Watched], questions: int
) -> None:
    choose = random.Random(11)
    foreign = [FOREIGN, "FH777777", "XM-77", "92BX", *(name for _, name in (*BUYERS, *PROJECTS))]
    found = 0

    for n in range(questions):
        words = " ".join(each.typed for each in ask(choose, market))
        typed = choose.choice(foreign) if n % 3 == 0 else words
        chosen = choose_filters(choose) if choose.random() < 0.5 else {}
        sort = choose.choice(list(Sort))

        this, other = (answers(world, typed, chosen, sort, COUNTY) for world in worlds)

        assert this == other, (typed, chosen, sort)
        assert len(this[1]) > 3
        found += bool(this[0][0].rows)  # type: ignore[index]

    assert found > questions / 5


def test_who_issued_a_certificate_is_told_nothing_of_the_movements_of_what_was_made_under_it(
    market: Market, tmp_path: Path
) -> None:
    """Two markets that differ in every movement and in every metre: a certification body gets the same answers of both."""
    body = Scope(certificates=frozenset({("91M1", "（豫）XK06-001-00917")}))
    this = Watched(tmp_path / "this.db", list(market.documents))
    other = Watched(tmp_path / "other.db", told_otherwise(market, body))
    try:
        for typed in ("", "YJV", "92B1", FOREIGN, "FH777777", *(name for _, name in (*BUYERS, *PROJECTS))):
            assert answers(this, typed, {}, Sort.BEST, body) == answers(other, typed, {}, Sort.BEST, body), (
                typed
            )
        found = answers(this, "", {}, Sort.BEST, body)[0][0]  # type: ignore[index]
        assert 0 < len(found.rows) < 100
        for counted in found.facets:
            assert counted.facet not in (Facet.REGION,) or not counted.values
    finally:
        this.engine.dispose()
        other.engine.dispose()


def test_whoever_may_see_everything_does_tell_the_two_markets_apart(worlds: tuple[Watched, Watched]) -> None:
    this, other = (answers(world, FOREIGN, {}, Sort.BEST, EVERYTHING)[0] for world in worlds)

    assert this != other


# --- what was granted, and what is part of another's sight


def the_batch(*circumstances: Circumstance) -> list[Document]:
    batch, move = next(
        pair
        for pair in zip(make_market(9).documents, make_market(9).documents[1:], strict=False)
        if isinstance(pair[0], BatchDocument) and isinstance(pair[1], MovementDocument) and not pair[1].void
    )
    assert isinstance(batch, BatchDocument)
    assert isinstance(move, MovementDocument)
    move = replace(
        move, parties=frozenset({"92BX"}), regions=frozenset({"341202"}), named=(("92BX", FOREIGN),)
    )
    regions = frozenset({"341202", "411603"})
    return [
        replace(
            batch, circumstances=circumstances, parties=frozenset({"92BX"}), regions=regions, made="411603"
        ),
        move,
    ]


def of_a_grant(market: Market) -> Scope:
    """What a province sees of the half of its batches, as if it had granted them to the county of another."""
    codes = sorted({batch_of(document) for document in market.documents})[::2]
    things = frozenset(f"batch:{code}" for code in codes)
    return Scope(parts=(Part(Scope(regions=("41",)), things=things),))


def with_other_events(market: Market, own: Scope) -> list[Document]:
    """The market with other lives of the batches that are not the asker's own: other events, fewer of them, other reports,
    papers, metres and alerts. Their labels stay, and who may see them."""
    seen = {batch_of(document) for document in market.documents if is_visible(document, own)}
    return [
        document if batch_of(document) in seen else _living_otherwise(document)
        for n, document in enumerate(market.documents)
        if batch_of(document) in seen or isinstance(document, BatchDocument) or n % 3
    ]


def _living_otherwise(document: Document) -> Document:
    if isinstance(document, BatchDocument):
        return replace(
            document,
            certificates=("（豫）XK06-001-99999",),
            reports=("BG-777777",),
            standard="JB/T 8734",
            made="411603",
            made_in=("境外来客工业园",),
            verdict="failed" if document.verdict != "failed" else "passed",
            circumstances=(
                *map(_other, document.circumstances),
                Circumstance(0, "unexplained", "", None),
                Circumstance(1, "high", "copper-short", None),
            ),
        )
    return replace(
        document,
        numbers=((Field.DELIVERY_NOTE, "FH777777"),),
        named=(("92BX", FOREIGN),),
        places=("境外来客市场",),
        parties=document.parties | {"92BX"},
        regions=frozenset({"410105"}),
        void=False,
    )


@pytest.mark.parametrize("questions", [60, pytest.param(200, marks=pytest.mark.full)])
def test_two_ledgers_that_differ_in_the_lives_of_granted_batches_answer_alike(
    market: Market, tmp_path: Path, questions: int
) -> None:
    own, granted = Scope(regions=("341202",)), of_a_grant(market)
    worlds = [
        Watched(tmp_path / "this.db", list(market.documents)),
        Watched(tmp_path / "other.db", with_other_events(market, own)),
    ]
    choose = random.Random(13)
    lives = [
        FOREIGN,
        "FH777777",
        "BG-777777",
        "92BX",
        "JB/T 8734",
        *(name for _, name in (*BUYERS, *PROJECTS)),
    ]
    found = 0
    own_codes = {batch_of(document) for document in market.documents if is_visible(document, own)}

    for n in range(questions):
        words = " ".join(each.typed for each in ask(choose, market))
        typed = choose.choice([lives[n // 3 % len(lives)], ""]) if n % 3 == 0 else words
        chosen = choose_filters(choose) if choose.random() < 0.5 else {}
        sort = choose.choice(list(Sort))

        this, other = (answers(world, typed, chosen, sort, own, granted) for world in worlds)

        if not OF_LABELS.issuperset(
            chosen
        ):  # such filters walk past foreign batches too (docs/search.md, limits)
            this, other = (this[0], []), (other[0], [])
        assert this == other, (typed, chosen, sort)
        found += any(row.code not in own_codes for row in this[0][0].rows)  # type: ignore[index]

    told = [world.index.search(query_terms("FH777777"), Scope(regions=("41",))).total for world in worlds]
    for world in worlds:
        world.engine.dispose()
    assert found > questions / 6
    assert told[0] == 0 < told[1]  # whose own they are learns the difference


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        (FOREIGN, {}),
        ("HZ-JC-77", {}),
        ("", {"state": ["held"]}),
        ("", {"state": ["unexplained"]}),
        ("", {"severity": ["high"]}),
        ("", {"alert": ["copper-short"]}),
        ("", {"verdict": ["failed"]}),
        ("", {"made": ["411603"]}),
    ],
)
def test_what_was_only_granted_is_found_by_its_label_alone(
    tmp_path: Path, typed: str, chosen: dict[str, list[str]]
) -> None:
    held = Circumstance(0, "held", "341202", Audience(frozenset({"92BX"}), frozenset({"341202"})))
    open_ = (Circumstance(0, "unexplained", "", None), Circumstance(1, "high", "copper-short", None))
    batch, move = the_batch(held, *open_)
    assert isinstance(batch, BatchDocument)
    batch = replace(batch, reports=("HZ-JC-77",), verdict="failed")
    world = Watched(tmp_path / "index.db", [batch, move])
    own, lender = Scope(regions=("410105",)), Scope(regions=("3412",))
    granted = Scope(parts=(Part(lender, things=frozenset({f"batch:{batch.code}"})),))

    probed = world.index.search(query_terms(typed), own, granted=granted, chosen=read_chosen(chosen))
    named = world.index.search(query_terms(batch.lot), own, granted=granted, counted=tuple(Facet))
    lenders = world.index.search(query_terms(typed), lender, chosen=read_chosen(chosen))
    world.engine.dispose()

    assert (probed.total, probed.rows) == (0, ())
    assert [(match.field, match.text) for match in named.rows[0].matches] == [(Field.LOT, batch.lot)]
    assert {each.values for each in named.facets} == {()}
    assert lenders.total == 1  # so there was something to find


def test_a_part_of_anothers_sight_needs_both_limits_met_by_one_and_the_same(tmp_path: Path) -> None:
    # given: metres in the county of somebody else, and metres of the party elsewhere
    there = Circumstance(0, "seized", "411627", Audience(regions=frozenset({"411627"})))
    theirs = Circumstance(0, "seized", "410105", Audience(parties=frozenset({"92B1"})))
    both = Circumstance(0, "seized", "411627", Audience(frozenset({"92B1"}), frozenset({"411627"})))
    scope = Scope(parts=(Part(Scope(regions=("411627",)), Scope(parties=frozenset({"92B1"}))),))

    def total(*circumstances: Circumstance) -> tuple[int, object]:
        documents = the_batch(*circumstances)
        batch = documents[0]
        assert isinstance(batch, BatchDocument)
        open_ = replace(batch, parties=frozenset({"92B1"}), regions=frozenset({"411627"}))
        world = Watched(tmp_path / f"{len(circumstances)}.db", [open_, documents[1]])
        hits = world.index.search(
            query_terms(""), scope, chosen=read_chosen({"state": ["seized"]}), counted=(Facet.STATE,)
        )
        world.engine.dispose()
        return hits.total, [n for _, n in hits.facets[0].values]

    assert total(there, theirs) == (0, [0])
    assert total(there, theirs, both) == (1, [1])


def test_a_name_is_suggested_only_from_one_document_that_meets_both_limits(tmp_path: Path) -> None:
    batch, move = the_batch()
    assert isinstance(move, MovementDocument)
    scope = Scope(parts=(Part(Scope(regions=("411627",)), Scope(parties=frozenset({"92B1"}))),))
    there = replace(move, id="a", parties=frozenset(), regions=frozenset({"411627"}))
    theirs = replace(move, id="b", parties=frozenset({"92B1"}), regions=frozenset())
    both = replace(move, id="c", parties=frozenset({"92B1"}), regions=frozenset({"411627"}))
    world = Watched(tmp_path / "index.db", [batch, there, theirs])

    before = world.index.suggest(FOREIGN[:3], scope)
    world.index.apply([both], Cursor(10_001, b"i" * 32))
    after = world.index.suggest(FOREIGN[:3], scope)
    world.engine.dispose()

    assert before == []
    assert [each.text for each in after] == [FOREIGN]


def test_what_left_a_region_is_found_by_who_follows_goods_and_by_nobody_else_there(tmp_path: Path) -> None:
    # given: goods that left 4116 for 3412, where they are on their way
    sent = Audience(frozenset({"92BX"}), frozenset({"341202"}), left=frozenset({"411603"}))
    batch, move = the_batch(Circumstance(0, "transit", "341202", sent))
    assert isinstance(move, MovementDocument)
    world = Watched(tmp_path / "index.db", [batch, replace(move, left=frozenset({"411603"}))])
    county = Scope(regions=("411603",))
    buyer, chosen = query_terms(FOREIGN), read_chosen({"state": ["transit"], "region": ["34"]})

    def found(scope: Scope) -> tuple[int, int, int]:
        named = world.index.search(buyer, scope).total
        there = world.index.search(query_terms(""), scope, chosen=chosen).total
        return named, there, len(world.index.suggest(FOREIGN[:3], scope))

    answers = found(county), found(county.inwards()), found(Scope(regions=("341202",)).inwards())
    world.engine.dispose()
    assert answers == ((1, 1, 1), (0, 0, 0), (1, 1, 1))
