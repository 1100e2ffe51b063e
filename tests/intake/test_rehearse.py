"""Rehearsal: it says beforehand what recording then does, and changes nothing."""

from random import Random

import pytest

import drafts_for_tests as some
from cabletrace.intake.admit import Proposal
from cabletrace.intake.rebuild import METADATA
from cabletrace.intake.record import prepare
from cabletrace.intake.recorded import read_recorded
from cabletrace.ledger.sequencer import Earlier, Receipt
from cabletrace.ledger.store import read_row
from cabletrace.model.admission import Admitted, Refusal
from cabletrace.personal import disclosures
from drafts_for_tests import DEALER, MAKER, NOBODY, Envelope
from house_for_tests import House, at_the_machine

Verdict = Admitted | Refusal | Earlier


def prepared(*envelopes: Envelope) -> list[Proposal]:
    return [prepare(envelope, at_the_machine()) for envelope in envelopes]


def kinds_of(verdicts: list[Verdict]) -> list[str]:
    return [type(verdict).__name__ for verdict in verdicts]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("chunk", [500, 7])
def test_a_rehearsal_foretells_what_recording_does(house: House, seed: int, chunk: int) -> None:
    house.record(*some.a_muddle(Random(seed + 100), 12))
    proposals = prepared(*some.a_muddle(Random(seed), 40))
    size = house.size

    (*foretold,) = (verdict for (verdict,) in house.intake.rehearse([[p] for p in proposals], chunk=chunk))
    came = house.intake.record_now(proposals)

    assert {"Admitted", "Refusal"} <= set(kinds_of(foretold))
    fresh = size
    for before, after in zip(foretold, came, strict=True):
        match before:
            case Refusal():
                assert after == before
            case Earlier(seq):
                assert isinstance(after, Receipt)
                assert after.seq == seq
            case Admitted(marks):
                assert isinstance(after, Receipt)
                assert (after.seq, marks) == (fresh, marks_of(house, after.seq))
                fresh += 1
    assert house.size == fresh


def marks_of(house: House, seq: int) -> tuple[str, ...]:
    with house.reading() as tx:
        row = read_row(tx, seq)
    assert row is not None
    return read_recorded(row).marks


def test_a_rehearsal_changes_nothing(house: House) -> None:
    everything = (*METADATA, disclosures.metadata)
    house.record(*some.a_muddle(Random(1), 20))
    before = house.dump(everything)

    list(house.intake.rehearse([prepared(*some.a_muddle(Random(2), 30))]))
    list(house.intake.rehearse([[p] for p in prepared(*some.a_muddle(Random(3), 30))]))

    assert house.dump(everything) == before


def test_a_draft_sees_the_earlier_ones_of_its_group(house: House) -> None:
    group = prepared(
        some.party(NOBODY, "城东电料行", "distributor", entered_for=MAKER),
        some.production(entered_for=MAKER),
        some.dispatch(to=NOBODY, units=[(1, 1)], entered_for=MAKER),
        some.dispatch(to=NOBODY, units=[(1, 1)], entered_for=MAKER),
    )

    (verdicts,) = house.intake.rehearse([group])

    assert kinds_of(list(verdicts)) == ["Admitted", "Admitted", "Admitted", "Refusal"]


def test_a_group_falls_as_one_and_leaves_nothing_for_the_next(house: House) -> None:
    house.happened(some.production(entered_for=MAKER))
    sent = some.dispatch(units=[(1, 1)], entered_for=MAKER)
    wrong = some.dispatch(units=[(9, 9)], entered_for=MAKER)
    product = some.product(number="P77", entered_for=MAKER)

    fallen, again, without = house.intake.rehearse(
        [
            prepared(sent, product, wrong),
            prepared(sent),
            prepared(some.production("L77", product="P77", entered_for=MAKER)),
        ]
    )

    assert kinds_of(list(fallen)) == ["Admitted", "Admitted", "Refusal"]
    assert kinds_of(list(again)) == ["Admitted"]
    assert kinds_of(list(without)) == ["Refusal"]


def test_the_same_draft_twice_is_one_also_across_groups_and_chunks(house: House) -> None:
    made = some.production(entered_for=MAKER)
    sent = some.dispatch(units=[(1, 1)], entered_for=MAKER)
    size = house.size

    verdicts = list(house.intake.rehearse([prepared(made), prepared(sent, sent), prepared(made)], chunk=1))

    assert [list(group) for group in verdicts] == [
        [Admitted(())],
        [Admitted(()), Earlier(size + 1)],
        [Earlier(size)],
    ]


def test_what_is_on_the_ledger_already_is_told_apart_from_what_is_new(house: House) -> None:
    old = some.production(entered_for=MAKER)
    (receipt,) = house.happened(old)

    (verdicts,) = house.intake.rehearse([prepared(old, some.receipt(units=[(1, 1)], entered_for=DEALER))])

    earlier, seen = verdicts
    assert earlier == Earlier(receipt.seq)
    assert isinstance(seen, Admitted)
    assert [finding.code for finding in seen.findings] == ["receipt-without-dispatch"]
