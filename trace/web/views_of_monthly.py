"""What the pages of the monthly form show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..errors import Problem, Text
from ..model.monthly import How, show_wan
from ..queries.monthly import FormRow, MonthlyPage, Told, UnitCell, UnitMonth
from .views import Choice, Event, Page


def told_in_words(how: How, told: Told) -> Text:
    """A number as people read it, with what is missing of an amount."""
    if how != "fen":
        return _same(f"{told.value:,}")
    if told.value is None:
        return Text(f"不详（{told.unknown} 起未认定）", f"unknown ({told.unknown} not determined)")
    amount = show_wan(told.value)
    if not told.unknown:
        return _same(amount)
    return Text(f"{amount}，另 {told.unknown} 起未认定", f"{amount}, and {told.unknown} more not determined")


def _same(said: str) -> Text:
    return Text(said, said)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyUnitsPage(Page):
    """How each unit stands with a month; ``months``: the one before and the one after."""

    template: ClassVar[str] = "monthly.html"
    month: str
    months: tuple[Choice, ...]
    rows: tuple[UnitMonth, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyFormPage(Page):
    """A unit's form. ``query`` goes along to its files and events; ``may_submit`` where it is the reader's own; ``id`` and ``at`` of the
    event, chosen when the page is shown, so that sending twice records once. ``text``: the remark that was typed."""

    template: ClassVar[str] = "monthly_form.html"
    found: MonthlyPage
    query: str = ""
    may_submit: bool = False
    id: str = ""
    at: str = ""
    text: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def in_the_form(self) -> tuple[FormRow, ...]:
        return tuple(row for row in self.found.form.rows if row.row is not None)

    @property
    def beside_it(self) -> tuple[FormRow, ...]:
        return tuple(row for row in self.found.form.rows if row.row is None)

    def cells_in_the_form(self, cells: tuple[UnitCell, ...]) -> tuple[tuple[FormRow, UnitCell], ...]:
        """The cells of a unit with the rows of the form that they are of, without those beside it."""
        return tuple(
            (row, cell) for row, cell in zip(self.found.form.rows, cells, strict=True) if row.row is not None
        )

    def said(self, how: How, told: Told) -> Text:
        return told_in_words(how, told)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyEventsPage(Page):
    """The events behind one number. ``whose``: the name of the one unit whose they are, "" for all."""

    template: ClassVar[str] = "monthly_events.html"
    unit: str
    month: str
    title: Text
    definition: Text
    back: str
    of: tuple[Choice, ...]
    events: tuple[Event, ...]
    whose: str = ""
