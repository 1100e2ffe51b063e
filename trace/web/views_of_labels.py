"""What the pages about labels and reserved codes are given, as `views` has it for all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from ..errors import Problem, Text
from ..model.printed import PrintedRun
from ..queries.printing import Printing, ToPrint
from ..queries.unit_codes import LabelledUnit
from .views import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsPage(Page):
    """Labels of a batch's drums and coils, or blank ones of a reserved code: what was printed, the form that prints them, and
    their codes to look at.

    ``typed``: units, paper, start, copies, offsets and why again, by the names of their fields. ``sheets``: the papers there
    are. ``batch_href`` "" and ``valid_to`` for a code that is only reserved. ``print_id``: of the event that printing makes.
    ``left``: the units without labels.
    """

    template: ClassVar[str] = "labels.html"
    batch_code: str
    batch_href: str
    lot: str
    designation: str
    maker: str
    sheets: tuple[tuple[str, Text], ...]
    reasons: tuple[tuple[str, Text], ...]
    typed: Mapping[str, str]
    here: str
    print_id: str
    left: str = ""
    left_count: int = 0
    runs: tuple[PrintedRun, ...] = ()
    valid_to: date | None = None
    grounds: Mapping[str, Text] = field(default_factory=dict)
    labels: tuple[LabelledUnit, ...] = ()
    next_href: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPage(Page):
    """Labels whose printing was recorded a moment ago, and where their file is, also as a list of codes; the browser goes and
    fetches the file."""

    template: ClassVar[str] = "printed.html"
    printings: tuple[Printing, ...]
    file_href: str
    csv_href: str
    back_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPrintPage(Page):
    """What is not printed yet, over several batches, or (``blank``) over reserved codes: ticked and printed in one file."""

    template: ClassVar[str] = "to_print.html"
    rows: tuple[ToPrint, ...]
    blank: bool
    here: str
    next_href: str
    ticked: tuple[str, ...]
    sheets: tuple[tuple[str, Text], ...]
    typed: Mapping[str, str]
    print_id: str
    most_labels: int
    most_batches: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedCode:
    """A reserved code that waits for its batch; ``labels`` of how many units blank ones were printed."""

    code: str
    printed: str
    units: int
    labels: int
    valid_to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationsPage(Page):
    """A maker's codes that wait for a batch, and the form that has more of them minted."""

    template: ClassVar[str] = "reservations.html"
    codes: tuple[ReservedCode, ...]
    waiting: int
    typed: Mapping[str, str]
    id: str
    next_href: str = ""
    problems: tuple[Problem, ...] = ()
