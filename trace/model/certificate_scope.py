"""What a certificate covers 证书范围, as it was registered, and whether a cable lies in it.

A member that is not said limits nothing, and what a designation does not tell is not judged: a computed comparison of two
registered statements, and no verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from ..errors import InputError, Text
from .cable_types import cable_type
from .designation import Designation, rated_voltage
from .values import STRICT, Measured, Name, RegionCode, of_what_is_said


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateScope:
    """``types`` as on the certificate (`YJV22`), ``voltages`` (`0.6/1kV`), nominal areas of the main cores in mm² as decimal
    strings, ``most_cores`` of them all, ``factories``: regions in which it is made."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    types: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    voltages: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    least_area_mm2: Measured | None = None
    largest_area_mm2: Measured | None = None
    most_cores: Annotated[int, Field(ge=1, le=100)] | None = None
    factories: Annotated[tuple[RegionCode, ...], Field(max_length=50)] = ()


def _areas_in_order(scope: CertificateScope) -> CertificateScope:
    least, largest = scope.least_area_mm2, scope.largest_area_mm2
    if least is not None and largest is not None and Decimal(least) > Decimal(largest):
        raise InputError.of(
            "wrong-input",
            "截面止小于截面起",
            "the largest area is smaller than the least",
            came=f"{least} – {largest}",
            where="/largest_area_mm2",
        )
    return scope


#: A scope as it may be registered: one whose areas run the wrong way round covers nothing, and is a slip.
Scope = Annotated[CertificateScope, of_what_is_said(_areas_in_order)]


def outside(scope: CertificateScope | None, cable: Designation, region: str = "") -> Text | None:
    """Why a cable that is made in a region lies outside the scope; None where it lies within, or nothing tells."""
    if scope is None:
        return None
    area, count = Decimal(cable.cores[0].area), sum(group.count for group in cable.cores)
    least, largest = scope.least_area_mm2, scope.largest_area_mm2
    if scope.types and cable.cable_type.trade not in {_trade(name) for name in scope.types}:
        return _not_in("型号", "type", cable.type, scope.types)
    voltage = cable.rated_voltage
    if scope.voltages and voltage and voltage not in {rated_voltage(each) for each in scope.voltages}:
        return _not_in("电压", "voltage", voltage, scope.voltages)
    if (least is not None and area < Decimal(least)) or (largest is not None and area > Decimal(largest)):
        return _not_in("截面", "area in mm²", cable.cores[0].area, (f"{least or '…'} – {largest or '…'}",))
    if scope.most_cores is not None and count > scope.most_cores:
        return _not_in("芯数", "number of cores", str(count), (f"≤ {scope.most_cores}",))
    if scope.factories and region and not any(region.startswith(_part(each)) for each in scope.factories):
        return _not_in("生产地", "place of production", region, scope.factories)
    return None


def _trade(name: str) -> str:
    known = cable_type(name.strip().upper())
    return name.strip().upper() if known is None else known.trade


def _part(region: str) -> str:
    """A region's own part of its code: a prefecture that is named holds its counties."""
    return region.rstrip("0") if len(region.rstrip("0")) % 2 == 0 else region.rstrip("0") + "0"


def _not_in(zh: str, en: str, has: str, covered: Iterable[str]) -> Text:
    said = list(covered)
    listed = "、".join(said[:8]) + ("…" if len(said) > 8 else "")
    return Text(
        f"{zh} {has} 不在证书登记的范围内（{listed}）",
        f"its {en}, {has}, is not in the registered scope of the certificate ({listed})",
    )
