"""Each rule of the alerts: what it finds, what it leaves alone, and what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cabletrace.alerts.rules import RULES, SEVERITIES, AcceptedEvent, Alert, Severity, alerts_of, rules_for
from cabletrace.errors import Broken
from cabletrace.model import rules as admission
from cabletrace.model.kinds import KINDS
from cabletrace.model.state import KnownBatch, UnitLength
from cabletrace.model.values import party_id
from drafts_for_tests import GOODS, MAKER, acceptance, dispatch, production, receipt, report, use
from world_for_tests import NOON, draft_of

#: Ten coils of 100 m of house wire: its limit is 7.41 Ω/km, its least copper about 20.7 kg.
COILS = KnownBatch(
    code="0000000000",
    maker=party_id(MAKER),
    lot="L1",
    product="P01",
    designation="BV 450/750V 2.5",
    certificate="2021010105400017",
    produced_on=date(2026, 4, 1),
    length_mm=1_000_000,
    units=(UnitLength(first=1, last=10, length_mm=100_000),),
)


def event(envelope: dict[str, Any], *marks: str) -> AcceptedEvent:
    return AcceptedEvent(
        seq=7,
        recorded_at=NOON,
        draft=draft_of(envelope),
        speaker="speaker",
        actor="actor",
        marks=marks,
        batch=COILS.code,
    )


def found(envelope: dict[str, Any], *marks: str, batch: KnownBatch = COILS) -> list[tuple[str, int | None]]:
    return [(alert.rule, alert.unit) for alert in alerts_of(event(envelope, *marks), batch)]


def only(envelope: dict[str, Any], *marks: str, batch: KnownBatch = COILS) -> Alert:
    (alert,) = alerts_of(event(envelope, *marks), batch)
    return alert


# --- copper -------------------------------------------------------------------------------------------


def with_copper(*masses_g: int | None, material: str = "copper") -> dict[str, Any]:
    envelope = production(units=[(1, 10, 100_000)])
    envelope["draft"]["body"]["materials"] = [
        {"material": material} if mass is None else {"material": material, "mass_g": mass}
        for mass in masses_g
    ]
    return envelope


@pytest.mark.parametrize(
    ("masses_g", "is_short"),
    [
        ((21_300,), False),  # as honest wire has
        ((20_100,), False),  # 97.2 % of the least
        ((20_000,), True),  # 96.7 %
        ((10_000, 10_000), True),
        ((10_000, 11_300), False),
        ((0,), True),
        ((), False),  # nobody said what went in
        ((10_000, None), False),  # one lot was not weighed
    ],
)
def test_copper_is_short_below_the_threshold_and_only_when_it_is_known(
    masses_g: tuple[int | None, ...], is_short: bool
) -> None:
    assert found(with_copper(*masses_g)) == ([("copper-short", None)] if is_short else [])


def test_copper_that_is_short_is_told_with_the_estimate_and_its_ground() -> None:
    alert = only(with_copper(20_000))

    assert alert.severity is Severity.HIGH
    assert "用铜 20 kg" in alert.detail.zh
    assert "GB/T 3956-2008 表 1" in alert.detail.zh
    assert "20.684 kg" in alert.detail.zh
    assert "96.69 %" in alert.detail.zh
    assert "估算，待认定" in alert.detail.zh
    assert "20.684 kg" in alert.detail.en


def test_other_material_is_no_copper_and_aluminium_has_none() -> None:
    aluminium = replace(COILS, designation="YJLV 0.6/1kV 4×120")

    assert found(with_copper(20_000, material="compound")) == []
    assert found(with_copper(20_000), batch=aluminium) == []


# --- tests --------------------------------------------------------------------------------------------


def resistance(
    value: str, *, declared: str = "none", conclusion: str = "none", **item: str
) -> dict[str, Any]:
    envelope = report(number="JC-9", unit=3)
    body = envelope["draft"]["body"]
    body["items"] = [{"indicator": "导体电阻", "value": value, "unit": "Ω/km", "declared": declared, **item}]
    body["conclusion"] = conclusion
    return envelope


@pytest.mark.parametrize(
    ("declared", "conclusion", "rule"),
    [
        ("pass", "none", "declared-verdict-contradicts-values"),
        ("pass", "fail", "declared-verdict-contradicts-values"),
        ("none", "pass", "declared-verdict-contradicts-values"),
        ("fail", "pass", "declared-verdict-contradicts-values"),
        ("fail", "fail", "test-beyond-limit"),
        ("none", "none", "test-beyond-limit"),
        ("none", "fail", "test-beyond-limit"),
    ],
)
def test_a_report_beyond_the_limit_is_one_alert_by_what_it_declares(
    declared: str, conclusion: str, rule: str
) -> None:
    alert = only(resistance("7.98", declared=declared, conclusion=conclusion))

    assert (alert.rule, alert.unit, alert.report) == (rule, 3, "JC-9")


@pytest.mark.parametrize("value", ["7.41", "7.40", "0", "-7.98"])
def test_a_value_within_the_limit_or_no_value_at_all_is_left_alone(value: str) -> None:
    assert found(resistance(value, declared="pass")) == []


def test_a_reading_is_judged_at_20_degrees() -> None:
    # 7.60 Ω/km in a room of 30 °C is 7.313 at 20 °C; at 10 °C it would be 7.916
    assert found(resistance("7.60", temperature_celsius="30")) == []
    assert found(resistance("7.60", temperature_celsius="10")) == [("test-beyond-limit", 3)]
    assert found(resistance("7.98", temperature_celsius="90")) == []  # no room for a test


def test_a_reading_is_told_as_reported_with_its_limit_and_excess() -> None:
    alert = only(resistance("7.60", temperature_celsius="10", declared="pass"))

    assert alert.detail.zh == (
        "报告 JC-9（取样 3 号盘）：导体电阻实测 7.60 Ω/km（10 ℃），换算到 20 ℃ 为 7.9108 Ω/km，"
        "限值 7.41 Ω/km（GB/T 3956-2008 表 1），超出 6.76 %（I 级）。报告写「合格」，与所报数值不符。"
    )
    assert alert.detail.en == (
        "Report JC-9 (sample of unit 3): conductor resistance 7.60 Ω/km at 10 °C, 7.9108 Ω/km at 20 °C, "
        "limit 7.41 Ω/km (GB/T 3956-2008 table 1), 6.76 % above it (grade I); the report says passed, against "
        "its own values."
    )


def test_each_core_has_its_own_limit() -> None:
    power = replace(COILS, designation="YJV 0.6/1kV 3×95+1×50")

    assert found(resistance("0.30", core="主线芯"), batch=power) == [("test-beyond-limit", 3)]  # 0.193
    assert found(resistance("0.30", core="中性线芯"), batch=power) == []  # 0.387
    assert found(resistance("0.39", core="中性线芯"), batch=power) == [("test-beyond-limit", 3)]
    assert found(resistance("0.39", core="红"), batch=power) == []  # which one that is, nobody knows


def test_a_thickness_below_a_limit_that_was_seen_is_told_with_what_it_lacks() -> None:
    alert = only(resistance("0.70", indicator="绝缘平均厚度", unit="mm", declared="pass", core="红"))

    assert alert.rule == "declared-verdict-contradicts-values"
    assert (
        "绝缘平均厚度（红）实测 0.70 mm，限值 0.8 mm（GB/T 5023-2008 60227 IEC 01），低 12.5 %（I 级）"
        in alert.detail.zh
    )
    assert (
        "mean insulation thickness (红) 0.70 mm, limit 0.8 mm (GB/T 5023-2008 60227 IEC 01), 12.5 % below it (grade I)"
        in alert.detail.en
    )


def test_a_room_temperature_changes_resistance_alone() -> None:
    alert = only(resistance("120", indicator="断裂伸长率", unit="%", temperature_celsius="10"))

    assert "断裂伸长率实测 120 %，限值 125 %" in alert.detail.zh
    assert "20 ℃" not in alert.detail.zh


@pytest.mark.parametrize(
    ("value", "item"),
    [
        ("0.1", {"indicator": "绝缘最薄处厚度", "unit": "mm"}),  # how it is compared is recalled
        ("0.1", {"indicator": "护套平均厚度", "unit": "mm"}),  # such wire has no sheath
        ("0.1", {"indicator": "外径", "unit": "mm"}),  # no limit is kept
        ("0.1", {"indicator": "电压试验", "unit": "kV"}),  # what was applied, not what it held
        ("0.75", {"indicator": "绝缘平均厚度", "unit": "mm"}),  # 0.8 when rounded
    ],
)
def test_what_rests_on_no_limit_that_was_seen_is_no_alert(value: str, item: dict[str, str]) -> None:
    assert found(resistance(value, declared="pass", **item)) == []


# --- a report and the copper together -------------------------------------------------------------------

#: 15.5 kg where 20.684 kg are the least that reaches 7.41 Ω/km: 74.94 %.
SHORT = replace(COILS, copper_g=15_500)


def test_a_passing_report_of_a_batch_whose_copper_cannot_pass_is_an_alert_of_its_own() -> None:
    alert = only(resistance("7.30", declared="pass"), batch=SHORT)

    assert (alert.rule, alert.unit, alert.report) == ("report-against-copper", 3, "JC-9")
    assert alert.severity is Severity.HIGH
    assert alert.detail.zh == (
        "报告 JC-9：导体电阻符合 GB/T 3956-2008 表 1 的限值；而本批登记用铜 15.5 kg，只有达到该限值至少所需的 74.94 %。"
        "两者不能都对（估算，待认定）。"
    )
    assert "15.5 kg of copper" in alert.detail.en
    assert "74.94 % of the least" in alert.detail.en


@pytest.mark.parametrize(
    ("copper_g", "is_against_it"),
    [(20_063, True), (20_064, False), (None, False), (0, True), (21_300, False)],
)
def test_a_report_is_against_the_copper_below_the_threshold_and_only_when_it_is_known(
    copper_g: int | None, is_against_it: bool
) -> None:
    batch = replace(COILS, copper_g=copper_g)

    assert found(resistance("7.30"), batch=batch) == ([("report-against-copper", 3)] if is_against_it else [])


def test_a_report_that_fails_as_its_copper_lets_expect_is_plausible() -> None:
    assert found(resistance("9.80", declared="fail"), batch=SHORT) == [("test-beyond-limit", 3)]


def test_a_report_without_a_resistance_that_is_judged_says_nothing_against_the_copper() -> None:
    assert found(resistance("0.9", indicator="绝缘平均厚度", unit="mm"), batch=SHORT) == []
    assert found(resistance("0"), batch=SHORT) == []
    power = replace(SHORT, designation="YJV 0.6/1kV 3×95+1×50")
    assert found(resistance("0.1", core="红"), batch=power) == []  # which one that is, nobody knows


def test_a_report_with_one_core_beyond_its_limit_is_told_as_such_alone() -> None:
    envelope = resistance("7.30")
    items = envelope["draft"]["body"]["items"]
    items.append({**items[0], "value": "7.98", "core": "红"})

    assert found(envelope, batch=SHORT) == [("test-beyond-limit", 3)]


def test_the_standard_of_the_day_of_production_judges() -> None:
    before_the_standard = replace(COILS, produced_on=date(2009, 9, 30))

    assert found(resistance("7.98"), batch=before_the_standard) == []
    assert found(with_copper(20_000), batch=before_the_standard) == []


def test_a_limit_of_which_no_print_was_seen_raises_no_alert() -> None:
    # 1000 mm² stands in a print, 1200 mm² is only recalled
    seen = replace(COILS, designation="YJV 0.6/1kV 1×1000", length_mm=1_000_000)
    recalled = replace(COILS, designation="YJV 0.6/1kV 1×1200", length_mm=1_000_000)

    assert found(resistance("0.5"), batch=seen) == [("test-beyond-limit", 3)]
    assert found(resistance("0.5"), batch=recalled) == []
    assert found(with_copper(20_000), batch=seen) == [("copper-short", None)]
    assert found(with_copper(20_000), batch=recalled) == []


# --- marks --------------------------------------------------------------------------------------------

MARKED = {
    "certificate-not-valid-at-production": production(),
    "outside-certificate-scope": production(),
    "use-before-admission": use(unit=4),
    "receipt-without-dispatch": receipt(units=[(4, 4)]),
    "length-deviates": acceptance(units=[(4, 4)], measured=[(4, 97_000)]),
}


@pytest.mark.parametrize("name", MARKED)
def test_a_mark_is_an_alert_and_what_is_not_marked_is_none(name: str) -> None:
    envelope = MARKED[name]

    assert found(envelope, name) == [(name, None if "certificate" in name else 4)]
    assert found(envelope) == []
    assert found(envelope, "seen-before-production") == []


def test_only_units_that_deviate_are_named_each_by_itself() -> None:
    measured = [(1, 99_000), (2, 98_999), (3, 101_000), (4, 101_001), (5, 100_000)]

    alerts = alerts_of(event(acceptance(units=[(1, 5)], measured=measured), "length-deviates"), COILS)

    assert [(alert.n, alert.unit) for alert in alerts] == [(0, 2), (1, 4)]
    assert "实测 98.999 m，登记 100 m（少 1 %）" in alerts[0].detail.zh
    assert "measured 101.001 m, registered with 100 m (1 % more)" in alerts[1].detail.en


def test_a_receipt_names_the_drums_that_measured_otherwise_and_the_total() -> None:
    measured = [(1, 99_000), (2, 98_999)]
    envelope = receipt(units=[(1, 2)], length_mm=190_000, measured=measured)

    drum, total = alerts_of(event(envelope, "length-deviates"), COILS)

    assert (drum.unit, total.unit) == (2, None)
    assert "2026-04-12 收货：2 号盘实测 98.999 m，登记 100 m" in drum.detail.zh
    assert "1-2 号盘共收到 190 m，登记 200 m" in total.detail.zh
    assert "190 m came on units 1-2, registered with 200 m" in total.detail.en


@pytest.mark.parametrize(
    ("envelope", "unit", "words"),
    [
        (receipt(units=[(4, 4)]), 4, "收到 4 号盘，登记时没有"),
        (receipt(units=[(4, 6)]), None, "收到 4-6 号盘，登记时其中至少一盘没有"),
        (receipt(units=[(4, 4), (6, 6)]), None, "收到 4, 6 号盘"),
        (receipt(length_mm=12_500), None, "收到 散装 12.5 m，登记时没有"),
    ],
)
def test_a_receipt_names_a_unit_only_when_it_is_a_single_one(
    envelope: dict[str, Any], unit: int | None, words: str
) -> None:
    alert = only(envelope, "receipt-without-dispatch")

    assert alert.unit == unit
    assert words in alert.detail.zh


def test_drums_that_are_taken_from_another_without_a_dispatch_weigh_more_than_loose_metres() -> None:
    """A drum that nobody sent to its receiver leaves the stock, the project or the use of somebody else."""
    drum = only(receipt(units=[(4, 4)]), "receipt-without-dispatch")
    loose = only(receipt(length_mm=12_500), "receipt-without-dispatch")

    assert (drum.severity, loose.severity) == (Severity.HIGH, Severity.LOW)


@pytest.mark.parametrize(
    ("name", "severity"), [("order-other-cable", Severity.MEDIUM), ("price-below-order", Severity.LOW)]
)
def test_a_dispatch_against_its_order_names_cable_drums_and_order_and_no_price(
    name: str, severity: Severity
) -> None:
    envelope = dispatch(units=[(1, 3)], order="DD-7", price_fen_per_metre=20_099)

    alert = only(envelope, name)

    assert (alert.severity, alert.unit) == (severity, None)
    assert f"按订单 DD-7 发出 {COILS.designation}（1-3 号盘）" in alert.detail.zh
    assert "under order DD-7" in alert.detail.en
    assert "200" not in alert.detail.zh + alert.detail.en
    assert found(envelope) == []
    assert "散装 12.5 m" in only(dispatch(length_mm=12_500, order="DD-7"), name).detail.zh


def test_a_production_without_a_certificate_is_told_so() -> None:
    name = "certificate-not-valid-at-production"

    assert "2021010105400017" in only(production(), name).detail.zh
    assert "未写证书" in only(production(), name, batch=replace(COILS, certificate=None)).detail.zh


@pytest.mark.parametrize(
    ("envelope", "words"),
    [
        (production(units=[(1, 3, 100_000), (5, 5, 100_000)]), "「生产」（1-3, 5 号盘）"),
        (dispatch(units=[(4, 4)]), "「发货」（4 号盘）"),
        (use(unit=4), "「使用」（4 号盘）"),
        (dispatch(length_mm=12_500), "「发货」与在案"),
    ],
)
def test_a_correction_after_movement_names_the_units_of_whatever_it_corrects(
    envelope: dict[str, Any], words: str
) -> None:
    corrected = replace(event(envelope, "correction-after-movement"), about=3)

    (alert,) = alerts_of(corrected, COILS)

    assert alert.rule == "correction-after-movement"
    assert words in alert.detail.zh


# --- the whole ----------------------------------------------------------------------------------------


def test_an_alert_says_whose_batch_and_whose_statement_it_is() -> None:
    alert = only(MARKED["use-before-admission"], "use-before-admission")

    assert (alert.seq, alert.n, alert.recorded_at) == (7, 0, NOON)
    assert (alert.batch, alert.lot, alert.maker, alert.party) == (
        "0000000000",
        "L1",
        party_id(MAKER),
        "speaker",
    )
    assert alert.project is not None


def test_several_rules_on_one_event_are_numbered_through() -> None:
    alerts = alerts_of(event(with_copper(20_000), "certificate-not-valid-at-production"), COILS)

    assert [(alert.n, alert.rule) for alert in alerts] == [
        (0, "copper-short"),
        (1, "certificate-not-valid-at-production"),
    ]


def test_events_that_no_rule_looks_at_need_no_batch() -> None:
    arrival = event(receipt(units=[(1, 1)]))

    assert rules_for(arrival) == ()
    assert alerts_of(arrival, None) == ()


def test_a_report_on_goods_without_a_code_is_looked_at_by_no_rule() -> None:
    # There is no designation to judge it by; to ask for its batch would stop all alerts.
    of_goods = replace(event(report({"goods": GOODS}, unit=None, value="9.9")), batch=None)

    assert alerts_of(of_goods, None) == ()


def test_an_accepted_event_about_no_batch_is_an_invariant_broken() -> None:
    with pytest.raises(Broken, match="not registered"):
        alerts_of(event(report()), None)


def test_every_rule_explains_itself_and_accuses_nobody() -> None:
    for rule in RULES.values():
        assert rule.kind in KINDS
        assert rule.severity in SEVERITIES
        for text in (rule.title, rule.explanation):
            assert text.zh
            assert text.en
            assert not any(word in text.zh for word in ("违法", "造假", "假冒", "伪劣", "罪"))
        assert not rule.is_mark or rule.name in admission.RULES
