"""Leads, cases and terms as lines of a list, and the way between these lists."""

from __future__ import annotations

from ..errors import Text
from ..queries.cases import CaseRow, DeadlineRow, LeadRow
from .views import Choice, Entry


def lists_of(here: str) -> tuple[Choice, ...]:
    """The pages about what an authority works at, the one that is open chosen."""
    pages = (
        ("/due", Text("到期", "Due")),
        ("/leads", Text("线索", "Leads")),
        ("/cases", Text("案件", "Cases")),
        ("/requests", Text("协查", "Requests")),
        ("/programmes", Text("专项行动", "Programmes")),
        ("/listings", Text("挂牌督办", "Listed")),
    )
    return tuple(Choice(text, href, href == here) for href, text in pages)


def entry_of_lead(row: LeadRow) -> Entry:
    facts = [
        row.source,
        Text(f"{row.received_on} 收到", f"received on {row.received_on}"),
        _shortened(row.text),
    ]
    if row.unit is not None:
        facts.append(Text(f"交 {row.unit.name}", f"given to {row.unit.name}"))
    return Entry(
        title=row.number,
        href=f"/leads/{row.id}",
        facts=(*facts, *due_facts(row.next_due)),
        standing=row.standing,
    )


def entry_of_case(row: CaseRow) -> Entry:
    facts = [
        row.category_name,
        Text(f"{row.filed_on} 立案", f"filed on {row.filed_on}"),
        _shortened(row.text),
    ]
    return Entry(
        title=row.number,
        href=f"/cases/{row.id}",
        facts=(*facts, *due_facts(row.next_due)),
        standing=row.standing,
    )


def due_facts(row: DeadlineRow | None) -> tuple[Text, ...]:
    """The first open term in words; nothing where none is open."""
    if row is None:
        return ()
    word = row.standing.word
    return (Text(f"{row.title.zh}：{word.zh}", f"{row.title.en}: {word.en}"),)


def _shortened(said: str) -> Text:
    text = said if len(said) <= _SHOWN else said[: _SHOWN - 1] + "…"
    return Text(text, text)


_SHOWN = 60
