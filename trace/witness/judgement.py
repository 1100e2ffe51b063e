"""What a witness answers to a request, decided from the request and what it holds: no file, no clock, no key.

C2SP tlog-witness, in its order: an unknown ledger 404; not signed by its key 403; an old size larger than the
checkpoint 400; another old size than the one held 409 with the size; one size and two roots 409; a proof that does
not lead from the tree that is held to the new one 422. What passes all this is cosigned.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..ledger.add_checkpoint import SIZE_MEDIA_TYPE, AddCheckpoint, format_size
from ..ledger.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ..ledger.note import NoteError, VerifierKey, unopened_text
from ..ledger.tree import ProofError, check_consistency

PLAIN_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is answered instead of a cosignature. ``accuses``: why a request that the ledger's key has signed is kept."""

    status: int
    body: str
    media_type: str = PLAIN_TEXT
    accuses: str = ""


def origin_of(request: AddCheckpoint) -> str | Refusal:
    """Whose checkpoint it says it is; not verified."""
    try:
        return parse_checkpoint(unopened_text(request.checkpoint)).origin
    except NoteError as error:
        return Refusal(400, f"{error}\n")


def unknown(origin: str) -> Refusal:
    """The answer for a ledger that is not followed."""
    return Refusal(404, f"{origin} is not followed here\n")


def judge(request: AddCheckpoint, log: VerifierKey, held: Checkpoint | None) -> Checkpoint | Refusal:
    """The checkpoint to cosign, or why not; ``held`` is the newest that was cosigned, None before the first."""
    try:
        offered = open_checkpoint(request.checkpoint, log)
    except NoteError as error:
        return Refusal(403, f"{error}\n")
    if request.old_size > offered.size:
        return Refusal(400, f"a tree of {offered.size} does not continue one of {request.old_size}\n")
    size = 0 if held is None else held.size
    if request.old_size != size:
        return Refusal(409, format_size(size), SIZE_MEDIA_TYPE)
    if held is not None and offered.size == size and offered.root != held.root:
        return Refusal(409, format_size(size), SIZE_MEDIA_TYPE, accuses="two roots for one size")
    return _continuing(request, offered, held, size)


def _continuing(
    request: AddCheckpoint, offered: Checkpoint, held: Checkpoint | None, size: int
) -> Checkpoint | Refusal:
    try:
        if held is None or size == 0:  # every tree begins with the empty one, and needs no proof of it
            if request.proof:
                raise ProofError("there is no proof from the empty tree")
        else:
            check_consistency(size, offered.size, held.root, offered.root, request.proof)
    except ProofError as error:
        accuses = "" if size == 0 else f"no proof that {offered.size} entries begin with the {size} cosigned"
        return Refusal(422, f"{error}\n", accuses=accuses)
    return offered
