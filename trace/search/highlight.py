"""Where a word stands in a text, so that a reader sees why something was found.

Words are found in condensed texts, and shown in texts as they are printed: the piece that is marked is the shortest one
in which the word is still found. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .tokens import Group, Word, condense

#: Longer texts are shown unmarked: no field is, unless somebody wants to keep us busy.
_LONGEST = 400
_NUMBER = re.compile(r"[\d.]+")
#: Numbers that are areas or counts, not digits of a type.
_NUMBER_IN_SPEC = re.compile(r"(?<![A-WY-Za-wy-z\d.])\d+(?:\.\d+)?")


def mark(word: Word, group: Group, text: str) -> tuple[int, int] | None:
    """Begin and end of the first piece of a text in which the word stands; None where it does not or is too long."""
    wanted = condense(group, word.text)
    if not wanted or len(text) > _LONGEST or wanted not in condense(group, text):
        return None
    if group is Group.SPEC and _NUMBER.fullmatch(wanted):
        return _mark_number(wanted, text)
    end = _least(len(text), lambda stop: wanted in condense(group, text[:stop]))
    begin = end - _least(end, lambda length: wanted in condense(group, text[end - length : end]))
    return (begin, end) if wanted in condense(group, text[begin:end]) else None


def _mark_number(wanted: str, text: str) -> tuple[int, int] | None:
    """A number is found whole: the 4 of 1×4, not that of 450/750V."""
    for found in _NUMBER_IN_SPEC.finditer(text):
        if condense(Group.SPEC, found[0]) == wanted:
            return found.span()
    return None


def _least(most: int, holds: Callable[[int], bool]) -> int:
    """The least number up to ``most`` for which it holds, which then holds for every greater one."""
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
