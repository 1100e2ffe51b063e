"""Ways of metres: compared with a walk over single drums that knows neither postings nor corrections, and by example."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, event, given, settings

from cabletrace.flow.ways import as_it_stands, descent, moves_of, units_among, ways, with_pieces
from cabletrace.model.postings import Posting
from cabletrace.model.state import CUT, PRODUCED, UNEXPLAINED, Account
from cabletrace.model.values import party_id
from network_for_tests import CHAIN, Network, acts, summed, walked

HERE, DEALER, SHOP = (Account("held", name, "411602") for name in ("maker", "dealer", "shop"))
USED = Account("used", "site", "411627", "P")


def loose(source: Account, target: Account, mm: int, *, undoes: bool = False) -> Posting:
    return Posting("B", 0, 0, source, target, mm, undoes)


def drums(
    first: int, last: int, source: Account, target: Account, mm: int, *, undoes: bool = False
) -> Posting:
    return Posting("B", first, last, source, target, mm * (last - first + 1), undoes)


@settings(max_examples=100, deadline=None)
@given(acts=acts)
def test_the_way_of_every_metre_is_that_of_a_walk_over_single_drums(acts: Any) -> None:
    network = Network()
    for act in acts:
        network.act(*act)
    assume(not network.is_a_convention)
    standing = as_it_stands(network.journal)
    parcels = walked(network.told)
    depth = max((len(trail) for each in parcels.values() for _, trail in each), default=0)
    event(f"steps of the longest way: {min(depth // 2 * 2, 12)}")
    targets: list[tuple[str, Any]] = [
        ("everything", lambda unit, account: bool(unit)),
        ("the project", lambda unit, account: bool(account.project)),
        *(
            (f"what {id_} has", lambda unit, account, id_=id_: account.party == id_)
            for id_ in map(party_id, CHAIN)
        ),
        *((f"drum {n}", lambda unit, account, n=n: unit == n) for n in network.told.walk.registered),
    ]

    for name, wanted in targets[:1] if network.is_mixed else targets:
        found = {(source, target): mm for source, target, mm in ways(standing, wanted, range(1, 31))}

        assert found == summed(parcels, wanted), name


def test_a_piece_follows_its_drum_whose_way_a_correction_put_in_order_later() -> None:
    """The right dispatch stands behind the receipt and the cut that rest on it: what waits for the drum is the cut, and for that the piece."""
    said = [
        drums(1, 1, PRODUCED, HERE, 100),
        drums(1, 1, DEALER, CUT, 40),
        drums(11, 11, CUT, DEALER, 40),
        drums(1, 1, DEALER, SHOP, 60),
        drums(1, 1, HERE, DEALER, 100),
    ]

    assert ways(said, lambda unit, _: unit == 11) == [(HERE, DEALER, 40), (PRODUCED, HERE, 40)]
    assert ways(said, lambda unit, account: account == SHOP) == [
        (DEALER, SHOP, 60),
        (HERE, DEALER, 60),
        (PRODUCED, HERE, 60),
    ]


def test_pieces_of_two_drums_that_wait_do_not_change_places() -> None:
    """Both drums come late by corrections, the second one first: each piece is still of its own drum."""
    said = [
        drums(1, 2, PRODUCED, HERE, 100),
        drums(1, 1, DEALER, CUT, 1),
        drums(11, 11, CUT, DEALER, 1),
        drums(2, 2, SHOP, CUT, 1),
        drums(12, 12, CUT, SHOP, 1),
        drums(2, 2, HERE, SHOP, 100),
        drums(1, 1, HERE, DEALER, 100),
    ]

    assert ways(said, lambda unit, _: unit == 11) == [(HERE, DEALER, 1), (PRODUCED, HERE, 1)]
    assert ways(said, lambda unit, _: unit == 12) == [(HERE, SHOP, 1), (PRODUCED, HERE, 1)]


def test_metres_that_nobody_made_do_not_overtake_those_before_them() -> None:
    """Of a drum 1 mm more came than was sent, by a way that a correction put in order later: it is still the last to be used."""
    lost = Account("unexplained", "dealer", "411602")
    said = [
        drums(1, 1, PRODUCED, HERE, 100),
        drums(1, 1, DEALER, SHOP, 99),
        drums(1, 1, lost, SHOP, 1),
        drums(1, 1, SHOP, USED, 99),
        drums(1, 1, HERE, DEALER, 100),
    ]

    assert ways(said, lambda unit, account: account == USED) == [
        (DEALER, SHOP, 99),
        (HERE, DEALER, 99),
        (SHOP, USED, 99),
        (PRODUCED, HERE, 99),
    ]
    # Where those before them never come, they wait no longer.
    assert ways(said[:4], lambda unit, account: account == SHOP) == [(lost, SHOP, 1)]


def test_of_loose_lengths_the_first_in_is_the_first_out() -> None:
    """The shop got 60 m from the maker, then 40 m from the dealer; 70 m of them are used."""
    said = [
        loose(PRODUCED, HERE, 100),
        loose(HERE, DEALER, 40),
        loose(HERE, SHOP, 60),
        loose(DEALER, SHOP, 40),
        loose(SHOP, USED, 70),
    ]

    found = ways(said, lambda _, account: account == USED)

    assert found == sorted(
        [
            (PRODUCED, HERE, 70),
            (HERE, SHOP, 60),
            (HERE, DEALER, 10),
            (DEALER, SHOP, 10),
            (SHOP, USED, 70),
        ]
    )


def test_metres_that_nobody_made_come_from_what_is_unexplained() -> None:
    found = ways([loose(UNEXPLAINED, USED, 5)], lambda _, account: account == USED)

    assert found == [(UNEXPLAINED, USED, 5)]


def test_a_right_posting_takes_the_place_of_the_wrong_one() -> None:
    """Sent to the dealer, who sent it on to the site; later it is said that the shop had it, and sent it on."""
    wrong = [drums(1, 1, HERE, DEALER, 9), drums(1, 1, DEALER, USED, 9)]
    right = [drums(1, 1, HERE, SHOP, 9), drums(1, 1, SHOP, USED, 9)]
    journal = [
        (1, drums(1, 1, PRODUCED, HERE, 9)),
        (2, wrong[0]),
        (3, wrong[1]),
        (7, drums(1, 1, DEALER, HERE, 9, undoes=True)),
        (7, right[0]),
        (7, drums(1, 1, USED, DEALER, 9, undoes=True)),
        (7, right[1]),
    ]

    standing = as_it_stands(journal)

    assert standing == [drums(1, 1, PRODUCED, HERE, 9), *right]
    assert ways(standing, lambda *_: True) == sorted(
        (posting.source, posting.target, 9) for posting in standing
    )


def test_a_circle_into_which_nothing_leads_is_left_out() -> None:
    torn = [drums(1, 1, PRODUCED, HERE, 9), drums(1, 1, SHOP, DEALER, 9), drums(1, 1, DEALER, SHOP, 9)]

    assert ways(torn, lambda *_: True) == [(PRODUCED, HERE, 9)]


def test_what_comes_before_its_metres_waits_for_them() -> None:
    turned = [drums(1, 1, DEALER, SHOP, 9), drums(1, 1, HERE, DEALER, 9), drums(1, 1, PRODUCED, HERE, 9)]

    found = ways(turned, lambda _, account: account == SHOP)

    assert found == sorted([(PRODUCED, HERE, 9), (HERE, DEALER, 9), (DEALER, SHOP, 9)])


def test_of_a_hundred_thousand_coils_those_that_are_asked_for_are_told_apart() -> None:
    made = [drums(1, 100_000, PRODUCED, HERE, 100), drums(5, 5, HERE, SHOP, 100)]

    assert ways(made, lambda unit, _: unit == 7, [7]) == [(PRODUCED, HERE, 100)]
    assert ways(made, lambda _, account: account == HERE) == [(PRODUCED, HERE, 100 * 99_999)]


def test_a_piece_is_of_the_drum_that_it_was_cut_from_and_so_are_its_own_pieces() -> None:
    cuts = [
        drums(1, 2, PRODUCED, HERE, 100),
        drums(1, 1, HERE, CUT, 60),
        drums(11, 11, CUT, HERE, 40),
        drums(12, 12, CUT, HERE, 20),
        drums(11, 11, HERE, CUT, 10),
        drums(21, 21, CUT, HERE, 10),
        drums(21, 21, HERE, SHOP, 10),
    ]

    parents = descent(cuts)

    assert parents == {11: 1, 12: 1, 21: 11}
    assert with_pieces([1], parents) == {1, 11, 12, 21}
    assert moves_of(cuts, with_pieces([11], parents), parents) == [(HERE, SHOP, 10), (PRODUCED, HERE, 40)]
    # A drum and its own piece asked for together are the drum alone; beside another drum each counts once.
    both, alone = with_pieces([1, 11], parents), with_pieces([1], parents)
    assert (
        moves_of(cuts, both, parents)
        == moves_of(cuts, alone, parents)
        == [(HERE, SHOP, 10), (PRODUCED, HERE, 100)]
    )
    assert moves_of(cuts, with_pieces([2, 11], parents), parents) == [(HERE, SHOP, 10), (PRODUCED, HERE, 140)]
    assert units_among(cuts, [(2, 11), (30, 40)]) == {2, 11}
    assert ways(cuts, lambda unit, _: unit == 21, [21]) == [(HERE, SHOP, 10), (PRODUCED, HERE, 10)]
