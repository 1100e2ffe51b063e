"""The way of a lead and of a case: each step of the table is taken once, and each other one is refused with its reason."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

import cases_for_tests as cases
from cabletrace.errors import Broken
from cabletrace.model.admission import Admitted, Refusal
from cabletrace.model.case_path import (
    CASE_MOVES,
    CASE_STATES,
    CASE_STEPS,
    FILED,
    LEAD_MOVES,
    LEAD_STATES,
    LEAD_STEPS,
    RECEIVED,
    Move,
    state_after,
)
from cabletrace.model.investigation import KnownCase, KnownLead, KnownMatter, KnownStep
from drafts_for_tests import REGULATOR
from world_for_tests import World, world_with_a_batch

LEAD, CASE = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a3"

#: The table once more, state by state, so that no row of it can be changed unseen. A case is filed of a lead by its own event.
FROM_LEAD = {
    "received": {"assigned", "checking", "extended", "transferred-out", "merged"},
    "assigned": {"assigned", "checking", "extended", "transferred-out", "merged"},
    "checking": {"testing", "extended", "not-filed", "transferred-out", "merged", "filed"},
    "testing": {"tested", "extended"},
    "filed": set[str](),
    "not-filed": set[str](),
    "transferred-out": set[str](),
    "merged": set[str](),
}
AWAY = {"transferred-police", "transferred-other"}
OPEN = {"scope", "extended", *AWAY}
PUBLISHING = {"published", "not-published", "withdrawn", "publication-ended"}
FROM_CASE = {
    "filed": {"investigate", "terminated", *OPEN},
    "investigating": {"testing", "suspended", "investigation-closed", "terminated", *OPEN},
    "testing": {"tested", "terminated", *OPEN},
    "suspended": {"resumed", "terminated", *OPEN},
    "investigation-closed": {"review", *OPEN},
    "review": {"back", "notice-served", "decision", *OPEN},
    "notified": {"back", "statement", "hearing", "decision", *OPEN},
    "hearing": {"hearing-ended", *OPEN},
    "decided": {"served", *PUBLISHING},
    "served": {"executing", "executed", "closed", *PUBLISHING},
    "executing": {"executed", *PUBLISHING},
    "executed": {"closed", *PUBLISHING},
    "closed": PUBLISHING,
    "terminated": {"closed"},
    "transferred-police": {"police-returned", "closed"},
    "transferred-other": {"closed"},
}


#: A case that ends with a penalty; the shortest way to its end has no decision.
PUNISHED = ("investigate", "investigation-closed", "review", "notice-served", "decision", "served", "closed")


def way_to(moves: Sequence[Move], begin: str, state: str) -> list[str]:
    """A shortest way of steps from the beginning to a state."""
    ways = {begin: list[str]()}
    waiting = [begin]
    while waiting:
        at = waiting.pop(0)
        for move in moves:
            if at in move.states and move.to and move.to not in ways:
                ways[move.to] = [*ways[at], move.step]
                waiting.append(move.to)
    return ways[state]


def steps(names: Sequence[str]) -> tuple[KnownStep, ...]:
    return tuple(
        KnownStep(
            event=f"00000000-0000-4000-8000-0000000001{n:02}",
            seq=100 + n,
            step=name,
            on=date(2026, 5, 7),
            speaker=REGULATOR,
            outcome="penalty" if name == "decision" else "",
        )
        for n, name in enumerate(names)
    )


def lead_at(world: World, state: str) -> None:
    known = KnownLead(
        id=LEAD, event=LEAD, seq=50, authority=REGULATOR, number="线索1", source="report", text="举报",
        received_on=date(2026, 5, 6), matter=KnownMatter(names=("某作坊",)), steps=steps(way_to(LEAD_MOVES, RECEIVED, state)),
    )  # fmt: skip
    assert known.state == state
    world.state.leads[LEAD] = known


def case_at(world: World, state: str, *more: str) -> None:
    known = KnownCase(
        id=CASE, event=CASE, seq=50, authority=REGULATOR, number="案1", category="quality", text="案由", legal_basis="依据",
        filed_on=date(2026, 5, 6), matter=KnownMatter(names=("某作坊",)), frozen_at=49,
        steps=steps([*(PUNISHED if state == "closed" else way_to(CASE_MOVES, FILED, state)), *more]),
    )  # fmt: skip
    assert known.state == state
    world.state.cases[CASE] = known


def hear_lead(world: World, step: str) -> Admitted | Refusal:
    said = dict(cases.SAID_OF_LEADS.get(step, {}))
    if step == "merged":
        case_at(world, "filed")
        said["case"] = CASE
    return world.hear(cases.lead_step(LEAD, step, **said), by=REGULATOR)


def hear_case(world: World, state: str, step: str) -> Admitted | Refusal:
    said = dict(cases.SAID_OF_CASES.get(step, {}))
    if step == "decision" and state == "review":
        said = {"outcome": "no-penalty", "number": "周市监不罚〔2026〕1号"}
    return world.hear(cases.case_step(CASE, step, on="2026-05-15", **said), by=REGULATOR)


def test_the_table_is_the_one_that_was_read_in_the_law() -> None:
    of_leads = {state: {m.step for m in LEAD_MOVES if state in m.states} for state in LEAD_STATES}
    of_cases = {state: {m.step for m in CASE_MOVES if state in m.states} for state in CASE_STATES}

    assert of_leads == FROM_LEAD
    assert of_cases == FROM_CASE
    assert all(move.clause for move in (*LEAD_MOVES, *CASE_MOVES))


@pytest.mark.parametrize("state", LEAD_STATES)
@pytest.mark.parametrize("step", [step for step in LEAD_STEPS if step != "filed"])
def test_a_step_of_a_lead_is_taken_where_the_table_has_it_and_nowhere_else(state: str, step: str) -> None:
    world = world_with_a_batch()
    lead_at(world, state)

    verdict = hear_lead(world, step)

    after = world.state.leads[LEAD]
    assert after is not None
    if step in FROM_LEAD[state]:
        assert verdict == Admitted(())
        (to,) = {move.to or state for move in LEAD_MOVES if move.step == step}
        assert after.state == to
    else:
        refused(verdict, "lead-out-of-order", LEAD_STATES[state].zh, LEAD_STEPS[step].zh)
        assert after.state == state


@pytest.mark.parametrize("state", CASE_STATES)
@pytest.mark.parametrize("step", CASE_STEPS)
def test_a_step_of_a_case_is_taken_where_the_table_has_it_and_nowhere_else(state: str, step: str) -> None:
    world = world_with_a_batch()
    published = (
        ["published"] if step in ("withdrawn", "publication-ended") and step in FROM_CASE[state] else []
    )
    case_at(world, state, *published)

    verdict = hear_case(world, state, step)

    after = world.state.cases[CASE]
    assert after is not None
    if step in FROM_CASE[state]:
        assert verdict == Admitted(())
        (to,) = {move.to or state for move in CASE_MOVES if move.step == step}
        assert after.state == to
    else:
        refused(verdict, "case-out-of-order", CASE_STATES[state].zh, CASE_STEPS[step].zh)
        assert after.state == state


def refused(verdict: Admitted | Refusal, rule: str, *words: str) -> None:
    """With where it stands, which step cannot follow, by which clause, and what could come next."""
    assert isinstance(verdict, Refusal)
    (problem,) = (each for each in verdict.problems if each.code == rule)
    assert all(word in problem.detail.zh for word in words)
    assert "第" in problem.detail.zh or "规定" in problem.detail.zh
    assert problem.remedy is not None
    assert verdict.status in (409, 422)


def test_what_could_come_next_is_what_the_table_has() -> None:
    world = world_with_a_batch()
    case_at(world, "suspended")

    verdict = hear_case(world, "suspended", "served")

    assert isinstance(verdict, Refusal)
    (problem,) = (each for each in verdict.problems if each.code == "case-out-of-order")
    assert problem.remedy is not None
    for step in FROM_CASE["suspended"]:
        assert CASE_STEPS[step].zh in problem.remedy.zh


def test_a_penalty_needs_the_notice_that_it_is_intended() -> None:
    world = world_with_a_batch()
    case_at(world, "review")

    verdict = world.hear(cases.case_step(CASE, "decision", **cases.SAID_OF_CASES["decision"]), by=REGULATOR)

    assert isinstance(verdict, Refusal)
    assert {problem.code for problem in verdict.problems} == {"decision-contradicts"}


def test_a_way_that_the_table_does_not_have_is_no_way() -> None:
    with pytest.raises(Broken, match="served"):
        state_after(CASE_MOVES, FILED, ["served"])


def test_a_value_that_nobody_has_determined_is_unknown_and_not_nothing() -> None:
    world = world_with_a_batch()
    case_at(world, "investigating")
    before = world.state.cases[CASE]
    assert before is not None

    world.happened(cases.case_step(CASE, "scope", goods_value_fen=1_250_000), by=REGULATOR)

    after = world.state.cases[CASE]
    assert after is not None
    assert (before.value_fen, after.value_fen) == (None, 1_250_000)
    assert before.penalised_fen is None
    assert replace(after, steps=(*after.steps, *steps(["decision"]))).penalised_fen == 0


def test_the_second_extension_of_a_case_says_until_which_day() -> None:
    world = world_with_a_batch()
    case_at(world, "investigating", "extended")

    verdict = world.hear(cases.case_step(CASE, "extended", text="集体讨论", until="2026-12-31"), by=REGULATOR)

    assert verdict == Admitted(())


def test_a_case_that_is_published_again_was_withdrawn_before() -> None:
    world = world_with_a_batch()
    case_at(world, "served", "published")

    twice = hear_case(world, "served", "published")
    world.happened(cases.case_step(CASE, "withdrawn", text="复议撤销"), by=REGULATOR)
    again = hear_case(world, "served", "published")

    assert isinstance(twice, Refusal)
    assert {problem.code for problem in twice.problems} == {"publication-out-of-order"}
    assert again == Admitted(())
