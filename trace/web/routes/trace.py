"""The trace of a batch, of a product or of all that a maker made: where it went, and where the trail ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from ...auth.policy import Action
from ...codes.trace_code import batch_code_in
from ...errors import Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.failures import not_found
from ...http.paging import UpTo
from ...model.quantities import show_metres
from ...queries.names import names_of
from ...queries.rows import batch_rows
from ...queries.trace import Leg as Edge
from ...queries.trace import Node, OfBatch, OfMaker, OfProduct, Subject, Trace, trace_down
from ...queries.unexplained import in_words, lengths_apart
from ...queries.visibility import ELSEWHERE
from ..views import Answer, Frame, Holding, Leg, Place, TracePage
from ..words import Where
from .visit import Pages, Visit, page_router

#: How metres came to a place, by the state that they came into.
_HOW: Mapping[str, Text] = {
    "held": Text("收货", "Received"),
    "transit": Text("发货", "Dispatched"),
    "project": Text("到工地", "Brought to the site"),
    "used": Text("使用", "Used"),
    ELSEWHERE: Text("去了他处", "Went elsewhere"),
    "sampled": Text("抽样", "Sampled"),
    "unexplained": Text("来去未说明", "Not explained"),
}


def make_router(pages: Pages) -> APIRouter:
    router = page_router()

    @router.get("/batches/{code}/trace", openapi_extra=costs(Cost.READING))
    def of_batch(request: Request, code: str, up_to: UpTo = None) -> Response:
        canonical = batch_code_in(code).canonical
        with pages.visit(request) as visit:
            found = _traced(visit, OfBatch(canonical), code, up_to)
            (row,) = batch_rows(visit.tx, [canonical], visit.actor.scope_for(Action.READ_TRACE))
            name = f"{row.designation} · {row.lot}"
            page = trace_page(
                visit.frame,
                found,
                Text(name, name),
                f"/batches/{canonical}",
                f"/api/v1/batches/{canonical}/trace",
                up_to,
            )
        return pages.show(page)

    @router.get("/parties/{party}/trace", openapi_extra=costs(Cost.READING))
    def of_maker(request: Request, party: str, up_to: UpTo = None) -> Response:
        with pages.visit(request) as visit:
            found = _traced(visit, OfMaker(party), party, up_to)
            name = names_of(visit.tx, [party]).party(party)
            subject = Text(f"{name}：全部产品", f"{name}: all products")
            page = trace_page(
                visit.frame, found, subject, f"/parties/{party}", f"/api/v1/trace?maker={party}", up_to
            )
        return pages.show(page)

    @router.get("/parties/{party}/products/{number:path}/trace", openapi_extra=costs(Cost.READING))
    def of_product(request: Request, party: str, number: str, up_to: UpTo = None) -> Response:
        with pages.visit(request) as visit:
            found = _traced(visit, OfProduct(party, number), number, up_to)
            name = names_of(visit.tx, [party]).party(party)
            subject = Text(f"{name}：产品 {number}", f"{name}: product {number}")
            here = f"/parties/{party}/products/{quote(number, safe='')}"
            page = trace_page(
                visit.frame,
                found,
                subject,
                here,
                f"/api/v1/trace?maker={party}&product={quote(number, safe='')}",
                up_to,
            )
        return pages.show(page)

    return router


def _traced(visit: Visit, subject: Subject, came: str, up_to: int | None) -> Trace:
    found = trace_down(visit.tx, visit.actor, subject, up_to=up_to)
    if found is None:
        raise not_found("可以追溯的批次", "a batch to trace", came)
    return found


def trace_page(
    frame: Frame, found: Trace, subject: Text, subject_href: str, export_href: str, up_to: int | None
) -> TracePage:
    """The page of a trace; ``up_to`` as it was asked for, None for now."""
    joiner = "&" if "?" in export_href else "?"
    return TracePage(
        frame=frame,
        subject=subject,
        subject_href=subject_href,
        answer=answer_of(found),
        produced_mm=found.produced_mm,
        as_of=found.as_of,
        holdings=tuple(
            Holding(cast(Where, state), mm) for state, mm in lengths_apart(found.holdings, found.unexplained)
        ),
        places=tuple(_place(node) for node in found.nodes),
        legs=tuple(_leg(edge) for edge in found.legs),
        regions=found.regions,
        projects=found.projects,
        stops=found.stops,
        unexplained=found.unexplained,
        now_href="" if up_to is None else frame.path,
        export_href=export_href if up_to is None else f"{export_href}{joiner}up_to={up_to}",
    )


def answer_of(found: Trace) -> Answer:
    """How far the goods went, and how much of them cannot be followed further."""
    regions = len([row for row in found.regions if row.region])
    projects = len(found.projects)
    reach = Text(
        f"{show_metres(found.produced_mm)} m 分布在 {regions} 个地区"
        + (f"、{projects} 个项目" if projects else ""),
        f"{show_metres(found.produced_mm)} m are in {regions} region{'s' * (regions != 1)}"
        + (f" and {projects} project{'s' * (projects != 1)}" if projects else ""),
    )
    hidden_mm = found.holdings.get(ELSEWHERE, 0)
    if hidden_mm:
        metres = show_metres(found.produced_mm - hidden_mm)
        reach = Text(
            f"共 {show_metres(found.produced_mm)} m，您可见的 {metres} m 在 {regions} 个地区"
            + (f"、{projects} 个项目" if projects else ""),
            f"of {show_metres(found.produced_mm)} m you may see {metres} m, in {regions} region{'s' * (regions != 1)}"
            + (f" and {projects} project{'s' * (projects != 1)}" if projects else ""),
        )
    if not found.stops:
        rest = (
            Text("其余在其他单位，去向不在您可见范围内。", "The rest is with others, and not yours to see.")
            if hidden_mm
            else Text("每一米都有下落。", "Every metre is accounted for.")
        )
        return Answer("fine", reach, rest, found.as_of)
    parts = list(in_words(found.unexplained))
    sent_mm = sum(stop.length_mm for stop in found.stops if stop.state == "transit")
    if sent_mm:
        metres = show_metres(sent_mm)
        sent = Text(f"{metres} m 已发出、尚未登记收货", f"{metres} m were sent and not recorded as received")
        parts.insert(0, sent)
    reason = Text("；".join(part.zh for part in parts) + "。", "; ".join(part.en for part in parts) + ".")
    return Answer("attention", reach, reason, found.as_of)


def _holdings(by_state: Mapping[str, int]) -> tuple[Holding, ...]:
    return tuple(Holding(cast(Where, state), mm) for state, mm in by_state.items())


def _place(node: Node) -> Place:
    if node.project_name:
        name, role = Text(node.project_name, node.project_name), Text("项目", "Project")
    elif node.made_mm:
        name, role = node.name, Text("生产", "Made here")
    elif node.others or not node.party:
        name, role = node.name, Text("—", "—")
    else:
        name, role = node.name, Text("单位", "Party")
    is_party = bool(node.party) and not node.project and not node.others
    return Place(
        key=node.key,
        name=name,
        role=role,
        region=node.region_name,
        stays=_holdings(node.stays),
        href=f"/projects/{node.project}"
        if node.project_name
        else f"/parties/{node.party}"
        if is_party
        else "",
    )


def _leg(edge: Edge) -> Leg:
    return Leg(
        source=edge.source,
        target=edge.target,
        length_mm=edge.length_mm,
        word=_HOW.get(edge.state, Text(edge.state, edge.state)),
    )
