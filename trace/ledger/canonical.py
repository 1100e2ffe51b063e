"""Canonical JSON: RFC 8785 under a restriction that makes the fastest encoder write exactly its bytes.

The restriction (formats §1): member names are ASCII; numbers are integers within ±(2^53-1), decimals stand
in strings; there is no null, what is unknown is absent; strings are in NFC without lone surrogates; nesting
is at most 32. Inside it sorted ``orjson`` output *is* RFC 8785. Outside it the two differ (floats, names
beyond the basic plane, NaN written as null), so what lies outside is refused and never encoded.

Every check is made twice over. A gate reads the encoded bytes with whole-buffer operations and lets pass
what is plainly fine, in a few microseconds; only what it cannot pass is walked value by value, which alone
decides and finds the places. The gate may doubt what is right, but never passes what is wrong.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import orjson

from ..errors import InputError, Problem, Text, shown

#: Levels of objects and arrays, the outermost counted.
MAX_DEPTH = 32
#: Integers beyond this are not the same number in every reader of JSON (RFC 8785 §3.2.2.3, RFC 7493 §2.2).
MAX_INTEGER = 2**53 - 1
#: A client learns this many faults of one document at a time.
_MAX_PROBLEMS = 20

# What orjson would otherwise write in a spelling of its own choice is left to fail.
_OPTIONS = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_STRICT_INTEGER
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)

_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_NO_BRACKET = bytes(sorted(set(range(256)) - set(b"[]{}")))
_STRUCTURE_AND_INTEGERS = b"{}[],:-0123456789"
# Text boiled down to what can betray a null or a float: its first sign, or the one behind its digits, as "x",
# right behind the colon, bracket or comma before it. True and false begin with "t". Brackets are all "[".
_BOIL = bytes.maketrans(b".eEntf{", b"xxxxtt[")
_BOIL_AWAY = bytes(set(range(256)) - set(b'":,[{.eEntf'))
# Text boiled down to its quotation marks, colons and, as 0x80, whatever is not ASCII.
_NON_ASCII_AS_80 = bytes(range(128)) + b"\x80" * 128
_OTHER_ASCII = bytes(set(range(128)) - set(b'":'))
_NON_ASCII_NAME = re.compile(rb'\x80:*+":')


def encode(value: object) -> bytes:
    """The canonical bytes of a JSON value made of dict, list, str, int and bool.

    Raises `InputError` (``wrong-input``), located by JSON pointer, for a value outside the restriction, and
    TypeError for an object that is no JSON value at all. About 5 µs for a draft of 1 KB.
    """
    try:
        data = orjson.dumps(value, option=_OPTIONS)
    except orjson.JSONEncodeError as error:
        _refuse_outside_restriction(value, MAX_DEPTH)
        raise TypeError(f"not a JSON value: {error}") from error
    if not _plainly_restricted(data, MAX_DEPTH):
        _refuse_outside_restriction(value, MAX_DEPTH)
    return data


def decode(data: bytes, limit: int) -> dict[str, Any]:
    """Read one JSON object strictly, at the door; any spelling, but nothing `encode` would refuse.

    In this order: at most ``limit`` bytes (``too-large``), nesting, UTF-8 and grammar (``malformed-json``),
    the restriction, no member name twice, an object outermost (``wrong-input``). About 10 µs for 1 KB.
    """
    if len(data) > limit:
        raise InputError.of(
            "too-large",
            f"内容共 {len(data)} 字节，上限为 {limit} 字节",
            f"{len(data)} bytes came, at most {limit} are taken",
        )
    if _nested_deeper(data, MAX_DEPTH):
        raise InputError(_too_deep("", MAX_DEPTH))
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise InputError(_malformed(data, error)) from error
    canonical = encode(value)
    # Of two equal names orjson keeps the last, so the re-encoding has fewer members, and each has one colon.
    if canonical != data and _colons(canonical) != _colons(data):
        raise InputError(*_repeated_names(data))
    if not isinstance(value, dict):
        raise InputError.of(
            "wrong-input", "最外层应为 JSON 对象", "a JSON object is wanted outermost", came=value
        )
    return value


def _malformed(data: bytes, error: orjson.JSONDecodeError) -> Problem:
    """Where a text stops being JSON; for one in GB18030 or UTF-16, that this is what is wrong with it."""
    try:
        data.decode()
    except UnicodeDecodeError as not_utf8:
        byte = not_utf8.start + 1
        return Problem(
            "malformed-json",
            Text(f"不是 UTF-8 编码：第 {byte} 个字节", f"not in UTF-8: byte {byte}"),
            where=f"byte {byte}",
            remedy=Text("请以 UTF-8 编码发送", "send it in UTF-8"),
        )
    line, column = error.lineno, error.colno
    return Problem(
        "malformed-json",
        Text(f"不是合法的 JSON：第 {line} 行第 {column} 列", f"not valid JSON: line {line} column {column}"),
        where=f"line {line} column {column}",
    )


def parse(data: bytes, max_depth: int = MAX_DEPTH) -> Any:
    """Inverse of `encode`: the value whose canonical bytes these are. Raises ValueError for any other spelling."""
    try:
        value = orjson.loads(data)
        again = orjson.dumps(value, option=_OPTIONS)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError) as error:
        raise ValueError(f"not canonical JSON: {error}") from error
    if again != data:
        at = next((n for n, (a, b) in enumerate(zip(again, data, strict=False)) if a != b), len(again))
        raise ValueError(
            f"not canonical from byte {at}: {data[at : at + 40]!r}, wanted {again[at : at + 40]!r}"
        )
    if not _plainly_restricted(data, max_depth):
        _refuse_outside_restriction(value, max_depth)
    return value


def is_canonical(data: bytes) -> bool:
    """Whether these bytes are what `encode` writes for the value that they mean."""
    try:
        parse(data)
    except ValueError:
        return False
    return True


# --- the gate: whole-buffer reading


def _without_escapes(data: bytes) -> bytes:
    """The text with every quotation mark in it opening or closing a string."""
    return _ESCAPE.sub(b"", data) if b"\\" in data else data


def _structure(text: bytes) -> bytes:
    """What stands outside of strings, given text without escapes: brackets, commas, colons, numbers, literals."""
    return b"".join(text.split(b'"')[::2])


def _colons(data: bytes) -> int:
    """The number of object members in valid JSON."""
    return _structure(_without_escapes(data)).count(b":")


def _nested_deeper(data: bytes, max_depth: int) -> bool:
    """Whether JSON text, possibly malformed, has more levels than this; nothing recurses here."""
    # Brackets inside strings are counted too: at worst a closer look.
    if data.count(b"{") + data.count(b"[") <= max_depth:
        return False
    brackets = _structure(_without_escapes(data)).translate(None, _NO_BRACKET)
    return max(accumulate(1 if bracket in b"{[" else -1 for bracket in brackets), default=0) > max_depth


def _plainly_restricted(data: bytes, max_depth: int) -> bool:
    """True only if these bytes, just written by orjson, stay inside the restriction.

    NFC may be tested on the whole text: NFC is closed under cutting out substrings, and JSON's own signs
    compose with nothing. An escape such as ``\\n`` before a combining mark may raise a false doubt.
    """
    boiled = data.translate(_BOIL, _BOIL_AWAY)
    may_betray = b'":x' in boiled or b"[x" in boiled or b",x" in boiled or boiled.startswith(b"x")
    if may_betray and not _only_integers(data):
        return False
    if boiled.count(b"[") > max_depth and _nested_deeper(data, max_depth):
        return False
    if data.isascii():
        return True
    text = _without_escapes(data)
    boiled = text.translate(_NON_ASCII_AS_80, _OTHER_ASCII)
    return not _NON_ASCII_NAME.search(boiled) and unicodedata.is_normalized("NFC", data.decode())


def _only_integers(data: bytes) -> bool:
    """Whether valid JSON has neither a null nor a float; a word in a text may look like one from afar."""
    words = _structure(_without_escapes(data)).translate(None, _STRUCTURE_AND_INTEGERS)
    return not words.replace(b"true", b"").replace(b"false", b"")


# --- the walk: value by value


def _refuse_outside_restriction(value: object, max_depth: int) -> None:
    """Raise `InputError` with what lies outside the restriction; return if nothing does."""
    problems = []
    for problem in _outside_restriction(value, "", max_depth):
        problems.append(problem)
        if len(problems) == _MAX_PROBLEMS:
            break
    if problems:
        raise InputError(*problems)


def _outside_restriction(value: object, where: str, levels: int) -> Iterator[Problem]:
    if isinstance(value, bool):
        return
    if isinstance(value, str):
        yield from _text_problems(value, where)
    elif isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            yield _problem("整数超出 ±(2^53−1)", "an integer beyond ±(2^53-1)", where, _digits(value))
    elif isinstance(value, float):
        yield Problem(
            "wrong-input",
            Text("数字应为 ±(2^53−1) 以内的整数", "numbers are integers within ±(2^53-1)"),
            where,
            shown(value),
            Text('小数请写成字符串，例如 "7.14"', 'write a decimal as a string, such as "7.14"'),
        )
    elif value is None:
        yield Problem(
            "wrong-input",
            Text("不允许 null", "null is not taken"),
            where,
            "null",
            Text("没有值的字段请省略", "leave out what has no value"),
        )
    elif not isinstance(value, dict | list | tuple):
        raise TypeError(f"not a JSON value at {where!r}: {type(value).__name__}")
    elif levels == 0:
        yield _too_deep(where, where.count("/"))
    elif isinstance(value, dict):
        for name, member in value.items():
            if not isinstance(name, str):
                raise TypeError(f"a member name at {where!r} is a {type(name).__name__}, not a string")
            if not name.isascii():
                yield _problem("字段名应为 ASCII 字符", "member names are ASCII", where, name)
            else:
                yield from _outside_restriction(member, f"{where}/{_pointer_token(name)}", levels - 1)
    else:
        for index, item in enumerate(value):
            yield from _outside_restriction(item, f"{where}/{index}", levels - 1)


def _text_problems(text: str, where: str) -> Iterator[Problem]:
    if any("\ud800" <= character <= "\udfff" for character in text):
        yield _problem("字符串中有孤立的代理码", "a string holds a lone surrogate", where, text)
    elif not unicodedata.is_normalized("NFC", text):
        yield Problem(
            "wrong-input",
            Text("字符串应为 Unicode NFC 形式", "strings are in Unicode NFC"),
            where,
            shown(text),
            Text(
                f"应写作 {shown(unicodedata.normalize('NFC', text))}",
                f"write {shown(unicodedata.normalize('NFC', text))}",
            ),
        )


def _repeated_names(data: bytes) -> Iterator[Problem]:
    """Where valid JSON, no deeper than `MAX_DEPTH`, has a member name twice in one object."""

    def walk(value: object, where: str) -> Iterator[Problem]:
        if isinstance(value, tuple):  # an object, as its pairs
            seen = set()
            for name, member in value:
                if name in seen:
                    yield _problem(
                        "字段名重复", "a member name stands twice", f"{where}/{_pointer_token(name)}", name
                    )
                seen.add(name)
                yield from walk(member, f"{where}/{_pointer_token(name)}")
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from walk(item, f"{where}/{index}")

    yield from walk(json.loads(data, object_pairs_hook=tuple), "")


def _problem(zh: str, en: str, where: str, came: str) -> Problem:
    return Problem("wrong-input", Text(zh, en), where, shown(came))


def _too_deep(where: str, levels: int) -> Problem:
    return Problem("wrong-input", Text(f"嵌套超过 {levels} 层", f"nested deeper than {levels} levels"), where)


def _digits(value: int) -> str:
    # Python refuses to print integers of thousands of digits; none of those is worth showing anyway.
    return str(value) if value.bit_length() < 256 else f"{value.bit_length()} bits"


def _pointer_token(name: str) -> str:
    """A member name as a JSON pointer writes it (RFC 6901 §3)."""
    return name.replace("~", "~0").replace("/", "~1")
