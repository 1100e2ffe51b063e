"""What people enter by hand: a form for each kind of event, about a batch, uncoded goods, a party, a project, or in
answer to an event.

A form brings the id of its event with it, so that sending it twice records it once. Pages act now: what needs leave
is asked for first (``ask``); once refused, the person may say that it has happened, and it is recorded and marked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from ...auth.actor import Actor
from ...auth.policy import Action, recording
from ...clock import shanghai_date
from ...codes.trace_code import UnitCode, code_in
from ...codes.unit_ranges import UnitRange, format_units, parse_units
from ...errors import InputError, Problem, Text
from ...http.attaching import FILES_FIELD, KEPT_FIELD, Attached, Attaching
from ...http.attaching import LARGEST_FORM_BYTES as LARGEST_WITH_FILES
from ...http.door import media_type_of
from ...http.failures import not_found
from ...http.forms import FORM, FormFile, files_form, joined, read_fields
from ...http.problems import status_of
from ...intake.record import Intake, prepare
from ...intake.recorded import read_recorded
from ...ledger.sequencer import Receipt
from ...ledger.store import read_rows_by_id
from ...model.admission import Refusal
from ...model.parts import Document
from ...queries.batch import BatchPage as Reading
from ...queries.batch import batch_page
from ...queries.events import event_page
from ...queries.goods import goods_page
from ...queries.registry import party_page, project_page
from ...queries.submissions import submission_page
from ...queries.whereabouts import WhereRow
from ...registry import register
from ..blanks import Typed
from ..directory import Directory
from ..filled import (
    HAPPENED,
    INTRODUCES,
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
from ..forms import ALIASES, END_OF_RECALL, FORMS, FURTHER_MEASURE, GOODS, NEW_MEASURE, Form
from ..recordable import OF_NEW_GOODS, Thing, may_record_at
from ..views import RecordPage, UnitChoice
from .visit import Pages, Visit, see_other

#: What a form of rows may hold, and far less than a file.
LARGEST_FORM_BYTES = 100_000
#: Kinds that need not say when.
TIMELESS = frozenset({"certificate", "grant", "order", "confirmation", "alias"})
#: What may be asked for in the address of a form.
_PREFILLED = ("units", "unit", "of", "number", "action", "phase", "reason")


async def typed_fields(request: Request) -> dict[str, str]:
    """What was typed into a form without files."""
    return await read_fields(request, LARGEST_FORM_BYTES)


Came = Annotated[dict[str, str], Depends(typed_fields)]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a form is about. ``href`` is its page, where the reader is led when it was recorded."""

    thing: Thing | None
    subject: Mapping[str, Any]
    href: str
    name: str
    line: Text
    code: str = ""
    said: str = ""
    batch: Reading | None = None
    region: str = ""


#: Finds what a form is about, as the visitor may see it; what came back may name it.
Find = Callable[[Visit, Typed], About]


