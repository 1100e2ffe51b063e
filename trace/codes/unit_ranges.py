"""Unit ranges: how people write which drums of a batch they mean, ``1-40, 55``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from ..errors import InputError, Text, shown
from .trace_code import LARGEST_UNIT

#: A batch of 100,000 drums of which every second one is meant does not come as text.
LONGEST_TEXT = 10_000

#: NFKC has made full-width digits, commas, semicolons and ``～`` plain ones before these are used.
_DASH = re.compile(r"\s*[-~‐-―−ー〜∼至到]+\s*")
#: Behind a number. A mere 盘 is left, for 5盘 may be five drums.
_NUMBER_SIGN = re.compile(r"(?<=[0-9])\s*(?:号[盘卷轴]?|#)")
_SEPARATOR = re.compile(r"\s*[,;、]\s*|\s+")
_RANGE = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")


@dataclass(frozen=True, slots=True, order=True)
class UnitRange:
    """The drums ``first`` to ``last``, both included. Drums are numbered from 1 in each batch."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 1 <= self.first <= self.last <= LARGEST_UNIT:
            raise ValueError(f"not a range of units: {self.first}-{self.last}")

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    def __contains__(self, unit: int) -> bool:
        return self.first <= unit <= self.last

    def intersects(self, other: UnitRange) -> bool:
        return self.first <= other.last and other.first <= self.last


def parse_units(text: str) -> tuple[UnitRange, ...]:
    """Ranges in ascending order, neighbours joined: ``"55、1～39，40号"`` is ``1-40, 55``.

    A drum named twice is an error, not a repetition: one of the two numbers is likely meant for another drum.
    Raises `InputError` ``wrong-unit-range``.
    """
    if len(text) > LONGEST_TEXT:
        raise _wrong(text, "盘号内容过长", "too long a list of units")
    folded = _DASH.sub("-", _NUMBER_SIGN.sub(" ", unicodedata.normalize("NFKC", text)).strip())
    return _joined(text, sorted(_range(text, part) for part in _SEPARATOR.split(folded)))


def format_units(ranges: Iterable[UnitRange]) -> str:
    """Inverse of `parse_units`: ``1-40, 55``."""
    return ", ".join(str(r.first) if r.first == r.last else f"{r.first}-{r.last}" for r in ranges)


def _range(text: str, part: str) -> UnitRange:
    if not part:
        raise _wrong(text, "缺少盘号", "a unit number is missing")
    match = _RANGE.fullmatch(part)
    if match is None:
        raise _wrong(text, f"“{shown(part)}”不是盘号或盘号范围", f"{shown(part)} is no unit number or range")
    first, last = int(match[1]), int(match[2] or match[1])
    if first > last:
        raise _wrong(text, f"盘号范围颠倒：{first}-{last}", f"the range runs backwards: {first}-{last}")
    if first < 1 or last > LARGEST_UNIT:
        raise _wrong(
            text,
            f"盘号应在 1 到 {LARGEST_UNIT} 之间：{part}",
            f"unit numbers are 1 to {LARGEST_UNIT}, not {part}",
        )
    return UnitRange(first, last)


def _joined(text: str, ascending: list[UnitRange]) -> tuple[UnitRange, ...]:
    for before, after in pairwise(ascending):
        if before.intersects(after):
            raise _wrong(text, f"盘号重复：{after.first}", f"unit {after.first} is named twice")
    joined: list[UnitRange] = []
    for units in ascending:
        if joined and joined[-1].last + 1 == units.first:
            joined[-1] = UnitRange(joined[-1].first, units.last)
        else:
            joined.append(units)
    return tuple(joined)


def _wrong(came: str, zh: str, en: str) -> InputError:
    remedy = Text("请按“1-40, 55”的格式填写。", "Write them like 1-40, 55.")
    return InputError.of("wrong-unit-range", zh, en, came=came, remedy=remedy)
