"""What inspections found is followed up one by one, and a rebuild knows the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import drafts_for_tests as some
from cabletrace.auth.policy import Role
from cabletrace.inspecting import register as inspecting
from cabletrace.intake import draws
from cabletrace.model.admission import Refusal
from cabletrace.model.draws import drawn
from cabletrace.model.inspecting import KnownDefect
from cabletrace.model.values import party_id
from drafts_for_tests import MAKER, REGULATOR, Envelope
from house_for_tests import House, rebuilt, signed_in

OFFICER = signed_in(REGULATOR, Role.REGULATOR, "411600")
OF_THE_MAKER = signed_in(MAKER, Role.MANUFACTURER)


def inspected(*problems: str, **members: Any) -> Envelope:
    defects = [{"text": text, "due": "2026-05-09"} for text in problems]
    return some.inspection({"party": MAKER}, defects=defects, **members)


def problems_of(house: House, inspection: Envelope) -> list[KnownDefect]:
    with house.reading() as tx:
        return inspecting.defects_of(tx, inspection["draft"]["id"])


def test_a_problem_is_found_put_right_and_closed(house: House) -> None:
    found = inspected("没有进货查验记录", "标识不清")
    event = found["draft"]["id"]
    house.happened(found, by=OFFICER)

    house.happened(some.rectification(event), by=OF_THE_MAKER)
    house.happened(some.rectification(event, 1, "not-fixed", due="2026-05-20"), by=OFFICER)
    house.happened(some.rectification(event), by=OF_THE_MAKER)
    house.happened(some.rectification(event, 1, "closed"), by=OFFICER)

    first, second = problems_of(house, found)
    assert (first.state, str(first.due), first.party, first.region) == (
        "closed",
        "2026-05-20",
        party_id(MAKER),
        "411603",
    )
    assert (second.state, second.last) == ("open", "")
    (refused,) = house.record(some.rectification(event, 1, "closed"), by=OFFICER)
    assert isinstance(refused, Refusal)
    assert [each.code for each in refused.problems] == ["defect-done"]


def test_a_correction_of_the_inspection_keeps_what_was_done_and_takes_away_what_was_not_found(
    house: House,
) -> None:
    found = inspected("没有进货查验记录", "标识不清", "写错了的")
    event = found["draft"]["id"]
    house.happened(found, by=OFFICER)
    house.happened(some.rectification(event), by=OF_THE_MAKER)

    right = inspected("没有进货查验记录（铜材）", "标识不清")
    house.happened(some.correction(found, right), by=OFFICER)

    first, second = problems_of(house, found)
    assert (first.text, first.state) == ("没有进货查验记录（铜材）", "reported")
    assert second.state == "open"


def test_a_planned_visit_is_taken_up_once(house: House) -> None:
    plan = some.visit_plan()
    house.happened(plan, by=OFFICER)

    visited = inspected("标识不清", plan=plan["draft"]["id"])
    house.happened(visited, by=OFFICER)

    with house.reading() as tx:
        (known,) = inspecting.visits(tx)
    assert known.inspection == visited["draft"]["id"]
    (again,) = house.record(inspected(number="JD-2", plan=plan["draft"]["id"]), by=OFFICER)
    assert isinstance(again, Refusal)
    assert [each.code for each in again.problems] == ["plan-unknown"]


def test_another_authority_is_told_of_a_plan_what_it_is_told_of_none(house: House) -> None:
    other = "00000000-0000-4000-8000-0000000000f1"
    house.happened(some.party(other, "淮阳区示例局", "regulator", region="411603", entered_for=some.OPERATOR))
    plan = some.visit_plan()
    house.happened(plan, by=OFFICER)
    county = signed_in(other, Role.REGULATOR, "411603")

    answers = house.record(
        inspected(plan=plan["draft"]["id"]), inspected(number="JD-2", plan=some.NOBODY), by=county
    )

    told = [
        [(each.code, each.detail) for each in answer.problems]
        for answer in answers
        if isinstance(answer, Refusal)
    ]
    assert len(told) == 2
    assert told[0] == told[1]


def test_a_rebuild_gives_the_same_problems_visits_and_official_classes(house: House, tmp_path: Path) -> None:
    plan = some.visit_plan()
    found, voided = inspected("甲", "乙", plan=plan["draft"]["id"]), inspected("丙", number="JD-2")
    event = found["draft"]["id"]
    house.happened(plan, found, voided, by=OFFICER)
    house.happened(some.rectification(event, 2), by=OF_THE_MAKER)
    house.happened(some.rectification(event, 2, "extended", due="2026-06-01"), by=OFFICER)
    house.happened(some.correction(found, inspected("甲（更正）", "乙")), some.correction(voided), by=OFFICER)

    gave, void = some.credit_class(), some.credit_class(letter="A", on="2026-03-01")
    house.happened(gave, void, by=OFFICER)
    house.happened(some.correction(gave, some.credit_class(letter="B")), some.correction(void), by=OFFICER)

    dump = house.dump(kind="projection")

    assert len(dump["defect"]) == 2
    assert len(dump["visit"]) == 1
    assert len(dump["credit_class"]) == 1
    with house.reading() as tx:
        (known,) = inspecting.credit_classes(tx, [party_id(MAKER)])[party_id(MAKER)]
    assert (known.letter, known.event) == ("B", gave["draft"]["id"])
    assert rebuilt(house, tmp_path) == dump


def test_an_authority_gives_a_number_to_one_inspection(house: House, tmp_path: Path) -> None:
    # given: one of a party and one of a batch, of the same authority, and another authority
    other = "00000000-0000-4000-8000-0000000000f1"
    house.happened(some.party(other, "淮阳区示例局", "regulator", region="411603", entered_for=some.OPERATOR))
    found, of_batch = inspected("甲", number="JD-1"), some.inspection(number="JD-2")
    house.happened(some.production(), by=OF_THE_MAKER)
    house.happened(found, of_batch, by=OFFICER)

    def refused(again: Envelope) -> bool:
        (answer,) = house.record(again, by=OFFICER)
        codes = [each.code for each in answer.problems] if isinstance(answer, Refusal) else []
        assert codes in ([], ["inspection-number-taken"])
        return bool(codes)

    # then: a second one is refused, whatever it is about, also in one go with the first; the same event again is not
    assert refused(inspected("乙", number="JD-1"))
    assert refused(some.inspection(number="JD-1"))
    assert refused(inspected("乙", number="JD-2"))
    first, second = house.record(inspected(number="JD-3"), inspected(number="JD-3"), by=OFFICER)
    assert not isinstance(first, Refusal)
    assert isinstance(second, Refusal)
    assert not refused(found)
    county = signed_in(other, Role.REGULATOR, "411603")
    house.happened(inspected("乙", number="JD-1"), by=county)

    # then: a correction keeps its number, takes no other's, and what it leaves is free
    kept = some.correction(found, inspected("甲（更正）", number="JD-1"))
    assert not refused(kept)
    assert refused(some.correction(found, inspected("甲", number="JD-2"), newest=kept["draft"]["id"]))
    moved = some.correction(found, inspected("甲", number="JD-4"), newest=kept["draft"]["id"])
    assert not refused(moved)
    assert refused(inspected("乙", number="JD-4"))
    assert not refused(inspected("乙", number="JD-1"))
    assert not refused(some.correction(of_batch))
    assert not refused(inspected("乙", number="JD-2"))

    dump = house.dump(kind="projection")
    assert len(dump["inspection"]) == 5
    assert rebuilt(house, tmp_path) == dump


# --- sampling plans -----------------------------------------------------------------------------------


def root_with(house: House, plan: Envelope) -> str | None:
    with house.reading() as tx:
        (known,) = inspecting.sampling_plans(tx, [party_id(REGULATOR)])
        assert known.event == plan["draft"]["id"]
        return draws.root_behind(tx, known.seq)


def test_a_draw_takes_the_root_that_came_after_its_plan(house: House, tmp_path: Path) -> None:
    plan = some.sampling_plan()
    event = plan["draft"]["id"]
    house.happened(plan, by=OFFICER)
    assert root_with(house, plan) is None
    (early,) = house.record(some.sampling_draw(event), by=OFFICER)
    assert isinstance(early, Refusal)
    assert [each.code for each in early.problems] == ["root-of-another-tree"]
    house.happened(inspected("标识不清"), by=OFFICER)
    root = root_with(house, plan)
    house.happened(inspected("标识不清", number="JD-2"), by=OFFICER)

    assert root is not None
    assert root_with(house, plan) == root  # whatever came since
    house.happened(some.sampling_draw(event, root), by=OFFICER)

    with house.reading() as tx:
        (known,) = inspecting.sampling_plans(tx, [party_id(REGULATOR)])
    assert known.drawn == drawn(some.SEED, root, some.CANDIDATES, 3)
    (again,) = house.record(some.sampling_draw(event, root), by=OFFICER)
    assert isinstance(again, Refusal)
    assert [each.code for each in again.problems] == ["nothing-to-draw"]
    dump = house.dump(kind="projection")
    assert len(dump["sampling_plan"]) == 1
    assert rebuilt(house, tmp_path) == dump
