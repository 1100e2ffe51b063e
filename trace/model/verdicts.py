"""The verdict on a measured value: its limit by the standard of the day, whether it is kept, and how gravely it is not.

Conductors are judged by ``limits``, all else by ``table_limits``; where neither has a limit the answer says why. Grades of severity are
those that a grid company uses (``severity_grades.csv``): they put failings in an order, and nothing follows from a slight one being slight.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

from ..errors import InputError
from .designation import Designation, Metal
from .judgement import Grade, Judgement, Limit, NoLimit, beside
from .limits import judge_resistance, resistance_limit
from .packaged import packaged
from .table_limits import table_limit
from .tested_indicators import Applies, is_tested

RESISTANCE = "conductor-resistance"


def limit_of(designation: Designation, indicator: str, core: str, on: date) -> Limit | NoLimit:
    """What a cable, or the core of it that a report names, must keep by the standard of a day, for an indicator by its stable name."""
    if indicator == RESISTANCE:
        return resistance_limit(designation, core, on)
    found = table_limit(designation, indicator, core, on)
    without = (NoLimit.INDICATOR, NoLimit.CABLE)
    if found in without and is_tested(designation, indicator) is Applies.NO:
        return NoLimit.NOT_TESTED
    return found


def judge(
    designation: Designation, indicator: str, core: str, value: Decimal, celsius: Decimal | None, on: date
) -> Judgement:
    """Judge a value in the indicator's first unit. ``celsius``: of the room; only resistance follows it.

    A value or a temperature that no test can have given is not judged (`NoLimit.NO_READING`): it stays recorded as reported.
    """
    try:
        if indicator == RESISTANCE:
            judged = judge_resistance(designation, core, value, celsius, on)
        else:
            limit = limit_of(designation, indicator, core, on)
            judged = (
                Judgement(value=value, why_not=limit) if isinstance(limit, NoLimit) else beside(limit, value)
            )
    except InputError:
        return Judgement(value=value, why_not=NoLimit.NO_READING)
    return graded(judged, indicator, designation.metal, on)


def is_in_doubt(judged: Judgement, uncertainty: Decimal | None) -> bool:
    """Whether a value lies beyond its limit by no more than its uncertainty (both in the limit's unit): R20 − U > Rmax is what shows."""
    if uncertainty is None or judged.within is not False or judged.limit is None or judged.excess is None:
        return False
    return judged.excess * judged.limit.value <= uncertainty


def graded(judged: Judgement, indicator: str, metal: Metal, on: date) -> Judgement:
    """With the grade of what lies beyond its limit; without one where no grades are known."""
    if judged.within is not False or judged.excess is None:
        return judged
    return Judgement(
        value=judged.value,
        limit=judged.limit,
        within=False,
        excess=judged.excess,
        grade=grade(indicator, metal, judged.excess, on),
    )


def grade(indicator: str, metal: Metal, excess: Decimal, on: date) -> Grade | None:
    """The gravest grade that an excess reaches, by the grading in force on that day."""
    reached = [
        (effective_from, beyond, name)
        for effective_from, beyond, inclusive, name in _grades().get((indicator, metal), ())
        if effective_from <= on and (excess > beyond or (inclusive and excess == beyond))
    ]
    return max(reached)[2] if reached else None


@cache
def _grades() -> dict[tuple[str, Metal], tuple[tuple[date, Decimal, bool, Grade], ...]]:
    """By indicator and metal; a row without a metal is for every one."""
    found: dict[tuple[str, Metal], list[tuple[date, Decimal, bool, Grade]]] = {}
    for row in packaged("severity_grades.csv"):
        step = (
            date.fromisoformat(row["effective_from"]),
            Decimal(row["beyond"]),
            row["inclusive"] == "yes",
            Grade(row["grade"]),
        )
        for metal in [Metal(row["metal"])] if row["metal"] else list(Metal):
            found.setdefault((row["indicator"], metal), []).append(step)
    return {key: tuple(steps) for key, steps in found.items()}
