"""What runs in the committer's own process: a `Sequencer` as ever, at the end of a line to the service.

It gives a sign of life every second, however long a group takes: silence means that the process does not run. When the
service dies, it commits what it was given and ends.
"""

from __future__ import annotations

import pickle
import signal
import socket
import sys
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread

from ..clock import system_clock
from ..db.database import open_database
from ..errors import Broken
from ..intake.admit import Proposal
from ..ledger.room import Bounds
from ..ledger.sequencer import Receipt, Sequencer
from ..model.admission import Refusal
from .crossing import Line, Packed, unpacked
from .folder import Folder
from .installation import open_sequencer
from .process import keep_what_is_loaded

SIGN_OF_LIFE_SECONDS = 1.0


class _Answering:
    """Hands proposals to the sequencer and sends back what came of them, in order, a group at a time."""

    def __init__(self, line: Line, sequencer: Sequencer[Proposal, Refusal]) -> None:
        self._line = line
        self._sequencer = sequencer
        self._speaking = Lock()
        self._asked: deque[Future[Receipt | Refusal]] = deque()
        self._size: int | None = None
        sequencer.on_append(self._note_size)
        sequencer.after_each_group(self._answer)

    def propose(self, came: Sequence[Packed]) -> None:
        """Where there is no room, wait: then the line fills, and the other end takes no more."""
        futures = self._sequencer.propose_patiently([unpacked(each) for each in came])
        with self._speaking:
            self._asked.extend(futures)
        self._answer()  # the sequencer may have been faster than the line above

    def _note_size(self, size: int) -> None:
        self._size = size

    def _answer(self) -> None:
        with self._speaking, suppress(OSError):  # nobody may be left to hear it
            answers = []
            while self._asked and self._asked[0].done():
                answers.append(_outcome(self._asked.popleft()))
            stopped = self._sequencer.stopped_because
            if answers or stopped:
                size, self._size = self._size, None
                self._line.say((answers, size, stopped))


def _outcome(answered: Future[Receipt | Refusal]) -> Receipt | Refusal | Exception:
    error = answered.exception()
    if error is None:
        return answered.result()
    try:
        crossed = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes: does it survive the way?
    except Exception:
        crossed = None
    return crossed if isinstance(crossed, Exception) else Broken(f"{type(error).__name__}: {error}")


def _serve(folder: Folder, line: Line, bounds: Bounds) -> None:
    with open_sequencer(folder, open_database(folder.ledger), system_clock, bounds=bounds) as sequencer:
        keep_what_is_loaded()
        line.say(([], None, ""))
        answering = _Answering(line, sequencer)
        while True:
            try:
                came: list[Packed] | None = line.hear()
            except (EOFError, OSError):
                return
            if came is None:
                return
            answering.propose(came)


def _live(line: Line) -> None:
    never = Event()
    with suppress(OSError):
        while not never.wait(SIGN_OF_LIFE_SECONDS):
            line.say(None)


def main(root: str, end: str, proposals: str, size_bytes: str) -> None:
    """Signals are for the service, which then lets this process finish its work."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    line = Line(socket.socket(fileno=int(end)))
    Thread(target=_live, args=[line], name="signs of life", daemon=True).start()
    try:
        _serve(Folder(Path(root)), line, Bounds(proposals=int(proposals), size_bytes=int(size_bytes)))
    except Broken as broken:
        with suppress(OSError):
            line.say(([], None, str(broken)))


if __name__ == "__main__":
    main(*sys.argv[1:])
