"""The rules of the alerts 预警: what an accepted event gives people reason to look at, one pure function each.

An alert is no verdict: it states what was recorded, beside the limit or the requirement that it does not meet,
and somebody must judge. Three sorts:

* from values: the copper booked for a batch, the values in a report, the two together. They rest on the standard
  in force on the day of production, and only on limits whose print was seen (`model.limits`): a limit that is
  merely recalled raises no alert, here or in words, for a doubtful table must not throw doubt on a maker.
* from marks: what the admission rules marked when the event was recorded is not judged again; only which unit
  it is about is found out here.
* from checks of codes: these are no facts of the ledger, so what `rules_of_checks` found in them was entered as an
  event of its own, which is only put into words here.

What a rule says depends on nothing but the event and the registered batch, so alerts can be made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any

from ..clock import show_instant
from ..codes.regions import full_name
from ..codes.unit_ranges import UnitRange, format_units
from ..errors import Broken, InputError, Text
from ..model import drafts
from ..model.bodies import SeenPlace, TestItem, UnitGroup
from ..model.designation import Designation, parse_designation
from ..model.drafts import Draft
from ..model.indicators import Indicator, in_base_unit, parse_indicator
from ..model.involvement import BATCH_FACTS
from ..model.judgement import GRADES, Judgement, Limit, Sense
from ..model.kinds import KINDS
from ..model.limits import copper_is_short, copper_ratio, max_resistance, minimum_copper_g
from ..model.named import length_registered_mm
from ..model.quantities import deviates, show_kilograms, show_metres, show_percent
from ..model.rules import RULES as ADMISSION_RULES
from ..model.state import KnownBatch
from ..model.verdicts import RESISTANCE, is_in_doubt, judge
from .rules_of_checks import CHECK_RULES


class Severity(StrEnum):
    """What it would mean for people, if it is as it looks.

    High: who lives with the cable may be in danger, or goods stand with somebody else than the books had them. Medium: what the law wants beforehand is missing. Low:
    records do not fit together.
    """

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


SEVERITIES: Mapping[Severity, Text] = {
    Severity.HIGH: Text("高", "high"),
    Severity.MEDIUM: Text("中", "medium"),
    Severity.LOW: Text("低", "low"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedEvent:
    """An event on the ledger as far as alerts look at it.

    ``speaker`` is the party whose statement it is, ``actor`` the one that entered it; ``batch`` the code of
    the batch it is about, None for registry facts. ``about`` is the index of the event that it states anew: its own,
    or the one that it corrects; ``draft`` then is the right version (or the correction, if it voids).
    """

    seq: int
    recorded_at: datetime
    draft: Draft
    speaker: str
    actor: str
    marks: tuple[str, ...]
    batch: str | None
    about: int = -1

    @property
    def corrects(self) -> bool:
        return 0 <= self.about < self.seq


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found: in words, and for which unit and report, where there is a single one. ``severity``: where it is
    not that of the rule."""

    detail: Text
    unit: int | None = None
    report: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``kind``: of the events it looks at. ``explanation``: what goes in, what is computed, what it rests on.

    With ``is_mark`` it speaks only of events that bear the mark of its name.
    """

    name: str
    kind: str
    severity: Severity
    title: Text
    explanation: Text
    find: Callable[[Any, KnownBatch], Iterable[Found]]
    is_mark: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert: number ``n`` of those that event ``seq`` gives rise to, itself or as the correction of ``about``.

    ``batch`` is a code, ``maker`` a party; ``party`` is the one whose statement it comes from, ``project`` the
    id of the project where it happened.
    """

    rule: str
    seq: int
    n: int
    severity: Severity
    batch: str
    lot: str
    maker: str
    unit: int | None
    report: str | None
    party: str
    project: str | None
    detail: Text
    recorded_at: datetime
    about: int = -1


def rules_for(event: AcceptedEvent) -> tuple[Rule, ...]:
    """The rules that look at this event; most events have none, and then nobody need fetch its batch.

    What is said of uncoded goods has none: no designation is registered against which it could be judged.
    """
    if event.batch is None:
        return ()
    kinds = {event.draft.kind, "correction"} if event.corrects else {event.draft.kind}
    if not event.marks and _FROM_VALUES.isdisjoint(kinds):
        return ()
    return tuple(
        rule for rule in _ALL if rule.kind in kinds and (not rule.is_mark or rule.name in event.marks)
    )


