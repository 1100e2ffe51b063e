"""The sequencer: the one committer, which turns proposals into entries, a group at a time.

Order of one group, all inside one write transaction:

1. take the head, and the time: the clock's, but never before the head's;
2. ``admit`` judges the proposals in order and writes what they change besides the ledger;
3. accepted payloads become entries (chain) and leaves (tree); rows are inserted, then read back from the
   database, and everything is computed from what was read: a flipped bit is found before it is signed;
4. the checkpoint is signed; the head is replaced, only if it is still the one of step 1;
5. commit. Before it nothing is promised, after it nothing may be lost;
6. everybody is answered, refusals included, for a refusal may rest on a neighbour in the same group.

The sequencer knows nothing of cables: what a proposal is, only ``admit`` knows.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from ..clock import Clock, format_instant, parse_instant
from ..db.engine import begin_read, begin_write, disk_has_failed
from ..db.postgres import another_was_first, is_away
from ..errors import Broken
from .checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from .entry import Entry, encode_entry, entry_hash
from .note import NoteSigner, VerifierKey
from .payload import payload_digest
from .room import Bounds, Room
from .standing import Standing, Stopped
from .store import (
    BEFORE_ALL_TIME,
    Head,
    Row,
    check_edge,
    load_edge,
    read_back,
    read_head,
    read_identity,
    read_row,
    replace_head,
    write_rows,
    write_tiles,
)
from .store import (
    entry as entry_table,
)
from .tiles import Edge
from .tree import leaf_hash

P = TypeVar("P")
A = TypeVar("A")

#: Proposals in one group. Larger groups save fsyncs but hold the write lock longer.
MAX_GROUP = 512
#: How long a group that follows a larger one waits for company: a group costs the same fixed work and one fsync
#: whether one proposal is in it or sixty. A lone client, whose groups are of one, never waits.
GATHER_SECONDS = 0.002
#: A clock this far behind the ledger's own last time cannot be trusted with new times.
MAX_CLOCK_BEHIND = timedelta(seconds=5)
#: Lost races in a row after which something else is wrong.
MAX_RACES = 20
#: How long a database that went away (restarted, failed over) is waited for, and how often it is asked.
AWAY_SECONDS = 60.0
AWAY_PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Append:
    """Admitted: these payload bytes become the next entry."""

    event_id: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Earlier:
    """Recorded before, under this index (perhaps in this very group): the first receipt is given again."""

    seq: int


@dataclass(frozen=True, slots=True)
class Answer(Generic[A]):
    """Not recorded; this is told to whoever proposed it."""

    value: A


Outcome = Append | Earlier | Answer[A]


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a group begins: the index of its first entry, its one time, and what stands before it."""

    size: int
    at: str
    last_event: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """That an event is on the ledger: its index, the hash of its entry, and a signed checkpoint over it."""

    event_id: str
    seq: int
    entry_hash: bytes
    recorded_at: str
    checkpoint: bytes


Admit = Callable[[Connection, Position, Sequence[P]], Sequence[Outcome[A]]]


def weightless(_: object) -> int:
    """For proposals of which nobody brings many."""
    return 0


