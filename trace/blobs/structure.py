"""The structure of a picture or PDF, walked from part to part: is it whole, bounded, and nothing else besides.

JPEG: ITU-T T.81 annex B; PNG: W3C PNG 3rd edition §5; WebP: RFC 9649 §2.7; PDF: ISO 32000-2 §7.5. No pixel is
decoded, so a small file that would unpack to gigabytes costs nothing here; that it would is seen by what it
declares. Every function raises InputError ``unreadable-file``, and otherwise says nothing.
"""

from __future__ import annotations

import re
import zlib
from mmap import mmap

from ..errors import InputError, Text

#: A file that is read in place; nothing here copies more than a part of it.
Content = bytes | mmap

#: A telephone of today takes pictures of up to 200 million pixels; they come as JPEG.
MOST_PIXELS_JPEG = 220_000_000
#: Screens and scans; whoever shows one unpacks it to four bytes a pixel.
MOST_PIXELS = 100_000_000
#: Parts (segments, chunks) of a file: real ones have some thousands at most.
MOST_PARTS = 20_000
#: DEFLATE cannot pack tighter than 1032 : 1 (zlib's own limit).
_TIGHTEST = 1032
_STEP = 1 << 20

#: What a reader of another kind would act on, were it given this file.
_MARKUP = re.compile(
    rb"<(?:script|iframe|html|body|object|embed)[\s>/]|<!doctype\s+html|<\?php", re.IGNORECASE
)


def _unreadable(zh: str, en: str, remedy: Text | None = None) -> InputError:
    return InputError.of("unreadable-file", zh, en, remedy=remedy)


def _cut_off() -> InputError:
    return _unreadable(
        "文件不完整，后面缺了一段",
        "the file is cut off: its end is missing",
        Text("请重新上传", "send it again"),
    )


def _require_size(width: int, height: int, most: int) -> None:
    if not width or not height:
        raise _unreadable("图片没有大小", "the picture has no size")
    if width * height > most:
        raise _unreadable(
            f"图片有 {width:,} × {height:,} 像素，上限是 {most:,} 像素",
            f"the picture has {width:,} × {height:,} pixels; the limit is {most:,} pixels",
            Text("请缩小后再上传", "make it smaller and send that"),
        )


def _require_few(parts: int) -> None:
    if parts > MOST_PARTS:
        raise _unreadable("文件分成了过多的段", "the file is in too many pieces")


def _refuse_markup(data: Content, start: int, end: int) -> None:
    if _MARKUP.search(data, start, end):
        raise _unreadable(
            "文件里藏有网页或程序代码", "code of a web page or program is hidden in the file", _EXPORT_ANEW
        )


_EXPORT_ANEW = Text("请重新拍照，或另存后再上传", "take the picture anew, or save it anew and send that")


# --- JPEG ---------------------------------------------------------------------------------------------

MARKER = re.compile(rb"\xff+([\x01-\xfe])")
#: What ends a run of entropy-coded bytes: neither a stuffed FF nor a restart marker.
AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


def check_jpeg(data: Content) -> None:
    """Segments to the end of the picture, with a frame and a scan.

    What follows the picture stays: phones put a second picture, a second of film or a depth map there. It may not
    hold code, as the texts beside the picture may not.
    """
    at, sized, scanned = 2, False, False
    for parts in range(MOST_PARTS + 2):
        _require_few(parts)
        marker = MARKER.match(data, at)
        if marker is None:
            raise (
                _cut_off()
                if at >= len(data) - 1
                else _unreadable("JPEG 的结构有误", "the structure of this JPEG is broken")
            )
        code, at = marker[1][0], marker.end()
        if code == 0xD9:
            break
        if code in ALONE:
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        end = at + length
        if end > len(data):
            raise _cut_off()
        if length < 2 or code == 0xD8:
            raise _unreadable("JPEG 的结构有误", "the structure of this JPEG is broken")
        if code in _FRAMES:
            height, width = (int.from_bytes(data[at + n : at + n + 2], "big") for n in (3, 5))
            _require_size(width, height, MOST_PIXELS_JPEG)
            sized = True
        elif code == 0xDA:
            following = AFTER_SCAN.search(data, end)
            if following is None:
                raise _cut_off()
            scanned, end = True, following.start()
        else:
            _refuse_markup(data, at, end)
        at = end
    if not (sized and scanned):
        raise _unreadable("JPEG 里没有图像", "there is no picture in this JPEG")
    _refuse_markup(data, at, len(data))


# --- PNG ----------------------------------------------------------------------------------------------

