"""Sampling plans 抽查方案 of the own authority: a plan with its frozen list and its committed seed, and the draw that opens it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from secrets import token_urlsafe
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response

from ...auth.policy import Action, recording
from ...clock import format_instant
from ...errors import InputError, Problem
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.failures import not_found
from ...http.problems import status_of
from ...intake.record import Intake, prepare
from ...model.admission import Refusal
from ...queries.sampling_plans import draw_body, plan_body, sampling_plans
from ...registry import register
from ..directory import Directory
from ..filled import located
from ..views_of_inspecting import SamplingPlansPage
from .came import Came
from .visit import Pages, Visit, page_router, see_other

#: The field beside which each place of a draft is told.
_FIELDS = {
    "candidates": "candidates",
    "count": "count",
    "substitutes": "substitutes",
    "seed": "seed",
    "number": "number",
    "entrusted": "entrusted",
}


def make_router(pages: Pages, intake: Intake) -> APIRouter:
    router = page_router()

    @router.get("/sampling-plans", openapi_extra=costs(Cost.READING))
    def show(request: Request) -> Response:
        with pages.visit(request) as visit:
            return pages.show(page_of(visit, {}))

    @router.post("/sampling-plans", openapi_extra=costs(Cost.RECORDING))
    def plan(request: Request, came: Came) -> Response:
        def draft(visit: Visit) -> dict[str, Any]:
            visit.actor.require(recording("sampling-plan"))
            known = register.parties(visit.tx, [visit.actor.party]).get(visit.actor.party)
            typed = {
                "number": came.get("number", "").strip(),
                "level": came.get("level", ""),
                "products": _lines(came.get("products", "")),
                "count": _whole("count", came),
                "substitutes": _whole("substitutes", came),
            }
            if entrusted := came.get("entrusted", "").strip():
                typed["entrusted"] = _meant(visit, entrusted)
            body = plan_body(typed, tuple(_lines(came.get("candidates", ""))), came.get("seed", ""))
            region = "" if known is None else known.region or ""
            return {"kind": "sampling-plan", "subject": {"region": region}, "body": body}

        return record(request, came, draft)

    @router.post("/sampling-plans/{event}/draw", openapi_extra=costs(Cost.RECORDING))
    def draw(request: Request, event: str, came: Came) -> Response:
        def draft(visit: Visit) -> dict[str, Any]:
            visit.actor.require(recording("sampling-draw"))
            row = next((each for each in sampling_plans(visit.tx, visit.actor) if each.event == event), None)
            if row is None or row.draw:
                raise not_found("此抽查方案", "this sampling plan", event)
            body = draw_body(row, came.get("seed", "").strip())
            return {
                "kind": "sampling-draw",
                "subject": {"event": event, "kind": "sampling-plan"},
                "body": body,
            }

        return record(request, came, draft)

    def record(request: Request, came: Mapping[str, str], draft: Any) -> Response:
        pages.form_actor(request, came.get("form_token", ""))
        with pages.visit(request) as visit:
            page = page_of(visit, came)
            try:
                said = {"id": came.get("id", ""), "occurred_at": came.get("at", ""), **draft(visit)}
                (answer,) = intake.record_now([prepare({"draft": said}, visit.actor)])
            except InputError as error:
                problems = _beside(located(error))
                return pages.show(replace(page, problems=problems), status_of(problems))
        if isinstance(answer, Refusal):
            return pages.show(replace(page, problems=_beside(answer.problems)), answer.status)
        return see_other("/sampling-plans")

    def page_of(visit: Visit, came: Mapping[str, str]) -> SamplingPlansPage:
        visit.actor.require(Action.READ_CASES)
        usual = {"level": "city", "count": "5", "substitutes": "2", "seed": token_urlsafe(24)}
        rows = sampling_plans(visit.tx, visit.actor)
        return SamplingPlansPage(
            frame=visit.frame,
            rows=rows,
            draw_ids={each.event: str(uuid4()) for each in rows if not each.draw},
            typed=usual | {name: value for name, value in came.items() if value},
            id=came.get("id") or str(uuid4()),
            at=came.get("at") or format_instant(pages.door.clock()),
        )

    return router


def _beside(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Each beside the field that it is about; what is about none stands on top alone."""
    found = []
    for problem in problems:
        name = next((each for each in problem.where.split("/") if each in _FIELDS), "")
        found.append(replace(problem, where=f"/{_FIELDS[name]}" if name else ""))
    return tuple(found)


def _meant(visit: Visit, typed: str) -> str:
    """The party that is to sample for the authority. Raises InputError where no registered one is meant."""
    try:
        return Directory(visit.tx, visit.actor).party(typed)
    except InputError as error:
        raise error.at("/entrusted") from None


def _lines(text: str) -> list[str]:
    return [line for line in (each.strip() for each in text.splitlines()) if line]


#: The most that can be drawn; how many a plan may draw, its rules say.
_MOST = 99_999


def _whole(name: str, came: Mapping[str, str]) -> int:
    typed = came.get(name, "").strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) <= len(str(_MOST))):
        raise InputError.of(
            "wrong-input",
            f"应为 0 到 {_MOST:,} 的整数",
            f"a whole number from 0 to {_MOST:,} is wanted",
            came=typed,
            where=f"/{name}",
        )
    return int(typed)
