"""The request by which a ledger asks a witness to cosign a checkpoint, and the size that a witness may answer.

C2SP tlog-witness, ``POST add-checkpoint``: the line ``old <size>``, the size of the newest tree that this witness
has cosigned; the consistency proof from there, one base64 hash a line; an empty line; the signed checkpoint. The
witness that holds another size says so: status 409, media type ``text/x.tlog.size``, the size and a line feed.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from .note import MAX_NOTE_BYTES
from .tree import HASH_BYTES

SIZE_MEDIA_TYPE = "text/x.tlog.size"
MAX_PROOF = 63
#: The first line, 63 hashes of 45 bytes, an empty line, and the note.
MAX_REQUEST_BYTES = MAX_NOTE_BYTES + 4_096

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class RequestError(ValueError):
    """What came is no request to add a checkpoint, or no size."""


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """``old_size``: what the witness is believed to hold; ``proof``: 32-byte hashes; ``checkpoint``: the signed note."""

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: bytes


def encode_request(request: AddCheckpoint) -> bytes:
    """The body; not checked for truth, which is what the witness is for."""
    hashes = [base64.b64encode(each).decode() for each in request.proof]
    return "\n".join([f"old {request.old_size}", *hashes]).encode() + b"\n\n" + request.checkpoint


def decode_request(body: bytes) -> AddCheckpoint:
    """Inverse of `encode_request`; exactly that spelling. Raises `RequestError`. The checkpoint is not looked at."""
    if len(body) > MAX_REQUEST_BYTES:
        raise RequestError(f"the request has {len(body)} bytes, more than {MAX_REQUEST_BYTES}")
    head, empty_line, checkpoint = body.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
        proof = tuple(base64.b64decode(line, validate=True) for line in lines)
    except ValueError:
        raise RequestError(f"not the lines of a request: {head[:200]!r}") from None
    old_size = parse_size(first.removeprefix("old ") + "\n")
    if not empty_line or len(proof) > MAX_PROOF or any(len(each) != HASH_BYTES for each in proof):
        raise RequestError(
            f"at most {MAX_PROOF} hashes of {HASH_BYTES} bytes and an empty line are wanted before the checkpoint"
        )
    request = AddCheckpoint(old_size, proof, checkpoint)
    if encode_request(request) != body:
        raise RequestError("the request is not in its one spelling")
    return request


def format_size(size: int) -> str:
    """The body of a conflict: the size of the newest tree that the witness has cosigned."""
    return f"{size}\n"


def parse_size(text: str) -> int:
    """Inverse of `format_size`; exactly that spelling. Raises `RequestError`."""
    if not text.endswith("\n") or not _SIZE.fullmatch(digits := text[:-1]) or int(digits) >= 2**63:
        raise RequestError(f"not the size of a tree: {text[:80]!r}")
    return int(digits)
