"""What pydantic found wrong with a draft, in our words and located by JSON pointer (RFC 6901)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ..errors import InputError, Problem, Text, shown
from .kinds import KINDS
from .values import DATE_WANTED

#: What pydantic found, in our words; the braces are filled from its context.
_WANTED: Mapping[str, Text] = {
    "missing": Text("缺少必填项", "this member is required"),
    "unexpected_keyword_argument": Text("没有这个字段", "there is no such member"),
    "union_tag_not_found": Text("缺少事件类型 kind", "the member kind is required"),
    "string_type": Text("应为文字", "text is wanted"),
    "int_type": Text("应为整数", "an integer is wanted"),
    "bool_type": Text("应为 true 或 false", "true or false is wanted"),
    "tuple_type": Text("应为数组", "an array is wanted"),
    "dataclass_type": Text("应为对象", "an object is wanted"),
    "dict_type": Text("应为对象", "an object is wanted"),
    "string_too_short": Text("至少应有 {min_length} 个字符", "at least {min_length} characters are wanted"),
    "string_too_long": Text("最多 {max_length} 个字符", "at most {max_length} characters are taken"),
    "string_pattern_mismatch": Text("写法不符，应为 {pattern}", "the form {pattern} is wanted"),
    "too_short": Text("至少应有 {min_length} 项", "at least {min_length} items are wanted"),
    "too_long": Text("最多 {max_length} 项", "at most {max_length} items are taken"),
    "greater_than": Text("应大于 {gt}", "more than {gt} is wanted"),
    "greater_than_equal": Text("不应小于 {ge}", "at least {ge} is wanted"),
    "less_than_equal": Text("不应大于 {le}", "at most {le} is taken"),
    "literal_error": Text("应为下列之一：{expected}", "one of these is wanted: {expected}"),
    "date_parsing": DATE_WANTED,
    "date_from_datetime_parsing": DATE_WANTED,
}


def problems_of(error: ValidationError) -> list[Problem]:
    problems: list[Problem] = []
    errors = error.errors(include_url=False)
    for found in errors:
        if found["type"] == "too_short" and any(
            other["loc"][: len(found["loc"])] == found["loc"] and other is not found for other in errors
        ):
            continue  # pydantic does not count items that are wrong themselves
        place = found["loc"][1:] if found["loc"] and found["loc"][0] in KINDS else found["loc"]
        where = "".join(f"/{_pointer_token(step)}" for step in place)
        cause = found.get("ctx", {}).get("error")
        if isinstance(cause, InputError):
            problems.extend(cause.at(where).problems)
        elif found["type"] == "union_tag_invalid":
            kind = found["ctx"]["tag"]
            detail = Text(f"没有「{shown(kind)}」这种事件", f"there is no kind of event {shown(kind)!r}")
            problems.append(Problem("unknown-kind", detail, where="/kind", came=shown(kind)))
        else:
            came = "" if found["type"] in ("missing", "union_tag_not_found") else shown(found["input"])
            code = "wrong-date" if found["type"].startswith("date_") else "wrong-input"
            problems.append(
                Problem(code, _wanted(found["type"], found.get("ctx", {})), where=where, came=came)
            )
    return problems


def _wanted(type_: str, context: Mapping[str, Any]) -> Text:
    wanted = _WANTED.get(type_, Text("不符合要求", "this is not what is wanted"))
    listed = str(context.get("expected", "")).replace(" or ", ", ")
    return Text(
        wanted.zh.format_map({**context, "expected": listed.replace(", ", "、")}),
        wanted.en.format_map({**context, "expected": listed}),
    )


def _pointer_token(step: str | int) -> str:
    """A member name as a JSON pointer writes it (RFC 6901 §3); a name from outside may be long and strange."""
    return shown(str(step)).replace("~", "~0").replace("/", "~1")
