"""Attachments over HTTP: put under their SHA-256 before an event names them, and read back.

What is served was checked when it came, is sent with the type that its bytes have, and with a policy that lets nothing
in it run: pictures are shown, everything else is only downloaded.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Engine

from ..auth.actor import Actor
from ..auth.policy import Action
from ..blobs.content import MAX_BLOB_BYTES, TAKEN, require_taken
from ..blobs.store import Blob, BlobStore, is_hash, too_large
from ..db.engine import begin_read
from ..errors import InputError
from ..http.attaching import Attaching
from ..http.contract import needs
from ..http.door import Door, media_type_of
from ..http.failures import not_found
from ..http.parameters import api_router
from ..http.wire import json_response
from ..queries.attachments import readable_attachment

Name = Annotated[
    str, Path(description="文件的 SHA-256，64 位小写十六进制 64 hexadecimal digits in lower case")
]

_BINARY = {"type": "string", "format": "binary"}
_ALL_TYPES = {media_type: {"schema": _BINARY} for media_type in TAKEN}

#: Nothing in a stored file runs, loads anything, or is embedded by another site; the name decides for ever what it is.
_POLICY = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=31536000, immutable",
    "Vary": "Cookie, Authorization",
    "Accept-Ranges": "none",
}


@dataclass(frozen=True, slots=True)
class BlobRead:
    """A stored file; ``media_type`` as its bytes say, ``size`` in bytes: what an event's ``documents`` must repeat."""

    sha256: str
    media_type: str
    size: int


def make_router(door: Door, ledger: Engine, blobs: BlobStore, attaching: Attaching) -> APIRouter:
    router = api_router("blobs 附件", "/api/v1/blobs")

    @router.put(
        "/{sha256}",
        status_code=201,
        response_model=BlobRead,
        summary="上传附件 upload an attachment",
        responses={
            200: {
                "description": "本账号已上传过 this account had uploaded it already",
                "model": BlobRead,
            }
        },
        openapi_extra=needs(Action.PUT_BLOB, requestBody={"required": True, "content": _ALL_TYPES}),
    )
    async def put(request: Request, sha256: Name) -> Response:
        """The file as the body, at most 20 MiB: JPEG, PNG, WebP or PDF, checked by its own bytes; nothing is changed.

        A photo keeps what the camera wrote into it, time and place too: it is evidence, for all who may see the event.
        The same again is harmless. An event may name it from then on; what no event has named after seven days is
        removed.
        """
        actor = door.allowed_to_change(request, Action.PUT_BLOB)
        declared = _declared_type(request)
        _require_hash(sha256)
        blob, is_new = await attaching.take(actor, _body(request), sha256=sha256, declared=declared)
        return json_response(BlobRead(blob.sha256, blob.media_type, blob.size), 201 if is_new else 200)

    @router.get(
        "/{sha256}",
        summary="附件 an attachment",
        response_class=Response,
        responses={
            200: {"description": "原样的文件 the file as it came", "content": _ALL_TYPES},
            304: {"description": "未变 not modified"},
        },
        openapi_extra=needs(Action.READ_BLOB),
    )
    def read(request: Request, sha256: Name) -> Response:
        """For whoever may see an event that names it, and for the account that has just uploaded it."""
        actor = door.allowed(request, Action.READ_BLOB)
        name = name_to(actor, sha256)
        blob = None if name is None else blobs.find(sha256)
        if name is None or blob is None:
            raise not_found("此附件", "this attachment", sha256)
        headers = {**_POLICY, "ETag": f'"{sha256}"'}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        content = blobs.parts(sha256)
        return StreamingResponse(
            content,
            headers={
                **headers,
                "Content-Length": str(blob.size),
                "Content-Disposition": disposition(blob, name),
            },
            media_type=blob.media_type,
        )

    def name_to(actor: Actor, sha256: str) -> str | None:
        """What the file is called for this actor; None where it is not open to it."""
        with begin_read(ledger) as tx:
            attachment = readable_attachment(tx, actor, sha256)
        if attachment is not None:
            return attachment.name
        return None if attaching.own(actor, sha256) is None else sha256[:16]

    return router


def _declared_type(request: Request) -> str:
    declared, _ = media_type_of(request)
    require_taken(declared)
    encoding = request.headers.get("content-encoding", "identity")
    if encoding != "identity":
        raise InputError.of(
            "wrong-media-type",
            "附件应原样上传，不要压缩",
            "an attachment is sent as it is, not compressed",
            came=encoding,
            where="Content-Encoding",
        )
    return declared


def _require_hash(sha256: str) -> None:
    if not is_hash(sha256):
        raise InputError.of(
            "wrong-input",
            "地址里应为文件的 SHA-256：64 位小写十六进制",
            "the address ends with the file's SHA-256: 64 hexadecimal digits in lower case",
            came=sha256,
            where="sha256",
        )


async def _body(request: Request) -> AsyncIterator[bytes]:
    """The body, with the length that was declared, if any was: one that is too long is not even begun."""
    declared = request.headers.get("content-length", "")
    length = int(declared) if declared.isdecimal() else None
    if length is not None and length > MAX_BLOB_BYTES:
        raise too_large()
    size = 0
    async for part in request.stream():
        size += len(part)
        yield part
    if length not in (None, size):
        raise InputError.of(
            "bad-request",
            f"说好 {length:,} 字节，收到 {size:,} 字节",
            f"{length:,} bytes were announced and {size:,} came",
            where="Content-Length",
        )


def disposition(blob: Blob, name: str) -> str:
    """How a browser treats the file: a picture is shown, everything else saved under the name (RFC 6266, RFC 8187)."""
    kind = TAKEN[blob.media_type]
    if not name.lower().endswith((kind.extension, ".jpeg") if kind.extension == ".jpg" else kind.extension):
        name += kind.extension  # a name that says something else would be opened by something else
    return f"{'inline' if kind.is_picture else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}"
