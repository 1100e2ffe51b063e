"""What people enter by hand: a form for each kind of event, about a batch, uncoded goods, a party, a project, a certificate,
or in answer to an event.

A form brings the id of its event with it, so that sending it twice records it once. Pages act now: what needs leave
is asked for first (``ask``); once refused, the person may say that it has happened, and it is recorded and marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from ...auth.actor import Actor
from ...auth.policy import Action, Reach, recording
from ...clock import shanghai_date
from ...codes.trace_code import batch_code_in
from ...codes.unit_ranges import UnitRange, format_units, parse_units
from ...errors import InputError, Problem
from ...http.allowance import Cost
from ...http.attaching import FILES_FIELD, Attached, Attaching
from ...http.attaching import LARGEST_FORM_BYTES as LARGEST_WITH_FILES
from ...http.contract import costs
from ...http.failures import not_found
from ...http.problems import status_of
from ...intake.record import Intake, prepare
from ...ledger.sequencer import Receipt
from ...model.admission import Refusal
from ...model.checklists import CHECKLISTS, Checklist, checklist_called, newest_checklist
from ...model.parts import Document
from ...model.state import KnownProject
from ...queries.batch import BatchPage as Reading
from ...queries.inspections import checklist_of
from ...queries.public import goods_named
from ...queries.whereabouts import UnitRow, WhereRow
from ...registry import register
from ..blanks import Typed, with_more_rows
from ..directory import Directory
from ..doubts import MEANT, certificate_there, is_on_record, reply_there, sampled_already
from ..filled import (
    HAPPENED,
    INTRODUCES,
    MORE,
    beside,
    fields_of,
    grounds_of,
    introductions,
    is_unregistered,
    located,
    needs_leave,
    opened,
    read_form,
)
from ..form_parts import GOODS, Form
from ..forms import ALIASES, END_OF_RECALL, FORMS, FURTHER_MEASURE, NEW_MEASURE, REPLY_TO_NOTICE
from ..forms_of_certificates import NEW_CERTIFICATE, STATUS_OF_CERTIFICATE
from ..forms_of_inspecting import RECTIFICATION_REPORTED, along_list
from ..forms_of_self_checks import signing
from ..recordable import may_record_at
from ..views import Choice, Doubt, RecordPage, UnitChoice
from . import about as subjects
from .about import About, Find
from .came import with_files
from .visit import Pages, Visit, page_router, see_other

#: Kinds that need not say when.
TIMELESS = frozenset({"certificate", "grant", "order", "confirmation", "alias"})
#: Those whose form opens without a day: what becomes of a certificate is decided on one; an official class is of a day before.
_UNDATED = (TIMELESS - {"certificate"}) | {"credit-class"}
#: What may be asked for in the address of a form.
_PREFILLED = ("units", "unit", "of", "number", "action", "phase", "reason", "type", "plan", "programme")


def make_router(
    pages: Pages, intake: Intake, attaching: Attaching, code_keys: Mapping[int, bytes]
) -> APIRouter:
    # What comes is counted where it is read; this only lifts the limit of ordinary forms.
    router = page_router(LARGEST_WITH_FILES)

    def today() -> date:
        return shanghai_date(pages.door.clock())

    def show(request: Request, kind: str, find: Find) -> Response:
        with pages.visit(request) as visit:
            query = with_own_list(visit, kind, request.query_params, today())
            about, form = _found(visit, kind, find, {}, query)
            known = directory(visit, about, {})
            skeleton = _skeleton(visit, kind, about, known, query)
            typed = opened(form, skeleton, known, None if kind in _UNDATED else pages.door.clock())
            doubt = doubt_about(visit, kind, about, {})
            return pages.show(_page(visit, request, kind, form, about, typed, known=known, doubt=doubt))

    async def sent(request: Request, kind: str, find: Find) -> Response:
        came, attached = await with_files(request, pages, attaching)
        return await run_in_threadpool(record, request, kind, find, came, attached)

    def record(request: Request, kind: str, find: Find, came: Typed, attached: Attached) -> Response:
        pages.form_actor(request, came.get("form_token", ""))
        with pages.visit(request) as visit:
            query = with_own_list(visit, kind, request.query_params, today())
            about, form = _found(visit, kind, find, came, query)
            known = directory(visit, about, came)
            skeleton = _skeleton(visit, kind, about, known, query)
            show_again = partial(_page, visit, request, kind, form, about, known=known)
            read = read_form(form, came, skeleton, known, timeless=kind in TIMELESS)
            if MORE in came:
                typed = with_more_rows(form.parts, read.typed, came[MORE])
                return pages.show(show_again(typed, problems=attached.problems, attached=attached.documents))
            draft = {**read.draft, "id": came.get("id", ""), "ask": form.asks and HAPPENED not in came}
            if kind == "self-check":
                draft.setdefault("body", {})  # of an empty one the rule says what is wanted
            if attached.documents:
                draft["documents"] = [asdict(document) for document in attached.documents]
            problems = (*read.problems, *attached.problems)
            status = 422
            doubt = doubt_about(visit, kind, about, draft)
            if doubt is not None and MEANT not in came:
                problems = (*problems, doubt.problem)
            if not problems:
                answer = say(intake, visit.actor, draft, known)
                if isinstance(answer, Receipt):
                    return see_other(_onward(kind, about, answer))
                problems, status = answer.problems, answer.status
            page = show_again(read.typed, problems=problems, attached=attached.documents, doubt=doubt)
            return pages.show(page, status)

    def doubt_about(visit: Visit, kind: str, about: About, draft: Mapping[str, Any]) -> Doubt | None:
        """What stands already of what is recorded; nothing where it is this very draft."""
        if is_on_record(visit.tx, draft.get("id", "")):
            return None
        if (
            kind == "sampling"
            and about.batch is not None
            and visit.actor.reach(Action.READ_SAMPLES) >= Reach.JURISDICTION
        ):
            return sampled_already(visit.tx, visit.actor, about.batch, draft)
        if kind == "notice-reply":
            return reply_there(visit.tx, visit.actor, about.subject)
        named = draft.get("subject", {}).get("certificate", {})
        if kind == "certificate" and not about.subject and "holder" in named and "number" in named:
            return certificate_there(visit.tx, visit.actor, draft, shanghai_date(pages.door.clock()))
        return None

    def directory(visit: Visit, about: About, came: Typed) -> Directory:
        known = Directory.of(visit.tx, visit.actor, introduces=came.get(INTRODUCES) == "yes")
        if about.thing == "batch":
            known.batch = batch_code_in(about.code).canonical
            known.named = lambda code: goods_named(visit.tx, code, code_keys)
        return known

    def about_batch(kind: str, code: str) -> Find:
        today = shanghai_date(pages.door.clock())
        return lambda visit, _: subjects.of_batch(visit, kind, code, today, code_keys)

    def about_party(id_: str) -> Find:
        return lambda visit, _: subjects.of_party(visit, id_, shanghai_date(pages.door.clock()))

    def about_certificate(holder: str, number: str) -> Find:
        today = shanghai_date(pages.door.clock())
        return lambda visit, _: subjects.of_certificate(visit, holder, number, today)

    @router.get("/batches/{code}/record/{kind}")
    def of_batch(request: Request, code: str, kind: str) -> Response:
        return show(request, kind, about_batch(kind, code))

    @router.post("/batches/{code}/record/{kind}", openapi_extra=costs(Cost.RECORDING))
    async def record_of_batch(request: Request, code: str, kind: str) -> Response:
        return await sent(request, kind, about_batch(kind, code))

    @router.get("/goods/new/{kind}")
    def of_new_goods(request: Request, kind: str) -> Response:
        return show(request, kind, lambda _, __: subjects.of_new_goods(kind, str(uuid4())))

    @router.post("/goods/new/{kind}", openapi_extra=costs(Cost.RECORDING))
    async def record_of_new_goods(request: Request, kind: str) -> Response:
        return await sent(request, kind, lambda _, came: subjects.of_new_goods(kind, came.get("goods", "")))

    @router.get("/goods/{goods}/record/{kind}")
    def of_goods(request: Request, goods: str, kind: str) -> Response:
        return show(request, kind, lambda visit, _: subjects.of_goods(visit, goods))

    @router.post("/goods/{goods}/record/{kind}", openapi_extra=costs(Cost.RECORDING))
    async def record_of_goods(request: Request, goods: str, kind: str) -> Response:
        return await sent(request, kind, lambda visit, _: subjects.of_goods(visit, goods))

    @router.get("/parties/{party}/record/{kind}")
    def of_party(request: Request, party: str, kind: str) -> Response:
        return show(request, kind, about_party(party))

    @router.post("/parties/{party}/record/{kind}", openapi_extra=costs(Cost.RECORDING))
    async def record_of_party(request: Request, party: str, kind: str) -> Response:
        return await sent(request, kind, about_party(party))

    @router.get("/projects/{project}/record/{kind}")
    def of_project(request: Request, project: str, kind: str) -> Response:
        return show(request, kind, lambda visit, _: subjects.of_project(visit, project))

    @router.post("/projects/{project}/record/{kind}", openapi_extra=costs(Cost.RECORDING))
    async def record_of_project(request: Request, project: str, kind: str) -> Response:
        return await sent(request, kind, lambda visit, _: subjects.of_project(visit, project))

    @router.get("/certificates/new")
    def of_new_certificate(request: Request) -> Response:
        return show(request, "certificate", lambda visit, _: subjects.of_new_certificate(visit))

    @router.post("/certificates/new", openapi_extra=costs(Cost.RECORDING))
    async def record_new_certificate(request: Request) -> Response:
        return await sent(request, "certificate", lambda visit, _: subjects.of_new_certificate(visit))

    @router.get("/certificates/record")
    def of_certificate(request: Request, holder: str = "", certificate: str = "") -> Response:
        return show(request, "certificate", about_certificate(holder, certificate))

    @router.post("/certificates/record", openapi_extra=costs(Cost.RECORDING))
    async def record_of_certificate(request: Request, holder: str = "", certificate: str = "") -> Response:
        return await sent(request, "certificate", about_certificate(holder, certificate))

    @router.get("/events/{event}/reply")
    def reply(request: Request, event: str) -> Response:
        return show(request, "notice-reply", lambda visit, _: subjects.of_event(visit, event))

    @router.post("/events/{event}/reply", openapi_extra=costs(Cost.RECORDING))
    async def record_reply(request: Request, event: str) -> Response:
        return await sent(request, "notice-reply", lambda visit, _: subjects.of_event(visit, event))

    def about_defect(event: str, n: str) -> Find:
        today = shanghai_date(pages.door.clock())
        return lambda visit, _: subjects.of_defect(visit, event, n, today)

    @router.get("/events/{event}/rectification")
    def rectify(request: Request, event: str, defect: str = "") -> Response:
        return show(request, "rectification", about_defect(event, defect))

    @router.post("/events/{event}/rectification", openapi_extra=costs(Cost.RECORDING))
    async def record_rectification(request: Request, event: str, defect: str = "") -> Response:
        return await sent(request, "rectification", about_defect(event, defect))

    @router.get("/events/{event}/finding")
    def find(request: Request, event: str) -> Response:
        return show(request, "alert-finding", lambda visit, _: subjects.of_alert(visit, event))

    @router.post("/events/{event}/finding", openapi_extra=costs(Cost.RECORDING))
    async def record_finding(request: Request, event: str) -> Response:
        return await sent(request, "alert-finding", lambda visit, _: subjects.of_alert(visit, event))

    return router


def say(intake: Intake, actor: Actor, draft: Mapping[str, Any], known: Directory) -> Receipt | Refusal:
    """Record a draft and before it the parties that it names for the first time: all of them or none."""
    envelopes = [*introductions(known), {"draft": dict(draft)}]
    try:
        prepared = [prepare(envelope, actor) for envelope in envelopes]
    except InputError as error:
        problems = located(error)
        return Refusal(problems, status_of(problems))
    if len(prepared) > 1:
        (verdicts,) = intake.rehearse([prepared])
        refused = next((verdict for verdict in verdicts if isinstance(verdict, Refusal)), None)
        if refused is not None:
            return refused
    return intake.record_now(prepared)[-1]


# --- what it is about ---------------------------------------------------------------------------------


def _found(visit: Visit, kind: str, find: Find, came: Typed, query: Mapping[str, str]) -> tuple[About, Form]:
    """What the form is about and which form it is. Raises InputError for what there is not, or is not allowed."""
    if kind != "alias" and kind not in FORMS:
        raise not_found("此类表单", "this form", kind)
    visit.actor.require(recording(kind))
    about = find(visit, came)
    if about.thing is not None and not may_record_at(visit.actor, kind, about.thing):
        raise not_found("此类表单", "this form", kind)
    return about, form_for(kind, about, query)


def form_for(kind: str, about: About, query: Mapping[str, str]) -> Form:
    """The form of a kind about such a thing: without blanks for drums where there are none."""
    form = FORMS[kind] if kind in FORMS else ALIASES[about.thing or "batch"]
    if kind == "rectification" and "step" in about.begun:
        return RECTIFICATION_REPORTED
    if kind in _ALONG_A_LIST and (checklist := _checklist(query)) is not None:
        form = along_list(form, checklist)
    if kind == "commitment":
        form = signing(form)
    if kind == "certificate":
        return STATUS_OF_CERTIFICATE if about.subject else NEW_CERTIFICATE
    if kind == "notice-reply" and about.subject["kind"] == "notice":
        return REPLY_TO_NOTICE
    if kind == "measure":
        form = FURTHER_MEASURE if query.get("of") else NEW_MEASURE
    if kind == "recall" and query.get("phase") == "end":
        form = END_OF_RECALL
    if kind == "recall" and form is FORMS["recall"]:
        form = replace(form, parts=tuple(part for part in form.parts if part.at != "body/phase"))
    if about.thing not in ("batch", None) and kind != "alias":
        form = replace(form, parts=tuple(part for part in form.parts if part.at not in _OF_A_BATCH))
    if about.thing == "goods" and not about.code:
        form = replace(form, parts=(*GOODS, *form.parts)) if about.href == "/goods" else form
    return form


def with_own_list(visit: Visit, kind: str, query: Mapping[str, str], today: date) -> Mapping[str, str]:
    """What an address asks for; a self-check that asks for no list is made along that of what the visitor's party is."""
    if kind != "self-check" or "form" in query:
        return query
    checklist = checklist_of(visit.tx, visit.actor.party, today)
    return query if checklist is None else {**query, "form": checklist.id}


