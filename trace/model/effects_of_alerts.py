"""What an alert from checks, and what an authority finds out about it, leave in the register."""

from __future__ import annotations

from dataclasses import replace

from ..clock import format_instant
from . import drafts
from .effects_on_register import event_spoken_of
from .postings import Effects, Statement
from .reach import registered_code
from .state import KnownEvent, KnownSuspicion, State
from .values import party_id


def of_alert(said: Statement, draft: drafts.AlertDraft, state: State) -> Effects:
    code = registered_code(draft.subject.batch, state)
    raised_at = draft.occurred
    assert raised_at is not None, "an alert says when it was raised"
    fact = KnownSuspicion(
        event=draft.id,
        batch=code,
        maker=party_id(draft.body.maker),
        unit=draft.body.unit,
        rule=draft.body.rule,
        raised_at=format_instant(raised_at),
        seq=said.seq,
    )
    return Effects(code=code, facts=(fact,))


def of_alert_finding(said: Statement, draft: drafts.AlertFindingDraft, state: State) -> Effects:
    code, before = event_spoken_of(draft.subject.event, state).batch, state.suspicions[draft.subject.event]
    assert before is not None, "an alert on the ledger is a suspicion in the register"
    fact = replace(
        before,
        result=draft.body.result,
        finding=draft.id,
        found_by=said.speaker,
        found_on=draft.occurred_on,
        found_region=None if draft.place is None else draft.place.region,
    )
    return Effects(code=code, facts=(fact,))


def reopened(known: KnownEvent, state: State) -> Effects:
    """What follows from voiding an event that no books follow from: of a finding, that its alert waits for one again."""
    if known.kind != "alert-finding":
        return Effects()
    before = state.suspicions[known.original.subject.event]
    if before is None or before.finding != known.id:
        return Effects()
    open_again = replace(
        before, result=None, finding=None, found_by=None, found_on=None, found_region=None
    )  # fmt: skip
    return Effects(facts=(open_again,))
