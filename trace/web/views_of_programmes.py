"""What the pages of special campaigns show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..errors import Text
from ..queries import programmes
from .views import Choice, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammesPage(Page):
    """``new_href``: where another one is recorded, "" for who may not."""

    template: ClassVar[str] = "programmes.html"
    lists: tuple[Choice, ...]
    rows: tuple[programmes.ProgrammeRow, ...]
    new_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammePage(Page):
    """One programme. ``steps``: forms of what could be reported; ``of_task`` those of a task; ``phases`` choose the days of the coverage.
    ``up_to``: the index that was asked for."""

    template: ClassVar[str] = "programme.html"
    found: programmes.ProgrammePage
    steps: tuple[Choice, ...] = ()
    of_task: tuple[Choice, ...] = ()
    phases: tuple[Choice, ...] = ()
    up_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveragePage(Page):
    """The parties behind one number. ``what`` is that number's name, ``back`` the page of the programme."""

    template: ClassVar[str] = "programme_coverage.html"
    found: programmes.CoverageList
    name: str
    what: Text
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfChecksPage(Page):
    """What campaigns ask of the own party, and what it has recorded. ``href``: where it records, without the kind."""

    template: ClassVar[str] = "self_checks.html"
    found: programmes.SelfChecks
    href: str