def _checklist(query: Mapping[str, str]) -> Checklist | None:
    """The list that is asked for: by its name as it stands today, or in the version that is named."""
    asked = query.get("form", "")
    return checklist_called(asked)


_OF_A_BATCH = frozenset({"body/units", "body/unit", "body/sampled_unit"})


def _skeleton(
    visit: Visit, kind: str, about: About, known: Directory, query: Mapping[str, str]
) -> dict[str, Any]:
    """The draft before anything is typed: what the address of the form says already, and what is most likely meant."""
    body = {**about.begun, **_asked_for(about, kind, query)}
    if kind in _AT_A_PROJECT and (project := _likely_project(about, known, body)):
        body["project"] = {"keeper": project.keeper, "number": project.number}
    if kind == "testing" and (
        party := register.parties(visit.tx, [visit.actor.party]).get(visit.actor.party)
    ):
        body |= {} if party.cma is None else {"cma": party.cma}
    if kind in _ALONG_A_LIST and (checklist := _checklist(query)) is not None:
        body["form"] = checklist.id
    draft: dict[str, Any] = {"kind": kind, "subject": about.subject, "body": body}
    if kind == "recall" and about.batch is not None:
        draft["body"] = {**_recall(visit, about.batch, query), **body}
    region = _region(about, body)
    return {**draft, "place": {"region": region}} if region and kind in _WITH_PLACE else draft


