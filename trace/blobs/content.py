"""What a file is by its own bytes: the media types that are taken, and whether a file is what it is said to be.

No picture is decoded and no document is opened: `structure` walks from part to part, so a file costs the time to
read it and no memory. What is recognised here is what a browser will be told later; the name of a file and what
its sender says of it are never believed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..errors import InputError, Text
from .structure import Content, check_jpeg, check_pdf, check_png, check_webp, refuse_second_nature

#: One attachment. A photo of a phone has 3 to 8 MB, a scanned report of thirty pages some 10.
MAX_BLOB_BYTES = 20 * 1024 * 1024
#: So many bytes tell what a file is.
HEAD_BYTES = 64


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type that is taken. ``is_picture``: browsers show it without running anything in it."""

    name: str
    extension: str
    title: Text
    is_picture: bool
    check: Callable[[Content], None]


#: HEIC is not among them: most browsers cannot show it, and a phone that is asked for JPEG sends JPEG.
TAKEN: Mapping[str, MediaType] = {
    each.name: each
    for each in (
        MediaType("image/jpeg", ".jpg", Text("JPEG 图片", "a JPEG picture"), True, check_jpeg),
        MediaType("image/png", ".png", Text("PNG 图片", "a PNG picture"), True, check_png),
        MediaType("image/webp", ".webp", Text("WebP 图片", "a WebP picture"), True, check_webp),
        MediaType("application/pdf", ".pdf", Text("PDF 文件", "a PDF document"), False, check_pdf),
    )
}


def media_type_of(head: bytes) -> str:
    """The media type that these first bytes begin; "" for none that is taken."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "application/pdf" if head.startswith(b"%PDF-") else ""


def checked_type(data: Content, declared: str = "") -> str:
    """The media type of a whole file, which must be ``declared`` where that is said.

    Raises InputError: ``wrong-media-type`` for a file of another kind, ``unreadable-file`` for one that is broken,
    or could be taken for something else as well.
    """
    head = data[:HEAD_BYTES]
    found = media_type_of(head)
    if not found:
        raise _not_taken(head)
    require_taken(declared or found)
    if declared not in ("", found):
        raise InputError.of(
            "wrong-media-type",
            f"内容是{TAKEN[found].title.zh}，却说是 {declared}",
            f"this is {TAKEN[found].title.en}, and was said to be {declared}",
            came=declared,
            where="Content-Type",
            remedy=Text(f"使用 Content-Type: {found}", f"send Content-Type: {found}"),
        )
    TAKEN[found].check(data)
    refuse_second_nature(data, is_pdf=found == "application/pdf")
    return found


def require_taken(declared: str) -> None:
    """Refuse a media type that is not taken. Raises InputError ``wrong-media-type``."""
    if declared not in TAKEN:
        names = tuple(TAKEN)
        raise InputError.of(
            "wrong-media-type",
            f"附件只收 {'、'.join(names)}",
            f"attachments are {', '.join(names)}",
            came=declared,
            where="Content-Type",
            remedy=_REMEDY,
        )


_REMEDY = Text("请改存为 JPEG、PNG、WebP 或 PDF 再上传", "save it as JPEG, PNG, WebP or PDF and send that")
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")

#: What people and attackers send instead, told by its first bytes, so that the answer can name it.
_LOOKS_LIKE: tuple[tuple[Callable[[bytes], bool], Text], ...] = (
    (lambda head: not head, Text("空文件", "an empty file")),
    (lambda head: head.startswith(b"MZ"), Text("Windows 程序", "a Windows program")),
    (lambda head: head.startswith((b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")), Text("程序", "a program")),
    (lambda head: head.startswith(b"#!"), Text("脚本", "a script")),
    (lambda head: head.startswith(b"PK"), Text("压缩包或 Office 文件", "an archive or an Office file")),
    (lambda head: head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")), Text("压缩包", "an archive")),
    (lambda head: head.startswith(b"\xd0\xcf\x11\xe0"), Text("旧版 Office 文件", "an old Office file")),
    (lambda head: head.startswith(b"GIF8"), Text("GIF 图片", "a GIF picture")),
    (lambda head: head.startswith((b"II*\0", b"MM\0*")), Text("TIFF 图片", "a TIFF picture")),
    (lambda head: head.startswith(b"BM"), Text("BMP 图片", "a BMP picture")),
    (lambda head: head[4:8] == b"ftyp" and head[8:12] in _HEIC, Text("HEIC 照片", "a HEIC photo")),
    (lambda head: head[4:8] == b"ftyp", Text("视频", "a video")),
    (lambda head: b"<svg" in head.lower(), Text("SVG 图形，其中可以有程序", "an SVG drawing, which can hold programs")),
    (lambda head: head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"), Text("网页或 XML", "a web page or XML")),
)  # fmt: skip


def _not_taken(head: bytes) -> InputError:
    what = next((text for is_it, text in _LOOKS_LIKE if is_it(head)), None)
    zh, en = ("", "") if what is None else (f"，而像是{what.zh}", f"; it looks like {what.en}")
    return InputError.of(
        "wrong-media-type",
        f"内容不是 JPEG、PNG、WebP 或 PDF{zh}",
        f"these bytes are no JPEG, PNG, WebP or PDF{en}",
        came=head[:12].hex(" "),
        remedy=_REMEDY,
    )