def alerts_of(event: AcceptedEvent, batch: KnownBatch | None) -> tuple[Alert, ...]:
    """The alerts of an event, given the batch it is about, as it was registered.

    Raises `Broken` where a rule looks at the event and there is no such batch.
    """
    rules = rules_for(event)
    if not rules:
        return ()
    if batch is None:
        raise Broken(f"event {event.seq} was accepted, but its batch {event.batch} is not registered")
    project = getattr(event.draft.body, "project", None)
    found = [(rule, one) for rule in rules for one in rule.find(event.draft, batch)]
    return tuple(
        Alert(
            rule=rule.name,
            seq=event.seq,
            n=n,
            severity=one.severity or rule.severity,
            batch=batch.code,
            lot=batch.lot,
            maker=batch.maker,
            unit=one.unit,
            report=one.report,
            party=event.speaker,
            project=None if project is None else project.id,
            detail=one.detail,
            recorded_at=event.recorded_at,
            about=event.about if event.corrects else event.seq,
        )
        for n, (rule, one) in enumerate(found)
    )


# --- from values --------------------------------------------------------------------------------------


def _copper_short(draft: drafts.ProductionDraft, batch: KnownBatch) -> Iterator[Found]:
    copper_g = draft.body.copper_g
    designation, on = parse_designation(batch.designation), batch.produced_on
    if copper_g is None or not copper_is_short(designation, batch.length_mm, copper_g, on):
        return
    least_g = minimum_copper_g(designation, batch.length_mm, on)
    ratio = copper_ratio(designation, batch.length_mm, copper_g, on)
    limit = _limit_behind(designation, batch)
    if limit is None or least_g is None or ratio is None:
        return
    length, copper, least = show_metres(batch.length_mm), show_kilograms(copper_g), show_kilograms(least_g)
    yield Found(
        Text(
            f"登记用铜 {copper} kg；{length} m {designation.normalised} 要达到 {limit.cited.zh} 的导体电阻限值，"
            f"至少需铜 {least} kg。登记量为其 {show_percent(ratio)}，低于预警界限（估算，待认定）。",
            f"{copper} kg of copper are booked; {length} m of {designation.normalised} need at least {least} kg to "
            f"meet the resistance limits of {limit.cited.en}. That is {show_percent(ratio)} of it, below the "
            "threshold (an estimate, to be judged).",
        )
    )


def _limit_behind(designation: Designation, batch: KnownBatch) -> Limit | None:
    """The main core's limit, if those of all cores are verified."""
    limits = []
    for group in designation.cores:
        conductor_class = designation.cable_type.conductor_class(Decimal(group.area))
        if conductor_class is None:
            return None
        limits.append(max_resistance(group.area, conductor_class, designation.metal, batch.produced_on))
    return limits[0] if all(limit is not None and limit.verified for limit in limits) else None


def _declared_verdict_contradicts_values(draft: drafts.TestingDraft, batch: KnownBatch) -> Iterator[Found]:
    beyond = _beyond(draft, batch)
    if beyond and _is_declared_passed(draft, beyond):
        yield _found(
            draft,
            beyond,
            Text("报告写「合格」，与所报数值不符", "the report says passed, against its own values"),
        )


def _test_beyond_limit(draft: drafts.TestingDraft, batch: KnownBatch) -> Iterator[Found]:
    beyond = _beyond(draft, batch)
    if beyond and not _is_declared_passed(draft, beyond):
        says_failed = draft.body.conclusion == "fail" or any(each.item.declared == "fail" for each in beyond)
        yield _found(
            draft,
            beyond,
            Text("报告写「不合格」", "the report says failed")
            if says_failed
            else Text("报告未写判定", "the report declares no verdict"),
        )


@dataclass(frozen=True, slots=True)
class _Beyond:
    """A reading beyond its limit, the limit, and by how much."""

    item: TestItem
    indicator: Indicator
    limit: Limit
    judged: Judgement


