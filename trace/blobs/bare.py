"""A picture without what stands in it besides the picture: where and when it was taken, by which device, by whom.

For photos of people who want to be protected and did not choose to tell that. Parts are left out, none is decoded or
packed anew, so every pixel stays as it was. Only what is known to be needed to show the picture is kept: an unknown part
goes. How the picture is to be turned is put in again, alone, or it would lie on its side.

JPEG: ITU-T T.81 annex B, JFIF, Exif 2.32 §4.5; PNG: W3C PNG 3rd edition §5, §11; WebP: RFC 9649 §2.7.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping

from ..errors import InputError
from .content import TAKEN, checked_type
from .structure import AFTER_SCAN, ALONE, MARKER


def bare(data: bytes) -> bytes:
    """The picture alone. The same picture gives the same bytes, and a bare one stays as it is.

    Raises InputError as `checked_type`, and ``wrong-media-type`` for what is no picture.
    """
    media_type = checked_type(data)
    if media_type not in _BARE:
        raise InputError.of(
            "wrong-media-type", f"这里只收照片，不收{TAKEN[media_type].title.zh}",
            f"photos are wanted here, not {TAKEN[media_type].title.en}",
        )  # fmt: skip
    return _BARE[media_type](data)


# --- how it is turned ---------------------------------------------------------------------------------

_ORIENTATION = 0x0112
_UPRIGHT = 1


def _orientation(tiff: bytes) -> int:
    """Which way up, 1 to 8, as the first directory of an Exif block says; 1 for one that cannot be read."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return _UPRIGHT
    (at,) = struct.unpack_from(f"{order}I", tiff, 4)
    if at + 2 > len(tiff):
        return _UPRIGHT
    (entries,) = struct.unpack_from(f"{order}H", tiff, at)
    for entry in range(at + 2, min(at + 2 + 12 * entries, len(tiff) - 11), 12):
        tag, kind, count, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
        if (tag, kind, count) == (_ORIENTATION, 3, 1):
            return value if 1 <= value <= 8 else _UPRIGHT
    return _UPRIGHT


def _only_turned(orientation: int) -> bytes:
    """An Exif block that says nothing else."""
    return b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)


# --- JPEG ---------------------------------------------------------------------------------------------

_EXIF = b"Exif\0\0"
_JFIF, _ICC, _ADOBE = b"JFIF\0", b"ICC_PROFILE\0", b"Adobe"
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_START_OF_SCAN, _END = 0xDA, 0xD9
#: Frames, tables and scans (T.81 table B.1).
_FIRST_FRAME, _EXPANSION = 0xC0, 0xDF


def _bare_jpeg(data: bytes) -> bytes:
    """Without the small picture of JFIF, and without what follows the picture: phones put another one there."""
    first: list[bytes] = []
    parts: list[bytes] = []
    orientation = _UPRIGHT
    for code, body, scan in _segments(data):
        if code == _APP0 and body.startswith(_JFIF) and len(body) >= 14:
            first = [_segment(code, body[:12] + b"\0\0")]
        elif code == _APP1 and body.startswith(_EXIF):
            orientation = _orientation(body[len(_EXIF) :])
        elif _is_kept(code, body):
            parts += (_segment(code, body), scan)
    turned = [] if orientation == _UPRIGHT else [_segment(_APP1, _EXIF + _only_turned(orientation))]
    return b"".join((b"\xff\xd8", *first, *turned, *parts, b"\xff\xd9"))


def _is_kept(code: int, body: bytes) -> bool:
    if code == _APP2:
        return body.startswith(_ICC)
    if code == _APP14:
        return body.startswith(_ADOBE) and len(body) == 12
    return _FIRST_FRAME <= code <= _EXPANSION


def _segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker, body, and the scan that follows, of every segment of a JPEG that was checked, up to its end."""
    at = 2
    while (marker := MARKER.match(data, at)) is not None and marker[1][0] != _END:
        code, at = marker[1][0], marker.end()
        if code in ALONE:
            continue
        end = at + int.from_bytes(data[at : at + 2], "big")
        following = AFTER_SCAN.search(data, end) if code == _START_OF_SCAN else None
        scan_ends = end if following is None else following.start()
        yield code, data[at + 2 : end], data[end:scan_ends]
        at = scan_ends


def _segment(code: int, body: bytes) -> bytes:
    return bytes((0xFF, code)) + (len(body) + 2).to_bytes(2, "big") + body


# --- PNG ----------------------------------------------------------------------------------------------

_PIXELS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_COLOURS = frozenset(
    {b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD", b"pHYs"}
)
_MOTION = frozenset({b"acTL", b"fcTL", b"fdAT"})


def _bare_png(data: bytes) -> bytes:
    parts = [data[:8]]
    orientation, at = _UPRIGHT, 8
    while at < len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        if name == b"eXIf":
            orientation = _orientation(data[at + 8 : end - 4])
        elif name in _PIXELS | _COLOURS | _MOTION:
            parts.append(data[at:end])
        at = end
    if orientation != _UPRIGHT:
        parts.insert(2, _chunk(b"eXIf", _only_turned(orientation)))  # behind IHDR
    return b"".join(parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")


# --- WebP ---------------------------------------------------------------------------------------------

_SHOWN = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"})
#: Frames hold parts of their own, among which anything may stand.
_MOVING = frozenset({b"ANIM", b"ANMF"})
_HAS_EXIF, _HAS_XMP = 0x08, 0x04


def _bare_webp(data: bytes) -> bytes:
    parts: list[tuple[bytes, bytes]] = []
    orientation, at = _UPRIGHT, 12
    while at < len(data):
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + length]
        if name in _MOVING:
            raise InputError.of(
                "wrong-media-type", "这里只收照片，不收动图", "photos are wanted here, no moving pictures"
            )
        if name == b"EXIF":
            orientation = _orientation(body.removeprefix(_EXIF))
        elif name in _SHOWN:
            parts.append((name, body))
        at += 8 + length + length % 2
    turned = orientation != _UPRIGHT and any(name == b"VP8X" for name, _ in parts)
    if turned:
        parts.append((b"EXIF", _only_turned(orientation)))
    content = b"WEBP" + b"".join(
        _riff(name, _with_flags(body, turned=turned) if name == b"VP8X" else body) for name, body in parts
    )
    return _riff(b"RIFF", content)


def _with_flags(header: bytes, *, turned: bool) -> bytes:
    """VP8X that says what there is now (RFC 9649 §2.7.1.1)."""
    flags = header[0] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if turned else 0)
    return bytes((flags,)) + header[1:10]


def _riff(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)


_BARE: Mapping[str, Callable[[bytes], bytes]] = {
    "image/jpeg": _bare_jpeg,
    "image/png": _bare_png,
    "image/webp": _bare_webp,
}
