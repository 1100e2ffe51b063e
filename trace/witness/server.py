"""A witness over HTTP: takes checkpoints, and shows to everybody what it holds.

``POST /add-checkpoint`` (C2SP tlog-witness) · ``GET /vkey`` · ``GET /checkpoint/{origin}``, the newest checkpoint of a
ledger with both signatures, for whoever wants to keep one · ``GET /evidence/{origin}``, what that ledger has signed
against itself · ``GET /logs``, all of it as JSON · ``GET /``, a page.
Nobody signs in: a request is worth what the ledger's signature on its checkpoint is worth.
"""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from jinja2 import Environment

from ..clock import Clock, format_instant, show_instant
from ..errors import Broken, InputError
from ..http.door import read_body
from ..http.frame import Frame
from ..ledger.add_checkpoint import MAX_REQUEST_BYTES, RequestError, decode_request
from .judgement import PLAIN_TEXT, Refusal
from .memory import Followed, Memory

#: For the body of one request; whoever takes longer is let go.
BODY_SECONDS = 10.0
_PAGE = Path(__file__).with_name("page.html")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def make_witness_app(memory: Memory, clock: Clock) -> FastAPI:
    """The service of one witness."""
    page = Environment(autoescape=True).from_string(_PAGE.read_text(encoding="utf-8"))
    log = structlog.get_logger("cabletrace.witness")
    app = FastAPI(title="cabletrace witness 见证人", openapi_url=None, redirect_slashes=False)
    app.add_middleware(Frame, policy=_POLICY, crashed=lambda _: _words(500, "internal error"))

    @app.post("/add-checkpoint")
    async def add_checkpoint(request: Request) -> Response:
        try:
            body = await asyncio.wait_for(read_body(request, MAX_REQUEST_BYTES), BODY_SECONDS)
            asked = decode_request(body)
        except TimeoutError:
            return _words(408, f"the body did not come within {BODY_SECONDS:g} s")
        except InputError as error:
            return _words(413, str(error))
        except RequestError as error:
            return _words(400, str(error))
        try:
            answer = await run_in_threadpool(memory.add, asked)
        except Broken as broken:
            log.critical("nothing is cosigned", reason=str(broken))
            return _words(503, str(broken))
        if not isinstance(answer, Refusal):
            return _plain(200, answer)
        if answer.accuses:
            log.critical("a ledger contradicts itself", reason=answer.accuses)
        # The media type of a size carries no charset, which the framework would add.
        return Response(answer.body, answer.status, {"Content-Type": answer.media_type})

    @app.get("/vkey")
    async def verifier_key() -> Response:
        return _plain(200, f"{memory.verifier_key.format()}\n")

    @app.get("/checkpoint/{origin:path}")
    def checkpoint(origin: str) -> Response:
        for each in memory.followed():
            if each.origin == origin and each.note is not None:
                return _plain(200, each.note)
        return _words(404, "nothing is held of this ledger")

    @app.get("/evidence/{origin:path}")
    def evidence(origin: str) -> list[dict[str, str]]:
        return [
            {
                "at": each.at,
                "accuses": each.accuses,
                "held": each.held.decode(),
                "request": each.request.decode(),
            }
            for each in memory.evidence_against(origin)
        ]

    @app.get("/logs")
    def logs() -> dict[str, Any]:
        return {
            "witness": memory.verifier_key.format(),
            "logs": [_members(each) for each in memory.followed()],
        }

    @app.get("/")
    def held() -> Response:
        text = page.render(
            witness=memory.verifier_key,
            logs=memory.followed(),
            now=show_instant(clock()),
            show_instant=show_instant,
        )
        return Response(text, media_type="text/html; charset=utf-8")

    return app


def _plain(status: int, body: str | bytes) -> Response:
    return Response(body, status, media_type=PLAIN_TEXT)


def _words(status: int, words: str) -> Response:
    return _plain(status, f"{words}\n")


def _members(each: Followed) -> dict[str, Any]:
    held = each.held
    return {
        "origin": each.origin,
        "verifier_key": each.key.format(),
        "size": None if held is None else held.size,
        "root": None if held is None else base64.b64encode(held.root).decode(),
        "cosigned_at": None if each.made_at is None else format_instant(each.made_at),
        "contradictions": each.contradictions,
    }
