"""Leads and cases through real intake: their register is what a rebuild makes, and nobody reviews what he investigated."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import cases_for_tests as cases
import drafts_for_tests as some
from cabletrace.investigation import register
from cabletrace.ledger.sequencer import Receipt
from cabletrace.model.admission import Refusal
from drafts_for_tests import MAKER, OPERATOR, REGULATOR, Envelope
from house_for_tests import House, rebuilt

LEAD, CASE = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a3"
BRANCH = "00000000-0000-4000-8000-0000000000c1"
OTHER = "00000000-0000-4000-8000-0000000000f1"


def by_the_regulator(*envelopes: Envelope) -> list[Envelope]:
    for each in envelopes:
        each["draft"]["entered_for"] = REGULATOR
    return list(envelopes)


def filed(code: str) -> list[Envelope]:
    about = cases.matter(batches=[code], units=[(1, 2)], goods=[], parties=[MAKER], names=["某作坊"])
    return by_the_regulator(
        cases.lead(LEAD, about=about),
        cases.lead_step(LEAD, "checking"),
        cases.case(CASE, leads=[LEAD], about=about, goods_value_fen=1_000_000),
        cases.case_step(CASE, "investigate"),
    )


def whole(code: str) -> list[Envelope]:
    return [
        *filed(code),
        *by_the_regulator(
            cases.case_step(CASE, "scope", matter=cases.matter(batches=[code])),
            cases.case_step(CASE, "investigation-closed"),
            cases.case_step(CASE, "review"),
            cases.case_step(CASE, "notice-served"),
            cases.case_step(CASE, "decision", **cases.SAID_OF_CASES["decision"], confiscated_fen=200_000),
            cases.case_step(CASE, "served", served_by="post", on="2026-05-20"),
        ),
    ]


def refused(answer: Receipt | Refusal) -> set[str]:
    assert isinstance(answer, Refusal), answer
    return {problem.code for problem in answer.problems}


def test_a_rebuild_gives_the_same_leads_and_cases(house: House, tmp_path: Path) -> None:
    house.happened(some.production(entered_for=MAKER))
    house.happened(*whole(house.code(MAKER)))
    house.happened(*by_the_regulator(cases.lead(str(uuid4()), "线索2"), cases.case(str(uuid4()), "案2")))

    dump = house.dump(kind="projection")

    assert (len(dump["lead"]), len(dump["case_"]), len(dump["case_step"])) == (2, 2, 9)
    assert rebuilt(house, tmp_path) == dump


def test_a_case_says_what_became_of_its_lead_and_how_it_stands_is_the_fold_of_its_steps(house: House) -> None:
    house.happened(some.production(entered_for=MAKER))
    house.happened(*whole(house.code(MAKER)))

    with house.reading() as tx:
        lead, case = register.leads(tx, [LEAD])[LEAD], register.cases(tx, [CASE])[CASE]

    assert (lead.state, lead.case) == ("filed", CASE)
    assert (case.state, case.penalised_fen, case.value_fen, case.publication) == (
        "served",
        3_200_000,
        1_000_000,
        "pending",
    )
    assert case.scope[0].batches == ((house.code(MAKER), ()),)


def test_the_scope_is_frozen_where_the_ledger_stood(house: House) -> None:
    house.happened(some.production(entered_for=MAKER))
    receipts = house.happened(*filed(house.code(MAKER)))

    with house.reading() as tx:
        case = register.cases(tx, [CASE])[CASE]

    assert case.scope[1] == receipts[2].seq


def test_nobody_reviews_what_he_has_investigated_in_whichever_group_the_steps_came(house: House) -> None:
    house.happened(some.production(entered_for=MAKER))
    own = cases.persons("reviewer", "执法 乙")
    steps = [*filed(house.code(MAKER)), *by_the_regulator(cases.case_step(CASE, "investigation-closed"))]
    review = by_the_regulator(cases.case_step(CASE, "review", by=own))

    *_, together = house.record(*steps, *review)
    (later,) = house.record(*review)
    house.restart()
    (after,) = house.record(*review)
    (another,) = house.record(*by_the_regulator(cases.case_step(CASE, "review")))

    assert refused(together) == refused(later) == refused(after) == {"reviews-own-case"}
    assert isinstance(another, Receipt)


def test_a_name_of_an_investigator_is_told_to_nobody_by_the_refusal(house: House) -> None:
    house.happened(some.production(entered_for=MAKER))
    house.happened(
        *filed(house.code(MAKER)), *by_the_regulator(cases.case_step(CASE, "investigation-closed"))
    )

    (answer,) = house.record(
        *by_the_regulator(cases.case_step(CASE, "review", by=cases.persons("reviewer", "执法乙")))
    )

    assert "执法乙" not in repr(answer)


def test_another_authoritys_lead_and_case_are_not_there_and_a_units_are_its_parents(house: House) -> None:
    house.happened(
        some.production(entered_for=MAKER),
        some.party(OTHER, "济南市示例市场监督管理局", "regulator", region="370100", entered_for=OPERATOR),
        some.party(BRANCH, "分局", "regulator", part_of=some.unit(regions=["411603"]), entered_for=REGULATOR),
    )
    house.happened(*filed(house.code(MAKER)))
    step = cases.case_step(CASE, "extended", text="案情复杂", entered_for=OTHER)
    merged = cases.lead("00000000-0000-4000-8000-0000000000b1", "线索9", entered_for=OTHER)

    (theirs,) = house.record(step)
    house.happened(merged)
    (into,) = house.record(
        cases.lead_step("00000000-0000-4000-8000-0000000000b1", "merged", case=CASE, entered_for=OTHER)
    )
    (units,) = house.record(cases.case_step(CASE, "extended", text="案情复杂", entered_for=BRANCH))

    assert refused(theirs) == {"case-unknown"}
    assert refused(into) == {"lead-unknown"}
    assert isinstance(units, Receipt)


def test_numbers_are_an_authoritys_own(house: House) -> None:
    house.happened(
        some.party(OTHER, "济南市示例市场监督管理局", "regulator", region="370100", entered_for=OPERATOR)
    )
    house.happened(*by_the_regulator(cases.lead(LEAD)))

    (same,) = house.record(*by_the_regulator(cases.lead(None)))
    (another,) = house.record(cases.lead(None, entered_for=OTHER))

    assert refused(same) == {"case-number-taken"}
    assert isinstance(another, Receipt)
