"""Telling two phones apart within a day, without knowing whose they are.

A client is a keyed hash of network address and browser. The key is random, is held in memory alone, and is replaced with
each day (Asia/Shanghai) and each start: afterwards nobody can compute the hash of an address again, so what is stored
with a check leads back to nobody and links no two days. Neither address nor browser is kept.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import date, datetime
from threading import Lock

from ..clock import shanghai_date

_SALT_BYTES = 32


class Clients:
    """The hashes of one process. Safe for several threads."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._salt = b""
        self._lock = Lock()

    def hash_of(self, address: str, browser: str, now: datetime) -> str:
        """16 hexadecimal digits: the same for the same address and browser, until the day ends."""
        day = shanghai_date(now)
        with self._lock:
            if day != self._day:
                self._day, self._salt = day, secrets.token_bytes(_SALT_BYTES)
            salt = self._salt
        return hmac.digest(salt, f"{address}\n{browser}".encode("utf-8", "surrogateescape"), "sha256")[
            :8
        ].hex()
