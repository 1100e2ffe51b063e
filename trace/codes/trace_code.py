"""Trace codes: how a batch and each of its drums are named, minted, printed and read back (design §5).

* batch code: 9 random characters and 1 check character, printed ``XXXXX-XXXXX``
* unit code: the 9 of its batch, 4 for the number of the drum, 6 for the MAC and 1 check character, printed
  ``XXXX-XXXX-XXXX-XXXX-XXXX``

A unit code is genuine because its MAC is: nobody without the operator's code key can make one, and no row
has to be kept for a drum until something happens to it. The MAC is the first 30 bits of
HMAC-SHA-256(key, label ‖ batch ‖ number), where ``label`` is `MAC_LABEL`, ``batch`` the 9 characters and
``number`` the 4 characters of the code itself, all in ASCII: fixed lengths, so no two inputs read the same.
Whoever guesses has one chance in 2³⁰ for each look-up, and look-ups are counted and limited.

A wrong check character says "typed wrong"; a wrong MAC says "not issued here". Reading never guesses which
character was meant: the nearest valid code may be another maker's drum.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from ..errors import InputError, Text

#: Crockford's base 32: digits and capitals without I, L, O (they read as 1, 1, 0) and U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}

BATCH_BODY, UNIT_NUMBER, MAC = 9, 4, 6
BATCH_LENGTH, UNIT_LENGTH = BATCH_BODY + 1, BATCH_BODY + UNIT_NUMBER + MAC + 1
LARGEST_UNIT = 32**UNIT_NUMBER - 1

MAC_LABEL = b"cabletrace unit code v1\n"
#: A key shorter than the hash would weaken it (RFC 2104 §3).
SHORTEST_KEY = 32

_IN_URL = re.compile(r"\s*https?://[^/\s]+/c/([^/?#]+)/?(?:[?#].*)?\s*", re.IGNORECASE | re.DOTALL)

#: More than this is no code, however it is spelled.
LONGEST_TEXT = 300


def check_character(body: str) -> str:
    """The character that makes ``body`` a code: fold ``c ← α·(c ⊕ a)`` over GF(32) = GF(2)[x]/(x⁵+x²+1), α = x.

    The weight of a place is a power of α, and α has order 31: in a code of at most 31 characters all weights
    differ. So one wrong character always shows, and so does every swap of two, neighbours or not. Raises KeyError
    on a character outside `ALPHABET`.
    """
    check = 0
    for character in body:
        check = (check ^ _VALUE[character]) << 1
        if check & 0b100000:
            check ^= 0b100101
    return ALPHABET[check]


@dataclass(frozen=True, slots=True)
class BatchCode:
    """The name of a batch: nine characters that say nothing about the maker or the day."""

    body: str

    def __post_init__(self) -> None:
        if len(self.body) != BATCH_BODY or not _VALUE.keys() >= set(self.body):
            raise ValueError(f"not the body of a batch code: {self.body!r}")

    @property
    def canonical(self) -> str:
        """The 10 characters that are stored, signed and put into a URL."""
        return self.body + check_character(self.body)

    @property
    def printed(self) -> str:
        return _grouped(self.canonical, 5)


@dataclass(frozen=True, slots=True)
class UnitCode:
    """The name of one drum or coil of a batch. Well formed, and only with `mac_matches` also issued here."""

    batch: BatchCode
    unit: int
    mac: str

    def __post_init__(self) -> None:
        _require_unit(self.unit)
        if len(self.mac) != MAC or not _VALUE.keys() >= set(self.mac):
            raise ValueError(f"not the MAC of a unit code: {self.mac!r}")

    @property
    def canonical(self) -> str:
        """The 20 characters that are stored, signed and put into a URL."""
        body = self.batch.body + _base32(self.unit, UNIT_NUMBER) + self.mac
        return body + check_character(body)

    @property
    def printed(self) -> str:
        return _grouped(self.canonical, 4)


def mint_batch_code(random_bytes: Callable[[int], bytes]) -> BatchCode:
    """A new code from 45 random bits (``secrets.token_bytes``). That it is not in use yet is for the caller."""
    bits = int.from_bytes(random_bytes(6), "big") & (1 << 5 * BATCH_BODY) - 1
    return BatchCode(_base32(bits, BATCH_BODY))


def unit_code(batch: BatchCode, unit: int, key: bytes) -> UnitCode:
    """The code of one drum under the operator's code key. ValueError outside 1…`LARGEST_UNIT`."""
    return UnitCode(batch, unit, _mac(batch, unit, key))


def mac_matches(code: UnitCode, key: bytes) -> bool:
    """Whether the holder of ``key`` issued this code. Takes the same time for every wrong MAC."""
    return hmac.compare_digest(_mac(code.batch, code.unit, key), code.mac)


