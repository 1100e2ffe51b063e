"""The language switch: a link that remembers the choice in a cookie and leads back to the same page."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response

from ...http.door import LANGUAGE_COOKIE
from .visit import is_https, own_path, page_router, see_other

_YEAR_SECONDS = 365 * 24 * 3600


def make_router() -> APIRouter:
    router = page_router()

    @router.get("/language/{language}")
    def choose(request: Request, language: Literal["zh", "en"], onward: str = "/") -> Response:
        answer = see_other(own_path(onward))
        answer.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=_YEAR_SECONDS,
            httponly=True,
            secure=is_https(request),
            samesite="lax",
        )
        return answer

    return router
