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
    assert [(each.code, each.units) for each in case.scope[0].batches] == [(house.code(MAKER), ())]


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


def corrected(of: Envelope, right: Envelope | None = None, **members: object) -> Envelope:
    return some.correction(of, right, entered_for=REGULATOR, **members)


def test_a_step_that_was_entered_wrong_is_put_right_and_a_rebuild_gives_the_same(
    house: House, tmp_path: Path
) -> None:
    house.happened(some.production(entered_for=MAKER))
    steps = whole(house.code(MAKER))
    house.happened(*steps)
    decision = next(each for each in steps if each["draft"]["body"].get("step") == "decision")
    said = {**cases.SAID_OF_CASES["decision"], "fine_fen": 1_000_000}
    right = corrected(decision, cases.case_step(CASE, "decision", on="2026-05-14", **said))

    house.happened(right)

    with house.reading() as tx:
        case = register.cases(tx, [CASE])[CASE]
    assert case.decision is not None
    assert (case.decision.fine_fen, case.decision.on.isoformat(), case.state) == (
        1_000_000,
        "2026-05-14",
        "served",
    )
    assert case.penalised_fen == 1_000_000
    assert rebuilt(house, tmp_path) == house.dump(kind="projection")


def test_the_last_step_is_voided_and_one_on_which_others_rest_is_not(house: House, tmp_path: Path) -> None:
    house.happened(some.production(entered_for=MAKER))
    steps = whole(house.code(MAKER))
    house.happened(*steps)

    (rests,) = house.record(corrected(steps[3]))
    (last,) = house.record(corrected(steps[-1]))
    (late,) = house.record(
        corrected(steps[4], cases.case_step(CASE, "scope", goods_value_fen=5, on="2026-05-30"))
    )

    assert refused(rests) == {"breaks-the-way"}
    assert isinstance(last, Receipt)
    assert refused(late) == {"breaks-the-way"}
    with house.reading() as tx:
        assert register.cases(tx, [CASE])[CASE].state == "decided"
    assert rebuilt(house, tmp_path) == house.dump(kind="projection")


def test_the_filing_itself_is_put_right_with_its_number_and_its_leads(house: House, tmp_path: Path) -> None:
    house.happened(some.production(entered_for=MAKER))
    steps = filed(house.code(MAKER))
    house.happened(*steps)
    right = corrected(steps[2], cases.case(CASE, "案99", category="counterfeit"))

    house.happened(right)
    (again,) = house.record(*by_the_regulator(cases.case(str(uuid4()), leads=[LEAD])))
    (void,) = house.record(corrected(steps[2], newest=right["draft"]["id"]))

    assert isinstance(again, Receipt)  # the number and the lead are free again
    assert refused(void) == {"beginning-stays"}
    with house.reading() as tx:
        case, lead = register.cases(tx, [CASE])[CASE], register.leads(tx, [LEAD])[LEAD]
    assert (case.number, case.category, case.leads, case.state) == (
        "案99",
        "counterfeit",
        (),
        "investigating",
    )
    assert lead.case != CASE
    assert rebuilt(house, tmp_path) == house.dump(kind="projection")


def test_a_right_version_is_judged_where_it_stands(house: House) -> None:
    house.happened(some.production(entered_for=MAKER))
    steps = filed(house.code(MAKER))
    house.happened(*steps)

    (few,) = house.record(
        corrected(steps[3], cases.case_step(CASE, "investigate", by=cases.persons("officer", "执法甲")))
    )
    (other,) = house.record(corrected(steps[3], cases.case_step(CASE, "review")))

    assert refused(few) == {"too-few-officers"}
    assert refused(other) == {"case-out-of-order"}