class Sequencer(Generic[P, A]):
    """One committer over one ledger. `start` it, `propose`, `stop` it.

    ``admit`` is called inside the write transaction with the proposals of a group, once for each attempt. It
    must be a pure function of the transaction and its arguments: after a lost race it is called again.
    No more than ``bounds`` waits; ``weigh`` tells the bytes of a proposal, always the same.
    """

    def __init__(
        self,
        engine: Engine,
        signer: NoteSigner,
        clock: Clock,
        admit: Admit[P, A],
        *,
        max_group: int = MAX_GROUP,
        bounds: Bounds = Bounds(),  # noqa: B008 - a frozen value
        weigh: Callable[[P], int] = weightless,
    ) -> None:
        self._engine = engine
        self._signer = signer
        self._clock = clock
        self._admit = admit
        self._max_group = max_group
        self._weigh = weigh
        self._room = Room(bounds)
        self._waiting: deque[tuple[P, Future[Receipt | A]]] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._stopped_because = ""
        self._edge: Edge | None = None
        self._edge_head: Head | None = None
        self._thread: threading.Thread | None = None
        self._followers: list[Callable[[int], None]] = []
        self._after_each: list[Callable[[], None]] = []

    # --- life

    def start(self) -> None:
        """Check the edge of the stored ledger, then take proposals. Raises `Broken` for a ledger not to write to."""
        try:
            stored = self._take_edge()
            self._position(stored)  # a clock that cannot be trusted is found before anybody proposes
        except (ValueError, LookupError, TypeError) as error:  # cells that hold what they never should
            raise Broken(f"the edge of the stored ledger is damaged, run `verify`: {error}") from error
        self._thread = threading.Thread(target=self._run, name="sequencer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what was proposed, then end. Later proposals are refused with `Stopped`."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    @property
    def stopped_because(self) -> str:
        """Why nothing is written any more; empty while all is well."""
        return self._stopped_because

    def standing(self) -> Standing:
        """Whether it writes, and how much waits."""
        room = self._room
        return Standing(
            stopped=self._stopped_because,
            waiting=room.proposals,
            waiting_bytes=room.size_bytes,
            turned_away=room.turned_away,
        )

    def on_append(self, follower: Callable[[int], None]) -> None:
        """Call ``follower`` with the new size after each commit, on the sequencer's thread: it must be quick."""
        self._followers.append(follower)

    def after_each_group(self, told: Callable[[], None]) -> None:
        """Call ``told`` whenever a group has been answered, whatever came of it, on the sequencer's thread."""
        self._after_each.append(told)

    # --- proposing

    def propose(self, proposals: Sequence[P]) -> list[Future[Receipt | A]]:
        """Queue proposals, in order; each future is answered after the commit that decided it.

        All of them or none: raises `Full` where too much waits already, and `Stopped`.
        """
        with self._changed:
            return self._queue(proposals, self._size_of(proposals))

    def propose_patiently(self, proposals: Sequence[P]) -> list[Future[Receipt | A]]:
        """The same for whoever may wait until there is room: long work, which would only come again."""
        size_bytes = self._size_of(proposals)
        with self._changed:
            self._changed.wait_for(lambda: self._is_over() or self._room.holds(len(proposals), size_bytes))
            return self._queue(proposals, size_bytes)

    def _queue(self, proposals: Sequence[P], size_bytes: int) -> list[Future[Receipt | A]]:
        if self._is_over():
            raise Stopped(self._stopped_because or "the ledger is closing")
        self._room.take(len(proposals), size_bytes)
        futures: list[Future[Receipt | A]] = [uncancellable() for _ in proposals]
        self._waiting.extend(zip(proposals, futures, strict=True))
        self._changed.notify_all()
        return futures

    def _is_over(self) -> bool:
        return self._closing or bool(self._stopped_because)

    def _size_of(self, proposals: Sequence[P]) -> int:
        return sum(map(self._weigh, proposals))

    # --- the thread

    def _run(self) -> None:
        before = 0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closing)
                gather = len(self._waiting) < before and not self._closing
            if gather:
                time.sleep(GATHER_SECONDS)
            with self._changed:
                group = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._max_group))]
            if not group:
                return  # closing, and everybody was answered
            before = len(group)
            try:
                self._hear(group)
                for told in self._after_each:
                    told()
            except BaseException as error:  # a thread that ends unseen would leave everybody waiting for ever
                self._give_up(f"the sequencer failed after a group: {error!r}; start the service anew", group)
                for told in self._after_each:  # those that come after the one that failed must hear it, too
                    with suppress(Exception):
                        told()
            if self._stopped_because:
                return

    def _hear(self, group: Sequence[tuple[P, Future[Receipt | A]]]) -> None:
        """Commit one group and answer everybody in it."""
        try:
            answers, size = self._commit([proposal for proposal, _ in group])
        except Broken as broken:
            self._give_up(str(broken), group)
            return
        except Exception as error:  # whatever it is, nobody may be left without an answer
            self._recover(error, group)
            return
        self._make_room(group)
        for (_, future), answer in zip(group, answers, strict=True):
            future.set_result(answer)
        if size is not None:
            for follower in self._followers:
                follower(size)

    def _recover(self, error: Exception, group: Sequence[tuple[P, Future[Receipt | A]]]) -> None:
        """After a failure whose outcome may be unknown: look again at what is stored before going on.

        Not after a failure of the disk: what is read back then may be what was never written. A new process
        that opens the file anew sees what there is.
        """
        if disk_has_failed(error):
            self._give_up(f"the disk has failed: {error}", group)
            return
        try:
            self._look_again(error)
        except Exception as worse:  # the ledger cannot be read: stop loudly
            self._give_up(f"{error}; then the ledger could not be read: {worse}", group)
            return
        self._make_room(group)
        for _, future in group:
            future.set_exception(error)

    def _look_again(self, error: Exception) -> None:
        """Read and check the edge as it is stored now. A database that went away is waited for; whoever waits for an answer
        waits too, and is then told that nobody knows what became of it."""
        until = time.monotonic() + (AWAY_SECONDS if is_away(error) else 0)
        while True:
            try:
                self._take_edge()
                return
            except DBAPIError as worse:
                if not is_away(worse) or time.monotonic() > until or self._closing:
                    raise
                time.sleep(AWAY_PAUSE_SECONDS)

    def _take_edge(self) -> Head:
        """Take over the head and edge that are stored, once they are checked."""
        with begin_read(self._engine) as tx:
            stored = read_head(tx)
            self._must_continue(tx, stored)
            self._edge = self._checked_edge(tx, stored)
        self._edge_head = stored
        return stored

    def _make_room(self, group: Sequence[tuple[P, Future[Receipt | A]]]) -> None:
        """Before a group is answered: whoever has an answer takes no room any more."""
        with self._changed:
            self._room.leave(len(group), self._size_of([proposal for proposal, _ in group]))
            self._changed.notify_all()

    def _give_up(self, why: str, group: Sequence[tuple[P, Future[Receipt | A]]]) -> None:
        with self._changed:
            self._stopped_because = why
            left = [*group, *self._waiting]
            self._waiting.clear()
            self._room.empty()
            self._changed.notify_all()  # whoever waits for room waits for nothing
        for _, future in left:
            if not future.done():
                future.set_exception(Stopped(why))

    # --- one group

    def _commit(self, proposals: Sequence[P]) -> tuple[list[Receipt | A], int | None]:
        """Admit and commit a group; returns the answers and the new size, None if nothing was appended."""
        for race in range(MAX_RACES):
            try:
                committed = self._try_to_commit(proposals)
            except DBAPIError as error:
                if not another_was_first(error, entry_table):
                    raise
                committed = None
            if committed is not None:
                return committed
            # Step back, each for another time: who runs in step with a faster one would lose every race.
            time.sleep(Random().uniform(0, min(0.001 * 2**race, 0.1)))  # noqa: S311 - no secret
        raise Broken(f"lost the race for the head {MAX_RACES} times in a row")

    def _try_to_commit(self, proposals: Sequence[P]) -> tuple[list[Receipt | A], int | None] | None:
        """The same, unless another writer was first: None."""
        with begin_write(self._engine) as tx:
            old = read_head(tx)
            self._must_continue(tx, old)
            position = self._position(old)
            outcomes = self._admit(tx, position, proposals)
            if len(outcomes) != len(proposals):
                raise Broken(f"{len(outcomes)} outcomes for {len(proposals)} proposals")
            appended = [outcome for outcome in outcomes if isinstance(outcome, Append)]
            if not appended:
                answers = self._answers(tx, outcomes, {}, old.checkpoint)
                tx.rollback()
                return answers, None
            rows = self._chained(old, position, appended)
            write_rows(tx, rows)
            stored = read_back(tx, old.size)
            if stored != rows:
                raise Broken(f"the database gave back other rows than were written after index {old.size}")
            edge = self._edge_at(tx, old)
            write_tiles(tx, edge.append([leaf_hash(row.entry) for row in stored]))
            new = self._signed(edge, position, stored[-1])
            if not replace_head(tx, old, new):
                tx.rollback()
                return None
            answers = self._answers(tx, outcomes, {row.seq: row for row in stored}, new.checkpoint)
        # The transaction is committed: from here on nothing may be lost, and everybody is answered.
        self._edge, self._edge_head = edge, new
        return answers, new.size

    def _position(self, stored: Head) -> Position:
        now = self._clock()
        if stored.at != BEFORE_ALL_TIME and now + MAX_CLOCK_BEHIND < parse_instant(stored.at):
            raise Broken(
                f"the clock says {format_instant(now)}, but the ledger's last entry is of {stored.at}: "
                "set the clock right before anything more is recorded"
            )
        return Position(
            size=stored.size, at=max(format_instant(now), stored.at), last_event=stored.last_event
        )

    def _chained(self, old: Head, position: Position, appended: Sequence[Append]) -> list[Row]:
        rows: list[Row] = []
        prev = old.last_entry
        for seq, append in enumerate(appended, start=old.size):
            data = encode_entry(
                Entry(at=position.at, event=payload_digest(append.payload), prev=prev, seq=seq)
            )
            rows.append(Row(seq, append.event_id, append.payload, data))
            prev = entry_hash(data)
        return rows

    def _must_continue(self, tx: Connection, stored: Head) -> None:
        """What is stored continues what was signed here last. A database that has fallen back to an older state (a copy brought
        back, a stand-by that lagged) would have two histories signed under one name."""
        ours = self._edge_head
        if ours is None or stored.last_entry == ours.last_entry:
            return
        last = read_row(tx, ours.size - 1) if ours.size else None
        if stored.size < ours.size or (
            ours.size and (last is None or entry_hash(last.entry) != ours.last_entry)
        ):
            raise Broken(
                f"the ledger has {stored.size} entries and does not continue the {ours.size} that were signed: the database fell "
                "back to an older state or is another one; bring back the newest copy, and see `cabletrace verify`"
            )

    def _edge_at(self, tx: Connection, old: Head) -> Edge:
        """A copy of the edge under this head; another writer may have moved it since our last group."""
        if self._edge is None or self._edge_head is None or self._edge_head.last_entry != old.last_entry:
            return self._checked_edge(tx, old)
        return self._edge.copy()

    def _checked_edge(self, tx: Connection, stored: Head) -> Edge:
        chosen = read_identity(tx)
        if chosen.verifier_key != self._signer.verifier_key.format():
            raise Broken(
                f"the key at hand signs as {self._signer.verifier_key.format()}, this ledger's key is "
                f"{chosen.verifier_key}: bring back the key file that belongs to this ledger"
            )
        if chosen.origin != self._signer.name:
            raise Broken(f"the origin is {chosen.origin}, but its key signs as {self._signer.name}")
        edge = load_edge(tx, stored.size)
        last = read_row(tx, stored.size - 1) if stored.size else None
        check_edge(stored, edge, None if last is None else last.entry, chosen.origin)
        signed = open_checkpoint(stored.checkpoint, VerifierKey.parse(chosen.verifier_key))
        if (signed.size, signed.root) != (stored.size, stored.root):
            raise Broken(
                f"the checkpoint is over {signed.size} entries, the head over {stored.size}: the head was changed; "
                "run `cabletrace verify` and bring back a sound copy"
            )
        return edge

    def _signed(self, edge: Edge, position: Position, last: Row) -> Head:
        root = edge.root()
        checkpoint = sign_checkpoint(Checkpoint(self._signer.name, edge.size, root), self._signer)
        return Head(
            size=edge.size,
            at=position.at,
            last_entry=entry_hash(last.entry),
            last_event=payload_digest(last.payload),
            root=root,
            checkpoint=checkpoint,
        )

    def _answers(
        self, tx: Connection, outcomes: Sequence[Outcome[A]], new: dict[int, Row], checkpoint: bytes
    ) -> list[Receipt | A]:
        next_new = iter(new.values())
        answers: list[Receipt | A] = []
        for outcome in outcomes:
            if isinstance(outcome, Answer):
                answers.append(outcome.value)
                continue
            row = (
                next(next_new)
                if isinstance(outcome, Append)
                else new.get(outcome.seq) or read_row(tx, outcome.seq)
            )
            if row is None:
                raise Broken(f"admission speaks of entry {outcome}, which does not exist")
            answers.append(receipt_of(row, checkpoint))
        return answers


def uncancellable() -> Future[Any]:
    """A future whose answer comes even if whoever asked has left: the ledger does not forget a proposal."""
    future: Future[Any] = Future()
    future.set_running_or_notify_cancel()
    return future


def receipt_of(row: Row, checkpoint: bytes) -> Receipt:
    """The receipt of a stored event under a checkpoint that covers it."""
    from_entry = row.entry[7:31].decode()  # {"at":"2026-05-02T00:30:00.123Z",…: fixed width, formats §2
    return Receipt(
        event_id=row.event_id,
        seq=row.seq,
        entry_hash=entry_hash(row.entry),
        recorded_at=from_entry,
        checkpoint=checkpoint,
    )
