"""The random draw 随机抽取 of a sampling plan: anybody repeats it with a few lines (docs/sampling.md).

Three things decide it, and no one of them is chosen by whoever draws once the others are known: the list of candidates, frozen and hashed
in the plan; a seed of the authority, whose hash stands in the plan; and the root of the ledger's tree over the plan and the one entry that
follows it, which did not exist when the plan was recorded. The draw names the root; its size leaves no choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

#: The tree whose root is drawn with ends with so many entries behind the plan.
ENTRIES_BEHIND = 1


def candidates_hash(candidates: Iterable[str]) -> str:
    """SHA-256 over the candidates, sorted, one a line."""
    return sha256("\n".join(sorted(candidates)).encode()).hexdigest()


def seed_hash(seed: str) -> str:
    """What the plan says of the seed."""
    return sha256(seed.encode()).hexdigest()


def drawn(seed: str, root: str, candidates: Iterable[str], count: int) -> tuple[str, ...]:
    """The first ``count`` candidates in the order of the hashes of seed, root (hexadecimal) and candidate, one a line."""
    ranked = sorted(candidates, key=lambda each: sha256(f"{seed}\n{root}\n{each}".encode()).digest())
    return tuple(ranked[:count])


def tree_size(plan_seq: int) -> int:
    """Entries in the tree whose root is drawn with."""
    return plan_seq + 1 + ENTRIES_BEHIND
