"""What a certificate covers is compared with what a cable is, as far as both say so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cabletrace.errors import InputError
from cabletrace.ledger import canonical
from cabletrace.model.admission import Admitted
from cabletrace.model.certificate_scope import CertificateScope, outside
from cabletrace.model.designation import parse_designation, rated_voltage
from cabletrace.model.drafts import parse_draft
from drafts_for_tests import MAKER, REGULATOR, certificate, production
from world_for_tests import World, world_with_a_batch

CABLE = parse_designation("ZC-YJV22 0.6/1kV 3×95+1×50")
WHOLE = CertificateScope(
    types=("YJV", "YJV22"),
    voltages=("0.6/1kV", "1.8/3kV"),
    least_area_mm2="1.5",
    largest_area_mm2="95",
    most_cores=4,
    factories=("411603", "410100"),
)


def test_a_cable_within_every_limit_and_one_of_which_nothing_is_said_are_covered() -> None:
    assert outside(WHOLE, CABLE, "411603") is None
    assert outside(CertificateScope(), CABLE, "610100") is None
    assert outside(None, CABLE, "610100") is None


@pytest.mark.parametrize(
    ("scope", "region", "said"),
    [
        (replace(WHOLE, types=("YJV",)), "411603", "型号 YJV22"),
        (replace(WHOLE, voltages=("8.7/15kV",)), "411603", "电压 0.6/1kV"),
        (replace(WHOLE, least_area_mm2="120", largest_area_mm2=None), "411603", "截面 95"),
        (replace(WHOLE, largest_area_mm2="94.9"), "411603", "截面 95"),
        (replace(WHOLE, most_cores=3), "411603", "芯数 4"),
        (WHOLE, "411602", "生产地 411602"),
    ],
)
def test_each_limit_is_told_by_itself(scope: CertificateScope, region: str, said: str) -> None:
    found = outside(scope, CABLE, region)

    assert found is not None
    assert said in found.zh
    assert "registered scope" in found.en


def test_a_region_that_is_named_holds_its_counties_and_an_unknown_place_is_not_judged() -> None:
    assert outside(WHOLE, CABLE, "410105") is None
    assert outside(WHOLE, CABLE, "") is None


@pytest.mark.parametrize(
    ("text", "voltage"),
    [("0.6/1KV", "0.6/1kV"), ("1kV", "0.6/1kV"), ("450/750 V", "450/750V"), ("高压", "高压")],
)
def test_a_voltage_is_read_in_any_spelling(text: str, voltage: str) -> None:
    assert rated_voltage(text) == voltage


def test_types_are_the_same_however_the_standards_call_them() -> None:
    wire = parse_designation("BV 450/750V 2.5")

    assert outside(CertificateScope(types=("60227 IEC 01(BV)",)), wire) is None
    assert outside(CertificateScope(types=("BVR",)), wire) is not None


def test_the_scope_of_the_day_of_production_counts() -> None:
    world: World = world_with_a_batch()
    narrow = {"types": ["BV"]}
    world.happened(certificate(valid_from="2026-05-01", scope=narrow), by=REGULATOR)

    before = world.hear(production("L8", on="2026-04-30"), by=MAKER)
    after = world.hear(production("L9", on="2026-05-01"), by=MAKER)

    assert before == Admitted(())
    assert isinstance(after, Admitted)
    assert after.marks == ("outside-certificate-scope",)
    assert "YJV" in after.findings[0].detail.zh


def test_a_certificate_that_is_not_valid_is_told_once() -> None:
    world: World = world_with_a_batch()
    suspended = certificate(valid_from="2026-05-01", status="suspended", scope={"types": ["BV"]})
    world.happened(suspended, by=REGULATOR)

    verdict = world.hear(production("L9", on="2026-05-01"), by=MAKER)

    assert isinstance(verdict, Admitted)
    assert verdict.marks == ("certificate-not-valid-at-production",)


def test_areas_that_run_the_wrong_way_round_are_refused_at_their_end() -> None:
    def scoped(least: str, largest: str) -> bytes:
        said = certificate(scope={"least_area_mm2": least, "largest_area_mm2": largest})
        return canonical.encode(said["draft"])

    with pytest.raises(InputError) as caught:
        parse_draft(scoped("240", "1.5"))
    same = parse_draft(scoped("9", "9.0"))  # as numbers: in the order of letters 10 would come before 9
    rising = parse_draft(scoped("9", "10"))

    assert [each.where for each in caught.value.problems] == ["/body/scope/largest_area_mm2"]
    assert same.kind == rising.kind == "certificate"
