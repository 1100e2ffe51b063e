"""What listed supervision leaves in the register."""

from __future__ import annotations

from dataclasses import replace

from ..errors import Broken
from . import drafts
from .listings import KnownListing
from .postings import Effects, Statement
from .state import State
from .values import party_id


def of_listing(said: Statement, draft: drafts.ListingDraft, _: State) -> Effects:
    body, place = draft.body, draft.place
    on = draft.occurred_on
    assert on is not None, "a listing says when"
    fact = KnownListing(
        id=draft.subject.listing,
        event=draft.id,
        seq=said.seq,
        authority=said.speaker,
        number=body.number,
        name=body.name,
        reason=body.reason,
        region="" if place is None else place.region,
        place="" if place is None else place.name or "",
        party="" if body.party is None else party_id(body.party),
        unit=party_id(body.unit),
        listed_on=on,
        due=body.due,
    )
    return Effects(facts=(fact,))


def of_listing_step(_: Statement, draft: drafts.ListingStepDraft, state: State) -> Effects:
    before, body = state.listings[draft.subject.listing], draft.body
    if before is None:
        raise Broken(f"an accepted step is of listing {draft.subject.listing}, which is not in the register")
    after = replace(
        before,
        steps=(*before.steps, draft.id),
        due=before.due if body.due is None else body.due,
        escalated_to=before.escalated_to if body.to is None else party_id(body.to),
        lifted_on=draft.occurred_on if body.step == "lifted" else before.lifted_on,
    )
    return Effects(facts=(after,))
