"""The Merkle tree over the entries: hashes, its growing edge, proofs, and the checks of proofs.

RFC 6962 §2.1 and RFC 9162 §2.1 with SHA-256. Hashes are 32 raw bytes. The tree is never held in memory: a
prover is given ``read(level, index)``, the hash of the complete subtree of 2^level leaves that begins at leaf
index · 2^level; tiles, a list or anything else can serve it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

ReadSubtree = Callable[[int, int], bytes]

#: The root of a tree without leaves: SHA-256 of nothing (RFC 9162 §2.1.1).
EMPTY_ROOT = sha256(b"").digest()
HASH_BYTES = 32


class ProofError(ValueError):
    """A proof does not show what it is said to show."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf. Its prefix differs from that of a node, so that none can pass for the other."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node over its two children."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes, in one pass."""
    frontier = Frontier()
    for leaf in leaf_hashes:
        frontier.append(leaf)
    return frontier.root()


# --- the growing edge


@dataclass(slots=True)
class Frontier:
    """The right edge of a growing tree: the roots of its complete subtrees, the largest first.

    One for each binary digit 1 of ``size``; that is all that is needed to append and to know the root.
    """

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.size < 0 or self.size.bit_count() != len(self.hashes):
            raise ValueError(
                f"a tree of {self.size} leaves has {self.size.bit_count()} hashes at its edge, not {len(self.hashes)}"
            )
        for each in self.hashes:
            _wants_hash(each, ValueError)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash; one node is hashed on average."""
        hashes, size = self.hashes, self.size
        while size & 1:
            leaf = sha256(b"\x01" + hashes.pop() + leaf).digest()
            size >>= 1
        hashes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree as it stands; at most 63 nodes are hashed."""
        return _joined(self.hashes) if self.hashes else EMPTY_ROOT

    def copy(self) -> Frontier:
        return Frontier(self.size, list(self.hashes))


# --- proving


def inclusion_proof(index: int, size: int, read: ReadSubtree) -> list[bytes]:
    """That leaf ``index`` is in the tree of ``size`` leaves; the leaf's sibling first (RFC 9162 §2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    # From the root down to the leaf: at every fork the side that the leaf is not on.
    others = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _largest_power_below(end - start)
        if index < middle:
            others.append(_root_between(middle, end, read))
            end = middle
        else:
            others.append(_root_between(start, middle, read))
            start = middle
    return others[::-1]


def consistency_proof(old: int, new: int, read: ReadSubtree) -> list[bytes]:
    """That the tree of ``new`` leaves begins with that of ``old`` (RFC 9162 §2.1.4.1); empty if they are equal."""
    if not 0 < old <= new:
        raise ValueError(f"no proof leads from a tree of {old} leaves to one of {new}")
    others = []
    start, end = 0, new
    while old != end:
        middle = start + _largest_power_below(end - start)
        if old <= middle:
            others.append(_root_between(middle, end, read))
            end = middle
        else:
            others.append(_root_between(start, middle, read))
            start = middle
    if start > 0:
        # The old tree ends inside the new one with a subtree that the verifier does not know by itself.
        others.append(_root_between(start, end, read))
    return others[::-1]


def root_at(size: int, read: ReadSubtree) -> bytes:
    """The root when the tree had ``size`` leaves, of at least one; it may have grown since."""
    return _root_between(0, size, read)


def _root_between(start: int, end: int, read: ReadSubtree) -> bytes:
    """The root over leaves [start, end), where start is a multiple of every subtree size in it."""
    complete = []
    while start < end:
        level = (end - start).bit_length() - 1
        complete.append(read(level, start >> level))
        start += 1 << level
    return _joined(complete)


def _joined(roots: Sequence[bytes]) -> bytes:
    """Subtrees of falling size under one root: the smallest two are joined first."""
    joined = roots[-1]
    for left in reversed(roots[:-1]):
        joined = node_hash(left, joined)
    return joined


def _largest_power_below(width: int) -> int:
    """The k of RFC 9162 §2.1.1: the largest power of two smaller than width, which is at least 2."""
    return 1 << (width - 1).bit_length() - 1


# --- checking


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raise `ProofError` unless ``leaf`` (a leaf hash) stands at ``index`` under ``root`` (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        raise ProofError(f"a tree of {size} leaves has no leaf {index}")
    for each in (leaf, root, *proof):
        _wants_hash(each, ProofError)
    position, last, computed = index, size - 1, leaf
    for other in proof:
        if last == 0:
            raise ProofError(f"the inclusion proof has {len(proof)} hashes, more than the tree is high")
        if position & 1 or position == last:
            computed = node_hash(other, computed)
            # Levels on which this node has no sibling: it goes up unchanged.
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            computed = node_hash(computed, other)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofError(f"the inclusion proof has {len(proof)} hashes, fewer than the tree is high")
    if computed != root:
        raise ProofError(f"the inclusion proof leads to the root {computed.hex()}, not to {root.hex()}")


def check_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise `ProofError` unless the new tree begins with the old one (RFC 9162 §2.1.4.2).

    Size 0 is refused: every tree begins with the empty one, so a proof of it would prove nothing.
    """
    if not 0 < old_size <= new_size:
        raise ProofError(f"no proof leads from a tree of {old_size} leaves to one of {new_size}")
    for each in (old_root, new_root, *proof):
        _wants_hash(each, ProofError)
    if old_size == new_size:
        if proof:
            raise ProofError("two trees of one size are compared by their roots, without a proof")
        if old_root != new_root:
            raise ProofError(f"two roots for {old_size} leaves: {old_root.hex()} and {new_root.hex()}")
        return
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)  # the old tree is one complete subtree: its root is known
    if not path:
        raise ProofError("the consistency proof is empty")
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for other in path[1:]:
        if last == 0:
            raise ProofError(f"the consistency proof has {len(proof)} hashes, more than the tree is high")
        if position & 1 or position == last:
            old, new = node_hash(other, old), node_hash(other, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, other)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofError(f"the consistency proof has {len(proof)} hashes, fewer than the tree is high")
    if old != old_root:
        raise ProofError(f"the consistency proof leads to the old root {old.hex()}, not to {old_root.hex()}")
    if new != new_root:
        raise ProofError(f"the consistency proof leads to the new root {new.hex()}, not to {new_root.hex()}")


def _wants_hash(value: bytes, error: type[ValueError]) -> None:
    if len(value) != HASH_BYTES:
        raise error(f"a hash has {HASH_BYTES} bytes, one of {len(value)} came")
