"""The designation 型号规格 of a row, which tables keep in one column or in three."""

from __future__ import annotations

from ..errors import InputError, Text
from ..model.designation import parse_designation_parts
from .rows import Line, Reading


def designation_as_printed(reading: Reading, *, needed: bool) -> str | None:
    """The designation as printed: from one column, or from 型号, 规格 and 电压等级 together."""
    line = reading.line
    if not line.cell("designation").is_empty or (needed and "type" not in line.table.headings):
        return reading.text("designation")
    if line.cell("type").is_empty and not needed:
        return None
    type_, spec, voltage = reading.text("type"), reading.note("spec"), reading.note("voltage")
    if type_ is None:
        return None
    try:
        return parse_designation_parts(type_, spec or "", voltage or "").printed
    except InputError as error:
        problem = error.problems[0]
        check = Text("请核对型号、规格与电压等级。", "Check the type, the specification and the voltage.")
        reading.refuse(
            "type", problem.detail.zh, problem.detail.en, problem.remedy or check, code=problem.code
        )
        return None


def designation_field(line: Line) -> str:
    return "type" if line.cell("designation").is_empty and "type" in line.table.headings else "designation"
