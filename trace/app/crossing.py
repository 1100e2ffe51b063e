"""What crosses between the service and its committer's process, and the line on which it does: a pair of sockets.

There: lists of proposals, and None when no more will come. Back: answers in the order of the proposals, the ledger's
size if it has grown, and why nothing is written any more; None as a sign of life.
"""

from __future__ import annotations

import os
import pickle
import socket
from collections import deque
from contextlib import suppress
from threading import Lock, Thread
from typing import Any

from ..intake.admit import Proposal
from ..ledger.sequencer import Receipt
from ..model.admission import Refusal
from ..model.drafts import parse_draft
from ..model.scope import Scope
from ..model.signature import Signature
from ..personal.disclosures import Disclosure

#: A proposal on its way: everything but the draft, which is read again from its bytes.
Packed = tuple[bytes, bytes, tuple[Disclosure, ...], str, str, bool, Scope, str, bytes, Signature | None]
#: What comes back: answers in order, the ledger's size if it has grown, and why nothing is written any more.
Told = tuple[list[Receipt | Refusal | Exception], int | None, str]

_LENGTH_BYTES = 4
_AT_ONCE = 1 << 16


class Line:
    """One end of the pair. What is sent arrives whole and in order, as long as the process at the other end lives.

    With ``patience_seconds`` hearing gives up for a moment after so long (TimeoutError); `post` needs such a line.
    """

    def __init__(self, end: socket.socket, patience_seconds: float | None = None) -> None:
        self._end = end
        self.be_patient(patience_seconds)
        self._came = bytearray()
        self._posting = Lock()
        self._left: deque[memoryview] = deque()

    def be_patient(self, seconds: float | None) -> None:
        self._end.settimeout(seconds)

    def hear(self) -> Any:
        """The next thing. Raises EOFError or OSError when nothing more will come; after a TimeoutError what had come of
        it is kept, and hearing goes on there."""
        self._receive(_LENGTH_BYTES)
        whole = _LENGTH_BYTES + int.from_bytes(self._came[:_LENGTH_BYTES])
        self._receive(whole)
        data = self._came[_LENGTH_BYTES:whole]
        del self._came[:whole]
        return pickle.loads(data)  # noqa: S301 - our own process

    def _receive(self, wanted: int) -> None:
        while len(self._came) < wanted:
            part = self._end.recv(max(wanted - len(self._came), _AT_ONCE))
            if not part:
                raise EOFError("the other process is gone")
            self._came += part

    def say(self, what: object) -> None:
        """Send, however long it takes, from any thread. Raises OSError when nobody is left to hear it."""
        data = _framed(what)
        with self._posting:
            self._end.sendall(data)

    def post(self, what: object) -> None:
        """Send without ever waiting: what the socket does not take at once a thread sends on, for as long as it must.

        When nobody is left to hear it, it is lost: whoever hears this line learns of that.
        """
        data = memoryview(_framed(what))
        with self._posting, suppress(OSError):
            if self._left:
                self._left.append(data)
                return
            with suppress(BlockingIOError):
                data = data[os.write(self._end.fileno(), data) :]
            if data:
                self._left.append(data)
                Thread(target=self._post_what_is_left, name="line", daemon=True).start()

    def _post_what_is_left(self) -> None:
        while True:
            with self._posting:
                if not self._left:
                    return
                data = self._left[0]
            try:
                sent = self._end.send(data)
            except TimeoutError:  # it takes nothing just now; its end is somebody else's to decide
                continue
            except OSError:
                with self._posting:
                    self._left.clear()
                return
            with self._posting:
                self._left[0] = data[sent:]
                if sent == len(data):
                    self._left.popleft()

    def close(self) -> None:
        with self._posting:
            self._end.close()


def _framed(what: object) -> bytes:
    data = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(_LENGTH_BYTES) + data


def packed(proposal: Proposal) -> Packed:
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


def unpacked(crossed: Packed) -> Proposal:
    clear, stored, opened, actor, account, enters_for_anybody, jurisdiction, salt, seed, signature = crossed
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
