"""A bare picture: every pixel and its colours stay, and nothing of where, when and by whom it was taken."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from cabletrace.blobs.bare import bare
from cabletrace.blobs.content import checked_type
from cabletrace.errors import InputError
from files_for_tests import chunk, pdf, photo, picture, png_of

SECRET = b"GEHEIM-114.65E"
ICC = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def telling(orientation: int = 1) -> Image.Exif:
    """What a phone writes: who, when, where, and which way up."""
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    exif[0x0132] = "2026:04:15 08:30:00"
    exif[0x0112] = orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (33.0, 37.0, 12.0), 3: "E", 4: (114.0, 39.0, 0.0)})
    return exif


def segment(code: int, body: bytes) -> bytes:
    return bytes((0xFF, code)) + struct.pack(">H", len(body) + 2) + body


def into_jpeg(data: bytes, *segments: bytes) -> bytes:
    """A JPEG with these segments at its beginning."""
    return data[:2] + b"".join(segments) + data[2:]


def riff(data: bytes, name: bytes, body: bytes) -> bytes:
    """A WebP with one more chunk at its end."""
    grown = data[8:] + name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)
    return b"RIFF" + struct.pack("<I", len(grown)) + grown


def texts() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", SECRET.decode())
    info.add_text("GPS", SECRET.decode(), zip=True)
    info.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    return info


TELLING: dict[str, bytes] = {
    "a photo of a phone": picture("JPEG", exif=telling(), icc_profile=ICC),
    "a photo that is turned": picture("JPEG", exif=telling(6)),
    "a progressive photo": picture("JPEG", exif=telling(), progressive=True),
    "a photo with a comment": picture("JPEG", comment=SECRET),
    "a photo with XMP": picture("JPEG", xmp=b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"),
    "a photo with the maker's own segments": into_jpeg(
        picture("JPEG"), segment(0xED, SECRET), segment(0xEF, SECRET)
    ),
    "a photo with a second picture behind": picture("JPEG") + picture("JPEG", exif=telling()),
    "a photo with a second of film behind": picture("JPEG") + b"\0\0\0\x18ftypmp42" + SECRET,
    "a photo with a small one inside": picture("JPEG").replace(
        b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0", b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x02" + SECRET[:12]
    ).replace(b"\xff\xe0\0\x10JFIF", b"\xff\xe0\0\x1cJFIF"),
    "a screenshot with words": picture("PNG", pnginfo=texts(), exif=telling(), icc_profile=ICC),
    "a screenshot with its hour": png_of(1, 1, zlib.compress(bytes(4)), chunk(b"tIME", SECRET[:7]), chunk(b"prVt", SECRET)),
    "a picture from the web": picture("WEBP", exif=telling(8).tobytes(), xmp=SECRET, icc_profile=ICC),
    "a picture from the web with more": riff(picture("WEBP", exif=telling().tobytes()), b"abcd", SECRET),
}  # fmt: skip


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("what", TELLING)
def test_every_pixel_stays_and_nothing_is_told(what: str) -> None:
    data = TELLING[what]

    left = bare(data)

    assert checked_type(left) == checked_type(data)
    before, after = opened(data), opened(left)
    assert (after.size, after.mode, after.tobytes()) == (before.size, before.mode, before.tobytes())
    assert after.info.get("icc_profile") == before.info.get("icc_profile")
    for told in (SECRET, SECRET[:7], b"2026:04:15", b"GPS", b"xmp"):
        assert told not in left
    exif = after.getexif()
    assert set(exif) <= {0x0112}
    assert exif.get(0x0112, 1) == before.getexif().get(0x0112, 1)
    assert not exif.get_ifd(0x8825)


@pytest.mark.parametrize("what", TELLING)
def test_a_bare_picture_stays_as_it_is(what: str) -> None:
    assert bare(bare(TELLING[what])) == bare(TELLING[what])


def test_what_is_looked_for_does_stand_in_the_pictures_before() -> None:
    assert sum(SECRET in data or SECRET[:7] in data for data in TELLING.values()) >= len(TELLING) - 1
    assert opened(TELLING["a screenshot with words"]).info["GPS"] == SECRET.decode()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_still_turned_as_it_was(form: str, orientation: int) -> None:
    exif = telling(orientation).tobytes()

    image = opened(bare(picture(form, exif=exif)))

    assert image.getexif().get(0x0112, 1) == orientation


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"II",
        b"II*\0\xff\xff\xff\xff",
        b"II*\0\x08\0\0\0\xff\xff",
        b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x63\0\0\0",
        b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03",
        b"not tiff at all",
    ],
)
def test_exif_that_cannot_be_read_turns_nothing(exif: bytes) -> None:
    left = bare(into_jpeg(picture("JPEG"), segment(0xE1, b"Exif\0\0" + exif)))

    assert b"Exif" not in left


@given(st.binary(max_size=80))
def test_whatever_stands_in_exif_only_the_turn_survives(exif: bytes) -> None:
    data = into_jpeg(picture("JPEG"), segment(0xE1, b"Exif\0\0" + exif))
    try:
        left = bare(data)
    except InputError:  # a PDF or a page hidden in it: the file is refused whole
        reject()

    assert len(left) <= len(picture("JPEG")) + 40
    assert opened(left).tobytes() == opened(picture("JPEG")).tobytes()


def test_a_moving_picture_keeps_its_frames() -> None:
    out = BytesIO()
    frames = [Image.new("RGB", (8, 8), (shade, 0, 0)) for shade in (10, 200)]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:], pnginfo=texts())

    assert opened(bare(out.getvalue())).n_frames == 2


@pytest.mark.parametrize(
    ("data", "code"),
    [(pdf(), "wrong-media-type"), (b"MZ", "wrong-media-type"), (photo()[:-40], "unreadable-file")],
)
def test_what_is_no_whole_picture_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        bare(data)

    assert caught.value.problems[0].code == code


def test_a_segment_that_no_standard_knows_goes() -> None:
    for code in (0x05, 0xBF, 0xF1, 0xFD):
        assert bare(into_jpeg(picture("JPEG"), segment(code, SECRET))) == bare(picture("JPEG"))


def test_a_moving_webp_is_refused_since_its_frames_may_hold_anything() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    moving = BytesIO()
    frames[0].save(moving, "WEBP", save_all=True, append_images=frames[1:])
    assert checked_type(moving.getvalue()) == "image/webp"

    with pytest.raises(InputError) as raised:
        bare(moving.getvalue())

    assert raised.value.code == "wrong-media-type"


def test_behind_the_known_members_of_a_webp_header_nothing_is_kept() -> None:
    data = picture("WEBP", exif=telling().tobytes())
    at = data.index(b"VP8X")
    longer = (
        data[: at + 4]
        + struct.pack("<I", 10 + len(SECRET))
        + data[at + 8 : at + 18]
        + SECRET
        + data[at + 18 :]
    )
    grown = b"RIFF" + struct.pack("<I", len(longer) - 8) + longer[8:]

    assert SECRET not in bare(grown)


def test_a_picture_with_a_pdf_hidden_in_it_is_refused_whole() -> None:
    with pytest.raises(InputError) as raised:
        bare(into_jpeg(picture("JPEG"), segment(0xE1, b"Exif\0\0%PDF-")))

    assert raised.value.code == "unreadable-file"
