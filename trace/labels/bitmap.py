"""One label in black and white dots, for PNG and for label printers.

A module of the QR code is a whole number of dots, so that none is wider than its neighbour; text is set character by
character where the layout has it, in dots and without grey.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from ..lettering.font import font, path
from .drawn import draw
from .label import Label
from .sheet import MM, Sheet


class Resolution(IntEnum):
    """Dots per inch of label printers: 8 and 12 to the millimetre."""

    COARSE = 203
    FINE = 300


def label_bitmap(label: Label, sheet: Sheet, dpi: int) -> Image.Image:
    """One label of this paper, of mode "1": 0 is black, 255 white."""
    drawn, letters = draw(label, sheet, font()), font()

    def dots(length_cmm: float) -> int:
        return round(length_cmm * dpi / 25.4 / MM)

    image = Image.new("1", (dots(sheet.label_width_cmm), dots(sheet.label_height_cmm)), 255)
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"
    side = dots(drawn.qr.width_cmm)
    module = side // drawn.modules_across
    rest = (side - module * drawn.modules_across) // 2
    left, top = dots(drawn.qr.x_cmm) + rest, dots(drawn.qr.y_cmm) + rest
    for x, y, length in drawn.bars():
        corner = left + x * module, top + y * module
        pen.rectangle((*corner, corner[0] + length * module - 1, corner[1] + module - 1), fill=0)
    for line in drawn.lines:
        face, x_cmm = _face(dots(line.size_cmm)), float(line.x_cmm)
        for character in line.text:
            pen.text((dots(x_cmm), dots(line.baseline_cmm)), character, font=face, fill=0, anchor="ls")
            x_cmm += letters.advance(character) * line.size_cmm / 1000
    return image


def label_png(label: Label, sheet: Sheet, dpi: int) -> bytes:
    """With its resolution in it, so that programs print it at its size."""
    out = BytesIO()
    label_bitmap(label, sheet, dpi).save(out, format="PNG", dpi=(dpi, dpi))
    return out.getvalue()


@lru_cache(maxsize=64)
def _face(dots: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path(), dots, layout_engine=ImageFont.Layout.BASIC)
