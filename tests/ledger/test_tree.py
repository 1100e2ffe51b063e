"""The Merkle tree against the definition, and its checks against everything that was bent."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.ledger import tree
from cabletrace.ledger.tree import Frontier, ProofError

SIZES = 120

# --- the tree as RFC 6962 §2.1 defines it, word for word and slow

#: SHA-256 of a few bytes stands for the hash of a leaf, wherever its entry does not matter.
LEAVES = [sha256(b"\x00leaf %d" % number).digest() for number in range(700)]


@cache
def mth(start: int, end: int) -> bytes:
    """MTH(D[start:end])."""
    if end - start == 0:
        return sha256().digest()
    if end - start == 1:
        return LEAVES[start]
    middle = start + _k(end - start)
    return sha256(b"\x01" + mth(start, middle) + mth(middle, end)).digest()


def path(index: int, start: int, end: int) -> list[bytes]:
    """PATH(m, D[n])."""
    if end - start == 1:
        return []
    middle = start + _k(end - start)
    if index < middle:
        return [*path(index, start, middle), mth(middle, end)]
    return [*path(index, middle, end), mth(start, middle)]


def subproof(old: int, start: int, end: int, whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b), with m counted from leaf 0."""
    if old == end:
        return [] if whole else [mth(start, end)]
    middle = start + _k(end - start)
    if old <= middle:
        return [*subproof(old, start, middle, whole), mth(middle, end)]
    return [*subproof(old, middle, end, False), mth(start, middle)]


def read(level: int, index: int) -> bytes:
    """The hash of a complete subtree, as a prover asks for it."""
    return mth(index << level, (index + 1) << level)


