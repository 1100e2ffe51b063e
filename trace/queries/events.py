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
from ..flow import books
from ..intake.recorded import Recorded, read_recorded
from ..ledger import store
from ..ledger.entry import entry_hash
from ..ledger.proof_file import ProofFile, format_proof_file
from ..ledger.tiles import subtree_hash_reader
from ..ledger.tree import inclusion_proof
from ..model.admission import looks_back
from ..model.involvement import comes_with_its_batch, sees
from ..model.things import thing_of
from ..registry import register
from .names import Names
from .persons import PersonalValue, may_erase, personal_values
from .timeline import Happening, happenings, names_for
from .visibility import REGISTRY_FACTS, concerned, is_told, may_read_payload, reading, whom_of_batches


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """One event. ``payload`` is None for who may not read it.

    ``persons`` are its personal fields, named to those who may know; ``may_erase``: whether the actor may have such
    erased. ``about`` is the id of the event that it speaks of (a correction, an answer, an erasure), ``corrected_by``
    that of its own newest correction.
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
    (happening,) = happenings(tx, actor, [(event, whom)], names)
    readable = may_read_payload(actor, event, whom)
    persons = personal_values(tx, actor, event, whom)
    return EventPage(
        happening=happening,
        batch=event.batch,
        about=looks_back(event.draft),
        corrected_by=register.newest_versions(tx, [event_id]).get(event_id),
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
    return happenings(tx, actor, open_ones, names)


def whom_of(tx: Connection, event: Recorded, names: Names) -> frozenset[str]:
    """Everybody whom an event concerns, with what it is about; ``names`` are those of the event."""
    postings = [] if event.batch is None else books.postings_of(tx, event.batch, event.seq)
    whom = concerned(event, postings, names.projects)
    thing = thing_about(tx, event)
    return whom if thing is None else whom | {thing}


def thing_about(tx: Connection, event: Recorded) -> str | None:
    """The batch, the goods or the project (`model.things`) that an event is about; of one that speaks of another event, what
    that one is about."""
    while (thing := thing_of(event.draft, event.batch)) is None:
        of = looks_back(event.draft)
        row = None if of is None else store.read_rows_by_id(tx, [of]).get(of)
        if row is None:
            return None
        event = read_recorded(row)
    return thing


def is_open(tx: Connection, actor: Actor, action: Action, event: Recorded, whom: frozenset[str]) -> bool:
    """Whether a reading opens an event to the actor: it is told of such a kind, and the event concerns it, or is a fact
    about goods whose batch is open to it, or a fact of the register that all may look up."""
    scope = actor.scope_for(action)
    if not is_told(actor, event):
        return False
    if sees(scope, whom):
        return True
    if comes_with_its_batch(event.draft, scope) and event.batch is not None:
        return sees(scope, whom_of_batches(tx, [event.batch])[event.batch])
    by = Action.READ_REGISTRY if action is Action.READ_BATCH else action
    return event.draft.kind in REGISTRY_FACTS and bool(actor.reach(by))


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
