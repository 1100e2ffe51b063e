"""Checkpoint: the ledger's size and root, signed; whoever keeps one can prove any later change of the past.

C2SP tlog-checkpoint, a signed note of three lines: the origin, which is also the name of the signing key; the
tree size in decimal; the root in base64. Extension lines are neither written nor taken.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from .note import NoteError, NoteSigner, VerifierKey, is_key_name, open_note, sign_note
from .tree import EMPTY_ROOT, HASH_BYTES

_MAX_TEXT = 1_000


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """``origin`` is a schema-less URL; ``root`` 32 raw bytes, the RFC 6962 root over ``size`` entries."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.origin):
            raise NoteError(f"an origin holds no space, control character or '+': {self.origin!r}")
        if not 0 <= self.size < 2**63:
            raise NoteError(f"not the size of a tree: {self.size}")
        if len(self.root) != HASH_BYTES or (self.size == 0 and self.root != EMPTY_ROOT):
            raise NoteError(f"not the root of a tree of {self.size}: {self.root.hex()}")


def format_checkpoint(checkpoint: Checkpoint) -> str:
    """The three lines that are signed."""
    root = base64.b64encode(checkpoint.root).decode()
    return f"{checkpoint.origin}\n{checkpoint.size}\n{root}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Inverse of `format_checkpoint`; exactly that spelling. Raises `NoteError`."""
    lines = text.split("\n") if len(text) <= _MAX_TEXT else []
    if len(lines) != 4:
        raise NoteError(f"a checkpoint has three lines: {text[:200]!r}")
    origin, size, root, _ = lines
    try:
        checkpoint = Checkpoint(origin, int(size), base64.b64decode(root))
    except NoteError:
        raise
    except ValueError:
        raise NoteError(f"not a checkpoint: {text[:200]!r}") from None
    if format_checkpoint(checkpoint) != text:
        raise NoteError(f"the checkpoint is spelled {format_checkpoint(checkpoint)!r}, not {text[:200]!r}")
    return checkpoint


def sign_checkpoint(checkpoint: Checkpoint, signer: NoteSigner) -> bytes:
    """The signed note, as it is published. The signer's name must be the origin, or `NoteError` is raised.

    It cannot know what was signed before: never to sign two inconsistent checkpoints, nor one that goes back
    in size or time, is the duty of the caller (the sequencer).
    """
    if signer.name != checkpoint.origin:
        raise NoteError(f"{signer.name} does not sign checkpoints of {checkpoint.origin}")
    return sign_note(format_checkpoint(checkpoint), signer).encode()


def open_checkpoint(data: bytes, vkey: VerifierKey) -> Checkpoint:
    """The checkpoint that this log's key has signed. Raises `NoteError`; other signatures are not judged."""
    checkpoint = parse_checkpoint(open_note(data, [vkey]).text)
    if checkpoint.origin != vkey.name:
        raise NoteError(f"the key of {vkey.name} has signed a checkpoint of {checkpoint.origin}")
    return checkpoint
