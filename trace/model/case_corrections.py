"""Corrections of leads, cases, requests and samples: a right version takes the place of a step, and the way is walked again.

How a lead or a case stands is the fold of its steps, so nothing else changes with one of them; but the whole way must still be one that the
table has, with days that do not go back. The beginning of a lead or a case is put right and never voided: what came of it stands on it.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from ..errors import Broken
from .case_path import CASE_MOVES, FILED, LEAD_MOVES, RECEIVED, Move, state_after
from .effects_of_cases import case_in, case_step_in, filing_step, lead_in, lead_step_in
from .effects_of_requests import request_in, request_step_in
from .effects_of_samples import sample_step_in
from .investigation import KnownCase, KnownLead, KnownStep
from .postings import Statement
from .request_path import ISSUED, REQUEST_MOVES
from .requests import KnownRequest, KnownRequestStep
from .sample_path import BESIDE_THE_WAY
from .samples import KnownSample, KnownSampleStep
from .state import KnownEvent, State

Step = TypeVar("Step", KnownStep, KnownRequestStep, KnownSampleStep)

#: Where one begins: these are put right, and never voided.
BEGINNINGS = frozenset({"lead", "case", "request"})
#: Kinds of which a way is made.
OF_WAYS = BEGINNINGS | {"lead-step", "case-step", "request-step", "sample-step"}
Known = KnownLead | KnownCase | KnownRequest | KnownSample
AnyStep = KnownStep | KnownRequestStep | KnownSampleStep


def before(known: KnownEvent, state: State) -> State:
    """The state as the event met it, as far as leads and cases go: what came of it, and after it, is not there yet."""
    subject: Any = known.original.subject
    if known.kind in ("request", "request-step"):
        return _before_a_request(known, _request(state, subject.request), state)
    if known.kind == "sample-step":
        sample = _sample(state, subject.event)
        earlier = tuple(step for step in sample.steps if step.seq < known.seq)
        return replace(state, samples=ChainMap({sample.event: replace(sample, steps=earlier)}, state.samples))
    leads: dict[str, KnownLead | None] = {}
    cases: dict[str, KnownCase | None] = {}
    numbers: dict[tuple[str, str, str], str | None] = {}
    if known.kind in ("lead", "lead-step"):
        lead = _lead(state, subject.lead)
        leads[lead.id] = None if known.kind == "lead" else _earlier(lead, known.seq)
        numbers[lead.authority, "lead", lead.number] = None
    else:
        case = _case(state, subject.case)
        cases[case.id] = None if known.kind == "case" else replace(case, steps=_until(case.steps, known.seq))
        numbers[case.authority, "case", case.number] = None
        if known.kind == "case":
            leads |= {id_: _earlier(_lead(state, id_), known.seq) for id_ in case.leads}
    return replace(
        state,
        leads=ChainMap(leads, state.leads),
        cases=ChainMap(cases, state.cases),
        case_numbers=ChainMap(numbers, state.case_numbers),
    )


def _before_a_request(known: KnownEvent, request: KnownRequest, state: State) -> State:
    is_step = known.kind == "request-step"
    steps = tuple(step for step in request.steps if step.seq < known.seq)
    return replace(
        state,
        requests=ChainMap({request.id: replace(request, steps=steps) if is_step else None}, state.requests),
        case_numbers=ChainMap({(request.authority, "request", request.number): None}, state.case_numbers),
    )


def corrected_facts(known: KnownEvent, right: Statement | None, state: State) -> tuple[Known, ...]:
    """The leads and cases with the right version in place of the event, or without its step (None)."""
    subject: Any = known.original.subject
    match known.kind:
        case "lead":
            was = _lead(state, subject.lead)
            return (was if right is None else replace(lead_in(right), steps=was.steps, case=was.case),)
        case "lead-step":
            was = _lead(state, subject.lead)
            step = None if right is None else lead_step_in(right)
            return (replace(was, steps=_in_place(was.steps, known.seq, step)),)
        case "case-step":
            case = _case(state, subject.case)
            step = None if right is None else case_step_in(right)
            return (replace(case, steps=_in_place(case.steps, known.seq, step)),)
        case "request":
            asked = _request(state, subject.request)
            return (asked if right is None else replace(request_in(right), steps=asked.steps),)
        case "request-step":
            asked = _request(state, subject.request)
            taken_step = None if right is None else request_step_in(right, asked, state)
            return (replace(asked, steps=_in_place(asked.steps, known.seq, taken_step)),)
        case "sample-step":
            sample = _sample(state, subject.event)
            done = None if right is None else sample_step_in(right, sample, state)
            return (replace(sample, steps=_in_place(sample.steps, known.seq, done)),)
    case = _case(state, subject.case)
    if right is None:
        return (case,)
    now = replace(case_in(right), steps=case.steps)
    let_go = (
        replace(_earlier(_lead(state, id_), known.seq), case="") for id_ in case.leads if id_ not in now.leads
    )
    filed = filing_step(right)
    taken = (
        replace(lead, case=now.id, steps=(*_until(lead.steps, known.seq), filed))
        for lead in (_lead(state, id_) for id_ in dict.fromkeys(now.leads))
    )
    return (now, *let_go, *taken)


def way_is_broken(facts: Sequence[Known]) -> AnyStep | None:
    """The first step that cannot stand where it does, by the table or by its day; None where the ways hold."""
    found: AnyStep | None
    for known in facts:
        if isinstance(known, KnownLead):
            found = _first_wrong(LEAD_MOVES, RECEIVED, known.received_on, known.steps)
        elif isinstance(known, KnownRequest):
            found = _first_wrong(REQUEST_MOVES, ISSUED, known.issued_on, known.steps)
        elif isinstance(known, KnownSample):
            found = _first_wrong(known.moves, known.begin, known.sampled_on, known.steps, BESIDE_THE_WAY)
        else:
            found = _first_wrong(CASE_MOVES, FILED, known.filed_on, known.steps)
        if found is not None:
            return found
    return None


def _first_wrong(
    moves: Sequence[Move],
    begin: str,
    since: date,
    steps: Sequence[Step],
    undated: frozenset[str] = frozenset(),
) -> Step | None:
    """``undated``: steps whose days need not follow those of the others."""
    at = begin
    for step in steps:
        try:
            at = state_after(moves, at, [step.step])
        except Broken:
            return step
        if step.step in undated:
            continue
        if step.on < since:
            return step
        since = step.on
    return None


def _in_place(steps: Sequence[Step], seq: int, right: Step | None) -> tuple[Step, ...]:
    found = [step for step in steps if step.seq < seq]
    if right is not None:
        found.append(right)
    found += [step for step in steps if step.seq > seq]
    return tuple(found)


def _until(steps: Sequence[KnownStep], seq: int) -> tuple[KnownStep, ...]:
    return tuple(step for step in steps if step.seq < seq)


def _earlier(lead: KnownLead, seq: int) -> KnownLead:
    steps = _until(lead.steps, seq)
    return replace(lead, steps=steps, case=lead.case if any(step.step == "filed" for step in steps) else "")


def _lead(state: State, id_: str) -> KnownLead:
    known = state.leads[id_]
    if known is None:
        raise Broken(f"a correction is about lead {id_}, which is not in the register")
    return known


def _request(state: State, id_: str) -> KnownRequest:
    known = state.requests[id_]
    if known is None:
        raise Broken(f"a correction is about request {id_}, which is not in the register")
    return known


def _sample(state: State, event: str) -> KnownSample:
    known = state.samples[event]
    if known is None:
        raise Broken(f"a correction is about sample {event}, which is not in the register")
    return known


def _case(state: State, id_: str) -> KnownCase:
    known = state.cases[id_]
    if known is None:
        raise Broken(f"a correction is about case {id_}, which is not in the register")
    return known
