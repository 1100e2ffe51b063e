"""Signatures: one spelling of each, over exactly these bytes, and public keys under which none can be forged."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from cabletrace.errors import InputError
from cabletrace.model.signature import (
    Signature,
    parse_signature,
    public_key_of,
    right_spelling,
    sign,
    trouble_with,
    verifies,
)

ID = "00000000-0000-4000-8000-0000000000c1"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = public_key_of(PRIVATE)
ORDER = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_a_signature_fits_its_key_and_its_bytes_and_nothing_else() -> None:
    signature = sign(PRIVATE, ID, b"draft")
    other = public_key_of(Ed25519PrivateKey.from_private_bytes(bytes(32)))

    assert parse_signature(signature.members()) == Signature(ID, signature.value)
    assert verifies(PUBLIC, signature.value, b"draft")
    assert not verifies(PUBLIC, signature.value, b"drafT")
    assert not verifies(other, signature.value, b"draft")


@given(st.integers(0, 511))
def test_no_flipped_bit_of_a_signature_is_passed_over(bit: int) -> None:
    value = bytearray(base64.b64decode(sign(PRIVATE, ID, b"draft").value))
    value[bit // 8] ^= 1 << bit % 8

    assert not verifies(PUBLIC, b64(bytes(value)), b"draft")


def test_a_second_spelling_of_a_signature_with_an_unreduced_s_is_none() -> None:
    value = base64.b64decode(sign(PRIVATE, ID, b"draft").value)
    s = int.from_bytes(value[32:], "little") + ORDER

    assert not verifies(PUBLIC, b64(value[:32] + s.to_bytes(32, "little")), b"draft")


@pytest.mark.parametrize(
    "member",
    [
        None,
        "text",
        [],
        {},
        {"key": ID},
        {"value": b64(bytes(64))},
        {"key": ID, "value": b64(bytes(64)), "more": 1},
        {"key": ID.upper(), "value": b64(bytes(64))},
        {"key": "c1", "value": b64(bytes(64))},
        {"key": 1, "value": b64(bytes(64))},
        {"key": ID, "value": 1},
        {"key": ID, "value": ""},
        {"key": ID, "value": "*" * 88},
        {"key": ID, "value": b64(bytes(63))},
        {"key": ID, "value": b64(bytes(65))},
        {"key": ID, "value": b64(bytes(64)).rstrip("=")},
        {"key": ID, "value": b64(bytes(64))[:-3] + "B=="},
        {"key": ID, "value": b64(bytes(64)) + "\n"},
        {"key": ID, "value": b64(b"\xff" * 64).replace("/", "_")},
        {"key": ID, "value": "签" * 88},
    ],
)
def test_what_is_not_the_one_spelling_of_a_signature_is_refused_with_its_place(member: object) -> None:
    with pytest.raises(InputError) as refused:
        parse_signature(member)

    assert refused.value.code == "wrong-input"
    assert refused.value.problems[0].where.startswith("/signature")


@given(st.binary(min_size=32, max_size=32))
def test_every_key_that_is_really_made_is_usable(seed: bytes) -> None:
    assert trouble_with(public_key_of(Ed25519PrivateKey.from_private_bytes(seed))) is None


#: The points of small order in their canonical spelling, and two that are not canonical (RFC 8032 §5.1.3).
SMALL = [
    (1).to_bytes(32, "little"),
    (P - 1).to_bytes(32, "little"),
    bytes(32),
    bytes(31) + b"\x80",
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
]


@pytest.mark.parametrize("point", SMALL, ids=bytes.hex)
def test_a_point_of_small_order_is_no_public_key(point: bytes) -> None:
    trouble = trouble_with(b64(point))

    assert trouble is not None
    assert "small order" in trouble.en


def test_under_a_small_order_key_one_signature_would_fit_many_drafts() -> None:
    everything = b64((1).to_bytes(32, "little") + bytes(32))

    assert verifies(b64(SMALL[0]), everything, b"one draft")
    assert verifies(b64(SMALL[0]), everything, b"another")


@pytest.mark.parametrize(
    "data",
    [
        P.to_bytes(32, "little"),
        (P + 1).to_bytes(32, "little"),
        b"\xff" * 32,
        (2).to_bytes(32, "little"),
        (1 | 1 << 255).to_bytes(32, "little"),
    ],
    ids=["y = p", "y = p + 1", "all ones", "no x", "minus zero"],
)
def test_what_is_no_point_in_its_one_spelling_is_no_public_key(data: bytes) -> None:
    trouble = trouble_with(b64(data))

    assert trouble is not None
    assert "no point" in trouble.en


@pytest.mark.parametrize("text", ["", "A", b64(bytes(31)), b64(bytes(33)), PUBLIC[:-2] + "=="])
def test_what_is_not_32_bytes_in_base64_is_no_public_key(text: str) -> None:
    assert trouble_with(text) is not None


def test_a_point_with_a_part_of_small_order_is_no_public_key() -> None:
    """y of (the base point + the point of order two), worked out by hand: −y of the base point, other x."""
    base_y = 4 * pow(5, -1, P) % P
    data = (P - base_y).to_bytes(32, "little")
    found = {
        trouble_with(b64(data)),
        trouble_with(b64((int.from_bytes(data, "little") | 1 << 255).to_bytes(32, "little"))),
    }

    assert None not in found


def test_the_right_spelling_is_shown_in_both_languages_and_cut_short() -> None:
    text = right_spelling(('{"id":"' + "x" * 10_000 + '"}').encode())

    assert "10009" in text.zh
    assert '{"id":"xxx' in text.en
    assert len(text.en) < 4_200
