"""Cosigning: offering the newest checkpoint to every witness, round after round, and judging what they answer.

`offer` is one exchange with one witness and decides; `Cosigning` is the thread that goes round. Each round offers
the same checkpoint to all, each on a thread of its own, so that one that is slow or down delays neither the others
nor the appends, which know nothing of all this. What was cosigned is kept only after it was checked against the key
that the operator has named.

A witness that holds more than we have, or something else, is believed so far that it is said loudly: only a ledger
that was set back or forked gets such an answer from an honest one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

import structlog
from sqlalchemy import Connection, Engine

from ..clock import Clock
from ..db.engine import begin_read, begin_write
from ..errors import Broken
from . import store, witnesses
from .add_checkpoint import SIZE_MEDIA_TYPE, AddCheckpoint, RequestError, encode_request, parse_size
from .asking import TIMEOUT_SECONDS, Answered, Ask, Unreachable
from .checkpoint import parse_checkpoint
from .cosignature import open_cosignature
from .kept import remember
from .note import NoteError, Signature, unopened_text
from .store import read_tile_hashes
from .tiles import subtree_hash_reader
from .tree import consistency_proof
from .witnesses import Contradiction, Standing, Witness

#: How long new entries gather before the next round.
PERIOD_SECONDS = 3.0
#: A witness is asked again after this time although nothing was added: it says that it still sees what we show.
AGAIN = timedelta(minutes=10)
#: The longest pause before a witness that brings nothing is asked again.
LONGEST_PAUSE_SECONDS = 60.0
#: A time this far ahead of our clock is no time at which something was cosigned.
MAX_AHEAD = timedelta(minutes=5)
#: Questions in one exchange: one, and another from the size that the witness has named.
_QUESTIONS = 2
#: An exchange is over by then, unless the system still looks for the name of a host.
ROUND_SECONDS = _QUESTIONS * TIMEOUT_SECONDS + 3.0


@dataclass(frozen=True, slots=True)
class Refused:
    """No cosignature that is worth anything; ``why`` for the log and the page."""

    why: str


#: ``prove(old)``: the consistency proof from a smaller tree to the one that is offered.
Prove = Callable[[int], Sequence[bytes]]


def offer(
    checkpoint: bytes, to: Witness, held: int, *, prove: Prove, ask: Ask, now: datetime
) -> Signature | Contradiction | Refused:
    """Offer a signed checkpoint to a witness that is believed to hold ``held`` entries.

    At most two questions: a witness that holds another size says so, and is asked from there. Raises `Unreachable`.
    """
    size = parse_checkpoint(unopened_text(checkpoint)).size
    if held > size:
        return Contradiction("set-back", held, size)
    for _ in range(_QUESTIONS):
        request = AddCheckpoint(held, tuple(prove(held)) if 0 < held < size else (), checkpoint)
        answer = ask(f"{to.url}/add-checkpoint", encode_request(request))
        if answer.status == 200:
            return _opened(checkpoint, to, answer, now)
        if answer.status == 422:
            return Contradiction("forked", held, size)
        theirs = _size_in(answer)
        if theirs is None or theirs == held:
            if answer.status == 409 and held == size:  # one size and two roots
                return Contradiction("forked", held, size)
            return Refused(f"answered {answer.status}: {_shown(answer.body)}")
        if theirs > size:
            return Contradiction("set-back", theirs, size)
        held = theirs
    return Refused("names another size each time it is asked")


def _opened(checkpoint: bytes, by: Witness, answer: Answered, now: datetime) -> Signature | Refused:
    try:
        cosigned = open_cosignature(checkpoint, answer.body, by.key)
    except NoteError as error:
        return Refused(f"bad cosignature: {error}")
    if (cosigned.made_at or 0) > (now + MAX_AHEAD).timestamp():
        return Refused(f"bad cosignature: made at {cosigned.made_at}, which is yet to come")
    return cosigned


def _size_in(answer: Answered) -> int | None:
    if answer.status != 409 or answer.media_type != SIZE_MEDIA_TYPE:
        return None
    try:
        return parse_size(answer.body.decode("ascii"))
    except (RequestError, UnicodeDecodeError):
        return None


def _shown(body: bytes) -> str:
    text = body[:200].decode(errors="replace")
    return "".join(c if c.isprintable() else " " for c in text).strip()


def is_due(standing: Standing, size: int, now: datetime) -> bool:
    """Whether a witness has something to cosign, or has said nothing for long."""
    newest = standing.newest
    return newest is None or newest.size != size or newest.made_at + AGAIN <= now


class Cosigning:
    """The rounds. `start` them and `stop` them, or make a single one with `ask_all`.

    ``ledger`` is only read, what came of it goes to ``desk``. Whom to ask is read anew each round.
    """

    def __init__(
        self, ledger: Engine, desk: Engine, clock: Clock, ask: Ask, *, period_seconds: float = PERIOD_SECONDS
    ) -> None:
        self._ledger = ledger
        self._desk = desk
        self._clock = clock
        self._ask = ask
        self._period_seconds = period_seconds
        self._stopping = threading.Event()
        self._asking: dict[str, threading.Thread] = {}
        self._failures: dict[str, int] = {}
        self._thread = threading.Thread(target=self._run, name="cosigning", daemon=True)
        self._log = structlog.get_logger("cabletrace.cosigning")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End. Whoever is being asked may still answer."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._join(ROUND_SECONDS)

    def round(self, *, only_due: bool = True) -> None:
        """Offer the newest checkpoint to every witness that is not still busy with the last; wait for none."""
        now = self._clock()
        with begin_read(self._ledger) as tx:
            size, checkpoint = store.read_head(tx).size, store.read_checkpoint(tx)
        with begin_read(self._desk) as tx:
            asked = witnesses.standings(tx)
        if size == 0:
            return  # nothing to witness: every ledger begins with the empty one
        for standing in asked:
            name = standing.witness.name
            busy = self._asking.get(name)
            if busy is not None and busy.is_alive():
                continue
            if only_due and not (is_due(standing, size, now) and self._has_paused(standing, now)):
                continue
            self._asking[name] = threading.Thread(
                target=self._ask_one, args=(standing, checkpoint, size), name=f"cosigning {name}", daemon=True
            )
            self._asking[name].start()

    def ask_all(self) -> None:
        """One round in which everybody is asked, and waited for."""
        self.round(only_due=False)
        self._join(ROUND_SECONDS)

    def _join(self, seconds: float) -> None:
        ends = monotonic() + seconds
        for thread in self._asking.values():
            thread.join(max(0.0, ends - monotonic()))

    def _has_paused(self, standing: Standing, now: datetime) -> bool:
        """The more often in a row a witness has brought nothing, the longer it is left alone."""
        failures = self._failures.get(standing.witness.name, 0)
        if not failures or standing.asked_at is None:
            return True
        pause = min(self._period_seconds * 2 ** min(failures, 10), LONGEST_PAUSE_SECONDS)
        return standing.asked_at + timedelta(seconds=pause) <= now or standing.asked_at > now

    def _run(self) -> None:
        said = ""
        while not self._stopping.is_set():
            try:
                remember(self._ledger, self._desk)
                self.round()
            except Broken as broken:
                if str(broken) != said:
                    said = str(broken)
                    self._log.critical("this is not the ledger that was signed before", reason=said)
            except Exception as trouble:  # a locked file, a full disk: the thread must outlive that
                self._log.warning("will try again", reason=repr(trouble))
            self._stopping.wait(self._period_seconds)

    # --- one witness

    def _ask_one(self, standing: Standing, checkpoint: bytes, size: int) -> None:
        name = standing.witness.name
        try:
            said = self._offer(standing, checkpoint, size)
            self._note(standing.witness, checkpoint, said)
        except Exception as trouble:  # nobody waits for this thread: what happened must stand in the log
            self._log.error("a witness could not be asked", witness=name, exc_info=trouble)
            said = Refused(repr(trouble))
        self._failures[name] = 0 if isinstance(said, Signature) else self._failures.get(name, 0) + 1

    def _offer(self, standing: Standing, checkpoint: bytes, size: int) -> Signature | Contradiction | Refused:
        held = 0 if standing.newest is None else standing.newest.size
        try:
            said = offer(
                checkpoint,
                standing.witness,
                held,
                prove=partial(self._prove, size=size),
                ask=self._ask,
                now=self._clock(),
            )
        except Unreachable as error:
            return Refused(str(error))
        if isinstance(said, Contradiction) and said.kind == "set-back":
            with begin_read(self._ledger) as tx:
                now_there = store.read_head(tx).size
            if (
                said.their_size <= now_there
            ):  # it was shown more meanwhile: no contradiction, the next round sees
                return Refused("has seen a newer checkpoint of this ledger meanwhile")
        return said

    def _prove(self, old: int, *, size: int) -> list[bytes]:
        with begin_read(self._ledger) as tx:
            return prove_consistency(tx, old, size)

    def _note(self, asked: Witness, checkpoint: bytes, said: Signature | Contradiction | Refused) -> None:
        now = self._clock()
        with begin_write(self._desk) as tx:
            if isinstance(said, Signature):
                witnesses.note_cosigned(tx, asked, checkpoint, said, now)
            elif isinstance(said, Contradiction):
                witnesses.note_contradiction(tx, asked, said, now)
            else:
                witnesses.note_trouble(tx, asked, said.why, now)
        if isinstance(said, Signature):
            self._log.info(
                "cosigned", witness=asked.name, size=parse_checkpoint(unopened_text(checkpoint)).size
            )
        elif isinstance(said, Contradiction):
            self._log.critical(
                "a witness holds another history than this ledger",
                witness=asked.name,
                kind=said.kind,
                their_size=said.their_size,
                our_size=said.our_size,
                reason=said.text.en,
            )
        else:
            self._log.warning("not cosigned", witness=asked.name, reason=said.why)


def prove_consistency(tx: Connection, old: int, size: int) -> list[bytes]:
    """That the tree of ``size`` entries begins with that of ``old``, from the stored tiles."""
    return consistency_proof(old, size, subtree_hash_reader(partial(read_tile_hashes, tx), size))
