"""A limit of a standard, and what a measured value is beside it: within, how far beyond, how grave.

No table stands here: a limit comes with its clause, its certainty and how it is to be compared. Values are compared as
reported (GB/T 8170, 全数值比较法) unless the standard rounds them first (修约值比较法), as it does means of thickness.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from enum import StrEnum

from ..errors import InputError, Text

#: One arithmetic wherever it runs, whatever the thread's decimal context is.
EXACT = Context(prec=34, rounding=ROUND_HALF_EVEN)


class Sense(StrEnum):
    """``TESTED_AT``: a voltage to be applied. Whether the cable held it is told by no number."""

    AT_MOST = "at-most"
    AT_LEAST = "at-least"
    PLUS_MINUS = "plus-minus"
    TESTED_AT = "tested-at"


_SIGNS: Mapping[Sense, str] = {
    Sense.AT_MOST: "≤ ",
    Sense.AT_LEAST: "≥ ",
    Sense.PLUS_MINUS: "± ",
    Sense.TESTED_AT: "≥ ",
}


class Grade(StrEnum):
    """How grave a failing is, I the gravest: for an order among failings; every one of them is one."""

    I = "I"  # noqa: E741 - as it is printed
    II = "II"
    III = "III"
    SLIGHT = "slight"


GRADES: Mapping[Grade, Text] = {
    Grade.I: Text("I 级", "grade I"),
    Grade.II: Text("II 级", "grade II"),
    Grade.III: Text("III 级", "grade III"),
    Grade.SLIGHT: Text("轻微", "slight"),
}


class NoLimit(StrEnum):
    """Why nothing is known to compare a value with."""

    INDICATOR = "indicator"
    NOT_TESTED = "not-tested"
    CABLE = "cable"
    CONDUCTOR = "conductor"
    VOLTAGE_UNSTATED = "voltage-unstated"
    VOLTAGE = "voltage"
    CORE = "core"
    AREA = "area"
    NOT_IN_FORCE = "not-in-force"
    NEEDS_DIAMETER = "needs-diameter"
    SOURCES_DISAGREE = "sources-disagree"
    NO_READING = "no-reading"


NO_LIMIT: Mapping[NoLimit, Text] = {
    NoLimit.INDICATOR: Text("没有收录该项目的限值", "no limits of this indicator are kept here"),
    NoLimit.NOT_TESTED: Text("这类产品不测该项目", "cables of this kind are not tested for it"),
    NoLimit.CABLE: Text("没有收录该型号的限值", "no limit for this type is kept here"),
    NoLimit.CONDUCTOR: Text("GB/T 3956 不规定这种导体", "GB/T 3956 does not rule this conductor"),
    NoLimit.VOLTAGE_UNSTATED: Text("限值随额定电压而定，型号中没有写明", "it depends on the rated voltage, which the designation leaves out"),
    NoLimit.VOLTAGE: Text("没有收录该额定电压的限值", "no limit for this rated voltage is kept here"),
    NoLimit.CORE: Text("看不出是哪一种线芯", "which of its cores is meant cannot be told"),
    NoLimit.AREA: Text("没有收录该芯数、截面的限值", "no limit for these cores and this area is kept here"),
    NoLimit.NOT_IN_FORCE: Text("生产当日有效的标准版本没有收录", "the edition in force on the day of production is not kept here"),
    NoLimit.NEEDS_DIAMETER: Text("限值按护套前直径计算，报告中没有", "it follows from the diameter under the sheath, which reports do not state"),
    NoLimit.SOURCES_DISAGREE: Text("各来源所载限值不一致，待查标准原文", "sources name different limits; the standard itself must be looked up"),
    NoLimit.NO_READING: Text("所报数值或温度不像实测", "value or temperature are none that a test can have given"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a value must keep and where that stands. ``clause`` is "" where no print showed it; ``verified`` is false if no
    print of the value, or of how it is compared, was seen; ``rounded_to``: the place to which a value is rounded first."""

    value: Decimal
    unit: str
    standard: str
    clause: str
    verified: bool
    sense: Sense = Sense.AT_MOST
    rounded_to: Decimal | None = None
    source: str = ""

    @property
    def shown(self) -> str:
        """``≤ 0.524``, without the unit."""
        return f"{_SIGNS[self.sense]}{self.value}"

    @property
    def cited(self) -> Text:
        """Standard and clause."""
        if not self.clause:
            return Text(f"{self.standard}（条款未查到）", f"{self.standard} (clause not seen)")
        return Text(f"{self.standard} {self.clause.replace('table', '表')}", f"{self.standard} {self.clause}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A reading beside its limit.

    ``value`` is what was compared, in the limit's unit: a resistance at 20 °C, a mean rounded. ``within`` is None where there is no
    limit (``why_not`` says why) or the limit is a voltage to be applied. ``excess`` is how far beyond the limit the value as
    reported lies, as a share of the limit, and negative on the good side (a mean that rounding brings within may still lack something);
    ``grade`` only of what lies beyond, where grades are known.
    """

    value: Decimal
    limit: Limit | None = None
    within: bool | None = None
    excess: Decimal | None = None
    grade: Grade | None = None
    why_not: NoLimit | None = None


def beside(limit: Limit, value: Decimal) -> Judgement:
    """Compare a value, in the limit's unit, without grading it.

    Raises InputError `wrong-quantity` for less than nothing where a test gives something.
    """
    if value < 0 and limit.sense in (Sense.AT_LEAST, Sense.TESTED_AT):
        raise InputError.of(
            "wrong-quantity", "数值不能小于零", "the value is not below zero", came=str(value)
        )
    compared = value if limit.rounded_to is None else value.quantize(limit.rounded_to, ROUND_HALF_UP, EXACT)
    share = EXACT.divide(abs(value) if limit.sense is Sense.PLUS_MINUS else value, limit.value)
    match limit.sense:
        case Sense.AT_MOST:
            within, excess = compared <= limit.value, EXACT.subtract(share, Decimal(1))
        case Sense.PLUS_MINUS:
            within, excess = abs(compared) <= limit.value, EXACT.subtract(share, Decimal(1))
        case Sense.AT_LEAST:
            within, excess = compared >= limit.value, EXACT.subtract(Decimal(1), share)
        case Sense.TESTED_AT:
            return Judgement(limit=limit, value=compared, excess=EXACT.subtract(Decimal(1), share))
    return Judgement(limit=limit, value=compared, within=within, excess=excess)
