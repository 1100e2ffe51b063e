"""How a paper fills its pages: pure arithmetic in hundredths of a millimetre, from the upper left corner of A4.

A row that fits on a page stands on one; a longer one is divided between lines. The heads of a table are repeated; a
heading, a signature and a seal never part from what belongs to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..lettering.lines import Advance, broken_into_lines, plain, width_of
from .paper import Block, Fields, Heading, Paper, Paragraph, Room, Seal, Signatures, Table

WIDTH_CMM, HEIGHT_CMM = 21_000, 29_700
LEFT_CMM, RIGHT_CMM = 2_500, WIDTH_CMM - 2_000
TOP_CMM, BOTTOM_CMM = 2_200, HEIGHT_CMM - 2_300
QR_CMM = 2_600

_ACROSS = RIGHT_CMM - LEFT_CMM
_FOOT_CMM = HEIGHT_CMM - 1_300
#: 二号, 小三, 小四, 小五: 22, 15, 12 and 9 pt.
_TITLE, _HEADING, _BODY, _SMALL = 776, 529, 423, 318
_CELL = 388
_PADDING = 150
_GAP = 250
_LABEL_SHARE = 22
_DATE = "年　　月　　日"


@dataclass(frozen=True, slots=True)
class Line:
    """Text that begins at ``x_cmm`` and stands on ``baseline_cmm``; ``is_heavy``: titles and heads."""

    text: str
    x_cmm: int
    baseline_cmm: int
    size_cmm: int
    is_heavy: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin straight line, level or upright."""

    x_cmm: int
    y_cmm: int
    to_x_cmm: int
    to_y_cmm: int


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Line] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


def lay_out(paper: Paper, advance: Advance) -> list[Page]:
    """At least one page. The QR code belongs into the upper right corner of the first, `QR_CMM` wide."""
    hand = _Hand(advance)
    hand.head(paper)
    for block in paper.blocks:
        hand.put(block)
    for number, page in enumerate(hand.pages, start=1):
        said = f"第 {number} 页　共 {len(hand.pages)} 页"
        place = RIGHT_CMM - width_of(said, _SMALL, advance)
        page.lines.append(Line(said, place, _FOOT_CMM, _SMALL))
        foot = broken_into_lines(plain(paper.foot), _SMALL, place - LEFT_CMM - _GAP, advance)
        page.lines.append(Line(foot[0], LEFT_CMM, _FOOT_CMM, _SMALL))
    return hand.pages


@dataclass(frozen=True, slots=True)
class _Cell:
    lines: Sequence[str]
    x_cmm: int
    width_cmm: int
    is_heavy: bool = False
    is_figure: bool = False


_Row = Sequence[_Cell]


