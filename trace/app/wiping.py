"""Wiping: after an erasure the database is made to drop what it still holds of the rows as they were before: SQLite its
write-ahead log, PostgreSQL the old versions of rows.

Beside the committer, on a thread of its own: a long reading (a verification, an export) may need what lies in the
log, and nobody's recording waits for that. Tried at once, then again until it is done; and at every start, for a
process that was killed between the erasure and its wiping.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from ..db.database import wipe
from ..personal.disclosures import disclosure

_SOON_SECONDS = 0.05
_AT_LENGTH_SECONDS = 2.0


@contextmanager
def wiping(ledger: Engine) -> Iterator[Callable[[int], None]]:
    """While the block lasts, tell what is given how many places have been erased so far: when it has grown, what was there before is
    dropped."""
    wiper = _Wiper(ledger)
    thread = Thread(target=wiper.run, name="wiping", daemon=True)
    thread.start()
    try:
        yield wiper.note
    finally:
        wiper.close()
        thread.join()


class _Wiper:
    def __init__(self, ledger: Engine) -> None:
        self._ledger = ledger
        self._known = 0
        self._asked = Event()
        self._asked.set()  # whatever an earlier process has left
        self._closing = False
        self._log = structlog.get_logger("cabletrace.wiping")

    def note(self, erased: int) -> None:
        """Called after each commit: it must be quick."""
        if erased > self._known:
            self._known = erased
            self._asked.set()

    def close(self) -> None:
        self._closing = True
        self._asked.set()

    def run(self) -> None:
        wait = _SOON_SECONDS
        while True:
            self._asked.wait()
            self._asked.clear()
            if self._is_wiped():
                wait = _SOON_SECONDS
            elif not self._closing:
                self._asked.wait(wait)  # another erasure need not wait
                self._asked.set()
                wait = min(2 * wait, _AT_LENGTH_SECONDS)
            if self._closing:
                return

    def _is_wiped(self) -> bool:
        try:
            return wipe(self._ledger, disclosure)
        except SQLAlchemyError as error:  # a full or failed disk: whoever records next is told, too
            self._log.error("not wiped", why=str(error.__cause__ or error))
            return False
