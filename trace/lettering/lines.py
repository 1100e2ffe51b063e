"""How text breaks into lines: between Chinese characters, behind spaces and hyphens, and never where GB/T 15834 forbids it.

Lengths are integers in hundredths of a millimetre, as on the paper that they are set on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

#: The advance of a character in thousandths of the size of the font.
Advance = Callable[[str], int]


def width_of(text: str, size_cmm: int, advance: Advance) -> int:
    """How wide it stands, rounded up."""
    return -(-sum(map(advance, text)) * size_cmm // 1000)


def plain(text: str) -> str:
    """On one line, composed, without characters that nobody sees."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(c for c in composed if c.isspace() or c.isprintable()).split())


def broken_into_lines(text: str, size_cmm: int, width_cmm: int, advance: Advance) -> list[str]:
    """Lines no wider than ``width_cmm``; a word that is wider by itself breaks anywhere."""
    room = width_cmm * 1000 // size_cmm
    lines: list[str] = []
    start = at = used = 0
    last_break = 0
    while at < len(text):
        if at > start and _may_break(text[at - 1], text[at]):
            last_break = at
        used += advance(text[at])
        if used > room and at > start and text[at] != " ":
            end = last_break if last_break > start else at
            lines.append(text[start:end].rstrip())
            start = at = last_break = end
            used = 0
            continue
        at += 1
    lines.append(text[start:].rstrip())
    return lines


#: What stands at no beginning and at no end of a line (GB/T 15834).
_NO_BEGINNING = "，。、；：？！）》」』】”’…,.;:?!)]}%°·"
_NO_END = "（《「『【“‘([{"


def _may_break(before: str, after: str) -> bool:
    if after in _NO_BEGINNING or before in _NO_END or after == " ":
        return False
    return before in " -" or _is_wide(before) or _is_wide(after)


def _is_wide(character: str) -> bool:
    return ord(character) >= 0x2E80
