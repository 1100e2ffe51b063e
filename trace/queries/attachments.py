"""Attachments: to whom a stored file is open, and what the events call it.

A file is open to whoever may see one of the events that name it. Facts about goods (a test report) go with the batch,
facts of the register (a certificate) to everybody who is signed in, all others to those whom the event concerns.
"""

from __future__ import annotations

from sqlalchemy import Connection

from ..auth.actor import Actor
from ..auth.policy import Action
from ..blobs import named
from ..intake.recorded import Recorded, read_recorded
from ..ledger import store
from .openness import is_open, whom_of
from .timeline import Attachment, names_for
from .visibility import reading

#: Events of one file that are looked at, the newest first; nobody waits for more. Known weakness: whoever may see
#: only an older one of so many is told that there is nothing.
_MOST_EVENTS = 200


def readable_attachment(tx: Connection, actor: Actor, sha256: str) -> Attachment | None:
    """The file as the newest event that the actor may see calls it; None where no such event names it."""
    reading(actor, Action.READ_BLOB)
    for seq in named.events_naming(tx, sha256, _MOST_EVENTS):
        row = store.read_row(tx, seq)
        if row is None:
            continue
        event = read_recorded(row)
        if _is_open(tx, actor, event):
            return next(
                Attachment(each.sha256, each.name, each.media_type, each.size)
                for each in event.draft.documents
                if each.sha256 == sha256
            )
    return None


def _is_open(tx: Connection, actor: Actor, event: Recorded) -> bool:
    return is_open(tx, actor, Action.READ_BLOB, event, whom_of(tx, event, names_for(tx, [event])))
