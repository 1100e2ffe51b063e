"""Values as JSON on the wire: what readings answer goes out as it is, member by member.

Instants are RFC 3339 with ``Z``, days ``2026-05-02``, decimals strings, bytes hexadecimal, a `Text` both
languages. What follows from the fields of a value (its properties) stands beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

import orjson
from fastapi import Response

from ..clock import format_instant
from ..lately import Lately

_OPTIONS = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS


def json_bytes(value: Any) -> bytes:
    return orjson.dumps(value, default=_plain, option=_OPTIONS)


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(json_bytes(value), status, headers, "application/json")


class WrittenLately:
    """Values that go out again and again, written once each. Told apart by which object they are, so only frozen ones, and
    only worth it where the same object comes back. For one thread."""

    def __init__(self, most: int = 10_000) -> None:
        self._written: Lately[int, tuple[Any, orjson.Fragment]] = Lately(most)

    def of(self, value: Any) -> orjson.Fragment:
        """The value as `json_bytes` writes it, to stand in a larger one."""
        found = self._written.find(id(value))
        if found is None:
            found = value, orjson.Fragment(json_bytes(value))  # held, so that its id is nobody else's
            self._written.keep(id(value), found)
        return found[1]


def members_of(value: Any) -> dict[str, Any]:
    """The members under which a value goes out."""
    names, read = _members(value.__class__)
    return dict(zip(names, read(value), strict=True))


@cache
def _members(kind: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """Names of the members of a kind of value, and what reads them all at once."""
    derived = [name for name in dir(kind) if isinstance(getattr(kind, name), property)]
    names = (*(field.name for field in fields(kind)), *derived)
    if len(names) == 1:
        return names, lambda value: (getattr(value, names[0]),)
    return names, attrgetter(*names)


def _plain(value: Any) -> Any:
    return _writer(value.__class__)(value)


@cache
def _writer(kind: type) -> Callable[[Any], Any]:
    """How values of this kind go out; found once, since the public answer holds dozens."""
    if is_dataclass(kind):
        return members_of
    for base, write in _WRITERS:
        if issubclass(kind, base):
            return write
    raise TypeError(f"no JSON for {kind.__name__}")


def _tuple(value: Any) -> Any:
    """A named one, which the encoder does not take for a tuple."""
    return value._asdict() if hasattr(value, "_asdict") else list(value)


_WRITERS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (datetime, format_instant),
    (date, date.isoformat),
    (Decimal, str),
    (bytes, bytes.hex),
    (Set, sorted),
    (Mapping, dict),  # one that is no dict, such as a read-only view
    (tuple, _tuple),
)
