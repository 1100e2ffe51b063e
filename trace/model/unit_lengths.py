"""Drums with their lengths as a workshop writes them: ``1-20 × 500; 21 × 320``.

Left of the sign stand the numbers of the drums, right of it the metres on each. ``20盘 × 500`` are twenty drums, which
take the next numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from ..codes.trace_code import LARGEST_UNIT
from ..codes.unit_ranges import UnitRange, format_units, parse_units
from ..errors import InputError, Text, shown
from .quantities import metres_to_mm, show_metres
from .state import UnitLength

#: More groups than a production may name are refused where it is recorded; this only bounds the work.
_LONGEST = 10_000
#: NFKC has made full-width signs plain before this is used. ``x`` stands for the sign only between figures.
_TIMES = re.compile(r"\s*(?:[×*·@]|(?<=[0-9盘卷轴个s])\s*x\s*(?=[0-9]))\s*", re.IGNORECASE)
_SEPARATOR = re.compile(r"[;\n。]+")
#: A comma between two groups: behind a length, before further drums. Behind a bare figure it may be the one of 1,500; behind a
#: unit, and as 、, it never is.
_COMMA = re.compile(
    r"([×*·@x]\s*[0-9][0-9.,]*?\s*(km|m|千米|公里|米)?)\s*(?:(?(2),|,(?![0-9]{3}(?![0-9])))|、)(?=[^;\n×*·@x]*[×*·@x])",
    re.IGNORECASE,
)
_COUNT = re.compile(r"([0-9]{1,9})\s*(?:[盘卷轴个]|drums?|coils?)", re.IGNORECASE)


def parse_unit_lengths(text: str) -> tuple[UnitLength, ...]:
    """Groups in ascending order of their drums; ``"1～20×500米；21×320"`` is 1-20 of 500 m and 21 of 320 m.

    Raises `InputError` ``wrong-unit-range`` for what is no drum, for a drum that is named twice and for a length of
    nothing, ``wrong-quantity`` for a length that is none.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    if len(folded) > _LONGEST:
        raise _wrong(text, "内容过长", "this is too long")
    groups: list[UnitLength] = []
    for part in (each.strip() for each in _SEPARATOR.split(_COMMA.sub(r"\1;", folded))):
        if part:
            groups += _group(part, max((group.last for group in groups), default=0))
    if not groups:
        raise _wrong(text, "请写盘号和每盘长度", "give the drums and the length on each")
    groups.sort(key=lambda group: group.first)
    for before, after in pairwise(groups):
        if after.first <= before.last:
            raise _wrong(text, f"盘号重复：{after.first}", f"unit {after.first} is named twice")
    return tuple(groups)


def format_unit_lengths(groups: Iterable[UnitLength]) -> str:
    """Inverse of `parse_unit_lengths`: ``1-20 × 500; 21 × 320``."""
    return "; ".join(
        f"{format_units([UnitRange(group.first, group.last)])} × {show_metres(group.length_mm).replace(',', '')}"
        for group in groups
    )


def total_mm(groups: Iterable[UnitLength]) -> int:
    return sum((group.last - group.first + 1) * group.length_mm for group in groups)


def remark_on(groups: Sequence[UnitLength]) -> Text | None:
    """What was likely meant otherwise: a single drum whose number is far from 1 may be so many drums."""
    if len(groups) != 1 or not groups[0].first == groups[0].last > 1:
        return None
    number, metres = groups[0].first, show_metres(groups[0].length_mm)
    return Text(
        f"这是一盘，盘号 {number}。如果是 {number} 盘，请写 1-{number} × {metres}",
        f"this is one drum with the number {number}; for {number} drums write 1-{number} × {metres}",
    )


def _group(part: str, taken: int) -> list[UnitLength]:
    sides = _TIMES.split(part)
    if len(sides) != 2:
        raise _wrong(
            part,
            f"“{shown(part)}”不是“盘号 × 每盘米数”",
            f"{shown(part)} is not “drums × metres on each”",
        )
    length_mm = metres_to_mm(sides[1])
    if not length_mm:
        raise _wrong(part, "每盘长度不能为 0", "no drum has a length of nothing")
    counted = _COUNT.fullmatch(sides[0].strip())
    if counted is None:
        ranges = parse_units(sides[0])
    elif 1 <= int(counted[1]) <= LARGEST_UNIT - taken:
        ranges = (UnitRange(taken + 1, taken + int(counted[1])),)
    else:
        raise _wrong(
            part,
            f"盘数应在 1 到 {LARGEST_UNIT - taken} 之间",
            f"there may be 1 to {LARGEST_UNIT - taken} drums",
        )
    bare = UnitLength(first=1, last=1, length_mm=length_mm)
    return [replace(bare, first=each.first, last=each.last) for each in ranges]


def _wrong(came: str, zh: str, en: str) -> InputError:
    remedy = Text(
        "请按“1-20 × 500; 21 × 320”的格式填写，单位是米。", "Write it like 1-20 × 500; 21 × 320, in metres."
    )
    return InputError.of("wrong-unit-range", zh, en, came=came, remedy=remedy)