#: Kinds that answer a checklist.
_ALONG_A_LIST = frozenset({"inspection", "self-check"})
_AT_A_PROJECT = frozenset({"acceptance", "supervision", "use"})


def _likely_project(about: About, known: Directory, body: Mapping[str, Any]) -> KnownProject | None:
    """The one to which the goods have come that are meant, else the only one that there is to choose from."""
    came_to: set[str] = set()
    if about.batch is not None:
        wanted = _units_in(body)
        names = {row.project_name for row in about.batch.units if not wanted or _meets(row, wanted)}
        came_to = {row.project for row in about.batch.where if row.project and row.project_name in names}
    likely = came_to & known.projects.keys() or set(known.projects)
    return known.projects[likely.pop()][0] if len(likely) == 1 else None


_WITH_PLACE = frozenset(
    {
        "inspection",
        "technical-help",
        "visit-plan",
        "rectification",
        "sampling",
        "measure",
        "self-check",
        "commitment",
    }
)


def _asked_for(about: About, kind: str, query: Mapping[str, str]) -> dict[str, Any]:
    asked = {name: query[name][:80] for name in _PREFILLED if query.get(name)}
    if about.batch is not None and about.said:
        asked.setdefault("unit", about.said)
    body: dict[str, Any] = {
        name: asked[name] for name in ("of", "number", "action", "reason") if name in asked
    }
    if kind in ("inspection", "visit-plan"):
        body |= {
            name: asked[name]
            for name in ("type", "plan")
            if name in asked and (name, kind) != ("plan", "visit-plan")
        }
    if kind in ("self-check", "commitment") and "programme" in asked:
        body["programme"] = asked["programme"]
    unit = asked.get("unit", "")
    if kind in _OF_ONE_UNIT:
        if unit.isascii() and unit.isdigit():
            body[_OF_ONE_UNIT[kind]] = int(unit)
    elif (units := _ranges(asked.get("units", "") or unit)) and kind not in ("alias", "notice-reply"):
        body["units"] = units
    return body


