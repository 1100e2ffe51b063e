"""The history of a batch as one reader may see it: its events in order, in words, with marks and persons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..errors import Text
from ..flow import books
from ..intake.recorded import Recorded, as_they_stand, read_recorded
from ..ledger import store
from ..model.drafts import CorrectionDraft, Draft
from ..model.involvement import projects_of, sees
from ..model.kinds import KINDS
from ..model.named import parties_named, parties_to_read
from ..model.postings import Posting
from ..model.rules import RULES
from ..model.scope import Scope
from ..model.values import party_id
from ..personal import disclosures
from ..personal.disclosures import Disclosure
from .names import Names, names_of, region_name
from .visibility import (
    concerned,
    may_read_documents,
    may_read_names,
    may_read_payload,
    sees_event,
    speaker_to,
)
from .wording import line_of

#: An event that was entered later than this is shown as late; alerts judge by their own table.
LATE_AFTER = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Mark:
    """A rule's remark on a recorded event: its stable name, its short title, what it rests on."""

    rule: str
    title: Text
    ground: Text


@dataclass(frozen=True, slots=True)
class Person:
    """A responsible person whose name is disclosed to this reader."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an event names, found under ``/api/v1/blobs/{sha256}``; ``size`` in bytes."""

    sha256: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event as a reader sees it.

    ``corrected_by`` and ``corrects`` are the indexes of its newest correction, and of the event that it corrects, where the
    reader may see them: one that ``is_corrected`` and has no ``corrected_by`` says something else now that is not shown.
    ``party`` and ``who`` are whose statement it is, "" where that is not shown; ``entered_by`` who entered it
    for them (代录), "" when they did themselves or it is not shown. ``signed_with``: id of the key with which they
    signed it, "" for unsigned or where they are not shown. ``payload``:
    whether the reader may read its full text. ``by_day``: ``occurred_at`` is exact to the day only.
    ``region`` six digits or "". ``documents`` are those that this reader may open.
    """

    index: int
    event_id: str
    kind: str
    title: Text
    what: Text
    occurred_at: datetime | None
    by_day: bool
    recorded_at: datetime
    late: bool
    party: str
    who: str
    entered_by: str
    region: str
    place: Text | None
    marks: tuple[Mark, ...]
    persons: tuple[Person, ...]
    documents: tuple[Attachment, ...]
    is_corrected: bool = False
    corrected_by: int | None = None
    corrects: int | None = None
    signed_with: str = ""
    payload: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """The whole history of a batch, before it is cut to a reader's scope: as it was recorded, and as it stands
    after its corrections."""

    events: tuple[Recorded, ...]
    postings: Mapping[int, Sequence[Posting]]
    standing: tuple[Recorded, ...] = ()

    def corrections(self) -> dict[str, list[Recorded]]:
        """The corrections of each event that has any, by its id, in their order."""
        return corrections_in(self.events)


def corrections_in(events: Iterable[Recorded]) -> dict[str, list[Recorded]]:
    """The corrections among these events, by the id of what they correct, in their order."""
    found: dict[str, list[Recorded]] = defaultdict(list)
    for event in events:
        if isinstance(event.draft, CorrectionDraft):
            found[event.draft.subject.event].append(event)
    return found


def newest_among(
    corrections: Mapping[str, Sequence[Recorded]], shown: Iterable[Recorded]
) -> dict[str, int | None]:
    """The index of the newest correction of each event that has any, by its id, None where that is not among those shown. A
    correction that a later one replaced counts as corrected by it."""
    told = {event.seq for event in shown}
    found: dict[str, int | None] = {}
    for id_, (*older, newest) in corrections.items():
        found |= dict.fromkeys(
            (id_, *(each.event_id for each in older)), newest.seq if newest.seq in told else None
        )
    return found


_CORRECTION = b'"kind":"correction"'


def read_stream_whole(
    tx: Connection,
    stream: str,
    up_to: int | None = None,
    kinds: Collection[str] = (),
    saying: Mapping[str, str] = MappingProxyType({}),
) -> list[Recorded]:
    """Every event of a stream in order, up to and including a ledger index; of some kinds with their corrections, if
    any are named.

    ``saying``: of a kind only those events whose payload has this piece, and all corrections of that kind.

    Cost: about 0.1 ms an event; events of other kinds are told by their bytes and cost next to nothing.
    """
    # Canonical JSON has one spelling.
    wanted = [(f'"kind":"{kind}"'.encode(), saying.get(kind, "").encode()) for kind in kinds] or [(b"", b"")]
    events: list[Recorded] = []
    read = 0
    while rows := store.read_stream(tx, stream, first=read):
        read += len(rows)
        events += [
            read_recorded(row)
            for row in rows
            if (up_to is None or row.seq <= up_to)
            and any(
                kind in row.payload and (piece in row.payload or _CORRECTION in row.payload)
                for kind, piece in wanted
            )
        ]
        if up_to is not None and rows[-1].seq >= up_to:
            break
    return [event for event in events if not kinds or _kind_of(event.draft) in kinds]


def _kind_of(draft: Draft) -> str:
    return draft.subject.kind if isinstance(draft, CorrectionDraft) else draft.kind


def history_of(
    tx: Connection, code: str, postings: Sequence[tuple[int, Posting]], up_to: int | None
) -> History:
    """The events of a batch with the postings of each."""
    of_event: dict[int, list[Posting]] = defaultdict(list)
    for seq, posting in postings:
        of_event[seq].append(posting)
    events = tuple(read_stream_whole(tx, f"batch:{code}", up_to))
    return History(events, of_event, tuple(as_they_stand(events)))


def names_for(
    tx: Connection, events: Iterable[Recorded], parties: Iterable[str] = (), projects: Iterable[str] = ()
) -> Names:
    """Names of everybody and everything that these events speak of, and of these others."""
    wanted, of_projects = set(parties), set(projects)
    for event in events:
        wanted |= {event.speaker, event.actor, *(party_id(ref) for _, ref in parties_named(event.draft))}
        wanted |= parties_to_read(event.draft)
        of_projects |= {project.id for project in projects_of(event.draft)}
    return names_of(tx, wanted, of_projects)


def with_whom(
    tx: Connection, events: Sequence[Recorded], names: Names
) -> list[tuple[Recorded, frozenset[str]]]:
    """Each event with whom it concerns. Cost: the journals of their batches, each read once."""
    up_to: dict[str, int] = {}
    for event in events:
        if event.batch is not None:
            up_to[event.batch] = max(event.seq, up_to.get(event.batch, 0))
    of_event: dict[int, list[Posting]] = defaultdict(list)
    for code, last in up_to.items():
        for seq, posting in books.read_postings(tx, code, last):
            of_event[seq].append(posting)
    return [(event, concerned(event, of_event.get(event.seq, ()), names.projects)) for event in events]


def seen(scope: Scope, history: History, names: Names) -> list[tuple[Recorded, frozenset[str]]]:
    """The events that a scope may see, each with whom it concerns."""
    found = []
    for event in history.events:
        whom = concerned(event, history.postings.get(event.seq, ()), names.projects)
        if sees_event(scope, event, whom):
            found.append((event, whom))
    return found


def seen_as_they_stand(scope: Scope, history: History, names: Names) -> list[tuple[Recorded, frozenset[str]]]:
    """The events that a scope may see, each in its newest version."""
    corrections = history.corrections()
    found = []
    for event in history.standing:
        corrected = corrections.get(event.event_id, ())
        # What was posted at first goes by the wrong version, if there was one.
        whom = concerned(event, () if corrected else history.postings.get(event.seq, ()), names.projects)
        for each in corrected:
            whom |= concerned(each, history.postings.get(each.seq, ()), names.projects)
        if sees_event(scope, event, whom):
            found.append((event, whom))
    return found


def happenings(
    tx: Connection,
    actor: Actor,
    events: Sequence[tuple[Recorded, frozenset[str]]],
    names: Names,
    corrected: Mapping[str, int | None],
) -> tuple[Happening, ...]:
    """These events in words, with those names of parties and persons that the actor may know.

    ``corrected``: the ids of those that were, each with the index of its newest correction, None where the actor may not see
    that one.
    """
    indexes = {event.event_id: event.seq for event, _ in events}
    scope = actor.scope_for(Action.READ_BATCH)
    open_names = {
        event.event_id for event, whom in events if event.draft.by and may_read_names(actor, event, whom)
    }
    opened = disclosures.read(tx, open_names)
    return tuple(
        _happening(
            event,
            names,
            opened.get(event.event_id, ()),
            speaker=speaker_to(scope, event, whom, names),
            concerns=sees(scope, whom),
            is_corrected=event.event_id in corrected,
            corrected_by=corrected.get(event.event_id),
            corrects=indexes.get(event.draft.subject.event)
            if isinstance(event.draft, CorrectionDraft)
            else None,
            payload=may_read_payload(actor, event, whom),
            documents=may_read_documents(actor, event, whom),
        )
        for event, whom in events
    )


def _happening(
    event: Recorded,
    names: Names,
    opened: Sequence[Disclosure],
    *,
    speaker: str,
    concerns: bool,
    is_corrected: bool,
    corrected_by: int | None,
    corrects: int | None,
    payload: bool,
    documents: bool,
) -> Happening:
    draft = event.draft
    place = draft.place if concerns else None
    return Happening(
        index=event.seq,
        event_id=event.event_id,
        kind=draft.kind,
        title=KINDS[draft.kind],
        what=line_of(event, names),
        occurred_at=draft.occurred,
        by_day=draft.precision == "day",
        recorded_at=event.recorded_at,
        late=is_late(draft.occurred, draft.precision == "day", event.recorded_at),
        party=speaker,
        who=names.party(speaker),
        entered_by=names.party(event.actor) if concerns and event.actor != event.speaker else "",
        region="" if place is None else place.region,
        place=None if place is None else _place_text(place.region, place.name),
        marks=tuple(mark_of(rule) for rule in event.marks),
        persons=tuple(
            Person(person.role, each.value)
            for n, person in enumerate(draft.by)
            for each in opened
            if each.pointer == f"/by/{n}/name"
        ),
        is_corrected=is_corrected,
        corrected_by=corrected_by,
        corrects=corrects,
        signed_with=event.signed_with if speaker else "",
        payload=payload,
        documents=tuple(
            Attachment(each.sha256, each.name, each.media_type, each.size)
            for each in (draft.documents if documents else ())
        ),
    )


def is_late(occurred: datetime | None, by_day: bool, recorded_at: datetime) -> bool:
    """Whether it was entered more than 72 hours after it happened; a day counts from its end."""
    if occurred is None:
        return False
    return recorded_at - occurred > LATE_AFTER + (timedelta(days=1) if by_day else timedelta())


def mark_of(rule: str) -> Mark:
    """The words of a mark; a rule that is no longer kept still has its name."""
    known = RULES.get(rule)
    if known is None:
        return Mark(rule, Text(rule, rule), Text("", ""))
    return Mark(rule, known.title, known.ground)


def _place_text(region: str, name: str | None) -> Text:
    where = region_name(region)
    return where if name is None else Text(f"{where.zh} {name}", f"{where.en} {name}")
