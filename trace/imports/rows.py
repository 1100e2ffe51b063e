"""One row of an understood table, read field by field, and the group of drafts that rows become.

Reading goes on after a mistake, so that a person hears of everything that is wrong with a row at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from ..codes.regions import current_code
from ..codes.unit_ranges import UnitRange
from ..errors import InputError, Problem, Text, shown
from ..model.typed_party import TypedParty
from ..model.values import business_id
from .cells import (
    choice_of,
    half_width,
    kilograms_of,
    metres_of,
    optional,
    party_of,
    region_of,
    required_text,
    text_of,
    units_of,
)
from .columns import CODES, TableKind, unit_behind
from .grid import EMPTY, Cell
from .workbook import Row

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet that was understood. ``headings`` goes from field to heading, ``units`` from field to the unit of its
    numbers where somebody has said it and the heading does not."""

    sheet: str
    kind: TableKind
    headings: Mapping[str, str]
    rows: Sequence[Row]
    units: Mapping[str, str] = field(default_factory=dict)

    def lines(self) -> list[Line]:
        return [Line(self, row) for row in self.rows]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A row of a table, its cells by field."""

    table: Table
    row: Row

    @property
    def number(self) -> int:
        return self.row.number

    def cell(self, name: str) -> Cell:
        """What stands in the field's column, codes in half width; an empty cell where the sheet has no such
        column."""
        cell = self._stored(name)
        if name in CODES and isinstance(cell.value, str):
            return Cell(half_width(cell.value))
        return cell

    def _stored(self, name: str) -> Cell:
        heading = self.table.headings.get(name)
        return EMPTY if heading is None else self.row.cells[heading]

    def heading(self, name: str) -> str:
        """The column as the sheet calls it, or as it is usually called where the sheet has none."""
        return self.table.headings.get(name) or self.table.kind.title_of(name).zh

    def unit(self, name: str, usual: str) -> str:
        """The unit of a number that has none itself."""
        return self.table.units.get(name) or unit_behind(self.heading(name), usual)

    def as_typed(self, name: str) -> str:
        """The cell as people see it, shortened."""
        value = self._stored(name).value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else shown(str(value).strip())

    def names_nobody(self, name: str) -> bool:
        """Whether neither the name of this party nor its credit code is filled in."""
        return self.cell(name).is_empty and self.cell(f"{name}_uscc").is_empty

    def glance(self, name: str) -> str:
        """The text in a cell, or empty text also where it cannot be read: for looking ahead, not for recording."""
        try:
            return text_of(self.cell(name)) or ""
        except InputError:
            return ""

    def glance_party(self, name: str) -> TypedParty:
        """Who stands in this field, likewise: all of a text whose code is wrong."""
        try:
            return party_of(self.cell(name))
        except InputError:
            return TypedParty(self.glance(name))


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a row is bad, and in which field."""

    line: Line
    field: str
    problem: Problem


@dataclass(slots=True)
class Reading:
    """Reads one line and keeps everything that is wrong with it. Whoever has ``troubles`` is not recorded."""

    line: Line
    troubles: list[Trouble] = field(default_factory=list)

    def need(self, name: str, read: Callable[[Cell], T]) -> T | None:
        """What the cell means; None, and a trouble, where it is empty or wrong."""
        try:
            return read(self.line.cell(name))
        except InputError as error:
            self.troubles += [Trouble(self.line, name, problem) for problem in error.problems]
            return None

    def may(self, name: str, read: Callable[[Cell], T]) -> T | None:
        """The same for a cell that may be empty."""
        return self.need(name, lambda cell: optional(read, cell))

    def text(self, name: str) -> str | None:
        return self.need(name, required_text)

    def note(self, name: str) -> str | None:
        return self.need(name, text_of)

    def day(self, name: str, read: Callable[[Cell], date]) -> date | None:
        return self.need(name, read)

    def length(self, name: str) -> int | None:
        """Millimetres; zero is refused."""
        unit = self.line.unit(name, "m")
        return self.need(name, lambda cell: _some_metres(cell, unit))

    def mass(self, name: str) -> int | None:
        """Grams, of a cell that may be empty."""
        unit = self.line.unit(name, "kg")
        return self.may(name, lambda cell: kilograms_of(cell, unit))

    def region(self, name: str) -> str | None:
        """A region's code as it stands today: what is typed as 411626 lies in 411603."""
        found = self.need(name, region_of)
        return None if found is None else current_code(found.code)

    def word(self, name: str, words: Words[T]) -> T | None:
        """One of a few words."""
        return self.need(name, words.read)

    def unit(self, name: str) -> int | None:
        """The number of a single drum."""
        return self.may(name, _one_unit)

    def refuse(self, name: str, zh: str, en: str, remedy: Text, code: str = "wrong-input") -> None:
        """Something is wrong that only several cells together show."""
        problem = Problem(code, Text(zh, en), came=self.line.as_typed(name), remedy=remedy)
        self.troubles.append(Trouble(self.line, name, problem))


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Generic[T]):
    """The words that a column takes. A wrong one is answered with the ``usual`` words; the others are taken too."""

    usual: Mapping[str, T]
    also: Mapping[str, T]

    def read(self, cell: Cell) -> T:
        try:
            return choice_of(cell, {**self.usual, **self.also})
        except InputError:
            return choice_of(cell, self.usual)


