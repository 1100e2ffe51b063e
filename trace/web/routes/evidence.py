"""The page 提取证据 of a batch or a case: what the record of the extraction says, and the package as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Request, Response

from ...auth.actor import Actor
from ...auth.policy import Action
from ...codes.trace_code import LARGEST_UNIT
from ...db.engine import begin_read
from ...errors import InputError, Problem, Text
from ...evidence.record import METHOD, Circumstances, Officer
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.download import ZIP, download_file
from ...http.evidencing import EvidenceTaking, Wanted
from ...http.failures import not_found
from ...http.problems import status_of
from ...model.admission import Refusal
from ...queries.evidence import CaseForEvidence, KeptCheckpoint, batch_for_evidence, kept_checkpoints
from ..views import Frame
from ..views_of_evidence import PASTED, EvidencePage
from .came import Came
from .visit import Pages, Visit, page_router


def make_router(pages: Pages, taking: EvidenceTaking) -> APIRouter:
    router = page_router()

    @router.get("/batches/{code}/evidence", openapi_extra=costs(Cost.READING))
    def form(
        request: Request, code: str, unit: Annotated[int | None, Query(ge=1, le=LARGEST_UNIT)] = None
    ) -> Response:
        with pages.visit(request) as visit:
            page = _page(visit, code, {} if unit is None else {"unit": str(unit)})
            return pages.show(replace(page, checkpoints=kept(visit)))

    @router.post("/batches/{code}/evidence", openapi_extra=costs(Cost.READING))
    def take(request: Request, code: str, came: Came) -> Response:
        actor = pages.form_actor(request, came.get("form_token", ""))
        with pages.visit(request) as visit:
            page = replace(_page(visit, code, came), checkpoints=kept(visit))
        return taken(actor, page, lambda: _wanted((code,), came, page.id))

    def kept(visit: Visit) -> tuple[KeptCheckpoint, ...]:
        with begin_read(pages.door.desk) as desk:
            return kept_checkpoints(visit.tx, desk)

    def taken(actor: Actor, page: EvidencePage, wanted: Callable[[], Wanted]) -> Response:
        try:
            made = taking.take(actor, wanted())
        except InputError as error:
            problems = tuple(_at_its_field(each) for each in error.problems)
            return pages.show(replace(page, problems=problems), status_of(problems))
        if isinstance(made, Refusal):
            problems = tuple(_at_its_field(each) for each in made.problems)
            return pages.show(replace(page, problems=problems), made.status)
        return download_file(made.file, made.size, made.name, ZIP)

    @router.get("/cases/{case}/evidence", openapi_extra=costs(Cost.READING))
    def form_of_case(request: Request, case: str) -> Response:
        with pages.visit(request) as visit:
            page = _page_of_case(visit.frame, taking.case(visit.actor, case), case, {})
            return pages.show(replace(page, checkpoints=kept(visit)))

    @router.post("/cases/{case}/evidence", openapi_extra=costs(Cost.READING))
    def take_case(request: Request, case: str, came: Came) -> Response:
        actor = pages.form_actor(request, came.get("form_token", ""))
        found = taking.case(actor, case)
        with pages.visit(request) as visit:
            page = replace(_page_of_case(visit.frame, found, case, came), checkpoints=kept(visit))

        def wanted() -> Wanted:
            asked = _wanted((), came, page.id)
            then = taking.case(actor, case, asked.as_of)
            return replace(
                asked, batches=tuple(each.code for each in then.batches), case=then.id, leads=then.leads
            )

        return taken(actor, page, wanted)

    return router


def _page(visit: Visit, code: str, came: Mapping[str, str]) -> EvidencePage:
    visit.actor.require(Action.RECORD_STATEMENT)
    found = batch_for_evidence(visit.tx, visit.actor, code)
    if found is None:
        raise not_found("此批次", "this batch", code)
    usual = {"method": METHOD, "attachments": "" if came.get("id") else "yes"}
    return EvidencePage(
        frame=visit.frame,
        here=f"/batches/{found.code}/evidence",
        back_href=f"/batches/{found.code}",
        lot=found.lot,
        batches=(f"{found.printed} {found.designation}", found.maker),
        open_count=len(found.open_events),
        whole=found.whole,
        id=came.get("id") or str(uuid4()),
        typed=usual | dict(came),
    )


def _page_of_case(frame: Frame, found: CaseForEvidence, case: str, came: Mapping[str, str]) -> EvidencePage:
    usual = {
        "method": METHOD,
        "attachments": "" if came.get("id") else "yes",
        "case": found.number,
        "ground": found.text,
        **{f"officer{n}": name for n, name in enumerate(found.officers[:2], start=1)},
    }
    open_count = found.event_count + sum(len(each.open_events) for each in found.batches)
    return EvidencePage(
        frame=frame,
        here=f"/cases/{case}/evidence",
        back_href=f"/cases/{case}",
        lot=found.number,
        batches=tuple(f"{each.printed} {each.designation}" for each in found.batches),
        is_of_case=True,
        whole=all(each.whole for each in found.batches),
        open_count=open_count,
        id=came.get("id") or str(uuid4()),
        typed=usual | dict(came),
    )


def _wanted(codes: Sequence[str], came: Mapping[str, str], id_: str) -> Wanted:
    def typed(name: str) -> str:
        return came.get(name, "").strip()

    earlier = came.get("earlier", "").replace("\r\n", "\n")
    officers = [Officer(typed(f"officer{n}"), typed(f"certificate{n}")) for n in (1, 2)]
    return Wanted(
        id=id_,
        batches=tuple(codes),
        said=Circumstances(
            ground=typed("ground"),
            place=typed("place"),
            officers=officers,
            case=typed("case"),
            method=typed("method"),
            witness=typed("witness"),
            holder=typed("holder"),
        ),
        unit=_unit(typed("unit")),
        earlier=earlier,
        as_of=_as_of(typed("as_of"), earlier),
        with_attachments=came.get("attachments") == "yes",
    )


def _as_of(typed: str, earlier: str) -> int | None:
    """The size of the checkpoint that was chosen; of the one that was pasted, as its second line says it (C2SP tlog-checkpoint)."""
    if not typed:
        return None
    size = [*earlier.strip().split("\n"), "", ""][1].strip() if typed == PASTED else typed
    if not (size.isascii() and size.isdigit() and 0 < len(size) < 16 and int(size)):
        raise InputError.of(
            "wrong-input", "没有粘贴检查点，或不是检查点", "no checkpoint was pasted, or what was is none", came=size, where="as_of",
            remedy=Text("在「较早保存的检查点」里粘贴全文，或选最新的", "paste all of it below, or choose the newest"),
        )  # fmt: skip
    return int(size)


def _unit(typed: str) -> int | None:
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 8 and 1 <= int(typed) <= LARGEST_UNIT):
        raise InputError.of(
            "wrong-input", "盘（卷）号应为整数", "the number of a drum or coil is wanted", came=typed, where="unit",
            remedy=Text("只写数字，例如 3；不针对某一盘就不填", "write digits, such as 3; leave it out for the whole batch"),
        )  # fmt: skip
    return int(typed)


#: Which field of the page a problem of the draft or of the taking is about.
_FIELDS: Mapping[str, str] = {
    "/draft/body/ground": "ground",
    "/draft/body/case": "case",
    "/draft/by/0/name": "officer1",
    "/draft/by/1/name": "officer2",
    "officers": "officer1",
}


def _at_its_field(problem: Problem) -> Problem:
    return replace(problem, where=f"/{_FIELDS.get(problem.where, problem.where.rpartition('/')[2])}")