def make_router(pages: Pages, intake: Intake, attaching: Attaching) -> APIRouter:
    # What comes is counted where it is read; this only lifts the limit of ordinary forms.
    router = APIRouter(include_in_schema=False, max_body_size=LARGEST_WITH_FILES)

    def show(request: Request, kind: str, find: Find) -> Response:
        with pages.visit(request) as visit:
            about, form = _found(visit, kind, find, {}, request.query_params)
            known = Directory.of(visit.tx, visit.actor)
            skeleton = _skeleton(visit, kind, about, request.query_params)
            typed = opened(form, skeleton, known, None if kind in TIMELESS else pages.door.clock())
            return pages.show(_page(visit, request, kind, form, about, typed, known))

    async def sent(request: Request, kind: str, find: Find) -> Response:
        """Asynchronous only to read the form within its bounds; what it says is recorded in a thread."""
        if media_type_of(request)[0] != FORM:
            came = await read_fields(request, LARGEST_FORM_BYTES)
            return await run_in_threadpool(record, request, kind, find, came, Attached())
        async with files_form(request, FILES_FIELD, LARGEST_WITH_FILES) as form:
            came = joined(form.fields)
            files, kept = form.files, form.all(KEPT_FIELD)
            attached = await run_in_threadpool(attach, request, came, files, kept)
        return await run_in_threadpool(record, request, kind, find, came, attached)

    def attach(request: Request, came: Typed, files: Sequence[FormFile], kept: Sequence[str]) -> Attached:
        actor = pages.form_actor(request, came.get("form_token", ""))
        return attaching.attach(actor, files, kept)

    def record(request: Request, kind: str, find: Find, came: Typed, attached: Attached) -> Response:
        pages.form_actor(request, came.get("form_token", ""))
        with pages.visit(request) as visit:
            about, form = _found(visit, kind, find, came, request.query_params)
            known = Directory.of(visit.tx, visit.actor, introduces=came.get(INTRODUCES) == "yes")
            skeleton = _skeleton(visit, kind, about, request.query_params)
            read = read_form(form, came, skeleton, known, timeless=kind in TIMELESS)
            draft = {**read.draft, "id": came.get("id", ""), "ask": form.asks and HAPPENED not in came}
            if attached.documents:
                draft["documents"] = [asdict(document) for document in attached.documents]
            problems, status = (*read.problems, *attached.problems), 422
            if not problems:
                answer = say(intake, visit.actor, draft, known)
                if isinstance(answer, Receipt):
                    return see_other(_onward(about, answer))
                problems, status = answer.problems, answer.status
            page = _page(visit, request, kind, form, about, read.typed, known, problems, attached.documents)
            return pages.show(page, status)

    @router.get("/batches/{code}/record/{kind}")
    def of_batch(request: Request, code: str, kind: str) -> Response:
        return show(request, kind, lambda visit, _: _batch(visit, code, shanghai_date(pages.door.clock())))

    @router.post("/batches/{code}/record/{kind}")
    async def record_of_batch(request: Request, code: str, kind: str) -> Response:
        return await sent(
            request, kind, lambda visit, _: _batch(visit, code, shanghai_date(pages.door.clock()))
        )

    @router.get("/goods/new/{kind}")
    def of_new_goods(request: Request, kind: str) -> Response:
        return show(request, kind, lambda _, __: _new_goods(kind, str(uuid4())))

    @router.post("/goods/new/{kind}")
    async def record_of_new_goods(request: Request, kind: str) -> Response:
        return await sent(request, kind, lambda _, came: _new_goods(kind, came.get("goods", "")))

    @router.get("/goods/{goods}/record/{kind}")
    def of_goods(request: Request, goods: str, kind: str) -> Response:
        return show(request, kind, lambda visit, _: _goods(visit, goods))

    @router.post("/goods/{goods}/record/{kind}")
    async def record_of_goods(request: Request, goods: str, kind: str) -> Response:
        return await sent(request, kind, lambda visit, _: _goods(visit, goods))

    @router.get("/parties/{party}/record/{kind}")
    def of_party(request: Request, party: str, kind: str) -> Response:
        return show(request, kind, lambda visit, _: _party(visit, party, shanghai_date(pages.door.clock())))

    @router.post("/parties/{party}/record/{kind}")
    async def record_of_party(request: Request, party: str, kind: str) -> Response:
        return await sent(
            request, kind, lambda visit, _: _party(visit, party, shanghai_date(pages.door.clock()))
        )

    @router.get("/projects/{project}/record/{kind}")
    def of_project(request: Request, project: str, kind: str) -> Response:
        return show(request, kind, lambda visit, _: _project(visit, project))

    @router.post("/projects/{project}/record/{kind}")
    async def record_of_project(request: Request, project: str, kind: str) -> Response:
        return await sent(request, kind, lambda visit, _: _project(visit, project))

    @router.get("/events/{event}/reply")
    def reply(request: Request, event: str) -> Response:
        return show(request, "notice-reply", lambda visit, _: _event(visit, event))

    @router.post("/events/{event}/reply")
    async def record_reply(request: Request, event: str) -> Response:
        return await sent(request, "notice-reply", lambda visit, _: _event(visit, event))

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


_OF_A_BATCH = frozenset({"body/units", "body/unit"})


def _batch(visit: Visit, code: str, today: date) -> About:
    found = batch_page(visit.tx, visit.actor, code, today=today)
    if found is None:
        raise not_found("此批次", "this batch", code)
    asked = code_in(code)
    unit = asked.unit if isinstance(asked, UnitCode) else None
    return About(
        thing="batch",
        subject={"batch": {"code": found.code}},
        href=f"/batches/{found.code}",
        name=found.designation,
        line=Text(f"批号 {found.lot} · {found.maker_name}", f"lot {found.lot} · {found.maker_name}"),
        code=found.printed,
        batch=found,
        said="" if unit is None else str(unit),
    )


def _new_goods(kind: str, goods: str) -> About:
    if kind not in OF_NEW_GOODS:
        raise not_found("此类表单", "this form", kind)
    return About(
        thing="goods",
        subject={"goods": goods},
        href="/goods",
        name="",
        line=Text("没有追溯码的货物", "goods without a trace code"),
    )


