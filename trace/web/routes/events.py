"""The page of one event, and the erasure of personal data in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Form, Request, Response

from ...auth.policy import Action, recording
from ...codes.trace_code import BatchCode
from ...errors import InputError, Problem, Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.failures import not_found
from ...http.problems import status_of
from ...intake.record import Intake, prepared_or_refused
from ...ledger.sequencer import Receipt
from ...queries.events import EventPage as Reading
from ...queries.events import event_page
from ...queries.notices import answers_to
from ...queries.persons import GROUNDS
from ...queries.samples import sample_of
from ...queries.versions import may_correct
from ..happened import timeline
from ..views import ErasePage, EventPage, Frame
from .visit import Pages, Visit, page_router, see_other


def make_router(pages: Pages, intake: Intake) -> APIRouter:
    router = page_router()

    @router.get("/events/{event}")
    def show(request: Request, event: str) -> Response:
        with pages.visit(request) as visit:
            found = _found(visit, event)
            page = replace(
                view_of(visit, found),
                labels_href=_labels_href(visit, found),
                told=answers_to(visit.tx, visit.actor, event),
            )
        return pages.show(page)

    @router.get("/events/{event}/erase")
    def ask(request: Request, event: str) -> Response:
        with pages.visit(request) as visit:
            page = erase_page(visit.frame, _erasable(visit, event), {"id": str(uuid4())})
        return pages.show(page)

    @router.post("/events/{event}/erase", openapi_extra=costs(Cost.RECORDING))
    def erase(
        request: Request,
        event: str,
        form_token: Annotated[str, Form()] = "",
        id: Annotated[str, Form()] = "",
        pointers: Annotated[list[str] | None, Form()] = None,
        ground: Annotated[str, Form()] = "",
        text: Annotated[str, Form()] = "",
        understood: Annotated[str, Form()] = "",
    ) -> Response:
        """The id was chosen when the form was shown, so that to send it twice erases once."""
        actor = pages.form_actor(request, form_token)
        typed = {"id": id, "ground": ground, "text": text, "understood": understood}
        chosen = frozenset(pointers or ())
        with pages.visit(request) as visit:
            found = _erasable(visit, event)
            page = replace(erase_page(visit.frame, found, typed), chosen=chosen)
        problems = _left_out(chosen, ground, understood)
        if not problems:
            prepared = prepared_or_refused({"draft": draft_of(found, typed, sorted(chosen))}, actor)
            (answer,) = intake.record_now([prepared])
            if isinstance(answer, Receipt):
                return see_other(f"/events/{event}")
            problems = tuple(replace(each, where=_field_of(each.where)) for each in answer.problems)
        return pages.show(replace(page, problems=problems), status_of(problems))

    return router


def _found(visit: Visit, event: str) -> Reading:
    found = event_page(visit.tx, visit.actor, event)
    if found is None:
        raise not_found("此事件", "this event", event)
    return found


def _erasable(visit: Visit, event: str) -> Reading:
    visit.actor.require(recording("erasure"))
    found = _found(visit, event)
    if not found.may_erase:
        raise InputError.of(
            "not-allowed",
            "个人信息由记录方或监管部门删除",
            "personal data are erased by whoever recorded them, or by an authority",
            remedy=Text("请向记录方提出", "ask whoever recorded them"),
        )
    return found


#: Kinds of event at which an authority may begin a lead.
_LEADS_COME_FROM = frozenset({
    "testing", "inspection", "sampling", "complaint", "report", "alert", "receipt", "acceptance", "supervision", "use",
})  # fmt: skip


def view_of(visit: Visit, found: Reading) -> EventPage:
    (event,) = timeline([found.happening], lambda each: may_correct(visit.actor, each))
    event = replace(event, href="")  # it is here
    return EventPage(
        frame=visit.frame,
        found=found,
        event=event,
        batch="" if found.batch is None else BatchCode(found.batch[:-1]).printed,
        lead_href=f"/leads/new?event={found.happening.event_id}"
        if found.happening.kind in _LEADS_COME_FROM and visit.actor.reach(Action.RECORD_LEAD)
        else "",
        sample_href=_sample_href(visit, found),
        erase_href=f"/events/{found.happening.event_id}/erase"
        if found.may_erase and any(each.is_erasable for each in found.persons)
        else "",
    )


def _sample_href(visit: Visit, found: Reading) -> str:
    """Where the way of the sample is shown that this event takes, or is a step of, if that is open to the visitor."""
    event = {"sampling": found.happening.event_id, "sample-step": found.about}.get(found.happening.kind)
    if event is None or not visit.actor.reach(Action.READ_SAMPLES):
        return ""
    return "" if sample_of(visit.tx, visit.actor, event) is None else f"/samples/{event}"


def _labels_href(visit: Visit, found: Reading) -> str:
    """Where the maker prints the labels of the batch that this event is the production of."""
    made = found.happening.kind == "production" and found.happening.party == visit.actor.party
    return f"/batches/{found.batch}/labels" if made and visit.actor.reach(Action.PRINT_LABELS) else ""


# --- erasing ------------------------------------------------------------------------------------------


def erase_page(frame: Frame, found: Reading, typed: Mapping[str, str]) -> ErasePage:
    (event,) = timeline([found.happening])
    return ErasePage(
        frame=frame,
        event=event,
        back_href=f"/events/{found.happening.event_id}",
        fields=tuple(
            (each.pointer, _told(each.label, each.value)) for each in found.persons if each.is_erasable
        ),
        locked=tuple(each.label for each in found.persons if each.locked),
        grounds=tuple(GROUNDS.items()),
        typed=typed,
    )


def _told(label: Text, value: str | None) -> Text:
    return label if value is None else Text(f"{label.zh}：{value}", f"{label.en}: {value}")


def _left_out(chosen: frozenset[str], ground: str, understood: str) -> tuple[Problem, ...]:
    wanted = (
        (not chosen, "/pointers", Text("请勾选要删除的项", "tick what is to be erased")),
        (ground not in GROUNDS, "/ground", Text("请选择理由", "choose the ground")),
        (not understood, "/understood", Text("请确认已知后果", "confirm that you know what follows")),
    )
    return tuple(Problem("wrong-input", detail, where=where) for missing, where, detail in wanted if missing)


def draft_of(found: Reading, typed: Mapping[str, str], pointers: list[str]) -> dict[str, Any]:
    happening = found.happening
    said = typed["text"].strip()
    return {
        "id": typed["id"],
        "kind": "erasure",
        "subject": {"event": happening.event_id, "kind": happening.kind},
        "body": {"pointers": pointers, "ground": typed["ground"], **({"text": said} if said else {})},
    }


def _field_of(where: str) -> str:
    """The field of the form that a place of the draft was made of."""
    return "/pointers" if where.startswith("/body/pointers") else where.removeprefix("/body")
