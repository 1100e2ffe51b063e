"""Verification: stored rows in, faults out, and nothing but the bytes to go by.

Every field of entry i is determined by others: ``seq`` by its place, ``event`` and ``at`` by the payload,
``prev`` by the entry before, so the bytes of the entry can be written anew and compared; the tree follows from
the entries, and the signed checkpoint from the tree. A row that fits is passed in a few microseconds.

Where a row does not fit, others testify which of its cells was changed. The hash of an entry is known to
three that do not depend on it: the entry after it, the full tile over it, and the head, for the last. Whatever
a witness confirms is believed, and the verification goes on from there, so that one change is one fault and
not an avalanche to the end of the ledger. Memory: the newest place of every stream, and one tile a level.

Not judged here: what a payload means (``judge`` may be given for that), and whether the key is the right one.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any

import orjson

from ..errors import InputError, Text
from . import canonical
from .checkpoint import Checkpoint, open_checkpoint
from .entry import Entry, check_instant, decode_entry, first_prev, format_entry
from .faults import Fault, fault
from .note import NoteError, VerifierKey
from .payload import VERSION, decode_payload
from .store import BEFORE_ALL_TIME, Head, Identity, Row
from .tiles import HEIGHT, WIDTH, Edge
from .tree import HASH_BYTES, leaf_hash

#: (level, index) -> hashes and root of a full tile as stored, or None.
ReadStoredTile = Callable[[int, int], tuple[bytes, bytes] | None]
#: (index, parsed payload) -> what is wrong with its meaning. Asked only about payloads whose bytes are sound.
Judge = Callable[[int, Mapping[str, Any]], Iterable[Fault]]

#: How many rows are looked at to find the next one that a witness confirms.
LOOKAHEAD = 8

_SALT = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]").fullmatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a verification of a part begins; all that lies before ``seq`` is trusted.

    ``edge`` as the stored tiles give it, ``last_entry`` the hash of entry ``seq`` − 1, ``at`` its time.
    """

    seq: int
    edge: Edge
    last_entry: bytes
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What was arrived at: entries gone through, time and hash of the last, root; None where it is unknown.

    ``witnessed``: so many of the first entries are those that a witness has cosigned, by what was given.
    """

    size: int
    at: str
    last_entry: bytes | None
    root: bytes | None
    witnessed: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint kept from earlier, which this ledger's key has signed; ``witnesses`` are those that cosigned it."""

    checkpoint: Checkpoint
    witnesses: tuple[str, ...] = ()


