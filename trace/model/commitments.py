"""Texts of the quality commitment 质量承诺书: versioned data (``commitments.csv``). A version is named as those of checklists are, such as
``maker/2026-01-01``: who has signed one has signed that text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from ..errors import Text
from .packaged import packaged

#: For whom there is a text.
COMMITMENTS: Mapping[str, Text] = {
    "maker": Text("生产企业质量承诺书", "commitment of makers"),
    "distributor": Text("经营企业质量承诺书", "commitment of dealers"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentText:
    """``is_certain``: what it rests on was read; else it was recalled, and is to be looked up before it is quoted."""

    id: str
    of: str
    since: date
    text: Text
    ground: str
    is_certain: bool


def commitment_called(id_: str) -> CommitmentText | None:
    return next((each for each in _texts() if each.id == id_), None)


def all_commitments() -> tuple[CommitmentText, ...]:
    """Every version, the newest of each first."""
    return tuple(sorted(_texts(), key=lambda each: (each.of, each.since), reverse=True))


def newest_commitment(of: str) -> CommitmentText:
    """The newest version of one of `COMMITMENTS`."""
    return max((each for each in _texts() if each.of == of), key=lambda each: each.since)


@cache
def _texts() -> tuple[CommitmentText, ...]:
    return tuple(
        CommitmentText(
            id=f"{row['commitment']}/{row['effective_from']}",
            of=row["commitment"],
            since=date.fromisoformat(row["effective_from"]),
            text=Text(row["text"], row["text_en"]),
            ground=row["ground"],
            is_certain=row["certainty"] == "seen",
        )
        for row in packaged("commitments.csv")
    )
