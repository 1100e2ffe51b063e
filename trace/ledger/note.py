"""Signed note: a text with signature lines below it, which anybody with a verifier key can check.

C2SP signed-note. Layout: the text, which ends in a line feed; one empty line; then one line for each
signature: ``— <key name> base64(<key id: 4 bytes> <signature>)``. What is signed is the text with its last
line feed, without the empty line. Signatures of two types are known here: 0x01, Ed25519 over the text, and
0x04, a witness's Ed25519 cosignature with the time at which it was made (C2SP tlog-cosignature).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = 0x01
COSIGNATURE_ED25519 = 0x04

#: More lines than the 16 that every reader must take and the 100 that Go's reader takes are refused.
MAX_SIGNATURES = 100
#: Room for 100 signatures of the largest kind in sight (ML-DSA).
MAX_NOTE_BYTES = 1_000_000

_EM_DASH = "\u2014 "
MAX_POSIX_TIME = 2**63 - 1
_NOT_IN_A_NOTE = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")


class NoteError(ValueError):
    """A note that is malformed, or not signed by whom it should be."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name under which it signs and the type of signature it makes."""

    name: str
    kind: int
    public_key: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise NoteError(f"a key name holds no space, control character or '+': {self.name!r}")
        if self.kind not in (ED25519, COSIGNATURE_ED25519):
            raise NoteError(f"signatures of type 0x{self.kind:02x} are not known here")
        if len(self.public_key) != 32:
            raise NoteError(f"an Ed25519 public key has 32 bytes, one of {len(self.public_key)} came")

    @property
    def key_id(self) -> bytes:
        """4 bytes that say which key and type; a label, not a protection."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public_key).digest()[:4]

    def format(self) -> str:
        """``name+<8 hex digits>+base64(type, key)``, the verifier key text that is published as ``vkey``."""
        return f"{self.name}+{self.key_id.hex()}+{_to_base64(bytes([self.kind]) + self.public_key)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Inverse of `format`; exactly that spelling. Raises `NoteError`."""
        try:
            name, _, encoded = text.split("+", 2)
            kind, *public_key = _from_base64(encoded)
        except ValueError:
            raise NoteError(f"not the text of a verifier key: {text[:120]!r}") from None
        key = cls(name, kind, bytes(public_key))
        if key.format() != text:
            raise NoteError(f"the verifier key is spelled {key.format()!r}, not {text[:120]!r}")
        return key

    def open_signature(self, text: str, signature: bytes) -> Signature:
        """What this key's signature (without key id) says about the text. Raises `NoteError` if it is none."""
        made_at, signed = None, text.encode()
        if self.kind == COSIGNATURE_ED25519:
            made_at = int.from_bytes(signature[:8])
            if made_at > MAX_POSIX_TIME:
                raise NoteError(f"{self.name}: the time of a cosignature is beyond 2^63-1")
            signed = cosigned_bytes(text, made_at)
        by_the_key = signature if made_at is None else signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(by_the_key, signed)
        except (InvalidSignature, ValueError):
            raise NoteError(f"the signature by {self.name} ({self.key_id.hex()}) is wrong") from None
        return Signature(self, signature, made_at)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that was checked: its bytes without the key id; ``made_at`` in POSIX seconds, if its type has a time."""

    key: VerifierKey
    signature: bytes
    made_at: int | None = None

    @property
    def line(self) -> str:
        """The line that carries it."""
        return signature_line(self.key, self.signature)


class NoteSigner:
    """A name with its Ed25519 private key, which signs notes of type 0x01."""

    __slots__ = ("_private_key", "verifier_key")

    def __init__(self, name: str, private_key: Ed25519PrivateKey) -> None:
        self._private_key = private_key
        self.verifier_key = VerifierKey(name, ED25519, private_key.public_key().public_bytes_raw())

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> NoteSigner:
        """The signer whose private key is this seed of 32 bytes (RFC 8032 §5.1.5)."""
        return cls(name, Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def name(self) -> str:
        return self.verifier_key.name

    def sign(self, text: str) -> bytes:
        """The 64 bytes of the signature over a note's text."""
        return self._private_key.sign(text.encode())


