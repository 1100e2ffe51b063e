"""Test indicators: many spellings, one name; and units that fit or do not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cabletrace.errors import InputError
from cabletrace.model.indicators import INDICATORS, check_unit, in_base_unit, parse_indicator


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("导体电阻", "conductor-resistance"),
        (" 导体 电阻 ", "conductor-resistance"),
        ("20℃导体直流电阻", "conductor-resistance"),
        ("20°C导体直流电阻", "conductor-resistance"),
        ("绝缘平均厚度", "insulation-thickness-mean"),
        ("绝缘厚度（平均值）", "insulation-thickness-mean"),
        ("绝缘最薄点厚度", "insulation-thickness-least"),
        ("护套最薄处厚度", "sheath-thickness-least"),
        ("抗张强度", "insulation-strength"),
        ("护套断裂伸长率", "sheath-elongation"),
        ("热延伸", "hot-set-elongation"),
        ("热失重", "mass-loss"),
        ("耐臭氧", "ozone"),
        ("成束燃烧", "flame-bunched"),
        ("PH值", "acidity"),
        ("conductor-resistance", "conductor-resistance"),
    ],
)
def test_an_indicator_is_known_by_every_usual_name(written: str, name: str) -> None:
    assert parse_indicator(written).name == name


def test_an_unknown_indicator_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(InputError) as refused:
        parse_indicator("绝缘平均厚")

    assert refused.value.code == "wrong-input"
    assert refused.value.problems[0].remedy is not None
    assert "绝缘平均厚度" in refused.value.problems[0].remedy.zh


def test_no_spelling_means_two_indicators() -> None:
    for indicator in INDICATORS:
        for spelling in indicator.spellings:
            assert parse_indicator(spelling) is indicator


@pytest.mark.parametrize(
    ("indicator", "unit", "in_base"),
    [
        ("导体电阻", "Ω/km", "7.41"),
        ("导体电阻", "\u2126/KM", "7.41"),
        ("导体电阻", "欧/千米", "7.41"),
        ("导体电阻", "mΩ/m", "7.41"),
        ("导体电阻", "Ω/m", "7410"),
        ("绝缘平均厚度", "㎜", "7.41"),
        ("绝缘抗张强度", "MPa", "7.41"),
        ("绝缘抗张强度", "N/mm2", "7.41"),
        ("断裂伸长率", "％", "7.41"),
        ("绝缘电阻", "MΩ•km", "7.41"),
        ("热失重", "mg/cm2", "7.41"),
        ("电压试验", "V", "0.00741"),
        ("耐臭氧", "", "7.41"),
    ],
)
def test_a_fitting_unit_is_read_in_any_spelling(indicator: str, unit: str, in_base: str) -> None:
    found = parse_indicator(indicator)

    check_unit(found, unit)

    assert in_base_unit(found, Decimal("7.41"), unit) == Decimal(in_base)


@pytest.mark.parametrize(
    ("indicator", "unit"),
    [("导体电阻", "kg"), ("导体电阻", "MΩ/m"), ("导体电阻", ""), ("绝缘平均厚度", "Ω/km"), ("绝缘电阻", "mΩ·km"), ("耐臭氧", "mm")],
)  # fmt: skip
def test_a_unit_that_does_not_fit_is_refused(indicator: str, unit: str) -> None:
    with pytest.raises(InputError) as refused:
        check_unit(parse_indicator(indicator), unit)

    assert refused.value.code == "wrong-quantity"
    assert "计量单位" in refused.value.problems[0].detail.zh


def test_every_indicator_is_named_in_both_languages_and_has_a_method() -> None:
    assert len({indicator.name for indicator in INDICATORS}) == len(INDICATORS)
    for indicator in INDICATORS:
        assert indicator.title.zh
        assert indicator.title.en.isascii()
        assert indicator.method.startswith("GB/T ")
        assert all(unit.factor > 0 for unit in indicator.units)
        assert not indicator.units or indicator.units[0].factor == 1
