"""The page of a batch: where every metre is, tests beside their limits, the history, and its codes to print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Literal, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from ...auth.policy import Action
from ...clock import shanghai_date
from ...codes.qr import trace_url
from ...codes.trace_code import LARGEST_UNIT, UnitCode, batch_code_in, code_in
from ...codes.unit_ranges import parse_units
from ...errors import InputError, Text
from ...http.failures import not_found
from ...http.paging import UpTo
from ...model.drafts import KINDS
from ...model.limits import Limit
from ...queries.answers import Listed, Standing
from ...queries.batch import BatchPage as Reading
from ...queries.batch import batch_page
from ...queries.reports import TYPES, VERDICTS, Report
from ...queries.reports import Reading as Measured
from ...queries.unit import unit_card
from ...queries.unit_codes import LabelledUnit, unit_codes
from ..happened import timeline
from ..views import Answer, BatchPage, Choice, Frame, Holding, LabelsPage, Link, TestItem, TestReport
from ..words import Where
from .visit import Pages

_LABELS_ON_A_PAGE = 60

#: Which events bring metres into a state: what a touch on the bar shows of the timeline.
_BRINGS: Mapping[str, frozenset[str]] = {
    "held": frozenset({"production", "receipt"}),
    "transit": frozenset({"dispatch"}),
    "project": frozenset({"receipt", "acceptance"}),
    "used": frozenset({"use"}),
    "sampled": frozenset({"sampling"}),
    "unexplained": frozenset({"receipt", "acceptance", "use", "dispatch"}),
}
_DECLARED: Mapping[str, Standing] = {
    "pass": Standing("fine", VERDICTS["pass"]),
    "fail": Standing("stop", VERDICTS["fail"]),
    "none": Standing("unknown", VERDICTS["none"]),
}

Order = Literal["old", "new"]


def make_router(pages: Pages, code_keys: Mapping[int, bytes], public_host: str) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/batches/{code}")
    def batch(
        request: Request,
        code: str,
        up_to: UpTo = None,
        order: Order = "new",
        where: Annotated[str, Query(max_length=20)] = "",
        unit: Annotated[int | None, Query(ge=1, le=LARGEST_UNIT)] = None,
    ) -> Response:
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            found = batch_page(visit.tx, visit.actor, code, today=today, up_to=up_to)
            if found is None:
                raise not_found("此批次", "this batch", code)
            is_makers = bool(visit.actor.reach(Action.PRINT_LABELS)) and visit.actor.party == found.maker
            url = trace_url(public_host, batch_code_in(found.code))
            page = page_of(visit.frame, found, url, labels=is_makers, up_to=up_to)
            named = code_in(code)
            asked = named if isinstance(named, UnitCode) else unit
            if asked is not None:
                card = unit_card(visit.tx, found, asked, code_keys)
                page = replace(page, unit=card)
        return pages.show(with_timeline(page, found, order, where, up_to))

    @router.get("/batches/{code}/labels")
    def labels(
        request: Request,
        code: str,
        units: Annotated[str, Query(max_length=1000)] = "",
        after: Annotated[int, Query(ge=0, le=LARGEST_UNIT)] = 0,
    ) -> Response:
        today = shanghai_date(pages.door.clock())
        with pages.visit(request) as visit:
            visit.actor.require(Action.PRINT_LABELS)
            found = batch_page(visit.tx, visit.actor, code, today=today)
            if found is None or found.maker != visit.actor.party:
                raise not_found("此批次", "this batch", code)
            page = labels_page(visit.frame, found, units)
            try:
                listed = unit_codes(
                    visit.tx,
                    visit.actor,
                    code,
                    keys=code_keys,
                    public_host=public_host,
                    units=parse_units(units) if units.strip() else (),
                    limit=_LABELS_ON_A_PAGE,
                    after=after,
                )
            except InputError as error:
                problems = tuple(replace(problem, where="/units") for problem in error.problems)
                return pages.show(replace(page, problems=problems), 422)
        return pages.show(with_labels(page, listed))

    return router


# --- the page -----------------------------------------------------------------------------------------


def page_of(
    frame: Frame,
    found: Reading,
    public_url: str,
    *,
    labels: bool,
    up_to: int | None,
) -> BatchPage:
    """The page without its timeline. ``labels``: whether the reader may print the codes of its units."""
    here = f"/batches/{found.code}"
    printing = (Link(f"{here}/labels", Text("打印标签", "Print labels")),) if labels else ()
    return BatchPage(
        frame=frame,
        code=found.printed,
        lot=found.lot,
        designation=found.designation,
        product=found.product_name,
        product_href=f"/parties/{found.maker}/products/{found.product}",
        standard=found.standard or "",
        maker=found.maker_name,
        maker_href=f"/parties/{found.maker}",
        produced_on=found.produced_on,
        produced_mm=found.length_mm,
        unit_count=found.unit_count,
        answer=Answer(found.answer.state, found.answer.sentence, found.answer.reason, found.as_of),
        findings=tuple(Standing(each.state, each.text) for each in found.findings),
        public_url=public_url,
        now_href="" if up_to is None else here,
        actions=(Link(_at(f"{here}/trace", up_to=up_to), Text("查看流向", "Trace it")), *printing),
        holdings=tuple(
            Holding(cast(Where, state), mm, _at(here, "timeline", up_to=up_to, where=state))
            for state, mm in found.holdings.items()
        ),
        where=found.where,
        regions=found.regions,
        units=found.units,
        certificate=found.certificate,
        tests=tuple(_report(each) for each in found.reports),
        alerts=found.alerts,
        trace_href=_at(f"{here}/trace", up_to=up_to),
        unit_at=f"{here}?unit=" if up_to is None else f"{here}?up_to={up_to}&unit=",
    )


def with_timeline(page: BatchPage, found: Reading, order: Order, where: str, up_to: int | None) -> BatchPage:
    """The page with its events in one order; ``where`` leaves only those that bring metres into that state."""
    here = f"/batches/{found.code}"
    kinds = _BRINGS.get(where)
    events = [each for each in found.events if kinds is None or each.kind in kinds]

    def choice(text: Text, key: Order) -> Choice:
        return Choice(text, _at(here, "timeline", up_to=up_to, where=where, order=key), key == order)

    return replace(
        page,
        events=timeline(reversed(events) if order == "new" else events),
        orders=(
            choice(Text("后入账的在前", "Latest entry first"), "new"),
            choice(Text("先入账的在前", "Earliest entry first"), "old"),
        ),
        event_filter=None if kinds is None else _kinds_text(kinds),
        event_filter_off=_at(here, "timeline", up_to=up_to, order=order),
    )


def _kinds_text(kinds: frozenset[str]) -> Text:
    chosen = [text for kind, text in KINDS.items() if kind in kinds]
    return Text("、".join(text.zh for text in chosen), ", ".join(text.en for text in chosen))


def _at(path: str, anchor: str = "", **query: object) -> str:
    """An address without the parameters that say nothing."""
    said = urlencode({name: value for name, value in query.items() if value not in (None, "")})
    return path + (f"?{said}" if said else "") + (f"#{anchor}" if anchor else "")


# --- tests --------------------------------------------------------------------------------------------


def _report(report: Report) -> TestReport:
    number = report.sampled_unit
    return TestReport(
        number=report.number,
        kind=TYPES[report.type],
        laboratory=report.laboratory,
        tested_on=report.tested_on,
        unit=None if number is None else Text(f"第 {number} 盘（卷）", f"unit {number}"),
        standing=report.standing,
        declared=_DECLARED[report.declared],
        items=tuple(_item(each) for each in report.readings),
    )


def _item(reading: Measured) -> TestItem:
    limit = reading.limit
    return TestItem(
        indicator=reading.indicator,
        core=reading.core,
        value=reading.value,
        unit=reading.unit,
        limit="" if limit is None else _limit(limit, reading.unit),
        source=None if limit is None else _clause(limit),
        standing=reading.standing,
        note=_measured_at(reading),
        declared=None if reading.declared == "none" else _DECLARED[reading.declared],
    )


def _limit(limit: Limit, unit: str) -> str:
    """The limit, with its unit where the report uses another one."""
    return f"≤ {limit.value}" if limit.unit == unit else f"≤ {limit.value} {limit.unit}"


def _clause(limit: Limit) -> Text:
    return Text(f"{limit.standard} {limit.clause.replace('table', '表')}", f"{limit.standard} {limit.clause}")


def _measured_at(reading: Measured) -> Text | None:
    """Temperature and what the value is at 20 °C; None where the report names no temperature."""
    celsius, at_20 = reading.temperature_celsius, reading.value_at_20
    if celsius is None:
        return None
    measured = Text(f"{celsius} ℃ 时测得", f"measured at {celsius} °C")
    if at_20 is None:
        return measured
    shown = at_20.quantize(Decimal("0.0001")).normalize()
    return Text(f"{measured.zh}，换算到 20 ℃ 为 {shown:f}", f"{measured.en}, {shown:f} at 20 °C")


# --- labels -------------------------------------------------------------------------------------------


def labels_page(frame: Frame, found: Reading, typed: str) -> LabelsPage:
    return LabelsPage(
        frame=frame,
        batch_code=found.printed,
        batch_href=f"/batches/{found.code}",
        lot=found.lot,
        designation=found.designation,
        maker=found.maker_name,
        typed=typed,
    )


def with_labels(page: LabelsPage, listed: Listed[LabelledUnit] | None) -> LabelsPage:
    if listed is None:
        return page
    onward = _at(f"{page.batch_href}/labels", units=page.typed, after=listed.after)
    return replace(page, labels=listed.rows, next_href=onward if listed.after is not None else "")