def _k(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def root(size: int) -> bytes:
    return mth(0, size)


# --- and every way to bend a proof


def bent(hashes: list[bytes]) -> list[list[bytes]]:
    """Every proof that differs from this one by one bit, one missing, one more, or one moved."""
    bits = [
        [*hashes[:at], (int.from_bytes(each) ^ 1 << bit).to_bytes(32), *hashes[at + 1 :]]
        for at, each in enumerate(hashes)
        for bit in range(256)
    ]
    shorter = [hashes[:at] + hashes[at + 1 :] for at in range(len(hashes))]
    longer = [[*hashes[:at], bytes(32), *hashes[at:]] for at in range(len(hashes) + 1)]
    swapped = [[*hashes[:at], hashes[at + 1], hashes[at], *hashes[at + 2 :]] for at in range(len(hashes) - 1)]
    torn = [[*hashes[:-1], hashes[-1][:31]]] if hashes else []
    return bits + shorter + longer + swapped + torn


# --- hashes and the edge


def test_the_hashes_are_those_of_rfc_6962():
    assert tree.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert tree.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert tree.node_hash(b"l" * 32, b"r" * 32) == sha256(b"\x01" + b"l" * 32 + b"r" * 32).digest()


def test_the_root_is_the_defined_one_at_every_size():
    frontier = Frontier()
    for size in range(600):
        assert frontier.root() == root(size) == tree.root_of(LEAVES[:size])
        frontier.append(LEAVES[size])


@given(st.integers(0, 600))
def test_an_edge_taken_up_from_its_hashes_grows_on_alike(size):
    whole = Frontier()
    for leaf in LEAVES[:size]:
        whole.append(leaf)

    taken_up = Frontier(whole.size, list(whole.hashes))
    for leaf in LEAVES[size:]:
        taken_up.append(leaf)

    assert taken_up.root() == root(len(LEAVES))


def test_growing_a_copy_leaves_the_original_alone():
    frontier = Frontier(1, [LEAVES[0]])
    frontier.copy().append(LEAVES[1])
    assert (frontier.size, frontier.root()) == (1, LEAVES[0])


@pytest.mark.parametrize(("size", "hashes"), [(1, []), (2, LEAVES[:2]), (-1, []), (1, [b"short"])])
def test_an_edge_that_cannot_be_is_refused(size, hashes):
    with pytest.raises(ValueError, match="hash"):
        Frontier(size, hashes)


# --- proofs


def test_every_inclusion_proof_is_the_defined_one_and_holds():
    for size in range(1, SIZES + 1):
        for index in range(size):
            proof = tree.inclusion_proof(index, size, read)
            assert proof == path(index, 0, size)
            tree.check_inclusion(LEAVES[index], index, size, proof, root(size))


def test_every_consistency_proof_is_the_defined_one_and_holds():
    for new in range(1, SIZES + 1):
        for old in range(1, new + 1):
            proof = tree.consistency_proof(old, new, read)
            assert proof == subproof(old, 0, new, True)
            tree.check_consistency(old, new, root(old), root(new), proof)


@given(st.data())
def test_a_proof_for_one_leaf_is_none_for_another_place(data):
    size = data.draw(st.integers(2, 600))
    index, other = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
    proof = tree.inclusion_proof(index, size, read)

    with pytest.raises(ProofError):
        tree.check_inclusion(LEAVES[index], other, size, proof, root(size))
    with pytest.raises(ProofError):
        tree.check_inclusion(LEAVES[other], index, size, proof, root(size))


@pytest.mark.parametrize(
    ("index", "size"), [(0, 1), (0, 2), (4, 5), (2, 7), (6, 7), (5, 8), (99, 120), (511, 513)]
)
def test_a_bent_inclusion_proof_is_refused(index, size):
    proof = tree.inclusion_proof(index, size, read)
    for wrong in bent(proof):
        with pytest.raises(ProofError):
            tree.check_inclusion(LEAVES[index], index, size, wrong, root(size))


@pytest.mark.parametrize(
    ("old", "new"), [(1, 1), (1, 2), (2, 3), (3, 7), (4, 7), (6, 8), (7, 8), (64, 120), (257, 513)]
)
def test_a_bent_consistency_proof_is_refused(old, new):
    proof = tree.consistency_proof(old, new, read)
    for wrong in bent(proof):
        with pytest.raises(ProofError):
            tree.check_consistency(old, new, root(old), root(new), wrong)


def with_bits_turned(hashes: list[bytes], bits: Iterable[int]) -> Iterator[list[bytes]]:
    """The same proof with one bit turned in one of its hashes, for each hash and each of these bits."""
    for at, each in enumerate(hashes):
        for bit in bits:
            turned = (int.from_bytes(each) ^ 1 << bit).to_bytes(32)
            yield [*hashes[:at], turned, *hashes[at + 1 :]]


def holds(check: Callable[..., None], *arguments: Any) -> bool:
    try:
        check(*arguments)
    except ProofError:
        return False
    return True


@pytest.mark.full
@pytest.mark.parametrize(("sizes", "all_bits"), [(range(1, 301), False), (range(1, 41), True)])
def test_no_inclusion_proof_with_a_bit_turned_holds_at_any_index_and_size(sizes, all_bits):
    tried, wrong = 0, []
    for size in sizes:
        for index in range(size):
            proof = tree.inclusion_proof(index, size, read)
            bits = range(256) if all_bits else [(size + index) % 256]
            for turned in with_bits_turned(proof, bits):
                tried += 1
                if holds(tree.check_inclusion, LEAVES[index], index, size, turned, root(size)):
                    wrong.append((index, size, turned))

    assert wrong == []
    assert tried == sum(len(path(n, 0, size)) for size in sizes for n in range(size)) * (
        256 if all_bits else 1
    )


@pytest.mark.full
@pytest.mark.parametrize(("sizes", "all_bits"), [(range(1, 301), False), (range(1, 41), True)])
def test_no_consistency_proof_with_a_bit_turned_holds_between_any_two_sizes(sizes, all_bits):
    wrong = []
    for new in sizes:
        for old in range(1, new):
            proof = tree.consistency_proof(old, new, read)
            bits = range(256) if all_bits else [(old + new) % 256]
            for turned in with_bits_turned(proof, bits):
                if holds(tree.check_consistency, old, new, root(old), root(new), turned):
                    wrong.append((old, new, turned))

    assert wrong == []


@given(st.integers(1, 600), st.integers(0, 255), st.data())
def test_a_root_with_one_bit_turned_is_refused(size, bit, data):
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    turned = (int.from_bytes(root(size)) ^ 1 << bit).to_bytes(32)

    with pytest.raises(ProofError):
        tree.check_inclusion(LEAVES[index], index, size, tree.inclusion_proof(index, size, read), turned)
    proof = tree.consistency_proof(old, size, read)
    with pytest.raises(ProofError):
        tree.check_consistency(old, size, root(old), turned, proof)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 5), (5, 5)])
def test_there_is_no_inclusion_proof_outside_of_the_tree(index, size):
    with pytest.raises(ProofError):
        tree.check_inclusion(LEAVES[0], index, size, [], root(1))
    with pytest.raises(ValueError, match="no leaf"):
        tree.inclusion_proof(index, size, read)


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 5), (6, 5), (-1, 5)])
def test_there_is_no_consistency_proof_from_nothing_or_backwards(old, new):
    with pytest.raises(ProofError):
        tree.check_consistency(old, new, tree.EMPTY_ROOT, root(5), [])
    with pytest.raises(ValueError, match="no proof"):
        tree.consistency_proof(old, new, read)


def test_hashes_of_another_length_are_refused_before_they_are_hashed():
    # Without the check two halves could be cut elsewhere and give the same node.
    left, right = LEAVES[0], LEAVES[1]
    with pytest.raises(ProofError, match="32 bytes"):
        tree.check_inclusion(left + right[:1], 0, 2, [right[1:]], root(2))
    with pytest.raises(ProofError, match="32 bytes"):
        tree.check_consistency(2, 2, root(2)[:4], root(2)[:4], [])
