"""An alert as a reader sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ..errors import Text
from .answers import Standing
from .handling import Handling


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFinding:
    """What an authority found out about an alert from checks. ``by_name`` and ``event`` are told to authorities only."""

    result: str
    on: date
    region_name: Text | None
    by_name: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One alert: number ``n`` of the event at ``index``. It states what was recorded, and is no verdict; ``next_step`` is what
    can be done about it. ``event``: the id of an alert from checks that waits for a finding of the reader's, else "".
    ``counts``: of an alert about a test of supervision, whether its result is final (`reports.what_counts`).
    ``handling``: how it stands with the reader's authority, None for whoever handles none; ``may_handle``: the steps that the
    reader may record now."""

    index: int
    n: int
    rule: str
    title: Text
    explanation: Text
    detail: Text
    standing: Standing
    batch: str
    printed: str
    lot: str
    maker: str
    maker_name: str
    unit: int | None
    report: str | None
    recorded_at: datetime
    counts: Text | None = None
    next_step: Text | None = None
    finding: AlertFinding | None = None
    event: str = ""
    handling: Handling | None = None
    may_handle: tuple[str, ...] = ()
