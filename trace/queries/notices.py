"""Notices 通报: those that wait for an answer of the reader's own party, and what was answered to its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..errors import Text
from ..intake.recorded import Recorded, as_they_stand, read_recorded
from ..ledger import store
from ..model.values import party_id
from .cases import own_parties
from .events import events_at
from .names import names_of
from .registry import PartyLink
from .timeline import Happening, read_stream_whole
from .visibility import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNotice:
    """A notice to the reader's party that the party has not answered. ``batch``: what it is about, "" for other things."""

    event_id: str
    number: str
    sender: str
    text: str
    batch: str
    occurred_at: datetime | None
    index: int

    @property
    def title(self) -> Text:
        return Text(f"{self.sender}通报 {self.number}", f"{self.sender}: notice {self.number}")


def notices_to_answer(tx: Connection, actor: Actor, *, limit: int = 20) -> tuple[OpenNotice, ...]:
    """Those sent to the actor's party, the newest first.

    Cost: the notices and replies in the party's own stream; other events are told by their bytes.
    """
    reading(actor, Action.READ_BATCH)
    if not actor.party or not actor.reach(Action.RECORD_NOTICE_REPLY):
        return ()
    events = as_they_stand(read_stream_whole(tx, f"party:{actor.party}", kinds=("notice", "notice-reply")))
    answered = {
        _of(event) for event in events if event.draft.kind == "notice-reply" and event.speaker == actor.party
    }
    waiting = [
        event for event in reversed(events) if _is_to(event, actor.party) and event.event_id not in answered
    ]
    return _notices(tx, waiting[:limit])


def reply_on_record(tx: Connection, actor: Actor, notice: str) -> str | None:
    """The id of the newest reply of the actor's own party to this notice, None where it has not answered."""
    stream = read_stream_whole(tx, f"party:{actor.party}", kinds=("notice-reply",))
    own = [event for event in as_they_stand(stream) if event.speaker == actor.party and _of(event) == notice]
    return own[-1].event_id if own else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One whom a notice went to, and what it has answered, the newest first; ``()`` where it has not."""

    to: PartyLink
    answers: tuple[Happening, ...]


def answers_to(tx: Connection, actor: Actor, notice: str) -> tuple[Told, ...]:
    """Everybody whom a notice went to with the answers, for who sent it; nothing for others and of other events.

    Cost: the answers in the stream of each recipient.
    """
    if not actor.reach(Action.READ_CASES):  # only authorities send notices
        return ()
    row = store.read_rows_by_id(tx, [notice]).get(notice)
    event = None if row is None else read_recorded(row)
    if event is None or event.draft.kind != "notice" or event.speaker not in own_parties(actor):
        return ()
    body: Any = event.draft.body
    recipients = [party_id(ref) for ref in body.recipients]
    names = names_of(tx, recipients)
    told = []
    for to in recipients:
        stream = as_they_stand(read_stream_whole(tx, f"party:{to}", kinds=("notice-reply",)))
        indexes = [each.seq for each in stream if each.speaker == to and _of(each) == notice]
        answers = tuple(reversed(events_at(tx, actor, indexes)))
        told.append(Told(to=PartyLink(to, names.party(to)), answers=answers))
    return tuple(told)


def _of(event: Recorded) -> str:
    subject: Any = event.draft.subject
    return str(subject.event)


def _is_to(event: Recorded, party: str) -> bool:
    body: Any = event.draft.body
    return event.draft.kind == "notice" and party in {party_id(ref) for ref in body.recipients}


def _notices(tx: Connection, events: Sequence[Recorded]) -> tuple[OpenNotice, ...]:
    names = names_of(tx, {event.speaker for event in events})
    found = []
    for event in events:
        body: Any = event.draft.body
        found.append(
            OpenNotice(
                event_id=event.event_id,
                number=body.number,
                sender=names.party(event.speaker),
                text=body.text,
                batch=event.batch or "",
                occurred_at=event.draft.occurred,
                index=event.seq,
            )
        )
    return tuple(found)
