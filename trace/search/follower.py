"""The follower: reads accepted events off the ledger, page by page, and keeps the search index after them.

The ledger is its own outbox: sequence numbers have no gaps and appear in order, so "everything after my
cursor" misses nothing. Appends never wait for the follower. Batches are written whole, in the state they
have when the page is read, so several events of one batch in a page cost one document, and reading a page
twice changes nothing.

The cursor holds the hash of the last entry read. A ledger in which that entry is another one (restored from
an older backup, or not ours) is not followed: the index must be rebuilt.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic

import structlog

from ..errors import Broken
from .documents import Document
from .embedded import NOTHING_READ, Cursor, EmbeddedIndex


@dataclass(frozen=True, slots=True)
class Accepted:
    """One entry of the ledger, as far as search is concerned: the canonical codes of batches it touches."""

    seq: int
    entry_hash: bytes
    batches: tuple[str, ...]


#: Entries from an index on, in order and without gaps, at most so many.
ReadFrom = Callable[[int, int], Sequence[Accepted]]
#: All documents of the given batches, in their newest state.
Project = Callable[[frozenset[str]], Iterable[Document]]

PAGE = 1_000
#: How often the ledger is asked when nobody wakes the follower (another process may have written).
POLL_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0


def follow_page(index: EmbeddedIndex, read_from: ReadFrom, project: Project, *, page: int = PAGE) -> int:
    """Bring the index one page further; returns how many entries it read, 0 when it is up to date.

    Raises `Broken` when the ledger does not continue where the index stopped.
    """
    cursor = index.cursor()
    # The last entry read comes again in front: its hash shows that this is still the same ledger.
    first = max(cursor.seq, 0)
    entries = read_from(first, page + (cursor != NOTHING_READ))
    if [entry.seq for entry in entries] != list(range(first, first + len(entries))):
        raise Broken(f"search follower: the ledger was asked for entries from {first} and gave a gap")
    if cursor != NOTHING_READ:
        if not entries or entries[0].entry_hash != cursor.entry_hash:
            raise Broken(
                f"search follower: entry {cursor.seq} is not the one the index was built from; the ledger was "
                "restored or replaced: rebuild the index"
            )
        entries = entries[1:]
    if not entries:
        return 0
    touched = frozenset(batch for entry in entries for batch in entry.batches)
    index.apply(project(touched) if touched else (), Cursor(entries[-1].seq, entries[-1].entry_hash))
    return len(entries)


class Follower:
    """A thread that follows the ledger until it is stopped.

    Trouble that may pass (a locked file, a full disk) is logged and tried again with longer and longer
    pauses; `Broken` ends the thread, and `wait_until` raises it.
    """

    def __init__(
        self,
        index: EmbeddedIndex,
        read_from: ReadFrom,
        project: Project,
        *,
        page: int = PAGE,
        poll_seconds: float = POLL_SECONDS,
    ):
        self._index = index
        self._read_from = read_from
        self._project = project
        self._page = page
        self._poll_seconds = poll_seconds
        self._state = threading.Condition()
        self._awake = threading.Event()
        self._stopping = threading.Event()
        self._broken: Broken | None = None
        self._reached = index.cursor().seq
        self._thread = threading.Thread(target=self._run, name="search-follower", daemon=True)
        self._log = structlog.get_logger("cabletrace.search")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish the page at hand and end. The cursor stands after the last whole page."""
        self._stopping.set()
        self._awake.set()
        with self._state:
            self._state.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        """The ledger has grown: look now. Costs nothing; missing it costs one poll."""
        self._awake.set()

    @property
    def reached(self) -> int:
        """The ledger index up to which this follower has brought the index; -1 before the first entry."""
        with self._state:
            return self._reached

    @property
    def broken(self) -> Broken | None:
        """Why the follower has ended by itself, if it has."""
        with self._state:
            return self._broken

    def wait_until(self, seq: int, timeout: float) -> bool:
        """Wait until the index has read entry ``seq``; False when it has not after ``timeout`` seconds.

        Raises `Broken` when the follower has ended by itself before.
        """
        self.wake()
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
            try:
                read = self._follow()
            except Broken as broken:
                self._log.error("search follower stopped", reason=str(broken))
                with self._state:
                    self._broken = broken
                    self._state.notify_all()
                return
            except Exception as trouble:  # whatever it is, the ledger goes on and so must this thread
                self._log.warning("search follower will try again", reason=repr(trouble), pause_seconds=pause)
                self._stopping.wait(pause)  # not even a wake-up shortens it
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
                continue
            pause = self._poll_seconds
            if not read:
                self._awake.wait(pause)

    def _follow(self) -> int:
        started = monotonic()
        read = follow_page(self._index, self._read_from, self._project, page=self._page)
        reached = self._index.cursor().seq
        with self._state:
            self._reached = reached
            self._state.notify_all()
        if read:
            self._log.info(
                "search index", reached=reached, entries=read, seconds=round(monotonic() - started, 3)
            )
        return read
