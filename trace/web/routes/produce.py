"""The page 登记一批 of a maker: a batch that was just made, registered in under a minute.

What the maker did last stands in the form already. Beside it stands at once what was understood, the total, and what a
rule would say against it: by a script while it is typed, without one by the button that checks. A product that is made for the
first time is registered on the same page, which keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from ...clock import shanghai_date
from ...errors import InputError, Problem, Text
from ...flow import books
from ...intake.record import Intake, prepare, prepared_or_refused
from ...ledger.sequencer import Receipt
from ...model.admission import Refusal
from ...model.state import UnitLength
from ...model.unit_lengths import remark_on, total_mm
from ...queries.making import Making, making
from ..blanks import Typed, read_typed
from ..directory import Directory
from ..doubts import MEANT
from ..filled import HAPPENED, Read, beside, fields_of, grounds_of, located, needs_leave, opened, read_form
from ..forms_of_a_day import LOT, NEW, NEW_PRODUCT, drafts_of_product, made_form
from ..views import Field, FieldRows, ProducePage
from .came import typed_fields
from .entry import say
from .visit import Pages, Visit, page_router, see_other

HERE = "/batches/new"
#: Buttons beside the one that records: look only, and register a product.
CHECK, REGISTER = "check", "register"
_NEW_IDS = (f"{NEW}/certificate_id", f"{NEW}/id")


def make_router(pages: Pages, intake: Intake) -> APIRouter:
    router = page_router()

    @router.get(HERE)
    def show(request: Request) -> Response:
        with pages.visit(request) as visit:
            found = making(visit.tx, visit.actor, today=shanghai_date(pages.door.clock()))
            form = made_form(found)
            known = Directory.of(visit.tx, visit.actor)
            typed = opened(form, _likely(visit, found), known, pages.door.clock())
            return pages.show(_page(visit, found, {**typed, **_fresh_ids()}))

    @router.post(HERE)
    async def sent(request: Request) -> Response:
        return await run_in_threadpool(record, request, await typed_fields(request))

    def record(request: Request, came: Typed) -> Response:
        pages.form_actor(request, came.get("form_token", ""))
        with pages.visit(request) as visit:
            found = making(visit.tx, visit.actor, today=shanghai_date(pages.door.clock()))
            if REGISTER in came:
                return register_product(request, visit, found, came)
            known = Directory.of(visit.tx, visit.actor)
            read = _read(visit, found, came, known)
            draft = {**read.draft, "id": came.get("id", ""), "ask": HAPPENED not in came}
            typed = {**came, **read.typed}
            if CHECK in came:
                against = read.problems or _against(intake, visit, draft)
                return pages.show(_page(visit, found, typed, read.draft, against, checked=True))
            problems, status = (*read.problems, *_in_doubt(read.draft, came)), 422
            if not problems:
                answer = say(intake, visit.actor, draft, known)
                if isinstance(answer, Receipt):
                    return see_other(f"/batches/{_code_of(pages, request, draft)}")
                problems, status = answer.problems, answer.status
            return pages.show(_page(visit, found, typed, read.draft, problems), status)

    def register_product(request: Request, visit: Visit, found: Making, came: Typed) -> Response:
        """Record what is made for the first time, and go on with the batch."""
        known = Directory.of(visit.tx, visit.actor)
        read, problems = read_typed(NEW_PRODUCT.parts, came, {}, known)
        new: dict[str, str] = read.get(NEW, {})
        if not problems:
            try:
                issuer = known.registered(new["issuer"]) if "issuer" in new else None
                drafts = drafts_of_product(new, visit.actor.party, _ids(came), issuer)
                answers = _all_or_none(intake, visit, drafts)
                problems = _beside_new(answers)
            except InputError as error:
                problems = error.problems
        if problems:
            return pages.show(_page(visit, found, came, problems=problems), 422)
        kept = {name: value for name, value in came.items() if not name.startswith(f"{NEW}/")}
        with pages.visit(request) as later:  # what was recorded stands in a newer snapshot
            now = making(later.tx, later.actor, today=shanghai_date(pages.door.clock()))
            typed = {**kept, "body/product": new["number"], **_fresh_ids()}
            return pages.show(replace(_page(later, now, typed), registered=new["designation"]))

    return router


def _code_of(pages: Pages, request: Request, draft: Mapping[str, Any]) -> str:
    """The code that was minted, read in a snapshot that is newer than the record."""
    lot = draft["subject"]["batch"]["lot"]
    with pages.visit(request) as later:
        return dict(books.codes_of_lots(later.tx, [lot])[lot])[later.actor.party]


# --- what is said ---------------------------------------------------------------------------------------


def _likely(visit: Visit, found: Making) -> dict[str, Any]:
    """The batch as it most likely is: like the last one that may still be made."""
    remembered = {
        "product": found.product,
        "line": next(iter(found.lines), None),
        "shift": next(iter(found.shifts), None),
    }
    draft = _about(visit) | {"body": {name: value for name, value in remembered.items() if value}}
    draft["subject"]["batch"] |= {"lot": found.lot} if found.lot else {}
    return draft | {"by": [{"role": "inspector", "name": next(iter(found.inspectors), "")}]}


def _about(visit: Visit) -> dict[str, Any]:
    return {"kind": "production", "subject": {"batch": {"maker": visit.actor.party}}}


def _read(visit: Visit, found: Making, came: Typed, known: Directory) -> Read:
    read = read_form(made_form(found), came, _about(visit), known)
    body = dict(read.draft.get("body", {}))
    if "units" in body:
        body["length_mm"] = total_mm(_groups(body))
    return replace(read, draft={**read.draft, "body": body})


def _groups(body: Mapping[str, Any]) -> tuple[UnitLength, ...]:
    return tuple(UnitLength(**group) for group in body.get("units", ()))


def _in_doubt(draft: Mapping[str, Any], came: Typed) -> Iterator[Problem]:
    """What was likely meant otherwise, until the person says that it is meant."""
    remark = remark_on(_groups(draft.get("body", {})))
    if remark is not None and MEANT not in came:
        yield Problem(
            "wrong-input",
            remark,
            where="/body/units",
            came=came.get("body/units", ""),
            remedy=Text("若确是这一盘，请在下面勾选", "if it is this one drum, tick the box below"),
        )


def _against(intake: Intake, visit: Visit, draft: dict[str, Any]) -> tuple[Problem, ...]:
    """What would be said against the batch if it were recorded now."""
    prepared = prepared_or_refused({"draft": draft}, visit.actor)
    if isinstance(prepared, Refusal):
        return prepared.problems
    ((verdict,),) = intake.rehearse([[prepared]])
    return verdict.problems if isinstance(verdict, Refusal) else ()


def _all_or_none(
    intake: Intake, visit: Visit, drafts: Sequence[dict[str, Any]]
) -> tuple[Receipt | Refusal, ...]:
    """Record these, unless one of them would be refused; then its refusal. Raises InputError at their pointers."""
    try:
        prepared = [prepare({"draft": draft}, visit.actor) for draft in drafts]
    except InputError as error:
        raise InputError(*located(error)) from None
    (verdicts,) = intake.rehearse([prepared])
    refused = tuple(verdict for verdict in verdicts if isinstance(verdict, Refusal))
    return refused or tuple(intake.record_now(prepared))


def _beside_new(answers: Sequence[Receipt | Refusal]) -> tuple[Problem, ...]:
    return tuple(problem for answer in answers if isinstance(answer, Refusal) for problem in answer.problems)


#: Where what a rule finds in a product or a certificate was typed.
_TYPED_AT = {
    "/subject/product/number": f"/{NEW}/number",
    "/subject/certificate/number": f"/{NEW}/certificate",
    "/body/designation": f"/{NEW}/designation",
    "/body/certificate": f"/{NEW}/certificate",
    "/body/issued_by": f"/{NEW}/issuer",
    "/body/issuer": f"/{NEW}/issuer",
    "/body/status": f"/{NEW}/certificate",
    "/body/scope/types": f"/{NEW}/types",
    "/body/scope/voltages": f"/{NEW}/voltages",
    "/body/scope/least_area_mm2": f"/{NEW}/least_area_mm2",
    "/body/scope/largest_area_mm2": f"/{NEW}/largest_area_mm2",
    "/body/scope/most_cores": f"/{NEW}/most_cores",
    "/body/scope/factories": f"/{NEW}/factories",
    "/body/validity": f"/{NEW}/valid_to",
    "/body/validity/valid_to": f"/{NEW}/valid_to",
}


def _fresh_ids() -> dict[str, str]:
    return {name: str(uuid4()) for name in _NEW_IDS}


def _ids(came: Typed) -> tuple[str, str]:
    certificate, product = (came.get(name, "") for name in _NEW_IDS)
    return certificate, product


# --- the page -------------------------------------------------------------------------------------------


def _page(
    visit: Visit,
    found: Making,
    typed: Typed,
    draft: Mapping[str, Any] | None = None,
    problems: tuple[Problem, ...] = (),
    *,
    checked: bool = False,
) -> ProducePage:
    known = Directory.of(visit.tx, visit.actor)
    form = made_form(found)
    fields = fields_of(form, typed, known)
    new = new_fields(typed, known)
    placed = tuple(replace(each, where=_TYPED_AT.get(each.where, each.where)) for each in problems)
    shown = beside(placed, (*_lot_first(fields), *new))
    body = {} if draft is None else draft.get("body", {})
    groups = _groups(body)
    number = body.get("product", typed.get("body/product"))
    product = next((each for each in found.products if each.number == number), None)
    return ProducePage(
        frame=visit.frame,
        action=HERE,
        intro=form.intro,
        fields=_lot_first(fields),
        new_fields=new,
        new_title=NEW_PRODUCT.title,
        new_intro=NEW_PRODUCT.intro,
        new_button=NEW_PRODUCT.button,
        is_new=not found.products or any(each.where.startswith(f"/{NEW}/") for each in shown),
        button=Text("记录这一批", "Record this batch"),
        hidden={name: typed.get(name, "") for name in ("id", *_NEW_IDS)},
        problems=shown,
        grounds=grounds_of(shown),
        may_have_happened=not checked and needs_leave(shown),
        checked=checked,
        product=product,
        groups=groups,
        total_mm=total_mm(groups),
        drums=sum(group.last - group.first + 1 for group in groups),
        remark=remark_on(groups),
        is_meant=MEANT in typed,
        lot=typed.get(LOT, ""),
    )


def _lot_first(fields: Sequence[Field | FieldRows]) -> tuple[Field | FieldRows, ...]:
    """The product and the lot before the day; the time of day, which nobody writes down, behind the shift."""
    last = {"time": 1, "body/materials": 2}
    first = {"body/product": -2, LOT: -1}
    return tuple(sorted(fields, key=lambda each: last.get(each.name, first.get(each.name, 0))))


def new_fields(typed: Typed, known: Directory) -> tuple[Field, ...]:
    """The fields of a product that is made for the first time. It has no day of its own; and a browser must not ask for any of
    them while they are folded away: what is missing is said by the server."""
    return tuple(
        replace(each, required=False)
        for each in fields_of(NEW_PRODUCT, typed, known)
        if isinstance(each, Field) and each.name.startswith(f"{NEW}/")
    )
