"""The books as tables: balances as of any index, edges that sum to them, and to whom a batch is open."""

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import ColumnElement, select, true

import drafts_for_tests as some
from cabletrace.flow import books
from cabletrace.flow.books import Balance
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.admission import Wanted
from cabletrace.model.involvement import made_under
from cabletrace.model.postings import moved_by
from cabletrace.model.scope import Part, Scope
from cabletrace.model.sites import place_id
from cabletrace.model.state import PRODUCED, UNEXPLAINED, Account, State
from cabletrace.model.values import business_id, party_id
from drafts_for_tests import (
    DEALER,
    LABORATORY,
    LICENCE,
    MAKER,
    OPERATOR,
    OTHER_MAKER,
    PROJECT,
    PROJECT_ID,
    REGULATOR,
    SITE,
    SUPERVISOR,
    batch_of,
)
from house_for_tests import House, open_house

EVERY_BATCH = true()
AT_MAKER = Account("held", party_id(MAKER), "411603")
TO_SITE = Account("transit", party_id(SITE), "411627")
AT_PROJECT = Account("project", party_id(SITE), "411627", PROJECT_ID)
USED = Account("used", party_id(SITE), "411627", PROJECT_ID)


def a_story(house: House) -> list[Receipt]:
    """L1: made (1,100 m), two drums to the site, one received and used from; L2 of another maker: made."""
    return house.happened(
        some.production(loose_mm=100_000, entered_for=MAKER),
        some.dispatch(units=[(1, 2)], to=SITE, region="411627", entered_for=MAKER),
        some.receipt(units=[(1, 1)], project=PROJECT, entered_for=SITE),
        some.use(length_mm=60_000, entered_for=SITE),
        some.product(OTHER_MAKER, certificate=None, entered_for=OTHER_MAKER),
        some.production("L2", [(1, 1, 5_000)], maker=OTHER_MAKER, entered_for=OTHER_MAKER),
    )


def of(code: str) -> ColumnElement[bool]:
    return books.batch.c.code == code


def at(balances: list[Balance]) -> dict[Account, int]:
    return {balance.account: balance.length_mm for balance in balances}


def test_balances_hold_as_of_any_index(house: House) -> None:
    made, sent, received, used, *_ = a_story(house)
    code = house.code(MAKER)

    with house.reading() as tx:
        then = [at(books.balances(tx, of(code), each.seq)) for each in (made, sent, received, used)]
        before, now = books.balances(tx, of(code), made.seq - 1), at(books.balances(tx, of(code)))

    assert before == []
    assert then == [
        {AT_MAKER: 1_100_000},
        {AT_MAKER: 600_000, TO_SITE: 500_000},
        {AT_MAKER: 600_000, TO_SITE: 250_000, AT_PROJECT: 250_000},
        {AT_MAKER: 600_000, TO_SITE: 250_000, AT_PROJECT: 190_000, USED: 60_000},
    ]
    assert now == then[-1]


def test_edges_say_how_the_metres_came_where_they_are(house: House) -> None:
    _, sent, *_ = a_story(house)
    code = house.code(MAKER)

    with house.reading() as tx:
        edges, then = books.edges(tx, of(code)), books.edges(tx, of(code), sent.seq)

    assert sorted(edges) == sorted(
        [
            (PRODUCED, AT_MAKER, 1_100_000),
            (AT_MAKER, TO_SITE, 500_000),
            (TO_SITE, AT_PROJECT, 250_000),
            (AT_PROJECT, USED, 60_000),
        ]
    )
    assert len(then) == 2


@pytest.mark.parametrize("seed", range(3))
def test_edges_sum_to_balances_at_every_index_and_the_books_agree(house: House, seed: int) -> None:
    chance = Random(seed)
    for _ in range(3):
        house.record(*some.a_muddle(chance, 30))

    with house.reading() as tx:
        for up_to in (*range(0, house.size, 9), None):
            sums: Counter[Account] = Counter()
            for source, target, mm in books.edges(tx, EVERY_BATCH, up_to):
                sums[source] -= mm
                sums[target] += mm
            balances: Counter[Account] = Counter()
            for each in books.balances(tx, EVERY_BATCH, up_to):
                balances[each.account] += each.length_mm
            assert {a: mm for a, mm in sums.items() if mm and a != PRODUCED} == {
                a: mm for a, mm in balances.items() if mm
            }
        codes = list(tx.execute(select(books.batch.c.code)).scalars())
        assert len(codes) >= 3
        for code, book in books.read_books(tx, codes).items():
            standing = Counter(book.loose)
            for run in book.runs:
                standing[run.account] += run.length_mm * run.count
            journal = at(books.balances(tx, of(code)))
            assert standing == {a: mm for a, mm in journal.items() if a.state not in ("used", "sampled")}
            (produced,) = books.batches(tx, [code]).values()
            assert sum(journal.values()) == produced.length_mm


