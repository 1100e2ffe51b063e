"""The frame around every request: its id, its one log line, what browsers must be told, and the last net.

Outermost, plain ASGI. A log line names the route's template and never the address that was asked for: codes
and search words stand in it. HEAD is answered as GET without the body. Whatever nobody foresaw becomes a 500
that says nothing but the request's id; the traceback goes to the log. The framework refuses a form beyond its limit in
plain text before any of our code runs; that answer is taken back here and given in our words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from time import perf_counter
from uuid import uuid4

import structlog
from fastapi import Request, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .door import actor_known

REQUEST_ID = "x-request-id"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

AnswerTo = Callable[[Request], Response]


class Frame:
    """``policy`` is the Content-Security-Policy of every answer; ``crashed`` answers the unforeseen, ``too_large`` a
    form beyond its limit, where there are forms."""

    def __init__(
        self, app: ASGIApp, *, policy: str, crashed: AnswerTo, too_large: AnswerTo | None = None
    ) -> None:
        self._app = app
        self._crashed = crashed
        self._too_large = too_large
        self._headers = {
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            "referrer-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "permissions-policy": "camera=(self), geolocation=(self), microphone=()",
        }
        self._log = structlog.get_logger("cabletrace.http")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        method = scope["method"]
        is_head = method == "HEAD"
        request = Request({**scope, "method": "GET"} if is_head else scope, receive)
        request.state.request_id = request_id = _request_id(request)
        status = 0
        is_taken_back = False

        async def framed(message: Message) -> None:
            nonlocal status, is_taken_back
            if message["type"] == "http.response.start":
                is_taken_back = self._too_large is not None and _is_refused_by_the_framework(message)
            if is_taken_back:
                return
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(MutableHeaders(scope=message), request_id)
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        trouble: Exception | None = None
        try:
            await self._app(request.scope, receive, framed)
            if is_taken_back and self._too_large is not None:
                await self._too_large(request)(request.scope, receive, framed)
        except Exception as error:
            trouble = error
            if not status:
                await self._crashed(request)(request.scope, receive, framed)
        finally:
            self._say(request, method, status, started, trouble)

    def _add_headers(self, headers: MutableHeaders, request_id: str) -> None:
        headers[REQUEST_ID] = request_id
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        headers.setdefault("cache-control", "no-store")

    def _say(
        self, request: Request, method: str, status: int, started: float, trouble: Exception | None
    ) -> None:
        route = request.scope.get("route")
        actor = actor_known(request)
        say = self._log.error if trouble is not None or status >= 500 else self._log.info
        say(
            "request",
            id=request.state.request_id,
            method=method,
            route=getattr(route, "path", ""),
            status=status,
            ms=round((perf_counter() - started) * 1000, 1),
            party="" if actor is None else actor.party,
            **({} if trouble is None else {"exc_info": trouble}),
        )


def _is_refused_by_the_framework(start: Message) -> bool:
    """Whether an answer is the framework's own about a body that is too large: ours are never plain text."""
    return start["status"] == 413 and Headers(raw=start["headers"])["content-type"].startswith("text/plain")


def _request_id(request: Request) -> str:
    """The client's own id where it is a plain one, so that both logs speak of the same request."""
    came = request.headers.get(REQUEST_ID, "")
    return came if _REQUEST_ID.fullmatch(came) else uuid4().hex
