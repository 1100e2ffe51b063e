"""The letters of a cable's type (型号) and what they say about its conductor.

`YJLV22` is YJ (XLPE insulation) L (aluminium) V (PVC sheath) 22 (steel tape, PVC over it); copper has no
letter. Each family below is one grammar of the trade: GB/T 5023 and JB/T 8734 (wiring), GB/T 12706 (power),
GB/T 9330 (control), GB/T 12527 and GB/T 14049 (aerial), GB/T 5013 and JB/T 8735 (rubber), GB/T 13033
(mineral), GB/T 1179 (bare). Cables sold by the pair (computer, signal) and coaxial cables are not read:
their specification is not cores × area.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache


class Metal(StrEnum):
    COPPER = "copper"
    ALUMINIUM = "aluminium"
    ALUMINIUM_ALLOY = "aluminium-alloy"


class Family(StrEnum):
    WIRING = "wiring"
    FLEXIBLE = "flexible"
    POWER = "power"
    CONTROL = "control"
    AERIAL = "aerial"
    RUBBER = "rubber"
    MINERAL = "mineral"
    BARE = "bare"


#: One grammar for each family. `metal` and `flexible` are the letters that speak of the conductor.
_GRAMMAR = {
    Family.WIRING: r"B(?P<metal>L)?(?:VVB?|VB?|XF?|XY|YJ(?:F|V|Y|YJ)?)(?P<flexible>R)?(?:P[1-3]?)?(?:-(?:90|105|125))?",
    Family.FLEXIBLE: r"(?:R(?:VV?|X|YJ[VY]?)(?:[BS]P?)?(?:Y?P[1-3]?)?Y?(?:22|32)?|SVR)(?:-(?:90|105))?",
    Family.POWER: r"(?:YJ|V|Y)(?P<metal>LH|HL|L)?S?(?:V|Y|LW0[23])(?:P[1-3]?)?(?:[2-7][23])?(?P<flexible>R)?",
    Family.CONTROL: r"K(?:YJ|V|Y|F)(?:V|Y|F)(?P<flexible>R)?(?:P[1-3]?)?(?:-?[2-4][23])?",
    Family.AERIAL: r"JK(?P<metal>LH|L|TR)?G?(?:V|YJ|Y)(?:/(?:QB?|B))?",
    Family.RUBBER: r"Y(?:[QZC]W?B?|HF?)P?",
    Family.MINERAL: r"BTT(?:[VY]?[ZQ]|W)|BTLY|NG-A(?:\(BTLY\))?|BBTRZ|YTTW[VY]?|RTTY?Z",
    Family.BARE: r"(?P<metal>TJ|LJ|LGJF?|JLHA[1-4]|JL[1-4]?)(?:/(?:G[1-5][ABC]|LB[0-9]{2}A?|LHA[12]))?",
}
_PATTERNS = {family: re.compile(pattern) for family, pattern in _GRAMMAR.items()}

#: International numbers: the trade's type behind each, and the rated voltage the number fixes
#: (GB/T 5023.3 to .7, GB/T 5013.4 and .6).
_IEC_TYPES = {
    "60227 IEC 01": ("BV", "450/750V"),
    "60227 IEC 02": ("RV", "450/750V"),
    "60227 IEC 05": ("BV", "300/500V"),
    "60227 IEC 06": ("RV", "300/500V"),
    "60227 IEC 07": ("BV-90", "300/500V"),
    "60227 IEC 08": ("RV-90", "300/500V"),
    "60227 IEC 10": ("BVV", "300/500V"),
    "60227 IEC 42": ("RVB", "300/300V"),
    "60227 IEC 43": ("SVR", "300/300V"),
    "60227 IEC 52": ("RVV", "300/300V"),
    "60227 IEC 53": ("RVV", "300/500V"),
    "60227 IEC 56": ("RVV-90", "300/300V"),
    "60227 IEC 57": ("RVV-90", "300/500V"),
    "60227 IEC 74": ("RVVYP", "300/500V"),
    "60227 IEC 75": ("RVVY", "300/500V"),
    "60245 IEC 53": ("YZ", "300/500V"),
    "60245 IEC 57": ("YZW", "300/500V"),
    "60245 IEC 66": ("YCW", "450/750V"),
    "60245 IEC 81": ("YH", ""),
    "60245 IEC 82": ("YHF", ""),
}
_IEC = re.compile(
    r"(?:60)?(?P<series>227|245) ?-?IEC ?-?(?P<number>[0-9]{2}) ?(?:\((?P<trade>[A-Z0-9-]+)\))?"
)

#: The only rated voltage a type is made for, first match wins. Power and aerial cables have none: they
#: are made from 0.6/1 kV up, so an unstated voltage stays unstated.
_DEFAULT_VOLTAGES = (
    (re.compile(r"BL?VVB?R?|[BR]V-90|RVV(?:B|Y|YP|-90)?|YZ(?:W|B|WB)?"), "300/500V"),
    (re.compile(r"R(?:V[BS]|VV?P|VSP)|SVR|YQW?"), "300/300V"),
    (re.compile(r"BL?(?:V|X|YJ).*|RV|RYJ.*|K.*|YCW?"), "450/750V"),
)
#: 60227 IEC 05 and 06 are the BV and RV of 0.5 to 1 mm², made for 300/500 V (GB/T 5023.3-2008).
_SMALL_WIRES = ("BV", "RV")


@dataclass(frozen=True, slots=True, kw_only=True)
class CableType:
    """A type as the standards spell it.

    ``name`` keeps an international number (`60227 IEC 01(BV)`), ``trade`` is the type behind it (`BV`);
    ``fixed_voltage`` is what the number fixes, or ''.
    """

    name: str
    trade: str
    family: Family
    metal: Metal
    flexible: bool
    fixed_voltage: str = ""

    def conductor_class(self, area: Decimal) -> int | None:
        """Class 1, 2, 5 or 6 of GB/T 3956, or None where another standard sets the conductor's limit.

        Solid up to 10 mm² in wiring cable (GB/T 5023.3-2008 table 1), stranded above. BVR is class 2
        (JB/T 8734.2), BYJR is taken as class 5: should it be class 2, a doubt goes to the maker's favour.
        None for bare and mineral conductors and for the hard-drawn copper and alloy of aerial cables
        (GB/T 12527 has its own table): to hold them to the limit of soft wire would accuse honest makers.
        """
        match self.family:
            case Family.WIRING if self.flexible:
                return 5 if "YJ" in self.trade else 2
            case Family.WIRING:
                return 1 if area <= 10 else 2
            case Family.FLEXIBLE:
                return 5
            case Family.RUBBER:
                return 6 if self.trade.startswith("YH") else 5
            case Family.POWER | Family.CONTROL:
                return 5 if self.flexible else 2
            case Family.AERIAL if self.metal is Metal.ALUMINIUM or "TR" in self.trade:
                return 2
            case _:
                return None

    def default_voltage(self, area: Decimal) -> str:
        """The rated voltage an unmarked cable of this type and area has, or '' where there are several."""
        if self.fixed_voltage:
            return self.fixed_voltage
        if self.trade in _SMALL_WIRES and area <= 1:
            return "300/500V"
        return next((voltage for types, voltage in _DEFAULT_VOLTAGES if types.fullmatch(self.trade)), "")


@lru_cache(maxsize=4096)
def cable_type(name: str) -> CableType | None:
    """What a type in capitals and half-width characters stands for; None for what is no cable's type."""
    number = _IEC.fullmatch(name)
    if number is None:
        return _trade_type(name)
    iec = f"60{number['series']} IEC {number['number']}"
    trade, voltage = _IEC_TYPES.get(iec, ("", ""))
    plain = _trade_type(trade)
    if plain is None or number["trade"] not in (None, trade):
        return None
    return CableType(
        name=f"{iec}({trade})",
        trade=trade,
        family=plain.family,
        metal=plain.metal,
        flexible=plain.flexible,
        fixed_voltage=voltage,
    )


def _trade_type(name: str) -> CableType | None:
    for family, pattern in _PATTERNS.items():
        if match := pattern.fullmatch(name):
            letters = match.groupdict()
            return CableType(
                name=name,
                trade=name,
                family=family,
                metal=_metal(letters.get("metal")),
                flexible=letters.get("flexible") is not None,
            )
    return None


def _metal(letters: str | None) -> Metal:
    """Copper is unmarked, or T (铜); H beside L is alloy (铝合金)."""
    if letters is None or letters.startswith("T"):
        return Metal.COPPER
    return Metal.ALUMINIUM_ALLOY if "H" in letters else Metal.ALUMINIUM
