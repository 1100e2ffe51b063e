"""The service as ``cabletrace serve`` runs it, in a process of its own, with routes beside it that do nothing.

A route that does nothing passes the same door and reads the same body as the one it is compared with.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from multiprocessing.connection import Connection
from pathlib import Path

import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response

from cabletrace.api.events import MAX_BODY_BYTES
from cabletrace.app.committer import open_committer_process
from cabletrace.app.folder import Folder
from cabletrace.app.followers import following_apart
from cabletrace.app.installation import Installation, OpenCommitter, open_installation
from cabletrace.app.process import begin_log_lines, keep_what_is_loaded
from cabletrace.app.server import make_app
from cabletrace.app.suspecting import suspecting
from cabletrace.auth.api_keys import KnownKeys
from cabletrace.auth.passwords import Passwords
from cabletrace.clock import system_clock
from cabletrace.http.allowance import Allowances
from cabletrace.http.door import Door, language_of, read_body, require_json
from cabletrace.http.wire import json_response
from cabletrace.intake.record import prepare
from cabletrace.ledger import canonical

from .load import Address


@contextmanager
def serving(
    folder: Folder, committer: OpenCommitter = open_committer_process, *, follows: bool = True
) -> Iterator[Address]:
    """The service over this installation, with the followers of the ledger beside it; ended afterwards."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(folder.root, committer, follows, there))
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def settle(address: Address) -> None:
    """Wait until the followers have caught up, so that their work falls on what caused it and on nothing after it."""
    line = HTTPConnection(*address)
    while True:
        line.request("GET", "/readyz")
        if not any(part["behind"] for part in json.loads(line.getresponse().read())["parts"]):
            line.close()
            return
        time.sleep(0.1)


def _serve(root: Path, committer: OpenCommitter, follows: bool, ready: Connection) -> None:
    with ExitStack() as open_parts:
        log = open_parts.enter_context((root / "service.log").open("ab"))
        os.dup2(log.fileno(), sys.stderr.fileno())  # its own processes write there as well
        begin_log_lines(log, system_clock)
        house = open_parts.enter_context(open_installation(Folder(root), open_committer=committer))
        if follows:
            open_parts.enter_context(following_apart(house))
        # One key sends everything here, as fast as it can.
        open_parts.enter_context(suspecting(house))
        app = make_app(house, allowances=Allowances.of(reads_per_minute=10**9, events_per_minute=10**9))
        _add_no_ops(app, house)
        keep_what_is_loaded()
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        ready.send(listener.getsockname())
        uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run(sockets=[listener])


def _add_no_ops(app: FastAPI, house: Installation) -> None:
    door = Door(
        desk=house.desk,
        clock=house.clock,
        passwords=Passwords(),
        known_keys=KnownKeys(),
        standing=lambda _, actor: actor,
    )
    router = APIRouter(prefix="/bench")

    @router.post("/heard", response_class=Response)
    async def heard(request: Request) -> Response:
        """Authenticated and parsed as an append is, then answered."""
        actor = door.signed_in(request)
        language_of(request, actor)
        require_json(request)
        body = canonical.decode(await read_body(request, MAX_BODY_BYTES), MAX_BODY_BYTES)
        return _nothing(body)

    @router.post("/understood", response_class=Response)
    async def understood(request: Request) -> Response:
        """The same, and validated, permitted and committed: all that an append does before the committer."""
        actor = door.signed_in(request)
        language_of(request, actor)
        require_json(request)
        body = canonical.decode(await read_body(request, MAX_BODY_BYTES), MAX_BODY_BYTES)
        prepare(body, actor)
        return _nothing(body)

    @router.get("/asked", response_class=Response)
    async def asked(request: Request) -> Response:
        """Anybody's GET."""
        language_of(request, door.actor(request))
        return json_response({"answer": "x" * 1000})

    app.include_router(router)
    # Found as soon as the route it is compared with: routes are tried in order.
    app.router.routes.insert(1, app.router.routes.pop())


def _nothing(body: dict[str, object]) -> Response:
    """An answer of a receipt's size."""
    return json_response(
        {"id": "0" * 36, "entry_hash": "0" * 64, "checkpoint": "0" * 240, "had": len(body)}, 201
    )
