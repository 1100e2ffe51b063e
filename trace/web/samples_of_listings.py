"""Invented pages of listed supervision; development and tests only. Nobody named here exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..errors import Text
from ..model.listings import LISTING_STEPS
from ..queries import listings
from ..queries.names import region_name
from ..queries.registry import PartyLink
from .case_lists import lists_of
from .directory import Directory
from .filled import fields_of, opened
from .forms_of_listings import NEW_LISTING
from .samples_in_common import AT, LONG, frame
from .views import Choice, Page, RecordPage
from .views_of_listings import ListingPage, ListingsPage
from .words import Language

_TODAY = AT.date()
_CITY, _COUNTY = PartyLink("0d", "模拟市市场监督管理局"), PartyLink("0e", "模拟市市场监督管理局示范区分局")


def samples_of_listings(language: Language) -> dict[str, Page]:
    late = listings.ListingRow(
        id="01", number="周市监督〔2026〕1号", name="五一路建材市场电线电缆", authority=_CITY, unit=_COUNTY, region="411602", region_name=region_name("411602"),
        place="五一路建材市场", party=None, listed_on=_TODAY - timedelta(days=40), due=_TODAY - timedelta(days=3), days_left=-3, escalated_to=_CITY,
        lifted_on=None, standing=listings.standing_of(-3), index=48_300,
    )  # fmt: skip
    lifted = replace(
        late, region="", place="", name=LONG, party=PartyLink("x", LONG), days_left=None, lifted_on=_TODAY, escalated_to=None,
        standing=listings.standing_of(None),
    )  # fmt: skip
    step = listings.ListingStepRow(
        event="01", step="extended", name=LISTING_STEPS["extended"], on=_TODAY, by=_CITY, text="商户较多。", due=_TODAY
    )  # fmt: skip
    board = ListingsPage(
        frame=frame(language, "/listings"), lists=lists_of("/listings"), rows=(late, lifted), new_href="/listings/new"
    )  # fmt: skip
    one = ListingPage(
        frame=frame(language, "/listings/01"),
        found=listings.ListingPage(row=late, event="01", reason="抽样不合格集中。", steps=(step,), next=()),
        steps=tuple(Choice(text, f"/listings/01/steps/{name}") for name, text in LISTING_STEPS.items()),
    )
    known = Directory.empty()
    return {
        "listings": board,
        "listings-none": replace(board, rows=(), new_href=""),
        "listing": one,
        "listing-lifted": replace(one, steps=(), found=replace(one.found, row=lifted, steps=())),
        "record-listing": RecordPage(
            frame=frame(language, "/listings/new"),
            title=NEW_LISTING.title,
            intro=NEW_LISTING.intro,
            about="",
            about_line=Text("", ""),
            about_href="/listings",
            action="/listings/new",
            fields=fields_of(NEW_LISTING, opened(NEW_LISTING, {}, known, AT), known),
            hidden={"id": "01"},
            button=NEW_LISTING.button,
            attaches=True,
        ),
    }
