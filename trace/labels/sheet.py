"""Paper: sheets of labels and rolls, and which label comes to stand where.

Lengths are integers in hundredths of a millimetre (``_cmm``), measured from the upper left corner of the paper. Of
the A4 grids most are cut by several makers of label paper; what a printer shifts is set right by offsets.

Nothing is printed near the edge of a label, for knives wander; nor near the edge of the paper, where office printers
print nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import Text

MM = 100
_EDGE_OF_LABEL, _EDGE_OF_PAPER = 150, 450
#: Who needs to move a grid further has another grid.
_FURTHEST = 1000


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the paper or on a label."""

    x_cmm: int
    y_cmm: int
    width_cmm: int
    height_cmm: int

    @property
    def right_cmm(self) -> int:
        return self.x_cmm + self.width_cmm

    @property
    def bottom_cmm(self) -> int:
        return self.y_cmm + self.height_cmm

    def moved(self, x_cmm: int, y_cmm: int) -> Box:
        return Box(self.x_cmm + x_cmm, self.y_cmm + y_cmm, self.width_cmm, self.height_cmm)

    def within(self, edge_cmm: int) -> Box:
        """What is left of it inside an edge all around."""
        inside = self.width_cmm - 2 * edge_cmm, self.height_cmm - 2 * edge_cmm
        return Box(self.x_cmm + edge_cmm, self.y_cmm + edge_cmm, *inside)

    def holds(self, other: Box) -> bool:
        return (
            self.x_cmm <= other.x_cmm
            and self.y_cmm <= other.y_cmm
            and other.right_cmm <= self.right_cmm
            and other.bottom_cmm <= self.bottom_cmm
        )

    def overlaps(self, other: Box) -> bool:
        return (
            self.x_cmm < other.right_cmm
            and other.x_cmm < self.right_cmm
            and self.y_cmm < other.bottom_cmm
            and other.y_cmm < self.bottom_cmm
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Paper with a grid of equal labels; a roll is paper with one. ValueError where the grid leaves the paper."""

    name: Text
    width_cmm: int
    height_cmm: int
    label_width_cmm: int
    label_height_cmm: int
    columns: int = 1
    rows: int = 1
    left_cmm: int = 0
    top_cmm: int = 0
    gap_x_cmm: int = 0
    gap_y_cmm: int = 0
    edge_cmm: int = _EDGE_OF_LABEL

    def __post_init__(self) -> None:
        if self.columns < 1 or self.rows < 1 or min(self.gap_x_cmm, self.gap_y_cmm) < 0:
            raise ValueError(f"not a grid of labels: {self.name.en}")
        if not all(self.paper.holds(self.cell(at)) for at in (1, self.labels)):
            raise ValueError(f"labels leave the paper: {self.name.en}")

    @property
    def labels(self) -> int:
        """How many stand on one piece of paper."""
        return self.columns * self.rows

    @property
    def paper(self) -> Box:
        return Box(0, 0, self.width_cmm, self.height_cmm)

    @property
    def label(self) -> Box:
        """One label by itself."""
        return Box(0, 0, self.label_width_cmm, self.label_height_cmm)

    @property
    def inside(self) -> Box:
        """What of a label may be printed on."""
        return self.label.within(self.edge_cmm)

    @property
    def furthest_cmm(self) -> tuple[int, int]:
        """How far everything may be moved, to either side and up or down, before print leaves the paper."""
        first, last = self.cell(1).within(self.edge_cmm), self.cell(self.labels).within(self.edge_cmm)
        return (
            min(_FURTHEST, first.x_cmm, self.width_cmm - last.right_cmm),
            min(_FURTHEST, first.y_cmm, self.height_cmm - last.bottom_cmm),
        )

    def cell(self, position: int) -> Box:
        """The label at a position, counted from 1 along the rows, as one reads."""
        row, column = divmod(position - 1, self.columns)
        return self.label.moved(
            self.left_cmm + column * (self.label_width_cmm + self.gap_x_cmm),
            self.top_cmm + row * (self.label_height_cmm + self.gap_y_cmm),
        )


def _a4(columns: int, rows: int, width_cmm: int, height_cmm: int, *, gap_x_cmm: int = 0) -> Sheet:
    """A grid in the middle of the paper, as label paper is cut."""
    wide, high = 210 * MM, 297 * MM
    left_cmm = (wide - columns * width_cmm - (columns - 1) * gap_x_cmm) // 2
    top_cmm = (high - rows * height_cmm) // 2
    return Sheet(
        name=Text(
            f"A4，{columns}×{rows}，每张 {width_cmm / MM:g}×{height_cmm / MM:g} mm",
            f"A4, {columns}×{rows}, {width_cmm / MM:g}×{height_cmm / MM:g} mm each",
        ),
        width_cmm=wide,
        height_cmm=high,
        label_width_cmm=width_cmm,
        label_height_cmm=height_cmm,
        columns=columns,
        rows=rows,
        left_cmm=left_cmm,
        top_cmm=top_cmm,
        gap_x_cmm=gap_x_cmm,
        edge_cmm=max(_EDGE_OF_LABEL, _EDGE_OF_PAPER - min(left_cmm, top_cmm)),
    )


def _roll(width_mm: int, height_mm: int) -> Sheet:
    width_cmm, height_cmm = width_mm * MM, height_mm * MM
    return Sheet(
        name=Text(f"标签机卷纸，{width_mm}×{height_mm} mm", f"roll, {width_mm}×{height_mm} mm"),
        width_cmm=width_cmm,
        height_cmm=height_cmm,
        label_width_cmm=width_cmm,
        label_height_cmm=height_cmm,
    )


#: By the key under which they are asked for; the first is the usual one.
SHEETS: dict[str, Sheet] = {
    "a4-3x8": _a4(3, 8, 7000, 3700),
    "a4-2x7": _a4(2, 7, 9910, 3810, gap_x_cmm=250),
    "a4-3x7": _a4(3, 7, 6350, 3810, gap_x_cmm=250),
    "a4-2x4": _a4(2, 4, 9910, 6770, gap_x_cmm=250),
    "a4-4x10": _a4(4, 10, 4850, 2540),
    "roll-100x70": _roll(100, 70),
    "roll-70x50": _roll(70, 50),
    "roll-60x40": _roll(60, 40),
    "roll-50x30": _roll(50, 30),
    "roll-40x30": _roll(40, 30),
    "roll-40x60": _roll(40, 60),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the label with this number in its list is printed; ``page`` counts from 0."""

    page: int
    cell: Box
    label: int


def places(sheet: Sheet, labels: int, *, start: int, copies: int) -> Iterator[Place]:
    """Copies of a label follow each other. The first stands at position ``start`` of the first page."""
    for number in range(labels * copies):
        page, position = divmod(start - 1 + number, sheet.labels)
        yield Place(page, sheet.cell(position + 1), number // copies)
