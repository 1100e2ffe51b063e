"""What stands on the label of one drum or coil."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """``url`` is what the QR code says; ``printed`` the unit code in groups, its check character last.

    On a blank label 空白标签 stand these and the number of the unit alone. ``is_preview``: it says that it is one.
    """

    url: str
    printed: str
    unit: int
    maker: str = ""
    designation: str = ""
    lot: str = ""
    length_mm: int | None = None
    produced_on: date | None = None
    is_preview: bool = False
