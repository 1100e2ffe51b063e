"""Evidence packages over HTTP, for market regulators; and the verifier by itself, for anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar
from uuid import uuid4

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field, StringConstraints, TypeAdapter

from ..auth.actor import Actor
from ..auth.policy import Action
from ..codes.trace_code import LARGEST_UNIT
from ..evidence.package import verifier
from ..evidence.record import Circumstances, Officer
from ..http.allowance import Cost
from ..http.contract import answers_with, costs, needs, open_to_all
from ..http.door import Door, language_of
from ..http.download import ZIP, download, download_file
from ..http.evidencing import EvidenceTaking, Wanted
from ..http.parameters import api_router
from ..http.problems import problem_response
from ..http.sent import read_sent, sends
from ..model.admission import Refusal
from ..model.values import MAX_INTEGER, STRICT, Id

_MAX_BODY_BYTES = 100_000
Words = Annotated[str, StringConstraints(max_length=500)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingOfficer:
    """An officer who takes the evidence, and the number of the certificate of office 执法证号."""

    __pydantic_config__: ClassVar[Any] = STRICT
    name: Annotated[str, StringConstraints(max_length=40)]
    certificate: Annotated[str, StringConstraints(max_length=40)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedEvidence:
    """What the record of the extraction 提取笔录 says: ``ground`` 案由, ``place`` 提取地点, two to six ``officers``; ``case`` 案号, ``method``
    方法, ``witness`` 见证人 and ``holder`` 持有人 as far as there are any. ``unit``: which drum is meant. ``earlier``: a checkpoint
    that somebody kept, as text. ``as_of``: the size of a checkpoint that a witness has cosigned, or of ``earlier``, if all is to be taken as
    the ledger had it then. ``events``: ids of single events that are taken too."""

    __pydantic_config__: ClassVar[Any] = STRICT
    ground: Words
    place: Words
    officers: Annotated[tuple[TakingOfficer, ...], Field(max_length=6)]
    id: Id | None = None
    case: Annotated[str, StringConstraints(max_length=60)] = ""
    method: Words = ""
    witness: Annotated[str, StringConstraints(max_length=40)] = ""
    holder: Annotated[str, StringConstraints(max_length=100)] = ""
    unit: Annotated[int | None, Field(ge=1, le=LARGEST_UNIT)] = None
    earlier: Annotated[str, StringConstraints(max_length=20_000)] = ""
    as_of: Annotated[int | None, Field(ge=1, le=MAX_INTEGER)] = None
    events: Annotated[tuple[Id, ...], Field(max_length=1_000)] = ()
    attachments: bool = True


_WANTED = TypeAdapter(WantedEvidence)
Code = Annotated[str, Path(description="批次或其中一盘的追溯码 code of the batch or of one of its units")]


def schemas() -> dict[str, Any]:
    """The schemas of what is sent, for the description."""
    schema = _WANTED.json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), "WantedEvidence": schema}


def make_router(door: Door, taking: EvidenceTaking) -> APIRouter:
    router = api_router("evidence 证据", "/api/v1/evidence")

    @router.post(
        "/batches/{code}",
        summary="提取证据包 take an evidence package",
        response_class=Response,
        responses=answers_with(ZIP, "BagIt, ZIP", {"type": "string", "format": "binary"}),
        openapi_extra=needs(Action.RECORD_STATEMENT, **sends("WantedEvidence"), **costs(Cost.READING)),
    )
    async def take(request: Request, code: Code) -> Response:
        """The taking is stated on the ledger (an event `statement`) before the package is made. With the same ``id`` it is
        stated once."""
        actor = door.allowed_to_change(request, Action.RECORD_STATEMENT)
        wanted = await read_sent(request, _WANTED, _MAX_BODY_BYTES)
        return await run_in_threadpool(packed, request, actor, (code,), wanted)

    @router.post(
        "/cases/{case}",
        summary="提取一案的证据包 take an evidence package of a case",
        response_class=Response,
        responses=answers_with(ZIP, "BagIt, ZIP", {"type": "string", "format": "binary"}),
        openapi_extra=needs(Action.RECORD_STATEMENT, **sends("WantedEvidence"), **costs(Cost.READING)),
    )
    async def take_case(
        request: Request, case: Annotated[str, Path(description="案件编号 id of the case (UUID)")]
    ) -> Response:
        """The histories of all batches of its scope that are open to the asker, of the case and of its leads, each stated. Without ``case`` in the body its number is taken."""
        actor = door.allowed_to_change(request, Action.RECORD_STATEMENT)
        wanted = await read_sent(request, _WANTED, _MAX_BODY_BYTES)
        return await run_in_threadpool(packed_case, request, actor, case, wanted)

    def packed_case(request: Request, actor: Actor, case: str, wanted: WantedEvidence) -> Response:
        found = taking.case(actor, case, wanted.as_of)
        codes = tuple(each.code for each in found.batches)
        wanted = replace(wanted, case=wanted.case or found.number)
        return packed(request, actor, codes, wanted, found.id, found.leads)

    def packed(
        request: Request,
        actor: Actor,
        codes: Sequence[str],
        wanted: WantedEvidence,
        case: str = "",
        leads: Sequence[str] = (),
    ) -> Response:
        made = taking.take(
            actor,
            Wanted(
                id=wanted.id or str(uuid4()),
                batches=codes,
                said=Circumstances(
                    ground=wanted.ground,
                    place=wanted.place,
                    officers=tuple(Officer(each.name, each.certificate) for each in wanted.officers),
                    case=wanted.case,
                    method=wanted.method,
                    witness=wanted.witness,
                    holder=wanted.holder,
                ),
                case=case,
                leads=leads,
                unit=wanted.unit,
                events=wanted.events,
                earlier=wanted.earlier,
                as_of=wanted.as_of,
                with_attachments=wanted.attachments,
            ),
        )
        if isinstance(made, Refusal):
            return problem_response(made.problems, language_of(request, actor), made.status)
        return download_file(made.file, made.size, made.name, ZIP)

    @router.get(
        "/verify.py",
        summary="核验程序 the verifier",
        response_class=Response,
        responses=answers_with("text/plain", "Python"),
        openapi_extra=open_to_all(),
    )
    def program() -> Response:
        """As it stands in every package, to be had apart from one: it needs Python 3 and `cryptography`."""
        return Response(verifier("verify.py"), media_type="text/plain; charset=utf-8")

    @router.get(
        "/verify.html",
        summary="核验网页 the verifier as a page",
        response_class=Response,
        responses=answers_with("text/html", "HTML"),
        openapi_extra=open_to_all(),
    )
    def page() -> Response:
        """To be saved and opened from there: it needs a browser of 2023 or later, and no network."""
        return download(verifier("verify.html"), "verify.html", "text/html; charset=utf-8")

    return router
