"""A party as people type it into one field: its name, its credit code, or both.

``城东五金 91…``, ``城东五金（91…）`` and ``城东五金，91…`` are read alike, also with the code in front. What looks like a credit code
at either end is meant as one: with a slip in it, it is refused, for otherwise it would become part of a name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from ..codes.uscc import is_uscc, parse_uscc
from ..errors import InputError, Text
from .state import KnownParty


@dataclass(frozen=True, slots=True)
class TypedParty:
    """``name`` is empty where only a code was typed, ``uscc`` None where only a name was."""

    name: str
    uscc: str | None = None


def parse_typed_party(text: str) -> TypedParty:
    """Raises InputError ``wrong-uscc`` for a code with a slip in it (`codes.uscc`), ``wrong-input`` for two codes."""
    text = text.strip()
    if is_uscc(text):
        return TypedParty("", parse_uscc(text))
    name, code = _taken_apart(text)
    if code is None:
        return TypedParty(text)
    uscc = _parse_naming_it(code)
    if _taken_apart(name)[1] is not None:
        raise InputError.of(
            "wrong-input",
            "这里有两个统一社会信用代码",
            "there are two credit codes here",
            came=text,
            remedy=Text("请只写一个单位的名称和代码", "give name and code of one party only"),
        )
    return TypedParty(name, uscc)


def check_called(party: KnownParty, name: str, reader: str) -> None:
    """Raises InputError where a name that was typed beside the code of this party is not its own. Width, blanks and case are free.

    Whom others than ``reader`` merely named may be called in any way: what they call it binds nobody.
    """
    if party.named_by is not None and party.namers != {reader}:
        return
    if not name or _folded(name) == _folded(party.name):
        return
    raise InputError.of(
        "wrong-input",
        f"这个代码是「{party.name}」的",
        f"this code is {party.name}'s",
        came=name,
        remedy=Text(
            "请核对名称和代码；代码没有错的，改正名称，或只填代码",
            "check name and code; where the code is right, correct the name or give the code alone",
        ),
    )


def _parse_naming_it(code: str) -> str:
    """`parse_uscc`, whose refusal says which characters were taken for a code: more was typed than they."""
    try:
        return parse_uscc(code)
    except InputError as error:
        raise InputError(
            *(
                replace(problem, detail=Text(f"{code}：{problem.detail.zh}", f"{code}: {problem.detail.en}"))
                for problem in error.problems
            )
        ) from None


_BLANK = " \t\r\n\u3000\u00a0"
_PAUSE = ",，;；、:：/"
_OPEN, _CLOSE = "(（[【〔", ")）]】〕"
_LABEL = "统一社会信用代码"
_CHARACTER = "[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]"
#: A code has 18 characters; some may have been left out, or typed twice.
_LAST = re.compile(rf"(?<!{_CHARACTER}){_CHARACTER}{{15,20}}\Z")
_FIRST = re.compile(rf"{_CHARACTER}{{15,20}}(?!{_CHARACTER})")


def _taken_apart(text: str) -> tuple[str, str | None]:
    """The name, and what looks like a credit code behind or before it."""
    left = text.rstrip(_BLANK + _PAUSE + _CLOSE)
    last = _LAST.search(left)
    if last is not None and _looks_like_a_code(last[0]):
        name = left[: last.start()].rstrip(_BLANK + _PAUSE + _OPEN)
        return name.removesuffix(_LABEL).rstrip(_BLANK + _PAUSE + _OPEN), last[0]
    right = text.lstrip(_BLANK + _PAUSE + _OPEN).removeprefix(_LABEL).lstrip(_BLANK + _PAUSE + _OPEN)
    first = _FIRST.match(right)
    if first is not None and _looks_like_a_code(first[0]):
        return right[first.end() :].lstrip(_BLANK + _PAUSE + _CLOSE), first[0]
    return text, None


def _looks_like_a_code(run: str) -> bool:
    """Half of it are digits at least, as in most codes; of those with more letters only a right one is told from a word."""
    return 2 * sum(map(str.isdigit, run)) >= len(run) or is_uscc(run)


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
