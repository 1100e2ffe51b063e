"""What a file is by its own bytes: real ones are taken, and what only calls itself so is refused in words."""

from __future__ import annotations

import os
import re
import struct
import tracemalloc
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cabletrace.blobs.content import TAKEN, checked_type, media_type_of
from cabletrace.blobs.store import BlobStore
from cabletrace.blobs.structure import MOST_PARTS
from cabletrace.errors import InputError
from files_for_tests import chunk, pdf, photo, picture, png_of

PHOTO = photo()
PNG = picture("PNG")
END_OF_JPEG = b"\xff\xd9"

GOOD: dict[str, tuple[str, bytes]] = {
    "a photo with time and place": ("image/jpeg", PHOTO),
    "a progressive photo": ("image/jpeg", picture("JPEG", progressive=True)),
    "a grey photo": ("image/jpeg", picture("JPEG", quality=20, optimize=True)),
    "a photo with a second picture behind": ("image/jpeg", PHOTO + picture("JPEG", size=(8, 8))),
    "a photo with a second of film behind": ("image/jpeg", PHOTO + b"\0\0\0\x18ftypmp42" + bytes(5000)),
    "a screenshot": ("image/png", PNG),
    "a screenshot with words beside it": ("image/png", png_of(1, 1, zlib.compress(bytes(4)), chunk(b"tEXt", b"Title\0a < b"))),
    "a black page": ("image/png", picture("PNG", size=(3000, 4000), shade=0)),
    "a picture from the web": ("image/webp", picture("WEBP")),
    "a lossless picture from the web": ("image/webp", picture("WEBP", lossless=True)),
    "a picture from the web with EXIF": ("image/webp", picture("WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0")),
    "a scanned report": ("application/pdf", pdf()),
}  # fmt: skip


def archive(*, before: bytes = b"") -> bytes:
    out = BytesIO(before)
    out.seek(0, os.SEEK_END)
    with zipfile.ZipFile(out, "a") as file:
        file.writestr("META-INF/MANIFEST.MF", "Main-Class: Thief")
    return out.getvalue()


def with_comment(said: bytes) -> bytes:
    """A photo with a comment that somebody wrote into it."""
    return PHOTO[:2] + b"\xff\xfe" + struct.pack(">H", len(said) + 2) + said + PHOTO[2:]


#: Name, bytes, the code of the refusal, and a word that the refusal must say.
BAD: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "wrong-media-type", "空文件"),
    "a program of Windows": (b"MZ\x90\0" + bytes(200), "wrong-media-type", "Windows 程序"),
    "a program of Linux": (b"\x7fELF\x02" + bytes(200), "wrong-media-type", "程序"),
    "a script": (b"#!/bin/sh\nrm -rf /\n", "wrong-media-type", "脚本"),
    "an Office file": (archive(), "wrong-media-type", "Office"),
    "a web page": (b"<!DOCTYPE html><script>alert(1)</script>", "wrong-media-type", "网页"),
    "a web page after a mark": (b"\xef\xbb\xbf \n<html>", "wrong-media-type", "网页"),
    "a drawing": (b'<?xml version="1.0"?><svg onload="alert(1)"/>', "wrong-media-type", "SVG"),
    "a photo of an iPhone": (b"\0\0\0\x24ftypheic" + bytes(100), "wrong-media-type", "HEIC"),
    "a film": (b"\0\0\0\x18ftypmp42" + bytes(100), "wrong-media-type", "视频"),
    "an animation": (b"GIF89a" + bytes(100), "wrong-media-type", "GIF"),
    "words": ("货已收到".encode(), "wrong-media-type", "不是"),
    "the beginning of a photo": (PHOTO[:-100], "unreadable-file", "不完整"),
    "a photo without its last byte": (PHOTO[:-1], "unreadable-file", "不完整"),
    "a photo without a picture": (b"\xff\xd8\xff\xd9", "unreadable-file", "没有图像"),
    "only the signature of a photo": (b"\xff\xd8\xff", "unreadable-file", "不完整"),
    "a page in a photo's comment": (with_comment(b"<script>alert(1)</script>"), "unreadable-file", "代码"),
    "a server's program in a photo's comment": (with_comment(b"<?php system($_GET[0]);"), "unreadable-file", "代码"),
    "a page behind a photo": (PHOTO + b"<html><body>", "unreadable-file", "代码"),
    "an archive behind a photo": (archive(before=PHOTO), "unreadable-file", "压缩包"),
    "a document in a photo": (with_comment(b"\n%PDF-1.7\n"), "unreadable-file", "PDF"),
    "a photo of endless segments": (b"\xff\xd8" + b"\xff\xfe\0\x02" * (MOST_PARTS + 1) + END_OF_JPEG, "unreadable-file", "过多"),
    "a screenshot cut off": (PNG[:-12], "unreadable-file", "不完整"),
    "a screenshot with a wrong checksum": (PNG[:-14] + b"\0" + PNG[-13:], "unreadable-file", "校验和"),
    "something behind a screenshot": (PNG + b"more", "unreadable-file", "结尾之后"),
    "an archive behind a screenshot": (archive(before=PNG), "unreadable-file", "结尾之后"),
    "a page in a screenshot": (png_of(1, 1, zlib.compress(bytes(4)), chunk(b"tEXt", b"a\0<script>")), "unreadable-file", "代码"),
    "a picture of no size": (png_of(0, 10, b"x"), "unreadable-file", "大小"),
    "a picture of gigabytes": (png_of(40_000, 40_000, zlib.compress(bytes(10))), "unreadable-file", "像素"),
    "a picture that its bytes cannot hold": (png_of(9_000, 9_000, zlib.compress(bytes(10))), "unreadable-file", "像素"),
    "a picture from the web cut off": (picture("WEBP")[:-2], "unreadable-file", "长度"),
    "something behind a picture from the web": (picture("WEBP") + b"MZ", "unreadable-file", "长度"),
    "a picture from the web without a picture": (b"RIFF\x04\0\0\0WEBP", "unreadable-file", "没有图像"),
    "a report cut off": (pdf()[:-20], "unreadable-file", "不完整"),
    "a report that points beyond itself": (pdf().replace(b"startxref\n", b"startxref\n99"), "unreadable-file", "结构"),
    "a page that calls itself a report": (b"%PDF-1.4<html><script>" + pdf()[8:], "unreadable-file", "代码"),
    "an archive behind a report": (archive(before=pdf()), "unreadable-file", "不完整"),
    "a report of no version": (b"%PDF-x.y" + pdf()[8:], "unreadable-file", "版本"),
}  # fmt: skip