@dataclass(frozen=True, slots=True)
class OpenNote:
    """A note of which at least one signature was checked.

    ``unknown`` holds the signature lines of keys that the reader was not given: not checked, worth nothing to
    this reader, kept because they are worth something to another.
    """

    text: str
    signatures: tuple[Signature, ...]
    unknown: tuple[str, ...] = ()


def is_key_name(name: str) -> bool:
    """Not empty, without Unicode spaces, control characters or the '+' that divides the parts of a key's text."""
    return name != "" and not any(c.isspace() or c < " " or c == "+" for c in name)


def sign_note(text: str, signer: NoteSigner) -> str:
    """The note with one signature. Raises `NoteError` for a text that no reader would take."""
    _wants_note_text(text)
    line = signature_line(signer.verifier_key, signer.sign(text))
    return f"{text}\n{line}"


def signature_line(key: VerifierKey, signature: bytes) -> str:
    """The line, with its line feed, that carries a key's signature."""
    return f"{_EM_DASH}{key.name} {_to_base64(key.key_id + signature)}\n"


def cosigned_bytes(text: str, made_at: int) -> bytes:
    """What a cosignature of type 0x04 made at these POSIX seconds signs: two lines and the whole text."""
    return f"cosignature/v1\ntime {made_at}\n{text}".encode()


def unopened_text(note: str | bytes) -> str:
    """The text of a well-formed note, by whomever it is signed: good for asking whose it says it is, and no more.

    Raises `NoteError`.
    """
    return _split(note)[0]


def open_note(note: str | bytes, verifier_keys: Iterable[VerifierKey]) -> OpenNote:
    """The text of a note that at least one of these keys has signed.

    Every signature by one of them must be right; unknown keys are passed over. Raises `NoteError`. The text
    of a note that did not open is worth nothing and is not given out.
    """
    text, lines = _split(note)
    known = {(key.name, key.key_id): key for key in verifier_keys}
    signatures: dict[tuple[str, bytes], Signature] = {}
    unknown: dict[str, None] = {}
    for line in lines:
        name, key_id, signature = _parse_signature_line(line)
        key = known.get((name, key_id))
        if key is None:
            unknown[line] = None
        else:
            signatures.setdefault((name, key_id), key.open_signature(text, signature))
    if not signatures:
        wanted = (
            ", ".join(f"{name} ({key_id.hex()})" for name, key_id in known) or "any key, and none was given"
        )
        raise NoteError(f"the note is not signed by {wanted}")
    return OpenNote(text, tuple(signatures.values()), tuple(unknown))


def _split(note: str | bytes) -> tuple[str, list[str]]:
    if len(note) > MAX_NOTE_BYTES:
        raise NoteError(f"the note has {len(note)} bytes, more than {MAX_NOTE_BYTES}")
    try:
        whole = note if isinstance(note, str) else note.decode()
    except UnicodeDecodeError as error:
        raise NoteError(f"the note is not UTF-8: {error}") from None
    # Not splitlines: it would divide at signs that are no line feed.
    text, empty_line, block = whole.rpartition("\n\n")
    if not empty_line or not block.endswith("\n"):
        raise NoteError("the note has no block of signature lines below an empty line")
    text += "\n"
    _wants_note_text(text)
    _wants_note_text(block)
    lines = block[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(f"the note has {len(lines)} signature lines, more than {MAX_SIGNATURES}")
    return text, lines


def _wants_note_text(text: str) -> None:
    if not text.endswith("\n"):
        raise NoteError("the text of a note ends in a line feed")
    if refused := _NOT_IN_A_NOTE.search(text):
        raise NoteError(f"a note holds no control character but line feeds: {refused[0]!r}")


def _parse_signature_line(line: str) -> tuple[str, bytes, bytes]:
    name, space, encoded = line.removeprefix(_EM_DASH).partition(" ")
    try:
        raw = _from_base64(encoded)
    except ValueError:
        raw = b""
    if not line.startswith(_EM_DASH) or not space or not is_key_name(name) or len(raw) < 5:
        raise NoteError(f"not a signature line: {line[:120]!r}")
    return name, raw[:4], raw[4:]


def _to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _from_base64(text: str) -> bytes:
    """Standard base64 with padding, one spelling. Raises ValueError."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
    if _to_base64(data) != text:
        raise ValueError("not the one spelling of these bytes in base64")
    return data
