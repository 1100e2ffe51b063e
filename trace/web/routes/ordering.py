"""The page 登记订单: an order that the reader's own party has given or taken, entered by hand.

The form brings an id, so that sending it twice records it once. An order with oneself, and a number that the party has
on record, are refused by the ledger (`model.rules_of_orders`): a mistake in an order is answered by a correction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from ...auth.policy import Action, Role
from ...errors import Problem, Text
from ...http.allowance import Cost
from ...http.attaching import FILES_FIELD, Attached, Attaching
from ...http.attaching import LARGEST_FORM_BYTES as LARGEST_WITH_FILES
from ...http.contract import costs
from ...intake.record import Intake
from ...ledger.sequencer import Receipt
from ...model.parts import Document
from ...queries.partners import partners
from ..blanks import Typed, with_more_rows
from ..directory import Directory
from ..doubts import MEANT, is_on_record, order_there
from ..filled import (
    INTRODUCES,
    MORE,
    beside,
    grounds_of,
    is_unregistered,
    opened,
    read_form,
)
from ..form_parts import Form
from ..forms_of_ordering import (
    ORDER_NUMBER_AT,
    PARTNER,
    SIDE,
    before_an_order,
    fields_of_an_order,
    order_form,
    with_both_parties,
)
from ..views import Doubt, RecordPage
from .came import with_files
from .entry import say
from .visit import Pages, Visit, page_router, see_other

HERE = "/orders/new"
#: On which side a role stands most often; a dealer stands on both.
_LIKELY_SIDE = {Role.MANUFACTURER: "sells", Role.CONTRACTOR: "buys", Role.OWNER: "buys"}


def make_router(pages: Pages, intake: Intake, attaching: Attaching) -> APIRouter:
    # What comes is counted where it is read; this only lifts the limit of ordinary forms.
    router = page_router(LARGEST_WITH_FILES)

    @router.get(HERE)
    def show(request: Request) -> Response:
        with pages.visit(request) as visit:
            form, known = _form(visit), _directory(visit, {})
            typed = opened(form, {}, known, pages.door.clock())
            typed[SIDE] = _LIKELY_SIDE.get(visit.actor.role, "")
            return pages.show(_page(visit, form, typed, known))

    @router.post(HERE, openapi_extra=costs(Cost.RECORDING))
    async def sent(request: Request) -> Response:
        came, attached = await with_files(request, pages, attaching)
        return await run_in_threadpool(record, request, came, attached)

    def record(request: Request, came: Typed, attached: Attached) -> Response:
        pages.form_actor(request, came.get("form_token", ""))
        with pages.visit(request) as visit:
            form, known = _form(visit), _directory(visit, came)
            read = read_form(form, came, before_an_order(visit.actor.party), known, timeless=True)
            if MORE in came:
                typed = with_more_rows(form.parts, read.typed, came[MORE])
                return pages.show(
                    _page(visit, form, typed, known, attached.problems, attached=attached.documents)
                )
            problems = (*read.problems, *attached.problems)
            doubt = _doubt(visit, read.draft, came)
            if doubt is not None and MEANT not in came:
                problems = (*problems, doubt.problem)
            status = 422
            if not problems:
                draft = {**with_both_parties(read.draft, visit.actor.party), "id": came.get("id", "")}
                if attached.documents:
                    draft["documents"] = [asdict(document) for document in attached.documents]
                answer = say(intake, visit.actor, draft, known)
                if isinstance(answer, Receipt):
                    return see_other(f"/orders?{urlencode({'q': draft['subject']['order']['number']})}")
                problems, status = answer.problems, answer.status
            page = _page(visit, form, read.typed, known, problems, attached=attached.documents, doubt=doubt)
            return pages.show(page, status)

    return router


def _form(visit: Visit) -> Form:
    """Raises InputError for who may enter no order."""
    visit.actor.require(Action.RECORD_ORDER)
    met = (*partners(visit.tx, visit.actor, senders=False), *partners(visit.tx, visit.actor, senders=True))
    return order_form({each.id: each for each in met}.values())


def _directory(visit: Visit, came: Typed) -> Directory:
    return Directory.of(visit.tx, visit.actor, introduces=came.get(INTRODUCES) == "yes")


def _doubt(visit: Visit, draft: Mapping[str, Any], came: Typed) -> Doubt | None:
    number, partner = draft["subject"]["order"].get("number"), draft.get(PARTNER)
    if number is None or partner is None or is_on_record(visit.tx, came.get("id", "")):
        return None
    return order_there(visit.tx, visit.actor.party, partner, number, f"/{ORDER_NUMBER_AT}")


def _page(
    visit: Visit,
    form: Form,
    typed: Typed,
    known: Directory,
    problems: tuple[Problem, ...] = (),
    *,
    attached: tuple[Document, ...] = (),
    doubt: Doubt | None = None,
) -> RecordPage:
    fields = fields_of_an_order(form, typed, known)
    found = beside([_at_partner(each) for each in problems], fields, FILES_FIELD)
    return RecordPage(
        frame=visit.frame,
        title=form.title,
        intro=form.intro,
        about="",
        about_line=Text("订货与到货从这里开始对照", "what was ordered, to be compared with what comes"),
        about_href="/orders",
        action=HERE,
        fields=fields,
        hidden={"id": typed.get("id", "")},
        button=form.button,
        attaches=bool(visit.actor.reach(Action.PUT_BLOB)),
        attached=attached,
        problems=found,
        grounds=grounds_of(found),
        may_introduce=is_unregistered(found) or known.introduces,
        introduces=known.introduces,
        doubt=doubt,
        is_meant=MEANT in typed,
    )


def _at_partner(problem: Problem) -> Problem:
    """A rule speaks of supplier and buyer: of the two the partner was typed."""
    return replace(problem, where=f"/{PARTNER}") if problem.where in _PARTIES else problem


_PARTIES = frozenset({"/body/supplier", "/body/buyer"})
