"""Listed supervision 挂牌督办 as the authority reads it that listed it, and the unit that is responsible, with those above both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..errors import Text
from ..inspecting import listings
from ..intake.recorded import read_recorded
from ..ledger import store
from ..model.listings import LISTING_STEPS, OF_THE_AUTHORITY, KnownListing
from ..model.units import head_of, those_above
from ..registry import register
from .answers import Standing
from .cases import own_parties
from .names import Names, names_of, region_name
from .registry import PartyLink


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingRow:
    """One listing. ``party`` None where an area or a market is listed; ``days_left`` None once it was lifted."""

    id: str
    number: str
    name: str
    authority: PartyLink
    unit: PartyLink
    region: str
    region_name: Text
    place: str
    party: PartyLink | None
    listed_on: date
    due: date
    days_left: int | None
    escalated_to: PartyLink | None
    lifted_on: date | None
    standing: Standing
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingStepRow:
    event: str
    step: str
    name: Text
    on: date
    by: PartyLink
    text: str
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPage:
    """``next``: the steps that the reader may record."""

    row: ListingRow
    event: str
    reason: str
    steps: tuple[ListingStepRow, ...]
    next: tuple[str, ...]


def listing_list(tx: Connection, actor: Actor, *, today: date) -> tuple[ListingRow, ...]:
    """Those that stand first, by their day; then those that were lifted."""
    return _rows(tx, listings.listings_of(tx, own_parties(actor)), today)


def listing_of(tx: Connection, actor: Actor, id_: str) -> KnownListing | None:
    """The listing if it is the actor's to read."""
    known = listings.listings(tx, [id_]).get(id_)
    return known if known is not None and known.whose & own_parties(actor) else None


def listing_page(tx: Connection, actor: Actor, id_: str, *, today: date) -> ListingPage | None:
    known = listing_of(tx, actor, id_)
    if known is None:
        return None
    (row,) = _rows(tx, [known], today)
    events = [read_recorded(each) for each in store.read_rows_by_id(tx, list(known.steps)).values()]
    events.sort(key=lambda each: each.seq)
    names = names_of(tx, {each.speaker for each in events})
    return ListingPage(
        row=row,
        event=known.event,
        reason=known.reason,
        steps=tuple(_step(each.event_id, each.speaker, each.draft, names) for each in events),
        next=_next(tx, actor, known),
    )


def superiors(tx: Connection, actor: Actor) -> dict[str, str]:
    """The authorities above the actor's, by id, with their names: to whom a listing can be reported."""
    parties = register.with_those_above(tx, [actor.party])
    above = list(those_above(actor.party, parties))
    names = names_of(tx, above)
    return {id_: names.party(id_) for id_ in above}


def _next(tx: Connection, actor: Actor, known: KnownListing) -> tuple[str, ...]:
    if known.lifted_on is not None:
        return ()
    parties = register.with_those_above(tx, [actor.party, known.authority])
    listed_it = head_of(actor.party, parties) == head_of(known.authority, parties)
    has_superior = any(True for _ in those_above(actor.party, parties))
    return tuple(
        step
        for step in LISTING_STEPS
        if (listed_it or step not in OF_THE_AUTHORITY) and (has_superior or step != "escalated")
    )


def _rows(tx: Connection, found: list[KnownListing], today: date) -> tuple[ListingRow, ...]:
    named = {id_ for each in found for id_ in (each.authority, each.unit, each.party, each.escalated_to)}
    names = names_of(tx, named - {""})
    return tuple(_row(each, names, today) for each in found)


def _row(known: KnownListing, names: Names, today: date) -> ListingRow:
    days_left = None if known.lifted_on is not None else (known.due - today).days
    return ListingRow(
        id=known.id,
        number=known.number,
        name=known.name,
        authority=PartyLink(known.authority, names.party(known.authority)),
        unit=PartyLink(known.unit, names.party(known.unit)),
        region=known.region,
        region_name=region_name(known.region),
        place=known.place,
        party=PartyLink(known.party, names.party(known.party)) if known.party else None,
        listed_on=known.listed_on,
        due=known.due,
        days_left=days_left,
        escalated_to=PartyLink(known.escalated_to, names.party(known.escalated_to))
        if known.escalated_to
        else None,
        lifted_on=known.lifted_on,
        standing=standing_of(days_left),
        index=known.seq,
    )


def standing_of(days_left: int | None) -> Standing:
    if days_left is None:
        return Standing("fine", Text("已摘牌", "lifted"))
    if days_left < 0:
        return Standing("stop", Text(f"逾期 {-days_left} 天", f"{-days_left} days late"))
    return Standing("attention", Text(f"督办中，还有 {days_left} 天", f"listed, {days_left} days left"))


def _step(event: str, speaker: str, draft: Any, names: Names) -> ListingStepRow:
    return ListingStepRow(
        event=event,
        step=draft.body.step,
        name=LISTING_STEPS[draft.body.step],
        on=draft.occurred_on,
        by=PartyLink(speaker, names.party(speaker)),
        text=draft.body.text,
        due=draft.body.due,
    )
