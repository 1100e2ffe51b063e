"""What a test can measure on a cable (检测项目): one stable name behind many spellings, its units, its method.

The key indicators of the 2021 campaign's notice and what the sampling rules add to them. A value is
compared only in its indicator's first unit; a unit that does not fit is a wrong row, not a wrong cable.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from ..errors import InputError, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit as printed, and how many of the indicator's first unit it is."""

    symbol: str
    factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """``units`` begins with the one values are compared in; empty means the result is words (通过, 不燃)."""

    name: str
    title: Text
    spellings: tuple[str, ...]
    units: tuple[Unit, ...]
    method: str


def _units(base: str, **others: str) -> tuple[Unit, ...]:
    return (Unit(symbol=base), *(Unit(symbol=symbol, factor=Decimal(f)) for symbol, f in others.items()))


_OHM_PER_KM = _units("Ω/km", **{"mΩ/m": "1", "Ω/m": "1000", "Ω/100m": "10", "mΩ/km": "0.001"})
_MM = _units("mm", **{"μm": "0.001", "cm": "10"})
_STRENGTH = _units("N/mm²", **{"MPa": "1"})
_PERCENT = _units("%")
_VOLTAGE = _units("kV", V="0.001")
_INSULATION = _units("MΩ·km", **{"GΩ·km": "1000", "MΩ·m": "0.001", "GΩ·m": "1"})


def _indicator(
    name: str, zh: str, en: str, method: str, units: tuple[Unit, ...] = (), *, also: str = ""
) -> Indicator:
    return Indicator(name=name, title=Text(zh, en), spellings=(zh, *also.split()), units=units, method=method)


