"""A label as it is drawn, whatever draws it: laid out in its cell, the modules of its QR code in their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..codes.qr import QUIET_ZONE, dark_runs, qr_modules
from ..errors import InputError, Text
from ..lettering.font import Font
from .label import Label
from .layout import Layout, Line, lay_out, texts_of
from .sheet import Box, Sheet

#: Of the QR code; two dots at 203 dpi, and the least that phones read from printed paper.
SMALLEST_MODULE_CMM = 26


@dataclass(frozen=True, slots=True)
class Drawn:
    """``modules`` are the rows of the QR code without its quiet zone, True for dark."""

    layout: Layout
    modules: list[list[bool]]

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.layout.lines

    @property
    def qr(self) -> Box:
        return self.layout.qr

    @property
    def modules_across(self) -> int:
        """With the quiet zone on both sides."""
        return len(self.modules) + 2 * QUIET_ZONE

    def bars(self) -> Iterator[tuple[int, int, int]]:
        """(column, row, length) of each run of dark modules, counted from the corner of the quiet zone."""
        for y, row in enumerate(self.modules, start=QUIET_ZONE):
            for x, length in dark_runs(row):
                yield QUIET_ZONE + x, y, length


def draw(label: Label, sheet: Sheet, font: Font) -> Drawn:
    """Measured from the corner of one label. Raises InputError ``wrong-input`` for a character that the font lacks, and
    for an address too long for this paper."""
    _require(font, label)
    drawn = Drawn(lay_out(label, sheet.inside, font.advance), qr_modules(label.url))
    if drawn.qr.width_cmm < SMALLEST_MODULE_CMM * drawn.modules_across:
        raise InputError.of(
            "wrong-input",
            f"标签太小，放不下二维码：{label.url} 要 {drawn.modules_across} 格",
            f"the label is too small for its QR code: {label.url} takes {drawn.modules_across} modules",
            where="sheet",
            remedy=Text("请选更大的标签纸", "choose larger label paper"),
        )
    return drawn


def _require(font: Font, label: Label) -> None:
    lacking = font.lacking(texts_of(label))
    if lacking:
        raise InputError.of(
            "wrong-input",
            f"第 {label.unit} 盘的标签上有字体里没有的字：{lacking}",
            f"the label of unit {label.unit} has characters that the font lacks: {lacking}",
            came=lacking,
            where="units",
            remedy=Text(
                "请改用追溯码清单（CSV、XLSX）在自己的标签软件里打印，并告诉运维",
                "print from the list of codes (CSV, XLSX) with a label program of your own, and tell the operator",
            ),
        )