def test_what_nobody_can_explain_is_negative_in_the_balances(house: House) -> None:
    house.happened(some.production(entered_for=MAKER), some.receipt(length_mm=7_000, entered_for=DEALER))

    with house.reading() as tx:
        balances = at(books.balances(tx, EVERY_BATCH))

    assert balances[UNEXPLAINED] == -7_000
    assert sum(balances.values()) == 1_000_000


def test_postings_are_read_back_in_order_as_they_were_written(house: House) -> None:
    made, sent, *_ = a_story(house)
    code = house.code(MAKER)

    with house.reading() as tx:
        all_of_them, until = books.read_postings(tx, code), books.read_postings(tx, code, sent.seq)

    assert [seq for seq, _ in until] == [made.seq, made.seq, sent.seq]
    assert all_of_them[:3] == until
    assert [(p.first, p.last, p.length_mm) for _, p in until] == [
        (1, 4, 1_000_000),
        (0, 0, 100_000),
        (1, 2, 500_000),
    ]


# --- to whom a batch is open --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The story, told once for all who only read."""
    with open_house(tmp_path_factory.mktemp("told")) as house:
        a_story(house)
        yield house


@pytest.mark.parametrize(
    ("scope", "lots"),
    [
        (Scope(everything=True), {"L1", "L2"}),
        (Scope(), set()),
        (Scope(parties=frozenset({party_id(MAKER)})), {"L1"}),
        (Scope(parties=frozenset({party_id(OTHER_MAKER)})), {"L2"}),
        (Scope(parties=frozenset({party_id(SITE)})), {"L1"}),
        (Scope(parties=frozenset({SUPERVISOR})), {"L1"}),
        (Scope(parties=frozenset({party_id(DEALER)})), set()),
        (Scope(parties=frozenset({LABORATORY, REGULATOR})), set()),
        (Scope(parties=frozenset({OPERATOR})), {"L1", "L2"}),
        (Scope(regions=("411627",)), {"L1"}),
        (Scope(regions=("411603",)), {"L1"}),
        (Scope(regions=("411602",)), set()),
        (Scope(regions=("4116",)), {"L1"}),
        (Scope(regions=("41",)), {"L1"}),
        (Scope(regions=("3701",)), {"L2"}),
        (Scope(regions=("37", "41")), {"L1", "L2"}),
        (Scope(regions=("",)), {"L1", "L2"}),
        (Scope(regions=("42",)), set()),
        (Scope(parties=frozenset({party_id(SITE)}), regions=("37",)), {"L1", "L2"}),
        (Scope(parts=(Part(Scope(regions=("41",)), Scope(parties=frozenset({party_id(SITE)}))),)), {"L1"}),
        (Scope(parts=(Part(Scope(regions=("37",)), Scope(parties=frozenset({party_id(SITE)}))),)), set()),
        (Scope(parts=(Part(Scope(regions=("37", "41")), Scope(regions=("3701",))),)), {"L2"}),
        (Scope(certificates=frozenset({(party_id(MAKER), LICENCE)})), {"L1"}),
        (Scope(certificates=frozenset({(party_id(OTHER_MAKER), LICENCE)})), set()),
        (Scope(certificates=frozenset({(party_id(MAKER), "another")}), regions=("3701",)), {"L2"}),
        (Scope(regions=("3701",), parts=(Part(Scope(regions=("41",))),)), {"L1", "L2"}),
        (Scope(parts=(Part(Scope(parts=(Part(Scope(regions=("41",))),)), Scope(regions=("41",))),)), {"L1"}),
    ],
)
def test_a_batch_is_open_to_the_parties_and_regions_that_it_concerns(
    told: House, scope: Scope, lots: set[str]
) -> None:
    with told.reading() as tx:
        seen = set(tx.execute(select(books.batch.c.lot).where(books.open_to(scope))).scalars())

    assert seen == lots


@pytest.mark.parametrize(
    ("within", "named", "lots"),
    [
        ("41", ["L1", "L2"], {"L1"}),
        ("37", ["L1"], set()),
        ("", ["L2"], {"L2"}),
        ("41", [], {"L1"}),
    ],
)
def test_of_named_batches_those_are_open_that_the_grantor_sees(
    told: House, within: str, named: list[str], lots: set[str]
) -> None:
    with told.reading() as tx:
        of_lot = {row.lot: row.code for row in tx.execute(select(books.batch))}
        part = Part(Scope(regions=(within,)), things=frozenset(f"batch:{of_lot[lot]}" for lot in named))
        open_ = books.open_to(Scope(parts=(part,)))
        seen = set(tx.execute(select(books.batch.c.lot).where(open_)).scalars())

    assert seen == lots


