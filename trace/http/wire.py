"""Values as JSON on the wire: what readings answer goes out as it is, member by member.

Instants are RFC 3339 with ``Z``, days ``2026-05-02``, decimals strings, bytes hexadecimal, a `Text` both
languages. What follows from the fields of a value (its properties) stands beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import orjson
from fastapi import Response

from ..clock import format_instant

_OPTIONS = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS


def json_bytes(value: Any) -> bytes:
    return orjson.dumps(value, default=_plain, option=_OPTIONS)


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(json_bytes(value), status, headers, "application/json")


def members_of(value: Any) -> dict[str, Any]:
    """The members under which a value goes out."""
    return {name: getattr(value, name) for name in _names(value.__class__)}


@cache
def _names(kind: type) -> tuple[str, ...]:
    derived = [name for name in dir(kind) if isinstance(getattr(kind, name), property)]
    return (*(field.name for field in fields(kind)), *derived)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return members_of(value)
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Set):
        return sorted(value)
    if isinstance(value, Mapping):  # one that is no dict, such as a read-only view
        return dict(value)
    if isinstance(value, tuple):  # a named one, which the encoder does not take for a tuple
        return value._asdict() if hasattr(value, "_asdict") else list(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
