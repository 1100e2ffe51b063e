"""What the pages of samples are given, as `views` has it for all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..queries import samples
from .views import Choice, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplesPage(Page):
    """Samples, the newest first; ``states`` chooses which. ``penalties_href``: beside the queue of results to be published, that of penalties."""

    template: ClassVar[str] = "samples.html"
    states: tuple[Choice, ...]
    rows: tuple[samples.SampleRow, ...] = ()
    next_href: str = ""
    penalties_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePage(Page):
    """One sample; ``steps`` are the forms of what could come next, ``from_paper`` of what another side did on paper."""

    template: ClassVar[str] = "sample.html"
    found: samples.SamplePage
    steps: tuple[Choice, ...] = ()
    from_paper: tuple[Choice, ...] = ()
