"""The committer in a process of its own, so that HTTP and the ledger do not share one interpreter (design §7).

There a `Sequencer` runs as ever (`committing`); here `CommitterProcess` stands in its place, and callers cannot tell.
No more waits on both sides together than the bounds allow: what is counted here leaves only with its answer.

When that process dies (killed, out of memory, silent for too long), whoever waits hears `OutcomeUnknown`, whoever comes
meanwhile `Paused`, and a new one is started, which looks at head, edge and checkpoint before it goes on; what the dead
one had committed is found again by its id. When the sequencer there stops because an invariant is broken or the disk
has failed, nothing is started anew: whoever waits and whoever comes hears `Stopped` (decision 0010).
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, Thread
from time import monotonic

import structlog
from sqlalchemy import Engine

from ..clock import Clock
from ..errors import Broken
from ..intake.admit import Proposal
from ..ledger.room import Bounds, Room
from ..ledger.sequencer import Receipt, uncancellable
from ..ledger.standing import OutcomeUnknown, Paused, Standing, Stopped
from ..model.admission import Refusal
from . import committing
from .crossing import Line, Told, packed
from .folder import Folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """What is taken from a committer's process before it is given up.

    It gives a sign of life every second. One that gives none for ``silence_seconds``, or none for
    ``first_word_seconds`` after its start, does not run, and is killed. Of those that die within ``window_seconds`` the
    first ``starts`` are replaced, each after twice the wait of the one before.
    """

    silence_seconds: float = 30
    first_word_seconds: float = 120
    first_wait_seconds: float = 0.5
    starts: int = 5
    window_seconds: float = 600


class CommitterProcess:
    """This end: starts the process, again where it must, and is what a `Sequencer` is to its callers, from any thread."""

    def __init__(
        self,
        folder: Folder,
        bounds: Bounds = Bounds(),  # noqa: B008 - a frozen value
        patience: Patience = Patience(),
    ) -> None:
        """Raises `Broken` where the ledger must not be written to."""
        self._folder = folder
        self._bounds = bounds
        self._patience = patience
        self._changed = Condition()  # guards all that follows
        self._room = Room(bounds)
        self._waiting: deque[tuple[Future[Receipt | Refusal], int]] = deque()
        self._followers: list[Callable[[int], None]] = []
        self._closing = False
        self._stopped = ""
        self._paused = "the committer is being started"
        self._deaths: deque[float] = deque()
        self._restarts = 0
        self._log = structlog.get_logger("cabletrace.committer")
        self._process, self._line = self._start()
        self._hear_first()
        self._listener = Thread(target=self._live, name="committer", daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def standing(self) -> Standing:
        """Whether it writes, and how much waits."""
        with self._changed:
            return Standing(
                stopped=self._stopped,
                paused=self._paused,
                waiting=self._room.proposals,
                waiting_bytes=self._room.size_bytes,
                turned_away=self._room.turned_away,
                restarts=self._restarts,
            )

    def on_append(self, follower: Callable[[int], None]) -> None:
        """Call ``follower`` with the new size after each commit: it must be quick."""
        self._followers.append(follower)

    # --- proposing

    def propose(self, proposals: Sequence[Proposal]) -> list[Future[Receipt | Refusal]]:
        """Send proposals, in order; each future is answered after the commit that decided it.

        All of them or none: raises `Full` where too much waits already, `Paused` and `Stopped`.
        """
        with self._changed:
            return self._send(proposals, _size_of(proposals))

    def propose_patiently(self, proposals: Sequence[Proposal]) -> list[Future[Receipt | Refusal]]:
        """The same for whoever may wait until there is room, and until a new process goes on."""
        size_bytes = _size_of(proposals)
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_over() or (not self._paused and self._room.holds(len(proposals), size_bytes))
            )
            return self._send(proposals, size_bytes)

    def _send(self, proposals: Sequence[Proposal], size_bytes: int) -> list[Future[Receipt | Refusal]]:
        if self._is_over():
            raise Stopped(self._stopped or "the ledger is closing")
        if self._paused:
            raise Paused(self._paused)
        self._room.take(len(proposals), size_bytes)
        futures = [uncancellable() for _ in proposals]
        sizes = [proposal.size_bytes for proposal in proposals]
        self._waiting.extend(zip(futures, sizes, strict=True))
        self._line.post([packed(proposal) for proposal in proposals])
        return futures

    def _is_over(self) -> bool:
        return self._closing or bool(self._stopped)

    def stop(self) -> None:
        """Let it finish what was proposed, then end. Later proposals are refused with `Stopped`."""
        with self._changed:
            self._closing = True
            self._line.post(None)
            self._changed.notify_all()
        self._listener.join()

    # --- the life of the process

    def _start(self) -> tuple[subprocess.Popen[bytes], Line]:
        ours, theirs = socket.socketpair()
        with theirs:
            end = theirs.fileno()
            words = [
                str(self._folder.root),
                str(end),
                str(self._bounds.proposals),
                str(self._bounds.size_bytes),
            ]
            command = [sys.executable, "-P", "-m", committing.__name__, *words]
            process = subprocess.Popen(command, pass_fds=[end])  # noqa: S603 - our own program
        return process, Line(ours, self._patience.first_word_seconds / 2)

    def _hear_first(self) -> None:
        """At the first start nothing is tried twice: whoever starts the service is there to look."""
        try:
            while self._paused and not self._stopped:
                self._hear()
        except (EOFError, OSError) as error:
            self._process.kill()
            why = "did not start"
            if isinstance(error, TimeoutError):
                why = f"said nothing within {self._patience.first_word_seconds:g} s (a machine that is too busy?)"
            self._stopped = self._stopped or f"the committer's process {why} ({self._process.wait()})"
        if self._stopped:
            self._process.wait()
            self._line.close()
            raise Broken(self._stopped)

    def _live(self) -> None:
        """On a thread of its own: hear the process until it dies, then start another, until it is over."""
        while True:
            died = self._hear_to_its_end()
            self._lay_down(died)
            if not self._start_anew(died):
                return

    def _hear_to_its_end(self) -> str:
        """Pass on what is told until the process has ended; returns why it did."""
        why = "the committer's process ended by itself"
        try:
            while True:
                self._hear()
        except TimeoutError:
            self._process.kill()
            why = "the committer's process gave no sign of life and was killed"
        except (EOFError, OSError):
            pass
        except Exception as error:  # whatever was heard there, nobody may be left without an answer
            self._process.kill()
            with self._changed:
                self._stop_for(f"the committer's process is not understood: {error!r}")
        return f"{why} ({self._process.wait()})"

    def _hear(self) -> None:
        """Pass on what is told next. Raises EOFError or OSError when there is no more, TimeoutError after a silence."""
        try:
            told: Told | None = self._line.hear()
        except TimeoutError:  # perhaps it was this process that stood still: then what was said lies there
            told = self._line.hear()
        if told is None:
            return
        answers, size, stopped = told
        with self._changed:
            if stopped:
                self._stop_for(stopped)
            if self._paused and not self._stopped:
                self._paused = ""
                self._line.be_patient(self._patience.silence_seconds / 2)
                if self._restarts:
                    self._log.info("the committer writes again", pid=self._process.pid)
            answered = [self._waiting.popleft() for _ in answers]
            self._room.leave(len(answered), sum(size_bytes for _, size_bytes in answered))
            self._changed.notify_all()
        for (future, _), answer in zip(answered, answers, strict=True):
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
        if size is not None:
            self._log.info("appended", size=size, answers=len(answers))
            for follower in self._followers:
                follower(size)

    def _stop_for(self, reason: str) -> None:
        """The first reason stays."""
        if not self._stopped:
            self._stopped = reason
            self._log.error("the ledger has stopped writing", reason=reason)

    def _lay_down(self, died: str) -> None:
        """The process is dead: nobody joins those who wait from here on, and these are told what is known."""
        with self._changed:
            self._line.close()
            left, code = [future for future, _ in self._waiting], self._process.returncode
            self._waiting.clear()
            self._room.empty()
            if not self._closing or code or left:
                self._paused = died
            if self._closing and self._paused:
                self._stop_for(died)
            self._changed.notify_all()
        for future in left:
            future.set_exception(Stopped(self._stopped) if self._stopped else OutcomeUnknown(died))

    def _start_anew(self, died: str) -> bool:
        """Start another process when it is time; False where none is to be started."""
        with self._changed:
            while True:
                deaths = self._deaths_lately()
                if not self._is_over() and deaths > self._patience.starts:
                    self._stop_for(
                        f"{died}; {deaths} died in a row: find out why, then start the service anew"
                    )
                if self._is_over():
                    self._changed.notify_all()
                    return False
                wait_seconds = self._patience.first_wait_seconds * 2 ** (deaths - 1)
                self._log.error("the committer is started anew", reason=died, after_seconds=wait_seconds)
                if self._changed.wait_for(lambda: self._closing, wait_seconds):
                    return False
                self._restarts += 1
                try:
                    self._process, self._line = self._start()
                except OSError as error:  # no memory, no processes: as if it had died
                    died = f"the committer's process cannot be started: {error}"
                    continue
                return True

    def _deaths_lately(self) -> int:
        """How many died within the window, this one included."""
        now = monotonic()
        self._deaths.append(now)
        while now - self._deaths[0] > self._patience.window_seconds:
            self._deaths.popleft()
        return len(self._deaths)


@contextmanager
def open_committer_process(
    folder: Folder,
    _ledger: Engine,
    _clock: Clock,
    *,
    bounds: Bounds = Bounds(),  # noqa: B008 - a frozen value
    patience: Patience = Patience(),
) -> Iterator[CommitterProcess]:
    """The committer of an installation in a process of its own, which goes by the system's clock."""
    committer = CommitterProcess(folder, bounds, patience)
    try:
        yield committer
    finally:
        committer.stop()


def _size_of(proposals: Sequence[Proposal]) -> int:
    return sum(proposal.size_bytes for proposal in proposals)
