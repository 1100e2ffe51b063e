"""Traces: what shall be traced, and where it went or came from, from every page that is about something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, cast
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request, Response

from ...auth.policy import Action
from ...clock import shanghai_date
from ...codes.trace_code import LARGEST_UNIT, batch_code_in
from ...errors import InputError, Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.failures import not_found
from ...http.paging import UpTo
from ...http.problems import status_of
from ...http.trace_sheet import DIRECTION_WORDS
from ...http.tracing import trace_href, units_of, written
from ...model.kinds import KINDS
from ...queries.answers import as_of
from ...queries.events import event_page
from ...queries.goods import goods_page, shortened
from ...queries.names import names_of, region_name
from ...queries.search import Found, search
from ...queries.starting_points import (
    AtProject,
    Direction,
    HeldBy,
    OfBatch,
    OfCertificate,
    OfEvent,
    OfGoods,
    OfMaker,
    OfMaterial,
    OfProduct,
    OfUnit,
    OfUnits,
    Start,
    Subject,
    directions_of,
)
from ...queries.trace import Trace, traced
from ...queries.trace_moments import moments_of
from ...search.index import Away, SearchIndex
from ..beginnings import beginnings
from ..traces import trace_page
from ..views import Choice, Link, Page
from ..views_of_tracing import AskTracePage
from .visit import Pages, Visit, page_router, see_other

Way = Annotated[Direction | None, Query()]
Words = Annotated[str, Query(max_length=300)]

#: Batches on the page; all of them stand in the workbook.
MOST_BATCHES = 200


def make_router(pages: Pages, index: SearchIndex) -> APIRouter:
    router = page_router()

    def show(request: Request, subject: Subject, came: str, direction: Way, up_to: int | None) -> Response:
        with pages.visit(request) as visit:
            found = traced(visit.tx, visit.actor, subject, direction=direction, up_to=up_to)
            if found is None:
                raise not_found("可以追溯的货物", "goods to trace", came)
            page = page_of(visit, found, up_to)
        return pages.show(page)

    @router.get("/trace", openapi_extra=costs(Cost.READING))
    def ask(
        request: Request,
        q: Words = "",
        material: Annotated[str | None, Query(max_length=80)] = None,
        direction: Way = None,
        up_to: UpTo = None,
    ) -> Response:
        if material is not None:
            return show(request, OfMaterial(material), material, direction, up_to)
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            visit.actor.require(Action.READ_TRACE)
            typed = q.strip()
            page = AskTracePage(frame=visit.frame, typed=typed)
            if not typed:
                return pages.show(page)
            try:
                hits, partial = _hits(visit, index, typed)
                found = beginnings(visit.tx, visit.actor, typed, hits, today=today)
            except InputError as error:
                page = AskTracePage(frame=visit.frame, typed=typed, problems=error.problems)
                return pages.show(page, status_of(error.problems))
        if len(found) == 1:
            return see_other(found[0].href)
        return pages.show(AskTracePage(frame=visit.frame, typed=typed, found=found, partial=partial))

    @router.get("/batches/{code}/trace", openapi_extra=costs(Cost.READING))
    def of_batch(
        request: Request,
        code: str,
        unit: Annotated[int | None, Query(ge=1, le=LARGEST_UNIT)] = None,
        units: Annotated[str, Query(max_length=1000)] = "",
        direction: Way = None,
        up_to: UpTo = None,
    ) -> Response:
        canonical = batch_code_in(code).canonical
        subject: Subject = OfBatch(canonical) if unit is None else OfUnit(canonical, unit)
        if units:
            subject = units_of(canonical, units)
        return show(request, subject, code, direction, up_to)

    @router.get("/parties/{party}/trace", openapi_extra=costs(Cost.READING))
    def of_party(
        request: Request,
        party: str,
        direction: Way = None,
        region: Annotated[str, Query(pattern="^([0-9]{6})?$")] = "",
        up_to: UpTo = None,
    ) -> Response:
        """All that it made; upwards, where what it has came from."""
        subject = HeldBy(party, region) if direction == "up" else OfMaker(party)
        return show(request, subject, party, direction, up_to)

    @router.get("/parties/{party}/products/{number:path}/trace", openapi_extra=costs(Cost.READING))
    def of_product(
        request: Request, party: str, number: str, direction: Way = None, up_to: UpTo = None
    ) -> Response:
        return show(request, OfProduct(party, number), number, direction, up_to)

    @router.get("/parties/{party}/certificates/{number:path}/trace", openapi_extra=costs(Cost.READING))
    def of_certificate(
        request: Request, party: str, number: str, direction: Way = None, up_to: UpTo = None
    ) -> Response:
        return show(request, OfCertificate(party, number), number, direction, up_to)

    @router.get("/goods/{goods}/trace", openapi_extra=costs(Cost.READING))
    def of_goods(request: Request, goods: str, direction: Way = None, up_to: UpTo = None) -> Response:
        return show(request, OfGoods(goods), goods, direction, up_to)

    @router.get("/projects/{project}/trace", openapi_extra=costs(Cost.READING))
    def of_project(request: Request, project: str, direction: Way = None, up_to: UpTo = None) -> Response:
        return show(request, AtProject(project), project, direction, up_to)

    @router.get("/events/{event}/trace", openapi_extra=costs(Cost.READING))
    def of_event(request: Request, event: str, direction: Way = None, up_to: UpTo = None) -> Response:
        """Of what a report, a complaint or any other event is about."""
        return show(request, OfEvent(event), event, direction, up_to)

    return router


def _hits(visit: Visit, index: SearchIndex, typed: str) -> tuple[tuple[Found, ...], bool]:
    """The batches that are found by the words, and whether the search could not say all."""
    if not visit.actor.reach(Action.READ_SEARCH):
        return (), False
    try:
        found = search(visit.tx, visit.actor, index, typed)
    except Away:
        return (), True
    return found.rows, found.partial


# --- one trace ----------------------------------------------------------------------------------------


def page_of(visit: Visit, found: Trace, up_to: int | None) -> Page:
    """The page of a trace; ``up_to`` as it was asked for, None for now."""
    said, href = _said_of(visit, found)
    subject = found.subject
    about = None
    if isinstance(subject, OfEvent):
        event = event_page(visit.tx, visit.actor, subject.event)
        assert event is not None, "its trace is open"
        kind = KINDS[event.happening.kind]
        about = Link(
            f"/events/{subject.event}", Text(f"从{kind.zh}记录开始", f"begun from a record: {kind.en}")
        )
    beside = _beside(found)
    joined = urlencode(beside)
    newest = as_of(visit.tx)
    return trace_page(
        visit.frame,
        found,
        said,
        href,
        about=about,
        directions=_directions(visit.frame.path, subject, found),
        beside=beside,
        moments=moments_of(visit.tx, visit.actor, found),
        moment_href=f"{visit.frame.path}?{joined}{'&' if joined else ''}up_to=",
        last_index=None if newest is None else newest.index,
        now_href="" if up_to is None else f"{visit.frame.path}{'?' if joined else ''}{joined}",
        files=tuple(
            Link(trace_href(subject, found.direction, up_to, form), word) for form, word in _FILES.items()
        ),
        most_batches=MOST_BATCHES,
    )


_FILES: Mapping[str, Text] = {
    "xlsx": Text("导出 Excel", "Export as Excel"),
    "graphml": Text("导出 GraphML 网络", "Export as GraphML"),
    "json": Text("导出 JSON", "Export JSON"),
}


def _beside(found: Trace) -> tuple[tuple[str, str], ...]:
    """What an address of this trace says beside the path and the moment."""
    named = []
    match found.subject:
        case OfUnit(_, unit):
            named.append(("unit", str(unit)))
        case OfUnits(_, ranges):
            named.append(("units", written(ranges)))
        case OfMaterial(lot):
            named.append(("material", lot))
        case HeldBy(_, region) if region:
            named.append(("region", region))
    usual = found.direction == directions_of(found.begin)[0] and not isinstance(found.subject, HeldBy)
    return tuple(named if usual else [*named, ("direction", found.direction)])


def _directions(path: str, subject: Subject, found: Trace) -> tuple[Choice, ...]:
    possible = directions_of(found.begin)
    if len(possible) == 1 or isinstance(subject, OfMaker):  # above a maker stands nobody
        return ()
    named = [(name, value) for name, value in _beside(found) if name != "direction"]
    return tuple(
        Choice(
            DIRECTION_WORDS[each],
            f"{path}?{urlencode([*named, ('direction', each)])}",
            chosen=each == found.direction,
        )
        for each in possible
    )


def _said_of(visit: Visit, found: Trace) -> tuple[Text, str]:
    """What is traced in words, and its page."""
    begin: Start = found.begin
    if isinstance(begin, OfGoods):
        page = goods_page(visit.tx, visit.actor, begin.goods)
        assert page is not None, "its trace is open"
        marks = shortened(page.goods.marks)
        return Text(f"无码货物 {marks}", f"goods without a code: {marks}"), f"/goods/{begin.goods}"
    if isinstance(begin, OfBatch | OfUnit | OfUnits):
        (batch,) = found.batches
        name = f"{batch.designation} · {batch.lot}"
        if isinstance(begin, OfBatch):
            return Text(name, name), f"/batches/{batch.code}"
        if isinstance(begin, OfUnits):
            units = written(begin.ranges)
            return Text(f"{name} · {units} 号盘（卷）", f"{name} · drums {units}"), f"/batches/{batch.code}"
        unit = begin.unit
        return Text(
            f"{name} · {unit} 号盘（卷）", f"{name} · drum {unit}"
        ), f"/batches/{batch.code}?unit={unit}"
    if isinstance(begin, AtProject):
        known = names_of(visit.tx, (), [begin.project]).projects[begin.project]
        return Text(known.name, known.name), f"/projects/{begin.project}"
    if isinstance(begin, OfMaterial):
        lot = begin.material_lot
        return Text(f"原料批号 {lot}", f"lot {lot} of raw material"), "/trace"
    return _of_party(visit, begin)


def _of_party(visit: Visit, begin: OfMaker | OfProduct | OfCertificate | HeldBy) -> tuple[Text, str]:
    party = cast(
        str,
        begin.holder
        if isinstance(begin, OfCertificate)
        else getattr(begin, "maker", "") or getattr(begin, "party", ""),
    )
    name = names_of(visit.tx, [party]).party(party)
    match begin:
        case OfMaker():
            return Text(f"{name}：全部产品", f"{name}: all products"), f"/parties/{party}"
        case OfProduct(_, number):
            return (
                Text(f"{name}：产品 {number}", f"{name}: product {number}"),
                f"/parties/{party}/products/{quote(number, safe='')}",
            )
        case OfCertificate(_, number):
            return (
                Text(f"{name}：证书 {number}", f"{name}: certificate {number}"),
                f"/parties/{party}/certificates/{quote(number, safe='')}",
            )
        case HeldBy(_, region):
            where = region_name(region) if region else Text("", "")
            return (
                Text(
                    f"{name}{'（' + where.zh + '）' if region else ''}：手里的货",
                    f"what {name} has{' in ' + where.en if region else ''}",
                ),
                f"/parties/{party}",
            )
