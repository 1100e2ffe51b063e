"""The parameters of an address: one that its route does not know is refused, with the nearest name that it does know, and one
that takes a single value and came twice.

A parameter that is passed over answers another question than was asked: a filter with a slip in its name finds everything.
The whole interface of programs refuses them (`api_router`). Addresses that people open from labels and from messages, ``/c/…``
and ``/r/…``, do not: whoever passes a link on adds parameters to it. Nor do those that only watch over the service.
"""

from __future__ import annotations

from collections import Counter
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from fastapi import APIRouter, Depends, Request
from fastapi.routing import APIRoute

from ..errors import InputError, Problem, Text, shown

#: Every answer has a language: `door.language_of`.
_LANGUAGE = "lang"


async def only_known(request: Request) -> None:
    """Raises InputError ``bad-request`` with every parameter that the route of this request does not declare, and with every
    one that came more than once and takes one value."""
    if not request.scope["query_string"]:
        return
    known = _declared(request.scope["route"])
    counts = Counter(name for name, _ in request.query_params.multi_items())
    wrong = [
        *(_unknown(name, list(known)) for name in counts if name not in known),
        *(_repeated(name) for name, count in counts.items() if count > 1 and not known.get(name, True)),
    ]
    if wrong:
        raise InputError(*wrong)


def api_router(tag: str, prefix: str = "") -> APIRouter:
    """The routes of one part of the programs' interface, which take no parameter that they do not declare."""
    return APIRouter(prefix=prefix, tags=[tag], dependencies=[Depends(only_known)])


def _declared(route: APIRoute) -> dict[str, bool]:
    """What it reads as arguments, and what it says besides in its description: whether it may come several times."""
    read = {field.alias: takes_several(field.field_info.annotation) for field in route.dependant.query_params}
    described = {
        each["name"]: each.get("schema", {}).get("type") == "array"
        for each in (route.openapi_extra or {}).get("parameters", ())
    }
    return {_LANGUAGE: False, **read, **described}


def takes_several(annotation: Any) -> bool:
    """Whether an argument is a list, or a list that may be left out."""
    return list in (get_origin(annotation), *map(get_origin, get_args(annotation)))


def _repeated(name: str) -> Problem:
    return Problem(
        "bad-request",
        Text(f"参数 {shown(name)} 给了不止一次", f"the parameter {shown(name)} came more than once"),
        where=shown(name),
        remedy=Text("只给一次", "give it once"),
    )


def _unknown(name: str, known: list[str]) -> Problem:
    near = get_close_matches(name, known, n=1)
    listed = ", ".join(known)
    remedy = (
        Text(f"是否指 {near[0]}", f"did you mean {near[0]}?")
        if near
        else Text(f"可用：{listed}" if known else "此地址不接受参数", f"known: {listed or 'none'}")
    )
    return Problem(
        "bad-request",
        Text(f"没有名为 {shown(name)} 的参数", f"there is no parameter {shown(name)}"),
        where=shown(name),
        remedy=remedy,
    )
