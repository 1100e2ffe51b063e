"""Recording over HTTP: ``POST /api/v1/events``, one envelope or up to a thousand.

The hot path of the house: asynchronous, because it waits for the committer and does nothing else meanwhile;
the answer leaves after the commit.
"""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from ..auth.actor import Actor
from ..errors import InputError
from ..http.door import Door, language_of, read_body
from ..http.problems import problem_response, refusal_document
from ..intake.record import Intake, prepare, prepared_or_refused
from ..ledger import canonical
from ..ledger.sequencer import Receipt
from ..model.admission import Refusal

MAX_EVENTS = 1_000
MAX_BODY_BYTES = 16_000_000


def receipt_members(receipt: Receipt) -> dict[str, Any]:
    """A receipt as JSON: index, entry hash, time; the checkpoint that covers it stands once beside it."""
    return {
        "id": receipt.event_id,
        "index": receipt.seq,
        "entry_hash": receipt.entry_hash.hex(),
        "recorded_at": receipt.recorded_at,
    }


def make_router(door: Door, intake: Intake) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["events 事件"])

    @router.post("/events", status_code=201, response_model=None)
    async def record(request: Request) -> Response:
        """Record one event (the body is an envelope) or several (``{"events": [envelope, …]}``, in order)."""
        actor = door.actor(request)
        language = language_of(request, actor)
        if actor.via == "session":
            door.check_form(request, request.headers.get("x-form-token", ""))
        body = canonical.decode(await read_body(request, MAX_BODY_BYTES), MAX_BODY_BYTES)
        if "events" in body:
            return await _many(intake, body, actor, language)
        answer = await intake.record(prepare(body, actor))
        if isinstance(answer, Refusal):
            return problem_response(answer.problems, language, answer.status)
        return _json(201, {**receipt_members(answer), "checkpoint": answer.checkpoint.decode()})

    return router


async def _many(intake: Intake, body: dict[str, Any], actor: Actor, language: str) -> Response:
    envelopes = body["events"]
    if body.keys() != {"events"} or not isinstance(envelopes, list) or not 1 <= len(envelopes) <= MAX_EVENTS:
        raise InputError.of(
            "wrong-input",
            f"events 应为 1 到 {MAX_EVENTS} 个信封的数组，旁边不应有其他字段",
            f"events is an array of 1 to {MAX_EVENTS} envelopes, with nothing beside it",
            where="/events",
        )
    answers = await intake.record_many(
        [prepared_or_refused(e if isinstance(e, dict) else {}, actor) for e in envelopes]
    )
    members: list[dict[str, Any]] = []
    checkpoint = b""
    for answer in answers:
        if isinstance(answer, Receipt):
            members.append({"status": 201, **receipt_members(answer)})
            checkpoint = answer.checkpoint  # the last group's covers all before it
        else:
            members.append(refusal_document(answer, language))
    return _json(200, {"events": members, "checkpoint": checkpoint.decode()})


def _json(status: int, members: dict[str, Any]) -> Response:
    return Response(orjson.dumps(members), status_code=status, media_type="application/json")
