"""Proof of possession: that whoever registers a public key holds the private one (decision 0011).

A signature by the key itself over a statement of five lines, which names where and for whom it is registered and in which
event. Its first line keeps it apart from everything else that is signed here: a draft begins with a brace, a checkpoint
with its origin.
"""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .signature import verifies

_HEADING = "cabletrace key possession v1"


def possession_statement(*, origin: str, owner: str, key: str, event: str) -> bytes:
    """The bytes that the new key signs: the ledger's origin, the owner as the draft spells it, the ids of key and event,
    each on a line of its own. Raises ValueError for a part that is no single word: two statements could be one."""
    parts = (origin, owner, key, event)
    for part in parts:
        if part.split() != [part]:
            raise ValueError(f"one word is wanted, not {part!r}")
    return "".join(f"{line}\n" for line in (_HEADING, *parts)).encode()


def prove_possession(private_key: Ed25519PrivateKey, statement: bytes) -> str:
    """The proof as it stands in ``body.possession``: 64 bytes in base64."""
    return base64.b64encode(private_key.sign(statement)).decode()


def proves_possession(public_key: str, proof: str, statement: bytes) -> bool:
    """Whether the holder of this key made the proof, for exactly this statement."""
    return verifies(public_key, proof, statement)
