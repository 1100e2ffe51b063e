"""A trace as a page: its answer in a sentence, its places and legs in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ..errors import Text
from ..model.quantities import show_metres
from ..queries.starting_points import Direction, OfGoods
from ..queries.trace import Leg as Edge
from ..queries.trace import Node, Trace
from ..queries.unexplained import in_words, lengths_apart
from ..queries.visibility import ELSEWHERE
from .province_map import tiles
from .views import Answer, Frame, Holding, Leg, Place
from .views_of_tracing import TracePage
from .words import Where

#: How metres came to a place, by the state that they came into.
_HOW: Mapping[str, Text] = {
    "held": Text("收货", "Received"),
    "transit": Text("发货", "Dispatched"),
    "project": Text("到工地", "Brought to the site"),
    "used": Text("使用", "Used"),
    ELSEWHERE: Text("去了他处", "Went elsewhere"),
    "sampled": Text("抽样", "Sampled"),
    "unexplained": Text("来去未说明", "Not explained"),
}


_TITLES: Mapping[Direction, Text] = {
    "down": Text("到哪里去了", "Where it went"),
    "up": Text("从哪里来", "Where it came from"),
    "both": Text("从哪里来，到哪里去了", "Where it came from, and went"),
}


def trace_page(
    frame: Frame, found: Trace, subject: Text, subject_href: str, *, most_batches: int = 200, **more: Any
) -> TracePage:
    """The page of a trace; ``more`` are what its address can tell: other directions, moments, files."""
    return TracePage(
        frame=frame,
        title=_TITLES[found.direction],
        subject=subject,
        subject_href=subject_href,
        answer=answer_of(found),
        produced_mm=found.produced_mm,
        as_of=found.as_of,
        holdings=tuple(
            Holding(cast(Where, state), mm) for state, mm in lengths_apart(found.holdings, found.unexplained)
        ),
        places=tuple(_place(node) for node in found.nodes),
        legs=tuple(_leg(edge) for edge in found.legs),
        regions=found.regions,
        tiles=tiles(found.regions),
        projects=found.projects,
        stops=found.stops,
        unexplained=found.unexplained,
        batches=found.batches[:most_batches],
        batches_in_all=len(found.batches),
        **more,
    )


def answer_of(found: Trace) -> Answer:
    """How far the goods went, and how much of them cannot be followed further; or from how many makers they came."""
    if isinstance(found.begin, OfGoods) and not found.batches:
        return _answer_of_goods(found)
    if found.direction == "up":
        return _answer_upwards(found)
    regions = len([row for row in found.regions if row.region])
    projects = len(found.projects)
    reach = Text(
        f"{show_metres(found.produced_mm)} m 分布在 {regions} 个地区"
        + (f"、{projects} 个项目" if projects else ""),
        f"{show_metres(found.produced_mm)} m are in {regions} region{'s' * (regions != 1)}"
        + (f" and {projects} project{'s' * (projects != 1)}" if projects else ""),
    )
    hidden_mm = found.holdings.get(ELSEWHERE, 0)
    if hidden_mm:
        metres = show_metres(found.produced_mm - hidden_mm)
        reach = Text(
            f"共 {show_metres(found.produced_mm)} m，您可见的 {metres} m 在 {regions} 个地区"
            + (f"、{projects} 个项目" if projects else ""),
            f"of {show_metres(found.produced_mm)} m you may see {metres} m, in {regions} region{'s' * (regions != 1)}"
            + (f" and {projects} project{'s' * (projects != 1)}" if projects else ""),
        )
    if not found.stops:
        rest = (
            Text("其余在其他单位，去向不在您可见范围内。", "The rest is with others, and not yours to see.")
            if hidden_mm
            else Text("每一米都有下落。", "Every metre is accounted for.")
        )
        return Answer("fine", reach, rest, found.as_of)
    parts = list(in_words(found.unexplained))
    sent_mm = sum(stop.length_mm for stop in found.stops if stop.state == "transit")
    if sent_mm:
        metres = show_metres(sent_mm)
        sent = Text(f"{metres} m 已发出、尚未登记收货", f"{metres} m were sent and not recorded as received")
        parts.insert(0, sent)
    reason = Text("；".join(part.zh for part in parts) + "。", "; ".join(part.en for part in parts) + ".")
    return Answer("attention", reach, reason, found.as_of)


def _answer_of_goods(found: Trace) -> Answer:
    length = f"{show_metres(found.produced_mm)} m" if found.produced_mm else ""
    return Answer(
        "unknown",
        Text(
            f"没有追溯码的货物{length}：账上没有它的来路和去向",
            f"goods without a code, {length or 'of unknown length'}: the books know neither where they came from nor where they went",
        ),
        Text(
            "图上虚线只是货上标称或当事人所说，要到现场和纸面上核实。",
            "Broken lines are only what is printed on them or what people say; it is to be checked on the spot and on paper.",
        ),
        found.as_of,
    )


def _answer_upwards(found: Trace) -> Answer:
    makers, batches = len({each.maker for each in found.batches}), len(found.batches)
    total_mm = sum(each.traced_mm for each in found.batches)
    sentence = Text(
        f"{show_metres(total_mm)} m 来自 {makers} 家生产企业的 {batches} 个批次",
        f"{show_metres(total_mm)} m are of {batches} batch{'es' * (batches != 1)} by {makers} maker{'s' * (makers != 1)}",
    )
    if not batches:
        none = Text(
            "您可见的账上，没有带追溯码的电缆到过这里",
            "In the books that you may see, no cable with a trace code has come here",
        )
        return Answer("unknown", none, Text("", ""), found.as_of)
    missing_mm = -sum(min(0, mm) for mm in found.holdings.values())
    if missing_mm:
        metres = show_metres(missing_mm)
        reason = Text(f"另有 {metres} m 账上没有来路。", f"Of {metres} m more the books know no origin.")
        return Answer("attention", sentence, reason, found.as_of)
    return Answer(
        "fine",
        sentence,
        Text("每一米都能追到生产。", "Every metre leads back to where it was made."),
        found.as_of,
    )


def _holdings(by_state: Mapping[str, int]) -> tuple[Holding, ...]:
    return tuple(Holding(cast(Where, state), mm) for state, mm in by_state.items())


def _place(node: Node) -> Place:
    if node.project_name:
        name, role = Text(node.project_name, node.project_name), Text("项目", "Project")
    elif node.made_mm:
        name, role = node.name, Text("生产", "Made here")
    elif node.others or not node.party:
        name, role = node.name, Text("—", "—")
    else:
        name, role = node.name, Text("单位", "Party")
    is_party = bool(node.party) and not node.project and not node.others
    return Place(
        key=node.key,
        name=name,
        role=role,
        region=node.region_name,
        stays=_holdings(node.stays),
        href=f"/projects/{node.project}"
        if node.project_name
        else f"/parties/{node.party}"
        if is_party
        else "",
        off_platform=node.off_platform,
    )


def _leg(edge: Edge) -> Leg:
    return Leg(
        source=edge.source,
        target=edge.target,
        length_mm=edge.length_mm,
        word=_HOW.get(edge.state, Text(edge.state, edge.state)),
        off_platform=edge.off_platform,
    )