def _some_metres(cell: Cell, unit: str) -> int:
    length_mm = metres_of(cell, unit)
    if not length_mm:
        raise InputError.of(
            "wrong-quantity",
            "长度应大于 0",
            "a length is greater than 0",
            came=str(cell.value),
            remedy=Text("请填写实际长度。", "Enter the real length."),
        )
    return length_mm


def _one_unit(cell: Cell) -> int:
    ranges = units_of(cell)
    if len(ranges) != 1 or ranges[0].count != 1:
        raise InputError.of(
            "wrong-unit-range",
            "此处只能填一个盘号",
            "a single unit is wanted here",
            came=str(cell.value),
            remedy=Text("请一盘一行填写。", "Write one row for each unit."),
        )
    return ranges[0].first


# ---- what rows become ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A draft with its speaker, without ``entered_for``: that depends on who enters it.

    ``fields`` goes from JSON pointer to the field it came from, ``""`` being the one that names the thing; item
    numbers are left out (``/body/items/unit``), for each item has its line in ``items``. ``derived`` are members
    that follow from what was known on the day of the import, not from the file.
    """

    draft: Mapping[str, Any]
    speaker: str
    fields: Mapping[str, str]
    items: tuple[Line, ...] = ()
    derived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """Lines that stand or fall as one, and what they say, in the order in which it is to be recorded."""

    lines: tuple[Line, ...]
    said: tuple[Said, ...]


def event_id(organisation: str, kind: str, *key: str) -> str:
    """The id of an imported event: the same thing said again by the same organisation has the same id."""
    return business_id("import", organisation, kind, *key)


def given(**members: Any) -> dict[str, Any]:
    """The members that are there."""
    return {name: value for name, value in members.items() if value not in (None, (), [], {})}


def on_day(day: date | None) -> dict[str, Any]:
    """``occurred_at`` and ``precision`` of a bare date."""
    return {} if day is None else {"occurred_at": f"{day}T00:00:00+08:00", "precision": "day"}


def person(role: str, name: str | None) -> list[dict[str, str]]:
    return [] if name is None else [{"role": role, "name": name}]


def as_ranges(units: Sequence[UnitRange]) -> list[list[int]]:
    return [[each.first, each.last] for each in units]


def first_of(units: Sequence[UnitRange] | None) -> str:
    """What tells two lines about one lot under one number apart, so that each keeps its id: its first drum."""
    return str(units[0].first) if units else ""


# ---- several rows, one event --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A line that gives one item to an event that several lines make up (a report, an order).

    ``key`` says which event; ``head`` is what all its lines must agree on, by field.
    """

    line: Line
    key: tuple[str, ...]
    head: Mapping[str, Any]
    item: Mapping[str, Any]


def together(parts: Sequence[Part], troubles: list[Trouble]) -> list[list[Part]]:
    """The parts of each event, in the order of their first lines.

    A head's empty cell takes the value of the line before it, as where cells were merged. Lines that contradict
    the others of their event are in trouble: most of them decide, the first where none has more.
    """
    events: dict[tuple[str, ...], list[Part]] = {}
    for part in parts:
        lines = events.setdefault(part.key, [])
        if lines and None in part.head.values():
            above = lines[-1].head
            head = {name: above[name] if value is None else value for name, value in part.head.items()}
            part = Part(part.line, part.key, head, part.item)  # noqa: PLW2901
        lines.append(part)
    return [_agreeing(lines, troubles) for lines in events.values()]


def _agreeing(lines: list[Part], troubles: list[Trouble]) -> list[Part]:
    heads = Counter(tuple(part.head.values()) for part in lines)
    usual = heads.most_common(1)[0][0]
    agreeing = []
    for part in lines:
        odd = [
            name
            for name, value, wanted in zip(part.head, part.head.values(), usual, strict=True)
            if value != wanted
        ]
        if not odd:
            agreeing.append(part)
        for name in odd:
            problem = Problem(
                "wrong-input",
                Text(
                    f"与同一编号「{part.key[-1]}」的其他行不一致",
                    f"this contradicts the other rows of {part.key[-1]}",
                ),
                came=part.line.as_typed(name),
                remedy=Text(
                    "同一编号的各行此列应相同，请核对。",
                    "All rows of one number agree in this column; check it.",
                ),
            )
            troubles.append(Trouble(part.line, name, problem))
    return agreeing
