"""Commitment: what stands on the ledger in place of a personal value, so that the value can be erased.

``"#" + base64url(SHA-256(salt ‖ JSON pointer ‖ 0x00 ‖ UTF-8 value))`` without padding (formats §1). The salt
of 128 random bits is kept with the clear text: while both exist anybody who is shown them can check the
commitment; once both are erased the commitment can no longer be guessed, not even for a phone number.
"""

from __future__ import annotations

import base64
import hmac
import re
from hashlib import sha256

SALT_BYTES = 16

_SHAPE = re.compile(r"#[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")


def commit(salt16: bytes, pointer: str, value: str) -> str:
    """The commitment to ``value`` at ``pointer``, which begins at the draft, such as ``/by/0/name``.

    The pointer keeps a commitment from being moved to another field. Raises ValueError for a salt of another
    length, or a pointer with the NUL that divides it from the value.
    """
    if len(salt16) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, one of {len(salt16)} came")
    if "\0" in pointer or not pointer.startswith("/"):
        raise ValueError(f"not the JSON pointer of a field in a draft: {pointer!r}")
    digest = sha256(salt16 + pointer.encode() + b"\0" + value.encode()).digest()
    return "#" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def opens(commitment: str, salt16: bytes, pointer: str, value: str) -> bool:
    """Whether the commitment was made to this value at this place; the comparison takes constant time."""
    return hmac.compare_digest(commitment.encode(), commit(salt16, pointer, value).encode())


def is_commitment(text: str) -> bool:
    """Whether the text has the form of a commitment; to what, only salt and value can tell."""
    return _SHAPE.fullmatch(text) is not None
