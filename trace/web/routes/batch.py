"""The page of a batch: where every metre is, tests beside their limits, and the history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Literal, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from ...auth.actor import Actor
from ...auth.policy import Action, Reach
from ...clock import shanghai_date
from ...codes.qr import trace_url
from ...codes.trace_code import LARGEST_UNIT, UnitCode, batch_code_in, code_in
from ...errors import Text
from ...http.allowance import Cost
from ...http.contract import costs
from ...http.failures import not_found
from ...http.paging import UpTo
from ...model.judgement import GRADES, Limit, Sense
from ...model.kinds import KINDS
from ...model.quantities import show_percent
from ...queries.answers import Standing
from ...queries.batch import BatchPage as Reading
from ...queries.batch import batch_page
from ...queries.holds import HoldRow
from ...queries.reports import TYPES, VERDICTS, Report
from ...queries.reports import Reading as Measured
from ...queries.unexplained import lengths_apart
from ...queries.unit import UnitCard, unit_card
from ...queries.versions import may_correct
from ...queries.wording import MEASURES
from ..happened import timeline
from ..recordable import comes_for, recordable
from ..views import Answer, BatchPage, Choice, Frame, Held, Holding, Link, TestItem, TestReport
from ..words import Where
from .visit import Pages, page_router

#: Which events bring metres into a state: what a touch on the bar shows of the timeline.
_BRINGS: Mapping[str, frozenset[str]] = {
    "held": frozenset({"production", "receipt", "split", "measure"}),
    "transit": frozenset({"dispatch", "return"}),
    "project": frozenset({"receipt", "acceptance"}),
    "used": frozenset({"use"}),
    "sampled": frozenset({"sampling"}),
    "seized": frozenset({"measure"}),
    "sold": frozenset({"sale"}),
    "scrapped": frozenset({"disposal", "split", "use"}),
    "unexplained": frozenset({"receipt", "acceptance", "use", "dispatch"}),
}
_DECLARED: Mapping[str, Standing] = {
    "pass": Standing("fine", VERDICTS["pass"]),
    "fail": Standing("stop", VERDICTS["fail"]),
    "none": Standing("unknown", VERDICTS["none"]),
}

Order = Literal["old", "new"]


def make_router(pages: Pages, code_keys: Mapping[int, bytes], public_host: str) -> APIRouter:
    router = page_router()

    @router.get("/batches/{code}", openapi_extra=costs(Cost.READING))
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
            traces = bool(visit.actor.reach(Action.READ_TRACE))
            page = page_of(visit.frame, found, url, labels=is_makers, traces=traces, up_to=up_to)
            named = code_in(code)
            asked = named if isinstance(named, UnitCode) else unit
            if asked is not None:
                card = unit_card(visit.tx, found, asked, code_keys)
                page = replace(page, unit=card)
            if up_to is None:
                page = with_forms(page, found, visit.actor, page.unit)
        return pages.show(with_timeline(page, found, order, where, up_to, visit.actor))

    return router


# --- the page -----------------------------------------------------------------------------------------


def page_of(
    frame: Frame,
    found: Reading,
    public_url: str,
    *,
    labels: bool,
    traces: bool,
    up_to: int | None,
) -> BatchPage:
    """The page without its timeline. ``labels``: whether the reader may print the codes of its units; ``traces``: whether
    it may follow the goods."""
    here = f"/batches/{found.code}"
    trace_href = _at(f"{here}/trace", up_to=up_to) if traces else ""
    tracing = (Link(trace_href, Text("查看流向", "Trace it")),) if traces else ()
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
        actions=(*printing, *tracing),
        holdings=tuple(
            Holding(cast(Where, state), mm, _at(here, "timeline", up_to=up_to, where=state))
            for state, mm in lengths_apart(found.holdings, found.unexplained)
        ),
        where=found.where,
        regions=found.regions,
        units=found.units,
        unexplained=found.unexplained,
        certificate=found.certificate,
        tests=tuple(_report(each) for each in found.reports),
        alerts=found.alerts,
        trace_href=trace_href,
        unit_at=f"{here}?unit=" if up_to is None else f"{here}?up_to={up_to}&unit=",
        holds=tuple(Held(hold=each) for each in found.holds),
    )


def with_forms(page: BatchPage, found: Reading, actor: Actor, unit: UnitCard | None) -> BatchPage:
    """The page with what its reader came for, before all else, and with what it may record: about the goods, of one drum where
    that was asked for, and about the measures and recalls of its own."""
    here = f"/batches/{found.code}"
    number = None if unit is None or unit.refused is not None else unit.unit
    places = found.where if unit is None else unit.places
    states = {row.state for row in places if row.party == actor.party or row.project_name}
    taking = (Link(_at(f"{here}/evidence", unit=number), Text("提取证据", "Take evidence")),)
    return replace(
        page,
        actions=(
            *comes_for(actor, found.code, states, number),
            *page.actions,
            *(taking if actor.reach(Action.RECORD_STATEMENT) else ()),
        ),
        record=recordable(actor, "batch", here, maker=found.maker, unit=number),
        holds=tuple(Held(hold=each, further=_further(each, found, actor, here)) for each in found.holds),
    )


#: What may follow a measure, the most usual first (市场监督管理行政处罚程序规定 第三十三至四十二条).
_DECISIONS: Mapping[str, tuple[str, ...]] = {
    "register": ("release", "seize", "confiscate"),
    "seal": ("release", "confiscate", "seize", "extend", "test"),
    "seize": ("release", "confiscate", "extend", "test"),
    "confiscate": ("release",),
}


def _further(hold: HoldRow, found: Reading, actor: Actor, here: str) -> tuple[Choice, ...]:
    """What the reader may decide about a hold that is not over."""
    if not hold.in_force:
        return ()
    if hold.type == "recall":
        if actor.party != found.maker and actor.reach(Action.RECORD_RECALL) < Reach.JURISDICTION:
            return ()
        return (
            Choice(Text("结束召回", "End it"), _at(f"{here}/record/recall", phase="end", number=hold.number)),
        )
    if hold.by != actor.party or not actor.reach(Action.RECORD_MEASURE):
        return ()
    return tuple(
        Choice(MEASURES[action], _at(f"{here}/record/measure", of=hold.number, action=action))
        for action in _DECISIONS[hold.type]
    )


def with_timeline(
    page: BatchPage, found: Reading, order: Order, where: str, up_to: int | None, actor: Actor | None = None
) -> BatchPage:
    """The page with its events in one order; ``where`` leaves only those that bring metres into that state. Of an
    ``actor``, with the way to correct those that are its to correct."""
    here = f"/batches/{found.code}"
    kinds = _BRINGS.get(where)
    events = [each for each in found.events if kinds is None or each.kind in kinds]

    def choice(text: Text, key: Order) -> Choice:
        return Choice(text, _at(here, "timeline", up_to=up_to, where=where, order=key), key == order)

    return replace(
        page,
        events=timeline(
            reversed(events) if order == "new" else events,
            lambda each: actor is not None and may_correct(actor, each),
        ),
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
        counts=report.counts,
    )


def _item(reading: Measured) -> TestItem:
    limit = reading.limit
    return TestItem(
        indicator=reading.indicator,
        core=reading.core,
        value=reading.value,
        unit=reading.unit,
        limit="" if limit is None else _limit(limit, reading.unit),
        source=None if limit is None else _cited(limit, reading.usual_method),
        standing=reading.standing,
        note=_about(reading),
        declared=None if reading.declared == "none" else _DECLARED[reading.declared],
    )


def _limit(limit: Limit, unit: str) -> str:
    """The limit, with its unit where the report uses another one."""
    return limit.shown if limit.unit == unit else f"{limit.shown} {limit.unit}"


def _cited(limit: Limit, method: str) -> Text:
    """Standard and clause, whether a print of it was seen, and how it is usually tested."""
    cited, unverified = limit.cited, Text("", "")
    if not limit.verified:
        unverified = Text("，未核实", ", unverified")
    tested = Text(f"，试验方法 {method}", f", tested by {method}") if method else Text("", "")
    return Text(f"{cited.zh}{unverified.zh}{tested.zh}", f"{cited.en}{unverified.en}{tested.en}")


def _about(reading: Measured) -> Text | None:
    """How it was measured and compared, how far beyond it lies, or why there is no limit; None where nothing is to be said."""
    parts = (_measured_at(reading), _rounded(reading), _excess(reading), reading.why_not)
    said = [part for part in parts if part is not None]
    if not said:
        return None
    return Text("；".join(part.zh for part in said), "; ".join(part.en for part in said))


def _rounded(reading: Measured) -> Text | None:
    if reading.rounded is None or reading.limit is None or reading.rounded == Decimal(reading.value):
        return None
    unit = reading.limit.unit
    return Text(f"修约为 {reading.rounded} {unit} 再比较", f"compared as {reading.rounded} {unit}, rounded")


def _excess(reading: Measured) -> Text | None:
    if reading.excess is None or reading.limit is None:
        return None
    share = show_percent(reading.excess)
    is_short = reading.limit.sense is Sense.AT_LEAST
    beyond = (
        Text(f"低于限值 {share}", f"{share} below the limit")
        if is_short
        else Text(f"超出限值 {share}", f"{share} above the limit")
    )
    if reading.grade is None:
        return beyond
    grade = GRADES[reading.grade]
    return Text(f"{beyond.zh}（{grade.zh}）", f"{beyond.en} ({grade.en})")


def _measured_at(reading: Measured) -> Text | None:
    """Temperature, and what the value is at 20 °C where it was another one; None where the report names none."""
    celsius, at_20 = reading.temperature_celsius, reading.value_at_20
    if celsius is None:
        return None
    measured = Text(f"{celsius} ℃ 时测得", f"measured at {celsius} °C")
    if at_20 is None or Decimal(celsius) == 20:
        return measured
    shown = at_20.quantize(Decimal("0.0001")).normalize()
    return Text(f"{measured.zh}，换算到 20 ℃ 为 {shown:f}", f"{measured.en}, {shown:f} at 20 °C")
