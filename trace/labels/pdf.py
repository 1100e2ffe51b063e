"""Labels as PDF: sheets or a roll, everything as vectors, the font embedded with the characters that occur."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..lettering.font import font, path
from .drawn import Drawn, draw
from .label import Label
from .print_run import PrintRun
from .sheet import MM, Box, places

if TYPE_CHECKING:
    from fpdf import FPDF

#: PDF measures in points.
_POINTS_PER_CMM = 72 / 25.4 / MM
_FONT = "labels"


def labels_pdf(labels: Sequence[Label], run: PrintRun) -> bytes:
    """Raises InputError ``wrong-input`` as `draw` does. About 1.2 ms a label."""
    # Imported here because it takes a second, which only those who print should wait.
    from fpdf import FPDF

    sheet = run.sheet
    drawn = [draw(label, sheet, font()) for label in labels]  # may refuse: no file is open yet
    pdf = FPDF(unit="mm", format=(sheet.width_cmm / MM, sheet.height_cmm / MM))
    pdf.set_auto_page_break(False)
    pdf.set_creator("cabletrace")
    pdf.set_title("追溯码标签 Labels")
    pdf.set_lang("zh-CN")
    pdf.add_font(_FONT, fname=path())
    for place in places(sheet, len(labels), start=run.start, copies=run.copies):
        while pdf.pages_count <= place.page:
            pdf.add_page()
            pdf.set_font(_FONT)
        _put(pdf, drawn[place.label], place.cell.moved(run.right_cmm, run.down_cmm))
    return bytes(pdf.output())


def _put(pdf: FPDF, drawn: Drawn, cell: Box) -> None:
    _bars(pdf, drawn, drawn.qr.moved(cell.x_cmm, cell.y_cmm))
    for line in drawn.lines:
        pdf.set_font_size(line.size_cmm * _POINTS_PER_CMM)
        pdf.text((cell.x_cmm + line.x_cmm) / MM, (cell.y_cmm + line.baseline_cmm) / MM, line.text)


def _bars(pdf: FPDF, drawn: Drawn, qr: Box) -> None:
    """All dark bars as one path, filled at once: no hair between two of them, where each filled by itself may show one.

    Written past the library's own rectangles, whose strings for 300,000 of them take longer than all the rest.
    """
    module = qr.width_cmm * _POINTS_PER_CMM / drawn.modules_across
    left, top = qr.x_cmm * _POINTS_PER_CMM, pdf.h_pt - qr.y_cmm * _POINTS_PER_CMM
    rectangles = " ".join(
        f"{left + x * module:.3f} {top - (y + 1) * module:.3f} {length * module:.3f} {module:.3f} re"
        for x, y, length in drawn.bars()
    )
    pdf._out(f"{rectangles} f")
