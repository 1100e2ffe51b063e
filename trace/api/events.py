"""Events over HTTP: recorded by ``POST /api/v1/events``, one envelope or up to a thousand, and read back by id.

Recording is the hot path of the house: asynchronous, because it waits for the committer and does nothing else
meanwhile; the answer leaves after the commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy import Engine

from ..auth.actor import Actor
from ..auth.policy import Action
from ..db.engine import begin_read
from ..errors import InputError
from ..http.allowance import Cost
from ..http.contract import answers_with, costs, needs, needs_recording
from ..http.door import Door, language_of, read_body, require_json
from ..http.download import PDF, download
from ..http.failures import not_found
from ..http.parameters import api_router
from ..http.problems import problem_response, refusal_document
from ..http.wire import json_response
from ..intake.record import Intake, prepare, prepared_or_refused
from ..ledger import canonical
from ..ledger.sequencer import Receipt
from ..model.admission import Refusal
from ..model.drafts import draft_adapter
from ..papers.pdf import paper_pdf
from ..queries.event_paper import paper_of
from ..queries.events import EventPage, event_page, proof_of_event
from ..queries.persons import PersonalValue
from ..queries.timeline import Happening

EventId = Annotated[str, Path(description="事件编号 id of the event (UUID)")]

MAX_EVENTS = 1_000
MAX_BODY_BYTES = 16_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRead:
    """An event with the members of its receipt. ``marks`` names rules; ``payload``: whether the asker may
    read it. ``about``: the event that it speaks of;
    ``corrected_by``: its own newest correction; null where there is none, or where (``happening.is_corrected``) what it says now
    is not shown to the asker. ``persons``: its personal fields, each with its value where the
    asker may know it; ``may_erase``: whether the asker may have such erased."""

    id: str
    index: int
    entry_hash: str
    recorded_at: datetime
    kind: str
    batch: str | None
    about: str | None
    corrected_by: str | None
    marks: tuple[str, ...]
    happening: Happening
    payload: bool
    persons: tuple[PersonalValue, ...]
    may_erase: bool


def make_router(door: Door, ledger: Engine, intake: Intake) -> APIRouter:
    router = api_router("events 事件", "/api/v1/events")

    @router.post(
        "",
        status_code=201,
        response_class=Response,
        summary="记录事件 record events",
        responses=_RECORDED,
        openapi_extra=needs_recording(**costs(Cost.RECORDING), requestBody=_BODY),
    )
    async def record(request: Request) -> Response:
        """Record one event (the body is an envelope) or several (``{"events": [envelope, …]}``, in order).

        Each of several is answered by itself: a refusal stops no other. The same id with the same draft is answered
        with the first receipt; with another draft it is refused (409). A ``signature`` is checked at once and judged
        with the key as it is registered when the event is entered.
        """
        actor = door.signed_in(request)
        language = language_of(request, actor)
        door.check_script(request, actor)
        require_json(request)
        body = canonical.decode(await read_body(request, MAX_BODY_BYTES), MAX_BODY_BYTES)
        if "events" in body:
            envelopes = _envelopes(body)
            door.take(request, actor, Cost.RECORDING, len(envelopes) - 1)
            return await _many(intake, envelopes, actor, language)
        answer = await intake.record(prepare(body, actor))
        if isinstance(answer, Refusal):
            return problem_response(answer.problems, language, answer.status)
        return json_response({**receipt_members(answer), "checkpoint": answer.checkpoint.decode()}, 201)

    def page_of(request: Request, event: str, action: Action) -> EventPage:
        actor = door.allowed(request, action)
        with begin_read(ledger) as tx:
            page = event_page(tx, actor, event)
        if page is None:
            raise not_found("此事件", "this event", event)
        return page

    @router.get(
        "/{event}",
        summary="一个事件 an event",
        response_model=EventRead,
        openapi_extra=needs(Action.READ_BATCH),
    )
    def read(request: Request, event: EventId) -> Response:
        """By its id; one outside the own scope is not found."""
        return json_response(_read(page_of(request, event, Action.READ_BATCH)))

    @router.get(
        "/{event}/payload",
        summary="事件原文 the stored payload",
        response_class=Response,
        responses=answers_with(
            "application/json", "账本存储的字节 the stored bytes, as they are", {"type": "object"}
        ),
        openapi_extra=needs(Action.READ_PAYLOAD),
    )
    def payload(request: Request, event: EventId) -> Response:
        """The canonical bytes that the entry's digest covers; only for who says or entered the event, and for the
        authorities that it concerns."""
        page = page_of(request, event, Action.READ_PAYLOAD)
        if page.payload is None:
            raise _not_open(event)
        return Response(page.payload, media_type="application/json")

    @router.get(
        "/{event}/paper",
        summary="打印文书 the paper for wet signatures",
        response_class=Response,
        responses=answers_with(PDF, "现场检查笔录、抽样单、财物清单，其他事件为记录单 PDF for print"),
        openapi_extra=needs(Action.READ_PAYLOAD, **costs(Cost.READING)),
    )
    def paper(request: Request, event: EventId) -> Response:
        """For whom the payload is open: minutes of an inspection, the sheet of a sampling, the list of a measure; of any other event a plain
        record. Its QR code leads to the event's page."""
        actor = door.allowed(request, Action.READ_PAYLOAD)
        with begin_read(ledger) as tx:
            page = event_page(tx, actor, event)
            if page is None:
                raise not_found("此事件", "this event", event)
            if page.payload is None:
                raise _not_open(event)
            made = paper_of(tx, page)
        return download(paper_pdf(made), f"{event}.pdf", PDF)

    @router.get(
        "/{event}/entry",
        summary="账本条目 the ledger entry",
        response_class=Response,
        responses=answers_with(
            "application/json", "账本条目的字节 the entry's bytes, as they are", {"type": "object"}
        ),
        openapi_extra=needs(Action.READ_BATCH),
    )
    def entry(request: Request, event: EventId) -> Response:
        """The public leaf; by index it is in the log's bundles for everybody."""
        return Response(page_of(request, event, Action.READ_BATCH).entry, media_type="application/json")

    @router.get(
        "/{event}/proof",
        summary="存证文件 the proof file",
        response_class=Response,
        responses=answers_with("text/plain", "C2SP tlog-proof"),
        openapi_extra=needs(Action.READ_BATCH),
    )
    def proof(request: Request, event: EventId) -> Response:
        """All that is needed to check offline that the entry is on the ledger, under the newest checkpoint."""
        actor = door.allowed(request, Action.READ_BATCH)
        with begin_read(ledger) as tx:
            file = proof_of_event(tx, actor, event)
        if file is None:
            raise not_found("此事件", "this event", event)
        # The event was found, so its id is one and fit for a header.
        name = {"Content-Disposition": f'attachment; filename="{event}.tlog-proof"'}
        return Response(file, media_type="text/plain; charset=utf-8", headers=name)

    return router


