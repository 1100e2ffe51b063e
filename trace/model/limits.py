"""What a conductor must be: its greatest resistance, and the least copper that can reach it.

The limits stand in ``conductor_resistance.csv`` with the standard, the table, the day it came into force, and
whether a print of the cell was seen (`verified`) or is only recalled; a limit that is not verified is shown as
such and accuses nobody by itself. Values are judged as reported, without rounding (GB/T 8170, 全数值比较法).
Not judged at all, rather than wrongly: conductors that GB/T 3956 does not rule (`cable_types`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from functools import cache

from ..errors import InputError
from .designation import CoreGroup, Designation, Metal
from .judgement import EXACT, Judgement, Limit, NoLimit, beside
from .packaged import packaged

#: IEC 60028: annealed copper, Ω·mm²/km at 20 °C and g/cm³. Their product over Rmax is the mass in kg/km of
#: a straight wire that just meets the limit; stranding only adds to it, so no honest conductor has less.
_COPPER_RESISTIVITY = Decimal("17.241")
_COPPER_DENSITY = Decimal("8.89")

#: Room temperatures in which a reading can be a test at all; the factor's formula is good for them.
_COLDEST, _HOTTEST = Decimal(-20), Decimal(60)


class Coating(StrEnum):
    PLAIN = "plain"
    TINNED = "tinned"


def max_resistance(
    area: str, conductor_class: int, metal: Metal, on: date, *, coating: Coating = Coating.PLAIN
) -> Limit | None:
    """Greatest resistance at 20 °C, Ω/km, of one core by the standard in force on that day; None if it has
    no such conductor. ``area`` as in `CoreGroup`."""
    versions = _resistances().get((conductor_class, metal, coating, area), ())
    return next((limit for effective_from, limit in versions if effective_from <= on), None)


def resistance_at_20(measured: Decimal, celsius: Decimal | None, metal: Metal) -> Decimal:
    """A reading at room temperature, corrected to 20 °C; same unit. A report that names no temperature states
    the value at 20 °C.

    By the exact formulas of GB/T 3956-2008 annex B (IEC 60228:2004 annex B): copper, plain or tinned,
    254.5 / (234.5 + t); aluminium 248 / (228 + t). The annex's table of factors is an approximation with
    0.004 for both metals and differs by up to 0.1 %. For alloy the annex refers to the maker; aluminium's
    formula stands in, which is a known weakness of less than 0.5 % between 10 and 30 °C.

    Raises InputError `wrong-quantity` for a temperature at which no one tests, or a value that is not positive.
    """
    if measured <= 0:
        raise InputError.of(
            "wrong-quantity", "电阻应大于零", "a resistance is above zero", came=str(measured)
        )
    if celsius is None:
        return measured
    if not _COLDEST <= celsius <= _HOTTEST:
        raise InputError.of(
            "wrong-quantity", "环境温度应在 −20 ℃ 到 60 ℃ 之间", "the room temperature lies between −20 and 60 °C", came=str(celsius)
        )  # fmt: skip
    zero = Decimal("234.5") if metal is Metal.COPPER else Decimal(228)
    return EXACT.divide(EXACT.multiply(measured, zero + 20), zero + celsius)


def judge_resistance(
    designation: Designation,
    core: str,
    value: Decimal,
    celsius: Decimal | None,
    on: date,
    *,
    coating: Coating = Coating.PLAIN,
) -> Judgement:
    """Judge a conductor's resistance, Ω/km at ``celsius``, by the standard of the day.

    ``core`` is the column 线芯 as written; empty means the main core. A core that cannot be told apart in a
    cable of two areas is not judged. Tinned wire has another limit, which the designation does not tell.
    """
    at_20 = resistance_at_20(value, celsius, designation.metal)
    limit = resistance_limit(designation, core, on, coating=coating)
    if isinstance(limit, NoLimit):
        return Judgement(value=at_20, why_not=limit)
    return beside(limit, at_20)


def resistance_limit(
    designation: Designation, core: str, on: date, *, coating: Coating = Coating.PLAIN
) -> Limit | NoLimit:
    """The greatest resistance of the core that a report means, or why it is not known."""
    group = core_group(designation, core)
    if group is None:
        return NoLimit.CORE
    conductor_class = designation.cable_type.conductor_class(Decimal(group.area))
    if conductor_class is None:
        return NoLimit.CONDUCTOR
    limit = max_resistance(group.area, conductor_class, designation.metal, on, coating=coating)
    if limit is None:
        has_any = (conductor_class, designation.metal, coating, group.area) in _resistances()
        return NoLimit.NOT_IN_FORCE if has_any else NoLimit.AREA
    return limit


def minimum_copper_g(designation: Designation, length_mm: int, on: date) -> int | None:
    """The least copper, in grams, with which this length of this cable can meet its resistance limits: all
    cores, neutral and earth too, screens and armour not counted. Rounded down, to the maker's favour.

    None if a conductor is not copper or has no limit: then its copper is unknown, which is not short.
    """
    if designation.metal is not Metal.COPPER:
        return None
    limits = [_limit_of(designation, group, on) for group in designation.cores]
    kilograms_per_km = Decimal(0)
    for group, limit in zip(designation.cores, limits, strict=True):
        if limit is None:
            return None
        of_one = EXACT.divide(_COPPER_DENSITY * _COPPER_RESISTIVITY, limit.value)
        kilograms_per_km = EXACT.add(kilograms_per_km, of_one * group.count)
    # kg/km is g/m, so grams are that × length_mm / 1000.
    grams = EXACT.divide(EXACT.multiply(kilograms_per_km, Decimal(length_mm)), Decimal(1000))
    return int(grams.to_integral_value(ROUND_FLOOR))


def copper_limits_are_seen(designation: Designation, on: date) -> bool:
    """Whether all conductors are of copper and the resistance limits of all were seen in print."""
    limits = [_limit_of(designation, group, on) for group in designation.cores]
    return designation.metal is Metal.COPPER and all(limit is not None and limit.verified for limit in limits)


def copper_ratio(designation: Designation, length_mm: int, copper_g: int, on: date) -> Decimal | None:
    """Copper used over `minimum_copper_g`; an honest class 2 cable lies near 1.03. None if that is unknown."""
    minimum = minimum_copper_g(designation, length_mm, on)
    return None if not minimum else EXACT.divide(Decimal(copper_g), Decimal(minimum))


def copper_is_short(designation: Designation, length_mm: int, copper_g: int, on: date) -> bool | None:
    """Whether the copper booked cannot have made this length, by the threshold in force
    (``copper_balance.csv``)."""
    ratio = copper_ratio(designation, length_mm, copper_g, on)
    threshold = next((below for effective_from, below in _copper_thresholds() if effective_from <= on), None)
    return None if ratio is None or threshold is None else ratio < threshold


def _limit_of(
    designation: Designation, group: CoreGroup, on: date, coating: Coating = Coating.PLAIN
) -> Limit | None:
    conductor_class = designation.cable_type.conductor_class(Decimal(group.area))
    if conductor_class is None:
        return None
    return max_resistance(group.area, conductor_class, designation.metal, on, coating=coating)


_MAIN = ("", "主线芯", "主芯", "主", "相线", "相线芯", "火线", "L", "L1", "L2", "L3", "A", "B", "C")
_NEUTRAL = ("中性线芯", "中性线", "中性", "零线", "零线芯", "N")
_EARTH = ("接地线芯", "接地线", "地线", "地线芯", "保护线", "保护线芯", "PE", "PEN")


def core_group(designation: Designation, core: str) -> CoreGroup | None:
    """The conductors that a report means by a word; None if the cable has several areas and the word is
    unknown. Where neutral and earth have two areas, the larger is the neutral."""
    groups = designation.cores
    name = core.strip().upper()
    if len(groups) == 1 or name in _MAIN:
        return groups[0]
    if name in _NEUTRAL:
        return groups[1]
    return groups[-1] if name in _EARTH else None


@cache
def _resistances() -> Mapping[tuple[int, str, str, str], tuple[tuple[date, Limit], ...]]:
    """The packaged table by class, metal, coating, area; versions newest first."""
    table: dict[tuple[int, str, str, str], list[tuple[date, Limit]]] = {}
    for row in packaged("conductor_resistance.csv"):
        limit = Limit(
            value=Decimal(row["max_ohm_per_km"]),
            unit="Ω/km",
            standard=row["standard"],
            clause=row["clause"],
            verified=row["verified"] == "yes",
            source=row["source"],
        )
        key = (int(row["class"]), row["metal"], row["coating"], row["area"])
        table.setdefault(key, []).append((date.fromisoformat(row["effective_from"]), limit))
    return {key: tuple(sorted(rows, key=lambda row: row[0], reverse=True)) for key, rows in table.items()}


@cache
def _copper_thresholds() -> tuple[tuple[date, Decimal], ...]:
    rows = [
        (date.fromisoformat(row["effective_from"]), Decimal(row["short_below"]))
        for row in packaged("copper_balance.csv")
    ]
    return tuple(sorted(rows, reverse=True))
