"""A trace as a workbook: regions, places, legs, projects, stops and batches, with the numbers of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import NamedTuple

import xlsxwriter

from ..errors import Text
from ..queries.facet_words import STATE_WORDS
from ..queries.trace import Trace
from ..queries.whereabouts import STATES

#: A cell: words, or millimetres that are written as metres.
Cell = str | int
_METRES = Text("（m）", " (m)")


class Sheet(NamedTuple):
    """One sheet: its name, its headings, its lines."""

    name: Text
    headings: tuple[Text, ...]
    lines: Iterable[Sequence[Cell]]


def trace_sheet(found: Trace, language: str) -> bytes:
    """An XLSX file. Everything that is no length is written as text: what came may look like a formula."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    bold = book.add_format({"bold": True})
    for name, headings, lines in _sheets(found, language):
        sheet = book.add_worksheet(name.in_language(language))
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading.in_language(language), bold)
            sheet.set_column(column, column, 14 if heading.zh.endswith(_METRES.zh) else 24)
        for at, line in enumerate(lines, start=1):
            for column, cell in enumerate(line):
                if isinstance(cell, str):
                    sheet.write_string(at, column, cell)
                else:
                    sheet.write_number(at, column, cell / 1000)
        sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _sheets(found: Trace, language: str) -> tuple[Sheet, ...]:
    def said(text: Text) -> str:
        return text.in_language(language)

    states = [state for state in STATES if any(state in row.by for row in found.regions)]
    names = {
        node.key: (_name_of(node.project_name, said(node.name)), said(node.region_name))
        for node in found.nodes
    }
    return (
        Sheet(
            Text("地区", "regions"),
            (
                Text("代码", "code"),
                Text("地区", "region"),
                *map(_in_metres, (STATE_WORDS[state] for state in states)),
                _in_metres(_TOTAL),
            ),
            (
                (row.region, said(row.name), *(row.by.get(state, 0) for state in states), row.total_mm)
                for row in found.regions
            ),
        ),
        Sheet(
            Text("地点", "places"),
            (
                Text("地点", "place"),
                Text("地区", "region"),
                Text("平台外", "off the platform"),
                _in_metres(Text("生产", "made")),
                *map(_in_metres, (STATE_WORDS[state] for state in states)),
            ),
            (
                (
                    *names[node.key],
                    said(_YES) if node.off_platform else "",
                    node.made_mm,
                    *(node.stays.get(state, 0) for state in states),
                )
                for node in found.nodes
            ),
        ),
        Sheet(
            Text("转移", "legs"),
            (
                Text("从", "from"),
                Text("从（地区）", "from (region)"),
                Text("到", "to"),
                Text("到（地区）", "to (region)"),
                Text("成为", "into"),
                Text("平台外", "off the platform"),
                _in_metres(Text("长度", "length")),
            ),
            (
                (
                    *names[leg.source],
                    *names[leg.target],
                    said(STATE_WORDS[leg.state]),
                    said(_YES) if leg.off_platform else "",
                    leg.length_mm,
                )
                for leg in found.legs
            ),
        ),
        Sheet(
            Text("项目", "projects"),
            (
                Text("编号", "number"),
                Text("项目", "project"),
                Text("建设单位", "owner"),
                Text("地区", "region"),
                *map(_in_metres, (Text("到货", "arrived"), Text("未使用", "unused"), Text("已使用", "used"))),
            ),
            (
                (
                    row.number,
                    row.name,
                    row.owner,
                    said(row.region_name),
                    row.arrived_mm,
                    row.there_mm,
                    row.used_mm,
                )
                for row in found.projects
            ),
        ),
        Sheet(
            Text("中断处", "stops"),
            (
                Text("单位", "party"),
                Text("地区", "region"),
                Text("原因", "reason"),
                Text("最后记录（账本序号）", "last record (ledger index)"),
                _in_metres(Text("长度", "length")),
            ),
            (
                (
                    said(row.holder),
                    said(row.region_name),
                    said(row.reason),
                    "" if row.last_index is None else str(row.last_index),
                    row.length_mm,
                )
                for row in found.stops
            ),
        ),
        Sheet(
            Text("批次", "batches"),
            (
                Text("追溯码", "code"),
                Text("批号", "lot"),
                Text("型号规格", "designation"),
                Text("生产企业", "maker"),
                Text("证书", "certificate"),
                Text("生产日期", "produced on"),
                Text("原料批号", "material lots"),
                _in_metres(Text("登记长度", "registered")),
                _in_metres(Text("本次追溯", "traced")),
            ),
            (
                (
                    each.printed,
                    each.lot,
                    each.designation,
                    each.maker_name,
                    each.certificate,
                    each.produced_on.isoformat(),
                    "; ".join(material.lot for material in each.materials if material.lot),
                    each.length_mm,
                    each.traced_mm,
                )
                for each in found.batches
            ),
        ),
        Sheet(
            Text("说明", "about"),
            (Text("项", "what"), Text("内容", "said")),
            (
                (said(Text("截至账本序号", "as of ledger index")), str(found.as_of.index)),
                (said(Text("方向", "direction")), said(DIRECTION_WORDS[found.direction])),
                (said(Text("合计", "total")), found.produced_mm),
            ),
        ),
    )


DIRECTION_WORDS = {
    "down": Text("向下：去了哪里", "down: where it went"),
    "up": Text("向上：从哪里来", "up: where it came from"),
    "both": Text("上下：从哪里来、去了哪里", "both ways: where it came from and went"),
}
_TOTAL, _YES = Text("合计", "total"), Text("是", "yes")


def _in_metres(word: Text) -> Text:
    return Text(f"{word.zh}{_METRES.zh}", f"{word.en.lower()}{_METRES.en}")


def _name_of(project: str, party: str) -> str:
    return f"{project}（{party}）" if project and party else project or party
