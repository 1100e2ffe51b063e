"""What the pages of listed supervision show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..queries import listings
from .views import Choice, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingsPage(Page):
    """The board. ``new_href``: where another one is recorded, "" for who may not."""

    template: ClassVar[str] = "listings.html"
    lists: tuple[Choice, ...]
    rows: tuple[listings.ListingRow, ...]
    new_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPage(Page):
    template: ClassVar[str] = "listing.html"
    found: listings.ListingPage
    steps: tuple[Choice, ...] = ()
