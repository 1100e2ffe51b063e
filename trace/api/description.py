"""``/openapi.json``: the description of everything that this API does, made once and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from fastapi import APIRouter, Response

from ..http.contract import open_to_all
from ..http.parameters import api_router
from ..http.wire import json_bytes


def make_router(describe: Callable[[], Mapping[str, Any]]) -> APIRouter:
    """``describe`` is called on the first request: by then all routes are known."""
    router = api_router("public 公开")

    @cache
    def document() -> bytes:
        return json_bytes(describe())

    @router.get(
        "/openapi.json",
        summary="接口描述 this description",
        response_model=dict[str, Any],
        openapi_extra=open_to_all(),
    )
    def description() -> Response:
        """OpenAPI 3.1; ``/docs`` shows it to people."""
        return Response(document(), media_type="application/json", headers={"Cache-Control": "no-cache"})

    return router
