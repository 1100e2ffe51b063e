"""The geometry of the flow picture: places as columns of metres, legs as ribbons, left to right.

The picture shows no number that the two tables beside it lack (`balances`, and the legs themselves). Legs
that close a circle, mostly returns, cannot be drawn left to right and are left to the table; so are the
smallest places when there are very many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import Text
from .views import Leg, Place
from .words import Where

_WIDTH = 1120
_NODE_WIDTH = 14
#: Room for labels of three lines: right of the last column, between two boxes, above the first, below the last.
_LABEL = 230
_GAP = 52
_ABOVE = 12
_BELOW = 46
_MOST_PLACES = 40

Edges = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Box:
    """A place as drawn: the upper part went on, the ``parts`` (account, y, height) below stayed."""

    place: Place
    x: float
    y: float
    height: float
    stays_mm: int
    parts: tuple[tuple[Where, float, float], ...]


@dataclass(frozen=True, slots=True)
class Ribbon:
    """Metres between two boxes, as a closed SVG path."""

    path: str
    source: Text
    target: Text
    length_mm: int
    off_platform: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The whole picture and how much of the tables it leaves out."""

    width: int
    height: int
    node_width: int
    boxes: tuple[Box, ...]
    ribbons: tuple[Ribbon, ...]
    undrawn_places: int
    undrawn_legs: int


@dataclass(frozen=True, slots=True)
class Balance:
    """A place's line in the table: what arrived, what left, what stays; returns count both ways."""

    place: Place
    arrived_mm: int
    left_mm: int
    stays_mm: int


def balances(places: Iterable[Place], legs: Iterable[Leg]) -> tuple[Balance, ...]:
    """One line for each place, in the given order."""
    arrived: dict[str, int] = defaultdict(int)
    left: dict[str, int] = defaultdict(int)
    for leg in legs:
        left[leg.source] += leg.length_mm
        arrived[leg.target] += leg.length_mm
    return tuple(Balance(place, arrived[place.key], left[place.key], _stays(place)) for place in places)


def flow(places: Sequence[Place], legs: Sequence[Leg]) -> Flow:
    """The picture of a trace. ``places`` with the source first; every leg names two of them."""
    all_edges = _edges(legs)
    drawn = _largest(places, legs)
    edges = _without_circles({e: mm for e, mm in all_edges.items() if e[0] in drawn and e[1] in drawn})
    layout = _lay_out(drawn, edges)
    off = frozenset((leg.source, leg.target) for leg in legs if leg.off_platform)
    return Flow(
        width=_WIDTH,
        height=round(layout.height),
        node_width=_NODE_WIDTH,
        boxes=tuple(_box(place, layout, edges) for place in drawn.values()),
        ribbons=_ribbons(drawn, layout, edges, off),
        undrawn_places=len(places) - len(drawn),
        undrawn_legs=len(all_edges) - len(edges),
    )


# --- what is drawn -----------------------------------------------------------------------------------------


def _stays(place: Place) -> int:
    return sum(holding.length_mm for holding in place.stays)


def _edges(legs: Iterable[Leg]) -> dict[tuple[str, str], int]:
    """Legs between the same two places become one ribbon."""
    edges: dict[tuple[str, str], int] = defaultdict(int)
    for leg in legs:
        edges[leg.source, leg.target] += leg.length_mm
    return dict(edges)


def _largest(places: Sequence[Place], legs: Iterable[Leg]) -> dict[str, Place]:
    """The places worth drawing, by the metres that touch them, in their given order."""
    weight = {b.place.key: b.arrived_mm + b.left_mm + abs(b.stays_mm) for b in balances(places, legs)}
    chosen = sorted(weight, key=lambda key: -weight[key])[:_MOST_PLACES]
    return {place.key: place for place in places if place.key in chosen}


def _without_circles(edges: Edges) -> dict[tuple[str, str], int]:
    """Leave out each edge whose end already leads back to its beginning; the first legs win."""
    onward: dict[str, list[str]] = defaultdict(list)
    kept = {}
    for (source, target), length_mm in edges.items():
        if not _leads(onward, target, source):
            onward[source].append(target)
            kept[source, target] = length_mm
    return kept


def _leads(onward: Mapping[str, Sequence[str]], start: str, goal: str) -> bool:
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        key = ahead.pop()
        if key == goal:
            return True
        if key not in seen:
            seen.add(key)
            ahead.extend(onward.get(key, ()))
    return False


# --- where it is drawn -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    left: Mapping[str, float]
    top: Mapping[str, float]
    tall: Mapping[str, float]
    scale: float
    height: float


