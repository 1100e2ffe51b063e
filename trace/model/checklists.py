"""Checklists 检查表 of inspections: versioned data (``checklists.csv``), each item with what it rests on and whether that was read.

A version is named by its list and the day from which it holds, such as ``maker/2023-05-05``: an inspection says which it used, so
that what was answered then stays readable when the list has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from ..errors import Text
from .packaged import packaged

#: The lists that there are, and where each is used.
CHECKLISTS: Mapping[str, Text] = {
    "maker": Text("生产企业检查表", "checklist for makers"),
    "distributor": Text("经营企业检查表", "checklist for dealers"),
    "site": Text("工地检查表", "checklist for building sites"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """``is_certain``: what it rests on was read; else it was recalled, and is to be looked up before it is quoted."""

    code: str
    text: Text
    ground: str
    is_certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    id: str
    title: Text
    items: tuple[Item, ...]

    def item(self, code: str) -> Item | None:
        return next((item for item in self.items if item.code == code), None)


def checklist_on(name: str, day: date) -> Checklist | None:
    """The version of a list that holds on a day; None before the first, and for a list that there is not."""
    in_force = [since for of, since in _lists() if of == name and since <= day]
    return _lists()[name, max(in_force)] if in_force else None


def newest_checklist(name: str) -> Checklist:
    """The newest version of one of `CHECKLISTS`."""
    return _lists()[name, max(since for of, since in _lists() if of == name)]


def checklist_called(id_: str) -> Checklist | None:
    return next((each for each in _lists().values() if each.id == id_), None)


@cache
def _lists() -> Mapping[tuple[str, date], Checklist]:
    found: dict[tuple[str, date], list[Item]] = {}
    for row in packaged("checklists.csv"):
        item = Item(
            code=row["item"],
            text=Text(row["text"], row["text_en"]),
            ground=row["ground"],
            is_certain=row["certainty"] == "seen",
        )
        found.setdefault((row["checklist"], date.fromisoformat(row["effective_from"])), []).append(item)
    return {
        (name, since): Checklist(id=f"{name}/{since}", title=CHECKLISTS[name], items=tuple(items))
        for (name, since), items in found.items()
    }