def _report_against_copper(draft: drafts.TestingDraft, batch: KnownBatch) -> Iterator[Found]:
    """Each reading of a report is plausible by itself, and the report as a whole is not: metres whose copper cannot reach the
    limit have reached it. Either may be wrong, the weighing or the report."""
    designation, on, copper_g = parse_designation(batch.designation), batch.produced_on, batch.copper_g
    limit = _limit_behind(designation, batch)
    if copper_g is None or limit is None or not copper_is_short(designation, batch.length_mm, copper_g, on):
        return
    readings = [judged for _, indicator, judged in _judged(draft, batch) if indicator.name == RESISTANCE]
    ratio = copper_ratio(designation, batch.length_mm, copper_g, on)
    if (
        ratio is None
        or not any(each.within for each in readings)
        or any(each.within is False for each in readings)
    ):
        return
    body, copper, share = draft.body, show_kilograms(copper_g), show_percent(ratio)
    yield Found(
        Text(
            f"报告 {body.report}：导体电阻符合 {limit.cited.zh} 的限值；而本批登记用铜 {copper} kg，只有达到该限值至少所需的 {share}。"
            "两者不能都对（估算，待认定）。",
            f"Report {body.report}: the conductor resistance is within the limit of {limit.cited.en}; but {copper} kg of copper are "
            f"booked for the batch, {share} of the least that reaches it. They cannot both be right (an estimate, to be judged).",
        ),
        unit=body.sampled_unit,
        report=body.report,
    )


def _beyond(draft: drafts.TestingDraft, batch: KnownBatch) -> list[_Beyond]:
    return [
        _Beyond(item, indicator, judged.limit, judged)
        for item, indicator, judged in _judged(draft, batch)
        if judged.limit is not None
        and judged.within is False
        and judged.limit.verified
        and not is_in_doubt(judged, _uncertainty(item, indicator))
    ]


def _uncertainty(item: TestItem, indicator: Indicator) -> Decimal | None:
    return None if item.uncertainty is None else in_base_unit(indicator, Decimal(item.uncertainty), item.unit)


def _judged(draft: drafts.TestingDraft, batch: KnownBatch) -> Iterator[tuple[TestItem, Indicator, Judgement]]:
    designation = parse_designation(batch.designation)
    for item in draft.body.items:
        try:
            indicator = parse_indicator(item.indicator)
            value = in_base_unit(indicator, Decimal(item.value), item.unit)
        except InputError:
            continue
        celsius = None if item.temperature_celsius is None else Decimal(item.temperature_celsius)
        yield (
            item,
            indicator,
            judge(designation, indicator.name, item.core or "", value, celsius, batch.produced_on),
        )


def _is_declared_passed(draft: drafts.TestingDraft, beyond: Iterable[_Beyond]) -> bool:
    return draft.body.conclusion == "pass" or any(each.item.declared == "pass" for each in beyond)


def _found(draft: drafts.TestingDraft, beyond: Iterable[_Beyond], declared: Text) -> Found:
    body = draft.body
    drum = Text("", "")
    if body.sampled_unit is not None:
        drum = Text(f"（取样 {body.sampled_unit} 号盘）", f" (sample of unit {body.sampled_unit})")
    readings = [_reading(each) for each in beyond]
    return Found(
        Text(
            f"报告 {body.report}{drum.zh}：{'；'.join(one.zh for one in readings)}。{declared.zh}。",
            f"Report {body.report}{drum.en}: {'; '.join(one.en for one in readings)}; {declared.en}.",
        ),
        unit=body.sampled_unit,
        report=body.report,
    )


def _reading(beyond: _Beyond) -> Text:
    """The reading in the digits of the report, what was compared, the limit with its clause, how far beyond, the grade."""
    item, limit, judged, title = beyond.item, beyond.limit, beyond.judged, beyond.indicator.title
    celsius = item.temperature_celsius
    zh = f"{title.zh}{f'（{item.core}）' if item.core else ''}实测 {item.value} {item.unit}"
    en = f"{title.en[:1].lower()}{title.en[1:]}{f' ({item.core})' if item.core else ''} {item.value} {item.unit}"
    if beyond.indicator.name == RESISTANCE and celsius is not None and Decimal(celsius) != 20:
        at_20 = f"{judged.value.quantize(limit.value / 100).normalize():f} {limit.unit}"
        zh += f"（{celsius} ℃），换算到 20 ℃ 为 {at_20}"
        en += f" at {celsius} °C, {at_20} at 20 °C"
    assert judged.excess is not None, "what lies beyond a limit lies beyond it by something"
    share = show_percent(judged.excess)
    by = (
        Text(f"低 {share}", f"{share} below it")
        if limit.sense is Sense.AT_LEAST
        else Text(f"超出 {share}", f"{share} above it")
    )
    grade = Text("", "")
    if judged.grade is not None:
        word = GRADES[judged.grade]
        grade = Text(f"（{word.zh}）", f" ({word.en})")
    return Text(
        f"{zh}，限值 {limit.value} {limit.unit}（{limit.cited.zh}），{by.zh}{grade.zh}",
        f"{en}, limit {limit.value} {limit.unit} ({limit.cited.en}), {by.en}{grade.en}",
    )


