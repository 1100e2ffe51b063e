"""Style, scripts and icons: every shipped file, held in memory, each with how long it may be kept.

What is not among the shipped files does not exist: no path is ever looked up on the disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response

from ...errors import InputError
from ..assets import PREFIX, STATIC, Assets
from .visit import page_router

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    media_type: str
    version: str


def make_router(assets: Assets, directory: Path = STATIC) -> APIRouter:
    router = page_router()
    files = _read(assets, directory)

    @router.get(PREFIX + "{name:path}")
    async def shipped(request: Request, name: str) -> Response:
        """Asynchronous, because it only hands over bytes that are in memory."""
        file = files.get(name)
        if file is None:
            raise InputError.of("not-found", "没有这个文件", "there is no such file", came=name)
        tag = f'"{file.version}"'
        # A name in vendor/ holds its version; other names say it in the address, if the page is current.
        lasting = name.startswith("vendor/") or request.query_params.get("v") == file.version
        headers = {"ETag": tag, "Cache-Control": _FOR_EVER if lasting else "no-cache"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(file.content, media_type=file.media_type, headers=headers)

    return router


def _read(assets: Assets, directory: Path) -> Mapping[str, _File]:
    return {
        name: _File((directory / name).read_bytes(), _TYPES[Path(name).suffix], version)
        for name, version in assets.versions.items()
    }