def _not_open(event: str) -> InputError:
    return InputError.of(
        "not-allowed",
        "事件原文只供陈述、录入该事件的单位和有管辖权的机关查看",
        "the full text of an event is for who says or entered it, and for authorities that it concerns",
        came=event,
    )


def receipt_members(receipt: Receipt) -> dict[str, Any]:
    """A receipt as JSON: index, entry hash, time; the checkpoint that covers it stands once beside it."""
    return {
        "id": receipt.event_id,
        "index": receipt.seq,
        "entry_hash": receipt.entry_hash.hex(),
        "recorded_at": receipt.recorded_at,
    }


def _envelopes(body: dict[str, Any]) -> list[Any]:
    envelopes = body["events"]
    if body.keys() != {"events"} or not isinstance(envelopes, list) or not 1 <= len(envelopes) <= MAX_EVENTS:
        raise InputError.of(
            "wrong-input",
            f"events 应为 1 到 {MAX_EVENTS} 个信封的数组，旁边不应有其他字段",
            f"events is an array of 1 to {MAX_EVENTS} envelopes, with nothing beside it",
            where="/events",
        )
    return envelopes


async def _many(intake: Intake, envelopes: list[Any], actor: Actor, language: str) -> Response:
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
    return json_response({"events": members, "checkpoint": checkpoint.decode()})