# --- from marks ---------------------------------------------------------------------------------------


def _certificate_not_valid(_draft: drafts.ProductionDraft, batch: KnownBatch) -> Iterator[Found]:
    if batch.certificate is None:
        yield Found(
            Text(
                f"{batch.produced_on} 生产，该产品登记时未写证书。",
                f"Produced on {batch.produced_on}; the product was registered without a certificate.",
            )
        )
        return
    yield Found(
        Text(
            f"{batch.produced_on} 生产，按登记，证书 {batch.certificate} 当日不在有效状态。",
            f"Produced on {batch.produced_on}; by the register, certificate {batch.certificate} was not valid "
            "on that day.",
        )
    )


def _outside_scope(_draft: drafts.ProductionDraft, batch: KnownBatch) -> Iterator[Found]:
    """What the scope was is known to the register of that moment, not to the event."""
    yield Found(
        Text(
            f"{batch.produced_on} 生产 {batch.designation}，按登记，不在证书 {batch.certificate} 的范围之内（型号、电压、截面、芯数或生产地）。",
            f"{batch.designation}, produced on {batch.produced_on}: by the register it lies outside the scope of "
            f"certificate {batch.certificate} (type, voltage, area, number of cores or place of production).",
        )
    )


def _use_before_admission(draft: drafts.UseDraft, _batch: KnownBatch) -> Iterator[Found]:
    body = draft.body
    length, day = show_metres(body.length_mm), draft.occurred_on
    circuit = Text("", "")
    if body.circuit is not None:
        circuit = Text(f"，回路 {body.circuit}", f", circuit {body.circuit}")
    yield Found(
        Text(
            f"{day} 在项目 {body.project.number} 使用 {body.unit} 号盘 {length} m（{body.number}{circuit.zh}），"
            "登记时没有监理同意该盘进场的意见。",
            f"On {day} {length} m of unit {body.unit} were used in project {body.project.number} "
            f"({body.number}{circuit.en}); when it was recorded, no opinion of the supervisor admitted this unit.",
        ),
        unit=body.unit,
    )


def _receipt_without_dispatch(draft: drafts.ReceiptDraft, _batch: KnownBatch) -> Iterator[Found]:
    """Which of several units had not been sent is known to the books of that moment, not to the event. What was not sent
    to the receiver is taken from another's stock, project or use, so a drum weighs more than loose metres, which come from
    nowhere: those of others stay with them."""
    body = draft.body
    single = body.units[0][0] if len(body.units) == 1 and body.units[0][0] == body.units[0][1] else None
    if body.units:
        units = format_units([UnitRange(first, last) for first, last in body.units])
        what = Text(f"{units} 号盘", f"unit {units}" if single is not None else f"units {units}")
    else:
        length = show_metres(body.length_mm or 0)
        what = Text(f"散装 {length} m", f"{length} m without a drum")
    some = (
        Text("", "")
        if single is not None or not body.units
        else Text("其中至少一盘", " for at least one of them")
    )
    note = Text("", "")
    if body.delivery_note is not None:
        note = Text(f"（发货单 {body.delivery_note}）", f" (delivery note {body.delivery_note})")
    yield Found(
        Text(
            f"{draft.occurred_on} 收到 {what.zh}{note.zh}，登记时{some.zh}没有发往该收货方的发货记录。",
            f"{what.en[0].upper()}{what.en[1:]}{note.en} arrived on {draft.occurred_on}; when it was recorded, no "
            f"dispatch to this receiver was on record{some.en}.",
        ),
        unit=single,
        severity=Severity.HIGH if body.units else None,
    )


def _other_cable(draft: drafts.DispatchDraft, batch: KnownBatch) -> Iterator[Found]:
    """Which lines the order had is known to the register of that moment, and who may know them to the order."""
    sent, order = _sent(draft), draft.body.order
    yield Found(
        Text(
            f"{draft.occurred_on} 按订单 {order} 发出 {batch.designation}{sent.zh}，登记时该订单里没有这个型号规格。",
            f"On {draft.occurred_on} {batch.designation}{sent.en} was sent under order {order}; when it was recorded, that order "
            "had no such cable.",
        )
    )


