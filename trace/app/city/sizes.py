"""How large an invented city is: the same streets, more of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """``lots`` are made by each maker in a month. Every ``bad_every``-th lot has something planted in it; every
    ``files_every``-th maker, and the contractors and laboratories likewise, keep spreadsheets."""

    name: str
    makers: int
    months: int
    lots: int
    dealers: int
    shops: int
    paper_dealers: int
    contractors: int
    laboratories: int
    bad_every: int
    files_every: int

    @property
    def block_count(self) -> int:
        return self.makers * self.months


#: About 1,800, 84,000 and 1,000,000 events.
SIZES: Mapping[str, Size] = {
    size.name: size
    for size in (
        Size(
            name="village", makers=3, months=3, lots=5, dealers=4, shops=12, paper_dealers=2,
            contractors=4, laboratories=2, bad_every=3, files_every=2,
        ),
        Size(
            name="city", makers=24, months=10, lots=10, dealers=40, shops=160, paper_dealers=6,
            contractors=60, laboratories=4, bad_every=20, files_every=3,
        ),
        Size(
            name="province", makers=120, months=10, lots=28, dealers=200, shops=900, paper_dealers=30,
            contractors=300, laboratories=12, bad_every=25, files_every=10,
        ),
    )
}  # fmt: skip
