"""Pages that ask what is to be traced, and show where it went or came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..errors import Problem, Text
from ..queries.answers import AsOf
from ..queries.trace import ProjectFlow, Stop, TracedBatch
from ..queries.trace_moments import Moment
from ..queries.unexplained import UnexplainedRow
from ..queries.whereabouts import RegionRow
from .province_map import Tile
from .views import Answer, Choice, Holding, Leg, Link, Page, Place
from .views_of_searching import Also


@dataclass(frozen=True, slots=True, kw_only=True)
class TracePage(Page):
    """The sum of ``regions`` equals ``produced_mm``; the page says so, or says by how much it does not.

    ``beside``: what of its address a form that asks for another moment keeps. ``moments``: days on which it changed; ``last_index``
    where the ledger ends, None where there is nothing to go back through.
    """

    template: ClassVar[str] = "trace.html"
    title: Text
    subject: Text
    subject_href: str
    answer: Answer
    produced_mm: int
    as_of: AsOf | None
    about: Link | None = None
    directions: tuple[Choice, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    holdings: tuple[Holding, ...] = ()
    places: tuple[Place, ...] = ()
    legs: tuple[Leg, ...] = ()
    regions: tuple[RegionRow, ...] = ()
    tiles: tuple[Tile, ...] = ()
    projects: tuple[ProjectFlow, ...] = ()
    stops: tuple[Stop, ...] = ()
    unexplained: tuple[UnexplainedRow, ...] = ()
    batches: tuple[TracedBatch, ...] = ()
    batches_in_all: int = 0
    moments: tuple[Moment, ...] = ()
    moment_href: str = "?up_to="
    last_index: int | None = None
    now_href: str = ""
    files: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTracePage(Page):
    """``typed`` empty: nothing was asked yet. ``partial``: the search was away, so that more may be called so."""

    template: ClassVar[str] = "ask_trace.html"
    typed: str = ""
    found: tuple[Also, ...] = ()
    partial: bool = False
    problems: tuple[Problem, ...] = ()
