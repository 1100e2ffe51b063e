"""The load: many keep-alive connections, each sending its next request when the last one is answered.

Runs in a process of its own. Requests are bytes made beforehand and answers are only cut at their length, so
that the client costs the machine little.
"""

from __future__ import annotations

import multiprocessing
import selectors
import socket
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from time import perf_counter

Address = tuple[str, int]
#: For each connection its requests in order.
Plan = Sequence[Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a plan came to: requests a second over all connections, and how long each waited."""

    per_second: float
    seconds: tuple[float, ...]


@dataclass(slots=True)
class _Line:
    socket: socket.socket
    requests: Sequence[bytes]
    next: int = 0
    sent_at: float = 0.0
    came: bytearray = field(default_factory=bytearray)


def client() -> ProcessPoolExecutor:
    """A process to `drive` from, beside this one and beside the service."""
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))


def request(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: bench",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def drive(address: Address, plan: Plan, wanted: int) -> Answered:
    """Send the whole plan. Raises ValueError for an answer of another status than ``wanted``."""
    return drive_at([address], plan, wanted)


def drive_at(addresses: Sequence[Address], plan: Plan, wanted: int) -> Answered:
    """The same, the connections shared out among several services in turn."""
    ready = selectors.DefaultSelector()
    lines = [
        _Line(socket.create_connection(addresses[number % len(addresses)]), requests)
        for number, requests in enumerate(plan)
        if requests
    ]
    for line in lines:
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.socket.setblocking(False)
        ready.register(line.socket, selectors.EVENT_READ, line)
    seconds: list[float] = []
    started = perf_counter()
    for line in lines:
        _send(line)
    left = len(lines)
    while left:
        for key, _ in ready.select():
            line = key.data
            if not _receive(line, wanted):
                continue
            seconds.append(perf_counter() - line.sent_at)
            if line.next < len(line.requests):
                _send(line)
            else:
                ready.unregister(line.socket)
                line.socket.close()
                left -= 1
    return Answered(len(seconds) / (perf_counter() - started), tuple(seconds))


def _send(line: _Line) -> None:
    line.sent_at = perf_counter()
    line.socket.sendall(line.requests[line.next])
    line.next += 1


def _receive(line: _Line, wanted: int) -> bool:
    """Whether the answer is complete."""
    line.came += line.socket.recv(65536)
    head, found, body = line.came.partition(b"\r\n\r\n")
    if not found:
        return False
    lower = head.lower()
    at = lower.index(b"content-length:") + 15
    if len(body) < int(lower[at:].partition(b"\r\n")[0]):
        return False
    if int(head[9:12]) != wanted:
        raise ValueError(line.came.decode())
    line.came.clear()
    return True
