"""QR codes as SVG paths, drawn into the page itself so that they print sharply and need no request."""

from __future__ import annotations

from dataclasses import dataclass

import qrcode
from qrcode.constants import ERROR_CORRECT_M


@dataclass(frozen=True, slots=True)
class Qr:
    """One path over a square of ``size`` modules, quiet zone included (ISO/IEC 18004)."""

    size: int
    path: str


def qr(text: str) -> Qr:
    """Error correction M and four modules of quiet zone; dark neighbours in a row become one bar."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(text)
    rows = code.get_matrix()
    path = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                path.append(f"M{x} {y}h{end - x}v1h-{end - x}z")
            x = end + 1
    return Qr(len(rows), "".join(path))
