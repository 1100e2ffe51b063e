"""The sweep: uploads that no event has named in time are removed, and what died half-way.

It decides and removes while it holds both write locks. Under desk.db's nobody begins to rely on an upload; under
ledger.db's no event is being admitted, and admission looks for the file inside its own transaction: so an event either
finds the file and is seen here, or does not find it and is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from ..db.engine import begin_read, begin_write
from . import named, uploads
from .store import BlobStore

#: No upload takes so long: what is older in ``incoming`` belongs to nobody.
_LEFT_BEHIND_AFTER = timedelta(days=1)
#: So many at a time, so that nobody waits long for the locks.
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Swept:
    """What was removed: whole files, and beginnings of files."""

    files: int
    beginnings: int


def sweep(store: BlobStore, *, desk: Engine, ledger: Engine, now: datetime) -> Swept:
    """Remove what is given up by ``now``. Harmless to repeat, and beside a running service."""
    files = 0
    while True:
        with begin_read(desk) as tx:
            if not uploads.given_up(tx, now, 1):
                break
        with begin_write(desk) as tx, begin_write(ledger) as events:
            given_up = uploads.given_up(tx, now, _CHUNK)
            doomed = set(given_up) - named.named_among(events, given_up)
            for name in doomed:
                files += store.find(name) is not None
                store.remove(name)
            uploads.forget(tx, given_up)  # after the files: cut short, the next sweep finds the row again
    return Swept(files, store.remove_incoming(now - _LEFT_BEHIND_AFTER))
