"""What an authority does about an alert: gives it to a unit or an officer, dismisses it, opens it again.

A lead is made of it on the form of leads (`case_entry`), and what was found out about an alert from checks on its own (`entry`).
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ...auth.policy import Action, recording
from ...errors import Text
from ...http.allowance import Cost
from ...http.attaching import LARGEST_FORM_BYTES as LARGEST_WITH_FILES
from ...http.attaching import Attaching
from ...http.contract import costs
from ...http.failures import not_found
from ...intake.record import Intake
from ...queries.alerts import alert_at
from ..forms_of_cases import form_of_alert_step
from .case_entry import Begun, Entering, Find
from .visit import Pages, Visit, page_router


def make_router(pages: Pages, intake: Intake, attaching: Attaching) -> APIRouter:
    router = page_router(LARGEST_WITH_FILES)
    entering = Entering(pages=pages, intake=intake, attaching=attaching)

    def about(index: int, rule: str, step: str) -> Find:
        return lambda visit, _: step_of_alert(visit, index, rule, step)

    @router.get("/alerts/{index}/{rule}/{step}")
    def ask(request: Request, index: int, rule: str, step: str) -> Response:
        return entering.show(request, about(index, rule, step))

    @router.post("/alerts/{index}/{rule}/{step}", openapi_extra=costs(Cost.RECORDING))
    async def record(request: Request, index: int, rule: str, step: str) -> Response:
        return await entering.sent(request, about(index, rule, step))

    return router


def step_of_alert(visit: Visit, index: int, rule: str, step: str) -> Begun:
    visit.actor.require(recording("alert-step"))
    visit.actor.require(Action.READ_CASES)
    known, form = alert_at(visit.tx, visit.actor, index, rule), form_of_alert_step(step)
    if known is None or form is None:
        raise not_found("此预警或步骤", "this alert or step", str(index) if known is None else step)
    return Begun(
        form=form, kind="alert-step", sort="alert", of="", name=f"{known.maker_name} {known.lot}",
        line=Text(f"{known.title.zh}：{known.detail.zh}", f"{known.title.en}: {known.detail.en}"),
        back=f"/alerts?rule={rule}", body={"step": step},
        about={"index": index, "rule": rule},
    )  # fmt: skip
