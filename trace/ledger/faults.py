"""Faults: what a verification found to be other than it must be, located and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import Text, shown

_LONGEST = 240
#: A cell as the database gave it; a damaged one may hold anything.
Cell = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: table, key of the row, column (empty: the row as a whole), both values in short.

    The key of an entry is its index, that of a tile its level and index; a table of one row has none. A payload
    is shown by its SHA-256.
    """

    table: str
    key: tuple[Cell, ...]
    column: str
    expected: str
    found: str
    text: Text


def fault(
    table: str, key: tuple[Cell, ...], column: str, expected: Cell, found: Cell, zh: str, en: str
) -> Fault:
    """A fault with its cells made fit to be shown: one line each, bounded, no bytes that are no text."""
    return Fault(
        table=table,
        key=tuple(part if type(part) is int else show_cell(part) for part in key),
        column=column,
        expected=show_cell(expected),
        found=show_cell(found),
        text=Text(zh, en),
    )


def show_cell(cell: Cell) -> str:
    """A cell for people: text as it is, bytes as text where they are ASCII, else in hex; shortened."""
    if cell is None:
        return "NULL"
    if isinstance(cell, bytes):
        cell = cell[:_LONGEST].decode() if cell.isascii() else cell[:_LONGEST].hex()
    text = str(cell)[: _LONGEST + 1]
    return text if len(text) <= _LONGEST and text.isprintable() else shown(text, _LONGEST)
