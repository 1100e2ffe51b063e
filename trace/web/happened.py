"""A timeline: events as readings tell them, in the form in which pages print them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..blobs.content import TAKEN
from ..errors import Text
from ..model.parts import Document
from ..queries.timeline import Attachment as Open
from ..queries.timeline import Happening
from .views import Attachment, Event, Mark

#: Of an event whose correction concerns others: nothing leads there.
CORRECTED_UNSEEN = Text("已更正，更正后的内容不向您显示", "Corrected; what it says now is not shown to you")
_PICTURES = frozenset(each.name for each in TAKEN.values() if each.is_picture)


def timeline(
    happenings: Iterable[Happening], may_correct: Callable[[Happening], bool] = lambda _: False
) -> tuple[Event, ...]:
    """The events in the given order; a corrected one with its newest correction beside it, where that is shown.

    ``may_correct``: to which of them a way to correct them is shown.
    """
    shown = {each.index: each for each in happenings}
    return tuple(
        _event(
            each,
            shown.get(each.corrected_by or -1),
            f"/events/{each.event_id}/correct" if may_correct(each) else "",
        )
        for each in shown.values()
    )


def _event(each: Happening, correction: Happening | None = None, correct_href: str = "") -> Event:
    marks = [Mark(mark.rule, mark.title) for mark in each.marks]
    if each.is_corrected and each.corrected_by is None:
        marks.append(Mark("corrected", CORRECTED_UNSEEN, "unknown"))
    if each.late:
        marks.append(Mark("late", Text("补录", "Recorded late"), "unknown"))
    return Event(
        index=each.index,
        kind=each.kind,
        what=each.what,
        at=each.occurred_at,
        by_day=each.by_day,
        who=each.who,
        entered_by=each.entered_by,
        signed_with=each.signed_with,
        key_href=f"/parties/{each.party}#key-{each.signed_with}" if each.signed_with else "",
        place=each.place,
        persons=tuple(person.name for person in each.persons),
        marks=tuple(marks),
        href=f"/events/{each.event_id}",
        documents=attachments(each.documents),
        proof_href=f"/ledger?q={each.index}",
        correction=None if correction is None else _event(correction),
        is_struck=each.is_corrected and (correction is not None or each.corrected_by is None),
        correct_href=correct_href,
    )


def attachments(documents: Iterable[Open | Document]) -> tuple[Attachment, ...]:
    """Files that a reader may open, each with where."""
    return tuple(
        Attachment(
            sha256=document.sha256,
            name=document.name,
            href=f"/api/v1/blobs/{document.sha256}",
            size_bytes=document.size,
            is_picture=document.media_type in _PICTURES,
        )
        for document in documents
    )
