"""The values of facets in words: states of the books, standings of tests, families of cable, rules, regions, makers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from ..alerts.rules import RULES, SEVERITIES
from ..codes.regions import region
from ..errors import InputError, Text
from ..search.facets import OF_REGIONS, Facet
from .names import names_of

STATE_WORDS: Mapping[str, Text] = {
    "held": Text("在库", "Held"),
    "transit": Text("在途", "In transit"),
    "project": Text("在工地", "At project"),
    "used": Text("已使用", "Used"),
    "sampled": Text("已抽样", "Sampled"),
    "seized": Text("查封扣押", "Seized"),
    "sold": Text("已零售", "Sold retail"),
    "scrapped": Text("已报废", "Scrapped"),
    "unexplained": Text("去向不明", "Unexplained"),
    "elsewhere": Text("在他处", "Elsewhere"),  # somebody else's; no value of the filter
}
_VERDICTS: Mapping[str, Text] = {
    "failed": Text("报告判不合格", "failed by a report"),
    "beyond": Text("测值超出限值", "a value beyond its limit"),
    "passed": Text("报告判合格", "passed"),
    "open": Text("有报告，未写结论", "tested, no verdict given"),
    "untested": Text("没有检测报告", "no report"),
}
_FAMILIES: Mapping[str, Text] = {
    "wiring": Text("布电线", "building wires"),
    "flexible": Text("软线", "flexible cords"),
    "power": Text("电力电缆", "power cables"),
    "control": Text("控制电缆", "control cables"),
    "aerial": Text("架空绝缘电缆", "aerial insulated cables"),
    "rubber": Text("橡套电缆", "rubber-sheathed cables"),
    "mineral": Text("矿物绝缘电缆", "mineral-insulated cables"),
    "bare": Text("裸导线", "bare conductors"),
}
_METALS: Mapping[str, Text] = {
    "copper": Text("铜", "copper"),
    "aluminium": Text("铝", "aluminium"),
    "aluminium-alloy": Text("铝合金", "aluminium alloy"),
}
_SEVERITIES: Mapping[str, Text] = {
    severity.value: Text(f"{word.zh}级", word.en) for severity, word in SEVERITIES.items()
}
_RULES: Mapping[str, Text] = {name: rule.title for name, rule in RULES.items()}
_FIXED: Mapping[Facet, Mapping[str, Text]] = {
    Facet.STATE: STATE_WORDS,
    Facet.VERDICT: _VERDICTS,
    Facet.FAMILY: _FAMILIES,
    Facet.METAL: _METALS,
    Facet.SEVERITY: _SEVERITIES,
    Facet.ALERT: _RULES,
}


def words_of(tx: Connection, facet: Facet, values: Iterable[str]) -> dict[str, Text]:
    """What people call these values; what has no other name stands as it is."""
    wanted = list(values)
    if facet in OF_REGIONS:
        return {value: _region(value) for value in wanted}
    if facet is Facet.MAKER:
        names = names_of(tx, wanted)
        return {value: Text(names.party(value), names.party(value)) for value in wanted}
    fixed = _FIXED.get(facet, {})
    return {value: fixed.get(value) or Text(value, value) for value in wanted}


def _region(prefix: str) -> Text:
    """The last part of its name is enough: it stands under what it lies in."""
    try:
        name = region(prefix.ljust(6, "0")).name
    except InputError:
        name = prefix
    return Text(name, name)
