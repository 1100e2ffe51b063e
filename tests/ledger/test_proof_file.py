"""Proof files: checked without a network, and of one spelling."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.ledger import tree
from cabletrace.ledger.checkpoint import Checkpoint, sign_checkpoint
from cabletrace.ledger.note import NoteError, NoteSigner
from cabletrace.ledger.proof_file import ProofFile, check_proof_file, format_proof_file, parse_proof_file
from cabletrace.ledger.tree import ProofError

ORIGIN = "ledger.example/cables"
SIGNER = NoteSigner.from_seed(ORIGIN, b"\x05" * 32)
VKEY = SIGNER.verifier_key
OTHER_VKEY = NoteSigner.from_seed("other.example", b"\x06" * 32).verifier_key
ENTRIES = [b"entry %d" % number for number in range(300)]
LEAVES = [tree.leaf_hash(entry) for entry in ENTRIES]


def proof_file(index: int, size: int, extra: bytes | None = None) -> ProofFile:
    proof = tree.inclusion_proof(
        index, size, lambda level, at: tree.root_of(LEAVES[at << level : (at + 1) << level])
    )
    checkpoint = sign_checkpoint(Checkpoint(ORIGIN, size, tree.root_of(LEAVES[:size])), SIGNER)
    return ProofFile(index=index, proof=tuple(proof), checkpoint=checkpoint, extra=extra)


def test_the_layout_of_a_proof_file_is_this():
    file = proof_file(2, 3, extra=b"extra!")
    sibling = base64.b64encode(tree.node_hash(LEAVES[0], LEAVES[1]))
    head = b"c2sp.org/tlog-proof@v1\nextra ZXh0cmEh\nindex 2\n" + sibling + b"\n\n"
    assert format_proof_file(file) == head + file.checkpoint


@given(st.integers(1, 300), st.data())
def test_a_proof_file_reads_back_and_shows_the_entry(size, data):
    index = data.draw(st.integers(0, size - 1))
    file = proof_file(index, size, data.draw(st.none() | st.binary(max_size=20)))

    written = format_proof_file(file)

    assert parse_proof_file(written) == file
    place, checkpoint = check_proof_file(written, entry=ENTRIES[index], vkey=VKEY)
    assert (place, checkpoint.size) == (index, size)


def test_a_proof_file_with_any_bit_turned_is_refused():
    data = format_proof_file(proof_file(5, 7))
    for at in range(len(data)):
        for bit in range(8):
            turned = bytes([*data[:at], data[at] ^ 1 << bit, *data[at + 1 :]])
            with pytest.raises((ProofError, NoteError)):
                check_proof_file(turned, entry=ENTRIES[5], vkey=VKEY)


def test_a_proof_shows_no_other_entry_and_no_other_log():
    data = format_proof_file(proof_file(5, 7))

    with pytest.raises(ProofError):
        check_proof_file(data, entry=ENTRIES[6], vkey=VKEY)
    with pytest.raises(NoteError):
        check_proof_file(data, entry=ENTRIES[5], vkey=OTHER_VKEY)


@pytest.mark.parametrize(
    "bend",
    [
        lambda data: b"",
        lambda data: b" " + data,
        lambda data: data.replace(b"@v1", b"@v2"),
        lambda data: data.replace(b"index 5", b"index 05"),
        lambda data: data.replace(b"index 5", b"index -5"),
        lambda data: data.replace(b"index 5", b"index 5 "),
        lambda data: data.replace(b"index 5", b"index"),
        lambda data: data.replace(b"index 5\n", b""),
        lambda data: data.replace(b"index 5", b"index 9223372036854775808"),
        lambda data: data.replace(b"index 5", b"extra QQ==\nextra QQ==\nindex 5"),
        lambda data: data.replace(b"index 5", b"extra QR==\nindex 5"),
        lambda data: data.replace(b"index 5", b"index 5\nQUJD"),
        lambda data: data.replace(
            b"index 5", b"index 5" + b"\n" + b"\n".join([base64.b64encode(bytes(32))] * 64)
        ),
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.partition(b"\n\n")[0],
        lambda data: b"c2sp.org/tlog-proof@v1" + b"\n" * 2_000_000,
        lambda data: b"\xff" + data,
    ],
)
def test_a_malformed_proof_file_is_refused(bend):
    with pytest.raises(ProofError):
        parse_proof_file(bend(format_proof_file(proof_file(5, 7))))
