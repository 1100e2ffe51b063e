"""What the page that takes evidence is given, as `views` has it for all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from ..errors import Problem
from .views import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePage(Page):
    """``typed``: by the names of the fields. ``lot``: the batch's number, or the case's; ``batches``: what
    stands beside it. ``open_count``: how many events are open to the reader. ``id``: of
    the statement that is recorded, so that the same form sent twice is stated once."""

    template: ClassVar[str] = "evidence.html"
    here: str
    back_href: str
    lot: str
    batches: tuple[str, ...]
    open_count: int
    id: str
    is_of_case: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
