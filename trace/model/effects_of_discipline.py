"""What a transfer to the organ of discipline leaves in the register."""

from __future__ import annotations

from dataclasses import replace

from ..errors import Broken
from . import drafts
from .discipline import KnownDiscipline, KnownDisciplineStep
from .postings import Effects, Statement
from .state import State


def of_discipline(said: Statement, draft: drafts.DisciplineDraft, _: State) -> Effects:
    body, on = draft.body, draft.occurred_on
    assert on is not None, "a transfer says when it was drawn up"
    fact = KnownDiscipline(
        id=draft.subject.discipline,
        event=draft.id,
        seq=said.seq,
        authority=said.speaker,
        account=said.account,
        number=body.number,
        ground=body.ground,
        organ=body.organ,
        facts=body.facts,
        unit=body.official.unit,
        post=body.official.post or "",
        signer=body.signer,
        first_handlers=body.handlers,
        on=on,
        case=body.case or "",
    )
    return Effects(facts=(fact,))


def of_discipline_step(said: Statement, draft: drafts.DisciplineStepDraft, state: State) -> Effects:
    before, body, on = state.discipline[draft.subject.discipline], draft.body, draft.occurred_on
    if before is None:
        raise Broken(
            f"an accepted step is of transfer {draft.subject.discipline}, which is not in the register"
        )
    assert on is not None, "a step says when"
    step = KnownDisciplineStep(
        event=draft.id,
        seq=said.seq,
        step=body.step,
        on=on,
        account=said.account,
        number=body.number or "",
        outcome=body.outcome or "",
        text=body.text or "",
        handlers=body.handlers,
    )
    return Effects(facts=(replace(before, steps=(*before.steps, step)),))
