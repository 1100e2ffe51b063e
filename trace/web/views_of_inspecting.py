"""What the pages of supervision work show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from ..errors import Problem, Text
from ..queries.inspections import DefectRow, VisitRow
from ..queries.risk import RiskRow
from ..queries.sampling_plans import SamplingPlanRow
from ..queries.wording import LEVELS
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


@dataclass(frozen=True, slots=True)
class RatedMaker:
    """``plan_href``: the form of a planned visit, filled in as the class wants it; ``record_href`` that of an official class, "" for whom there
    is none."""

    row: RiskRow
    plan_href: str
    record_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPage(Page):
    """风险等级, those that are due first. ``facet`` chooses the class; ``source`` of the classes."""

    template: ClassVar[str] = "risk.html"
    rows: tuple[RatedMaker, ...] = ()
    facet: Facet
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskOfMakerPage(Page):
    """One maker with its risk class and all its official classes."""

    template: ClassVar[str] = "risk_maker.html"
    it: RatedMaker


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingPlansPage(Page):
    """The own authority's sampling plans, and the form of another one. ``id`` of its event, ``draw_ids`` those of the draws, chosen when the
    page is shown, so that sending twice records once."""

    template: ClassVar[str] = "sampling_plans.html"
    rows: tuple[SamplingPlanRow, ...] = ()
    typed: Mapping[str, str]
    id: str
    at: str
    draw_ids: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def levels(self) -> Mapping[str, Text]:
        return LEVELS
