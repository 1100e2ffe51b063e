"""What the pages of supervision work show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..queries.inspections import DefectRow, VisitRow
from .views import Facet, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionsPage(Page):
    """排查台账. ``facet`` chooses the state; ``plans_href`` leads an authority to its planned visits."""

    template: ClassVar[str] = "inspections.html"
    rows: tuple[DefectRow, ...] = ()
    facet: Facet
    plans_href: str = ""
    next_href: str = ""


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """``begin_href``: where its inspection is recorded, "" where that was done."""

    row: VisitRow
    begin_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitsPage(Page):
    """The own authority's planned visits, those to come first."""

    template: ClassVar[str] = "visits.html"
    rows: tuple[PlannedVisit, ...] = ()