#: Kinds about one drum, and the member that names it.
_OF_ONE_UNIT: Mapping[str, str] = {
    "split": "unit",
    "use": "unit",
    "sampling": "unit",
    "testing": "sampled_unit",
}


def _ranges(text: str) -> list[list[int]]:
    try:
        return [[each.first, each.last] for each in parse_units(text)] if text.strip() else []
    except InputError:
        return []


def _recall(visit: Visit, batch: Reading, query: Mapping[str, str]) -> dict[str, Any]:
    """A recall that begins; of one that ends, what it began with."""
    if query.get("phase") != "end":
        ordered = visit.actor.party != batch.maker
        return {"phase": "begin", **({"ordered": True} if ordered else {})}
    begun = next((h for h in batch.holds if h.type == "recall" and h.number == query.get("number")), None)
    if begun is None:
        raise not_found("此召回", "this recall", query.get("number", ""))
    units = [list(each) for each in begun.units]
    return {"phase": "end", "remedy": "other", "number": begun.number, **({"units": units} if units else {})}


def _region(about: About, body: Mapping[str, Any]) -> str:
    """Where it most likely happens: where all the drums are that are meant; "" where that is not one place."""
    if about.region:
        return about.region
    wanted = _units_in(body)
    if about.batch is not None:
        at = {row.region for row in about.batch.units if not wanted or _meets(row, wanted)}
        if len(at) == 1:
            return at.pop()
    return ""