def test_a_batch_is_open_to_whose_place_an_event_of_it_was_at(house: House) -> None:
    a_story(house)
    market = place_id("411602", "五一路建材市场")
    there = {"region": "411602", "name": "五一路建材市场 12 号"}
    house.happened(some.receipt(units=[(1, 1)], place=there, entered_for=DEALER))

    with house.reading() as tx:
        for within, lots in (("41", {"L1"}), ("37", set())):
            part = Part(Scope(regions=(within,)), Scope(sites=frozenset({market})))
            seen = tx.execute(select(books.batch.c.lot).where(books.open_to(Scope(parts=(part,)))))
            assert set(seen.scalars()) == lots


def test_a_scope_narrows_what_is_summed(house: House) -> None:
    a_story(house)
    of_the_site = books.open_to(Scope(parties=frozenset({party_id(SITE)})))

    with house.reading() as tx:
        balances = books.balances(tx, of_the_site)

    assert {balance.batch for balance in balances} == {house.code(MAKER)}


def test_involvement_begins_with_the_first_event_that_concerns_somebody(house: House) -> None:
    made, sent, received, *_ = a_story(house)
    code = house.code(MAKER)

    with house.reading() as tx:
        since = {
            row.who: row.seq
            for row in tx.execute(select(books.involvement).where(books.involvement.c.batch == code))
        }
        involved = books.involved_in(tx, [code])

    assert since == {
        f"p:{OPERATOR}": made.seq,
        f"p:{party_id(MAKER)}": made.seq,
        "r:411603": made.seq,
        f"p:{party_id(SITE)}": sent.seq,
        "r:411627": sent.seq,
        f"p:{SUPERVISOR}": received.seq,
        f"s:{business_id('project', party_id(SITE), 'XM-1')}": received.seq,
    }
    assert involved == {code: {*since, made_under(party_id(MAKER), LICENCE)}}


# --- looked up ----------------------------------------------------------------------------------------


def test_a_batch_is_found_by_code_and_by_lot(house: House) -> None:
    a_story(house)
    house.happened(
        some.production("L1", maker=OTHER_MAKER, entered_for=OTHER_MAKER),
        some.production("L3", entered_for=MAKER),
    )
    mine, others = house.code(MAKER), house.code(OTHER_MAKER)

    with house.reading() as tx:
        assert books.codes_of_lots(tx, ["L1"])["L1"] == [
            (party_id(MAKER), mine),
            (party_id(OTHER_MAKER), others),
        ]
        assert books.codes_of_lots(tx, ["L404"]) == {"L404": []}
        found = books.batches(tx, [mine, "0000000000"])
    assert found.keys() == {mine}
    assert (found[mine].lot, found[mine].length_mm, found[mine].length_of(4)) == ("L1", 1_100_000, 250_000)


def test_what_is_loaded_for_the_rules_says_also_what_is_not_there(house: House) -> None:
    a_story(house)
    code, maker = house.code(MAKER), party_id(MAKER)
    state = State()

    with house.reading() as tx:
        wanted = Wanted(lots={(maker, "L1"), (maker, "L404")}, batches={"0000000000"})
        books.load(tx, wanted, state)
        expected = books.read_books(tx, [code])[code]

    assert state.lots == {(maker, "L1"): code, (maker, "L404"): None}
    assert state.batches.keys() == {code, "0000000000"}
    assert state.batches["0000000000"] is None
    assert state.books == {code: expected}
    assert f"p:{maker}" in state.involved[code]


def test_a_batch_that_is_known_already_is_not_looked_up_again(house: House) -> None:
    a_story(house)
    code = house.code(MAKER)
    state = State()

    with house.reading() as tx:
        books.load(tx, Wanted(batches={code}), state)
        changed = state.books[code]
        changed.loose[AT_MAKER] = 1
        books.load(tx, Wanted(batches={code}, lots={(party_id(MAKER), "L1")}), state)

    assert state.books[code] is changed


def test_missing_legs_survive_the_tables(house: House) -> None:
    a_story(house)
    house.happened(some.receipt(batch_of(), units=[(3, 3)], entered_for=DEALER))
    house.restart()

    (late,) = house.record(some.dispatch(units=[(3, 3)], entered_for=MAKER))

    assert isinstance(late, Receipt)
    with house.reading() as tx:
        book = books.read_books(tx, [house.code(MAKER)])[house.code(MAKER)]
    assert [run.missing_legs for run in book.parts([(3, 3)])] == [()]


def test_metres_never_went_where_a_correction_takes_them_back_from(house: House) -> None:
    """Nobody sent them from the dealer to the site."""
    sent = some.dispatch(to=DEALER, units=[(1, 1)], entered_for=MAKER)
    right = some.correction(sent, some.dispatch(to=SITE, region="411627", units=[(1, 1)]), entered_for=MAKER)
    house.happened(some.production(entered_for=MAKER), sent, right)
    code = house.code(MAKER)

    with house.reading() as tx:
        edges = books.edges(tx, books.batch.c.code == code)
        journal = [posting for _, posting in books.read_postings(tx, code)]

    assert {(source.state, target.party) for source, target, _ in edges} == {
        ("produced", party_id(MAKER)),
        ("held", party_id(SITE)),
    }
    assert edges == moved_by(journal)
