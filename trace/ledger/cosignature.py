"""Cosignature: a witness's word that this is the largest tree of a ledger that it has seen, and when.

C2SP tlog-cosignature, type 0x04. A cosignature is one more signature line below a signed checkpoint; its bytes are
8 of time (POSIX seconds, big-endian) and 64 of Ed25519 over two lines and the checkpoint's text. How it is checked
stands in `note`; here stands how it is made, and how lines come to stand below the checkpoint that they are for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .checkpoint import Checkpoint, parse_checkpoint
from .note import (
    COSIGNATURE_ED25519,
    MAX_POSIX_TIME,
    NoteError,
    Signature,
    VerifierKey,
    cosigned_bytes,
    open_note,
    signature_line,
    unopened_text,
)


class Cosigner:
    """A witness's name with its Ed25519 private key, which cosigns with type 0x04.

    What is signed does not name the witness: one key must never serve under two names.
    """

    __slots__ = ("_private_key", "verifier_key")

    def __init__(self, name: str, private_key: Ed25519PrivateKey) -> None:
        self._private_key = private_key
        public_key = private_key.public_key().public_bytes_raw()
        self.verifier_key = VerifierKey(name, COSIGNATURE_ED25519, public_key)

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> Cosigner:
        """The cosigner whose private key is this seed of 32 bytes (RFC 8032 §5.1.5)."""
        return cls(name, Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def name(self) -> str:
        return self.verifier_key.name

    def cosign(self, text: str, made_at: int) -> str:
        """The signature line over a checkpoint's text. ``made_at``: POSIX seconds, or `NoteError`.

        It cannot know what was cosigned before: that the tree is consistent with it, and that time does not go
        back, is the duty of the caller (`witness.memory`).
        """
        if not 0 <= made_at <= MAX_POSIX_TIME:
            raise NoteError(f"not a time of a cosignature: {made_at}")
        signature = self._private_key.sign(cosigned_bytes(text, made_at))
        return signature_line(self.verifier_key, made_at.to_bytes(8) + signature)


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A checkpoint that its ledger has signed, with the cosignatures that were checked."""

    checkpoint: Checkpoint
    cosignatures: tuple[Signature, ...]


def open_cosigned(note: bytes, log: VerifierKey, witnesses: Iterable[VerifierKey]) -> Cosigned:
    """The checkpoint that this ledger's key has signed, and which of these witnesses have cosigned it: perhaps none.

    Raises `NoteError`; as in every note, a wrong signature under a known key spoils it all.
    """
    opened = open_note(note, [log, *witnesses])
    if log not in (signature.key for signature in opened.signatures):
        raise NoteError(f"the checkpoint is not signed by {log.format()}")
    checkpoint = parse_checkpoint(opened.text)
    if checkpoint.origin != log.name:
        raise NoteError(f"the key of {log.name} has signed a checkpoint of {checkpoint.origin}")
    made = (signature for signature in opened.signatures if signature.made_at is not None)
    return Cosigned(checkpoint, tuple(signature for signature in made if signature.key != log))


def open_cosignature(checkpoint: bytes, lines: bytes, witness: VerifierKey) -> Signature:
    """This witness's cosignature of this checkpoint among the lines that it answered. Raises `NoteError`."""
    opened = open_note(checkpoint + lines, [witness])
    if opened.text != unopened_text(checkpoint):  # an empty line among them would make another text of it
        raise NoteError(f"{witness.name} has answered other things than signature lines")
    return opened.signatures[0]


def with_cosignatures(checkpoint: bytes, lines: Iterable[str]) -> bytes:
    """The signed checkpoint with these signature lines below its own, each once."""
    there = checkpoint.decode()
    for line in lines:
        if line not in there:
            there += line
    return there.encode()
