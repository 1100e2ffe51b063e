"""The parameters of an address: one that its route does not know is refused, with the nearest name that it does know.

A parameter that is passed over answers another question than was asked: a filter with a slip in its name finds everything.
The whole interface of programs refuses them (`api_router`). Addresses that people open from labels and from messages, ``/c/…``
and ``/r/…``, do not: whoever passes a link on adds parameters to it. Nor do those that only watch over the service.
"""

from __future__ import annotations

from difflib import get_close_matches

from fastapi import APIRouter, Depends, Request
from fastapi.routing import APIRoute

from ..errors import InputError, Problem, Text, shown

#: Every answer has a language: `door.language_of`.
_LANGUAGE = "lang"


async def only_known(request: Request) -> None:
    """Raises InputError ``bad-request`` with every parameter that the route of this request does not declare."""
    if not request.scope["query_string"]:
        return
    known = _declared(request.scope["route"])
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if unknown:
        raise InputError(*(_unknown(name, known) for name in unknown))


def api_router(tag: str, prefix: str = "") -> APIRouter:
    """The routes of one part of the programs' interface, which take no parameter that they do not declare."""
    return APIRouter(prefix=prefix, tags=[tag], dependencies=[Depends(only_known)])


def _declared(route: APIRoute) -> list[str]:
    """What it reads as arguments, and what it says besides in its description."""
    read = [field.alias for field in route.dependant.query_params]
    return [_LANGUAGE, *read, *(each["name"] for each in (route.openapi_extra or {}).get("parameters", ()))]


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