@dataclass(slots=True)
class _Ahead:
    """The rows in order, with a look at those to come."""

    rows: Iterator[Row]
    _seen: deque[Row] = field(default_factory=deque)

    def __iter__(self) -> Iterator[Row]:
        while True:
            row = self._seen.popleft() if self._seen else next(self.rows, None)
            if row is None:
                return
            yield row

    def peek(self, n: int) -> Row | None:
        """The n-th row after the one at hand; the next is 0."""
        self._seen.extend(islice(self.rows, n + 1 - len(self._seen)) if n >= len(self._seen) else ())
        return self._seen[n] if n < len(self._seen) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What can be read of a payload, sound or not."""

    data: bytes
    digest: str
    value: Mapping[str, Any]

    @property
    def trouble(self) -> str:
        """Why it is none; empty if it is one."""
        try:
            decode_payload(self.data)
        except ValueError as error:
            return str(error)
        return ""

    @property
    def at(self) -> str | None:
        """The time of recording, if it is one."""
        try:
            check_instant(at := self.value["recorded_at"])
        except (KeyError, ValueError, TypeError):
            return None
        return str(at)

    @property
    def event_id(self) -> str | None:
        draft = self.value.get("draft")
        return draft.get("id") if type(draft) is dict else None

    @property
    def links(self) -> Iterator[tuple[str, int, str | None]]:
        """(name, n, prev) of each stream, as far as they have that form."""
        server = self.value.get("server")
        links = server.get("streams") if type(server) is dict else None
        for link in links if type(links) is list else ():
            if type(link) is dict and type(link.get("name")) is str and type(link.get("n")) is int:
                yield link["name"], link["n"], link.get("prev")


class Verifier:
    """One pass over the rows of a ledger. Iterate `faults`; then `end` says what was arrived at.

    ``last`` ends a verification of a part at that index; the row after it may be given too, as a witness.
    ``since`` are checkpoints kept from earlier: their trees must be the beginning of this one. None can be shorter
    than what lies before ``start``, or `faults` raises InputError. ``kept`` are others, opened already, in any order;
    those that are too short are passed over. Of several that this ledger does not continue, the first is named, with
    the last that it does continue: in between history was rewritten.
    """

    def __init__(
        self,
        identity: Identity,
        head: Head,
        read_tile: ReadStoredTile,
        *,
        start: Start | None = None,
        last: int | None = None,
        since: Sequence[bytes] = (),
        kept: Iterable[Kept] = (),
        judge: Judge | None = None,
    ) -> None:
        self._identity = identity
        self._head = head
        self._read_tile = read_tile
        self._part = start is not None
        self._last = last
        self._since = since
        self._judge = judge
        self._ahead = _Ahead(iter(()))
        # What is believed of the entries so far. None: there is nobody who could tell.
        self._seq = start.seq if start else 0
        self._at = start.at if start else BEFORE_ALL_TIME
        self._prev: str | None = start.last_entry.hex() if start else _first_prev(identity.origin)
        self._edge = start.edge.copy() if start else Edge()
        #: Leaves not yet in the edge. The newest always waits here: the entry after it may yet contradict it.
        self._leaves: list[bytes] = []
        self._tree_known = True
        self._at_is_known = True
        #: Of each stream the ordinal and the digest of its newest event.
        self._streams: dict[str, tuple[int, str]] = {}
        #: True digests of events whose payloads were altered: what follows them is no fault of its own.
        self._altered: set[str] = set()
        self._lost_events = False
        # What is signed, or failing that, what the head says.
        self._size: int | None = None
        self._root: bytes | None = None
        self._wanted = list(kept)
        #: The sizes of the last kept checkpoints that this ledger continues; two of one size are one.
        self._continued = [0]
        self._witnessed = 0

    @property
    def size(self) -> int | None:
        """The number of entries there must be, as soon as `faults` has begun."""
        return self._size

    @property
    def end(self) -> End:
        return End(
            size=self._seq,
            at=self._at,
            last_entry=None if self._prev is None else bytes.fromhex(self._prev),
            root=self._root_now(),
            witnessed=self._witnessed,
        )

    # --- the pass

    def faults(self, rows: Iterable[Row]) -> Iterator[Fault]:
        """Everything wrong with these rows, in order, with the identity, the head and the full tiles."""
        yield from self._check_head()
        yield from self._check_since()
        self._ahead = _Ahead(iter(rows))
        for row in self._ahead:
            if self._last is not None and self._is_beyond_part(row, self._last):
                yield from self._compare_with_next(row)
                break
            value = self._fits(row)
            if value is None:
                yield from self._examine(row)
            elif self._judge is not None:
                yield from self._judge(row.seq, value)
            if len(self._leaves) > WIDTH:
                yield from self._settle(WIDTH)
            while self._wanted and self._seq >= self._wanted[-1].checkpoint.size:
                yield from self._compare_kept(self._wanted.pop())
        yield from self._finish()

    def extra_tiles(self, places: Iterable[tuple[int, int]]) -> Iterator[Fault]:
        """Stored tiles that a tree of this size does not have; ``places`` are (level, index)."""
        for level, index in places:
            if self._size is not None and not (
                0 <= level <= 8 and 0 <= index < self._size >> HEIGHT * (level + 1)
            ):
                yield fault(
                    "tile", (level, index), "", "", "a row",
                    f"{self._size} 条的账本没有这一块散列", f"a tree of {self._size} entries has no such full tile",
                )  # fmt: skip

    def _fits(self, row: Row) -> Mapping[str, Any] | None:
        """Go past a row in which everything is as it must be; else None, and nothing has changed.

        This is the hot path: it decides with as few operations as will do, and explains nothing.
        """
        seq, event_id, payload, entry = row
        if seq != self._seq or seq == self._size or self._prev is None:
            return None
        try:
            # The draft is one level further in than it was when it was judged at the door.
            value: Mapping[str, Any] = canonical.parse(payload, canonical.MAX_DEPTH + 1)
            digest = sha256(payload).hexdigest()
            at = value["recorded_at"]
            if entry != format_entry(at, digest, self._prev, seq) or event_id != value["draft"]["id"]:
                return None
            if at != self._at:
                check_instant(at)
                if at < self._at:
                    return None
            links = value["server"]["streams"]
            if not (_is_plain(value) and self._links_fit(links)):
                return None
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        for link in links:
            self._streams[link["name"]] = (link["n"], digest)
        self._go_on(entry, at)
        return value

    def _links_fit(self, links: list[dict[str, Any]]) -> bool:
        name_before = ""
        for link in links:
            name = link["name"]
            place = self._streams.get(name)
            if place is None:
                if link != {"n": 0, "name": name}:
                    return False
            elif link != {"n": place[0] + 1, "name": name, "prev": place[1]}:
                return False
            if name <= name_before or type(link["n"]) is not int:  # true == 1
                return False
            name_before = name
        return True

    def _go_on(self, entry: bytes | None, at: str) -> None:
        """Believe these bytes of the entry at hand; without them, what the tile and the next entry say."""
        if entry is None:
            leaf = self._leaf_in_tile(self._seq)
            self._prev = self._prev_of_next(self._seq)
        else:
            leaf = leaf_hash(entry)
            self._prev = sha256(entry).hexdigest()
        if leaf is None:
            self._tree_known = False
        else:
            self._leaves.append(leaf)
        self._at, self._at_is_known = at, entry is not None
        self._seq += 1

    # --- a row that does not fit

    def _examine(self, row: Row) -> Iterator[Fault]:
        """Say what is wrong with a row, and go past it with what is believed to have stood there."""
        if row.seq != self._seq or row.seq == self._size:
            if self._seq != self._size and self._belongs_here(row):
                yield fault(
                    "entry", (self._seq,), "seq", self._seq, row.seq,
                    "序号被改", "the index was changed: the row belongs here",
                )  # fmt: skip
                row = row._replace(seq=self._seq)
            elif row.seq < self._seq or (self._size is not None and row.seq >= self._size):
                yield fault(
                    "entry", (row.seq,), "", "", row.event_id,
                    "多出的一行：账本中没有这一条", "a row too many: the ledger has no such entry",
                )  # fmt: skip
                return
            else:
                yield self._missing(row.seq)
                self._skip_to(row)
            if (value := self._fits(row)) is not None:
                yield from self._judge(row.seq, value) if self._judge is not None else ()
                return
        yield from self._examine_cells(row)

    def _examine_cells(self, row: Row) -> Iterator[Fault]:
        seq, event_id, payload, entry = row
        read = _read_payload(payload)
        stored = _read_entry(entry)
        if self._prev is None and stored is not None:
            self._prev = stored.prev.hex()  # after a hole nobody else can tell
        expected = self._expected(read, self._prev, seq)
        true_entry, payload_is_true = expected, True
        if expected is None or entry != expected:
            if stored is not None and self._confirmed(seq, entry):
                true_entry, payload_is_true = entry, stored.event.hex() == read.digest
                yield from self._contradictions(seq, stored, read)
            else:
                payload_is_true = expected is not None and self._leads_to_a_witness(seq, expected)
                true_entry = expected if payload_is_true else None
                yield self._changed_entry(row, true_entry)
        if payload_is_true:
            yield from self._examine_payload(seq, event_id, read)
        true_event = None if true_entry is None else decode_entry(true_entry).event.hex()
        yield from self._follow_streams(seq, read, true_event)
        self._go_on(
            true_entry, self._at if true_entry is None else max(self._at, decode_entry(true_entry).at)
        )
        if payload_is_true and not read.trouble and self._judge is not None:
            yield from self._judge(seq, read.value)

    def _expected(self, read: _Read, prev: str | None, seq: int) -> bytes | None:
        """The entry that follows from a payload and the hash of the entry before; None where either is unknown."""
        if read.at is None or prev is None:
            return None
        return format_entry(read.at, read.digest, prev, seq)

    def _changed_entry(self, row: Row, true_entry: bytes | None) -> Fault:
        if true_entry is not None:
            return fault("entry", (row.seq,), "entry", true_entry, row.entry,
                         "条目字节被改", "the entry was changed")  # fmt: skip
        told = self._prev_of_next(row.seq)
        return fault("entry", (row.seq,), "entry", f"SHA-256 {told or 'unknown'}", row.entry,
                     "整行被改：条目与内容都不是链上原有的",
                     "the whole row was changed: neither entry nor payload is what the chain has here")  # fmt: skip

    def _examine_payload(self, seq: int, event_id: str, read: _Read) -> Iterator[Fault]:
        """A payload whose bytes are those that the entry names."""
        if trouble := read.trouble:
            yield fault("entry", (seq,), "payload", "a payload in its one spelling", trouble,
                        f"内容不合格式：{trouble}", f"not a payload in its one spelling: {trouble}")  # fmt: skip
        if event_id != read.event_id:
            yield fault("entry", (seq,), "event_id", read.event_id, event_id,
                        "事件编号与内容不符", "not the id that stands in the payload")  # fmt: skip
        if read.at is not None and read.at < self._at:
            yield fault("entry", (seq,), "payload", f"{self._at} or later", read.at,
                        "记录时间倒退", "the time of recording goes back")  # fmt: skip

    def _contradictions(self, seq: int, stored: Entry, read: _Read) -> Iterator[Fault]:
        """An entry that a witness confirms, against everything it speaks of: the others are wrong."""
        if stored.event.hex() != read.digest:
            yield fault("entry", (seq,), "payload", f"SHA-256 {stored.event.hex()}", f"SHA-256 {read.digest}",
                        "内容被改：与条目中的散列不符",
                        "the payload was changed: its hash is not the one in the entry")  # fmt: skip
        elif read.at is not None and stored.at != read.at:
            yield fault("entry", (seq,), "entry", read.at, stored.at,
                        "条目与内容的时间不一", "entry and payload differ in their time")  # fmt: skip
        if stored.seq != seq:
            yield fault("entry", (seq,), "entry", seq, stored.seq,
                        "条目中的序号不符", "the entry names another index")  # fmt: skip
        if self._prev is None or stored.prev.hex() == self._prev:
            return
        if seq == 0:
            yield fault("identity", (), "origin", f"SHA-256 {stored.prev.hex()}", self._identity.origin,
                        "账本来源被改：第一条指向别的来源",
                        "the origin was changed: the first entry names another")  # fmt: skip
            return
        yield self._rewritten(seq - 1, stored.prev.hex())
        self._lost_events = True  # the true one in that row is known by its hash alone
        leaf = self._leaf_in_tile(seq - 1)
        if leaf is None or not self._leaves:
            self._tree_known = False
        else:
            self._leaves[-1] = leaf

    def _is_beyond_part(self, row: Row, last: int) -> bool:
        return self._seq > last or (row.seq > last and not self._belongs_here(row))

    def _compare_with_next(self, row: Row) -> Iterator[Fault]:
        """The last entry of a part, against the one after it."""
        stored = _read_entry(row.entry)
        if stored is not None and stored.seq == self._seq and stored.prev.hex() != self._prev:
            yield self._rewritten(self._seq - 1, stored.prev.hex())

    def _rewritten(self, seq: int, named: str) -> Fault:
        return fault("entry", (seq,), "entry", f"SHA-256 {named}", f"SHA-256 {self._prev}",
                     "整行被改：条目与内容彼此相符，但不是链上后面所指的",
                     "the whole row was changed: it agrees with itself, but is not what the chain names after it"
                     )  # fmt: skip

    def _belongs_here(self, row: Row) -> bool:
        stored = _read_entry(row.entry)
        return stored is not None and stored.seq == self._seq and stored.prev.hex() == self._prev

    def _missing(self, until: int) -> Fault:
        left = until - self._seq
        what = f"entry {self._seq}" if left == 1 else f"entries {self._seq} to {until - 1}"
        return fault("entry", (self._seq,), "", what, "nothing",
                     f"缺 {left} 条，自第 {self._seq} 条起", f"{left} missing, from index {self._seq} on")  # fmt: skip

    def _skip_to(self, row: Row) -> None:
        """Go past entries that are missing, up to this row."""
        while self._tree_known and self._seq < row.seq:
            leaf = self._leaf_in_tile(self._seq)
            if leaf is None:
                self._tree_known = False
            else:
                self._leaves.append(leaf)
                self._seq += 1
        self._seq = row.seq
        stored = _read_entry(row.entry)
        self._prev = None if stored is None else stored.prev.hex()
        self._lost_events = True

    # --- witnesses

    def _confirmed(self, seq: int, entry: bytes, after: int = 0) -> bool:
        """Whether the entry after it, the tile over it or the head says that these are the bytes of an entry.

        ``after``: how many rows the entry stands behind the one at hand.
        """
        named = sha256(entry).hexdigest()
        return self._prev_of_next(seq, after) == named or self._leaf_in_tile(seq) == leaf_hash(entry)

    def _leads_to_a_witness(self, seq: int, entry: bytes) -> bool:
        """Whether a witness confirms this entry, or one of the next that are built on it from their payloads."""
        for after in range(LOOKAHEAD):
            if self._confirmed(seq + after, entry, after):
                return True
            row = self._ahead.peek(after)
            if row is None or row.seq != seq + after + 1:
                return False
            following = self._expected(_read_payload(row.payload), sha256(entry).hexdigest(), row.seq)
            if following is None:
                return False
            entry = following
        return False

    def _prev_of_next(self, seq: int, after: int = 0) -> str | None:
        """What the entry after ``seq`` names as ``prev``, or the head if there is none after it."""
        if seq + 1 == self._size:
            return _hex(self._head.last_entry)
        row = self._ahead.peek(after)
        stored = None if row is None else _read_entry(row.entry)
        return stored.prev.hex() if stored is not None and stored.seq == seq + 1 else None

    def _leaf_in_tile(self, seq: int) -> bytes | None:
        tile = self._read_tile(0, seq // WIDTH) if (self._size or 0) > seq | (WIDTH - 1) else None
        start = seq % WIDTH * HASH_BYTES
        leaf = None if tile is None or type(tile[0]) is not bytes else tile[0][start : start + HASH_BYTES]
        return leaf if leaf is not None and len(leaf) == HASH_BYTES else None

    # --- streams

    def _follow_streams(self, seq: int, read: _Read, true_event: str | None) -> Iterator[Fault]:
        """Check where the event says it stands in its streams, as far as it can be believed.

        ``true_event``: the digest that its payload must have; None where nobody knows.
        """
        if true_event is None:
            self._lost_events = True
            return
        if read.digest != true_event:
            self._altered.add(true_event)  # what it says of streams may be part of what was altered
            return
        for name, n, prev in read.links:
            place = self._streams.get(name)
            fits = (n, prev) == ((0, None) if place is None else (place[0] + 1, place[1]))
            if not fits and not self._follows_from_elsewhere(place, n, prev):
                wanted = f"{name} 0" if place is None else f"{name} {place[0] + 1} after {place[1]}"
                yield fault("entry", (seq,), "payload", wanted, f"{name} {n} after {prev}",
                            f"在事件链 {name} 中的位置不对",
                            f"this is not its place in the stream {name}")  # fmt: skip
            self._streams[name] = (n, true_event)

    def _follows_from_elsewhere(self, place: tuple[int, str] | None, n: int, prev: str | None) -> bool:
        """Whether a gap in a stream follows from what was named already, or from what lies before this part."""
        if prev in self._altered or (place is None and self._part):
            return True
        return self._lost_events and n > (-1 if place is None else place[0])

    # --- the tree

    def _settle(self, count: int) -> Iterator[Fault]:
        """Put leaves into the tree and compare the tiles that they fill."""
        if self._tree_known:
            for level, index, hashes, root in self._edge.append(self._leaves[:count]):
                yield from self._compare_tile(level, index, hashes, root)
        del self._leaves[:count]

    def _compare_tile(self, level: int, index: int, hashes: bytes, root: bytes) -> Iterator[Fault]:
        tile = self._read_tile(level, index)
        if tile is None:
            yield fault("tile", (level, index), "", "a full tile", "nothing",
                        "缺一块散列", "this full tile is missing")  # fmt: skip
            return
        if tile[0] != hashes:
            n, here, there = _first_difference(hashes, tile[0])
            yield fault("tile", (level, index), "hashes", here, there,
                        f"第 {n} 个散列与条目不符", f"hash {n} does not follow from the entries")  # fmt: skip
        if tile[1] != root:
            yield fault("tile", (level, index), "root", root, tile[1],
                        "块根不符", "this is not the root of the tile")  # fmt: skip

    def _root_now(self) -> bytes | None:
        if not self._tree_known:
            return None
        edge = self._edge.copy()
        edge.append(self._leaves)
        return edge.root()

    # --- identity, head, checkpoints

    def _check_head(self) -> Iterator[Fault]:
        """The columns of identity and head among each other; settles how many entries there must be."""
        identity, head = self._identity, self._head
        signed = None
        self._size = head.size if type(head.size) is int else None
        self._root = head.root
        try:
            key = VerifierKey.parse(identity.verifier_key)
        except (NoteError, ValueError, TypeError, AttributeError) as error:
            yield fault("identity", (), "verifier_key", "the text of a verifier key", identity.verifier_key,
                        f"公钥文本无效：{error}", f"not the text of a verifier key: {error}")  # fmt: skip
            return
        if key.name != identity.origin:
            yield fault("identity", (), "origin", key.name, identity.origin,
                        "账本来源与公钥名称不符", "origin and name of the key differ")  # fmt: skip
            if self._seq == 0:
                self._prev = first_prev(key.name).hex()
        try:
            signed = open_checkpoint(head.checkpoint, key)
        except (NoteError, TypeError, AttributeError) as error:
            yield fault("head", (), "checkpoint", f"signed by {identity.verifier_key}", head.checkpoint,
                        f"检查点无效：{error}", f"not a checkpoint of this ledger: {error}")  # fmt: skip
            return
        if signed.size != head.size and signed.root != head.root:
            yield fault("head", (), "checkpoint", f"a checkpoint over {head.size}", f"one over {signed.size}",
                        "检查点与账本头不符", "this is the checkpoint of another state")  # fmt: skip
            return
        self._size, self._root = signed.size, signed.root
        if signed.size != head.size:
            yield fault("head", (), "size", signed.size, head.size,
                        "条数与签名的检查点不符", "not the size that was signed")  # fmt: skip
        if signed.root != head.root:
            yield fault("head", (), "root", signed.root, head.root,
                        "树根与签名的检查点不符", "not the root that was signed")  # fmt: skip

    def _check_since(self) -> Iterator[Fault]:
        for note in self._since:
            try:
                key = VerifierKey.parse(self._identity.verifier_key)
                since = open_checkpoint(note, key)
            except (NoteError, ValueError, TypeError, AttributeError) as error:
                yield fault("kept checkpoint", (), "", f"signed by {self._identity.verifier_key}", note,
                            f"所存检查点不是本账本的：{error}",
                            f"the kept checkpoint is not one of this ledger: {error}")  # fmt: skip
            else:
                self._wants_to_reach(since)
                self._wanted.append(Kept(since))
        # The smallest last, from where they are taken; of one size first the one that a witness vouches for.
        self._wanted.sort(key=lambda each: (each.checkpoint.size, not each.witnesses), reverse=True)
        yield from self._check_sizes()

    def _wants_to_reach(self, since: Checkpoint) -> None:
        if since.size < self._seq:
            raise InputError.of(
                "bad-request",
                f"所存检查点只覆盖前 {since.size} 条，无法与自第 {self._seq} 条起的部分比对",
                f"the kept checkpoint covers {since.size} entries, this part begins only at {self._seq}",
                where="first",
                remedy=Text(f"从第 {since.size} 条或更早处开始", f"begin at {since.size} or before"),
            )

    def _check_sizes(self) -> Iterator[Fault]:
        """Leave those that can be compared on the way; the largest that cannot be reached is a fault."""
        largest = self._wanted[0].checkpoint if self._wanted else None
        if largest is not None and self._size is not None and largest.size > self._size:
            yield fault("head", (), "size", f"at least {largest.size}", self._size,
                        f"账本被截短或回退：曾签名 {largest.size} 条，现仅 {self._size} 条",
                        f"the ledger was cut or set back: {largest.size} entries were signed, {self._size} are here"
                        )  # fmt: skip
        self._wanted = [
            each
            for each in self._wanted
            if self._seq <= each.checkpoint.size
            and (self._size is None or each.checkpoint.size <= self._size)
        ]
        while self._wanted and self._wanted[-1].checkpoint.size == self._seq:
            yield from self._compare_kept(self._wanted.pop())

    def _compare_kept(self, kept: Kept) -> Iterator[Fault]:
        wanted, root = kept.checkpoint, self._root_now()
        if self._seq != wanted.size or root is None:
            return
        if root == wanted.root:
            if wanted.size != self._continued[-1]:
                self._continued.append(wanted.size)
            self._witnessed = wanted.size if kept.witnesses else self._witnessed
            return
        self._wanted = []  # those after it differ for the same reason
        # Of this size another may have been signed too, which is the one that is here.
        before = next(size for size in reversed(self._continued) if size < wanted.size)
        who = ", ".join(kept.witnesses)
        by = (f"（{who} 会签）", f" and {who} cosigned") if who else ("", "")
        yield fault("kept checkpoint", (wanted.size,), "root", wanted.root, root,
                    f"前 {wanted.size} 条与当时签名的不同{by[0]}：历史在 {before} 条与 {wanted.size} 条之间被改写",
                    f"the first {wanted.size} entries are not those that were signed{by[1]}: history was rewritten "
                    f"between sizes {before} and {wanted.size}"
                    )  # fmt: skip

    def _finish(self) -> Iterator[Fault]:
        until = self._size if self._last is None else self._last + 1
        cut = until is not None and self._seq < until
        if until is not None and cut:
            yield self._missing(until)
            self._tree_known, self._prev = False, None
        yield from self._settle(len(self._leaves))
        if self._last is not None and self._seq != self._size:
            return  # a part that ends before the head: nothing more is said of it
        head, root = self._head, self._root_now()
        if not cut and self._size is None:
            yield fault("head", (), "size", self._seq, head.size, "条数不符", "not the number of entries")  # fmt: skip
        if self._prev is not None and head.last_entry != bytes.fromhex(self._prev):
            if root == self._root or self._seq == 0:
                yield fault("head", (), "last_entry", self._prev, head.last_entry,
                            "账本头所记末条散列不符", "not the hash of the last entry")  # fmt: skip
            else:
                yield self._rewritten(self._seq - 1, _hex(head.last_entry) or "unknown")
                root = None
        if not cut and head.at != self._at and self._at_is_known:
            yield fault("head", (), "at", self._at, head.at,
                        "账本头的时间不是末条的时间", "not the time of the last entry")  # fmt: skip
        if root is not None and root != self._root:
            yield fault("head", (), "root", root, self._root,
                        "树根不符：现有条目不是签名时的条目",
                        "the entries here are not those over which the root was signed")  # fmt: skip


def _is_plain(value: Mapping[str, Any]) -> bool:
    """Whether a payload plainly has the form of formats §1; `decode_payload` decides what this doubts.

    Five members among which are these five are these five: counting is faster than comparing names. A sixth can only
    be the signature.
    """
    server, v = value["server"], value["v"]
    actor, marks = server["actor"], server["marks"]
    return (
        (len(value) == 5 or (len(value) == 6 and _is_plain_signature(value["signature"])))
        and len(server) == 4
        and len(actor) == 2
        and type(v) is int
        and v == VERSION
        and type(value["draft"]) is dict
        and _SALT(value["salt"]) is not None
        and type(actor["account"]) is type(actor["party"]) is str
        and type(server["assigned"]) is dict
        and (marks == [] or (type(marks) is list and all(type(mark) is str for mark in marks)))
    )


def _is_plain_signature(signature: Any) -> bool:
    return (
        type(signature) is dict
        and len(signature) == 2
        and type(signature["key"]) is type(signature["value"]) is str
    )


def _read_payload(data: bytes) -> _Read:
    if type(data) is not bytes:
        return _Read(data=b"", digest="", value={})
    value = None
    with suppress(orjson.JSONDecodeError):
        value = orjson.loads(data)
    return _Read(data=data, digest=sha256(data).hexdigest(), value=value if type(value) is dict else {})


def _read_entry(data: bytes) -> Entry | None:
    try:
        return decode_entry(data)
    except (ValueError, TypeError):
        return None


def _first_prev(origin: str) -> str | None:
    try:
        return first_prev(origin).hex()
    except (AttributeError, UnicodeEncodeError):  # a damaged cell that is no text
        return None


def _first_difference(hashes: bytes, stored: bytes) -> tuple[int, bytes | str, bytes | str]:
    """The number of the first hash that differs, as it must be and as it is stored."""
    if type(stored) is not bytes or len(stored) != len(hashes):
        return 0, f"{len(hashes)} bytes", f"{len(stored)} bytes" if type(stored) is bytes else repr(stored)
    n = next(n for n, (a, b) in enumerate(zip(hashes, stored, strict=True)) if a != b) // HASH_BYTES
    at = slice(n * HASH_BYTES, (n + 1) * HASH_BYTES)
    return n, hashes[at], stored[at]


def _hex(cell: bytes) -> str | None:
    return cell.hex() if type(cell) is bytes else None
