"""One label in ZPL II, as a picture (^GFA): any printer that speaks it prints Chinese without a font of its own."""

from __future__ import annotations

from PIL import Image, ImageChops


def zpl(bitmap: Image.Image, copies: int = 1) -> bytes:
    """A whole format for a bitmap of mode "1". Plain hexadecimal, for imitations of the language know no compression.

    ^PW and ^LL give the size in dots; in ^GFA stand bytes, bytes, bytes in a row, then rows from the top, a set bit black.
    """
    width, height = bitmap.size
    rows = ImageChops.invert(bitmap).tobytes()
    a_row = -(-width // 8)
    picture = f"^FO0,0^GFA,{len(rows)},{len(rows)},{a_row},{rows.hex().upper()}^FS"
    return f"^XA^PW{width}^LL{height}^LH0,0{picture}^PQ{copies}^XZ\n".encode("ascii")