def _price_below(draft: drafts.DispatchDraft, batch: KnownBatch) -> Iterator[Found]:
    """Neither price is told: whoever may read the dispatch or the order finds them there."""
    sent, order = _sent(draft), draft.body.order
    yield Found(
        Text(
            f"{draft.occurred_on} 按订单 {order} 发出 {batch.designation}{sent.zh}，单价低于登记时该订单对这个型号规格的约定。",
            f"On {draft.occurred_on} {batch.designation}{sent.en} was sent under order {order} at less than the price that the order "
            "had for this cable when it was recorded.",
        )
    )


def _sent(draft: drafts.DispatchDraft) -> Text:
    if not draft.body.units:
        length = show_metres(draft.body.length_mm or 0)
        return Text(f"（散装 {length} m）", f" ({length} m without a drum)")
    units = format_units([UnitRange(first, last) for first, last in draft.body.units])
    return Text(f"（{units} 号盘）", f" (units {units})")


def _length_deviates(draft: drafts.AcceptanceDraft, batch: KnownBatch) -> Iterator[Found]:
    number = draft.body.number
    return _measured(draft, batch, Text(f"验收单 {number}", f"Acceptance {number}"))


def _received_length_deviates(draft: drafts.ReceiptDraft, batch: KnownBatch) -> Iterator[Found]:
    """Against what is registered: what was left on a drum that had been cut is known to the books of that moment."""
    body = draft.body
    note = Text("", "")
    if body.delivery_note is not None:
        note = Text(f"（发货单 {body.delivery_note}）", f" (delivery note {body.delivery_note})")
    said = Text(f"{draft.occurred_on} 收货{note.zh}", f"Receipt of {draft.occurred_on}{note.en}")
    yield from _measured(draft, batch, said)
    registered_mm = length_registered_mm(batch, body.units)
    if body.units and body.length_mm is not None and deviates(body.length_mm, registered_mm):
        length, registered = show_metres(body.length_mm), show_metres(registered_mm)
        units = format_units([UnitRange(first, last) for first, last in body.units])
        yield Found(
            Text(
                f"{said.zh}：{units} 号盘共收到 {length} m，登记 {registered} m。",
                f"{said.en}: {length} m came on units {units}, registered with {registered} m.",
            )
        )


def _measured(
    draft: drafts.AcceptanceDraft | drafts.ReceiptDraft, batch: KnownBatch, said: Text
) -> Iterator[Found]:
    for measured in draft.body.measurements:
        registered_mm = batch.length_of(measured.unit)
        if registered_mm is None:
            continue
        if not deviates(measured.length_mm, registered_mm):
            continue
        difference_mm = measured.length_mm - registered_mm
        length, registered = show_metres(measured.length_mm), show_metres(registered_mm)
        more_or_less = Text("多", "more") if difference_mm > 0 else Text("少", "less")
        difference = show_percent(abs(Decimal(difference_mm)) / registered_mm)
        yield Found(
            Text(
                f"{said.zh}：{measured.unit} 号盘实测 {length} m，登记 {registered} m"
                f"（{more_or_less.zh} {difference}）。",
                f"{said.en}: unit {measured.unit} measured {length} m, registered with "
                f"{registered} m ({difference} {more_or_less.en}).",
            ),
            unit=measured.unit,
        )


def _as_marked(draft: Any, _batch: KnownBatch) -> Iterator[Found]:
    """What the mark itself says, with the units that the event names."""
    units = [
        # a production, which is what a correction of one is judged as, names groups of a length each
        UnitRange(each.first, each.last) if isinstance(each, UnitGroup) else UnitRange(*each)
        for each in getattr(draft.body, "units", ())
    ]
    unit = getattr(draft.body, "unit", None)
    named = str(unit) if unit is not None else format_units(units)
    which = Text(f"（{named} 号盘）", f" (units {named})") if named else Text("", "")
    kind = KINDS[draft.kind]
    yield Found(
        Text(
            f"「{kind.zh}」{which.zh}与在案措施或更正规则不符。",
            f"{kind.en.capitalize()}{which.en}: against what is on record.",
        ),
        unit=unit if unit is not None else _single(units),
    )


