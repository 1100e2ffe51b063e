"""Small real files, as cameras, scanners and screens make them, and pieces to build false ones from."""

from __future__ import annotations

import struct
import zlib
from hashlib import sha256
from io import BytesIO
from typing import Any

from PIL import Image

from cabletrace.blobs.content import media_type_of
from cabletrace.blobs.store import BlobStore


def picture(form: str, *, shade: int = 120, size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    """A picture as Pillow writes it: ``JPEG``, ``PNG`` or ``WEBP``. Each shade gives other bytes."""
    out = BytesIO()
    Image.new("RGB", size, (shade, 80, 40)).save(out, form, **options)
    return out.getvalue()


def photo(shade: int = 120) -> bytes:
    """A JPEG with EXIF as a phone writes it: time and place stand in it."""
    exif = Image.Exif()
    exif[0x010F] = "示例手机"
    exif[0x0132] = "2026:04:15 08:30:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (33.0, 37.0, 12.0), 3: "E", 4: (114.0, 39.0, 0.0)})
    return picture("JPEG", shade=shade, exif=exif)


def pdf(text: str = "report") -> bytes:
    """A document of one empty page with a cross-reference table."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    out = b"%PDF-1.4\n% " + text.encode() + b"\n"
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%bendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start


def chunk(name: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(width: int, height: int, packed: bytes, *more: bytes) -> bytes:
    """A PNG that declares this size, whatever its bytes hold; ``more`` chunks stand before its end."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", header), *more, chunk(b"IDAT", packed), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def name_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def document_of(data: bytes, name: str = "现场.jpg") -> dict[str, Any]:
    """How an event names a file."""
    return {"sha256": name_of(data), "name": name, "media_type": media_type_of(data[:64]), "size": len(data)}


def put(blobs: BlobStore, data: bytes, name: str = "现场.jpg") -> dict[str, Any]:
    """Store a file as an upload does; returns how an event names it."""
    with blobs.begin() as incoming:
        incoming.write(data)
        incoming.check()
        incoming.keep()
    return document_of(data, name)
