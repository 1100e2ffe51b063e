"""Telling two phones apart within a day, without knowing whose they are.

A client is a keyed hash of network address and browser. The key is random, is held in memory alone, and is replaced with
each day (Asia/Shanghai) and each start: afterwards nobody can compute the hash of an address again, so what is stored
with a check leads back to nobody and links no two days. Neither address nor browser is kept.

Half of it is of the address alone: of phones behind one address it can be told that they are (`network_of`).
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from hashlib import blake2b
from threading import Lock

from ..clock import shanghai_date

_SALT_BYTES = 32
_PART_BYTES = 4


class Clients:
    """The hashes of one process. Safe for several threads."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._salt = b""
        self._lock = Lock()

    def hash_of(self, address: str, browser: str, now: datetime) -> str:
        """16 hexadecimal digits: the same for the same address and browser, until the day ends; the first 8 for the same
        address."""
        day = shanghai_date(now)
        with self._lock:
            if day != self._day:
                self._day, self._salt = day, secrets.token_bytes(_SALT_BYTES)
            salt = self._salt
        return _part(salt, address) + _part(salt, f"{address}\n{browser}")


def network_of(client: str) -> str:
    """What is the same for all phones behind one address, of a `Clients.hash_of`."""
    return client[: 2 * _PART_BYTES]


def _part(salt: bytes, text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogateescape"), key=salt, digest_size=_PART_BYTES).hexdigest()
