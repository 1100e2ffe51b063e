"""Test reports of a batch beside the limits that its readings must keep.

What the laboratory declared and what the values say are two things and stay two things here. A value beside a limit whose
print nobody has checked (`Limit.verified`) is told as such and speaks against nobody, and a reading without a known limit is
not judged: "no limit known" is an answer, given with the reason. As for alerts, the standard is that of the day of production.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..errors import Text
from ..intake.recorded import Recorded
from ..model.bodies import Testing, TestItem
from ..model.designation import Designation, parse_designation
from ..model.indicators import in_base_unit, parse_indicator
from ..model.judgement import NO_LIMIT, Grade, Judgement, Limit, NoLimit, Sense
from ..model.state import KnownBatch
from ..model.verdicts import RESISTANCE, judge
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
UNVERIFIED_WITHIN = Standing("unknown", Text("符合限值（限值未核实）", "within a limit that is unverified"))
UNVERIFIED_BEYOND = Standing("unknown", Text("超出限值（限值未核实）", "beyond a limit that is unverified"))
#: Of a test voltage: whether the cable held it is the report's to say.
VOLTAGE_REACHED = Standing("unknown", Text("试验电压达到规定，是否击穿看报告", "tested at the voltage required; whether it held is the report's to say"))  # fmt: skip
VOLTAGE_TOO_LOW = Standing("unknown", Text("试验电压低于规定，不能说明问题", "tested below the voltage required, which shows nothing"))  # fmt: skip
NOT_JUDGED = Standing("unknown", Text("无可比限值", "no limit known"))
DECLARED_FAIL = Standing("stop", Text("报告判不合格", "failed by the report"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measured value as reported, its limit, and how it stands against it.

    ``value_at_20`` is the resistance corrected to 20 °C, in the limit's unit, ``rounded`` the mean as the standard rounds it; None
    where nothing was. ``excess`` and ``grade`` are told of what lies beyond; ``why_not``: why there is no limit. ``method`` is
    the report's own, ``usual_method`` that of the indicator.
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
    rounded: Decimal | None = None
    excess: Decimal | None = None
    grade: Grade | None = None
    why_not: Text | None = None
    usual_method: str = ""


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
        found = {reading.standing for reading in self.readings}
        return next((standing for standing in _HEADS if standing in found), NOT_JUDGED)


#: What a report is called by what its readings come to: the first of these that one has.
_HEADS = (BEYOND, UNVERIFIED_BEYOND, VOLTAGE_TOO_LOW, WITHIN, UNVERIFIED_WITHIN, VOLTAGE_REACHED)


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
    celsius = None if item.temperature_celsius is None else Decimal(item.temperature_celsius)
    value = in_base_unit(indicator, Decimal(item.value), item.unit)
    judged = judge(designation, indicator.name, item.core or "", value, celsius, on)
    is_resistance = indicator.name == RESISTANCE and judged.why_not is not NoLimit.NO_READING
    is_beyond = judged.within is False
    return Reading(
        indicator=indicator.title,
        core=item.core or "",
        value=item.value,
        unit=item.unit,
        temperature_celsius=item.temperature_celsius,
        method=item.method or "",
        limit=judged.limit,
        value_at_20=judged.value if is_resistance else None,
        declared=item.declared,
        standing=_standing(judged),
        rounded=judged.value if judged.limit is not None and judged.limit.rounded_to is not None else None,
        excess=judged.excess if is_beyond else None,
        grade=judged.grade,
        why_not=None if judged.why_not is None else NO_LIMIT[judged.why_not],
        usual_method=indicator.method,
    )


def _standing(judged: Judgement) -> Standing:
    limit = judged.limit
    if limit is None:
        return NOT_JUDGED
    if limit.sense is Sense.TESTED_AT:
        return VOLTAGE_REACHED if judged.value >= limit.value else VOLTAGE_TOO_LOW
    if not limit.verified:
        return UNVERIFIED_WITHIN if judged.within else UNVERIFIED_BEYOND
    return WITHIN if judged.within else BEYOND
