"""Where the metres of batches are and what was noticed, as one asker may see it: the rows behind the guarded facets.

Traits say the same as tokens, and exactly, for a scope of one limit. Of a scope that limits twice (who stands here, and
is one of those) each limit may be met by another row of the batch, so for such a scope the rows themselves decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from ..db.driver import packed, run, unpacked
from .audience import EVERYBODYS, Ways, code_of_batch, is_of_batches
from .facets import PAIRS, Chosen, fits

#: The audience of what whoever finds the batch may know.
OPEN_AUDIENCE = 0

_OF_MEMBERS = "audience IN (SELECT audience FROM member WHERE token IN (SELECT value FROM json_each(?)))"
_OF_BATCHES = "seq IN (SELECT seq FROM batch WHERE code IN (SELECT value FROM json_each(?)))"


def rows_decide(asked: Ways) -> bool:
    """Whether traits alone may find too much for this scope."""
    return any(len(limits) > 1 for limits in asked)


def holders(
    tx: Connection, pair: int, seqs: Sequence[int], asked: Ways
) -> Mapping[tuple[str, str], frozenset[int]]:
    """First and second of every circumstance of these batches that the asker may know of -> the batches that have it."""
    may_know, whom = _may_know(asked)
    there = f"pair = ? AND seq IN (SELECT value FROM json_each(?)) AND ({may_know})"  # noqa: S608
    rows = run(
        tx,
        f"SELECT first, second, json_group_array(seq) FROM circumstance WHERE {there} GROUP BY first, second",  # noqa: S608
        (pair, packed(seqs), *whom),
    )
    return {(first, second): frozenset(unpacked(held)) for first, second, held in rows.fetchall()}


def _may_know(asked: Ways) -> tuple[str, list[str]]:
    """The condition on a circumstance that the asker is of its audience, and its parameters."""
    if asked == EVERYBODYS:
        return "true", []
    ways, whom = [f"audience = {OPEN_AUDIENCE}"], []
    for limits in asked:
        for limit in limits:
            whom.append(packed([code_of_batch(token) for token in limit] if is_of_batches(limit) else limit))
        ways.append(" AND ".join(_OF_BATCHES if is_of_batches(limit) else _OF_MEMBERS for limit in limits))
    return " OR ".join(ways), whom


def meeting(tx: Connection, seqs: Sequence[int], chosen: Chosen, asked: Ways) -> set[int]:
    """The batches of which what is chosen of each pair is met by one circumstance that the asker may know of."""
    left = set(seqs)
    for n, (first, second) in enumerate(PAIRS):
        if first in chosen or second in chosen:
            met = (
                there
                for (one, other), there in holders(tx, n, seqs, asked).items()
                if (first not in chosen or fits(first, one, chosen[first]))
                and (second not in chosen or fits(second, other, chosen[second]))
            )
            left &= frozenset().union(*met)
    return left
