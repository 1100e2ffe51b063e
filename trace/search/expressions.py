"""What is asked of the full-text tables, in the language of FTS5.

Tokens hold letters, digits, dot and plus only, so nothing in them can end a quotation. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from .audience import EVERYBODYS, Ways
from .tokens import Phrase


def expression(phrases: Sequence[Phrase], asked: Ways) -> str:
    """The FTS5 expression "one of the phrases, in a document that the asker's scope reaches"."""
    wanted = " OR ".join(f'"{" ".join(phrase)}"' for phrase in phrases)
    if asked == EVERYBODYS:
        return wanted
    return f"({wanted}) AND ({one_way(asked)})"


def one_way(ways: Ways) -> str:
    """The FTS5 expression of what meets all limits of one of these."""
    return " OR ".join(
        "(" + " AND ".join("(" + " OR ".join(f'"{token}"' for token in limit) + ")" for limit in limits) + ")"
        for limits in ways
    )
