"""Recorded events: stored payload bytes read back into drafts, for rebuilds, followers and readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..clock import parse_instant
from ..ledger.payload import Payload, decode_payload
from ..ledger.store import Row
from ..model.drafts import Draft, parse_draft, party_id
from ..model.postings import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One accepted event as the ledger has it. Personal names in ``draft`` are commitments."""

    seq: int
    event_id: str
    recorded_at: datetime
    draft: Draft
    actor: str
    account: str
    marks: tuple[str, ...]
    assigned: Mapping[str, Any]
    streams: tuple[str, ...]

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
        )


def read_recorded(row: Row) -> Recorded:
    """Read a stored event. Raises ValueError or InputError for bytes that were never ours."""
    return recorded_in(row.seq, decode_payload(row.payload))


def recorded_in(seq: int, payload: Payload) -> Recorded:
    draft = parse_draft(payload.draft)
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
    )
