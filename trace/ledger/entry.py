"""Entry: the public leaf of the ledger, five members that chain the events and tell nothing about trade.

``{"at":"2026-05-02T00:30:00.123Z","event":"<64 hex>","prev":"<64 hex>","seq":0,"v":1}`` (formats §2), which
is canonical JSON; it is written and read by its shape, since millions are read in one verification.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from .canonical import MAX_INTEGER

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z", re.ASCII)
_SHAPE = re.compile(
    rb'\{"at":"([0-9TZ:.-]{24})","event":"([0-9a-f]{64})","prev":"([0-9a-f]{64})","seq":(0|[1-9]\d{0,15}),"v":1\}'
)
#: Where the digest of the payload stands: behind ``{"at":"`` with 24 characters and ``","event":"``.
_EVENT = slice(42, 42 + 64)
#: Where the hash of the entry before stands, in hex: behind that and ``","prev":"``.
PREV_AT = 116


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """``at`` = ``recorded_at`` of the payload; ``event`` = SHA-256 of the payload's bytes; ``prev`` = hash of
    the previous entry, or `first_prev` when ``seq`` is 0. Both hashes are 32 raw bytes."""

    at: str
    event: bytes
    prev: bytes
    seq: int


def encode_entry(entry: Entry) -> bytes:
    """The leaf's bytes. Raises ValueError for anything `decode_entry` would not read back."""
    data = format_entry(entry.at, entry.event.hex(), entry.prev.hex(), entry.seq)
    _read(data)
    return data


def format_entry(at: str, event: str, prev: str, seq: int) -> bytes:
    """`encode_entry` without its checks, from hex digests: for `verify`, which compares with what is stored."""
    return f'{{"at":"{at}","event":"{event}","prev":"{prev}","seq":{seq},"v":1}}'.encode()


def decode_entry(data: bytes) -> Entry:
    """Inverse of `encode_entry`; exactly that spelling. Raises ValueError."""
    at, event, prev, seq = _read(data)
    return Entry(at=at, event=bytes.fromhex(event), prev=bytes.fromhex(prev), seq=seq)


def check_instant(text: str) -> None:
    """Raise ValueError unless the text is an instant as `clock.format_instant` writes it.

    The same judgement as `clock.parse_instant`, several times faster: a verification makes it for every event.
    """
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"not an instant in the ledger's spelling: {text[:40]!r}")
    datetime.fromisoformat(text)


def names_event(data: bytes, digest: bytes) -> bool:
    """Whether this is the entry of the payload with this digest, as far as that member tells."""
    return data[_EVENT] == digest.hex().encode()


def entry_hash(data: bytes) -> bytes:
    """What the next entry names as ``prev``; not the leaf hash of the tree, which has a prefix byte."""
    return sha256(data).digest()


def first_prev(origin: str) -> bytes:
    """``prev`` of entry 0: SHA-256 of the origin line without its line feed, so that no two ledgers begin alike."""
    return sha256(origin.encode()).digest()


def _read(data: bytes) -> tuple[str, str, str, int]:
    shape = _SHAPE.fullmatch(data)
    if shape is None:
        raise ValueError(f"not an entry in the ledger's spelling: {data[:240]!r}")
    at, event, prev, seq = (part.decode() for part in shape.groups())
    check_instant(at)
    if int(seq) > MAX_INTEGER:
        raise ValueError(f"entry {seq}: `seq` is beyond 2^53-1")
    return at, event, prev, int(seq)
