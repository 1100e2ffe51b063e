"""A ledger's tree without a ledger, and a witness in a folder: what tests of both sides of the protocol need."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from cabletrace.ledger.add_checkpoint import AddCheckpoint, encode_request
from cabletrace.ledger.checkpoint import Checkpoint, sign_checkpoint
from cabletrace.ledger.note import NoteSigner
from cabletrace.ledger.tree import Frontier, consistency_proof, leaf_hash, root_of
from world_for_tests import NOON

LOG = NoteSigner.from_seed("ledger.example/cables", b"\x05" * 32)


class Growing:
    """A tree of made-up entries: the same words give the same tree, other words a fork."""

    def __init__(
        self, word: str = "entry", *, signer: NoteSigner = LOG, after: tuple[Growing, int] | None = None
    ):
        """``after``: the first entries are those of another tree, up to this size."""
        self._word = word
        self._signer = signer
        self._after = after

    def leaf(self, seq: int) -> bytes:
        if self._after is not None and seq < self._after[1]:
            return self._after[0].leaf(seq)
        return leaf_hash(f"{self._word} {seq}".encode())

    def root(self, size: int) -> bytes:
        return root_of(self.leaf(seq) for seq in range(size))

    def checkpoint(self, size: int) -> bytes:
        return sign_checkpoint(Checkpoint(self._signer.name, size, self.root(size)), self._signer)

    def proof(self, old: int, size: int) -> tuple[bytes, ...]:
        def read(level: int, index: int) -> bytes:
            subtree = Frontier()
            for seq in range(index << level, (index + 1) << level):
                subtree.append(self.leaf(seq))
            return subtree.root()

        return tuple(consistency_proof(old, size, read)) if 0 < old < size else ()

    def request(self, old: int, size: int) -> bytes:
        return encode_request(AddCheckpoint(old, self.proof(old, size), self.checkpoint(size)))


class Ticking:
    """A clock that is set by the test."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def goes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def noise(n: int) -> bytes:
    return sha256(b"%d" % n).digest()
