"""Checkpoints: three lines, one spelling, signed under the origin's own name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.ledger.checkpoint import (
    Checkpoint,
    format_checkpoint,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from cabletrace.ledger.note import NoteError, NoteSigner, sign_note
from cabletrace.ledger.tree import EMPTY_ROOT

ORIGIN = "ledger.example/cables"
SIGNER = NoteSigner.from_seed(ORIGIN, b"\x05" * 32)
SAMPLE = Checkpoint(ORIGIN, 70_000, b"\xff" * 32)
SAMPLE_TEXT = "ledger.example/cables\n70000\n" + "/" * 42 + "8=\n"


def test_the_text_of_a_checkpoint_is_this():
    assert format_checkpoint(SAMPLE) == SAMPLE_TEXT
    assert parse_checkpoint(SAMPLE_TEXT) == SAMPLE


@given(st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_opening_undoes_signing(size, root):
    checkpoint = Checkpoint(ORIGIN, size, root)
    assert open_checkpoint(sign_checkpoint(checkpoint, SIGNER), SIGNER.verifier_key) == checkpoint


def test_the_first_checkpoint_covers_nothing():
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert parse_checkpoint(format_checkpoint(empty)) == empty


@pytest.mark.parametrize(
    "text",
    [
        "",
        SAMPLE_TEXT[:-1],
        SAMPLE_TEXT + "extension\n",
        SAMPLE_TEXT + "\n",
        SAMPLE_TEXT.replace("70000", "070000"),
        SAMPLE_TEXT.replace("70000", "+70000"),
        SAMPLE_TEXT.replace("70000", "70_000"),
        SAMPLE_TEXT.replace("70000", "٧"),
        SAMPLE_TEXT.replace("70000", "-1"),
        SAMPLE_TEXT.replace("70000", "9223372036854775808"),
        SAMPLE_TEXT.replace("70000", "9" * 5_000),
        SAMPLE_TEXT.replace("70000", "0"),
        SAMPLE_TEXT.replace("8=", "9="),
        SAMPLE_TEXT.replace("//8=", ""),
        SAMPLE_TEXT.replace("=", ""),
        SAMPLE_TEXT.replace("ledger", "led ger"),
        "\n" + SAMPLE_TEXT,
    ],
)
def test_a_second_spelling_is_refused(text):
    with pytest.raises(NoteError):
        parse_checkpoint(text)


def test_only_the_log_itself_signs_its_checkpoints():
    stranger = NoteSigner.from_seed("other.example", b"\x06" * 32)

    with pytest.raises(NoteError, match="does not sign"):
        sign_checkpoint(SAMPLE, stranger)
    with pytest.raises(NoteError, match="has signed a checkpoint of"):
        open_checkpoint(sign_note(SAMPLE_TEXT, stranger).encode(), stranger.verifier_key)


def test_a_checkpoint_with_any_bit_turned_does_not_open():
    data = sign_checkpoint(SAMPLE, SIGNER)
    for at in range(len(data)):
        turned = bytes([*data[:at], data[at] ^ 1, *data[at + 1 :]])
        with pytest.raises(NoteError):
            open_checkpoint(turned, SIGNER.verifier_key)
