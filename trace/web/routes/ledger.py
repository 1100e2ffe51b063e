"""The ledger's page: its checkpoint, how anybody can check it, and the proof of one event."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from ...auth.policy import Action
from ...clock import parse_instant
from ...db.engine import begin_read
from ...errors import Problem, Text, shown
from ...http.failures import hindrance, not_found
from ...ledger.entry import decode_entry, entry_hash
from ...ledger.standing import Standing
from ...queries.events import EventPage, entry_of_index, event_page, proof_of_index
from ...queries.ledger import LedgerState, WitnessState, ledger_state, rewriting_is_seen, witness_states
from ..views import Answer, Frame, LedgerPage, Proven, Witness
from .visit import Pages, Visit, page_router

Index = Annotated[int, Path(ge=0, le=2**53 - 1)]


def make_router(pages: Pages, standing: Callable[[], Standing]) -> APIRouter:
    router = page_router()

    @router.get("/ledger")
    def ledger(request: Request, q: Annotated[str, Query(max_length=100)] = "") -> Response:
        asked = q.strip().replace(",", "")
        with pages.visit(request) as visit:
            visit.actor.require(Action.READ_LEDGER)
            proven = _find(visit, asked) if asked else None
            with begin_read(pages.door.desk) as desk:
                witnesses = witness_states(desk)
            page = ledger_page(
                visit.frame,
                ledger_state(visit.tx),
                q,
                proven,
                witnesses=witnesses,
                hindered=_hindered(standing(), for_operator=bool(visit.actor.reach(Action.READ_METRICS))),
                now=pages.door.clock(),
            )
        return pages.show(page, 404 if asked and proven is None else 200)

    @router.get("/ledger/proofs/{index}")
    def proof(request: Request, index: Index) -> Response:
        """By index a proof is public: it tells nothing about trade."""
        with pages.visit(request) as visit:
            visit.actor.require(Action.READ_LEDGER)
            found = proof_of_index(visit.tx, index)
        if found is None:
            raise not_found("此序号", "this index", index)
        headers = {"Content-Disposition": f'attachment; filename="{index}.tlog-proof"'}
        return Response(found, media_type="text/plain; charset=utf-8", headers=headers)

    @router.get("/ledger/entries/{index}")
    def entry(request: Request, index: Index) -> Response:
        with pages.visit(request) as visit:
            visit.actor.require(Action.READ_LEDGER)
            found = entry_of_index(visit.tx, index)
        if found is None:
            raise not_found("此序号", "this index", index)
        return Response(found, media_type="application/json")

    return router


def ledger_page(
    frame: Frame,
    state: LedgerState,
    query: str,
    proven: Proven | None,
    *,
    witnesses: Sequence[WitnessState],
    hindered: Answer | None,
    now: datetime,
) -> LedgerPage:
    answer = rewriting_is_seen(witnesses, state.size, now)
    missing = Problem(
        "not-found",
        Text(
            "账本上没有这个序号，或没有您有权看到的这个事件",
            "no such index, or no such event that you may see",
        ),
        came=shown(query),
    )
    return LedgerPage(
        frame=frame,
        answer=Answer(answer.state, answer.sentence, answer.reason),
        hindered=hindered,
        origin=state.origin,
        vkey=state.vkey,
        size=state.size,
        root=base64.b64encode(state.root).decode(),
        checkpoint=state.checkpoint.decode() if state.size else None,
        witnesses=tuple(_witness(each, now) for each in witnesses),
        query=query,
        proven=proven,
        problems=(missing,) if query.strip() and proven is None else (),
    )


def _hindered(standing: Standing, *, for_operator: bool) -> Answer | None:
    """Why nothing can be recorded just now, and what to do; the reason in the log's words is for the operator alone."""
    problem = hindrance(standing)
    if problem is None or problem.remedy is None:
        return None
    if not for_operator:
        return Answer("stop", problem.detail, problem.remedy)
    if not standing.stopped:
        return Answer("stop", problem.detail, Text(f"原因：{standing.paused}", f"Why: {standing.paused}"))
    todo = Text(
        f"原因：{standing.stopped}。先排除原因（磁盘、时钟、密钥文件），运行 cabletrace verify，无误后重新启动服务；不会自动恢复。",
        f"Why: {standing.stopped}. Put that right (disk, clock, key file), run cabletrace verify, and when it finds "
        "nothing start the service anew; it does not go on by itself.",
    )
    return Answer("stop", problem.detail, todo)


def _witness(state: WitnessState, now: datetime) -> Witness:
    return Witness(
        name=state.name,
        size=state.size,
        at=state.at,
        age=None if state.at is None else _age(now - state.at),
        contradiction=state.contradiction,
        silent=state.silent,
    )


def _age(since: timedelta) -> Text:
    """How long ago, as people say it."""
    minutes = int(since.total_seconds()) // 60
    if minutes < 1:
        return Text("不到 1 分钟前", "less than a minute ago")
    if minutes < 60:
        return Text(f"{minutes} 分钟前", f"{minutes} min ago")
    if minutes < 48 * 60:
        return Text(f"{minutes // 60} 小时前", f"{minutes // 60} h ago")
    return Text(f"{minutes // 1440} 天前", f"{minutes // 1440} days ago")


def _find(visit: Visit, asked: str) -> Proven | None:
    if asked.isdecimal():
        index = int(asked) if len(asked) <= 15 else -1
        entry = entry_of_index(visit.tx, index)
        return None if entry is None else proven_entry(index, entry)
    if not visit.actor.party:
        return None
    found = event_page(visit.tx, visit.actor, asked)
    return None if found is None else proven_event(found)


def proven_entry(index: int, entry: bytes) -> Proven:
    """What everybody may know of an entry: nothing but its hash and time."""
    return Proven(
        index=index,
        at=parse_instant(decode_entry(entry).at),
        entry_hash=entry_hash(entry).hex(),
        proof_href=f"/ledger/proofs/{index}",
        entry_href=f"/ledger/entries/{index}",
    )


def proven_event(found: EventPage) -> Proven:
    index, id_ = found.happening.index, found.happening.event_id
    return Proven(
        event_id=id_,
        index=index,
        at=found.recorded_at,
        entry_hash=found.entry_hash.hex(),
        proof_href=f"/ledger/proofs/{index}",
        entry_href=f"/ledger/entries/{index}",
        payload_href="" if found.payload is None else f"/api/v1/events/{id_}/payload",
    )
