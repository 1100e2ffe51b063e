"""Whether a single event is open to a reader, and what of it was corrected since.

A correction may concern others than what it corrects (`visibility`): who may see the one and not the other is told that it was
corrected, and neither what it says now nor its id or index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..flow import books
from ..inspecting import listings, programmes
from ..intake.recorded import Recorded, read_recorded
from ..investigation import alerts, discipline, requests
from ..investigation import register as investigation
from ..ledger import store
from ..model.admission import looks_back
from ..model.drafts import CorrectionDraft
from ..model.involvement import FOR_NAMED_ACCOUNTS, PREPARED, comes_with_its_batch, kind_said, sees
from ..model.subjects import (
    AlertSubject,
    CaseSubject,
    DisciplineSubject,
    EventSubject,
    LeadSubject,
    ListingSubject,
    ProgrammeSubject,
    RequestSubject,
)
from ..model.things import thing_of
from ..model.units import head_of
from ..registry import register
from .names import Names
from .timeline import names_for
from .visibility import REGISTRY_FACTS, concerned, is_told, whom_of_batches


def whom_of(tx: Connection, event: Recorded, names: Names) -> frozenset[str]:
    """Everybody whom an event concerns, with what it is about; ``names`` are those of the event."""
    if kind_said(event.draft) in PREPARED:
        return concerned(event, (), {}) | _whose(tx, event)
    postings = [] if event.batch is None else books.postings_of(tx, event.batch, event.seq)
    whom = concerned(event, postings, names.projects) | _asked_by(tx, event)
    thing = thing_about(tx, event)
    return whom if thing is None else whom | {thing}


def _asked_by(tx: Connection, event: Recorded) -> frozenset[str]:
    """Of an answer to a notice, and of its correction, whoever sent that: it is said to them. Nobody for any other event."""
    of = looks_back(event.draft)
    if of is None or "notice-reply" not in (event.draft.kind, kind_said(event.draft)):
        return frozenset()
    row = store.read_rows_by_id(tx, [of]).get(of)
    spoken_of = None if row is None else read_recorded(row)
    if spoken_of is None or spoken_of.draft.kind == "notice-reply":
        return frozenset() if spoken_of is None else _asked_by(tx, spoken_of)
    return frozenset({f"p:{spoken_of.speaker}"}) if spoken_of.draft.kind == "notice" else frozenset()


def _whose(tx: Connection, event: Recorded) -> frozenset[str]:
    """Whose the lead, case or request is that an event is of, or that the event which it speaks of is of."""
    subject: Any = event.draft.subject
    if isinstance(subject, EventSubject):
        row = store.read_rows_by_id(tx, [subject.event]).get(subject.event)
        return frozenset() if row is None else _whose(tx, read_recorded(row))
    if isinstance(subject, AlertSubject):
        known = alerts.whose(tx, event.event_id)
    elif isinstance(subject, LeadSubject):
        known = investigation.whose(tx, lead_id=subject.lead)
    elif isinstance(subject, CaseSubject):
        known = investigation.whose(tx, case_id=subject.case)
    elif isinstance(subject, RequestSubject):
        known = requests.whose(tx, subject.request)
    elif isinstance(subject, ListingSubject):
        listed = listings.listings(tx, [subject.listing]).get(subject.listing)
        known = frozenset() if listed is None else listed.whose
    elif isinstance(subject, ProgrammeSubject) and event.draft.kind == "programme":
        known = _tree_of(tx, subject.programme)
    else:  # a planned visit is its authority's own, and so is the report of a unit
        return frozenset()
    return frozenset(f"p:{party}" for party in known)


def _tree_of(tx: Connection, programme: str) -> frozenset[str]:
    """The authority that issued a programme, and all units that it commands: what these report is told upwards only."""
    known = programmes.programmes(tx, [programme]).get(programme)
    if known is None:
        return frozenset()
    head = head_of(known.authority, register.with_those_above(tx, [known.authority]))
    return frozenset({known.authority, head, *(unit.id for unit in register.units_below(tx, head))})


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
    if kind_said(event.draft) in FOR_NAMED_ACCOUNTS:
        return sees(scope, whom) and _is_named(tx, actor, event)
    if not is_told(actor, event):
        return False
    if sees(scope, whom):
        return True
    if comes_with_its_batch(event.draft, scope) and event.batch is not None:
        return sees(scope, whom_of_batches(tx, [event.batch])[event.batch])
    by = Action.READ_REGISTRY if action is Action.READ_BATCH else action
    return event.draft.kind in REGISTRY_FACTS and bool(actor.reach(by))


def _is_named(tx: Connection, actor: Actor, event: Recorded) -> bool:
    """Whether the actor's account may know of the transfer that an event is of."""
    subject = event.draft.subject
    if not isinstance(subject, DisciplineSubject) or not actor.reach(Action.READ_CASES):
        return False
    return bool(discipline.known_to(tx, actor.account, [subject.discipline]))


def corrected_since(tx: Connection, actor: Actor, events: Iterable[Recorded]) -> dict[str, Recorded | None]:
    """The newest correction of each of these events that was corrected, by its id; None where that is not open to the actor.
    A correction that a later one replaced counts as corrected by it. Cost: three look-ups, and one event for each corrected one.
    """
    roots = {event.event_id: _root(event) for event in events}
    newest = register.newest_versions(tx, roots.values())
    rows = store.read_rows_by_id(tx, list(newest.values()))
    corrections = {id_: read_recorded(row) for id_, row in rows.items()}
    names = names_for(tx, corrections.values())
    told = {
        id_: correction
        for id_, correction in corrections.items()
        if is_open(tx, actor, Action.READ_BATCH, correction, whom_of(tx, correction, names))
    }
    return {
        id_: told.get(newest[root]) for id_, root in roots.items() if root in newest and newest[root] != id_
    }


def indexes_of(corrections: Mapping[str, Recorded | None]) -> dict[str, int | None]:
    """The same by the ledger index of each."""
    return {id_: None if each is None else each.seq for id_, each in corrections.items()}


def _root(event: Recorded) -> str:
    return event.draft.subject.event if isinstance(event.draft, CorrectionDraft) else event.event_id
