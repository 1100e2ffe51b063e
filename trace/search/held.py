"""What of an index is compared with the ledger: each batch with the digest of what is held of it, and sums of whole ranges.

A range is `RANGE` ledger indices of productions: how many batches, their newest version, the sum of their digests. Sums that are
equal are batches that are equal, as far as 32 bits go: this finds what drifted, was lost or was changed behind the back,
and is no proof against whoever can calculate; that is the ledger's own chain. Pure.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

import orjson

#: Ledger indices that are compared together: so many digests add up to less than 2**53, up to which every sum of floats is exact.
RANGE = 10_000
#: Stands for the range of whatever says no place of its own.
NOWHERE = -RANGE


@dataclass(frozen=True, slots=True)
class Held:
    """What an index holds of one batch. ``digest`` None: it says one digest of itself and has another."""

    code: str
    seq: int
    version: int
    digest: int | None


@dataclass(frozen=True, slots=True)
class Sum:
    """A range: its batches, their newest version, and the sum of their digests."""

    batches: int = 0
    version: int = -1
    digests: int = 0


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A batch whose document the engine refused for good: it is found in an older state, or not at all."""

    batch: str
    version: int
    reason: str


def digest_of(content: object) -> int:
    """32 bits over whatever JSON can say."""
    try:
        text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    except (
        TypeError
    ):  # a number beyond 64 bits, half a character: nothing of ours, but somebody may have written it
        text = json.dumps(content, sort_keys=True).encode()
    return digest_of_json(text)


def digest_of_json(text: bytes) -> int:
    """`digest_of` for content that is JSON already, with its members sorted by name."""
    return int.from_bytes(blake2b(text, digest_size=4).digest())


def range_of(seq: int) -> int:
    """The first index of the range in which a batch lies."""
    return seq // RANGE * RANGE if seq >= 0 else NOWHERE


def sums_of(batches: Iterable[Held]) -> Mapping[int, Sum]:
    """The ranges in which there are any, by their first index."""
    together: dict[int, Sum] = defaultdict(Sum)
    for each in batches:
        known = together[range_of(each.seq)]
        together[range_of(each.seq)] = Sum(
            known.batches + 1, max(known.version, each.version), known.digests + (each.digest or 0)
        )
    return dict(together)
