"""The pages 扫码发货 and 扫码收货: goods move by a list of codes, or a whole delivery is confirmed at once.

One request records one event for each batch of the list. What a rule refuses stays on the list, with its reason; what was
recorded is named and leaves it. The form brings an id, and each batch's event has one that follows from it, so that a form that is
sent twice records nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from ...clock import shanghai_date
from ...codes.unit_ranges import UnitRange, format_units, parse_units
from ...errors import InputError, Problem, Text
from ...intake.record import Intake, prepared_or_refused
from ...intake.recorded import read_recorded
from ...ledger.sequencer import Receipt
from ...ledger.store import read_rows_at
from ...model.unit_lengths import parse_unit_lengths
from ...model.values import business_id
from ...queries.answers import Standing
from ...queries.partners import Partner, partners
from ...queries.rows import BatchRow
from ...queries.scanned import COMING, Purpose, Scanned, ScannedBatch, scanned
from ...queries.timeline import mark_of
from ...queries.under_way import Delivery, Parcel, deliveries_to
from ...registry import register
from ..blanks import Typed
from ..directory import Directory
from ..filled import (
    HAPPENED,
    INTRODUCES,
    ON,
    Read,
    beside,
    fields_of,
    grounds_of,
    introductions,
    is_unregistered,
    needs_leave,
    opened,
    read_form,
)
from ..form_parts import Form
from ..forms_of_moving import (
    dispatch_form,
    measured_field,
    measured_fields,
    measured_of,
    receipt_form,
)
from ..views import Arrival, Field, Moved, MovingPage
from .came import typed_fields
from .visit import Pages, Visit, page_router

CHECK, CODE, CODES, LEAVE_OUT, DELIVERY = "check", "code", "codes", "leave_out", "delivery"
DIFFERENCES = "differences"
PATHS: Mapping[Purpose, str] = {"dispatch": "/send", "receipt": "/receive"}


@dataclass(frozen=True, slots=True)
class _Desk:
    """What one of the two pages works with during a visit."""

    visit: Visit
    purpose: Purpose
    form: Form
    partners: tuple[Partner, ...]
    known: Directory
    scan: Scanned
    typed: Typed


def make_router(pages: Pages, intake: Intake, code_keys: Mapping[int, bytes]) -> APIRouter:
    router = page_router()

    def at_the(visit: Visit, purpose: Purpose, came: Typed) -> _Desk:
        """Raises InputError for who may not send, or not receive."""
        listed = "\n".join(text for text in (came.get(CODES, "").strip(), came.get(CODE, "").strip()) if text)
        today = shanghai_date(pages.door.clock())
        scan = scanned(visit.tx, visit.actor, listed, purpose=purpose, keys=code_keys, today=today)
        met = partners(visit.tx, visit.actor, senders=purpose == "receipt")
        form = dispatch_form(met) if purpose == "dispatch" else receipt_form(met)
        known = Directory.of(visit.tx, visit.actor, introduces=came.get(INTRODUCES) == "yes")
        typed = {**came, CODES: listed, CODE: ""}
        if DELIVERY in came:  # the form of a delivery has no fields of the list's
            typed = {**opened(form, {}, known, pages.door.clock()), **typed}
        return _Desk(visit, purpose, form, met, known, scan, typed)

    def show(request: Request, purpose: Purpose) -> Response:
        with pages.visit(request) as visit:
            desk = at_the(visit, purpose, {CODES: request.query_params.get("batch", "")[:40]})
            typed = opened(desk.form, {}, desk.known, pages.door.clock())
            return pages.show(page_of(replace(desk, typed={**typed, CODES: desk.typed[CODES]})))

    def sent(request: Request, purpose: Purpose, came: Typed) -> Response:
        pages.form_actor(request, came.get("form_token", ""))
        with pages.visit(request) as visit:
            desk = at_the(visit, purpose, came)
            measured, wrong = _measured_on_list(desk)
            if CHECK in came:
                return pages.show(page_of(desk, problems=wrong))
            if DELIVERY in came:
                return arrived(request, desk)
            read = _read(desk)
            problems = (*read.problems, *_of_list(desk), *wrong)
            if problems:
                return pages.show(page_of(desk, problems=problems), 422)
            moved = _record(intake, desk, _drafts(desk, read.draft, measured))
        return after(request, purpose, desk.typed, moved)

    def arrived(request: Request, desk: _Desk) -> Response:
        """A delivery is confirmed: what of each batch has come, and what differs."""
        wanted = desk.typed[DELIVERY]
        under_way = deliveries_to(desk.visit.tx, desk.visit.actor)
        delivery = next((each for each in under_way if each.key == wanted), None)
        if delivery is None:
            return pages.show(page_of(desk, problems=(GONE,)), 409)
        try:
            said = _receipts(delivery, desk.typed)
        except InputError as error:
            return pages.show(page_of(desk, problems=error.problems), 422)
        return after(request, desk.purpose, {}, _record(intake, desk, said))

    def after(request: Request, purpose: Purpose, typed: Typed, moved: tuple[Moved, ...]) -> Response:
        """All answers; what was refused stays on the list, under a new id."""
        left = [each for each in moved if each.problems]
        codes = "\n".join(line for each in left for line in each.lines)
        status = 409 if left else 200
        with pages.visit(request) as visit:  # what was recorded stands in a newer snapshot
            kept = {**typed, CODES: codes, CODE: "", "id": str(uuid4())}
            desk = at_the(visit, purpose, kept)
            moved = _with_marks(visit.tx, moved)
            if not left:
                typed = opened(desk.form, {}, desk.known, pages.door.clock())
                desk = replace(desk, typed={**typed, CODES: ""})
            problems = tuple(problem for each in moved for problem in each.problems)
            return pages.show(page_of(desk, problems=problems, moved=moved), status)

    @router.get("/send")
    def dispatch(request: Request) -> Response:
        return show(request, "dispatch")

    @router.post("/send")
    async def record_dispatch(request: Request) -> Response:
        return await run_in_threadpool(sent, request, "dispatch", await typed_fields(request))

    @router.get("/receive")
    def receive(request: Request) -> Response:
        return show(request, "receipt")

    @router.post("/receive")
    async def record_receipt(request: Request) -> Response:
        return await run_in_threadpool(sent, request, "receipt", await typed_fields(request))

    return router


# --- what is said ---------------------------------------------------------------------------------------


def _read(desk: _Desk) -> Read:
    """The event without its goods. Where goods go follows from who gets them, if nobody has said it."""
    read = read_form(desk.form, desk.typed, {}, desk.known)
    body = dict(read.draft.get("body", {}))
    if desk.purpose != "dispatch" or "region" in body or "to" not in body:
        return replace(read, draft={**read.draft, "body": body})
    region = _region_of(desk, body["to"])
    if region:
        return replace(read, draft={**read.draft, "body": {**body, "region": region}})
    missing = Problem(
        "wrong-input",
        Text(
            "请填写「送到哪里」：对方没有登记地址", "“To where” is wanted: the receiver has no seat on record"
        ),
        where="/body/region",
    )
    return replace(read, problems=(*read.problems, missing))


def _region_of(desk: _Desk, receiver: str) -> str:
    last = next((each.region for each in desk.partners if each.id == receiver), "")
    known = register.parties(desk.visit.tx, [receiver]).get(receiver)
    return last or (known.region if known is not None and known.region else "")


def _of_list(desk: _Desk) -> tuple[Problem, ...]:
    """What stands against the list as a whole."""
    if not desk.scan.batches:
        empty = Text("清单里还没有货", "nothing is on the list yet")
        remedy = Text("扫标签，或贴入追溯码", "scan a label, or paste codes")
        return (*_missed(desk), Problem("wrong-input", empty, where=f"/{CODES}", remedy=remedy))
    return () if LEAVE_OUT in desk.typed else _missed(desk)


def _missed(desk: _Desk) -> tuple[Problem, ...]:
    remedy = Text("从清单里去掉或改正；也可以不含这些，只记录其余的", "take it off the list or put it right; or record the rest without it")  # fmt: skip
    return tuple(
        Problem("wrong-trace-code", each.why, where=f"/{CODES}", came=each.typed, remedy=remedy)
        for each in desk.scan.missed
    )


#: A part of what moves, with the draft that says so.
_Said = tuple[Moved, dict[str, Any]]


def _drafts(
    desk: _Desk, draft: Mapping[str, Any], measured: Mapping[str, list[dict[str, int]]]
) -> list[_Said]:
    """One event for each batch of the list, with what its drums ``measured``."""
    under_way = deliveries_to(desk.visit.tx, desk.visit.actor) if desk.purpose == "receipt" else ()
    return [
        (
            _moved(batch, batch.units),
            {
                **draft,
                "id": business_id("batch-of-a-list", desk.typed.get("id", ""), batch.code),
                "kind": desk.purpose,
                "subject": {"batch": {"code": batch.code}},
                "ask": desk.form.asks and HAPPENED not in desk.typed,
                "body": {
                    **_sender_of(batch, under_way),
                    **draft["body"],
                    "units": [list(each) for each in _joined(batch.units)],
                    **({"measurements": measured[batch.code]} if batch.code in measured else {}),
                },
            },
        )
        for batch in desk.scan.batches
    ]


def _sender_of(batch: ScannedBatch, under_way: Sequence[Delivery]) -> dict[str, str]:
    """Who sent the drums of a batch, where nobody says it: all are on their way to the reader, and from one party. It is the
    party that is to see what differs."""
    senders = {
        delivery.sender
        for delivery in under_way
        for parcel in delivery.parcels
        if parcel.batch.code == batch.code
        and any(first <= row.last and row.first <= last for first, last in parcel.units for row in batch.rows)
    }
    is_coming = all(row.standing is COMING for row in batch.rows)
    return {"sender": senders.pop()} if is_coming and len(senders) == 1 else {}


def _measured_on_list(desk: _Desk) -> tuple[dict[str, list[dict[str, int]]], tuple[Problem, ...]]:
    """What the drums on the list measured, by batch, and what is wrong with it. Only what comes is measured."""
    measured: dict[str, list[dict[str, int]]] = {}
    problems: list[Problem] = []
    for batch in desk.scan.batches if desk.purpose == "receipt" else ():
        name = measured_of(batch)
        try:
            of_batch = _measured(_joined(batch.units), desk.typed.get(name, "").strip())
        except InputError as error:
            problems += [replace(problem, where=f"/{name}") for problem in error.problems]
            continue
        if of_batch:
            measured[batch.code] = of_batch
    return measured, tuple(problems)


def _joined(units: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in units:
        if joined and joined[-1][1] + 1 == first:
            joined[-1] = joined[-1][0], last
        else:
            joined.append((first, last))
    return joined


def _units_text(units: Sequence[tuple[int, int]]) -> str:
    return format_units(UnitRange(first, last) for first, last in _joined(units))


def _record(intake: Intake, desk: _Desk, said: Sequence[_Said]) -> tuple[Moved, ...]:
    """Record every batch by itself: a refusal stops no other. New parties that they name come first."""
    new = introductions(desk.known)
    envelopes = [*new, *({"draft": draft} for _, draft in said)]
    answers = intake.record_now([prepared_or_refused(each, desk.visit.actor) for each in envelopes])
    return tuple(
        replace(part, index=answer.seq, href=f"/batches/{part.code}#event-{answer.seq}")
        if isinstance(answer, Receipt)
        else replace(part, problems=answer.problems)
        for (part, _), answer in zip(said, answers[len(new) :], strict=True)
    )


def _with_marks(tx: Connection, moved: Sequence[Moved]) -> tuple[Moved, ...]:
    """With the marks that each was recorded with: whoever recorded it is told at once."""
    indexes = sorted(part.index for part in moved if part.index is not None)
    events = [read_recorded(row) for row in read_rows_at(tx, indexes)]
    marks = {
        event.seq: tuple(Standing("attention", mark_of(rule).title) for rule in event.marks)
        for event in events
    }
    return tuple(
        part if part.index is None else replace(part, marks=marks.get(part.index, ())) for part in moved
    )


def _moved(batch: ScannedBatch | BatchRow, units: Sequence[tuple[int, int]], loose_mm: int = 0) -> Moved:
    return Moved(
        code=batch.code,
        printed=batch.printed,
        lot=batch.lot,
        designation=batch.designation,
        units=tuple(_joined(units)),
        loose_mm=loose_mm,
        lines=batch.lines
        if isinstance(batch, ScannedBatch)
        else (f"{batch.printed} {_units_text(units)}".strip(),),
    )


# --- a whole delivery -----------------------------------------------------------------------------------


#: Somebody has confirmed it meanwhile, perhaps the same finger a moment ago.
GONE = Problem(
    "wrong-input",
    Text("这张发货单已经没有在途的货，可能刚刚收过", "nothing of this delivery is under way any more: it may just have been received"),
    remedy=Text("到批次页面上看经过", "see the timeline on the page of the batch"),
)  # fmt: skip


def _name(delivery: Delivery, of: str) -> str:
    """The name of a field of one delivery: several stand on the page."""
    return f"{business_id('delivery', delivery.key)[:8]}/{of}"


def _receipts(delivery: Delivery, typed: Typed) -> list[_Said]:
    """One receipt for each batch of a delivery of which anything came. Raises InputError for what is no drum of it."""
    said: list[_Said] = []
    problems: list[Problem] = []
    written = typed.get(_name(delivery, DIFFERENCES), "").strip()
    day = typed.get(_name(delivery, ON), "")
    for parcel in delivery.parcels:
        name = _name(delivery, parcel.batch.code)
        try:
            came = _came(parcel, typed.get(name, "").strip())
        except InputError as error:
            problems += [replace(problem, where=f"/{name}") for problem in error.problems]
            continue
        try:
            measured = _measured(came, typed.get(_measured_name(delivery, parcel), "").strip())
        except InputError as error:
            where = f"/{_measured_name(delivery, parcel)}"
            problems += [replace(problem, where=where) for problem in error.problems]
            continue
        differences = "；".join(part for part in (_missing(parcel, came), written) if part)
        body: dict[str, Any] = {
            "sender": delivery.sender,
            **({"delivery_note": delivery.note} if delivery.note else {}),
            **({"differences": differences} if differences else {}),
        }
        common = {
            "kind": "receipt",
            "subject": {"batch": {"code": parcel.batch.code}},
            "occurred_at": f"{day}T00:00:00+08:00",
            "precision": "day",
            "place": {"region": delivery.region},
        }
        if came:
            units = [list(each) for each in came]
            of_units = body | {"units": units} | ({"measurements": measured} if measured else {})
            draft = common | {"id": _id(typed, parcel, "units"), "body": of_units}
            said.append((_moved(parcel.batch, came), draft))
        if parcel.loose_mm and typed.get(name) is not None:
            draft = common | {
                "id": _id(typed, parcel, "loose"),
                "body": body | {"length_mm": parcel.loose_mm},
            }
            said.append((_moved(parcel.batch, (), parcel.loose_mm), draft))
    if not problems and not said:
        problems.append(
            Problem(
                "wrong-input", Text("没有一盘到货，不用登记", "nothing has come: there is nothing to record")
            )
        )
    if problems:
        raise InputError(*problems)
    return said


def _id(typed: Typed, parcel: Parcel, of: str) -> str:
    return business_id("parcel-of-a-delivery", typed.get("id", ""), parcel.batch.code, of)


def _came(parcel: Parcel, text: str) -> list[tuple[int, int]]:
    """The drums of a parcel that have come. Raises InputError for one that is not in it."""
    came = parse_units(text) if text else ()
    for each in came:
        there = sum(max(0, min(each.last, last) - max(each.first, first) + 1) for first, last in parcel.units)
        if there != each.count:
            raise InputError.of(
                "wrong-unit-range",
                f"这张发货单上没有这些盘；单上是 {_units_text(parcel.units)}",
                f"these are not on the delivery note; it has {_units_text(parcel.units)}",
                came=format_units([each]),
                remedy=Text("多出来的盘请用扫码收货", "receive what came beyond it by its code"),
            )
    return [(each.first, each.last) for each in came]


def _measured_name(delivery: Delivery, parcel: Parcel) -> str:
    return _name(delivery, f"{parcel.batch.code}/measured")


def _measured(came: Sequence[tuple[int, int]], text: str) -> list[dict[str, int]]:
    """Drums that were measured, as they were written: ``12 × 498``. Raises InputError for one that has not come."""
    measured: list[dict[str, int]] = []
    for group in parse_unit_lengths(text) if text else ():
        if not any(first <= group.first and group.last <= last for first, last in came):
            raise InputError.of(
                "wrong-unit-range",
                f"这些盘不在到货的盘里；到货的是 {_units_text(came)}",
                f"these have not come; what came is {_units_text(came)}",
                came=format_units([UnitRange(group.first, group.last)]),
                remedy=Text("核对实测的盘号", "check the drums that were measured"),
            )
        measured += [
            {"unit": unit, "length_mm": group.length_mm} for unit in range(group.first, group.last + 1)
        ]
    return measured


def _missing(parcel: Parcel, came: Sequence[tuple[int, int]]) -> str:
    """The drums on the note that have not come, in the words of the receipt."""
    gone: list[UnitRange] = []
    for first, last in parcel.units:
        at = first
        for low, high in came:
            if at <= low <= last:
                gone += [UnitRange(at, low - 1)] if at < low else []
                at = high + 1
        gone += [UnitRange(at, last)] if at <= last else []
    if not gone:
        return ""
    return f"少 {sum(each.count for each in gone)} 盘：{format_units(gone)} 号"


def _arrivals(visit: Visit, typed: Typed, today: str) -> tuple[Arrival, ...]:
    """What is under way to the reader; of the one that was just refused, with what was typed."""
    return tuple(
        Arrival(
            delivery=delivery,
            fields=_fields_of(delivery, typed, today),
            id=str(uuid4()),
        )
        for delivery in deliveries_to(visit.tx, visit.actor)
    )


def _fields_of(delivery: Delivery, typed: Typed, today: str) -> tuple[Field, ...]:
    on, differences = _name(delivery, ON), _name(delivery, DIFFERENCES)
    drums = []
    for parcel in delivery.parcels:
        name, cable = _name(delivery, parcel.batch.code), parcel.batch.designation
        value = typed.get(name, _units_text(parcel.units))
        label = Text(f"{cable} {parcel.batch.lot}：到货的盘", f"{cable} {parcel.batch.lot}: drums that came")
        drums.append(Field(name=name, label=label, look="line", value=value, is_optional=True))
        if parcel.units:
            drums.append(measured_field(_measured_name(delivery, parcel), parcel.batch.lot, typed))
    return (
        Field(name=on, label=Text("收货日期", "Received on"), look="day", value=typed.get(on, today), required=True),
        *drums,
        Field(
            name=differences,
            label=Text("其他差异", "Other differences"),
            look="prose",
            value=typed.get(differences, ""),
            hint=Text("外观破损等；少的盘会自动写上。", "Damage and the like; missing drums are written by themselves."),
            example="2 号盘外包装破损",
            is_optional=True,
        ),
    )  # fmt: skip


# --- the page -------------------------------------------------------------------------------------------


def page_of(desk: _Desk, *, problems: tuple[Problem, ...] = (), moved: tuple[Moved, ...] = ()) -> MovingPage:
    form, typed = desk.form, desk.typed
    receives = desk.purpose == "receipt"
    fields = fields_of(form, typed, desk.known)
    arrivals = _arrivals(desk.visit, typed, typed.get(ON, "")) if receives else ()
    measured = measured_fields(desk.scan, typed) if receives else ()
    others = (*measured, *(field for each in arrivals for field in each.fields))
    found = beside(problems, fields, CODES, *(field.name for field in others))
    return MovingPage(
        frame=desk.visit.frame,
        title=form.title,
        action=PATHS[desk.purpose],
        intro=form.intro,
        fields=tuple(sorted(fields, key=lambda each: each.name in (ON, "time"))),
        button=form.button,
        hidden={"id": typed.get("id", "")},
        problems=found,
        grounds=grounds_of(found),
        may_have_happened=form.asks and needs_leave(found),
        may_introduce=is_unregistered(found) or desk.known.introduces,
        introduces=desk.known.introduces,
        codes=typed.get(CODES, ""),
        list=desk.scan,
        moved=moved,
        arrivals=arrivals,
        measured=measured,
        receives=receives,
        may_leave_out=bool(desk.scan.batches and desk.scan.missed and problems and not moved),
    )
