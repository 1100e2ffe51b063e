"""Test reports: the rows of one report are one testing event, in a maker's table and in a laboratory's.

A laboratory's report also says where its sample came from: that sampling is an event of its own, its length cut
once for the report. It is the authority's statement where one let the laboratory enter it, else the laboratory's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..codes.certificate_number import parse_cma_number
from ..codes.regions import is_within, region_path
from ..errors import InputError, Problem, Text
from ..model.indicators import check_unit, parse_indicator
from .cells import celsius_of, date_of, measured_of, required_text
from .maker_tables import maker_speaking
from .rows import Line, Part, Reading, RowGroup, Said, Trouble, Words, event_id, given, on_day, together
from .whose import Whose

VERDICT_WORDS = Words(
    usual={"合格": "pass", "不合格": "fail"},
    also={
        "符合": "pass", "通过": "pass", "P": "pass", "pass": "pass", "不符合": "fail", "不通过": "fail", "F": "fail",
        "fail": "fail", "/": "none", "-": "none", "—": "none",
    },
)  # fmt: skip

#: 检验类别 -> type of the test, type of its sampling.
INSPECTION_WORDS = Words(
    usual={
        "见证取样": ("witnessed", "witnessed"),
        "监督抽查": ("supervision", "supervision"),
        "委托检验": ("commissioned", "commissioned"),
        "快速检测": ("quick", "other"),
        "复检": ("retest", "other"),
    },
    also={
        "见证检验": ("witnessed", "witnessed"),
        "见证检测": ("witnessed", "witnessed"),
        "监督抽检": ("supervision", "supervision"),
        "监督检验": ("supervision", "supervision"),
        "委托检测": ("commissioned", "commissioned"),
        "委托": ("commissioned", "commissioned"),
        "快检": ("quick", "other"),
        "复验": ("retest", "other"),
    },
)

_ITEM_FIELDS: Mapping[str, str] = {
    "/body/items": "indicator",
    "/body/items/indicator": "indicator",
    "/body/items/core": "core",
    "/body/items/value": "value",
    "/body/items/unit": "measure",
    "/body/items/temperature_celsius": "temperature",
    "/body/items/declared": "verdict",
    "/body/items/method": "method",
    "/body/report": "report",
    "/subject/batch": "lot",
    "/body/sampled_unit": "units",
    "/occurred_at": "date",
    "/by": "tester",
}


def _item(reading: Reading) -> dict[str, Any]:
    """One measured value. That its unit fits is asked here, so that one wrong row does not take its report along."""
    indicator = reading.text("indicator")
    measure = reading.text("measure")
    if indicator is not None:
        try:
            known = parse_indicator(indicator)
            if measure is not None:
                check_unit(known, measure)
        except InputError as error:
            name = "indicator" if error.code == "wrong-input" else "measure"
            for problem in error.problems:
                usual = Text("请核对检测项目与单位。", "Check the indicator and the unit of measure.")
                fixed = Problem(
                    problem.code, problem.detail, came=problem.came, remedy=problem.remedy or usual
                )
                reading.troubles.append(Trouble(reading.line, name, fixed))
    return given(
        indicator=indicator,
        core=reading.note("core"),
        value=reading.need("value", measured_of),
        unit=measure,
        temperature_celsius=reading.may("temperature", celsius_of),
        declared=reading.may("verdict", VERDICT_WORDS.read),
        method=reading.note("method"),
    )


def _testers(lines: Sequence[Line]) -> list[dict[str, str]]:
    names = dict.fromkeys(line.glance("tester") for line in lines)
    return [{"role": "tester", "name": name} for name in names if name]


# ---- factory tests ------------------------------------------------------------------------------------------


def factory_tests(lines: Sequence[Line], whose: Whose, troubles: list[Trouble]) -> list[RowGroup]:
    parts = [part for line in lines if (part := _factory_part(Reading(line), whose, troubles)) is not None]
    return [_factory_report(lines, whose) for lines in together(parts, troubles) if lines]


def _factory_part(reading: Reading, whose: Whose, troubles: list[Trouble]) -> Part | None:
    maker = maker_speaking(reading, whose)
    report = reading.text("report")
    head = {
        "lot": reading.text("lot"),
        "units": reading.unit("units"),
        "date": reading.day("date", date_of),
    }
    item = _item(reading)
    troubles += reading.troubles
    if reading.troubles or report is None:
        return None
    return Part(reading.line, (maker, report), head, item)


def _factory_report(parts: Sequence[Part], whose: Whose) -> RowGroup:
    (maker, report), head = parts[0].key, parts[0].head
    lines = tuple(part.line for part in parts)
    draft = {
        "id": event_id(maker, "testing", report),
        "kind": "testing",
        "subject": {"batch": {"maker": maker, "lot": head["lot"]}},
        **on_day(head["date"]),
        **given(by=_testers(lines)),
        "body": {
            **given(type="factory", report=report, sampled_unit=head["units"]),
            "items": [dict(part.item) for part in parts],
        },
    }
    said = Said(draft=draft, speaker=maker, fields={"": "report", **_ITEM_FIELDS}, items=lines)
    return RowGroup(lines=lines, said=(*whose.cast.introductions(maker), said))


# ---- a laboratory's results ---------------------------------------------------------------------------------


def laboratory_results(lines: Sequence[Line], whose: Whose, troubles: list[Trouble]) -> list[RowGroup]:
    parts = [part for line in lines if (part := _laboratory_part(Reading(line), whose, troubles)) is not None]
    return [_laboratory_report(some, whose) for some in together(parts, troubles) if some]


def _laboratory_part(reading: Reading, whose: Whose, troubles: list[Trouble]) -> Part | None:
    line = reading.line
    report = reading.text("report")
    cma = reading.need("cma", lambda cell: parse_cma_number(required_text(cell)))
    laboratory = None if cma is None else whose.cast.laboratory(cma, reading.note("laboratory"))
    head = {
        "lot": reading.text("lot"),
        "maker": whose.maker_of(reading, laboratory or whose.maker),
        "units": reading.unit("units"),
        "inspection": reading.word("inspection", INSPECTION_WORDS),
        "sampling": reading.note("sampling"),
        "length": None if line.cell("length").is_empty else reading.length("length"),
        "region": None if line.cell("region").is_empty else reading.region("region"),
        "date": reading.day("date", date_of),
    }
    if head["length"] is not None and line.cell("units").is_empty:
        reading.text("units")
    item = _item(reading)
    troubles += reading.troubles
    if reading.troubles or report is None or cma is None:
        return None
    return Part(line, (cma, report), head, item)


def _laboratory_report(parts: Sequence[Part], whose: Whose) -> RowGroup:
    (cma, report), head = parts[0].key, parts[0].head
    laboratory = whose.cast.laboratory(cma, None)
    lines = tuple(part.line for part in parts)
    test_type, _ = head["inspection"]
    sampling = _sampling(parts[0], laboratory, whose)
    testing = {
        # Under the accreditation, not the party: a laboratory that registers itself later has no other reports.
        "id": event_id(f"cma:{cma}", "testing", report),
        "kind": "testing",
        "subject": {"batch": {"maker": head["maker"], "lot": head["lot"]}},
        **on_day(head["date"]),
        **given(by=_testers(lines)),
        "body": {
            **given(
                type=test_type,
                report=report,
                cma=cma,
                sampled_unit=head["units"],
                sampling=None if sampling is None else sampling.draft["body"]["number"],
            ),
            "items": [dict(part.item) for part in parts],
        },
    }
    said = Said(draft=testing, speaker=laboratory, fields={"": "report", **_ITEM_FIELDS}, items=lines)
    sampled = () if sampling is None else (sampling,)
    return RowGroup(lines=lines, said=(*whose.cast.introductions(laboratory), *sampled, said))


def _sampling(part: Part, laboratory: str, whose: Whose) -> Said | None:
    """The sampling behind a report; None where no drum is named, or neither its number nor a length."""
    (cma, report), head = part.key, part.head
    if head["units"] is None or (head["sampling"] is None and head["length"] is None):
        return None
    _, sampling_type = head["inspection"]
    authority = _authority(head["region"], head["date"], whose) if sampling_type == "supervision" else None
    draft = {
        "id": event_id(f"cma:{cma}", "sampling", report),
        "kind": "sampling",
        "subject": {"batch": {"maker": head["maker"], "lot": head["lot"]}},
        **on_day(head["date"]),
        **given(place=given(region=head["region"])),
        "body": given(
            type=sampling_type,
            number=head["sampling"] or report,
            unit=head["units"],
            length_mm=head["length"],
            authority=authority,
        ),
    }
    fields = {
        "": "report",
        "/subject/batch": "lot",
        "/body/number": "sampling",
        "/body/unit": "units",
        "/body/length_mm": "length",
        "/place": "region",
        "/entered_for": "region",
        "/occurred_at": "date",
    }
    return Said(draft=draft, speaker=authority or laboratory, fields=fields, derived=("/body/authority",))


def _authority(region: str | None, day: date | None, whose: Whose) -> str | None:
    """The regulator nearest to the place, of those that let the laboratory enter samplings on that day."""
    if region is None or day is None:
        return None
    competent = [
        party
        for party in whose.known.authorities.get(day, ())
        if party.region is not None and is_within(region, party.region)
    ]
    nearest = max(
        competent, key=lambda party: (len(region_path(party.region or "")), -party.seq), default=None
    )
    return None if nearest is None else nearest.id
