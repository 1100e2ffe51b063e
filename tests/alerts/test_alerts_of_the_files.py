"""The rules over the values in the example files: every alert of truth.json that values give, and no other."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from cabletrace.alerts.rules import AcceptedEvent, Alert, alerts_of
from cabletrace.model.quantities import kilograms_to_g, measured, metres_to_mm
from cabletrace.model.state import KnownBatch
from drafts_for_tests import batch_of as named
from drafts_for_tests import production, report
from world_for_tests import NOON, draft_of

DATA = Path(__file__).parents[1] / "data"
VERDICTS = {"合格": "pass", "不合格": "fail"}
#: Rows that tests/data/README.md calls bad.
BAD_BATCHES = {*range(122, 129), *range(130, 133)}
BAD_FACTORY_TESTS, BAD_LABORATORY_TESTS = set(range(458, 462)), {38, 39, 40}

Rows = dict[int, dict[str, Any]]


def sheet(name: str) -> Rows:
    heading, *rows = (
        CalamineWorkbook.from_path(DATA / "factory-register.xlsx").get_sheet_by_name(name).to_python()
    )
    return {n: dict(zip(map(str, heading), row, strict=True)) for n, row in enumerate(rows, start=2)}


def laboratory() -> Rows:
    text = (DATA / "lab-results.csv").read_text(encoding="utf-8-sig")
    return dict(enumerate(csv.DictReader(text.splitlines()), start=2))


def batch_of(row: dict[str, Any]) -> KnownBatch:
    return KnownBatch(
        code="0000000000",
        maker="maker",
        lot=row["批号"],
        product=row["产品编号"],
        designation=row["型号规格"],
        certificate=None,
        produced_on=date(2026, 3, 1),
        length_mm=metres_to_mm(row["总长度(m)"]),
        units=(),
        copper_g=kilograms_to_g(row["用铜量(kg)"]),
    )


def judged(envelope: dict[str, Any], batch: KnownBatch) -> tuple[Alert, ...]:
    event = AcceptedEvent(
        seq=0,
        recorded_at=NOON,
        draft=draft_of(envelope),
        speaker="speaker",
        actor="actor",
        marks=(),
        batch=batch.code,
    )
    return alerts_of(event, batch)


def reports(rows: Rows, bad: set[int]) -> Iterator[dict[str, Any]]:
    """One test event for each report number, as the files are to be brought in."""
    by_number: dict[str, list[dict[str, Any]]] = {}
    for n, row in rows.items():
        if n not in bad:
            by_number.setdefault(row["报告编号"], []).append(row)
    for number, items in by_number.items():
        envelope = report(named(lot=items[0]["批号"]))
        envelope["draft"]["body"] |= {
            "report": number,
            "sampled_unit": int(items[0]["盘号"]),
            "conclusion": "none",
            "items": [
                {
                    "indicator": row["检测项目"],
                    "value": measured(row["实测值"]),
                    "unit": row["单位"],
                    "declared": VERDICTS[row["判定"]],
                    **({"core": row["线芯"]} if row["线芯"] else {}),
                    "temperature_celsius": str(Decimal(measured(row["环境温度(℃)"]))),
                }
                for row in items
            ],
        }
        yield envelope


def test_values_of_the_files_give_the_expected_alerts_and_no_others() -> None:
    # given
    good = {row["批号"]: row for n, row in sheet("批次").items() if n not in BAD_BATCHES}
    batches = {lot: batch_of(row) for lot, row in good.items()}
    truth = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))["alerts"]
    from_values = ("copper-short", "declared-verdict-contradicts-values", "test-beyond-limit")

    # when
    alerts: list[Alert] = []
    for lot, row in good.items():
        made = production(lot)
        made["draft"]["body"]["materials"] = [
            {"material": "copper", "lot": row["铜材批号"], "mass_g": kilograms_to_g(row["用铜量(kg)"])}
        ]
        alerts += judged(made, batches[lot])
    tests = [
        *reports(sheet("出厂检测"), BAD_FACTORY_TESTS),
        *reports(laboratory(), BAD_LABORATORY_TESTS),
    ]
    for envelope in tests:
        alerts += judged(envelope, batches[envelope["draft"]["subject"]["batch"]["lot"]])

    # then
    expected = [alert for alert in truth if alert["rule"] in from_values]
    of_values = [alert for alert in alerts if alert.rule in from_values]
    assert sorted((a.rule, a.lot, a.report or "") for a in of_values) == sorted(
        (e["rule"], e["lot"], e.get("report", "")) for e in expected
    )
    assert len(of_values) == 21
    # and every report of a lot that is short of copper, unless it is beyond a limit itself, is against that copper
    short = {e["lot"] for e in expected if e["rule"] == "copper-short"}
    beyond = {e["report"] for e in expected if "report" in e}
    assert {(a.rule, a.report) for a in alerts if a not in of_values} == {
        ("report-against-copper", each["draft"]["body"]["report"])
        for each in tests
        if each["draft"]["subject"]["batch"]["lot"] in short and each["draft"]["body"]["report"] not in beyond
    }
    units = {alert.report: alert.unit for alert in alerts}
    assert all(units[e["report"]] == e["unit"] for e in expected if "unit" in e)
