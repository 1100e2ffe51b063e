"""Test reports of a batch beside the limits that its readings must keep.

What the laboratory declared and what the values say are two things and stay two things here. A limit whose
print nobody has checked (`Limit.verified`) judges nothing, and a reading without a known limit is not judged
either: "no limit known" is an answer. As for alerts, the standard is that of the day of production.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..errors import InputError, Text
from ..intake.recorded import Recorded
from ..model.bodies import Testing, TestItem
from ..model.designation import Designation, parse_designation
from ..model.indicators import in_base_unit, parse_indicator
from ..model.limits import Judgement, Limit, judge_resistance
from ..model.state import KnownBatch
from .answers import WORST_FIRST, Standing
from .names import Names

TYPES: Mapping[str, Text] = {
    "factory": Text("出厂检验", "factory test"),
    "commissioned": Text("委托检验", "commissioned test"),
    "witnessed": Text("见证取样检验", "witnessed test"),
    "supervision": Text("监督抽查检验", "supervision test"),
    "quick": Text("快速检测", "quick test"),
    "retest": Text("复检", "retest"),
}
VERDICTS: Mapping[str, Text] = {
    "pass": Text("合格", "passed"),
    "fail": Text("不合格", "failed"),
    "none": Text("未写结论", "no verdict given"),
}

WITHIN = Standing("fine", Text("符合限值", "within the limit"))
BEYOND = Standing("stop", Text("超出限值", "beyond the limit"))
UNVERIFIED = Standing("unknown", Text("限值待核，不作判断", "the limit is still to be checked against print"))
NOT_JUDGED = Standing("unknown", Text("无可比限值", "no limit known"))
DECLARED_FAIL = Standing("stop", Text("报告判不合格", "failed by the report"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measured value as reported, its limit, and how it stands against it.

    ``value_at_20`` is the resistance corrected to 20 °C, in the limit's unit; None where nothing was corrected.
    """

    indicator: Text
    core: str
    value: str
    unit: str
    temperature_celsius: str | None
    method: str
    limit: Limit | None
    value_at_20: Decimal | None
    declared: str
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report. ``party`` and ``laboratory`` (its name) are "" where they are not shown; ``declared`` is its own
    verdict (`declared_verdict`), ``standing`` the worst of its readings."""

    index: int
    event_id: str
    number: str
    type: str
    party: str
    laboratory: str
    tested_on: date | None
    sampled_unit: int | None
    declared: str
    readings: tuple[Reading, ...]

    @property
    def standing(self) -> Standing:
        if self.declared == "fail" or any(reading.declared == "fail" for reading in self.readings):
            return worst([*(reading.standing for reading in self.readings), DECLARED_FAIL])
        judged = [r.standing for r in self.readings if r.standing in (WITHIN, BEYOND)]
        return worst(judged) if judged else NOT_JUDGED


def worst(standings: Iterable[Standing]) -> Standing:
    """The first of the worst."""
    return min(standings, key=lambda standing: WORST_FIRST.index(standing.state))


def reports_in(events: Iterable[tuple[Recorded, str]], batch: KnownBatch, names: Names) -> tuple[Report, ...]:
    """The reports among the events of a batch, in their order; each event with the party to be named for it."""
    designation = parse_designation(batch.designation)
    return tuple(
        _report(event, designation, batch.produced_on, party, names.party(party))
        for event, party in events
        if event.draft.kind == "testing"
    )


def _report(
    event: Recorded, designation: Designation, produced_on: date, party: str, laboratory: str
) -> Report:
    draft, body = event.draft, event.draft.body
    return Report(
        index=event.seq,
        event_id=event.event_id,
        number=body.report,
        type=body.type,
        party=party,
        laboratory=laboratory,
        tested_on=draft.occurred_on,
        sampled_unit=body.sampled_unit,
        declared=declared_verdict(body),
        readings=tuple(read(item, designation, produced_on) for item in body.items),
    )


def declared_verdict(body: Testing) -> str:
    """The report's own conclusion; where it writes none as a whole, what its verdicts on each value come to."""
    declared = {item.declared for item in body.items}
    if body.conclusion != "none":
        return body.conclusion
    if "fail" in declared:
        return "fail"
    return "pass" if declared == {"pass"} else "none"


def read(item: TestItem, designation: Designation, on: date) -> Reading:
    """One value judged by the standard in force on a day."""
    indicator = parse_indicator(item.indicator)
    judgement = None
    if indicator.name == "conductor-resistance":
        celsius = None if item.temperature_celsius is None else Decimal(item.temperature_celsius)
        judgement = _judged(
            designation,
            item.core or "",
            in_base_unit(indicator, Decimal(item.value), item.unit),
            celsius,
            on,
        )
    return Reading(
        indicator=indicator.title,
        core=item.core or "",
        value=item.value,
        unit=item.unit,
        temperature_celsius=item.temperature_celsius,
        method=item.method or "",
        limit=None if judgement is None else judgement.limit,
        value_at_20=None if judgement is None else judgement.value_at_20,
        declared=item.declared,
        standing=_standing(judgement),
    )


def _judged(
    designation: Designation, core: str, value: Decimal, celsius: Decimal | None, on: date
) -> Judgement | None:
    try:
        return judge_resistance(designation, core, value, celsius, on)
    except InputError:
        return None  # recorded as reported, but at a temperature or with a value that no judgement rests on


def _standing(judgement: Judgement | None) -> Standing:
    if judgement is None or judgement.limit is None or judgement.within is None:
        return NOT_JUDGED
    if not judgement.limit.verified:
        return UNVERIFIED
    if judgement.within:
        return WITHIN
    return BEYOND
