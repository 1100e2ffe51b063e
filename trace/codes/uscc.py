"""Unified social credit codes 统一社会信用代码: who a Chinese organisation is (GB 32100-2015).

=========  =====================================================================
place      meaning
=========  =====================================================================
1, 2       registering authority, kind of organisation (91 enterprise, 92 household)
3 to 8     region of registration (GB/T 2260 of that day, never rewritten)
9 to 17    organisation code, place 17 being its own check digit (GB 11714-1997)
18         check character over all the others
=========  =====================================================================

Both checks are made: the second one alone would let half of the invented codes pass that copy a region and
a type and recompute the end.
"""

from __future__ import annotations

import unicodedata

from ..errors import InputError, Text

#: GB 32100 table: digits and capitals without I, O, S, V, Z.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_LENGTH = 18
#: Powers of 3 modulo 31.
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

#: GB 11714: its letters count from A = 10 without a gap.
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
#: GB 32100 forbids some letters because they are taken for these.
_LOOKS_LIKE = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U"}


def parse_uscc(text: str) -> str:
    """The 18 characters, upper case, from any case, width and spacing.

    Raises `InputError` ``wrong-uscc`` with its own text for a wrong length, an illegal character, a wrong check
    character (place 18) and a wrong check digit of the organisation code (place 17).
    """
    uscc = "".join(unicodedata.normalize("NFKC", text[:100]).upper().split())
    if len(uscc) != _LENGTH:
        raise _wrong(
            text,
            f"统一社会信用代码应为 {_LENGTH} 位，现为 {len(uscc)} 位",
            f"a unified social credit code has {_LENGTH} characters, this has {len(uscc)}",
        )
    for place, character in enumerate(uscc, start=1):
        if character not in _VALUE:
            raise _illegal(text, place, character)
    if not uscc[2:8].isdigit():
        raise _wrong(
            text,
            f"第 3 至 8 位应为登记地行政区划代码（数字）：{uscc[2:8]}",
            f"places 3 to 8 are the region of registration in digits, not {uscc[2:8]}",
        )
    if _check_character(uscc[:17]) != uscc[17]:
        raise _wrong(
            text,
            "统一社会信用代码第 18 位校验码不符，请核对是否有录入错误",
            "the check character (place 18) does not fit the rest: something was typed wrong",
        )
    if _organisation_check_digit(uscc[8:16]) != uscc[16]:
        raise _wrong(
            text,
            "统一社会信用代码第 17 位（组织机构代码校验码）不符",
            "the check digit of the organisation code (place 17) does not fit places 9 to 16",
        )
    return uscc


def compose_uscc(region: str, organisation: str) -> str:
    """The code of an enterprise of this region with these 8 places of organisation code: for whoever invents one."""
    body = f"91{region}{organisation}{_organisation_check_digit(organisation)}"
    return parse_uscc(body + _check_character(body))


def is_uscc(text: str) -> bool:
    """Whether `parse_uscc` would take it: for a column that may also hold another number."""
    try:
        parse_uscc(text)
    except InputError:
        return False
    return True


def region_of_uscc(uscc: str) -> str:
    """The region of registration as it stands in a parsed code; it may be retired or unknown today."""
    return uscc[2:8]


def _check_character(body: str) -> str:
    total = sum(_VALUE[character] * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def _organisation_check_digit(body: str) -> str:
    values = (int(character, 36) for character in body)
    total = sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def _illegal(came: str, place: int, character: str) -> InputError:
    meant = _LOOKS_LIKE.get(character)
    return _wrong(
        came,
        f"第 {place} 位“{character}”不是统一社会信用代码允许的字符",
        f"{character!r} at place {place} cannot stand in a unified social credit code",
        Text(
            f"代码中不使用字母 I、O、S、V、Z，此处可能应为“{meant}”，请对照营业执照核对。",
            f"The letters I, O, S, V and Z are not used; it may be {meant!r}. Compare with the business licence.",
        )
        if meant
        else None,
    )


def _wrong(came: str, zh: str, en: str, remedy: Text | None = None) -> InputError:
    compare = Text("请对照营业执照核对后重新填写。", "Compare with the business licence and enter it again.")
    return InputError.of("wrong-uscc", zh, en, came=came, remedy=remedy or compare)
