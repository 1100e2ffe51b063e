"""Test reports of a batch beside the limits that its readings must keep.

What the laboratory declared and what the values say are two things and stay two things here. A value beside a limit whose
print nobody has checked (`Limit.verified`) is told as such and speaks against nobody, and a reading without a known limit is
not judged: "no limit known" is an answer, given with the reason. As for alerts, the standard is that of the day of production.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ..errors import Text
from ..intake.recorded import Recorded
from ..model.bodies import Testing, TestItem
from ..model.designation import Designation, parse_designation
from ..model.indicators import in_base_unit, parse_indicator
from ..model.judgement import NO_LIMIT, Grade, Judgement, Limit, NoLimit, Sense
from ..model.sample_path import WITHOUT_RESULT
from ..model.samples import KnownSample, is_final, reports_of
from ..model.state import KnownBatch
from ..model.verdicts import RESISTANCE, is_in_doubt, judge
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
#: Beyond its limit by no more than the uncertainty that the test itself gives.
IN_DOUBT = Standing("unknown", Text("超出限值，但在不确定度之内", "beyond the limit, but within the uncertainty of the test"))  # fmt: skip
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
    """One report. ``counts``: of a result of supervision whether it is final, of a quick test that it is none. ``party`` and ``laboratory`` (its name) are "" where they are not shown; ``declared`` is its own
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
    sampling: str = ""
    counts: Text | None = None

    @property
    def standing(self) -> Standing:
        if self.declared == "fail" or any(reading.declared == "fail" for reading in self.readings):
            return worst([*(reading.standing for reading in self.readings), DECLARED_FAIL])
        found = {reading.standing for reading in self.readings}
        return next((standing for standing in _HEADS if standing in found), NOT_JUDGED)


#: What a report is called by what its readings come to: the first of these that one has.
_HEADS = (BEYOND, IN_DOUBT, UNVERIFIED_BEYOND, VOLTAGE_TOO_LOW, WITHIN, UNVERIFIED_WITHIN, VOLTAGE_REACHED)

FINAL_RESULT = Text("监督抽查结果已生效", "the result of supervision is final")
NOT_FINAL = Text("监督抽查结果未生效", "the result of supervision is not final")
REPLACED = Text("已由复检结论取代", "replaced by the result of the retest")
SET_ASIDE = Text("监督抽查结果不采用", "the result of supervision was set aside")
QUICK = Text("现场快速检测，不作为判定合格与否的依据", "a quick test on site, which is no verdict in law")
#: Of which tests a result counts only when it is final.
SERVED = frozenset({"supervision", "retest"})


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
        sampling=body.sampling or "",
        declared=declared_verdict(body),
        readings=tuple(read(item, designation, produced_on) for item in body.items),
    )


def with_what_counts(reports: Iterable[Report], samples: Iterable[KnownSample]) -> tuple[Report, ...]:
    """The reports of a batch, each with whether its result counts by what is on record of the ``samples`` of the batch."""
    known = tuple(samples)
    return tuple(
        replace(report, counts=what_counts(report.type, report.number, report.sampling, known))
        for report in reports
    )


def what_counts(type_: str, number: str, sampling: str, samples: Iterable[KnownSample]) -> Text | None:
    """What a report's result is worth, by its type, its number and the sampling that it names; None of those that nobody serves."""
    if type_ == "quick":
        return QUICK
    if type_ not in SERVED:
        return None
    sample = sample_behind(number, sampling, samples)
    if sample is None:
        return NOT_FINAL
    again = sample.last("retested")
    if again is not None and again.number != number:
        return REPLACED
    if sample.state in WITHOUT_RESULT:
        return SET_ASIDE
    return FINAL_RESULT if is_final(sample) else NOT_FINAL


def sample_behind(number: str, sampling: str, samples: Iterable[KnownSample]) -> KnownSample | None:
    """The supervision sample that a report is of: the steps of the sample name it, or it names the sampling."""
    of = [each for each in samples if each.type == "supervision"]
    named = (each for each in of if number in reports_of(each))
    return next(named, next((each for each in of if sampling and sampling == each.number), None))


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
        standing=IN_DOUBT if is_in_doubt(judged, _uncertainty(item)) else _standing(judged),
        rounded=judged.value if judged.limit is not None and judged.limit.rounded_to is not None else None,
        excess=judged.excess if is_beyond else None,
        grade=judged.grade,
        why_not=None if judged.why_not is None else NO_LIMIT[judged.why_not],
        usual_method=indicator.method,
    )


def _uncertainty(item: TestItem) -> Decimal | None:
    """In the indicator's first unit; None where the report gives none."""
    if item.uncertainty is None:
        return None
    return in_base_unit(parse_indicator(item.indicator), Decimal(item.uncertainty), item.unit)


def _standing(judged: Judgement) -> Standing:
    limit = judged.limit
    if limit is None:
        return NOT_JUDGED
    if limit.sense is Sense.TESTED_AT:
        return VOLTAGE_REACHED if judged.value >= limit.value else VOLTAGE_TOO_LOW
    if not limit.verified:
        return UNVERIFIED_WITHIN if judged.within else UNVERIFIED_BEYOND
    return WITHIN if judged.within else BEYOND
