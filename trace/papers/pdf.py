"""A paper as PDF: A4, everything as vectors, text that can be searched, the font embedded with the characters that occur.

The same paper gives the same bytes: nothing in the file comes from the clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..codes.qr import QUIET_ZONE, dark_runs, qr_modules
from ..errors import InputError, Text
from ..lettering.font import font, path
from .layout import HEIGHT_CMM, QR_CMM, RIGHT_CMM, TOP_CMM, WIDTH_CMM, Line, Page, lay_out
from .paper import Paper

if TYPE_CHECKING:
    from fpdf import FPDF

_MM = 100
#: PDF measures in points.
_POINTS_PER_CMM = 72 / 25.4 / _MM
_FONT = "papers"
#: Rules, and the outline that makes heads heavier than the one weight of the font, in millimetres.
_RULE_MM, _HEAVY_MM = 0.2, 0.12


def paper_pdf(paper: Paper) -> bytes:
    """Raises InputError ``wrong-input`` where the font lacks a character, naming it. Half a second for the first of a process."""
    # Imported here because it takes a second, which only those who print should wait.
    from fpdf import FPDF

    pages = lay_out(paper, _advance)
    _require(paper, pages)
    pdf = FPDF(unit="mm", format=(WIDTH_CMM / _MM, HEIGHT_CMM / _MM))
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(paper.made_at)
    pdf.set_creator("cabletrace")
    pdf.set_title(paper.title)
    pdf.set_lang("zh-CN")
    pdf.add_font(_FONT, fname=path())
    for number, page in enumerate(pages):
        pdf.add_page()
        pdf.set_font(_FONT)
        if number == 0:
            _qr(pdf, paper.url)
        _put(pdf, page)
    return bytes(pdf.output())


def _advance(character: str) -> int:
    """A character that the font lacks is refused once all of them are known; until then it is as wide as any Chinese one."""
    return 1000 if font().lacking(character) else font().advance(character)


def _require(paper: Paper, pages: list[Page]) -> None:
    lacking = font().lacking(line.text for page in pages for line in page.lines)
    if lacking:
        named = "、".join(f"{character}（U+{ord(character):04X}）" for character in lacking)
        raise InputError.of(
            "wrong-input",
            f"《{paper.title}》里有字体里没有的字：{named}",
            f"“{paper.title}” has characters that the font lacks: {named}",
            came=lacking,
            remedy=Text(
                "请更正这些字的写法，或照格式手写，并告诉运维",
                "correct how they are written, or write the paper by hand, and tell the operator",
            ),
        )


def _put(pdf: FPDF, page: Page) -> None:
    from fpdf.enums import TextMode

    pdf.set_line_width(_RULE_MM)
    for rule in page.rules:
        pdf.line(rule.x_cmm / _MM, rule.y_cmm / _MM, rule.to_x_cmm / _MM, rule.to_y_cmm / _MM)
    pdf.set_line_width(_HEAVY_MM)
    for line in page.lines:
        if line.is_heavy:
            with pdf.local_context(text_mode=TextMode.FILL_STROKE):
                _write(pdf, line)
        else:
            _write(pdf, line)


def _write(pdf: FPDF, line: Line) -> None:
    pdf.set_font_size(line.size_cmm * _POINTS_PER_CMM)
    pdf.text(line.x_cmm / _MM, line.baseline_cmm / _MM, line.text)


def _qr(pdf: FPDF, url: str) -> None:
    """In the upper right corner; dark runs of a row as one bar."""
    modules = qr_modules(url)
    module = QR_CMM / (len(modules) + 2 * QUIET_ZONE)
    for y, row in enumerate(modules, start=QUIET_ZONE):
        for x, length in dark_runs(row):
            left, top = RIGHT_CMM - QR_CMM + (QUIET_ZONE + x) * module, TOP_CMM + y * module
            pdf.rect(left / _MM, top / _MM, length * module / _MM, module / _MM, style="F")
