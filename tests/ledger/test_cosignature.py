"""Cosignatures: a witness's line below a checkpoint, byte for byte, and nothing else passes for one."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.ledger.checkpoint import Checkpoint, format_checkpoint, open_checkpoint, sign_checkpoint
from cabletrace.ledger.cosignature import Cosigner, open_cosignature, open_cosigned, with_cosignatures
from cabletrace.ledger.note import COSIGNATURE_ED25519, NoteError, NoteSigner, VerifierKey, sign_note

ORIGIN = "ledger.example/cables"
SIGNER = NoteSigner.from_seed(ORIGIN, b"\x05" * 32)
LOG = SIGNER.verifier_key
SAMPLE = Checkpoint(ORIGIN, 70_000, b"\xff" * 32)
TEXT = format_checkpoint(SAMPLE)
SIGNED = sign_checkpoint(SAMPLE, SIGNER)
#: The private key of RFC 8032 §7.1, test 1, and its public key there.
WITNESS = Cosigner.from_seed(
    "witness.example/w1",
    bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
)
PUBLIC_KEY = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
OTHER = Cosigner.from_seed("witness.example/w2", b"\x09" * 32)
TIME = 1_777_680_000
#: Put together by hand from the standard's words with nothing but hashlib and Ed25519.
LINE = (
    "— witness.example/w1 "
    "63YswgAAAABp9T6ArPiTLrDIIltxSAe9owgjerAtjQaVSpUXuxrP1qEF9tce"
    "BIg5RSo5en/mtpYDy++Z8OLmac/Impc2klhMLzH1AQ==\n"
)


def test_the_line_of_a_cosignature_is_this():
    assert WITNESS.verifier_key == VerifierKey("witness.example/w1", COSIGNATURE_ED25519, PUBLIC_KEY)
    assert WITNESS.cosign(TEXT, TIME) == LINE
    assert base64.b64decode(LINE.split(" ")[2])[4:12] == TIME.to_bytes(8)


@given(st.integers(0, 2**63 - 1), st.integers(1, 2**63 - 1))
def test_opening_undoes_cosigning(made_at, size):
    checkpoint = Checkpoint(ORIGIN, size, b"\x07" * 32)
    signed = sign_checkpoint(checkpoint, SIGNER)
    line = WITNESS.cosign(format_checkpoint(checkpoint), made_at)

    found = open_cosignature(signed, line.encode(), WITNESS.verifier_key)
    cosigned = open_cosigned(with_cosignatures(signed, [line]), LOG, [WITNESS.verifier_key])

    assert (found.made_at, found.line) == (made_at, line)
    assert (cosigned.checkpoint, cosigned.cosignatures) == (checkpoint, (found,))


@pytest.mark.parametrize("made_at", [-1, 2**63])
def test_a_time_that_no_reader_would_take_is_not_signed(made_at):
    with pytest.raises(NoteError):
        WITNESS.cosign(TEXT, made_at)


def test_a_cosigned_checkpoint_still_opens_for_who_knows_the_ledger_alone():
    note = with_cosignatures(SIGNED, [LINE, OTHER.cosign(TEXT, TIME), LINE])

    assert open_checkpoint(note, LOG) == SAMPLE
    assert note.count(b"\n\xe2\x80\x94 ") == 3
    assert open_cosigned(note, LOG, []).cosignatures == ()


def test_who_has_cosigned_is_told_apart_from_who_is_not_known():
    note = with_cosignatures(SIGNED, [LINE, OTHER.cosign(TEXT, TIME + 5)])

    (found,) = open_cosigned(note, LOG, [OTHER.verifier_key]).cosignatures

    assert (found.key, found.made_at) == (OTHER.verifier_key, TIME + 5)


def test_witnesses_without_the_ledger_prove_nothing():
    only_witnessed = sign_note(TEXT, NoteSigner.from_seed(ORIGIN, b"\x06" * 32)) + LINE

    with pytest.raises(NoteError, match="not signed by"):
        open_cosigned(only_witnessed.encode(), LOG, [WITNESS.verifier_key])


def test_a_key_that_signs_for_another_origin_is_no_key_of_this_ledger():
    foreign = format_checkpoint(Checkpoint("other.example", 1, b"\x01" * 32))

    with pytest.raises(NoteError, match=r"a checkpoint of other\.example"):
        open_cosigned(sign_note(foreign, SIGNER).encode(), LOG, [])


@pytest.mark.parametrize(
    "answered",
    [
        b"",
        b"\n",
        LINE.encode().rstrip(),
        b"words\n" + LINE.encode(),
        OTHER.cosign(TEXT, TIME).encode(),
        WITNESS.cosign(TEXT.replace("70000", "70001"), TIME).encode(),
        LINE.encode()[:-9] + b"AAAAAAA=\n",
        b"\xff" + LINE.encode(),
        # A text of its own, made of the checkpoint and more, above a right signature over just that.
        b"more\n\n" + WITNESS.cosign(SIGNED.decode() + "more\n", TIME).encode(),
        LINE.encode() * 101,
    ],
)
def test_what_is_no_cosignature_of_this_checkpoint_by_this_witness_is_refused(answered):
    with pytest.raises(NoteError):
        open_cosignature(SIGNED, answered, WITNESS.verifier_key)


def test_lines_of_others_beside_the_right_one_do_no_harm():
    answered = (OTHER.cosign(TEXT, TIME) + LINE).encode()

    assert open_cosignature(SIGNED, answered, WITNESS.verifier_key).line == LINE
