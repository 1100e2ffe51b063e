"""The newest version of an event, in full, for whoever may correct it; and what a correction would do to the metres."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action, Reach
from ..flow import books
from ..intake.recorded import read_recorded
from ..ledger import store
from ..ledger.payload import decode_payload
from ..model.drafts import CORRECTABLE
from ..model.postings import Posting, moved_by
from ..personal import disclosures
from ..personal.commitment import is_commitment
from ..registry import register
from .events import event_page
from .timeline import Happening, names_for
from .visibility import balances_of, reading, sight_of
from .whereabouts import WhereRow, where_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An event that may be corrected. ``draft`` is its newest version as JSON, with the names of persons in clear
    where they are still disclosed; ``newest`` the id that a correction must name, "" where there was none yet."""

    event_id: str
    kind: str
    index: int
    batch: str | None
    speaker: str
    draft: Mapping[str, Any]
    newest: str
    is_void: bool
    happening: Happening


def may_correct(actor: Actor, event: Happening) -> bool:
    """Whether the actor may correct an event that it sees, as far as it can be told without asking the rules."""
    reach = actor.reach(Action.RECORD_CORRECTION)
    if event.kind not in CORRECTABLE or not reach or not event.payload:
        return False
    if event.party == actor.party:
        return True
    # What it says now goes before whoever corrects it.
    is_hidden = event.is_corrected and event.corrected_by is None
    return reach >= Reach.JURISDICTION and not is_hidden


def newest_version(tx: Connection, actor: Actor, event_id: str) -> Version | None:
    """The event in its newest version; None where it does not exist, is not open to the actor, or cannot be corrected
    by it."""
    page = event_page(tx, actor, event_id)
    if page is None or page.payload is None:
        return None
    if not may_correct(actor, page.happening):
        return None
    root = read_recorded(store.read_rows_by_id(tx, [event_id])[event_id])
    newest = register.newest_versions(tx, [event_id]).get(event_id)
    draft: dict[str, Any] = orjson.loads(decode_payload(page.payload).draft)
    spoken = event_id
    is_void = False
    if newest is not None:
        row = store.read_rows_by_id(tx, [newest])[newest]
        correction: dict[str, Any] = orjson.loads(decode_payload(row.payload).draft)
        is_void = correction["body"].get("void", False)
        if not is_void:
            draft, spoken = _corrected(draft, correction), newest
    return Version(
        event_id=event_id,
        kind=root.draft.kind,
        index=root.seq,
        batch=root.batch,
        speaker=root.speaker,
        draft=_with_names(tx, draft, spoken),
        newest=newest or "",
        is_void=is_void,
        happening=page.happening,
    )


_OF_THE_RIGHT_VERSION = ("occurred_at", "precision", "place", "by", "documents")


def _corrected(original: Mapping[str, Any], correction: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of `effects.right_version`."""
    draft = {name: value for name, value in original.items() if name not in _OF_THE_RIGHT_VERSION}
    draft |= {name: correction[name] for name in _OF_THE_RIGHT_VERSION if name in correction}
    return {**draft, "body": correction["body"]["right"]}


def _with_names(tx: Connection, draft: Mapping[str, Any], event_id: str) -> dict[str, Any]:
    """The draft with the names that are still disclosed; persons whose name was erased are left out."""
    clear = deepcopy(dict(draft))
    opened = {each.pointer: each.value for each in disclosures.read(tx, [event_id]).get(event_id, ())}
    persons = [
        {**person, "name": opened.get(f"/by/{n}/name", person["name"])}
        for n, person in enumerate(clear.pop("by", ()))
    ]
    known = [person for person in persons if not is_commitment(person["name"])]
    return {**clear, "by": known} if known else clear


# --- what it would do to the metres -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """Metres at one account as the books have them, and as they would after."""

    where: WhereRow
    before_mm: int
    after_mm: int

    @property
    def change_mm(self) -> int:
        return self.after_mm - self.before_mm


def changes(tx: Connection, actor: Actor, code: str, postings: Iterable[Posting]) -> tuple[Change, ...]:
    """What these postings would change of where the metres of a batch are: what its page tells the actor now, and what it would
    tell then. Whom a correction takes off the books may be known to the actor by the wrong version alone."""
    scope = reading(actor, Action.READ_BATCH)
    known = [posting for _, posting in books.read_postings(tx, code)]
    before, after = moved_by(known), moved_by([*known, *postings])
    accounts = {account for source, target, _ in (*before, *after) for account in (source, target)}
    names = names_for(tx, (), {a.party for a in accounts}, {a.project for a in accounts})
    sums: dict[WhereRow, list[int]] = defaultdict(lambda: [0, 0])
    for n, moved in enumerate((before, after)):
        sight = sight_of(scope, moved, names.projects, code)
        for row in where_rows(balances_of(moved), sight, names):
            sums[replace(row, length_mm=0)][n] += row.length_mm
    return tuple(Change(row, was, now) for row, (was, now) in sums.items() if was != now)
