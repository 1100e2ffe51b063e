"""The committer in a process of its own, so that HTTP and the ledger do not share one interpreter (design §7).

There a `Sequencer` runs as ever, at the end of a pair of sockets; here `CommitterProcess` stands in its place
and callers cannot tell. What crosses, each way in order:

* there: lists of proposals; None when no more will come;
* back: answers, the ledger's new size, and why nothing is written any more.

When that process dies, whoever waits and whoever comes later hears `Stopped`; what it had committed is found
again by its id. When this one dies, the other commits what it was given and ends.
"""

from __future__ import annotations

import pickle
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock, Thread

import structlog
from sqlalchemy import Engine

from ..clock import Clock, system_clock
from ..db.engine import open_sqlite
from ..errors import Broken
from ..intake.admit import Proposal
from ..ledger.sequencer import Receipt, Sequencer, Stopped, uncancellable
from ..model.admission import Refusal
from ..model.drafts import parse_draft
from ..model.scope import Scope
from ..model.signature import Signature
from ..personal.disclosures import Disclosure
from .installation import Folder, open_sequencer
from .process import keep_what_is_loaded

#: A proposal on its way: everything but the draft, which is read again from its bytes.
Packed = tuple[bytes, bytes, tuple[Disclosure, ...], str, str, bool, Scope, str, bytes, Signature | None]
#: What comes back: answers in order, the ledger's size if it has grown, and why nothing is written any more.
Told = tuple[list[Receipt | Refusal | Exception], int | None, str]


class CommitterProcess:
    """This end: starts the process, and is what a `Sequencer` is to its callers, from any thread."""

    def __init__(self, folder: Folder) -> None:
        """Raises `Broken` where the ledger must not be written to."""
        ours, theirs = socket.socketpair()
        with theirs:
            end = theirs.fileno()
            command = [sys.executable, "-P", "-m", __name__, str(folder.root), str(end)]
            self._process = subprocess.Popen(command, pass_fds=[end])  # noqa: S603 - our own program
        self._line = Connection(ours.detach())
        self._speaking = Lock()
        self._waiting: deque[Future[Receipt | Refusal]] = deque()
        self._followers: list[Callable[[int], None]] = []
        self._closing = False
        self._stopped_because = ""
        self._log = structlog.get_logger("cabletrace.committer")
        self._listener = Thread(target=self._listen, name="committer", daemon=True)
        if not self._hear() or self._stopped_because:  # its first word: whether it can write
            self._end()
            raise Broken(self._stopped_because)
        self._listener.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def stopped_because(self) -> str:
        """Why nothing is written any more; empty while all is well."""
        return self._stopped_because

    def on_append(self, follower: Callable[[int], None]) -> None:
        """Call ``follower`` with the new size after each commit: it must be quick."""
        self._followers.append(follower)

    def propose(self, proposals: Sequence[Proposal]) -> list[Future[Receipt | Refusal]]:
        """Send proposals, in order; each future is answered after the commit that decided it."""
        futures = [uncancellable() for _ in proposals]
        with self._speaking:
            if self._closing or self._stopped_because:
                raise Stopped(self._stopped_because or "the ledger is closing")
            self._waiting.extend(futures)
            self._say([_packed(proposal) for proposal in proposals])
        return futures

    def stop(self) -> None:
        """Let it finish what was proposed, then end. Later proposals are refused with `Stopped`."""
        with self._speaking:
            self._closing = True
            self._say(None)
        self._listener.join()

    def _say(self, what: list[Packed] | None) -> None:
        with suppress(OSError):  # the process is gone: the listener hears that too, and answers everybody
            self._line.send(what)

    def _listen(self) -> None:
        try:
            while self._hear():
                pass
        except Exception as error:  # whatever was heard there, nobody may be left without an answer
            self._stopped_because = f"the committer's process is not understood: {error!r}"
            self._process.kill()
        self._end()

    def _hear(self) -> bool:
        """Pass on what is told next; False when there will be no more."""
        try:
            told: Told = self._line.recv()
        except (EOFError, OSError):
            return False
        answers, size, stopped_because = told
        self._stopped_because = stopped_because or self._stopped_because
        for answer in answers:
            future = self._waiting.popleft()
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
        if size is not None:
            self._log.info("appended", size=size, answers=len(answers))
            for follower in self._followers:
                follower(size)
        return True

    def _end(self) -> None:
        code = self._process.wait()
        with self._speaking:  # from here on nobody joins those who wait
            if not self._closing or code or self._waiting:
                self._stopped_because = self._stopped_because or (
                    f"the committer's process ended by itself ({code}): start the service anew"
                )
                self._log.error("the ledger has stopped writing", reason=self._stopped_because)
            self._line.close()
        for future in self._waiting:
            future.set_exception(Stopped(self._stopped_because))
        self._waiting.clear()


