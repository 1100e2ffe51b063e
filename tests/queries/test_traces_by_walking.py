"""Whole traces, from the database to the answer, compared with a walk over single drums on random networks."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import assume, given, settings

from cabletrace.db.engine import begin_read
from cabletrace.flow.books import codes_of_lots
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.postings import moved_by
from cabletrace.model.state import Account
from cabletrace.model.values import business_id, party_id
from cabletrace.queries.starting_points import AtProject, HeldBy, OfBatch, OfUnit, Subject
from cabletrace.queries.trace import Trace, traced
from drafts_for_tests import PROJECT
from house_for_tests import at_the_machine, open_house
from network_for_tests import CHAIN, DEALERS_NAMED, Network, acts, summed, walked

Place = tuple[str, str, str]


def place(account: Account) -> Place:
    return account.party, account.region, account.project


def legs_between(steps: dict[tuple[Account, Account], int]) -> Counter[tuple[Place, Place]]:
    """Between different places: what merely changed its state is no leg, and what is made comes from nowhere."""
    found: Counter[tuple[Place, Place]] = Counter()
    for (source, target), mm in steps.items():
        if source.state != "produced" and place(source) != place(target):
            found[place(source), place(target)] += mm
    return found


def legs_of(found: Trace) -> Counter[tuple[Place, Place]]:
    places = {node.key: (node.party, node.region, node.project) for node in found.nodes}
    sums: Counter[tuple[Place, Place]] = Counter()
    for leg in found.legs:
        sums[places[leg.source], places[leg.target]] += leg.length_mm
    return sums


def stays_of(found: Trace) -> dict[tuple[Place, str], int]:
    return {
        ((node.party, node.region, node.project), state): mm
        for node in found.nodes
        for state, mm in node.stays.items()
    }


@settings(max_examples=4, deadline=None)
@given(acts=acts)
def test_traces_say_what_a_walk_over_single_drums_finds(acts: Any) -> None:
    network = Network()
    for act in acts:
        network.act(*act)
    assume(not network.is_a_convention and not network.is_mixed)
    parcels = walked(network.told)
    project = business_id("project", party_id(PROJECT["keeper"]), PROJECT["number"])
    with tempfile.TemporaryDirectory() as folder, open_house(Path(folder)) as house:
        house.happened(*DEALERS_NAMED)
        answers = house.record(*(envelope for envelope, _ in network.heard))
        assert [isinstance(answer, Receipt) for answer in answers] == [so for _, so in network.heard]
        with begin_read(house.engine) as tx:
            ((_, code),) = codes_of_lots(tx, ["L1"])["L1"]
            asked: list[tuple[Subject, str, Any]] = [
                (AtProject(project), "up", lambda unit, account: account.project == project),
                *(
                    (
                        HeldBy(id_),
                        "up",
                        lambda unit, account, id_=id_: (
                            account.party == id_ and account.state != "unexplained"
                        ),
                    )
                    for id_ in map(party_id, CHAIN)
                ),
                *(
                    (OfUnit(code, n), "up", lambda unit, account, n=n: unit == n)
                    for n in network.told.walk.registered
                ),
            ]
            for subject, direction, wanted in asked:
                found = traced(tx, at_the_machine(), subject, direction=direction)  # type: ignore[arg-type]

                assert found is not None, subject
                assert legs_of(found) == legs_between(summed(parcels, wanted)), subject
            whole = traced(tx, at_the_machine(), OfBatch(code))
            journal = [posting for _, posting in network.journal]
            expected = {
                (source, target): mm
                for source, target, mm in moved_by(journal)
                if "cut" not in (source.state, target.state)
            }

            assert whole is not None
            assert legs_of(whole) == legs_between(expected)
            where: Counter[tuple[Place, str]] = Counter()
            for (_, account), mm in network.told.walk.metres().items():
                where[place(account), account.state] += mm
            assert stays_of(whole) == {at: mm for at, mm in where.items() if mm}
