"""What the page that takes evidence is given, as `views` has it for all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from ..clock import show_instant
from ..errors import Problem, Text
from ..queries.evidence import KeptCheckpoint
from .views import Page

#: What the form sends where the checkpoint that was pasted is meant.
PASTED = "pasted"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePage(Page):
    """``typed``: by the names of the fields. ``lot``: the batch's number, or the case's; ``batches``: what
    stands beside it. ``open_count``: how many events are open to the reader. ``id``: of
    the statement that is recorded, so that the same form sent twice is stated once. ``whole``: whether all histories lie in
    the reader's jurisdiction; ``checkpoints``: the earlier states of the ledger that can be chosen."""

    template: ClassVar[str] = "evidence.html"
    here: str
    back_href: str
    lot: str
    batches: tuple[str, ...]
    open_count: int
    id: str
    is_of_case: bool = False
    whole: bool = False
    checkpoints: tuple[KeptCheckpoint, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def as_of_choices(self) -> list[tuple[str, Text]]:
        kept = [
            (str(each.size), Text(f"{each.size:,} 条，至 {(at := show_instant(each.recorded_at))}", f"{each.size:,} entries, up to {at}"))
            for each in self.checkpoints
        ]  # fmt: skip
        return [*kept, (PASTED, Text("下面粘贴的那个", "the one that is pasted below"))]
