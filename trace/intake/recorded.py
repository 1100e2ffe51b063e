"""Recorded events: stored payload bytes read back into drafts, for rebuilds, followers and readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from ..clock import parse_instant
from ..ledger.payload import Payload, decode_payload
from ..ledger.store import Row, read_rows_by_id
from ..model.drafts import CorrectionDraft, Draft, parse_draft
from ..model.effects import right_version
from ..model.postings import Statement
from ..model.values import party_id


class Recorded(NamedTuple):
    """One accepted event as the ledger has it. Personal names in ``draft`` are commitments.

    ``signed_with``: id of the key with which the speaker signed it, empty for most. A tuple, since a rebuild makes
    one of every event.
    """

    seq: int
    event_id: str
    recorded_at: datetime
    draft: Draft
    actor: str
    account: str
    marks: tuple[str, ...]
    assigned: Mapping[str, Any]
    streams: tuple[str, ...]
    signed_with: str = ""

    @property
    def speaker(self) -> str:
        """The party whose statement it is."""
        return self.actor if self.draft.entered_for is None else party_id(self.draft.entered_for)

    @property
    def batch(self) -> str | None:
        """Code of the batch that the event is about."""
        return self.assigned.get("batch")

    def statement(self) -> Statement:
        return Statement(
            draft=self.draft,
            speaker=self.speaker,
            seq=self.seq,
            batch=self.assigned.get("batch", ""),
            key_version=self.assigned.get("key_version", 1),
            receipt=self.assigned.get("receipt", ""),
            codes=tuple(self.assigned.get("codes", ())),
            account=self.account,
        )


def as_they_stand(events: Iterable[Recorded]) -> list[Recorded]:
    """Events of one stream in their newest version, under their own index and id: corrections are gone into what they
    correct, with the marks of the correction, and what was voided is left out."""
    standing: dict[str, Recorded | None] = {}
    originals: dict[str, Recorded] = {}
    for event in events:
        draft: Any = event.draft
        root = originals.get(draft.subject.event) if draft.kind == "correction" else None
        if root is not None:
            standing[root.event_id] = (
                None
                if draft.body.void
                else root._replace(draft=right_version(root.draft, draft), marks=event.marks)
            )
        elif draft.kind != "correction":
            originals[event.event_id] = standing[event.event_id] = event
    return [event for event in standing.values() if event is not None]


def read_recorded(row: Row) -> Recorded:
    """Read a stored event. Raises ValueError or InputError for bytes that were never ours."""
    return recorded_in(row.seq, decode_payload(row.payload))


def original_of(ledger: Connection, event: Recorded) -> Recorded | None:
    """The event that a correction corrects; None for every other event."""
    draft = event.draft
    if not isinstance(draft, CorrectionDraft):
        return None
    row = read_rows_by_id(ledger, [draft.subject.event]).get(draft.subject.event)
    return None if row is None else read_recorded(row)


def recorded_in(seq: int, payload: Payload) -> Recorded:
    draft = parse_draft(payload.draft, recorded=True)
    server = payload.server
    return Recorded(
        seq=seq,
        event_id=draft.id,
        recorded_at=parse_instant(payload.recorded_at),
        draft=draft,
        actor=server["actor"]["party"],
        account=server["actor"]["account"],
        marks=tuple(server["marks"]),
        assigned=server["assigned"],
        streams=tuple(stream["name"] for stream in server["streams"]),
        signed_with="" if payload.signature is None else payload.signature["key"],
    )
