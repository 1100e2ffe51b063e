"""China as a grid of tiles, one for each province: no outlines, so no boundary that could be wrong, and every part is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..codes.regions import region
from ..queries.whereabouts import RegionRow

#: (column, row) of each province by the first two digits of its code.
_AT: Mapping[str, tuple[int, int]] = {
    "23": (7, 0),
    "15": (5, 1), "21": (6, 1), "22": (7, 1),
    "65": (0, 2), "62": (1, 2), "64": (2, 2), "14": (3, 2), "13": (4, 2), "11": (5, 2), "12": (6, 2),
    "54": (0, 3), "63": (1, 3), "61": (2, 3), "41": (3, 3), "37": (4, 3),
    "51": (1, 4), "50": (2, 4), "42": (3, 4), "34": (4, 4), "32": (5, 4), "31": (6, 4),
    "53": (1, 5), "52": (2, 5), "43": (3, 5), "36": (4, 5), "33": (5, 5),
    "45": (2, 6), "44": (3, 6), "35": (4, 6), "71": (6, 6),
    "46": (2, 7), "82": (3, 7), "81": (4, 7),
}  # fmt: skip
WIDTH, HEIGHT = 8, 8
_ENDINGS = ("维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "省", "市")
#: Shades, the darkest for what has more than half of the most.
SHADES = 4


@dataclass(frozen=True, slots=True)
class Tile:
    """A province on the grid: ``shade`` 0 for nothing, else 1 to 4 by its metres beside those of the province that has most."""

    code: str
    name: str
    column: int
    row: int
    length_mm: int
    shade: int


def tiles(regions: Iterable[RegionRow]) -> tuple[Tile, ...]:
    """Every province, with the metres of the regions that lie in it; what is unexplained counts by its size alone."""
    lengths: dict[str, int] = defaultdict(int)
    for each in regions:
        lengths[each.region[:2]] += sum(abs(mm) for mm in each.by.values())
    most = max((lengths[code] for code in _AT), default=0)
    return tuple(
        Tile(code, _short(code), column, row, lengths[code], _shade(lengths[code], most))
        for code, (column, row) in _AT.items()
    )


def _short(code: str) -> str:
    name = region(f"{code}0000").name
    ending = next((each for each in _ENDINGS if name.endswith(each)), "")
    return name.removesuffix(ending)


def _shade(length_mm: int, most_mm: int) -> int:
    """1 for up to an eighth of the most, 2 to a quarter, 3 to a half, 4 above."""
    if not length_mm:
        return 0
    return next((n for n in range(1, SHADES) if length_mm * 2 ** (SHADES - n) <= most_mm), SHADES)
