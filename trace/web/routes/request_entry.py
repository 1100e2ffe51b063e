"""What an authority enters about requests to others: a letter, prefilled for a region of a case, and each step that could come next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response

from ...auth.policy import Action, recording
from ...clock import shanghai_date
from ...codes.unit_ranges import parse_units
from ...errors import Text
from ...http.allowance import Cost
from ...http.attaching import LARGEST_FORM_BYTES as LARGEST_WITH_FILES
from ...http.attaching import Attaching
from ...http.contract import costs
from ...http.failures import not_found
from ...intake.record import Intake
from ...model.case_path import CASE_ENDED
from ...model.request_path import REQUEST_STATES, basis_of_request
from ...queries.cases import case_of, lead_of, officers_of, own_parties
from ...queries.regions_to_ask import RegionToAsk, batches_to_name, regions_to_ask
from ...queries.requests import BatchOfLetter, request_of
from ..forms_of_requests import NEW_REQUEST, form_of_request_step
from .case_entry import Begun, Entering
from .visit import Pages, Visit, page_router

#: What is asked of a region where metres lie, and of one where they were made.
_OF_A_SELLER = ["authenticity", "purchases", "sales", "stock"]
_OF_A_MAKER = ["authenticity", "sales", "licences", "report-authenticity"]


def make_router(pages: Pages, intake: Intake, attaching: Attaching) -> APIRouter:
    # What comes is counted where it is read; this only lifts the limit of ordinary forms.
    router = page_router(LARGEST_WITH_FILES)
    entering = Entering(pages=pages, intake=intake, attaching=attaching)

    def begun(visit: Visit, request: Request) -> Begun:
        return _letter_begun(visit, request, pages)

    @router.get("/requests/new", openapi_extra=costs(Cost.READING))
    def ask_letter(request: Request) -> Response:
        return entering.show(request, begun)

    @router.post("/requests/new", openapi_extra=costs(Cost.RECORDING))
    async def record_letter(request: Request) -> Response:
        return await entering.sent(request, begun)

    @router.get("/requests/{request_id}/steps/{step}")
    def ask_step(request: Request, request_id: str, step: str) -> Response:
        return entering.show(request, lambda visit, _: _step_begun(visit, request_id, step))

    @router.post("/requests/{request_id}/steps/{step}", openapi_extra=costs(Cost.RECORDING))
    async def record_step(request: Request, request_id: str, step: str) -> Response:
        return await entering.sent(request, lambda visit, _: _step_begun(visit, request_id, step))

    return router


def _letter_begun(visit: Visit, request: Request, pages: Pages) -> Begun:
    """A letter of a case or a lead; with a region, what lay or was made there, to whom it is proposed to go and by which letter."""
    visit.actor.require(recording("request"))
    visit.actor.require(Action.READ_CASES)
    case, lead = request.query_params.get("case", ""), request.query_params.get("lead", "")
    if lead:
        of_lead = lead_of(visit.tx, visit.actor, lead)
        if of_lead is None:
            raise not_found("此线索", "this lead", lead)
        body: dict[str, Any] = {
            "lead": lead,
            "type": "transfer",
            "facts": of_lead.text,
            "legal_basis": basis_of_request("transfer"),
            **_about(batches_to_name(visit.tx, visit.actor, of_lead.matter)),
        }
        return _begun(of_lead.number, f"/leads/{lead}", body)
    of_case = case_of(visit.tx, visit.actor, case)
    if of_case is None:
        raise not_found("此案件", "this case", case)
    kind = "transfer" if of_case.state in CASE_ENDED else "assist"
    body = {
        "case": case,
        "type": kind,
        "facts": of_case.text,
        "legal_basis": basis_of_request(kind),
        "questions": _OF_A_SELLER,
        **_about(batches_to_name(visit.tx, visit.actor, of_case.scope[0])),
    }
    asked = request.query_params.get("region", "")
    if asked:
        found = regions_to_ask(visit.tx, visit.actor, case, today=shanghai_date(pages.door.clock()))
        row = next((row for row in found.rows if row.region == asked), None) if found else None
        if found is None or row is None:
            raise not_found("此地区", "this region", asked)
        body |= _prefilled(row, found.frozen_at)
    return _begun(of_case.number, f"/cases/{case}", body, officers_of(visit.tx, of_case))


def _begun(name: str, back: str, body: dict[str, Any], officers: tuple[str, ...] = ()) -> Begun:
    return Begun(
        form=NEW_REQUEST, kind="request", sort="request", of="", name=name,
        line=Text("所办的案件或线索", "the case or lead that it is of"), back=back, body=body, officers=officers,
    )  # fmt: skip


def _about(batches: Sequence[BatchOfLetter]) -> dict[str, Any]:
    """The matter of a letter about these batches: who is concerned it tells the other authority only where that is typed."""
    said = [
        {
            "code": each.code,
            **({"name": each.name} if each.name else {}),
            **(
                {"units": [[some.first, some.last] for some in parse_units(each.units)]} if each.units else {}
            ),
            **({} if each.length_mm is None else {"length_mm": each.length_mm}),
        }
        for each in batches
    ]
    return {"matter": {"batches": said}} if said else {}


def _prefilled(row: RegionToAsk, frozen_at: int) -> dict[str, Any]:
    kind = row.type or "transfer"
    return {
        "type": kind,
        **({} if row.to is None else {"to": row.to.id}),
        "region": row.region,
        "legal_basis": basis_of_request(kind),
        "questions": _OF_A_MAKER if row.makers else _OF_A_SELLER,
        **_about(row.batches),
        "frozen_at": frozen_at,
    }


def _step_begun(visit: Visit, request_id: str, step: str) -> Begun:
    visit.actor.require(recording("request-step"))
    known = request_of(visit.tx, visit.actor, request_id)
    on_paper = known is not None and known.to not in own_parties(visit.actor)
    form = None if known is None else form_of_request_step(step, known.type, on_paper=on_paper)
    if known is None or form is None:
        raise not_found("此协查请求或步骤", "this request or step", request_id if known is None else step)
    return Begun(
        form=form, kind="request-step", sort="request", of=request_id, name=known.number,
        line=REQUEST_STATES[known.state], back=f"/requests/{request_id}", body={"step": step},
    )  # fmt: skip
