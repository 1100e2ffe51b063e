"""What is asked of the full-text tables, in the language of FTS5.

Tokens hold letters, digits, dot and plus only, so nothing in them can end a quotation. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from .audience import EVERYBODYS, Ways, is_by_label
from .tokens import Phrase


def expression(phrases: Sequence[Phrase], asked: Ways) -> str:
    """The FTS5 expression "one of the phrases, in a document that the asker's scope reaches"; what is open by its label
    alone must say so there."""
    wanted = " OR ".join(f'"{" ".join(phrase)}"' for phrase in phrases)
    if asked == EVERYBODYS:
        return wanted
    by_label = tuple(limits for limits in asked if is_by_label(limits))
    whole = tuple(limits for limits in asked if not is_by_label(limits))
    said = [f"({wanted}) AND ({one_way(whole)})"] if whole else []
    if by_label:
        said.append(f"(label : ({wanted})) AND ({one_way(by_label)})")
    return " OR ".join(f"({each})" for each in said)


def one_way(ways: Ways) -> str:
    """The FTS5 expression of what meets all limits of one of these."""
    return " OR ".join(
        "(" + " AND ".join("(" + " OR ".join(f'"{token}"' for token in limit) + ")" for limit in limits) + ")"
        for limits in ways
    )
