"""What stands on an official paper: its head, and blocks one below the other. Chinese, for that is what is signed and sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

#: A label and what is said under it; "" is left blank, to be filled in by hand.
Field = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Heading:
    """Stays with what follows it."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Each line of the text is a paragraph of its own. ``is_indented``: by two characters, as in running text."""

    text: str
    is_indented: bool = True


@dataclass(frozen=True, slots=True)
class Fields:
    """A bordered form: each row holds one field over the whole width or several that share it evenly."""

    rows: Sequence[Sequence[Field]]


@dataclass(frozen=True, slots=True)
class Table:
    """``heads`` are repeated on every page; ``shares`` of the width, one a column; columns in ``figures`` stand right."""

    heads: Sequence[str]
    shares: Sequence[int]
    rows: Sequence[Sequence[str]]
    figures: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Room:
    """Empty ruled lines, to be written on by hand."""

    lines: int


@dataclass(frozen=True, slots=True)
class Signatures:
    """One line each, such as 检查人员（签名）, with room for a signature and a date."""

    of: Sequence[str]


@dataclass(frozen=True, slots=True)
class Seal:
    """Where an authority puts its seal: its name and the day stand below each other at the right; ``day`` as printed."""

    authority: str
    day: str


Block = Heading | Paragraph | Fields | Table | Room | Signatures | Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """``number`` is the 文号, "" where there is none yet. ``url`` stands in the QR code and leads to the record; ``foot`` names
    that record on every page. ``made_at`` is written into the file: the same paper has the same bytes."""

    title: str
    authority: str = ""
    number: str = ""
    blocks: Sequence[Block]
    url: str
    foot: str
    made_at: datetime
