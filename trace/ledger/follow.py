"""Following the ledger: how something that is kept beside it comes to what the ledger says, and stays there.

The ledger is its own outbox: indexes have no gaps and appear in order, so "everything after my cursor" misses
nothing, and appends never wait for those who follow. The cursor holds the hash of the last entry read. A
ledger in which that entry is another one (restored from an older backup, or not ours) is not followed: what
was made of it must be made anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

import structlog

from ..errors import Broken

T = TypeVar("T")

#: How often the ledger is asked when nobody wakes the follower (another process may have written).
POLL_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far somebody has read the ledger: the last index and that entry's hash."""

    seq: int
    entry_hash: bytes


#: Before the first entry.
NOTHING_READ = Cursor(-1, b"")


def read_on(
    cursor: Cursor,
    read_from: Callable[[int, int], Sequence[T]],
    place_of: Callable[[T], Cursor],
    page: int,
    *,
    reader: str,
) -> Sequence[T]:
    """At most ``page`` entries behind the cursor, in order; none when it stands at the end.

    ``read_from(first, limit)`` gives entries from an index on. Raises `Broken` when they leave a gap, or do
    not continue where the cursor stands; ``reader`` is what must be rebuilt then.
    """
    begins = cursor == NOTHING_READ
    # The last entry read comes again in front: its hash shows that this is still the same ledger.
    first = max(cursor.seq, 0)
    entries = read_from(first, page if begins else page + 1)
    if [place_of(entry).seq for entry in entries] != list(range(first, first + len(entries))):
        raise Broken(f"{reader}: the ledger was asked for entries from {first} and gave a gap")
    if begins:
        return entries
    if not entries or place_of(entries[0]) != cursor:
        raise Broken(
            f"{reader}: entry {cursor.seq} is not the one that was read before; the ledger was restored or "
            f"replaced: rebuild {reader}"
        )
    return entries[1:]


class FollowerThread:
    """A thread that goes on page by page until it is stopped.

    ``step`` does one page and returns how many entries it read, 0 at the end of the ledger; ``reached`` is the
    index up to which the steps have come, -1 before the first entry. After a page that was not full it rests, so
    that a busy ledger is followed in few large pages; somebody in `wait_until` ends the rest. Trouble that may
    pass (a locked file, a full disk) is logged and tried again with longer and longer pauses; `Broken` ends the
    thread, and `wait_until` raises it.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[], int],
        reached: Callable[[], int],
        *,
        page: int,
        rest_seconds: float,
        poll_seconds: float = POLL_SECONDS,
    ):
        self._step = step
        self._page = page
        self._rest_seconds = rest_seconds
        self._ask_reached = reached
        self._poll_seconds = poll_seconds
        self._state = threading.Condition()
        self._awake = threading.Event()
        self._hurried = threading.Event()
        self._stopping = threading.Event()
        self._broken: Broken | None = None
        self._reached = reached()
        self._thread = threading.Thread(target=self._run, name=f"{name}-follower", daemon=True)
        self._log = structlog.get_logger("cabletrace.follow", follower=name)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish the page at hand and end. The cursor stands after the last whole page."""
        self._stopping.set()
        self._awake.set()
        self._hurried.set()
        with self._state:
            self._state.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        """The ledger has grown: look, after the rest if one is on. Costs nothing; missing it costs one poll."""
        self._awake.set()

    @property
    def reached(self) -> int:
        """The ledger index up to which this follower has come; -1 before the first entry."""
        with self._state:
            return self._reached

    @property
    def broken(self) -> Broken | None:
        """Why the follower has ended by itself, if it has."""
        with self._state:
            return self._broken

    def wait_until(self, seq: int, timeout: float) -> bool:
        """Wait until entry ``seq`` has been read; False when it has not after ``timeout`` seconds.

        Raises `Broken` when the follower has ended by itself before.
        """
        self.wake()
        self._hurried.set()
        with self._state:
            self._state.wait_for(
                lambda: self._reached >= seq or self._broken is not None or self._stopping.is_set(), timeout
            )
            if self._reached < seq and self._broken is not None:
                raise self._broken
            return self._reached >= seq

    def _run(self) -> None:
        pause = self._poll_seconds
        while not self._stopping.is_set():
            self._awake.clear()
            self._hurried.clear()
            try:
                read = self._go_on()
            except Broken as broken:
                self._log.error("stopped following", reason=str(broken))
                with self._state:
                    self._broken = broken
                    self._state.notify_all()
                return
            except Exception as trouble:  # whatever it is, the ledger goes on and so must this thread
                self._log.warning("will try again", reason=repr(trouble), pause_seconds=pause)
                self._stopping.wait(pause)  # not even a wake-up shortens it
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
                continue
            pause = self._poll_seconds
            if not read:
                self._awake.wait(pause)
            elif read < self._page:
                self._hurried.wait(self._rest_seconds)

    def _go_on(self) -> int:
        started = monotonic()
        read = self._step()
        reached = self._ask_reached()
        with self._state:
            self._reached = reached
            self._state.notify_all()
        if read:
            self._log.info("followed", reached=reached, entries=read, seconds=round(monotonic() - started, 3))
        return read
