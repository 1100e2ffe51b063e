"""Signed notes: what opens is what was signed, by a key that was given, and nothing else does."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.ledger.note import (
    COSIGNATURE_ED25519,
    ED25519,
    NoteError,
    NoteSigner,
    VerifierKey,
    open_note,
    sign_note,
    signature_line,
)

SIGNER = NoteSigner.from_seed("ledger.example/cables", bytes(range(32)))
OTHER = NoteSigner.from_seed("other.example", b"\x07" * 32)
KEY = SIGNER.verifier_key
TEXT = "电缆 line\n\nand, below an empty line, another\n"

WITNESS_SEED = Ed25519PrivateKey.from_private_bytes(b"\x09" * 32)
WITNESS = VerifierKey("witness.example", COSIGNATURE_ED25519, WITNESS_SEED.public_key().public_bytes_raw())


def cosignature(text: str, seconds: int) -> str:
    """A witness's line, made by hand: the witness is no part of this package."""
    signature = WITNESS_SEED.sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
    return signature_line(WITNESS, seconds.to_bytes(8) + signature)


# --- keys


def test_the_text_of_a_verifier_key_is_this():
    # Ed25519 of the seed 00 01 … 1f, as RFC 8032 derives it.
    public_key = bytes.fromhex("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8")

    assert VerifierKey("ledger.example/cables", ED25519, public_key) == KEY
    name, key_id, encoded = KEY.format().split("+", 2)
    assert (name, key_id) == ("ledger.example/cables", KEY.key_id.hex())
    assert base64.b64decode(encoded) == b"\x01" + public_key


@pytest.mark.parametrize("key", [KEY, WITNESS])
def test_a_verifier_key_reads_back(key):
    assert VerifierKey.parse(key.format()) == key


def test_one_key_under_two_names_or_types_has_different_ids():
    same = KEY.public_key
    ids = {VerifierKey(name, kind, same).key_id for name in ("a", "b") for kind in (0x01, 0x04)}
    assert len(ids) == 4


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000+AQ==",
        KEY.format() + "\n",
        " " + KEY.format(),
        KEY.format().replace(KEY.key_id.hex(), "00000000"),
        KEY.format().replace(KEY.key_id.hex(), KEY.key_id.hex().upper()),
        KEY.format().replace("cables", "wires"),
        KEY.format() + "=",
        "name+00000000+" + base64.b64encode(b"\x06" + bytes(32)).decode(),
    ],
)
def test_the_text_of_a_verifier_key_has_one_spelling(text):
    with pytest.raises(NoteError):
        VerifierKey.parse(text)


@pytest.mark.parametrize("name", ["", "a b", "a\u3000b", "a\u00a0b", "a\tb", "a+b", "a\nb", "a\x00b"])
def test_a_key_name_holds_no_space_and_no_plus(name):
    with pytest.raises(NoteError):
        NoteSigner.from_seed(name, bytes(32))


# --- signing and opening


CONTROL = [chr(code) for code in range(32) if code != 10]
texts = st.text(st.characters(codec="utf-8", exclude_characters=CONTROL), max_size=60)


@given(texts.map(lambda text: text + "\n"))
def test_opening_undoes_signing(text):
    note = open_note(sign_note(text, SIGNER), [OTHER.verifier_key, KEY])

    assert note.text == text
    assert [signature.key for signature in note.signatures] == [KEY]
    assert note.unknown == ()


def test_the_layout_of_a_note_is_text_empty_line_signature_lines():
    line = f"— ledger.example/cables {base64.b64encode(KEY.key_id + SIGNER.sign(TEXT)).decode()}\n"
    assert sign_note(TEXT, SIGNER) == TEXT + "\n" + line


def test_a_note_with_any_bit_turned_does_not_open():
    note = sign_note("a\n", SIGNER).encode()

    for at in range(len(note)):
        for bit in range(8):
            turned = bytes([*note[:at], note[at] ^ 1 << bit, *note[at + 1 :]])
            with pytest.raises(NoteError):
                open_note(turned, [KEY])


def test_a_note_that_nobody_known_has_signed_does_not_open():
    with pytest.raises(NoteError, match="not signed by"):
        open_note(sign_note(TEXT, SIGNER), [OTHER.verifier_key])
    with pytest.raises(NoteError, match="not signed by"):
        open_note(sign_note(TEXT, SIGNER), [])


