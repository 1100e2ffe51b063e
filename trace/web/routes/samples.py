"""Samples 样品: the list, a page for each with its way and its result, and a form for each step that could come next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from ...auth.policy import Action, recording
from ...clock import shanghai_date
from ...http.allowance import Cost
from ...http.attaching import LARGEST_FORM_BYTES as LARGEST_WITH_FILES
from ...http.attaching import Attaching
from ...http.contract import costs
from ...http.failures import not_found
from ...http.paging import After
from ...intake.record import Intake
from ...model.sample_path import SAMPLE_STATES
from ...queries.cases import Next
from ...queries.samples import FILTERS, next_steps, sample_of, sample_page, samples
from ..forms_of_samples import form_of_sample_step
from ..views import Choice
from ..views_of_samples import SamplePage, SamplesPage
from .case_entry import Begun, Entering
from .visit import Pages, Visit, page_router

_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunStep(Begun):
    """A step of the sample of a sampling."""

    def subject(self, _event: str) -> dict[str, str]:
        return {"event": self.of, "kind": "sampling"}

    def onward(self, _event: str) -> str:
        return self.back


def make_router(pages: Pages, intake: Intake, attaching: Attaching) -> APIRouter:
    # What comes is counted where it is read; this only lifts the limit of ordinary forms.
    router = page_router(LARGEST_WITH_FILES)
    entering = Entering(pages=pages, intake=intake, attaching=attaching)

    @router.get("/samples", openapi_extra=costs(Cost.READING))
    def listed(
        request: Request, state: Annotated[str, Query(max_length=20)] = "open", after: After = None
    ) -> Response:
        if state not in FILTERS:
            raise not_found("此状态", "this state", state)
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            found = samples(visit.tx, visit.actor, today=today, chosen=state, limit=_ON_A_PAGE, after=after)
            return pages.show(
                SamplesPage(
                    frame=visit.frame,
                    states=tuple(
                        Choice(text, f"/samples?{urlencode({'state': name})}", name == state)
                        for name, text in FILTERS.items()
                    ),
                    rows=found.rows,
                    next_href=visit.next_href(found.after),
                    penalties_href="/cases?publication=pending"
                    if state == "unpublished" and visit.actor.reach(Action.READ_CASES)
                    else "",
                )
            )

    @router.get("/samples/{sampling}", openapi_extra=costs(Cost.READING))
    def one_sample(request: Request, sampling: str) -> Response:
        with pages.visit(request) as visit:
            today = shanghai_date(pages.door.clock())
            found = sample_page(visit.tx, visit.actor, sampling, today=today)
            if found is None:
                raise not_found("此样品", "this sample", sampling)
            return pages.show(
                SamplePage(
                    frame=visit.frame,
                    found=found,
                    steps=_choices(sampling, found.next),
                    from_paper=_choices(sampling, found.from_paper),
                )
            )

    @router.get("/samples/{sampling}/steps/{step}")
    def ask_step(request: Request, sampling: str, step: str) -> Response:
        return entering.show(request, lambda visit, _: _begun(visit, sampling, step))

    @router.post("/samples/{sampling}/steps/{step}", openapi_extra=costs(Cost.RECORDING))
    async def record_step(request: Request, sampling: str, step: str) -> Response:
        return await entering.sent(request, lambda visit, _: _begun(visit, sampling, step))

    return router


def _choices(sampling: str, steps: tuple[Next, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(each.text, f"/samples/{sampling}/steps/{each.step}") for each in steps)


def _begun(visit: Visit, sampling: str, step: str) -> BegunStep:
    """A step that the visitor may record, or might have in another state: then the rules say what could come next."""
    visit.actor.require(recording("sample-step"))
    visit.actor.require(Action.READ_SAMPLES)
    known = sample_of(visit.tx, visit.actor, sampling)
    on_paper = known is not None and step in {each.step for each in next_steps(visit.actor, known)[1]}
    form = form_of_sample_step(step, on_paper=on_paper)
    if known is None or form is None:
        raise not_found("此样品或步骤", "this sample or step", sampling if known is None else step)
    return BegunStep(
        form=form, kind="sample-step", sort="sample", of=sampling, name=known.number, line=SAMPLE_STATES[known.state],
        back=f"/samples/{sampling}", body={"step": step, "authority": known.authority},
    )  # fmt: skip
