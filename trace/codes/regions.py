"""Regions of China by their GB/T 2260 codes, with the years in which each code was in use.

The table (regions.csv) is our own, made by scripts/make_regions; docs/regions.md says from what and how far it
can be trusted. A code can have several rows, one for each name or parent that it had: 30 years ago codes were
given anew to other places. Validity is written as its outer bounds, the whole first and the whole last year: in
the year of a change the old and the new code are both valid.

Retired codes matter for good: a unified social credit code keeps the region of the day on which it was given.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt

from ..errors import InputError, Text, shown

#: Rows of the standard that are no place but hold districts and counties which have no prefecture.
_COLLECTIVE = {"市辖区", "县", "市", "省直辖县级行政区划", "自治区直辖县级行政区划"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A province, prefecture or county under one code, name and parent.

    ``valid_from`` None: in use before 1981; ``valid_to`` None: still in use; both days included. ``successor``
    is the code that took over, "" where none did or where the place was divided. ``longitude`` and ``latitude``
    are the centre of its area in degrees, None where the source has no outline.
    """

    code: str
    name: str
    parent: str
    valid_from: date | None
    valid_to: date | None
    successor: str
    longitude: float | None
    latitude: float | None

    @property
    def is_collective(self) -> bool:
        """Whether it is no place but holds those that have no prefecture."""
        return self.name in _COLLECTIVE

    def is_valid_on(self, day: date) -> bool:
        return not (
            (self.valid_from is not None and day < self.valid_from)
            or (self.valid_to is not None and day > self.valid_to)
        )


def region(code: str, on: date | None = None) -> Region:
    """The region of a six-digit code: as it was on a day, or without a day its newest state, retired or not.

    Raises `InputError` ``unknown-region`` for a code that never was, and, where a day is given, for one that was
    not in use on it; the text then says what took its place.
    """
    rows = _table().get(code)
    if rows is None:
        raise InputError.of(
            "unknown-region",
            f"没有这个行政区划代码：{shown(code)}",
            f"no region has the code {shown(code)}",
            came=code,
            remedy=Text("请填写 6 位行政区划代码（GB/T 2260）。", "Enter the 6 digits of GB/T 2260."),
        )
    if on is None:
        return rows[-1]
    valid = [row for row in rows if row.is_valid_on(on)]
    if valid:
        return valid[-1]
    raise _not_in_use(rows, on)


def region_path(code: str) -> tuple[Region, ...]:
    """From the province down to the region itself, of a retired code as of its end. Raises as `region`."""
    path = [region(code)]
    end = path[0].valid_to
    while path[-1].parent:
        above = _table()[path[-1].parent]
        then = [row for row in above if end is not None and row.is_valid_on(end)]
        path.append(then[-1] if then else above[-1])
    return tuple(reversed(path))


def full_name(code: str) -> str:
    """``河南省周口市淮阳区``, as an address begins; without the collective rows. Raises as `region`."""
    path = region_path(code)
    return "".join(row.name for row in path if row is path[-1] or not row.is_collective)


@cache
def codes_in_use() -> tuple[str, ...]:
    """Those of today, without the collective rows, ascending."""
    today = ((code, rows[-1]) for code, rows in sorted(_table().items()))
    return tuple(code for code, row in today if row.valid_to is None and not row.is_collective)


def is_within(code: str, ancestor: str) -> bool:
    """Whether what happened under ``code`` lies in the jurisdiction of ``ancestor`` today. Raises as `region`.

    A region is within itself, and both may be retired: a matter of 淮阳县 belongs to whoever is competent for
    淮阳区. But a county that grew into its prefecture (412701 → 411600) hands the prefecture to nobody.
    """
    competent = current_code(ancestor)
    if len(region_path(competent)) < len(region_path(ancestor)):
        return code == ancestor
    return competent in {row.code for row in region_path(current_code(code))}


def current_code(code: str) -> str:
    """The code that stands today for this one: 412727 → 411626 → 411603.

    Where a trail ends without one successor, the last code of it is the answer. Raises as `region`.
    """
    row = region(code)
    while (heir := _heir(row)) is not None:
        row = heir
    return row.code


