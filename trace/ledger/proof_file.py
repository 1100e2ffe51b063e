"""Proof file: all that is needed to check offline that an entry is on the ledger (``.tlog-proof``).

C2SP tlog-proof: the line ``c2sp.org/tlog-proof@v1``; optionally ``extra <base64>``, which nothing protects;
``index <n>``; the inclusion proof, one base64 hash a line, the leaf's sibling first; an empty line; the
signed checkpoint as it was published, with all its signatures.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from .checkpoint import Checkpoint, open_checkpoint
from .note import MAX_NOTE_BYTES, VerifierKey
from .tree import HASH_BYTES, ProofError, check_inclusion, leaf_hash

_FIRST_LINE = "c2sp.org/tlog-proof@v1"
_MAX_HASHES = 63
_MAX_BYTES = MAX_NOTE_BYTES + 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFile:
    """``proof`` holds 32-byte hashes; ``checkpoint`` is the signed note; ``extra`` is not authenticated."""

    index: int
    proof: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


def format_proof_file(file: ProofFile) -> bytes:
    """The file's bytes; not checked for truth, which is what `check_proof_file` is for."""
    lines = [_FIRST_LINE]
    if file.extra is not None:
        lines.append(f"extra {_to_base64(file.extra)}")
    lines.append(f"index {file.index}")
    lines.extend(_to_base64(each) for each in file.proof)
    return "\n".join(lines).encode() + b"\n\n" + file.checkpoint


def parse_proof_file(data: bytes) -> ProofFile:
    """Inverse of `format_proof_file`; exactly that spelling. Raises `ProofError`. Nothing is proved by it."""
    if len(data) > _MAX_BYTES:
        raise ProofError(f"the proof file has {len(data)} bytes, more than {_MAX_BYTES}")
    head, empty_line, checkpoint = data.partition(b"\n\n")
    try:
        first, *lines = head.decode().split("\n")
        extra = _from_base64(lines.pop(0), "extra ") if lines and lines[0].startswith("extra ") else None
        word, index = lines.pop(0).split(" ")
        proof = tuple(_from_base64(line) for line in lines)
        file = ProofFile(index=int(index), proof=proof, checkpoint=checkpoint, extra=extra)
    except (ValueError, IndexError):
        raise ProofError(f"not a proof file: {data[:200]!r}") from None
    if first != _FIRST_LINE or word != "index" or not empty_line or not 0 <= file.index < 2**63:
        raise ProofError(f"not a proof file: {data[:200]!r}")
    if len(proof) > _MAX_HASHES or any(len(each) != HASH_BYTES for each in proof):
        raise ProofError(f"a proof has at most {_MAX_HASHES} hashes of {HASH_BYTES} bytes")
    if format_proof_file(file) != data:
        raise ProofError("the proof file is not in its one spelling")
    return file


def check_proof_file(data: bytes, *, entry: bytes, vkey: VerifierKey) -> tuple[int, Checkpoint]:
    """The entry's index and the signed checkpoint that covers it. Raises `ProofError` or `NoteError`.

    ``entry`` are the bytes whose presence is to be shown; no network and no other file is needed.
    """
    file = parse_proof_file(data)
    checkpoint = open_checkpoint(file.checkpoint, vkey)
    check_inclusion(leaf_hash(entry), file.index, checkpoint.size, file.proof, checkpoint.root)
    return file.index, checkpoint


def _to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _from_base64(text: str, prefix: str = "") -> bytes:
    return base64.b64decode(text.removeprefix(prefix), validate=True)
