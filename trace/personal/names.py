"""Names as they are looked up: under a keyed hash, so that the index of names is no list of them.

HMAC-SHA-256 under the installation's key of names, cut to 16 bytes, over the name in one spelling. Without the
key nobody can tell from the index whether a name is in it; with it only the names that one thinks of.
"""

from __future__ import annotations

import hmac
import unicodedata

KEY_BYTES = 32
LOOK_UP_BYTES = 16


def spelled(name: str) -> str:
    """A name as it is compared: full-width and small letters are as others (NFKC), spaces and the dot in the middle of
    a foreign name (``·``) are nothing."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in folded if not sign.isspace() and sign not in _DOTS)


#: The dots that people write in 阿凡提·艾力, after NFKC.
_DOTS = frozenset("·•∙⋅.・")


def look_up_of(key: bytes, name: str) -> bytes:
    """What stands in the index for this name."""
    return hmac.digest(key, spelled(name).encode(), "sha256")[:LOOK_UP_BYTES]
