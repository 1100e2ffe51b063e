"""One label as SVG: text as outlines, so that it looks the same where no Chinese font is installed."""

from __future__ import annotations

from html import escape

from ..lettering.font import font
from .drawn import draw
from .label import Label
from .sheet import MM, Sheet


def label_svg(label: Label, sheet: Sheet) -> bytes:
    """The size of one label of this paper; one unit is a hundredth of a millimetre, the title its printed code."""
    drawn, letters = draw(label, sheet, font()), font()
    width, height = sheet.label_width_cmm, sheet.label_height_cmm
    module = drawn.qr.width_cmm / drawn.modules_across
    bars = "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in drawn.bars())
    outlines = []
    for line in drawn.lines:
        scale, x = line.size_cmm / 1000, float(line.x_cmm)
        for character in line.text:
            outlines.append(letters.outline(character, x, line.baseline_cmm, scale))
            x += letters.advance(character) * scale
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width / MM:g}mm" height="{height / MM:g}mm" '
        f'viewBox="0 0 {width} {height}"><title>{escape(label.printed)}</title>'
        f'<path fill="#fff" d="M0 0h{width}v{height}H0z"/>'
        f'<path shape-rendering="crispEdges" transform="translate({drawn.qr.x_cmm} {drawn.qr.y_cmm}) '
        f'scale({module:.4f})" d="{bars}"/><path d="{"".join(outlines)}"/></svg>'
    ).encode()
