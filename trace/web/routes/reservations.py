"""The page 预留码 of a maker: codes that wait for a batch, and the form that has more of them minted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Query, Request, Response

from ...auth.policy import Action
from ...clock import format_instant, shanghai_date
from ...codes.trace_code import BatchCode
from ...errors import InputError, Text
from ...http.problems import status_of
from ...intake.record import Intake, prepare
from ...model.admission import Refusal
from ...registry import register
from ..filled import located
from ..views_of_labels import ReservationsPage, ReservedCode
from .came import Came
from .visit import Pages, Visit, page_router, see_other

_CODES_ON_A_PAGE = 100
#: What the form begins with: half a year is a usual stock of label paper.
_USUAL_TERM = timedelta(days=182)


def make_router(pages: Pages, intake: Intake) -> APIRouter:
    router = page_router()

    @router.get("/reservations")
    def reservations(request: Request, after: Annotated[str, Query(max_length=10)] = "") -> Response:
        with pages.visit(request) as visit:
            return pages.show(page_of(visit, {}, after))

    @router.post("/reservations")
    def reserve(request: Request, came: Came) -> Response:
        pages.form_actor(request, came.get("form_token", ""))
        with pages.visit(request) as visit:
            page = page_of(visit, came, "")
            try:
                answer = intake.record_now(
                    [prepare({"draft": draft_in(came, visit.actor.party)}, visit.actor)]
                )[0]
            except InputError as error:
                problems = tuple(
                    replace(each, where=f"/{each.where.rpartition('/')[2]}") for each in located(error)
                )
                return pages.show(replace(page, problems=problems), status_of(problems))
        if isinstance(answer, Refusal):
            problems = tuple(
                replace(each, where=f"/{each.where.rpartition('/')[2]}") for each in answer.problems
            )
            return pages.show(replace(page, problems=problems), answer.status)
        return see_other("/reservations")

    def draft_in(came: Mapping[str, str], party: str) -> dict[str, Any]:
        note = came.get("note", "").strip()
        return {
            "id": came.get("id", ""),
            "kind": "reservation",
            "subject": {"party": party},
            "occurred_at": came.get("at", ""),
            "body": {
                "count": _whole("count", came),
                "units": _whole("units", came),
                "valid_to": came.get("valid_to", ""),
                **({"note": note} if note else {}),
            },
        }

    def page_of(visit: Visit, came: Mapping[str, str], after: str) -> ReservationsPage:
        visit.actor.require(Action.RECORD_RESERVATION)
        now = pages.door.clock()
        today = shanghai_date(now)
        known = register.reserved_for(
            visit.tx, visit.actor.party, waiting_on=today, after=after, limit=_CODES_ON_A_PAGE + 1
        )
        shown = known[:_CODES_ON_A_PAGE]
        printed = register.printed_runs(visit.tx, [each.code for each in shown])
        usual = {
            "count": "10",
            "units": "40",
            "valid_to": (today + _USUAL_TERM).isoformat(),
            "note": "",
            "at": format_instant(now),
        }
        waiting = register.outstanding(visit.tx, visit.actor.party)
        return ReservationsPage(
            frame=visit.frame,
            codes=tuple(
                ReservedCode(
                    code=each.code,
                    printed=BatchCode(each.code[:-1]).printed,
                    units=each.units,
                    labels=sum(run.last - run.first + 1 for run in printed[each.code]),
                    valid_to=each.valid_to,
                )
                for each in shown
            ),
            waiting=sum(count for last, count in waiting.items() if last >= today),
            typed=usual | {name: value for name, value in came.items() if value},
            id=came.get("id") or str(uuid4()),
            next_href=visit.next_href(shown[-1].code if len(known) > len(shown) else None),
        )

    return router


def _whole(name: str, came: Mapping[str, str]) -> int:
    typed = came.get(name, "").strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise InputError.of(
            "wrong-input", "应为整数", "a whole number is wanted", came=typed, where=f"/{name}",
            remedy=Text("只写数字", "write digits only"),
        )  # fmt: skip
    return int(typed)
