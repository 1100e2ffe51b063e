"""A secret that is shown once: from the form that made it to the next page, in a cookie that this page takes away.

So the form can be answered with a redirect, a reload makes no second key, and no process must remember it.
The cookie is sent to one path only, lives for a minute and is closed to scripts.
"""

from __future__ import annotations

import base64
import binascii

import orjson
from fastapi import Request, Response

from .visit import is_https

_COOKIE = "cabletrace_once"
_SECONDS = 60


def hand_over(answer: Response, request: Request, path: str, name: str, secret: str) -> None:
    """Let the page at ``path`` show the secret of this name when it is opened next."""
    value = base64.urlsafe_b64encode(orjson.dumps([name, secret])).decode()
    answer.set_cookie(
        _COOKIE,
        value,
        max_age=_SECONDS,
        path=path,
        httponly=True,
        secure=is_https(request),
        samesite="strict",
    )


def handed_over(request: Request) -> tuple[str, str]:
    """The name and the secret to show now; two empty texts where there is none."""
    try:
        name, secret = orjson.loads(base64.urlsafe_b64decode(request.cookies.get(_COOKIE, "")))
    except (binascii.Error, ValueError, TypeError):
        return "", ""
    return (name, secret) if isinstance(name, str) and isinstance(secret, str) else ("", "")


def forget(answer: Response, request: Request, path: str) -> None:
    answer.delete_cookie(_COOKIE, path=path, httponly=True, secure=is_https(request), samesite="strict")
