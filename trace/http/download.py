"""Files that are made for whoever asks, to be saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from fastapi import Response
from fastapi.responses import StreamingResponse

PDF = "application/pdf"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
ZPL = "text/plain; charset=us-ascii"


def download(content: bytes, name: str, media_type: str) -> Response:
    """``name`` in ASCII, with its ending. No cache keeps what was made for one reader."""
    return Response(content, media_type=media_type, headers=_headers(name))


def download_file(file: IO[bytes], size: int, name: str, media_type: str) -> Response:
    """The same of a file that may be too large to be held in memory; it is closed when it has been sent."""
    headers = {**_headers(name), "Content-Length": str(size)}
    return StreamingResponse(_pieces(file), media_type=media_type, headers=headers)


def _headers(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(1 << 20):
            yield piece
