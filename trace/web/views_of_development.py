"""What the page of all components is given; development and tests only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..errors import Problem
from ..http.attaching import Attached
from .views import BatchPage, DeskPage, Page, RecordPage
from .views_of_imports import ImportPage
from .views_of_tracing import TracePage


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentsPage(Page):
    """Every component with its states, for people who build pages; development only."""

    template: ClassVar[str] = "dev/components.html"
    batch: BatchPage
    trace: TracePage
    checked: ImportPage
    desk: DeskPage
    attached: Attached
    entered: RecordPage
    wrong: tuple[Problem, ...]
