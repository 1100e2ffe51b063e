"""Files that are made for whoever asks, to be saved."""

from __future__ import annotations

from fastapi import Response

PDF = "application/pdf"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZPL = "text/plain; charset=us-ascii"


def download(content: bytes, name: str, media_type: str) -> Response:
    """``name`` in ASCII, with its ending. No cache keeps what was made for one reader."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
