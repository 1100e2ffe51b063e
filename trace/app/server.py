"""The service: routes and pages over one installation, as an ASGI application."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from .. import __version__
from ..api import events
from ..auth.actor import Actor
from ..auth.api_keys import KnownKeys
from ..auth.passwords import Passwords
from ..errors import InputError, Problem, Text
from ..http.door import Door, language_of
from ..http.problems import error_response, problem_response
from ..ledger.sequencer import Stopped
from .installation import Installation


def make_app(installation: Installation, *, development: bool = False) -> FastAPI:
    """Wire routes and pages to an opened installation."""
    app = FastAPI(
        title="cabletrace 电线电缆质量追溯",
        version=__version__,
        docs_url=None,
        redoc_url=None,
    )
    door = Door(
        desk=installation.desk, clock=installation.clock, passwords=Passwords(), known_keys=KnownKeys()
    )
    app.include_router(events.make_router(door, installation.intake))

    @app.exception_handler(InputError)
    async def _wrong_input(request: Request, error: InputError) -> Response:
        return error_response(error, language_of(request, Actor.anonymous()))

    @app.exception_handler(Stopped)
    async def _stopped(request: Request, _error: Stopped) -> Response:
        problem = Problem(
            "stopped",
            Text(
                "账本已停止写入，已记录的内容不受影响；请联系运维",
                "the ledger has stopped writing; what is recorded is safe; call the operator",
            ),
        )
        return problem_response((problem,), language_of(request, Actor.anonymous()))

    return app
