"""How the invented city speaks: drafts whose ids follow from who says what, in stages, and where the metres are meanwhile."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Any

from ...model.values import business_id
from .companies import Company

Draft = dict[str, Any]


class Stage(IntEnum):
    """What of a block's lots is told before what: files are brought in between."""

    MAKING = 0
    TRADE = 1
    SITE = 2
    LABORATORY = 3
    AFTER = 4


@dataclass(frozen=True, slots=True)
class Said:
    """One draft and the company whose statement it is."""

    stage: Stage
    speaker: Company
    draft: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedAlert:
    """An alert that must be raised, and no other: as the register of alerts names it."""

    rule: str
    lot: str
    unit: int | None = None


def named(company: Company) -> str:
    """As drafts name it: by its credit code if it has one."""
    return company.uscc or company.id


def given(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def on_day(day: date) -> dict[str, str]:
    return {"occurred_at": f"{day}T00:00:00+08:00", "precision": "day"}


@dataclass(slots=True)
class Story:
    """What is said of one thing, in order. ``where`` counts millimetres by (state, region), with no book but this one."""

    key: tuple[str, ...]
    subject: dict[str, Any]
    said: list[Said] = field(default_factory=list)
    where: Counter[tuple[str, str]] = field(default_factory=Counter)
    alerts: list[ExpectedAlert] = field(default_factory=list)

    def say(
        self,
        stage: Stage,
        speaker: Company,
        kind: str,
        day: date | None,
        body: dict[str, Any],
        *,
        subject: dict[str, Any] | None = None,
        place: dict[str, str] | None = None,
        by: tuple[str, str] | None = None,
    ) -> Draft:
        draft: Draft = {
            "id": business_id("city", *self.key, kind, str(len(self.said))),
            "kind": kind,
            "subject": subject or self.subject,
            "body": body,
            **given(place=place, by=None if by is None else [{"role": by[0], "name": by[1]}]),
        }
        if day is not None:
            draft |= on_day(day)
        self.said.append(Said(stage, speaker, draft))
        return draft

    def correct(
        self, stage: Stage, speaker: Company, wrong: Draft, right: dict[str, Any], reason: str
    ) -> None:
        """That ``right`` should have been said as the body of what was."""
        kept: Draft = {
            name: wrong[name] for name in ("occurred_at", "precision", "place", "by") if name in wrong
        }
        draft: Draft = {
            "id": business_id("city", *self.key, "correction", str(len(self.said))),
            "kind": "correction",
            "subject": {"event": wrong["id"], "kind": wrong["kind"]},
            "body": {"reason": reason, "right": right},
            **kept,
        }
        self.said.append(Said(stage, speaker, draft))

    def move(self, length_mm: int, source: tuple[str, str], target: tuple[str, str]) -> None:
        self.where[source] -= length_mm
        self.where[target] += length_mm

    def whereabouts(self) -> dict[tuple[str, str], int]:
        return {at: mm for at, mm in sorted(self.where.items()) if mm}
