"""Whether the service lives and is ready: for supervisors and load balancers, so it asks nobody who they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from sqlalchemy import Engine

from ..auth.actor import Actor
from ..db.engine import begin_read
from ..errors import Broken
from ..http.contract import open_to_all
from ..http.door import language_of
from ..http.failures import hindrance
from ..http.problems import problem_response
from ..http.wire import json_response
from ..ledger.standing import Standing
from ..ledger.store import read_head
from ..queries.ledger import witness_states

#: Ledger index that a part has reached; raises `Broken` for one that cannot go on.
Reached = Callable[[], int]


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Kept:
    """How a part that is kept beside the ledger is looked at: how far it has come, and whether it can be asked."""

    reached: Reached
    answers: Callable[[], bool] = _always


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something that is kept beside the ledger. ``behind``: entries it has not read yet, None if it is broken. ``answers``: whether
    it can be asked; the search engine may be a server that is away."""

    name: str
    behind: int | None
    answers: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """``size`` entries on the ledger, of which a witness has cosigned the first ``cosigned`` (0: none has).

    Parts that lag or do not answer are named and do not make the service unready, but ``degraded`` where one is broken or
    away: it records and looks codes up, and does not do the rest. Neither does a witness that holds another history
    (``contradicted_by``): an outsider's word cannot stop the service, but somebody must look at once.
    """

    ready: bool
    degraded: bool
    size: int
    parts: tuple[Part, ...]
    cosigned: int
    contradicted_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Health:
    status: str
    version: str


def make_router(
    ledger: Engine,
    desk: Engine,
    version: str,
    standing: Callable[[], Standing],
    parts: Mapping[str, Kept],
) -> APIRouter:
    router = APIRouter(tags=["public 公开"])

    @router.get(
        "/healthz",
        summary="进程存活 the process lives",
        response_model=Health,
        openapi_extra=open_to_all(),
    )
    async def health() -> Response:
        """Answers as long as the process does; looks at nothing else."""
        return json_response(Health("ok", version))

    @router.get(
        "/readyz",
        summary="能否记录与读取 ready to record and to read",
        response_model=Readiness,
        openapi_extra=open_to_all(),
    )
    def readiness(request: Request) -> Response:
        """503 ``stopped`` when the ledger does not write any more until its operator acts, ``starting-anew`` while it is
        about to go on by itself. Why stands in the log and not here."""
        problem = hindrance(standing())
        if problem is not None:
            return problem_response([problem], language_of(request, Actor.anonymous()))
        with begin_read(ledger) as tx:
            size = read_head(tx).size
        with begin_read(desk) as tx:
            witnesses = witness_states(tx)
        looked_at = tuple(
            Part(name=name, behind=behind(kept.reached, size), answers=kept.answers())
            for name, kept in parts.items()
        )
        return json_response(
            Readiness(
                ready=True,
                degraded=any(part.behind is None or not part.answers for part in looked_at),
                size=size,
                parts=looked_at,
                cosigned=max((each.size or 0 for each in witnesses), default=0),
                contradicted_by=tuple(each.name for each in witnesses if each.contradiction is not None),
            )
        )

    return router


def behind(reached: Reached, size: int) -> int | None:
    """How many entries a part has still to read; None for one that has ended by itself."""
    try:
        return max(0, size - 1 - reached())
    except Broken:
        return None