#: A name that leaves out the part means the insulation, which every cable has.
INDICATORS = (
    _indicator("conductor-resistance", "导体电阻", "Conductor resistance", "GB/T 3048.4", _OHM_PER_KM,
               also="导体直流电阻 直流电阻 20℃导体电阻 20℃导体直流电阻 20℃时导体电阻 导体电阻(20℃)"),
    _indicator("insulation-thickness-mean", "绝缘平均厚度", "Mean insulation thickness", "GB/T 2951.11", _MM,
               also="绝缘厚度 绝缘厚度平均值 绝缘厚度(平均值) 绝缘厚度平均 平均厚度"),
    _indicator("insulation-thickness-least", "绝缘最薄处厚度", "Least insulation thickness", "GB/T 2951.11", _MM,
               also="绝缘最薄点厚度 绝缘最小厚度 绝缘最薄厚度 绝缘厚度(最薄处) 绝缘厚度(最薄点) 绝缘厚度最小值 最薄处厚度 最薄点厚度"),
    _indicator("sheath-thickness-mean", "护套平均厚度", "Mean sheath thickness", "GB/T 2951.11", _MM,
               also="护套厚度 护套厚度平均值 护套厚度(平均值) 外护套平均厚度 外护套厚度"),
    _indicator("sheath-thickness-least", "护套最薄处厚度", "Least sheath thickness", "GB/T 2951.11", _MM,
               also="护套最薄点厚度 护套最小厚度 护套最薄厚度 护套厚度(最薄处) 护套厚度(最薄点) 护套厚度最小值 外护套最薄处厚度 外护套最薄点厚度"),
    _indicator("insulation-strength", "绝缘抗张强度", "Tensile strength of the insulation", "GB/T 2951.11", _STRENGTH,
               also="抗张强度 绝缘老化前抗张强度 绝缘抗拉强度 老化前抗张强度"),
    _indicator("sheath-strength", "护套抗张强度", "Tensile strength of the sheath", "GB/T 2951.11", _STRENGTH,
               also="护套老化前抗张强度 护套抗拉强度"),
    _indicator("insulation-elongation", "绝缘断裂伸长率", "Elongation at break of the insulation", "GB/T 2951.11", _PERCENT,
               also="断裂伸长率 绝缘老化前断裂伸长率 绝缘断裂伸长 老化前断裂伸长率"),
    _indicator("sheath-elongation", "护套断裂伸长率", "Elongation at break of the sheath", "GB/T 2951.11", _PERCENT,
               also="护套老化前断裂伸长率 护套断裂伸长"),
    _indicator("insulation-strength-change", "绝缘老化后抗张强度变化率", "Change of the insulation's strength by ageing",
               "GB/T 2951.12", _PERCENT, also="老化后抗张强度变化率 抗张强度变化率"),
    _indicator("insulation-elongation-change", "绝缘老化后断裂伸长率变化率", "Change of the insulation's elongation by ageing",
               "GB/T 2951.12", _PERCENT, also="老化后断裂伸长率变化率 断裂伸长率变化率"),
    _indicator("sheath-strength-change", "护套老化后抗张强度变化率", "Change of the sheath's strength by ageing",
               "GB/T 2951.12", _PERCENT, also="护套抗张强度变化率"),
    _indicator("sheath-elongation-change", "护套老化后断裂伸长率变化率", "Change of the sheath's elongation by ageing",
               "GB/T 2951.12", _PERCENT, also="护套断裂伸长率变化率"),
    _indicator("hot-set-elongation", "热延伸(载荷下伸长率)", "Hot set: elongation under load", "GB/T 2951.21", _PERCENT,
               also="热延伸 热延伸负荷下伸长率 热延伸载荷下伸长率 载荷下伸长率 负载下伸长率"),
    _indicator("hot-set-permanent", "热延伸(冷却后永久伸长率)", "Hot set: permanent elongation", "GB/T 2951.21", _PERCENT,
               also="热延伸永久伸长率 热延伸冷却后永久伸长率 冷却后永久伸长率 永久伸长率"),
    _indicator("shrinkage", "热收缩", "Shrinkage", "GB/T 2951.13", _PERCENT, also="绝缘热收缩 绝缘收缩 热收缩率"),
    _indicator("mass-loss", "热失重", "Loss of mass", "GB/T 2951.32", _units("mg/cm²"), also="失重 热失重试验 绝缘热失重"),
    _indicator("ozone", "耐臭氧", "Ozone resistance", "GB/T 2951.21", also="耐臭氧试验 耐臭氧性能"),
    _indicator("burning", "燃烧性能", "Behaviour in fire", "GB/T 18380", also="燃烧试验 阻燃性能 不延燃"),
    _indicator("flame-single", "单根垂直燃烧", "Vertical flame, single cable", "GB/T 18380.12", _MM,
               also="单根阻燃 单根燃烧 单根垂直燃烧试验"),
    _indicator("flame-bunched", "成束燃烧", "Vertical flame, bunched cables", "GB/T 18380.33～.36",
               _units("m", **{"cm": "0.01", "mm": "0.001"}), also="成束阻燃 成束燃烧试验 炭化高度"),
    _indicator("fire-resistance", "耐火", "Circuit integrity in fire", "GB/T 19216.21", also="耐火性能 耐火试验 线路完整性"),
    _indicator("smoke", "烟密度", "Smoke density", "GB/T 17651", _PERCENT, also="透光率 烟密度(透光率)"),
    _indicator("acid-gas", "酸气含量", "Halogen acid gas", "GB/T 17650", _units("mg/g"), also="卤酸气体含量 酸气"),
    _indicator("acidity", "酸度(pH值)", "Acidity of the gases", "GB/T 17650", _units("pH"), also="pH值 酸度"),
    _indicator("voltage", "电压试验", "Voltage test", "GB/T 3048.8", _VOLTAGE, also="耐压试验 交流电压试验 成品电压试验 工频耐压"),
    _indicator("spark", "火花试验", "Spark test", "GB/T 3048.9", _VOLTAGE, also="绝缘火花试验"),
    _indicator("insulation-resistance", "绝缘电阻", "Insulation resistance", "GB/T 3048.5", _INSULATION,
               also="70℃绝缘电阻 90℃绝缘电阻 20℃绝缘电阻 70℃时绝缘电阻"),
    _indicator("breaking-load", "导体拉断力", "Breaking load of the conductor", "GB/T 4909.3",
               _units("N", kN="1000"), also="拉断力"),
    _indicator("diameter", "外径", "Outer diameter", "GB/T 2951.11", _MM, also="平均外径 电缆外径 成品外径"),
    _indicator("identification", "线芯识别", "Identification of cores", "GB/T 6995", also="绝缘线芯识别 识别"),
    _indicator("marking", "标志", "Marking", "GB/T 6995", also="标志检查 印刷标志 表面标志"),
)  # fmt: skip


