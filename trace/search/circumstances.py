"""Where the metres of batches are and what was noticed, as one asker may see it: the rows behind the guarded facets.

Traits say the same as tokens, and exactly, for a scope of one limit. Of a scope that limits twice (who stands here, and
is one of those) each limit may be met by another row of the batch, so for such a scope the rows themselves decide.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection

from ..db.driver import run
from .audience import Ways, batch_token, is_of_batches, reaches
from .facets import PAIRS, Chosen, fits

#: The audience of what whoever finds the batch may know.
OPEN_AUDIENCE = 0


def rows_decide(asked: Ways) -> bool:
    """Whether traits alone may find too much for this scope."""
    return any(len(limits) > 1 for limits in asked)


def visible(tx: Connection, pair: int, seqs: Sequence[int], asked: Ways) -> Iterator[tuple[int, str, str]]:
    """Batch, first and second of every circumstance of these batches that the asker may know of."""
    rows = run(
        tx,
        "SELECT seq, first, second, audience FROM circumstance"
        " WHERE pair = ? AND seq IN (SELECT value FROM json_each(?))",
        (pair, json.dumps(list(seqs))),
    ).fetchall()
    tokens = _tokens_of(tx, {audience for *_, audience in rows})
    names_batches = any(is_of_batches(limit) for limits in asked for limit in limits)
    own = _batch_tokens(tx, seqs) if names_batches else {}
    known: dict[tuple[int, int | None], bool] = {}
    for seq, first, second, audience in rows:
        key = audience, seq if names_batches else None
        if key not in known:
            known[key] = audience == OPEN_AUDIENCE or reaches(asked, tokens[audience] | own.get(seq, set()))
        if known[key]:
            yield seq, first, second


def meeting(tx: Connection, seqs: Sequence[int], chosen: Chosen, asked: Ways) -> set[int]:
    """The batches of which what is chosen of each pair is met by one circumstance that the asker may know of."""
    left = set(seqs)
    for n, (first, second) in enumerate(PAIRS):
        if first in chosen or second in chosen:
            left &= {
                seq
                for seq, one, other in visible(tx, n, seqs, asked)
                if (first not in chosen or fits(first, one, chosen[first]))
                and (second not in chosen or fits(second, other, chosen[second]))
            }
    return left


def _tokens_of(tx: Connection, audiences: Iterable[int]) -> dict[int, frozenset[str]]:
    rows = run(
        tx,
        "SELECT id, tokens FROM audience WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(audiences)),),
    )
    return {number: frozenset(tokens.split()) for number, tokens in rows.fetchall()}


def _batch_tokens(tx: Connection, seqs: Sequence[int]) -> dict[int, set[str]]:
    rows = run(
        tx,
        "SELECT seq, code FROM batch WHERE seq IN (SELECT value FROM json_each(?))",
        (json.dumps(list(seqs)),),
    )
    return {seq: {batch_token(code)} for seq, code in rows.fetchall()}
