"""Names of regions as people write them: whole or short, with or without what stands above, and with a slip.

``河南省周口市太康县``, ``周口太康``, ``太康``: every level from above may be left out, and every level may be written without
its ending (省, 市, 县, 区, 自治州 ...) where two characters remain. A name that several regions have is never decided here: all
of them are offered. What is written whole goes before what is written short (太康县 before any 太康).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations

from ..errors import InputError, Text
from .regions import codes_in_use, current_code, full_name, region_path

#: No name is longer, and more is not looked at.
LONGEST = 40
#: So many are offered.
MOST_CHOICES = 12

#: Peoples after whom regions are called: what stands before the first of them is the short name (延边 of 延边朝鲜族自治州).
_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|"
    "仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|鄂温克|德昂|保安|裕固|独龙|鄂伦春|各"
)
_AUTONOMOUS = re.compile(rf"^(.{{2,}}?)(?:(?:{_PEOPLES})族?)*自治(?:区|州|县|旗)$")
_PLAIN = re.compile(r"^(.{2,}?)(?:特别行政区|地区|林区|特区|省|市|县|区|盟|旗)$")


def short_name(name: str) -> str:
    """The name without its ending: 太康 of 太康县, 广西 of 广西壮族自治区; the name itself where too little would remain."""
    for ending in (_AUTONOMOUS, _PLAIN):
        if (found := ending.match(name)) is not None:
            return found[1].removesuffix("族") if len(found[1]) > 2 else found[1]
    return name


def region_named(text: str) -> str:
    """The code in use today that people mean by six digits or by a name.

    Raises InputError ``unknown-region``; its ``choices`` are the names that may have been meant, each understood here:
    all that have this name, or the nearest ones.
    """
    wanted = "".join(text.split())
    if len(wanted) == 6 and wanted.isascii() and wanted.isdigit():
        return current_code(wanted)
    found = _spelled(wanted)
    if len(found) == 1:
        return found[0]
    choices = tuple(map(full_name, (found or _nearest(wanted))[:MOST_CHOICES]))
    if found:
        said = Text("有几个地区都叫这个名称", "several regions have this name")
    else:
        said = Text("没有叫这个名称的地区", "no region has this name")
    raise InputError.of(
        "unknown-region",
        said.zh,
        said.en,
        came=text,
        remedy=_remedy(choices, several=bool(found)),
        choices=choices,
    )


def _remedy(choices: Sequence[str], *, several: bool) -> Text:
    zh, en = "、".join(choices), ", ".join(choices)
    if several:
        return Text(f"请写全：{zh}", f"say which: {en}")
    if choices:
        return Text(f"是不是：{zh}", f"perhaps: {en}")
    return Text(
        "写到县、区，例如 河南省周口市川汇区，或 6 位行政区划代码",
        "down to the county, such as 河南省周口市川汇区, or six digits of GB/T 2260",
    )


def _spelled(wanted: str) -> Sequence[str]:
    """The codes of all regions that may be written so, whole names before short ones, in the order of their codes."""
    if not 1 < len(wanted) <= LONGEST:
        return ()
    return _whole().get(wanted) or _short().get(wanted, ())


@cache
def _whole() -> Mapping[str, tuple[str, ...]]:
    """Spelling without anything shortened -> codes."""
    return _by_spelling(
        (("".join(levels), code) for code, names in _names().items() for levels in _above(names))
    )


@cache
def _short() -> Mapping[str, tuple[str, ...]]:
    """Every spelling, whatever is shortened -> codes. Some 50,000; made when the first short name is asked for."""
    return _by_spelling(
        (spelling, code)
        for code, names in _names().items()
        for levels in _above(names)
        for spelling in _shortened(levels)
    )


def _by_spelling(pairs: Iterator[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for spelling, code in pairs:
        found.setdefault(spelling, {})[code] = None
    return {spelling: tuple(codes) for spelling, codes in found.items()}


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    """Code -> names from the province down to the region, for every one in use."""
    return {
        code: tuple(row.name for row in region_path(code) if not row.is_collective) for code in codes_in_use()
    }


def _above(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The region itself with all, some or none of what stands above it."""
    *above, own = names
    for count in range(len(above) + 1):
        for kept in combinations(above, count):
            yield (*kept, own)


def _shortened(levels: Sequence[str]) -> Iterator[str]:
    if not levels:
        yield ""
        return
    first, *rest = levels
    for own in {first, short_name(first)}:
        for after in _shortened(rest):
            yield own + after


def _nearest(wanted: str) -> Sequence[str]:
    """The codes of those that differ by a wrong ending (太康市, 淮阳县), else by one character of their own name, else in what
    stands above them; the nearest first."""
    if not 1 < len(wanted) <= LONGEST:
        return ()
    stem = short_name(wanted)
    if stem != wanted and (found := _spelled(stem)):
        return found
    within, typed = _placed(wanted)
    own = {code: names[-1] for code, names in _names().items() if within is None or code in within}
    near = [code for code, name in own.items() if _differs_by_one(short_name(typed), short_name(name))]
    if near:
        return sorted(near, key=lambda code: _distance(typed, own[code]))
    return [code for code, names in _names().items() if wanted.endswith((names[-1], short_name(names[-1])))]


def _distance(typed: str, name: str) -> tuple[bool, bool, bool]:
    """People get the beginning right, and write as many characters as there are."""
    return typed[0] != name[0], len(typed) != len(name), typed[-1] != name[-1]


def _placed(wanted: str) -> tuple[frozenset[str] | None, str]:
    """What lies within the regions that the beginning names, and what is left of the name; None: nothing is named first."""
    for at in range(len(wanted) - 2, 1, -1):
        if above := set(_spelled(wanted[:at])):
            inside = (code for code in _names() if above & {row.code for row in region_path(code)[:-1]})
            return frozenset(inside), wanted[at:]
    return None, wanted


def _differs_by_one(one: str, other: str) -> bool:
    """One character put in, left out or taken for another."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    same = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, rest_of_other = one[same:], other[same:]
    return rest[1:] == rest_of_other[1:] or rest[1:] == rest_of_other or rest == rest_of_other[1:]
