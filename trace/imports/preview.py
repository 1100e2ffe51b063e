"""What a person looks at before a file is recorded: its first good rows as they were understood, and sums.

Whoever reads "0.5 km" where 500 m were meant must see it here, so a length is shown in metres, a party by its
registered name, a day as a day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..codes.unit_ranges import UnitRange, format_units
from ..model.indicators import INDICATORS
from ..model.values import party_id
from .rows import RowGroup, Said

#: Of each sheet so many good rows are shown.
FIRST_ROWS = 3
#: So many parties that are not known yet are named.
MOST_NAMES = 20

_INDICATORS = {each.name: each.title.zh for each in INDICATORS}


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """A good row as it was understood. ``kind`` is that of its event; ``thing`` the lot, or the number of what it is
    about; ``goods`` drums, a designation or the first result; ``party`` who receives, supplies, or makes."""

    sheet: str
    row: int
    kind: str
    thing: str
    goods: str = ""
    length_mm: int | None = None
    day: str = ""
    party: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """``length_mm`` goes from the kind of event to the metres that the new ones of it state; ``new_parties`` are named
    for the first time, the first of them by name, ``new_party_count`` of them in all."""

    rows: tuple[PreviewRow, ...] = ()
    length_mm: Mapping[str, int] = field(default_factory=dict)
    new_parties: tuple[str, ...] = ()
    new_party_count: int = 0


def preview(
    groups: Iterable[RowGroup], new: Iterable[Said], names: Mapping[str, str], sheets: Sequence[str]
) -> Preview:
    """Of the good ``groups`` and what would be ``new`` on the ledger; ``names`` are those of parties by id."""
    names = dict(names)
    shown: dict[str, list[PreviewRow]] = {sheet: [] for sheet in sheets}
    for group in groups:
        names |= {_introduced(said): said.draft["body"]["name"] for said in group.said if _is_party(said)}
        line = group.lines[0]
        of_sheet = shown[line.table.sheet]
        if len(of_sheet) < FIRST_ROWS:
            of_sheet.append(_row(line.table.sheet, line.number, group.said[-1], names))
    length_mm: Counter[str] = Counter()
    new_parties: dict[str, str] = {}
    for said in new:
        if _is_party(said):
            new_parties[_introduced(said)] = said.draft["body"]["name"]
        elif stated := _length_mm(said.draft["body"]):
            length_mm[said.draft["kind"]] += stated
    return Preview(
        rows=tuple(row for rows in shown.values() for row in rows),
        length_mm=dict(length_mm),
        new_parties=tuple(new_parties.values())[:MOST_NAMES],
        new_party_count=len(new_parties),
    )


def _is_party(said: Said) -> bool:
    return bool(said.draft["kind"] == "party")


def _introduced(said: Said) -> str:
    return party_id(said.draft["subject"]["party"])


def _row(sheet: str, number: int, said: Said, names: Mapping[str, str]) -> PreviewRow:
    draft, body = said.draft, said.draft["body"]
    other = body.get("to") or body.get("supplier") or body.get("contractor") or said.speaker
    return PreviewRow(
        sheet=sheet,
        row=number,
        kind=draft["kind"],
        thing=_thing(draft),
        goods=_goods(body),
        length_mm=_length_mm(body),
        day=draft.get("occurred_at", "")[:10],
        party=names.get(other, other),
    )


def _thing(draft: Mapping[str, Any]) -> str:
    """The number by which people know what this is about."""
    subject, body = draft["subject"], draft["body"]
    named = subject.get("product") or subject.get("project") or subject.get("certificate")
    if named is not None:
        return str(named["number"])
    number = body.get("report") or body.get("number") or body.get("delivery_note")
    lot = subject["batch"]["lot"] if isinstance(subject.get("batch"), Mapping) else None
    return " · ".join(str(part) for part in (lot, number) if part)


def _goods(body: Mapping[str, Any]) -> str:
    items = body.get("items", ())
    if items and "indicator" in items[0]:
        first = items[0]
        called = _INDICATORS.get(first["indicator"], first["indicator"])
        result = " ".join(str(part) for part in (called, first.get("value"), first.get("unit")) if part)
        return f"{result} …" if len(items) > 1 else result
    named = body.get("designation") or (items[0].get("designation") if items else None) or body.get("name")
    units = format_units(_ranges(body))
    return " · ".join(str(part) for part in (named, units and f"№ {units}") if part)


def _ranges(body: Mapping[str, Any]) -> list[UnitRange]:
    if "unit" in body and isinstance(body["unit"], int):
        return [UnitRange(body["unit"], body["unit"])]
    return [
        UnitRange(each["first"], each["last"]) if isinstance(each, Mapping) else UnitRange(*each)
        for each in body.get("units", ())
    ]


def _length_mm(body: Mapping[str, Any]) -> int | None:
    """What the event itself states: its length, that of its items, or what was measured."""
    if body.get("length_mm") is not None:
        return int(body["length_mm"])
    stated = [
        each["length_mm"]
        for each in (*body.get("items", ()), *body.get("measurements", ()))
        if each.get("length_mm") is not None
    ]
    return sum(stated) if stated else None
