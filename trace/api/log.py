"""The public log under ``/ledger/``: checkpoint, key, tiles and entry bundles, as C2SP tlog-tiles lays them out.

Asynchronous, because each is one short look-up. What is full never changes again.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy import Engine

from ..auth.policy import Action
from ..db.engine import begin_read
from ..http.contract import answers_with, needs
from ..http.door import Door
from ..http.failures import not_found
from ..http.parameters import api_router
from ..ledger.store import read_identity
from ..ledger.witnesses import newest_cosigned
from ..queries.ledger import newest_checkpoint, published

_TEXT = "text/plain; charset=utf-8"
_BYTES = "application/octet-stream"
_FOR_EVER = "public, max-age=31536000, immutable"
#: A partial tile never changes either, but is of no use any more once the tile is full.
_FOR_A_WHILE = "public, max-age=300"
_BINARY = {"type": "string", "format": "binary"}


def make_router(door: Door, ledger: Engine) -> APIRouter:
    router = api_router("public 公开", "/ledger")

    @router.get(
        "/checkpoint",
        summary="已签名的检查点 the signed checkpoint",
        response_class=Response,
        responses=answers_with("text/plain", "C2SP tlog-checkpoint, 已签名 a signed note"),
        openapi_extra=needs(Action.READ_LEDGER),
    )
    async def checkpoint(request: Request) -> Response:
        """Size and root of the ledger, signed, with the cosignatures that witnesses have given for exactly this one.

        Keep one, and nobody can change the past unseen.
        """
        door.allowed(request, Action.READ_LEDGER)
        with begin_read(ledger) as tx, begin_read(door.desk) as desk:
            return Response(newest_checkpoint(tx, desk), media_type=_TEXT)

    @router.get(
        "/cosigned",
        summary="最新的会签检查点 the newest cosigned checkpoint",
        response_class=Response,
        responses=answers_with("text/plain", "C2SP tlog-checkpoint, 附会签 with cosignatures"),
        openapi_extra=needs(Action.READ_LEDGER),
    )
    async def cosigned(request: Request) -> Response:
        """The largest checkpoint that a witness has cosigned: up to its size nobody can rewrite history unseen.

        404 before the first. It lies some seconds behind the newest checkpoint while the ledger grows.
        """
        door.allowed(request, Action.READ_LEDGER)
        with begin_read(door.desk) as desk:
            found = newest_cosigned(desk)
        if found is None:
            raise not_found("会签过的检查点", "a cosigned checkpoint", "")
        return Response(found, media_type=_TEXT)

    @router.get(
        "/vkey",
        summary="账本公钥 the ledger's verifier key",
        response_class=Response,
        responses=answers_with("text/plain", "C2SP signed-note verifier key"),
        openapi_extra=needs(Action.READ_LEDGER),
    )
    async def verifier_key(request: Request) -> Response:
        """The text of the key that signs checkpoints."""
        door.allowed(request, Action.READ_LEDGER)
        with begin_read(ledger) as tx:
            return Response(f"{read_identity(tx).verifier_key}\n", media_type=_TEXT)

    @router.get(
        "/tile/{path:path}",
        summary="哈希瓦片与条目包 a tile of hashes or a bundle of entries",
        response_class=Response,
        responses=answers_with(_BYTES, "C2SP tlog-tiles: <L>/<N>[.p/<W>], entries/<N>[.p/<W>]", _BINARY),
        openapi_extra=needs(Action.READ_LEDGER),
    )
    async def tile(
        request: Request, path: Annotated[str, Path(description="<L>/<N>[.p/<W>] | entries/<N>[.p/<W>]")]
    ) -> Response:
        """``{level}/{index}`` or ``entries/{index}``; partial ones up to the published size."""
        door.allowed(request, Action.READ_LEDGER)
        with begin_read(ledger) as tx:
            found = published(tx, f"tile/{path}")
        if found is None:
            raise not_found("此瓦片", "this tile", path)
        keep = _FOR_EVER if found.is_full else _FOR_A_WHILE
        return Response(found.data, media_type=_BYTES, headers={"Cache-Control": keep})

    return router
