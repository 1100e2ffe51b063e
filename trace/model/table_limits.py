"""Limits of thickness, of insulation and sheath as materials, and of test voltages, as tables have them.

Each row of ``thickness.csv``, ``materials.csv`` and ``voltage.csv`` is one cell: standard with edition, clause (empty where no print
showed it), the day from which it judges, the types (patterns of the trade's letters), rated voltages, number of cores and area
it is for, and whether a print of it was seen (`verified`) or it is recalled, with the source. Minima at one place are computed from
the nominal thickness, as the source column says. A row without a value says why there is none.

A standard whose day of coming into force was not seen judges from the second New Year after its edition on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache

from .designation import Designation
from .judgement import Limit, NoLimit, Sense
from .limits import core_group
from .packaged import packaged

TABLES = ("thickness.csv", "materials.csv", "voltage.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One row. ``types`` are patterns; ``voltages``, ``cores`` and ``area`` are empty where the limit does not depend on them."""

    indicator: str
    types: tuple[str, ...]
    voltages: tuple[str, ...]
    cores: str
    area: str
    effective_from: date
    limit: Limit | NoLimit


def table_limit(designation: Designation, indicator: str, core: str, on: date) -> Limit | NoLimit:
    """The limit of the standard in force on that day; ``indicator`` by its stable name, ``core`` as a report writes it.

    The answer says what stood in the way first: the type, then the voltage, the core, the area, the day.
    """
    of_indicator = cells().get(indicator, ())
    if not of_indicator:
        return NoLimit.INDICATOR
    trade, voltage = designation.cable_type.trade, designation.rated_voltage
    of_type = [cell for cell in of_indicator if matches(trade, cell.types)]
    if not of_type:
        return NoLimit.CABLE
    of_voltage = [cell for cell in of_type if not cell.voltages or voltage in cell.voltages]
    if not of_voltage:
        return NoLimit.VOLTAGE if voltage else NoLimit.VOLTAGE_UNSTATED
    group = core_group(designation, core)
    if group is None and all(cell.area for cell in of_voltage):
        return NoLimit.CORE
    of_core = [
        cell
        for cell in of_voltage
        if (not cell.area or (group is not None and cell.area == group.area))
        and (
            not cell.cores or (len(designation.cores) == 1 and cell.cores == str(designation.cores[0].count))
        )
    ]
    if not of_core:
        return NoLimit.AREA
    in_force = [cell for cell in of_core if cell.effective_from <= on]
    if not in_force:
        return NoLimit.NOT_IN_FORCE
    return max(in_force, key=lambda cell: cell.effective_from).limit  # of equals the first in the table


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a type is one of these: ``YJ*`` is everything that begins so, ``[!H]`` any letter but H."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


@cache
def cells() -> Mapping[str, tuple[Cell, ...]]:
    """Every cell by indicator, in the order of the tables."""
    found: dict[str, list[Cell]] = {}
    for row in (row for name in TABLES for row in packaged(name)):
        limit = NoLimit(row["why"]) if row["why"] else _limit(row)
        cell = Cell(
            indicator=row["indicator"],
            types=tuple(row["types"].split()),
            voltages=tuple(row["voltages"].split()),
            cores=row["cores"],
            area=row["area"],
            effective_from=date.fromisoformat(row["effective_from"]),
            limit=limit,
        )
        found.setdefault(cell.indicator, []).append(cell)
    return {indicator: tuple(rows) for indicator, rows in found.items()}


def _limit(row: Mapping[str, str]) -> Limit:
    return Limit(
        value=Decimal(row["value"]),
        unit=row["unit"],
        standard=row["standard"],
        clause=row["clause"],
        verified=row["verified"] == "yes",
        sense=Sense(row["sense"]),
        rounded_to=Decimal(row["rounded_to"]) if row["rounded_to"] else None,
        source=row["source"],
    )