def _units_in(body: Mapping[str, Any]) -> Sequence[Sequence[int]]:
    return body.get("units") or ([[body["unit"], body["unit"]]] if "unit" in body else [])


def _meets(row: UnitRow, wanted: Sequence[Sequence[int]]) -> bool:
    return any(first <= row.last and row.first <= last for first, last in wanted)


# --- the page -----------------------------------------------------------------------------------------

#: Kinds that speak of goods in the own hands.
_IN_HAND = frozenset({"split", "return", "sale", "disposal", "dispatch"})


def _page(
    visit: Visit,
    request: Request,
    kind: str,
    form: Form,
    about: About,
    typed: Typed,
    *,
    known: Directory,
    problems: tuple[Problem, ...] = (),
    attached: tuple[Document, ...] = (),
    doubt: Doubt | None = None,
) -> RecordPage:
    fields = fields_of(form, typed, known)
    found = beside(problems, fields, FILES_FIELD)
    query = request.url.query
    hidden = {"id": typed.get("id", "")}
    if about.href == "/goods":
        hidden["goods"] = about.subject["goods"]
    return RecordPage(
        frame=visit.frame,
        title=form.title,
        intro=form.intro,
        about=about.name,
        about_line=about.line,
        about_href=about.back or about.href,
        code=about.code,
        said=about.said if about.thing is None else "",
        action=request.url.path + (f"?{query}" if query else ""),
        fields=fields,
        hidden=hidden,
        button=form.button,
        units=_units(visit.actor, kind, about),
        loose=() if about.batch is None else _loose(visit.actor, kind, about.batch),
        holds=() if about.batch is None else tuple(hold for hold in about.batch.holds if hold.in_force),
        in_hand=kind in _IN_HAND,
        attaches=bool(visit.actor.reach(Action.PUT_BLOB)),
        attached=attached,
        problems=found,
        grounds=grounds_of(found),
        may_have_happened=form.asks and needs_leave(found),
        may_introduce=is_unregistered(found) or known.introduces,
        introduces=known.introduces,
        doubt=doubt,
        is_meant=MEANT in typed,
        variants=_checklists(request) if kind in _ALONG_A_LIST else (),
    )


