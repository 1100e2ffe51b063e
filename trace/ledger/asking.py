"""One question to a witness over HTTP, bounded in time and bytes whatever the other side does.

Python's own client with its socket in our hands: a limit for each read is none for the whole, since a peer may send
one byte before each limit is over. So a timer closes the socket when the time for the whole exchange is up. No
redirect is followed and no proxy of the environment is used: the operator has named the address.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Timer
from time import monotonic
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 1.0
#: Room for 100 signature lines of the largest kind in sight would be far more; one witness sends one or two.
MAX_ANSWER_BYTES = 16_384


class Unreachable(Exception):
    """No whole answer came; the message says why."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came: status, media type without parameters, body."""

    status: int
    media_type: str
    body: bytes


#: (URL, body) -> the answer to a POST. Raises `Unreachable`.
Ask = Callable[[str, bytes], Answered]


def post(url: str, body: bytes, *, timeout_seconds: float = TIMEOUT_SECONDS) -> Answered:
    """Send a body and read the answer, all of it in this time; looking up the name is the system's own time.

    Raises `Unreachable`, also for an answer that is too long.
    """
    try:
        return _exchange(url, body, timeout_seconds)
    except TimeoutError:
        raise Unreachable(f"no whole answer within {timeout_seconds:g} s") from None
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}"[:300]) from None


def _exchange(url: str, body: bytes, timeout_seconds: float) -> Answered:
    parts = urlsplit(url)
    is_https = parts.scheme == "https"
    ends = monotonic() + timeout_seconds
    plain = socket.create_connection(
        (parts.hostname or "", parts.port or (443 if is_https else 80)), timeout_seconds
    )
    connected = plain
    if is_https:
        connected = ssl.create_default_context().wrap_socket(
            plain, server_hostname=parts.hostname, do_handshake_on_connect=False
        )
    timer = Timer(max(0.0, ends - monotonic()), _shut, [connected])
    timer.daemon = True
    timer.start()
    connection = HTTPConnection(parts.netloc)
    connection.sock = connected
    try:
        if isinstance(connected, ssl.SSLSocket):
            connected.do_handshake()
        connection.request("POST", parts.path, body, {"Content-Type": "text/plain; charset=utf-8"})
        response = connection.getresponse()
        came = response.read(MAX_ANSWER_BYTES + 1)
        missing = response.length or 0
        media_type = response.getheader("Content-Type", "").partition(";")[0].strip().lower()
    except (OSError, HTTPException, ValueError):
        if monotonic() >= ends:
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()
        connection.close()
    if monotonic() >= ends:  # a body without a declared length looks whole when its socket is shut
        raise TimeoutError
    if len(came) > MAX_ANSWER_BYTES:
        raise Unreachable(f"the answer has more than {MAX_ANSWER_BYTES} bytes")
    if missing:
        raise Unreachable(f"the answer was cut {missing} bytes before its end")
    return Answered(response.status, media_type, came)


def _shut(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)
