"""What programmes and the reports of units leave in the register, and what an inspection or a sampling says of who was checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from . import drafts
from .postings import Effects, Statement
from .programmes import KnownCheck, KnownProgramme, KnownProgrammeStep
from .state import State
from .values import party_id


def of_programme(said: Statement, draft: drafts.ProgrammeDraft, _: State) -> Effects:
    body = draft.body
    on = draft.occurred_on
    assert on is not None, "a programme says when it was issued"
    tasks = (replace(task, units=tuple(dict.fromkeys(map(party_id, task.units)))) for task in body.tasks)
    fact = KnownProgramme(
        id=draft.subject.programme,
        event=draft.id,
        seq=said.seq,
        authority=said.speaker,
        number=body.number,
        name=body.name,
        issued_on=on,
        basis=body.basis,
        phases=body.phases,
        tasks=tuple(tasks),
        summary_due=body.summary_due,
        text=body.text or "",
    )
    return Effects(facts=(fact,))


def of_programme_step(said: Statement, draft: drafts.ProgrammeStepDraft, _: State) -> Effects:
    body = draft.body
    on = draft.occurred_on
    assert on is not None, "a report says of which day it is"
    fact = KnownProgrammeStep(
        event=draft.id,
        seq=said.seq,
        programme=draft.subject.programme,
        step=body.step,
        on=on,
        speaker=said.speaker,
        unit=said.speaker if body.unit is None else party_id(body.unit),
        task=body.task or "",
        case=body.case or "",
        lead=body.lead or "",
        frozen_at=body.frozen_at,
    )
    return Effects(facts=(fact,))


def of_own_word(
    said: Statement, draft: drafts.SelfCheckDraft | drafts.CommitmentDraft, state: State
) -> Effects:
    """A self-check or a commitment: of the party that it names, where that is registered."""
    ref = draft.subject.party
    assert ref is not None, "it is about a party"
    party = party_id(ref)
    region = draft.place.region if draft.place is not None else state.seat(f"party:{party}")
    return Effects(facts=checks_by(said, [party], region))


def checks_by(
    said: Statement, parties: Iterable[str], region: str, authority: str = ""
) -> tuple[KnownCheck, ...]:
    """One for each party, or project, that an inspection or a sampling was of; "" is nobody. ``authority``: for which it was made, if not who says it."""
    draft: Any = said.draft
    on = draft.occurred_on
    assert on is not None, "a check says when it was made"
    return tuple(
        KnownCheck(event=draft.id, party=party, kind=draft.kind, authority=authority or said.speaker, region=region, on=on, seq=said.seq)
        for party in sorted(set(parties) - {""})
    )  # fmt: skip
