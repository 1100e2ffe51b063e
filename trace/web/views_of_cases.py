"""What the pages about leads, cases and what is due are given, as `views` has it for all others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..errors import Text
from ..queries import cases
from ..queries.due import DueRow
from ..queries.requests import RequestRow
from .views import Choice, Entry, Event, Facet, Link, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesPage(Page):
    """The list of leads or of cases. ``lists``: the two of them, and what is due; ``new``: how one begins."""

    template: ClassVar[str] = "cases.html"
    title: Text
    intro: Text
    lists: tuple[Choice, ...]
    facets: tuple[Facet, ...] = ()
    entries: tuple[Entry, ...] = ()
    query: str = ""
    searches: bool = False
    new: Link | None = None
    next_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadPage(Page):
    """One lead; ``steps`` are the forms of what could come next, ``file`` that of a case. ``reads``: readings under grants that
    name its number."""

    template: ClassVar[str] = "lead.html"
    found: cases.LeadPage
    events: tuple[Event, ...] = ()
    steps: tuple[Choice, ...] = ()
    file: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage(Page):
    """One case; ``steps`` are the forms of what could come next, ``requests`` what was asked of other authorities,
    ``evidence_href`` where evidence of it may be taken, ``widen_href`` where a scope of some drums may become one of their batches,
    ``discipline_href`` where a clue about an official is drawn up."""

    template: ClassVar[str] = "case.html"
    found: cases.CasePage
    events: tuple[Event, ...] = ()
    steps: tuple[Choice, ...] = ()
    evidence_href: str = ""
    widen_href: str = ""
    discipline_href: str = ""
    requests: tuple[RequestRow, ...] = ()


@dataclass(frozen=True, slots=True)
class DueGroup:
    """Terms of one time: overdue, this week, later, stopped."""

    key: str
    text: Text
    rows: tuple[DueRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePage(Page):
    """What is due, in groups by time; ``whose``: whose work is listed."""

    template: ClassVar[str] = "due.html"
    lists: tuple[Choice, ...]
    whose: tuple[Choice, ...]
    groups: tuple[DueGroup, ...]
    today: date
    week_ends: date
