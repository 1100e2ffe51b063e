"""The recorder of checks: takes each in memory, counts it at once, and writes groups of them from one thread.

A check never waits for a disk. What the queue cannot hold is dropped and counted; what a killed process held is lost,
a second of checks at most: it is no evidence. `stop` writes what is left.

The count of a code is that of its row, of the group that is being written, and of what waits; the row says which
group wrote it last, so that none is counted twice or left out at the moment of a commit.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, deque
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from ..clock import Clock
from ..db.engine import begin_write
from . import stream
from .stream import Count, Scan

#: Whoever loads a page again within this time has not checked again.
AGAIN = timedelta(minutes=30)
#: So many checks may wait to be written; at a thousand a second that is ten seconds of a disk that does not answer.
MOST_WAITING = 10_000
#: How long a check waits at most before it is written.
EVERY_SECONDS = 1.0
_MOST_LATELY = 50_000
_FORGET_EVERY = timedelta(minutes=10)


class Recorder:
    """Checks of one process on their way into scans.db. `check` and `count` are quick and safe for several threads,
    `count` for that of its connection only."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        *,
        most_waiting: int = MOST_WAITING,
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._most_waiting = most_waiting
        self._every_seconds = every_seconds
        self._lock = threading.Lock()
        self._waiting: deque[Scan] = deque()
        self._counts: Counter[str] = Counter()
        self._written: Counter[str] = Counter()
        self._group = int(clock().timestamp() * 1_000_000)  # above those of every process before
        self._lately: OrderedDict[tuple[str, str, str], datetime] = OrderedDict()
        self._dropped = 0
        self._forgot_at = clock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._log = structlog.get_logger("cabletrace.scans")

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="scans", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, and end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    @property
    def dropped(self) -> int:
        """How many checks were not recorded since the start, because the queue was full or the file not writable."""
        return self._dropped

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def check(self, scan: Scan) -> bool:
        """Take one check; False where the same client checked the same code lately, which is then not counted again."""
        key = (scan.code, scan.outcome, scan.client)
        with self._lock:
            last = self._lately.get(key)
            if last is not None and scan.at - last < AGAIN:
                return False
            self._lately[key] = scan.at
            self._lately.move_to_end(key)
            if len(self._lately) > _MOST_LATELY:
                self._lately.popitem(last=False)
            if len(self._waiting) >= self._most_waiting:
                self._dropped += 1
            else:
                self._waiting.append(scan)
                if scan.outcome == "issued":
                    self._counts[scan.code] += 1
        return True

    def count(self, tx: Connection, code: str, now: datetime) -> Count | None:
        """How often a code was checked, what waits included; whoever asks has just checked it: once at least. None where
        the file cannot be read: then nobody knows.

        ``tx`` looks up in scans.db. One look-up by key.
        """
        with self._lock:
            waiting, being_written, group = self._counts[code], self._written[code], self._group
        try:
            found = stream.read_count(tx, code)
        except DBAPIError as trouble:  # a check is answered all the same
            self._log.warning("checks cannot be counted", reason=repr(trouble))
            return None
        if found is None:
            return Count(max(1, waiting + being_written), now)
        count, written_in = found
        unwritten = waiting + (being_written if written_in < group else 0)
        return Count(count.times + unwritten, count.first_at, count.first_region)

    def write(self) -> int:
        """Write what waits as one group; how many checks it held. Only the recorder's thread calls it, or a test."""
        with self._lock:
            scans = list(self._waiting)
            if not scans:
                return 0
            self._waiting.clear()
            self._written, self._counts = self._counts, Counter()
            self._group += 1
            group = self._group
        try:
            with begin_write(self._engine) as tx:
                stream.write(tx, scans, group)
        except Exception as trouble:  # a full disk, say: checks are answered all the same
            self._log.warning("checks were not recorded", count=len(scans), reason=repr(trouble))
            with self._lock:
                self._dropped += len(scans)
        finally:
            with self._lock:
                self._written = Counter()
        return len(scans)

    def _run(self) -> None:
        while not self._stopping.wait(self._every_seconds):
            self.write()
            self._forget()
        while self.write():
            pass

    def _forget(self) -> None:
        now = self._clock()
        if now - self._forgot_at < _FORGET_EVERY:
            return
        self._forgot_at = now
        try:
            with begin_write(self._engine) as tx:
                stream.forget(tx, now)
        except Exception as trouble:
            self._log.warning("old checks were not deleted", reason=repr(trouble))
