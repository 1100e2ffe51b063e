"""What is done about alerts, and leads and cases, leave in the register: each event adds a step, and how it stands is the fold of all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from ..errors import Broken
from . import drafts
from .bodies_of_cases import Matter
from .investigation import BatchMeant, KnownAlertStep, KnownCase, KnownLead, KnownMatter, KnownStep
from .postings import Effects, Statement
from .state import State
from .units import top_of
from .values import party_id


def of_alert_step(said: Statement, draft: drafts.AlertStepDraft, state: State) -> Effects:
    body = draft.body
    fact = KnownAlertStep(
        event=draft.id,
        seq=said.seq,
        index=draft.subject.index,
        rule=draft.subject.rule,
        authority=said.speaker,
        top=top_of(said.speaker, state.parties),
        step=body.step,
        on=_day(draft),
        to="" if body.to is None else party_id(body.to),
        text=body.text or "",
    )
    return Effects(facts=(fact,))


def of_lead(said: Statement, draft: drafts.LeadDraft, state: State) -> Effects:
    return Effects(facts=(lead_in(said),))


def of_lead_step(said: Statement, draft: drafts.LeadStepDraft, state: State) -> Effects:
    before = _lead(draft.subject.lead, state)
    return Effects(facts=(replace(before, steps=(*before.steps, lead_step_in(said))),))


def of_case(said: Statement, draft: drafts.CaseDraft, state: State) -> Effects:
    """The case, and that its leads are filed by it."""
    fact, filed = case_in(said), filing_step(said)
    leads = (
        replace(lead, case=fact.id, steps=(*lead.steps, filed))
        for lead in (_lead(id_, state) for id_ in dict.fromkeys(fact.leads))
    )
    return Effects(facts=(fact, *leads))


def of_case_step(said: Statement, draft: drafts.CaseStepDraft, state: State) -> Effects:
    before = state.cases[draft.subject.case]
    if before is None:
        raise Broken(f"an accepted step is of case {draft.subject.case}, which is not in the register")
    return Effects(facts=(replace(before, steps=(*before.steps, case_step_in(said))),))


# --- what an event says ---------------------------------------------------------------------------------


def lead_in(said: Statement) -> KnownLead:
    """The lead that a statement begins, without any step."""
    draft: Any = said.draft
    body = draft.body
    return KnownLead(
        id=draft.subject.lead,
        event=draft.id,
        seq=said.seq,
        authority=said.speaker,
        number=body.number,
        source=body.source,
        text=body.text,
        received_on=_day(draft),
        matter=_matter(body.matter),
        origin="" if body.origin is None else body.origin.event,
        rule="" if body.origin is None else body.origin.rule or "",
    )


def lead_step_in(said: Statement) -> KnownStep:
    draft: Any = said.draft
    body = draft.body
    return KnownStep(
        event=draft.id,
        seq=said.seq,
        step=body.step,
        on=_day(draft),
        speaker=said.speaker,
        number=body.number or "",
        reason=body.reason or "",
        to="" if body.to is None else party_id(body.to),
        into=body.lead or body.case or "",
    )


def case_in(said: Statement) -> KnownCase:
    """The case that a statement files, without any step."""
    draft: Any = said.draft
    body = draft.body
    return KnownCase(
        id=draft.subject.case,
        event=draft.id,
        seq=said.seq,
        authority=said.speaker,
        number=body.number,
        category=body.category,
        text=body.text,
        legal_basis=body.legal_basis,
        filed_on=_day(draft),
        matter=_matter(body.matter),
        frozen_at=said.seq if body.frozen_at is None else body.frozen_at,
        leads=body.leads,
        goods_value_fen=body.goods_value_fen,
    )


def filing_step(said: Statement) -> KnownStep:
    """That a lead was filed, as the statement of its case says it."""
    draft: Any = said.draft
    return KnownStep(
        event=draft.id,
        seq=said.seq,
        step="filed",
        on=_day(draft),
        speaker=said.speaker,
        number=draft.body.number,
    )


def case_step_in(said: Statement) -> KnownStep:
    draft: Any = said.draft
    body = draft.body
    return KnownStep(
        event=draft.id,
        seq=said.seq,
        step=body.step,
        on=_day(draft),
        speaker=said.speaker,
        number=body.number or "",
        reason=body.reason or "",
        until=body.until,
        outcome=body.outcome or "",
        penalties=body.penalties,
        fine_fen=body.fine_fen,
        confiscated_fen=body.confiscated_fen,
        goods_value_fen=body.goods_value_fen,
        to="" if body.to is None else party_id(body.to),
        matter=None if body.matter is None else _matter(body.matter),
        frozen_at=body.frozen_at,
    )


def _day(draft: Any) -> date:
    on: date | None = draft.occurred_on
    assert on is not None, "the steps of a case say when"
    return on


def _lead(id_: str, state: State) -> KnownLead:
    known = state.leads[id_]
    if known is None:
        raise Broken(f"an accepted event speaks of lead {id_}, which is not in the register")
    return known


def _matter(said: Matter) -> KnownMatter:
    return KnownMatter(
        batches=tuple(BatchMeant(each.code, each.units, each.whole) for each in said.batches),
        goods=said.goods,
        parties=tuple(map(party_id, said.parties)),
        projects=tuple(ref.id for ref in said.projects),
        names=said.names,
    )