def parse_code(text: str) -> BatchCode | UnitCode:
    """Read a code as people type and paste it: any case, spaces, hyphens, full width, O for 0, I and L for 1.

    Raises `InputError` ``wrong-trace-code``. The MAC is not judged here.
    """
    read = _read(text)
    if len(read) not in (BATCH_LENGTH, UNIT_LENGTH):
        raise _wrong(
            text,
            f"追溯码应为 {BATCH_LENGTH} 位（批次）或 {UNIT_LENGTH} 位（盘、卷），现为 {len(read)} 位",
            f"a trace code has {BATCH_LENGTH} characters (batch) or {UNIT_LENGTH} (drum), this has {len(read)}",
        )
    strangers = "".join(dict.fromkeys(c for c in read if c not in _VALUE))
    if strangers:
        raise _wrong(text, f"追溯码中不会出现“{strangers}”", f"a trace code never contains {strangers!r}")
    body, check = read[:-1], read[-1]
    if check_character(body) != check:
        raise _wrong(
            text,
            "追溯码输入有误：校验字符不符",
            "the trace code was typed wrong: its check character differs",
        )
    batch = BatchCode(body[:BATCH_BODY])
    if len(read) == BATCH_LENGTH:
        return batch
    number, mac = body[BATCH_BODY:-MAC], body[-MAC:]
    unit = _value(number)
    if unit == 0:
        raise _wrong(text, "追溯码有误：盘号不会为 0", "a wrong trace code: no drum has the number 0")
    return UnitCode(batch, unit, mac)


def code_in(text: str) -> BatchCode | UnitCode:
    """Like `parse_code`, and also from what a QR label holds: ``https://<any host>/c/<code>``.

    The host is not judged: a label printed for a former host still names the same drum.
    """
    if len(text) > LONGEST_TEXT:
        raise _wrong(text, "内容过长，不是追溯码", "too long for a trace code")
    in_url = "/" in text and _IN_URL.fullmatch(text)
    return parse_code(in_url[1] if in_url else text)


def batch_code_in(text: str) -> BatchCode:
    """The batch that a code, a unit code or a QR label's address belongs to."""
    code = code_in(text)
    return code.batch if isinstance(code, UnitCode) else code


def _read(text: str) -> str:
    """Upper case without separators, look-alikes resolved; the look-alikes are not in the alphabet."""
    if len(text) > LONGEST_TEXT:
        raise _wrong(text, "内容过长，不是追溯码", "too long for a trace code")
    return folded(text)


def folded(text: str) -> str:
    """Text in the one spelling of codes: upper case, without separators, O for 0, I and L for 1."""
    return text.translate(_ASCII) if text.isascii() else _folded(text)


def _folded(text: str) -> str:
    upper = unicodedata.normalize("NFKC", text).upper()
    kept = (c for c in upper if not _is_separator(c))
    return "".join(kept).translate(str.maketrans("OIL", "011"))


def _is_separator(character: str) -> bool:
    # Spaces, controls, invisible format characters (chat programs add them), and what stands for a dash:
    # U+2212 is a minus sign, U+30FC the long-vowel mark that Chinese input methods offer.
    return unicodedata.category(character) in {"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"} or character in "_−ー"


#: What becomes of each ASCII character by itself: labels hold no other, and every check of a code begins here.
_ASCII = {number: _folded(chr(number)) for number in range(128)}


def _mac(batch: BatchCode, unit: int, key: bytes) -> str:
    if len(key) < SHORTEST_KEY:
        raise ValueError(f"a code key has at least {SHORTEST_KEY} bytes, this has {len(key)}")
    _require_unit(unit)
    message = MAC_LABEL + batch.body.encode("ascii") + _base32(unit, UNIT_NUMBER).encode("ascii")
    digest = hmac.digest(key, message, "sha256")
    return _base32(int.from_bytes(digest[:4], "big") >> 2, MAC)


def _require_unit(unit: int) -> None:
    if not 1 <= unit <= LARGEST_UNIT:
        raise ValueError(f"a unit number is 1 to {LARGEST_UNIT}, not {unit}")


def _base32(number: int, length: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def _value(digits: str) -> int:
    value = 0
    for digit in digits:
        value = value << 5 | _VALUE[digit]
    return value


def _grouped(characters: str, size: int) -> str:
    return "-".join(characters[start : start + size] for start in range(0, len(characters), size))


def _wrong(came: str, zh: str, en: str) -> InputError:
    remedy = Text(
        "请对照标签重新输入，或扫描二维码。",
        "Type it again from the label, or scan the QR code.",
    )
    return InputError.of("wrong-trace-code", zh, en, came=came, remedy=remedy)