def _single(units: list[UnitRange]) -> int | None:
    return units[0].first if len(units) == 1 and units[0].first == units[0].last else None


def _outside_accreditation(draft: drafts.TestingDraft, _batch: KnownBatch) -> Iterator[Found]:
    yield Found(
        Text(f"报告 {draft.body.report} 超出检测机构在案的资质或能力范围。",
             f"Report {draft.body.report} lies outside the laboratory's accreditation on record."),
        unit=draft.body.sampled_unit,
        report=draft.body.report,
    )  # fmt: skip


def _marked(
    name: str, kind: str, severity: Severity, find: Callable[[Any, KnownBatch], Iterable[Found]]
) -> Rule:
    """The alert of a mark: title and ground are those of the admission rule."""
    rule = ADMISSION_RULES[name]
    return Rule(
        name=name,
        kind=kind,
        severity=severity,
        title=rule.title,
        explanation=rule.ground,
        find=find,
        is_mark=True,
    )


# --- from checks --------------------------------------------------------------------------------------


def _from_checks(rule: str, draft: drafts.AlertDraft, _batch: KnownBatch) -> Iterator[Found]:
    body = draft.body
    if body.rule != rule:
        return
    if body.unit is None:
        forged, mistyped = body.codes or 0, body.mistyped or 0
        if body.seen:
            yield Found(_of_false_codes_here(body.seen[0], forged, mistyped))
            return
        yield Found(
            Text(
                f"24 小时内查验了 {forged} 个校验字符正确、但没有签发的盘码，{mistyped} 个校验字符不符的盘码，都以该企业同一产品的"
                "批次码开头，其中以本批开头的最多。",
                f"Within 24 hours {forged} codes of drums with a right check character that were never issued were checked, "
                f"and {mistyped} with a wrong one, all beginning like batches of one product of this maker, most like this one.",
            )
        )
        return
    places = [
        Text(
            f"{full_name(seen.region)}（{_hours(seen)}，{seen.phones} 部手机）",
            f"{full_name(seen.region)} ({_hours(seen)}, {seen.phones} {'phone' if seen.phones == 1 else 'phones'})",
        )
        for seen in body.seen
    ]
    ended = Text("", "")
    if body.since is not None:
        day = datetime.fromisoformat(body.since).date()
        ended = Text(
            f"账上 {day} 起已全部使用或报废；", f"by the books all of it was used or scrapped by {day}; "
        )
    yield Found(
        Text(
            f"{ended.zh}有人说 {body.unit} 号盘的码在面前：{'；'.join(place.zh for place in places)}。",
            f"{ended.en[:1].upper()}{ended.en[1:]}{'people' if ended.en else 'People'} stated to have goods with the code of "
            f"unit {body.unit} before them: {'; '.join(place.en for place in places)}.",
        ),
        unit=body.unit,
    )


def _of_false_codes_here(seen: SeenPlace, forged: int, mistyped: int) -> Text:
    where = full_name(seen.region)
    return Text(
        f"{where}（{_hours(seen)}）有 {seen.phones} 部手机说面前的货上是没有签发过的盘码：{forged} 个校验字符正确，{mistyped} 个不符；"
        "其中以本批开头的最多。",
        f"In {where} ({_hours(seen)}) {seen.phones} phones stated to have goods before them with codes of drums that were never issued: "
        f"{forged} with a right check character and {mistyped} with a wrong one, most beginning like this batch.",
    )


def _hours(seen: SeenPlace) -> str:
    first, last = (show_instant(datetime.fromisoformat(each)) for each in (seen.first, seen.last))
    return first if first == last else f"{first} – {last}"


# --- the table ----------------------------------------------------------------------------------------

