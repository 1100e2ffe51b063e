"""What the invented makers make: designations with certificates good and bad, and honest figures for each.

Only cables whose resistance limits were seen in print are made, so that what is planted can be found by rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from ...model.designation import parse_designation
from ...model.limits import max_resistance, minimum_copper_g

#: When the makers' certificates began and end; what is made lies between.
VALID = (date(2023, 1, 1), date(2027, 12, 31))
#: The certificate that runs out, and the one that is suspended for good, each on the first day of production.
ENDS = date(2025, 2, 28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ware:
    """A product: ``number`` is the maker's own; ``standing`` what became of its certificate before production began."""

    number: str
    name: str
    type: str
    spec: str
    voltage: str
    standard: str
    certified: Literal["ccc", "licence"] | None
    standing: Literal["valid", "expired", "suspended", "none"] = "valid"
    drum_mm: int
    drums: int
    price_fen: int

    @property
    def designation(self) -> str:
        return f"{self.type} {self.voltage} {self.spec}"


WARES: Sequence[Ware] = (
    Ware(number="P01", name="交联聚乙烯绝缘电力电缆", type="YJV", spec="3×95+1×50", voltage="0.6/1kV", standard="GB/T 12706.1-2020",
         certified="licence", drum_mm=250_000, drums=12, price_fen=24_800),
    Ware(number="P02", name="钢带铠装电力电缆", type="YJV22", spec="4×35+1×16", voltage="0.6/1kV", standard="GB/T 12706.1-2020",
         certified="licence", drum_mm=500_000, drums=10, price_fen=12_600),
    Ware(number="P03", name="一般用途单芯硬导体无护套电缆", type="BV", spec="2.5", voltage="450/750V", standard="JB/T 8734.2-2016",
         certified="ccc", drum_mm=100_000, drums=60, price_fen=210),
    Ware(number="P04", name="聚氯乙烯绝缘软电缆", type="RVV", spec="3×1.5", voltage="300/500V", standard="JB/T 8734.3-2016",
         certified="ccc", drum_mm=100_000, drums=40, price_fen=430),
    Ware(number="P05", name="塑料绝缘控制电缆", type="KVV", spec="7×1.5", voltage="450/750V", standard="GB/T 9330-2020",
         certified="licence", drum_mm=200_000, drums=14, price_fen=1_180),
)  # fmt: skip
#: The same wire again, under papers that are worth nothing.
BAD_PAPERS: Sequence[Ware] = (
    replace(WARES[2], number="P91", spec="1.5", standing="expired", price_fen=120),
    replace(WARES[2], number="P92", spec="4", standing="suspended", price_fen=310),
    replace(WARES[2], number="P93", spec="6", standing="none", certified=None, price_fen=460),
)


@lru_cache(maxsize=1_000)
def least_copper_g(designation: str, length_mm: int, on: date) -> int:
    least_g = minimum_copper_g(parse_designation(designation), length_mm, on)
    assert least_g is not None, "only copper with limits is made here"
    return least_g


@lru_cache(maxsize=100)
def resistance_limit(designation: str, on: date) -> Decimal:
    """Of the main core, Ω/km at 20 °C."""
    cable = parse_designation(designation)
    group = cable.cores[0]
    conductor_class = cable.cable_type.conductor_class(Decimal(group.area))
    assert conductor_class is not None
    limit = max_resistance(group.area, conductor_class, cable.metal, on)
    assert limit is not None
    assert limit.verified
    return limit.value
