"""What stands on the label of one drum or coil."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """``url`` is what the QR code says; ``printed`` the unit code in groups, its check character last."""

    url: str
    printed: str
    maker: str
    designation: str
    lot: str
    unit: int
    length_mm: int
    produced_on: date
