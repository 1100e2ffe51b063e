"""A trace as GraphML (http://graphml.graphdrawing.org), for programs that draw and measure networks.

A node for each place with what stays there, an edge for each leg; lengths in millimetres, words in both languages.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ..errors import Text
from ..queries.trace import Leg, Node, Trace
from ..queries.whereabouts import STATES

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"

#: (id, of what, name, type) of each attribute.
_KEYS = (
    ("name", "node", "name", "string"),
    ("name_en", "node", "name_en", "string"),
    ("region", "node", "region", "string"),
    ("region_name", "node", "region_name", "string"),
    ("party", "node", "party", "string"),
    ("project", "node", "project", "string"),
    ("off", "node", "off_platform", "boolean"),
    ("made", "node", "made_mm", "long"),
    *((f"stays_{state}", "node", f"{state}_mm", "long") for state in STATES),
    ("state", "edge", "state", "string"),
    ("length", "edge", "length_mm", "long"),
    ("off_leg", "edge", "off_platform", "boolean"),
    ("index", "graph", "ledger_index", "long"),
    ("direction", "graph", "direction", "string"),
    ("produced", "graph", "produced_mm", "long"),
)


def trace_graphml(found: Trace) -> bytes:
    """A document in UTF-8."""
    root = Element("graphml", {"xmlns": NAMESPACE})
    for id_, of, name, type_ in _KEYS:
        SubElement(root, "key", {"id": id_, "for": of, "attr.name": name, "attr.type": type_})
    graph = SubElement(root, "graph", {"id": "trace", "edgedefault": "directed"})
    _say(
        graph,
        (
            ("index", found.as_of.index),
            ("direction", found.direction),
            ("produced", found.produced_mm),
        ),
    )
    ids = {node.key: f"n{n}" for n, node in enumerate(found.nodes)}
    for node in found.nodes:
        _say(SubElement(graph, "node", {"id": ids[node.key]}), _of_node(node))
    for n, leg in enumerate(found.legs):
        ends = {"id": f"e{n}", "source": ids[leg.source], "target": ids[leg.target]}
        _say(SubElement(graph, "edge", ends), _of_leg(leg))
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _of_node(node: Node) -> Iterable[tuple[str, str | int | bool]]:
    name = Text(node.project_name, node.project_name) if node.project_name else node.name
    yield "name", name.zh
    yield "name_en", name.en
    yield "region", node.region
    yield "region_name", node.region_name.zh
    yield "party", node.party
    yield "project", node.project
    yield "off", node.off_platform
    yield "made", node.made_mm
    yield from ((f"stays_{state}", length_mm) for state, length_mm in node.stays.items())


def _of_leg(leg: Leg) -> Iterable[tuple[str, str | int | bool]]:
    yield "state", leg.state
    yield "length", leg.length_mm
    yield "off_leg", leg.off_platform


def _say(element: Element, said: Iterable[tuple[str, str | int | bool]]) -> None:
    for key, value in said:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        SubElement(element, "data", {"key": key}).text = text