@pytest.mark.parametrize("what", GOOD)
def test_a_real_file_is_taken_for_what_it_is(what: str) -> None:
    media_type, data = GOOD[what]

    assert checked_type(data) == media_type
    assert checked_type(data, media_type) == media_type


@pytest.mark.parametrize("what", BAD)
def test_a_false_file_is_refused_in_words_of_both_languages(what: str) -> None:
    data, code, word = BAD[what]

    with pytest.raises(InputError) as refused:
        checked_type(data)

    (problem,) = refused.value.problems
    assert problem.code == code
    assert word in problem.detail.zh
    assert re.search("[a-z]{3}", problem.detail.en)


@pytest.mark.parametrize("what", GOOD)
@pytest.mark.parametrize("declared", TAKEN)
def test_a_file_is_taken_only_under_its_own_type(what: str, declared: str) -> None:
    media_type, data = GOOD[what]
    if declared == media_type:
        return

    with pytest.raises(InputError) as refused:
        checked_type(data, declared)

    (problem,) = refused.value.problems
    assert (problem.code, problem.where, problem.came) == ("wrong-media-type", "Content-Type", declared)
    assert problem.remedy is not None
    assert media_type in problem.remedy.en


@pytest.mark.parametrize("declared", ["image/svg+xml", "text/html", "image/heic", "application/octet-stream"])
def test_a_type_that_is_not_taken_is_refused_whatever_the_bytes_are(declared: str) -> None:
    with pytest.raises(InputError, match="attachments are"):
        checked_type(PHOTO, declared)


def test_a_picture_that_would_unpack_to_gigabytes_costs_no_memory() -> None:
    """Ten thousand pixels square is within the limit, and is not unpacked either."""
    square = 9_990
    zeros = zlib.compressobj(9)
    packed = b"".join(zeros.compress(bytes(3 * square + 1)) for _ in range(square)) + zeros.flush()
    bomb = png_of(square, square, packed)

    tracemalloc.start()
    assert checked_type(bomb) == "image/png"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(bomb) < 1_000_000
    assert most < 5_000_000


@given(st.sampled_from(sorted(GOOD)), st.data())
@example("a photo with time and place", None)
def test_a_damaged_file_is_taken_or_refused_and_never_worse(what: str, data: st.DataObject | None) -> None:
    _, whole = GOOD[what]
    whole = whole[:20_000]
    damaged = bytearray(whole)
    if data is not None:
        for _ in range(data.draw(st.integers(1, 4))):
            damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
        damaged = damaged[: data.draw(st.integers(0, len(damaged)))]

    try:
        said = checked_type(bytes(damaged))
    except InputError as refused:
        said = refused.code

    assert said in {*TAKEN, "wrong-media-type", "unreadable-file"}


def test_random_bytes_are_never_taken() -> None:
    dice = Random(4)

    assert {media_type_of(dice.randbytes(64)) for _ in range(2_000)} == {""}


def test_what_is_read_in_place_is_judged_like_what_lies_in_memory(tmp_path: Path) -> None:
    for media_type, data in GOOD.values():
        with BlobStore(tmp_path).begin() as incoming:
            incoming.write(data)

            assert incoming.check().media_type == media_type
    for data, code, _ in BAD.values():
        with BlobStore(tmp_path).begin() as incoming:
            incoming.write(data)

            with pytest.raises(InputError) as refused:
                incoming.check()
            assert refused.value.code == code
