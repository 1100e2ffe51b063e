"""The package as it is handed over: files in the layout of BagIt (RFC 8493) in one ZIP, the same bytes for the same files.

The ZIP stores its members as they are: photos and PDF are packed already, and whoever checks it can write the very same
bytes again without depending on how some version of a library compresses.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

from .taken import Content, digest_of, listed, size_of

_BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_PIECE = 1 << 20
#: What the headers of a plain ZIP can say.
MOST_BYTES = 0xFFFF_FFFF
MOST_FILES = 0xFFFF


def bag(
    data: Mapping[str, Content], beside: Mapping[str, bytes], about: Mapping[str, str]
) -> dict[str, Content]:
    """All files of a bag. ``data``: those below ``data/``; ``beside``: tag files of our own; ``about``: lines of bag-info.txt."""
    size = sum(size_of(content) for content in data.values())
    lines = {**about, "Payload-Oxum": f"{size}.{len(data)}"}
    tags: dict[str, bytes] = {
        **beside,
        "bagit.txt": _BAGIT,
        "bag-info.txt": "".join(f"{label}: {value}\n" for label, value in lines.items()).encode(),
        "manifest-sha256.txt": listed({name: digest_of(content) for name, content in data.items()}),
    }
    sums = listed({name: digest_of(content) for name, content in tags.items()})
    return {**data, **tags, "tagmanifest-sha256.txt": sums}


def write_zip(file: BinaryIO, folder: str, files: Mapping[str, Content]) -> str:
    """Write the files below one folder as a ZIP; SHA-256 of all that was written, in hex. Raises ValueError beyond what a plain ZIP holds."""
    digest, at, directory = sha256(), 0, BytesIO()

    def put(piece: bytes) -> None:
        nonlocal at
        file.write(piece)
        digest.update(piece)
        at += len(piece)

    for name, content in sorted((f"{folder}/{name}", content) for name, content in files.items()):
        spelled, begin = name.encode(), at
        size, crc = size_of(content), 0
        for piece in _pieces(content):
            crc = crc32(piece, crc)
        # version 2.0, names in UTF-8, stored, at midnight of 1980-01-01: a ZIP knows no earlier one and needs none
        common = struct.pack("<HHHHHIIIHH", 20, 0x0800, 0, 0, 0x21, crc, size, size, len(spelled), 0)
        put(b"PK\x03\x04" + common + spelled)
        for piece in _pieces(content):
            put(piece)
        readable_file = 0o100644 << 16
        directory.write(b"PK\x01\x02" + struct.pack("<H", 0x0314) + common)
        directory.write(struct.pack("<HHHII", 0, 0, 0, readable_file, begin) + spelled)
        if at > MOST_BYTES:
            raise ValueError(f"a plain ZIP holds {MOST_BYTES:,} bytes")
    if len(files) > MOST_FILES:
        raise ValueError(f"a plain ZIP holds {MOST_FILES:,} files")
    listing, begin, count = directory.getvalue(), at, len(files)
    put(listing)
    put(b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(listing), begin, 0))
    return digest.hexdigest()


def _pieces(content: Content) -> Iterator[bytes]:
    if isinstance(content, Path):
        with content.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
    else:
        yield content
