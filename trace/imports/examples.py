"""The example row of every table of a template, and what becomes of it where it was left in a file.

The examples tell one story of invented firms: made, tested, sold, accepted, laid. Left as it is the row is passed
over; written over by half it is refused, for what is left of it would be recorded as if it were true.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from ..errors import InputError, Problem, Text
from .cells import date_of, text_of
from .columns import (
    ACCEPTANCES,
    BATCHES,
    FACTORY_TESTS,
    LABORATORY_RESULTS,
    OPINIONS,
    ORDERS,
    PRODUCTS,
    PROJECTS,
    RECEIPTS,
    SHIPMENTS,
    USES,
)
from .grid import Cell
from .rows import Line, Table, Trouble

Example = Mapping[str, str | int | float | date]

_LOT = "示例-260302-01"
_PRODUCT = "示例-YJV95"
_DESIGNATION = "YJV 0.6/1kV 3×95+1×50"
_PROJECT = "示例-XM01"
_NOTE = "示例-FH0305"
_MAKER = {"maker": "示例电缆有限公司", "maker_uscc": "91411603EXAMPLE11E"}
_CONTRACTOR, _CONTRACTOR_USCC = "示例建设工程有限公司", "91411627EXAMPLE2XY"
_RESISTANCE: Example = {
    "indicator": "导体电阻",
    "core": "黄",
    "value": "0.190",
    "measure": "Ω/km",
    "temperature": 20,
    "verdict": "合格",
    "method": "GB/T 3048.4",
}

#: By the name of the kind of table: field -> value; fields that are not here stay empty.
EXAMPLES: Mapping[str, Example] = MappingProxyType(
    {
        PRODUCTS.name: {
            "product": _PRODUCT,
            "name": "交联聚乙烯绝缘聚氯乙烯护套电力电缆",
            "designation": _DESIGNATION,
            "standard": "GB/T 12706.1-2020",
            "certificate_type": "生产许可证",
            "certificate": "（豫）XK06-001-99999",
            "valid_from": date(2024, 1, 1),
            "valid_to": date(2028, 12, 31),
            "scope_types": "YJV、YJV22",
            "scope_voltages": "0.6/1kV",
            "scope_areas": "1.5-300",
            "scope_cores": 5,
            "scope_factories": "411603",
            "issuer": "河南示例市场监督管理局",
            **_MAKER,
        },
        BATCHES.name: {
            "lot": _LOT,
            "product": _PRODUCT,
            "designation": _DESIGNATION,
            "date": date(2026, 3, 2),
            "shift": "甲班",
            "line": "3 号线",
            "total": 2000,
            "count": 4,
            "each": 500,
            "units": "1-4",
            "material": "示例-TG0228",
            "copper": 5900,
            "inspector": "张三",
            **_MAKER,
        },
        FACTORY_TESTS.name: {
            "report": "示例-CJ0303",
            "lot": _LOT,
            "units": "1",
            **_RESISTANCE,
            "date": date(2026, 3, 3),
            "tester": "张三",
            **_MAKER,
        },
        SHIPMENTS.name: {
            "note": _NOTE,
            "lot": _LOT,
            "units": "1-2",
            "length": 1000,
            "buyer": _CONTRACTOR,
            "buyer_uscc": _CONTRACTOR_USCC,
            "region": "411627",
            "date": date(2026, 3, 5),
            "carrier": "示例物流公司",
            "price": 185.5,
            **_MAKER,
        },
        RECEIPTS.name: {
            "note": _NOTE,
            "lot": _LOT,
            "units": "2",
            "measured": 499,
            "sender": _MAKER["maker"],
            "sender_uscc": _MAKER["maker_uscc"],
            "receiver": _CONTRACTOR,
            "receiver_uscc": _CONTRACTOR_USCC,
            "date": date(2026, 3, 6),
            **_MAKER,
        },
        PROJECTS.name: {
            "project": _PROJECT,
            "name": "示例住宅小区一期",
            "region": "411627",
            "owner": "示例置业有限公司",
            "owner_uscc": "91411627EXAMPLE38Y",
            "contractor": _CONTRACTOR,
            "contractor_uscc": _CONTRACTOR_USCC,
            "supervisor": "示例监理有限公司",
            "supervisor_uscc": "91411627EXAMPLE46R",
        },
        ORDERS.name: {
            "number": "示例-DD0220",
            "project": _PROJECT,
            "designation": _DESIGNATION,
            "length": 1000,
            "supplier": _MAKER["maker"],
            "supplier_uscc": _MAKER["maker_uscc"],
            "price": 185.5,
            "date": date(2026, 2, 20),
            "due": date(2026, 3, 10),
        },
        ACCEPTANCES.name: {
            "number": "示例-YS0306",
            "project": _PROJECT,
            "note": _NOTE,
            "lot": _LOT,
            "units": "1",
            "measured": 500,
            "papers": "齐全",
            "appearance": "完好",
            "result": "合格",
            "date": date(2026, 3, 6),
            "acceptor": "李四",
            **_MAKER,
        },
        OPINIONS.name: {
            "number": "示例-JL0325",
            "project": _PROJECT,
            "lot": _LOT,
            "units": "1",
            "seal": "示例-FY0307",
            "opinion": "同意进场",
            "engineer": "王五",
            "date": date(2026, 3, 25),
            **_MAKER,
        },
        USES.name: {
            "number": "示例-SY0326",
            "project": _PROJECT,
            "lot": _LOT,
            "units": "1",
            "length": 120,
            "circuit": "示例 1 号楼 AP1",
            "date": date(2026, 3, 26),
            **_MAKER,
        },
        LABORATORY_RESULTS.name: {
            "report": "示例-JC0320",
            "cma": "269999999999",
            "laboratory": "示例检测有限公司",
            "inspection": "见证取样",
            "sampling": "示例-CY0307",
            "lot": _LOT,
            "units": "1",
            "length": 3,
            "region": "411627",
            **_RESISTANCE,
            "date": date(2026, 3, 20),
            "tester": "赵六",
            **_MAKER,
        },
    }
)

#: Numbers and names that nobody has. What else stands in an example (a date, a unit, a verdict) may be true as well.
_INVENTED = re.compile("示例|.*(?:EXAMPLE|9999)")


def invented_in(example: Example) -> dict[str, str]:
    """The fields of the example whose value cannot be anybody's own."""
    return {
        name: value for name, value in example.items() if isinstance(value, str) and _INVENTED.match(value)
    }


