"""What the page of the search is given, as `views` has it for all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..errors import Problem, Text
from ..queries.answers import AsOf
from ..queries.rows import BatchRow
from .views import Choice, Facet, Page, Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter(Facet):
    """A filter of the search; ``more`` are folded away. ``cut``: there are more values than these. A period may be given in
    place of single values."""

    more: tuple[Choice, ...] = ()
    cut: bool = False
    is_period: bool = False


@dataclass(frozen=True, slots=True)
class Why:
    """Where a word stood: the field, and what it says around the piece that is the word; without text where that is not
    told."""

    label: Text
    before: str = ""
    marked: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A search that this account has saved."""

    name: str
    href: str
    forget_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One batch that was found; ``why`` says where the words stood, ``unit`` which drum was asked for."""

    batch: BatchRow
    href: str
    why: tuple[Why, ...] = ()
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class Also:
    """Something other than a batch that is called as was typed: what it is, its name, a number or a name beside it."""

    what: Text
    name: str
    beside: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage(Page):
    """``is_asked`` not: nothing was asked yet. ``partial``: time ran out before all was looked through;
    ``are_approximate``: the counts of filters are those of the newest hits.

    ``away``: the search engine cannot be asked just now, in words.
    ``also`` are other things called so; ``typed_wrong`` says of a code that its check character differs.
    ``chips`` are what is chosen, each as the address without it. ``beside_words`` and ``without_period`` are the pairs that
    a new search of the box, or another period, keeps; ``since`` and ``until`` the ends of the period that was asked for, right
    or wrong; ``address`` the whole search, to be saved. The workbook holds ``sheet_rows`` batches at most.
    """

    template: ClassVar[str] = "search.html"
    query: str = ""
    is_asked: bool = False
    also: tuple[Also, ...] = ()
    typed_wrong: Problem | None = None
    hits: tuple[Hit, ...] = ()
    pager: Pager | None = None
    partial: bool = False
    current_to: AsOf | None = None
    problems: tuple[Problem, ...] = ()
    away: Problem | None = None
    filters: tuple[Filter, ...] = ()
    are_approximate: bool = False
    chips: tuple[Choice, ...] = ()
    sorts: tuple[Choice, ...] = ()
    since: str = ""
    until: str = ""
    without_period: tuple[tuple[str, str], ...] = ()
    beside_words: tuple[tuple[str, str], ...] = ()
    address: str = ""
    sheet_href: str = ""
    sheet_rows: int = 0
    saved: tuple[SavedRow, ...] = ()
