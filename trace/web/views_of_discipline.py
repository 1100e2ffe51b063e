"""What the pages of clues about officials show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from ..queries import discipline
from .views import Choice, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class DisciplineListPage(Page):
    """Those in which the reader is named. ``new_href``: where another one is drawn up, "" for who may not."""

    template: ClassVar[str] = "discipline.html"
    rows: tuple[discipline.DisciplineRow, ...]
    new_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisciplinePage(Page):
    """One of them; ``people``: what its accounts are called."""

    template: ClassVar[str] = "discipline_clue.html"
    found: discipline.DisciplinePage
    people: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Choice, ...] = ()
    letter_href: str = ""