def parse_indicator(text: str) -> Indicator:
    """The indicator a report means by this name. Raises InputError `wrong-input` with the nearest names."""
    wanted = _fold_name(text)
    found = _by_spelling().get(wanted)
    if found is not None:
        return found
    near = difflib.get_close_matches(wanted[:40], _by_spelling(), n=3, cutoff=0.4)
    names = dict.fromkeys(_by_spelling()[name] for name in near)
    raise InputError.of(
        "wrong-input",
        "不是可识别的检测项目",
        "not a test indicator that is known here",
        came=text,
        remedy=Text(
            "相近的项目：" + "、".join(one.title.zh for one in names),
            "near it: " + ", ".join(one.title.en for one in names),
        )
        if names
        else None,
    )


def check_unit(indicator: Indicator, unit: str) -> None:
    """Raises InputError `wrong-quantity` if the unit of measure does not fit the indicator."""
    _unit_of(indicator, unit)


def in_base_unit(indicator: Indicator, value: Decimal, unit: str) -> Decimal:
    """A value in the unit its limits are written in: 7.41 mΩ/m is 7.41 Ω/km. Raises as `check_unit`."""
    return value * _unit_of(indicator, unit).factor


def _unit_of(indicator: Indicator, unit: str) -> Unit:
    folded = _fold_unit(unit)
    for known in indicator.units:
        if _fold_unit(known.symbol) == folded:
            return known
    if not indicator.units and folded in ("", "-", "/"):
        return Unit(symbol="")
    wanted = "、".join(known.symbol for known in indicator.units)
    raise InputError.of(
        "wrong-quantity",
        f"计量单位与检测项目“{indicator.title.zh}”不符，"
        + (f"应为 {wanted}" if wanted else "该项目没有单位"),
        f"the unit of measure does not fit the indicator {indicator.title.en!r}: "
        + (f"wanted {wanted.replace('、', ', ')}" if wanted else "it has none"),
        came=unit or "（空）",
    )


#: Read in this order. Prefixes keep their case, for mΩ is not MΩ.
_UNIT_SPELLINGS = (
    (re.compile(r"(?i:ohms?)|欧姆?|ω"), "Ω"),
    (re.compile(r"(?i:km)|千米|公里"), "km"),
    (re.compile(r"(?i:mm)\^?2|平方毫米"), "mm2"),
    (re.compile(r"(?i:cm)\^?2|平方厘米"), "cm2"),
    (re.compile(r"MM|Mm|毫米"), "mm"),
    (re.compile(r"(?i:kv)|千伏"), "kV"),
    (re.compile(r"(?i:mpa)|兆帕"), "MPa"),
    (re.compile(r"[•⋅*×.]"), "·"),
)


def _fold_unit(unit: str) -> str:
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", unit))
    for spelling, symbol in _UNIT_SPELLINGS:
        text = spelling.sub(symbol, text)
    return text


def _fold_name(text: str) -> str:
    """Half width, no spaces, one kind of brackets and of degree sign."""
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return folded.replace("°C", "℃").replace("【", "(").replace("】", ")").casefold()


@cache
def _by_spelling() -> Mapping[str, Indicator]:
    return MappingProxyType(
        {_fold_name(spelling): one for one in INDICATORS for spelling in (*one.spellings, one.name)}
    )
