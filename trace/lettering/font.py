"""The font of labels and papers: Noto Sans SC (SIL OFL 1.1), from the package that carries it.

It knows 30,890 characters, and no more: what it lacks is refused by name, for an empty box on a label is a wrong label.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock

import pylopdf_fonts_zh_cn
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from ..errors import Broken


def path() -> Path:
    return pylopdf_fonts_zh_cn.sans_path()


@cache
def font() -> Font:
    """Read once, when it is first asked for: 0.1 s and 8 MB, for as long as the process runs."""
    opened = TTFont(BytesIO(path().read_bytes()), lazy=True)
    if opened["head"].unitsPerEm != 1000:
        raise Broken("the font is not drawn in thousandths")
    names: Mapping[int, str] = opened.getBestCmap()
    metrics = opened["hmtx"].metrics
    return Font(names, {code: metrics[name][0] for code, name in names.items()}, opened, Lock())


@dataclass(frozen=True, slots=True)
class Font:
    """Names and advances of its glyphs by code point; one thousandth of the size of the font is the unit."""

    _names: Mapping[int, str]
    _advances: Mapping[int, int]
    _opened: TTFont
    #: Outlines are unpacked when they are first drawn, which two threads may not do to one of them.
    _drawing: Lock

    def advance(self, character: str) -> int:
        return self._advances[ord(character)]

    def lacking(self, texts: Iterable[str]) -> str:
        """The characters of these texts that are not in the font, each once, sorted; "" for none."""
        return "".join(sorted({c for text in texts for c in text if ord(c) not in self._advances}))

    def outline(self, character: str, x: float, y: float, scale: float) -> str:
        """The SVG path of a character that stands on ``y``; "" for a blank."""
        with self._drawing:
            glyphs = self._opened.getGlyphSet()
            pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.2f}".rstrip("0").rstrip("."))
            glyphs[self._names[ord(character)]].draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
        return str(pen.getCommands())
