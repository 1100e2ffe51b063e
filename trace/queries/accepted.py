"""A recorded event as the rules of alerts look at it."""

from __future__ import annotations

from ..alerts.rules import AcceptedEvent
from ..intake.recorded import Recorded
from ..model.drafts import CorrectionDraft
from ..model.effects import right_version


def accepted_in(event: Recorded, original: Recorded | None) -> AcceptedEvent:
    """``original`` is the event that a correction corrects."""
    draft, about = event.draft, event.seq
    if isinstance(draft, CorrectionDraft) and original is not None:
        about = original.seq
        draft = draft if draft.body.void else right_version(original.draft, draft)
    return AcceptedEvent(
        seq=event.seq,
        recorded_at=event.recorded_at,
        draft=draft,
        speaker=event.speaker if original is None else original.speaker,
        actor=event.actor,
        marks=event.marks,
        batch=event.batch,
        about=about,
    )