def _checklists(request: Request) -> tuple[Choice, ...]:
    """The lists along which an inspection may be recorded, in the versions of today."""
    asked = dict(request.query_params)
    found = []
    for name in CHECKLISTS:
        newest = newest_checklist(name)
        href = f"{request.url.path}?{urlencode({**asked, 'form': newest.id})}"
        found.append(Choice(newest.title, href, asked.get("form") == newest.id))
    return tuple(found)


def _units(actor: Actor, kind: str, about: About) -> tuple[UnitChoice, ...]:
    if about.batch is None or kind == "alias":
        return ()
    rows = about.batch.units
    if kind in _IN_HAND:
        rows = tuple(row for row in rows if row.party == actor.party and row.state != "transit")
    elif kind == "receipt":
        rows = tuple(row for row in rows if row.party == actor.party and row.state == "transit") or rows
    elif kind in _AT_A_PROJECT:
        rows = tuple(row for row in rows if row.state == "project") or rows
    one = kind in _OF_ONE_UNIT
    return tuple(
        UnitChoice(
            row=row,
            href=f"{about.href}/record/{kind}?"
            + urlencode(
                {"unit": row.first} if one else {"units": format_units([UnitRange(row.first, row.last)])}
            ),
        )
        for row in rows
    )


def _loose(actor: Actor, kind: str, batch: Reading) -> tuple[WhereRow, ...]:
    """What the reader has of the batch, on drums and on none, to compare with what is typed."""
    if kind not in _IN_HAND:
        return ()
    return tuple(
        row for row in batch.where if row.party == actor.party and row.state in ("held", "project", "seized")
    )


#: Where what was recorded is listed, if that is a page of its own.
_SHOWN_AT: Mapping[str, str] = {
    "self-check": "/self-checks",
    "commitment": "/self-checks",
    "visit-plan": "/inspections/plans",
}


def _onward(kind: str, about: About, receipt: Receipt) -> str:
    if about.thing == "batch" and kind == "testing":
        return f"{about.href}#tests"  # where the values stand beside their limits
    if about.thing == "batch":
        return f"{about.href}#event-{receipt.seq}"
    if about.href == "/goods":
        return f"/goods/{quote(about.subject['goods'])}"
    if kind in _SHOWN_AT:
        return _SHOWN_AT[kind]
    if about.thing in ("party", "project") and kind not in ("confirmation", "alias"):
        return f"/events/{receipt.event_id}"  # those pages have no timeline; here it is printed
    return about.href
