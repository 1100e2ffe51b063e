"""Where QR code and text stand on one label: pure arithmetic in hundredths of a millimetre.

The QR code stands at the left, or on top where a label is higher than wide. Text is as large as it can be: lines
break between Chinese characters, behind spaces and hyphens, and all sizes shrink together. Where even the
smallest size is too large, names end in “…”; code, number and length are never cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..codes.trace_code import ALPHABET
from ..lettering.lines import Advance, broken_into_lines, plain, width_of
from ..model.quantities import show_metres
from .label import Label
from .sheet import Box

#: On labels whose printing is on no record, so that nobody sticks one on a drum unawares.
PREVIEW = "样张 PREVIEW"

_GAP_CMM = 100
#: Of the body of the font, 1.6 mm (4.5 pt): 13 dots at 203 dpi, the least that shows a Chinese character.
_SMALLEST_CMM, _LARGEST_CMM, _STEP_CMM = 160, 600, 10

#: How far characters reach from the line they stand on, and from line to line, in thousandths of their size.
ASCENT, DESCENT, LEADING = 900, 250, 1200


@dataclass(frozen=True, slots=True)
class Line:
    """Text that begins at ``x_cmm`` and stands on ``baseline_cmm``."""

    text: str
    x_cmm: int
    baseline_cmm: int
    size_cmm: int

    def box(self, advance: Advance) -> Box:
        """What its characters may cover."""
        up, down = self.size_cmm * ASCENT // 1000, self.size_cmm * DESCENT // 1000
        return Box(self.x_cmm, self.baseline_cmm - up, width_of(self.text, self.size_cmm, advance), up + down)


@dataclass(frozen=True, slots=True)
class Layout:
    """``qr`` is a square with the quiet zone in it."""

    qr: Box
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing that is said. ``weight`` is its size in percent; ``may_be_cut``: whether it may end in “…”. ``is_code``: it takes
    the room of the widest code, so that all codes of a sheet break behind the same group."""

    text: str
    weight: int = 100
    may_be_cut: bool = False
    is_code: bool = False

    def measured(self, advance: Advance) -> Advance:
        if not self.is_code:
            return advance
        widest = max(map(advance, ALPHABET))
        return lambda character: widest if character in ALPHABET else advance(character)


def lay_out(label: Label, inside: Box, advance: Advance) -> Layout:
    """ValueError where the box is too small even for what may not be cut."""
    beside = inside.width_cmm >= inside.height_cmm
    if beside:
        side = min(inside.height_cmm, inside.width_cmm * 45 // 100)
        qr = Box(inside.x_cmm, inside.y_cmm + (inside.height_cmm - side) // 2, side, side)
        taken = side + _GAP_CMM
        room = Box(inside.x_cmm + taken, inside.y_cmm, inside.width_cmm - taken, inside.height_cmm)
    else:
        side = min(inside.width_cmm, inside.height_cmm * 55 // 100)
        qr = Box(inside.x_cmm + (inside.width_cmm - side) // 2, inside.y_cmm, side, side)
        taken = side + _GAP_CMM
        room = Box(inside.x_cmm, inside.y_cmm + taken, inside.width_cmm, inside.height_cmm - taken)
    return Layout(qr, _text(_items(label), room, advance))


def texts_of(label: Label) -> tuple[str, ...]:
    """Everything that is said in words, and the sign of what was cut."""
    return (*(item.text for item in _items(label)), "…")


def _items(label: Label) -> tuple[_Item, ...]:
    """Those without text are left out: nobody knows yet what a blank label will be of."""
    length = "" if label.length_mm is None else f" {show_metres(label.length_mm)} m"
    return (
        _Item(PREVIEW if label.is_preview else "", 110),
        _Item(plain(label.designation), 125, may_be_cut=True),
        _Item(f"第 {label.unit} 盘（卷）{length}", 110),
        _Item(plain(f"批号 {label.lot}") if label.lot else "", may_be_cut=True),
        _Item("" if label.produced_on is None else f"生产日期 {label.produced_on.isoformat()}"),
        _Item(plain(label.maker), may_be_cut=True),
        _Item(label.printed, is_code=True),
    )


# --- text ---------------------------------------------------------------------------------------------


def _text(items: Sequence[_Item], room: Box, advance: Advance) -> tuple[Line, ...]:
    items = [item for item in items if item.text]
    measures = [item.measured(advance) for item in items]
    thousandths = [sum(map(measure, item.text)) for item, measure in zip(items, measures, strict=True)]
    size_cmm = _LARGEST_CMM
    while True:
        sizes = [size_cmm * item.weight // 100 for item in items]
        # where each were one endless line, this many would be needed at the least
        least = sum(
            -(-whole * size // 1000 // room.width_cmm) * _leading(size)
            for whole, size in zip(thousandths, sizes, strict=True)
        )
        if least <= room.height_cmm:
            broken = [
                broken_into_lines(item.text, size, room.width_cmm, measure)
                for item, size, measure in zip(items, sizes, measures, strict=True)
            ]
            if _height(broken, sizes) <= room.height_cmm:
                return _set(broken, sizes, room)
        if size_cmm <= _SMALLEST_CMM:
            break
        size_cmm -= _STEP_CMM
    broken = [
        broken_into_lines(item.text, size, room.width_cmm, measure)
        for item, size, measure in zip(items, sizes, measures, strict=True)
    ]
    return _set(_cut(items, broken, sizes, room, advance), sizes, room)


def _cut(
    items: Sequence[_Item], broken: list[list[str]], sizes: Sequence[int], room: Box, advance: Advance
) -> list[list[str]]:
    """Take lines away, each from what has the most of those that may be cut, until the rest fits."""
    while _height(broken, sizes) > room.height_cmm:
        longest = max(
            (at for at, item in enumerate(items) if item.may_be_cut), key=lambda at: len(broken[at])
        )
        lines = broken[longest]
        if len(lines) == 1:
            raise ValueError(f"a label of this size holds no text: {room.width_cmm} × {room.height_cmm}")
        last = lines[-2]
        while width_of(last + "…", sizes[longest], advance) > room.width_cmm:
            last = last[:-1]
        broken[longest] = [*lines[:-2], last.rstrip() + "…"]
    return broken


def _set(broken: Sequence[Sequence[str]], sizes: Sequence[int], room: Box) -> tuple[Line, ...]:
    """In the middle of the height."""
    y_cmm = room.y_cmm + (room.height_cmm - _height(broken, sizes)) // 2
    lines = []
    for texts, size in zip(broken, sizes, strict=True):
        for text in texts:
            lines.append(Line(text, room.x_cmm, y_cmm + size * ASCENT // 1000, size))
            y_cmm += _leading(size)
    return tuple(lines)


def _height(broken: Sequence[Sequence[str]], sizes: Sequence[int]) -> int:
    return sum(len(texts) * _leading(size) for texts, size in zip(broken, sizes, strict=True))


def _leading(size_cmm: int) -> int:
    return size_cmm * LEADING // 1000