_CHUNK_NAME = re.compile(rb"[A-Za-z]{4}")
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def check_png(data: Content) -> None:
    """Chunks with right checksums from IHDR to IEND, pixels that the packed bytes can hold, and nothing after."""
    at, packed, unpacked = 8, 0, 0
    for parts in range(MOST_PARTS + 2):
        _require_few(parts)
        if at + 12 > len(data):
            raise _cut_off()
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body, end = at + 8, at + 12 + length
        if not _CHUNK_NAME.fullmatch(name) or (name == b"IHDR") != (parts == 0):
            raise _unreadable("PNG 的结构有误", "the structure of this PNG is broken")
        if end > len(data):
            raise _cut_off()
        if _crc(data, at + 4, end - 4) != int.from_bytes(data[end - 4 : end], "big"):
            raise _unreadable("PNG 的校验和不对", "a checksum in this PNG is wrong")
        if name == b"IHDR":
            unpacked = _unpacked_size(data[body : end - 4])
        elif name == b"IDAT":
            packed += length
        elif name == b"IEND":
            break
        else:
            _refuse_markup(data, body, end - 4)
        at = end
    if end != len(data):
        raise _unreadable(
            "图片结尾之后还有别的内容", "something else follows after the end of the picture", _EXPORT_ANEW
        )
    if not packed or unpacked > packed * _TIGHTEST:
        raise _unreadable(
            "图片声明的像素多于其内容", "the picture declares more pixels than its bytes can hold"
        )


def _unpacked_size(header: bytes) -> int:
    """Bytes of all rows, as IHDR declares them (PNG §7.2)."""
    if len(header) != 13 or header[9] not in _SAMPLES or header[8] not in (1, 2, 4, 8, 16):
        raise _unreadable("PNG 的结构有误", "the structure of this PNG is broken")
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    _require_size(width, height, MOST_PIXELS)
    return int(height * (1 + (width * _SAMPLES[header[9]] * header[8] + 7) // 8))


def _crc(data: Content, start: int, end: int) -> int:
    crc = 0
    for at in range(start, end, _STEP):
        crc = zlib.crc32(data[at : min(at + _STEP, end)], crc)
    return crc


# --- WebP ---------------------------------------------------------------------------------------------


def check_webp(data: Content) -> None:
    """A RIFF container exactly as long as the file, with a picture in it."""
    if int.from_bytes(data[4:8], "little") + 8 != len(data):
        raise _unreadable(
            "WebP 的长度与所写不符",
            "this WebP is not as long as it says",
            Text("请重新上传", "send it again"),
        )
    at, parts, pictures = 12, 0, 0
    while at < len(data):
        parts += 1
        _require_few(parts)
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body, end = at + 8, at + 8 + length
        if end > len(data):
            raise _cut_off()
        if name in (b"VP8 ", b"VP8L", b"VP8X"):
            _require_size(*_webp_size(name, data[body : body + 10]), MOST_PIXELS)
            pictures += name != b"VP8X"
        elif name == b"ANMF":
            pictures += 1
        else:
            _refuse_markup(data, body, end)
        at = end + length % 2
    if not pictures:
        raise _unreadable("WebP 里没有图像", "there is no picture in this WebP")


def _webp_size(name: bytes, start: bytes) -> tuple[int, int]:
    if name == b"VP8 " and start[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(start[6:8], "little") & 0x3FFF, int.from_bytes(start[8:10], "little") & 0x3FFF
    if name == b"VP8L" and start[:1] == b"\x2f":
        bits = int.from_bytes(start[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8X" and len(start) == 10:
        return int.from_bytes(start[4:7], "little") + 1, int.from_bytes(start[7:10], "little") + 1
    raise _unreadable("WebP 的结构有误", "the structure of this WebP is broken")


# --- PDF ----------------------------------------------------------------------------------------------

_HEADER = re.compile(rb"%PDF-[12]\.[0-9]")
_END = re.compile(rb"startxref\s+([0-9]{1,10})\s+%%EOF[\s\0]*\Z")


def check_pdf(data: Content) -> None:
    """A header, and an end that points back into the file. What it contains is not looked into: it is only downloaded."""
    if _HEADER.match(data) is None:
        raise _unreadable("PDF 的版本无法识别", "this version of PDF is not known")
    end = _END.search(data, max(0, len(data) - 2048))
    if end is None:
        raise _cut_off()
    if not 0 < int(end[1]) < len(data):
        raise _unreadable("PDF 的结构有误", "the structure of this PDF is broken")
    _refuse_markup(data, 0, 1024)


# --- what else it could be ----------------------------------------------------------------------------

#: The end of a ZIP archive on one disk (APPNOTE §4.3.16): archives, programs for Java and Office files have it.
_END_OF_ARCHIVE = b"PK\x05\x06\0\0\0\0"


def refuse_second_nature(data: Content, *, is_pdf: bool) -> None:
    """Refuse a file that other programs would take for something else: an archive, or a PDF inside a picture."""
    if data.find(_END_OF_ARCHIVE, max(0, len(data) - 0xFFFF - 22)) >= 0:
        raise _unreadable("文件里藏有压缩包", "an archive is hidden in the file", _EXPORT_ANEW)
    if not is_pdf and data.find(b"%PDF-", 0, 1024) >= 0:
        raise _unreadable("图片里藏有 PDF", "a PDF is hidden in the picture", _EXPORT_ANEW)