def test_a_wrong_signature_by_a_known_key_rejects_the_note_whoever_else_has_signed():
    wrong = signature_line(OTHER.verifier_key, OTHER.sign("another text\n"))

    assert open_note(sign_note(TEXT, SIGNER) + wrong, [KEY]).text == TEXT
    for keys in ([KEY, OTHER.verifier_key], [OTHER.verifier_key, KEY]):
        with pytest.raises(NoteError, match=r"other\.example"):
            open_note(sign_note(TEXT, SIGNER) + wrong, keys)


def test_unknown_lines_are_kept_once_and_prove_nothing():
    line = signature_line(OTHER.verifier_key, b"whatever")

    note = open_note(sign_note(TEXT, SIGNER) + line + line, [KEY])

    assert [signature.key for signature in note.signatures] == [KEY]
    assert note.unknown == (line.rstrip("\n"),)


def test_the_same_name_with_another_key_is_unknown():
    namesake = NoteSigner.from_seed(KEY.name, b"\x01" * 32)
    with pytest.raises(NoteError, match="not signed by"):
        open_note(sign_note(TEXT, namesake), [KEY])


def test_a_hundred_signature_lines_are_read_and_no_more():
    def lines(count: int) -> str:
        return "".join(signature_line(OTHER.verifier_key, b"%d" % number) for number in range(count))

    assert len(open_note(sign_note(TEXT, SIGNER) + lines(99), [KEY]).unknown) == 99
    with pytest.raises(NoteError, match="101 signature lines"):
        open_note(sign_note(TEXT, SIGNER) + lines(100), [KEY])


@pytest.mark.parametrize(
    "bend",
    [
        lambda note: note.rstrip("\n"),
        lambda note: note + "\n",
        lambda note: note.replace("\n\n—", "\n—"),
        lambda note: note.replace("— ", "- "),
        lambda note: note.replace("— ", "—  "),
        lambda note: note.replace("\n", "\r\n"),
        lambda note: note.replace("=", ""),
        lambda note: note + "— x AAAA\n",
        lambda note: note + "— x AAAAAAB=\n",
        lambda note: note + "— a+b AAAAAAA=\n",
        lambda note: "\t" + note,
        lambda note: "\ud800" + note,
        lambda note: "x" * 1_000_000 + note,
        lambda note: "",
        lambda note: "\n",
    ],
)
def test_a_malformed_note_is_refused(bend):
    with pytest.raises(NoteError):
        open_note(bend(sign_note("a\n", SIGNER)), [KEY])


def test_a_note_is_utf_8():
    with pytest.raises(NoteError, match="UTF-8"):
        open_note(b"\xff" + sign_note(TEXT, SIGNER).encode(), [KEY])


@pytest.mark.parametrize("text", ["", "no line feed", "tab\t\n", "nul\0\n"])
def test_a_text_that_no_reader_would_take_is_not_signed(text):
    with pytest.raises(NoteError):
        sign_note(text, SIGNER)


# --- cosignatures


def test_a_cosignature_says_when_it_was_made():
    note = open_note(sign_note(TEXT, SIGNER) + cosignature(TEXT, 1_777_680_000), [KEY, WITNESS])

    assert [(signature.key, signature.made_at) for signature in note.signatures] == [
        (KEY, None),
        (WITNESS, 1_777_680_000),
    ]


def test_a_cosignature_moved_in_time_or_to_another_text_is_wrong():
    line = cosignature(TEXT, 1_777_680_000)
    signature = base64.b64decode(line.split(" ")[2])[12:]
    later = signature_line(WITNESS, (1_777_680_001).to_bytes(8) + signature)

    for text, cosigned in [(TEXT, later), ("other\n", line)]:
        with pytest.raises(NoteError, match=r"witness\.example"):
            open_note(sign_note(text, SIGNER) + cosigned, [KEY, WITNESS])


@pytest.mark.parametrize("signature", [b"", b"short", (2**63).to_bytes(8) + bytes(64)])
def test_a_cosignature_of_impossible_form_is_wrong(signature):
    with pytest.raises(NoteError):
        WITNESS.open_signature(TEXT, signature)


def test_a_plain_signature_does_not_pass_for_a_cosignature():
    plain = VerifierKey(WITNESS.name, ED25519, WITNESS.public_key)
    with pytest.raises(NoteError, match="not signed by"):
        open_note(f"{TEXT}\n{cosignature(TEXT, 1)}", [plain])
