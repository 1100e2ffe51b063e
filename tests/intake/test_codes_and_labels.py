"""Codes that are reserved, productions that name them, labels that are printed: live, rebuilt, and in either order."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import drafts_for_tests as some
from cabletrace.db.engine import begin_read
from cabletrace.model.admission import Refusal
from cabletrace.model.values import party_id
from cabletrace.registry import register
from drafts_for_tests import MAKER, OTHER_MAKER, Envelope, batch_of
from house_for_tests import House, rebuilt


def reserved(house: House, maker: str = MAKER, **members: Any) -> list[str]:
    """Codes as the server has minted them."""
    codes: list[str] = house.record_assigned(some.reservation(maker, entered_for=maker, **members))["codes"]
    return codes


def refused(house: House, *envelopes: Envelope) -> list[set[str]]:
    """The rules that refuse each; empty for what was recorded."""
    answers = house.record(*envelopes)
    return [
        {problem.code for problem in answer.problems} if isinstance(answer, Refusal) else set()
        for answer in answers
    ]


def test_a_production_that_names_a_reserved_code_gets_exactly_it(house: House) -> None:
    first, second, third = reserved(house)

    one = house.record_assigned(some.production("L1", code=second, entered_for=MAKER))
    other = house.record_assigned(some.production("L2", entered_for=MAKER))

    assert one == {"batch": second, "key_version": 1}
    assert other["batch"] not in (first, second, third)
    with begin_read(house.engine) as tx:
        waiting = [
            each.code for each in register.reserved_for(tx, party_id(MAKER), waiting_on=date(2026, 6, 30))
        ]
    assert waiting == sorted([first, third])


def test_a_code_is_given_to_one_production_of_its_own_maker_and_no_other(house: House) -> None:
    (mine,), (theirs,) = reserved(house, count=1), reserved(house, OTHER_MAKER, count=1)

    answers = refused(
        house,
        some.production("L1", code=theirs, entered_for=MAKER),
        some.production("L2", code=mine, entered_for=MAKER),
        some.production("L3", code=mine, entered_for=MAKER),
    )

    assert answers == [{"code-not-reserved"}, set(), {"code-already-used"}]


def test_blank_labels_printed_beforehand_count_for_the_batch_that_takes_their_code(house: House) -> None:
    (code,) = reserved(house, count=1, units=4)
    house.happened(some.labelling(code, [(1, 2)], entered_for=MAKER))

    house.happened(some.production("L1", code=code, entered_for=MAKER))
    again = some.labelling(code, [(2, 3)], entered_for=MAKER)
    with_reason = some.labelling(code, [(2, 3)], reason="lost", entered_for=MAKER)

    assert refused(house, again, with_reason) == [{"reprint-without-reason"}, set()]
    with begin_read(house.engine) as tx:
        runs = register.printed_runs(tx, [code])[code]
    assert [(run.first, run.last, run.times) for run in runs] == [(1, 1, 1), (2, 2, 2), (3, 3, 1)]


def test_a_reason_that_is_none_of_those_listed_is_told_in_words(house: House) -> None:
    house.happened(some.production("L1", entered_for=MAKER))
    code = house.code(MAKER, "L1")

    mute = some.labelling(code, reason="other", entered_for=MAKER)
    telling = some.labelling(code, reason="other", note="客户要求大标签", entered_for=MAKER)

    assert refused(house, mute, telling) == [{"reprint-without-reason"}, set()]


def test_a_code_that_nobody_reserved_has_no_labels(house: House) -> None:
    answers = refused(house, some.labelling("0000000000", entered_for=MAKER))

    assert answers == [{"label-of-nothing"}]


def test_a_rebuild_knows_the_same_codes_and_labels(house: House, tmp_path: Path) -> None:
    codes = reserved(house, count=40, units=9)
    produced = some.production("L1", code=codes[3], entered_for=MAKER)
    house.happened(some.labelling(codes[3], [(1, 1)], entered_for=MAKER), produced)
    house.happened(some.dispatch(batch_of(lot="L1"), units=[(1, 1)], entered_for=MAKER))
    house.happened(some.labelling(codes[3], [(1, 4)], reason="damaged", copies=2, entered_for=MAKER))
    house.happened(some.labelling(codes[5], [(2, 4)], entered_for=MAKER))
    right = some.production("L1", [(1, 4, 250_000), (5, 5, 10_000)], code=codes[3])
    house.happened(some.correction(produced, right, entered_for=MAKER))

    live = house.dump(kind="projection")

    assert rebuilt(house, tmp_path) == live
    assert len(live["reserved_code"]) == 40
    assert len(live["printed"]) == 3
