"""How the command line serves: it takes the address first, says when it serves, and ends in order."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from .console import say


class Announcing(uvicorn.Server):
    """A server that says when it serves: scripts wait for exactly this line."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End in order: the original lets the signal kill the process before the sequencer has stopped."""
        before = {each: signal.signal(each, self.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(f"ready {self._address}", flush=True)


def listen(host: str, port: int) -> socket.socket:
    """Take an address, or say in words why not and end."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        say(f"无法使用 {host}:{port}：{error.strerror}", f"cannot listen on {host}:{port}: {error.strerror}")
        say("→ 换一个端口：--port N", "→ choose another port: --port N")
        raise SystemExit(2) from None
    listener.set_inheritable(True)
    return listener
