"""Listed supervision 挂牌督办: the board, a page for each, and the forms of a new one and of its steps."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request, Response

from ...auth.policy import Action, recording
from ...clock import shanghai_date
from ...errors import Text
from ...http.allowance import Cost
from ...http.attaching import LARGEST_FORM_BYTES as LARGEST_WITH_FILES
from ...http.attaching import Attaching
from ...http.contract import costs
from ...http.failures import not_found
from ...intake.record import Intake
from ...model.listings import LISTING_STEPS
from ...queries.listings import listing_list, listing_of, listing_page, superiors
from ..case_lists import lists_of
from ..forms_of_listings import NEW_LISTING, form_of_listing_step
from ..views import Choice
from ..views_of_listings import ListingPage, ListingsPage
from .case_entry import Begun, Entering
from .visit import Pages, Visit, page_router


def make_router(pages: Pages, intake: Intake, attaching: Attaching) -> APIRouter:
    # What comes is counted where it is read; this only lifts the limit of ordinary forms.
    router = page_router(LARGEST_WITH_FILES)
    entering = Entering(pages=pages, intake=intake, attaching=attaching)

    def today() -> date:
        return shanghai_date(pages.door.clock())

    @router.get("/listings", openapi_extra=costs(Cost.READING))
    def board(request: Request) -> Response:
        with pages.visit(request) as visit:
            rows = listing_list(visit.tx, visit.actor, today=today())
            may = visit.actor.reach(Action.RECORD_LISTING)
            return pages.show(
                ListingsPage(
                    frame=visit.frame, lists=lists_of("/listings"), rows=rows, new_href="/listings/new" if may else ""
                )
            )  # fmt: skip

    @router.get("/listings/new")
    def ask_listing(request: Request) -> Response:
        return entering.show(request, lambda visit, _: _begun(visit))

    @router.post("/listings/new", openapi_extra=costs(Cost.RECORDING))
    async def record_listing(request: Request) -> Response:
        return await entering.sent(request, lambda visit, _: _begun(visit))

    @router.get("/listings/{listing}", openapi_extra=costs(Cost.READING))
    def one_listing(request: Request, listing: str) -> Response:
        with pages.visit(request) as visit:
            found = listing_page(visit.tx, visit.actor, listing, today=today())
            if found is None:
                raise not_found("此挂牌督办", "this listing", listing)
            steps = found.next if visit.actor.reach(Action.RECORD_LISTING_STEP) else ()
            return pages.show(
                ListingPage(
                    frame=visit.frame,
                    found=found,
                    steps=tuple(Choice(LISTING_STEPS[step], f"/listings/{listing}/steps/{step}") for step in steps),
                )
            )  # fmt: skip

    @router.get("/listings/{listing}/steps/{step}")
    def ask_step(request: Request, listing: str, step: str) -> Response:
        return entering.show(request, lambda visit, _: _step_begun(visit, listing, step))

    @router.post("/listings/{listing}/steps/{step}", openapi_extra=costs(Cost.RECORDING))
    async def record_step(request: Request, listing: str, step: str) -> Response:
        return await entering.sent(request, lambda visit, _: _step_begun(visit, listing, step))

    return router


def _begun(visit: Visit) -> Begun:
    visit.actor.require(recording("listing"))
    return Begun(
        form=NEW_LISTING, kind="listing", sort="listing", of="", name="", line=Text("", ""), back="/listings"
    )


def _step_begun(visit: Visit, listing: str, step: str) -> Begun:
    visit.actor.require(recording("listing-step"))
    known = listing_of(visit.tx, visit.actor, listing)
    form = form_of_listing_step(step, superiors(visit.tx, visit.actor))
    if known is None or form is None:
        raise not_found("此挂牌督办或步骤", "this listing or step", listing if known is None else step)
    return Begun(
        form=form, kind="listing-step", sort="listing", of=listing, name=known.name,
        line=Text(known.number, known.number), back=f"/listings/{listing}", body={"step": step},
    )  # fmt: skip