def coarse_region(code: str) -> str:
    """The prefecture in which a region lies today; in municipalities the district, and a county without prefecture
    itself: as coarse as a place may be known of somebody who checks a code. Raises as `region`."""
    path = [row for row in region_path(current_code(code)) if not row.is_collective]
    return path[:2][-1].code


def region_near(longitude: float, latitude: float) -> str | None:
    """The coarse region whose centre is nearest; None where none is within some 300 km, as abroad or at sea."""
    km, code = min(
        (_km((longitude, latitude), centre), code) for code, centre in _centres_of_coarse_regions().items()
    )
    return code if km <= _FARTHEST_KM else None


def distance_km(code: str, other: str) -> int | None:
    """Between the centres of two regions; None where the source has no outline of one. Raises as `region`."""
    first, second = region(code), region(other)
    if first.longitude is None or first.latitude is None:
        return None
    if second.longitude is None or second.latitude is None:
        return None
    return round(_km((first.longitude, first.latitude), (second.longitude, second.latitude)))


#: Prefectures of the west are as large as that.
_FARTHEST_KM = 300
_EARTH_KM = 6371


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the great circle (haversine)."""
    (x, y), (u, v) = (map(radians, each) for each in (one, other))
    return 2 * _EARTH_KM * asin(sqrt(sin((v - y) / 2) ** 2 + cos(y) * cos(v) * sin((u - x) / 2) ** 2))


@cache
def _centres_of_coarse_regions() -> Mapping[str, tuple[float, float]]:
    found = {}
    for code, rows in _table().items():
        row = rows[-1]
        if row.longitude is None or row.latitude is None or row.valid_to is not None or not row.parent:
            continue
        if not row.is_collective and coarse_region(code) == code:
            found[code] = (row.longitude, row.latitude)
    return found


def _heir(row: Region) -> Region | None:
    """What a row became in the year of its end: its successor, or its own code under another name or parent."""
    if row.valid_to is None:
        return None
    rows = _table()[row.successor or row.code]
    return next((heir for heir in reversed(rows) if heir is not row and heir.is_valid_on(row.valid_to)), None)


@cache
def _table() -> Mapping[str, tuple[Region, ...]]:
    """Code -> its rows, oldest first. Read once, when the first code is asked for (about 50 ms)."""
    rows: dict[str, list[Region]] = defaultdict(list)
    text = (files(__package__) / "regions.csv").read_text(encoding="utf-8")
    for line in csv.DictReader(text.splitlines()):
        rows[line["code"]].append(
            Region(
                code=line["code"],
                name=line["name"],
                parent=line["parent"],
                valid_from=date.fromisoformat(line["valid_from"]) if line["valid_from"] else None,
                valid_to=date.fromisoformat(line["valid_to"]) if line["valid_to"] else None,
                successor=line["successor"],
                longitude=float(line["lon"]) if line["lon"] else None,
                latitude=float(line["lat"]) if line["lat"] else None,
            )
        )
    return {code: tuple(of_code) for code, of_code in rows.items()}


def _not_in_use(rows: tuple[Region, ...], on: date) -> InputError:
    code = rows[0].code
    before = [row for row in rows if row.valid_to is not None and row.valid_to < on]
    if not before:
        first = rows[0]
        year = first.valid_from.year if first.valid_from else ""
        return InputError.of(
            "unknown-region",
            f"{code} {first.name}自 {year} 年启用，{on:%Y-%m-%d} 尚无此代码",
            f"{code} {first.name} is in use since {year}, not yet on {on:%Y-%m-%d}",
            came=code,
        )
    last = before[-1]
    year = last.valid_to.year if last.valid_to else ""
    now = current_code(code)
    if now == code:
        return InputError.of(
            "unknown-region",
            f"{code} {last.name}已于 {year} 年停用",
            f"{code} {last.name} was retired in {year}",
            came=code,
        )
    return InputError.of(
        "unknown-region",
        f"{code} {last.name}已于 {year} 年停用，现为 {now} {full_name(now)}",
        f"{code} {last.name} was retired in {year}; it is {now} {full_name(now)} now",
        came=code,
        remedy=Text(f"请改用 {now}。", f"Use {now}."),
    )