def _lay_out(places: Mapping[str, Place], edges: Edges) -> _Layout:
    column = _columns(places, edges)
    ranks = [[key for key in places if column[key] == n] for n in range(max(column.values(), default=0) + 1)]
    size = {key: _size(place, edges) for key, place in places.items()}
    fullest = max(sum(size[key] for key in rank) for rank in ranks)
    scale = max(180, 26 * max(map(len, ranks))) / max(fullest, 1)
    tall = {key: max(mm * scale, 3.0) for key, mm in size.items()}
    filled = [sum(tall[key] for key in rank) + _GAP * (len(rank) - 1) for rank in ranks]
    height = max(filled) + _ABOVE + _BELOW
    top: dict[str, float] = {}
    for rank, used in zip(ranks, filled, strict=True):
        y = _ABOVE + (height - _ABOVE - _BELOW - used) / 2
        for key in sorted(rank, key=lambda key: (_pull(key, edges, top), -size[key])):
            top[key] = y
            y += tall[key] + _GAP
    step = (_WIDTH - _LABEL - _NODE_WIDTH) / max(len(ranks) - 1, 1)
    left = {key: round(n * step, 1) for key, n in column.items()}
    return _Layout(left=left, top=top, tall=tall, scale=scale, height=height)


def _columns(places: Iterable[str], edges: Edges) -> dict[str, int]:
    """The longest way from any source. Without circles, as many rounds as places are enough."""
    column = dict.fromkeys(places, 0)
    for _ in range(len(column)):
        for source, target in edges:
            column[target] = max(column[target], column[source] + 1)
    return column


def _size(place: Place, edges: Edges) -> int:
    arrived = sum(mm for (_, target), mm in edges.items() if target == place.key)
    left = sum(mm for (source, _), mm in edges.items() if source == place.key)
    return max(arrived, left + sum(max(h.length_mm, 0) for h in place.stays))


def _pull(key: str, edges: Edges, top: Mapping[str, float]) -> float:
    """The mean height of what feeds this place, so that ribbons cross little."""
    feeding = [(top[s], mm) for (s, t), mm in edges.items() if t == key and s in top]
    weight = sum(mm for _, mm in feeding)
    return sum(y * mm for y, mm in feeding) / weight if weight else 0.0


# --- shapes ------------------------------------------------------------------------------------------------


def _box(place: Place, layout: _Layout, edges: Edges) -> Box:
    y = layout.top[place.key]
    below = y + layout.scale * sum(mm for (source, _), mm in edges.items() if source == place.key)
    parts = []
    for holding in place.stays:
        if holding.length_mm > 0:
            height = holding.length_mm * layout.scale
            parts.append((holding.where, round(below, 1), round(max(height, 1.0), 1)))
            below += height
    return Box(
        place,
        layout.left[place.key],
        round(y, 1),
        round(layout.tall[place.key], 1),
        _stays(place),
        tuple(parts),
    )


def _ribbons(
    places: Mapping[str, Place], layout: _Layout, edges: Edges, off: frozenset[tuple[str, str]]
) -> tuple[Ribbon, ...]:
    """Ribbons leave in the order of where they go and arrive in the order of where they come from."""
    arrives: dict[tuple[str, str], float] = {}
    free = dict(layout.top)
    for source, target in sorted(edges, key=lambda edge: layout.top[edge[0]]):
        arrives[source, target] = free[target]
        free[target] += edges[source, target] * layout.scale
    free = dict(layout.top)
    ribbons = []
    for source, target in sorted(edges, key=lambda edge: (layout.top[edge[0]], layout.top[edge[1]])):
        length_mm = edges[source, target]
        path = _ribbon(
            (layout.left[source] + _NODE_WIDTH, free[source]),
            (layout.left[target], arrives[source, target]),
            max(length_mm * layout.scale, 1.0),
        )
        free[source] += length_mm * layout.scale
        is_off = (source, target) in off
        ribbons.append(Ribbon(path, places[source].name, places[target].name, length_mm, is_off))
    return tuple(ribbons)


def _ribbon(start: tuple[float, float], end: tuple[float, float], thick: float) -> str:
    """Out along the upper edge, back along the lower one."""
    (x0, y0), (x1, y1) = start, end
    bend = (x0 + x1) / 2
    return (
        f"M{x0:.1f} {y0:.1f}C{bend:.1f} {y0:.1f} {bend:.1f} {y1:.1f} {x1:.1f} {y1:.1f}v{thick:.1f}"
        f"C{bend:.1f} {y1 + thick:.1f} {bend:.1f} {y0 + thick:.1f} {x0:.1f} {y0 + thick:.1f}z"
    )