def _goods(visit: Visit, goods: str) -> About:
    found = goods_page(visit.tx, visit.actor, goods)
    if found is None:
        raise not_found("此货物", "these goods", goods)
    row = found.goods
    return About(
        thing="goods",
        subject={"goods": row.id},
        href=f"/goods/{row.id}",
        name=row.marks,
        line=Text(f"无码货物 · {row.region_name.zh}", f"uncoded goods · {row.region_name.en}"),
        region=row.region,
    )


def _party(visit: Visit, party: str, today: date) -> About:
    found = party_page(visit.tx, visit.actor, party, today=today)
    if found is None:
        raise not_found("此单位", "this party", party)
    row = found.party
    return About(
        thing="party",
        subject={"party": row.id},
        href=f"/parties/{row.id}",
        name=row.name,
        line=row.region_name,
        region=row.region,
    )


def _project(visit: Visit, project: str) -> About:
    found = project_page(visit.tx, visit.actor, project)
    if found is None:
        raise not_found("此项目", "this project", project)
    row = found.project
    return About(
        thing="project",
        subject={"project": {"keeper": row.keeper.id, "number": row.number}},
        href=f"/projects/{row.id}",
        name=row.name,
        line=row.region_name,
        region=row.region,
    )


def _event(visit: Visit, event: str) -> About:
    """A notice that is answered, or a complaint or report."""
    page = event_page(visit.tx, visit.actor, event)
    if page is None or page.happening.kind not in ("notice", "complaint", "report"):
        raise not_found("此事件", "this event", event)
    kind = page.happening.kind
    body: Any = read_recorded(read_rows_by_id(visit.tx, [event])[event]).draft.body
    href = "/"
    if kind != "notice":
        number = register.submissions(visit.tx, [event])[event].number
        if submission_page(visit.tx, visit.actor, number) is None:
            raise not_found("此事件", "this event", event)
        href = f"/submissions/{number}"
    return About(
        thing=None,
        subject={"event": event, "kind": kind},
        href=href,
        name=f"{page.happening.who} {getattr(body, 'number', '')}".strip(),
        line=page.happening.title,
        said=body.text,
    )


def _skeleton(visit: Visit, kind: str, about: About, query: Mapping[str, str]) -> dict[str, Any]:
    """The draft before anything is typed: what the address of the form says already."""
    body = _asked_for(about, kind, query)
    draft: dict[str, Any] = {"kind": kind, "subject": about.subject, "body": body}
    if kind == "recall" and about.batch is not None:
        draft["body"] = {**_recall(visit, about.batch, query), **body}
    region = _region(about, body)
    return {**draft, "place": {"region": region}} if region and kind in _WITH_PLACE else draft


_WITH_PLACE = frozenset({"inspection", "sampling", "measure"})


def _asked_for(about: About, kind: str, query: Mapping[str, str]) -> dict[str, Any]:
    asked = {name: query[name][:80] for name in _PREFILLED if query.get(name)}
    if about.batch is not None and about.said:
        asked.setdefault("unit", about.said)
    body: dict[str, Any] = {
        name: asked[name] for name in ("of", "number", "action", "reason") if name in asked
    }
    unit = asked.get("unit", "")
    if kind in ("split", "use", "sampling"):
        if unit.isascii() and unit.isdigit():
            body["unit"] = int(unit)
    elif (units := _ranges(asked.get("units", "") or unit)) and kind not in ("alias", "notice-reply"):
        body["units"] = units
    return body


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
    wanted = body.get("units") or ([[body["unit"], body["unit"]]] if "unit" in body else [])
    if about.batch is not None:
        at = {
            row.region
            for row in about.batch.units
            if not wanted or any(first <= row.last and row.first <= last for first, last in wanted)
        }
        if len(at) == 1:
            return at.pop()
    return ""


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
    known: Directory,
    problems: tuple[Problem, ...] = (),
    attached: tuple[Document, ...] = (),
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
        about_href=about.href,
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
    )


def _units(actor: Actor, kind: str, about: About) -> tuple[UnitChoice, ...]:
    if about.batch is None or kind == "alias":
        return ()
    rows = about.batch.units
    if kind in _IN_HAND:
        rows = tuple(row for row in rows if row.party == actor.party and row.state != "transit")
    elif kind == "receipt":
        rows = tuple(row for row in rows if row.party == actor.party and row.state == "transit") or rows
    elif kind == "use":
        rows = tuple(row for row in rows if row.state == "project") or rows
    one = kind in ("split", "use", "sampling")
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


def _onward(about: About, receipt: Receipt) -> str:
    if about.thing == "batch":
        return f"{about.href}#event-{receipt.seq}"
    if about.href == "/goods":
        return f"/goods/{quote(about.subject['goods'])}"
    return about.href
