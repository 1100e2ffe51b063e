"""What requests to other authorities leave in the register: to whom each went, and its steps; how it stands is their fold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from ..errors import Broken
from . import drafts
from .postings import Effects, Statement
from .request_path import OF_RECEIVER
from .requests import KnownRequest, KnownRequestStep
from .state import State
from .units import those_above, top_of
from .values import party_id


def of_request(said: Statement, draft: drafts.RequestDraft, state: State) -> Effects:
    return Effects(facts=(request_in(said),))


def of_request_step(said: Statement, draft: drafts.RequestStepDraft, state: State) -> Effects:
    before = state.requests[draft.subject.request]
    if before is None:
        raise Broken(f"an accepted step is of request {draft.subject.request}, which is not in the register")
    step = request_step_in(said, before, state)
    return Effects(facts=(replace(before, steps=(*before.steps, step)),))


def request_in(said: Statement) -> KnownRequest:
    """The request that a statement issues, without any step."""
    draft: Any = said.draft
    body = draft.body
    return KnownRequest(
        id=draft.subject.request,
        event=draft.id,
        seq=said.seq,
        authority=said.speaker,
        type=body.type,
        number=body.number,
        to="" if body.to is None else party_id(body.to),
        to_name=body.to_name or "",
        case=body.case or "",
        lead=body.lead or "",
        region=body.region,
        issued_on=_day(draft),
    )


def request_step_in(said: Statement, of: KnownRequest, state: State) -> KnownRequestStep:
    draft: Any = said.draft
    body = draft.body
    return KnownRequestStep(
        event=draft.id,
        seq=said.seq,
        step=body.step,
        on=_day(draft),
        speaker=said.speaker,
        on_paper=body.step in OF_RECEIVER and not is_receiver(said.speaker, of, state),
        number=body.number or "",
        until=body.until,
        outcome=body.outcome or "",
    )


def is_receiver(speaker: str, request: KnownRequest, state: State) -> bool:
    """Whether a party is whom a request went to, or a unit of it; where it left the authority's tree, anybody of the other tree."""
    if not request.to:
        return False
    if request.to in (speaker, *those_above(speaker, state.parties)):
        return True
    tree, sent_by = top_of(request.to, state.parties), top_of(request.authority, state.parties)
    return tree != sent_by and tree == top_of(speaker, state.parties)


def _day(draft: Any) -> date:
    on: date | None = draft.occurred_on
    assert on is not None, "the steps of a request say when"
    return on
