"""What became, or would become, of the rows of a file: good, bad and marked, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import Any

from ..clock import format_instant
from ..errors import Problem, Text
from .columns import Layout
from .preview import Preview


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """One reason why a row does not go in. A row has as many as were found. ``value`` is the cell as shown."""

    sheet: str
    row: int
    column: str
    value: str
    code: str
    reason: Text
    remedy: Text

    @property
    def problem(self) -> Problem:
        return Problem(self.code, self.reason, where=self.column, came=self.value, remedy=self.remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedRow:
    """One mark that a row's event carries, although the row goes in. ``mark`` is the rule's name."""

    sheet: str
    row: int
    column: str
    value: str
    mark: str
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedRow:
    """A row that says once more, word for word, what row ``above`` of the sheet ``above_sheet`` says. It adds nothing."""

    sheet: str
    row: int
    above_sheet: str
    above: int

    @property
    def reason(self) -> Text:
        there = "" if self.above_sheet == self.sheet else f"「{self.above_sheet}」"
        there_en = "" if self.above_sheet == self.sheet else f" of {self.above_sheet}"
        return Text(
            f"第 {self.row} 行与{there}第 {self.above} 行重复",
            f"row {self.row} repeats row {self.above}{there_en}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReport:
    """A sheet's rows in numbers: ``good``, ``bad`` and ``repeated`` are all of its ``rows``. ``good`` includes the marked
    rows and those that were on the ledger before (``known``). ``examples`` are a template's own rows, which are none of the
    others."""

    name: str
    layout: Layout
    rows: int
    good: int
    bad: int
    marked: int
    known: int
    examples: int = 0
    repeated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``added`` counts events by kind: those that were recorded, or that would be. ``up_to`` is the index of the
    newest event of this file on the ledger, None before anything was recorded; ``recorded`` the ranges of indexes of
    those that were recorded, both ends included. ``hidden`` sheets were not read."""

    sheets: tuple[SheetReport, ...]
    bad: tuple[BadRow, ...]
    marked: tuple[MarkedRow, ...]
    added: Mapping[str, int]
    up_to: int | None = None
    hidden: tuple[str, ...] = ()
    recorded: tuple[tuple[int, int], ...] = ()
    preview: Preview = field(default_factory=Preview)
    repeated: tuple[RepeatedRow, ...] = ()

    @property
    def good(self) -> Mapping[str, int]:
        """Good rows of every sheet that was understood."""
        return {sheet.name: sheet.good for sheet in self.sheets if sheet.layout.kind is not None}

    def to_json(self) -> dict[str, Any]:
        """``{"good": {sheet: rows}, "bad": [{sheet, row, column, value, reason, remedy, …}], "marked": [{sheet,
        row, mark, …}], …}``. A row stands in ``bad`` once; further reasons are in its ``also``."""
        return {
            "good": dict(self.good),
            "bad": [
                {"sheet": sheet, "row": row, **_reason(first), "also": [_reason(each) for each in rest]}
                for (sheet, row), (first, *rest) in _by_row(self.bad)
            ],
            "marked": [
                {
                    "sheet": each.sheet,
                    "row": each.row,
                    "mark": each.mark,
                    "column": each.column,
                    "value": each.value,
                    "reason": each.reason.zh,
                    "reason_en": each.reason.en,
                }
                for each in self.marked
            ],
            "repeated": [
                {**asdict(each), "reason": each.reason.zh, "reason_en": each.reason.en}
                for each in self.repeated
            ],
            "known": {sheet.name: sheet.known for sheet in self.sheets if sheet.layout.kind is not None},
            "examples": {sheet.name: sheet.examples for sheet in self.sheets if sheet.examples},
            "added": dict(self.added),
            "recorded": [list(each) for each in self.recorded],
            "preview": {
                "rows": [asdict(row) for row in self.preview.rows],
                "length_mm": dict(self.preview.length_mm),
                "new_parties": list(self.preview.new_parties),
                "new_party_count": self.preview.new_party_count,
            },
            "hidden": list(self.hidden),
            "not_understood": [sheet.name for sheet in self.sheets if sheet.layout.kind is None],
            "ignored": {
                sheet.name: list(sheet.layout.ignored) for sheet in self.sheets if sheet.layout.ignored
            },
            "as_said": {
                sheet.name: {"by": said.name, "at": format_instant(said.at)}
                for sheet in self.sheets
                if (said := sheet.layout.said) is not None
            },
            "overruled": {
                sheet.name: list(sheet.layout.overruled) for sheet in self.sheets if sheet.layout.overruled
            },
        }


def _by_row(bad: Sequence[BadRow]) -> Iterable[tuple[tuple[str, int], list[BadRow]]]:
    for key, reasons in groupby(bad, key=lambda each: (each.sheet, each.row)):
        yield key, list(reasons)


def _reason(bad: BadRow) -> dict[str, str]:
    return {
        "column": bad.column,
        "value": bad.value,
        "reason": bad.reason.zh,
        "remedy": bad.remedy.zh,
        "reason_en": bad.reason.en,
        "remedy_en": bad.remedy.en,
        "code": bad.code,
    }