@dataclass(frozen=True, slots=True)
class SetAside:
    """A table without what is left of the template's example; ``untouched`` rows were passed over."""

    table: Table
    untouched: int
    troubles: tuple[Trouble, ...]


def set_aside(table: Table) -> SetAside:
    """Take the example's row out of a table. One that was written over in part is in trouble, field by field."""
    example = EXAMPLES[table.kind.name]
    invented = invented_in(example)
    troubles: list[Trouble] = []
    own = []
    untouched = 0
    for line in table.lines():
        left = [name for name, value in invented.items() if line.glance(name) == value]
        if not left:
            own.append(line.row)
        elif _is(line, example):
            untouched += 1
        else:
            troubles += [_left_over(line, name) for name in left]
    return SetAside(replace(table, rows=own), untouched, tuple(troubles))


def _is(line: Line, example: Example) -> bool:
    return all(_same(line.cell(name), example.get(name)) for name in line.table.headings)


def _same(cell: Cell, value: str | int | float | date | None) -> bool:
    if value is None:
        return cell.is_empty
    try:
        if isinstance(value, date):
            return date_of(cell) == value
        text = text_of(cell) or ""
        return text == value if isinstance(value, str) else float(text) == value
    except (InputError, ValueError):
        return False


def _left_over(line: Line, name: str) -> Trouble:
    return Trouble(
        line,
        name,
        Problem(
            "wrong-input",
            Text("这里还是模板示例的内容", "this is still the template's example"),
            came=line.as_typed(name),
            remedy=Text(
                "请把示例行整行换成实际内容，或删去该行。",
                "Write over the whole row of the example, or delete it.",
            ),
        ),
    )