_ALL = (
    Rule(
        name="copper-short",
        kind="production",
        severity=Severity.HIGH,
        title=Text("用铜量不足", "too little copper"),
        explanation=Text(
            "生产登记的用铜量，与该长度达到导体电阻限值所需的最少用铜量（各线芯合计，含中性线、地线；IEC 60028 的电阻率与密度，"
            "GB/T 3956 的限值）相比。只看铜导体；有铜材未称重的不算。",
            "The copper booked with the production, against the least copper with which this length can meet the "
            "resistance limits of GB/T 3956 (all cores; resistivity and density of IEC 60028). Copper conductors "
            "only, and only where every lot of copper was weighed.",
        ),
        find=_copper_short,
    ),
    _marked(
        "certificate-not-valid-at-production", "production", Severity.MEDIUM, _certificate_not_valid
    ),
    _marked("outside-certificate-scope", "production", Severity.MEDIUM, _outside_scope),
    Rule(
        name="declared-verdict-contradicts-values",
        kind="testing",
        severity=Severity.HIGH,
        title=Text("报告判合格，数值超限", "declared passed, but values beyond the limit"),
        explanation=Text(
            "报告中的导体电阻，按所报温度换算到 20 ℃，与生产当日有效的 GB/T 3956 不镀金属导体限值相比（镀锡导体的限值略宽）；"
            "绝缘和护套厚度、材料性能与已核实的限值相比；该项或整份报告写「合格」。",
            "Conductor resistance as reported, corrected to 20 °C, against the limit of GB/T 3956 for plain wire in "
            "force on the day of production (tinned wire may have a little more); thickness of insulation and sheath and "
            "properties of materials against limits that were verified; the item or the report as a whole is declared "
            "passed.",
        ),
        find=_declared_verdict_contradicts_values,
    ),
    Rule(
        name="test-beyond-limit",
        kind="testing",
        severity=Severity.HIGH,
        title=Text("检测值超限", "test beyond the limit"),
        explanation=Text(
            "报告中的导体电阻，按所报温度换算到 20 ℃，与生产当日有效的 GB/T 3956 不镀金属导体限值相比（镀锡导体的限值略宽）；"
            "绝缘和护套厚度、材料性能与已核实的限值相比；报告未判合格。样品只代表取样的一盘。监督抽查的结果生效后才作数（见样品页）。",
            "Conductor resistance as reported, corrected to 20 °C, against the limit of GB/T 3956 for plain wire in "
            "force on the day of production (tinned wire may have a little more); thickness of insulation and sheath and "
            "properties of materials against limits that were verified; in a report that does not declare it passed. "
            "The sample is of one unit, not of all. A result of supervision counts only when it is final (page of the sample).",
        ),
        find=_test_beyond_limit,
    ),
    Rule(
        name="report-against-copper",
        kind="testing",
        severity=Severity.HIGH,
        title=Text("检测合格，用铜量却不足", "resistance within its limit, but too little copper for it"),
        explanation=Text(
            "报告中的导体电阻都不超限，而本批登记的用铜量达不到这一限值（算法同「用铜量不足」）。称重和报告至少有一个不对。",
            "Every conductor resistance of a report is within its limit, and the copper booked for the batch cannot reach "
            "that limit (reckoned as for too little copper). The weighing or the report is wrong.",
        ),
        find=_report_against_copper,
    ),
    _marked("use-before-admission", "use", Severity.MEDIUM, _use_before_admission),
    _marked("receipt-without-dispatch", "receipt", Severity.LOW, _receipt_without_dispatch),
    _marked("order-other-cable", "dispatch", Severity.MEDIUM, _other_cable),
    _marked("price-below-order", "dispatch", Severity.LOW, _price_below),
    _marked("length-deviates", "acceptance", Severity.LOW, _length_deviates),
    _marked("length-deviates", "receipt", Severity.LOW, _received_length_deviates),
    *(
        _marked("goods-held", kind, Severity.HIGH, _as_marked)
        for kind in ("dispatch", "sale", "split", "use", "return", "disposal")
    ),
    _marked("seen-while-held", "receipt", Severity.HIGH, _as_marked),
    _marked("outside-accreditation", "testing", Severity.MEDIUM, _outside_accreditation),
    _marked("correction-after-movement", "correction", Severity.MEDIUM, _as_marked),
    *(
        Rule(
            name=name,
            kind="alert",
            severity=Severity(about.severity),
            title=about.title,
            explanation=about.explanation,
            find=partial(_from_checks, name),
        )
        for name, about in CHECK_RULES.items()
    ),
)  # fmt: skip

#: Kinds of event that are looked at whatever they were marked with.
_FROM_VALUES = frozenset(rule.kind for rule in _ALL if not rule.is_mark)

#: Every rule by its name, in the order in which their alerts are numbered.
RULES: Mapping[str, Rule] = {rule.name: rule for rule in _ALL}

#: Rules whose alerts are about the goods themselves: open to everybody to whom the batch is.
ABOUT_GOODS = tuple(rule.name for rule in _ALL if rule.kind in BATCH_FACTS)
