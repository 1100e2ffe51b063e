"""What the pages about requests to other authorities are given, as `views` has it for all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..queries import regions_to_ask, requests
from .views import Choice, Link, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsPage(Page):
    """Requests that were sent and that came, the open ones with the overdue first, or all of them. ``lists``: what an authority works at."""

    template: ClassVar[str] = "requests.html"
    lists: tuple[Choice, ...]
    sides: tuple[Choice, ...]
    rows: tuple[requests.RequestRow, ...]
    next_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPage(Page):
    """One request; ``steps`` are the forms of what could come next, ``from_paper`` of what the other side did on paper; ``correct`` the
    forms in which the reader corrects an event, by its id."""

    template: ClassVar[str] = "request.html"
    found: requests.RequestPage
    steps: tuple[Choice, ...] = ()
    from_paper: tuple[Choice, ...] = ()
    back: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionsPage(Page):
    """The regions that a case has to ask; ``may_write``: whether the reader may send a request."""

    template: ClassVar[str] = "regions_to_ask.html"
    found: regions_to_ask.RegionsToAsk
    may_write: bool = False
