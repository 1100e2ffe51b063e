"""The single values of drafts, each parsed into one spelling at the door.

Units are in the names of the members that use them: ``length_mm`` and ``mass_g`` are integers, measured values are
decimal strings as they were reported. Units of a batch (drums, coils) are named by inclusive ranges
``[[1, 40], [55, 55]]``, sorted and disjoint. Parties are named by id or by 统一社会信用代码; both spell the same
party (`party_id`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Final, Literal, TypeVar
from unicodedata import category
from uuid import UUID, uuid5

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationInfo,
)

from ..codes.regions import region
from ..codes.trace_code import BatchCode, parse_code
from ..codes.uscc import is_uscc, parse_uscc
from ..errors import InputError, Text

STRICT = ConfigDict(extra="forbid", strict=True)

#: Namespace of the ids that follow from what a thing is called in business (RFC 9562 §5.5).
BUSINESS_KEYS = UUID("6f4c1f2e-6a4b-5d0e-9a55-3c6f2f5d7a10")

MAX_UNIT = 32**4 - 1
MAX_INTEGER = 2**53 - 1
DATE_WANTED = Text("应为日期，例如 2026-05-02", "a date is wanted, such as 2026-05-02")


def _one_spelling(text: str) -> str:
    if text != text.strip() or not text.isprintable():
        raise InputError.of(
            "wrong-input",
            "首尾不应有空白，也不应含控制字符",
            "no space at either end, no control characters",
            came=text,
        )
    return text


#: What is read with this was recorded before: a check that came later does not look at it.
RECORDED: Final = {"recorded": True}
V = TypeVar("V")


def of_what_is_said(check: Callable[[V], V]) -> AfterValidator:
    """A check of what is said now. Ledgers may hold what it refuses, said before it came: what is recorded stays readable."""

    def checked(value: V, info: ValidationInfo) -> V:
        return value if info.context == RECORDED else check(value)

    return AfterValidator(checked)


def _without_control(text: str) -> str:
    """Lines and tabs may be in a text; what nobody sees and no database likes may not."""
    if any(category(each) == "Cc" and each not in "\n\r\t" for each in text):
        raise InputError.of(
            "wrong-input", "不应含控制字符（换行可以）", "no control characters, but for new lines", came=text
        )
    return text


@lru_cache(maxsize=100_000)  # the same few parties in draft after draft, and the check digits cost
def _party_ref(text: str) -> str:
    if _UUID.fullmatch(text):
        return text
    if parse_uscc(text) != text:
        raise InputError.of(
            "wrong-uscc",
            f"统一社会信用代码请写作 {parse_uscc(text)}",
            f"write the code as {parse_uscc(text)}",
            came=text,
        )
    return text


def _region_code(code: str) -> str:
    return region(code).code


def _batch_code(text: str) -> str:
    code = parse_code(text)
    if not isinstance(code, BatchCode) or code.canonical != text:
        raise InputError.of(
            "wrong-trace-code",
            "此处应为 10 位批次追溯码，不带连字符",
            "a batch code of 10 characters without hyphens is wanted here",
            came=text,
        )
    return text


@lru_cache(maxsize=10_000)  # most are the beginning of a day, and a day has many events
def _instant(text: str) -> str:
    if not _RFC3339.fullmatch(text):
        raise InputError.of(
            "wrong-date",
            "时间应为 RFC 3339 格式并带时区，例如 2026-05-02T08:30:00+08:00",
            "a time is RFC 3339 with an offset, such as 2026-05-02T08:30:00+08:00",
            came=text,
        )
    try:
        instant = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        instant = None
    if instant is None or not 1950 <= instant.year < 2200:
        raise InputError.of("wrong-date", "这个时间不存在", "there is no such time", came=text)
    return text


def _day(came: object) -> object:
    if not isinstance(came, str) or not _DAY.fullmatch(came):  # pydantic takes digits for seconds since 1970
        raise InputError.of("wrong-date", DATE_WANTED.zh, DATE_WANTED.en, came=came)
    return came


def _ranges(ranges: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    before = 0
    for first, last in ranges:
        if not before < first <= last <= MAX_UNIT:
            raise InputError.of(
                "wrong-unit-range",
                f"盘号范围应从 1 到 {MAX_UNIT}，递增且不重叠",
                f"ranges of units run from 1 to {MAX_UNIT}, ascending and without overlap",
                came=[first, last],
            )
        before = last
    return ranges


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

Id = Annotated[str, StringConstraints(pattern=f"^{_UUID.pattern}$")]
PartyRef = Annotated[str, StringConstraints(min_length=18, max_length=36), AfterValidator(_party_ref)]
Code = Annotated[str, AfterValidator(_batch_code)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_one_spelling)]
PersonalName = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_one_spelling)]
Phone = Annotated[str, StringConstraints(min_length=5, max_length=60), AfterValidator(_one_spelling)]
Number = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(_one_spelling)]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=2000), of_what_is_said(_without_control)]
RegionCode = Annotated[str, AfterValidator(_region_code)]
Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Measured = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,8})?$")]
Length = Annotated[int, Field(gt=0, le=MAX_INTEGER)]
Mass = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Price = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
UnitNumber = Annotated[int, Field(ge=1, le=MAX_UNIT)]
Units = Annotated[tuple[tuple[UnitNumber, UnitNumber], ...], Field(max_length=1000), AfterValidator(_ranges)]
Instant = Annotated[str, StringConstraints(max_length=40), AfterValidator(_instant)]
Day = Annotated[date, Strict(False), BeforeValidator(_day)]
Verdict = Literal["pass", "fail", "none"]


@lru_cache(maxsize=100_000)  # every rule asks, several times a draft
def party_id(ref: str) -> str:
    """The id of the party that ``ref`` names: an id stays, a USCC gives the id that follows from it."""
    return str(uuid5(BUSINESS_KEYS, f"party:{ref}")) if is_uscc(ref) else ref


@lru_cache(maxsize=100_000)  # a draft's project is asked for by rules, effects and streams
def business_id(kind: str, *key: str) -> str:
    """The id of something known by its business key, such as a project by its keeper and number."""
    return str(uuid5(BUSINESS_KEYS, "\x1f".join((kind, *key))))


def filed(number: str) -> str:
    """The spelling under which the number of an order is found: people write the same one in capitals and without."""
    return number.upper()


def usual_key_id(public_key: str) -> str:
    """The id under which a signing key is registered when nobody chose another: it follows from the public key."""
    return business_id("key", public_key)
