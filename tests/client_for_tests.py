"""A client of an application in this process that goes to the thread of its event loop once for each request.

Starlette's own goes there seven times, so that a part of an answer can be read before its end; nobody here does.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import anyio
import httpx2 as httpx
from starlette.testclient import TestClient


class Client(TestClient):
    """As `TestClient`, to be entered before it is asked; a failure of the application is its answer, and so is a redirection."""

    def __init__(self, app: Any) -> None:
        super().__init__(app, raise_server_exceptions=False, follow_redirects=False)
        self._transport = _OneTrip(self)


class _OneTrip(httpx.BaseTransport):
    def __init__(self, client: Client) -> None:
        self._client = client

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        portal = self._client.portal
        assert portal is not None, "the client was not entered"
        return portal.call(self._answer, request)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        begun: dict[str, Any] = {}
        parts: list[bytes] = []
        is_sent = False

        async def receive() -> dict[str, Any]:
            nonlocal is_sent
            if is_sent:
                await anyio.sleep_forever()  # it stays until it has its answer
            is_sent = True
            return {"type": "http.request", "body": request.read(), "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                begun.update(message)
            elif message["type"] == "http.response.body" and request.method != "HEAD":
                parts.append(bytes(message.get("body", b"")))

        try:
            await self._client.app(self._scope(request), receive, send)
        except Exception:
            if not begun:
                return httpx.Response(500, request=request)
        return httpx.Response(
            begun["status"], headers=begun["headers"], content=b"".join(parts), request=request
        )

    def _scope(self, request: httpx.Request) -> dict[str, Any]:
        url = request.url
        return {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "path": unquote(url.path),
            "raw_path": url.raw_path.partition(b"?")[0],
            "root_path": "",
            "scheme": url.scheme,
            "query_string": url.query,
            "headers": [
                (key.lower().encode(), value.encode()) for key, value in request.headers.multi_items()
            ],
            "client": ("testclient", 50000),
            "server": [url.host, url.port or {"http": 80, "https": 443}[url.scheme]],
            "state": self._client.app_state.copy(),
        }
