"""One event by its id: what it says, its stored bytes, and the file that proves it.

Entry and proof are public by *index*: they tell nothing about trade. By *id* they are answered only to those
who may see the event, since ids that follow from business keys could be guessed (is there a delivery note of
this number?), and the answer would tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..intake.recorded import read_recorded
from ..ledger import store
from ..ledger.entry import entry_hash
from ..ledger.proof_file import ProofFile, format_proof_file
from ..ledger.tiles import subtree_hash_reader
from ..ledger.tree import inclusion_proof
from ..model.admission import looks_back
from .openness import corrected_since, indexes_of, is_open, whom_of
from .persons import PersonalValue, may_erase, personal_values
from .timeline import Happening, happenings, names_for
from .visibility import may_read_payload, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """One event. ``payload`` is None for who may not read it.

    ``persons`` are its personal fields, named to those who may know; ``may_erase``: whether the actor may have such
    erased. ``about`` is the id of the event that it speaks of (a correction, an answer, an erasure), ``corrected_by``
    that of its own newest correction, where the actor may see it.
    """

    happening: Happening
    batch: str | None
    about: str | None
    corrected_by: str | None
    persons: tuple[PersonalValue, ...]
    may_erase: bool
    entry: bytes
    entry_hash: bytes
    recorded_at: datetime
    payload: bytes | None


def event_page(tx: Connection, actor: Actor, event_id: str) -> EventPage | None:
    """The event as the actor may see it; None for one that does not exist or is not open to it."""
    reading(actor, Action.READ_BATCH)
    row = store.read_rows_by_id(tx, [event_id]).get(event_id)
    if row is None:
        return None
    event = read_recorded(row)
    names = names_for(tx, [event])
    whom = whom_of(tx, event, names)
    if not is_open(tx, actor, Action.READ_BATCH, event, whom):
        return None
    since = corrected_since(tx, actor, [event])
    (happening,) = happenings(tx, actor, [(event, whom)], names, indexes_of(since))
    correction = since.get(event_id)
    readable = may_read_payload(actor, event, whom)
    persons = personal_values(tx, actor, event, whom)
    return EventPage(
        happening=happening,
        batch=event.batch,
        about=looks_back(event.draft),
        corrected_by=None if correction is None else correction.event_id,
        persons=persons,
        may_erase=may_erase(actor, event),
        entry=row.entry,
        entry_hash=entry_hash(row.entry),
        recorded_at=event.recorded_at,
        payload=row.payload if readable else None,
    )


def events_at(tx: Connection, actor: Actor, indexes: Sequence[int]) -> tuple[Happening, ...]:
    """The events with these ledger indexes that the actor may see, in the order of the ledger."""
    reading(actor, Action.READ_BATCH)
    events = [read_recorded(row) for row in store.read_rows_at(tx, indexes)]
    names = names_for(tx, events)
    seen = [(event, whom_of(tx, event, names)) for event in events]
    open_ones = [(event, whom) for event, whom in seen if is_open(tx, actor, Action.READ_BATCH, event, whom)]
    since = corrected_since(tx, actor, [event for event, _ in open_ones])
    return happenings(tx, actor, open_ones, names, indexes_of(since))


# --- proofs -------------------------------------------------------------------------------------------


def proof_of_event(tx: Connection, actor: Actor, event_id: str) -> bytes | None:
    """The ``.tlog-proof`` of an event that the actor may see."""
    page = event_page(tx, actor, event_id)
    return None if page is None else proof_of_index(tx, page.happening.index)


def proof_of_index(tx: Connection, index: int) -> bytes | None:
    """The ``.tlog-proof`` that entry ``index`` is under the newest checkpoint; None beyond it. Public.

    Cost: at most one tile for each eight levels of the tree.
    """
    head = store.read_head(tx)
    if not 0 <= index < head.size:
        return None
    read = subtree_hash_reader(partial(store.read_tile_hashes, tx), head.size)
    proof = tuple(inclusion_proof(index, head.size, read))
    return format_proof_file(ProofFile(index=index, proof=proof, checkpoint=head.checkpoint))


def entry_of_index(tx: Connection, index: int) -> bytes | None:
    """The public bytes of an entry."""
    entries = store.read_entries(tx, index, 1) if index >= 0 else []
    return entries[0] if entries else None