class _Hand:
    """Where the next thing will stand, and the pages written so far."""

    def __init__(self, advance: Advance):
        self.pages = [Page()]
        self._y_cmm = TOP_CMM
        self._advance = advance

    def head(self, paper: Paper) -> None:
        """The title in the middle, beside the QR code."""
        room = _ACROSS - 2 * (QR_CMM + _GAP)
        for text, size in ((paper.authority, _HEADING), (paper.title, _TITLE), (paper.number, _BODY)):
            for line in self._broken(text, size, room):
                self._write(line, LEFT_CMM + (_ACROSS - self._wide(line, size)) // 2, size, size != _BODY)
        self._y_cmm = max(self._y_cmm, TOP_CMM + QR_CMM) + _GAP

    def put(self, block: Block) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Paragraph():
                self._paragraph(block)
            case Fields():
                self._fields(block)
            case Table():
                self._table(block)
            case Room():
                self._room(block)
            case Signatures():
                self._signatures(block)
            case Seal():
                self._seal(block)

    # --- running text ---------------------------------------------------------------------------------

    def _heading(self, block: Heading) -> None:
        lines = self._broken(block.text, _HEADING, _ACROSS)
        self._y_cmm += _GAP
        self._keep(len(lines) * _leading(_HEADING) + 3 * _leading(_BODY))
        for line in lines:
            self._write(line, LEFT_CMM, _HEADING, is_heavy=True)

    def _paragraph(self, block: Paragraph) -> None:
        for said in block.text.splitlines() or [""]:
            indent = "　　" if block.is_indented else ""
            for line in broken_into_lines(indent + plain(said), _BODY, _ACROSS, self._advance):
                self._keep(_leading(_BODY))
                self._write(line, LEFT_CMM, _BODY)
        self._y_cmm += _GAP // 2

    def _room(self, block: Room) -> None:
        for _ in range(block.lines):
            self._keep(2 * _leading(_BODY))
            self._y_cmm += 2 * _leading(_BODY)
            self._page.rules.append(Rule(LEFT_CMM, self._y_cmm, RIGHT_CMM, self._y_cmm))
        self._y_cmm += _GAP

    def _signatures(self, block: Signatures) -> None:
        self._y_cmm += _GAP
        dated = RIGHT_CMM - self._wide(_DATE, _BODY)
        signed = [self._broken(f"{said}：", _BODY, _ACROSS * 55 // 100) for said in block.of]
        self._keep(sum(len(lines) * _leading(_BODY) + 2 * _GAP for lines in signed))
        for lines in signed:
            for line in lines:
                self._write(line, LEFT_CMM, _BODY)
            on = self._y_cmm - _leading(_BODY) + _baseline(_BODY)
            begins = LEFT_CMM + self._wide(lines[-1], _BODY) + 50
            self._page.rules.append(Rule(begins, on + 80, dated - 1_500, on + 80))
            self._page.lines.append(Line(_DATE, dated, on, _BODY))
            self._y_cmm += 2 * _GAP

    def _seal(self, block: Seal) -> None:
        said = [line for text in (block.authority, block.day) for line in self._broken(text, _BODY, _ACROSS)]
        self._keep((len(said) + 3) * _leading(_BODY))
        self._y_cmm += 2 * _leading(
            _BODY
        )  # the seal is as high as four lines, and covers the name and the day
        for line in [*said, "（印章）"]:
            middle = RIGHT_CMM - 4_000
            x_cmm = min(middle - self._wide(line, _BODY) // 2, RIGHT_CMM - self._wide(line, _BODY))
            self._write(line, max(x_cmm, LEFT_CMM), _BODY)

    # --- grids ----------------------------------------------------------------------------------------

    def _fields(self, block: Fields) -> None:
        for row in block.rows:
            share, label = _ACROSS // len(row), _ACROSS * _LABEL_SHARE // 100
            if len(row) > 1:
                label = label * 4 // 5
            cells = []
            for at, (name, said) in enumerate(row):
                left = LEFT_CMM + at * share
                right = LEFT_CMM + (at + 1) * share if at + 1 < len(row) else RIGHT_CMM
                cells.append(self._cell(name, left, label, is_heavy=True))
                cells.append(self._cell(said, left + label, right - left - label))
            self._row(cells)
        self._y_cmm += _GAP

    def _table(self, block: Table) -> None:
        edges = [
            LEFT_CMM + _ACROSS * sum(block.shares[:at]) // sum(block.shares)
            for at in range(len(block.heads) + 1)
        ]
        heads = [
            self._cell(head, edges[at], edges[at + 1] - edges[at], is_heavy=True)
            for at, head in enumerate(block.heads)
        ]
        self._keep(_high(heads) + 2 * _leading(_CELL))
        self._row(heads)
        for row in block.rows:
            cells = [
                self._cell(said, edges[at], edges[at + 1] - edges[at], is_figure=at in block.figures)
                for at, said in enumerate(row)
            ]
            self._row(cells, heads)
        self._y_cmm += _GAP

    def _cell(
        self, text: str, x_cmm: int, width_cmm: int, *, is_heavy: bool = False, is_figure: bool = False
    ) -> _Cell:
        lines = [
            line
            for said in text.splitlines() or [""]
            for line in self._broken(said, _CELL, width_cmm - 2 * _PADDING) or [""]
        ]
        return _Cell(lines, x_cmm, width_cmm, is_heavy, is_figure)

    def _row(self, cells: _Row, heads: _Row = ()) -> None:
        """On this page, or on the next behind its heads; longer than a page: as many lines of each as there is room for."""
        on_a_page = BOTTOM_CMM - TOP_CMM - (_high(heads) if heads else 0)
        while True:
            if self._y_cmm + _high(cells) <= BOTTOM_CMM:
                self._draw(cells)
                return
            fit = (BOTTOM_CMM - self._y_cmm - 2 * _PADDING) // _leading(_CELL)
            if _high(cells) > on_a_page and fit >= 2:
                self._draw([_part(cell, cell.lines[:fit]) for cell in cells])
                cells = [_part(cell, cell.lines[fit:]) for cell in cells]
            self._turn()
            if heads:
                self._draw(heads)

    def _draw(self, cells: _Row) -> None:
        top, bottom = self._y_cmm, self._y_cmm + _high(cells)
        for cell in cells:
            y_cmm = top + _PADDING
            for line in cell.lines:
                x_cmm = cell.x_cmm + _PADDING
                if cell.is_figure:
                    x_cmm = cell.x_cmm + cell.width_cmm - _PADDING - self._wide(line, _CELL)
                self._page.lines.append(Line(line, x_cmm, y_cmm + _baseline(_CELL), _CELL, cell.is_heavy))
                y_cmm += _leading(_CELL)
            self._page.rules.append(Rule(cell.x_cmm, top, cell.x_cmm, bottom))
        for y_cmm in (top, bottom):
            self._page.rules.append(Rule(LEFT_CMM, y_cmm, RIGHT_CMM, y_cmm))
        self._page.rules.append(Rule(RIGHT_CMM, top, RIGHT_CMM, bottom))
        self._y_cmm = bottom

    # --- the page -------------------------------------------------------------------------------------

    @property
    def _page(self) -> Page:
        return self.pages[-1]

    def _turn(self) -> None:
        self.pages.append(Page())
        self._y_cmm = TOP_CMM

    def _keep(self, height_cmm: int) -> None:
        """Turn the page where there is less room than this."""
        if self._y_cmm + height_cmm > BOTTOM_CMM:
            self._turn()

    def _write(self, line: str, x_cmm: int, size: int, is_heavy: bool = False) -> None:
        self._page.lines.append(Line(line, x_cmm, self._y_cmm + _baseline(size), size, is_heavy))
        self._y_cmm += _leading(size)

    def _broken(self, text: str, size: int, width_cmm: int) -> list[str]:
        said = plain(text)
        return broken_into_lines(said, size, width_cmm, self._advance) if said else []

    def _wide(self, text: str, size: int) -> int:
        return width_of(text, size, self._advance)


def _part(cell: _Cell, lines: Sequence[str]) -> _Cell:
    return _Cell(lines, cell.x_cmm, cell.width_cmm, cell.is_heavy, cell.is_figure)


def _high(cells: _Row) -> int:
    return max(1, *(len(cell.lines) for cell in cells)) * _leading(_CELL) + 2 * _PADDING


def _leading(size: int) -> int:
    return size * 3 // 2


def _baseline(size: int) -> int:
    """From the top of a line to where its characters stand."""
    return size * 113 // 100