def _read(page: EventPage) -> EventRead:
    happening = page.happening
    return EventRead(
        id=happening.event_id,
        index=happening.index,
        entry_hash=page.entry_hash.hex(),
        recorded_at=page.recorded_at,
        kind=happening.kind,
        batch=page.batch,
        about=page.about,
        corrected_by=page.corrected_by,
        marks=tuple(mark.rule for mark in happening.marks),
        happening=happening,
        payload=page.payload is not None,
        persons=page.persons,
        may_erase=page.may_erase,
    )


# --- what recording looks like in the description -----------------------------------------------------


def schemas() -> dict[str, Any]:
    """Schemas of what is recorded and answered: the drafts' own, and the envelope around them."""
    draft = draft_adapter().json_schema(ref_template="#/components/schemas/Draft.{model}")
    parts = {f"Draft.{name}": schema for name, schema in draft.pop("$defs").items()}
    return {**parts, "Draft": draft, **_SCHEMAS}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


_BODY = {
    "required": True,
    "content": {"application/json": {"schema": {"oneOf": [_ref("Envelope"), _ref("Envelopes")]}}},
}
_RECORDED: dict[int | str, dict[str, Any]] = {
    201: {
        "description": "已入账 recorded",
        "content": {"application/json": {"schema": _ref("Receipt")}},
    },
    200: {
        "description": "多个事件，逐一答复 several events, each answered by itself",
        "content": {"application/json": {"schema": _ref("Receipts")}},
    },
}
_RECEIPT = {
    "id": {"type": "string", "format": "uuid"},
    "index": {"type": "integer", "description": "账本序号 ledger index"},
    "entry_hash": {"type": "string", "description": "SHA-256 of the entry, hexadecimal"},
    "recorded_at": {"type": "string", "format": "date-time"},
}
_CHECKPOINT = {"type": "string", "description": "覆盖此条的已签名检查点 the signed checkpoint that covers it"}
_SCHEMAS: dict[str, Any] = {
    "Envelope": {
        "type": "object",
        "description": "信封 what a client sends; at most 60,000 bytes",
        "required": ["draft"],
        "additionalProperties": False,
        "properties": {
            "draft": _ref("Draft"),
            "signature": _ref("Signature"),
            "disclosures": {"type": "array", "maxItems": 100, "items": _ref("Disclosure")},
        },
    },
    "Signature": {
        "type": "object",
        "description": "签名：陈述方的密钥对草稿规范字节（RFC 8785）的 Ed25519 签名 by the speaker's key, over the canonical "
        "bytes of the draft",
        "required": ["key", "value"],
        "additionalProperties": False,
        "properties": {
            "key": {"type": "string", "format": "uuid", "description": "公钥编号 id of the registered key"},
            "value": {
                "type": "string",
                "pattern": "^[A-Za-z0-9+/]{86}==$",
                "description": "64 个字节的 base64 64 bytes in base64",
            },
        },
    },
    "Disclosure": {
        "type": "object",
        "description": "草稿中一个承诺的盐与明文 what a commitment in the draft opens to: "
        '"#" + base64url(SHA-256(salt ‖ at ‖ 0x00 ‖ value))',
        "required": ["at", "salt", "value"],
        "additionalProperties": False,
        "properties": {
            "at": {"type": "string", "description": "JSON pointer", "examples": ["/by/0/name"]},
            "salt": {
                "type": "string",
                "pattern": "^[A-Za-z0-9_-]{22}$",
                "description": "16 随机字节 random bytes, base64url without padding",
            },
            "value": {"type": "string", "minLength": 1, "maxLength": 100},
        },
    },
    "Envelopes": {
        "type": "object",
        "required": ["events"],
        "additionalProperties": False,
        "properties": {
            "events": {"type": "array", "minItems": 1, "maxItems": MAX_EVENTS, "items": _ref("Envelope")}
        },
    },
    "Receipt": {
        "type": "object",
        "required": [*_RECEIPT, "checkpoint"],
        "properties": {**_RECEIPT, "checkpoint": _CHECKPOINT},
    },
    "Receipts": {
        "type": "object",
        "required": ["events", "checkpoint"],
        "properties": {
            "events": {
                "type": "array",
                "items": {
                    "oneOf": [
                        {
                            "type": "object",
                            "required": ["status", *_RECEIPT],
                            "properties": {"status": {"const": 201}, **_RECEIPT},
                        },
                        _ref("ProblemDocument"),
                    ]
                },
            },
            "checkpoint": _CHECKPOINT,
        },
    },
}
