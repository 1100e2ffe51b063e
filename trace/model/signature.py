"""Signatures of organisations: Ed25519 (RFC 8032) over exactly the canonical bytes of a draft (formats §1).

Pure: keys and bytes come in, an answer goes out. Which key may sign for whom, and when, the rules of
`rules_of_keys` say. A public key is looked at closely once, when it is registered: it must be a point of the
curve's large group, so that no signature under it can be read in two ways; a signature whose S is not reduced
(a second spelling of the same signature) is refused by the verifier itself.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ..errors import InputError, Text, shown

PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Signature:
    """``key``: id of the signing key; ``value``: 64 bytes in base64.

    ``checked_with``: the public key under which it was found to be right; empty while nobody has looked.
    """

    key: str
    value: str
    checked_with: str = ""

    def members(self) -> dict[str, str]:
        """As it stands in an envelope and on the ledger, beside the draft."""
        return {"key": self.key, "value": self.value}

    def is_right(self, public_key: str, covered: bytes) -> bool:
        """Whether it was made with this key over these bytes. About 0.1 ms, nothing if it was checked before."""
        return self.checked_with == public_key or verifies(public_key, self.value, covered)

    def checked(self, public_key: str) -> Signature:
        """The same, known to be right under this public key."""
        return replace(self, checked_with=public_key)


def parse_signature(member: Any) -> Signature:
    """The envelope's member ``signature``; one spelling of everything. Raises InputError."""
    if not isinstance(member, dict) or member.keys() != {"key", "value"}:
        raise InputError.of(
            "wrong-input",
            "signature 应为含 key 与 value 的对象",
            "a signature is an object with key and value, and nothing else",
            came=member,
            where="/signature",
        )
    key, value = member["key"], member["value"]
    if not isinstance(key, str) or not _ID.fullmatch(key):
        raise InputError.of(
            "wrong-input",
            "key 应为已登记公钥的编号（小写 UUID）",
            "key is the id of a registered key, a UUID in lower case",
            came=key,
            where="/signature/key",
        )
    try:
        decode_base64(value, SIGNATURE_BYTES)
    except ValueError as error:
        raise InputError.of(
            "wrong-input",
            f"value 应为 Ed25519 签名 {SIGNATURE_BYTES} 个字节的标准 base64（88 个字符，末尾为 ==）",
            f"value is the {SIGNATURE_BYTES} bytes of an Ed25519 signature in standard base64, 88 characters: {error}",
            came=value,
            where="/signature/value",
        ) from None
    return Signature(key, value)


def sign(private_key: Ed25519PrivateKey, key: str, draft: bytes) -> Signature:
    """The signature of canonical draft bytes, under the id by which the key is registered."""
    return Signature(key, base64.b64encode(private_key.sign(draft)).decode(), public_key_of(private_key))


def public_key_of(private_key: Ed25519PrivateKey) -> str:
    """Its public key as the ledger writes it: 32 bytes in base64."""
    return base64.b64encode(private_key.public_key().public_bytes_raw()).decode()


def verifies(public_key: str, value: str, covered: bytes) -> bool:
    """Whether a signature was made with this key over these bytes; false also for what is neither."""
    try:
        _loaded(public_key).verify(decode_base64(value, SIGNATURE_BYTES), covered)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=1_000)
def _loaded(public_key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(decode_base64(public_key, PUBLIC_KEY_BYTES))


def decode_base64(text: object, size: int) -> bytes:
    """So many bytes in standard base64 with padding, in its one spelling. Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError("text is wanted")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"not base64: {error}") from None
    if len(data) != size:
        raise ValueError(f"{size} bytes are wanted, {len(data)} came")
    if base64.b64encode(data).decode() != text:
        raise ValueError("not the one spelling of these bytes")
    return data


# --- what a public key must be ------------------------------------------------------------------------

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
#: The order of the base point (RFC 8032 §5.1).
_L = 2**252 + 27742317777372353535851937790883648493
#: A point in extended coordinates: X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z.
_Point = tuple[int, int, int, int]
_NEUTRAL: _Point = (0, 1, 1, 0)


@lru_cache(maxsize=1_000)
def trouble_with(public_key: str) -> Text | None:
    """Why nobody could honestly sign with this public key (32 bytes in base64); None when all is well. About 2 ms."""
    try:
        point = _decompressed(decode_base64(public_key, PUBLIC_KEY_BYTES))
    except ValueError as error:
        return Text(f"不是 Ed25519 公钥：{error}", f"this is no Ed25519 public key: {error}")
    if point is None:
        return Text(
            "不是 Ed25519 公钥：不在曲线上", "this is no Ed25519 public key: it is no point of the curve"
        )
    if _same(_times(8, point), _NEUTRAL):
        return Text(
            "弱公钥（小阶点）：任何人都能伪造其签名",
            "a weak public key (a point of small order): anybody could forge its signatures",
        )
    if not _same(_times(_L, point), _NEUTRAL):
        return Text("不是正常生成的 Ed25519 公钥", "no private key has this Ed25519 public key")
    return None


def _decompressed(data: bytes) -> _Point | None:
    """The point that 32 bytes spell (RFC 8032 §5.1.3), or None."""
    encoded = int.from_bytes(data, "little")
    y, sign_of_x = encoded & (2**255 - 1), encoded >> 255
    if y >= _P:
        return None
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * pow(v, 3, _P) * pow(u * pow(v, 7, _P), (_P - 5) // 8, _P) % _P
    if (v * x * x - u) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (v * x * x - u) % _P or (x == 0 and sign_of_x):
        return None
    if x & 1 != sign_of_x:
        x = _P - x
    return x, y, 1, x * y % _P


def _sum(one: _Point, other: _Point) -> _Point:
    """RFC 8032 §5.1.4."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(n: int, point: _Point) -> _Point:
    total = _NEUTRAL
    while n:
        if n & 1:
            total = _sum(total, point)
        point = _sum(point, point)
        n >>= 1
    return total


def _same(one: _Point, other: _Point) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % _P == 0 and (
        one[1] * other[2] - other[1] * one[2]
    ) % _P == 0


# --- what is said of a signature that does not fit ----------------------------------------------------

#: Of the bytes that must be signed, so many are shown.
_SHOWN = 4_000


def right_spelling(covered: bytes) -> Text:
    """What the signature must cover, so that whoever signed another spelling sees the right one."""
    text = shown(covered.decode(), _SHOWN)
    return Text(
        f"对草稿的规范字节（RFC 8785，{len(covered)} 字节）签名：{text}",
        f"sign the canonical bytes of the draft (RFC 8785, {len(covered)} bytes): {text}",
    )