@contextmanager
def open_committer_process(folder: Folder, _ledger: Engine, _clock: Clock) -> Iterator[CommitterProcess]:
    """The committer of an installation in a process of its own, which goes by the system's clock."""
    committer = CommitterProcess(folder)
    try:
        yield committer
    finally:
        committer.stop()


def _packed(proposal: Proposal) -> Packed:
    return (
        proposal.clear,
        proposal.stored,
        proposal.opened,
        proposal.actor,
        proposal.account,
        proposal.enters_for_anybody,
        proposal.jurisdiction,
        proposal.salt,
        proposal.seed,
        proposal.signature,
    )


# --- the other end ------------------------------------------------------------------------------------


def _unpacked(packed: Packed) -> Proposal:
    clear, stored, opened, actor, account, enters_for_anybody, jurisdiction, salt, seed, signature = packed
    return Proposal(
        draft=parse_draft(clear),
        clear=clear,
        stored=stored,
        opened=opened,
        actor=actor,
        account=account,
        enters_for_anybody=enters_for_anybody,
        jurisdiction=jurisdiction,
        salt=salt,
        seed=seed,
        signature=signature,
    )


class _Answering:
    """Hands proposals to the sequencer and sends back what came of them, in order, a group at a time."""

    def __init__(self, line: Connection, sequencer: Sequencer[Proposal, Refusal]) -> None:
        self._line = line
        self._sequencer = sequencer
        self._speaking = Lock()
        self._asked: deque[Future[Receipt | Refusal]] = deque()
        self._size: int | None = None
        sequencer.on_append(self._note_size)
        sequencer.after_each_group(self._answer)

    def propose(self, came: Sequence[Packed]) -> None:
        futures = self._sequencer.propose([_unpacked(each) for each in came])
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
            if answers:
                size, self._size = self._size, None
                self._line.send((answers, size, self._sequencer.stopped_because))


def _outcome(answered: Future[Receipt | Refusal]) -> Receipt | Refusal | Exception:
    error = answered.exception()
    if error is None:
        return answered.result()
    try:
        crossed = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes: does it survive the way?
    except Exception:
        crossed = None
    return crossed if isinstance(crossed, Exception) else Broken(f"{type(error).__name__}: {error}")


def _serve(folder: Folder, line: Connection) -> None:
    with open_sequencer(folder, open_sqlite(folder.ledger), system_clock) as sequencer:
        keep_what_is_loaded()
        line.send(([], None, ""))
        answering = _Answering(line, sequencer)
        while True:
            try:
                came: list[Packed] | None = line.recv()
            except (EOFError, OSError):
                return
            if came is None:
                return
            answering.propose(came)


def main(root: str, end: str) -> None:
    """What runs there. Signals are for the service, which then lets this process finish its work."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    line = Connection(int(end))
    try:
        _serve(Folder(Path(root)), line)
    except Broken as broken:
        with suppress(OSError):
            line.send(([], None, str(broken)))


if __name__ == "__main__":
    main(*sys.argv[1:])
